//! What shows that a release is ready, and the exceptions from its gates.

use super::World;
use super::governance::{BOARD, GovernanceSheets};
use crate::error::Result;
use crate::generate::company::Release;
use crate::generate::dice::{Concern, Dice};
use crate::generate::timeline::{AS_OF, DAY, Zone, rfc3339};

/// The gates that releases are excepted from.
const EXCEPTED: [&str; 4] = [
    "readiness",
    "change_advisory_board",
    "rollback_criteria",
    "packaging_limits",
];

impl GovernanceSheets {
    /// Writes unit tests and coverage, some of them stale, and now and then an
    /// exception, of which some give no reason.
    pub(super) fn write_readiness(
        &mut self,
        world: &World,
        number: usize,
        release: &Release,
    ) -> Result<()> {
        let mut dice = Dice::at(world.company.seed, Concern::Readiness, number as u64);
        for (kind, permille) in [("unit_test", 950), ("coverage", 920)] {
            let at = release.planned - dice.between(1, 16) * DAY + dice.between(0, 300) * 60;
            if dice.chance(permille) {
                self.check(("release", &release.id), kind, at, &mut dice)?;
            }
        }
        self.write_exception(release, &mut dice)
    }

    fn write_exception(&mut self, release: &Release, dice: &mut Dice) -> Result<()> {
        let at = release.planned - dice.between(1, 4) * DAY;
        if !dice.chance(150) || at >= AS_OF {
            return Ok(());
        }
        let id = format!("DEC-{}", self.decisions.rows() + 1);
        let gate = dice.pick(&EXCEPTED);
        let decider = dice.pick(&BOARD);
        let is_explained = dice.chance(800);
        self.decisions.row(&[
            id.as_str(),
            "exception",
            "",
            &release.id,
            &rfc3339(at, Zone::Utc),
            decider,
            if is_explained {
                "The customer accepts it until the next release"
            } else {
                ""
            },
            "",
            gate,
        ])
    }
}

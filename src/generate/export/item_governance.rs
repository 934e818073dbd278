//! Approvals, evidence and decisions about items.

use super::World;
use super::governance::{BOARD, GovernanceSheets};
use crate::error::Result;
use crate::generate::dice::{Concern, Dice};
use crate::generate::item::{Item, ItemType, Move, Status};
use crate::generate::timeline::{AS_OF, HOUR, Zone, rfc3339};

/// Returns the id of the approval for an emergency, where there is one: some
/// emergencies were waved through without.
pub(super) fn emergency_approval(world: &World, item: &Item, change: &Move) -> Option<String> {
    let mut dice = Dice::at(
        world.company.seed,
        Concern::Governance,
        (1 << 40) + item.number,
    );
    let is_answered = item.kind == ItemType::Defect && item.number.is_multiple_of(2);
    let is_approved = change.is_emergency && (dice.chance(750) || is_answered);
    is_approved.then(|| format!("APR-E{}", item.number + 1))
}

impl GovernanceSheets {
    pub(super) fn write(&mut self, world: &World, item: &Item) -> Result<()> {
        let mut dice = Dice::at(world.company.seed, Concern::Governance, item.number);
        self.write_approvals(world, item, &mut dice)?;
        if let Some(built) = item.build.map(|build| build.to) {
            let at = world.company.timeline.after(built, dice.between(10, 300));
            let subject = ("item", item.key.as_str());
            if item.is_sensitive && item.is_tested {
                self.check(subject, "integration_test", at, &mut dice)?;
            }
            if item.is_sensitive && dice.chance(450) {
                self.check(subject, "security_scan", at + HOUR, &mut dice)?;
            }
            if dice.chance(60) {
                self.check(subject, "coverage", at + 2 * HOUR, &mut dice)?;
            }
        }
        self.write_decisions(world, item, &mut dice)
    }

    fn write_approvals(&mut self, world: &World, item: &Item, dice: &mut Dice) -> Result<()> {
        for change in item.moves.iter().filter(|m| m.at < AS_OF) {
            if let Some(id) = emergency_approval(world, item, change) {
                let subject = ("item", item.key.as_str(), "emergency_change");
                let times = (change.at - 600, change.at - 60);
                self.approve(&id, subject, times, (change.reason, ""), dice)?;
            }
        }
        let Some(committed) = item.first(Status::Committed) else {
            return Ok(());
        };
        let kind = match item.kind {
            ItemType::Compliance => ["audit", "legal"][dice.index(2)],
            _ if item.is_sensitive && dice.chance(350) => "security",
            ItemType::Feature if dice.chance(150) => "business_endorsement",
            _ => return Ok(()),
        };
        let asked = world
            .company
            .timeline
            .after(committed, dice.between(30, 600));
        let decided = world.company.timeline.after(asked, dice.between(60, 3_000));
        let id = format!("APR-I{}", item.number + 1);
        self.approve(
            &id,
            ("item", &item.key, kind),
            (asked, decided),
            ("", ""),
            dice,
        )
    }

    fn write_decisions(&mut self, world: &World, item: &Item, dice: &mut Dice) -> Result<()> {
        for change in item.moves.iter().filter(|m| m.at < AS_OF) {
            let (kind, permille) = match (change.from, change.to) {
                (Some(_), Some(_)) => ("deferral", 200),
                (None, _) if change.is_emergency && item.kind != ItemType::Hotfix => {
                    ("exception", 500)
                }
                (Some(_), None) => ("trade_off", 300),
                _ => ("acceleration", 5),
            };
            if !dice.chance(permille) {
                continue;
            }
            let id = format!("DEC-{}", self.decisions.rows() + 1);
            let alternative = if dice.chance(400) {
                "Ship without tests"
            } else {
                ""
            };
            // An exception is asked for before the deed.
            let at = match kind {
                "exception" => change.at - 120,
                _ => change.at,
            };
            self.decisions.row(&[
                id.as_str(),
                kind,
                &item.key,
                world.release_id(change.to.or(change.from)),
                &rfc3339(at, Zone::Utc),
                dice.pick(&BOARD),
                change.reason,
                alternative,
                "",
            ])?;
        }
        Ok(())
    }
}

//! Approvals, evidence and decisions; here those about releases.

use std::path::Path;

use super::{Form, Sheet, World, WrittenFile};
use crate::error::Result;
use crate::generate::company::Release;
use crate::generate::dice::{Concern, Dice};
use crate::generate::timeline::{AS_OF, DAY, HOUR, Wall, Zone, rfc3339};

const APPROVALS: Form = Form::plain(
    "exports/governance/approvals.csv",
    &[
        "approval_id",
        "subject_type",
        "subject_id",
        "kind",
        "decision",
        "requested_at",
        "decided_by",
        "decided_at",
        "rationale",
        "conditions",
        "evidence_url",
    ],
);
const EVIDENCE: Form = Form::plain(
    "exports/governance/evidence.csv",
    &[
        "evidence_id",
        "subject_type",
        "subject_id",
        "kind",
        "environment",
        "value",
        "threshold",
        "result",
        "checked_at",
        "evidence_url",
    ],
);
const DECISIONS: Form = Form::plain(
    "exports/governance/decisions.csv",
    &[
        "decision_id",
        "kind",
        "item_id",
        "release_id",
        "decided_at",
        "decided_by",
        "rationale",
        "alternatives",
        "gate",
    ],
);
pub(super) const BOARD: [&str; 4] = [
    "Margaret Hale",
    "Tomás Ribeiro",
    "Françoise Petit",
    "Ahmed Salah",
];

pub(super) struct GovernanceSheets {
    pub(super) approvals: Sheet,
    pub(super) evidence: Sheet,
    pub(super) decisions: Sheet,
}

impl GovernanceSheets {
    pub(super) fn create(folder: &Path, world: &World) -> Result<Self> {
        let mut sheets = Self {
            approvals: Sheet::create(folder, APPROVALS)?,
            evidence: Sheet::create(folder, EVIDENCE)?,
            decisions: Sheet::create(folder, DECISIONS)?,
        };
        for (number, release) in world.company.releases.iter().enumerate() {
            if world.deliveries.has_cargo(number) && !release.is_hotfix {
                sheets.write_release(world, number, release)?;
                sheets.write_readiness(world, number, release)?;
            }
        }
        Ok(sheets)
    }

    fn write_release(&mut self, world: &World, number: usize, release: &Release) -> Result<()> {
        let mut dice = Dice::at(
            world.company.seed,
            Concern::ReleaseGovernance,
            number as u64,
        );
        let asked = release.planned - 5 * DAY + 2 * HOUR;
        let decided = world
            .company
            .timeline
            .after(asked, dice.between(200, 1_000));
        let change = world.change_id(number);
        let subject = ("change", change.as_str(), "cab");
        let id = format!("APR-C{}", number + 1);
        let conditions = if dice.chance(150) {
            "Deploy with the owner on call"
        } else {
            ""
        };
        self.approve(&id, subject, (asked, decided), ("", conditions), &mut dice)?;
        if dice.chance(900) {
            let subject = ("release", release.id.as_str(), "release");
            let id = format!("APR-R{}", number + 1);
            let decided = decided + dice.between(5, 300) * 60;
            self.approve(&id, subject, (asked + HOUR, decided), ("", ""), &mut dice)?;
        }
        self.write_checks(release, &mut dice)
    }

    fn write_checks(&mut self, release: &Release, dice: &mut Dice) -> Result<()> {
        let has_test = release.has_integration_test;
        let has = [
            has_test,
            dice.chance(800),
            release.has_rehearsal,
            dice.chance(700),
        ];
        let kinds = [
            "integration_test",
            "security_scan",
            "rollback_rehearsal",
            "runbook",
        ];
        for (kind, _) in kinds.iter().zip(has).filter(|(_, has)| *has) {
            let at = release.planned - dice.between(5, 10) * DAY + dice.between(0, 300) * 60;
            self.check(("release", &release.id), kind, at, dice)?;
        }
        Ok(())
    }

    /// Writes an approval that was asked for before the export.
    pub(super) fn approve(
        &mut self,
        id: &str,
        subject: (&str, &str, &str),
        times: (Wall, Wall),
        words: (&str, &str),
        dice: &mut Dice,
    ) -> Result<()> {
        let (asked, decided) = times;
        if asked >= AS_OF {
            return Ok(());
        }
        let is_decided = decided < AS_OF;
        let decision = match is_decided {
            true if dice.chance(30) => "rejected",
            true => "approved",
            false => "pending",
        };
        self.approvals.row(&[
            id,
            subject.0,
            subject.1,
            subject.2,
            decision,
            &rfc3339(asked, Zone::Utc),
            if is_decided { dice.pick(&BOARD) } else { "" },
            &if is_decided {
                rfc3339(decided, Zone::Utc)
            } else {
                String::new()
            },
            words.0,
            words.1,
            "",
        ])
    }

    /// Writes what was checked before the export.
    pub(super) fn check(
        &mut self,
        subject: (&str, &str),
        kind: &str,
        at: Wall,
        dice: &mut Dice,
    ) -> Result<()> {
        if at >= AS_OF {
            return Ok(());
        }
        let id = format!("EV-{}", self.evidence.rows() + 1);
        let is_measured = kind.ends_with("test") || kind == "coverage";
        let value = dice.between(62, 100);
        let passes = if is_measured {
            value >= 70
        } else {
            !dice.chance(60)
        };
        self.evidence.row(&[
            id.as_str(),
            subject.0,
            subject.1,
            kind,
            if is_measured { "staging" } else { "" },
            &if is_measured {
                value.to_string()
            } else {
                String::new()
            },
            if is_measured { "70" } else { "" },
            if passes { "pass" } else { "fail" },
            &rfc3339(at, Zone::Utc),
            "",
        ])
    }

    pub(super) fn finish(self) -> Result<Vec<WrittenFile>> {
        Ok(vec![
            self.approvals.finish()?,
            self.evidence.finish()?,
            self.decisions.finish()?,
        ])
    }
}

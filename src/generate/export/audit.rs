//! What auditors and the risk desk keep in tools of their own: audits, threat
//! models, exceptions from gates, and risks that somebody accepted.

use std::path::Path;

use super::dependency::has_risk;
use super::governance::BOARD;
use super::{Form, Sheet, World, WrittenFile};
use crate::error::Result;
use crate::generate::dice::{Concern, Dice};
use crate::generate::item::Item;
use crate::generate::timeline::{AS_OF, DAY, HOUR, START, Wall, Zone, rfc3339};

const AUDITS: Form = Form::plain(
    "exports/audit/audits.csv",
    &["audit", "kind", "of", "subject", "result", "checked_at"],
);
const EXCEPTIONS: Form = Form::plain(
    "exports/audit/exceptions.csv",
    &[
        "exception",
        "subject_type",
        "subject_id",
        "kind",
        "gate",
        "decision",
        "decided_by",
        "decided_at",
        "rationale",
    ],
);
const GATES: [&str; 12] = [
    "change_request",
    "cmdb_relations",
    "unit_to_baseline",
    "configuration_audit",
    "plan_against_cmdb",
    "stage_maturity",
    "promotion_rules",
    "canary",
    "regulatory_signoff",
    "risk_register",
    "security_tests",
    "threat_models",
];
const RATIONALES: [&str; 4] = [
    "The regulator set the date",
    "Pilot for one customer, watched by hand",
    "Repaired in the release after",
    "",
];
/// Minutes of estimate from which people mostly think of modelling threats.
const MODELLED_FROM: i64 = 40 * 60;

pub(super) struct AuditSheets {
    audits: Sheet,
    exceptions: Sheet,
}

impl AuditSheets {
    /// Writes what is not about items: the rounds of the auditors, every quarter
    /// or so, and exceptions for whole releases.
    pub(super) fn create(folder: &Path, world: &World) -> Result<Self> {
        let mut sheets = Self {
            audits: Sheet::create(folder, AUDITS)?,
            exceptions: Sheet::create(folder, EXCEPTIONS)?,
        };
        for number in 0..world.company.systems.len() {
            sheets.write_rounds(world, number)?;
        }
        for number in 0..world.company.releases.len() {
            sheets.write_exception(world, number)?;
        }
        Ok(sheets)
    }

    fn write_rounds(&mut self, world: &World, number: usize) -> Result<()> {
        let mut dice = Dice::at(world.company.seed, Concern::Audit, number as u64);
        let mut at = START + dice.between(1, 60) * DAY;
        while at < AS_OF {
            if number % 3 == 1 && dice.chance(850) {
                let name = &world.company.systems[number].name;
                let result = if dice.chance(100) { "fail" } else { "pass" };
                self.check(("system", name), "configuration_audit", result, at)?;
            }
            at += dice.between(80, 130) * DAY;
        }
        Ok(())
    }

    fn write_exception(&mut self, world: &World, number: usize) -> Result<()> {
        let index = (1 << 40) + number as u64;
        let mut dice = Dice::at(world.company.seed, Concern::Audit, index);
        let release = &world.company.releases[number];
        let at = release.planned - 2 * DAY - dice.between(1, 8) * HOUR;
        if !world.deliveries.has_cargo(number) || !dice.chance(350) || at >= AS_OF {
            return Ok(());
        }
        let subject = ("release", release.id.as_str(), "waiver");
        let gate = dice.pick(&GATES);
        self.except(subject, gate, at, &mut dice)
    }

    /// Writes the threat model of a large item, and who accepted its risk.
    pub(super) fn write(&mut self, world: &World, item: &Item) -> Result<()> {
        let index = (1 << 41) + item.number;
        let mut dice = Dice::at(world.company.seed, Concern::Audit, index);
        let is_large = item
            .estimate
            .is_some_and(|minutes| minutes >= MODELLED_FROM);
        let permille = if is_large { 600 } else { 250 };
        if let Some(build) = item.build.filter(|_| dice.chance(permille)) {
            let result = if dice.chance(120) { "fail" } else { "pass" };
            let at = build.from + dice.between(1, 20) * HOUR;
            self.check(("item", &item.key), "threat_model", result, at)?;
        }
        if has_risk(world, item) && dice.chance(400) {
            let at = item.created + dice.between(10, 20) * DAY;
            let subject = ("item", item.key.as_str(), "risk_acceptance");
            self.except(subject, "", at, &mut dice)?;
        }
        Ok(())
    }

    fn check(&mut self, subject: (&str, &str), kind: &str, result: &str, at: Wall) -> Result<()> {
        if at >= AS_OF {
            return Ok(());
        }
        let id = format!("AUD-{}", self.audits.rows() + 1);
        let at = rfc3339(at, Zone::Utc);
        self.audits
            .row(&[id.as_str(), kind, subject.0, subject.1, result, &at])
    }

    fn except(
        &mut self,
        subject: (&str, &str, &str),
        gate: &str,
        at: Wall,
        dice: &mut Dice,
    ) -> Result<()> {
        if at >= AS_OF {
            return Ok(());
        }
        let id = format!("EXC-{}", self.exceptions.rows() + 1);
        self.exceptions.row(&[
            id.as_str(),
            subject.0,
            subject.1,
            subject.2,
            gate,
            "approved",
            dice.pick(&BOARD),
            &rfc3339(at, Zone::Utc),
            dice.pick(&RATIONALES),
        ])
    }

    pub(super) fn finish(self) -> Result<Vec<WrittenFile>> {
        Ok(vec![self.audits.finish()?, self.exceptions.finish()?])
    }
}

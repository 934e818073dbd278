//! What items wait for, risk, and promise.

use std::path::Path;

use super::{Form, Sheet, World, WrittenFile};
use crate::error::Result;
use crate::generate::dice::{Concern, Dice};
use crate::generate::item::{Item, Spell};
use crate::generate::timeline::{AS_OF, DAY, HOUR, WORKDAY, Wall, Zone, date, rfc3339};

const DEPENDENCIES: Form = Form::plain(
    "exports/planning/dependencies.csv",
    &[
        "item_id",
        "depends_on",
        "kind",
        "upstream_team",
        "raised_at",
        "needed_at",
        "resolved_at",
    ],
);
const RISKS: Form = Form::plain(
    "exports/planning/risks.csv",
    &[
        "risk_id",
        "item_id",
        "release_id",
        "description",
        "likelihood",
        "impact",
        "vulnerability",
        "mitigation",
        "owner",
        "status",
        "due_on",
        "raised_at",
    ],
);
const COMMITMENTS: Form = Form::plain(
    "exports/planning/commitments.csv",
    &[
        "commitment_id",
        "customer",
        "item_id",
        "release_id",
        "due_on",
        "clause",
        "account_manager",
        "legal_contact",
    ],
);
const UPSTREAM: [(&str, &str); 8] = [
    ("service", "single sign-on"),
    ("service", "e-mail relay"),
    ("data_platform", "vessel positions"),
    ("data_platform", "customer master"),
    ("vendor", "Kreditkort A/S"),
    ("vendor", "PortBase"),
    ("vendor", "三井データ"),
    ("service", "feature flags"),
];
const CUSTOMERS: [&str; 7] = [
    "Müller & Söhne Spedition",
    "Atlantic Reefer Ltd",
    "Compañía Marítima del Sur",
    "Nordhavn Logistics",
    "Hanjin Feeder",
    "O'Brien Cold Store",
    "شركة الميناء",
];
const FEARS: [&str; 6] = [
    "Vendor may end support early",
    "Migration takes longer than the window",
    "Key person is on leave",
    "Load test shows little headroom",
    "Contract clause is unclear",
    "Old clients may break",
];
const VULNERABILITIES: [&str; 3] = [
    "Tokens outlive the session",
    "The export holds more than it shows",
    "The partner's library is out of support",
];
/// Items of a thousand that have a risk.
const RISKY_PERMILLE: u64 = 40;
/// Every how many items two items wait for each other.
const CYCLE_EVERY: u64 = 120;

pub(super) struct PromiseSheets {
    dependencies: Sheet,
    risks: Sheet,
    commitments: Sheet,
}

impl PromiseSheets {
    pub(super) fn create(folder: &Path) -> Result<Self> {
        Ok(Self {
            dependencies: Sheet::create(folder, DEPENDENCIES)?,
            risks: Sheet::create(folder, RISKS)?,
            commitments: Sheet::create(folder, COMMITMENTS)?,
        })
    }

    pub(super) fn write(&mut self, world: &World, item: &Item) -> Result<()> {
        if item.number < world.company.regular {
            self.write_dependency(world, item)?;
        }
        self.write_risk(world, item)?;
        self.write_commitment(world, item)
    }

    fn write_dependency(&mut self, world: &World, item: &Item) -> Result<()> {
        let mut dice = Dice::at(world.company.seed, Concern::Dependency, item.number);
        let cycle = match item.number % CYCLE_EVERY {
            40 if item.number + 1 < world.company.regular => Some(item.number + 1),
            41 => Some(item.number - 1),
            _ => None,
        };
        let is_blocked = !item.spells.is_empty() && dice.chance(650);
        if cycle.is_none() && !is_blocked && !dice.chance(100) {
            return Ok(());
        }
        let (kind, depends_on, team) = draw_upstream(world, item, cycle, &mut dice);
        let Spell { from, to } = draw_span(world, item, &mut dice);
        if from >= AS_OF {
            return Ok(());
        }
        let needed = from + dice.between(2, 15) * DAY;
        let resolved = Some(to).filter(|at| *at < AS_OF);
        self.dependencies.row(&[
            item.key.as_str(),
            &depends_on,
            kind,
            team,
            &rfc3339(from, Zone::Utc),
            &rfc3339(needed, Zone::Utc),
            &resolved.map_or(String::new(), |at| rfc3339(at, Zone::Utc)),
        ])
    }

    fn write_risk(&mut self, world: &World, item: &Item) -> Result<()> {
        let mut dice = Dice::at(world.company.seed, Concern::Risk, item.number);
        if !dice.chance(RISKY_PERMILLE) {
            return Ok(());
        }
        let index = (1 << 42) + item.number;
        let mut audit = Dice::at(world.company.seed, Concern::Audit, index);
        let vulnerability = if audit.chance(400) {
            audit.pick(&VULNERABILITIES)
        } else {
            ""
        };
        let raised = (item.created + audit.between(1, 9) * DAY).min(AS_OF - HOUR);
        let due: Wall = item.created + dice.between(20, 120) * DAY;
        let statuses = if due < AS_OF {
            ["closed", "accepted", "closed"]
        } else {
            ["open", "mitigating", "open"]
        };
        let team = &world.company.teams[item.team];
        self.risks.row(&[
            format!("RSK-{}", item.number + 1).as_str(),
            &item.key,
            world.release_id(item.release_at(AS_OF)),
            dice.pick(&FEARS),
            &dice.between(1, 5).to_string(),
            &dice.between(1, 5).to_string(),
            vulnerability,
            if dice.chance(600) {
                "Rehearse, and keep the old way for a month"
            } else {
                ""
            },
            dice.pick(&team.people),
            dice.pick(&statuses),
            &date(due),
            &rfc3339(raised, Zone::Utc),
        ])
    }

    fn write_commitment(&mut self, world: &World, item: &Item) -> Result<()> {
        let mut dice = Dice::at(world.company.seed, Concern::Commitment, item.number);
        let Some(release) = item.release.filter(|_| dice.chance(25)) else {
            return Ok(());
        };
        let planned = world.company.releases[release].planned;
        self.commitments.row(&[
            format!("CTR-{}", item.number + 1).as_str(),
            dice.pick(&CUSTOMERS),
            &item.key,
            world.release_id(item.release_at(AS_OF)),
            &date(planned + dice.between(-10, 45) * DAY),
            &format!("§ {}.{}", dice.between(2, 12), dice.between(1, 6)),
            dice.pick(&["Ellen Marsh", "Jürgen Voß", "Pilar Gómez"]),
            dice.pick(&["Dr. A. Stone", "Legal desk", ""]),
        ])
    }

    pub(super) fn finish(self) -> Result<Vec<WrittenFile>> {
        Ok(vec![
            self.dependencies.finish()?,
            self.risks.finish()?,
            self.commitments.finish()?,
        ])
    }
}

/// Returns whether the register holds a risk of the item.
pub(super) fn has_risk(world: &World, item: &Item) -> bool {
    Dice::at(world.company.seed, Concern::Risk, item.number).chance(RISKY_PERMILLE)
}

/// Returns kind, name and team of what the item waits for.
fn draw_upstream<'a>(
    world: &'a World,
    item: &Item,
    cycle: Option<u64>,
    dice: &mut Dice,
) -> (&'static str, String, &'a str) {
    let company = &world.company;
    let last = company.regular - 1;
    let near = (item.number + dice.below(43)).saturating_sub(30).min(last);
    let is_item = dice.chance(600) && near != item.number;
    let is_deleted = dice.chance(12);
    match cycle.or(is_item.then_some(near)) {
        Some(_) if cycle.is_none() && is_deleted => ("item", "LEGACY-88".to_owned(), ""),
        Some(other) => {
            let team = &company.teams[company.team_of(other)].name;
            ("item", company.key_of(other), team)
        }
        None => {
            let (kind, name) = dice.pick(&UPSTREAM);
            (kind, name.to_owned(), "")
        }
    }
}

/// A blocked spell is a dependency that was met late.
fn draw_span(world: &World, item: &Item, dice: &mut Dice) -> Spell {
    item.spells.first().copied().unwrap_or_else(|| {
        let last = item.steps.last().map_or(item.created, |step| step.at);
        let from = last.min(item.created + 20 * DAY);
        let length = dice.between(WORKDAY, 20 * WORKDAY);
        Spell {
            from,
            to: world.company.timeline.after(from, length),
        }
    })
}

//! The configuration database, and when environments can be had.

use std::path::Path;

use super::{Form, Sheet, World, WrittenFile};
use crate::error::Result;
use crate::generate::dice::{Concern, Dice};
use crate::generate::timeline::{AS_OF, DAY, HOUR, START, Zone, rfc3339};

const ITEMS: Form = Form::plain(
    "exports/cmdb/config-items.csv",
    &[
        "ci_id",
        "name",
        "ci_class",
        "system",
        "environment",
        "owner_team",
        "is_regulated",
        "version",
        "baseline_id",
        "is_version_controlled",
    ],
);
const RELATIONS: Form = Form::plain(
    "exports/cmdb/ci-relations.csv",
    &["parent_ci_id", "child_ci_id", "relation"],
);
const WINDOWS: Form = Form::plain(
    "exports/cmdb/environment-windows.csv",
    &["environment", "kind", "release_id", "starts_at", "ends_at"],
);
/// The four parts of every system, in the order of their numbers.
const PARTS: [(&str, &str); 4] = [
    ("", "service"),
    ("-db", "database"),
    ("-queue", "queue"),
    ("-cache", "cache"),
];

/// Writes configuration items, their relations, and environment windows.
pub(super) fn write_catalog(folder: &Path, world: &World) -> Result<Vec<WrittenFile>> {
    let mut dice = Dice::at(world.company.seed, Concern::Configuration, 0);
    let mut items = Sheet::create(folder, ITEMS)?;
    let mut relations = Sheet::create(folder, RELATIONS)?;
    for number in 0..world.company.systems.len() {
        write_system(world, number, &mut items, &mut dice)?;
        for part in 1..PARTS.len() {
            relations.row(&[
                component_id(number, 0),
                component_id(number, part),
                "uses".to_owned(),
            ])?;
        }
        if number == 3 {
            // The archive was switched off, and its relation forgotten.
            let relation = "depends_on".to_owned();
            relations.row(&[component_id(number, 0), "CI-9001".to_owned(), relation])?;
        }
        let other = dice.index(world.company.systems.len());
        if other != number {
            let relation = "depends_on".to_owned();
            relations.row(&[component_id(number, 0), component_id(other, 0), relation])?;
        }
    }
    let windows = write_windows(folder, world)?;
    Ok(vec![items.finish()?, relations.finish()?, windows])
}

fn component_id(system: usize, part: usize) -> String {
    format!("CI-{:04}", system * PARTS.len() + part + 1)
}

fn write_system(world: &World, number: usize, items: &mut Sheet, dice: &mut Dice) -> Result<()> {
    let system = &world.company.systems[number];
    let owner = world.company.teams[system.team].name.as_str();
    let yes = |is_so: bool| if is_so { "yes" } else { "no" };
    for (part, (suffix, class)) in PARTS.iter().enumerate() {
        let is_owned = !dice.chance(40);
        let version = format!("{}.{}", dice.between(1, 9), dice.between(0, 30));
        let baseline = if dice.chance(850) {
            format!("BL-{}", number / 4 + 1)
        } else {
            String::new()
        };
        let controlled = yes(dice.chance(930));
        items.row(&[
            component_id(number, part).as_str(),
            &format!("{}{suffix}", system.name),
            class,
            &system.name,
            "prod",
            if is_owned { owner } else { "" },
            if number == 3 {
                ""
            } else {
                yes(number % 3 == 1)
            },
            &version,
            &baseline,
            if number == 3 && part == 1 {
                ""
            } else {
                controlled
            },
        ])?;
    }
    Ok(())
}

/// Each scheduled release books staging from its freeze to its date.
fn write_windows(folder: &Path, world: &World) -> Result<WrittenFile> {
    let mut dice = Dice::at(world.company.seed, Concern::Environment, 0);
    let mut outages = Dice::at(world.company.seed, Concern::Outage, 0);
    let mut sheet = Sheet::create(folder, WINDOWS)?;
    let mut window = |environment: &str, kind: &str, release: &str, starts, ends| {
        let (starts, ends) = (rfc3339(starts, Zone::Utc), rfc3339(ends, Zone::Utc));
        sheet.row(&[environment, kind, release, &starts, &ends])
    };
    for environment in ["test", "staging", "prod"] {
        window(environment, "available", "", START, AS_OF + 180 * DAY)?;
    }
    let end = AS_OF + 60 * DAY;
    for release in &world.company.releases {
        if release.is_hotfix || release.planned > end {
            continue;
        }
        let starts = release.planned - 9 * DAY - release.train as i64 * 60;
        window(
            "staging",
            "booked",
            &release.id,
            starts,
            release.planned - DAY,
        )?;
        if dice.chance(80) {
            let outage = starts + dice.between(1, 90) * HOUR;
            let ends = outage + dice.between(1, 8) * HOUR;
            window(dice.pick(&["test", "staging"]), "outage", "", outage, ends)?;
        }
        if outages.chance(40) {
            let outage = release.planned - outages.between(1, 3) * HOUR;
            window("prod", "outage", "", outage, outage + 9 * HOUR)?;
        }
    }
    sheet.finish()
}

//! Releases and requests for change.

use std::path::Path;

use super::{Form, Sheet, World, WrittenFile};
use crate::error::Result;
use crate::generate::dice::{Concern, Dice};
use crate::generate::timeline::{AS_OF, DAY, HOUR, Wall, Zone, day_first, rfc3339};

const RELEASES: Form = Form::plain(
    "exports/planning/releases.csv",
    &[
        "release_id",
        "name",
        "version",
        "system",
        "criticality",
        "planned_at",
        "freeze_at",
        "released_at",
        "status",
        "is_public",
        "summary",
    ],
);
const CHANGES: Form = Form {
    separator: b';',
    is_windows_1252: true,
    has_crlf: true,
    ..Form::plain(
        "exports/servicedesk/changes.csv",
        &[
            "Change No",
            "Release",
            "CI",
            "State",
            "Risk",
            "Implementation plan",
            "Backout plan",
            "Window start",
            "Window end",
            "Requested",
            "Approved",
            "Closed",
            "Requested by",
            "",
        ],
    )
};
const REQUESTERS: [&str; 4] = ["Søren Kjær", "Jürg Müller", "Zoë Laurent", "Beth Lowry"];

/// Writes releases and changes.
pub(super) fn write_releases(folder: &Path, world: &World) -> Result<Vec<WrittenFile>> {
    let mut releases = Sheet::create(folder, RELEASES)?;
    let mut changes = Sheet::create(folder, CHANGES)?;
    for number in 0..world.company.releases.len() {
        write_release(world, number, &mut releases)?;
        write_change(world, number, &mut changes)?;
    }
    Ok(vec![releases.finish()?, changes.finish()?])
}

fn write_release(world: &World, number: usize, sheet: &mut Sheet) -> Result<()> {
    let release = &world.company.releases[number];
    let index = (1 << 40) + number as u64;
    let mut dice = Dice::at(world.company.seed, Concern::ReleaseGovernance, index);
    let released = world.deliveries.released_at(number);
    let moment = |at: Option<Wall>| at.map_or("NULL".to_owned(), |at| rfc3339(at, Zone::Utc));
    sheet.row(&[
        release.id.as_str(),
        &release.name,
        &release.version,
        &world.company.systems[release.system].name,
        ["low", "medium", "high", "critical"][(release.train * 7 + 1) % 4],
        &moment(Some(release.planned)),
        &moment(Some(release.freeze).filter(|_| !release.is_hotfix)),
        &moment(released),
        status_of(world, number),
        if release.is_hotfix { "no" } else { "yes" },
        match dice.weighted(&[60, 20, 20]) {
            0 => "NULL",
            1 => "Fewer clicks, and \"quiet\" notifications",
            _ => "Small improvements; see the notes",
        },
    ])
}

fn status_of(world: &World, number: usize) -> &'static str {
    let release = &world.company.releases[number];
    if world.deliveries.released_at(number).is_some() {
        "released"
    } else if !world.deliveries.has_cargo(number) && release.planned < AS_OF {
        // Nothing came aboard.
        "cancelled"
    } else if release.freeze < AS_OF {
        "in_progress"
    } else {
        "planned"
    }
}

/// Real change exports have one row per configuration item, an unnamed last
/// column, and an old code page.
fn write_change(world: &World, number: usize, sheet: &mut Sheet) -> Result<()> {
    let release = &world.company.releases[number];
    let index = (1 << 41) + number as u64;
    let mut dice = Dice::at(world.company.seed, Concern::ReleaseGovernance, index);
    let days = dice.between(8, 12);
    let lead = if release.is_hotfix {
        2 * HOUR
    } else {
        days * DAY
    };
    let asked = release.planned - lead;
    if asked >= AS_OF {
        return Ok(());
    }
    let mut audit = Dice::at(
        world.company.seed,
        Concern::Audit,
        (1 << 45) + number as u64,
    );
    let lag = [-lead / 3, 8 * HOUR][usize::from(audit.chance(50))];
    let approved = Some(release.planned + lag).filter(|at| *at < AS_OF);
    let is_recorded = !audit.chance(30);
    let released = world.deliveries.released_at(number);
    let closed = released.map(|at| at + dice.between(1, 30) * HOUR);
    let closed = closed.filter(|at| *at < AS_OF);
    let state = match (approved, closed) {
        (_, Some(_)) => "closed",
        (Some(_), None) => "approved",
        (None, None) => "requested",
    };
    let moment = |at: Option<Wall>| at.map_or(String::new(), |at| day_first(at, '-'));
    let rows = if release.is_hotfix {
        1
    } else {
        world.deliveries.slots
    };
    let plans = ["missing", "draft", "approved"];
    let risk = ["low", "medium", "high"][dice.weighted(&[50, 35, 15])];
    let plan = plans[dice.weighted(&[2, 8, 90])];
    let requester = dice.pick(&REQUESTERS);
    for row in 0..rows {
        sheet.row(&[
            world.change_id(number).as_str(),
            &release.id,
            &format!("CI-{:04}", (release.system + row) * 4 + 1),
            state,
            risk,
            plan,
            plans[release.backout_plan],
            &moment(Some(release.planned)),
            &moment(Some(release.planned + 6 * HOUR)),
            &moment(Some(asked)),
            &moment(approved.filter(|_| is_recorded)),
            &moment(closed),
            requester,
            "",
        ])?;
    }
    Ok(())
}

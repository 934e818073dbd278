//! Bookings that another booking or an outage is in the way of, and when they would fit.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use chrono_tz::Tz;

use super::MOST_ROWS;
use crate::error::Result;
use crate::lake::Rows;
use crate::report::format;
use crate::report::marts::Marts;
use crate::report::page::{Cell, DataTable};
use crate::report::part::Part;

pub(super) fn part(marts: &Marts, zone: Tz) -> Result<Part> {
    let rows = marts.rows("environment_conflicts")?;
    let finding = match marts.missing(&["environment_windows"]) {
        Some(missing) => missing,
        None => finding(&rows)?,
    };
    Ok(Part {
        id: "bookings",
        title: "Who has to move",
        finding,
        about: "Of two bookings that overlap, the later one has to move, and so has a booking within an outage. It would fit at the next start from which it is free for as long as it was booked, within the times that the environment is available where those are known. Each date is found as if all others stayed.".to_owned(),
        figures: Vec::new(),
        tables: vec![
            table(&rows, zone, "Ahead: bookings that have to move, the next first", true)?,
            table(&rows, zone, "Past: bookings that were in one another's way, the latest first", false)?,
        ],
        definitions: Part::defined_by(&["environment_conflicts"]),
    })
}

fn finding(rows: &Rows) -> Result<String> {
    let (mut ahead, mut placed) = (BTreeSet::new(), BTreeSet::new());
    let mut past = 0;
    for row in rows.indices() {
        if rows.boolean("is_ahead", row)? != Some(true) {
            past += 1;
            continue;
        }
        let environment = rows.text("environment", row)?.unwrap_or_default();
        let booking = (environment.to_owned(), rows.instant("starts_at", row)?);
        if rows.instant("proposed_starts_at", row)?.is_some() {
            placed.insert(booking.clone());
        }
        ahead.insert(booking);
    }
    let past = format!(
        "{} in the past",
        format::count(past, "conflict", "conflicts")
    );
    Ok(match ahead.len() {
        0 => format!("No booking ahead has to move; {past}."),
        all => format!(
            "{} to move, {} with a date that would work; {past}.",
            format::count(all, "booking ahead has", "bookings ahead have"),
            format::integer(placed.len())
        ),
    })
}

fn table(rows: &Rows, zone: Tz, caption: &str, is_ahead: bool) -> Result<DataTable> {
    let mut found = Vec::new();
    for row in rows.indices() {
        if (rows.boolean("is_ahead", row)? == Some(true)) != is_ahead {
            continue;
        }
        found.push((rows.instant("starts_at", row)?, cells(rows, row, zone)?));
    }
    if is_ahead {
        found.sort_by_key(|(at, _)| *at);
    } else {
        found.sort_by_key(|(at, _)| Reverse(*at));
    }
    Ok(DataTable::new(
        caption,
        &[
            "Booking",
            "Environment",
            "From",
            "To",
            "In its way",
            "Until",
            "#Days waited",
            "Would fit from",
            "To",
            "#Days later",
        ],
        found.into_iter().map(|(_, cells)| cells).collect(),
        MOST_ROWS,
    ))
}

fn cells(rows: &Rows, row: usize, zone: Tz) -> Result<Vec<Cell>> {
    let at = |column: &str| -> Result<Option<String>> {
        let instant = rows.instant(column, row)?;
        Ok(instant.map(|instant| format::instant(instant, zone)))
    };
    let release = |name: &str, id: &str| -> Result<Option<String>> {
        let name = rows.text(name, row)?;
        Ok(name.or(rows.text(id, row)?).map(str::to_owned))
    };
    let booking = release("release_name", "release_id")?;
    let blocker = match rows.text("blocker_kind", row)? {
        Some("outage") => "outage".to_owned(),
        _ => release("blocker_release_name", "blocker_release_id")?
            .unwrap_or_else(|| "a booking of no release".to_owned()),
    };
    let is_ahead = rows.boolean("is_ahead", row)? == Some(true);
    let fits = at("proposed_starts_at")?;
    let fits = match (fits, is_ahead) {
        (Some(fits), _) => Cell::text(fits),
        (None, true) => Cell::text("no time that is free for so long"),
        (None, false) => Cell::maybe(None),
    };
    Ok(vec![
        Cell::text(booking.unwrap_or_else(|| "of no release".to_owned())),
        Cell::maybe(rows.text("environment", row)?),
        Cell::maybe(at("starts_at")?.as_deref()),
        Cell::maybe(at("ends_at")?.as_deref()),
        Cell::text(blocker),
        Cell::maybe(at("blocker_ends_at")?.as_deref()),
        Cell::number(rows.number("waited_days", row)?, format::number),
        fits,
        Cell::maybe(at("proposed_ends_at")?.as_deref()),
        Cell::number(rows.number("moved_days", row)?, format::number),
    ])
}

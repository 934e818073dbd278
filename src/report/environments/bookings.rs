//! Bookings that another booking or an outage is in the way of, and when they would fit.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
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
        about: "Of two bookings that overlap, the later one has to move, and so has a booking within an outage. It would fit at the next start from which it is free for as long as it was booked, within the times that the environment is available where those are known. Of those that could have the same time, the booking that starts first has it.".to_owned(),
        figures: Vec::new(),
        tables: vec![
            table(&rows, zone, "Ahead: bookings that have to move, the next first", true)?,
            table(&rows, zone, "Past: bookings that were in one another's way, the latest first", false)?,
        ],
        definitions: Part::defined_by(&["environment_conflicts"]),
    })
}

/// What is said of the bookings that have to move.
#[derive(Default)]
struct Moves {
    /// Not begun, by environment and start; whether a time of its own is proposed, and
    /// whether that comes before its release's planned date is over.
    ahead: BTreeMap<(String, Option<DateTime<Utc>>), Proposal>,
    begun: BTreeSet<(String, Option<DateTime<Utc>>)>,
    past: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Proposal {
    InTime,
    AfterPlan,
    Taken,
    None,
}

fn proposal(rows: &Rows, row: usize) -> Result<Proposal> {
    let is = |column: &str| -> Result<bool> { Ok(rows.boolean(column, row)? == Some(true)) };
    Ok(match rows.instant("proposed_starts_at", row)? {
        None => Proposal::None,
        Some(_) if is("is_taken")? => Proposal::Taken,
        Some(_) if is("is_after_plan")? => Proposal::AfterPlan,
        Some(_) => Proposal::InTime,
    })
}

fn finding(rows: &Rows) -> Result<String> {
    let mut moves = Moves::default();
    for row in rows.indices() {
        if rows.boolean("is_ahead", row)? != Some(true) {
            moves.past += 1;
            continue;
        }
        let environment = rows.owned_text("environment", row)?;
        let booking = (environment, rows.instant("starts_at", row)?);
        if rows.boolean("has_begun", row)? == Some(true) {
            moves.begun.insert(booking);
        } else {
            moves.ahead.insert(booking, proposal(rows, row)?);
        }
    }
    Ok(moves.sentence())
}

impl Moves {
    fn sentence(&self) -> String {
        let past = format::count(self.past, "conflict is", "conflicts are");
        let begun = match self.begun.len() {
            0 => String::new(),
            count => format!(
                "{} begun in another's time, ",
                format::count(count, "more has", "more have")
            ),
        };
        if self.ahead.is_empty() {
            return format!("No booking ahead has to move; {begun}{past} past.");
        }
        let of = |wanted: &[Proposal]| {
            let these = self.ahead.values().filter(|one| wanted.contains(one));
            format::integer(these.count())
        };
        format!(
            "{} to move: {} with a free time before its release is planned, {} with one only after that, {} without one of its own; {begun}{past} past.",
            format::count(self.ahead.len(), "booking ahead has", "bookings ahead have"),
            of(&[Proposal::InTime]),
            of(&[Proposal::AfterPlan]),
            of(&[Proposal::Taken, Proposal::None]),
        )
    }
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
            "#Overlap",
            "Would fit from",
            "To",
            "#Days later",
        ],
        found.into_iter().map(|(_, cells)| cells).collect(),
        MOST_ROWS,
    ))
}

/// Writes how long two bookings overlap in its largest unit: `1 min`, `3.5 hours`.
fn span_cell(seconds: Option<f64>) -> Cell {
    Cell::number(seconds, |seconds| match seconds {
        minutes if minutes < 3_600.0 => {
            let minutes = format::number((minutes / 60.0).round());
            format!("{minutes} min")
        }
        hours if hours < 86_400.0 => format::hours(hours / 3_600.0),
        days => format::days(days / 86_400.0),
    })
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
    let begun = rows.boolean("has_begun", row)? == Some(true);
    let fits = at("proposed_starts_at")?;
    let proposal = proposal(rows, row)?;
    let fits = match (fits, proposal, is_ahead) {
        (_, Proposal::Taken, _) => Cell::text("no time of its own")
            .noted(Some("an earlier booking that has to move is to have it")),
        (Some(fits), Proposal::AfterPlan, _) => {
            Cell::text(fits).noted(Some("after its release's planned date"))
        }
        (Some(fits), ..) => Cell::text(fits),
        (None, _, true) if begun => Cell::text("has begun"),
        (None, _, true) => Cell::text("no time that is free for so long"),
        (None, _, false) => Cell::maybe(None),
    };
    let shown = |value: Option<f64>| value.filter(|_| proposal != Proposal::Taken);
    let until = at("proposed_ends_at")?.filter(|_| proposal != Proposal::Taken);
    Ok(vec![
        Cell::text(booking.unwrap_or_else(|| "of no release".to_owned())),
        Cell::maybe(rows.text("environment", row)?),
        Cell::maybe(at("starts_at")?.as_deref()).noted((is_ahead && begun).then_some("has begun")),
        Cell::maybe(at("ends_at")?.as_deref()),
        Cell::text(blocker),
        Cell::maybe(at("blocker_ends_at")?.as_deref()),
        span_cell(rows.number("overlap_seconds", row)?),
        fits,
        Cell::maybe(until.as_deref()),
        Cell::number(shown(rows.number("moved_days", row)?), format::number),
    ])
}

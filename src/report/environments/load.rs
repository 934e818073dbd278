//! Releases in flight in the pipelines, time in the queue against that, and whose run
//! goes first.

use chrono_tz::Tz;

use super::MOST_ROWS;
use crate::error::Result;
use crate::lake::Rows;
use crate::report::format;
use crate::report::marts::Marts;
use crate::report::page::{Cell, DataTable, Tag};
use crate::report::part::Part;

/// The load that stands for all from it on.
const LAST_LOAD: i64 = 10;

pub(super) fn part(marts: &Marts) -> Result<Part> {
    let loads = marts.rows("queue_by_load")?;
    let days = marts.rows("pipeline_load")?;
    let finding = match marts.missing(&["pipeline_runs"]) {
        Some(missing) => missing,
        None => finding(&loads)?,
    };
    Ok(Part {
        id: "load",
        title: "How many releases at once",
        finding,
        about: "A release is in flight on a day on which one of its runs was queued, waiting or running; a run for an item belongs to the release of the item. The limit is the load from which on the median time in the queue is more than twice that of the lowest load, in every load of at least 5 runs.".to_owned(),
        figures: Vec::new(),
        tables: vec![load_table(&loads)?, day_table(&days)?],
        definitions: Part::defined_by(&["queue_by_load", "pipeline_load"]),
    })
}

fn finding(loads: &Rows) -> Result<String> {
    let mut known = 0;
    let mut base = None;
    for row in loads.indices() {
        known += loads.integer("queue_count", row)?.unwrap_or(0);
        if loads.boolean("is_base", row)? == Some(true) {
            base = loads.number("median_queue_minutes", row)?;
        }
    }
    let Some(base) = base else {
        return Ok(format!(
            "{} with a known time in the queue: too few to suggest a limit.",
            format::count(known, "run", "runs")
        ));
    };
    for row in loads.indices() {
        if loads.boolean("is_limit", row)? == Some(true) {
            let load = loads.integer("load", row)?.unwrap_or(0);
            let queue = loads.number("median_queue_minutes", row)?.unwrap_or(0.0);
            return Ok(format!(
                "From {} in flight on, runs wait more than twice as long: {} minutes in the median against {}.",
                format::count(load, "release", "releases"),
                format::number(queue),
                format::number(base)
            ));
        }
    }
    Ok(format!(
        "The data suggests no limit: the time in the queue does not double with more releases in flight ({} minutes in the median at the lowest load).",
        format::number(base)
    ))
}

fn load_table(loads: &Rows) -> Result<DataTable> {
    let mut rows = Vec::new();
    for row in loads.indices() {
        let load = loads.integer("load", row)?.unwrap_or(0);
        let is_few = loads.boolean("is_few", row)? == Some(true);
        let count = |column: &str| -> Result<Cell> {
            Ok(Cell::integer(loads.integer(column, row)?.unwrap_or(0)))
        };
        let minutes = |column: &str| -> Result<Cell> {
            let value = loads.number(column, row)?.filter(|_| !is_few);
            Ok(Cell::number(value, format::number).noted(is_few.then_some("too few")))
        };
        let mut name = Cell::integer(load);
        if load == LAST_LOAD {
            name = name.noted(Some("and more"));
        }
        let mut verdict = Cell::text("");
        if loads.boolean("is_limit", row)? == Some(true) {
            verdict.tag = Some(Tag::new("warn", "limit"));
        } else if loads.boolean("is_base", row)? == Some(true) {
            verdict = Cell::text("compared with");
        } else if loads.boolean("is_over_twice", row)? == Some(true) {
            verdict = Cell::text("over twice");
        }
        rows.push(vec![
            name,
            count("day_count")?,
            count("run_count")?,
            count("queue_count")?,
            minutes("median_queue_minutes")?,
            minutes("p85_queue_minutes")?,
            verdict,
        ]);
    }
    Ok(DataTable::new(
        "Time in the queue by releases in flight",
        &[
            "#Releases in flight",
            "#Days",
            "#Runs",
            "#With a known queue",
            "#Median minutes",
            "#85th percentile",
            "Reading",
        ],
        rows,
        MOST_ROWS,
    ))
}

/// The days, the latest first.
fn day_table(days: &Rows) -> Result<DataTable> {
    let mut rows = Vec::new();
    for row in days.indices().rev() {
        let day = days.date("day", row)?;
        let count = |column: &str| -> Result<Cell> {
            Ok(Cell::integer(days.integer(column, row)?.unwrap_or(0)))
        };
        let minutes = |column: &str| -> Result<Cell> {
            Ok(Cell::number(days.number(column, row)?, format::number))
        };
        rows.push(vec![
            Cell::maybe(day.map(format::date).as_deref()),
            Cell::maybe(days.text("iso_week", row)?),
            count("release_count")?,
            count("run_count")?,
            count("unassigned_count")?,
            minutes("median_queue_minutes")?,
            minutes("longest_queue_minutes")?,
        ]);
    }
    Ok(DataTable::new(
        "Releases in flight day by day, the latest first",
        &[
            "Day",
            "Week",
            "#Releases in flight",
            "#Runs",
            "#Of no release",
            "#Median minutes",
            "#Longest",
        ],
        rows,
        MOST_ROWS,
    ))
}

/// Whose run goes first.
pub(super) fn queue_part(marts: &Marts, zone: Tz) -> Result<Part> {
    let queue = marts.rows("pipeline_queue")?;
    let finding = match marts.missing(&["pipeline_runs"]) {
        Some(missing) => missing,
        None if queue.is_empty() => "No run waits.".to_owned(),
        None => format!("{}.", format::count(queue.len(), "run waits", "runs wait")),
    };
    Ok(Part {
        id: "queue",
        title: "Whose run goes first",
        finding,
        about: "Hotfixes first, then the release whose planned date is nearest, then what has waited longest. A run waits that was queued before the as-of and starts after it.".to_owned(),
        figures: Vec::new(),
        tables: vec![queue_table(&queue, zone)?],
        definitions: Part::defined_by(&["pipeline_queue"]),
    })
}

fn queue_table(queue: &Rows, zone: Tz) -> Result<DataTable> {
    let mut found = Vec::new();
    for row in queue.indices() {
        let planned = queue.instant("planned_at", row)?;
        let planned = planned.map(|at| format::instant(at, zone));
        let release = queue.text("release_name", row)?;
        let hotfix = queue.boolean("is_hotfix", row)? == Some(true);
        let position = queue.integer("queue_position", row)?.unwrap_or(0);
        let cells = vec![
            Cell::maybe(queue.text("run_id", row)?),
            Cell::integer(position),
            Cell::maybe(queue.text("pipeline", row)?).noted(queue.text("stage", row)?),
            Cell::maybe(queue.text("team", row)?),
            Cell::maybe(queue.text("item_id", row)?).noted(hotfix.then_some("hotfix")),
            Cell::maybe(release.or(queue.text("release_id", row)?)),
            Cell::maybe(planned.as_deref()),
            Cell::number(queue.number("waiting_minutes", row)?, format::number),
        ];
        found.push((position, cells));
    }
    found.sort_by_key(|(position, _)| *position);
    Ok(DataTable::new(
        "Runs that wait, in the order in which they should go",
        &[
            "Run",
            "#Place",
            "Pipeline",
            "Team",
            "Item",
            "Release",
            "Planned",
            "#Minutes waited",
        ],
        found.into_iter().map(|(_, cells)| cells).collect(),
        MOST_ROWS,
    ))
}

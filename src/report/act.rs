//! What to act on: open items past their pace, and the dates of the next two weeks.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::figures;
use super::format;
use super::gates::{self, Verdicts};
use super::marts::Marts;
use super::page::{Cell, DataTable};
use crate::config::Config;
use crate::error::Result;
use crate::lake::Rows;

/// How many items the page lists; the JSON has all.
const MOST_ITEMS: usize = 50;

/// How far ahead the dates go.
const HORIZON: TimeDelta = TimeDelta::days(14);

/// Committed items older than 85 % of finished ones were when they left the stage,
/// the furthest past first.
pub(super) fn act_first(aging: &Rows) -> Result<DataTable> {
    let mut past = Vec::new();
    for row in aging.indices() {
        let is_committed = aging.boolean("is_committed", row)?.unwrap_or(false);
        if is_committed && aging.boolean("is_past_p85", row)?.unwrap_or(false) {
            let percentile = aging.number("pace_percentile", row)?.unwrap_or(0.0);
            let days = aging.number("pace_days", row)?.unwrap_or(0.0);
            past.push((percentile, days, row));
        }
    }
    past.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.total_cmp(&a.1)));
    let rows = past
        .iter()
        .map(|(_, _, row)| act_row(aging, *row))
        .collect::<Result<Vec<_>>>()?;
    Ok(DataTable::new(
        "Committed items that at the as-of are older than 85% of finished items were when they left the same stage",
        &[
            "Item",
            "Stage",
            "#Days since commitment",
            "#Pace percentile",
            "Team",
            "Release",
            "Owner",
            "Waits for",
        ],
        rows,
        MOST_ITEMS,
    ))
}

fn act_row(aging: &Rows, row: usize) -> Result<Vec<Cell>> {
    let text = |column| -> Result<Cell> { Ok(Cell::maybe(aging.text(column, row)?)) };
    let days = |column| -> Result<Cell> {
        Ok(Cell::number(aging.number(column, row)?, format::whole_days))
    };
    let reason = aging.text("waits_for", row)?.unwrap_or("none");
    let waits_for = match (reason, aging.text("blocked_by", row)?) {
        ("none", _) => Cell::maybe(None),
        (reason, Some(blocker)) => Cell::text(format!("{reason}: {blocker}")),
        (reason, None) => Cell::text(reason),
    };
    Ok(vec![
        Cell::item(aging, row)?,
        text("stage")?,
        days("pace_days")?,
        Cell::number(aging.number("pace_percentile", row)?, format::ordinal),
        text("team")?,
        Cell::maybe(
            aging
                .text("release_name", row)?
                .or(aging.text("release_id", row)?),
        ),
        text("owner")?,
        waits_for,
    ])
}

/// Freezes, planned releases and open gates within two weeks of the as-of, in order.
pub(super) fn upcoming(
    marts: &Marts,
    config: &Config,
    pages: &BTreeMap<String, String>,
    verdicts: &Verdicts,
) -> Result<DataTable> {
    let releases = marts.rows("scope_volatility")?;
    let zone = config.project.time_zone;
    let mut dates: Vec<(DateTime<Utc>, usize, String)> = Vec::new();
    let mut places = BTreeMap::new();
    let is_ahead = |at: DateTime<Utc>| at >= marts.as_of && at <= marts.as_of + HORIZON;
    for row in releases.indices() {
        let id = releases.text("release_id", row)?.unwrap_or_default();
        places.insert(id.to_owned(), row);
        let is_over = matches!(
            releases.text("status", row)?,
            Some("released" | "cancelled")
        );
        for (column, what) in [
            ("freeze_at", "Scope freeze"),
            ("planned_at", "Planned release"),
        ] {
            if let Some(at) = releases
                .instant(column, row)?
                .filter(|at| !is_over && is_ahead(*at))
            {
                dates.push((at, row, what.to_owned()));
            }
        }
    }
    let due = gates::due_rows(verdicts, marts.as_of, marts.as_of + HORIZON);
    for (at, words, verdict) in due {
        let place = places.get(&verdict.release_id);
        dates.extend(place.map(|row| (at, *row, words)));
    }
    dates.sort();
    let rows = dates
        .iter()
        .map(|(at, row, what)| {
            let name = releases.text("release_name", *row)?;
            let id = releases.text("release_id", *row)?.unwrap_or_default();
            let page = pages.get(id);
            Ok(vec![
                Cell::text(format::instant(*at, zone)),
                Cell::text(what),
                Cell::maybe(name).within_if(page.cloned()),
                Cell::maybe(releases.text("system", *row)?),
                gates::verdict_cell(verdicts, id, page.map(String::as_str)),
                figures::gross_cell(&releases, *row)?,
            ])
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(DataTable::new(
        "Freezes, planned releases and open gates of the next 14 days, with the verdict of the gates and the scope change so far",
        &[
            "When",
            "What",
            "Release",
            "System",
            "Gates",
            "#Scope change since baseline",
        ],
        rows,
        MOST_ITEMS,
    ))
}

//! What was added to and removed from each release after its baseline.

use std::collections::BTreeMap;

use super::{Context, MOST_ROWS, count_of, few};
use crate::chart::{Frame, ScopeChange, ScopeRow, scope_change};
use crate::error::Result;
use crate::lake::Rows;
use crate::report::format;
use crate::report::page::{Cell, DataTable, Figure};

/// How many releases the chart shows.
const MOST_RELEASES: usize = 12;

/// The tables without which there is nothing to draw.
const FED_BY: &[&str] = &["releases"];

pub(super) fn figure(context: &Context<'_>) -> Result<Figure> {
    let releases = context.marts.rows("scope_volatility")?;
    let late = late_changes(&context.marts.rows("release_scope_moves")?)?;
    let mut shown = baselined(context, &releases)?;
    shown.truncate(MOST_RELEASES);
    let rows = shown
        .iter()
        .map(|row| scope_row(context, &releases, *row, &late))
        .collect::<Result<Vec<_>>>()?;
    let after_freeze: u64 = rows
        .iter()
        .map(|row| row.late_added_count + row.late_removed_count)
        .sum();
    let changes: u64 = rows
        .iter()
        .map(|row| row.added_count + row.removed_count)
        .sum();
    let mut is_frozen = true;
    for row in &shown {
        is_frozen &= releases.instant("freeze_at", *row)?.is_some();
    }
    let counted = format::count(changes, "scope change", "scope changes");
    let title = match (rows.len(), changes, after_freeze) {
        (0, ..) => "No release has reached its scope baseline in this period".to_owned(),
        (_, 0, _) => "No release has changed its scope since its baseline".to_owned(),
        (_, _, 0) if is_frozen => "All scope changes came before the freeze".to_owned(),
        (_, _, 0) => format!("{counted} since the baseline; not every release has a freeze"),
        (_, _, after) => format!("{after} of {counted} came after the freeze"),
    };
    let title = context.title("Scope changes", FED_BY, title);
    let subtitle = format!(
        "Items added and removed after the baseline ({} days before the freeze, or the first commitment where there is none), the latest {} with a baseline by the as-of",
        format::number(context.config.metrics.planning_window_days),
        format::count(rows.len(), "release", "releases"),
    );
    let missing = context.marts.missing(FED_BY);
    let frame = Frame::new("fig-scope", &title, &subtitle).empty(
        missing
            .as_deref()
            .unwrap_or("No release has reached its baseline."),
    );
    let table = shown
        .iter()
        .map(|row| table_row(context, &releases, *row))
        .collect::<Result<Vec<_>>>()?;
    Ok(Figure {
        id: "fig-scope".into(),
        svg: scope_change(&frame, &ScopeChange { rows, caption: "Items added and removed since the baseline".into() }),
        title,
        subtitle,
        how_to_read: "Right of the line, items added to a release after its baseline; left of it, items removed. The thin orange bars count those of either side that came after the scope freeze. Gross is (added + removed) / planned, net is (added − removed) / planned.".into(),
        table: DataTable::new(
            "Scope since the baseline, by release",
            &["Release", "Baseline", "#Planned", "#Added", "#Removed", "#Re-added", "#After freeze", "#Gross", "#Net", "#Resized", "#Delivered"],
            table,
            MOST_ROWS,
        ),
    })
}

/// Releases with a baseline by the as-of and something planned, the latest first.
fn baselined(context: &Context<'_>, releases: &Rows) -> Result<Vec<usize>> {
    let mut found = Vec::new();
    for row in releases.indices() {
        let baseline_at = releases.instant("baseline_at", row)?;
        let is_cancelled = releases.text("status", row)? == Some("cancelled");
        let Some(at) = baseline_at.filter(|at| *at <= context.marts.as_of) else {
            continue;
        };
        if !is_cancelled && releases.text("exclusion", row)?.is_none() {
            found.push((at, row));
        }
    }
    found.sort_unstable_by(|a, b| b.cmp(a));
    Ok(found.into_iter().map(|(_, row)| row).collect())
}

/// Returns how many changes came after the freeze by release, added and removed.
pub(super) fn late_changes(moves: &Rows) -> Result<BTreeMap<String, [u64; 2]>> {
    let mut late: BTreeMap<String, [u64; 2]> = BTreeMap::new();
    for row in moves.indices() {
        let is_late = moves.boolean("is_after_freeze", row)? == Some(true);
        let is_counted = moves.boolean("is_counted", row)? == Some(true);
        if let (true, Some(release)) = (is_late && is_counted, moves.text("release_id", row)?) {
            let is_addition = moves.text("action", row)? == Some("added");
            late.entry(release.to_owned()).or_default()[usize::from(!is_addition)] += 1;
        }
    }
    Ok(late)
}

fn scope_row(
    context: &Context<'_>,
    releases: &Rows,
    row: usize,
    late: &BTreeMap<String, [u64; 2]>,
) -> Result<ScopeRow> {
    let id = releases.text("release_id", row)?.unwrap_or_default();
    let [late_added_count, late_removed_count] = late.get(id).copied().unwrap_or_default();
    let count = |column| -> Result<u64> {
        let count = releases.integer(column, row)?.unwrap_or(0);
        Ok(u64::try_from(count).unwrap_or(0))
    };
    Ok(ScopeRow {
        name: releases.owned_text("release_name", row)?,
        planned_count: count("planned_count")?,
        added_count: count("added_count")?,
        removed_count: count("removed_count")?,
        late_added_count,
        late_removed_count,
        href: context.release_page(releases, row)?,
    })
}

fn table_row(context: &Context<'_>, releases: &Rows, row: usize) -> Result<Vec<Cell>> {
    let count =
        |column| -> Result<Cell> { Ok(Cell::integer(releases.integer(column, row)?.unwrap_or(0))) };
    let planned = count_of(releases, "planned_count", row)?;
    // Of fewer than five planned items, the counts beside it say all there is.
    let share = |column| -> Result<Cell> {
        let ratio = releases
            .number(column, row)?
            .filter(|_| few(planned).is_none());
        Ok(Cell::number(ratio, format::percent))
    };
    let baseline = releases.instant("baseline_at", row)?;
    Ok(vec![
        Cell::maybe(releases.text("release_name", row)?)
            .within_if(context.release_page(releases, row)?),
        Cell::text(baseline.map_or_else(
            || format::MISSING.to_owned(),
            |at| format::date(context.local(at).date()),
        )),
        count("planned_count")?,
        count("added_count")?,
        count("removed_count")?,
        count("readded_count")?,
        match releases.instant("freeze_at", row)? {
            Some(_) => count("after_freeze_count")?,
            None => Cell::maybe(None),
        },
        gross_cell(releases, row)?,
        share("net_ratio")?,
        share("resize_churn_ratio")?,
        delivered_cell(releases, row)?,
    ])
}

/// Writes what was added to and removed from a release of what was planned; of fewer
/// than five planned items as counts: `5 changes against 4 planned items`.
pub(in crate::report) fn gross_cell(releases: &Rows, row: usize) -> Result<Cell> {
    let planned = count_of(releases, "planned_count", row)?;
    let ratio = releases.number("gross_ratio", row)?;
    let changes =
        count_of(releases, "added_count", row)? + count_of(releases, "removed_count", row)?;
    Ok(Cell::number(ratio, |ratio| match few(planned) {
        None => format::percent(ratio),
        Some(_) => format!(
            "{} against {}",
            format::count(changes, "change", "changes"),
            format::count(planned, "planned item", "planned items")
        ),
    }))
}

/// Writes what share of the planned items a release delivered; one that is not
/// released has delivered nothing that could be compared.
fn delivered_cell(releases: &Rows, row: usize) -> Result<Cell> {
    let is_released = releases.instant("released_at", row)?.is_some()
        || releases.text("status", row)? == Some("released");
    if !is_released {
        return Ok(Cell::maybe(None));
    }
    let delivered = count_of(releases, "delivered_count", row)?;
    Ok(super::share_cell(
        delivered,
        count_of(releases, "planned_count", row)?,
    ))
}

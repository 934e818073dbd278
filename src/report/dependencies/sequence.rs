//! The order of open items, and what stands in its way: cycles, dates that come too
//! early, and what to escalate.

use crate::error::Result;
use crate::lake::Rows;
use crate::report::figures::Context;
use crate::report::format;
use crate::report::page::{Cell, DataTable};
use crate::report::sections::waits::kind_text;

/// How many rows a table of the page shows.
const MOST_ROWS: usize = 50;

/// How many characters of a cycle a table shows.
const MOST_CYCLE: usize = 600;

/// Rows with their place in the order, put into it.
fn in_order(mut rows: Vec<(i64, Vec<Cell>)>) -> Vec<Vec<Cell>> {
    rows.sort_by_key(|(position, _)| *position);
    rows.into_iter().map(|(_, cells)| cells).collect()
}

fn date(context: &Context<'_>, rows: &Rows, column: &str, row: usize) -> Result<Option<String>> {
    let at = rows.instant(column, row)?;
    Ok(at.map(|at| format::date(context.local(at).date())))
}

/// Returns the order of all open items.
pub(super) fn order_table(context: &Context<'_>) -> Result<DataTable> {
    let mart = context.marts.rows("delivery_sequence")?;
    let mut rows = Vec::new();
    for row in mart.indices() {
        let count = |column: &str| -> Result<i64> { Ok(mart.integer(column, row)?.unwrap_or(0)) };
        let lifted = mart.text("lifted_by", row)?;
        let lifted = lifted.map(|other| format!("for {other}"));
        let knot = mart.integer("knot", row)?;
        let knot = knot.map(|knot| format!("in knot {}", format::integer(knot)));
        let planned = date(context, &mart, "planned_at", row)?;
        let release = mart.text("release_name", row)?;
        let cells = vec![
            Cell::item(&mart, row)?,
            Cell::integer(count("position")?),
            Cell::number(mart.number("value", row)?, format::number).noted(lifted.as_deref()),
            Cell::maybe(mart.text("team", row)?),
            Cell::integer(count("wave")?).noted(knot.as_deref()),
            Cell::integer(count("blocked_by_count")?),
            Cell::integer(count("outside_count")?),
            Cell::integer(count("behind_count")?),
            Cell::maybe(release).noted(planned.as_deref()),
        ];
        rows.push((count("position")?, cells));
    }
    Ok(DataTable::new(
        "Open items in an order in which none stands before what it needs, value first",
        &[
            "Item",
            "#Place",
            "#Value",
            "Team",
            "#Wave",
            "#Needs items",
            "#Needs others",
            "#Waiting behind it",
            "Release",
        ],
        in_order(rows),
        MOST_ROWS,
    ))
}

/// Returns what is planned before what it needs, the most days first; what it needs
/// without a date comes last.
pub(super) fn too_early_table(context: &Context<'_>) -> Result<DataTable> {
    let mart = context.marts.rows("planned_too_early")?;
    let mut rows = Vec::new();
    for row in mart.indices() {
        let early = mart.number("early_days", row)?;
        let planned = date(context, &mart, "planned_at", row)?;
        let needs_planned = date(context, &mart, "needs_planned_at", row)?;
        let cells = vec![
            Cell::item(&mart, row)?,
            Cell::maybe(mart.text("team", row)?),
            Cell::maybe(mart.text("release_name", row)?).noted(planned.as_deref()),
            Cell::text(mart.text("needs_id", row)?.unwrap_or_default())
                .link(mart.text("needs_source_url", row)?)
                .noted(mart.text("needs_title", row)?),
            Cell::maybe(mart.text("needs_team", row)?),
            Cell::maybe(mart.text("needs_release_name", row)?)
                .noted(Some(needs_planned.as_deref().unwrap_or("no planned date"))),
            Cell::number(early, format::whole_days),
        ];
        rows.push((early.unwrap_or(-1.0), cells));
    }
    rows.sort_by(|a, b| b.0.total_cmp(&a.0));
    Ok(DataTable::new(
        "Items planned before what they need, the most days first",
        &[
            "Item",
            "Team",
            "Planned with",
            "Needs",
            "Its team",
            "Which comes with",
            "#Days too early",
        ],
        rows.into_iter().map(|(_, cells)| cells).collect(),
        MOST_ROWS,
    ))
}

/// Returns the cycles, spelled out.
pub(super) fn cycle_table(mart: &Rows) -> Result<DataTable> {
    let mut rows = Vec::new();
    for row in mart.indices() {
        let count = |column: &str| -> Result<i64> { Ok(mart.integer(column, row)?.unwrap_or(0)) };
        let members = mart.text("members", row)?.unwrap_or_default();
        let cells = vec![
            Cell::text(format::shorten(members, MOST_CYCLE)),
            Cell::integer(count("item_count")?),
            Cell::integer(count("knot")?),
            Cell::integer(count("knot_size")?),
        ];
        rows.push((count("cycle")?, cells));
    }
    Ok(DataTable::new(
        "Items that wait for themselves: A → B says that A needs B",
        &["Cycle", "#Items", "#Knot", "#Items of the knot"],
        in_order(rows),
        MOST_ROWS,
    ))
}

/// Returns what holds up open items, the most urgent first.
pub(super) fn escalation_table(mart: &Rows) -> Result<DataTable> {
    let mut rows = Vec::new();
    for row in mart.indices() {
        let count = |column: &str| -> Result<i64> { Ok(mart.integer(column, row)?.unwrap_or(0)) };
        let kind = mart.text("needs_kind", row)?;
        let named = match kind {
            Some("item") => mart.text("title", row)?.map(str::to_owned),
            Some("unknown_item") => Some("an item that no export has".to_owned()),
            other => kind_text(other.unwrap_or_default()),
        };
        let is_root = mart.boolean("is_root", row)? == Some(true);
        let words = if is_root { "here" } else { "waits itself" };
        let cells = vec![
            Cell::text(mart.text("needs_id", row)?.unwrap_or_default())
                .link(mart.text("source_url", row)?)
                .noted(named.as_deref()),
            Cell::maybe(mart.text("upstream", row)?),
            Cell::text(words),
            Cell::integer(count("overdue_count")?),
            Cell::integer(count("direct_count")?),
            Cell::integer(count("behind_count")?),
            Cell::number(mart.number("oldest_days", row)?, format::whole_days),
            Cell::number(mart.number("value_behind", row)?, format::number),
            Cell::maybe(mart.text("release_name", row)?),
        ];
        rows.push((count("position")?, cells));
    }
    Ok(DataTable::new(
        "What open items wait for, what to escalate first",
        &[
            "Waited for",
            "Of",
            "Escalate",
            "#Overdue",
            "#Items waiting",
            "#In all behind it",
            "#Oldest, days",
            "#Value waiting",
            "Release",
        ],
        in_order(rows),
        MOST_ROWS,
    ))
}

//! Why open items wait: counts by reason, and the items.

use super::{MOST_ROWS, Section, SectionTable};
use crate::error::Result;
use crate::lake::Rows;
use crate::report::figures::Context;
use crate::report::format;
use crate::report::page::{Cell, DataTable};

pub(super) fn section(context: &Context<'_>) -> Result<Section> {
    let reasons = context.marts.rows("aging_reasons")?;
    let aging = context.marts.rows("aging")?;
    let mut order: Vec<usize> = reasons.indices().collect();
    let mut places = Vec::new();
    for row in reasons.indices() {
        places.push(reasons.integer("reason_position", row)?.unwrap_or(0));
    }
    order.sort_by_key(|row| places[*row]);
    let rows = order.iter().map(|row| reason_row(&reasons, *row));
    let summary = DataTable::new(
        "Open items by the first reason that holds, at the as-of",
        &[
            "Reason",
            "#Items",
            "#Committed",
            "#Past the 85% pace",
            "#Median days since creation",
            "#Most days",
            "Oldest",
        ],
        rows.collect::<Result<_>>()?,
        MOST_ROWS,
    );
    let items = item_rows(&aging)?;
    let count = items.len();
    let list = DataTable::new(
        "Open items with the reason they wait for, the oldest first",
        &[
            "Item",
            "Reason",
            "Blocked by",
            "Stage",
            "#Days since creation",
            "Committed",
            "Team",
            "Owner",
        ],
        items,
        MOST_ROWS,
    );
    Ok(Section {
        id: "open-items-why",
        title: "Why open items wait",
        text: match context.marts.missing(&["items"]) {
            Some(missing) => missing,
            None => sentence(&reasons, count)?,
        },
        tables: vec![
            SectionTable::open("reasons", summary),
            SectionTable::folded(
                "open-items",
                format!("The {}", format::count(count, "open item", "open items")),
                list,
            ),
        ],
        definitions: Vec::new(),
    })
}

/// Names the greatest reason.
fn sentence(reasons: &Rows, count: usize) -> Result<String> {
    let mut greatest: Option<(i64, &str)> = None;
    let mut none = 0;
    for row in reasons.indices() {
        let items = reasons.integer("item_count", row)?.unwrap_or(0);
        let reason = reasons.text("waits_for", row)?.unwrap_or_default();
        match reason {
            "none" => none = items,
            _ if greatest.is_none_or(|(most, _)| items > most) => greatest = Some((items, reason)),
            _ => {}
        }
    }
    let all = format::count(count, "open item", "open items");
    Ok(match greatest.filter(|(items, _)| *items > 0) {
        Some((items, reason)) => format!(
            "Of {all}, {} no recorded reason. The most frequent reason: {} {} {reason}.",
            match none {
                1 => "1 has".to_owned(),
                none => format!("{} have", format::integer(none)),
            },
            format::integer(items),
            if items == 1 { "is" } else { "are" }
        ),
        None if count == 0 => "No item is open.".to_owned(),
        None => format!("None of {all} has a recorded reason to wait."),
    })
}

fn reason_row(reasons: &Rows, row: usize) -> Result<Vec<Cell>> {
    let count =
        |column| -> Result<Cell> { Ok(Cell::integer(reasons.integer(column, row)?.unwrap_or(0))) };
    let days = |column| -> Result<Cell> {
        Ok(Cell::number(
            reasons.number(column, row)?,
            format::whole_days,
        ))
    };
    Ok(vec![
        Cell::text(reason_text(reasons.text("waits_for", row)?)),
        count("item_count")?,
        count("committed_count")?,
        count("past_p85_count")?,
        days("median_age_days")?,
        days("oldest_age_days")?,
        Cell::maybe(reasons.text("oldest_item_id", row)?),
    ])
}

fn reason_text(reason: Option<&str>) -> &str {
    match reason {
        Some("none") | None => "no recorded reason",
        Some(reason) => reason,
    }
}

/// The open items; those of unknown age last.
fn item_rows(aging: &Rows) -> Result<Vec<Vec<Cell>>> {
    let mut items = Vec::new();
    for row in aging.indices() {
        let text = |column| -> Result<Cell> { Ok(Cell::maybe(aging.text(column, row)?)) };
        let age = aging.number("age_days", row)?;
        let is_committed = aging.boolean("is_committed", row)?.unwrap_or(false);
        let cells = vec![
            Cell::item(aging, row)?,
            Cell::text(reason_text(aging.text("waits_for", row)?)),
            text("blocked_by")?,
            text("stage")?,
            Cell::number(age, format::whole_days),
            Cell::text(if is_committed { "yes" } else { "no" }),
            text("team")?,
            text("owner")?,
        ];
        items.push((age.unwrap_or(-1.0), cells));
    }
    items.sort_by(|a, b| b.0.total_cmp(&a.0));
    Ok(items.into_iter().map(|item| item.1).collect())
}

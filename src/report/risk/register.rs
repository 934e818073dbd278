//! The register of risks, and the risk tiers of items.

use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::Tz;

use super::MOST_ROWS;
use crate::error::Result;
use crate::lake::Rows;
use crate::report::format;
use crate::report::marts::Marts;
use crate::report::page::{Cell, DataTable};
use crate::report::part::Part;

pub(super) fn part(marts: &Marts, zone: Tz) -> Result<Part> {
    let rows = marts.rows("risk_ages")?;
    let finding = match marts.missing(&["risks"]) {
        Some(missing) => missing,
        None => finding(&rows)?,
    };
    Ok(Part {
        id: "register",
        title: "Risk register",
        finding,
        about: "A risk is open until it is accepted or closed. Score is likelihood × impact, one to 25; a risk that shipped went out with its release without being closed. What the gate of the register says of each release is on the release's page of gates.".to_owned(),
        figures: Vec::new(),
        tables: vec![
            table(&rows, zone, "Open risks, the highest score first", true)?,
            table(&rows, zone, "Accepted and closed risks, the highest score first", false)?,
        ],
        definitions: Part::defined_by(&["risk_ages", "risk_heat_map", "risk_register"]),
    })
}

/// Counts each risk once, in however many releases it lies.
fn finding(rows: &Rows) -> Result<String> {
    let (mut open, mut bare, mut shipped, mut overdue) = (
        BTreeSet::new(),
        BTreeSet::new(),
        BTreeSet::new(),
        BTreeSet::new(),
    );
    for row in rows.indices() {
        let id = rows.owned_text("risk_id", row)?;
        if rows.boolean("is_shipped", row)? == Some(true) {
            shipped.insert(id.clone());
        }
        if rows.boolean("is_open", row)? != Some(true) {
            continue;
        }
        if rows.text("mitigation", row)?.is_none() {
            bare.insert(id.clone());
        }
        if rows
            .integer("overdue_days", row)?
            .is_some_and(|days| days > 0)
        {
            overdue.insert(id.clone());
        }
        open.insert(id);
    }
    if open.is_empty() {
        return Ok("No risk is open.".to_owned());
    }
    Ok(format!(
        "{}, {} without mitigation, {} past the due date; {} shipped unclosed.",
        format::count(open.len(), "risk is open", "risks are open"),
        format::integer(bare.len()),
        format::integer(overdue.len()),
        format::integer(shipped.len())
    ))
}

fn table(rows: &Rows, zone: Tz, caption: &str, is_open: bool) -> Result<DataTable> {
    let mut found = Vec::new();
    for row in rows.indices() {
        if (rows.boolean("is_open", row)? == Some(true)) == is_open {
            let score = rows.integer("score", row)?;
            found.push((score, cells(rows, row, zone)?));
        }
    }
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    let table = DataTable::new(
        caption,
        &[
            "Risk",
            "State",
            "#Score",
            "#Age, days",
            "Due",
            "Release",
            "Item",
            "Team",
            "What may happen",
            "Mitigation",
        ],
        found.into_iter().map(|(_, cells)| cells).collect(),
        MOST_ROWS,
    );
    Ok(table.without_empty_columns())
}

fn cells(rows: &Rows, row: usize, zone: Tz) -> Result<Vec<Cell>> {
    let text = |column| -> Result<Cell> { Ok(Cell::maybe(rows.text(column, row)?)) };
    let score = match rows.integer("score", row)? {
        Some(score) => Cell::integer(score),
        None => Cell::maybe(None).noted(Some("likelihood or impact unknown")),
    };
    let raised = rows.instant("raised_at", row)?;
    let raised = raised.map(|at| {
        let day = format::date(at.with_timezone(&zone).date_naive());
        format!("days, raised {day}")
    });
    let due = rows.date("due_on", row)?.map(format::date);
    let overdue = rows.integer("overdue_days", row)?.filter(|days| *days > 0);
    let overdue = overdue.map(|days| format!("{} days ago", format::integer(days)));
    let is_shipped = rows.boolean("is_shipped", row)? == Some(true);
    Ok(vec![
        text("risk_id")?,
        text("status")?.noted(is_shipped.then_some("shipped")),
        score,
        Cell::number(rows.number("age_days", row)?, format::whole_days).noted(raised.as_deref()),
        Cell::maybe(due.as_deref()).noted(overdue.as_deref()),
        text("release_id")?,
        text("item_id")?,
        text("team")?,
        text("description")?,
        text("mitigation")?,
    ])
}

/// The tiers, with what each must have.
pub(super) fn tiers(marts: &Marts) -> Result<Part> {
    let rows = marts.rows("risk_tiers")?;
    let mut cells = Vec::new();
    let mut open = BTreeMap::new();
    for row in rows.indices() {
        let tier = rows.owned_text("risk_tier", row)?;
        let count = rows.integer("open_count", row)?.unwrap_or(0);
        cells.push(vec![
            Cell::text(&tier),
            Cell::integer(count),
            Cell::integer(rows.integer("item_count", row)?.unwrap_or(0)),
            Cell::maybe(rows.text("must_have", row)?),
        ]);
        open.insert(tier, count);
    }
    let of = |tier: &str| open.get(tier).copied().unwrap_or(0);
    let finding = match marts.missing(&["items"]) {
        Some(missing) => missing,
        None => format!(
            "{} high risk; for {} more the tier is unknown.",
            format::count(of("high"), "open item is of", "open items are of"),
            format::integer(of("unknown"))
        ),
    };
    Ok(Part {
        id: "tiers",
        title: "Risk tiers",
        finding,
        about: "The tier is the worst of data sensitivity, user impact and regulation: special data or high impact make an item high. Where one of the two is not stated and the other does not make it high, the tier is unknown.".to_owned(),
        figures: Vec::new(),
        tables: vec![DataTable::new(
            "Items by risk tier, and what each tier must have",
            &["Tier", "#Open items", "#All items", "Must have"],
            cells,
            MOST_ROWS,
        )],
        definitions: Part::defined_by(&["risk_tiers", "item_risk_tiers"]),
    })
}

//! Open items that are too large, and what such items have cost here.

use super::{FEWEST, MOST_ROWS, Sources, count_cell, number_cell, text_cell};
use crate::error::Result;
use crate::lake::Rows;
use crate::report::format;
use crate::report::page::{Cell, DataTable};
use crate::report::part::Part;

/// The limits and their sides in the order of the table.
const LIMITS: [(&str, &str); 4] = [
    ("any", "Any limit"),
    ("size", "Size"),
    ("components", "Components"),
    ("dependencies", "Dependencies"),
];
const SIDES: [(&str, &str); 3] = [
    ("past", "past it"),
    ("within", "within it"),
    ("unknown", "unknown"),
];

pub(super) fn part(sources: &Sources<'_>) -> Result<Part> {
    let candidates = sources.marts.rows("split_candidates")?;
    let costs = sources.marts.rows("split_costs")?;
    let finding = match sources.marts.missing(&["items"]) {
        Some(missing) => missing,
        None => format!(
            "{} past a limit{}.",
            format::count(candidates.len(), "open item is", "open items are"),
            cost_words(&costs)?
        ),
    };
    Ok(Part {
        id: "split",
        title: "Items to split",
        finding,
        about: format!(
            "{} More than a limit is past it. What delivered items past a limit took stands against the others; the limit is no cause, and items of one deployment fail together.",
            limit_words(&sources.marts.settings("planning_limits")?)?
        ),
        figures: Vec::new(),
        tables: vec![candidate_table(&candidates)?, cost_table(&costs)?],
        definitions: Part::defined_by(&["split_candidates", "split_costs"]),
    })
}

fn limit_words(limits: &Rows) -> Result<String> {
    let limit = |column: &str| -> Result<String> {
        let value = limits.number(column, 0)?;
        Ok(value.map_or_else(|| format::MISSING.to_owned(), format::number))
    };
    Ok(format!(
        "Limits: {} story points or {} hours estimated, {} components, {} dependencies.",
        limit("max_story_points")?,
        limit("max_estimate_hours")?,
        limit("max_components")?,
        limit("max_dependencies")?
    ))
}

/// The row of a limit and a side, where there is one.
fn find(costs: &Rows, limit: &str, side: &str) -> Result<Option<usize>> {
    for row in costs.indices() {
        let is_limit = costs.text("limit_name", row)? == Some(limit);
        if is_limit && costs.text("side", row)? == Some(side) {
            return Ok(Some(row));
        }
    }
    Ok(None)
}

/// Says what the median item past a limit took, where both sides are many enough.
fn cost_words(costs: &Rows) -> Result<String> {
    let days = |side: &str| -> Result<Option<f64>> {
        let Some(row) = find(costs, "any", side)? else {
            return Ok(None);
        };
        let is_enough = costs.integer("cycle_count", row)? >= Some(FEWEST);
        Ok(costs
            .number("median_cycle_days", row)?
            .filter(|_| is_enough))
    };
    Ok(match (days("past")?, days("within")?) {
        (Some(past), Some(within)) => format!(
            "; delivered ones past a limit took {} in the median, others {}",
            format::days(past),
            format::days(within)
        ),
        _ => "; too few such items were delivered to say what they cost".to_owned(),
    })
}

fn candidate_table(rows: &Rows) -> Result<DataTable> {
    let mut found = Vec::new();
    for row in rows.indices() {
        let committed = rows.boolean("is_committed", row)? == Some(true);
        let cells = vec![
            Cell::item(rows, row)?,
            text_cell(rows, "team", row)?,
            text_cell(rows, "limit_words", row)?,
            number_cell(rows, "story_points", row)?,
            number_cell(rows, "estimate_hours", row)?,
            count_cell(rows, "component_count", row)?,
            count_cell(rows, "dependency_count", row)?,
            text_cell(rows, "stage", row)?.noted(committed.then_some("committed")),
            text_cell(rows, "release_name", row)?,
        ];
        let limits = rows.integer("limit_count", row)?.unwrap_or(0);
        found.push(((std::cmp::Reverse(limits), committed), cells));
    }
    found.sort_by_key(|(key, _)| *key);
    Ok(DataTable::new(
        "Open items past a limit, those past most limits and not committed to first",
        &[
            "Item",
            "Team",
            "Past",
            "#Points",
            "#Hours estimated",
            "#Components",
            "#Dependencies",
            "Stage",
            "Release",
        ],
        found.into_iter().map(|(_, cells)| cells).collect(),
        MOST_ROWS,
    ))
}

fn cost_table(costs: &Rows) -> Result<DataTable> {
    let mut rows = Vec::new();
    for (limit, name) in LIMITS {
        for (side, words) in SIDES {
            let Some(row) = find(costs, limit, side)? else {
                continue;
            };
            rows.push(vec![
                Cell::text(format!("{name}, {words}")),
                count_cell(costs, "item_count", row)?,
                resting(
                    costs,
                    row,
                    "median_cycle_days",
                    "cycle_count",
                    format::number,
                )?,
                resting(
                    costs,
                    row,
                    "median_overrun_ratio",
                    "estimate_count",
                    format::percent,
                )?,
                resting(costs, row, "failed_share", "outcome_count", format::percent)?,
            ]);
        }
    }
    Ok(DataTable::new(
        "What delivered items took, by limit and side",
        &[
            "Delivered items",
            "#Items",
            "#Median cycle days",
            "#Effort of estimate, median",
            "#Failed with their deployment",
        ],
        rows,
        MOST_ROWS,
    ))
}

/// A figure with the number that it rests on; below 5 it is not given.
fn resting(
    costs: &Rows,
    row: usize,
    column: &str,
    count: &str,
    write: impl Fn(f64) -> String,
) -> Result<Cell> {
    let n = costs.integer(count, row)?.unwrap_or(0);
    let note = format!("n = {}", format::integer(n));
    let value = costs.number(column, row)?.filter(|_| n >= FEWEST);
    Ok(Cell::number(value, write).noted(Some(&note)))
}

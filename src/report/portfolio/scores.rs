//! Open items by score, each score taken apart, and how far its rank hangs on a weight.

use std::collections::BTreeMap;

use super::{MOST_ROWS, Sources, count_cell, number_cell, text_cell};
use crate::error::Result;
use crate::lake::Rows;
use crate::report::format;
use crate::report::page::{Cell, DataTable};
use crate::report::part::Part;

/// The parts that add up: name and column.
const PARTS: [(&str, &str); 5] = [
    ("#Value", "business_value_part"),
    ("#Time", "time_criticality_part"),
    ("#Risk", "risk_exposure_part"),
    ("#Regulation", "regulatory_impact_part"),
    ("#Rules", "rules_part"),
];

/// The factors of RICE, and what accepted rules add to their product.
const FACTORS: [(&str, &str); 4] = [
    ("#Reach", "reach_factor"),
    ("#Impact", "impact_factor"),
    ("#Confidence", "confidence_factor"),
    ("#Rules", "rules_part"),
];

/// What a change of weights does to an item: its row in the mart.
type Moves = BTreeMap<String, usize>;

pub(super) fn part(sources: &Sources<'_>) -> Result<Part> {
    let scores = sources.marts.rows("item_scores")?;
    let moves = sources.marts.rows("score_sensitivity")?;
    let rules = sources.marts.settings("scoring")?;
    let formula = formula(&rules)?;
    Ok(Part {
        id: "scores",
        title: "What comes first",
        finding: match sources.marts.missing(&["items"]) {
            Some(missing) => missing,
            None => finding(&scores, &moves)?,
        },
        about: format!(
            "{formula} Each weight is taken 20 % lower and 20 % higher, one at a time: best and worst rank are those that come of it. What accepted rules add or take is added last. A score with a part that nobody knows is unknown, not lower."
        ),
        figures: Vec::new(),
        tables: vec![
            ranked(&scores, &moves)?,
            unknown(&scores)?,
            rule_points(&sources.marts.rows("item_rule_points")?)?,
        ],
        definitions: Part::defined_by(&["item_scores", "score_sensitivity", "item_rule_points"]),
    })
}

/// Says the formula in force.
fn formula(rules: &Rows) -> Result<String> {
    let mut parts = Vec::new();
    for row in rules.indices() {
        let part = rules.text("part", row)?.unwrap_or_default();
        let weight = rules.number("weight", row)?.unwrap_or(0.0);
        let changed = rules.text("changed_by", row)?;
        let changed = changed.map_or_else(String::new, |rule| format!(" (changed by rule {rule})"));
        parts.push(format!("{} × {weight}{changed}", part.replace('_', " ")));
    }
    if rules.is_empty() {
        return Ok(String::new());
    }
    let size = match rules.text("size", 0)? {
        Some("story_points") => ", divided by story points",
        Some("estimate_hours") => ", divided by the estimate in hours",
        _ => "",
    };
    Ok(match rules.text("preset", 0)? {
        Some("rice") => format!(
            "RICE: reach, impact and confidence multiplied, each to the power of its weight ({}){size}.",
            parts.join(", ")
        ),
        Some("wsjf") => format!("WSJF: {}{size}.", parts.join(" + ")),
        _ => format!("Score: {}{size}.", parts.join(" + ")),
    })
}

fn finding(scores: &Rows, moves: &Rows) -> Result<String> {
    let (mut top, mut stays) = (0, 0);
    for row in moves.indices() {
        top += i32::from(moves.boolean("is_top", row)? == Some(true));
        stays += i32::from(moves.boolean("stays_top", row)? == Some(true));
    }
    let known = format!(
        "{} of {} have a score",
        format::integer(moves.len()),
        format::count(scores.len(), "open item", "open items")
    );
    Ok(match top {
        0 => format!("{known}."),
        _ => format!(
            "{known}; of the {} at the top, {} stay there whatever weight is changed by 20 %.",
            format::integer(top),
            format::integer(stays)
        ),
    })
}

/// The columns of parts that some item has.
fn parts_of(scores: &Rows) -> Result<Vec<(&'static str, &'static str)>> {
    let mut shown = Vec::new();
    let is_rice = !scores.is_empty() && scores.text("preset", 0)? == Some("rice");
    let all: &[(&str, &str)] = if is_rice { &FACTORS } else { &PARTS };
    for part in all {
        for row in scores.indices() {
            if scores.number(part.1, row)?.is_some() {
                shown.push(*part);
                break;
            }
        }
    }
    Ok(shown)
}

fn ranked(scores: &Rows, moves: &Rows) -> Result<DataTable> {
    let mut by_item = Moves::new();
    for row in moves.indices() {
        let item = moves.text("item_id", row)?.unwrap_or_default();
        by_item.insert(item.to_owned(), row);
    }
    let parts = parts_of(scores)?;
    let mut found = Vec::new();
    for row in scores.indices() {
        let Some(rank) = scores.integer("score_rank", row)? else {
            continue;
        };
        let item = scores.text("item_id", row)?.unwrap_or_default();
        let mut cells = vec![
            Cell::item(scores, row)?,
            Cell::integer(rank),
            number_cell(scores, "score", row)?,
        ];
        for (_, column) in &parts {
            cells.push(number_cell(scores, column, row)?);
        }
        cells.push(number_cell(scores, "size", row)?);
        cells.extend(moved(moves, by_item.get(item).copied())?);
        cells.push(text_cell(scores, "team", row)?);
        cells.push(text_cell(scores, "release_name", row)?);
        found.push((rank, cells));
    }
    found.sort_by_key(|(rank, _)| *rank);
    let mut columns = vec!["Item", "#Rank", "#Score"];
    columns.extend(parts.iter().map(|(name, _)| *name));
    columns.extend([
        "#Size",
        "#Best rank",
        "#Worst rank",
        "At the top",
        "Team",
        "Release",
    ]);
    Ok(DataTable::new(
        "Open items by score, each with what makes it up, and how far its rank moves",
        &columns,
        found.into_iter().map(|(_, cells)| cells).collect(),
        MOST_ROWS,
    ))
}

/// Best and worst rank of an item, and whether it stays at the top.
fn moved(moves: &Rows, row: Option<usize>) -> Result<Vec<Cell>> {
    let Some(row) = row else {
        return Ok(vec![
            Cell::maybe(None),
            Cell::maybe(None),
            Cell::maybe(None),
        ]);
    };
    let flag = |column: &str| Ok(moves.boolean(column, row)? == Some(true));
    let words = match (flag("is_top")?, flag("stays_top")?, flag("may_be_top")?) {
        (true, true, _) => "always",
        (true, false, _) => "depends on a weight",
        (false, _, true) => "with another weight",
        (false, _, false) => "no",
    };
    let scenario = |column: &str| -> Result<Option<String>> {
        let text = moves.text(column, row)?.filter(|text| *text != "now");
        Ok(text.map(|text| format!("if {}", text.replace('_', " "))))
    };
    Ok(vec![
        count_cell(moves, "best_rank", row)?.noted(scenario("best_scenario")?.as_deref()),
        count_cell(moves, "worst_rank", row)?.noted(scenario("worst_scenario")?.as_deref()),
        Cell::text(words),
    ])
}

/// What accepted rules add to scores, item by item.
fn rule_points(points: &Rows) -> Result<DataTable> {
    let mut rows = Vec::new();
    for row in points.indices() {
        let is_matched = points.boolean("is_matched", row)?;
        if is_matched == Some(false) {
            continue;
        }
        let rule = points.owned_text("rule_id", row)?;
        rows.push(vec![
            text_cell(points, "item_id", row)?,
            Cell::text(rule.clone()).within(&format!("rules.html#rule-{rule}")),
            text_cell(points, "found_words", row)?,
            match is_matched {
                Some(_) => Cell::number(points.number("points", row)?, format::signed),
                None => Cell::text("unknown"),
            },
        ]);
    }
    Ok(DataTable::new(
        "What accepted rules add to scores or take from them",
        &["Item", "Rule", "The item has", "#Points"],
        rows,
        MOST_ROWS,
    ))
}

/// How many items have no score, by what nobody knows of them.
fn unknown(scores: &Rows) -> Result<DataTable> {
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    for row in scores.indices() {
        if let Some(parts) = scores.text("unknown_parts", row)? {
            *counts.entry(parts.to_owned()).or_default() += 1;
        }
    }
    let mut counts: Vec<(String, i64)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let rows = counts
        .into_iter()
        .map(|(parts, count)| vec![Cell::text(parts), Cell::integer(count)]);
    Ok(DataTable::new(
        "Open items without a score, by what nobody knows of them",
        &["Unknown", "#Items"],
        rows.collect(),
        MOST_ROWS,
    ))
}

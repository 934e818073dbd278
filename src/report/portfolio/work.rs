//! Where effort goes, quarter by quarter, beside how often changes fail; and what was
//! deferred or brought forward.

use super::{FEWEST, MOST_ROWS, Sources, count_cell, text_cell};
use crate::chart::{
    Frame, PartTone, SharePart, ShareRow, ShareScale, StackedShares, stacked_shares,
};
use crate::error::Result;
use crate::lake::Rows;
use crate::report::format;
use crate::report::page::{Cell, DataTable, Figure};
use crate::report::part::Part;

/// The kinds of work: name, column, colour.
const KINDS: [(&str, &str, PartTone); 6] = [
    ("features", "feature_share", PartTone::Active),
    ("defects", "defect_share", PartTone::Waiting),
    ("debt", "debt_share", PartTone::Shade),
    ("infrastructure", "infrastructure_share", PartTone::Shade),
    ("compliance", "compliance_share", PartTone::Shade),
    ("of no type", "untyped_share", PartTone::Shade),
];

pub(super) fn part(sources: &Sources<'_>) -> Result<Part> {
    let quarters = sources.marts.rows("stability_velocity")?;
    let decisions = sources.marts.rows("deferrals")?;
    let drawn = figure(sources, &quarters)?;
    let missing = sources.marts.missing(&["decisions"]);
    let deferred = match missing {
        Some(missing) => format!("Deferrals: {}", missing.to_lowercase()),
        None => deferral_words(&decisions)?,
    };
    Ok(Part {
        id: "stability",
        title: "Stability against velocity",
        finding: format!("{}. {deferred}", drawn.title),
        about: "Hours worked in the quarter by the type of their item, hotfixes among defects, beside the share of that quarter's production deployments that failed. That both move together is no proof that one moves the other.".to_owned(),
        figures: vec![drawn],
        tables: vec![deferrals(&decisions, sources)?],
        definitions: Part::defined_by(&["stability_velocity", "deferrals"]),
    })
}

/// The failure share of a quarter in words, and as a cell.
fn failures(rows: &Rows, row: usize) -> Result<(String, Cell)> {
    let count = rows.integer("deployment_count", row)?.unwrap_or(0);
    let share = rows.number("change_fail_share", row)?;
    Ok(match share {
        Some(_) if count < FEWEST => {
            let words = format::count(count, "deployment", "deployments");
            (
                format!("{words}: too few"),
                Cell::maybe(None).noted(Some("fewer than 5")),
            )
        }
        Some(share) => (
            format!("{} failed", format::percent(share)),
            Cell::number(Some(share), format::percent),
        ),
        None => ("failures unknown".to_owned(), Cell::maybe(None)),
    })
}

fn figure(sources: &Sources<'_>, rows: &Rows) -> Result<Figure> {
    let mut bars = Vec::new();
    let mut cells = Vec::new();
    let mut last = None;
    for row in rows.indices() {
        let quarter = rows.text("quarter", row)?.unwrap_or_default();
        let hours = rows.number("all_hours", row)?;
        let has_failures = rows.number("change_fail_share", row)?.is_some();
        if hours.is_none() && !has_failures {
            continue;
        }
        let partial = rows.boolean("is_partial", row)? == Some(true);
        let (words, failed) = failures(rows, row)?;
        let mut line = vec![
            Cell::text(quarter).noted(partial.then_some("not over")),
            Cell::number(hours, format::number),
        ];
        let mut values = Vec::new();
        for (_, column, _) in KINDS {
            let share = rows.number(column, row)?;
            values.push(share);
            line.push(Cell::number(share, format::percent));
        }
        line.push(count_cell(rows, "deployment_count", row)?);
        line.push(count_cell(rows, "failed_count", row)?);
        line.push(failed);
        cells.push(line);
        if hours.is_some() && quarter != "undated" {
            let feature = rows.number("feature_share", row)?.unwrap_or(0.0);
            if !partial {
                last = Some((quarter.to_owned(), feature, words.clone()));
            }
            bars.push(ShareRow {
                name: quarter.to_owned(),
                values,
                words,
                href: None,
                is_pale: partial,
            });
        }
    }
    let missing = sources.marts.missing(&["effort"]);
    let title = match (&missing, &last) {
        (Some(missing), _) => missing.trim_end_matches('.').to_owned(),
        (None, Some((quarter, feature, words))) => format!(
            "{} of the hours of {quarter} went to features; of its deployments, {words}",
            format::percent(*feature)
        ),
        (None, None) => "No hours are known of a whole quarter".to_owned(),
    };
    let subtitle = "Hours worked in each local quarter by the type of their item, and beside it the share of that quarter's production deployments that failed".to_owned();
    let frame = Frame::new("fig-stability", &title, &subtitle)
        .empty(missing.as_deref().unwrap_or("No hours are known."));
    let part = |(name, _, tone): &(&str, &str, PartTone)| SharePart {
        name: (*name).to_owned(),
        tone: *tone,
    };
    let drawing = StackedShares {
        parts: KINDS.iter().map(part).collect(),
        rows: bars,
        scale: ShareScale::OfRow,
        caption: "Share of the hours of the quarter".into(),
    };
    cells.reverse();
    Ok(Figure {
        id: "fig-stability".into(),
        svg: stacked_shares(&frame, &drawing),
        title,
        subtitle,
        how_to_read: "A bar is one quarter. What stands right of it is the change failure rate of the quarter; a quarter that is not over has none yet, and below 5 deployments it is not given. Hours without a day are in the table alone.".into(),
        table: DataTable::new(
            "Hours by kind of work and failed deployments, the latest quarter first",
            &[
                "Quarter", "#Hours", "#Features", "#Defects", "#Debt", "#Infrastructure",
                "#Compliance", "#Of no type", "#Deployments", "#Failed", "#Share failed",
            ],
            cells,
            MOST_ROWS,
        ),
    })
}

fn deferral_words(rows: &Rows) -> Result<String> {
    let mut without = 0;
    for row in rows.indices() {
        without += i32::from(rows.boolean("has_rationale", row)? == Some(false));
    }
    let all = format::count(
        rows.len(),
        "deferral or acceleration",
        "deferrals and accelerations",
    );
    Ok(match without {
        0 if rows.is_empty() => "Nothing was deferred or brought forward.".to_owned(),
        0 => format!("{all}, each with a reason."),
        _ => format!("{all}, {} without a reason.", format::integer(without)),
    })
}

fn deferrals(rows: &Rows, sources: &Sources<'_>) -> Result<DataTable> {
    let mut found = Vec::new();
    for row in rows.indices() {
        let at = rows.instant("decided_at", row)?;
        let at = at.map(|at| format::instant(at, sources.zone));
        let item = rows.text("item_id", row)?;
        let release = rows.text("release_name", row)?;
        let cells = vec![
            text_cell(rows, "decision_id", row)?,
            text_cell(rows, "kind", row)?,
            Cell::maybe(item)
                .link(rows.text("source_url", row)?)
                .noted(rows.text("title", row)?),
            text_cell(rows, "team", row)?,
            Cell::maybe(release.or(rows.text("release_id", row)?)),
            Cell::maybe(at.as_deref()),
            text_cell(rows, "decided_by", row)?,
            Cell::text(rows.text("rationale", row)?.unwrap_or("none given")),
            text_cell(rows, "alternatives", row)?,
        ];
        found.push((rows.integer("list_position", row)?, cells));
    }
    found.sort_by_key(|(position, _)| *position);
    Ok(DataTable::new(
        "What was deferred or brought forward, without a reason first, then the latest",
        &[
            "Decision",
            "Kind",
            "Item",
            "Team",
            "Release",
            "On",
            "By",
            "Reason",
            "Instead of",
        ],
        found.into_iter().map(|(_, cells)| cells).collect(),
        MOST_ROWS,
    ))
}

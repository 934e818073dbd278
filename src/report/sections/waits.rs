//! Who waits on whom: the edges that cost most, and every open dependency.

use super::{MOST_ROWS, Section, SectionTable};
use crate::error::Result;
use crate::lake::Rows;
use crate::report::figures::Context;
use crate::report::format;
use crate::report::page::{Cell, DataTable};

/// How many edges stand open on the page; the list behind has all.
const TOP_EDGES: usize = 5;

const EDGE_COLUMNS: [&str; 8] = [
    "Team",
    "Waits on",
    "#Open",
    "#Overdue",
    "#Days lost",
    "#Dependencies",
    "#Oldest open, days",
    "Oldest",
];

pub(super) fn section(context: &Context<'_>) -> Result<Section> {
    let waits = context.marts.rows("dependency_waits")?;
    let spans = context.marts.rows("dependency_spans")?;
    let mut edges = edges(&waits)?;
    edges.sort_by(|a, b| {
        let by_open = b.open.cmp(&a.open);
        by_open.then(b.days.total_cmp(&a.days))
    });
    let since = format::date(context.first_week());
    let text = match context.marts.missing(&["dependencies"]) {
        Some(missing) => missing,
        None => sentence(&edges, &since),
    };
    let rows: Vec<_> = edges.iter().map(|edge| edge.cells.clone()).collect();
    let most: Vec<_> = rows.iter().take(TOP_EDGES).cloned().collect();
    let open = open_rows(context, &spans)?;
    let count = open.len();
    Ok(Section {
        id: "who-waits",
        title: "Who waits on whom",
        text,
        tables: vec![
            SectionTable::open(
                "who-waits-most",
                DataTable::new(
                    format!(
                        "The {} who hold up most, by open dependencies; item-days since {since}",
                        most.len()
                    ),
                    &EDGE_COLUMNS,
                    most,
                    MOST_ROWS,
                ),
            ),
            SectionTable::folded(
                "who-waits-all",
                format!("All {}", format::count(rows.len(), "pair", "pairs")),
                DataTable::new(
                    format!("Every team and whom it waited on since {since}, in item-days"),
                    &EDGE_COLUMNS,
                    rows,
                    MOST_ROWS,
                ),
            ),
            SectionTable::folded(
                "open-dependencies",
                format!(
                    "The {}",
                    format::count(count, "open dependency", "open dependencies")
                ),
                open_table(open),
            ),
        ],
        definitions: Vec::new(),
    })
}

/// Returns every team and whom it waited on, those that cost most days first.
pub(in crate::report) fn ranked_edges(context: &Context<'_>) -> Result<DataTable> {
    let mut edges = edges(&context.marts.rows("dependency_waits")?)?;
    edges.sort_by(|a, b| {
        let by_days = b.days.total_cmp(&a.days);
        by_days.then(b.open.cmp(&a.open))
    });
    let since = format::date(context.first_week());
    Ok(DataTable::new(
        format!("Every team and whom it waited on, most item-days since {since} first"),
        &EDGE_COLUMNS,
        edges.into_iter().map(|edge| edge.cells).collect(),
        MOST_ROWS,
    ))
}

/// Returns every open dependency, the oldest first.
pub(in crate::report) fn open_dependencies(context: &Context<'_>) -> Result<DataTable> {
    let spans = context.marts.rows("dependency_spans")?;
    Ok(open_table(open_rows(context, &spans)?))
}

fn open_table(rows: Vec<Vec<Cell>>) -> DataTable {
    DataTable::new(
        "Open dependencies, the oldest first",
        &[
            "Item", "Team", "Waits on", "For", "#Days", "Raised", "Needed", "Release",
        ],
        rows,
        MOST_ROWS,
    )
}

struct Edge {
    team: String,
    upstream: String,
    open: i64,
    days: f64,
    cells: Vec<Cell>,
}

fn edges(waits: &Rows) -> Result<Vec<Edge>> {
    let mut edges = Vec::new();
    for row in waits.indices() {
        let count = |column| -> Result<i64> { Ok(waits.integer(column, row)?.unwrap_or(0)) };
        let team = waits.text("waiting_team", row)?.unwrap_or_default();
        let upstream = waits.text("upstream", row)?.unwrap_or_default();
        let (open, days) = (count("open_count")?, waits.number("blocked_days", row)?);
        let undated = count("undated_count")?;
        let note = (undated > 0).then(|| format!("and {undated} nobody knows since when"));
        let oldest = waits.text("oldest_item_id", row)?.map(|item| {
            let upstream = waits.text("oldest_upstream", row)?.unwrap_or_default();
            Ok(format!("{item} on {upstream}"))
        });
        let mut open_cell = Cell::integer(open);
        open_cell.href = (open > 0).then(|| "#open-dependencies".to_owned());
        edges.push(Edge {
            cells: vec![
                Cell::text(team),
                Cell::text(upstream).noted(kind_text(waits.text("upstream_kind", row)?)),
                open_cell,
                Cell::integer(count("overdue_count")?),
                Cell::number(days, format::number).noted(note.as_deref()),
                Cell::integer(count("dependency_count")?),
                Cell::number(waits.number("oldest_days", row)?, format::whole_days),
                Cell::maybe(oldest.transpose()?.as_deref()),
            ],
            team: team.to_owned(),
            upstream: upstream.to_owned(),
            open,
            days: days.unwrap_or(0.0),
        });
    }
    Ok(edges)
}

/// Teams are the rule and need no word.
pub(in crate::report) fn kind_text(kind: Option<&str>) -> Option<&str> {
    match kind {
        Some("team") | None => None,
        Some("data_platform") => Some("data platform"),
        kind => kind,
    }
}

fn sentence(edges: &[Edge], since: &str) -> String {
    let open: i64 = edges.iter().map(|edge| edge.open).sum();
    let longest = edges.iter().max_by(|a, b| a.days.total_cmp(&b.days));
    let Some(longest) = longest.filter(|edge| edge.days > 0.0) else {
        return match open {
            0 => format!("No dependency was open since {since}."),
            _ => format!(
                "{}.",
                format::count(open, "dependency is open", "dependencies are open")
            ),
        };
    };
    format!(
        "{}. {} lost most to {}: {} of waiting since {since}.",
        format::count(open, "dependency is open", "dependencies are open"),
        longest.team,
        longest.upstream,
        format::count(longest.days.round() as i64, "item-day", "item-days")
    )
}

fn open_rows(context: &Context<'_>, spans: &Rows) -> Result<Vec<Vec<Cell>>> {
    let mut rows = Vec::new();
    for row in spans.indices() {
        if !spans.boolean("is_open", row)?.unwrap_or(false) {
            continue;
        }
        let text = |column| -> Result<Cell> { Ok(Cell::maybe(spans.text(column, row)?)) };
        let day = |column| -> Result<Cell> {
            let at = spans.instant(column, row)?;
            let day = at.map(|at| format::date(context.local(at).date()));
            Ok(Cell::maybe(day.as_deref()))
        };
        let days = spans.number("waiting_days", row)?;
        let is_overdue = spans.boolean("is_overdue", row)?.unwrap_or(false);
        let cells = vec![
            text("item_id")?
                .link(spans.text("source_url", row)?)
                .noted(spans.text("title", row)?),
            text("waiting_team")?,
            text("upstream")?,
            text("depends_on")?,
            Cell::number(days, format::whole_days),
            day("raised_at")?,
            day("needed_at")?.noted(is_overdue.then_some("overdue")),
            Cell::maybe(
                spans
                    .text("release_name", row)?
                    .or(spans.text("release_id", row)?),
            ),
        ];
        rows.push((days.unwrap_or(-1.0), cells));
    }
    rows.sort_by(|a, b| b.0.total_cmp(&a.0));
    Ok(rows.into_iter().map(|row| row.1).collect())
}

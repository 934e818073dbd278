//! Open dependencies: what is known of each, and the lists of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Result;
use crate::lake::Rows;
use crate::report::figures::Context;
use crate::report::format;
use crate::report::full_list::list_name;
use crate::report::page::{Cell, DataTable};

/// A team and whom it waits on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pair {
    pub(super) team: String,
    pub(super) upstream_kind: String,
    pub(super) upstream: String,
}

impl Pair {
    /// Reads the pair of a row of `dependency_waits` or `dependency_spans`.
    pub(super) fn read(mart: &Rows, row: usize) -> Result<Self> {
        Ok(Self {
            team: mart.owned_text("waiting_team", row)?,
            upstream_kind: mart.owned_text("upstream_kind", row)?,
            upstream: mart.owned_text("upstream", row)?,
        })
    }

    /// The anchor of the list of its open dependencies.
    pub(super) fn list_id(&self) -> String {
        list_name("open", &[&self.team, &self.upstream_kind, &self.upstream])
    }
}

/// An open dependency: who waits, on what, since when.
pub(super) struct Open<'a> {
    pub(super) item: &'a str,
    pub(super) depends_on: &'a str,
    pub(super) team: &'a str,
    pub(super) upstream: &'a str,
    pub(super) days: Option<f64>,
    pub(super) is_overdue: bool,
}

pub(super) fn open_spans(spans: &Rows) -> Result<Vec<Open<'_>>> {
    let mut open = Vec::new();
    for row in spans.indices() {
        if !spans.boolean("is_open", row)?.unwrap_or(false) {
            continue;
        }
        open.push(Open {
            item: spans.text("item_id", row)?.unwrap_or_default(),
            depends_on: spans.text("depends_on", row)?.unwrap_or_default(),
            team: spans.text("waiting_team", row)?.unwrap_or_default(),
            upstream: spans.text("upstream", row)?.unwrap_or_default(),
            days: spans.number("waiting_days", row)?,
            is_overdue: spans.boolean("is_overdue", row)?.unwrap_or(false),
        });
    }
    Ok(open)
}

/// Names the pairs of items that wait for each other: neither can end first.
pub(super) fn circles(open: &[Open<'_>]) -> String {
    let needs: BTreeSet<(&str, &str)> = open
        .iter()
        .map(|span| (span.item, span.depends_on))
        .collect();
    let mutual = needs
        .iter()
        .filter(|(item, other)| item < other && needs.contains(&(*other, *item)));
    let said = mutual.map(|(a, b)| format!(" {a} and {b} wait for each other (circular)."));
    said.collect()
}

/// Returns a row of cells for every open dependency, the oldest first, each with its
/// pair.
pub(super) fn rows(context: &Context<'_>, spans: &Rows) -> Result<Vec<(Pair, Vec<Cell>)>> {
    let mut rows = Vec::new();
    for row in spans.indices() {
        if !spans.boolean("is_open", row)?.unwrap_or(false) {
            continue;
        }
        let days = spans.number("waiting_days", row)?.unwrap_or(-1.0);
        rows.push((days, Pair::read(spans, row)?, cells(context, spans, row)?));
    }
    rows.sort_by(|a, b| b.0.total_cmp(&a.0));
    Ok(rows
        .into_iter()
        .map(|(_, pair, cells)| (pair, cells))
        .collect())
}

/// Returns the same rows by pair.
pub(super) fn rows_by_pair(
    context: &Context<'_>,
    spans: &Rows,
) -> Result<BTreeMap<Pair, Vec<Vec<Cell>>>> {
    let mut pairs: BTreeMap<Pair, Vec<Vec<Cell>>> = BTreeMap::new();
    for (pair, cells) in rows(context, spans)? {
        pairs.entry(pair).or_default().push(cells);
    }
    Ok(pairs)
}

fn cells(context: &Context<'_>, spans: &Rows, row: usize) -> Result<Vec<Cell>> {
    let text = |column| -> Result<Cell> { Ok(Cell::maybe(spans.text(column, row)?)) };
    let day = |column| -> Result<Cell> {
        let at = spans.instant(column, row)?;
        let day = at.map(|at| format::date(context.local(at).date()));
        Ok(Cell::maybe(day.as_deref()))
    };
    let is_overdue = spans.boolean("is_overdue", row)?.unwrap_or(false);
    let release = spans.text("release_name", row)?;
    Ok(vec![
        Cell::item(spans, row)?,
        text("waiting_team")?,
        text("upstream")?,
        text("depends_on")?,
        Cell::number(spans.number("waiting_days", row)?, format::whole_days),
        day("raised_at")?,
        day("needed_at")?.noted(is_overdue.then_some("overdue")),
        Cell::maybe(release.or(spans.text("release_id", row)?)),
    ])
}

/// Returns rows of open dependencies as a table of at most `most` rows.
pub(super) fn table(caption: String, rows: Vec<Vec<Cell>>, most: usize) -> DataTable {
    DataTable::new(
        caption,
        &[
            "Item", "Team", "Waits on", "For", "#Days", "Raised", "Needed", "Release",
        ],
        rows,
        most,
    )
}

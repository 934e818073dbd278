//! Who waits on whom: the edges that cost most, and every open dependency.

mod open;

use super::{MOST_ROWS, Section, SectionTable};
use crate::calendar;
use crate::error::Result;
use crate::lake::Rows;
use crate::report::figures::Context;
use crate::report::format;
use crate::report::full_list::page_address;
use crate::report::page::{Cell, DataTable};
use open::{Open, Pair, circles, open_spans};

/// How many edges stand open on the page; the list behind has all.
const TOP_EDGES: usize = 5;

/// How many pairs have the list of their open dependencies on the page.
const LISTS_ON_PAGE: usize = 6;

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
    // The pairs come with the most open first. The others have a page of their own, as
    // the lists of this one that are shortened.
    let stem = calendar::iso_week(context.marts.week_start);
    for edge in edges.iter_mut().skip(LISTS_ON_PAGE) {
        edge.lead_to(&page_address(&stem, &edge.list));
    }
    let since = format::date(context.first_week());
    let text = match context.marts.missing(&["dependencies"]) {
        Some(missing) => missing,
        None => {
            let open = open_spans(&spans)?;
            let mut text = sentence(&edges, &open, &since);
            text += &circles(&open);
            text
        }
    };
    let rows: Vec<_> = edges.iter().map(|edge| edge.cells.clone()).collect();
    let most: Vec<_> = rows.iter().take(TOP_EDGES).cloned().collect();
    let mut tables = vec![
        SectionTable::open(
            "who-waits-most",
            DataTable::new(
                format!(
                    "The {} pairs in which most waits, by open dependencies, then by item-days since {since}",
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
    ];
    let mut lists = open::rows_by_pair(context, &spans)?;
    for (place, edge) in edges.iter().enumerate() {
        let Some(rows) = lists.remove(&edge.pair) else {
            continue;
        };
        let what = format!(
            "{} on {}: {}",
            edge.pair.team,
            edge.pair.upstream,
            format::count(rows.len(), "open dependency", "open dependencies")
        );
        let mut table = open::table(format!("{what}, the oldest first"), rows, usize::MAX);
        if place >= LISTS_ON_PAGE {
            table.shorten(0);
        }
        tables.push(SectionTable::folded(edge.list.clone(), what, table));
    }
    Ok(Section {
        id: "who-waits",
        title: "Who waits on whom",
        text,
        tables,
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
        edges.into_iter().map(Edge::without_lists).collect(),
        MOST_ROWS,
    ))
}

/// Returns every open dependency, the oldest first.
pub(in crate::report) fn open_dependencies(context: &Context<'_>) -> Result<DataTable> {
    let spans = context.marts.rows("dependency_spans")?;
    let rows = open::rows(context, &spans)?;
    let rows = rows.into_iter().map(|(_, cells)| cells).collect();
    Ok(open::table(
        "Open dependencies, the oldest first".to_owned(),
        rows,
        MOST_ROWS,
    ))
}

struct Edge {
    pair: Pair,
    open: i64,
    days: f64,
    /// The anchor of the list of its open dependencies.
    list: String,
    cells: Vec<Cell>,
}

impl Edge {
    /// Leads from the number of open dependencies to another place.
    fn lead_to(&mut self, address: &str) {
        for cell in self.cells.iter_mut().filter(|cell| cell.href.is_some()) {
            cell.href = Some(address.to_owned());
        }
    }

    /// Returns its cells for a page that has one list of all open dependencies.
    fn without_lists(mut self) -> Vec<Cell> {
        for cell in &mut self.cells {
            cell.href = None;
        }
        self.cells
    }
}

fn edges(waits: &Rows) -> Result<Vec<Edge>> {
    let mut edges = Vec::new();
    for row in waits.indices() {
        let count = |column| -> Result<i64> { Ok(waits.integer(column, row)?.unwrap_or(0)) };
        let pair = Pair::read(waits, row)?;
        let (open, days) = (count("open_count")?, waits.number("blocked_days", row)?);
        let undated = count("undated_count")?;
        let kind = kind_text(&pair.upstream_kind);
        let note = (undated > 0).then(|| format!("and {undated} nobody knows since when"));
        let oldest = waits.text("oldest_item_id", row)?.map(|item| {
            let upstream = waits.text("oldest_upstream", row)?.unwrap_or_default();
            Ok(format!("{item} on {upstream}"))
        });
        let list = pair.list_id();
        let open_cell = Cell::integer(open).within_if((open > 0).then(|| format!("#{list}")));
        edges.push(Edge {
            cells: vec![
                Cell::text(&pair.team),
                Cell::text(&pair.upstream).noted(kind.as_deref()),
                open_cell,
                Cell::integer(count("overdue_count")?),
                Cell::number(days, format::number).noted(note.as_deref()),
                Cell::integer(count("dependency_count")?),
                Cell::number(waits.number("oldest_days", row)?, format::whole_days),
                Cell::maybe(oldest.transpose()?.as_deref()),
            ],
            pair,
            open,
            days: days.unwrap_or(0.0),
            list,
        });
    }
    Ok(edges)
}

/// Teams are the rule and need no word.
pub(in crate::report) fn kind_text(kind: &str) -> Option<String> {
    match kind {
        "team" | "" => None,
        kind => Some(format!("({})", kind.replace('_', " "))),
    }
}

/// Says what is open and what has been open longest, then what cost most of all.
fn sentence(edges: &[Edge], open: &[Open<'_>], since: &str) -> String {
    let mut text = match open.len() {
        0 => "No dependency is open.".to_owned(),
        count => {
            let overdue = open.iter().filter(|span| span.is_overdue).count();
            format!(
                "{}, {} of them overdue.",
                format::count(count, "dependency is open", "dependencies are open"),
                format::integer(overdue)
            )
        }
    };
    let oldest = open.iter().filter_map(|span| Some((span.days?, span)));
    if let Some((days, span)) = oldest.max_by(|a, b| a.0.total_cmp(&b.0)) {
        text += &format!(
            " The oldest: {} of {} has waited on {} for {}{}.",
            span.item,
            span.team,
            span.upstream,
            format::age(days),
            if span.is_overdue { ", overdue" } else { "" }
        );
    }
    let longest = edges.iter().max_by(|a, b| a.days.total_cmp(&b.days));
    match longest.filter(|edge| edge.days > 0.0) {
        Some(longest) => {
            let now = match longest.open {
                0 => ", none of it open now",
                _ => "",
            };
            text + &format!(
                " Since {since}, most was lost by {} waiting on {}: {}{now}.",
                longest.pair.team,
                longest.pair.upstream,
                format::count(longest.days.round() as i64, "item-day", "item-days")
            )
        }
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open<'a>(item: &'a str, depends_on: &'a str, days: f64, is_overdue: bool) -> Open<'a> {
        Open {
            item,
            depends_on,
            team: "Checkout",
            upstream: "feature flags",
            days: Some(days),
            is_overdue,
        }
    }

    #[test]
    fn what_is_open_longest_leads_and_what_cost_most_follows() {
        let edges = [Edge {
            pair: Pair {
                team: "Settlement".to_owned(),
                upstream_kind: "data_platform".to_owned(),
                upstream: "vessel positions".to_owned(),
            },
            open: 0,
            days: 76.96,
            list: String::new(),
            cells: Vec::new(),
        }];
        let spans = [
            open("CHK-294", "flags", 76.3, true),
            open("CHK-401", "ZRH-402", 2.4, false),
        ];
        assert_eq!(
            sentence(&edges, &spans, "5 Jan 2026"),
            "2 dependencies are open, 1 of them overdue. The oldest: CHK-294 of Checkout has waited on feature flags for 76 days, overdue. Since 5 Jan 2026, most was lost by Settlement waiting on vessel positions: 77 item-days, none of it open now."
        );
        assert_eq!(sentence(&[], &[], "5 Jan 2026"), "No dependency is open.");
    }

    #[test]
    fn two_items_that_wait_for_each_other_are_circular() {
        let spans = [
            open("CHK-401", "ZRH-402", 2.4, false),
            open("ZRH-402", "CHK-401", 5.5, false),
            open("ZRH-365", "CHK-345", 6.4, true),
        ];
        assert_eq!(
            circles(&spans),
            " CHK-401 and ZRH-402 wait for each other (circular)."
        );
        assert_eq!(circles(&spans[1..]), "");
    }
}

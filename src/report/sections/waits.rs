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

/// How many pairs have a list of their open dependencies of their own.
const MOST_LISTS: usize = 6;

/// The anchor of the list of all open dependencies.
const OPEN_LIST: &str = "open-dependencies";

pub(super) fn section(context: &Context<'_>) -> Result<Section> {
    let waits = context.marts.rows("dependency_waits")?;
    let spans = context.marts.rows("dependency_spans")?;
    let mut edges = edges(&waits)?;
    edges.sort_by(|a, b| {
        let by_open = b.open.cmp(&a.open);
        by_open.then(b.days.total_cmp(&a.days))
    });
    // The pairs come with the most open first, so those without a list of their own
    // have few.
    let own_lists = edges.len().min(MOST_LISTS);
    for edge in &mut edges[own_lists..] {
        edge.lead_to(OPEN_LIST);
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
    ];
    let (own, rest) = edges.split_at(own_lists);
    for edge in own.iter().filter(|edge| edge.open > 0) {
        tables.push(open_list(context, &spans, edge)?);
    }
    if rest.iter().any(|edge| edge.open > 0) {
        let open = open_rows(context, &spans, None)?;
        let count = format::count(open.len(), "open dependency", "open dependencies");
        let summary = format!("All {count}");
        tables.push(SectionTable::folded(OPEN_LIST, summary, open_table(open)));
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
    Ok(open_table(open_rows(context, &spans, None)?))
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
    upstream_kind: String,
    upstream: String,
    open: i64,
    days: f64,
    /// The anchor of the list of its open dependencies.
    list: String,
    cells: Vec<Cell>,
}

impl Edge {
    /// Leads from the number of open dependencies to another list.
    fn lead_to(&mut self, list: &str) {
        for cell in self.cells.iter_mut().filter(|cell| cell.href.is_some()) {
            cell.href = Some(format!("#{list}"));
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
        let team = waits.text("waiting_team", row)?.unwrap_or_default();
        let upstream = waits.text("upstream", row)?.unwrap_or_default();
        let (open, days) = (count("open_count")?, waits.number("blocked_days", row)?);
        let undated = count("undated_count")?;
        let upstream_kind = waits.text("upstream_kind", row)?.unwrap_or_default();
        let kind = kind_text(upstream_kind);
        let note = (undated > 0).then(|| format!("and {undated} nobody knows since when"));
        let oldest = waits.text("oldest_item_id", row)?.map(|item| {
            let upstream = waits.text("oldest_upstream", row)?.unwrap_or_default();
            Ok(format!("{item} on {upstream}"))
        });
        let list = list_id(&[team, upstream_kind, upstream]);
        let open_cell = Cell::integer(open).within_if((open > 0).then(|| format!("#{list}")));
        edges.push(Edge {
            cells: vec![
                Cell::text(team),
                Cell::text(upstream).noted(kind.as_deref()),
                open_cell,
                Cell::integer(count("overdue_count")?),
                Cell::number(days, format::number).noted(note.as_deref()),
                Cell::integer(count("dependency_count")?),
                Cell::number(waits.number("oldest_days", row)?, format::whole_days),
                Cell::maybe(oldest.transpose()?.as_deref()),
            ],
            team: team.to_owned(),
            upstream_kind: upstream_kind.to_owned(),
            upstream: upstream.to_owned(),
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

/// The anchor of a pair's list: its names in letters and digits of ASCII, other
/// letters by their number, so that no two pairs share one.
fn list_id(names: &[&str]) -> String {
    let plain = |name: &str| {
        let letters = name.chars().map(|letter| match letter {
            letter if letter.is_ascii_alphanumeric() => letter.to_ascii_lowercase().to_string(),
            ' ' | '-' | '_' => "-".to_owned(),
            letter => format!("u{:x}", u32::from(letter)),
        });
        letters.collect::<String>()
    };
    let names: Vec<String> = names.iter().map(|name| plain(name)).collect();
    format!("open-{}", names.join("--"))
}

/// An open dependency: who waits, on what, since when.
struct Open<'a> {
    item: &'a str,
    depends_on: &'a str,
    team: &'a str,
    upstream: &'a str,
    days: Option<f64>,
    is_overdue: bool,
}

fn open_spans(spans: &Rows) -> Result<Vec<Open<'_>>> {
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
                longest.team,
                longest.upstream,
                format::count(longest.days.round() as i64, "item-day", "item-days")
            )
        }
        None => text,
    }
}

/// Names the pairs of items that wait for each other: neither can end first.
fn circles(open: &[Open<'_>]) -> String {
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    for span in open {
        let is_mutual = open
            .iter()
            .any(|other| other.item == span.depends_on && other.depends_on == span.item);
        if is_mutual && span.item < span.depends_on {
            pairs.push((span.item, span.depends_on));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    let said = pairs
        .iter()
        .map(|(a, b)| format!(" {a} and {b} wait for each other (circular)."));
    said.collect()
}

/// The open dependencies of one team on one upstream, as many as its number says.
fn open_list(context: &Context<'_>, spans: &Rows, edge: &Edge) -> Result<SectionTable> {
    let rows = open_rows(context, spans, Some(edge))?;
    let what = format!(
        "{} on {}: {}",
        edge.team,
        edge.upstream,
        format::count(rows.len(), "open dependency", "open dependencies")
    );
    Ok(SectionTable::folded(
        edge.list.clone(),
        what.clone(),
        DataTable::new(
            format!("{what}, the oldest first"),
            &[
                "Item", "Team", "Waits on", "For", "#Days", "Raised", "Needed", "Release",
            ],
            rows,
            usize::MAX,
        ),
    ))
}

fn open_rows(context: &Context<'_>, spans: &Rows, edge: Option<&Edge>) -> Result<Vec<Vec<Cell>>> {
    let mut rows = Vec::new();
    for row in spans.indices() {
        let says = |column, wanted: &str| -> Result<bool> {
            Ok(spans.text(column, row)?.unwrap_or_default() == wanted)
        };
        let is_wanted = match edge {
            Some(edge) => {
                says("waiting_team", &edge.team)?
                    && says("upstream_kind", &edge.upstream_kind)?
                    && says("upstream", &edge.upstream)?
            }
            None => true,
        };
        if !is_wanted || !spans.boolean("is_open", row)?.unwrap_or(false) {
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
            team: "Settlement".to_owned(),
            upstream_kind: "data_platform".to_owned(),
            upstream: "vessel positions".to_owned(),
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

    #[test]
    fn names_in_other_scripts_make_different_anchors() {
        assert_eq!(
            list_id(&["Data Platform", "a_b"]),
            "open-data-platform--a-b"
        );
        assert_ne!(list_id(&["支払い", "x"]), list_id(&["注文", "x"]));
    }
}

//! The page of swimlanes: a lane a team, a bar an item, a line only where an item is
//! held up by another.

use std::collections::BTreeMap;
use std::path::Path;

use minijinja::Value;
use serde::Serialize;

use super::links;
use crate::chart::{BarEnd, Frame, Lane, LaneBar, LaneLink, MOST_BARS, Swimlanes, swimlanes};
use crate::error::Result;
use crate::lake::Rows;
use crate::report::figures::Context;
use crate::report::format;
use crate::report::full_list::FullLists;
use crate::report::head::Head;
use crate::report::page::{Cell, DataTable, Figure, Link, outside_address};
use crate::report::specimen;
use crate::report::template::Templates;
use crate::report::weekly::WeeklyPage;

/// How many rows a table of the page shows.
const MOST_ROWS: usize = 50;

/// The name of the figure in the page.
const FIGURE: &str = "fig-swimlanes";

/// The marts that the page is made from.
const MARTS: [&str; 2] = ["swimlane_items", "swimlane_edges"];

/// The page.
#[derive(Debug, Serialize)]
pub(in crate::report) struct SwimlanePage<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    /// What is held up, in words.
    answer: String,
    /// What is said where no source feeds a table that the page needs.
    missing: Option<String>,
    figure: Figure,
    edges: DataTable,
    not_started: DataTable,
    definitions: Vec<Link>,
}

/// Writes the page, its JSON, and whole those lists that are too long for it.
pub(in crate::report) fn write_swimlanes(
    templates: &Templates,
    context: &Context<'_>,
    latest: &WeeklyPage,
    staging: &Path,
) -> Result<()> {
    let marts = context.marts;
    let items = Items::load(context)?;
    let edges = marts.rows("swimlane_edges")?;
    let answer = answer(&edges)?;
    let missing = marts.missing(&["items", "dependencies"]);
    let mut page = SwimlanePage {
        head: Head::of(latest),
        figure: figure(context, &items, &edges, &answer)?,
        answer: missing
            .clone()
            .map_or(answer, |missing| format!("Swimlanes. {missing}")),
        missing,
        edges: edge_table(&edges)?,
        not_started: DataTable::new(
            "Open items without a bar: nobody has committed to them or begun them",
            &COLUMNS,
            items.not_started,
            MOST_ROWS,
        ),
        definitions: links(&MARTS),
    };
    let back = Link {
        href: "../swimlanes.html".to_owned(),
        text: "Swimlanes".to_owned(),
    };
    let named = ("swimlanes", "dependencies");
    let pages = FullLists::new(templates, latest, named, &back, staging)?;
    pages.write("items", &mut page.figure.table)?;
    pages.write("edges", &mut page.edges)?;
    pages.write("not-started", &mut page.not_started)?;
    let drawing = Value::from_safe_string(page.figure.svg.clone());
    let drawings = Value::from_pairs([(FIGURE.to_owned(), drawing)]);
    templates.write(
        "swimlanes.html",
        &page,
        &drawings,
        0,
        (staging, "swimlanes"),
    )
}

const COLUMNS: [&str; 8] = [
    "Item",
    "Team",
    "Begun",
    "Ends",
    "End",
    "Release",
    "#Needs items",
    "#Needed by",
];

/// The items of the page, in the order in which they are drawn.
struct Items {
    /// Lane and bar of each that has one.
    bars: Vec<(String, LaneBar)>,
    /// The rows of the same.
    rows: Vec<Vec<Cell>>,
    /// The rows of those without a bar.
    not_started: Vec<Vec<Cell>>,
}

impl Items {
    fn load(context: &Context<'_>) -> Result<Self> {
        let mart = context.marts.rows("swimlane_items")?;
        let mut placed = Vec::new();
        let mut not_started = Vec::new();
        for row in mart.indices() {
            let cells = item_cells(context, &mart, row)?;
            match mart.integer("pick_position", row)? {
                None => not_started.push(cells),
                Some(position) => {
                    let lane = mart.owned_text("lane", row)?;
                    placed.push((position, lane, bar(context, &mart, row)?, cells));
                }
            }
        }
        placed.sort_by_key(|(position, ..)| *position);
        let (mut bars, mut rows) = (Vec::new(), Vec::new());
        for (_, lane, bar, cells) in placed {
            bars.push((lane, bar));
            rows.push(cells);
        }
        Ok(Self {
            bars,
            rows,
            not_started,
        })
    }
}

fn end(word: Option<&str>) -> (BarEnd, &'static str) {
    match word {
        Some("delivered") => (BarEnd::Delivered, "delivered"),
        Some("planned") => (BarEnd::Planned, "planned"),
        Some("late") => (BarEnd::Late, "past its date"),
        _ => (BarEnd::Undated, "without a date"),
    }
}

fn bar(context: &Context<'_>, mart: &Rows, row: usize) -> Result<LaneBar> {
    let day = |column: &str| -> Result<_> {
        let at = mart.instant(column, row)?.unwrap_or(context.marts.as_of);
        Ok(context.local(at).date())
    };
    let address = mart.text("source_url", row)?;
    Ok(LaneBar {
        name: mart.owned_text("item_id", row)?,
        tip: mart.owned_text("title", row)?,
        from: day("started_at")?,
        to: day("ends_at")?,
        end: end(mart.text("end_basis", row)?).0,
        href: address.and_then(outside_address),
    })
}

fn item_cells(context: &Context<'_>, mart: &Rows, row: usize) -> Result<Vec<Cell>> {
    let count = |column: &str| -> Result<i64> { Ok(mart.integer(column, row)?.unwrap_or(0)) };
    let day = |column: &str| -> Result<Cell> {
        let at = mart.instant(column, row)?;
        let day = at.map(|at| format::date(context.local(at).date()));
        Ok(Cell::maybe(day.as_deref()))
    };
    let outside = count("outside_count")?;
    let outside =
        (outside > 0).then(|| format!("and {}", format::count(outside, "other", "others")));
    let (begun, ends) = match mart.text("exclusion", row)? {
        Some(_) => (Cell::maybe(None), day("planned_at")?),
        None => (day("started_at")?, day("ends_at")?),
    };
    Ok(vec![
        Cell::item(mart, row)?,
        Cell::text(mart.text("lane", row)?.unwrap_or_default()),
        begun,
        ends,
        Cell::text(end(mart.text("end_basis", row)?).1),
        Cell::maybe(mart.text("release_name", row)?),
        Cell::integer(count("needs_count")?).noted(outside.as_deref()),
        Cell::integer(count("needed_count")?),
    ])
}

/// The lanes of the bars that are drawn: by team, the earlier begun first.
fn lanes(bars: &[(String, LaneBar)]) -> Vec<Lane> {
    let mut lanes: BTreeMap<&str, Vec<LaneBar>> = BTreeMap::new();
    for (lane, bar) in bars.iter().take(MOST_BARS) {
        lanes.entry(lane).or_default().push(bar.clone());
    }
    let lane = |(name, mut bars): (&str, Vec<LaneBar>)| {
        bars.sort_by(|a, b| (a.from, &a.name).cmp(&(b.from, &b.name)));
        Lane {
            name: name.to_owned(),
            bars,
        }
    };
    lanes.into_iter().map(lane).collect()
}

fn lane_links(edges: &Rows) -> Result<Vec<LaneLink>> {
    let mut placed = Vec::new();
    for row in edges.indices() {
        let link = LaneLink {
            needed: edges.owned_text("needs_id", row)?,
            waiting: edges.owned_text("item_id", row)?,
            is_late: edges.text("state", row)? == Some("late"),
        };
        placed.extend(edges.integer("draw_position", row)?.map(|at| (at, link)));
    }
    placed.sort_by_key(|(position, _)| *position);
    Ok(placed.into_iter().map(|(_, link)| link).collect())
}

fn figure(context: &Context<'_>, items: &Items, edges: &Rows, answer: &str) -> Result<Figure> {
    let beyond = items.bars.len().saturating_sub(MOST_BARS);
    let remark = |count: usize, words: &str| {
        (count > 0).then(|| format!("{} {words}", format::count(count, "item", "items")))
    };
    let remarks = [
        remark(beyond, "in the table only"),
        remark(items.not_started.len(), "not begun, listed below"),
    ];
    let subtitle = format!(
        "{} open or delivered in the last six weeks, from commitment or start of work to delivery or to the planned date",
        format::count(items.bars.len(), "item", "items")
    );
    let links = lane_links(edges)?;
    let description =
        format!("{subtitle}. {answer}. The tables below name every bar and every line.");
    let frame = Frame::new(FIGURE, answer, &description)
        .sized(1040, 340)
        .empty("No item is in work, or none has a known start.");
    let input = Swimlanes {
        lanes: lanes(&items.bars),
        links,
        report_date: context.local(context.marts.as_of).date(),
        caption: "A lane a team, a bar an item".to_owned(),
        remarks: remarks.into_iter().flatten().collect(),
    };
    Ok(Figure {
        id: FIGURE.to_owned(),
        title: "Items in work and what holds them up".to_owned(),
        svg: swimlanes(&frame, &input),
        subtitle,
        how_to_read: format!(
            "A bar begins with the commitment, else with the start of work. It ends with the delivery or with the planned date of the item's release; what is outlined is still to come. A line joins two open items only where one waits for the other: unbroken where it was needed before the report date or where what is needed is planned later than what needs it, else dashed; the ring is on what is needed, the triangle on what waits. Of more than {MOST_BARS} items, those with open dependencies are drawn first."
        ),
        table: DataTable::new(
            "Items with a bar, those with open dependencies first",
            &COLUMNS,
            items.rows.clone(),
            MOST_ROWS,
        ),
    })
}

fn answer(edges: &Rows) -> Result<String> {
    let (mut late, mut across, mut drawn) = (0, 0, 0);
    for row in edges.indices() {
        late += i64::from(edges.text("state", row)? == Some("late"));
        across += i64::from(edges.text("lane", row)? != edges.text("needs_lane", row)?);
        drawn += i64::from(edges.boolean("has_bars", row)? == Some(true));
    }
    let all = edges.len();
    Ok(match all {
        0 => "No open item is held up by another".to_owned(),
        _ => format!(
            "Open items wait for each other in {}: {} late, {} across teams; {}",
            format::count(all, "place", "places"),
            format::integer(late),
            format::integer(across),
            drawn_words(drawn, all)
        ),
    })
}

/// Says how many of the places have a line: one of an item that has not begun has none.
fn drawn_words(drawn: i64, all: usize) -> String {
    match i64::try_from(all).is_ok_and(|all| all == drawn) {
        true => "each has a line".to_owned(),
        false => format!(
            "{} a line, in the others an item has not begun",
            format::count(drawn, "has", "have")
        ),
    }
}

fn edge_table(edges: &Rows) -> Result<DataTable> {
    let mut rows = Vec::new();
    for row in edges.indices() {
        let text = |column: &str| -> Result<Cell> { Ok(Cell::maybe(edges.text(column, row)?)) };
        let reason = match edges.text("reason", row)? {
            Some("overdue") => "late: needed before the report date",
            Some("ends_after") => "late: what is needed is planned later",
            _ => "blocked",
        };
        let is_drawn = edges.boolean("has_bars", row)? == Some(true);
        let order = edges.integer("draw_position", row)?.unwrap_or(i64::MAX);
        let cells = vec![
            text("item_id")?,
            text("lane")?,
            text("needs_id")?,
            text("needs_lane")?,
            Cell::text(reason).noted((!is_drawn).then_some("no line: one has not begun")),
            Cell::number(edges.number("waiting_days", row)?, format::whole_days),
        ];
        rows.push((order, cells));
    }
    rows.sort_by_key(|(order, _)| *order);
    Ok(DataTable::new(
        "Open items that wait for open items, the late ones first",
        &[
            "Item",
            "Team",
            "Needs",
            "Its team",
            "State",
            "#Days waiting",
        ],
        rows.into_iter().map(|(_, cells)| cells).collect(),
        MOST_ROWS,
    ))
}

/// Returns the page made up of placeholders.
pub(in crate::report) fn swimlanes_specimen(
    latest: &WeeklyPage,
    is_full: bool,
) -> SwimlanePage<'_> {
    SwimlanePage {
        head: Head::of(latest),
        answer: specimen::text(),
        missing: is_full.then(specimen::text),
        figure: specimen::figure(is_full),
        edges: specimen::table(is_full),
        not_started: specimen::table(is_full),
        definitions: links(&MARTS),
    }
}

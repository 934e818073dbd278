//! The lists behind the headline figures of a report: one section a figure, one row
//! for each row of `measure_rows` that it rests on, so that any number can be counted
//! again by hand.
//!
//! A list page belongs to one report page and has its file name: the figures of both
//! come from the same run, and a later run leaves both as they are.

mod names;
mod wording;

use std::collections::BTreeMap;
use std::path::Path;

use chrono_tz::Tz;
use minijinja::Value;
use serde::Serialize;

use super::format;
use super::full_list::{self, FullLists};
use super::head::Head;
use super::marts::Marts;
use super::page::{Cell, DataTable, Link};
use super::specimen;
use super::template::Templates;
use super::weekly::WeeklyPage;
use crate::config::Config;
use crate::error::Result;
use crate::lake::Rows;
use names::Names;
use wording::Wording;

/// How many bytes the rows of the page may take, so that it stays below 400 kB.
const ROOM: usize = 330_000;

/// One figure of a report, and the period of which it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ListedFigure {
    /// The anchor on the page.
    pub(super) anchor: String,
    /// The measure's name in the mart.
    pub(super) measure: String,
    /// What readers call it.
    pub(super) label: String,
    /// `week`, `quarter` or `release`.
    pub(super) period_kind: &'static str,
    /// Such as `2026-W27`.
    pub(super) period: String,
    /// The figure, as the report writes it.
    pub(super) figure: String,
}

/// A report whose figures are listed.
pub(super) struct ListedReport {
    /// The file name of both pages, without its ending.
    pub(super) stem: String,
    /// What the report is called.
    pub(super) title: String,
    /// The section of the site that the report belongs to.
    pub(super) section: &'static str,
    /// The report's page, from the list page.
    pub(super) back: Link,
    /// Its figures, in the order of the report.
    pub(super) figures: Vec<ListedFigure>,
}

/// The page.
#[derive(Debug, Serialize)]
pub(super) struct ItemsPage<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    stem: &'a str,
    title: &'a str,
    section: &'static str,
    back: Link,
    lists: Vec<List>,
}

/// One section of the page.
#[derive(Debug, Serialize)]
struct List {
    anchor: String,
    measure: String,
    period: String,
    heading: String,
    /// What the rows are, counted.
    summary: String,
    /// Rows below the line, or values of the quantile: the figure's n.
    row_count: usize,
    /// Rows above the line, or with a value.
    counted_count: usize,
    /// The rows that the figure counts, then those that it is a part of.
    tables: Vec<DataTable>,
}

/// Returns the name of the list page of a report, from the folder of the report.
pub(super) fn list_address(stem: &str, anchor: &str) -> String {
    format!("../items/{stem}.html#{anchor}")
}

/// Returns the figures of a weekly page: each of the reported week and of the one
/// before.
pub(super) fn weekly_figures(page: &WeeklyPage) -> ListedReport {
    let before = super::weekly::Week::of(page.week.monday - chrono::TimeDelta::weeks(1));
    let mut figures = Vec::new();
    for measure in &page.measures {
        for (period, anchor, figure) in [
            (
                &page.week.iso,
                measure.measure.to_owned(),
                &measure.this_week,
            ),
            (
                &before.iso,
                format!("{}-before", measure.measure),
                &measure.last_week,
            ),
        ] {
            figures.push(ListedFigure {
                anchor,
                measure: measure.measure.to_owned(),
                label: measure.label.to_owned(),
                period_kind: "week",
                period: period.clone(),
                figure: figure.clone(),
            });
        }
    }
    ListedReport {
        stem: page.week.iso.clone(),
        title: format!("week {} of {}", page.week.number, page.week.year),
        section: "weekly",
        back: Link {
            href: format!("../weekly/{}.html", page.week.iso),
            text: format!("Week {} of {}", page.week.number, page.week.year),
        },
        figures,
    }
}

/// Rows by measure, kind of period and period.
type Places<'a> = BTreeMap<(&'a str, &'a str, &'a str), Vec<usize>>;

/// The rows behind every figure, read once for all list pages of a run.
pub(super) struct Lists {
    rows: Rows,
    names: Names,
}

impl Lists {
    /// Loads the rows, and what names them.
    pub(super) fn load(marts: &Marts) -> Result<Self> {
        Ok(Self {
            rows: marts.rows("measure_rows")?,
            names: Names::load(marts)?,
        })
    }

    /// Returns where the rows of a report's figures stand.
    fn find(&self, report: &ListedReport) -> Result<Places<'_>> {
        let mut places = Places::new();
        for row in self.rows.indices() {
            let text =
                |column| -> Result<&str> { Ok(self.rows.text(column, row)?.unwrap_or_default()) };
            let key = (text("measure")?, text("period_kind")?, text("period")?);
            let mut figures = report.figures.iter();
            if figures.any(|figure| key.1 == figure.period_kind && key.2 == figure.period) {
                places.entry(key).or_default().push(row);
            }
        }
        Ok(places)
    }
}

/// Writes the list page of a report and its JSON into `items/`, with `pages` of the lists
/// that are too long for it.
pub(super) fn write_items(
    templates: &Templates,
    config: &Config,
    all: &Lists,
    latest: &WeeklyPage,
    report: &ListedReport,
    (pages, staging): (&FullLists<'_>, &Path),
) -> Result<()> {
    let zone = config.project.time_zone;
    let places = all.find(report)?;
    let mut lists = Vec::new();
    for figure in &report.figures {
        let key = (
            figure.measure.as_str(),
            figure.period_kind,
            figure.period.as_str(),
        );
        let found = places.get(&key).map_or(&[][..], Vec::as_slice);
        lists.push(build_list(figure, &all.rows, found, &all.names, zone)?);
    }
    let tables = lists.iter_mut().flat_map(|list| &mut list.tables);
    let mut tables: Vec<&mut DataTable> = tables.collect();
    full_list::shorten(&mut tables, ROOM);
    for list in &mut lists {
        for (place, table) in list.tables.iter_mut().enumerate() {
            let name = match place {
                0 => list.anchor.clone(),
                _ => format!("{}-rest", list.anchor),
            };
            pages.write(&name, table)?;
        }
    }
    let page = ItemsPage {
        head: Head::of(latest),
        stem: &report.stem,
        title: &report.title,
        section: report.section,
        back: report.back.clone(),
        lists,
    };
    let folder = staging.join("items");
    let place = (folder.as_path(), report.stem.as_str());
    templates.write("items.html", &page, &Value::UNDEFINED, 1, place)
}

/// Returns the page made up of placeholders.
pub(super) fn specimen(latest: &WeeklyPage, is_full: bool) -> ItemsPage<'_> {
    let list = || List {
        anchor: specimen::text(),
        measure: specimen::text(),
        period: specimen::text(),
        heading: specimen::text(),
        summary: specimen::text(),
        row_count: 0,
        counted_count: 0,
        tables: vec![specimen::table(is_full), specimen::table(is_full)],
    };
    ItemsPage {
        head: Head::of(latest),
        stem: "specimen",
        title: "specimen",
        section: "weekly",
        back: Link {
            href: "#content".to_owned(),
            text: specimen::text(),
        },
        lists: specimen::list(is_full, list),
    }
}

/// The rows of one part of a list, with their number in the caption; columns in which
/// none of them has anything are left out.
fn part_table(
    figure: &ListedFigure,
    wording: &Wording,
    rows: Vec<Vec<Cell>>,
    part: &str,
) -> DataTable {
    let count = format::count(rows.len(), wording.one, wording.many);
    let part = match (wording.is_share, part) {
        // The rest of a whole is all of one kind, or provisional.
        (true, "not counted") => format!("the rest: {}", wording.other),
        _ => part.to_owned(),
    };
    DataTable::new(
        // No two tables of a page share a caption, by which readers are led.
        format!("{}, {}: {count}, {part}", figure.label, figure.period),
        &[
            wording.subject,
            "Team",
            "Release",
            wording.when,
            wording.value,
            "Counts as",
        ],
        rows,
        usize::MAX,
    )
    .without_empty_columns()
}

fn build_list(
    figure: &ListedFigure,
    rows: &Rows,
    places: &[usize],
    names: &Names,
    zone: Tz,
) -> Result<List> {
    let wording = Wording::of(&figure.measure);
    let (mut row_count, mut counted_count, mut provisional_count) = (0, 0, 0);
    let (mut above, mut rest) = (Vec::new(), Vec::new());
    for row in places {
        let row = *row;
        let is = |column| -> Result<bool> { Ok(rows.boolean(column, row)?.unwrap_or(false)) };
        let (counted, below, provisional) = (
            is("is_counted")?,
            is("is_denominator")?,
            is("is_provisional")?,
        );
        row_count += usize::from(below);
        counted_count += usize::from(counted);
        provisional_count += usize::from(provisional);
        let occurred_at = rows.instant("occurred_at", row)?;
        let id = rows.text("subject_id", row)?;
        let item = rows.text("item_id", row)?;
        let subject = match wording.subject {
            "Item" => names.item(item)?,
            _ => Cell::maybe(id),
        };
        let value = rows.number("value", row)?;
        let reading = match (counted, provisional) {
            (true, false) => wording.counted.to_owned(),
            (true, true) => format!("{}, provisional", wording.counted),
            (false, true) => wording.provisional.to_owned(),
            (false, false) => wording.other.to_owned(),
        };
        let part = if counted { &mut above } else { &mut rest };
        part.push(vec![
            subject,
            Cell::maybe(rows.text("team", row)?),
            names.release(rows.text("release_id", row)?),
            Cell::maybe(occurred_at.map(|at| format::instant(at, zone)).as_deref()),
            Cell::number(value, wording.write),
            Cell::text(reading),
        ]);
    }
    let count = format::count(row_count, wording.one, wording.many);
    let mut summary = match wording.is_share {
        true => format!(
            "{} of {count}: {}",
            format::integer(counted_count),
            wording.counted
        ),
        false => count,
    };
    if provisional_count > 0 {
        summary += &format!("; {} provisional", format::integer(provisional_count));
    }
    Ok(List {
        heading: format!("{}, {}: {}", figure.label, figure.period, figure.figure),
        tables: [(above, wording.counted), (rest, "not counted")]
            .into_iter()
            .filter(|(rows, _)| !rows.is_empty())
            .map(|(rows, part)| part_table(figure, &wording, rows, part))
            .collect(),
        anchor: figure.anchor.clone(),
        measure: figure.measure.clone(),
        period: figure.period.clone(),
        summary,
        row_count,
        counted_count,
    })
}

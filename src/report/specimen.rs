//! Pages made up of placeholders, to try templates on before any data is there.
//!
//! Each page is tried twice: full, with everything there that may be there, and bare,
//! with nothing that may be missing. A template that names what the page does not
//! have fails on one of the two, since undefined names are errors. The models are
//! those of the real pages, so that a field added there must be added here.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use minijinja::Value;

use super::banner::Banner;
use super::changes::Change;
use super::definition::page as definitions;
use super::measures::{Limits, Measure, Point};
use super::page::{Cell, DataTable, Figure, Link, Tag};
use super::part::PartsPage;
use super::sections::Section;
use super::template::Templates;
use super::weekly::{self, DefinitionVersion, Week, WeeklyPage};
use super::{
    dependencies, full_list, gates, items, quality, quarter, quarterly, releases, risk, rules, site,
};
use crate::error::Error;

/// Renders every page that has a specimen, full and bare; returns what fails, each
/// problem once.
pub(super) fn try_templates(templates: &Templates) -> Vec<Error> {
    let mut problems = Vec::new();
    for is_full in [true, false] {
        let page = weekly(is_full);
        let drawings = Value::from_pairs(weekly::drawings(&page));
        let index = site::specimen(&page);
        let quality = quality::specimen(&page, is_full);
        let definitions = definitions::specimen(&page, is_full);
        let none = Value::UNDEFINED;
        let back = link();
        let quarter = quarter::specimen(is_full);
        let success = quarter::success_specimen(is_full);
        let tried = [
            templates.render("weekly.html", &page, &drawings, 1),
            templates.render("weekly_index.html", &index, &drawings, 1),
            templates.render("index.html", &index, &drawings, 0),
            templates.render("data-quality.html", &quality, &none, 0),
            templates.render("definitions.html", &definitions, &none, 0),
            templates.render("quarter.html", &quarter, &drawings, 1),
            templates.render("quarter_success.html", &success, &drawings, 1),
            templates.render(
                "quarters_index.html",
                &quarterly::specimen(is_full),
                &none,
                1,
            ),
            templates.render(
                "governance.html",
                &gates::governance_specimen(&page, is_full),
                &drawings,
                0,
            ),
            templates.render(
                "dependencies.html",
                &dependencies::specimen(&page, is_full),
                &none,
                0,
            ),
            templates.render(
                "swimlanes.html",
                &dependencies::swimlanes_specimen(&page, is_full),
                &drawings,
                0,
            ),
            templates.render(
                "portfolio.html",
                &PartsPage::specimen(&page, is_full),
                &drawings,
                0,
            ),
            templates.render("risk.html", &risk::specimen(&page, is_full), &drawings, 0),
            templates.render("rules.html", &rules::specimen(&page, is_full), &drawings, 0),
            templates.render(
                "forecasts.html",
                &PartsPage::specimen(&page, is_full),
                &drawings,
                0,
            ),
            templates.render(
                "calibration.html",
                &PartsPage::specimen(&page, is_full),
                &drawings,
                0,
            ),
            templates.render(
                "feedback.html",
                &PartsPage::specimen(&page, is_full),
                &drawings,
                0,
            ),
            templates.render(
                "calendar.html",
                &PartsPage::specimen(&page, is_full),
                &drawings,
                0,
            ),
            templates.render(
                "environments.html",
                &PartsPage::specimen(&page, is_full),
                &drawings,
                0,
            ),
            templates.render(
                "volatility.html",
                &PartsPage::specimen(&page, is_full),
                &drawings,
                0,
            ),
            templates.render("items.html", &items::specimen(&page, is_full), &none, 1),
            templates.render(
                "list.html",
                &full_list::specimen(&page, &back, is_full),
                &none,
                1,
            ),
        ];
        let tried = tried
            .into_iter()
            .chain(releases::try_pages(templates, is_full));
        problems.extend(tried.filter_map(Result::err));
    }
    let mut told = BTreeSet::new();
    problems.retain(|problem| told.insert(problem.to_string()));
    problems
}

/// A link to the page itself.
fn link() -> Link {
    Link {
        href: "#content".to_owned(),
        text: text(),
    }
}

/// A placeholder.
pub(super) fn text() -> String {
    "specimen".to_owned()
}

/// A list of one, or of none.
pub(super) fn list<T>(is_full: bool, one: impl FnOnce() -> T) -> Vec<T> {
    is_full.then(one).into_iter().collect()
}

/// A table with a row of numbers and links, or without a row.
pub(super) fn table(is_full: bool) -> DataTable {
    let named = Cell::text(text()).link(Some("https://specimen.example"));
    let number = Cell::integer(2).noted(Some("specimen"));
    let row = vec![named, number];
    let rows = if is_full {
        vec![row.clone(), row]
    } else {
        Vec::new()
    };
    let mut table = DataTable::new(text(), &["Specimen", "#Number"], rows, 1);
    if is_full {
        table.link_all(link());
    }
    table
}

/// The weekly page.
pub(super) fn weekly(is_full: bool) -> WeeklyPage {
    let tag = || Tag::new("none", text());
    let monday = NaiveDate::from_isoywd_opt(2026, 27, chrono::Weekday::Mon);
    WeeklyPage {
        schema_version: 1,
        contract_version: 1,
        engine_version: "0.0.0",
        project: text(),
        week: Week::of(monday.unwrap_or_default()),
        time_zone: text(),
        as_of: text(),
        as_of_text: text(),
        snapshot: text(),
        previous: is_full.then(link),
        next: is_full.then(link),
        banner: Banner {
            warnings: list(is_full, text),
            facts: list(is_full, text),
            notes: list(is_full, text),
        },
        changes: list(is_full, || Change {
            tag: tag(),
            text: text(),
            link: Some(link()),
            rows: Some(link()),
        }),
        measures: list(is_full, || measure(tag())),
        act_first: table(is_full),
        act_first_empty: text(),
        upcoming: table(is_full),
        upcoming_empty: text(),
        figures: vec![figure(is_full)],
        coverage: table(is_full),
        sources: table(is_full),
        definitions: list(is_full, || DefinitionVersion {
            mart: text(),
            sha256: text(),
            version: text(),
        }),
        sections: list(is_full, || Section::specimen(is_full)),
        definition_links: list(is_full, || ("fig-specimen".to_owned(), vec![link()]))
            .into_iter()
            .collect(),
    }
}

fn measure(reading: Tag) -> Measure {
    Measure {
        measure: "specimen",
        label: "specimen",
        figure: "fig-specimen",
        mart: "specimen",
        this_week: text(),
        this_week_basis: Some(text()),
        this_week_rows: Some(text()),
        last_week: text(),
        last_week_basis: Some(text()),
        last_week_rows: Some(text()),
        change: text(),
        usual_range: text(),
        is_grey: true,
        reading,
        is_signal: true,
        rules: vec![text()],
        limits: Some(Limits {
            centre: 1.0,
            lower: Some(0.0),
            upper: 2.0,
            weeks: 25,
        }),
        series: vec![Point {
            week_start: NaiveDate::default(),
            value: Some(1.0),
            numerator: Some(1),
            denominator: 1,
            provisional: 0,
        }],
        sparkline: text(),
        chart: None,
    }
}

/// A figure.
pub(super) fn figure(is_full: bool) -> Figure {
    Figure {
        id: "fig-specimen".to_owned(),
        title: text(),
        subtitle: text(),
        how_to_read: text(),
        table: table(is_full),
        svg: text(),
    }
}

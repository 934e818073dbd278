//! The quarter's page for executives: one sheet of paper with the answer, the
//! decisions asked, one row per measure, small multiples, capacity against plan and
//! the dates of contracts. The page model is also its JSON.

mod answer;
mod assurance;
mod decisions;
mod doubt;
mod figures;
mod measures;
mod period;
mod place;
mod plan;
mod series;
mod specimen;
mod spread;
mod success;

use std::collections::BTreeMap;

use chrono::{NaiveDate, SecondsFormat};
use minijinja::Value;
use serde::Serialize;

use super::definition::page::links_of;
use super::forecasts::quarter_forecasts;
use super::format;
use super::freshness::Freshness;
use super::gates::{QuarterGates, Verdicts, quarter_words};
use super::items::{ListedFigure, ListedReport};
use super::marts::Marts;
use super::measures::Feeds;
use super::page::{DataTable, Figure, Link};
use crate::calendar;
use crate::config::Config;
use crate::contract;
use crate::error::Result;
use crate::lake::Rows;
use decisions::{Decisions, Found, StaleSource};
use doubt::Doubt;
use measures::{BEFORE, Judging, QuarterMeasure, YEAR_AGO};
use spread::Spreads;

pub(super) use period::Quarter;
pub(super) use specimen::quarter as specimen;
pub(super) use success::{SuccessPage, build_success, specimen as success_specimen};

/// The version of the JSON beside the pages.
const SCHEMA_VERSION: u32 = 1;

/// Up to how many decisions and contracts, together, three rows of trends fit the sheet.
const MOST_BESIDE_ALL_TRENDS: usize = 6;

/// What every page of a quarter has.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Head {
    pub(super) schema_version: u32,
    pub(super) contract_version: u32,
    pub(super) engine_version: &'static str,
    pub(super) project: String,
    pub(super) quarter: Quarter,
    pub(super) time_zone: String,
    pub(super) as_of: String,
    pub(super) as_of_text: String,
    pub(super) snapshot: String,
}

/// The quarter's page.
#[derive(Debug, Serialize)]
pub(super) struct QuarterPage {
    #[serde(flatten)]
    pub(super) head: Head,
    previous: Option<Link>,
    next: Option<Link>,
    /// At most three sentences; the first is the headline.
    answer: Vec<String>,
    /// One line: how far the data reach, and what has stopped.
    banner: String,
    is_warning: bool,
    decisions: Decisions,
    /// What the table's figures are held against.
    rule: String,
    /// What is left out of figures of the table, and why.
    remarks: Vec<String>,
    /// How the quarter's releases shipped by their gates; `None` where none shipped.
    gates: Option<QuarterGates>,
    /// How many open releases will rather miss their plan; `None` without a forecast.
    forecasts: Option<String>,
    measures: Vec<QuarterMeasure>,
    last_label: String,
    year_label: String,
    pub(super) figures: Vec<Figure>,
    /// By the anchor of a figure: the definitions behind it.
    definition_links: BTreeMap<String, Vec<Link>>,
    capacity: DataTable,
    /// What is said where no hours or themes are known.
    capacity_empty: String,
    contracts: DataTable,
    /// What is said where no commitments are known.
    contracts_empty: String,
}

impl QuarterPage {
    /// Returns the figures of the page, each to be listed with its rows.
    pub(super) fn listed(&self) -> ListedReport {
        let quarter = &self.head.quarter;
        let mut figures = Vec::new();
        for measure in &self.measures {
            for (of, suffix, figure) in [
                (quarter, "", &measure.now),
                (&quarter.before(1), BEFORE, &measure.last_quarter),
                (&quarter.before(4), YEAR_AGO, &measure.year_ago),
            ] {
                figures.push(ListedFigure {
                    anchor: format!("{}{suffix}", measure.measure),
                    measure: measure.measure.to_owned(),
                    label: measure.label.clone(),
                    period_kind: "quarter",
                    period: of.name.clone(),
                    figure: figure.clone(),
                });
            }
        }
        ListedReport {
            stem: quarter.name.clone(),
            title: quarter.label.clone(),
            section: "quarters",
            back: Link {
                href: format!("../quarters/{}.html", quarter.name),
                text: quarter.label.clone(),
            },
            figures,
        }
    }
}

/// Builds the page of the last whole quarter, if there is one. `quarters` are those
/// of the site's other pages.
pub(super) fn build_quarter(
    config: &Config,
    marts: &Marts,
    quarters: &[Quarter],
    verdicts: &Verdicts,
) -> Result<Option<QuarterPage>> {
    let rows = marts.rows("quarterly_measures")?;
    let Some(quarter) = series::last_quarter(&rows)? else {
        return Ok(None);
    };
    let zone = config.project.time_zone;
    let freshness = Freshness::load(marts, config)?;
    let weekly_href = format!("../weekly/{}.html", calendar::iso_week(marts.week_start));
    let measures = {
        let compared = [&quarter, &quarter.before(1), &quarter.before(4)];
        let spreads = Spreads::load(&marts.rows("measure_rows")?, &compared, zone)?;
        let end = quarter.end_on;
        let feeds = Feeds {
            is_fed: &|table| marts.is_fed(table),
            is_stale: &|table| freshness.is_stale_on(table, end, zone),
        };
        let judging = Judging {
            quarter: &quarter,
            spreads: &spreads,
            doubt: &Doubt::load(&marts.rows("success_rate")?, zone)?,
            feeds: &feeds,
            targets: &config.targets,
        };
        measures::read_measures(&rows, &judging)?
    };
    let today = marts.as_of.with_timezone(&zone).date_naive();
    let promises = plan::read_promises(&marts.rows("commitment_dates")?)?;
    let scope = marts.rows("scope_volatility")?;
    let releases = decisions::late_releases(&scope, today, zone)?;
    let names = release_names(&scope)?;
    let stale = stale_sources(&freshness, config);
    let decisions = decisions::ask(&Found {
        today,
        promises: &promises,
        releases: &releases,
        measures: &measures,
        stale: &stale,
        places: &place::places(&marts.rows("measure_rows")?, &names, &quarter)?,
        releases_href: format!("{weekly_href}#fig-releases"),
    });
    let mut drawn = figures::build_figures(&measures);
    // The sheet is one: what is asked of its reader goes before the third row of trends.
    let contracts = plan::promise_table(&promises, &quarter);
    if decisions.shown.len() + contracts.rows.len() > MOST_BESIDE_ALL_TRENDS {
        drawn.truncate(figures::TWO_ROWS);
    }
    let known = marts.is_fed("commitments").then_some(promises.as_slice());
    let neighbour = |quarter: &Quarter| Link {
        href: format!("{}.html", quarter.name),
        text: quarter.label.clone(),
    };
    let earlier = quarters
        .iter()
        .filter(|other| other.start_on < quarter.start_on);
    let later = quarters
        .iter()
        .filter(|other| other.start_on > quarter.start_on);
    Ok(Some(QuarterPage {
        previous: earlier.max_by_key(|other| other.start_on).map(neighbour),
        next: later.min_by_key(|other| other.start_on).map(neighbour),
        answer: answer::answer(&measures, known, &quarter),
        banner: banner(marts, config, &freshness, &stale),
        is_warning: !stale.is_empty(),
        decisions,
        rule: rule(&measures),
        remarks: remarks(marts, &measures)?,
        forecasts: quarter_forecasts(marts)?,
        gates: quarter_words(verdicts, zone, &quarter),
        definition_links: links_of(&drawn, 1, figures::marts_behind),
        figures: drawn,
        last_label: quarter.before(1).label,
        year_label: quarter.before(4).label,
        capacity: plan::capacity_table(&marts.rows("theme_capacity")?, &quarter)?,
        capacity_empty: marts
            .missing(&["themes", "effort"])
            .unwrap_or_else(|| "No hours and no themes are known of this quarter.".to_owned()),
        contracts,
        contracts_empty: marts
            .missing(&["commitments"])
            .unwrap_or_else(|| "No contract date is open or fell into this quarter.".to_owned()),
        measures,
        head: head(config, marts, quarter),
    }))
}

/// Returns the releases' names by their ids, of those that have one.
fn release_names(releases: &Rows) -> Result<BTreeMap<String, String>> {
    let mut names = BTreeMap::new();
    for row in releases.indices() {
        let id = releases.text("release_id", row)?.unwrap_or_default();
        let name = releases.text("release_name", row)?.unwrap_or_default();
        if !name.trim().is_empty() {
            names.insert(id.to_owned(), name.to_owned());
        }
    }
    Ok(names)
}

fn head(config: &Config, marts: &Marts, quarter: Quarter) -> Head {
    Head {
        schema_version: SCHEMA_VERSION,
        contract_version: contract::VERSION,
        engine_version: env!("CARGO_PKG_VERSION"),
        project: config.project.name.clone(),
        quarter,
        time_zone: config.project.time_zone.name().to_owned(),
        as_of: marts.as_of.to_rfc3339_opts(SecondsFormat::AutoSi, true),
        as_of_text: format::instant(marts.as_of, config.project.time_zone),
        snapshot: marts.manifest.snapshot.clone(),
    }
}

fn stale_sources(freshness: &Freshness, config: &Config) -> Vec<StaleSource> {
    let zone = config.project.time_zone;
    let source = |(table, last_on): (&str, NaiveDate)| StaleSource {
        table: table.to_owned(),
        last_on,
    };
    freshness.stale(zone).map(source).collect()
}

/// "Data to 5 Jul 2026, 23:59 BST · 11,054 rows read, 7 set aside · all sources fresh".
fn banner(marts: &Marts, config: &Config, freshness: &Freshness, stale: &[StaleSource]) -> String {
    let reach = match freshness.latest() {
        Some(latest) => format!(
            "Data to {}",
            format::instant(latest, config.project.time_zone)
        ),
        None => "No dated row".to_owned(),
    };
    let read = format::count(marts.snapshot.rows(), "row", "rows");
    let aside = format::integer(marts.snapshot.sum(|a| a.set_aside));
    let stopped = match stale {
        [] => "no source has stopped".to_owned(),
        _ => {
            let tables: Vec<&str> = stale.iter().map(|source| source.table.as_str()).collect();
            format!("stopped: {}", tables.join(", "))
        }
    };
    format!("{reach} · {read} read, {aside} set aside · {stopped}")
}

/// Says what a signal is called on, with the number of quarters known.
fn rule(measures: &[QuarterMeasure]) -> String {
    let known = measures.iter().map(|m| {
        m.series
            .iter()
            .filter(|point| point.value.is_some())
            .count()
    });
    format!(
        "Signal: the 95% interval of the quarter parts from that of the quarter before or of the one a year ago. Too few quarters for natural process limits ({} of 14).",
        format::integer(known.max().unwrap_or(0))
    )
}

/// Says what a figure of the table rests on that its row has no room for.
fn remarks(marts: &Marts, measures: &[QuarterMeasure]) -> Result<Vec<String>> {
    let is_range = |measure: &QuarterMeasure| measure.now_at_most.is_some();
    let range = measures.iter().any(is_range).then(|| {
        "Success counts every failure; (to …) is what it would be if only failures counted that the sources name, without incidents that are attributed by change, CI or system.".to_owned()
    });
    Ok(range
        .into_iter()
        .chain(uncounted_incidents(marts)?)
        .collect())
}

/// Says which rows of incidents count for no figure of the table.
fn uncounted_incidents(marts: &Marts) -> Result<Option<String>> {
    let coverage = marts.rows("coverage")?;
    let (mut all, mut problems, mut reports) = (0, 0, 0);
    for row in coverage.indices() {
        if coverage.text("metric", row)? != Some("attribution_methods") {
            continue;
        }
        let count = coverage.integer("row_count", row)?.unwrap_or(0);
        match coverage.text("rule", row)? {
            Some("rows_in") => all = count,
            Some("problem") => problems = count,
            Some("user_report") => reports = count,
            _ => {}
        }
    }
    if problems + reports == 0 {
        return Ok(None);
    }
    Ok(Some(format!(
        "Problems ({}) and reports of users ({}) among the {} of incidents are no incidents: they fail no deployment, and no deployment is rework for one of them alone.",
        format::integer(problems),
        format::integer(reports),
        format::count(all, "row", "rows"),
    )))
}

/// Returns the drawings by the name under which the template places them.
pub(super) fn drawings(figures: &[Figure]) -> BTreeMap<String, Value> {
    let drawn = |figure: &Figure| {
        let svg = Value::from_safe_string(figure.svg.clone());
        (figure.id.clone(), svg)
    };
    figures.iter().map(drawn).collect()
}

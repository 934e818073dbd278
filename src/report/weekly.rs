//! The weekly report for release leads: the page model, which is also its JSON.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, SecondsFormat};
use minijinja::Value;
use serde::Serialize;

use super::act;
use super::banner::{self, Banner};
use super::changes::{self, Change, Findings};
use super::definition;
use super::figures::{self, Context};
use super::format;
use super::freshness::Freshness;
use super::full_list;
use super::gates::Verdicts;
use super::marts::Marts;
use super::measures::{self, Feeds, Measure};
use super::page::{DataTable, Figure, Link};
use super::sections::{self, Section};
use crate::calendar;
use crate::config::Config;
use crate::contract;
use crate::error::Result;
use crate::lake::StoredMart;

/// The version of the JSON beside the pages.
const SCHEMA_VERSION: u32 = 1;

/// How many bytes drawings and tables may take, so that the page stays below 400 kB.
const MOST_BYTES: usize = 270_000;

/// How many items to act on the page lists, however large its drawings are.
const MOST_TO_ACT_ON: usize = 30;

/// The weekly page.
#[derive(Debug, Serialize)]
pub(super) struct WeeklyPage {
    pub(super) schema_version: u32,
    pub(super) contract_version: u32,
    pub(super) engine_version: &'static str,
    pub(super) project: String,
    pub(super) week: Week,
    pub(super) time_zone: String,
    pub(super) as_of: String,
    pub(super) as_of_text: String,
    pub(super) snapshot: String,
    pub(super) previous: Option<Link>,
    pub(super) next: Option<Link>,
    pub(super) banner: Banner,
    pub(super) changes: Vec<Change>,
    pub(super) measures: Vec<Measure>,
    pub(super) act_first: DataTable,
    /// What is said where nothing is past its pace.
    pub(super) act_first_empty: String,
    pub(super) upcoming: DataTable,
    /// What is said where no date is near.
    pub(super) upcoming_empty: String,
    pub(super) figures: Vec<Figure>,
    pub(super) sections: Vec<Section>,
    pub(super) coverage: DataTable,
    pub(super) sources: DataTable,
    pub(super) definitions: Vec<DefinitionVersion>,
    /// By the anchor of a figure: the definitions behind it.
    pub(super) definition_links: BTreeMap<String, Vec<Link>>,
}

impl WeeklyPage {
    /// Returns the tables that may be too long for the page, by name.
    pub(super) fn lists(&mut self) -> impl Iterator<Item = (&str, &mut DataTable)> {
        let act_first = std::iter::once(("act-first", &mut self.act_first));
        act_first.chain(lists(&mut self.figures, &mut self.sections))
    }

    /// Shortens the lists so that the page keeps to its size, however large its
    /// drawings are; the list to act on gives way last.
    pub(super) fn shorten_lists(&mut self) {
        let drawings = self.figures.iter().map(|figure| figure.svg.len());
        let drawn: usize = drawings.sum();
        self.act_first.shorten(MOST_TO_ACT_ON);
        let stay = [
            &self.act_first,
            &self.upcoming,
            &self.coverage,
            &self.sources,
        ];
        let stays: usize = stay.into_iter().map(full_list::table_size).sum();
        let room = MOST_BYTES.saturating_sub(drawn + stays);
        let mut tables: Vec<&mut DataTable> = lists(&mut self.figures, &mut self.sections)
            .map(|(_, table)| table)
            .collect();
        full_list::shorten(&mut tables, room);
    }
}

/// Returns the numbers of figures and the tables of sections, by name.
fn lists<'a>(
    figures: &'a mut [Figure],
    sections: &'a mut [Section],
) -> impl Iterator<Item = (&'a str, &'a mut DataTable)> {
    let figures = figures.iter_mut();
    let tables = sections.iter_mut().flat_map(|section| &mut section.tables);
    figures
        .map(|figure| (figure.id.as_str(), &mut figure.table))
        .chain(tables.map(|part| (part.id.as_str(), &mut part.table)))
}

/// The reported week.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub(super) struct Week {
    /// Such as `2026-W27`.
    pub(super) iso: String,
    pub(super) number: u32,
    pub(super) year: i32,
    pub(super) monday: NaiveDate,
    /// From Monday to Sunday, in words.
    pub(super) text: String,
}

impl Week {
    pub(super) fn of(monday: NaiveDate) -> Self {
        let iso = monday.iso_week();
        Self {
            iso: calendar::iso_week(monday),
            number: iso.week(),
            year: iso.year(),
            monday,
            text: format::week(monday),
        }
    }

    /// Returns the week of a page's file name such as `2026-W27`.
    pub(super) fn parse(stem: &str) -> Option<Self> {
        let (year, week) = stem.split_once("-W")?;
        let date = NaiveDate::from_isoywd_opt(
            year.parse().ok()?,
            week.parse().ok()?,
            chrono::Weekday::Mon,
        )?;
        Some(Self::of(date)).filter(|found| found.iso == stem)
    }
}

/// The version of a definition: the hash of its query.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub(super) struct DefinitionVersion {
    pub(super) mart: String,
    pub(super) sha256: String,
    /// Enough of the hash to tell two versions apart.
    pub(super) version: String,
}

impl DefinitionVersion {
    /// Returns the version that a mart was made with.
    pub(super) fn of(mart: &StoredMart) -> Self {
        Self {
            mart: mart.name.clone(),
            sha256: mart.query_sha256.clone(),
            version: mart.query_sha256[..12].to_owned(),
        }
    }
}

/// Builds the page. `weeks` are those of the site's other weekly pages, `releases` the
/// addresses of the releases' pages by release id.
pub(super) fn build_weekly(
    config: &Config,
    marts: &Marts,
    weeks: &[Week],
    releases: &BTreeMap<String, String>,
    verdicts: &Verdicts,
) -> Result<WeeklyPage> {
    let freshness = Freshness::load(marts, config)?;
    let feeds = Feeds {
        is_fed: &|table| marts.is_fed(table),
        is_stale: &|table| freshness.is_stale(table),
    };
    let measures = measures::read_measures(&marts.rows("weekly_measures")?, &feeds)?;
    let context = Context {
        marts,
        config,
        measures: &measures,
        releases,
    };
    let figures = figures::build_figures(&context)?;
    let week = Week::of(marts.week_start);
    let neighbour = |week: &Week| Link {
        href: format!("{}.html", week.iso),
        text: format!("Week {}", week.number),
    };
    let earlier = weeks
        .iter()
        .filter(|other| other.monday < week.monday)
        .max_by_key(|other| other.monday);
    let later = weeks
        .iter()
        .filter(|other| other.monday > week.monday)
        .min_by_key(|other| other.monday);
    let definitions = marts.manifest.marts.iter().map(DefinitionVersion::of);
    Ok(WeeklyPage {
        schema_version: SCHEMA_VERSION,
        contract_version: contract::VERSION,
        engine_version: env!("CARGO_PKG_VERSION"),
        project: config.project.name.clone(),
        previous: earlier.map(neighbour),
        next: later.map(neighbour),
        time_zone: config.project.time_zone.name().to_owned(),
        as_of: marts.as_of.to_rfc3339_opts(SecondsFormat::AutoSi, true),
        as_of_text: format::instant(marts.as_of, config.project.time_zone),
        snapshot: marts.manifest.snapshot.clone(),
        banner: banner::build_banner(marts, config, &freshness)?,
        changes: changes::describe_changes(&measures, &Findings::of(&context, verdicts)?),
        act_first: act::act_first(&marts.rows("aging")?)?,
        act_first_empty: marts.missing(&["items"]).unwrap_or_else(|| {
            "No committed item is older than 85% of finished items were at its stage.".to_owned()
        }),
        upcoming: act::upcoming(marts, config, releases, verdicts)?,
        upcoming_empty: marts.missing(&["releases"]).unwrap_or_else(|| {
            "No freeze, no planned release and no open gate falls into the next 14 days.".to_owned()
        }),
        coverage: banner::coverage_table(marts, |_| true)?,
        sources: banner::source_table(marts),
        definitions: definitions.collect(),
        definition_links: definition::page::links_of(&figures, 1, figures::marts_behind),
        week,
        figures,
        sections: sections::build_sections(&context)?,
        measures,
    })
}

/// Returns the drawings by the name under which the template places them.
pub(super) fn drawings(page: &WeeklyPage) -> BTreeMap<String, Value> {
    let figures = page
        .figures
        .iter()
        .map(|figure| (figure.id.clone(), &figure.svg));
    let sparklines = page
        .measures
        .iter()
        .map(|m| (m.measure.to_owned(), &m.sparkline));
    figures
        .chain(sparklines)
        .map(|(name, svg)| (name, Value::from_safe_string(svg.clone())))
        .collect()
}

//! The page models, which are also the JSON: a release, and its retrospective.

use std::collections::BTreeMap;

use chrono::SecondsFormat;
use serde::Serialize;

use super::facts::fact_table;
use super::figures::{self, Context};
use super::lists::{List, build_lists};
use super::model::Release;
use super::paragraph::{Phrase, Setting, describe};
use super::questions::{Questions, ask};
use super::tables;
use crate::config::Config;
use crate::contract;
use crate::report::banner::Banner;
use crate::report::definition::page::links_of;
use crate::report::feedback;
use crate::report::forecasts::ReleaseForecast;
use crate::report::format;
use crate::report::freshness::Freshness;
use crate::report::gates::{Verdict, Verdicts, exception_table};
use crate::report::marts::Marts;
use crate::report::measures;
use crate::report::page::{DataTable, Figure, Link, Tag};
use crate::report::rules::ReleaseRules;
use crate::report::specimen::text;
use crate::report::weekly::{DefinitionVersion, WeeklyPage};

/// The version of the JSON beside the pages.
const SCHEMA_VERSION: u32 = 1;

/// The definitions behind the pages.
const DEFINITIONS: [&str; 15] = [
    "cycle_time",
    "estimation_accuracy",
    "feedback_patterns",
    "gate_results",
    "pattern_reports",
    "release_gates",
    "release_incidents",
    "release_item_spans",
    "release_items",
    "release_scope_moves",
    "release_stage_times",
    "release_summary",
    "release_verdicts",
    "scope_volatility",
    "success_rate",
];

/// What every page of a release has.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Common {
    schema_version: u32,
    contract_version: u32,
    engine_version: &'static str,
    project: String,
    time_zone: String,
    as_of: String,
    as_of_text: String,
    snapshot: String,
    banner: Banner,
    definitions: Vec<DefinitionVersion>,
}

impl Common {
    pub(super) fn new(config: &Config, marts: &Marts, banner: Banner) -> Self {
        let stored = marts.manifest.marts.iter();
        let used = stored.filter(|mart| DEFINITIONS.contains(&mart.name.as_str()));
        Self {
            schema_version: SCHEMA_VERSION,
            contract_version: contract::VERSION,
            engine_version: env!("CARGO_PKG_VERSION"),
            project: config.project.name.clone(),
            time_zone: config.project.time_zone.name().to_owned(),
            as_of: marts.as_of.to_rfc3339_opts(SecondsFormat::AutoSi, true),
            as_of_text: format::instant(marts.as_of, config.project.time_zone),
            snapshot: marts.manifest.snapshot.clone(),
            banner,
            definitions: used.map(DefinitionVersion::of).collect(),
        }
    }

    /// Returns what a weekly page says of the run, to try templates on.
    pub(super) fn specimen(page: WeeklyPage) -> Self {
        Self {
            schema_version: page.schema_version,
            contract_version: page.contract_version,
            engine_version: page.engine_version,
            project: page.project,
            time_zone: page.time_zone,
            as_of: page.as_of,
            as_of_text: page.as_of_text,
            snapshot: page.snapshot,
            banner: page.banner,
            definitions: page.definitions,
        }
    }
}

/// Which release a page is about.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Identity {
    pub(super) release_id: String,
    pub(super) name: String,
    pub(super) slug: String,
    version: Option<String>,
    system: Option<String>,
    criticality: Option<String>,
    summary: Option<String>,
    state: Tag,
    /// Whether there is a retrospective of it.
    has_retrospective: bool,
}

impl Identity {
    pub(super) fn of(release: &Release, slug: &str) -> Self {
        Self {
            release_id: release.id.clone(),
            name: release.name.clone(),
            slug: slug.to_owned(),
            version: release.version.clone(),
            system: release.system.clone(),
            criticality: release.criticality.clone(),
            summary: release.summary.clone(),
            state: release.state.tag(),
            has_retrospective: release.state.has_retrospective(),
        }
    }

    /// Returns a placeholder.
    pub(super) fn specimen(is_full: bool) -> Self {
        Self {
            release_id: text(),
            name: text(),
            slug: text(),
            version: is_full.then(text),
            system: is_full.then(text),
            criticality: is_full.then(text),
            summary: is_full.then(text),
            state: Tag::new("none", text()),
            has_retrospective: is_full,
        }
    }
}

/// A release's page.
#[derive(Debug, Serialize)]
pub(super) struct ReleasePage<'a> {
    #[serde(flatten)]
    pub(super) common: &'a Common,
    pub(super) release: Identity,
    pub(super) earlier: Option<Link>,
    pub(super) later: Option<Link>,
    pub(super) paragraph: Vec<Phrase>,
    /// The verdict of its gates; `None` where the export has no such release.
    pub(super) gates: Option<Tag>,
    /// When it will be done; `None` where it is over.
    pub(super) forecast: Option<Link>,
    pub(super) facts: DataTable,
    pub(super) figures: Vec<Figure>,
    pub(super) definition_links: FigureLinks,
    pub(super) deployments: DataTable,
    pub(super) deployments_empty: String,
    pub(super) events: DataTable,
    pub(super) events_empty: String,
    pub(super) items: DataTable,
    pub(super) items_empty: String,
    pub(super) moves: DataTable,
    pub(super) lists: Vec<List>,
}

/// A release's retrospective.
#[derive(Debug, Serialize)]
pub(super) struct RetrospectivePage<'a> {
    #[serde(flatten)]
    pub(super) common: &'a Common,
    pub(super) release: Identity,
    /// Whether it has shipped or was cancelled; else the page says "so far".
    pub(super) is_over: bool,
    pub(super) paragraph: Vec<Phrase>,
    pub(super) questions: Questions,
    /// What its gates did not simply pass; `None` where nothing was judged.
    pub(super) exceptions: Option<DataTable>,
    pub(super) figures: Vec<Figure>,
    pub(super) definition_links: FigureLinks,
    pub(super) events: DataTable,
    pub(super) events_empty: String,
    /// Recurring patterns with reports that are tied to it.
    pub(super) patterns: DataTable,
    pub(super) patterns_empty: String,
    /// Recommended rules whose evidence includes the release; `None` where there is none.
    pub(super) rules: Option<DataTable>,
}

/// By the anchor of a figure: the definitions behind it.
type FigureLinks = BTreeMap<String, Vec<Link>>;

/// What pages of releases are built from.
pub(super) struct Builder<'a> {
    pub(super) config: &'a Config,
    pub(super) marts: &'a Marts,
    pub(super) freshness: &'a Freshness,
    pub(super) common: &'a Common,
    pub(super) verdicts: &'a Verdicts,
    pub(super) forecasts: &'a BTreeMap<String, ReleaseForecast>,
    /// By release, the recurring patterns that its reports belong to.
    pub(super) patterns: &'a BTreeMap<String, DataTable>,
    pub(super) rules: &'a ReleaseRules,
}

impl Builder<'_> {
    fn is_fed(&self) -> impl Fn(&str) -> bool {
        |table| self.marts.is_fed(table)
    }

    fn missing(&self) -> impl Fn(&[&str]) -> Option<String> {
        |tables| self.marts.missing(tables)
    }

    /// Returns which table behind a measure stopped before the release was over, or, of
    /// one that is not over yet, before this report.
    pub(super) fn stale_source(&self, release: &Release, measure: &str) -> Option<Tag> {
        let zone = self.config.project.time_zone;
        measures::stale_source(measure, &|table| match release.over_at() {
            Some(at) if at < self.marts.as_of => {
                let day = at.with_timezone(&zone).date_naive();
                self.freshness.is_stale_on(table, day, zone)
            }
            _ => self.freshness.is_stale(table),
        })
    }

    /// Builds a release's page; `earlier` and `later` are its neighbours.
    pub(super) fn release_page(
        &self,
        release: &Release,
        slug: &str,
        [earlier, later]: [Option<Link>; 2],
    ) -> ReleasePage<'_> {
        let zone = self.config.project.time_zone;
        let setting = Setting {
            zone,
            is_fed: &self.is_fed(),
            stale: &|measure| self.stale_source(release, measure),
            lists: "",
        };
        let context = Context {
            release,
            zone,
            as_of: self.marts.as_of,
            missing: &self.missing(),
        };
        let figures = vec![figures::scope_figure(&context)];
        ReleasePage {
            common: self.common,
            release: Identity::of(release, slug),
            earlier,
            later,
            paragraph: describe(release, &setting),
            gates: self.verdicts.of(&release.id).map(Verdict::tag),
            forecast: self.forecasts.get(&release.id).map(|forecast| Link {
                href: "../forecasts.html#releases".to_owned(),
                text: forecast.line(),
            }),
            facts: fact_table(release, &setting),
            definition_links: links_of(&figures, 1, figures::marts_behind),
            figures,
            deployments: tables::deployment_table(release, zone),
            deployments_empty: self.empty(
                &["deployments"],
                "No production deployment of it has been completed.",
            ),
            events: tables::event_table(release, zone),
            events_empty: self.events_empty(),
            items: tables::item_table(release, zone),
            items_empty: self.empty(&["items"], "No item was ever in it."),
            moves: tables::move_table(release, zone),
            lists: build_lists(release, zone),
        }
    }

    /// Builds a release's retrospective, which lies one folder below its page.
    pub(super) fn retrospective_page(
        &self,
        release: &Release,
        slug: &str,
    ) -> RetrospectivePage<'_> {
        let zone = self.config.project.time_zone;
        let lists = format!("../{slug}.html");
        let setting = Setting {
            zone,
            is_fed: &self.is_fed(),
            stale: &|measure| self.stale_source(release, measure),
            lists: &lists,
        };
        let context = Context {
            release,
            zone,
            as_of: self.marts.as_of,
            missing: &self.missing(),
        };
        let figures = figures::build_figures(&context);
        RetrospectivePage {
            common: self.common,
            release: Identity::of(release, slug),
            is_over: release.state.is_over(),
            paragraph: describe(release, &setting),
            questions: ask(release, &setting),
            exceptions: self
                .verdicts
                .of(&release.id)
                .map(|verdict| exception_table(verdict, zone, self.marts.as_of)),
            definition_links: links_of(&figures, 2, figures::marts_behind),
            figures,
            events: tables::event_table(release, zone),
            events_empty: self.events_empty(),
            patterns: self
                .patterns
                .get(&release.id)
                .cloned()
                .unwrap_or_else(feedback::no_patterns),
            patterns_empty: feedback::missing(self.marts).unwrap_or_else(|| {
                "No report that is tied to it belongs to a recurring pattern.".to_owned()
            }),
            rules: self.rules.of(&release.id).cloned(),
        }
    }

    /// What stands in the place of a table without rows.
    pub(super) fn empty(&self, tables: &[&str], otherwise: &str) -> String {
        self.marts
            .missing(tables)
            .unwrap_or_else(|| otherwise.to_owned())
    }

    fn events_empty(&self) -> String {
        self.empty(
            &["deployments", "incidents"],
            "No incident, rollback or hotfix is tied to its deployments.",
        )
    }
}

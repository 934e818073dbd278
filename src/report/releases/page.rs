//! The page models, which are also the JSON: a release, its retrospective, and the
//! list of all releases.

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
use crate::report::format;
use crate::report::marts::Marts;
use crate::report::page::{Cell, DataTable, Figure, Link, Tag};
use crate::report::weekly::DefinitionVersion;

/// The version of the JSON beside the pages.
const SCHEMA_VERSION: u32 = 1;

/// The definitions behind the pages.
const DEFINITIONS: [&str; 9] = [
    "cycle_time",
    "estimation_accuracy",
    "release_incidents",
    "release_items",
    "release_scope_moves",
    "release_stage_times",
    "release_summary",
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
    fn of(release: &Release, slug: &str) -> Self {
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
}

/// A release's page.
#[derive(Debug, Serialize)]
pub(super) struct ReleasePage<'a> {
    #[serde(flatten)]
    common: &'a Common,
    release: Identity,
    earlier: Option<Link>,
    later: Option<Link>,
    paragraph: Vec<Phrase>,
    facts: DataTable,
    pub(super) figures: Vec<Figure>,
    deployments: DataTable,
    deployments_empty: String,
    events: DataTable,
    events_empty: String,
    items: DataTable,
    items_empty: String,
    moves: DataTable,
    lists: Vec<List>,
}

/// A release's retrospective.
#[derive(Debug, Serialize)]
pub(super) struct RetrospectivePage<'a> {
    #[serde(flatten)]
    common: &'a Common,
    release: Identity,
    /// Whether it has shipped or was cancelled; else the page says "so far".
    is_over: bool,
    paragraph: Vec<Phrase>,
    questions: Questions,
    pub(super) figures: Vec<Figure>,
    events: DataTable,
    events_empty: String,
}

/// What pages of releases are built from.
pub(super) struct Builder<'a> {
    pub(super) config: &'a Config,
    pub(super) marts: &'a Marts,
    pub(super) common: &'a Common,
}

impl Builder<'_> {
    fn is_fed(&self) -> impl Fn(&str) -> bool {
        |table| self.marts.is_fed(table)
    }

    fn missing(&self) -> impl Fn(&[&str]) -> Option<String> {
        |tables| self.marts.missing(tables)
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
            lists: "",
        };
        let context = Context {
            release,
            zone,
            as_of: self.marts.as_of,
            missing: &self.missing(),
        };
        ReleasePage {
            common: self.common,
            release: Identity::of(release, slug),
            earlier,
            later,
            paragraph: describe(release, &setting),
            facts: fact_table(release, &setting),
            figures: vec![figures::scope_figure(&context)],
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
            lists: &lists,
        };
        let context = Context {
            release,
            zone,
            as_of: self.marts.as_of,
            missing: &self.missing(),
        };
        RetrospectivePage {
            common: self.common,
            release: Identity::of(release, slug),
            is_over: release.state.is_over(),
            paragraph: describe(release, &setting),
            questions: ask(release, &setting),
            figures: figures::build_figures(&context),
            events: tables::event_table(release, zone),
            events_empty: self.events_empty(),
        }
    }

    fn empty(&self, tables: &[&str], otherwise: &str) -> String {
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

/// The list of all releases.
#[derive(Debug, Serialize)]
pub(super) struct ReleaseIndex<'a> {
    #[serde(flatten)]
    common: &'a Common,
    releases: DataTable,
    /// What is said where there is none.
    empty: String,
    /// What no release's page shows.
    notes: Vec<String>,
}

/// How many releases the list shows; its JSON has all.
const MOST_RELEASES: usize = 600;

impl Builder<'_> {
    /// Builds the list, the latest first.
    pub(super) fn index_page(
        &self,
        releases: &[Release],
        slugs: &[String],
        notes: Vec<String>,
    ) -> ReleaseIndex<'_> {
        let entries = releases.iter().zip(slugs);
        let rows = entries.map(|(release, slug)| self.index_row(release, slug));
        ReleaseIndex {
            common: self.common,
            releases: DataTable::new(
                "All releases, the latest first: by release day, else by planned day",
                &[
                    "Release",
                    "State",
                    "System",
                    "Planned",
                    "Released",
                    "#Days after plan",
                    "Failed deployments",
                    "#Planned items",
                    "#Added",
                    "#Removed",
                    "#After freeze",
                    "#Delivered",
                ],
                rows.collect(),
                MOST_RELEASES,
            ),
            empty: self.empty(&["releases"], "The exports hold no release."),
            notes,
        }
    }

    fn index_row(&self, release: &Release, slug: &str) -> Vec<Cell> {
        let zone = self.config.project.time_zone;
        let (scope, counts) = (&release.scope, &release.counts);
        let page = |anchor: &str| format!("{slug}.html#{anchor}");
        let is_measured = !matches!(
            scope.exclusion.as_deref(),
            Some("no_baseline" | "baseline_ahead")
        );
        let count = |count: u64, anchor: &str, is_known: bool| match (is_known, count) {
            (false, _) => Cell::maybe(None),
            (true, 0) => Cell::integer(0),
            (true, count) => Cell::integer(count).within(&page(anchor)),
        };
        let failed = match (counts.judged, counts.failed) {
            (0, _) => Cell::maybe(None),
            (judged, failed) => {
                let text = format!("{} of {}", format::integer(failed), format::integer(judged));
                let anchor = if failed > 0 { "failed" } else { "judged" };
                Cell::text(text).within(&page(anchor))
            }
        };
        vec![
            Cell::text(&release.name).within(&format!("{slug}.html")),
            Cell::text(release.state.tag().text),
            Cell::maybe(release.system.as_deref()),
            tables::date(release.planned_at, zone),
            tables::date(release.released_at, zone),
            Cell::number(release.slip_days, format::signed),
            failed,
            count(scope.planned, "planned", is_measured),
            count(scope.added, "added", is_measured),
            count(scope.removed, "removed", is_measured),
            count(
                scope.after_freeze,
                "after-freeze",
                is_measured && release.freeze_at.is_some(),
            ),
            count(scope.delivered, "delivered", is_measured),
        ]
    }
}

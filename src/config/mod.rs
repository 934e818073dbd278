//! `plimsoll.toml`: typed, checked, every problem at once and with its line.
//!
//! One file holds the whole configuration. It is strict: an unknown key is an
//! error that names the nearest known one. Paths in it are relative to the folder
//! that it lies in.

mod cell_format;
mod decided_rules;
mod entry;
mod export_format;
mod feed;
mod feedback;
mod forecast;
mod gates;
mod jobs;
mod mapping;
mod planning;
mod preset;
mod privacy;
pub mod pull;
mod rules;
mod scoring;
mod section;
mod source;
mod targets;
mod workflow;
mod working_calendar;

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use toml::de::DeTable;

use crate::calendar::CalendarRules;
use crate::error::{Error, ErrorKind, Result, nearest};
use crate::fs;
use section::{Problems, Section};

pub use cell_format::{DurationUnit, InstantFormat, NumberStyle};
pub use decided_rules::{
    Decision, Evidence, RULE_OUTCOMES, RULES_FILE, RuleAction, RuleState, add_decision,
    decisions_in_force,
};
pub use export_format::{ExportFormat, Format};
pub use feed::{Feed, Filter, Keep};
pub use feedback::{DistanceWeights, FeedbackRules};
pub use forecast::ForecastRules;
pub use gates::{GateRules, LimitSetting, LimitValue};
pub use jobs::{CatchUp, Job};
pub use mapping::{Addition, ColumnMapping, Origin};
pub use planning::PlanningRules;
pub use preset::preset_names;
pub use privacy::PrivacyRules;
pub use pull::Pull;
pub use rules::RuleLimits;
pub use scoring::{ScorePreset, ScoringRules};
pub use source::{Load, Source, Transform};
pub use targets::{TARGET_MEASURES, Targets};
pub use workflow::{Stage, StageKind};

/// The name of the configuration file.
pub const FILE_NAME: &str = "plimsoll.toml";

/// A project's configuration.
#[derive(Debug, Clone)]
pub struct Config {
    /// The project's folder: what paths are relative to.
    pub root: PathBuf,
    /// The SHA-256 of the configuration file's bytes, of the calendars it names, and of
    /// `rules.toml`.
    pub hash: String,
    /// Who and where.
    pub project: Project,
    /// The stages of the workflow, in order.
    pub workflow: Vec<Stage>,
    /// Working days and hours.
    pub calendar: CalendarRules,
    /// Windows and limits of the metrics.
    pub metrics: MetricRules,
    /// Limits of reading.
    pub ingest: IngestRules,
    /// How much of the lake is kept.
    pub lake: LakeRules,
    /// Whose names may be read.
    pub privacy: PrivacyRules,
    /// What measures are to reach.
    pub targets: Targets,
    /// Which gates are off, and their limits.
    pub gates: GateRules,
    /// How items are scored.
    pub scoring: ScoringRules,
    /// Limits of planning.
    pub planning: PlanningRules,
    /// What forecasts are made with.
    pub forecast: ForecastRules,
    /// How rules are found and judged.
    pub rules: RuleLimits,
    /// When reports from operations are a pattern, and what it weighs.
    pub feedback: FeedbackRules,
    /// What was decided on rules, by rule and instant.
    pub decisions: Vec<Decision>,
    /// The exports, in the order of the file.
    pub sources: Vec<Source>,
    /// What runs by itself, in the order of the file.
    pub jobs: Vec<Job>,
}

/// Who and where.
#[derive(Debug, Clone)]
pub struct Project {
    /// The name shown on every page.
    pub name: String,
    /// The zone in which days and weeks are cut.
    pub time_zone: Tz,
    /// The instant of the run where none is given on the command line.
    pub as_of: Option<DateTime<Utc>>,
    /// The environments in which a deployment counts as production.
    pub production_environments: Vec<String>,
}

impl Config {
    /// Returns all feeds of all sources.
    pub fn feeds(&self) -> impl Iterator<Item = &Feed> {
        self.sources.iter().flat_map(|source| &source.feeds)
    }
}

/// Windows and limits of the metrics.
#[derive(Debug, Clone, Copy)]
pub struct MetricRules {
    /// How long after a deployment an incident is held against it, in hours.
    pub incident_window_hours: f64,
    /// How long before the freeze the scope's baseline is taken, in days.
    pub planning_window_days: f64,
}

/// Limits of reading.
#[derive(Debug, Clone, Copy)]
pub struct IngestRules {
    /// The share of rows that may be set aside before the run stops.
    pub max_reject_share: f64,
    /// After how many days without a row a table counts as stale.
    pub stale_after_days: f64,
}

/// How much of the lake is kept.
#[derive(Debug, Clone, Copy)]
pub struct LakeRules {
    /// How many snapshots are kept, the current one among them.
    pub keep_snapshots: usize,
    /// How many days a landed export stays that nothing needs; `None` for ever.
    pub keep_landed_days: Option<u32>,
}

/// Loads the configuration from a file.
///
/// # Errors
/// `Project` where the file is not TOML, has an unknown key, or a value that makes
/// no sense; all such problems are listed. `Io` where it cannot be read.
pub fn load_config(path: &Path) -> Result<Config> {
    if !path.exists() {
        let hint = "run it in a project folder, or name one with `--config`";
        return Err(Error::new(
            ErrorKind::Project,
            format!(
                "cannot read `{}`: expected a project's configuration, found no such file",
                path.display()
            ),
        )
        .hint(hint));
    }
    let text = fs::read_to_string(path)?;
    let root = match path.parent() {
        Some(parent) if parent != Path::new("") => parent.to_owned(),
        _ => PathBuf::from("."),
    };
    parse_config(&text, root)
}

/// Parses the text of a configuration for a project in `root`.
///
/// # Errors
/// `Project`, as [`load_config`].
pub fn parse_config(text: &str, root: PathBuf) -> Result<Config> {
    let problems = Problems::new(FILE_NAME.into(), text);
    let document = match DeTable::parse(text) {
        Ok(document) => document,
        Err(error) => {
            let line = problems.line(error.span().map_or(0, |span| span.start));
            let message = format!("cannot read `{FILE_NAME}` line {line}: expected TOML");
            return Err(Error::new(
                ErrorKind::Project,
                format!("{message}, found {}", error.message()),
            )
            .hint("strings need quotes, and a table is opened once"));
        }
    };
    let hash = fs::sha256(text.as_bytes());
    let config = read_config(&Section::root(&document, &problems), root, hash);
    let found = problems.into_found();
    if found.is_empty() {
        return Ok(config);
    }
    Err(Error::gather(&format!("cannot read `{FILE_NAME}`"), found))
}

fn read_config(root: &Section<'_>, folder: PathBuf, hash: String) -> Config {
    let project = read_project(&root.section("project"));
    let workflow = workflow::read_workflow(&root.section("workflow"));
    let sources = source::read_sources(&root.sections("sources"), project.time_zone, &folder);
    let (calendar, mut files) = working_calendar::read_calendar(&root.section("calendar"), &folder);
    let (decisions, rules_hash) = decided_rules::read_decisions(&folder).unwrap_or_else(|found| {
        root.adopt(found);
        Default::default()
    });
    files.extend(rules_hash);
    let names: Vec<&str> = sources.iter().map(|source| source.name.as_str()).collect();
    let jobs = jobs::read_jobs(&root.sections("jobs"), project.time_zone, &names);
    let config = Config {
        root: folder,
        // What the configuration names, and what was decided, counts as part of it.
        hash: match files.is_empty() {
            true => hash,
            false => fs::sha256(format!("{hash} {}", files.join(" ")).as_bytes()),
        },
        calendar,
        metrics: read_metrics(&root.section("metrics")),
        ingest: read_ingest(&root.section("ingest")),
        lake: read_lake(&root.section("lake")),
        privacy: privacy::read_privacy(&root.section("privacy")),
        targets: targets::read_targets(&root.section("targets")),
        gates: gates::read_gates(&root.section("gates")),
        scoring: scoring::read_scoring(&root.section("scoring")),
        planning: planning::read_planning(&root.section("planning")),
        forecast: forecast::read_forecast(&root.section("forecast")),
        rules: rules::read_rules(&root.section("rules")),
        feedback: feedback::read_feedback(&root.section("feedback")),
        decisions,
        project,
        workflow,
        sources,
        jobs,
    };
    root.finish();
    let has_items = config.feeds().any(|feed| feed.table.name == "items");
    // A misspelt section is one problem, not also that of its absence.
    if has_items && config.workflow.is_empty() && !root.is_misspelt("workflow") {
        root.problem(
            "expected [[workflow.stages]], found none although a source feeds `items`",
            Some("list the stages in order, each with its statuses and kind".into()),
        );
    }
    if config.sources.is_empty() && !root.is_misspelt("sources") {
        let hint = "name at least one export: name, table and path".to_owned();
        root.problem("expected [[sources]], found none", Some(hint));
    }
    config
}

fn read_project(section: &Section<'_>) -> Project {
    let time_zone = section.parsed_or("time_zone", parse_zone, near_zone);
    let time_zone = time_zone.unwrap_or(Tz::UTC);
    let as_of =
        section
            .instant_text("as_of")
            .and_then(|text| match parse_as_of(&text, time_zone) {
                Ok(instant) => Some(instant),
                Err(error) => {
                    section.problem_at("as_of", error.message(), Some(AS_OF_HINT.into()));
                    None
                }
            });
    let project = Project {
        name: section.required_text("name").unwrap_or_default().to_owned(),
        time_zone,
        as_of,
        production_environments: section
            .texts("production_environments")
            .unwrap_or_else(|| vec!["production".to_owned()]),
    };
    section.finish();
    project
}

/// How an as-of is written.
const AS_OF_HINT: &str = "write year, month, day; without a time it is the first moment of that day in the project's zone";

/// Parses an as-of: an instant with its zone, or a local date or date and time.
///
/// # Errors
/// `Usage` where the text is none of them.
pub fn parse_as_of(text: &str, zone: Tz) -> Result<DateTime<Utc>> {
    crate::calendar::parse_instant(text, zone).ok_or_else(|| {
        Error::new(
            ErrorKind::Usage,
            format!("cannot read the as-of: expected an instant such as 2026-07-06T00:00:00Z, found `{text}`"),
        )
        .hint(AS_OF_HINT)
    })
}

pub(crate) fn parse_zone(text: &str) -> Result<Tz, String> {
    text.parse::<Tz>()
        .map_err(|_| "a time zone such as Europe/London".to_owned())
}

/// Returns a hint at the zone that was probably meant: its city may be all that is
/// written, and an abbreviation means several.
fn near_zone(text: &str) -> Option<String> {
    let wanted = text.replace(' ', "_").to_lowercase();
    let names = || chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
    let is_city = |name: &&str| {
        let name = name.to_lowercase();
        name == wanted || name.ends_with(&format!("/{wanted}"))
    };
    let near = names().find(is_city).or_else(|| nearest(text, names()));
    Some(match near {
        Some(name) => format!("did you mean `{name}`?"),
        None => "write a name of the IANA database, with region and city; an abbreviation such as CET means several zones".into(),
    })
}

/// Reads a list of texts, each of which must parse.
fn read_all<T: std::str::FromStr>(
    section: &Section<'_>,
    key: &'static str,
    expected: &str,
) -> Option<Vec<T>> {
    let mut values = Vec::new();
    for text in section.texts(key)? {
        match text.parse() {
            Ok(value) => values.push(value),
            Err(_) => {
                let what = format!("`{key}`: expected {expected}, found `{text}`");
                section.problem_at(key, &what, None);
            }
        }
    }
    Some(values)
}

fn read_metrics(section: &Section<'_>) -> MetricRules {
    let rules = MetricRules {
        incident_window_hours: positive(section, "incident_window_hours", 72.0),
        planning_window_days: positive(section, "planning_window_days", 14.0),
    };
    section.finish();
    rules
}

fn positive(section: &Section<'_>, key: &'static str, default: f64) -> f64 {
    let value = section.number(key).unwrap_or(default);
    if value > 0.0 && value.is_finite() {
        return value;
    }
    let what = format!("`{key}`: expected a number above zero, found {value}");
    section.problem_at(key, &what, None);
    default
}

fn read_ingest(section: &Section<'_>) -> IngestRules {
    let max_reject_share = section.number("max_reject_share").unwrap_or(0.01);
    if !(0.0..=1.0).contains(&max_reject_share) {
        let what = format!("`max_reject_share`: expected 0 to 1, found {max_reject_share}");
        let hint = "it is a share: 0.01 lets one row of a hundred be set aside, 0 none";
        section.problem_at("max_reject_share", &what, Some(hint.into()));
    }
    let stale_after_days = positive(section, "stale_after_days", 14.0);
    section.finish();
    IngestRules {
        max_reject_share,
        stale_after_days,
    }
}

fn read_lake(section: &Section<'_>) -> LakeRules {
    let keep_snapshots = section.parsed_number("keep_snapshots").unwrap_or(5);
    if keep_snapshots == 0 {
        let what = "`keep_snapshots`: expected 1 or more, found 0";
        section.problem_at("keep_snapshots", what, None);
    }
    let keep_landed_days = section.parsed_number("keep_landed_days");
    section.finish();
    LakeRules {
        keep_snapshots,
        keep_landed_days,
    }
}

#[cfg(test)]
mod tests;

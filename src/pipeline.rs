//! The five stages in order, each reading only what the stage before it wrote.

mod rules;

use std::fs::File;
use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};

use crate::clock;
use crate::compute::{self, WhatIf};
use crate::config::Config;
use crate::engine::{Engine, Outcome};
use crate::error::{Error, ErrorKind, Result};
use crate::fs;
use crate::ingest::{self, Ingested};
use crate::lake::{self, MartManifest};
use crate::publish;
use crate::pull::{self, Landing};
use crate::query;
use crate::report::{self, Explanation, Foretold, Question, Rendered, Verdict};

pub use rules::{Candidate, RECOMMENDED, Standing, Wish, decide_rule, list_rules};

/// Checks queries and templates, touching no data; returns the number of queries.
///
/// # Errors
/// `Query`, `Template`: all that is wrong with them, at once; `Io`.
pub fn check(config: &Config) -> Result<usize> {
    let (queries, mut problems) = compute::check_queries(config)?;
    problems.extend(report::check_templates(&config.root)?);
    if problems.is_empty() {
        return Ok(queries);
    }
    Err(Error::gather("cannot use queries and templates", problems))
}

/// Keeps other runs out of a project while it lives.
#[must_use]
pub struct Alone(File);

impl Drop for Alone {
    fn drop(&mut self) {
        // Who had the project is of no use afterwards, and differs from run to run.
        let _ = self.0.set_len(0);
    }
}

/// How long lies between two looks at a lock.
const LOCK_PAUSE: Duration = Duration::from_millis(250);

/// Takes a project for one run of `command`, such as `plimsoll run`. Where another has
/// it, waits for at most `patience`.
///
/// # Errors
/// `Project` where another run is still at work in it; `Io`.
pub fn take_project(config: &Config, command: &str, patience: Duration) -> Result<Alone> {
    let path = lake::lock_path(&config.root);
    let since = clock::now().to_rfc3339_opts(SecondsFormat::Secs, true);
    let holder = format!("`{command}`, process {}, since {since}", std::process::id());
    let watch = clock::Stopwatch::start();
    loop {
        if let Some(lock) = fs::lock(&path, &holder)? {
            return Ok(Alone(lock));
        }
        if watch.elapsed() >= patience {
            break;
        }
        clock::sleep(LOCK_PAUSE);
    }
    let other = fs::read_to_string(&path).unwrap_or_default();
    let other = match other.trim() {
        "" => "another run",
        words => words,
    };
    let message = format!(
        "cannot run: expected to be alone in this project, found {other} that holds `{}`",
        path.display()
    );
    Err(Error::new(ErrorKind::Project, message)
        .hint("wait until it has ended: `--wait 600` does so for at most ten minutes"))
}

/// Copies the exports into `landing/`; with `only`, those of these sources, and the
/// others stay as they landed.
///
/// # Errors
/// As [`pull::pull`].
pub fn pull(
    config: &Config,
    only: Option<&[String]>,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Landing> {
    pull::pull(config, only, environment)
}

/// Reads the landed exports into the lake.
///
/// # Errors
/// As [`ingest::ingest`].
pub fn ingest(
    config: &Config,
    landing: &Landing,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Ingested> {
    ingest::ingest(config, landing, environment)
}

/// Computes the marts.
///
/// # Errors
/// As [`compute::compute`].
pub fn compute(config: &Config, as_of: DateTime<Utc>) -> Result<MartManifest> {
    compute::compute(config, as_of)
}

/// Writes the pages beside the site.
///
/// # Errors
/// As [`report::render`].
pub fn render(config: &Config) -> Result<Rendered> {
    let site = publish::site_folder(&config.root);
    report::render(config, &site, &publish::staging_folder(&config.root))
}

/// Puts the rendered pages in the place of the site; returns its index.
///
/// # Errors
/// As [`publish::publish`].
pub fn publish(config: &Config) -> Result<PathBuf> {
    publish::publish(&config.root)
}

/// Returns the path of the site's first page.
pub fn site_index(config: &Config) -> PathBuf {
    publish::site_folder(&config.root).join("index.html")
}

/// Returns the instant that the site is as of; `None` where nothing was computed yet.
pub fn latest_as_of(config: &Config) -> Option<DateTime<Utc>> {
    let manifest = lake::load_marts(&config.root).ok()?;
    crate::calendar::parse_instant(&manifest.as_of, config.project.time_zone)
}

/// Runs one select over the lake and the marts of the latest run; it reads nothing else.
///
/// # Errors
/// `Query` where it does not run or is more than a select, `Project` where there is no lake yet.
pub fn query(config: &Config, sql: &str) -> Result<Outcome> {
    let engine = open_lake(config)?;
    engine.close_off(&lake::lake_folder(&config.root))?;
    let outcome = engine.select_one(sql);
    match lake::has_marts(&config.root) {
        true => outcome,
        false => outcome.map_err(|error| match error.message().contains("does not exist") {
            true => error.hint("there are no marts yet, only the tables of the lake: a `plimsoll run` that comes to its end makes them"),
            false => error,
        }),
    }
}

/// Explains a figure of the latest run.
///
/// # Errors
/// As [`report::explain`].
pub fn explain(config: &Config, question: &Question<'_>) -> Result<Explanation> {
    // Without marts there is nothing to explain: that is said before anything else.
    lake::load_marts(&config.root)?;
    report::explain(config, &open_lake(config)?, question)
}

/// Judges one release by its gates as they stood at `as_of`, without touching what
/// the latest run left.
///
/// # Errors
/// As [`compute::compute_apart`] and [`report::find_verdict`].
pub fn judge_release(config: &Config, release: &str, as_of: DateTime<Utc>) -> Result<Verdict> {
    let engine = compute::compute_apart(config, as_of, &report::GATE_MARTS, &WhatIf::default())?;
    let rows = |mart: &str| {
        engine
            .select(&format!("select * from {mart}"))?
            .into_rows(mart)
    };
    report::find_verdict(release, &rows)
}

/// Forecasts the open releases as things stood at `as_of`, and as they would be where
/// `what_if` asks for something, without touching what the latest run left. With a
/// release, only its forecast is returned, and the freeze is its own.
///
/// # Errors
/// As [`compute::compute_apart`], [`report::find_release`] and [`report::check_item`];
/// `Usage` where the release is not open.
pub fn foretell(
    config: &Config,
    as_of: DateTime<Utc>,
    release: Option<&str>,
    what_if: WhatIf,
) -> Result<Foretold> {
    let compute =
        |what_if: &WhatIf| compute::compute_apart(config, as_of, &report::FORECAST_MARTS, what_if);
    let engine = compute(&WhatIf::default())?;
    let read = |engine: &Engine, name: &str, sql: &str| engine.select(sql)?.into_rows(name);
    let releases = read(&engine, "releases_as_of", "select * from releases_as_of")?;
    let release = release
        .map(|name| report::find_release(name, &releases))
        .transpose()?;
    let spans = "select release_id, item_id from release_open_spans \
                 where ended_at is null order by release_id, item_id";
    let spans = read(&engine, "release_open_spans", spans)?;
    let items = read(
        &engine,
        "forecast_items",
        "select item_id from forecast_items",
    )?;
    for item in &what_if.without {
        report::check_item(item, release.as_deref(), &spans, &items)?;
    }
    let forecasts = |engine: &Engine| {
        let rows = read(
            engine,
            "release_forecasts",
            "select * from release_forecasts",
        )?;
        report::read_forecasts(&rows, release.as_deref())
    };
    let present = forecasts(&engine)?;
    if what_if.is_nothing() {
        return Ok(Foretold {
            present,
            what_if: None,
        });
    }
    let asked = WhatIf {
        release_id: release.clone(),
        ..what_if
    };
    Ok(Foretold {
        present,
        what_if: Some(forecasts(&compute(&asked)?)?),
    })
}

/// Opens the lake and the marts of the latest run.
fn open_lake(config: &Config) -> Result<Engine> {
    let engine = Engine::open(&lake::spill_folder(&config.root), query::duckdb_prelude())?;
    let snapshot = lake::load_current(&config.root)?;
    let folder = lake::snapshot_folder(&config.root, &snapshot.snapshot);
    for table in &snapshot.tables {
        engine.register(&table.name, &folder.join(&table.file))?;
    }
    if lake::has_marts(&config.root) {
        register_marts(&engine, config)?;
    }
    Ok(engine)
}

fn register_marts(engine: &Engine, config: &Config) -> Result<()> {
    let manifest = lake::load_marts(&config.root)?;
    let folder = lake::marts_folder(&config.root);
    let settings = folder.join("settings");
    for name in compute::settings_names() {
        engine.register(name, &settings.join(format!("{name}.parquet")))?;
    }
    for mart in &manifest.marts {
        engine.register(&mart.name, &folder.join(format!("{}.parquet", mart.name)))?;
    }
    Ok(())
}

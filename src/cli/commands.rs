//! What each command does: load the configuration, run stages, print the outcome.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::progress::Progress;
use super::recorder::Recorder;
use super::{Common, OutputFormat, RunArguments, jobs, print_bytes, print_line, table};
use crate::clock;
use crate::config::{self, Config};
use crate::error::Result;
use crate::generate::{self, Options};
use crate::ingest::Ingested;
use crate::lake::{self, Account, MartManifest};
use crate::pipeline;
use crate::pull::Landing;
use crate::report::Rendered;
use crate::schedule::Purpose;

fn load(common: &Common) -> Result<Config> {
    config::load_config(&common.config)
}

/// Returns the instant of the run: the flag's, the configuration's, or now.
pub(super) fn instant(config: &Config, as_of: Option<&str>) -> Result<DateTime<Utc>> {
    match as_of {
        Some(text) => config::parse_as_of(text, config.project.time_zone),
        None => Ok(config.project.as_of.unwrap_or_else(clock::now)),
    }
}

/// Returns how long a command waits for a project that another run holds.
pub(super) fn patience(wanted: &RunArguments) -> Duration {
    Duration::from_secs(wanted.wait.unwrap_or(0))
}

pub(super) fn run(common: &Common, wanted: &RunArguments) -> Result<()> {
    if let Some(job) = &wanted.job {
        return jobs::run_job(common, wanted, job);
    }
    let config = load(common)?;
    let _alone = pipeline::take_project(&config, "plimsoll run", patience(wanted))?;
    let batch = Batch {
        purpose: Purpose {
            command: "run",
            ..Purpose::default()
        },
        as_of: instant(&config, wanted.as_of.as_deref())?,
        sources: None,
    };
    let index = batch.run(&config, &Progress::new(common))?;
    print_line(&index.display().to_string())
}

/// One run of the whole batch.
pub(super) struct Batch<'b> {
    /// What it is for.
    pub(super) purpose: Purpose,
    /// Nothing dated after it is seen.
    pub(super) as_of: DateTime<Utc>,
    /// The only sources that are pulled anew.
    pub(super) sources: Option<&'b [String]>,
}

impl Batch<'_> {
    /// Runs all stages, and returns the site's first page.
    pub(super) fn run(&self, config: &Config, progress: &Progress) -> Result<PathBuf> {
        let recorder = Recorder::start(config, progress, &self.purpose, self.as_of)?;
        let outcome = self.run_stages(config, progress, &recorder);
        recorder.end(outcome)
    }

    fn run_stages(
        &self,
        config: &Config,
        progress: &Progress,
        recorder: &Recorder<'_>,
    ) -> Result<PathBuf> {
        recorder.stage(
            "check",
            || pipeline::check(config),
            |count| format!("{count} queries"),
        )?;
        let landing = recorder.stage(
            "pull",
            || pipeline::pull(config, self.sources, &super::environment),
            describe_pull,
        )?;
        let ingest = || pipeline::ingest(config, &landing, &super::environment);
        let ingested = recorder.stage("ingest", ingest, describe_ingest)?;
        recorder.note_rows(&ingested);
        progress.warn(&ingest_warnings(config, &ingested));
        self.show(config, progress, recorder)
    }

    /// Runs the stages behind the lake, and returns the site's first page.
    pub(super) fn render_again(
        &self,
        config: &Config,
        progress: &Progress,
        snapshot: &str,
    ) -> Result<PathBuf> {
        let recorder = Recorder::start(config, progress, &self.purpose, self.as_of)?;
        recorder.note_snapshot(snapshot);
        let outcome = self.show(config, progress, &recorder);
        recorder.end(outcome)
    }

    fn show(
        &self,
        config: &Config,
        progress: &Progress,
        recorder: &Recorder<'_>,
    ) -> Result<PathBuf> {
        let marts = recorder.stage(
            "compute",
            || pipeline::compute(config, self.as_of),
            describe_compute,
        )?;
        progress.warn(&marts.warnings);
        recorder.stage("render", || pipeline::render(config), describe_render)?;
        recorder.stage(
            "publish",
            || pipeline::publish(config),
            |path| path.display().to_string(),
        )
    }
}

/// Checks, pulls and ingests; returns the name of the snapshot.
pub(super) fn pull_and_ingest(
    config: &Config,
    sources: Option<&[String]>,
    progress: &Progress,
) -> Result<String> {
    progress.stage(
        "check",
        || pipeline::check(config),
        |count| format!("{count} queries"),
    )?;
    let pull = || pipeline::pull(config, sources, &super::environment);
    let landing = progress.stage("pull", pull, describe_pull)?;
    let ingest = || pipeline::ingest(config, &landing, &super::environment);
    let ingested = progress.stage("ingest", ingest, describe_ingest)?;
    progress.warn(&ingest_warnings(config, &ingested));
    Ok(ingested.manifest.snapshot)
}

/// Takes a project for one command that does not wait.
pub(super) fn take(config: &Config, stage: &str) -> Result<pipeline::Alone> {
    pipeline::take_project(config, &format!("plimsoll {stage}"), Duration::ZERO)
}

pub(super) fn pull(common: &Common) -> Result<()> {
    let config = load(common)?;
    let _alone = take(&config, "pull")?;
    Progress::new(common).stage(
        "pull",
        || pipeline::pull(&config, None, &super::environment),
        describe_pull,
    )?;
    Ok(())
}

pub(super) fn ingest(common: &Common) -> Result<()> {
    let config = load(common)?;
    let _alone = take(&config, "ingest")?;
    let landing = crate::pull::load_landing(&config.root)?;
    let ingest = || pipeline::ingest(&config, &landing, &super::environment);
    let progress = Progress::new(common);
    let ingested = progress.stage("ingest", ingest, describe_ingest)?;
    progress.warn(&ingest_warnings(&config, &ingested));
    Ok(())
}

pub(super) fn compute(common: &Common, as_of: Option<&str>) -> Result<()> {
    let config = load(common)?;
    let _alone = take(&config, "compute")?;
    let as_of = instant(&config, as_of)?;
    let compute = || pipeline::compute(&config, as_of);
    let progress = Progress::new(common);
    let marts = progress.stage("compute", compute, describe_compute)?;
    progress.warn(&marts.warnings);
    Ok(())
}

pub(super) fn render(common: &Common) -> Result<()> {
    let config = load(common)?;
    let _alone = take(&config, "render")?;
    Progress::new(common).stage("render", || pipeline::render(&config), describe_render)?;
    Ok(())
}

pub(super) fn publish(common: &Common) -> Result<()> {
    let config = load(common)?;
    let _alone = take(&config, "publish")?;
    let publish = || pipeline::publish(&config);
    let index =
        Progress::new(common).stage("publish", publish, |path| path.display().to_string())?;
    print_line(&index.display().to_string())
}

pub(super) fn check(common: &Common) -> Result<()> {
    let config = load(common)?;
    let queries = pipeline::check(&config)?;
    print_line(&format!(
        "{}: {} sources, {queries} queries, no problem found",
        common.config.display(),
        config.sources.len()
    ))
}

pub(super) fn query(common: &Common, sql: &str, format: OutputFormat) -> Result<()> {
    let config = load(common)?;
    let outcome = pipeline::query(&config, sql)?;
    print_bytes(&table::format_rows(&outcome, format)?)
}

pub(super) fn generate(common: &Common, folder: &Path, items: u64, seed: u64) -> Result<()> {
    let options = Options { items, seed };
    let write = || generate::generate(folder, &options);
    let summary = |summary: &generate::Summary| {
        let rows: u64 = summary.files.iter().map(|file| file.rows).sum();
        format!("{} rows in {} files", thousands(rows), summary.files.len())
    };
    Progress::new(common).stage("generate", write, summary)?;
    print_line(&folder.join(config::FILE_NAME).display().to_string())
}

fn describe_pull(landing: &Landing) -> String {
    let bytes: u64 = landing.files.iter().map(|file| file.bytes).sum();
    format!(
        "{} exports, {} kB",
        landing.files.len(),
        thousands(bytes / 1_000)
    )
}

fn describe_ingest(ingested: &Ingested) -> String {
    let manifest = &ingested.manifest;
    let sum = |count: fn(&crate::lake::Account) -> u64| thousands(manifest.sum(count));
    let (rows, readings) = (manifest.rows(), manifest.sum(|a| a.rows_read));
    let read = match rows == readings {
        true => format!("{} rows read", thousands(rows)),
        false => format!(
            "{} rows, read {} times for their tables",
            thousands(rows),
            thousands(readings)
        ),
    };
    let mut text = format!(
        "{read} = {} kept + {} repeated + {} superseded + {} filtered + {} set aside",
        sum(|a| a.kept),
        sum(|a| a.repeated),
        sum(|a| a.superseded),
        sum(|a| a.filtered),
        sum(|a| a.set_aside),
    );
    match manifest.accounts.iter().map(|a| a.transformed).sum::<i64>() {
        0 => {}
        rows if rows > 0 => text += &format!(" + {} transformed", thousands(rows.unsigned_abs())),
        rows => text += &format!(" - {} made by transforms", thousands(rows.unsigned_abs())),
    }
    for changes in &ingested.changes {
        text += &format!(
            "\n{:>20} {}: {} new, {} changed, {} gone",
            "since the last run",
            changes.table,
            thousands(changes.added),
            thousands(changes.changed),
            thousands(changes.gone),
        );
    }
    text
}

/// What is no error, and still should be looked at: what the accounts say, and paths
/// that the project itself names and no row holds.
fn ingest_warnings(config: &Config, ingested: &Ingested) -> Vec<String> {
    let accounts = &ingested.manifest.accounts;
    let mut warnings: Vec<String> = accounts.iter().flat_map(Account::warnings).collect();
    for (source, table, path) in lake::unseen_everywhere(accounts) {
        let mut sources = config.sources.iter().filter(|it| it.name == source);
        let Some(source) = sources.next().filter(|it| !it.has_preset) else {
            continue;
        };
        if source.feeds.iter().any(|feed| feed.may_lack(table, path)) {
            continue;
        }
        warnings.push(format!(
            "no row of source `{}` holds anything at `{path}`, which it reads for `{table}` (`plimsoll.toml` line {})",
            source.name, source.line
        ));
    }
    warnings
}

fn describe_compute(manifest: &MartManifest) -> String {
    let rows = manifest.marts.iter().map(|mart| mart.rows).sum();
    format!(
        "{} marts, {} rows, as of {}",
        manifest.marts.len(),
        thousands(rows),
        manifest.as_of
    )
}

fn describe_render(rendered: &Rendered) -> String {
    format!("{} files, week {}", rendered.files, rendered.week)
}

fn thousands(number: u64) -> String {
    crate::report::format::integer(number)
}

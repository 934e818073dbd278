//! What the command line takes, as clap reads it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::rules::RulesCommand;
use crate::config;

/// The load line for releases: exports in, release metric reports out.
#[derive(Debug, Parser)]
#[command(name = "plimsoll", version, max_term_width = 100)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
    #[command(flatten)]
    pub(super) common: Common,
}

/// What every command takes.
#[derive(Debug, Clone, Args)]
pub(super) struct Common {
    /// The project's configuration.
    #[arg(long, global = true, value_name = "FILE", default_value = config::FILE_NAME)]
    pub(super) config: PathBuf,
    /// Say nothing but errors on stderr.
    #[arg(long, short, global = true)]
    pub(super) quiet: bool,
    /// Say on stderr how long each query took and what became of each export.
    #[arg(long, short, global = true)]
    pub(super) verbose: bool,
    /// How progress is written to stderr.
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Text)]
    pub(super) log_format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl ListFormat {
    /// Returns the format of rows that it is.
    pub(super) fn of_rows(self) -> OutputFormat {
        match self {
            Self::Table => OutputFormat::Table,
            Self::Csv => OutputFormat::Csv,
            Self::Json => OutputFormat::Json,
        }
    }
}

impl LogFormat {
    /// Returns the word for it on the command line.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum OutputFormat {
    /// Columns for people.
    Table,
    /// Comma-separated values with a header.
    Csv,
    /// An array of objects.
    Json,
    /// Apache Parquet.
    Parquet,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// The whole batch: pull, ingest, compute, render, publish.
    #[command(
        after_help = "Examples: plimsoll run --config sample-data/plimsoll.toml\n          \
                            plimsoll run --job weekly --wait 600"
    )]
    Run(RunArguments),
    /// Copy the exports into `landing/`.
    #[command(after_help = "Example: plimsoll pull")]
    Pull,
    /// Read the landed exports into the lake.
    #[command(after_help = "Example: plimsoll ingest")]
    Ingest,
    /// Compute the marts from the lake.
    #[command(after_help = "Example: plimsoll compute --as-of 2026-07-06T00:00:00Z")]
    Compute(AsOf),
    /// Write the pages from the marts, beside the site.
    #[command(after_help = "Example: plimsoll render")]
    Render,
    /// Put the rendered pages in the place of the site.
    #[command(after_help = "Example: plimsoll publish")]
    Publish,
    /// Make the pages of past periods, in order; it goes on where it stopped.
    #[command(
        after_help = "Example: plimsoll backfill --from 2026-01-05 --to 2026-06-29 --job weekly"
    )]
    Backfill(BackfillArguments),
    /// Run the jobs by their cron lines, in the foreground, until it is stopped.
    #[command(after_help = "Examples: plimsoll schedule\n          \
                            plimsoll schedule --print systemd")]
    Schedule(ScheduleArguments),
    /// List what ran, the latest first.
    #[command(after_help = "Example: plimsoll runs --format json")]
    Runs(RunsArguments),
    /// Make a project folder to start from.
    #[command(
        after_help = "Example: plimsoll init releases && plimsoll run --config releases/plimsoll.toml"
    )]
    Init(InitArguments),
    /// Show the site on this machine, for looking, until it is stopped.
    #[command(after_help = "Example: plimsoll serve --port 8080")]
    Serve(ServeArguments),
    /// Check configuration, queries and templates, touching no data.
    #[command(after_help = "Example: plimsoll check")]
    Check,
    /// Run SQL over the lake and the marts.
    #[command(
        after_help = "Example: plimsoll query \"select * from weekly_measures\" --format csv"
    )]
    Query(QueryArguments),
    /// Explain a figure: its definition, its settings, and the rows behind it.
    #[command(
        after_help = "Examples: plimsoll explain success_rate --week 2026-W27\n          \
                            plimsoll explain cycle_time --release R-14 --format csv --limit 0"
    )]
    Explain(ExplainArguments),
    /// Judge a release by its gates: exit code 0 to go, 1 not to.
    #[command(
        name = "check-release",
        after_help = "Example: plimsoll check-release R-14 && ./deploy.sh\n         \
                            plimsoll check-release R-14 --format junit > gates.xml"
    )]
    CheckRelease(CheckReleaseArguments),
    /// List the rules that the past suggests, and accept, reject or retire them.
    #[command(subcommand)]
    Rules(RulesCommand),
    /// Forecast when open releases will be done, and what would be.
    #[command(after_help = "Examples: plimsoll forecast\n          \
                            plimsoll forecast R-14 --without ABC-12 --freeze 2026-08-01")]
    Forecast(ForecastArguments),
    /// Write a seeded company's exports, a project to try things on.
    #[command(after_help = "Example: plimsoll generate --items 1000 --seed 7 --to trial")]
    Generate(GenerateArguments),
}

#[derive(Debug, Args)]
pub(super) struct AsOf {
    /// The instant of the run: nothing dated after it is seen. Default: the
    /// configuration's, else now.
    #[arg(long, value_name = "INSTANT")]
    pub(super) as_of: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct RunArguments {
    /// The instant of the run: nothing dated after it is seen. Default: the
    /// configuration's, else now.
    #[arg(long, value_name = "INSTANT", conflicts_with = "job")]
    pub(super) as_of: Option<String>,
    /// Run what this job owes: each instant of its line that has passed, in order. A
    /// run is as of its instant.
    #[arg(long, value_name = "JOB")]
    pub(super) job: Option<String>,
    /// Where another run is at work in the project, wait for at most so many seconds.
    #[arg(long, value_name = "SECONDS")]
    pub(super) wait: Option<u64>,
    /// The one instant of the job's line to run.
    #[arg(long, value_name = "INSTANT", requires = "job")]
    pub(super) scheduled_for: Option<String>,
    /// The name of the run in the ledger.
    #[arg(long, value_name = "ID", requires = "scheduled_for", hide = true)]
    pub(super) run_id: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct BackfillArguments {
    /// The first day or instant.
    #[arg(long, value_name = "INSTANT")]
    pub(super) from: String,
    /// The last day or instant.
    #[arg(long, value_name = "INSTANT")]
    pub(super) to: String,
    /// The job whose instants are made. Default: the first moment of every Monday.
    #[arg(long, value_name = "JOB")]
    pub(super) job: Option<String>,
    /// Where another run is at work in the project, wait for at most so many seconds.
    #[arg(long, value_name = "SECONDS")]
    pub(super) wait: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum PrintFor {
    /// A service and a timer per job.
    Systemd,
    /// Lines of a crontab.
    Cron,
    /// A CronJob per job.
    Kubernetes,
}

#[derive(Debug, Args)]
pub(super) struct ScheduleArguments {
    /// Run nothing: print the jobs for a scheduler that is there already.
    #[arg(long, value_enum, value_name = "SCHEDULER")]
    pub(super) print: Option<PrintFor>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ListFormat {
    /// Columns for people.
    Table,
    /// Comma-separated values with a header.
    Csv,
    /// An array of objects.
    Json,
}

#[derive(Debug, Args)]
pub(super) struct RunsArguments {
    /// How the runs are written.
    #[arg(long, value_enum, default_value_t = ListFormat::Table)]
    pub(super) format: ListFormat,
    /// How many at most; 0 for all.
    #[arg(long, value_name = "RUNS", default_value_t = 20)]
    pub(super) limit: usize,
}

#[derive(Debug, Args)]
pub(super) struct InitArguments {
    /// The folder; it must not have a configuration yet.
    #[arg(value_name = "FOLDER", default_value = ".")]
    pub(super) folder: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct ServeArguments {
    /// The port; 0 for any that is free.
    #[arg(long, default_value_t = 8080)]
    pub(super) port: u16,
}

#[derive(Debug, Args)]
pub(super) struct QueryArguments {
    /// One SELECT (or WITH, SHOW, DESCRIBE, SUMMARIZE), in DuckDB's SQL; anything else
    /// is refused.
    #[arg(allow_hyphen_values = true)]
    pub(super) sql: String,
    /// How the rows are written.
    #[arg(long, value_enum, default_value_t = OutputFormat::Table)]
    pub(super) format: OutputFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ExplainFormat {
    /// Text for people.
    Table,
    /// The rows alone, comma-separated with a header.
    Csv,
    /// Definition, figure and rows as one object.
    Json,
}

#[derive(Debug, Args)]
pub(super) struct ExplainArguments {
    /// A mart such as cycle_time, or a headline measure such as cycle_time_p85.
    pub(super) metric: String,
    /// The rows of one release: its id, name or version.
    #[arg(long, value_name = "RELEASE", conflicts_with_all = ["week", "quarter"])]
    pub(super) release: Option<String>,
    /// The rows of one ISO week. Default for a measure: the reported week.
    #[arg(long, value_name = "2026-W27", conflicts_with = "quarter")]
    pub(super) week: Option<String>,
    /// The rows of one quarter.
    #[arg(long, value_name = "2026-Q2")]
    pub(super) quarter: Option<String>,
    /// How it is written.
    #[arg(long, value_enum, default_value_t = ExplainFormat::Table)]
    pub(super) format: ExplainFormat,
    /// How many rows at most; 0 for all. Default: 20 in a table, else all.
    #[arg(long, value_name = "ROWS")]
    pub(super) limit: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum VerdictFormat {
    /// Text for people.
    Table,
    /// The verdict with every gate and what it looked at, as one object.
    Json,
    /// JUnit XML: a suite per gate, a case per subject.
    Junit,
}

#[derive(Debug, Args)]
pub(super) struct CheckReleaseArguments {
    /// The release: its id, name or version.
    pub(super) release: String,
    /// The instant to judge at: nothing dated after it is seen. Default: the
    /// configuration's, else now.
    #[arg(long, value_name = "INSTANT")]
    pub(super) as_of: Option<String>,
    /// How the verdict is written.
    #[arg(long, value_enum, default_value_t = VerdictFormat::Table)]
    pub(super) format: VerdictFormat,
}

#[derive(Debug, Args)]
pub(super) struct ForecastArguments {
    /// The release: its id, name or version. Default: all open ones.
    pub(super) release: Option<String>,
    /// What would be without this item; can be given several times.
    #[arg(long, value_name = "ITEM")]
    pub(super) without: Vec<String>,
    /// What would be if the scope froze on this day.
    #[arg(long, value_name = "DATE")]
    pub(super) freeze: Option<String>,
    /// The instant of the forecast: nothing dated after it is seen. Default: the
    /// configuration's, else now.
    #[arg(long, value_name = "INSTANT")]
    pub(super) as_of: Option<String>,
    /// How it is written.
    #[arg(long, value_enum, default_value_t = ListFormat::Table)]
    pub(super) format: ListFormat,
}

#[derive(Debug, Args)]
pub(super) struct GenerateArguments {
    /// How many backlog items the company has.
    #[arg(long, default_value_t = 1_000)]
    pub(super) items: u64,
    /// The seed: the same items and seed give the same bytes.
    #[arg(long, default_value_t = 1)]
    pub(super) seed: u64,
    /// The folder to write to; it must not exist or be empty.
    #[arg(long, value_name = "FOLDER", default_value = "generated")]
    pub(super) to: PathBuf,
}

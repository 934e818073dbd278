//! The command line: the only room that prints, reads flags or ends the process.
//!
//! Data goes to stdout, everything else to stderr. Exit code 0: published; 1: the
//! data failed and nothing was published, or a release must not ship; 2: the run was
//! not possible.

mod check_release;
mod commands;
mod explain;
mod forecast;
mod progress;
mod rules;
mod table;

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::config;
use crate::error::{Error, Result};

/// The load line for releases: exports in, release metric reports out.
#[derive(Debug, Parser)]
#[command(name = "plimsoll", version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    common: Common,
}

/// What every command takes.
#[derive(Debug, Clone, Args)]
struct Common {
    /// The project's configuration.
    #[arg(long, global = true, value_name = "FILE", default_value = config::FILE_NAME)]
    config: PathBuf,
    /// Say nothing but errors on stderr.
    #[arg(long, short, global = true)]
    quiet: bool,
    /// Say on stderr how long each query took and what became of each export.
    #[arg(long, short, global = true)]
    verbose: bool,
    /// How progress is written to stderr.
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Text)]
    log_format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OutputFormat {
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
enum Command {
    /// The whole batch: pull, ingest, compute, render, publish.
    #[command(after_help = "Example: plimsoll run --config sample-data/plimsoll.toml")]
    Run(AsOf),
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
    Rules(rules::RulesCommand),
    /// Forecast when open releases will be done, and what would be.
    #[command(after_help = "Examples: plimsoll forecast\n          \
                            plimsoll forecast R-14 --without ABC-12 --freeze 2026-08-01")]
    Forecast(ForecastArguments),
    /// Write a seeded company's exports, a project to try things on.
    #[command(after_help = "Example: plimsoll generate --items 1000 --seed 7 --to trial")]
    Generate(GenerateArguments),
}

#[derive(Debug, Args)]
struct AsOf {
    /// The instant of the run: nothing dated after it is seen. Default: the
    /// configuration's, else now.
    #[arg(long, value_name = "INSTANT")]
    as_of: Option<String>,
}

#[derive(Debug, Args)]
struct QueryArguments {
    /// One SELECT (or WITH, SHOW, DESCRIBE, SUMMARIZE), in DuckDB's SQL; anything else
    /// is refused.
    #[arg(allow_hyphen_values = true)]
    sql: String,
    /// How the rows are written.
    #[arg(long, value_enum, default_value_t = OutputFormat::Table)]
    format: OutputFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ExplainFormat {
    /// Text for people.
    Table,
    /// The rows alone, comma-separated with a header.
    Csv,
    /// Definition, figure and rows as one object.
    Json,
}

#[derive(Debug, Args)]
struct ExplainArguments {
    /// A mart such as cycle_time, or a headline measure such as cycle_time_p85.
    metric: String,
    /// The rows of one release: its id, name or version.
    #[arg(long, value_name = "RELEASE", conflicts_with_all = ["week", "quarter"])]
    release: Option<String>,
    /// The rows of one ISO week. Default for a measure: the reported week.
    #[arg(long, value_name = "2026-W27", conflicts_with = "quarter")]
    week: Option<String>,
    /// The rows of one quarter.
    #[arg(long, value_name = "2026-Q2")]
    quarter: Option<String>,
    /// How it is written.
    #[arg(long, value_enum, default_value_t = ExplainFormat::Table)]
    format: ExplainFormat,
    /// How many rows at most; 0 for all. Default: 20 in a table, else all.
    #[arg(long, value_name = "ROWS")]
    limit: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum VerdictFormat {
    /// Text for people.
    Table,
    /// The verdict with every gate and what it looked at, as one object.
    Json,
    /// JUnit XML: a suite per gate, a case per subject.
    Junit,
}

#[derive(Debug, Args)]
struct CheckReleaseArguments {
    /// The release: its id, name or version.
    release: String,
    /// The instant to judge at: nothing dated after it is seen. Default: the
    /// configuration's, else now.
    #[arg(long, value_name = "INSTANT")]
    as_of: Option<String>,
    /// How the verdict is written.
    #[arg(long, value_enum, default_value_t = VerdictFormat::Table)]
    format: VerdictFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ForecastFormat {
    /// Text for people.
    Table,
    /// A line per release, as things are and as they would be.
    Csv,
    /// The same as one object.
    Json,
}

#[derive(Debug, Args)]
struct ForecastArguments {
    /// The release: its id, name or version. Default: all open ones.
    release: Option<String>,
    /// What would be without this item; can be given several times.
    #[arg(long, value_name = "ITEM")]
    without: Vec<String>,
    /// What would be if the scope froze on this day.
    #[arg(long, value_name = "DATE")]
    freeze: Option<String>,
    /// The instant of the forecast: nothing dated after it is seen. Default: the
    /// configuration's, else now.
    #[arg(long, value_name = "INSTANT")]
    as_of: Option<String>,
    /// How it is written.
    #[arg(long, value_enum, default_value_t = ForecastFormat::Table)]
    format: ForecastFormat,
}

#[derive(Debug, Args)]
struct GenerateArguments {
    /// How many backlog items the company has.
    #[arg(long, default_value_t = 1_000)]
    items: u64,
    /// The seed: the same items and seed give the same bytes.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The folder to write to; it must not exist or be empty.
    #[arg(long, value_name = "FOLDER", default_value = "generated")]
    to: PathBuf,
}

/// Runs the command line and returns the process's exit code.
pub fn main(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            // A closed pipe is no failure of ours.
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    match dispatch(arguments) {
        Ok(code) => code,
        Err(error) => {
            print_error(&error);
            ExitCode::from(error.exit_code())
        }
    }
}

fn dispatch(arguments: Arguments) -> Result<ExitCode> {
    let common = &arguments.common;
    progress::start_log(common);
    match arguments.command {
        Command::CheckRelease(wanted) => return check_release::check_release(common, &wanted),
        Command::Run(as_of) => commands::run(common, as_of.as_of.as_deref()),
        Command::Pull => commands::pull(common),
        Command::Ingest => commands::ingest(common),
        Command::Compute(as_of) => commands::compute(common, as_of.as_of.as_deref()),
        Command::Render => commands::render(common),
        Command::Publish => commands::publish(common),
        Command::Check => commands::check(common),
        Command::Query(query) => commands::query(common, &query.sql, query.format),
        Command::Explain(wanted) => explain::explain(common, &wanted),
        Command::Rules(wanted) => rules::rules(common, &wanted),
        Command::Forecast(wanted) => forecast::forecast(common, &wanted),
        Command::Generate(wanted) => {
            commands::generate(common, &wanted.to, wanted.items, wanted.seed)
        }
    }?;
    Ok(ExitCode::SUCCESS)
}

/// Returns a variable of the environment; one that is no text is none.
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Writes a line of data; a reader that has gone away is no failure.
fn print_line(line: &str) -> Result<()> {
    print_bytes(format!("{line}\n").as_bytes())
}

fn print_bytes(bytes: &[u8]) -> Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(crate::fs::failed(
            "write to",
            std::path::Path::new("stdout"),
            error,
        )),
        _ => Ok(()),
    }
}

fn print_error(error: &Error) {
    let _ = writeln!(io::stderr(), "error: {error}");
}

//! The command line: the only room that prints, reads flags or ends the process.
//!
//! Data goes to stdout, everything else to stderr. Exit code 0: published; 1: the
//! data failed and nothing was published, or a release must not ship; 2: the run was
//! not possible.

mod arguments;
mod check_release;
mod commands;
mod explain;
mod forecast;
mod init;
mod jobs;
mod progress;
mod recorder;
mod rules;
mod run_list;
mod serve;
mod table;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

use crate::error::{Error, Result};
use arguments::{
    Arguments, BackfillArguments, CheckReleaseArguments, Command, Common, ExplainArguments,
    ExplainFormat, ForecastArguments, ListFormat, LogFormat, OutputFormat, PrintFor, RunArguments,
    ScheduleArguments, VerdictFormat,
};

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
        Command::Run(wanted) => commands::run(common, &wanted),
        Command::Backfill(wanted) => jobs::backfill(common, &wanted),
        Command::Schedule(wanted) => jobs::schedule(common, &wanted),
        Command::Runs(wanted) => jobs::runs(common, wanted.format, wanted.limit),
        Command::Init(wanted) => init::init(&wanted.folder),
        Command::Serve(wanted) => serve::serve(common, wanted.port),
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

//! Progress on stderr: a spinner on a terminal, lines elsewhere, JSON where asked.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::layer;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::registry;
use tracing_subscriber::util::SubscriberInitExt;

use super::{Common, LogFormat};
use crate::clock::Stopwatch;
use crate::error::Result;

/// Tells the user what is going on.
pub(super) struct Progress {
    kind: Kind,
}

enum Kind {
    Quiet,
    Spinner,
    Lines,
    Json,
}

impl Progress {
    pub(super) fn new(common: &Common) -> Self {
        let kind = match (common.quiet, common.log_format) {
            (true, _) => Kind::Quiet,
            (_, LogFormat::Json) => Kind::Json,
            _ if io::stderr().is_terminal() && !common.verbose => Kind::Spinner,
            _ => Kind::Lines,
        };
        Self { kind }
    }

    /// Runs one stage and tells its name, what it did and how long it took.
    pub(super) fn stage<T>(
        &self,
        name: &str,
        work: impl FnOnce() -> Result<T>,
        summary: impl FnOnce(&T) -> String,
    ) -> Result<T> {
        let spinner = matches!(self.kind, Kind::Spinner).then(|| spin(name));
        let watch = Stopwatch::start();
        let outcome = work();
        if let Some(spinner) = spinner {
            spinner.finish_and_clear();
        }
        let value = outcome?;
        self.tell(name, &summary(&value), watch.elapsed());
        Ok(value)
    }

    /// Tells what is going on, on a line of its own.
    pub(super) fn note(&self, text: &str) {
        match self.kind {
            Kind::Quiet => {}
            Kind::Json => tracing::info!("{text}"),
            Kind::Spinner | Kind::Lines => {
                let _ = writeln!(io::stderr(), "{text}");
            }
        }
    }

    /// Tells what should be looked at, each on a line of its own.
    pub(super) fn warn(&self, warnings: &[String]) {
        for warning in warnings {
            match self.kind {
                Kind::Quiet => {}
                Kind::Json => tracing::warn!("{warning}"),
                Kind::Spinner | Kind::Lines => {
                    let _ = writeln!(io::stderr(), "warning: {warning}");
                }
            }
        }
    }

    fn tell(&self, stage: &str, what: &str, elapsed: Duration) {
        let seconds = elapsed.as_secs_f64();
        match self.kind {
            Kind::Quiet => {}
            Kind::Json => tracing::info!(stage, seconds, "{what}"),
            Kind::Spinner | Kind::Lines => {
                // Nothing can be told to a stderr that is gone.
                let _ = writeln!(io::stderr(), "{stage:<8} {seconds:>7.2} s  {what}");
            }
        }
    }
}

/// Sends what the library tells of itself to stderr: with `--verbose`, how long each
/// query took and what became of each export; as JSON where that is asked for.
pub(super) fn start_log(common: &Common) {
    let level = match (common.quiet, common.verbose, common.log_format) {
        (true, ..) => return,
        (_, true, _) => LevelFilter::DEBUG,
        (_, _, LogFormat::Json) => LevelFilter::INFO,
        _ => return,
    };
    // Only what this program says: what libraries say may hold what must stay hidden.
    let own = Targets::new().with_target(env!("CARGO_PKG_NAME"), level);
    let log = layer().with_writer(io::stderr).with_target(false);
    // Another log that is there already stays.
    let _ = match common.log_format {
        LogFormat::Json => registry()
            .with(log.json().flatten_event(true).with_filter(own))
            .try_init(),
        LogFormat::Text => registry()
            .with(log.with_ansi(io::stderr().is_terminal()).with_filter(own))
            .try_init(),
    };
}

fn spin(name: &str) -> ProgressBar {
    let spinner = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{msg:<8} {elapsed:>6} {spinner}") {
        spinner.set_style(style);
    }
    spinner.set_message(name.to_owned());
    spinner.enable_steady_tick(Duration::from_millis(120));
    spinner
}

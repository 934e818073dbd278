//! Progress on stderr: a spinner on a terminal, lines elsewhere, JSON where asked.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

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
            _ if io::stderr().is_terminal() => Kind::Spinner,
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

    fn tell(&self, stage: &str, what: &str, elapsed: Duration) {
        let seconds = elapsed.as_secs_f64();
        let line = match self.kind {
            Kind::Quiet => return,
            Kind::Json => serde_json::json!({
                "level": "info", "stage": stage, "message": what, "seconds": seconds,
            })
            .to_string(),
            Kind::Spinner | Kind::Lines => format!("{stage:<8} {seconds:>7.2} s  {what}"),
        };
        // Nothing can be told to a stderr that is gone.
        let _ = writeln!(io::stderr(), "{line}");
    }
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

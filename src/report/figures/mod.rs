//! The charts of the weekly report: one file each, from mart rows to a figure with
//! a headline that is found by rule, the drawing, and its numbers as a table.

mod ageing;
mod cycle;
mod estimation;
mod flow;
mod pipeline;
mod releases;
mod scope;
mod success;
mod throughput;

pub(super) use success::failure_causes;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::format;
use super::marts::Marts;
use super::measures::Measure;
use super::page::Figure;
use crate::config::Config;
use crate::error::Result;
use crate::lake::Rows;

/// How many rows of a figure's numbers the page shows; the JSON has all.
const MOST_ROWS: usize = 30;

/// What every figure is made from.
pub(super) struct Context<'a> {
    pub(super) marts: &'a Marts,
    pub(super) config: &'a Config,
    pub(super) measures: &'a [Measure],
    /// The addresses of the releases' pages, by release id.
    pub(super) releases: &'a BTreeMap<String, String>,
}

impl Context<'_> {
    fn zone(&self) -> Tz {
        self.config.project.time_zone
    }

    /// The address of the page of the release in a row of a mart.
    fn release_page(&self, rows: &Rows, row: usize) -> Result<Option<String>> {
        let id = rows.text("release_id", row)?;
        Ok(id.and_then(|id| self.releases.get(id).cloned()))
    }

    /// The Monday on which the weeks of the series start.
    fn first_week(&self) -> NaiveDate {
        self.marts.week_start - TimeDelta::weeks(self.marts.week_count - 1)
    }

    /// The Monday after the reported week.
    fn end(&self) -> NaiveDate {
        self.marts.week_start + TimeDelta::weeks(1)
    }

    /// Whether a date lies in the weeks of the series.
    fn is_within(&self, date: NaiveDate) -> bool {
        date >= self.first_week() && date < self.end()
    }

    fn local(&self, instant: DateTime<Utc>) -> NaiveDateTime {
        instant.with_timezone(&self.zone()).naive_local()
    }

    /// "5 Jan – 5 Jul 2026".
    fn period(&self) -> String {
        let last = self.end() - TimeDelta::days(1);
        format!(
            "{} – {}",
            format::date(self.first_week()),
            format::date(last)
        )
    }

    /// A headline, unless it would speak of what nobody feeds.
    fn title(&self, subject: &str, tables: &[&str], title: String) -> String {
        match self.marts.missing(tables) {
            Some(missing) => format!("{subject}. {missing}"),
            None => title,
        }
    }

    fn measure(&self, name: &str) -> Option<&Measure> {
        self.measures.iter().find(|measure| measure.measure == name)
    }
}

/// Returns the marts that a figure is drawn from, by the figure's anchor.
pub(super) fn marts_behind(figure: &str) -> &'static [&'static str] {
    match figure {
        "fig-ageing" => &["aging", "aging_bands"],
        "fig-throughput" => &["weekly_measures", "cycle_time"],
        "fig-cycle" => &["cycle_time"],
        "fig-flow" => &["stage_flow"],
        "fig-success" => &["success_rate", "attribution_methods"],
        "fig-scope" | "fig-releases" => &["scope_volatility"],
        "fig-estimation" => &["estimation_accuracy"],
        "fig-pipeline" => &["pipeline_failure_rate"],
        _ => &[],
    }
}

/// Builds the figures in the order of the page.
pub(super) fn build_figures(context: &Context<'_>) -> Result<Vec<Figure>> {
    Ok(vec![
        ageing::figure(context)?,
        throughput::figure(context)?,
        cycle::figure(context)?,
        flow::figure(context)?,
        success::figure(context)?,
        scope::figure(context)?,
        estimation::figure(context)?,
        pipeline::figure(context)?,
        releases::figure(context)?,
    ])
}

//! The charts of the weekly report: one file each, from mart rows to a figure with
//! a headline that is found by rule, the drawing, and its numbers as a table.

mod ageing;
mod backlog;
pub(super) mod backlog_share;
pub(super) mod calibration;
pub(super) mod control;
mod cycle;
mod estimation;
mod flow;
mod funnel;
mod item_outcomes;
pub(super) mod pipeline;
pub(super) mod releases;
mod scope;
mod success;
pub(super) mod survival;
mod throughput;
mod time_shares;

pub(super) use scope::gross_cell;
pub(super) use success::{failure_causes, interval_of};

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::format;
use super::marts::Marts;
use super::measures::Measure;
use super::page::{Cell, Figure};
use crate::config::Config;
use crate::error::Result;
use crate::lake::Rows;
use crate::statistics::{Interval, Rate};

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
    pub(super) fn zone(&self) -> Tz {
        self.config.project.time_zone
    }

    /// The address of the page of the release in a row of a mart.
    fn release_page(&self, rows: &Rows, row: usize) -> Result<Option<String>> {
        let id = rows.text("release_id", row)?;
        Ok(id.and_then(|id| self.releases.get(id).cloned()))
    }

    /// The Monday on which the weeks of the series start.
    pub(super) fn first_week(&self) -> NaiveDate {
        self.marts.week_start - TimeDelta::weeks(self.marts.week_count - 1)
    }

    /// The Monday after the reported week.
    fn end(&self) -> NaiveDate {
        self.marts.week_start + TimeDelta::weeks(1)
    }

    /// Whether a date lies in the weeks of the series.
    pub(super) fn is_within(&self, date: NaiveDate) -> bool {
        date >= self.first_week() && date < self.end()
    }

    pub(super) fn local(&self, instant: DateTime<Utc>) -> NaiveDateTime {
        instant.with_timezone(&self.zone()).naive_local()
    }

    /// "5 Jan – 5 Jul 2026".
    pub(super) fn period(&self) -> String {
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
        "fig-survival" => &["stage_entries"],
        "fig-time-shares" => &["weekly_time_shares", "cycle_time_parts"],
        "fig-success" => &["success_rate", "attribution_methods", "item_outcomes"],
        "fig-scope" | "fig-releases" => &["scope_volatility"],
        "fig-estimation" => &["estimation_summary", "estimation_accuracy"],
        "fig-calibration" => &["estimation_calibration"],
        "fig-pipeline" => &["pipeline_failure_rate"],
        "fig-funnel" => &["pipeline_failures_by_team"],
        "fig-backlog" => &["backlog_ages"],
        "fig-backlog-share" => &["weekly_backlog_ages"],
        _ => &[],
    }
}

/// Builds the figures in the order of the page.
pub(super) fn build_figures(context: &Context<'_>) -> Result<Vec<Figure>> {
    Ok(vec![
        ageing::figure(context)?,
        survival::figure(context)?,
        throughput::figure(context)?,
        cycle::figure(context)?,
        time_shares::figure(context)?,
        flow::figure(context)?,
        success::figure(context)?,
        scope::figure(context)?,
        estimation::figure(context)?,
        calibration::figure(context)?,
        pipeline::figure(context)?,
        funnel::figure(context)?,
        backlog::figure(context)?,
        backlog_share::figure(context)?,
        releases::figure(context)?,
    ])
}

/// Fewer than this many rows are no ground for a share or a headline.
pub(super) const FEWEST: u64 = 5;

/// Returns a count of a mart; none counts as 0.
pub(super) fn count_of(rows: &Rows, column: &str, row: usize) -> Result<u64> {
    Ok(u64::try_from(rows.integer(column, row)?.unwrap_or(0)).unwrap_or(0))
}

/// Writes a share: of fewer than five as k of n, of none as missing.
pub(super) fn share_cell(numerator: u64, denominator: u64) -> Cell {
    if denominator == 0 {
        return Cell::maybe(None);
    }
    #[allow(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    let share = numerator as f64 / denominator as f64;
    Cell::number(Some(share), |share| {
        if denominator < FEWEST {
            let (k, n) = (format::integer(numerator), format::integer(denominator));
            format!("{k} of {n}")
        } else {
            format::percent(share)
        }
    })
}

/// Writes the two ends of a rate's interval, each in a cell.
pub(super) fn interval_cells(rate: Option<&Rate>) -> [Cell; 2] {
    let end = |get: fn(&Interval) -> f64| {
        Cell::number(rate.map(|rate| get(&rate.interval)), format::percent)
    };
    [
        end(|interval| interval.lower),
        end(|interval| interval.upper),
    ]
}

/// Says of few rows that they are few.
pub(super) fn few(count: u64) -> Option<&'static str> {
    (count < FEWEST).then_some("fewer than 5")
}

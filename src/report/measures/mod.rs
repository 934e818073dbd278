//! The metrics table: each headline measure this week, last week, its usual range,
//! and whether the difference is a signal or noise.

mod definition;
mod wording;

use chrono::NaiveDate;
use serde::Serialize;

use super::format;
use super::page::Tag;
use crate::chart;
use crate::error::Result;
use crate::lake::Rows;
use crate::statistics::{Bound, Signal, Xmr, XmrChart, xmr};
pub(super) use definition::{DEFINITIONS, Definition, FEWEST, Unit, missing_text};
pub(in crate::report) use wording::rule_text;
use wording::{arrow, short_rule};

/// One week of a measure.
#[derive(Debug, Clone, Copy, Serialize, PartialEq)]
pub(super) struct Point {
    pub(super) week_start: NaiveDate,
    pub(super) value: Option<f64>,
    pub(super) numerator: Option<i64>,
    pub(super) denominator: i64,
    /// Of these, how many may still turn out otherwise.
    pub(super) provisional: i64,
}

/// One row of the metrics table, with its whole series.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Measure {
    pub(super) measure: &'static str,
    pub(super) label: &'static str,
    pub(super) figure: &'static str,
    /// The mart that defines it.
    pub(super) mart: &'static str,
    /// The reported week, as read.
    pub(super) this_week: String,
    /// What it rests on: `12 of 42`, `n = 9`.
    pub(super) this_week_basis: Option<String>,
    /// The list of the rows behind it; `None` where there is no week.
    pub(super) this_week_rows: Option<String>,
    pub(super) last_week: String,
    pub(super) last_week_basis: Option<String>,
    pub(super) last_week_rows: Option<String>,
    pub(super) change: String,
    pub(super) usual_range: String,
    /// Whether too few rows stand behind the figure.
    pub(super) is_grey: bool,
    pub(super) reading: Tag,
    pub(super) is_signal: bool,
    /// The rules that fired for the reported week, in words.
    pub(super) rules: Vec<String>,
    pub(super) limits: Option<Limits>,
    pub(super) series: Vec<Point>,
    #[serde(skip)]
    pub(super) sparkline: String,
    #[serde(skip)]
    pub(super) chart: Option<XmrChart>,
}

/// What there is to know of a measure without its numbers.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub struct MeasureName {
    /// Its name in `weekly_measures`.
    pub measure: &'static str,
    /// What pages call it.
    pub label: &'static str,
    /// Its unit, and which way is better.
    pub unit: String,
    /// The mart that defines it.
    pub mart: &'static str,
}

/// Returns the headline measures, in the order of the page.
pub(super) fn measure_names() -> impl Iterator<Item = MeasureName> {
    DEFINITIONS.iter().map(|definition| MeasureName {
        measure: definition.measure,
        label: definition.label,
        unit: definition.unit_words(),
        mart: definition.mart,
    })
}

/// Writes a point of a measure as pages do; of an unknown measure, nothing is known.
pub(super) fn write_point(measure: &str, point: &Point) -> String {
    let definition = DEFINITIONS.iter().find(|known| known.measure == measure);
    definition.map_or_else(missing_text, |known| known.write_point(point))
}

/// Returns which table behind a measure has stopped, if one has.
pub(super) fn stale_source(measure: &str, is_stale: &dyn Fn(&str) -> bool) -> Option<Tag> {
    let definition = DEFINITIONS.iter().find(|known| known.measure == measure)?;
    definition.stale_source(is_stale)
}

/// Natural process limits.
#[derive(Debug, Clone, Copy, Serialize, PartialEq)]
pub(super) struct Limits {
    pub(super) centre: f64,
    pub(super) lower: Option<f64>,
    pub(super) upper: f64,
    /// How many weeks they rest on.
    pub(super) weeks: usize,
}

/// What is known of the tables behind the measures.
pub(super) struct Feeds<'a> {
    /// Whether a source feeds a table.
    pub(super) is_fed: &'a dyn Fn(&str) -> bool,
    /// Whether its rows stopped too long ago.
    pub(super) is_stale: &'a dyn Fn(&str) -> bool,
}

/// Reads the measures of the weekly mart.
pub(super) fn read_measures(rows: &Rows, feeds: &Feeds<'_>) -> Result<Vec<Measure>> {
    let mut measures = Vec::new();
    for definition in &DEFINITIONS {
        let series = read_series(rows, definition.measure)?;
        measures.push(definition.judge(series, definition.obstacle(feeds)));
    }
    explain_unjudged_deployments(&mut measures);
    Ok(measures)
}

/// Deployments without a success rate are those of systems that no incident feed
/// watches.
fn explain_unjudged_deployments(measures: &mut [Measure]) {
    let last = |measures: &[Measure], name: &str| {
        let measure = measures.iter().find(|m| m.measure == name);
        measure.and_then(|m| m.series.last()?.value)
    };
    let has_deployments = last(measures, "deployment_count").is_some_and(|count| count > 0.0);
    let is_judged = last(measures, "success_rate").is_some();
    let unjudged = measures.iter_mut().find(|m| m.measure == "success_rate");
    if let (true, false, Some(measure)) = (has_deployments, is_judged, unjudged)
        && measure.reading.text.starts_with("no deployments")
    {
        measure.reading.text = "no incidents recorded for its systems".to_owned();
    }
}

fn read_series(rows: &Rows, measure: &str) -> Result<Vec<Point>> {
    let mut series = Vec::new();
    for row in rows.indices() {
        let is_partial = rows.boolean("is_partial", row)?.unwrap_or(true);
        if rows.text("measure", row)? != Some(measure) || is_partial {
            continue;
        }
        series.push(Point {
            week_start: rows.date("week_start", row)?.unwrap_or_default(),
            value: rows.number("value", row)?,
            numerator: rows.integer("numerator", row)?,
            denominator: rows.integer("denominator", row)?.unwrap_or(0),
            provisional: rows.integer("provisional_count", row)?.unwrap_or(0),
        });
    }
    series.sort_by_key(|point| point.week_start);
    Ok(series)
}

impl Definition {
    /// Judges a series: the last point is the reported week, the limits come from
    /// the weeks before it, so that a week is not measured against itself.
    fn judge(&self, series: Vec<Point>, obstacle: Option<Tag>) -> Measure {
        let values = self.trend(&series);
        let last = series.last().copied();
        let before = series
            .len()
            .checked_sub(2)
            .and_then(|at| series.get(at))
            .copied();
        let control = xmr(
            &values,
            0..values.len().saturating_sub(1),
            Bound::NonNegative,
        );
        let chart = match &control {
            Xmr::Chart(chart) => Some(chart),
            Xmr::TooFew { .. } => None,
        };
        let limits = chart.map(limits_of);
        let is_grey = obstacle.is_some() || last.is_none_or(|point| self.is_thin(&point));
        let is_provisional = last.is_some_and(|point| point.provisional > 0);
        let signals = match chart.and_then(|chart| chart.points.last()) {
            Some(point) if !is_grey && !is_provisional => point.signals.as_slice(),
            _ => &[],
        };
        let is_stale = obstacle.as_ref().is_some_and(|tag| tag.class == "warn");
        let reading = self.reading(last, obstacle, &control, signals);
        let shown = last.filter(|_| !is_stale);
        let band = limits.map(|l| (l.lower.unwrap_or(0.0), self.cap(l.upper)));
        Measure {
            measure: self.measure,
            label: self.label,
            figure: self.figure,
            mart: self.mart,
            this_week: shown.map_or_else(missing_text, |point| self.write_point(&point)),
            this_week_basis: shown.and_then(|point| self.write_basis(&point)),
            this_week_rows: shown.map(|point| rows_of(&point, self.measure)),
            last_week: before.map_or_else(missing_text, |point| self.write_point(&point)),
            last_week_basis: before.and_then(|point| self.write_basis(&point)),
            last_week_rows: last
                .filter(|_| before.is_some())
                .map(|point| rows_of(&point, &format!("{}-before", self.measure))),
            change: self.write_change(shown, before),
            usual_range: limits.map_or_else(missing_text, |l| self.write_range(&l)),
            is_grey,
            is_signal: !signals.is_empty(),
            rules: signals
                .iter()
                .map(|signal| rule_text(*signal, chart))
                .collect(),
            reading,
            // Fewer than five are shown without a trend.
            sparkline: match last {
                Some(point) if !self.is_thin(&point) => chart::sparkline(&values, band),
                _ => String::new(),
            },
            limits,
            series,
            chart: chart.cloned(),
        }
    }

    fn reading(
        &self,
        last: Option<Point>,
        obstacle: Option<Tag>,
        control: &Xmr,
        signals: &[Signal],
    ) -> Tag {
        if let Some(obstacle) = obstacle {
            return obstacle;
        }
        let Some(point) = last.filter(|point| point.value.is_some()) else {
            return Tag::new("none", format!("no {} this week", self.counted));
        };
        if self.is_thin(&point) {
            return Tag::new("none", format!("n < {FEWEST} {}", self.counted));
        }
        if point.provisional > 0 {
            let open = format::integer(point.provisional);
            return Tag::new(
                "none",
                format!("provisional: {open} within the incident window"),
            );
        }
        if let Xmr::TooFew { found, needed } = control {
            let of_five = match self.unit {
                Unit::Count => String::new(),
                _ => format!(" with n ≥ {FEWEST}"),
            };
            return Tag::new(
                "none",
                format!("too few weeks{of_five}: {found} of {needed}"),
            );
        }
        match signals.first() {
            None => Tag::new("none", "No signal"),
            Some(signal) => {
                let class = if self.is_good(signal.side) {
                    "good"
                } else {
                    "bad"
                };
                Tag::new(
                    class,
                    format!("{} {}", arrow(signal.side), short_rule(*signal)),
                )
            }
        }
    }
}

/// Returns where the rows behind a figure of the weekly page are listed.
fn rows_of(reported: &Point, anchor: &str) -> String {
    super::items::list_address(&crate::calendar::iso_week(reported.week_start), anchor)
}

fn limits_of(chart: &XmrChart) -> Limits {
    Limits {
        centre: chart.centre,
        lower: chart.lower_limit,
        upper: chart.upper_limit,
        weeks: chart.baseline_count,
    }
}

#[cfg(test)]
mod tests;

//! The metrics table: each headline measure this week, last week, its usual range,
//! and whether the difference is a signal or noise.

use chrono::NaiveDate;
use serde::Serialize;

use super::format;
use super::page::Tag;
use crate::chart;
use crate::error::Result;
use crate::lake::Rows;
use crate::statistics::{Bound, Rule, Side, Signal, Xmr, XmrChart, xmr};

/// Fewer than this many rows behind a figure: it is shown grey, without a trend.
const FEWEST: i64 = 5;

/// How a measure is written and which way is better.
pub(super) struct Definition {
    /// Its name in the mart.
    pub(super) measure: &'static str,
    pub(super) label: &'static str,
    unit: Unit,
    is_more_better: bool,
    /// The tables without which there is nothing to say.
    tables: &'static [&'static str],
    /// The figure that shows it.
    pub(super) figure: &'static str,
    /// What the denominator counts.
    counted: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Days,
    Count,
    /// A ratio that is a share of a whole, shown as k of n.
    Share,
    /// A ratio that is none.
    Ratio,
}

/// The measures, in the order of the page.
pub(super) const DEFINITIONS: [Definition; 8] = [
    define(
        "cycle_time_p85",
        "Cycle time, 85th percentile",
        Unit::Days,
        false,
        &["items"],
        "fig-cycle",
        "items",
    ),
    define(
        "items_delivered",
        "Items delivered",
        Unit::Count,
        true,
        &["items"],
        "fig-throughput",
        "items",
    ),
    define(
        "deployment_count",
        "Production deployments",
        Unit::Count,
        true,
        &["deployments"],
        "fig-success",
        "deployments",
    ),
    define(
        "success_rate",
        "Deployment success rate",
        Unit::Share,
        true,
        &["deployments", "incidents"],
        "fig-success",
        "deployments",
    ),
    define(
        "aging_past_p85",
        "Items past the 85% pace",
        Unit::Count,
        false,
        &["items"],
        "fig-ageing",
        "items",
    ),
    define(
        "scope_after_freeze",
        "Scope change after freeze",
        Unit::Share,
        false,
        &["releases"],
        "fig-scope",
        "changes",
    ),
    define(
        "estimation_error",
        "Estimation error, median",
        Unit::Ratio,
        false,
        &["items", "effort"],
        "fig-estimation",
        "items",
    ),
    define(
        "pipeline_failure_rate",
        "Pipeline failure rate",
        Unit::Share,
        false,
        &["pipeline_runs"],
        "fig-pipeline",
        "runs",
    ),
];

const fn define(
    measure: &'static str,
    label: &'static str,
    unit: Unit,
    is_more_better: bool,
    tables: &'static [&'static str],
    figure: &'static str,
    counted: &'static str,
) -> Definition {
    Definition {
        measure,
        label,
        unit,
        is_more_better,
        tables,
        figure,
        counted,
    }
}

/// One week of a measure.
#[derive(Debug, Clone, Copy, Serialize, PartialEq)]
pub(super) struct Point {
    pub(super) week_start: NaiveDate,
    pub(super) value: Option<f64>,
    pub(super) numerator: Option<i64>,
    pub(super) denominator: i64,
}

/// One row of the metrics table, with its whole series.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Measure {
    pub(super) measure: &'static str,
    pub(super) label: &'static str,
    pub(super) figure: &'static str,
    /// The reported week, as read.
    pub(super) this_week: String,
    pub(super) last_week: String,
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

/// Natural process limits.
#[derive(Debug, Clone, Copy, Serialize, PartialEq)]
pub(super) struct Limits {
    pub(super) centre: f64,
    pub(super) lower: Option<f64>,
    pub(super) upper: f64,
    /// How many weeks they rest on.
    pub(super) weeks: usize,
}

/// Reads the measures of the weekly mart. `feeds` says which tables are fed.
pub(super) fn read_measures(rows: &Rows, feeds: impl Fn(&str) -> bool) -> Result<Vec<Measure>> {
    let mut measures = Vec::new();
    for definition in &DEFINITIONS {
        let series = read_series(rows, definition.measure)?;
        let missing = definition
            .tables
            .iter()
            .copied()
            .find(|table| !feeds(table));
        measures.push(definition.judge(series, missing));
    }
    Ok(measures)
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
        });
    }
    series.sort_by_key(|point| point.week_start);
    Ok(series)
}

impl Definition {
    /// Judges a series: the last point is the reported week, the limits come from
    /// the weeks before it, so that a week is not measured against itself.
    fn judge(&self, series: Vec<Point>, missing: Option<&str>) -> Measure {
        let values: Vec<Option<f64>> = series.iter().map(|point| point.value).collect();
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
        let is_grey = last.is_none_or(|point| self.is_thin(&point));
        let signals = match chart.and_then(|chart| chart.points.last()) {
            Some(point) if !is_grey => point.signals.as_slice(),
            _ => &[],
        };
        let reading = self.reading(last, missing, &control, signals);
        let band = limits.map(|l| (l.lower.unwrap_or(0.0), self.cap(l.upper)));
        Measure {
            measure: self.measure,
            label: self.label,
            figure: self.figure,
            this_week: last.map_or_else(missing_text, |point| self.write_point(&point)),
            last_week: before.map_or_else(missing_text, |point| self.write_point(&point)),
            change: self.write_change(last, before),
            usual_range: limits.map_or_else(missing_text, |l| self.write_range(&l)),
            is_grey,
            is_signal: !signals.is_empty(),
            rules: signals
                .iter()
                .map(|signal| self.rule_text(*signal, chart))
                .collect(),
            reading,
            sparkline: chart::sparkline(&values, band),
            limits,
            series,
            chart: chart.cloned(),
        }
    }

    /// Counts are whole populations; every other figure needs rows behind it.
    fn is_thin(&self, point: &Point) -> bool {
        point.value.is_none() || (self.unit != Unit::Count && point.denominator < FEWEST)
    }

    fn reading(
        &self,
        last: Option<Point>,
        missing: Option<&str>,
        control: &Xmr,
        signals: &[Signal],
    ) -> Tag {
        if let Some(table) = missing {
            return Tag::new("none", format!("no data: feed `{table}`"));
        }
        let Some(point) = last.filter(|point| point.value.is_some()) else {
            return Tag::new("none", format!("no {} this week", self.counted));
        };
        if self.is_thin(&point) {
            return Tag::new("none", format!("n < {FEWEST} {}", self.counted));
        }
        if let Xmr::TooFew { found, needed } = control {
            return Tag::new("none", format!("too few weeks: {found} of {needed}"));
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

    /// Returns whether a shift to that side is an improvement.
    pub(super) fn is_good(&self, side: Side) -> bool {
        (side == Side::Above) == self.is_more_better
    }

    pub(super) fn write(&self, value: f64) -> String {
        match self.unit {
            Unit::Days => format::days(value),
            Unit::Count => format::number(value),
            Unit::Share | Unit::Ratio => format::percent(value),
        }
    }

    /// Writes a point; a share of fewer than five is written as k of n.
    pub(super) fn write_point(&self, point: &Point) -> String {
        match (point.value, point.numerator, self.unit) {
            (None, ..) => missing_text(),
            (Some(_), Some(k), Unit::Share) if point.denominator < FEWEST => {
                format!(
                    "{} of {}",
                    format::integer(k),
                    format::integer(point.denominator)
                )
            }
            (Some(value), ..) => self.write(value),
        }
    }

    fn write_change(&self, last: Option<Point>, before: Option<Point>) -> String {
        let (Some(last), Some(before)) = (last, before) else {
            return missing_text();
        };
        let (Some(now), Some(then)) = (last.value, before.value) else {
            return missing_text();
        };
        if self.is_thin(&last) || self.is_thin(&before) {
            return "too few to compare".to_owned();
        }
        match self.unit {
            Unit::Share | Unit::Ratio => format!("{} pts", format::signed((now - then) * 100.0)),
            Unit::Days => {
                let text = format::signed(now - then);
                let unit = if text.trim_start_matches(['+', '−']) == "1" {
                    "day"
                } else {
                    "days"
                };
                format!("{text} {unit}")
            }
            Unit::Count => format::signed(now - then),
        }
    }

    /// A share cannot exceed the whole, whatever the limit says.
    fn cap(&self, upper: f64) -> f64 {
        if self.unit == Unit::Share {
            upper.min(1.0)
        } else {
            upper
        }
    }

    pub(super) fn write_range(&self, limits: &Limits) -> String {
        let percent = matches!(self.unit, Unit::Share | Unit::Ratio);
        let scale = if percent { 100.0 } else { 1.0 };
        let lower = format::number(limits.lower.unwrap_or(0.0) * scale);
        let upper = format::number(self.cap(limits.upper) * scale);
        format!("{lower}–{upper}{}", if percent { "%" } else { "" })
    }

    fn rule_text(&self, signal: Signal, chart: Option<&XmrChart>) -> String {
        let side = side_word(signal.side);
        match signal.rule {
            Rule::BeyondLimit => format!(
                "beyond the {} limit",
                if signal.side == Side::Above {
                    "upper"
                } else {
                    "lower"
                }
            ),
            Rule::TwoOfThreeBeyondTwoSigma => {
                format!("two of three weeks more than two sigma {side} the mean")
            }
            Rule::FourOfFiveBeyondOneSigma => {
                format!("four of five weeks more than one sigma {side} the mean")
            }
            Rule::EightOnOneSide => {
                let weeks = chart.map_or(8, |chart| run_length(chart, signal.side));
                format!("{weeks} weeks in a row {side} the mean")
            }
        }
    }
}

fn missing_text() -> String {
    format::MISSING.to_owned()
}

fn limits_of(chart: &XmrChart) -> Limits {
    Limits {
        centre: chart.centre,
        lower: chart.lower_limit,
        upper: chart.upper_limit,
        weeks: chart.baseline_count,
    }
}

fn arrow(side: Side) -> &'static str {
    match side {
        Side::Above => "▲",
        Side::Below => "▼",
    }
}

fn side_word(side: Side) -> &'static str {
    match side {
        Side::Above => "above",
        Side::Below => "below",
    }
}

fn short_rule(signal: Signal) -> String {
    let side = side_word(signal.side);
    match signal.rule {
        Rule::BeyondLimit => match signal.side {
            Side::Above => "Above limit".to_owned(),
            Side::Below => "Below limit".to_owned(),
        },
        Rule::TwoOfThreeBeyondTwoSigma => format!("2 of 3 far {side} mean"),
        Rule::FourOfFiveBeyondOneSigma => format!("4 of 5 {side} mean"),
        Rule::EightOnOneSide => format!("8 or more {side} mean"),
    }
}

/// Returns how many points up to the last lie on one side of the centre.
fn run_length(chart: &XmrChart, side: Side) -> usize {
    let values = chart.points.iter().rev().filter_map(|point| point.value);
    let is_there = |value: &f64| match side {
        Side::Above => *value > chart.centre,
        Side::Below => *value < chart.centre,
    };
    values.take_while(is_there).count()
}

#[cfg(test)]
#[path = "measures_tests.rs"]
mod tests;

//! The eight measures: their names, which way is better, and how they are written.

use super::{Feeds, Limits, Point};
use crate::report::format;
use crate::report::page::Tag;
use crate::statistics::Side;

/// Fewer than this many rows behind a figure: it is shown grey, without a trend.
pub(in crate::report) const FEWEST: i64 = 5;

/// How a measure is written and which way is better.
#[derive(Debug)]
pub(in crate::report) struct Definition {
    /// Its name in the mart.
    pub(in crate::report) measure: &'static str,
    pub(in crate::report) label: &'static str,
    pub(in crate::report) unit: Unit,
    pub(in crate::report) is_more_better: bool,
    /// The tables without which there is nothing to say.
    pub(in crate::report) tables: &'static [&'static str],
    /// The tables of which the rows tell that something happened.
    dated_by: &'static [&'static str],
    /// The figure that shows it.
    pub(in crate::report) figure: &'static str,
    /// The mart that defines it.
    pub(in crate::report) mart: &'static str,
    /// What the denominator counts.
    pub(in crate::report) counted: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) enum Unit {
    Days,
    Hours,
    Count,
    /// A ratio that is a share of a whole, shown as k of n.
    Share,
    /// A ratio that is none.
    Ratio,
}

/// The measures, in the order of the page.
pub(in crate::report) const DEFINITIONS: [Definition; 11] = [
    Definition {
        measure: "cycle_time_p85",
        label: "Cycle time, 85th percentile",
        unit: Unit::Days,
        is_more_better: false,
        tables: &["items"],
        dated_by: &["item_events", "deployments"],
        figure: "fig-cycle",
        mart: "cycle_time",
        counted: "items",
    },
    Definition {
        measure: "items_delivered",
        label: "Items delivered",
        unit: Unit::Count,
        is_more_better: true,
        tables: &["items"],
        dated_by: &["item_events", "deployments"],
        figure: "fig-throughput",
        mart: "cycle_time",
        counted: "items",
    },
    Definition {
        measure: "deployment_count",
        label: "Production deployments",
        unit: Unit::Count,
        is_more_better: true,
        tables: &["deployments"],
        dated_by: &["deployments"],
        figure: "fig-success",
        mart: "success_rate",
        counted: "deployments",
    },
    Definition {
        measure: "success_rate",
        label: "Deployment success rate",
        unit: Unit::Share,
        is_more_better: true,
        tables: &["deployments", "incidents"],
        dated_by: &["deployments"],
        figure: "fig-success",
        mart: "success_rate",
        counted: "deployments",
    },
    Definition {
        measure: "deployment_days",
        label: "Days with a production deployment",
        mart: "success_rate",
        unit: Unit::Count,
        is_more_better: true,
        tables: &["deployments"],
        dated_by: &["deployments"],
        figure: "fig-success",
        counted: "days",
    },
    Definition {
        measure: "recovery_hours",
        label: "Failed deployment recovery time, median",
        mart: "success_rate",
        unit: Unit::Hours,
        is_more_better: false,
        tables: &["deployments", "incidents"],
        dated_by: &["deployments"],
        figure: "fig-success",
        counted: "recovered deployments",
    },
    Definition {
        measure: "rework_rate",
        label: "Deployment rework rate",
        mart: "success_rate",
        unit: Unit::Share,
        is_more_better: false,
        tables: &["deployments", "incidents"],
        dated_by: &["deployments"],
        figure: "fig-success",
        counted: "deployments",
    },
    Definition {
        measure: "aging_past_p85",
        label: "Items past the 85% pace, at week's end",
        unit: Unit::Count,
        is_more_better: false,
        tables: &["items"],
        dated_by: &["item_events"],
        figure: "fig-ageing",
        mart: "aging",
        counted: "items",
    },
    Definition {
        measure: "scope_after_freeze",
        label: "Scope change after freeze",
        unit: Unit::Share,
        is_more_better: false,
        tables: &["releases"],
        dated_by: &["item_events"],
        figure: "fig-scope",
        mart: "scope_volatility",
        counted: "changes",
    },
    Definition {
        measure: "estimation_error",
        label: "Estimation error, median",
        unit: Unit::Ratio,
        is_more_better: false,
        tables: &["items", "effort"],
        dated_by: &["effort"],
        figure: "fig-estimation",
        mart: "estimation_accuracy",
        counted: "items",
    },
    Definition {
        measure: "pipeline_failure_rate",
        label: "Pipeline failure rate",
        unit: Unit::Share,
        is_more_better: false,
        tables: &["pipeline_runs"],
        dated_by: &["pipeline_runs"],
        figure: "fig-pipeline",
        mart: "pipeline_failure_rate",
        counted: "runs",
    },
];

impl Definition {
    /// Returns what stands in the way of a figure: a table that nobody feeds, or one
    /// whose rows stopped too long ago.
    pub(in crate::report) fn obstacle(&self, feeds: &Feeds<'_>) -> Option<Tag> {
        if let Some(table) = self.tables.iter().find(|table| !(feeds.is_fed)(table)) {
            return Some(Tag::new("none", format!("no data: feed `{table}`")));
        }
        self.stale_source(feeds.is_stale)
    }

    /// Returns which of the tables that date its rows has stopped, if one has.
    pub(in crate::report) fn stale_source(&self, is_stale: &dyn Fn(&str) -> bool) -> Option<Tag> {
        let stale = self.dated_by.iter().find(|table| is_stale(table));
        stale.map(|table| Tag::new("warn", format!("Source stale: {table}")))
    }

    /// Counts are whole populations; every other figure needs rows behind it.
    pub(in crate::report) fn is_thin(&self, point: &Point) -> bool {
        point.value.is_none() || (self.unit != Unit::Count && point.denominator < FEWEST)
    }

    /// Returns whether a shift to that side is an improvement.
    pub(in crate::report) fn is_good(&self, side: Side) -> bool {
        (side == Side::Above) == self.is_more_better
    }

    /// Returns the words for its unit, and which way is better.
    pub(in crate::report) fn unit_words(&self) -> String {
        let unit = match self.unit {
            Unit::Days => "days",
            Unit::Hours => "hours",
            Unit::Count => "count",
            Unit::Share => "share of the whole",
            Unit::Ratio => "ratio",
        };
        let better = if self.is_more_better { "more" } else { "less" };
        format!("{unit}, {better} is better")
    }

    pub(in crate::report) fn write(&self, value: f64) -> String {
        match self.unit {
            Unit::Days => format::days(value),
            Unit::Hours => format::hours(value),
            Unit::Count => format::number(value),
            Unit::Share | Unit::Ratio => format::percent(value),
        }
    }

    /// Writes what a figure rests on: k of n of a share, n of a quantile, the whole
    /// that a count is part of. `None` where the figure says it already.
    pub(in crate::report) fn write_basis(&self, point: &Point) -> Option<String> {
        let value = point.value?;
        let n = format::integer(point.denominator);
        match (self.unit, point.numerator) {
            (Unit::Share, Some(_)) if point.denominator < FEWEST => None,
            (Unit::Share, Some(k)) => Some(format!("{} of {n}", format::integer(k))),
            #[allow(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
            (Unit::Count, _) => (point.denominator as f64 > value).then(|| format!("of {n}")),
            _ => Some(format!("n = {n}")),
        }
    }

    /// Returns the weeks to draw and to find limits from: a rate or a quantile of
    /// fewer than five is no point of a trend.
    pub(in crate::report) fn trend(&self, series: &[Point]) -> Vec<Option<f64>> {
        let founded = |point: &Point| point.value.filter(|_| !self.is_thin(point));
        series.iter().map(founded).collect()
    }

    /// Writes a point; a share of fewer than five is written as k of n.
    pub(in crate::report) fn write_point(&self, point: &Point) -> String {
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

    pub(in crate::report) fn write_change(
        &self,
        last: Option<Point>,
        before: Option<Point>,
    ) -> String {
        let (Some(last), Some(before)) = (last, before) else {
            return missing_text();
        };
        let (Some(now), Some(then)) = (last.value, before.value) else {
            return missing_text();
        };
        if self.is_thin(&last) || self.is_thin(&before) {
            return "too few to compare".to_owned();
        }
        // The difference of the figures as they are read, so that the row adds up.
        let difference = format::as_shown(now) - format::as_shown(then);
        match self.unit {
            Unit::Share | Unit::Ratio => {
                let points = format::percent_as_shown(now) - format::percent_as_shown(then);
                format!("{} pts", format::signed(points))
            }
            Unit::Days => signed_duration(difference, "day"),
            Unit::Hours => signed_duration(difference, "hour"),
            Unit::Count => format::signed(difference),
        }
    }

    /// A share cannot exceed the whole, whatever the limit says.
    pub(in crate::report) fn cap(&self, upper: f64) -> f64 {
        if self.unit == Unit::Share {
            upper.min(1.0)
        } else {
            upper
        }
    }

    pub(in crate::report) fn write_range(&self, limits: &Limits) -> String {
        self.write_span(limits.lower.unwrap_or(0.0), limits.upper)
    }

    /// Writes a range in the measure's unit: `4–12%`.
    pub(in crate::report) fn write_span(&self, lower: f64, upper: f64) -> String {
        let percent = matches!(self.unit, Unit::Share | Unit::Ratio);
        let scale = if percent { 100.0 } else { 1.0 };
        let lower = format::number(lower * scale);
        let upper = format::number(self.cap(upper) * scale);
        format!("{lower}–{upper}{}", if percent { "%" } else { "" })
    }
}

pub(in crate::report) fn missing_text() -> String {
    format::MISSING.to_owned()
}

/// "+1 day", "−3.5 hours".
fn signed_duration(difference: f64, unit: &str) -> String {
    let text = format::signed(difference);
    let plural = if text.trim_start_matches(['+', '−']) == "1" {
        ""
    } else {
        "s"
    };
    format!("{text} {unit}{plural}")
}

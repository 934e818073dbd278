//! The tables that a query reads beside the lake: instant, windows, workflow,
//! environments, feeds, calendar, gates, scoring, limits of planning, of feedback and
//! of rules, decisions on rules, forecasts.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use chrono::{DateTime, Days, NaiveDate, Utc};

use super::forecast::{self, WhatIf};
use super::{decided, feedback, gates, planning, rules};
use crate::calendar::{self, Day};
use crate::config::{self, Config};
use crate::error::{Error, ErrorKind, Result};
use crate::lake::Manifest;
use crate::query::Query;

/// How many weeks the weekly series have.
const SERIES_WEEKS: i64 = 26;

/// How many quarters the quarterly series have.
const SERIES_QUARTERS: i64 = 12;

/// The names of the tables.
pub(super) const NAMES: [&str; 19] = [
    "params",
    "workflow",
    "production_environments",
    "table_feeds",
    "calendar",
    "gates",
    "gate_limits",
    "scoring",
    "planning_limits",
    "forecast_settings",
    "forecast_changes",
    "rule_templates",
    "rule_thresholds",
    "rule_targets",
    "rule_limits",
    "feedback_limits",
    "severity_weights",
    "decided_rules",
    "rule_log",
];

type Range = Option<(DateTime<Utc>, DateTime<Utc>)>;

/// Returns the tables, by name.
pub(super) fn settings_tables(
    config: &Config,
    snapshot: &Manifest,
    queries: &[Query],
    as_of: DateTime<Utc>,
    range: Range,
    what_if: &WhatIf,
) -> Result<Vec<(&'static str, RecordBatch)>> {
    let days = calendar_days(config, as_of, range);
    let in_force = config::decisions_in_force(&config.decisions, as_of);
    let tables = [
        params(config, as_of)?,
        workflow(config)?,
        environments(config)?,
        feeds(snapshot)?,
        calendar_table(&days)?,
        gates::gates_table(config, snapshot, queries)?,
        gates::limits_table(config, queries)?,
        planning::scoring_table(&config.scoring, &in_force)?,
        planning::limits_table(&config.planning)?,
        planning::forecast_table(&config.forecast)?,
        forecast::changes_table(what_if)?,
        rules::templates_table(config, snapshot, queries)?,
        rules::thresholds_table(queries)?,
        rules::targets_table(queries)?,
        rules::limits_table(&config.rules)?,
        feedback::limits_table(&config.feedback)?,
        feedback::weights_table(&config.feedback)?,
        decided::decided_table(&config.decisions, &in_force, config.rules.raise_points)?,
        decided::log_table(&config.decisions, as_of)?,
    ];
    Ok(NAMES.into_iter().zip(tables).collect())
}

pub(super) fn batch(columns: Vec<(&str, ArrayRef)>) -> Result<RecordBatch> {
    RecordBatch::try_from_iter(columns)
        .map_err(|e| Error::new(ErrorKind::Internal, "cannot build a settings table").caused_by(e))
}

pub(super) fn texts<'t>(texts: impl Iterator<Item = &'t str>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(texts))
}

pub(super) fn optional_texts<'t>(texts: impl Iterator<Item = Option<&'t str>>) -> ArrayRef {
    Arc::new(texts.collect::<StringArray>())
}

pub(super) fn numbers(values: impl Iterator<Item = Option<f64>>) -> ArrayRef {
    Arc::new(values.collect::<Float64Array>())
}

pub(super) fn optional_integers(values: impl Iterator<Item = Option<i64>>) -> ArrayRef {
    Arc::new(values.collect::<Int64Array>())
}

pub(super) fn integers(values: impl Iterator<Item = i64>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(values))
}

pub(super) fn booleans(values: impl Iterator<Item = bool>) -> ArrayRef {
    Arc::new(BooleanArray::from(values.collect::<Vec<_>>()))
}

pub(super) fn optional_instants(values: impl Iterator<Item = Option<DateTime<Utc>>>) -> ArrayRef {
    let micros = values.map(|instant| instant.map(|instant| instant.timestamp_micros()));
    Arc::new(micros.collect::<TimestampMicrosecondArray>())
}

fn instants(values: impl Iterator<Item = DateTime<Utc>>) -> ArrayRef {
    let micros = values.map(|instant| instant.timestamp_micros());
    Arc::new(TimestampMicrosecondArray::from_iter_values(micros))
}

pub(super) fn optional_dates(values: impl Iterator<Item = Option<NaiveDate>>) -> ArrayRef {
    Arc::new(
        values
            .map(|date| date.map(day_number))
            .collect::<Date32Array>(),
    )
}

fn day_number(date: NaiveDate) -> i32 {
    let days = date.signed_duration_since(NaiveDate::default()).num_days();
    i32::try_from(days).unwrap_or(i32::MAX)
}

fn dates(values: impl Iterator<Item = NaiveDate>) -> ArrayRef {
    Arc::new(Date32Array::from_iter_values(values.map(day_number)))
}

fn params(config: &Config, as_of: DateTime<Utc>) -> Result<RecordBatch> {
    use std::iter::once;
    let number = |value| -> ArrayRef { Arc::new(Float64Array::from(vec![value])) };
    let week_start = calendar::last_whole_week(as_of, config.project.time_zone);
    batch(vec![
        ("as_of", instants(once(as_of))),
        (
            "incident_window_hours",
            number(config.metrics.incident_window_hours),
        ),
        (
            "planning_window_days",
            number(config.metrics.planning_window_days),
        ),
        ("week_start", dates(once(week_start))),
        ("week_count", integers(once(SERIES_WEEKS))),
        ("quarter_count", integers(once(SERIES_QUARTERS))),
        (
            "working_day_seconds",
            integers(once(calendar::working_day_seconds(&config.calendar))),
        ),
    ])
}

fn workflow(config: &Config) -> Result<RecordBatch> {
    let rows: Vec<_> = (1_i64..)
        .zip(&config.workflow)
        .flat_map(|(position, stage)| {
            stage
                .statuses
                .iter()
                .map(move |status| (position, stage, status))
        })
        .collect();
    batch(vec![
        (
            "status",
            texts(rows.iter().map(|(_, _, status)| status.as_str())),
        ),
        (
            "stage",
            texts(rows.iter().map(|(_, stage, _)| stage.name.as_str())),
        ),
        (
            "stage_position",
            integers(rows.iter().map(|(position, _, _)| *position)),
        ),
        (
            "kind",
            texts(rows.iter().map(|(_, stage, _)| stage.kind.as_str())),
        ),
        (
            "is_commitment",
            booleans(rows.iter().map(|(_, stage, _)| stage.is_commitment)),
        ),
    ])
}

fn environments(config: &Config) -> Result<RecordBatch> {
    let names = config.project.production_environments.iter();
    batch(vec![("environment", texts(names.map(String::as_str)))])
}

fn feeds(snapshot: &Manifest) -> Result<RecordBatch> {
    let tables = || snapshot.tables.iter();
    batch(vec![
        (
            "table_name",
            texts(tables().map(|table| table.name.as_str())),
        ),
        ("is_fed", booleans(tables().map(|table| table.is_fed))),
    ])
}

/// Covers the data and the as-of, and at least the periods of the series; dates that
/// no project has (before 1970, after 2100) are mistakes that need no calendar. It starts
/// with the Monday before: west of Greenwich the instant 0 is a day of 1969.
fn calendar_days(config: &Config, as_of: DateTime<Utc>, range: Range) -> Vec<Day> {
    let zone = config.project.time_zone;
    let local = |instant: DateTime<Utc>| instant.with_timezone(&zone).date_naive();
    let (first, last) = range.map_or((as_of, as_of), |(first, last)| {
        (first.min(as_of), last.max(as_of))
    });
    let weeks = local(as_of) - Days::new(7 * (SERIES_WEEKS.unsigned_abs() + 2));
    let quarters = calendar::quarter_start(local(as_of), SERIES_QUARTERS.unsigned_abs());
    let from = local(first).min(weeks).min(quarters);
    let floor = NaiveDate::from_ymd_opt(1969, 12, 29).unwrap_or_default();
    let ceiling = NaiveDate::from_ymd_opt(2100, 12, 31).unwrap_or_default();
    let from = calendar::week_start(from).max(floor);
    let to = (local(last) + Days::new(14)).min(ceiling);
    calendar::build_days(&config.calendar, zone, from, to)
}

fn calendar_table(days: &[Day]) -> Result<RecordBatch> {
    let d = || days.iter();
    batch(vec![
        ("day", dates(d().map(|day| day.day))),
        ("start_at", instants(d().map(|day| day.start_at))),
        ("end_at", instants(d().map(|day| day.end_at))),
        ("week_start", dates(d().map(|day| day.week_start))),
        ("iso_week", texts(d().map(|day| day.iso_week.as_str()))),
        ("month", texts(d().map(|day| day.month.as_str()))),
        ("quarter", texts(d().map(|day| day.quarter.as_str()))),
        (
            "is_working_day",
            booleans(d().map(|day| day.is_working_day)),
        ),
        ("work_start_at", instants(d().map(|day| day.work_start_at))),
        ("work_end_at", instants(d().map(|day| day.work_end_at))),
        (
            "working_seconds_before",
            integers(d().map(|day| day.working_seconds_before)),
        ),
    ])
}

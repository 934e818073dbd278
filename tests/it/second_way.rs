//! The headline figures, computed a second time from the lake in another language.
//!
//! What is computed follows the definitions (`queries/README.md` lists the readings),
//! not the SQL: loops over rows instead of joins and windows. A disagreement says
//! that one of the two is wrong. The sample data stands for an ordinary company;
//! releases are held against another one too.

mod attribution;
mod clock;
mod deployment;
mod estimate;
mod event;
mod item;
mod measure;
mod part;
mod release;
mod rows;
mod scope;
mod summary;
mod survival;
mod wait;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::sample::sample_project;
use crate::support::Project;
use crate::support::table::numbers_agree;

type Instant = DateTime<Utc>;

/// The end of the sample's data: its `as_of`, Monday 6 July 2026 00:00 in London.
const AS_OF: &str = "2026-07-05T23:00:00Z";

fn as_of() -> Instant {
    DateTime::parse_from_rfc3339(AS_OF)
        .expect("it is an instant")
        .to_utc()
}

/// Quantile by linear interpolation between order statistics (type 7).
fn quantile(mut values: Vec<f64>, share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let place = share * (values.len() - 1) as f64;
    let below = place.floor();
    let low = values[below as usize];
    let high = values[place.ceil() as usize];
    low + (place - below) * (high - low)
}

fn hours_between(from: Instant, to: Instant) -> f64 {
    (to - from).num_microseconds().expect("spans are short") as f64 / 3.6e9
}

fn days(count: i64) -> TimeDelta {
    TimeDelta::days(count)
}

/// Returns the single number of a query over the marts.
fn figure(project: &Project, sql: &str) -> f64 {
    let table = project.query(sql);
    table.rows[0][0].parse().expect("the figure is a number")
}

fn assert_same(what: &str, mart: f64, second: f64) {
    assert!(
        numbers_agree(mart, second),
        "{what}: {mart} in the mart, {second} here"
    );
}

#[test]
fn the_change_failure_rate_is_the_same() {
    let project = sample_project().computed();
    let deployments = deployment::load(&project);
    let judged = deployment::judge(&project, &deployments, deployment::Reading::All);
    let verdicts: Vec<bool> = judged.values().filter_map(|verdict| *verdict).collect();
    let failed = verdicts.iter().filter(|is_failed| **is_failed).count();
    assert!(
        failed > 10 && verdicts.len() > 100,
        "the sample has both kinds"
    );
    let mart = project.query("select deployment_id, is_failed from success_rate");
    let of_mart: BTreeMap<String, Option<bool>> = mart
        .records()
        .map(|row| {
            let verdict = row.word("is_failed").map(|text| text == "true");
            (row.text("deployment_id").to_owned(), verdict)
        })
        .collect();
    assert_eq!(of_mart, judged, "the verdicts differ");
    let sql = "select avg(case when is_failed then 1e0 else 0e0 end) from success_rate \
               where is_failed is not null";
    assert_same(
        "rate",
        figure(&project, sql),
        failed as f64 / verdicts.len() as f64,
    );
}

#[test]
fn the_number_of_delivered_items_is_the_same() {
    let project = sample_project().computed();
    let items = item::load(&project);
    let delivered = items.iter().filter(|item| item.delivered_at.is_some());
    let sql = "select count(*) from cycle_time where is_delivered";
    assert_same("delivered", figure(&project, sql), delivered.count() as f64);
}

#[test]
fn the_cycle_time_is_the_same() {
    let project = sample_project().computed();
    let spans: Vec<f64> = item::load(&project)
        .iter()
        .filter_map(|item| Some(hours_between(item.committed_at()?, item.delivered_at?) / 24.0))
        .filter(|elapsed| *elapsed >= 0.0)
        .collect();
    let from = "from cycle_time where is_delivered and exclusion is null";
    let count = format!("select count(*) {from}");
    assert_same("items", figure(&project, &count), spans.len() as f64);
    for share in [0.5, 0.85, 0.95] {
        let sql = format!("select quantile_cont(elapsed_days, {share}) {from}");
        let second = quantile(spans.clone(), share);
        assert_same("quantile", figure(&project, &sql), second);
    }
}

#[test]
fn the_median_estimation_error_is_the_same() {
    let project = sample_project().computed();
    let effort = item::effort_hours(&project);
    let errors: Vec<f64> = item::load(&project)
        .iter()
        .filter(|item| item.delivered_at.is_some())
        .filter_map(|item| {
            let estimate = item
                .estimate_when_work_began()
                .filter(|hours| *hours > 0.0)?;
            let actual = effort.get(&item.id).copied().filter(|hours| *hours > 0.0)?;
            Some((actual - estimate).abs() / actual)
        })
        .collect();
    let from = "from estimation_accuracy where exclusion is null";
    let count = format!("select count(*) {from}");
    assert_same("items", figure(&project, &count), errors.len() as f64);
    let sql = format!("select median(error_ratio) {from}");
    assert_same("median", figure(&project, &sql), quantile(errors, 0.5));
}

#[test]
fn the_pipeline_failure_rate_of_every_team_is_the_same() {
    let project = sample_project().computed();
    let runs = project.query("select team, result, started_at, finished_at from pipeline_runs");
    let mut counts: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    for row in runs.records() {
        let is_over = row.instant("finished_at").is_none_or(|end| end <= as_of());
        let has_begun = row
            .instant("started_at")
            .is_some_and(|start| start <= as_of());
        let team = row.word("team").unwrap_or("(no team)").to_owned();
        let count = counts.entry(team).or_default();
        match (row.text("result"), has_begun && is_over) {
            ("failure", true) => count.0 += 1.0,
            ("success", true) => count.1 += 1.0,
            _ => {}
        }
    }
    let mart = project.query(
        "select team, sum(failed_count) as failed, sum(completed_count) as completed \
         from pipeline_failure_rate group by team",
    );
    assert_eq!(mart.rows.len(), counts.len(), "the teams are the same");
    for row in mart.records() {
        let (failed, succeeded) = counts[row.text("team")];
        let of_mart = row.number("failed").zip(row.number("completed"));
        let (mart_failed, mart_completed) = of_mart.expect("counts are never null");
        let (ratio, second) = (mart_failed / mart_completed, failed / (failed + succeeded));
        assert_same(row.text("team"), ratio, second);
    }
}

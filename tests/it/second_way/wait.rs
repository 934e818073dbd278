//! Stays in stages, waits on others and pipelines of teams, a second time.

use std::collections::BTreeMap;

use super::estimate::first_week;
use super::survival::Seen;
use super::{Instant, as_of, assert_same, clock, hours_between, item};
use crate::sample::sample_project;
use crate::support::Project;

/// Returns the stays in each stage short of done that began in the report weeks or
/// since, in days, each with whether it ended; a delivery ends them.
pub(super) fn cohorts(project: &Project) -> BTreeMap<&'static str, Vec<Seen>> {
    let mut cohorts: BTreeMap<&str, Vec<Seen>> = BTreeMap::new();
    for item in item::load(project) {
        for stay in clock::stays(&item) {
            let (Some((stage, _, kind)), Some(entered)) = (stay.stage, stay.entered) else {
                continue;
            };
            let is_over = item
                .delivered_at
                .is_some_and(|delivered| entered >= delivered);
            if kind == "done" || entered < first_week() || is_over {
                continue;
            }
            let ends = [stay.left, item.delivered_at].into_iter().flatten();
            let end = ends.min().unwrap_or_else(as_of);
            let is_ended = stay.left.is_some() || item.delivered_at.is_some();
            let days = hours_between(entered, end) / 24.0;
            cohorts.entry(stage).or_default().push((days, is_ended));
        }
    }
    cohorts
}

#[test]
fn the_cohort_of_every_stage_is_the_same() {
    let project = sample_project().computed();
    let cohorts = cohorts(&project);
    let mart = project.query(
        "select stage, count(*) as entered, count_if(is_ended) as ended, sum(days) as days \
         from stage_entries where exclusion is null group by stage",
    );
    assert_eq!(mart.rows.len(), cohorts.len(), "the stages are the same");
    for row in mart.records() {
        let seen = &cohorts[row.text("stage")];
        let entered = seen.len() as f64;
        let ended = seen.iter().filter(|seen| seen.1).count() as f64;
        let days: f64 = seen.iter().map(|seen| seen.0).sum();
        assert!(entered > 50.0 && ended < entered, "some go on, some ended");
        for (column, second) in [("entered", entered), ("ended", ended), ("days", days)] {
            let mart = row.number(column).expect("it is never null");
            assert_same(&format!("{} {column}", row.text("stage")), mart, second);
        }
    }
}

#[test]
fn who_waits_on_whom_is_the_same() {
    let project = sample_project().computed();
    let mut items = BTreeMap::new();
    for row in project.query("select item_id, team from items").records() {
        let team = row.word("team").unwrap_or("(no team)").to_owned();
        items.insert(row.text("item_id").to_owned(), team);
    }
    let closed: BTreeMap<String, Instant> = project
        .query("select item_id, delivered_at from cycle_time where is_delivered")
        .records()
        .filter_map(|row| Some((row.text("item_id").to_owned(), row.instant("delivered_at")?)))
        .collect();
    let table = project.query(
        "select item_id, depends_on, kind, upstream_team, raised_at, resolved_at from dependencies",
    );
    // Spans of each edge and item, cut to the weeks.
    type Spans = BTreeMap<String, Vec<(Instant, Instant)>>;
    let mut edges: BTreeMap<(String, String), (Spans, f64)> = BTreeMap::new();
    for row in table.records() {
        let item = row.text("item_id");
        let raised = row.instant("raised_at").expect("the sample dates them all");
        if raised > as_of() {
            continue;
        }
        let resolved = row.instant("resolved_at").filter(|at| *at <= as_of());
        let ends = [resolved, closed.get(item).copied()];
        let end = ends.into_iter().flatten().min();
        if end.is_some_and(|end| end <= first_week()) {
            continue;
        }
        let upstream = match (row.word("upstream_team"), row.text("kind")) {
            (Some(team), _) => team.to_owned(),
            (None, "item") => items[row.text("depends_on")].clone(),
            (None, _) => row.text("depends_on").to_owned(),
        };
        let edge = edges.entry((items[item].clone(), upstream)).or_default();
        edge.1 += f64::from(end.is_none());
        let span = (raised.max(first_week()), end.unwrap_or(as_of()));
        edge.0.entry(item.to_owned()).or_default().push(span);
    }
    assert!(edges.len() > 20, "the sample has teams that wait");
    let mart = project.query("select * from dependency_waits");
    assert_eq!(mart.rows.len(), edges.len(), "the edges are the same");
    for row in mart.records() {
        let edge = (
            row.text("waiting_team").to_owned(),
            row.text("upstream").to_owned(),
        );
        let (spans, open) = &edges[&edge];
        let days = spans.values().map(|spans| union_days(spans)).sum();
        let name = format!("{} on {}", edge.0, edge.1);
        assert_same(&name, row.number("open_count").expect("a count"), *open);
        assert_same(&name, row.number("blocked_days").expect("a sum"), days);
    }
}

/// Days that lie in any of the spans.
fn union_days(spans: &[(Instant, Instant)]) -> f64 {
    let mut spans = spans.to_vec();
    spans.sort();
    let mut covered: Option<Instant> = None;
    let mut hours = 0.0;
    for (from, to) in spans {
        let from = covered.map_or(from, |until| from.max(until));
        if to > from {
            hours += hours_between(from, to);
        }
        covered = Some(covered.map_or(to, |until| until.max(to)));
    }
    hours / 24.0
}

#[test]
fn the_pipelines_of_every_team_in_the_report_weeks_are_the_same() {
    let project = sample_project().computed();
    let table = project.query(
        "select team, pipeline, stage, commit_sha, attempt, result, started_at, finished_at \
         from pipeline_runs",
    );
    let runs: Vec<_> = table
        .records()
        .filter(|row| row.instant("started_at").is_some_and(|at| at <= as_of()))
        .collect();
    let is_over = |row: &crate::support::table::Record<'_>| {
        row.instant("finished_at").is_none_or(|end| end <= as_of())
    };
    let mut teams: BTreeMap<&str, [f64; 3]> = BTreeMap::new();
    for run in &runs {
        if run.instant("started_at") < Some(first_week()) {
            continue;
        }
        let counts = teams
            .entry(run.word("team").unwrap_or("(no team)"))
            .or_default();
        let result = if is_over(run) {
            run.text("result")
        } else {
            "running"
        };
        counts[1] += f64::from(matches!(result, "failure" | "success"));
        if result != "failure" {
            continue;
        }
        counts[0] += 1.0;
        let passed = runs.iter().any(|later| {
            let same = ["pipeline", "stage", "commit_sha"];
            let order = |row: &crate::support::table::Record<'_>| {
                (
                    row.instant("started_at"),
                    row.number("attempt").map(f64::to_bits),
                )
            };
            later.text("result") == "success"
                && is_over(later)
                && run.word("commit_sha").is_some()
                && same
                    .iter()
                    .all(|column| later.word(column) == run.word(column))
                && order(later) > order(run)
        });
        counts[2] += f64::from(passed);
    }
    let mart = project.query(
        "select team, failed_count, completed_count, flaky_count \
         from pipeline_failures_by_team where is_total",
    );
    assert_eq!(mart.rows.len(), teams.len(), "the teams are the same");
    for row in mart.records() {
        let counts = teams[row.text("team")];
        let columns = ["failed_count", "completed_count", "flaky_count"];
        for (column, second) in columns.into_iter().zip(counts) {
            let mart = row.number(column).expect("counts are never null");
            assert_same(&format!("{} {column}", row.text("team")), mart, second);
        }
    }
    assert!(
        teams.values().any(|counts| counts[2] > 0.0),
        "some are flaky"
    );
}

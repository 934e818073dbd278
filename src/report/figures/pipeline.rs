//! Pipeline failures by team over the last four weeks, with intervals.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};

use super::success::interval_of;
use super::{Context, MOST_ROWS, interval_cells, share_cell};
use crate::chart::{Frame, IntervalBars, IntervalRow, interval_bars};
use crate::error::Result;
use crate::report::format;
use crate::report::page::{Cell, DataTable, Figure};
use crate::statistics::{Verdict, compare_rates, wilson};

/// How many weeks are added up, so that small teams have runs enough.
const WEEKS: i64 = 4;

/// Fewer completed runs than these are no ground for naming a team.
const FEWEST_RUNS: u64 = 5;

#[derive(Default)]
struct Runs {
    failed: u64,
    completed: u64,
    cancelled: u64,
    running: u64,
    flaky: u64,
}

/// The tables without which there is nothing to draw.
const FED_BY: &[&str] = &["pipeline_runs"];

pub(super) fn figure(context: &Context<'_>) -> Result<Figure> {
    let teams = runs_per_team(context, context.end() - TimeDelta::weeks(WEEKS))?;
    let failed = teams.values().map(|runs| runs.failed).sum();
    let completed = teams.values().map(|runs| runs.completed).sum();
    let overall = wilson(failed, completed);
    let title = overall.map_or_else(
        || "No pipeline run was completed in these four weeks".to_owned(),
        |_| headline(&teams),
    );
    let title = context.title("Pipeline runs", FED_BY, title);
    let subtitle = format!(
        "Failed of completed pipeline runs (failed + succeeded) by source team, {} – {}{}; bars: 95% interval",
        format::date(context.end() - TimeDelta::weeks(WEEKS)),
        format::date(context.end() - TimeDelta::days(1)),
        overall.map_or_else(String::new, |rate| format!(
            "; overall {}",
            format::percent(rate.share)
        )),
    );
    let rows = teams.iter().filter_map(|(team, runs)| {
        let rate = wilson(runs.failed, runs.completed)?;
        Some(IntervalRow {
            name: team.clone(),
            rate: interval_of(&rate),
            href: None,
        })
    });
    let drawing = IntervalBars {
        rows: rows.collect(),
        overall: overall.map(|rate| rate.share),
        caption: "Failed of completed runs".into(),
    };
    let missing = context.marts.missing(FED_BY);
    let frame = Frame::new("fig-pipeline", &title, &subtitle).empty(
        missing
            .as_deref()
            .unwrap_or("No completed pipeline run in these four weeks."),
    );
    Ok(Figure {
        id: "fig-pipeline".into(),
        svg: interval_bars(&frame, &drawing),
        title,
        subtitle,
        how_to_read: "A point is a team's rate; the line is where it could lie by chance (Wilson, 95%). Only where a line does not touch that of the other teams together is the difference more than chance. Flaky failures, which passed on a retry of the same commit, are part of the failed and counted apart in the table.".into(),
        table: DataTable::new(
            "Pipeline runs by team",
            &["Team", "#Failed", "#Completed", "#Rate", "#From", "#To", "#Flaky, of the failed", "#Cancelled", "#Running"],
            teams.iter().map(|(team, runs)| table_row(team, runs)).collect(),
            MOST_ROWS,
        ),
    })
}

/// Adds up the runs of each team from the week of a Monday on.
fn runs_per_team(context: &Context<'_>, first: NaiveDate) -> Result<BTreeMap<String, Runs>> {
    let mart = context.marts.rows("pipeline_failure_rate")?;
    let mut teams: BTreeMap<String, Runs> = BTreeMap::new();
    for row in mart.indices() {
        let week = mart.date("week_start", row)?;
        if !week.is_some_and(|week| week >= first && week < context.end()) {
            continue;
        }
        let count = |column| -> Result<u64> {
            Ok(u64::try_from(mart.integer(column, row)?.unwrap_or(0)).unwrap_or(0))
        };
        let runs = teams.entry(mart.owned_text("team", row)?).or_default();
        runs.failed += count("failed_count")?;
        runs.completed += count("completed_count")?;
        runs.cancelled += count("cancelled_count")?;
        runs.running += count("running_count")?;
        runs.flaky += count("flaky_count")?;
    }
    Ok(teams)
}

/// Names the team that fails more than all the others together, beyond chance.
fn headline(teams: &BTreeMap<String, Runs>) -> String {
    let total = |get: fn(&Runs) -> u64| teams.values().map(get).sum::<u64>();
    let mut worse: Vec<(f64, &str)> = Vec::new();
    for (team, runs) in teams
        .iter()
        .filter(|(_, runs)| runs.completed >= FEWEST_RUNS)
    {
        let others = wilson(
            total(|r| r.failed) - runs.failed,
            total(|r| r.completed) - runs.completed,
        );
        let (Some(rate), Some(others)) = (wilson(runs.failed, runs.completed), others) else {
            continue;
        };
        if compare_rates(&others, &rate).verdict == Verdict::Higher {
            worse.push((rate.share, team));
        }
    }
    worse.sort_by(|a, b| b.0.total_cmp(&a.0));
    match worse.as_slice() {
        [] => "No team's pipeline failed more than the others beyond chance in these four weeks"
            .to_owned(),
        [(share, team)] => format!(
            "{team}'s pipeline failed more than the others in these four weeks: {}",
            format::percent(*share)
        ),
        [(share, team), more @ ..] => format!(
            "{team} ({}) and {} failed more than the other teams in these four weeks",
            format::percent(*share),
            format::count(more.len(), "other", "others")
        ),
    }
}

/// Says whose the reported week's failures are, where one team has more than half of
/// them: "11 of its 12 failures are Checkout's".
pub(in crate::report) fn who_failed(context: &Context<'_>) -> Result<Option<String>> {
    let teams = runs_per_team(context, context.end() - TimeDelta::weeks(1))?;
    let all: u64 = teams.values().map(|runs| runs.failed).sum();
    let most = teams.iter().max_by_key(|(_, runs)| runs.failed);
    let most = most.filter(|(_, runs)| 2 * runs.failed > all);
    Ok(most.map(|(team, runs)| {
        format!(
            "{} of the {} in this week {} {team}'s",
            format::integer(runs.failed),
            format::count(all, "failure", "failures"),
            if runs.failed == 1 { "is" } else { "are" }
        )
    }))
}

fn table_row(team: &str, runs: &Runs) -> Vec<Cell> {
    let rate = wilson(runs.failed, runs.completed);
    let [from, to] = interval_cells(rate.as_ref());
    vec![
        Cell::text(team),
        Cell::integer(runs.failed),
        Cell::integer(runs.completed),
        share_cell(runs.failed, runs.completed),
        from,
        to,
        Cell::integer(runs.flaky),
        Cell::integer(runs.cancelled),
        Cell::integer(runs.running),
    ]
}

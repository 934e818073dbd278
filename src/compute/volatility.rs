//! Control charts and funnels of scope volatility by team and domain, made between the
//! queries that count (`scope_volatility_by_group`, `volatility_levels`) and those that
//! judge (`volatility_points`, `volatility_coaching`). Limits, rules and standings have
//! one definition each, in `statistics`, so they are asked there and written beside the
//! marts, as settings are.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;

use super::settings::{batch, booleans, integers, numbers, texts};
use super::steps::Step;
use crate::engine::Engine;
use crate::error::Result;
use crate::lake::Rows;
use crate::statistics::{Bound, FunnelStanding, Rule, Side, Xmr, funnel_standing, wilson, xmr};

/// Of the counts of each team and domain, its chart and where its shares lie.
pub(super) const STEP: Step = Step {
    names: &[
        "volatility_limits",
        "volatility_signals",
        "volatility_standings",
    ],
    inputs: &[LEVELS],
    make,
    make_empty: || tables(&[], &[]),
};

/// The query after which they can be made: it reads the other one that they need.
const LEVELS: &str = "volatility_levels";

/// The fewest things that a share is asked of a funnel for.
const FEWEST: u64 = 5;

/// The shares that are held against a funnel: name, counted, of how many.
const MEASURES: [(&str, &str, &str); 3] = [
    ("moved", "moved_item_count", "scope_item_count"),
    ("after_freeze", "after_freeze_count", "frozen_change_count"),
    ("readded", "readded_count", "added_count"),
];

/// A dimension and one of its levels.
type Level = (String, String);

fn make(engine: &Engine) -> Result<Vec<RecordBatch>> {
    let read = |name: &str, sql: &str| engine.select(sql)?.into_rows(name);
    let releases = read(
        "scope_volatility_by_group",
        "select dimension, level, release_id, gross_ratio from scope_volatility_by_group \
         where exclusion is null order by dimension, level, baseline_at, release_id",
    )?;
    let levels = read(
        LEVELS,
        "select dimension, level, moved_item_count, scope_item_count, after_freeze_count, \
         frozen_change_count, readded_count, added_count from volatility_levels \
         order by dimension, level",
    )?;
    tables(&charts(&releases)?, &standings(&levels)?)
}

/// The chart of one level: its releases in order of their baselines.
struct LevelChart {
    level: Level,
    releases: Vec<String>,
    chart: Xmr,
}

/// A share of a level among the limits for as many as stand behind it.
struct Standing {
    level: Level,
    measure: &'static str,
    all_ratio: Option<f64>,
    is_above: bool,
}

fn level_of(rows: &Rows, row: usize) -> Result<Level> {
    Ok((
        rows.owned_text("dimension", row)?,
        rows.owned_text("level", row)?,
    ))
}

/// Returns the chart of every level; its limits come from all releases but the last,
/// which is thus not measured against itself.
fn charts(releases: &Rows) -> Result<Vec<LevelChart>> {
    let mut series: BTreeMap<Level, (Vec<String>, Vec<Option<f64>>)> = BTreeMap::new();
    for row in releases.indices() {
        let (ids, values) = series.entry(level_of(releases, row)?).or_default();
        ids.push(releases.owned_text("release_id", row)?);
        values.push(releases.number("gross_ratio", row)?);
    }
    let chart = |(level, (releases, values)): (Level, (Vec<String>, Vec<Option<f64>>))| {
        let baseline = 0..values.len().saturating_sub(1);
        LevelChart {
            level,
            releases,
            chart: xmr(&values, baseline, Bound::NonNegative),
        }
    };
    Ok(series.into_iter().map(chart).collect())
}

/// Returns where each share of each level lies in the funnel around that of all levels
/// of its dimension; only above the 99.8 % limit is above.
fn standings(levels: &Rows) -> Result<Vec<Standing>> {
    let mut standings = Vec::new();
    for (measure, counted, of) in MEASURES {
        let count = |column: &str, row: usize| -> Result<u64> {
            Ok(u64::try_from(levels.integer(column, row)?.unwrap_or(0)).unwrap_or(0))
        };
        let mut sums: BTreeMap<String, (u64, u64)> = BTreeMap::new();
        for row in levels.indices() {
            let sum = sums.entry(level_of(levels, row)?.0).or_default();
            sum.0 += count(counted, row)?;
            sum.1 += count(of, row)?;
        }
        for row in levels.indices() {
            let level = level_of(levels, row)?;
            let (all_counted, all) = sums.get(&level.0).copied().unwrap_or_default();
            let all_ratio = wilson(all_counted, all).map(|rate| rate.share);
            let rate = wilson(count(counted, row)?, count(of, row)?)
                .filter(|rate| rate.trials >= FEWEST)
                .zip(all_ratio);
            let is_above = rate.is_some_and(|(rate, centre)| {
                let standing = funnel_standing(centre, &rate);
                rate.share > centre && standing == Some(FunnelStanding::Beyond998)
            });
            standings.push(Standing {
                level,
                measure,
                all_ratio,
                is_above,
            });
        }
    }
    Ok(standings)
}

fn tables(charts: &[LevelChart], standings: &[Standing]) -> Result<Vec<RecordBatch>> {
    Ok(vec![
        limits_table(charts)?,
        signals_table(charts)?,
        standings_table(standings)?,
    ])
}

fn limits_table(charts: &[LevelChart]) -> Result<RecordBatch> {
    let limit = |get: fn(&crate::statistics::XmrChart) -> Option<f64>| {
        numbers(charts.iter().map(|level| match &level.chart {
            Xmr::Chart(chart) => get(chart),
            Xmr::TooFew { .. } => None,
        }))
    };
    let counted = charts.iter().map(|level| match &level.chart {
        Xmr::Chart(chart) => whole(chart.baseline_count),
        Xmr::TooFew { found, .. } => whole(*found),
    });
    let level = |get: fn(&Level) -> &str| texts(charts.iter().map(|chart| get(&chart.level)));
    batch(vec![
        ("dimension", level(dimension)),
        ("level", level(name)),
        ("baseline_count", integers(counted)),
        ("centre", limit(|chart| Some(chart.centre))),
        ("lower_limit", limit(|chart| chart.lower_limit)),
        ("upper_limit", limit(|chart| Some(chart.upper_limit))),
    ])
}

/// One row per signal; of a point, those above the mean come first.
fn signals_table(charts: &[LevelChart]) -> Result<RecordBatch> {
    let mut signals = Vec::new();
    for level in charts {
        let Xmr::Chart(chart) = &level.chart else {
            continue;
        };
        for (release, point) in level.releases.iter().zip(&chart.points) {
            for (number, signal) in (1_i64..).zip(&point.signals) {
                signals.push((&level.level, release, number, signal));
            }
        }
    }
    let found = || signals.iter();
    batch(vec![
        ("dimension", texts(found().map(|row| dimension(row.0)))),
        ("level", texts(found().map(|row| name(row.0)))),
        ("release_id", texts(found().map(|row| row.1.as_str()))),
        ("signal_number", integers(found().map(|row| row.2))),
        ("rule", texts(found().map(|row| rule_name(row.3.rule)))),
        (
            "is_above",
            booleans(found().map(|row| row.3.side == Side::Above)),
        ),
    ])
}

fn standings_table(standings: &[Standing]) -> Result<RecordBatch> {
    let found = || standings.iter();
    batch(vec![
        ("dimension", texts(found().map(|row| dimension(&row.level)))),
        ("level", texts(found().map(|row| name(&row.level)))),
        ("measure", texts(found().map(|row| row.measure))),
        ("all_ratio", numbers(found().map(|row| row.all_ratio))),
        ("is_above", booleans(found().map(|row| row.is_above))),
    ])
}

fn dimension(level: &Level) -> &str {
    &level.0
}

fn name(level: &Level) -> &str {
    &level.1
}

fn whole(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn rule_name(rule: Rule) -> &'static str {
    match rule {
        Rule::BeyondLimit => "beyond_limit",
        Rule::TwoOfThreeBeyondTwoSigma => "two_of_three",
        Rule::FourOfFiveBeyondOneSigma => "four_of_five",
        Rule::EightOnOneSide => "eight_on_one_side",
    }
}

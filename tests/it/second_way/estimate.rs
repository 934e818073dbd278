//! Estimates by team, type and size, and their correction, a second time.

use std::collections::BTreeMap;

use super::{Instant, assert_same, hours_between, item, quantile};
use crate::sample::sample_project;
use crate::support::Project;

/// The Monday on which the 26 report weeks begin, 00:00 in London.
pub(super) const FIRST_WEEK: &str = "2026-01-05T00:00:00Z";

/// One delivered item with an estimate and effort, in whole seconds.
struct Pair {
    id: String,
    levels: [(&'static str, String); 4],
    delivered_at: Instant,
    estimate: f64,
    actual: f64,
}

impl Pair {
    fn error(&self, factor: f64) -> f64 {
        (self.actual - factor * self.estimate).abs() / self.actual
    }

    fn log(&self) -> f64 {
        (self.actual / self.estimate).ln()
    }

    fn band(&self) -> &str {
        &self.levels[3].1
    }
}

pub(super) fn first_week() -> Instant {
    chrono::DateTime::parse_from_rfc3339(FIRST_WEEK)
        .expect("it is an instant")
        .to_utc()
}

fn band(seconds: f64) -> &'static str {
    match seconds / 3600.0 {
        hours if hours < 4.0 => "<4 h",
        hours if hours < 8.0 => "4-8 h",
        hours if hours < 16.0 => "8-16 h",
        hours if hours < 40.0 => "16-40 h",
        _ => ">=40 h",
    }
}

fn pairs(project: &Project) -> Vec<Pair> {
    let mut words = BTreeMap::new();
    for row in project
        .query("select item_id, team, item_type from items")
        .records()
    {
        let team = row.word("team").unwrap_or("(no team)").to_owned();
        let kind = row.word("item_type").unwrap_or("(no type)").to_owned();
        words.insert(row.text("item_id").to_owned(), (team, kind));
    }
    let effort = item::effort_hours(project);
    let seconds = |hours: f64| (hours * 3600.0).round();
    let mut pairs = Vec::new();
    for item in item::load(project) {
        let estimate = item.estimate_when_work_began().map(seconds);
        let actual = effort.get(&item.id).copied().map(seconds);
        let (Some(delivered_at), Some(estimate), Some(actual)) =
            (item.delivered_at, estimate, actual)
        else {
            continue;
        };
        if estimate > 0.0 && actual > 0.0 {
            let (team, kind) = words[&item.id].clone();
            pairs.push(Pair {
                levels: [
                    ("all", "all".to_owned()),
                    ("team", team),
                    ("item_type", kind),
                    ("size_band", band(estimate).to_owned()),
                ],
                id: item.id,
                delivered_at,
                estimate,
                actual,
            });
        }
    }
    pairs
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    quantile(values.collect(), 0.5)
}

#[test]
fn the_summary_of_estimates_is_the_same() {
    let project = sample_project().computed();
    let mut levels: BTreeMap<(&str, String), Vec<Pair>> = BTreeMap::new();
    for place in 0..4 {
        for pair in pairs(&project) {
            if pair.delivered_at >= first_week() {
                let level = pair.levels[place].clone();
                levels.entry(level).or_default().push(pair);
            }
        }
    }
    assert!(levels.len() > 15, "the sample has teams, types and sizes");
    let mart = project.query("select * from estimation_summary where item_count > 0");
    assert_eq!(mart.rows.len(), levels.len(), "the levels are the same");
    for row in mart.records() {
        let level = levels
            .iter()
            .find(|((dimension, level), _)| {
                *dimension == row.text("dimension") && level == row.text("level")
            })
            .map(|(_, pairs)| pairs)
            .expect("the level is known here");
        let count = level.len() as f64;
        let share = |is_so: &dyn Fn(&Pair) -> bool| {
            level.iter().filter(|pair| is_so(pair)).count() as f64 / count
        };
        let figures = [
            ("item_count", count),
            ("mdmre", median(level.iter().map(|pair| pair.error(1.0)))),
            (
                "mmre",
                level.iter().map(|pair| pair.error(1.0)).sum::<f64>() / count,
            ),
            ("bias", level.iter().map(Pair::log).sum::<f64>() / count),
            (
                "estimate_hours",
                median(level.iter().map(|pair| pair.estimate / 3600.0)),
            ),
            (
                "actual_hours",
                median(level.iter().map(|pair| pair.actual / 3600.0)),
            ),
            (
                "pred25_ratio",
                share(&|pair| 4.0 * (pair.actual - pair.estimate).abs() <= pair.actual),
            ),
            ("exact_ratio", share(&|pair| pair.actual == pair.estimate)),
        ];
        for (column, second) in figures {
            let mart = row.number(column).expect("items stand behind it");
            assert_same(&format!("{} {column}", row.text("level")), mart, second);
        }
    }
}

/// The lower end of the Wilson 95 % interval of `better` among both.
fn lower_end(better: f64, worse: f64) -> f64 {
    let (n, z2) = (better + worse, 1.959_963_984_540_054_f64.powi(2));
    let share = better / n;
    let spread = (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt() * z2.sqrt();
    (share + z2 / (2.0 * n) - spread) / (1.0 + z2 / n)
}

#[test]
fn the_correction_of_estimates_is_the_same() {
    let project = sample_project().computed();
    let mut pairs = pairs(&project);
    pairs.sort_by(|a, b| (a.delivered_at, &a.id).cmp(&(b.delivered_at, &b.id)));
    // The first item after the first two thirds.
    let cut = pairs[2 * pairs.len() / 3].delivered_at;
    let mart = project.query("select * from estimation_calibration");
    let mut smaller = 0;
    for row in mart.records() {
        let of_band = |is_early: bool| {
            pairs.iter().filter(move |pair| {
                pair.band() == row.text("size_band") && (pair.delivered_at < cut) == is_early
            })
        };
        let name = row.text("size_band");
        assert_eq!(row.instant("cut_at"), Some(cut), "{name}");
        let (fits, scores) = (of_band(true).count(), of_band(false).count());
        assert_same(name, row.number("fit_count").expect("a count"), fits as f64);
        assert_same(
            name,
            row.number("score_count").expect("a count"),
            scores as f64,
        );
        let factor = median(of_band(true).map(Pair::log)).exp();
        assert_same(name, row.number("factor").expect("it was fitted"), factor);
        let before = median(of_band(false).map(|pair| pair.error(1.0)));
        let after = median(of_band(false).map(|pair| pair.error(factor)));
        assert_same(name, row.number("mdmre_before").expect("scored"), before);
        assert_same(name, row.number("mdmre_after").expect("scored"), after);
        let is_smaller = fits >= 10 && scores >= 10 && after < before - 1e-9;
        let moved = |is_better: bool| {
            let by = |pair: &&Pair| pair.error(factor) - pair.error(1.0);
            let is_moved = |pair: &&Pair| match is_better {
                true => by(pair) < -1e-9,
                false => by(pair) > 1e-9,
            };
            of_band(false).filter(is_moved).count() as f64
        };
        let is_offered = is_smaller && lower_end(moved(true), moved(false)) > 0.5;
        assert_eq!(row.text("is_offered"), is_offered.to_string(), "{name}");
        smaller += usize::from(is_smaller);
    }
    assert!(
        smaller > 0,
        "the sample has a size whose later errors fall with the correction"
    );
    let longest = hours_between(cut, super::as_of());
    assert!(
        longest > 24.0 * 28.0,
        "what came later is more than a month"
    );
}

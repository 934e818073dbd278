//! Survival on the pages, a second time: the curve by handing on the weight of what is
//! censored to all that last longer (B. Efron, "The Two Sample Problem with Censored
//! Data", Proceedings of the Fifth Berkeley Symposium 4 (1967), 831-853), which gives
//! the Kaplan–Meier estimate without its product.

use std::collections::BTreeMap;

use serde_json::Value;

use super::clock::Waits;
use super::event::Operations;
use super::{Instant, as_of, assert_same, hours_between, item, quantile, wait};
use crate::sample::sample_project;
use crate::support::{Project, read_text};

/// The normal quantile of 97.5 %.
const Z: f64 = 1.959_963_984_540_054;

/// How long something lasted, and whether it has ended.
pub(super) type Seen = (f64, bool);

/// One time at which something ended.
struct Step {
    at: f64,
    /// The share that lasts longer.
    beyond: f64,
    bounds: Option<(f64, f64)>,
}

fn steps(mut seen: Vec<Seen>) -> Vec<Step> {
    // What is censored when something ends was still there.
    seen.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
    let count = seen.len();
    let mut weights = vec![1.0 / count as f64; count];
    let (mut ended, mut variance) = (0.0, 0.0);
    let mut steps: Vec<Step> = Vec::new();
    for (place, (at, is_ended)) in seen.into_iter().enumerate() {
        let later = count - place - 1;
        if !is_ended {
            let share = weights[place] / later.max(1) as f64;
            weights[place + 1..]
                .iter_mut()
                .for_each(|weight| *weight += share);
            continue;
        }
        ended += weights[place];
        // Ties leave one after the other: 1/(n(n-1)) + 1/((n-1)(n-2)) = 2/(n(n-2)).
        let at_risk = (later + 1) as f64;
        variance += 1.0 / (at_risk * (at_risk - 1.0));
        let beyond: f64 = 1.0 - ended;
        let spread = (Z * f64::sqrt(variance) / beyond.ln().abs()).exp();
        let is_defined = beyond > 1e-9 && variance.is_finite();
        let bounds = (beyond.powf(spread), beyond.powf(1.0 / spread));
        if steps.last().is_some_and(|last| last.at == at) {
            steps.pop();
        }
        steps.push(Step {
            at,
            beyond,
            bounds: is_defined.then_some(bounds),
        });
    }
    steps
}

/// The time by which a share has ended, and its 95 % bounds.
fn quantiles(seen: &[Seen], share: f64) -> [Option<f64>; 3] {
    let steps = steps(seen.to_vec());
    let first = |level: fn(&Step) -> Option<f64>| {
        let is_there = |step: &&Step| level(step).is_some_and(|at| at <= 1.0 - share + 1e-9);
        steps.iter().find(is_there).map(|step| step.at)
    };
    [
        first(|step| Some(step.beyond)),
        first(|step| step.bounds.map(|bounds| bounds.0)),
        first(|step| step.bounds.map(|bounds| bounds.1)),
    ]
}

/// The only file of that folder of the site whose name ends so, read as JSON.
fn page(project: &Project, folder: &str, ending: &str) -> Value {
    let tree = project.tree(folder);
    let mut names = tree
        .keys()
        .filter(|name| name.to_string_lossy().ends_with(ending));
    let name = names.next().expect("the page is there");
    serde_json::from_str(&read_text(&project.path(&name.to_string_lossy()))).expect("it is JSON")
}

/// Finds the object in a list by one of its members.
fn named<'v>(list: &'v Value, member: &str, wanted: &str) -> &'v Value {
    let mut entries = list.as_array().expect("it is a list").iter();
    let found = entries.find(|entry| entry[member] == wanted);
    found.unwrap_or_else(|| panic!("no {member} {wanted}"))
}

/// Holds cells of a page against numbers; where there is none, the page says so.
fn assert_cells(what: &str, cells: &[Value], second: &[Option<f64>]) {
    assert_eq!(cells.len(), second.len(), "{what}");
    for (cell, second) in cells.iter().zip(second) {
        match (cell["value"].as_f64(), second) {
            (Some(page), Some(second)) => assert_same(what, page, *second),
            (None, None) => assert_eq!(cell["text"], "n/a", "{what}"),
            (page, second) => panic!("{what}: {page:?} on the page, {second:?} here"),
        }
    }
}

fn rows(table: &Value) -> &[Value] {
    table["rows"].as_array().expect("it has rows")
}

fn cells(row: &Value) -> &[Value] {
    row.as_array().expect("a row has cells")
}

#[test]
fn survival_on_the_pages_is_the_same() {
    let project = sample_project();
    let finished = project.batch();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let weekly = page(&project, "site/weekly", "W27.json");
    stages_are_the_same(
        &project,
        &named(&weekly["figures"], "id", "fig-survival")["table"],
    );
    let clocks = named(&weekly["sections"], "id", "clocks");
    let table = &named(&clocks["tables"], "id", "clocks-survival")["table"];
    clocks_are_the_same(&project, table);
    let quarter = page(&project, "site/quarters", "success.json");
    recovery_is_the_same(&project, &quarter["recovery"]);
}

fn stages_are_the_same(project: &Project, table: &Value) {
    let cohorts: BTreeMap<&str, Vec<Seen>> = wait::cohorts(project);
    assert_eq!(rows(table).len(), cohorts.len(), "the stages are the same");
    for row in rows(table) {
        let stage = cells(row)[0]["text"].as_str().expect("it is named");
        let seen = &cohorts[stage];
        let ended = seen.iter().filter(|seen| seen.1).count() as f64;
        let count = seen.len() as f64;
        let mut second = vec![Some(count), Some(ended), Some(count - ended)];
        second.extend(quantiles(seen, 0.5));
        second.extend(quantiles(seen, 0.85));
        assert_cells(stage, &cells(row)[1..], &second);
    }
}

fn clocks_are_the_same(project: &Project, table: &Value) {
    let items = item::load(project);
    let waits = Waits::load(project, &items);
    let timed = items.iter().filter_map(|item| {
        let (from, to) = waits.clock(item).span?;
        Some((hours_between(from, to) / 24.0, item.delivered_at.is_some()))
    });
    let seen: Vec<Seen> = timed.collect();
    let ended = seen.iter().filter(|seen| seen.1).count();
    assert!(ended > 100 && seen.len() > ended, "some go on");
    for (row, share) in rows(table).iter().zip([0.5, 0.85, 0.95]) {
        let mut second = vec![Some(seen.len() as f64), Some(ended as f64)];
        second.extend(quantiles(&seen, share));
        assert_cells("elapsed", &cells(row)[1..], &second);
    }
}

/// The median of a curve: where it lies level on one half, the middle of that stretch,
/// as the plain median of an even number is.
fn median(seen: &[Seen]) -> Option<f64> {
    let steps = steps(seen.to_vec());
    let place = steps.iter().position(|step| step.beyond < 0.5 + 1e-9)?;
    let is_level = (steps[place].beyond - 0.5).abs() < 1e-9;
    let next = steps.get(place + 1).filter(|_| is_level);
    Some(next.map_or(steps[place].at, |next| (steps[place].at + next.at) / 2.0))
}

/// From the end of the deployment, all deployments: plain median, and with the open.
fn recovery_is_the_same(project: &Project, table: &Value) {
    let operations = Operations::load(project);
    let failed: Vec<_> = operations
        .completed()
        .filter(|deployment| operations.verdicts[&deployment.id] == Some(true))
        .collect();
    let seen = failed.iter().filter_map(|deployment| {
        let since = |at: Instant| hours_between(deployment.finished_at, at);
        match operations.restored_at(deployment) {
            Some(at) => Some((since(at), true)).filter(|seen| seen.0 >= 0.0),
            None if operations.counted(deployment).is_empty() => None,
            None => Some((since(as_of()), false)),
        }
    });
    let seen: Vec<Seen> = seen.collect();
    let done = seen.iter().filter(|seen| seen.1).map(|seen| seen.0);
    let done: Vec<f64> = done.collect();
    let row = rows(table).iter().find(|row| {
        cells(row)[0]["text"] == "All deployments" && cells(row)[1]["text"] == "From its end"
    });
    let second = [
        failed.len() as f64,
        done.len() as f64,
        (seen.len() - done.len()) as f64,
        (failed.len() - seen.len()) as f64,
        quantile(done, 0.5),
    ];
    let mut second: Vec<Option<f64>> = second.into_iter().map(Some).collect();
    second.push(median(&seen));
    let row = cells(row.expect("the row is there"));
    assert_cells("recovery", &row[2..8], &second);
}

#[test]
fn a_curve_done_by_hand_is_found_by_handing_on_weights() {
    // 1 ends, 2 is censored, 3 and 4 end: 3/4, then 3/4 * 1/2, then 0.
    let seen = [(1.0, true), (2.0, false), (3.0, true), (4.0, true)];
    let levels: Vec<f64> = steps(seen.to_vec())
        .iter()
        .map(|step| step.beyond)
        .collect();
    for (level, expected) in levels.iter().zip([0.75, 0.375, 0.0]) {
        assert!((level - expected).abs() < 1e-12, "{levels:?}");
    }
    assert_eq!(quantiles(&seen, 0.5)[0], Some(3.0));
}

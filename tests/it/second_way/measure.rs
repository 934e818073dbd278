//! The headline measures of every release, from what happened in it.

use std::collections::BTreeMap;

use super::clock;
use super::item::Item;
use super::release::Company;
use super::rows::{Rows, count, number};
use super::{Instant, as_of, hours_between, quantile};
use crate::support::Project;

/// One thing that a measure looks at.
#[derive(Debug, Clone, Copy, Default)]
struct Subject {
    value: Option<f64>,
    is_counted: bool,
    is_below: bool,
    is_provisional: bool,
}

impl Subject {
    /// It counts, or is only below the line.
    fn share(is_counted: bool) -> Self {
        Self {
            is_counted,
            is_below: true,
            ..Self::default()
        }
    }

    fn value(value: Option<f64>) -> Self {
        Self {
            value,
            is_counted: value.is_some(),
            is_below: value.is_some(),
            is_provisional: false,
        }
    }
}

/// What is made of the subjects.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Form {
    Quantile(f64),
    Count,
    Counted,
    Share,
}

/// The subjects by measure and release.
#[derive(Default)]
struct Subjects {
    by_release: BTreeMap<(&'static str, String), Vec<Subject>>,
}

impl Subjects {
    fn add(&mut self, measure: &'static str, release: &str, subject: Subject) {
        let key = (measure, release.to_owned());
        self.by_release.entry(key).or_default().push(subject);
    }
}

/// Recomputes `release_measures`.
pub(super) fn measures(company: &Company, project: &Project) -> Rows {
    let mut subjects = Subjects::default();
    add_items(&mut subjects, company);
    add_deployments(&mut subjects, company);
    add_scope(&mut subjects, company);
    add_runs(&mut subjects, project);
    let mut rows = Rows::new("release_measures", &["measure", "release_id"]);
    for ((measure, release), subjects) in &subjects.by_release {
        let of = |is_so: fn(&Subject) -> bool| subjects.iter().filter(|s| is_so(s)).count();
        let (counted, below) = (of(|s| s.is_counted), of(|s| s.is_below));
        let values: Vec<f64> = subjects.iter().filter_map(|s| s.value).collect();
        let form = form(measure);
        let value = match form {
            Form::Quantile(share) if !values.is_empty() => Some(quantile(values, share)),
            Form::Quantile(_) => None,
            Form::Count => Some(below as f64),
            Form::Counted => Some(counted as f64),
            Form::Share => Some(counted as f64 / below as f64),
        };
        let numerator = match form {
            Form::Quantile(_) => String::new(),
            _ => count(counted),
        };
        rows.push(
            &[measure, release],
            vec![
                ("value", number(value)),
                ("numerator", numerator),
                ("denominator", count(below)),
                ("provisional_count", count(of(|s| s.is_provisional))),
            ],
        );
    }
    rows
}

fn form(measure: &str) -> Form {
    match measure {
        "cycle_time_p85" => Form::Quantile(0.85),
        "recovery_hours" | "estimation_error" => Form::Quantile(0.5),
        "items_delivered" | "deployment_count" => Form::Count,
        "aging_past_p85" => Form::Counted,
        _ => Form::Share,
    }
}

/// Items count for the release that they are in now.
fn add_items(subjects: &mut Subjects, company: &Company) {
    let limits = limits(company);
    for item in &company.items {
        let Some(release) = item.release() else {
            continue;
        };
        let clock = company.waits.clock(item);
        if item.delivered_at.is_some() {
            subjects.add("items_delivered", release, Subject::share(true));
            if let Some((from, to)) = clock.span {
                let days = Some(hours_between(from, to) / 24.0);
                subjects.add("cycle_time_p85", release, Subject::value(days));
            }
        }
        if let Some((hours, actual)) = company.estimate(item).compared() {
            let error = Some((actual - hours).abs() / actual);
            subjects.add("estimation_error", release, Subject::value(error));
        }
        let stage = open_stage(item);
        let limit = stage.and_then(|stage| limits.get(stage.0));
        if let (Some(limit), Some(committed)) = (limit, clock.committed_at) {
            let days = hours_between(committed, as_of()) / 24.0;
            subjects.add("aging_past_p85", release, Subject::share(days > *limit));
        }
    }
}

/// The stage that an open item is in. Open is what is neither delivered nor done, or
/// has come back out of a done stage.
fn open_stage(item: &Item) -> Option<clock::Stage> {
    let statuses = clock::statuses(item);
    let (present, before) = statuses.split_last()?;
    let is_done = |stay: &clock::Stay| stay.stage.is_some_and(|stage| stage.2 == "done");
    let came_back = before.iter().any(is_done);
    let is_open = !is_done(present) && (came_back || item.delivered_at.is_none());
    present.stage.filter(|_| is_open)
}

/// The age at which 85 % of the finished items had left each stage.
fn limits(company: &Company) -> BTreeMap<&'static str, f64> {
    let mut ages: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for item in &company.items {
        let (Some(delivered), Some(committed)) = (item.delivered_at, item.committed_at()) else {
            continue;
        };
        if delivered < committed {
            continue;
        }
        // Of each stage, the last departure and the last entry.
        let mut last: BTreeMap<&str, (Instant, Instant)> = BTreeMap::new();
        for stay in clock::statuses(item) {
            let (Some((stage, _, kind)), Some(entered)) = (stay.stage, stay.entered) else {
                continue;
            };
            if kind == "done" || entered > delivered {
                continue;
            }
            let left = stay.left.unwrap_or(delivered).min(delivered);
            let known = last.entry(stage).or_insert((left, entered));
            *known = (known.0.max(left), known.1.max(entered));
        }
        for (stage, (left, entered)) in last {
            let is_after = committed < left || committed <= entered;
            let since = if is_after {
                Some(committed)
            } else {
                item.created_at
            };
            if let Some(since) = since {
                let days = hours_between(since, left) / 24.0;
                ages.entry(stage).or_default().push(days);
            }
        }
    }
    ages.retain(|_, ages| ages.len() >= 5);
    let limit = |(stage, ages)| (stage, quantile(ages, 0.85));
    ages.into_iter().map(limit).collect()
}

fn add_deployments(subjects: &mut Subjects, company: &Company) {
    let operations = &company.operations;
    for deployment in operations.completed() {
        let Some(release) = &deployment.release else {
            continue;
        };
        subjects.add("deployment_count", release, Subject::share(true));
        let Some(is_failed) = operations.verdicts[&deployment.id] else {
            continue;
        };
        let sound = Subject {
            is_provisional: operations.is_provisional(deployment),
            ..Subject::share(!is_failed)
        };
        subjects.add("success_rate", release, sound);
        let is_rework = operations.is_rework(deployment);
        subjects.add("rework_rate", release, Subject::share(is_rework));
        if is_failed {
            let restored = operations.restored_at(deployment);
            let hours = restored.map(|at| hours_between(deployment.finished_at, at));
            let is_struck = !operations.counted(deployment).is_empty();
            let recovery = Subject {
                is_provisional: restored.is_none() && is_struck,
                ..Subject::value(hours.filter(|hours| *hours >= 0.0))
            };
            subjects.add("recovery_hours", release, recovery);
        }
    }
}

fn add_scope(subjects: &mut Subjects, company: &Company) {
    for (release, plan) in &company.plans {
        for is_late in plan.changes.iter().filter_map(|change| change.is_late) {
            subjects.add("scope_after_freeze", release, Subject::share(is_late));
        }
    }
}

fn add_runs(subjects: &mut Subjects, project: &Project) {
    let sql = "select release_id, result, started_at, finished_at from pipeline_runs \
               where release_id is not null";
    for row in project.query(sql).records() {
        let has_begun = row.instant("started_at").is_some_and(|at| at <= as_of());
        let is_over = row.instant("finished_at").is_none_or(|at| at <= as_of());
        let result = row.text("result");
        if has_begun && is_over && ["failure", "success"].contains(&result) {
            let run = Subject::share(result == "failure");
            subjects.add("pipeline_failure_rate", row.text("release_id"), run);
        }
    }
}

//! Recovery of failed deployments: what the plain median says, and what it says when
//! those that are still open are not forgotten (Kaplan–Meier).

use chrono::{DateTime, Utc};

use super::MOST_ROWS;
use super::Quarter;
use crate::chart::{Frame, Survival, SurvivalLine, SurvivalPoint, Unit, survival};
use crate::error::Result;
use crate::lake::Rows;
use crate::report::format;
use crate::report::page::{Cell, DataTable, Figure};
use crate::statistics::{Observation, SurvivalCurve, SurvivalStep, kaplan_meier, median};

/// A failed deployment on two clocks.
pub(super) struct Failure {
    deployment: String,
    release: Option<String>,
    system: Option<String>,
    pub(super) finished_at: DateTime<Utc>,
    restored_at: Option<DateTime<Utc>>,
    since_deployed: Option<Observation>,
    since_detected: Option<Observation>,
}

pub(super) fn read_failures(rows: &Rows, as_of: DateTime<Utc>) -> Result<Vec<Failure>> {
    let mut failures = Vec::new();
    for row in rows.indices() {
        let is_failed = rows.boolean("is_failed", row)?.unwrap_or(false);
        let finished_at = rows.instant("finished_at", row)?.filter(|_| is_failed);
        let Some(finished_at) = finished_at else {
            continue;
        };
        let restored_at = rows.instant("restored_at", row)?;
        // Where nothing says when service was restored, nothing can be timed.
        let is_open = restored_at.is_none() && rows.integer("incident_count", row)? > Some(0);
        let observe = |from: Option<DateTime<Utc>>, hours: Option<f64>| {
            let open = from.filter(|_| is_open).map(|from| Observation {
                duration: hours_between(from, as_of),
                is_ended: false,
            });
            open.or(hours.map(|duration| Observation {
                duration,
                is_ended: true,
            }))
        };
        failures.push(Failure {
            deployment: rows.owned_text("deployment_id", row)?,
            release: rows.text("release_name", row)?.map(str::to_owned),
            system: rows.text("system", row)?.map(str::to_owned),
            since_deployed: observe(Some(finished_at), rows.number("recovery_hours", row)?),
            since_detected: observe(
                rows.instant("detected_at", row)?,
                rows.number("detected_recovery_hours", row)?,
            ),
            finished_at,
            restored_at,
        });
    }
    failures.sort_by(|a, b| (b.finished_at, &b.deployment).cmp(&(a.finished_at, &a.deployment)));
    Ok(failures)
}

#[allow(
    clippy::cast_precision_loss,
    reason = "seconds of a century fit a double"
)]
fn hours_between(from: DateTime<Utc>, to: DateTime<Utc>) -> f64 {
    (to - from).num_seconds() as f64 / 3600.0
}

type Clock = fn(&Failure) -> Option<Observation>;

const CLOCKS: [(&str, Clock); 2] = [
    ("From its end", |failure| failure.since_deployed),
    ("From detection", |failure| failure.since_detected),
];

/// The plain median forgets what is still open; the Kaplan–Meier one does not.
pub(super) fn recovery_table(groups: &[(&str, &Vec<&Failure>)]) -> DataTable {
    let mut rows = Vec::new();
    for (period, failures) in groups {
        for (clock, observe) in CLOCKS {
            let seen: Vec<Observation> = failures.iter().filter_map(|f| observe(f)).collect();
            if failures.is_empty() {
                continue;
            }
            let ended: Vec<f64> = seen
                .iter()
                .filter(|o| o.is_ended)
                .map(|o| o.duration)
                .collect();
            let open = seen.len() - ended.len();
            let curve = kaplan_meier(&seen);
            rows.push(vec![
                Cell::text(*period),
                Cell::text(clock),
                Cell::integer(failures.len()),
                Cell::integer(ended.len()),
                Cell::integer(open),
                Cell::integer(failures.len() - seen.len()),
                Cell::number(median(&ended), format::hours),
                Cell::number(curve.as_ref().and_then(curve_median), format::hours),
                Cell::text(bounds(curve.as_ref())),
            ]);
        }
    }
    DataTable::new(
        "Time to restoration of failed deployments: median of the restored ones, and with those of which an incident is open, censored at the as-of (Kaplan–Meier). Not timed: nothing says when it was over, or the clock never started",
        &[
            "Deployments",
            "Clock",
            "#Failed",
            "#Restored",
            "#Open",
            "#Not timed",
            "#Median",
            "#With the open ones",
            "#95% interval",
        ],
        rows,
        usize::MAX,
    )
}

/// "12–68 hours"; a bound that the curve does not reach is open.
fn bounds(curve: Option<&SurvivalCurve>) -> String {
    match curve.map(|curve| curve.quantile_bounds(0.5)) {
        Some((Some(lower), Some(upper))) => {
            format!("{}–{}", format::number(lower), format::hours(upper))
        }
        Some((Some(lower), None)) => format!("{} or more", format::hours(lower)),
        _ => format::MISSING.to_owned(),
    }
}

pub(super) fn recovery_figure(failures: &[&Failure]) -> Figure {
    let horizon = horizon(failures);
    let lines = CLOCKS.iter().filter_map(|(clock, observe)| {
        let seen = failures.iter().filter_map(|failure| observe(failure));
        let seen: Vec<Observation> = seen.map(|one| until(one, horizon)).collect();
        kaplan_meier(&seen).map(|curve| line(clock, &curve))
    });
    let curves: Vec<SurvivalLine> = lines.collect();
    let title = match curves.first() {
        None => "No deployment failed".to_owned(),
        Some(first) => headline(first.median, first.count, failures.len()),
    };
    let untimed = failures.len() - curves.first().map_or(0, |first| first.count);
    let left_out = match untimed {
        0 => String::new(),
        count => format!(
            "; {} without a recorded restoration or an incident left out",
            format::count(count, "failure", "failures")
        ),
    };
    let subtitle = format!(
        "Share of failed production deployments not yet restored after so many hours; open ones are censored at the as-of, or where the drawing ends (Kaplan–Meier, 95% interval){left_out}"
    );
    let numbers = curves.iter().flat_map(|curve| {
        curve.steps.iter().map(|step| {
            vec![
                Cell::text(&curve.name),
                Cell::number(Some(step.at), format::number),
                Cell::number(Some(step.survival), format::percent),
                Cell::integer(step.censored),
            ]
        })
    });
    let table = DataTable::new(
        "The curve, step by step",
        &[
            "Clock",
            "#Hours",
            "#Not yet restored",
            "#Open, seen no longer",
        ],
        numbers.collect(),
        MOST_ROWS,
    );
    let frame = Frame::new("fig-recovery", &title, &subtitle).empty("No deployment failed.");
    let drawing = Survival {
        curves,
        caption: "Share not yet restored".into(),
        time_caption: "Hours".into(),
        unit: Unit::Hours,
    };
    Figure {
        id: "fig-recovery".into(),
        svg: survival(&frame, &drawing),
        title,
        subtitle,
        how_to_read: "Each step down is a restoration; a tick is a failure that is still open and was seen no longer than that. Where a curve does not come down to one half, the median is unknown, and larger than what is drawn.".into(),
        table,
    }
}

/// Says of how many failures the time is known at all.
fn headline(median: Option<f64>, timed: usize, all: usize) -> String {
    let of_timed = match timed == all {
        true => format!("the {}", format::count(all, "failure", "failures")),
        false => format!(
            "the {} timed of {}",
            format::integer(timed),
            format::count(all, "failure", "failures")
        ),
    };
    match median {
        _ if timed < 5 => format!(
            "{} timed: too few to say how long half of them take",
            format::count(timed, "failure is", "failures are")
        ),
        Some(hours) => format!(
            "Half of {of_timed} were over within {}",
            format::hours(hours)
        ),
        None => format!("Fewer than half of {of_timed} are known to be over"),
    }
}

/// The time at which the curve is at one half. Where it is level there, the middle of
/// the level, as R's `survfit` has it: without open ones that is the plain median.
fn curve_median(curve: &SurvivalCurve) -> Option<f64> {
    let at = curve.median()?;
    let is_level = |step: &&SurvivalStep| (step.survival - 0.5).abs() < 1e-9;
    let level = curve
        .steps
        .iter()
        .position(|step| is_level(&step) && step.at >= at);
    let next = level.and_then(|place| {
        let later = curve.steps.get(place + 1..)?;
        later.iter().find(|step| step.survival < 0.5 - 1e-9)
    });
    Some(next.map_or(at, |next| (at + next.at) / 2.0))
}

/// Returns how many hours are drawn: beyond the longest restoration the curve is
/// level, however long the open ones have been open.
fn horizon(failures: &[&Failure]) -> f64 {
    let seen = CLOCKS.iter().flat_map(|(_, observe)| {
        let of_clock = failures.iter().filter_map(move |failure| observe(failure));
        of_clock.filter(|one| one.is_ended).map(|one| one.duration)
    });
    1.25 * seen.fold(0.0, f64::max)
}

/// What is open longer than the horizon was seen at least that long.
fn until(seen: Observation, horizon: f64) -> Observation {
    Observation {
        duration: match horizon > 0.0 {
            true => seen.duration.min(horizon),
            false => seen.duration,
        },
        ..seen
    }
}

fn line(name: &str, curve: &SurvivalCurve) -> SurvivalLine {
    let step = |step: &SurvivalStep| SurvivalPoint {
        at: step.at,
        survival: step.survival,
        interval: step.interval.map(|band| (band.lower, band.upper)),
        censored: step.censored,
    };
    SurvivalLine {
        name: name.to_owned(),
        count: curve.count,
        ended: curve.ended,
        steps: curve.steps.iter().map(step).collect(),
        median: curve_median(curve),
    }
}

pub(super) fn failed_table(
    failures: &[&Failure],
    zone: chrono_tz::Tz,
    quarter: &Quarter,
) -> DataTable {
    let hours = |seen: Option<Observation>| {
        Cell::number(
            seen.filter(|o| o.is_ended).map(|o| o.duration),
            format::number,
        )
    };
    let rows = failures.iter().map(|failure| {
        let restored = failure.restored_at.map(|at| format::instant(at, zone));
        vec![
            Cell::text(&failure.deployment),
            Cell::maybe(failure.release.as_deref()),
            Cell::maybe(failure.system.as_deref()),
            Cell::text(format::instant(failure.finished_at, zone)),
            Cell::text(restored.unwrap_or_else(|| "not known".to_owned())),
            hours(failure.since_deployed),
            hours(failure.since_detected),
        ]
    });
    DataTable::new(
        format!(
            "Deployments of {} that failed, the latest first",
            quarter.label
        ),
        &[
            "Deployment",
            "Release",
            "System",
            "Finished",
            "Restored",
            "#Hours from its end",
            "#Hours from detection",
        ],
        rows.collect(),
        MOST_ROWS,
    )
}

#[cfg(test)]
mod tests;

//! Production deployments week by week: which failed, and the rate with its range.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Context, MOST_ROWS, item_outcomes};
use crate::chart::{Failure, Frame, OutcomeWeek, Outcomes, RateInterval, outcomes};
use crate::error::Result;
use crate::lake::Rows;
use crate::report::format;
use crate::report::page::{Cell, DataTable, Figure};
use crate::statistics::{Rate, wilson};

/// The tables without which there is nothing to draw.
const FED_BY: &[&str] = &["deployments"];

pub(super) fn figure(context: &Context<'_>) -> Result<Figure> {
    let deployments = context.marts.rows("success_rate")?;
    let tally = tally(context, &deployments)?;
    let rate = wilson(tally.failed, tally.judged);
    let title = match (&rate, tally.unjudged) {
        (Some(rate), _) if rate.trials < 5 => format!(
            "{} of {} production deployments failed",
            rate.successes, rate.trials
        ),
        (Some(rate), _) => format!(
            "{} of production deployments failed ({} of {})",
            format::percent(rate.share),
            format::integer(rate.successes),
            format::integer(rate.trials),
        ),
        (None, 0) => "No production deployment was completed in this period".to_owned(),
        (None, _) => "Whether deployments failed is unknown: no incidents are recorded".to_owned(),
    };
    let title = context.title("Deployments", FED_BY, title);
    let mut subtitle = subtitle(context, &tally, rate.as_ref());
    subtitle += &item_outcomes::sentence(context)?;
    subtitle += &unattributed(context)?;
    let missing = context.marts.missing(FED_BY);
    let frame = Frame::new("fig-success", &title, &subtitle)
        .sized(760, 230)
        .empty(
            missing
                .as_deref()
                .unwrap_or("No completed production deployment in these 26 weeks."),
        );
    let drawing = Outcomes {
        weeks: tally.weeks.into_values().collect(),
        rate: Some(tally.judged)
            .filter(|judged| *judged >= 5)
            .and_then(|judged| wilson(judged - tally.failed, judged))
            .map(|rate| interval_of(&rate)),
        caption: "Completed production deployments per week".into(),
    };
    Ok(Figure {
        id: "fig-success".into(),
        svg: outcomes(&frame, &drawing),
        title,
        subtitle,
        how_to_read: "Above the line, deployments that held; below it, those that failed: by their own result, taken back later, repaired by a hotfix, or followed by an incident within the window. A deployment fails once, however many incidents it has. The interval (Wilson, 95%) says how far chance alone could move the rate.".into(),
        table: DataTable::new(
            "Completed production deployments that failed, the latest first",
            &["Deployment", "Release", "System", "Finished", "Result", "Failed by", "#Incidents 24 h", "#Incidents 72 h", "#Incidents 7 d", "#Recovery, hours"],
            tally.rows,
            MOST_ROWS,
        ),
    })
}

pub(in crate::report) fn interval_of(rate: &Rate) -> RateInterval {
    RateInterval {
        ratio: rate.share,
        lower: rate.interval.lower,
        upper: rate.interval.upper,
        numerator: rate.successes,
        denominator: rate.trials,
    }
}

/// The deployments of the 26 weeks.
#[derive(Default)]
struct Tally {
    weeks: BTreeMap<NaiveDate, OutcomeWeek>,
    judged: u64,
    failed: u64,
    failed_explicit: u64,
    /// Failed by incidents within 24 hours, 72 hours and 7 days, or otherwise.
    failed_within: [u64; 3],
    unjudged: u64,
    rows: Vec<Vec<Cell>>,
}

const WINDOWS: [&str; 3] = [
    "incident_count_24h",
    "incident_count_72h",
    "incident_count_7d",
];

fn tally(context: &Context<'_>, deployments: &Rows) -> Result<Tally> {
    let mut tally = Tally::default();
    let mut order: Vec<_> = Vec::new();
    for row in deployments.indices() {
        if let Some(finished_at) = deployments.instant("finished_at", row)? {
            order.push((finished_at, row));
        }
    }
    order.sort_unstable_by(|a, b| b.cmp(a));
    for (finished_at, row) in order {
        let week = deployments.date("week_start", row)?;
        let Some(week) = week.filter(|week| context.is_within(*week)) else {
            continue;
        };
        let Some(is_failed) = deployments.boolean("is_failed", row)? else {
            tally.unjudged += 1;
            continue;
        };
        tally.count(deployments, row, is_failed)?;
        let entry = tally.weeks.entry(week).or_insert_with(|| OutcomeWeek {
            week_start: week,
            ..OutcomeWeek::default()
        });
        if !is_failed {
            entry.succeeded_count += 1;
            continue;
        }
        let cells = failed_row(context, deployments, row, finished_at)?;
        let tip = format!("{} {}\n{}", cells[0].text, cells[1].text, cells[5].text);
        entry.failures.push(Failure { tip, href: None });
        tally.rows.push(cells);
    }
    Ok(tally)
}

impl Tally {
    fn count(&mut self, deployments: &Rows, row: usize, is_failed: bool) -> Result<()> {
        self.judged += 1;
        self.failed += u64::from(is_failed);
        let explicit = deployments
            .boolean("is_failed_explicit", row)?
            .unwrap_or(false);
        self.failed_explicit += u64::from(explicit);
        let otherwise = ["is_result_failed", "is_rolled_back", "is_hotfixed"];
        let mut is_otherwise = false;
        for part in otherwise {
            is_otherwise |= deployments.boolean(part, row)?.unwrap_or(false);
        }
        for (place, window) in WINDOWS.iter().enumerate() {
            let incidents = deployments.integer(window, row)?.unwrap_or(0);
            self.failed_within[place] += u64::from(is_otherwise || incidents > 0);
        }
        Ok(())
    }
}

fn failed_row(
    context: &Context<'_>,
    deployments: &Rows,
    row: usize,
    finished_at: chrono::DateTime<chrono::Utc>,
) -> Result<Vec<Cell>> {
    let count = |column| -> Result<i64> { Ok(deployments.integer(column, row)?.unwrap_or(0)) };
    let reasons = failure_causes(deployments, row)?;
    Ok(vec![
        Cell::maybe(deployments.text("deployment_id", row)?),
        Cell::maybe(deployments.text("release_name", row)?),
        Cell::maybe(deployments.text("system", row)?),
        Cell::text(format::instant(finished_at, context.zone())),
        Cell::maybe(deployments.text("result", row)?),
        Cell::text(reasons.join(", ")),
        Cell::integer(count(WINDOWS[0])?),
        Cell::integer(count(WINDOWS[1])?),
        Cell::integer(count(WINDOWS[2])?),
        Cell::number(deployments.number("recovery_hours", row)?, format::number),
    ])
}

/// Returns what a deployment of `success_rate` failed by; nothing where it held.
pub(in crate::report) fn failure_causes(
    deployments: &Rows,
    row: usize,
) -> Result<Vec<&'static str>> {
    let parts = [
        ("is_result_failed", "its result"),
        ("is_rolled_back", "rolled back"),
        ("is_hotfixed", "hotfixed"),
    ];
    let mut causes = Vec::new();
    for (column, cause) in parts {
        if deployments.boolean(column, row)?.unwrap_or(false) {
            causes.push(cause);
        }
    }
    if deployments.integer("incident_count", row)?.unwrap_or(0) > 0 {
        causes.push("incident");
    }
    Ok(causes)
}

/// Says how many incidents no deployment could be found for: each may hide a failure.
fn unattributed(context: &Context<'_>) -> Result<String> {
    let methods = context.marts.rows("attribution_methods")?;
    let (mut all, mut unattributed) = (0, 0);
    for row in methods.indices() {
        let week = methods.date("week_start", row)?;
        if !week.is_some_and(|week| context.is_within(week)) {
            continue;
        }
        let incidents = methods.integer("incident_count", row)?.unwrap_or(0);
        all += incidents;
        if methods.text("method", row)? == Some("unattributed") {
            unattributed += incidents;
        }
    }
    if all == 0 {
        return Ok(String::new());
    }
    let incidents = format::count(all, "incident", "incidents");
    Ok(format!(
        ". {} of {incidents} could not be linked to any deployment",
        format::integer(unattributed)
    ))
}

fn subtitle(context: &Context<'_>, tally: &Tally, rate: Option<&Rate>) -> String {
    let window = format::number(context.config.metrics.incident_window_hours);
    let mut text = format!(
        "Completed production deployments, {}; failed: result, rollback, hotfix, or an incident within {window} hours",
        context.period()
    );
    if let Some(rate) = rate {
        let [day, three, week] = tally.failed_within;
        text += &format!(
            "; 95% interval {}–{}. Incidents within 24 h, 72 h, 7 days: {day}, {three}, {week} failed; by explicit links alone: {}",
            format::percent(rate.interval.lower),
            format::percent(rate.interval.upper),
            tally.failed_explicit
        );
    }
    if tally.unjudged > 0 {
        text += &format!(
            ". {} left out: no incidents are recorded for the system (feed incidents)",
            format::count(tally.unjudged, "deployment is", "deployments are")
        );
    }
    text
}

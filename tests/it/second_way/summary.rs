//! Each release in one row.

use std::collections::BTreeSet;

use chrono_tz::Europe::London;

use super::clock;
use super::release::{Company, divided, scope_part};
use super::rows::{Rows, count, instant, number, word};
use super::scope::{Plan, Release};
use super::{Instant, as_of, hours_between, quantile};

/// Recomputes `release_summary`.
pub(super) fn summaries(company: &Company) -> Rows {
    let mut rows = Rows::new("release_summary", &["release_id"]);
    for release in &company.releases {
        let plan = &company.plans[&release.id];
        let mut cells = words(release, plan);
        cells.extend(deployed(company, release));
        cells.extend(contained(company, release, plan));
        rows.push(&[&release.id], cells);
    }
    rows
}

type Cells = Vec<(&'static str, String)>;

/// Days from one local day to another.
fn days_from(from: Instant, to: Instant) -> f64 {
    let day = |at: Instant| at.with_timezone(&London).date_naive();
    (day(to) - day(from)).num_days() as f64
}

fn state(release: &Release, plan: &Plan) -> &'static str {
    let status = release.status.as_deref();
    let is_past = release
        .planned_at
        .is_some_and(|planned| days_from(planned, as_of()) > 0.0);
    let has_begun =
        status == Some("in_progress") || plan.baseline_at.is_some_and(|at| at <= as_of());
    match status {
        Some("cancelled") => "cancelled",
        Some("released") => "released",
        _ if release.released_at.is_some() => "released",
        _ if is_past => "late",
        _ if has_begun => "in_progress",
        _ => "planned",
    }
}

fn words(release: &Release, plan: &Plan) -> Cells {
    let state = state(release, plan);
    let end = match state {
        "released" => release.released_at,
        "late" => Some(as_of()),
        _ => None,
    };
    let slip = release
        .planned_at
        .zip(end)
        .map(|(planned, end)| days_from(planned, end));
    let columns = [
        "release_name",
        "version",
        "system",
        "criticality",
        "summary",
    ];
    let named = columns.into_iter().zip(&release.words);
    let mut cells: Cells = named
        .map(|(column, text)| (column, word(text.as_deref())))
        .collect();
    let exclusion = match plan.baseline_at {
        None => "no_baseline",
        Some(_) if plan.is_ahead => "baseline_ahead",
        Some(_) if plan.planned.is_empty() => "no_planned_items",
        Some(_) => "",
    };
    cells.extend([
        ("state", state.to_owned()),
        ("scope_exclusion", exclusion.to_owned()),
        ("slip_days", number(slip)),
    ]);
    cells
}

fn deployed(company: &Company, release: &Release) -> Cells {
    let operations = &company.operations;
    let carried = operations.completed();
    let carried: Vec<_> = carried
        .filter(|deployment| deployment.release.as_ref() == Some(&release.id))
        .collect();
    let verdicts = || carried.iter().filter_map(|d| operations.verdicts[&d.id]);
    let named = carried
        .iter()
        .filter(|d| operations.named_verdicts[&d.id] == Some(true));
    let watched = || carried.iter().filter(|d| operations.is_watched(d));
    let incidents = watched().flat_map(|d| operations.counted(d));
    let incidents: BTreeSet<&String> = incidents.map(|incident| &incident.id).collect();
    let repairs: BTreeSet<&String> = watched()
        .flat_map(|d| operations.repairs(d))
        .map(|repair| &repair.by.id)
        .collect();
    let known: BTreeSet<&String> = company.items.iter().map(|item| &item.id).collect();
    let held = carried.iter().filter_map(|d| operations.held.get(&d.id));
    let unknown: BTreeSet<&String> = held.flatten().filter(|id| !known.contains(id)).collect();
    let provisional = carried.iter().filter(|d| operations.is_provisional(d));
    let ends = || carried.iter().map(|d| d.finished_at);
    vec![
        ("deployment_count", count(carried.len())),
        ("judged_count", count(verdicts().count())),
        ("failed_count", count(verdicts().filter(|is| *is).count())),
        ("failed_explicit_count", count(named.count())),
        ("provisional_count", count(provisional.count())),
        ("incident_count", count(incidents.len())),
        ("repair_count", count(repairs.len())),
        ("unknown_item_count", count(unknown.len())),
        ("first_deployed_at", instant(ends().min())),
        ("last_deployed_at", instant(ends().max())),
    ]
}

fn contained(company: &Company, release: &Release, plan: &Plan) -> Cells {
    let waits = &company.waits;
    let belonging = company.belonging(release);
    let only = belonging.iter();
    let only = only.filter(|one| scope_part(plan, &one.item.id) == "deployed_only");
    let at_end = || {
        let all = belonging.iter().map(|one| one.item);
        all.filter(|item| plan.at_end.contains(&item.id))
    };
    let (mut delivered_days, mut ages) = (Vec::new(), Vec::new());
    for item in at_end() {
        let days = waits.clock(item).span;
        let days = days.map(|(from, to)| hours_between(from, to) / 24.0);
        match item.delivered_at {
            Some(_) => delivered_days.extend(days),
            None => ages.extend(days),
        }
    }
    let cycles = [delivered_days.clone(), ages.clone()].concat();
    let timed = cycles.len();
    let median = |days: Vec<f64>| number((!days.is_empty()).then(|| quantile(days, 0.5)));
    let divided = at_end().filter_map(|item| divided(item, waits)).count();
    let compared: Vec<(f64, f64)> = at_end()
        .filter_map(|item| company.estimate(item).compared())
        .collect();
    let pieces: Vec<clock::Piece> = at_end().flat_map(|i| clock::pieces(i, waits)).collect();
    let is_known = pieces.iter().any(|piece| piece.activity.is_some());
    let part = |activity: &str| {
        let those = pieces
            .iter()
            .filter(|piece| piece.activity == Some(activity));
        let days = those.map(|piece| hours_between(piece.span.0, piece.span.1) / 24.0);
        let days: f64 = days.sum();
        number(is_known.then_some(days))
    };
    let estimate: f64 = compared.iter().map(|pair| pair.0).sum();
    let actual: f64 = compared.iter().map(|pair| pair.1).sum();
    let is_compared = !compared.is_empty();
    let delivered = at_end().filter(|item| item.delivered_at.is_some());
    vec![
        ("item_count", count(belonging.len())),
        ("end_count", count(at_end().count())),
        ("end_delivered_count", count(delivered.count())),
        ("deployed_only_count", count(only.count())),
        ("timed_count", count(timed)),
        ("timed_delivered_count", count(delivered_days.len())),
        ("delivered_days_median", median(delivered_days)),
        ("age_days_median", median(ages)),
        ("divided_count", count(divided)),
        ("compared_count", count(compared.len())),
        (
            "cycle_days_median",
            number((timed > 0).then(|| quantile(cycles, 0.5))),
        ),
        ("active_days", part("active")),
        ("waiting_days", part("waiting")),
        ("blocked_days", part("blocked")),
        ("estimate_hours", number(is_compared.then_some(estimate))),
        ("actual_hours", number(is_compared.then_some(actual))),
        (
            "effort_ratio",
            number(is_compared.then(|| actual / estimate)),
        ),
    ]
}

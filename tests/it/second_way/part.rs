//! Where each item's time went: every moment of its clock to one part.

use chrono::{Datelike, TimeDelta};
use chrono_tz::Europe::London;

use super::clock::{self, Span, Waits};
use super::hours_between;
use super::item::Item;
use super::release::Company;
use super::rows::{Rows, number, word};

/// Recomputes `cycle_time_parts`.
pub(super) fn parts(company: &Company) -> Rows {
    let mut rows = Rows::new("cycle_time_parts", &["item_id"]);
    for item in company.items.iter().filter(|item| item.has_status_log) {
        let Some(span) = company.waits.clock(item).span else {
            continue;
        };
        let [blocked, approval, active, waiting] = divide(item, span, &company.waits);
        let elapsed = hours_between(span.0, span.1) / 24.0;
        let monday = item.delivered_at.map(|at| {
            let day = at.with_timezone(&London).date_naive();
            let past = i64::from(day.weekday().num_days_from_monday());
            (day - TimeDelta::days(past)).to_string()
        });
        rows.push(
            &[&item.id],
            vec![
                ("team", word(item.team.as_deref())),
                ("release_id", word(item.release())),
                ("is_delivered", item.delivered_at.is_some().to_string()),
                ("delivered_week_start", word(monday.as_deref())),
                ("elapsed_days", number(Some(elapsed))),
                ("blocked_days", number(Some(blocked))),
                ("approval_days", number(Some(approval))),
                ("active_days", number(Some(active))),
                ("waiting_days", number(Some(waiting))),
                ("rework_days", number(Some(rework(item, span)))),
            ],
        );
    }
    rows
}

/// Days blocked, in approval, active and waiting: a moment counts for the first that
/// holds.
fn divide(item: &Item, (from, to): Span, waits: &Waits) -> [f64; 4] {
    let statuses = clock::statuses(item);
    let stays = statuses.iter().flat_map(|stay| [stay.entered, stay.left]);
    let mut edges: Vec<_> = stays.flatten().chain(waits.edges(item)).collect();
    edges.retain(|edge| from < *edge && *edge < to);
    edges.extend([from, to]);
    edges.sort_unstable();
    let mut parts = [0.0; 4];
    for pair in edges.windows(2) {
        let is_active = statuses.iter().any(|stay| {
            let is_there = stay.entered.is_some_and(|entered| entered <= pair[0])
                && stay.left.is_none_or(|left| pair[0] < left);
            is_there && stay.stage.is_some_and(|stage| stage.2 == "active")
        });
        let place = match () {
            () if waits.is_blocked(item, pair[0]) => 0,
            () if waits.is_in_approval(item, pair[0]) => 1,
            () if is_active => 2,
            () => 3,
        };
        parts[place] += hours_between(pair[0], pair[1]) / 24.0;
    }
    parts
}

/// Days since the first step back on the clock.
fn rework(item: &Item, (from, to): Span) -> f64 {
    let back = clock::statuses(item).into_iter();
    let back = back.filter(|stay| stay.is_sent_back);
    let back = back.filter_map(|stay| stay.entered);
    let first = back.filter(|at| from < *at && *at <= to).min();
    first.map_or(0.0, |first| hours_between(first, to) / 24.0)
}

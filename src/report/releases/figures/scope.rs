//! How many items the release held, day by day, against its baseline and its freeze.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::{Context, MOST_ROWS};
use crate::chart::{Frame, ScopeDay, ScopeTimeline, scope_timeline};
use crate::report::format;
use crate::report::page::{Cell, DataTable, Figure};
use crate::report::releases::model::Release;

const FED_BY: &[&str] = &["items"];

/// What happened on one day.
#[derive(Default)]
struct Day {
    added: u64,
    removed: u64,
    late_added: u64,
    late_removed: u64,
    held: u64,
}

pub(super) fn figure(context: &Context<'_>) -> Figure {
    let release = context.release;
    let (days, is_always) = days(context);
    let scope = &release.scope;
    let changes = format::count(scope.changes, "scope change", "scope changes");
    let title = match (release.baseline_at, scope.changes) {
        (None, _) => format!("{} has no baseline to change from", release.name),
        (Some(at), _) if at > context.as_of => {
            format!("The baseline of {} lies ahead", release.name)
        }
        (_, 0) => "Its scope has not changed since the baseline".to_owned(),
        _ if release.freeze_at.is_some() => format!(
            "{} of {changes} came after the freeze{}",
            format::integer(scope.after_freeze),
            late_words(release)
        ),
        _ => format!("{changes} since the baseline; it has no freeze"),
    };
    let basis = match release.baseline_basis.as_deref() {
        Some("freeze") => "the freeze less the planning window",
        Some(_) => "the first commitment",
        None => "none is known",
    };
    let mut subtitle = format!(
        "Items in the release at the end of each day, added and removed; baseline: {basis}"
    );
    if is_always > 0 {
        let items = format::count(is_always, "item was", "items were");
        subtitle += &format!(". {items} in it from before anything is known");
    }
    let empty = context.empty(FED_BY, "No item ever came into the release.");
    let frame = Frame::new("fig-scope", &title, &subtitle).empty(&empty);
    let day = |at: Option<DateTime<Utc>>| at.map(|at| context.day(at));
    let shown = days.iter().map(|(date, day)| ScopeDay {
        date: *date,
        scope_count: Some(day.held),
        added_count: day.added,
        removed_count: day.removed,
        late_added_count: day.late_added,
        late_removed_count: day.late_removed,
        href: None,
    });
    let input = ScopeTimeline {
        days: shown.chain(end_day(context, &days)).collect(),
        baseline: day(release.baseline_at.filter(|at| *at <= context.as_of)),
        planned_count: release
            .baseline_at
            .filter(|at| *at <= context.as_of)
            .map(|_| scope.planned),
        freeze: day(release.freeze_at),
        ship: day(release.released_at.or(release.planned_at)),
        caption: format!("Items in {}", release.name),
    };
    Figure {
        id: "fig-scope".into(),
        svg: scope_timeline(&frame, &input),
        title,
        subtitle,
        how_to_read: "The line counts the items in the release. Above it, what came in on a day; below, what went out. What happens up to the baseline is planning and no scope change; so is what happens once the release is out.".into(),
        table: table(&days),
    }
}

/// ": 2 in, 1 out"; nothing where nothing moved after the freeze.
fn late_words(release: &Release) -> String {
    let [came, went] = release.late_moves();
    let part =
        |count: usize, way: &str| (count > 0).then(|| format!("{} {way}", format::integer(count)));
    let parts: Vec<String> = [part(came, "in"), part(went, "out")]
        .into_iter()
        .flatten()
        .collect();
    match parts.is_empty() {
        true => String::new(),
        false => format!(": {}", parts.join(", ")),
    }
}

/// Moves up to the release's end by local day, with what it held after them; and how
/// many items were in it from before anything is known.
fn days(context: &Context<'_>) -> (BTreeMap<NaiveDate, Day>, u64) {
    let end = context.release.closed_at(context.as_of);
    let moves = &context.release.moves;
    let mut days: BTreeMap<NaiveDate, Day> = BTreeMap::new();
    let mut always = 0;
    for one in moves.iter().filter(|one| one.changed_at <= end) {
        if one.changed_at == DateTime::<Utc>::UNIX_EPOCH {
            always += 1;
            continue;
        }
        let day = days.entry(context.day(one.changed_at)).or_default();
        let is_late = u64::from(one.is_after_freeze == Some(true));
        if one.is_addition {
            day.added += 1;
            day.late_added += is_late;
        } else {
            day.removed += 1;
            day.late_removed += is_late;
        }
    }
    let mut held: u64 = always;
    for day in days.values_mut() {
        held = (held + day.added).saturating_sub(day.removed);
        day.held = held;
    }
    (days, always)
}

/// What the release held still holds at its end, or at the report.
fn end_day(context: &Context<'_>, days: &BTreeMap<NaiveDate, Day>) -> Option<ScopeDay> {
    let (last, day) = days.last_key_value()?;
    let date = context.day(context.release.closed_at(context.as_of));
    (date > *last).then(|| ScopeDay {
        date,
        scope_count: Some(day.held),
        ..ScopeDay::default()
    })
}

fn table(days: &BTreeMap<NaiveDate, Day>) -> DataTable {
    let rows = days.iter().map(|(date, day)| {
        vec![
            Cell::text(format::date(*date)),
            Cell::integer(day.added),
            Cell::integer(day.removed),
            Cell::integer(day.late_added + day.late_removed),
            Cell::integer(day.held),
        ]
    });
    DataTable::new(
        "Items added and removed by day, up to the release's end",
        &[
            "Day",
            "#Added",
            "#Removed",
            "#Of these after the freeze",
            "#In the release",
        ],
        rows.collect(),
        MOST_ROWS,
    )
}

//! One row per item of the release: what it did from commitment to delivery.

use std::collections::BTreeMap;

use super::{Context, MOST_ROWS, known_items, left_out};
use crate::chart::{Frame, Lifeline, LifelineSpan, Lifelines, SpanKind, lifelines};
use crate::report::format;
use crate::report::page::{Cell, DataTable, Figure, outside_address};
use crate::report::releases::model::{Item, Span};
use crate::report::releases::paragraph::FEWEST;

const FED_BY: &[&str] = &["items", "item_events"];

pub(super) fn figure(context: &Context<'_>) -> Figure {
    let release = context.release;
    let items = known_items(release);
    let counted = format::count(items.len(), "item", "items");
    let title = match (release.time.stalled_share(), release.counts.divided) {
        (_, 0) if items.is_empty() => format!("No item of {} has a known way", release.name),
        (Some(share), divided) if divided >= FEWEST => format!(
            "Items of {} spent {} of their days waiting or blocked",
            release.name,
            format::percent(share)
        ),
        _ => format!(
            "{counted} of {}, from commitment to production",
            release.name
        ),
    };
    let subtitle = format!(
        "Days from commitment to delivery, or to the report while open, one row per item that was in the release at its end{}",
        left_out(release)
    );
    let empty = context.empty(
        FED_BY,
        "No item of the release was committed to and logged.",
    );
    let frame = Frame::new("fig-lifelines", &title, &subtitle).empty(&empty);
    let stages = active_stages(&items);
    let places: BTreeMap<i64, usize> = stages.keys().copied().zip(0..).collect();
    let input = Lifelines {
        rows: items
            .iter()
            .map(|item| lifeline(context, item, &places))
            .collect(),
        stages: stages.into_values().collect(),
        freeze: freeze(context),
        caption: "Commitment to delivery".to_owned(),
    };
    Figure {
        id: "fig-lifelines".into(),
        svg: lifelines(&frame, &input),
        title,
        subtitle,
        how_to_read: "Thick: an active stage. Thin orange: waiting, for a start, an approval or a deployment, or blocked. A diamond: it joined after the baseline. Shaded: from the scope freeze to the release. An item waits in every stage that the configuration does not call active.".into(),
        table: table(context, &items),
    }
}

/// The active stages that some item was in, by their position.
fn active_stages(items: &[&Item]) -> BTreeMap<i64, String> {
    let spans = items.iter().flat_map(|item| &item.spans);
    let active = spans.filter(|span| span.activity.as_deref() == Some("active"));
    active
        .filter_map(|span| Some((span.stage_position?, span.stage.clone()?)))
        .collect()
}

fn freeze(context: &Context<'_>) -> Option<(chrono::NaiveDate, chrono::NaiveDate)> {
    let release = context.release;
    let from = release.freeze_at?;
    let to = release.released_at.or(release.planned_at)?;
    (from <= to).then(|| (context.day(from), context.day(to)))
}

fn lifeline(context: &Context<'_>, item: &Item, places: &BTreeMap<i64, usize>) -> Lifeline {
    let spans = item.spans.iter().filter_map(|span| {
        Some(LifelineSpan {
            from: context.local(span.started_at),
            to: context.local(span.ended_at),
            kind: kind(span, places)?,
        })
    });
    let mut additions = context
        .release
        .moves
        .iter()
        .filter(|one| one.item_id == item.id && one.is_counted && one.is_addition);
    Lifeline {
        name: item.id.clone(),
        tip: item.title.clone().unwrap_or_else(|| item.id.clone()),
        spans: spans.collect(),
        added_late_at: additions
            .next_back()
            .map(|one| context.local(one.changed_at)),
        delivered_at: item.delivered_at.map(|at| context.local(at)),
        words: words(item),
        href: item.source_url.as_deref().and_then(outside_address),
    }
}

fn kind(span: &Span, places: &BTreeMap<i64, usize>) -> Option<SpanKind> {
    match span.activity.as_deref()? {
        "active" => places
            .get(&span.stage_position?)
            .map(|place| SpanKind::Stage(*place)),
        "blocked" => Some(SpanKind::Blocked),
        _ => Some(SpanKind::Waiting),
    }
}

fn stalled_share(item: &Item) -> Option<f64> {
    let stalled = item.waiting_days? + item.blocked_days?;
    let all = item.cycle_days.filter(|days| *days > 0.0)?;
    Some(stalled / all)
}

/// "51 days, 43% waiting or blocked".
fn words(item: &Item) -> String {
    let days = item
        .cycle_days
        .map_or_else(|| format::MISSING.to_owned(), format::days);
    match stalled_share(item) {
        Some(share) => format!("{days}, {} waiting or blocked", format::percent(share)),
        None => days,
    }
}

fn table(context: &Context<'_>, items: &[&Item]) -> DataTable {
    let days = |value| Cell::number(value, format::number);
    let row = |item: &&Item| {
        vec![
            Cell::text(&item.id)
                .link(item.source_url.as_deref())
                .noted(item.title.as_deref()),
            Cell::maybe(item.team.as_deref()),
            Cell::day(item.committed_at, context.zone),
            Cell::day(item.delivered_at, context.zone),
            days(item.cycle_days),
            days(item.active_days),
            days(item.waiting_days),
            days(item.blocked_days),
            Cell::number(stalled_share(item), format::percent),
        ]
    };
    DataTable::new(
        "Items in the release at its end, with their clocks in days",
        &[
            "Item",
            "Team",
            "Committed",
            "Delivered",
            "#Days",
            "#Active",
            "#Waiting",
            "#Blocked",
            "#Waiting or blocked",
        ],
        items.iter().map(row).collect(),
        MOST_ROWS,
    )
}

//! Where the time of the items went, stage by stage.

use super::{Context, MOST_ROWS, known_items, left_out};
use crate::chart::{
    Frame, PartTone, SharePart, ShareRow, ShareScale, StackedShares, Unit, stacked_shares,
};
use crate::report::format;
use crate::report::page::{Cell, DataTable, Figure};
use crate::report::releases::model::Stage;

const FED_BY: &[&str] = &["items", "item_events"];

pub(super) fn figure(context: &Context<'_>) -> Figure {
    let release = context.release;
    let stages = &release.stages;
    let longest = stages.iter().max_by(|a, b| a.days.total_cmp(&b.days));
    let all: f64 = stages.iter().map(|stage| stage.days).sum();
    let title = match longest {
        Some(stage) if all > 0.0 => format!(
            "{} took {} of all days",
            name(stage),
            format::percent(stage.days / all)
        ),
        _ => "No day of any item is known".to_owned(),
    };
    let subtitle = format!(
        "Days of {} in each stage, from commitment to delivery or to the report, added up: several items spend a day each on one day{}",
        format::count(known_items(release).len(), "item", "items"),
        left_out(release)
    );
    let empty = context.empty(
        FED_BY,
        "No item of the release was committed to and logged.",
    );
    let frame = Frame::new("fig-time", &title, &subtitle).empty(&empty);
    let part = |name: &str, tone| SharePart {
        name: name.to_owned(),
        tone,
    };
    let input = StackedShares {
        parts: vec![
            part("active", PartTone::Active),
            part("waiting", PartTone::Waiting),
            part("blocked", PartTone::Blocked),
        ],
        rows: stages.iter().map(row).collect(),
        scale: ShareScale::Shared(Unit::Days),
        caption: "Days of all items".to_owned(),
    };
    Figure {
        id: "fig-time".into(),
        svg: stacked_shares(&frame, &input),
        title,
        subtitle,
        how_to_read: "Blocked: the item was flagged, or waited on a dependency, in whatever stage. Active: in a stage that the configuration calls active, and not blocked. Waiting: the rest, be it for a start, an approval or a deployment.".into(),
        table: table(stages, all),
    }
}

fn name(stage: &Stage) -> &str {
    stage.name.as_deref().unwrap_or("(no stage)")
}

fn row(stage: &Stage) -> ShareRow {
    ShareRow {
        name: name(stage).to_owned(),
        values: vec![stage.active_days, stage.waiting_days, stage.blocked_days],
        words: format::count(stage.items, "item", "items"),
        is_pale: false,
        href: None,
    }
}

fn table(stages: &[Stage], all: f64) -> DataTable {
    let days = |value| Cell::number(value, format::number);
    let rows = stages.iter().map(|stage| {
        vec![
            Cell::text(name(stage)),
            Cell::integer(stage.items),
            days(Some(stage.days)),
            Cell::number((all > 0.0).then(|| stage.days / all), format::percent),
            days(stage.active_days),
            days(stage.waiting_days),
            days(stage.blocked_days),
            Cell::integer(stage.sent_back),
        ]
    });
    DataTable::new(
        "Days of all items by stage: active + waiting + blocked",
        &[
            "Stage",
            "#Items",
            "#Days",
            "#Share",
            "#Active",
            "#Waiting",
            "#Blocked",
            "#Sent back to it",
        ],
        rows.collect(),
        MOST_ROWS,
    )
}

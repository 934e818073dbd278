//! Where work piles up: items that had reached each stage, week by week.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Context, MOST_ROWS};
use crate::chart::{CumulativeFlow, FlowLayer, Frame, cumulative_flow};
use crate::config::StageKind;
use crate::error::Result;
use crate::report::format;
use crate::report::page::{Cell, DataTable, Figure};

/// Counts by week for each stage, in workflow order.
type Layers = BTreeMap<i64, (String, BTreeMap<NaiveDate, i64>)>;

/// The tables without which there is nothing to draw.
const FED_BY: &[&str] = &["items"];

pub(super) fn figure(context: &Context<'_>) -> Result<Figure> {
    let layers = read_layers(context)?;
    let mut weeks: Vec<NaiveDate> = Vec::new();
    for (_, counts) in layers.values() {
        weeks.extend(counts.keys());
    }
    weeks.sort_unstable();
    weeks.dedup();
    let names: Vec<&String> = layers.values().map(|(name, _)| name).collect();
    let (title, highlight) = headline(context, &layers, &weeks, &names);
    let title = context.title("Work by stage", FED_BY, title);
    let subtitle = format!(
        "Items that had reached at least this stage at the end of each week, {}; a band's height is the items between two stages, an item sent back counting where it had come to",
        context.period()
    );
    let drawn = layers.values().map(|(name, counts)| FlowLayer {
        name: name.clone(),
        counts: weeks
            .iter()
            .map(|week| counts.get(week).map(|count| to_float(*count)))
            .collect(),
    });
    let drawing = CumulativeFlow {
        dates: weeks.clone(),
        layers: drawn.collect(),
        highlight,
        caption: "Items, cumulative".into(),
    };
    let empty = context.marts.missing(FED_BY);
    let frame =
        Frame::new("fig-flow", &title, &subtitle).empty(empty.as_deref().unwrap_or("No items."));
    let mut columns = vec!["Week of".to_owned()];
    columns.extend(names.iter().map(|name| format!("#{name}")));
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let row = |week: &NaiveDate| {
        let counts = layers.values().map(|(_, counts)| match counts.get(week) {
            Some(count) => Cell::integer(*count),
            None => Cell::maybe(None),
        });
        std::iter::once(Cell::text(format::date(*week)))
            .chain(counts)
            .collect()
    };
    Ok(Figure {
        id: "fig-flow".into(),
        svg: cumulative_flow(&frame, &drawing),
        title,
        subtitle,
        how_to_read: "Each line counts the items that had come to a stage or beyond it; it never falls. Where a band widens, more came into the stage than left it. An item that was sent back stays in the band that it had reached, and an item of which nobody knows since when it is in its stage is in none: so a band and the items that stand in a stage today can differ. The axis starts below the first line rather than at 0: what was done long before would flatten the bands.".into(),
        table: DataTable::new(
            "Items that had reached at least each stage by the end of the week that starts on this Monday",
            &columns,
            weeks.iter().rev().map(row).collect(),
            MOST_ROWS,
        ),
    })
}

#[allow(clippy::cast_precision_loss, reason = "item counts are far below 2^52")]
fn to_float(count: i64) -> f64 {
    count as f64
}

fn read_layers(context: &Context<'_>) -> Result<Layers> {
    let rows = context.marts.rows("stage_flow")?;
    let mut layers = Layers::new();
    for row in rows.indices() {
        let (Some(stage), Some(week)) = (rows.text("stage", row)?, rows.date("week_start", row)?)
        else {
            continue;
        };
        let position = rows.integer("stage_position", row)?.unwrap_or(0);
        let layer = layers
            .entry(position)
            .or_insert_with(|| (stage.to_owned(), BTreeMap::new()));
        layer
            .1
            .insert(week, rows.integer("item_count", row)?.unwrap_or(0));
    }
    Ok(layers)
}

/// Names the open stage whose band grew most over the period, where one grew.
fn headline(
    context: &Context<'_>,
    layers: &Layers,
    weeks: &[NaiveDate],
    names: &[&String],
) -> (String, Option<usize>) {
    let (Some(first), Some(last)) = (weeks.first(), weeks.last()) else {
        return ("No items have moved through the stages".to_owned(), None);
    };
    let counts: Vec<_> = layers.values().map(|(_, counts)| counts).collect();
    let band = |place: usize, week: &NaiveDate| {
        let here = counts[place].get(week).copied().unwrap_or(0);
        let next = counts.get(place + 1).and_then(|c| c.get(week));
        here - next.copied().unwrap_or(0)
    };
    let is_open = |name: &str| {
        let stages = &context.config.workflow;
        let stage = stages.iter().find(|stage| stage.name == name);
        stage.is_some_and(|stage| stage.kind != StageKind::Done)
    };
    let open = (0..names.len()).filter(|place| is_open(names[*place]));
    let growth = open.map(|place| (band(place, last) - band(place, first), place));
    let since = format::date(*first);
    match growth.max_by_key(|(growth, place)| (*growth, std::cmp::Reverse(*place))) {
        Some((growth, place)) if growth > 0 => (
            format!(
                "Work piled up most in {}: {} more than in the week of {since}",
                names[place],
                format::count(growth, "item", "items")
            ),
            Some(place),
        ),
        _ => (
            format!("No stage holds more items than in the week of {since}"),
            None,
        ),
    }
}

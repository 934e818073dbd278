//! Planned against actual effort, item by item.

use super::{Context, MOST_ROWS};
use crate::chart::{Dumbbell, DumbbellRow, Frame, Unit, dumbbell};
use crate::report::format;
use crate::report::page::{Cell, DataTable, Figure, outside_address};
use crate::report::releases::model::Item;

const FED_BY: &[&str] = &["items", "effort"];

/// Above this ratio of actual to planned, an item is called out.
const OVERRUN: f64 = 1.25;

/// An item with both.
struct Pair<'a> {
    item: &'a Item,
    planned: f64,
    actual: f64,
}

impl Pair<'_> {
    fn ratio(&self) -> f64 {
        self.actual / self.planned
    }
}

pub(super) fn figure(context: &Context<'_>) -> Figure {
    let release = context.release;
    let mut pairs: Vec<Pair<'_>> = release
        .compared_items()
        .filter_map(|item| {
            Some(Pair {
                item,
                planned: item.estimate_hours.filter(|hours| *hours > 0.0)?,
                actual: item.actual_hours?,
            })
        })
        .collect();
    pairs.sort_by(|a, b| {
        let by_ratio = b.ratio().total_cmp(&a.ratio());
        by_ratio.then_with(|| a.item.id.cmp(&b.item.id))
    });
    let over = pairs.iter().filter(|pair| pair.ratio() > OVERRUN).count();
    let items = format::count(pairs.len(), "item", "items");
    let title = match pairs.len() {
        0 => "No delivered item has both an estimate and recorded effort".to_owned(),
        _ => format!(
            "{} of {items} took over {OVERRUN} times their planned effort",
            format::integer(over),
        ),
    };
    let subtitle = format!(
        "Hours estimated when work began and spent by the end; {items} delivered, in the release at its end, and with both"
    );
    let empty = context.empty(
        FED_BY,
        "No delivered item of it has both an estimate and effort.",
    );
    let frame = Frame::new("fig-effort", &title, &subtitle).empty(&empty);
    let rows = pairs.iter().map(|pair| DumbbellRow {
        name: pair.item.id.clone(),
        planned: pair.planned,
        actual: pair.actual,
        change: format::change(pair.ratio()),
        note: None,
        href: pair.item.source_url.as_deref().and_then(outside_address),
    });
    let drawing = Dumbbell {
        rows: rows.collect(),
        caption: "Hours, planned and actual".into(),
        unit: Unit::Hours,
    };
    Figure {
        id: "fig-effort".into(),
        svg: dumbbell(&frame, &drawing),
        title,
        subtitle,
        how_to_read: "Ring: the estimate as it was when work began. Filled: the effort recorded. An item without either is left out; the list of items says which and why.".into(),
        table: table(&pairs),
    }
}

fn table(pairs: &[Pair<'_>]) -> DataTable {
    let row = |pair: &Pair<'_>| {
        vec![
            Cell::text(&pair.item.id)
                .link(pair.item.source_url.as_deref())
                .noted(pair.item.title.as_deref()),
            Cell::maybe(pair.item.team.as_deref()),
            Cell::number(Some(pair.planned), format::number),
            Cell::number(Some(pair.actual), format::number),
            Cell::number(Some(pair.ratio()), format::change),
        ]
    };
    DataTable::new(
        "Planned and actual effort by item, the largest overrun first",
        &["Item", "Team", "#Planned, h", "#Actual, h", "#Change"],
        pairs.iter().map(row).collect(),
        MOST_ROWS,
    )
}

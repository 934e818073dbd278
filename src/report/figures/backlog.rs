//! The planning backlog by age: how long open items wait for a commitment.

use super::{Context, FEWEST, MOST_ROWS, count_of};
use crate::chart::{
    Frame, PartTone, SharePart, ShareRow, ShareScale, StackedShares, Unit, stacked_shares,
};
use crate::error::Result;
use crate::lake::Rows;
use crate::report::format;
use crate::report::page::{Cell, DataTable, Figure};

/// The tables without which there is nothing to draw.
const FED_BY: &[&str] = &["items"];

pub(super) fn figure(context: &Context<'_>) -> Result<Figure> {
    let buckets = buckets(&context.marts.rows("backlog_ages")?)?;
    let all: u64 = buckets.iter().map(|bucket| bucket.items).sum();
    let over = buckets.iter().filter(|bucket| bucket.is_over_90);
    let over: u64 = over.map(|bucket| bucket.items).sum();
    let title = match all {
        0 => "No open item waits for a commitment".to_owned(),
        _ => format!(
            "{} of {} without a commitment {} 90 days old or older",
            format::integer(over),
            format::count(all, "open item", "open items"),
            if over == 1 { "is" } else { "are" }
        ),
    };
    let title = context.title("Planning backlog", FED_BY, title);
    let day = format::date(context.local(context.marts.as_of).date());
    let subtitle = format!(
        "Days since creation of {} that nobody is committed to, at the as-of ({day})",
        format::count(all, "open item", "open items")
    );
    let missing = context.marts.missing(FED_BY);
    let frame = Frame::new("fig-backlog", &title, &subtitle).empty(
        missing
            .as_deref()
            .unwrap_or("No open item waits for a commitment."),
    );
    let rows = buckets.iter().map(|bucket| ShareRow {
        name: bucket.name.clone(),
        #[allow(clippy::cast_precision_loss, reason = "item counts are far below 2^52")]
        values: vec![Some(bucket.items as f64)],
        words: format::count(bucket.items, "item", "items"),
        is_pale: false,
        href: Some("#open-items".into()),
    });
    let drawing = StackedShares {
        parts: vec![SharePart {
            name: "open items".into(),
            tone: PartTone::Active,
        }],
        rows: rows.filter(|_| all > 0).collect(),
        scale: ShareScale::Shared(Unit::Count),
        caption: "Open items without a commitment, by days since creation".into(),
    };
    Ok(Figure {
        id: "fig-backlog".into(),
        svg: stacked_shares(&frame, &drawing),
        title,
        subtitle,
        how_to_read: "A bar is the open items of one age that nobody is committed to. What has waited for 90 days and more is asked for less than it seems, or hidden behind newer work: decide on it or close it. The items are listed under Why open items wait.".into(),
        table: DataTable::new(
            "Open items without a commitment, by age",
            &["Days since creation", "#Items", "#Share"],
            buckets.iter().map(|bucket| bucket.cells(all)).collect(),
            MOST_ROWS,
        ),
    })
}

struct Bucket {
    name: String,
    position: i64,
    items: u64,
    is_over_90: bool,
}

impl Bucket {
    fn cells(&self, all: u64) -> Vec<Cell> {
        #[allow(clippy::cast_precision_loss, reason = "item counts are far below 2^52")]
        let share = (all >= FEWEST).then(|| self.items as f64 / all as f64);
        vec![
            Cell::text(&self.name),
            Cell::integer(self.items),
            Cell::number(share, format::percent),
        ]
    }
}

/// Reads the buckets from young to old; that of unknown ages only where it has items.
fn buckets(mart: &Rows) -> Result<Vec<Bucket>> {
    let mut buckets = Vec::new();
    for row in mart.indices() {
        let name = mart.text("age_bucket", row)?.unwrap_or_default();
        let items = count_of(mart, "item_count", row)?;
        if name == "unknown" && items == 0 {
            continue;
        }
        buckets.push(Bucket {
            name: name.to_owned(),
            position: mart.integer("bucket_position", row)?.unwrap_or(0),
            items,
            is_over_90: mart.boolean("is_over_90", row)?.unwrap_or(false),
        });
    }
    buckets.sort_by_key(|bucket| bucket.position);
    Ok(buckets)
}

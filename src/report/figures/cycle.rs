//! Cycle time of each delivered item, with its percentiles, and what the open ones
//! add to them.

use super::{Context, MOST_ROWS};
use crate::chart::{CycleTimeScatter, Frame, Percentiles, ScatterPoint, cycle_time_scatter};
use crate::error::Result;
use crate::lake::Rows;
use crate::report::format;
use crate::report::page::{Cell, DataTable, Figure};
use crate::report::sections::curve;
use crate::statistics::quantiles;

/// The tables without which there is nothing to draw.
const FED_BY: &[&str] = &["items"];

pub(super) fn figure(context: &Context<'_>) -> Result<Figure> {
    let items = context.marts.rows("cycle_time")?;
    let mut delivered = delivered_rows(context, &items)?;
    delivered.sort_by(|a, b| b.days.total_cmp(&a.days));
    let days: Vec<f64> = delivered.iter().map(|item| item.days).collect();
    let found = quantiles(&days, [0.5, 0.85, 0.95]);
    let title = match found {
        Some(_) if delivered.len() < 5 => format!(
            "{} in this period: too few for percentiles to mean much",
            format::count(delivered.len(), "delivered item", "delivered items")
        ),
        Some([_, p85, _]) => format!("85% of delivered items took at most {}", format::days(p85)),
        None => "No item with a commitment was delivered in this period".to_owned(),
    };
    let title = context.title("Cycle time", FED_BY, title);
    let subtitle = format!(
        "Days from commitment to {}, {}, {}{}",
        basis(&items)?,
        format::count(delivered.len(), "delivered item", "delivered items"),
        context.period(),
        with_open_items(&items)?
    );
    let points = delivered.iter().map(|item| item.point(context)).collect();
    let empty = context.marts.missing(FED_BY);
    let frame = Frame::new("fig-cycle", &title, &subtitle).empty(
        empty
            .as_deref()
            .unwrap_or("No delivered item with a commitment in these 26 weeks."),
    );
    let drawing = CycleTimeScatter {
        points,
        percentiles: found.map(|[p50, p85, p95]| Percentiles { p50, p85, p95 }),
        caption: "Days from commitment to delivery".into(),
        period: Some((context.first_week(), context.end())),
    };
    Ok(Figure {
        id: "fig-cycle".into(),
        svg: cycle_time_scatter(&frame, &drawing),
        title,
        subtitle,
        how_to_read: "A dot is a delivered item: when it was delivered, and how long after commitment. Half of the items lie below the lowest line, 85 and 95 of 100 below the others (quantiles of type 7). Items delivered without a commitment are left out and counted under Excluded.".into(),
        table: DataTable::new(
            "Delivered items, the slowest first",
            &["Item",
                "Team", "Delivered", "#Elapsed, days", "#Working, days", "#Active, days", "#Blocked, days", "#Approval, days", "#Rework, days"],
            delivered.iter().map(|item| item.cells.clone()).collect(),
            MOST_ROWS,
        ),
    })
}

struct Delivered {
    days: f64,
    at: chrono::DateTime<chrono::Utc>,
    tip: String,
    cells: Vec<Cell>,
}

impl Delivered {
    fn point(&self, context: &Context<'_>) -> ScatterPoint {
        ScatterPoint {
            finished_at: context.local(self.at),
            days: self.days,
            tip: self.tip.clone(),
            href: None,
        }
    }
}

fn delivered_rows(context: &Context<'_>, items: &Rows) -> Result<Vec<Delivered>> {
    let mut delivered = Vec::new();
    for row in items.indices() {
        let is_used = items.text("exclusion", row)?.is_none()
            && items.boolean("is_delivered", row)?.unwrap_or(false);
        let (Some(days), Some(at)) = (
            items.number("elapsed_days", row)?,
            items.instant("delivered_at", row)?,
        ) else {
            continue;
        };
        if !is_used || !context.is_within(context.local(at).date()) {
            continue;
        }
        let id = items.text("item_id", row)?.unwrap_or_default();
        let title = items.text("title", row)?;
        let number = |column| -> Result<Cell> {
            Ok(Cell::number(items.number(column, row)?, format::number))
        };
        delivered.push(Delivered {
            days,
            at,
            tip: format!("{id} {}\n{}", title.unwrap_or_default(), format::days(days)),
            cells: vec![
                Cell::text(id).noted(title),
                Cell::maybe(items.text("team", row)?),
                Cell::text(format::date(context.local(at).date())),
                number("elapsed_days")?,
                number("working_days")?,
                number("active_days")?,
                number("blocked_days")?,
                number("approval_days")?,
                number("rework_days")?,
            ],
        });
    }
    Ok(delivered)
}

/// Says what delivery means here: without deployments it is the last stage.
fn basis(items: &Rows) -> Result<&'static str> {
    for row in items.indices() {
        match items.text("delivery_basis", row)? {
            Some("deployment") => return Ok("the first successful production deployment"),
            Some(_) => return Ok("the last stage, for want of deployments"),
            None => {}
        }
    }
    Ok("delivery")
}

/// Open items are delivered some day, later than now: the Kaplan–Meier median over
/// all items ever committed to counts them.
fn with_open_items(items: &Rows) -> Result<String> {
    let Some(curve) = curve(items)? else {
        return Ok(String::new());
    };
    let open = curve.count - curve.ended;
    let (lower, upper) = curve.quantile_bounds(0.5);
    let bound = |days: Option<f64>| days.map_or_else(|| "n/a".to_owned(), format::number);
    let median = curve.median().map_or_else(
        || "n/a, as fewer than half have ended".to_owned(),
        |days| {
            let (lower, upper) = (bound(lower), bound(upper));
            format!("{} (95% interval {lower} to {upper})", format::days(days))
        },
    );
    Ok(format!(
        ". Of all {} ever committed to, {} open ones counted as still running: median {median}",
        format::integer(curve.count),
        format::integer(open),
    ))
}

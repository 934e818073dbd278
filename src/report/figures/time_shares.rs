//! Where the time of delivered items went, week by week.

use super::{Context, MOST_ROWS, count_of, few};
use crate::chart::{
    Frame, PartTone, SharePart, ShareRow, ShareScale, StackedShares, stacked_shares,
};
use crate::error::Result;
use crate::lake::Rows;
use crate::report::format;
use crate::report::page::{Cell, DataTable, Figure};

/// The tables without which there is nothing to draw.
const FED_BY: &[&str] = &["items", "item_events"];

/// The parts in the order they are stacked: name, column, colour.
const PARTS: [(&str, &str, PartTone); 4] = [
    ("active", "active_ratio", PartTone::Active),
    ("waiting", "waiting_ratio", PartTone::Waiting),
    ("blocked", "blocked_ratio", PartTone::Blocked),
    ("approval", "approval_ratio", PartTone::Approval),
];

pub(super) fn figure(context: &Context<'_>) -> Result<Figure> {
    let weeks = weeks(context, &context.marts.rows("weekly_time_shares")?)?;
    let items: u64 = weeks.iter().map(|week| week.items).sum();
    let title = headline(&weeks, items);
    let title = context.title("Where the time goes", FED_BY, title);
    let subtitle = format!(
        "Days from commitment to delivery of {}, by the week of delivery, {}: each moment is blocked, else waiting for an approval, else active, else waiting",
        format::count(items, "delivered item", "delivered items"),
        context.period()
    );
    let missing = context.marts.missing(FED_BY);
    let frame = Frame::new("fig-time-shares", &title, &subtitle).empty(
        missing
            .as_deref()
            .unwrap_or("No delivered item has a log of its status in these 26 weeks."),
    );
    let part = |(name, _, tone): &(&str, &str, PartTone)| SharePart {
        name: (*name).to_owned(),
        tone: *tone,
    };
    let drawing = StackedShares {
        parts: PARTS.iter().map(part).collect(),
        rows: weeks.iter().map(Week::bar).collect(),
        scale: ShareScale::OfRow,
        caption: "Share of the days between commitment and delivery".into(),
    };
    Ok(Figure {
        id: "fig-time-shares".into(),
        svg: stacked_shares(&frame, &drawing),
        title,
        subtitle,
        how_to_read: "A bar is the time of all items delivered in one week; a slow item weighs as much as its days. Pale bars rest on fewer than 5 items. Active is time in an active stage, not blocked and not waiting for an approval; waiting is the time in no one's hands, also that between done and deployed. Rework, in the table, is all time after the first step back and lies across the parts. Items without a log of their status are left out and counted under Excluded.".into(),
        table: DataTable::new(
            "Where the time of the items delivered each week went",
            &["Week", "#Items", "#Days in all", "#Active", "#Waiting", "#Blocked", "#Approval", "#Of all, rework"],
            weeks.iter().rev().map(|week| week.cells.clone()).collect(),
            MOST_ROWS,
        ),
    })
}

struct Week {
    name: String,
    items: u64,
    elapsed: f64,
    /// Shares in the order of the parts.
    shares: [Option<f64>; 4],
    cells: Vec<Cell>,
}

impl Week {
    /// A week without deliveries keeps its place; one with fewer than five is pale.
    fn bar(&self) -> ShareRow {
        let is_empty = self.shares[0].is_none();
        ShareRow {
            name: self.name.clone(),
            values: match is_empty {
                true => vec![Some(0.0); self.shares.len()],
                false => self.shares.to_vec(),
            },
            words: match self.items {
                0 => "none delivered".to_owned(),
                items => format::count(items, "item", "items"),
            },
            is_pale: few(self.items).is_some(),
            href: None,
        }
    }
}

/// Says how much of all the time was active, over all weeks together.
fn headline(weeks: &[Week], items: u64) -> String {
    let elapsed: f64 = weeks.iter().map(|week| week.elapsed).sum();
    if few(items).is_some() || elapsed <= 0.0 {
        return format!(
            "{} in this period: too few to say where time goes",
            format::count(items, "delivered item", "delivered items")
        );
    }
    let share = |place: usize| {
        let days = weeks
            .iter()
            .filter_map(|week| Some(week.shares[place]? * week.elapsed));
        days.sum::<f64>() / elapsed
    };
    let [active, waiting, blocked, approval] = [0, 1, 2, 3].map(share);
    let idle = [
        (waiting, "waiting"),
        (blocked, "blocked"),
        (approval, "waiting for approval"),
    ];
    let greatest = idle.iter().max_by(|a, b| a.0.total_cmp(&b.0));
    let rest = greatest.map_or_else(String::new, |(share, what)| {
        format!(", {} {what}", format::percent(*share))
    });
    format!(
        "{} of the time from commitment to delivery was active work{rest}",
        format::percent(active)
    )
}

fn weeks(context: &Context<'_>, mart: &Rows) -> Result<Vec<Week>> {
    let mut weeks = Vec::new();
    for row in mart.indices() {
        let Some(monday) = mart
            .date("week_start", row)?
            .filter(|day| context.is_within(*day))
        else {
            continue;
        };
        let mut shares = [None; 4];
        for (share, (_, column, _)) in shares.iter_mut().zip(PARTS) {
            *share = mart.number(column, row)?;
        }
        let items = count_of(mart, "item_count", row)?;
        let elapsed = mart.number("elapsed_days", row)?;
        let mut cells = vec![
            Cell::text(format::date(monday)).noted(few(items)),
            Cell::integer(items),
            Cell::number(elapsed, format::number),
        ];
        let rework = mart.number("rework_ratio", row)?;
        let all = shares.into_iter().chain([rework]);
        cells.extend(all.map(|share| Cell::number(share, format::percent)));
        weeks.push(Week {
            name: format::short_date(monday),
            items,
            elapsed: elapsed.unwrap_or(0.0),
            shares,
            cells,
        });
    }
    Ok(weeks)
}

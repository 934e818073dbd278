//! The share of the planning backlog that is over 90 days old, on a control chart.

use chrono::NaiveDate;

use super::control::{is_signal, limits_of, points};
use super::{Context, MOST_ROWS, count_of, few, share_cell};
use crate::chart::{ControlChart, Frame, Unit, control_chart};
use crate::error::Result;
use crate::lake::Rows;
use crate::report::format;
use crate::report::page::{Cell, DataTable, Figure};
use crate::statistics::{Bound, Xmr, XmrChart, xmr};

/// The tables without which there is nothing to draw.
const FED_BY: &[&str] = &["items", "item_events"];

pub(super) fn figure(context: &Context<'_>) -> Result<Figure> {
    let weeks = weeks(context, &context.marts.rows("weekly_backlog_ages")?)?;
    let values: Vec<Option<f64>> = weeks.iter().map(Week::value).collect();
    let baseline = 0..values.len().saturating_sub(1);
    let control = match xmr(&values, baseline, Bound::NonNegative) {
        Xmr::Chart(chart) => Some(chart),
        Xmr::TooFew { .. } => None,
    };
    let title = context.title(
        "Old backlog",
        FED_BY,
        headline(weeks.last(), control.as_ref()),
    );
    let limits = match &control {
        Some(chart) => format!(
            "limits: mean ± 2.66 × mean moving range of the {} weeks before the last",
            chart.baseline_count
        ),
        None => "too few weeks for limits".to_owned(),
    };
    let subtitle = format!(
        "Share of the open items without a commitment that were created 90 days before or earlier, at the end of each week, {}; {limits}",
        context.period()
    );
    let missing = context.marts.missing(FED_BY);
    let frame = Frame::new("fig-backlog-share", &title, &subtitle)
        .sized(760, 380)
        .empty(
            missing
                .as_deref()
                .unwrap_or("No week had 5 open items without a commitment."),
        );
    let has_data = values.iter().any(Option::is_some);
    let drawing = ControlChart {
        points: if has_data {
            points(
                weeks.iter().map(|week| (week.monday, week.value())),
                control.as_ref(),
            )
        } else {
            Vec::new()
        },
        limits: control.as_ref().map(limits_of),
        caption: "Share of the backlog that is 90 days old or older (X)".into(),
        unit: Unit::Percent,
    };
    Ok(Figure {
        id: "fig-backlog-share".into(),
        svg: control_chart(&frame, &drawing),
        title,
        subtitle,
        how_to_read: "Within the limits a week differs from the next by chance alone; diamonds are signals. A backlog changes slowly, so that long runs on one side mean a drift rather than an event. Weeks with fewer than 5 items have no point. An item is in the backlog of a week where its log, or its creation, says that it stood there; what nobody can date is in no week.".into(),
        table: DataTable::new(
            "The planning backlog at the end of each week",
            &["Week", "#Items", "#90 days and older", "#Share", "Signal"],
            rows(&weeks, control.as_ref()),
            MOST_ROWS,
        ),
    })
}

struct Week {
    monday: NaiveDate,
    items: u64,
    over: u64,
    share: Option<f64>,
}

impl Week {
    /// A share of fewer than five is none to judge by.
    fn value(&self) -> Option<f64> {
        self.share.filter(|_| few(self.items).is_none())
    }
}

fn weeks(context: &Context<'_>, mart: &Rows) -> Result<Vec<Week>> {
    let mut weeks = Vec::new();
    for row in mart.indices() {
        let monday = mart.date("week_start", row)?;
        if let Some(monday) = monday.filter(|day| context.is_within(*day)) {
            weeks.push(Week {
                monday,
                items: count_of(mart, "item_count", row)?,
                over: count_of(mart, "over_90_count", row)?,
                share: mart.number("over_90_ratio", row)?,
            });
        }
    }
    weeks.sort_by_key(|week| week.monday);
    Ok(weeks)
}

fn headline(last: Option<&Week>, control: Option<&XmrChart>) -> String {
    let Some((week, share)) = last.and_then(|week| Some((week, week.value()?))) else {
        return "Too few open items without a commitment for a share".to_owned();
    };
    let share = format::percent(share);
    let Some(chart) = control else {
        let items = format::count(week.items, "backlog item", "backlog items");
        return format!("{share} of {items} are 90 days old or older; too few weeks to judge it");
    };
    let mean = format::percent(chart.centre);
    if is_signal(control, chart.points.len().saturating_sub(1)) {
        format!("{share} of the backlog is 90 days old or older: unusual against a mean of {mean}")
    } else {
        format!(
            "{share} of the backlog is 90 days old or older, within its usual range (mean {mean})"
        )
    }
}

fn rows(weeks: &[Week], control: Option<&XmrChart>) -> Vec<Vec<Cell>> {
    let row = |(place, week): (usize, &Week)| {
        vec![
            Cell::text(format::date(week.monday)),
            Cell::integer(week.items),
            Cell::integer(week.over),
            share_cell(week.over, week.items),
            Cell::text(if is_signal(control, place) {
                "signal"
            } else {
                format::MISSING
            }),
        ]
    };
    weeks.iter().enumerate().map(row).rev().collect()
}

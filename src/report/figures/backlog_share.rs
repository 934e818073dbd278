//! The share of the planning backlog that is over 90 days old, on a control chart.

use chrono::NaiveDate;

use super::control::{is_signal, limits_of, points};
use super::{Context, MOST_ROWS, count_of, few, share_cell};
use crate::chart::{ControlChart, Frame, Unit, control_chart};
use crate::error::Result;
use crate::lake::Rows;
use crate::report::changes::Change;
use crate::report::format;
use crate::report::measures::rule_text;
use crate::report::page::{Cell, DataTable, Figure, Link, Tag};
use crate::statistics::{Bound, Side, Xmr, XmrChart, xmr};

/// How many weeks back a signal is compared with, to say which of its parts moved.
const WEEKS_BACK: usize = 4;

/// The tables without which there is nothing to draw.
const FED_BY: &[&str] = &["items", "item_events"];

/// Returns what is to be said of the reported week where its share is a signal.
pub(in crate::report) fn change(context: &Context<'_>) -> Result<Option<Change>> {
    if context.marts.missing(FED_BY).is_some() {
        return Ok(None);
    }
    let weeks = weeks(context, &context.marts.rows("weekly_backlog_ages")?)?;
    let control = limits_before_last(&weeks);
    Ok(signal(&weeks, control.as_ref()).map(|signal| Change {
        tag: signal.tag(),
        text: format!("{}.", signal.text),
        link: Some(Link {
            href: "#fig-backlog-share".to_owned(),
            text: "See the chart".to_owned(),
        }),
        rows: Some(Link {
            href: "#open-items-why".to_owned(),
            text: "See all open items".to_owned(),
        }),
    }))
}

fn limits_before_last(weeks: &[Week]) -> Option<XmrChart> {
    let values: Vec<Option<f64>> = weeks.iter().map(Week::value).collect();
    let baseline = 0..values.len().saturating_sub(1);
    match xmr(&values, baseline, Bound::NonNegative) {
        Xmr::Chart(chart) => Some(chart),
        Xmr::TooFew { .. } => None,
    }
}

pub(super) fn figure(context: &Context<'_>) -> Result<Figure> {
    let weeks = weeks(context, &context.marts.rows("weekly_backlog_ages")?)?;
    let values: Vec<Option<f64>> = weeks.iter().map(Week::value).collect();
    let control = limits_before_last(&weeks);
    let title = context.title("Old backlog", FED_BY, headline(&weeks, control.as_ref()));
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
        how_to_read: "Within the limits a week differs from the next by chance alone; diamonds are signals. A diamond among the moving ranges is a jump larger than chance makes. The share falls where old items go, but also where new ones come: read it with the counts in the table. A backlog changes slowly, so that long runs on one side mean a drift rather than an event. Weeks with fewer than 5 items have no point. An item is in the backlog of a week where its log, or its creation, says that it stood there; what nobody can date is in no week.".into(),
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

/// A share that a rule fired at in the last week.
struct Signal {
    text: String,
    side: Side,
    /// Whether the old items moved it, rather than those beside them.
    is_of_old_items: bool,
}

impl Signal {
    /// Fewer old items are better, more are worse; a share that moved because the rest
    /// of the backlog did is neither.
    fn tag(&self) -> Tag {
        match (self.side, self.is_of_old_items) {
            (Side::Below, true) => Tag::new("good", "▼ Better: signal"),
            (Side::Above, true) => Tag::new("bad", "▲ Worse: signal"),
            (Side::Below, false) => Tag::new("none", "▼ Signal"),
            (Side::Above, false) => Tag::new("none", "▲ Signal"),
        }
    }
}

/// Whether the share of two weeks differs by its old items at least as much as by the
/// whole: a ratio of counts moves by the ratio of each.
fn is_of_old_items(last: &Week, then: &Week) -> bool {
    #[allow(clippy::cast_precision_loss, reason = "item counts are far below 2^52")]
    let moved = |now: u64, before: u64| (now as f64 / before as f64).ln().abs();
    moved(last.over, then.over) >= moved(last.items, then.items)
}

/// Says what became of the old items and of the whole, so that a share that fell
/// because the backlog grew is not taken for old work done.
fn signal(weeks: &[Week], control: Option<&XmrChart>) -> Option<Signal> {
    let last = weeks.last()?;
    let share = last.value()?;
    let chart = control?;
    let fired = *chart.points.last()?.signals.first()?;
    let high = format::percent(chart.upper_limit);
    let usual = match chart.lower_limit {
        Some(low) => format!("{}–{high}", format::percent(low)),
        None => format!("up to {high}"),
    };
    let then = weeks
        .len()
        .checked_sub(1 + WEEKS_BACK)
        .and_then(|at| weeks.get(at))?;
    let old = match last.over == then.over {
        true => format!(
            "the {} old items are as many as",
            format::integer(last.over)
        ),
        false => format!(
            "{} old items instead of {}",
            format::integer(last.over),
            format::integer(then.over)
        ),
    };
    let whole = match last.items.cmp(&then.items) {
        std::cmp::Ordering::Greater => "the backlog grew",
        std::cmp::Ordering::Less => "the backlog shrank",
        std::cmp::Ordering::Equal => "the backlog stayed",
    };
    Some(Signal {
        text: format!(
            "{} of the backlog is 90 days old or older, {} (usual range {usual}): {old} four weeks before, while {whole} from {} to {}",
            format::percent(share),
            rule_text(fired, Some(chart)),
            format::integer(then.items),
            format::integer(last.items)
        ),
        side: fired.side,
        is_of_old_items: is_of_old_items(last, then),
    })
}

fn headline(weeks: &[Week], control: Option<&XmrChart>) -> String {
    if let Some(signal) = signal(weeks, control) {
        return signal.text;
    }
    let Some((week, share)) = weeks.last().and_then(|week| Some((week, week.value()?))) else {
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

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    /// 25 weeks of 10 old items among 40 or 38, then five weeks of a whole that grows
    /// to `items`, with `over` old ones at the end.
    fn series(items: u64, over: u64) -> Vec<Week> {
        let monday = NaiveDate::from_ymd_opt(2026, 1, 5).expect("a Monday");
        let week = |place: i64, items: u64, over: u64| Week {
            monday: monday + TimeDelta::weeks(place),
            items,
            over,
            #[allow(clippy::cast_precision_loss, reason = "small counts")]
            share: Some(over as f64 / items as f64),
        };
        let mut weeks: Vec<Week> = (0..25)
            .map(|at| week(at, 40 - 2 * (at as u64 % 2), 10))
            .collect();
        weeks.extend([week(25, items, over)]);
        weeks
    }

    #[test]
    fn a_share_that_fell_because_the_backlog_grew_is_no_improvement() {
        let weeks = series(100, 10);
        let found = signal(&weeks, limits_before_last(&weeks).as_ref()).expect("a signal");
        assert_eq!(found.tag(), Tag::new("none", "▼ Signal"));
        assert_eq!(
            found.text,
            "10% of the backlog is 90 days old or older, beyond the lower limit (usual range 22%–29%): the 10 old items are as many as four weeks before, while the backlog grew from 38 to 100"
        );
        // Ten old ones became two: that is better.
        let weeks = series(38, 2);
        let found = signal(&weeks, limits_before_last(&weeks).as_ref()).expect("a signal");
        assert_eq!(found.tag(), Tag::new("good", "▼ Better: signal"));
        let weeks = series(38, 20);
        let found = signal(&weeks, limits_before_last(&weeks).as_ref()).expect("a signal");
        assert_eq!(found.tag(), Tag::new("bad", "▲ Worse: signal"));
        // One fewer of ten is not what shrank the share of a backlog that grew so much.
        let weeks = series(100, 9);
        let found = signal(&weeks, limits_before_last(&weeks).as_ref()).expect("a signal");
        assert_eq!(found.tag(), Tag::new("none", "▼ Signal"));
        assert!(
            signal(
                &series(40, 10),
                limits_before_last(&series(40, 10)).as_ref()
            )
            .is_none()
        );
    }
}

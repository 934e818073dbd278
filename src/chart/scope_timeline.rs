//! Scope timeline of a release: how many items it held, as a step line, over
//! what was added (up) and removed (down) day by day, against its baseline and
//! its freeze.

use chrono::NaiveDate;

use super::Frame;
use super::axis::Axis;
use super::canvas::{Bounds, CAPTION_ROOM, Canvas, DATE_ROOM, Dash};
use super::curve::draw_steps;
use super::dates::{day_number, long_date, short_date};
use super::document::empty;
use super::label::{Align, Label};
use super::number::{Unit, grouped};
use super::panel::{Panel, SideLabel, left_room, right_room};
use super::scope_bars::{LEAST_BAR, bars, change_axis, draw_bars};
use super::token::Token;

/// Height of the lower panel, in pixels.
const CHANGE_HEIGHT: f64 = 92.0;
/// Distance of the two panels.
const PANEL_GAP: f64 = 8.0;
/// Room for the names of days above the upper panel.
const EVENT_ROOM: f64 = 12.0;

/// Input of [`scope_timeline`].
#[derive(Clone, Debug, Default)]
pub(crate) struct ScopeTimeline {
    /// The days on which the scope was counted or changed, in ascending order;
    /// days without a change may be left out.
    pub(crate) days: Vec<ScopeDay>,
    /// The day whose scope is the plan.
    pub(crate) baseline: Option<NaiveDate>,
    /// How many items were planned at the baseline.
    pub(crate) planned_count: Option<u64>,
    /// The day of the scope freeze.
    pub(crate) freeze: Option<NaiveDate>,
    /// The day it shipped, or is planned to.
    pub(crate) ship: Option<NaiveDate>,
    /// What the line counts, for example "Items in 2026.6.1".
    pub(crate) caption: String,
}

/// One day.
#[derive(Clone, Debug, Default)]
pub(crate) struct ScopeDay {
    /// The day.
    pub(crate) date: NaiveDate,
    /// Items in the release at its end; none where that is not known.
    pub(crate) scope_count: Option<u64>,
    /// Items added on it.
    pub(crate) added_count: u64,
    /// Items removed on it.
    pub(crate) removed_count: u64,
    /// How many of the added came after the freeze.
    pub(crate) late_added_count: u64,
    /// How many of the removed went after the freeze.
    pub(crate) late_removed_count: u64,
    /// The list of its changes.
    pub(crate) href: Option<String>,
}

/// Draws the timeline.
pub(crate) fn scope_timeline(frame: &Frame, input: &ScopeTimeline) -> String {
    let mut days: Vec<&ScopeDay> = input.days.iter().collect();
    days.sort_by_key(|day| day.date);
    let (Some(first), Some(last)) = (days.first(), days.last()) else {
        return empty(frame, 0);
    };
    let is_silent = |day: &&ScopeDay| {
        day.scope_count.is_none() && day.added_count == 0 && day.removed_count == 0
    };
    if days.iter().all(is_silent) {
        return empty(frame, 0);
    }
    let (events, mut remarks) = events(input, first.date, last.date);
    let moments = events.iter().map(|event| day_number(event.date));
    let from = moments.clone().fold(day_number(first.date), f64::min) - 1.0;
    let to = moments.fold(day_number(last.date), f64::max) + 2.0;
    let canvas = Canvas::new(frame.width, frame.height);
    let counts: Vec<f64> = days
        .iter()
        .filter_map(|day| day.scope_count)
        .map(|count| count as f64)
        .collect();
    let count_axis = count_axis(&counts, input.planned_count);
    remarks.extend(count_axis.start_remark(Unit::Count));
    let labels = side_labels(&days, input.planned_count);
    let texts = labels.iter().map(|label| label.text.as_str());
    let right = canvas.width - right_room(texts, canvas.width);
    // One bar is a day, or as many days as a bar needs to be seen.
    let days_per_bar = ((to - from) * LEAST_BAR / (right - 60.0)).ceil().max(1.0);
    let bars = bars(&days, from, days_per_bar);
    let change_axis = change_axis(&bars);
    let left = left_room(&count_axis).max(left_room(&change_axis));
    let (upper, lower) = panel_bounds(&canvas, left, right);
    let x_axis = Axis::dates(from, to, right - left);
    let panel = canvas.panel(upper, x_axis.clone(), count_axis);
    panel.draw_y_axis();
    panel.draw_base();
    let changes = canvas.panel(lower, x_axis, change_axis);
    changes.draw_y_axis();
    changes.draw_x_axis(false);
    // The labels of the lines first: those of the days give way to them.
    draw_counts(&panel, &days, input.planned_count, &labels);
    remarks.extend(draw_events(&panel, &lower, &events));
    let beyond = draw_bars(&changes, &bars, days_per_bar);
    canvas.caption(CAPTION_ROOM, &input.caption, &remarks);
    canvas.caption(lower.top, &change_caption(days_per_bar), &beyond);
    canvas.finish(frame, 0)
}

fn panel_bounds(canvas: &Canvas, left: f64, right: f64) -> (Bounds, Bounds) {
    let lower_top = canvas.height - DATE_ROOM - CHANGE_HEIGHT;
    let upper = Bounds {
        left,
        top: CAPTION_ROOM + EVENT_ROOM,
        right,
        bottom: lower_top - CAPTION_ROOM - PANEL_GAP,
    };
    let lower = Bounds {
        top: lower_top,
        bottom: canvas.height - DATE_ROOM,
        ..upper
    };
    (upper, lower)
}

/// A day that is named above the panel.
struct Event {
    date: NaiveDate,
    text: String,
    token: Token,
    dash: Dash,
}

/// Returns the named days within reach of the changes, and says which are not.
fn events(input: &ScopeTimeline, first: NaiveDate, last: NaiveDate) -> (Vec<Event>, Vec<String>) {
    let (from, to) = (day_number(first), day_number(last));
    let reach = (to - from).max(60.0);
    let named = [
        (input.baseline, "Baseline", Token::Ink2, Dash::Dashed),
        (input.freeze, "Freeze", Token::Accent, Dash::Solid),
        (input.ship, "Ship", Token::Ink, Dash::Solid),
    ];
    let (mut events, mut remarks) = (Vec::new(), Vec::new());
    for (date, name, token, dash) in named {
        let Some(date) = date else { continue };
        let text = format!("{name} {}", short_date(date));
        let at = day_number(date);
        if at >= from - reach && at <= to + reach {
            events.push(Event {
                date,
                text,
                token,
                dash,
            });
        } else {
            remarks.push(format!("{name} {} is off the scale", long_date(date)));
        }
    }
    events.sort_by_key(|event| event.date);
    (events, remarks)
}

/// Draws the named days across both panels; returns the names that found no
/// room above them.
fn draw_events(panel: &Panel<'_>, lower: &Bounds, events: &[Event]) -> Vec<String> {
    let mut unwritten = Vec::new();
    for event in events {
        let (x, _) = panel.place(day_number(event.date), panel.y.low());
        let (from, to) = ((x, panel.bounds.top), (x, lower.bottom));
        panel.canvas.stroke(from, to, event.token, 1.4, event.dash);
        let label = Label::new(&event.text, x, panel.bounds.top - 8.0).colored(event.token);
        let places = [
            (0.0, Align::Middle),
            (2.0, Align::Start),
            (-2.0, Align::End),
        ];
        let is_written = places.into_iter().any(|(right, align)| {
            let label = label.clone().moved_to(x + right, panel.bounds.top - 8.0);
            panel.canvas.try_text(&label.aligned(align))
        });
        if !is_written {
            unwritten.push(event.text.clone());
        }
    }
    unwritten
}

fn count_axis(counts: &[f64], planned: Option<u64>) -> Axis {
    let shown = || {
        counts
            .iter()
            .copied()
            .chain(planned.map(|count| count as f64))
    };
    let high = shown().fold(0.0, f64::max);
    let low = shown().fold(high, f64::min);
    Axis::for_line(low, high, 4.0, Unit::Count)
}

/// Says the plan and the latest count where their lines end.
fn side_labels(days: &[&ScopeDay], planned: Option<u64>) -> Vec<SideLabel> {
    let latest = days.iter().rev().find_map(|day| day.scope_count);
    let label = |count: u64, text: String, token: Token| SideLabel {
        at: count as f64,
        text,
        token,
    };
    let number = |count: u64| grouped(count as f64, 0);
    let latest = latest.map(|count| {
        let noun = if count == 1 { "item" } else { "items" };
        label(count, format!("{} {noun}", number(count)), Token::Ink)
    });
    let planned = planned.map(|count| label(count, format!("Plan {}", number(count)), Token::Ink2));
    latest.into_iter().chain(planned).collect()
}

/// Draws the plan as a level and the count as steps; a day whose count is not
/// known breaks the line.
fn draw_counts(panel: &Panel<'_>, days: &[&ScopeDay], planned: Option<u64>, labels: &[SideLabel]) {
    if let Some(planned) = planned {
        panel.level(planned as f64, Token::Ink2, Dash::Dashed);
    }
    let mut run: Vec<(f64, f64)> = Vec::new();
    for day in days {
        let (x, _) = panel.place(day_number(day.date), 0.0);
        match day.scope_count {
            Some(count) => run.push((x, panel.place(0.0, count as f64).1)),
            None => {
                let run = std::mem::take(&mut run);
                draw_steps(panel.canvas, &run, x, Token::S1, Dash::Solid);
            }
        }
    }
    let last = days.last().map_or(0.0, |day| day_number(day.date) + 1.0);
    let (end, _) = panel.place(last, 0.0);
    draw_steps(panel.canvas, &run, end, Token::S1, Dash::Solid);
    panel.side_labels(labels);
}

fn change_caption(days_per_bar: f64) -> String {
    let period = match days_per_bar {
        1.0 => "day".to_owned(),
        days => format!("{} days", grouped(days, 0)),
    };
    format!("Added (up) and removed (down) per {period}; orange: after the freeze")
}

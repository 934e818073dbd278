//! Rates per name: a bar to the rate, a whisker for its interval, and how
//! many of how many beside it, so that a rate of three runs looks like one.

use super::Frame;
use super::axis::Axis;
use super::canvas::{Dash, TICK_ROOM};
use super::document::{dropped_remark, empty};
use super::label::{Align, Label};
use super::number::{Unit, grouped};
use super::outcomes::RateInterval;
use super::panel::Panel;
use super::rows::{MOST_ROWS, cap_remark, middle, row_bounds, row_canvas, write_name, write_value};
use super::token::Token;

/// Input of [`interval_bars`].
#[derive(Clone, Debug, Default)]
pub(crate) struct IntervalBars {
    /// One row per team or stage, in any order.
    pub(crate) rows: Vec<IntervalRow>,
    /// The rate over all rows, drawn as a line.
    pub(crate) overall: Option<f64>,
    /// What is measured, for example "Share of failed runs, 95% interval".
    pub(crate) caption: String,
}

/// One row.
#[derive(Clone, Debug)]
pub(crate) struct IntervalRow {
    /// The name.
    pub(crate) name: String,
    /// The rate and its interval.
    pub(crate) rate: RateInterval,
    /// The list behind the row.
    pub(crate) href: Option<String>,
}

/// Fewer than these are written without a percentage, in grey.
const FEWEST: u64 = 5;

/// Draws the bars, the highest rate first.
pub(crate) fn interval_bars(frame: &Frame, input: &IntervalBars) -> String {
    let mut rows: Vec<&IntervalRow> = input.rows.iter().collect();
    rows.retain(|row| row.rate.is_finite());
    let dropped = input.rows.len() - rows.len();
    if rows.is_empty() {
        return empty(frame, dropped);
    }
    rows.sort_by(|a, b| {
        let by_rate = b.rate.ratio.total_cmp(&a.rate.ratio);
        by_rate.then_with(|| a.name.cmp(&b.name))
    });
    let mut remarks = dropped_remark(dropped);
    remarks.extend(cap_remark(rows.len()));
    rows.truncate(MOST_ROWS);
    let overall = input.overall.filter(|rate| rate.is_finite());
    let values: Vec<String> = rows.iter().map(|row| words(&row.rate)).collect();
    let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    let canvas = row_canvas(frame, rows.len(), TICK_ROOM);
    let bounds = row_bounds(&canvas, &names, &values, TICK_ROOM);
    let axis = Axis::up_to(axis_top(&rows, overall), Unit::Percent);
    let panel = canvas.panel(bounds, axis, Axis::places(rows.len(), true));
    canvas.caption(bounds.top, &input.caption, &remarks);
    panel.draw_x_axis(true);
    for (index, (row, value)) in rows.iter().zip(&values).enumerate() {
        let (lower, upper) = (row.rate.lower, row.rate.upper);
        let percent = |share| Unit::Percent.number(share);
        let interval = format!("{} to {}", percent(lower), percent(upper));
        let tip = format!("{}: {value}, 95% interval {interval}", row.name);
        canvas.linked(row.href.as_deref(), &tip, || {
            draw_row(&panel, index, &row.rate);
            write_name(&panel, index, &row.name);
        });
        let is_few = row.rate.denominator < FEWEST;
        let token = if is_few { Token::Ink2 } else { Token::Ink };
        write_value(&panel, index, value, token);
    }
    draw_overall(&panel, overall);
    canvas.finish(frame, dropped)
}

/// One wide interval of a tiny sample must not flatten the other rows.
fn axis_top(rows: &[&IntervalRow], overall: Option<f64>) -> f64 {
    let greatest = |share: fn(&RateInterval) -> f64| {
        rows.iter().map(|row| share(&row.rate)).fold(0.0, f64::max)
    };
    let (ratio, upper) = (greatest(|r| r.ratio), greatest(|r| r.upper));
    let top = upper.min(ratio.max(0.05) * 2.5).max(overall.unwrap_or(0.0));
    if ratio <= 1.0 { top.min(1.0) } else { top }
}

/// A rate of fewer than five is k of n alone.
fn words(rate: &RateInterval) -> String {
    let count = |count: u64| grouped(count as f64, 0);
    let percent = Unit::Percent.number(rate.ratio);
    let (numerator, denominator) = (count(rate.numerator), count(rate.denominator));
    match rate.denominator < FEWEST {
        true => format!("{numerator} of {denominator}"),
        false => format!("{percent} · {numerator} of {denominator}"),
    }
}

fn draw_row(panel: &Panel<'_>, index: usize, rate: &RateInterval) {
    let y = middle(index);
    let ratio = panel.x.clamp(rate.ratio);
    if ratio > 0.0 {
        panel.fill((0.0, y - 0.28), (ratio, y + 0.28), Token::Q2);
    }
    let (from, row_y) = panel.place(panel.x.clamp(rate.lower), y);
    let (to, _) = panel.place(panel.x.clamp(rate.upper), y);
    let canvas = panel.canvas;
    canvas.stroke((from, row_y), (to, row_y), Token::S1, 1.4, Dash::Solid);
    for (end, is_shown) in [(from, true), (to, rate.upper <= panel.x.high())] {
        if is_shown {
            let cap = ((end, row_y - 3.5), (end, row_y + 3.5));
            canvas.stroke(cap.0, cap.1, Token::S1, 1.4, Dash::Solid);
        }
    }
    let (x, _) = panel.place(ratio, y);
    let class = format!("class=\"f-{}\"", Token::S1.name());
    canvas.group(&class, || canvas.dots(4.0, &[(x, row_y)]));
}

fn draw_overall(panel: &Panel<'_>, overall: Option<f64>) {
    let Some(rate) = overall else { return };
    let rate = panel.x.clamp(rate);
    panel.upright(rate, Token::Ink, Dash::Dashed);
    let (x, _) = panel.place(rate, 0.0);
    let text = format!("all {}", Unit::Percent.number(rate));
    let label = Label::new(&text, x, panel.bounds.top - 7.0).aligned(Align::Middle);
    let label = label.colored(Token::Ink);
    if !panel.canvas.try_text(&label) {
        let beside = label.moved_to(x + 40.0, panel.bounds.top - 7.0);
        panel.canvas.try_text(&beside);
    }
}

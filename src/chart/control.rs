//! Control chart: values over moving ranges, with natural process limits
//! (Wheeler, *Understanding Variation*, XmR).
//!
//! Limits and signals are given; this file only draws them.

use chrono::NaiveDate;

use super::Frame;
use super::axis::Axis;
use super::canvas::{Bounds, CAPTION_ROOM, Canvas, DATE_ROOM, Dash};
use super::dates::{day_number, long_date};
use super::document::{dropped_remark, empty};
use super::label::{Align, Label};
use super::mark::{Mark, Shape};
use super::number::Unit;
use super::panel::{Panel, SideLabel, left_room, right_room};
use super::ranges::{draw_ranges, range_axis};
use super::token::Token;

/// Height of the moving range panel with its caption, in pixels.
const RANGE_HEIGHT: f64 = 88.0;
const RANGE_CAPTION: &str = "Moving range: change from the period before";
/// Distance of the two panels.
const PANEL_GAP: f64 = 12.0;
/// Above this many points only signals are marked; the line shows the rest.
pub(super) const MOST_MARKS: usize = 400;

/// Input of [`control_chart`].
#[derive(Clone, Debug)]
pub(crate) struct ControlChart {
    /// One point per period, in order; a period without a value is a gap.
    pub(crate) points: Vec<ControlPoint>,
    /// The limits; none while there are too few points.
    pub(crate) limits: Option<ControlLimits>,
    /// What is measured, for example "Items released per week".
    pub(crate) caption: String,
    /// The unit of the values.
    pub(crate) unit: Unit,
}

/// One period.
#[derive(Clone, Debug)]
pub(crate) struct ControlPoint {
    /// The period's first day.
    pub(crate) date: NaiveDate,
    /// The value.
    pub(crate) value: Option<f64>,
    /// The distance from the value before.
    pub(crate) moving_range: Option<f64>,
    /// Whether a rule fired here.
    pub(crate) is_signal: bool,
    /// A few words written above the point, where there is room.
    pub(crate) note: Option<String>,
    /// The page of the period.
    pub(crate) href: Option<String>,
}

/// Natural process limits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ControlLimits {
    /// The mean of the baseline.
    pub(crate) mean: f64,
    /// The lower limit; none where it would lie below a bound of the measure.
    pub(crate) lower: Option<f64>,
    /// The upper limit.
    pub(crate) upper: f64,
    /// The upper limit of the moving range.
    pub(crate) range_upper: f64,
}

/// Draws the control chart.
pub(crate) fn control_chart(frame: &Frame, input: &ControlChart) -> String {
    let given = input.points.iter().filter_map(|point| point.value);
    let values: Vec<f64> = given.clone().filter(|value| value.is_finite()).collect();
    let dropped = given.count() - values.len();
    let (Some(first), Some(last)) = (input.points.first(), input.points.last()) else {
        return empty(frame, dropped);
    };
    if values.is_empty() {
        return empty(frame, dropped);
    }
    let limits = input.limits.filter(ControlLimits::are_finite);
    let canvas = Canvas::new(frame.width, frame.height);
    let labels = side_labels(limits, input.unit);
    let y_axis = value_axis(&values, limits, input.unit);
    let range_axis = range_axis(input, limits);
    let texts = labels.iter().map(|label| label.text.as_str());
    let right = canvas.width - right_room(texts.chain(["Limit 0.00"]), canvas.width);
    let left = left_room(&y_axis).max(left_room(&range_axis));
    let (upper, lower) = panel_bounds(&canvas, left, right);
    let (from, to) = (day_number(first.date) - 4.0, day_number(last.date) + 4.0);
    let x_axis = Axis::dates(from, to, right - left);
    let mut remarks = dropped_remark(dropped);
    remarks.extend(y_axis.start_remark(input.unit));
    canvas.caption(upper.top, &input.caption, &remarks);
    canvas.caption(lower.top, RANGE_CAPTION, &[]);
    let panel = canvas.panel(upper, x_axis.clone(), y_axis);
    draw_values(&panel, input, limits, &labels);
    let panel = canvas.panel(lower, x_axis, range_axis);
    draw_ranges(&panel, input, limits);
    canvas.finish(frame, dropped)
}

/// Returns where the values and, below them, the moving ranges lie.
fn panel_bounds(canvas: &Canvas, left: f64, right: f64) -> (Bounds, Bounds) {
    let range_top = canvas.height - DATE_ROOM - RANGE_HEIGHT + CAPTION_ROOM;
    let upper = Bounds {
        left,
        top: CAPTION_ROOM,
        right,
        bottom: range_top - CAPTION_ROOM - PANEL_GAP,
    };
    let lower = Bounds {
        top: range_top,
        bottom: canvas.height - DATE_ROOM,
        ..upper
    };
    (upper, lower)
}

impl ControlLimits {
    fn are_finite(&self) -> bool {
        let lower = self.lower.unwrap_or(0.0);
        [self.mean, self.upper, self.range_upper, lower]
            .iter()
            .all(|limit| limit.is_finite())
    }
}

fn side_labels(limits: Option<ControlLimits>, unit: Unit) -> Vec<SideLabel> {
    let Some(limits) = limits else {
        return Vec::new();
    };
    let label = |name: &str, at: f64, token: Token| SideLabel {
        at,
        text: format!("{name} {}", unit.number(at)),
        token,
    };
    let lower = limits.lower;
    [
        Some(label("Upper limit", limits.upper, Token::Ink2)),
        Some(label("Mean", limits.mean, Token::Ink)),
        lower.map(|lower| label("Lower limit", lower, Token::Ink2)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// From zero, unless every value lies so high that the variation would
/// flatten; percentages stop at 100.
fn value_axis(values: &[f64], limits: Option<ControlLimits>, unit: Unit) -> Axis {
    let bounds = limits.map(|l| [l.upper, l.mean, l.lower.unwrap_or(l.mean)]);
    let shown = || values.iter().chain(bounds.iter().flatten()).copied();
    let high = shown().fold(f64::NEG_INFINITY, f64::max);
    let low = shown().fold(f64::INFINITY, f64::min);
    let high = match unit {
        Unit::Percent if high > 1.0 && values.iter().all(|value| *value <= 1.0) => 1.0,
        _ => high,
    };
    Axis::for_line(low, high, 4.0, unit)
}

fn draw_values(
    panel: &Panel<'_>,
    input: &ControlChart,
    limits: Option<ControlLimits>,
    labels: &[SideLabel],
) {
    panel.draw_y_axis();
    if let Some(limits) = limits {
        let lower = panel.y.clamp(limits.lower.unwrap_or(0.0));
        let upper = panel.y.clamp(limits.upper);
        let (from, to) = (panel.x.low(), panel.x.high());
        panel.fill((from, lower), (to, upper), Token::Band);
        // A limit beyond the scale is named beside it, not drawn at its edge.
        if limits.upper <= panel.y.high() {
            panel.level(upper, Token::Ink2, Dash::Dashed);
        }
        if limits.lower.is_some() {
            panel.level(lower, Token::Ink2, Dash::Dashed);
        }
        panel.level(panel.y.clamp(limits.mean), Token::Ink, Dash::Solid);
    }
    panel.draw_base();
    let value = |point: &ControlPoint| point.value.filter(|value| value.is_finite());
    let line: Vec<(f64, Option<f64>)> = input
        .points
        .iter()
        .map(|point| (day_number(point.date), value(point)))
        .collect();
    panel.line(&line, Token::S1, 1.6);
    panel.side_labels(labels);
    for point in &input.points {
        let Some(value) = value(point) else { continue };
        if point.is_signal || input.points.len() <= MOST_MARKS {
            draw_value(panel, point, value, input);
        }
    }
}

fn draw_value(panel: &Panel<'_>, point: &ControlPoint, value: f64, input: &ControlChart) {
    let at = (day_number(point.date), value);
    let (shape, radius, token) = match point.is_signal {
        true => (Shape::Diamond, 5.6, Token::Accent),
        false => (Shape::Dot, 3.4, Token::S1),
    };
    let mark = Mark::new(at, shape, radius, token);
    if input.points.len() > MOST_MARKS {
        return panel.draw(&mark);
    }
    let signal = if point.is_signal { ", signal" } else { "" };
    let tip = format!(
        "{}: {}{signal}",
        long_date(point.date),
        input.unit.words(value)
    );
    panel.draw(&mark.tip(&tip).href(point.href.as_deref()));
    if let Some(note) = &point.note {
        let (x, y) = panel.place(at.0, at.1);
        let label = Label::new(note, x, y - 15.0).aligned(Align::Middle);
        let label = label.colored(Token::Ink).fitted(300.0);
        panel
            .canvas
            .try_text(&label.kept_within(panel.canvas.width));
    }
}

//! Small multiple: one measure over ten to twelve quarters, or some forty releases,
//! small enough that three stand side by side, with its usual range, its target and
//! its latest value in words.
//!
//! Drawings of one page share their horizontal axis when they are given the
//! same quarters; a quarter without a value is a gap, never zero.

use super::Frame;
use super::axis::{Axis, Tick};
use super::canvas::{Bounds, CAPTION_ROOM, Canvas, Dash, TICK_ROOM};
use super::curve::thinned;
use super::document::{dropped_remark, empty};
use super::label::Label;
use super::mark::{Mark, Shape};
use super::number::Unit;
use super::panel::{Panel, SideLabel, left_room};
use super::rows::middle;
use super::token::Token;

/// Above this many quarters only signals are marked.
const MOST_MARKS: usize = 60;
/// How many names have room below the axis where no quarter is the first of its year.
const MOST_NAMES: usize = 4;
/// Room left and right of the panel, the same in all, so that the quarters of
/// drawings above each other stand above each other.
const LEFT_ROOM: f64 = 54.0;
const RIGHT_ROOM: f64 = 88.0;
/// Room for a quarter's name below the axis.
const TICK_LABEL_ROOM: f64 = 60.0;
/// Room for the name of the first or the last where no others are named.
const END_LABEL_ROOM: f64 = 96.0;

/// Width of a small multiple in pixels, for [`Frame::sized`].
pub(crate) const MULTIPLE_WIDTH: u32 = 320;
/// Height of a small multiple in pixels, for [`Frame::sized`].
pub(crate) const MULTIPLE_HEIGHT: u32 = 150;

/// Input of [`multiple`].
#[derive(Clone, Debug)]
pub(crate) struct Multiple {
    /// Every quarter of the page in order, those without a value as well.
    pub(crate) quarters: Vec<MultipleQuarter>,
    /// The usual range (lower and upper natural process limit), shaded.
    pub(crate) usual_range: Option<(f64, f64)>,
    /// The target, dashed.
    pub(crate) target: Option<f64>,
    /// The latest value as the page's table says it, for example "19 days";
    /// when empty, the drawing's own words.
    pub(crate) latest: String,
    /// What is measured, for example "85th percentile, days".
    pub(crate) caption: String,
    /// The unit of the values.
    pub(crate) unit: Unit,
}

/// One quarter.
#[derive(Clone, Debug, Default)]
pub(crate) struct MultipleQuarter {
    /// Its name, short: "Q1 24".
    pub(crate) name: String,
    /// The value; none where there is none.
    pub(crate) value: Option<f64>,
    /// Whether a rule fired here.
    pub(crate) is_signal: bool,
    /// Whether the quarter is not over: drawn hollow, apart from the line.
    pub(crate) is_partial: bool,
    /// Whether fewer than five things stand behind the value: drawn grey, apart
    /// from the line.
    pub(crate) is_few: bool,
    /// The quarter's page.
    pub(crate) href: Option<String>,
}

/// Draws the small multiple.
pub(crate) fn multiple(frame: &Frame, input: &Multiple) -> String {
    let given = input.quarters.iter().filter_map(|quarter| quarter.value);
    let values: Vec<f64> = given.clone().filter(|value| value.is_finite()).collect();
    let dropped = given.count() - values.len();
    if values.is_empty() {
        return empty(frame, dropped);
    }
    let range = input
        .usual_range
        .filter(|(low, high)| low.is_finite() && high.is_finite());
    let target = input.target.filter(|target| target.is_finite());
    let y_axis = value_axis(&values, range, target, input.unit);
    let canvas = Canvas::new(frame.width, frame.height);
    let labels = side_labels(input, target);
    let bounds = Bounds {
        left: left_room(&y_axis).max(LEFT_ROOM),
        top: CAPTION_ROOM - 4.0,
        right: canvas.width - RIGHT_ROOM,
        bottom: canvas.height - TICK_ROOM,
    };
    let mut remarks = dropped_remark(dropped);
    remarks.extend(y_axis.start_remark(input.unit));
    let mut x_axis = Axis::places(input.quarters.len(), false);
    x_axis.ticks = ticks(&input.quarters);
    let panel = canvas.panel(bounds, x_axis, y_axis);
    if let Some((low, high)) = range {
        let (low, high) = (panel.y.clamp(low.min(high)), panel.y.clamp(high.max(low)));
        panel.fill((panel.x.low(), low), (panel.x.high(), high), Token::Band);
    }
    panel.draw_y_axis();
    panel.draw_base();
    panel.draw_x_axis(false);
    if let Some(target) = target {
        panel.level(target, Token::Accent, Dash::Dashed);
    }
    draw_quarters(&panel, input);
    panel.side_labels(&labels);
    canvas.caption(CAPTION_ROOM, &input.caption, &remarks);
    canvas.finish(frame, dropped)
}

/// Over every value, the usual range and the target; shares stop at the whole.
fn value_axis(values: &[f64], range: Option<(f64, f64)>, target: Option<f64>, unit: Unit) -> Axis {
    let ends = range.map(|(low, high)| [low, high]);
    let shown = || {
        let ends = ends.iter().flatten();
        values.iter().chain(ends).chain(target.iter()).copied()
    };
    let high = shown().fold(f64::NEG_INFINITY, f64::max);
    let low = shown().fold(f64::INFINITY, f64::min);
    let most = values.iter().chain(target.iter()).copied();
    let high = match unit {
        Unit::Percent if high > 1.0 && most.fold(0.0, f64::max) <= 1.0 => 1.0,
        _ => high,
    };
    Axis::for_line(low, high, 2.0, unit)
}

/// Names the first quarters of years; where none is one, every quarter, or of more than
/// there is room for the first and the last.
fn ticks(quarters: &[MultipleQuarter]) -> Vec<Tick> {
    let is_first = |quarter: &MultipleQuarter| quarter.name.starts_with("Q1");
    let has_first = quarters.iter().any(is_first);
    let last = quarters.len().saturating_sub(1);
    let is_end = |place: usize| place == 0 || place == last;
    let room = match has_first || quarters.len() <= MOST_NAMES {
        true => TICK_LABEL_ROOM,
        false => END_LABEL_ROOM,
    };
    let named = quarters.iter().enumerate();
    named
        .filter(|(place, quarter)| match has_first {
            true => is_first(quarter),
            false => quarters.len() <= MOST_NAMES || is_end(*place),
        })
        .map(|(index, quarter)| Tick {
            at: middle(index),
            label: Label::new(&quarter.name, 0.0, 0.0).fitted(room).text,
        })
        .collect()
}

fn value(quarter: &MultipleQuarter) -> Option<f64> {
    quarter.value.filter(|value| value.is_finite())
}

/// Whether the line passes through the quarter.
fn is_on_line(quarter: &MultipleQuarter) -> bool {
    !quarter.is_partial && !quarter.is_few
}

/// Says the latest value beside its mark, and the target.
fn side_labels(input: &Multiple, target: Option<f64>) -> Vec<SideLabel> {
    let latest = input
        .quarters
        .iter()
        .rev()
        .find(|quarter| value(quarter).is_some());
    let latest = latest.and_then(|quarter| {
        let token = if is_on_line(quarter) {
            Token::Ink
        } else {
            Token::Ink2
        };
        let text = match input.latest.trim() {
            "" => input.unit.number(value(quarter)?),
            text => text.to_owned(),
        };
        let at = value(quarter)?;
        Some(SideLabel { at, text, token })
    });
    let target = target.map(|at| SideLabel {
        at,
        text: format!("target {}", input.unit.number(at)),
        token: Token::Accent,
    });
    latest.into_iter().chain(target).collect()
}

fn draw_quarters(panel: &Panel<'_>, input: &Multiple) {
    let quarters = || input.quarters.iter().enumerate();
    let line: Vec<(f64, Option<f64>)> = quarters()
        .map(|(index, quarter)| {
            let on_line = Some(quarter).filter(|quarter| is_on_line(quarter));
            (middle(index), on_line.and_then(value))
        })
        .collect();
    match line.len() <= MOST_MARKS {
        true => panel.line(&line, Token::S1, 1.6),
        // Quarters narrower than a pixel are thinned to what can be seen.
        false => draw_thinned(panel, &line),
    }
    for (index, quarter) in quarters() {
        let Some(value) = value(quarter) else {
            continue;
        };
        if !quarter.is_signal && input.quarters.len() > MOST_MARKS {
            continue;
        }
        let (shape, radius, token) = match quarter {
            quarter if quarter.is_partial => (Shape::Ring, 3.2, Token::Ink2),
            quarter if quarter.is_signal => (Shape::Diamond, 4.8, Token::Accent),
            quarter if quarter.is_few => (Shape::Dot, 2.6, Token::Ink2),
            _ => (Shape::Dot, 2.6, Token::S1),
        };
        let mark = Mark::new((middle(index), value), shape, radius, token);
        if input.quarters.len() > MOST_MARKS {
            panel.draw(&mark);
            continue;
        }
        let tip = tip(quarter, value, input.unit);
        panel.draw(&mark.tip(&tip).href(quarter.href.as_deref()));
    }
}

fn draw_thinned(panel: &Panel<'_>, line: &[(f64, Option<f64>)]) {
    for run in line.split(|(_, value)| value.is_none()) {
        let places = run
            .iter()
            .filter_map(|(x, value)| Some(panel.place(*x, (*value)?)));
        let places = thinned(&places.collect::<Vec<_>>());
        if places.len() > 1 {
            panel.canvas.polyline(&places, Token::S1, 1.6, Dash::Solid);
        }
    }
}

fn tip(quarter: &MultipleQuarter, value: f64, unit: Unit) -> String {
    let remarks = [
        (quarter.is_partial, ", not over yet"),
        (quarter.is_few, ", fewer than five"),
        (quarter.is_signal, ", signal"),
    ];
    let said = remarks.iter().filter(|(is_so, _)| *is_so);
    let said: String = said.map(|(_, words)| *words).collect();
    format!("{}: {}{said}", quarter.name, unit.words(value))
}

//! Cumulative flow: how many items had reached each stage by the end of each
//! week; the height of a layer is the work in that stage.

use chrono::NaiveDate;

use super::Frame;
use super::axis::Axis;
use super::canvas::{Bounds, CAPTION_ROOM, Canvas, DATE_ROOM};
use super::dates::day_number;
use super::document::{dropped_remark, empty};
use super::number::{Unit, grouped};
use super::panel::{Panel, SideLabel, left_room, right_room};
use super::token::{Token, ramp};

/// Share of the height up to which finished work is drawn whole.
const MOST_DONE: f64 = 0.25;

/// Input of [`cumulative_flow`].
#[derive(Clone, Debug, Default)]
pub(crate) struct CumulativeFlow {
    /// The days counted at, in ascending order.
    pub(crate) dates: Vec<NaiveDate>,
    /// The stages in workflow order.
    pub(crate) layers: Vec<FlowLayer>,
    /// The layer to point out, as a position in `layers`.
    pub(crate) highlight: Option<usize>,
    /// What is counted, for example "Items, cumulative".
    pub(crate) caption: String,
}

/// One stage.
#[derive(Clone, Debug, Default)]
pub(crate) struct FlowLayer {
    /// The stage's name.
    pub(crate) name: String,
    /// Items that had reached at least this stage, one per date; a missing
    /// count keeps the one before.
    pub(crate) counts: Vec<Option<f64>>,
}

/// Draws the cumulative flow.
pub(crate) fn cumulative_flow(frame: &Frame, input: &CumulativeFlow) -> String {
    let given = input
        .layers
        .iter()
        .flat_map(|layer| &layer.counts)
        .flatten();
    let dropped = given.clone().filter(|count| !count.is_finite()).count();
    let has_data = given.clone().any(|count| count.is_finite());
    let (Some(first), Some(last), true) = (input.dates.first(), input.dates.last(), has_data)
    else {
        return empty(frame, dropped);
    };
    let lines: Vec<Vec<f64>> = input
        .layers
        .iter()
        .map(|layer| filled(&layer.counts, input.dates.len()))
        .collect();
    let greatest = lines.iter().flatten().copied().fold(0.0, f64::max);
    let canvas = Canvas::new(frame.width, frame.height);
    let y_axis = Axis::between(start(&lines, greatest), greatest, 4.0, Unit::Count);
    let labels = side_labels(input, &lines, y_axis.low());
    let texts = labels.iter().map(|label| label.text.as_str());
    let bounds = Bounds {
        left: left_room(&y_axis),
        top: CAPTION_ROOM,
        right: canvas.width - right_room(texts, canvas.width),
        bottom: canvas.height - DATE_ROOM,
    };
    let (from, to) = (day_number(*first), day_number(*last));
    let x_axis = Axis::dates(from, to, bounds.right - bounds.left);
    let mut remarks = dropped_remark(dropped);
    remarks.extend(y_axis.start_remark(Unit::Count));
    let panel = canvas.panel(bounds, x_axis, y_axis);
    canvas.caption(bounds.top, &input.caption, &remarks);
    panel.draw_y_axis();
    draw_layers(&panel, input, &lines);
    panel.draw_base();
    panel.draw_x_axis(false);
    panel.side_labels(&labels);
    canvas.finish(frame, dropped)
}

/// Where the last layer is most of the height from the first day on, the axis starts
/// below it: what lies between the lines is what the drawing is read for.
fn start(lines: &[Vec<f64>], greatest: f64) -> f64 {
    let lowest = lines
        .iter()
        .flatten()
        .copied()
        .fold(f64::INFINITY, f64::min);
    match lowest.is_finite() && lowest > greatest * MOST_DONE {
        true => lowest,
        false => 0.0,
    }
}

/// One count per date: gaps keep the count before, a start without one is 0.
fn filled(counts: &[Option<f64>], length: usize) -> Vec<f64> {
    let mut last = 0.0;
    (0..length)
        .map(|index| {
            let count = counts.get(index).copied().flatten();
            if let Some(count) = count.filter(|count| count.is_finite()) {
                last = count.max(0.0);
            }
            last
        })
        .collect()
}

/// The palest shade for the first stage, the strongest for the last.
fn shade(index: usize, input: &CumulativeFlow) -> Token {
    if input.highlight == Some(index) {
        return Token::S4;
    }
    ramp(index, input.layers.len())
}

/// Later stages lie over earlier ones, with a hairline of paper between.
fn draw_layers(panel: &Panel<'_>, input: &CumulativeFlow, lines: &[Vec<f64>]) {
    for (index, line) in lines.iter().enumerate() {
        let points: Vec<(f64, f64)> = input
            .dates
            .iter()
            .map(|date| day_number(*date))
            .zip(line.iter().copied())
            .collect();
        if points.iter().all(|(_, count)| *count == 0.0) {
            continue;
        }
        match points.as_slice() {
            [(x, count)] => {
                let (low, count) = (panel.y.low(), panel.y.clamp(*count));
                panel.fill((x - 2.0, low), (x + 3.0, count), shade(index, input));
            }
            _ => panel.fill_below(&points, shade(index, input)),
        }
        let edge: Vec<(f64, Option<f64>)> = points.iter().map(|(x, y)| (*x, Some(*y))).collect();
        panel.line(&edge, Token::Paper, 1.3);
    }
}

/// Names each layer at its middle on the last day, with what it holds.
fn side_labels(input: &CumulativeFlow, lines: &[Vec<f64>], low: f64) -> Vec<SideLabel> {
    let latest = |index: usize| {
        let line = lines.get(index);
        line.and_then(|line| line.last()).copied().unwrap_or(0.0)
    };
    input
        .layers
        .iter()
        .enumerate()
        .map(|(index, layer)| {
            let (upper, lower) = (latest(index), latest(index + 1));
            let held = grouped((upper - lower).max(0.0), 0);
            SideLabel {
                at: (upper + lower.max(low)) / 2.0,
                text: format!("{} {held}", layer.name),
                token: Token::Ink,
            }
        })
        .collect()
}

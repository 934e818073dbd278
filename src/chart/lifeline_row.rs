//! One row of the lifelines: its spans, and the marks of what joined late, was
//! delivered or reaches beyond the scale.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;

use super::dates::moment_number;
use super::lifelines::{Lifeline, LifelineSpan, SpanKind};
use super::mark::{Mark, Shape};
use super::panel::Panel;
use super::rows::middle;
use super::token::{Token, bar_shade};

/// Height of a stage in pixels.
const STAGE_HEIGHT: f64 = 14.0;
/// Height of waiting or being blocked.
const WAIT_HEIGHT: f64 = 3.6;
/// Least width of a span that can be seen.
const LEAST_WIDTH: f64 = 1.0;
/// A gap of paper after each stage.
const HAIRLINE: f64 = 0.6;

/// One item with the spans that can be drawn and the time they cover.
pub(super) struct Row<'a> {
    /// The item.
    pub(super) line: &'a Lifeline,
    /// Its spans that do not end before they begin.
    pub(super) spans: Vec<&'a LifelineSpan>,
    /// The earliest time of the row.
    pub(super) from: NaiveDateTime,
    /// The latest.
    pub(super) to: NaiveDateTime,
}

/// Draws a row of an axis with `stage_count` stages, waiting below the stages.
pub(super) fn draw_row(panel: &Panel<'_>, index: usize, row: &Row<'_>, stage_count: usize) {
    let mut layers: BTreeMap<(usize, usize), Vec<[f64; 4]>> = BTreeMap::new();
    for span in &row.spans {
        let (from, to) = (moment_number(span.from), moment_number(span.to));
        if to < panel.x.low() || from > panel.x.high() {
            continue;
        }
        let (order, token, height) = look(span.kind, stage_count);
        let (left, y) = panel.place(panel.x.clamp(from), middle(index));
        let (right, _) = panel.place(panel.x.clamp(to), middle(index));
        let gap = if order > 1 { HAIRLINE } else { 0.0 };
        let width = (right - left - gap).max(LEAST_WIDTH);
        let cells = layers.entry((order, token as usize)).or_default();
        // Spans of one pixel are one; ten thousand of them are not more.
        match cells.last_mut() {
            Some(last) if left + width <= last[0] + last[2] + LEAST_WIDTH => {
                last[2] = last[2].max(left + width - last[0]);
            }
            _ => cells.push([left, y - height / 2.0, width, height]),
        }
    }
    for ((_, token), cells) in &layers {
        panel.canvas.cells(super::token::TOKENS[*token].0, cells);
    }
    draw_marks(panel, index, row);
}

/// The order in which a kind is drawn, its colour and its height.
fn look(kind: SpanKind, stage_count: usize) -> (usize, Token, f64) {
    match kind {
        SpanKind::Waiting => (0, Token::S4, WAIT_HEIGHT),
        SpanKind::Blocked => (1, Token::Accent, WAIT_HEIGHT),
        SpanKind::Stage(stage) => (2, bar_shade(stage, stage_count), STAGE_HEIGHT),
    }
}

fn draw_marks(panel: &Panel<'_>, index: usize, row: &Row<'_>) {
    let y = middle(index);
    let (low, high) = (panel.x.low(), panel.x.high());
    let mark = |moment: NaiveDateTime, shape: Shape, radius: f64, token: Token| {
        let at = moment_number(moment);
        if (low..=high).contains(&at) {
            panel.draw(&Mark::new((at, y), shape, radius, token));
        }
    };
    if let Some(delivered) = row.line.delivered_at {
        mark(delivered, Shape::Dot, 4.0, Token::Ink);
    }
    if let Some(added) = row.line.added_late_at {
        mark(added, Shape::Diamond, 5.0, Token::Bad);
    }
    let ends = [
        (moment_number(row.from) < low, low),
        (moment_number(row.to) > high, high),
    ];
    for (_, edge) in ends.into_iter().filter(|(is_beyond, _)| *is_beyond) {
        panel.draw(&Mark::new((edge, y), Shape::Triangle, 4.6, Token::Bad));
    }
}

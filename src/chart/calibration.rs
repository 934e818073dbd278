//! Calibration: the error of estimates as they were given and as a correction
//! would have made them, band by band, in the order given.
//!
//! A dumbbell is sorted by its ratio and reads more as worse than planned; here
//! the order is that of the bands and less is better.

use plotters::element::PathElement;

use super::Frame;
use super::axis::{Axis, bar_top};
use super::canvas::TICK_ROOM;
use super::document::{dropped_remark, empty, off_scale_remark};
use super::mark::{Mark, Shape, TIP_LENGTH};
use super::number::Unit;
use super::panel::Panel;
use super::rows::{MOST_ROWS, cap_remark, middle, row_bounds, row_canvas, write_name, write_value};
use super::text::cut;
use super::token::Token;

/// Input of [`calibration`].
#[derive(Clone, Debug)]
pub(crate) struct Calibration {
    /// One row per band, in the order they are drawn.
    pub(crate) rows: Vec<CalibrationRow>,
    /// What is compared, for example "MdMRE: ring as given, filled corrected".
    pub(crate) caption: String,
    /// The unit of both values.
    pub(crate) unit: Unit,
}

/// One band.
#[derive(Clone, Debug, Default)]
pub(crate) struct CalibrationRow {
    /// The band's name.
    pub(crate) name: String,
    /// The error as estimated.
    pub(crate) before: f64,
    /// The error after the correction, on items it was not fitted on; none
    /// where no correction is offered.
    pub(crate) after: Option<f64>,
    /// A few words after the values, for example "n = 34".
    pub(crate) note: Option<String>,
    /// The list behind the row.
    pub(crate) href: Option<String>,
}

/// Draws the pairs.
pub(crate) fn calibration(frame: &Frame, input: &Calibration) -> String {
    let is_finite =
        |row: &&CalibrationRow| row.before.is_finite() && row.after.is_none_or(f64::is_finite);
    let rows: Vec<&CalibrationRow> = input.rows.iter().filter(is_finite).collect();
    let dropped = input.rows.len() - rows.len();
    if rows.is_empty() {
        return empty(frame, dropped);
    }
    let mut remarks = dropped_remark(dropped);
    remarks.extend(cap_remark(rows.len()));
    let rows = &rows[..rows.len().min(MOST_ROWS)];
    let errors = rows.iter().flat_map(|row| [Some(row.before), row.after]);
    let errors: Vec<f64> = errors.flatten().map(|error| error.max(0.0)).collect();
    let axis = Axis::up_to(bar_top(&errors, 90), input.unit);
    remarks.extend(off_scale_remark(&errors, axis.high(), input.unit));
    let values: Vec<String> = rows.iter().map(|row| row.words(input.unit)).collect();
    let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    let canvas = row_canvas(frame, rows.len(), TICK_ROOM);
    let bounds = row_bounds(&canvas, &names, &values, TICK_ROOM);
    let panel = canvas.panel(bounds, axis, Axis::places(rows.len(), true));
    canvas.caption(bounds.top, &input.caption, &remarks);
    panel.draw_x_axis(true);
    for (index, (row, value)) in rows.iter().zip(&values).enumerate() {
        let tip = format!("{}: {value}", row.name);
        canvas.linked(row.href.as_deref(), &cut(&tip, TIP_LENGTH), || {
            draw_row(&panel, index, row);
            write_name(&panel, index, &row.name);
        });
        let token = if row.is_worse() {
            Token::Bad
        } else {
            Token::Ink
        };
        write_value(&panel, index, value, token);
    }
    canvas.finish(frame, dropped)
}

impl CalibrationRow {
    fn is_worse(&self) -> bool {
        self.after.is_some_and(|after| after > self.before)
    }

    fn words(&self, unit: Unit) -> String {
        let before = unit.number(self.before);
        let change = match self.after {
            Some(after) => format!("{before} → {}", unit.number(after)),
            None => format!("{before}, no correction"),
        };
        match &self.note {
            Some(note) => format!("{change} · {note}"),
            None => change,
        }
    }
}

fn draw_row(panel: &Panel<'_>, index: usize, row: &CalibrationRow) {
    let y = middle(index);
    let (token, shape) = match row.is_worse() {
        true => (Token::Bad, Shape::Diamond),
        false => (Token::S1, Shape::Dot),
    };
    let before = panel.x.clamp(row.before);
    if let Some(after) = row.after.map(|after| panel.x.clamp(after))
        && after != before
    {
        panel.draw(&PathElement::new(
            [(before, y), (after, y)],
            token.line(2.6),
        ));
    }
    draw_mark(panel, (row.before, y), Shape::Ring, Token::Ink2);
    if let Some(after) = row.after {
        draw_mark(panel, (after, y), shape, token);
    }
}

/// Draws a mark, beyond the scale as a triangle on its edge.
fn draw_mark(panel: &Panel<'_>, (x, y): (f64, f64), shape: Shape, token: Token) {
    let is_beyond = x > panel.x.high();
    let shape = if is_beyond { Shape::Triangle } else { shape };
    panel.draw(&Mark::new((panel.x.clamp(x), y), shape, 5.2, token));
}

//! Charts with one row per name: the room for names and values, the cap on
//! rows, the horizontal axis below.

use super::Frame;
use super::canvas::{Bounds, CAPTION_ROOM, Canvas};
use super::label::{Align, Label};
use super::number::counted;
use super::panel::{Panel, right_room};
use super::text::clean_line;
use super::token::Token;

/// Height of one row in pixels.
const ROW_HEIGHT: f64 = 25.0;
/// Most rows drawn; the table beside the chart holds the rest.
pub(super) const MOST_ROWS: usize = 60;
/// Largest share of the width the names may take.
const NAME_SHARE: f64 = 0.32;
/// Room between names and the panel, where marks at zero reach in.
const EDGE: f64 = 9.0;
/// Room between the panel and values, where marks at the top reach in.
const VALUE_EDGE: f64 = 14.0;

/// Returns a canvas tall enough for `count` rows with an axis `below` high.
pub(super) fn row_canvas(frame: &Frame, count: usize, below: f64) -> Canvas {
    let height = CAPTION_ROOM + count.min(MOST_ROWS) as f64 * ROW_HEIGHT + below;
    Canvas::new(frame.width, height.ceil() as u32)
}

/// Returns where the rows' panel lies, given the widest name and value.
pub(super) fn row_bounds(canvas: &Canvas, names: &[&str], values: &[String], below: f64) -> Bounds {
    let widest = names
        .iter()
        .map(|name| Label::new(&clean_line(name), 0.0, 0.0).width())
        .fold(40.0, f64::max);
    let values = values.iter().map(String::as_str);
    Bounds {
        left: (widest + EDGE + 4.0).min(canvas.width * NAME_SHARE),
        top: CAPTION_ROOM,
        right: canvas.width - right_room(values, canvas.width) - VALUE_EDGE + 8.0,
        bottom: canvas.height - below,
    }
}

/// Returns the remark on rows beyond the cap, if there are any.
pub(super) fn cap_remark(count: usize) -> Vec<String> {
    match count.saturating_sub(MOST_ROWS) {
        0 => Vec::new(),
        more => vec![format!("{} in the table only", counted(more, "more row"))],
    }
}

/// Returns the vertical middle of a row as a value of the row axis.
pub(super) fn middle(row: usize) -> f64 {
    row as f64 + 0.5
}

/// Writes a row's name left of the panel.
pub(super) fn write_name(panel: &Panel<'_>, row: usize, name: &str) {
    let (_, y) = panel.place(panel.x.low(), middle(row));
    let x = panel.bounds.left - EDGE;
    let label = match Label::new(&clean_line(name), x, y) {
        label if label.text.trim().is_empty() => Label::new("(no name)", x, y),
        label => label.colored(Token::Ink),
    };
    let label = label.aligned(Align::End);
    panel.canvas.text(&label.fitted(x - 2.0));
}

/// Writes a row's value in the column right of the panel.
pub(super) fn write_value(panel: &Panel<'_>, row: usize, text: &str, token: Token) {
    let (_, y) = panel.place(panel.x.high(), middle(row));
    let x = panel.bounds.right + VALUE_EDGE;
    let label = Label::new(text, x, y).colored(token);
    panel
        .canvas
        .text(&label.fitted(panel.canvas.width - x - 1.0));
}

//! What swimlanes are made of beside their connectors: lanes with their names, the
//! report date, bars with theirs.

use chrono::NaiveDate;

use super::canvas::Dash;
use super::dates::{day_number, short_date};
use super::label::{Align, Label, SMALL_SIZE};
use super::panel::Panel;
use super::svg::tenths;
use super::swimlanes::{BarEnd, LABEL_GAP, LANE_GAP, Placed, PlacedLane, Scale};
use super::text::{clean_line, pixels};
use super::token::Token;

/// Shades every other lane and writes the names.
pub(super) fn draw_lanes(panel: &Panel<'_>, scale: &Scale, lanes: &[PlacedLane<'_>]) {
    for (index, lane) in lanes.iter().enumerate() {
        let (top, bottom) = (scale.at(lane.top), scale.at(lane.bottom));
        if index % 2 == 1 {
            panel.fill((panel.x.low(), top), (panel.x.high(), bottom), Token::Band);
        }
        let (_, y) = panel.place(panel.x.low(), scale.at(lane.top + LANE_GAP / 2.0 + 0.5));
        let name = match clean_line(lane.name) {
            name if name.trim().is_empty() => "(no name)".to_owned(),
            name => name,
        };
        let label = Label::new(&name, 1.0, y).bold().colored(Token::Ink);
        panel.canvas.text(&label.fitted(panel.bounds.left - 8.0));
    }
}

/// Names the line of the report date, above it.
pub(super) fn write_report_date(panel: &Panel<'_>, date: NaiveDate) {
    let (x, _) = panel.place(day_number(date), 0.0);
    let text = format!("Report date {}", short_date(date));
    let label = Label::new(&text, x, panel.bounds.top - 8.0);
    let label = label.aligned(Align::Middle).colored(Token::Accent);
    panel.canvas.text(&label.kept_within(panel.canvas.width));
}

/// The solid part of a bar: as far as it has come.
pub(super) fn draw_bar(panel: &Panel<'_>, scale: &Scale, placed: &Placed<'_>, today: f64) {
    let (from, done, _) = reach(panel, placed, today);
    let (top, bottom) = sides(scale, placed);
    if done > from {
        panel.fill((from, top), (done, bottom), placed.bar.end.token());
    }
}

/// The outlined parts of bars, beyond the report date: one path for all, since two
/// hundred of them are on a page.
pub(super) fn draw_to_come(panel: &Panel<'_>, scale: &Scale, bars: &[&Placed<'_>], today: f64) {
    let mut data = String::new();
    for placed in bars {
        let (_, done, to) = reach(panel, placed, today);
        if to > done {
            let (top, bottom) = sides(scale, placed);
            let (left, upper) = panel.place(done, top);
            let (right, lower) = panel.place(to, bottom);
            let [left, upper, right, lower] =
                [left, upper, right, lower].map(|at| pixels(tenths(at)));
            data.push_str(&format!("M{left} {upper}H{right}V{lower}H{left}z"));
        }
    }
    if !data.is_empty() {
        let token = BarEnd::Planned.token();
        panel.canvas.line_path(&data, token, 1.0, Dash::Solid);
    }
}

/// From where a bar reaches, how far it has come, and where it ends, on the scale.
fn reach(panel: &Panel<'_>, placed: &Placed<'_>, today: f64) -> (f64, f64, f64) {
    let (from, to) = placed.bar.days();
    let (from, to) = (panel.x.clamp(from), panel.x.clamp(to));
    let done = match placed.bar.end {
        BarEnd::Planned => to.min(today.max(from)),
        _ => to,
    };
    (from, done, to)
}

/// The upper and lower side of a bar.
fn sides(scale: &Scale, placed: &Placed<'_>) -> (f64, f64) {
    (scale.at(placed.top + 0.22), scale.at(placed.top + 0.78))
}

/// Writes the name right of the bar, or left of it where it would stand in the room
/// of the tracks, which ends at the report date.
pub(super) fn write_bar_name(
    panel: &Panel<'_>,
    scale: &Scale,
    placed: &Placed<'_>,
    kept_clear: Option<(f64, f64)>,
) {
    let (from, to) = placed.bar.days();
    let middle = scale.at(placed.middle());
    let (start, y) = panel.place(panel.x.clamp(from), middle);
    let (end, _) = panel.place(panel.x.clamp(to), middle);
    let x = end + LABEL_GAP;
    let label = Label::new(&placed.bar.label(), x, y);
    let label = label.sized(SMALL_SIZE).colored(Token::Ink);
    let width = label.width();
    let is_crossed = kept_clear.is_some_and(|(left, right)| x < right && x + width > left);
    let has_room = start - LABEL_GAP - width > panel.bounds.left;
    let label = match is_crossed && has_room {
        true => label.moved_to(start - LABEL_GAP, y).aligned(Align::End),
        false => label.fitted(panel.canvas.width - x - 1.0),
    };
    panel.canvas.text(&label);
}

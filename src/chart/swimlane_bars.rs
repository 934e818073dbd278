//! What swimlanes are made of beside their connectors: lanes with their names, the
//! report date, bars with theirs.

use chrono::NaiveDate;

use super::dates::{day_number, short_date};
use super::label::{Align, Label, SMALL_SIZE};
use super::panel::Panel;
use super::swimlanes::{BarEnd, LABEL_GAP, LANE_GAP, Placed, PlacedLane, Scale};
use super::text::clean_line;
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

pub(super) fn write_report_date(panel: &Panel<'_>, date: NaiveDate) {
    let (x, _) = panel.place(day_number(date), 0.0);
    let text = format!("Report date {}", short_date(date));
    let label = Label::new(&text, x, panel.bounds.top - 8.0);
    let label = label.aligned(Align::Middle).colored(Token::Accent);
    panel.canvas.text(&label.kept_within(panel.canvas.width));
}

/// A bar: solid as far as it has come, pale beyond the report date.
pub(super) fn draw_bar(panel: &Panel<'_>, scale: &Scale, placed: &Placed<'_>, today: f64) {
    let (from, to) = placed.bar.days();
    let (from, to) = (panel.x.clamp(from), panel.x.clamp(to));
    let (top, bottom) = (scale.at(placed.top + 0.22), scale.at(placed.top + 0.78));
    let token = placed.bar.end.token();
    let done = match placed.bar.end {
        BarEnd::Planned => to.min(today.max(from)),
        _ => to,
    };
    if done > from {
        panel.fill((from, top), (done, bottom), token);
    }
    if to > done {
        panel.outline((done, top), (to, bottom), token);
    }
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

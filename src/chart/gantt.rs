//! Release plan: pale while a release is built, solid from its scope freeze
//! to the day it ships, the state in words, a line at the report date.

use chrono::NaiveDate;

use super::Frame;
use super::axis::Axis;
use super::canvas::{DATE_ROOM, Dash};
use super::dates::{day_number, long_date, short_date};
use super::document::empty;
use super::label::{Align, Label};
use super::panel::Panel;
use super::rows::{MOST_ROWS, cap_remark, middle, row_bounds, row_canvas, write_name};
use super::token::Token;

/// Room between a bar's end and its label.
const LABEL_GAP: f64 = 7.0;
/// Room for the words above the report date's line.
const REPORT_DATE_ROOM: f64 = 10.0;

/// Input of [`gantt`].
#[derive(Clone, Debug, Default)]
pub(crate) struct Gantt {
    /// One row per release, in the order they are drawn.
    pub(crate) rows: Vec<GanttRow>,
    /// The day the report speaks of.
    pub(crate) report_date: Option<NaiveDate>,
    /// What the bars mean, for example "Pale: build. Solid: freeze to ship".
    pub(crate) caption: String,
}

/// One release.
#[derive(Clone, Debug, Default)]
pub(crate) struct GanttRow {
    /// The release's name.
    pub(crate) name: String,
    /// When work on it begins.
    pub(crate) build_start: NaiveDate,
    /// When its scope freezes.
    pub(crate) freeze: Option<NaiveDate>,
    /// When it ships.
    pub(crate) ship: NaiveDate,
    /// How it stands, which chooses the colour.
    pub(crate) state: ReleaseState,
    /// How it stands in words, for example "on track".
    pub(crate) state_words: String,
    /// The release's page.
    pub(crate) href: Option<String>,
}

/// How a release stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ReleaseState {
    /// It has shipped.
    Released,
    /// It is being built and nothing stands against its date.
    OnTrack,
    /// Something stands against its date.
    AtRisk,
    /// Nothing has begun.
    #[default]
    Planned,
}

impl ReleaseState {
    fn token(self) -> Token {
        match self {
            ReleaseState::Released => Token::S3,
            ReleaseState::OnTrack => Token::S1,
            ReleaseState::AtRisk => Token::Bad,
            ReleaseState::Planned => Token::Ink2,
        }
    }
}

impl GanttRow {
    /// Build start, freeze and ship in an order that can be drawn.
    fn days(&self) -> (f64, f64, f64) {
        let ship = day_number(self.ship);
        let start = day_number(self.build_start).min(ship);
        let freeze = self.freeze.map_or(ship, day_number).clamp(start, ship);
        (start, freeze, ship)
    }

    fn words(&self) -> String {
        let ship = short_date(self.ship);
        match self.state_words.is_empty() {
            true => ship,
            false => format!("{ship} · {}", self.state_words),
        }
    }

    fn tip(&self) -> String {
        let freeze = match self.freeze {
            Some(freeze) => format!(", freeze {}", long_date(freeze)),
            None => String::new(),
        };
        format!(
            "{}: build from {}{freeze}, ship {} ({})",
            self.name,
            long_date(self.build_start),
            long_date(self.ship),
            self.state_words
        )
    }
}

/// Draws the plan.
pub(crate) fn gantt(frame: &Frame, input: &Gantt) -> String {
    let rows = &input.rows[..input.rows.len().min(MOST_ROWS)];
    if rows.is_empty() {
        return empty(frame, 0);
    }
    let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    let values: Vec<String> = rows.iter().map(GanttRow::words).collect();
    let canvas = row_canvas(frame, rows.len(), DATE_ROOM + REPORT_DATE_ROOM);
    let mut bounds = row_bounds(&canvas, &names, &values, DATE_ROOM);
    canvas.caption(bounds.top, &input.caption, &cap_remark(input.rows.len()));
    bounds.top += REPORT_DATE_ROOM;
    let (from, to) = span(rows, input.report_date);
    let x_axis = Axis::dates(from, to, bounds.right - bounds.left);
    let panel = canvas.panel(bounds, x_axis, Axis::places(rows.len(), true));
    let report_date = input
        .report_date
        .filter(|date| (from..=to).contains(&day_number(*date)));
    if let Some(date) = report_date {
        write_report_date(&panel, date);
    }
    panel.draw_x_axis(true);
    if let Some(date) = report_date {
        panel.upright(day_number(date), Token::Accent, Dash::Solid);
    }
    for (index, row) in rows.iter().enumerate() {
        canvas.linked(row.href.as_deref(), &row.tip(), || {
            draw_row(&panel, index, row);
            write_name(&panel, index, &row.name);
        });
    }
    panel.draw_base();
    canvas.finish(frame, 0)
}

/// All rows, and the report date unless it lies far from them.
fn span(rows: &[GanttRow], report_date: Option<NaiveDate>) -> (f64, f64) {
    let from = rows
        .iter()
        .map(|row| row.days().0)
        .fold(f64::INFINITY, f64::min);
    let to = rows
        .iter()
        .map(|row| row.days().2)
        .fold(f64::NEG_INFINITY, f64::max);
    let reach = (to - from).max(30.0) / 3.0;
    match report_date.map(day_number) {
        Some(date) if date > from - reach && date < to + reach => {
            (from.min(date), to.max(date) + 1.0)
        }
        _ => (from, to + 1.0),
    }
}

fn write_report_date(panel: &Panel<'_>, date: NaiveDate) {
    let (x, _) = panel.place(day_number(date), 0.0);
    let text = format!("Report date {}", short_date(date));
    let label = Label::new(&text, x, panel.bounds.top - 8.0);
    let label = label.aligned(Align::Middle).colored(Token::Accent);
    panel.canvas.text(&label);
}

fn draw_row(panel: &Panel<'_>, index: usize, row: &GanttRow) {
    let (start, freeze, ship) = row.days();
    let (top, bottom) = (index as f64 + 0.24, index as f64 + 0.76);
    let token = row.state.token();
    if freeze > start {
        panel.outline((start, top), (freeze, bottom), token);
    }
    // A release without a freeze still shows the day it ships.
    let solid_from = if freeze < ship { freeze } else { ship - 0.5 };
    let solid_to = if freeze < ship { ship } else { ship + 0.5 };
    let (solid_from, solid_to) = (panel.x.clamp(solid_from), panel.x.clamp(solid_to));
    panel.fill((solid_from, top), (solid_to, bottom), token);
    let (x, y) = panel.place(solid_to, middle(index));
    let label = Label::new(&row.words(), x + LABEL_GAP, y).colored(Token::Ink);
    let room = panel.canvas.width - panel.bounds.right - LABEL_GAP;
    panel.canvas.text(&label.fitted(room));
}

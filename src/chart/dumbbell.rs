//! Planned against actual: a ring for the plan, a filled mark for what it
//! took, sorted by their ratio.

use super::Frame;
use super::axis::Axis;
use super::canvas::TICK_ROOM;
use super::document::{dropped_remark, empty};
use super::mark::{Mark, Shape};
use super::number::{Unit, grouped};
use super::panel::Panel;
use super::rows::{MOST_ROWS, cap_remark, middle, row_bounds, row_canvas, write_name, write_value};
use super::token::Token;
use plotters::element::PathElement;

/// Above this ratio of actual to planned a row asks for attention.
const OVERRUN: f64 = 1.25;

/// Input of [`dumbbell`].
#[derive(Clone, Debug)]
pub(crate) struct Dumbbell {
    /// One row per team or item, in any order.
    pub(crate) rows: Vec<DumbbellRow>,
    /// What is compared, for example "Hours: ring planned, filled actual".
    pub(crate) caption: String,
    /// The unit of both values.
    pub(crate) unit: Unit,
}

/// One row.
#[derive(Clone, Debug, Default)]
pub(crate) struct DumbbellRow {
    /// The name.
    pub(crate) name: String,
    /// What was planned.
    pub(crate) planned: f64,
    /// What it took.
    pub(crate) actual: f64,
    /// The change as the page's table writes it, for example "−9.4%"; when empty, the
    /// drawing's own words.
    pub(crate) change: String,
    /// A few words after the ratio, for example "34 items".
    pub(crate) note: Option<String>,
    /// The list behind the row.
    pub(crate) href: Option<String>,
}

impl DumbbellRow {
    fn is_finite(&self) -> bool {
        self.planned.is_finite() && self.actual.is_finite()
    }

    /// Without a plan any effort is an overrun without end.
    fn ratio(&self) -> f64 {
        match (self.planned > 0.0, self.actual > 0.0) {
            (true, _) => self.actual / self.planned,
            (false, true) => f64::INFINITY,
            (false, false) => 1.0,
        }
    }

    fn tip(&self, unit: Unit) -> String {
        let (planned, actual) = (unit.words(self.planned), unit.words(self.actual));
        format!("{}: planned {planned}, actual {actual}", self.name)
    }

    fn words(&self) -> String {
        let change = (self.ratio() - 1.0) * 100.0;
        let change = match change {
            change if !change.is_finite() => "no plan".to_owned(),
            _ if !self.change.is_empty() => self.change.clone(),
            change if change >= 0.5 => format!("+{}%", grouped(change, 0)),
            change => format!("{}%", grouped(change, 0)),
        };
        match &self.note {
            Some(note) => format!("{change} · {note}"),
            None => change,
        }
    }
}

/// Draws the dumbbells.
pub(crate) fn dumbbell(frame: &Frame, input: &Dumbbell) -> String {
    let mut rows: Vec<&DumbbellRow> = input.rows.iter().filter(|row| row.is_finite()).collect();
    let dropped = input.rows.len() - rows.len();
    if rows.is_empty() {
        return empty(frame, dropped);
    }
    rows.sort_by(|a, b| {
        let by_ratio = b.ratio().total_cmp(&a.ratio());
        by_ratio.then_with(|| a.name.cmp(&b.name))
    });
    let mut remarks = dropped_remark(dropped);
    remarks.extend(cap_remark(rows.len()));
    rows.truncate(MOST_ROWS);
    let greatest = rows
        .iter()
        .map(|row| row.planned.max(row.actual))
        .fold(0.0, f64::max);
    let values: Vec<String> = rows.iter().map(|row| row.words()).collect();
    let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    let canvas = row_canvas(frame, rows.len(), TICK_ROOM);
    let bounds = row_bounds(&canvas, &names, &values, TICK_ROOM);
    let axis = Axis::up_to(greatest, input.unit);
    let panel = canvas.panel(bounds, axis, Axis::places(rows.len(), true));
    canvas.caption(bounds.top, &input.caption, &remarks);
    panel.draw_x_axis(true);
    for (index, (row, value)) in rows.iter().zip(&values).enumerate() {
        canvas.linked(row.href.as_deref(), &row.tip(input.unit), || {
            draw_row(&panel, index, row);
            write_name(&panel, index, &row.name);
        });
        let is_over = row.ratio() > OVERRUN;
        let token = if is_over { Token::Bad } else { Token::Ink };
        write_value(&panel, index, value, token);
    }
    canvas.finish(frame, dropped)
}

fn draw_row(panel: &Panel<'_>, index: usize, row: &DumbbellRow) {
    let y = middle(index);
    let (planned, actual) = (panel.x.clamp(row.planned), panel.x.clamp(row.actual));
    let (token, shape, radius) = match row.ratio() > OVERRUN {
        true => (Token::Bad, Shape::Diamond, 6.2),
        false => (Token::S1, Shape::Dot, 5.2),
    };
    if planned != actual {
        let ends = [(planned, y), (actual, y)];
        panel.draw(&PathElement::new(ends, token.line(2.6)));
    }
    panel.draw(&Mark::new((planned, y), Shape::Ring, 5.0, Token::Ink2));
    panel.draw(&Mark::new((actual, y), shape, radius, token));
}

//! Scope change per release: items added to the right of the line, removed to
//! the left, and below each how many of them came or went after the freeze.

use super::Frame;
use super::axis::Axis;
use super::canvas::{Dash, TICK_ROOM};
use super::document::empty;
use super::mark::{Mark, Shape};
use super::number::{Unit, counted, grouped};
use super::panel::Panel;
use super::rows::{MOST_ROWS, cap_remark, row_bounds, row_canvas, write_name, write_value};
use super::token::Token;

/// Input of [`scope_change`].
#[derive(Clone, Debug, Default)]
pub(crate) struct ScopeChange {
    /// One row per release, in the order they are drawn.
    pub(crate) rows: Vec<ScopeRow>,
    /// What is counted, for example "Items, against the scope at freeze".
    pub(crate) caption: String,
}

/// One release.
#[derive(Clone, Debug, Default)]
pub(crate) struct ScopeRow {
    /// The release's name.
    pub(crate) name: String,
    /// Items planned at the baseline.
    pub(crate) planned_count: u64,
    /// Items added since.
    pub(crate) added_count: u64,
    /// Items removed since.
    pub(crate) removed_count: u64,
    /// Of the added, those after the freeze.
    pub(crate) late_added_count: u64,
    /// Of the removed, those after the freeze.
    pub(crate) late_removed_count: u64,
    /// The release's page.
    pub(crate) href: Option<String>,
}

impl ScopeRow {
    /// Returns how many changes, either way, came after the freeze.
    fn late_count(&self) -> u64 {
        self.late_added_count
            .saturating_add(self.late_removed_count)
    }
}

/// Draws the scope changes.
pub(crate) fn scope_change(frame: &Frame, input: &ScopeChange) -> String {
    if input.rows.is_empty() {
        return empty(frame, 0);
    }
    let rows = &input.rows[..input.rows.len().min(MOST_ROWS)];
    let most = |count: fn(&ScopeRow) -> u64| rows.iter().map(count).max().unwrap_or(0) as f64;
    let removed = most(|row| row.removed_count.max(row.late_removed_count));
    let added = most(|row| row.added_count.max(row.late_added_count));
    let mut axis = Axis::between(-removed, added.max(1.0), 6.0, Unit::Count);
    for tick in &mut axis.ticks {
        if tick.at > 0.0 {
            tick.label = format!("+{}", tick.label);
        }
    }
    let values: Vec<String> = rows.iter().map(words).collect();
    let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    let canvas = row_canvas(frame, rows.len(), TICK_ROOM);
    let bounds = row_bounds(&canvas, &names, &values, TICK_ROOM);
    let panel = canvas.panel(bounds, axis, Axis::places(rows.len(), true));
    let remarks = cap_remark(input.rows.len());
    canvas.caption(bounds.top, &input.caption, &remarks);
    panel.draw_x_axis(true);
    for (index, (row, value)) in rows.iter().zip(&values).enumerate() {
        canvas.linked(row.href.as_deref(), &tip(row), || {
            draw_row(&panel, index, row);
            write_name(&panel, index, &row.name);
        });
        let is_late = row.late_count() > 0;
        let token = if is_late { Token::Bad } else { Token::Ink2 };
        write_value(&panel, index, value, token);
    }
    panel.upright(0.0, Token::Axis, Dash::Solid);
    canvas.finish(frame, 0)
}

fn words(row: &ScopeRow) -> String {
    if (row.added_count, row.removed_count, row.late_count()) == (0, 0, 0) {
        return "no change".to_owned();
    }
    let count = |count: u64| grouped(count as f64, 0);
    let mut text = format!("+{} −{}", count(row.added_count), count(row.removed_count));
    if row.late_count() > 0 {
        text.push_str(&format!(", {} after freeze", count(row.late_count())));
    }
    text
}

fn tip(row: &ScopeRow) -> String {
    let planned = usize::try_from(row.planned_count).unwrap_or(usize::MAX);
    format!(
        "{}: {} planned, {}",
        row.name,
        counted(planned, "item"),
        words(row)
    )
}

fn draw_row(panel: &Panel<'_>, index: usize, row: &ScopeRow) {
    let top = index as f64;
    let is_late = row.late_count() > 0;
    let lower = if is_late { top + 0.58 } else { top + 0.74 };
    let upper = if is_late { top + 0.16 } else { top + 0.26 };
    if row.added_count > 0 {
        let added = row.added_count as f64;
        panel.fill((0.0, upper), (added, lower), Token::S1);
    }
    if row.removed_count > 0 {
        let removed = row.removed_count as f64;
        panel.fill((-removed, upper), (0.0, lower), Token::S3);
    }
    // Towards its own side: what went after the freeze is not drawn as if it had come.
    let late_ends = [
        row.late_added_count as f64,
        -(row.late_removed_count as f64),
    ];
    for end in late_ends.into_iter().filter(|end| *end != 0.0) {
        let (from, to) = (end.min(0.0), end.max(0.0));
        panel.fill((from, top + 0.64), (to, top + 0.84), Token::Bad);
        let at = (end, top + 0.74);
        panel.draw(&Mark::new(at, Shape::Diamond, 4.4, Token::Bad));
    }
}

//! Density of a large scatter: cells of one week by two days, stronger
//! where more items fall, with the slowest hundredth left to be drawn as marks.

use std::collections::BTreeMap;

use super::dates::moment_number;
use super::number::counted;
use super::panel::Panel;
use super::scatter::ScatterPoint;
use super::token::Token;

/// Most columns and rows of cells; longer spans get wider cells.
const MOST_COLUMNS: f64 = 60.0;
const MOST_ROWS: f64 = 40.0;
/// Days covered by one cell, at least.
const WEEK: f64 = 7.0;
const CELL_DAYS: f64 = 2.0;
const RAMP: [Token; 5] = [Token::Q1, Token::Q2, Token::Q3, Token::Q4, Token::Q5];

/// Draws the cells and returns the remark that explains them.
pub(super) fn draw_density(panel: &Panel<'_>, points: &[&ScatterPoint]) -> String {
    let (from, top) = (panel.x.low(), panel.y.high());
    let span = panel.x.high() - from;
    let weeks = (span / WEEK / MOST_COLUMNS).ceil().max(1.0);
    let width = weeks * WEEK;
    let height = CELL_DAYS * (top / CELL_DAYS / MOST_ROWS).ceil().max(1.0);
    let mut counts: BTreeMap<(u32, u32), usize> = BTreeMap::new();
    for point in points.iter().filter(|point| point.days <= top) {
        let column = (moment_number(point.finished_at) - from) / width;
        let row = point.days.max(0.0) / height;
        *counts.entry((column as u32, row as u32)).or_default() += 1;
    }
    let most = counts.values().copied().max().unwrap_or(1);
    let mut cells: [Vec<[f64; 4]>; 5] = Default::default();
    for ((column, row), count) in &counts {
        let left = from + f64::from(*column) * width;
        let bottom = f64::from(*row) * height;
        let (x0, y0) = panel.place(left, bottom);
        let (x1, y1) = panel.place(panel.x.clamp(left + width), panel.y.clamp(bottom + height));
        // A hairline of paper stays between neighbours.
        let cell = [
            x0 + 0.5,
            y1 + 0.5,
            (x1 - x0 - 1.0).max(0.5),
            (y0 - y1 - 1.0).max(0.5),
        ];
        cells[shade(*count, most)].push(cell);
    }
    for (token, cells) in RAMP.into_iter().zip(&cells) {
        panel.canvas.cells(token, cells);
    }
    format!(
        "one cell is {} by {height} days, a stronger shade is more (at most {})",
        counted(weeks as usize, "week"),
        counted(most, "item")
    )
}

/// The square root keeps cells with few items apart.
fn shade(count: usize, most: usize) -> usize {
    let share = (count as f64 / most.max(1) as f64).sqrt();
    ((share * RAMP.len() as f64).ceil() as usize).clamp(1, RAMP.len()) - 1
}

/// Returns the slowest hundredth of the items, at least one.
pub(super) fn slowest_hundredth<'a>(points: &[&'a ScatterPoint]) -> Vec<&'a ScatterPoint> {
    let mut slowest = points.to_vec();
    slowest.sort_by(|a, b| {
        let by_days = b.days.total_cmp(&a.days);
        by_days
            .then_with(|| a.finished_at.cmp(&b.finished_at))
            .then_with(|| a.tip.cmp(&b.tip))
    });
    slowest.truncate(points.len().div_ceil(100));
    slowest
}

//! The lower panel of a scope timeline: what was added and removed, as bars
//! up and down, the part after the freeze outermost and orange.

use super::axis::{Axis, bar_top};
use super::dates::{day_number, long_date};
use super::document::off_scale_remark;
use super::mark::{Mark, Shape};
use super::number::{Unit, grouped};
use super::panel::Panel;
use super::scope_timeline::ScopeDay;
use super::token::Token;

/// Least distance of two bars, in pixels.
pub(super) const LEAST_BAR: f64 = 3.0;
/// Widest bar.
const WIDEST_BAR: f64 = 10.0;
/// Most bars that carry a link and a tooltip.
const MOST_LINKED: usize = 120;

/// The changes of one day, or of several where days are narrower than a bar.
pub(super) struct Bar<'a> {
    first: &'a ScopeDay,
    /// Its middle as a place on the date axis.
    at: f64,
    added: f64,
    removed: f64,
    late_added: f64,
    late_removed: f64,
}

/// Returns the bars of all changed days, `days_per_bar` of them in each,
/// counted from `from`.
pub(super) fn bars<'a>(days: &[&'a ScopeDay], from: f64, days_per_bar: f64) -> Vec<Bar<'a>> {
    let is_changed = |day: &&&ScopeDay| day.added_count > 0 || day.removed_count > 0;
    let mut bars: Vec<Bar<'_>> = Vec::new();
    for day in days.iter().filter(is_changed) {
        let start = from + ((day_number(day.date) - from) / days_per_bar).floor() * days_per_bar;
        let at = start + days_per_bar / 2.0;
        if bars.last().is_none_or(|bar| bar.at != at) {
            bars.push(Bar {
                first: day,
                at,
                added: 0.0,
                removed: 0.0,
                late_added: 0.0,
                late_removed: 0.0,
            });
        }
        if let Some(bar) = bars.last_mut() {
            bar.added += day.added_count as f64;
            bar.removed += day.removed_count as f64;
            bar.late_added += day.late_added_count.min(day.added_count) as f64;
            bar.late_removed += day.late_removed_count.min(day.removed_count) as f64;
        }
    }
    bars
}

/// Up and down as far as most bars reach: the day on which the plan was filled
/// must not flatten the changes to it.
pub(super) fn change_axis(bars: &[Bar<'_>]) -> Axis {
    let heights = |height: fn(&Bar<'_>) -> f64| -> Vec<f64> {
        let heights = bars.iter().map(height);
        heights.filter(|height| *height > 0.0).collect()
    };
    let added = bar_top(&heights(|bar| bar.added), 90);
    let removed = bar_top(&heights(|bar| bar.removed), 90);
    let high = if removed > 0.0 { added } else { added.max(1.0) };
    let mut axis = Axis::between(-removed, high, 3.0, Unit::Count);
    for tick in &mut axis.ticks {
        if tick.at > 0.0 {
            tick.label = format!("+{}", tick.label);
        }
    }
    axis
}

/// Draws the bars and their base line; returns what the scale leaves out.
pub(super) fn draw_bars(panel: &Panel<'_>, bars: &[Bar<'_>], days_per_bar: f64) -> Vec<String> {
    let is_linked = bars.len() <= MOST_LINKED && days_per_bar == 1.0;
    if is_linked {
        for bar in bars {
            let href = bar.first.href.as_deref();
            panel.canvas.linked(href, &tip(bar), || {
                let mut layers = Layers::default();
                layers.push(panel, bar, days_per_bar);
                layers.draw(panel);
            });
        }
    } else {
        let mut layers = Layers::default();
        bars.iter()
            .for_each(|bar| layers.push(panel, bar, days_per_bar));
        layers.draw(panel);
    }
    let (left, y) = panel.place(panel.x.low(), 0.0);
    let right = panel.bounds.right;
    let solid = super::canvas::Dash::Solid;
    panel
        .canvas
        .stroke((left, y), (right, y), Token::Axis, 1.0, solid);
    for bar in bars {
        for end in [bar.added, -bar.removed] {
            if panel.y.clamp(end) != end {
                let at = (bar.at, panel.y.clamp(end));
                panel.draw(&Mark::new(at, Shape::Triangle, 4.6, Token::Bad));
            }
        }
    }
    let added: Vec<f64> = bars.iter().map(|bar| bar.added).collect();
    let removed: Vec<f64> = bars.iter().map(|bar| bar.removed).collect();
    let said = |name: &str, values: &[f64], top: f64| {
        let remark = off_scale_remark(values, top, Unit::Count);
        remark.map(|remark| format!("{name}: {remark}"))
    };
    let up = said("added", &added, panel.y.high());
    let down = said("removed", &removed, -panel.y.low());
    up.into_iter().chain(down).collect()
}

/// The rectangles of bars by colour: a bulk of bars is three paths.
#[derive(Default)]
struct Layers {
    added: Vec<[f64; 4]>,
    removed: Vec<[f64; 4]>,
    late: Vec<[f64; 4]>,
}

impl Layers {
    fn push(&mut self, panel: &Panel<'_>, bar: &Bar<'_>, days_per_bar: f64) {
        let (from, _) = panel.place(bar.at - days_per_bar / 2.0, 0.0);
        let (to, _) = panel.place(bar.at + days_per_bar / 2.0, 0.0);
        let width = ((to - from) * 0.8).clamp(1.5, WIDEST_BAR);
        let left = (from + to - width) / 2.0;
        let mut push = |layer: usize, inner: f64, outer: f64| {
            let (_, near) = panel.place(bar.at, panel.y.clamp(inner));
            let (_, far) = panel.place(bar.at, panel.y.clamp(outer));
            if near != far {
                let cell = [left, near.min(far), width, (near - far).abs()];
                [&mut self.added, &mut self.removed, &mut self.late][layer].push(cell);
            }
        };
        let (early_added, early_removed) =
            (bar.added - bar.late_added, bar.removed - bar.late_removed);
        push(0, 0.0, early_added);
        push(1, 0.0, -early_removed);
        push(2, early_added, bar.added);
        push(2, -early_removed, -bar.removed);
    }

    fn draw(&self, panel: &Panel<'_>) {
        panel.canvas.cells(Token::S1, &self.added);
        panel.canvas.cells(Token::S3, &self.removed);
        panel.canvas.cells(Token::Bad, &self.late);
    }
}

fn tip(bar: &Bar<'_>) -> String {
    let count = |count: f64| grouped(count, 0);
    let late = match bar.late_added + bar.late_removed {
        0.0 => String::new(),
        late => format!(", {} after the freeze", count(late)),
    };
    let (added, removed) = (count(bar.added), count(bar.removed));
    format!("{}: +{added} −{removed}{late}", long_date(bar.first.date))
}

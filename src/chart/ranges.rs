//! The lower panel of a control chart: moving ranges and their limit.

use super::axis::Axis;
use super::canvas::Dash;
use super::control::{ControlChart, ControlLimits, MOST_MARKS};
use super::dates::day_number;
use super::mark::{Mark, Shape};
use super::panel::{Panel, SideLabel};
use super::token::Token;

/// From zero to the limit or beyond, with few ticks: the panel is low.
pub(super) fn range_axis(input: &ControlChart, limits: Option<ControlLimits>) -> Axis {
    let limit = limits.map_or(0.0, |limits| limits.range_upper);
    let greatest = input
        .points
        .iter()
        .filter_map(|point| point.moving_range)
        .filter(|range| range.is_finite())
        .fold(limit, f64::max);
    Axis::between(0.0, greatest, 2.0, input.unit)
}

/// Draws the panel; a range beyond the limit is a diamond.
pub(super) fn draw_ranges(panel: &Panel<'_>, input: &ControlChart, limits: Option<ControlLimits>) {
    panel.draw_y_axis();
    panel.draw_base();
    panel.draw_x_axis(false);
    let ranges: Vec<(f64, Option<f64>)> = input
        .points
        .iter()
        .map(|point| {
            let range = point.moving_range.filter(|range| range.is_finite());
            (
                day_number(point.date),
                range.map(|range| panel.y.clamp(range)),
            )
        })
        .collect();
    panel.line(&ranges, Token::S1, 1.3);
    let places: Vec<(f64, f64)> = ranges
        .iter()
        .filter_map(|(x, range)| Some(panel.place(*x, (*range)?)))
        .collect();
    if places.len() <= MOST_MARKS {
        let class = format!("class=\"f-{}\"", Token::S1.name());
        let canvas = panel.canvas;
        canvas.group(&class, || canvas.dots(2.2, &places));
    }
    if let Some(limits) = limits {
        for (x, range) in &ranges {
            let range = range.filter(|range| *range > limits.range_upper);
            if let (Some(range), true) = (range, places.len() <= MOST_MARKS) {
                panel.draw(&Mark::new((*x, range), Shape::Diamond, 4.4, Token::Accent));
            }
        }
        panel.level(panel.y.clamp(limits.range_upper), Token::Ink2, Dash::Dashed);
        panel.side_labels(&[SideLabel {
            at: limits.range_upper,
            text: format!("Limit {}", input.unit.number(limits.range_upper)),
            token: Token::Ink2,
        }]);
    }
}

//! Cycle time scatter: one dot per finished item, the date it was finished
//! against the days it took, with percentile lines.
//!
//! Up to 400 items every dot is a link; up to 1,500 only the slow ones are;
//! beyond that the dots would hide each other and become a density.

use chrono::{NaiveDate, NaiveDateTime};

use super::Frame;
use super::axis::{Axis, scale_top};
use super::canvas::{Bounds, CAPTION_ROOM, Canvas, DATE_ROOM, Dash};
use super::dates::{day_number, moment_number};
use super::density::{draw_density, slowest_hundredth};
use super::document::{dropped_remark, empty};
use super::mark::{Mark, Shape};
use super::number::Unit;
use super::panel::{Panel, SideLabel, left_room, right_room};
use super::token::Token;

/// Most items whose every dot is a link.
const MOST_LINKED: usize = 400;
/// Most items drawn one by one.
const MOST_DOTS: usize = 1500;

/// Input of [`cycle_time_scatter`].
#[derive(Clone, Debug, Default)]
pub(crate) struct CycleTimeScatter {
    /// The finished items, in any order.
    pub(crate) points: Vec<ScatterPoint>,
    /// The percentiles of their days; none while there are too few.
    pub(crate) percentiles: Option<Percentiles>,
    /// What is measured, for example "Days from commitment to production".
    pub(crate) caption: String,
    /// First and last day of the period; by default those of the items.
    pub(crate) period: Option<(NaiveDate, NaiveDate)>,
}

/// Percentiles of days.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Percentiles {
    /// Half of the items took at most this long.
    pub(crate) p50: f64,
    /// 85% took at most this long.
    pub(crate) p85: f64,
    /// 95% took at most this long.
    pub(crate) p95: f64,
}

/// One finished item.
#[derive(Clone, Debug)]
pub(crate) struct ScatterPoint {
    /// When it was finished, in the project's zone.
    pub(crate) finished_at: NaiveDateTime,
    /// How many days it took.
    pub(crate) days: f64,
    /// Tooltip.
    pub(crate) tip: String,
    /// Where the item lives.
    pub(crate) href: Option<String>,
}

impl Percentiles {
    fn are_finite(&self) -> bool {
        [self.p50, self.p85, self.p95].iter().all(|p| p.is_finite())
    }
}

/// Draws the scatter.
pub(crate) fn cycle_time_scatter(frame: &Frame, input: &CycleTimeScatter) -> String {
    let points: Vec<&ScatterPoint> = input.points.iter().filter(|p| p.days.is_finite()).collect();
    let dropped = input.points.len() - points.len();
    if points.is_empty() {
        return empty(frame, dropped);
    }
    let percentiles = input.percentiles.filter(Percentiles::are_finite);
    let days: Vec<f64> = points.iter().map(|point| point.days.max(0.0)).collect();
    let slowest = days.iter().copied().fold(0.0, f64::max);
    let always = percentiles.map_or(0.0, |p| p.p95.max(p.p85).max(p.p50));
    let y_axis = Axis::up_to(scale_top(&days, 99, always), Unit::Days);
    let labels = side_labels(percentiles, &days, slowest, y_axis.high());

    let canvas = Canvas::new(frame.width, frame.height);
    let texts = labels.iter().flat_map(|label| label.text.lines());
    let bounds = Bounds {
        left: left_room(&y_axis),
        top: CAPTION_ROOM,
        right: canvas.width - right_room(texts, canvas.width),
        bottom: canvas.height - DATE_ROOM,
    };
    let (from, to) = period(input, &points);
    let x_axis = Axis::dates(from, to, bounds.right - bounds.left);
    let panel = canvas.panel(bounds, x_axis, y_axis);
    panel.draw_y_axis();
    panel.draw_base();
    panel.draw_x_axis(false);
    let mut remarks = dropped_remark(dropped);
    remarks.extend(draw_points(&panel, &points, percentiles));
    if percentiles.is_some_and(|p| days.iter().any(|day| *day > p.p95)) {
        remarks.push("orange: above the 95% line".to_owned());
    }
    panel.side_labels(&labels);
    canvas.caption(bounds.top, &input.caption, &remarks);
    canvas.finish(frame, dropped)
}

/// Draws items and percentile lines; returns what needs an explanation.
fn draw_points(
    panel: &Panel<'_>,
    points: &[&ScatterPoint],
    percentiles: Option<Percentiles>,
) -> Option<String> {
    let is_dense = points.len() > MOST_DOTS;
    let remark = is_dense.then(|| draw_density(panel, points));
    if is_dense {
        draw_marks(panel, &slowest_hundredth(points), percentiles);
    } else {
        draw_dots(panel, points, percentiles);
    }
    for (level, dash) in levels(percentiles) {
        if is_dense {
            panel.clear_level(level);
        }
        panel.level(level, Token::Ink, dash);
    }
    remark
}

fn period(input: &CycleTimeScatter, points: &[&ScatterPoint]) -> (f64, f64) {
    let moments = points.iter().map(|point| moment_number(point.finished_at));
    let first = moments.clone().fold(f64::INFINITY, f64::min).floor();
    let last = moments.fold(f64::NEG_INFINITY, f64::max).ceil();
    match input.period {
        Some((from, to)) => (
            day_number(from).min(first),
            (day_number(to) + 1.0).max(last),
        ),
        None => (first, last),
    }
}

fn levels(percentiles: Option<Percentiles>) -> Vec<(f64, Dash)> {
    percentiles.map_or_else(Vec::new, |p| {
        vec![
            (p.p50, Dash::Solid),
            (p.p85, Dash::Dashed),
            (p.p95, Dash::Dotted),
        ]
    })
}

fn side_labels(
    percentiles: Option<Percentiles>,
    days: &[f64],
    slowest: f64,
    top: f64,
) -> Vec<SideLabel> {
    let mut labels: Vec<SideLabel> = levels(percentiles)
        .into_iter()
        .zip(["50%", "85%", "95%"])
        .map(|((at, _), share)| SideLabel {
            at,
            text: format!("{share} ≤ {}", Unit::Days.words(at)),
            token: Token::Ink,
        })
        .collect();
    let beyond = days.iter().filter(|day| **day > top).count();
    if beyond > 0 {
        labels.push(SideLabel {
            at: top,
            text: format!("▲ {beyond} off scale,\nmax {}", Unit::Days.words(slowest)),
            token: Token::Bad,
        });
    }
    labels
}

/// Draws ordinary dots pale enough to see through, slow ones in front.
fn draw_dots(panel: &Panel<'_>, points: &[&ScatterPoint], percentiles: Option<Percentiles>) {
    let slow_from = percentiles.map_or(f64::INFINITY, |p| p.p95);
    let (slow, usual): (Vec<&ScatterPoint>, Vec<&ScatterPoint>) = points
        .iter()
        .partition(|point| point.days > slow_from || point.days > panel.y.high());
    if points.len() <= MOST_LINKED {
        panel.canvas.group("class=\"pale\"", || {
            for point in &usual {
                let at = (moment_number(point.finished_at), point.days.max(0.0));
                let mark = Mark::new(at, Shape::Dot, 3.4, Token::S1);
                panel.draw(&mark.tip(&point.tip).href(point.href.as_deref()));
            }
        });
    } else {
        let places: Vec<(f64, f64)> = usual
            .iter()
            .map(|point| panel.place(moment_number(point.finished_at), point.days.max(0.0)))
            .collect();
        let class = format!("class=\"pale f-{}\"", Token::S1.name());
        panel
            .canvas
            .group(&class, || panel.canvas.dots(3.0, &places));
    }
    draw_marks(panel, &slow, percentiles);
}

/// Draws items one by one; those beyond the scale as triangles on its edge.
fn draw_marks(panel: &Panel<'_>, points: &[&ScatterPoint], percentiles: Option<Percentiles>) {
    let slow_from = percentiles.map_or(0.0, |p| p.p95);
    for point in points.iter().take(MOST_LINKED) {
        let days = point.days.max(0.0);
        let (shape, radius) = match days {
            days if days > panel.y.high() => (Shape::Triangle, 4.8),
            _ => (Shape::Dot, 3.4),
        };
        let token = if days > slow_from {
            Token::Bad
        } else {
            Token::S1
        };
        let at = (moment_number(point.finished_at), panel.y.clamp(days));
        let mark = Mark::new(at, shape, radius, token);
        panel.draw(&mark.tip(&point.tip).href(point.href.as_deref()));
    }
}

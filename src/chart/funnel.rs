//! Funnel plot: one mark per team, its share against how many runs stand
//! behind it, between the limits that chance alone explains (D. J.
//! Spiegelhalter, "Funnel plots for comparing institutional performance",
//! Statistics in Medicine 24 (2005), 1185-1202).
//!
//! Limits and verdicts are given; this file only draws them. Only teams beyond
//! a limit are named: a place between the limits is no ranking.

use super::Frame;
use super::axis::{Axis, scale_top};
use super::canvas::{Bounds, CAPTION_ROOM, Canvas, DATE_ROOM, Dash};
use super::curve::{clipped, thinned};
use super::document::{dropped_remark, empty, off_scale_remark};
use super::funnel_points::draw_points;
use super::number::Unit;
use super::panel::{Panel, SideLabel, left_room, right_room};
use super::token::Token;

/// Input of [`funnel`].
#[derive(Clone, Debug, Default)]
pub(crate) struct Funnel {
    /// One point per team, in any order.
    pub(crate) points: Vec<FunnelPoint>,
    /// The share over all teams, 0 to 1.
    pub(crate) centre: f64,
    /// The limits by number of trials, in ascending order of `trials`; the
    /// curve joins them.
    pub(crate) limits: Vec<FunnelLimits>,
    /// What is measured, for example "Share of completed runs that failed".
    pub(crate) caption: String,
    /// What the trials are, for example "Completed runs in 26 weeks".
    pub(crate) trials_caption: String,
}

/// One team.
#[derive(Clone, Debug, Default)]
pub(crate) struct FunnelPoint {
    /// The team's name.
    pub(crate) name: String,
    /// Its share, 0 to 1.
    pub(crate) ratio: f64,
    /// How many trials had the property.
    pub(crate) numerator: u64,
    /// How many trials there were.
    pub(crate) denominator: u64,
    /// Where it lies among the limits for its own number of trials.
    pub(crate) standing: FunnelStanding,
    /// The list behind the point.
    pub(crate) href: Option<String>,
}

/// Where a point lies among the limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FunnelStanding {
    /// Between the 95% limits: chance explains it.
    #[default]
    Inside,
    /// Beyond a 95% limit, not beyond a 99.8% limit.
    Beyond95,
    /// Beyond a 99.8% limit.
    Beyond998,
}

/// The limits for one number of trials, shares from 0 to 1.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct FunnelLimits {
    /// The number of trials.
    pub(crate) trials: u64,
    /// Lower and upper 95% limit.
    pub(crate) inner: (f64, f64),
    /// Lower and upper 99.8% limit.
    pub(crate) outer: (f64, f64),
}

/// Draws the funnel.
pub(crate) fn funnel(frame: &Frame, input: &Funnel) -> String {
    let is_drawn = |point: &&FunnelPoint| point.ratio.is_finite() && point.denominator > 0;
    let points: Vec<&FunnelPoint> = input.points.iter().filter(is_drawn).collect();
    let dropped = input.points.len() - points.len();
    if points.is_empty() {
        return empty(frame, dropped);
    }
    let centre = Some(input.centre).filter(|centre| centre.is_finite());
    let ratios: Vec<f64> = points.iter().map(|point| point.ratio).collect();
    let y_axis = value_axis(&ratios, centre);
    let most = points.iter().map(|p| p.denominator).max().unwrap_or(1) as f64;
    let x_axis = Axis::up_to(most, Unit::Count).cropped(0.0, most * 1.05);
    let canvas = Canvas::new(frame.width, frame.height);
    let labels = side_labels(input, centre, most, y_axis.high());
    let texts = labels.iter().map(|label| label.text.as_str());
    let bounds = Bounds {
        left: left_room(&y_axis),
        top: CAPTION_ROOM,
        right: canvas.width - right_room(texts, canvas.width),
        bottom: canvas.height - DATE_ROOM - 4.0,
    };
    let panel = canvas.panel(bounds, x_axis, y_axis);
    draw_limits(&panel, input, centre);
    panel.draw_base();
    panel.draw_x_axis(false);
    panel.x_caption(&input.trials_caption);
    panel.side_labels(&labels);
    let mut remarks = dropped_remark(dropped);
    remarks.extend(off_scale_remark(&ratios, panel.y.high(), Unit::Percent));
    remarks.extend(draw_points(&panel, &points, centre));
    canvas.caption(bounds.top, &input.caption, &remarks);
    canvas.finish(frame, dropped)
}

/// Up to the shares of most teams and twice the centre; a team of one run that
/// failed must not flatten the others.
fn value_axis(ratios: &[f64], centre: Option<f64>) -> Axis {
    let top = scale_top(ratios, 90, centre.unwrap_or(0.0) * 2.0);
    let is_share = ratios.iter().all(|ratio| *ratio <= 1.0);
    Axis::up_to(if is_share { top.min(1.0) } else { top }, Unit::Percent)
}

impl FunnelLimits {
    fn are_finite(&self) -> bool {
        let (inner, outer) = (self.inner, self.outer);
        [inner.0, inner.1, outer.0, outer.1]
            .iter()
            .all(|limit| limit.is_finite())
    }
}

/// Names the centre and the upper limits where the curves end.
fn side_labels(input: &Funnel, centre: Option<f64>, most: f64, top: f64) -> Vec<SideLabel> {
    let mut labels: Vec<SideLabel> = Vec::new();
    if let Some(at) = centre {
        let text = format!("All {}", Unit::Percent.number(at));
        let token = Token::Ink;
        labels.push(SideLabel { at, text, token });
    }
    let mut ends = input.limits.iter().filter(|limits| limits.are_finite());
    let is_shown = |limits: &&FunnelLimits| limits.trials as f64 <= most * 1.05;
    if let Some(end) = ends.rfind(is_shown) {
        for (at, text) in [(end.inner.1, "95% limit"), (end.outer.1, "99.8% limit")] {
            let (text, token) = (text.to_owned(), Token::Ink2);
            labels.push(SideLabel { at, text, token });
        }
    }
    labels.retain(|label| label.at <= top);
    labels
}

/// Draws the band within the inner limits, the four limits and the centre.
fn draw_limits(panel: &Panel<'_>, input: &Funnel, centre: Option<f64>) {
    let curve = |value: fn(&FunnelLimits) -> f64| -> Vec<(f64, f64)> {
        let limits = input.limits.iter().filter(|limits| limits.are_finite());
        let on_scale = limits.filter(|limits| limits.trials as f64 <= panel.x.high());
        let points: Vec<(f64, f64)> = on_scale
            .map(|limits| {
                let (x, _) = panel.place(limits.trials as f64, 0.0);
                (x, value(limits))
            })
            .collect();
        thinned(&points)
    };
    let (lower, upper) = (curve(|l| l.inner.0), curve(|l| l.inner.1));
    let edge = lower.iter().chain(upper.iter().rev());
    let outline: Vec<(f64, f64)> = edge
        .map(|(x, value)| (*x, panel.place(0.0, panel.y.clamp(*value)).1))
        .collect();
    panel.canvas.area(&outline, Token::Band);
    panel.draw_y_axis();
    let outer = [curve(|l| l.outer.0), curve(|l| l.outer.1)];
    let curves = [(lower, Dash::Dashed), (upper, Dash::Dashed)];
    for (curve, dash) in curves
        .into_iter()
        .chain(outer.map(|curve| (curve, Dash::Dotted)))
    {
        for run in clipped(&curve, 0.0, panel.y.high()) {
            let place = |(x, value): &(f64, f64)| (*x, panel.place(0.0, *value).1);
            let places: Vec<(f64, f64)> = run.iter().map(place).collect();
            panel.canvas.polyline(&places, Token::Ink2, 1.4, dash);
        }
    }
    if let Some(centre) = centre.filter(|centre| *centre <= panel.y.high()) {
        panel.level(centre, Token::Ink, Dash::Solid);
    }
}

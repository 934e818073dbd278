//! Funnel plot: one mark per team, its share against how many runs stand
//! behind it, between the limits that chance alone explains (D. J.
//! Spiegelhalter, "Funnel plots for comparing institutional performance",
//! Statistics in Medicine 24 (2005), 1185-1202).
//!
//! Limits and verdicts are given; this file only draws them. Only teams beyond
//! a limit are named: a place between the limits is no ranking.

use std::collections::BTreeMap;

use super::Frame;
use super::axis::{Axis, scale_top};
use super::canvas::{Bounds, CAPTION_ROOM, Canvas, DATE_ROOM, Dash};
use super::curve::{clipped, thinned};
use super::document::{dropped_remark, empty, off_scale_remark};
use super::label::{Align, Label, SMALL_SIZE};
use super::mark::{Mark, Shape};
use super::number::{Unit, counted, grouped};
use super::panel::{Panel, SideLabel, left_room, right_room};
use super::token::Token;

/// Most teams that carry a link and a tooltip.
const MOST_LINKED: usize = 200;
/// Most teams named beside their marks.
const MOST_NAMED: usize = 12;
/// Room for a team's name beside its mark.
const LABEL_ROOM: f64 = 150.0;
/// Most of them where there are more teams than that.
const CROWD_LINKED: usize = 80;
/// Distance of bare dots where there are too many to draw each.
const BARE_PITCH: f64 = 10.0;

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
    let ends = input.limits.iter().filter(|limits| limits.are_finite());
    let is_shown = |limits: &&FunnelLimits| limits.trials as f64 <= most * 1.05;
    if let Some(end) = ends.filter(is_shown).next_back() {
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

/// Draws the teams, those beyond a limit in front and named; returns what the
/// marks do not show.
fn draw_points(panel: &Panel<'_>, points: &[&FunnelPoint], centre: Option<f64>) -> Vec<String> {
    let mut sorted = points.to_vec();
    let distance = |point: &FunnelPoint| (point.ratio - centre.unwrap_or(0.0)).abs();
    sorted.sort_by(|a, b| {
        let by_limit = b.standing.cmp(&a.standing);
        let by_distance = by_limit.then_with(|| distance(b).total_cmp(&distance(a)));
        by_distance.then_with(|| a.name.cmp(&b.name))
    });
    let is_crowd = sorted.len() > MOST_LINKED;
    let front = if is_crowd { CROWD_LINKED } else { sorted.len() };
    let (front, rest) = sorted.split_at(front.min(sorted.len()));
    let hidden = draw_bare(panel, rest, centre);
    let mut remarks = Vec::new();
    remarks.extend((hidden > 0).then(|| format!("{} under others", counted(hidden, "mark"))));
    for point in front.iter().rev() {
        draw_point(panel, point, centre);
    }
    let marks: Vec<(f64, f64)> = points.iter().map(|point| place(panel, point)).collect();
    let is_unusual = |point: &&&FunnelPoint| point.standing != FunnelStanding::Inside;
    let named = front.iter().filter(is_unusual).take(MOST_NAMED);
    let named = named
        .filter(|point| write_label(panel, point, &marks))
        .count();
    let unnamed = sorted.iter().filter(is_unusual).count() - named;
    let more = |count| {
        let teams = counted(count, "team");
        format!("{teams} beyond a limit named in the table only")
    };
    remarks.extend((unnamed > 0).then(|| more(unnamed)));
    remarks
}

fn place(panel: &Panel<'_>, point: &FunnelPoint) -> (f64, f64) {
    panel.place(point.denominator as f64, panel.y.clamp(point.ratio))
}

/// Orange above the limits, blue below them, grey within.
fn token(point: &FunnelPoint, centre: Option<f64>) -> Token {
    let is_high = point.ratio > centre.unwrap_or(0.0);
    match point.standing {
        FunnelStanding::Inside => Token::Ink2,
        _ if is_high => Token::Bad,
        _ => Token::S1,
    }
}

fn draw_point(panel: &Panel<'_>, point: &FunnelPoint, centre: Option<f64>) {
    let (shape, radius) = match point.standing {
        _ if point.ratio > panel.y.high() => (Shape::Triangle, 5.0),
        FunnelStanding::Inside => (Shape::Dot, 3.6),
        FunnelStanding::Beyond95 => (Shape::Diamond, 4.8),
        FunnelStanding::Beyond998 => (Shape::Diamond, 6.4),
    };
    let at = (point.denominator as f64, panel.y.clamp(point.ratio));
    let mark = Mark::new(at, shape, radius, token(point, centre));
    panel.draw(&mark.tip(&tip(point)).href(point.href.as_deref()));
}

fn tip(point: &FunnelPoint) -> String {
    let verdict = match point.standing {
        FunnelStanding::Inside => "within the limits",
        FunnelStanding::Beyond95 => "beyond the 95% limit",
        FunnelStanding::Beyond998 => "beyond the 99.8% limit",
    };
    let percent = Unit::Percent.number(point.ratio);
    let count = |count: u64| grouped(count as f64, 0);
    let (numerator, denominator) = (count(point.numerator), count(point.denominator));
    format!(
        "{}: {percent}, {numerator} of {denominator}, {verdict}",
        point.name
    )
}

/// Draws bare dots, one for each cell of the panel that holds any, in order of
/// `points`; returns how many have none, those beyond the scale among them.
fn draw_bare(panel: &Panel<'_>, points: &[&FunnelPoint], centre: Option<f64>) -> usize {
    let mut cells = BTreeMap::new();
    for point in points.iter().filter(|p| p.ratio <= panel.y.high()) {
        let (x, y) = place(panel, point);
        let cell = ((x / BARE_PITCH) as i64, (y / BARE_PITCH) as i64);
        cells.entry(cell).or_insert(((x, y), token(point, centre)));
    }
    for token in [Token::Ink2, Token::S1, Token::Bad] {
        let of_token = cells.values().filter(|(_, own)| *own == token);
        let places: Vec<(f64, f64)> = of_token.map(|(place, _)| *place).collect();
        if !places.is_empty() {
            let class = format!("class=\"f-{}\"", token.name());
            panel
                .canvas
                .group(&class, || panel.canvas.dots(3.0, &places));
        }
    }
    points.len() - cells.len()
}

/// Names a team beside its mark, where neither text nor another mark lies.
fn write_label(panel: &Panel<'_>, point: &FunnelPoint, marks: &[(f64, f64)]) -> bool {
    let (x, y) = place(panel, point);
    let percent = Unit::Percent.number(point.ratio);
    let label = Label::new(&point.name, x, y).fitted(LABEL_ROOM);
    let text = format!("{} {percent}", label.text.trim()).trim().to_owned();
    let label = Label::new(&text, x, y)
        .sized(SMALL_SIZE)
        .colored(Token::Ink);
    let places = [
        (9.0, 0.0, Align::Start),
        (-9.0, 0.0, Align::End),
        (0.0, -14.0, Align::Middle),
        (0.0, 15.0, Align::Middle),
    ];
    places.into_iter().any(|(right, down, align)| {
        let label = label.clone().moved_to(x + right, y + down).aligned(align);
        let area = label.bounds();
        let covers = |(mark_x, mark_y): &(f64, f64)| {
            let is_beside = *mark_x > area.left - 3.0 && *mark_x < area.right + 3.0;
            is_beside && *mark_y > area.top - 2.0 && *mark_y < area.bottom + 2.0
        };
        !marks.iter().any(covers) && panel.canvas.try_text(&label)
    })
}

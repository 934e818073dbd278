//! Survival curves: the share that lasts longer than a time, as Kaplan-Meier
//! steps with their interval; a tick is an item that is still running and was
//! seen no longer than that.
//!
//! Curves, intervals and medians are given; this file only draws them.

use super::Frame;
use super::axis::{Axis, bar_top};
use super::canvas::{Bounds, CAPTION_ROOM, Canvas, DATE_ROOM, Dash};
use super::curve::{BandStep, draw_band, draw_steps, draw_ticks};
use super::document::{dropped_remark, empty};
use super::mark::{Mark, Shape};
use super::number::{Unit, counted, grouped};
use super::panel::{Panel, SideLabel, left_room, right_room};
use super::token::Token;

/// Fewer observations than this make no curve to read a trend from.
const FEWEST: usize = 5;
/// Height of a tick in pixels.
const TICK_HEIGHT: f64 = 8.0;

/// Most curves drawn; more would hide each other.
pub(super) const MOST_CURVES: usize = 4;

/// Input of [`survival`].
#[derive(Clone, Debug)]
pub(crate) struct Survival {
    /// The curves, the most important first; the first four are drawn.
    pub(crate) curves: Vec<SurvivalLine>,
    /// What is measured, for example "Share still open after so many days".
    pub(crate) caption: String,
    /// What the time is, for example "Days since the item entered review".
    pub(crate) time_caption: String,
    /// The unit of the times.
    pub(crate) unit: Unit,
}

/// One curve.
#[derive(Clone, Debug, Default)]
pub(crate) struct SurvivalLine {
    /// Its name, for example a stage or a team.
    pub(crate) name: String,
    /// How many were observed.
    pub(crate) count: usize,
    /// How many of them ended.
    pub(crate) ended: usize,
    /// One point per distinct time, in ascending order.
    pub(crate) steps: Vec<SurvivalPoint>,
    /// The time by which half have ended; none where that is not reached.
    pub(crate) median: Option<f64>,
}

/// The curve from one time on.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SurvivalPoint {
    /// The time.
    pub(crate) at: f64,
    /// The share that lasts longer, 0 to 1.
    pub(crate) survival: f64,
    /// Lower and upper end of its interval.
    pub(crate) interval: Option<(f64, f64)>,
    /// How many were last seen, still running, at this time.
    pub(crate) censored: usize,
}

/// Draws the curves.
pub(crate) fn survival(frame: &Frame, input: &Survival) -> String {
    let is_drawn = |point: &&SurvivalPoint| {
        point.at.is_finite() && point.at >= 0.0 && (0.0..=1.0).contains(&point.survival)
    };
    let kept = |line| usable(line, is_drawn);
    let given = input
        .curves
        .iter()
        .map(|line| line.steps.len())
        .sum::<usize>();
    let all: Vec<Curve<'_>> = input.curves.iter().map(kept).collect();
    let dropped = given - all.iter().map(|curve| curve.steps.len()).sum::<usize>();
    let curves: Vec<&Curve<'_>> = all.iter().filter(|c| !c.steps.is_empty()).collect();
    if curves.is_empty() {
        return empty(frame, dropped);
    }
    let mut remarks = vec!["labels: median, ended of all".to_owned()];
    remarks.extend(dropped_remark(dropped));
    remarks.extend(left_out_remarks(all.len(), curves.len()));
    let curves = &curves[..curves.len().min(MOST_CURVES)];
    let x_axis = time_axis(curves, input.unit);
    let longest = curves.iter().map(|c| c.last_time()).fold(0.0, f64::max);
    if longest > x_axis.high() {
        let longest = input.unit.words(longest);
        remarks.push(format!("a curve goes on beyond the scale, to {longest}"));
    }
    let canvas = Canvas::new(frame.width, frame.height);
    let y_axis = Axis::up_to(1.0, Unit::Percent);
    let labels = side_labels(curves, &x_axis, input.unit);
    let texts = labels.iter().flat_map(|label| label.text.lines());
    let bounds = Bounds {
        left: left_room(&y_axis),
        top: CAPTION_ROOM,
        right: canvas.width - right_room(texts, canvas.width),
        bottom: canvas.height - DATE_ROOM - 4.0,
    };
    let panel = canvas.panel(bounds, x_axis, y_axis);
    panel.draw_y_axis();
    panel.level(0.5, Token::Axis, Dash::Dotted);
    draw_curves(&panel, curves);
    panel.draw_base();
    panel.draw_x_axis(false);
    panel.x_caption(&input.time_caption);
    panel.side_labels(&labels);
    canvas.caption(bounds.top, &input.caption, &remarks);
    canvas.finish(frame, dropped)
}

/// A line with the points of it that can be drawn.
struct Curve<'a> {
    line: &'a SurvivalLine,
    steps: Vec<&'a SurvivalPoint>,
}

fn usable(line: &SurvivalLine, is_drawn: impl Fn(&&SurvivalPoint) -> bool) -> Curve<'_> {
    let mut steps: Vec<&SurvivalPoint> = line.steps.iter().filter(is_drawn).collect();
    steps.sort_by(|a, b| a.at.total_cmp(&b.at));
    Curve { line, steps }
}

impl Curve<'_> {
    fn last_time(&self) -> f64 {
        self.steps.last().map_or(0.0, |step| step.at)
    }

    fn median(&self) -> Option<f64> {
        let median = self.line.median;
        median.filter(|median| median.is_finite() && *median >= 0.0)
    }

    /// Returns the level at a time, before the first step all.
    fn level(&self, at: f64) -> f64 {
        let before = self.steps.iter().take_while(|step| step.at <= at);
        before.last().map_or(1.0, |step| step.survival)
    }
}

fn left_out_remarks(given: usize, drawable: usize) -> Vec<String> {
    let silent = given - drawable;
    let more = drawable.saturating_sub(MOST_CURVES);
    let said = |count: usize, why: &str| format!("{} {why}", counted(count, "curve"));
    [(silent, "without data"), (more, "in the table only")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, why)| said(count, why))
        .collect()
}

/// Up to the times of most steps and every median; one item that was open for
/// years must not flatten the others.
fn time_axis(curves: &[&Curve<'_>], unit: Unit) -> Axis {
    let steps = curves.iter().flat_map(|curve| &curve.steps);
    let times: Vec<f64> = steps.map(|step| step.at).collect();
    let slowest = curves.iter().filter_map(|c| c.median()).fold(0.0, f64::max);
    let top = bar_top(&times, 95).max(slowest);
    Axis::between(0.0, top, 6.0, unit).cropped(0.0, top)
}

/// Colour and stroke of a curve: of fewer than five, grey and dotted.
fn style(index: usize, curve: &Curve<'_>) -> (Token, Dash) {
    if curve.line.count < FEWEST {
        return (Token::Ink2, Dash::Dotted);
    }
    let styles = [
        (Token::S1, Dash::Solid),
        (Token::S4, Dash::Dashed),
        (Token::S3, Dash::Solid),
        (Token::Ink, Dash::Dashed),
    ];
    styles[index % styles.len()]
}

/// Names each curve where it ends, with its median and what it rests on, in one line:
/// curves end close to each other.
fn side_labels(curves: &[&Curve<'_>], x_axis: &Axis, unit: Unit) -> Vec<SideLabel> {
    let label = |(index, curve): (usize, &&Curve<'_>)| {
        let median = match curve.median() {
            Some(median) => unit.words(median),
            None => "not reached".to_owned(),
        };
        let name = match curve.line.name.trim() {
            "" => "(no name)",
            name => name,
        };
        // A name of several lines would take the room of the others.
        let name = name.replace('\n', " ");
        SideLabel {
            at: curve.level(x_axis.high()),
            text: format!(
                "{name}: {median}, {} of {}",
                grouped(curve.line.ended as f64, 0),
                grouped(curve.line.count as f64, 0)
            ),
            token: style(index, curve).0,
        }
    };
    curves.iter().enumerate().map(label).collect()
}

/// Draws all bands, then the curves over them, then what marks them.
fn draw_curves(panel: &Panel<'_>, curves: &[&Curve<'_>]) {
    for (index, curve) in curves.iter().enumerate() {
        draw_interval(panel, curve, style(index, curve).0);
    }
    for (index, curve) in curves.iter().enumerate() {
        let (token, dash) = style(index, curve);
        let mut levels = vec![panel.place(0.0, 1.0)];
        let on_scale = || curve.steps.iter().filter(|step| step.at <= panel.x.high());
        levels.extend(on_scale().map(|step| panel.place(step.at, step.survival)));
        let end = panel.x.clamp(curve.last_time());
        draw_steps(panel.canvas, &levels, panel.place(end, 0.0).0, token, dash);
        let censored = on_scale().filter(|step| step.censored > 0);
        let places: Vec<(f64, f64)> = censored
            .map(|step| panel.place(step.at, step.survival))
            .collect();
        draw_ticks(panel.canvas, &places, TICK_HEIGHT, token);
    }
    for (index, curve) in curves.iter().enumerate() {
        if let Some(median) = curve.median() {
            let token = style(index, curve).0;
            panel.draw(&Mark::new((median, 0.5), Shape::Diamond, 5.0, token));
        }
    }
}

fn draw_interval(panel: &Panel<'_>, curve: &Curve<'_>, token: Token) {
    let last = panel.x.clamp(curve.last_time());
    let mut run: Vec<BandStep> = Vec::new();
    for step in &curve.steps {
        if step.at > panel.x.high() {
            break;
        }
        let (x, _) = panel.place(step.at, 0.0);
        let interval = step
            .interval
            .filter(|(lower, upper)| lower.is_finite() && upper.is_finite());
        match interval {
            Some((lower, upper)) => {
                let y = |value| panel.place(0.0, panel.y.clamp(value)).1;
                run.push((x, y(upper), y(lower)));
            }
            None => draw_band(panel.canvas, &std::mem::take(&mut run), x, token),
        }
    }
    draw_band(panel.canvas, &run, panel.place(last, 0.0).0, token);
}

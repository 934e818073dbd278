//! Outcome strip: per week, deployments that succeeded above the line and
//! those that failed below it, with the rate and its interval beside.

use chrono::NaiveDate;

use super::Frame;
use super::axis::Axis;
use super::canvas::{Bounds, CAPTION_ROOM, Canvas, DATE_ROOM, Dash};
use super::dates::{day_number, long_date};
use super::document::{dropped_remark, empty};
use super::label::Label;
use super::mark::{Mark, Shape};
use super::number::{Unit, counted};
use super::panel::{Panel, left_room};
use super::token::Token;

/// Tallest stack drawn as single marks; taller ones become bars.
const TALLEST_STACK: u32 = 14;
/// Distance of the words from the panel.
const WORDS_GAP: f64 = 14.0;
/// Narrowest week, in pixels, whose bar of failures ends in a diamond.
const DIAMOND_ROOM: f64 = 9.0;
/// Most links in the drawing.
const MOST_LINKED: usize = 400;

/// Input of [`outcomes`].
#[derive(Clone, Debug, Default)]
pub(crate) struct Outcomes {
    /// One entry per week, in order; weeks left out are gaps.
    pub(crate) weeks: Vec<OutcomeWeek>,
    /// The rate over all weeks.
    pub(crate) rate: Option<RateInterval>,
    /// What is counted, for example "Production deployments per week".
    pub(crate) caption: String,
}

/// One week.
#[derive(Clone, Debug, Default)]
pub(crate) struct OutcomeWeek {
    /// Its Monday.
    pub(crate) week_start: NaiveDate,
    /// How many succeeded.
    pub(crate) succeeded_count: u32,
    /// Those that failed.
    pub(crate) failures: Vec<Failure>,
    /// The page of the week.
    pub(crate) href: Option<String>,
}

/// One failed deployment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Failure {
    /// Tooltip.
    pub(crate) tip: String,
    /// Where it is explained.
    pub(crate) href: Option<String>,
}

/// A rate with its interval.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RateInterval {
    /// The share, 0 to 1.
    pub(crate) ratio: f64,
    /// Lower end of the 95% interval.
    pub(crate) lower: f64,
    /// Upper end of the 95% interval.
    pub(crate) upper: f64,
    /// How many of them.
    pub(crate) numerator: u64,
    /// Of how many.
    pub(crate) denominator: u64,
}

impl RateInterval {
    /// Returns whether all three shares are numbers.
    pub(crate) fn is_finite(&self) -> bool {
        self.ratio.is_finite() && self.lower.is_finite() && self.upper.is_finite()
    }
}

/// Draws the outcome strip.
pub(crate) fn outcomes(frame: &Frame, input: &Outcomes) -> String {
    let dropped = usize::from(input.rate.is_some_and(|rate| !rate.is_finite()));
    let failed = |week: &OutcomeWeek| u32::try_from(week.failures.len()).unwrap_or(u32::MAX);
    let most_failed = input.weeks.iter().map(failed).max().unwrap_or(0);
    let most_succeeded = input.weeks.iter().map(|week| week.succeeded_count).max();
    let most_succeeded = most_succeeded.unwrap_or(0);
    if most_failed == 0 && most_succeeded == 0 {
        return empty(frame, dropped);
    }
    let canvas = Canvas::new(frame.width, frame.height);
    let lines = rate_lines(input.rate.filter(RateInterval::is_finite));
    let y_axis = count_axis(most_succeeded, most_failed);
    let widest = lines
        .iter()
        .map(|line| Label::new(line, 0.0, 0.0).bold().width());
    let widest = widest.fold(Label::new("succeeded", 0.0, 0.0).width(), f64::max);
    let bounds = Bounds {
        left: left_room(&y_axis),
        top: CAPTION_ROOM,
        right: canvas.width - (widest + WORDS_GAP + 2.0).min(canvas.width * 0.4),
        bottom: canvas.height - DATE_ROOM,
    };
    let days = input.weeks.iter().map(|week| day_number(week.week_start));
    let from = days.clone().fold(f64::INFINITY, f64::min) - 4.0;
    let to = days.fold(f64::NEG_INFINITY, f64::max) + 4.0;
    let x_axis = Axis::dates(from, to, bounds.right - bounds.left);
    let panel = canvas.panel(bounds, x_axis, y_axis);
    canvas.caption(bounds.top, &input.caption, &dropped_remark(dropped));
    panel.draw_y_axis();
    panel.draw_x_axis(false);
    let pitch = pitch(&panel);
    if most_succeeded.max(most_failed) <= TALLEST_STACK && pitch >= 7.0 {
        draw_stacks(&panel, input, (pitch / 2.0 - 0.6).min(4.2));
    } else {
        draw_bars(&panel, input);
    }
    panel.level(0.0, Token::Axis, Dash::Solid);
    draw_words(&panel, &lines);
    canvas.finish(frame, dropped)
}

fn rate_lines(rate: Option<RateInterval>) -> Vec<String> {
    let Some(rate) = rate else { return Vec::new() };
    let percent = |share| Unit::Percent.number(share);
    vec![
        format!("{} succeeded", percent(rate.ratio)),
        format!("{} of {}", rate.numerator, rate.denominator),
        format!(
            "interval {} to {}",
            percent(rate.lower),
            percent(rate.upper)
        ),
    ]
}

/// Counts both ways from zero; below it they are labelled without a sign.
fn count_axis(most_succeeded: u32, most_failed: u32) -> Axis {
    let (high, low) = (f64::from(most_succeeded), -f64::from(most_failed));
    let mut axis = Axis::between(low, high.max(1.0), 4.0, Unit::Count);
    for tick in &mut axis.ticks {
        tick.label = tick.label.trim_start_matches('−').to_owned();
    }
    let margin = (high - low) * 0.04;
    axis.cropped(low - margin, high.max(1.0) + margin)
}

/// Distance of two neighbouring marks, across or upwards, whichever is less.
fn pitch(panel: &Panel<'_>) -> f64 {
    let (x0, y0) = panel.place(panel.x.low(), 0.0);
    let (x1, y1) = panel.place(panel.x.low() + 7.0, 1.0);
    (x1 - x0).min(y0 - y1)
}

fn draw_stacks(panel: &Panel<'_>, input: &Outcomes, radius: f64) {
    let mut links_left = MOST_LINKED;
    for week in &input.weeks {
        let x = day_number(week.week_start);
        let date = long_date(week.week_start);
        let succeeded = counted(week.succeeded_count as usize, "deployment");
        let tip = format!("Week of {date}: {succeeded} succeeded");
        panel.canvas.linked(week.href.as_deref(), &tip, || {
            for index in 0..week.succeeded_count {
                let at = (x, f64::from(index) + 0.5);
                panel.draw(&Mark::new(at, Shape::Dot, radius, Token::S1));
            }
        });
        for (index, failure) in week.failures.iter().enumerate() {
            let at = (x, -(index as f64) - 0.5);
            let mark = Mark::new(at, Shape::Diamond, radius + 1.0, Token::Bad);
            links_left = links_left.saturating_sub(1);
            panel.draw(&linked_failure(mark, failure, links_left > 0));
        }
    }
}

fn linked_failure(mark: Mark, failure: &Failure, has_link: bool) -> Mark {
    match has_link {
        true => mark.tip(&failure.tip).href(failure.href.as_deref()),
        false => mark,
    }
}

fn draw_bars(panel: &Panel<'_>, input: &Outcomes) {
    let (from, _) = panel.place(panel.x.low(), 0.0);
    let (to, _) = panel.place(panel.x.low() + 7.0, 0.0);
    let has_diamonds = to - from >= DIAMOND_ROOM;
    for week in &input.weeks {
        let (from, to) = (
            day_number(week.week_start) - 2.6,
            day_number(week.week_start) + 2.6,
        );
        let failed = week.failures.len();
        let tip = format!(
            "Week of {}: {} succeeded, {failed} failed",
            long_date(week.week_start),
            counted(week.succeeded_count as usize, "deployment")
        );
        panel.canvas.linked(week.href.as_deref(), &tip, || {
            if week.succeeded_count > 0 {
                let top = f64::from(week.succeeded_count);
                panel.fill((from, 0.0), (to, top), Token::S1);
            }
            if failed > 0 {
                let depth = -(failed as f64);
                panel.fill((from, depth), (to, 0.0), Token::Bad);
                if has_diamonds {
                    let at = (day_number(week.week_start), depth);
                    panel.draw(&Mark::new(at, Shape::Diamond, 4.6, Token::Bad));
                }
            }
        });
    }
}

/// Names both directions and the rate, right of the panel.
fn draw_words(panel: &Panel<'_>, lines: &[String]) {
    let x = panel.bounds.right + WORDS_GAP;
    let room = panel.canvas.width - x - 1.0;
    let (_, zero) = panel.place(panel.x.low(), 0.0);
    let mut y = panel.bounds.top + 6.0;
    let above: Vec<&str> = match lines {
        [] => vec!["succeeded"],
        _ => lines.iter().map(String::as_str).collect(),
    };
    for (index, line) in above.into_iter().enumerate() {
        let label = Label::new(line, x, y);
        let label = match index {
            0 if !lines.is_empty() => label.bold().colored(Token::Ink),
            _ => label,
        };
        panel.canvas.try_text(&label.fitted(room));
        y += 16.0;
    }
    if panel.y.low() < 0.0 {
        let middle = (zero + panel.bounds.bottom) / 2.0;
        let label = Label::new("◆ failed", x, middle.max(y)).colored(Token::Bad);
        panel.canvas.try_text(&label.fitted(room));
    }
}

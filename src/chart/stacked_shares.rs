//! Stacked shares: one horizontal bar per row, made of parts with a hairline
//! of paper between them, each part labelled where its label fits.

use super::Frame;
use super::axis::{Axis, bar_top};
use super::canvas::TICK_ROOM;
use super::document::{dropped_remark, empty, off_scale_remark};
use super::key::{Key, block_entries};
use super::label::{Align, Label, SMALL_SIZE};
use super::mark::{Mark, Shape, TIP_LENGTH};
use super::number::{Unit, counted};
use super::panel::Panel;
use super::rows::{MOST_ROWS, cap_remark, middle, row_bounds, row_canvas, write_name, write_value};
use super::text::cut;
use super::token::{Token, bar_shade};

/// Height of a bar in pixels.
const BAR_HEIGHT: f64 = 16.0;
/// Width of the gap between two parts.
const HAIRLINE: f64 = 1.0;
/// Room a label keeps to the ends of its part.
const LABEL_MARGIN: f64 = 4.0;

/// Input of [`stacked_shares`].
#[derive(Clone, Debug)]
pub(crate) struct StackedShares {
    /// The parts in the order they are stacked; a key names their colours.
    pub(crate) parts: Vec<SharePart>,
    /// One bar per row, in the order they are drawn.
    pub(crate) rows: Vec<ShareRow>,
    /// What the length of a bar means.
    pub(crate) scale: ShareScale,
    /// What is measured, for example "Days per item in each stage".
    pub(crate) caption: String,
}

/// One part of every bar.
#[derive(Clone, Debug, Default)]
pub(crate) struct SharePart {
    /// Its name, for example "active".
    pub(crate) name: String,
    /// Its colour.
    pub(crate) tone: PartTone,
}

/// The colour of a part by its role.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum PartTone {
    /// One of several of a kind: a shade of one hue by its place.
    #[default]
    Shade,
    /// Work going on: blue.
    Active,
    /// Waiting: orange.
    Waiting,
    /// Blocked: plum, as in the lifelines.
    Blocked,
    /// Waiting for an approval: teal.
    Approval,
    /// Nobody knows: a neutral ground, which reads as no degree of anything.
    Unknown,
}

/// One bar.
#[derive(Clone, Debug, Default)]
pub(crate) struct ShareRow {
    /// The row's name.
    pub(crate) name: String,
    /// One value per part, at least zero, in the unit of the scale; a missing
    /// value is not drawn and the row says so.
    pub(crate) values: Vec<Option<f64>>,
    /// Written right of the bar, for example "12 items".
    pub(crate) words: String,
    /// Whether too little stands behind it to compare it with the others.
    pub(crate) is_pale: bool,
    /// The list behind the row.
    pub(crate) href: Option<String>,
}

/// What the length of a bar means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ShareScale {
    /// Every bar is the whole: values are made shares of their row's sum.
    OfRow,
    /// Bars of all rows share an axis in this unit.
    Shared(Unit),
}

/// Draws the bars.
pub(crate) fn stacked_shares(frame: &Frame, input: &StackedShares) -> String {
    if input.rows.is_empty() || input.parts.is_empty() {
        return empty(frame, 0);
    }
    let all: Vec<Bar<'_>> = input.rows.iter().map(|row| bar(row, input)).collect();
    let dropped = all.iter().map(|bar| bar.dropped).sum();
    let bars = &all[..all.len().min(MOST_ROWS)];
    let mut remarks = dropped_remark(dropped);
    remarks.extend(cap_remark(all.len()));
    let lengths: Vec<f64> = bars.iter().map(Bar::length).collect();
    let axis = match input.scale {
        ShareScale::OfRow => Axis::up_to(1.0, Unit::Percent),
        ShareScale::Shared(unit) => Axis::up_to(bar_top(&lengths, 90), unit),
    };
    remarks.extend(off_scale_remark(&lengths, axis.high(), input.unit()));
    let values: Vec<String> = bars.iter().map(Bar::words).collect();
    let names: Vec<&str> = bars.iter().map(|bar| bar.row.name.as_str()).collect();
    let blocks = input.parts.iter().enumerate();
    let blocks = blocks.map(|(index, part)| (input.token(index), part.name.as_str()));
    let key = Key::new(block_entries(blocks), f64::from(frame.width));
    let canvas = row_canvas(frame, bars.len(), TICK_ROOM + key.height());
    let mut bounds = row_bounds(&canvas, &names, &values, TICK_ROOM);
    canvas.caption(bounds.top, &input.caption, &remarks);
    bounds.top += key.height();
    key.draw(&canvas);
    let panel = canvas.panel(bounds, axis, Axis::places(bars.len(), true));
    panel.draw_x_axis(true);
    for (index, (bar, value)) in bars.iter().zip(&values).enumerate() {
        let tip = tip(bar, input);
        canvas.linked(bar.row.href.as_deref(), &cut(&tip, TIP_LENGTH), || {
            match bar.row.is_pale {
                true => canvas.group("class=\"pale\"", || {
                    draw_bar(&panel, index, bar, input);
                }),
                false => draw_bar(&panel, index, bar, input),
            }
            write_name(&panel, index, &bar.row.name);
        });
        let token = if bar.row.is_pale {
            Token::Ink2
        } else {
            Token::Ink
        };
        write_value(&panel, index, value, token);
    }
    canvas.finish(frame, dropped)
}

impl StackedShares {
    fn unit(&self) -> Unit {
        match self.scale {
            ShareScale::OfRow => Unit::Percent,
            ShareScale::Shared(unit) => unit,
        }
    }

    /// The colour of a part; shades are counted among the shaded parts.
    fn token(&self, index: usize) -> Token {
        let is_shade = |part: &&SharePart| part.tone == PartTone::Shade;
        let shades = self.parts.iter().filter(is_shade).count();
        let before = self.parts[..index].iter().filter(is_shade).count();
        match self.parts.get(index).map(|part| part.tone) {
            Some(PartTone::Active) => Token::S1,
            Some(PartTone::Waiting) => Token::S4,
            Some(PartTone::Blocked) => Token::Accent,
            Some(PartTone::Approval) => Token::S3,
            Some(PartTone::Unknown) => Token::Axis,
            _ => bar_shade(before, shades),
        }
    }
}

/// A row with the lengths that can be drawn.
struct Bar<'a> {
    row: &'a ShareRow,
    /// One length per part on the axis; zero where there is none.
    lengths: Vec<f64>,
    missing: usize,
    dropped: usize,
}

fn bar<'a>(row: &'a ShareRow, input: &StackedShares) -> Bar<'a> {
    let value = |index: usize| row.values.get(index).copied().flatten();
    let given: Vec<Option<f64>> = (0..input.parts.len()).map(value).collect();
    let is_length = |value: &f64| value.is_finite() && *value >= 0.0;
    let dropped = given
        .iter()
        .flatten()
        .filter(|value| !is_length(value))
        .count();
    let mut lengths: Vec<f64> = given
        .iter()
        .map(|value| value.filter(is_length).unwrap_or(0.0))
        .collect();
    let sum: f64 = lengths.iter().sum();
    if input.scale == ShareScale::OfRow && sum > 0.0 {
        lengths.iter_mut().for_each(|length| *length /= sum);
    }
    let beyond = row.values.iter().skip(input.parts.len());
    let dropped = dropped + beyond.flatten().count();
    Bar {
        row,
        lengths,
        missing: given.iter().filter(|value| value.is_none()).count(),
        dropped,
    }
}

impl Bar<'_> {
    fn length(&self) -> f64 {
        // Shares of one row add up to the whole up to rounding.
        let sum: f64 = self.lengths.iter().sum();
        if (sum - 1.0).abs() < 1e-9 { 1.0 } else { sum }
    }

    fn words(&self) -> String {
        let mut words = self.row.words.clone();
        if self.missing > 0 {
            let unknown = format!("{} unknown", counted(self.missing, "part"));
            words = match words.is_empty() {
                true => unknown,
                false => format!("{words}, {unknown}"),
            };
        }
        words
    }
}

fn tip(bar: &Bar<'_>, input: &StackedShares) -> String {
    let parts = input.parts.iter().zip(&bar.lengths);
    let said: Vec<String> = parts
        .filter(|(_, length)| **length > 0.0)
        .map(|(part, length)| format!("{} {}", part.name, input.unit().words(*length)))
        .collect();
    format!("{}: {}", bar.row.name, said.join(", "))
}

/// Draws the parts from left to right, labelled where the label fits; a bar
/// beyond the scale ends in a triangle.
fn draw_bar(panel: &Panel<'_>, index: usize, bar: &Bar<'_>, input: &StackedShares) {
    let mut from = 0.0;
    let mut labels = Vec::new();
    for (part, length) in bar.lengths.iter().enumerate() {
        let to = from + length;
        let (left, y) = panel.place(panel.x.clamp(from), middle(index));
        let (right, _) = panel.place(panel.x.clamp(to), middle(index));
        from = to;
        if right <= left {
            continue;
        }
        let token = input.token(part);
        // A hairline of paper stays between neighbours.
        let width = (right - left - HAIRLINE).max(0.4);
        let cell = [left, y - BAR_HEIGHT / 2.0, width, BAR_HEIGHT];
        panel.canvas.cells(token, &[cell]);
        let is_whole = panel.x.clamp(to) == to;
        let label = Label::new(&input.unit().number(*length), (left + right) / 2.0, y);
        let label = label.aligned(Align::Middle).sized(SMALL_SIZE);
        // On a pale ground no label reads well, and few rows carry no percentages.
        let is_labelled = is_whole && !bar.row.is_pale;
        if is_labelled && label.width() + 2.0 * LABEL_MARGIN <= width {
            labels.push(label.colored(token.ink()));
        }
    }
    if !labels.is_empty() {
        panel.canvas.group("class=\"on-fill\"", || {
            for label in &labels {
                panel.canvas.try_text(label);
            }
        });
    }
    if from > panel.x.high() * (1.0 + 1e-9) {
        let end = (panel.x.high(), middle(index));
        panel.draw(&Mark::new(end, Shape::Triangle, 5.0, Token::Bad));
    }
}

//! Lifelines of a release: one row per item from its commitment to its
//! delivery; thick parts are stages being worked, a thin orange line is
//! waiting or being blocked, and what joined late says so.
//!
//! Spans and words are given; this file only draws them.

use chrono::{NaiveDate, NaiveDateTime};

use super::Frame;
use super::axis::{Axis, bar_top};
use super::canvas::{CAPTION_ROOM, DATE_ROOM};
use super::dates::{day_number, long_date, moment_number};
use super::document::{dropped_remark, empty};
use super::key::{Key, KeyEntry, Sign, block_entries};
use super::label::{Align, Label};
use super::lifeline_row::{Row, draw_row};
use super::mark::{Shape, TIP_LENGTH};
use super::number::grouped;
use super::panel::Panel;
use super::rows::{MOST_ROWS, row_bounds, row_canvas, write_name, write_value};
use super::text::cut;
use super::token::{Token, bar_shade};

/// Input of [`lifelines`].
#[derive(Clone, Debug, Default)]
pub(crate) struct Lifelines {
    /// The stages in workflow order; a key names their shades.
    pub(crate) stages: Vec<String>,
    /// One row per item in any order; the longest sixty are drawn, in order of
    /// their beginning.
    pub(crate) rows: Vec<Lifeline>,
    /// First and last day of the scope freeze, shaded.
    pub(crate) freeze: Option<(NaiveDate, NaiveDate)>,
    /// What the rows are, for example "Items of 2026.6.1, commitment to
    /// production".
    pub(crate) caption: String,
}

/// One item.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lifeline {
    /// Tracker key.
    pub(crate) name: String,
    /// Tooltip, for example the item's title.
    pub(crate) tip: String,
    /// Its spans in order of time; times between them are left bare.
    pub(crate) spans: Vec<LifelineSpan>,
    /// When it joined the release, where that was after the freeze or after
    /// the baseline: marked with a diamond.
    pub(crate) added_late_at: Option<NaiveDateTime>,
    /// When it was delivered; none while it is open.
    pub(crate) delivered_at: Option<NaiveDateTime>,
    /// Written right of the row, for example "51 days, 43% waiting".
    pub(crate) words: String,
    /// Where the item lives.
    pub(crate) href: Option<String>,
}

/// One span of an item.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LifelineSpan {
    /// When it begins, in the project's zone.
    pub(crate) from: NaiveDateTime,
    /// When it ends.
    pub(crate) to: NaiveDateTime,
    /// What the item did then.
    pub(crate) kind: SpanKind,
}

/// What an item did in a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SpanKind {
    /// It was worked in a stage, as a position in [`Lifelines::stages`].
    Stage(usize),
    /// It waited between stages or for an approval.
    Waiting,
    /// It was blocked.
    Blocked,
}

/// Draws the lifelines.
pub(crate) fn lifelines(frame: &Frame, input: &Lifelines) -> String {
    let (rows, dropped) = usable_rows(input);
    let given = rows.len();
    let rows = longest(rows);
    if rows.is_empty() {
        return empty(frame, dropped);
    }
    let mut remarks = dropped_remark(dropped);
    if given > rows.len() {
        let (drawn, all) = (grouped(rows.len() as f64, 0), grouped(given as f64, 0));
        remarks.push(format!(
            "the longest {drawn} of {all}, the rest in the table"
        ));
    }
    let (from, to) = span(&rows, input.freeze);
    remarks.extend(off_scale_remarks(&rows, from, to));
    let names: Vec<&str> = rows.iter().map(|row| row.line.name.as_str()).collect();
    let values: Vec<String> = rows.iter().map(|row| words(row.line)).collect();
    let key = Key::new(key_entries(input, &rows), f64::from(frame.width));
    let canvas = row_canvas(frame, rows.len(), DATE_ROOM + key.height());
    let mut bounds = row_bounds(&canvas, &names, &values, DATE_ROOM);
    bounds.top += key.height();
    key.draw(&canvas);
    let x_axis = Axis::dates(from, to, bounds.right - bounds.left);
    let panel = canvas.panel(bounds, x_axis, Axis::places(rows.len(), true));
    remarks.extend(draw_freeze(&panel, input.freeze));
    canvas.caption(CAPTION_ROOM, &input.caption, &remarks);
    panel.draw_x_axis(true);
    for (index, (row, value)) in rows.iter().zip(&values).enumerate() {
        let tip = format!("{}: {}", row.line.name, row.line.tip);
        canvas.linked(row.line.href.as_deref(), &cut(&tip, TIP_LENGTH), || {
            draw_target(&panel, index);
            draw_row(&panel, index, row, input.stages.len());
            write_name(&panel, index, &row.line.name);
        });
        let is_late = row.line.added_late_at.is_some();
        let token = if is_late { Token::Bad } else { Token::Ink2 };
        write_value(&panel, index, value, token);
    }
    panel.draw_base();
    canvas.finish(frame, dropped)
}

/// Lets the pointer find a row anywhere on it, however thin its line is; unseen.
fn draw_target(panel: &Panel<'_>, index: usize) {
    let (top, bottom) = (index as f64, index as f64 + 1.0);
    let (from, to) = ((panel.x.low(), top), (panel.x.high(), bottom));
    panel
        .canvas
        .group("class=\"hit\"", || panel.fill(from, to, Token::Paper));
}

fn words(line: &Lifeline) -> String {
    match line.added_late_at {
        Some(_) => format!("{} ◆", line.words).trim().to_owned(),
        None => line.words.clone(),
    }
}

/// Every row with a time in it, and how many spans and rows have none.
fn usable_rows(input: &Lifelines) -> (Vec<Row<'_>>, usize) {
    let mut dropped = 0;
    let mut rows = Vec::new();
    for line in &input.rows {
        let is_forward = |span: &&LifelineSpan| span.from <= span.to;
        let spans: Vec<&LifelineSpan> = line.spans.iter().filter(is_forward).collect();
        dropped += line.spans.len() - spans.len();
        let ends = spans.iter().flat_map(|span| [span.from, span.to]);
        let moments = ends.chain(line.added_late_at).chain(line.delivered_at);
        match (moments.clone().min(), moments.max()) {
            (Some(from), Some(to)) => rows.push(Row {
                line,
                spans,
                from,
                to,
            }),
            _ => dropped += 1,
        }
    }
    (rows, dropped)
}

/// The longest rows in order of their beginning.
fn longest(mut rows: Vec<Row<'_>>) -> Vec<Row<'_>> {
    let by_name = |a: &Row<'_>, b: &Row<'_>| a.line.name.cmp(&b.line.name);
    let length = |row: &Row<'_>| row.to - row.from;
    rows.sort_by(|a, b| length(b).cmp(&length(a)).then_with(|| by_name(a, b)));
    rows.truncate(MOST_ROWS);
    rows.sort_by(|a, b| {
        let by_start = a.from.cmp(&b.from).then_with(|| a.to.cmp(&b.to));
        by_start.then_with(|| by_name(a, b))
    });
    rows
}

/// From and to what most rows reach, around the middle one: an item open for
/// years must not flatten the others. A freeze near them is on it.
fn span(rows: &[Row<'_>], freeze: Option<(NaiveDate, NaiveDate)>) -> (f64, f64) {
    let middles = rows
        .iter()
        .map(|row| (moment_number(row.from) + moment_number(row.to)) / 2.0);
    let mut middles: Vec<f64> = middles.collect();
    middles.sort_by(f64::total_cmp);
    let center = middles.get(middles.len() / 2).copied().unwrap_or_default();
    let before: Vec<f64> = rows
        .iter()
        .map(|row| center - moment_number(row.from))
        .collect();
    let after: Vec<f64> = rows
        .iter()
        .map(|row| moment_number(row.to) - center)
        .collect();
    let (before, after) = (bar_top(&before, 90), bar_top(&after, 90));
    let reach = before.max(after).max(7.0);
    let (mut from, mut to) = (center - before, center + after);
    if let Some((first, last)) = freeze {
        let (first, last) = (day_number(first), day_number(last) + 1.0);
        if first > center - 2.0 * reach && last < center + 2.0 * reach {
            (from, to) = (from.min(first), to.max(last));
        }
    }
    (from, to)
}

fn off_scale_remarks(rows: &[Row<'_>], from: f64, to: f64) -> Vec<String> {
    let mut remarks = Vec::new();
    let early = rows.iter().filter(|row| moment_number(row.from) < from);
    if let Some(first) = early.clone().map(|row| row.from).min() {
        let (count, first) = (early.count(), long_date(first.date()));
        remarks.push(format!(
            "▲ {count} began before the scale, first on {first}"
        ));
    }
    let late = rows.iter().filter(|row| moment_number(row.to) > to);
    if let Some(last) = late.clone().map(|row| row.to).max() {
        let (count, last) = (late.count(), long_date(last.date()));
        remarks.push(format!("▲ {count} ended after the scale, last on {last}"));
    }
    remarks
}

/// What the shades and signs stand for; stages of one shade share an entry.
fn key_entries(input: &Lifelines, rows: &[Row<'_>]) -> Vec<KeyEntry> {
    let stages = input.stages.iter().enumerate();
    let shade = |index| bar_shade(index, input.stages.len());
    let blocks = stages.map(|(index, stage)| (shade(index), stage.as_str()));
    let mut entries = block_entries(blocks);
    let has = |kind: SpanKind| {
        let mut spans = rows.iter().flat_map(|row| &row.spans);
        spans.any(|span| span.kind == kind)
    };
    let is_late = rows.iter().any(|row| row.line.added_late_at.is_some());
    let is_delivered = rows.iter().any(|row| row.line.delivered_at.is_some());
    let diamond = Sign::Mark(Shape::Diamond);
    let signs = [
        (has(SpanKind::Waiting), Sign::Line, Token::S4, "waiting"),
        (has(SpanKind::Blocked), Sign::Line, Token::Accent, "blocked"),
        (is_late, diamond, Token::Bad, "added late"),
        (
            is_delivered,
            Sign::Mark(Shape::Dot),
            Token::Ink,
            "delivered",
        ),
    ];
    let shown = signs.into_iter().filter(|(is_shown, ..)| *is_shown);
    entries.extend(shown.map(|(_, sign, token, text)| KeyEntry::new(sign, token, text)));
    entries
}

/// Shades the freeze and names it; says where it lies when that is off scale.
fn draw_freeze(panel: &Panel<'_>, freeze: Option<(NaiveDate, NaiveDate)>) -> Option<String> {
    let (first, last) = freeze?;
    let (from, to) = (day_number(first), day_number(last) + 1.0);
    if to <= panel.x.low() || from >= panel.x.high() || to <= from {
        return Some(format!(
            "scope freeze {} is off the scale",
            long_date(first)
        ));
    }
    let rows = panel.y.high();
    panel.fill((from, 0.0), (to, rows), Token::Band);
    let (left, _) = panel.place(panel.x.clamp(from), 0.0);
    let (right, _) = panel.place(panel.x.clamp(to), 0.0);
    let label = Label::new("scope freeze", (left + right) / 2.0, panel.bounds.top - 8.0);
    let label = label.aligned(Align::Middle).kept_within(panel.canvas.width);
    match panel.canvas.try_text(&label) {
        true => None,
        false => Some("shaded: scope freeze".to_owned()),
    }
}

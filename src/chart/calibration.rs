//! Calibration: the error of estimates as they were given and as a correction
//! would have made them, band by band, in the order given.
//!
//! A dumbbell is sorted by its ratio and reads more as worse than planned; here
//! the order is that of the bands and less is better.

use super::Frame;
use super::document::empty;
use super::number::Unit;

/// Input of [`calibration`].
#[derive(Clone, Debug)]
pub(crate) struct Calibration {
    /// One row per band, in the order they are drawn.
    pub(crate) rows: Vec<CalibrationRow>,
    /// What is compared, for example "MdMRE: ring as given, filled corrected".
    pub(crate) caption: String,
    /// The unit of both values.
    pub(crate) unit: Unit,
}

/// One band.
#[derive(Clone, Debug, Default)]
pub(crate) struct CalibrationRow {
    /// The band's name.
    pub(crate) name: String,
    /// The error as estimated.
    pub(crate) before: f64,
    /// The error after the correction, on items it was not fitted on; none
    /// where no correction is offered.
    pub(crate) after: Option<f64>,
    /// A few words after the values, for example "n = 34".
    pub(crate) note: Option<String>,
    /// The list behind the row.
    pub(crate) href: Option<String>,
}

/// Draws the pairs.
pub(crate) fn calibration(frame: &Frame, input: &Calibration) -> String {
    let _ = input;
    empty(frame, 0)
}

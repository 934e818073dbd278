//! Colour tokens: the only colours a chart can ask for.
//!
//! plotters carries colours as RGB values, but a page needs class names, so
//! that one stylesheet can serve light, dark, print and forced colours. A
//! token therefore travels as a sentinel colour and the backend turns it back
//! into `f-<name>` (fill) or `k-<name>` (stroke).
//!
//! Invariant: no other file of this room names a colour; a test reads the
//! sources to make sure.

use plotters::style::{Color, RGBColor, ShapeStyle};
use plotters_backend::BackendColor;

use super::svg::TENTHS;

/// A colour of the page's stylesheet, by role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// Text and the strongest lines.
    Ink,
    /// Secondary text and neutral marks.
    Ink2,
    /// Grid lines.
    Grid,
    /// Axis lines.
    Axis,
    /// The page itself: hairlines between filled areas.
    Paper,
    /// The page itself: what is wiped behind a line that crosses cells.
    Clear,
    /// First series, blue.
    S1,
    /// Second series, teal.
    S3,
    /// Highlighted layer, orange.
    S4,
    /// Worse than expected, burnt orange.
    Bad,
    /// Signals and the report date, plum.
    Accent,
    /// The usual range.
    Band,
    /// One-hue ramp, palest.
    Q1,
    /// One-hue ramp.
    Q2,
    /// One-hue ramp.
    Q3,
    /// One-hue ramp.
    Q4,
    /// One-hue ramp, strongest.
    Q5,
    /// Pace band up to the median.
    B0,
    /// Pace band up to the 85th percentile.
    B1,
    /// Pace band up to the 95th percentile.
    B2,
    /// Pace band beyond the 95th percentile.
    B3,
}

/// Every token with its name in the stylesheet, in declaration order.
pub(crate) const TOKENS: [(Token, &str); 21] = [
    (Token::Ink, "ink"),
    (Token::Ink2, "ink2"),
    (Token::Grid, "grid"),
    (Token::Axis, "axis"),
    (Token::Paper, "paper"),
    (Token::Clear, "clear"),
    (Token::S1, "s1"),
    (Token::S3, "s3"),
    (Token::S4, "s4"),
    (Token::Bad, "bad"),
    (Token::Accent, "accent"),
    (Token::Band, "band"),
    (Token::Q1, "q1"),
    (Token::Q2, "q2"),
    (Token::Q3, "q3"),
    (Token::Q4, "q4"),
    (Token::Q5, "q5"),
    (Token::B0, "b0"),
    (Token::B1, "b1"),
    (Token::B2, "b2"),
    (Token::B3, "b3"),
];

const RAMP: [Token; 5] = [Token::Q1, Token::Q2, Token::Q3, Token::Q4, Token::Q5];

/// Returns the shade of the `index`th of `count` layers: the palest for the
/// first, the strongest for the last.
pub(crate) fn ramp(index: usize, count: usize) -> Token {
    match count {
        0 | 1 => Token::Q4,
        count => RAMP[index.min(count - 1) * (RAMP.len() - 1) / (count - 1)],
    }
}

/// Returns the shade of the `index`th of `count` bars, which lie on bare paper
/// and so leave out the palest while the others suffice.
pub(crate) fn bar_shade(index: usize, count: usize) -> Token {
    match count {
        0..=4 => ramp(index + 1, count + 1),
        _ => ramp(index, count),
    }
}

impl Token {
    /// Returns the ink that reads on this colour as a ground.
    pub(crate) fn ink(self) -> Token {
        match self {
            Token::S1
            | Token::S3
            | Token::S4
            | Token::Bad
            | Token::Accent
            | Token::Q4
            | Token::Q5 => Token::Paper,
            _ => Token::Ink,
        }
    }

    /// Returns the name used in class names and in the stylesheet.
    pub(crate) fn name(self) -> &'static str {
        TOKENS[self as usize].1
    }

    /// Returns the sentinel colour plotters carries for this token.
    pub(crate) fn color(self) -> RGBColor {
        RGBColor(1, 0, self as u8)
    }

    /// Returns the style of a filled shape.
    pub(crate) fn fill(self) -> ShapeStyle {
        self.color().filled()
    }

    /// Returns the style of a line `width` pixels wide.
    pub(crate) fn line(self, width: f64) -> ShapeStyle {
        self.color()
            .stroke_width((width * f64::from(TENTHS)).round() as u32)
    }

    /// Returns the token a sentinel colour stands for.
    pub(crate) fn of(color: BackendColor) -> Token {
        let (red, green, index) = color.rgb;
        TOKENS
            .get(usize::from(index))
            .filter(|_| (red, green) == (1, 0))
            .map(|(token, _)| *token)
            .expect("every colour of this room is made by Token::color")
    }
}

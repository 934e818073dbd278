//! Sparkline: a word-sized line for a table row, written without plotters,
//! which adds nothing at this size.

use super::svg::tenths;
use super::text::pixels;
use super::token::Token;

const WIDTH: f64 = 120.0;
const HEIGHT: f64 = 30.0;
const MARGIN: f64 = 4.0;

/// Returns a sparkline of values in order, with the usual range as a band and
/// a dot on the latest value. Missing values break the line; the numbers are
/// in the row beside it, so it is hidden from assistive technology.
pub(crate) fn sparkline(values: &[Option<f64>], band: Option<(f64, f64)>) -> String {
    let values: Vec<Option<f64>> = values
        .iter()
        .map(|value| value.filter(|value| value.is_finite()))
        .collect();
    let band = band
        .filter(|(low, high)| low.is_finite() && high.is_finite())
        .map(|(low, high)| (low.min(high), low.max(high)));
    let scale = Scale::over(&values, band);
    let mut markup = format!(
        "<svg class=\"spark\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" \
         height=\"{HEIGHT}\" aria-hidden=\"true\">"
    );
    if let Some((low, high)) = band {
        let (top, bottom) = (scale.y(high), scale.y(low));
        markup.push_str(&format!(
            "<rect class=\"f-{}\" x=\"0\" y=\"{}\" width=\"{WIDTH}\" height=\"{}\"/>",
            Token::Band.name(),
            coordinate(top),
            coordinate((bottom - top).max(1.0))
        ));
    }
    markup.push_str(&line(&values, &scale));
    if let Some((index, value)) = latest(&values) {
        markup.push_str(&dot(scale.x(index), scale.y(value), 2.6, Token::Ink));
    }
    markup.push_str("</svg>");
    markup
}

struct Scale {
    low: f64,
    high: f64,
    count: usize,
}

impl Scale {
    fn over(values: &[Option<f64>], band: Option<(f64, f64)>) -> Scale {
        let ends = band.map(|(low, high)| [low, high]);
        let shown = || {
            values
                .iter()
                .flatten()
                .chain(ends.iter().flatten())
                .copied()
        };
        Scale {
            low: shown().fold(f64::INFINITY, f64::min),
            high: shown().fold(f64::NEG_INFINITY, f64::max),
            count: values.len(),
        }
    }

    /// The latest value lies at the right edge, also when it is the only one.
    fn x(&self, index: usize) -> f64 {
        let last = self.count.saturating_sub(1);
        let before = (last - index.min(last)) as f64 / last.max(1) as f64;
        WIDTH - MARGIN - (WIDTH - 2.0 * MARGIN) * before
    }

    /// Equal values lie in the middle.
    fn y(&self, value: f64) -> f64 {
        // Halves first: the distance of two huge values may be infinite.
        let span = self.high / 2.0 - self.low / 2.0;
        let share = match span > 0.0 {
            true => (value / 2.0 - self.low / 2.0) / span,
            false => 0.5,
        };
        MARGIN + (HEIGHT - 2.0 * MARGIN) * (1.0 - share)
    }
}

fn coordinate(value: f64) -> String {
    pixels(tenths(value))
}

fn latest(values: &[Option<f64>]) -> Option<(usize, f64)> {
    let last = values.iter().rposition(Option::is_some)?;
    Some((last, values[last]?))
}

/// Values with neighbours form lines, values without become dots.
fn line(values: &[Option<f64>], scale: &Scale) -> String {
    let mut path = String::new();
    let mut dots = String::new();
    let is_present =
        |index: Option<usize>| index.is_some_and(|i| matches!(values.get(i), Some(Some(_))));
    for (index, value) in values.iter().enumerate() {
        let Some(value) = value else { continue };
        let (x, y) = (scale.x(index), scale.y(*value));
        let follows = is_present(index.checked_sub(1));
        if !follows && !is_present(Some(index + 1)) {
            dots.push_str(&dot(x, y, 1.4, Token::S1));
            continue;
        }
        let command = if follows { 'L' } else { 'M' };
        path.push_str(&format!("{command}{} {}", coordinate(x), coordinate(y)));
    }
    if !path.is_empty() {
        let name = Token::S1.name();
        path = format!("<path class=\"k-{name}\" stroke-width=\"1.5\" d=\"{path}\"/>");
    }
    path + &dots
}

fn dot(x: f64, y: f64, radius: f64, token: Token) -> String {
    format!(
        "<circle class=\"f-{}\" cx=\"{}\" cy=\"{}\" r=\"{radius}\"/>",
        token.name(),
        coordinate(x),
        coordinate(y)
    )
}

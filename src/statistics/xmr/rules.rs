//! Which points of a control chart are signals, and by which rule.
//!
//! Kept apart from the limits because the rules read the finished chart and
//! change nothing but its marks. A rule looks at neighbouring values on one
//! side of the centre; a value on a line is not beyond it. A rule marks every
//! value that makes it true: the two or three beyond two sigma, the four or
//! five beyond one, all that belong to a run of eight or more.

use super::XmrChart;

/// Two numbers this near, relative to their size, are equal: the centre and
/// the limits carry the rounding of a sum.
const TOLERANCE: f64 = 1e-12;

/// The rule that fired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    /// The value lies beyond the limit.
    BeyondLimit,
    /// Two of three neighbours lie beyond two sigma on one side.
    TwoOfThreeBeyondTwoSigma,
    /// Four of five neighbours lie beyond one sigma on one side.
    FourOfFiveBeyondOneSigma,
    /// Eight neighbours lie on one side of the centre.
    EightOnOneSide,
}

/// The side of the centre that a signal lies on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// Above the centre.
    Above,
    /// Below the centre.
    Below,
}

/// One rule on one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Signal {
    /// The rule that fired.
    pub(crate) rule: Rule,
    /// Where.
    pub(crate) side: Side,
}

/// A rule of the form "`enough` of `window` neighbours beyond `line`".
struct Pattern {
    signal: Signal,
    line: f64,
    enough: usize,
    window: usize,
}

/// Adds to every point the signals that it is part of.
pub(super) fn mark_signals(chart: &mut XmrChart) {
    let present: Vec<(usize, f64)> = chart
        .points
        .iter()
        .enumerate()
        .filter_map(|(position, point)| Some((position, point.value?)))
        .collect();
    for pattern in patterns(chart) {
        for position in matches(&pattern, &present) {
            chart.points[position].signals.push(pattern.signal);
        }
    }
}

/// Returns whether `value` lies above `line` by more than rounding.
pub(super) fn is_above(value: f64, line: f64) -> bool {
    value - line > TOLERANCE * value.abs().max(line.abs())
}

fn patterns(chart: &XmrChart) -> Vec<Pattern> {
    let (centre, sigma) = (chart.centre, chart.sigma);
    let mut patterns = side_patterns(
        Side::Above,
        Some(chart.upper_limit),
        [centre, centre + sigma, centre + 2.0 * sigma],
    );
    patterns.extend(side_patterns(
        Side::Below,
        chart.lower_limit,
        [centre, centre - sigma, centre - 2.0 * sigma],
    ));
    patterns
}

/// The patterns of one side; without a limit only the run of eight is left.
fn side_patterns(side: Side, limit: Option<f64>, lines: [f64; 3]) -> Vec<Pattern> {
    let [centre, one_sigma, two_sigma] = lines;
    let pattern = |rule, line, enough, window| Pattern {
        signal: Signal { rule, side },
        line,
        enough,
        window,
    };
    let mut patterns = Vec::new();
    if let Some(limit) = limit {
        patterns.push(pattern(Rule::BeyondLimit, limit, 1, 1));
        patterns.push(pattern(Rule::TwoOfThreeBeyondTwoSigma, two_sigma, 2, 3));
        patterns.push(pattern(Rule::FourOfFiveBeyondOneSigma, one_sigma, 4, 5));
    }
    patterns.push(pattern(Rule::EightOnOneSide, centre, 8, 8));
    patterns
}

/// Returns the positions, in order and each once, of the values that make the
/// pattern true in some window.
fn matches(pattern: &Pattern, present: &[(usize, f64)]) -> Vec<usize> {
    let is_beyond = |value: f64| match pattern.signal.side {
        Side::Above => is_above(value, pattern.line),
        Side::Below => is_above(pattern.line, value),
    };
    let mut positions = Vec::new();
    // A window cut short at either end of the series can still hold enough.
    for end in pattern.enough..=present.len() {
        let window = &present[end.saturating_sub(pattern.window)..end];
        let beyond = window.iter().filter(|(_, value)| is_beyond(*value));
        let found: Vec<usize> = beyond.map(|(position, _)| *position).collect();
        if found.len() >= pattern.enough {
            positions.extend(found);
        }
    }
    positions.sort_unstable();
    positions.dedup();
    positions
}

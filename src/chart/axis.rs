//! Axes: ranges that are never empty, with ticks chosen by us.
//!
//! plotters loops forever on an infinite range, panics on a reversed date
//! range and starts its date ticks at the range's first day. An `Axis` is
//! built from whatever the data holds and is always finite and of positive
//! length; date ticks are Mondays or month starts, the year is said once.

use std::ops::Range;

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged};

use super::dates::date_ticks;
use super::number::Unit;

/// One labelled place on an axis.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tick {
    /// The value.
    pub(crate) at: f64,
    /// The label; a second line follows `\n`.
    pub(crate) label: String,
}

/// A linear axis.
#[derive(Clone, Debug)]
pub(crate) struct Axis {
    start: f64,
    end: f64,
    /// Ticks in ascending order.
    pub(crate) ticks: Vec<Tick>,
}

impl Axis {
    /// Returns an axis from zero to a round number at or above `top`.
    pub(crate) fn up_to(top: f64, unit: Unit) -> Axis {
        Axis::between(0.0, top, 4.0, unit)
    }

    /// Returns an axis over a range widened to round numbers, with about
    /// `count` ticks.
    pub(crate) fn between(low: f64, high: f64, count: f64, unit: Unit) -> Axis {
        let low = if low.is_finite() {
            low.clamp(-1e300, 1e300)
        } else {
            0.0
        };
        let high = if high.is_finite() {
            high.clamp(-1e300, 1e300)
        } else {
            low
        };
        let high = match high > low {
            true => high,
            false if unit == Unit::Percent => low + low.abs().max(0.1),
            false => low + low.abs().max(1.0),
        };
        let smallest = if unit == Unit::Count { 1.0 } else { 0.0 };
        let step = round_step((high - low) / count, unit).max(smallest);
        let (first, last) = ((low / step).floor(), (high / step).ceil());
        let ticks = (0..=(last - first).clamp(1.0, 50.0) as i32)
            .map(|index| (first + f64::from(index)) * step)
            .map(|at| Tick {
                at,
                label: unit.tick(at, step),
            })
            .collect();
        Axis {
            start: first * step,
            end: (last * step).max(first * step + step),
            ticks,
        }
    }

    /// Returns an axis for a line: from zero, unless every value lies so high
    /// that the variation would flatten.
    pub(crate) fn for_line(low: f64, high: f64, count: f64, unit: Unit) -> Axis {
        let is_far_from_zero = low > 0.0 && high > low && high - low < low * 0.5;
        let low = if is_far_from_zero { low } else { low.min(0.0) };
        Axis::between(low, high, count, unit)
    }

    /// Returns the remark on an axis that does not start at zero.
    pub(crate) fn start_remark(&self, unit: Unit) -> Option<String> {
        (self.low() > 0.0).then(|| format!("axis starts at {}", unit.number(self.low())))
    }

    /// Ends the axis at the given values rather than at round ones.
    pub(crate) fn cropped(mut self, low: f64, high: f64) -> Axis {
        if low.is_finite() && high.is_finite() && low < high {
            (self.start, self.end) = (low, high);
            self.ticks.retain(|tick| (low..=high).contains(&tick.at));
        }
        self
    }

    /// Returns an axis whose places are rows, the first one on top, or
    /// columns when `is_downward` is false; place `n` is `n..n + 1`.
    pub(crate) fn places(count: usize, is_downward: bool) -> Axis {
        let length = count.max(1) as f64;
        let (start, end) = if is_downward {
            (length, 0.0)
        } else {
            (0.0, length)
        };
        Axis {
            start,
            end,
            ticks: Vec::new(),
        }
    }

    /// Returns a date axis for a drawing `width` pixels wide.
    pub(crate) fn dates(from: f64, to: f64, width: f64) -> Axis {
        let (from, to) = if from.is_finite() && to.is_finite() {
            (from.min(to), from.max(to))
        } else {
            (0.0, 0.0)
        };
        let (from, to) = if to - from < 1.0 {
            (from - 3.0, to + 4.0)
        } else {
            (from, to)
        };
        Axis {
            start: from,
            end: to,
            ticks: date_ticks(from, to, width),
        }
    }

    /// Returns the least value.
    pub(crate) fn low(&self) -> f64 {
        self.start.min(self.end)
    }

    /// Returns the greatest value.
    pub(crate) fn high(&self) -> f64 {
        self.start.max(self.end)
    }

    /// Returns the nearest value on the axis.
    pub(crate) fn clamp(&self, value: f64) -> f64 {
        value.clamp(self.low(), self.high())
    }
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        let share = (self.clamp(*value) - self.start) / (self.end - self.start);
        limit.0 + (share * f64::from(limit.1 - limit.0)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        self.ticks.iter().map(|tick| tick.at).collect()
    }

    fn range(&self) -> Range<f64> {
        self.low()..self.high()
    }
}

/// Returns the smallest round number not below `raw`: 1, 2 or 5 times a power
/// of ten, for percentages 2.5 times as well.
fn round_step(raw: f64, unit: Unit) -> f64 {
    let power = 10f64.powf(raw.log10().floor());
    let factors: &[f64] = match unit {
        Unit::Percent => &[1.0, 2.0, 2.5, 5.0],
        _ => &[1.0, 2.0, 5.0],
    };
    factors
        .iter()
        .copied()
        .find(|factor| factor * power >= raw * (1.0 - 1e-9))
        .unwrap_or(10.0)
        * power
}

/// Returns the highest value a scale of rows or bars should show: the greatest,
/// unless it is more than three times what most of them reach.
pub(crate) fn bar_top(values: &[f64], percent: usize) -> f64 {
    let greatest = values.iter().copied().fold(0.0, f64::max);
    match scale_top(values, percent, 0.0) {
        usual if usual > 0.0 && greatest > usual * 3.0 => usual,
        _ => greatest,
    }
}

/// Returns the highest value a scale should show: the greatest value, unless
/// a few extremes would flatten the rest; those are drawn as off scale. What
/// `percent` of the values do not exceed is always on it, and so is `always`.
pub(crate) fn scale_top(values: &[f64], percent: usize, always: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let Some(greatest) = sorted.last().copied() else {
        return always;
    };
    let usual = sorted[(sorted.len() - 1) * percent / 100];
    let top = (usual * 1.1).max(always * 1.1);
    if greatest <= top * 1.5 {
        greatest.max(always)
    } else {
        top
    }
}

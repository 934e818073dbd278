//! Curves plotters does not draw: cut where they leave the scale, stepped, and
//! written so that ten thousand steps stay small.

use super::canvas::{Canvas, Dash};
use super::svg::tenths;
use super::text::pixels;
use super::token::Token;

/// Points of a curve nearer than this share a place, in pixels.
const LEAST_STEP: f64 = 1.2;

/// A stretch of a stepped band: where it begins, its upper and lower edge, in
/// pixels; it goes on to the next.
pub(super) type BandStep = (f64, f64, f64);

/// Returns the parts of a curve within a range of values, each cut where it
/// crosses the range's ends; a part along an end is outside.
pub(super) fn clipped(points: &[(f64, f64)], low: f64, high: f64) -> Vec<Vec<(f64, f64)>> {
    let mut runs: Vec<Vec<(f64, f64)>> = Vec::new();
    for pair in points.windows(2) {
        let Some((from, to)) = clipped_segment(pair[0], pair[1], low, high) else {
            continue;
        };
        match runs.last_mut() {
            Some(run) if run.last() == Some(&from) => run.push(to),
            _ => runs.push(vec![from, to]),
        }
    }
    runs
}

fn clipped_segment(
    (x0, y0): (f64, f64),
    (x1, y1): (f64, f64),
    low: f64,
    high: f64,
) -> Option<((f64, f64), (f64, f64))> {
    let rise = y1 - y0;
    if rise == 0.0 {
        return (y0 > low && y0 < high).then_some(((x0, y0), (x1, y1)));
    }
    let (a, b) = ((low - y0) / rise, (high - y0) / rise);
    let (from, to) = (a.min(b).max(0.0), a.max(b).min(1.0));
    // The ends stay as they were given, so that neighbours join.
    let at = |share: f64| match share {
        0.0 => (x0, y0),
        1.0 => (x1, y1),
        _ => (x0 + share * (x1 - x0), y0 + share * rise),
    };
    (from < to).then(|| (at(from), at(to)))
}

/// Returns points in ascending `x` without those that share a pixel with the
/// one before; the first and the last stay.
pub(super) fn thinned(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut kept: Vec<(f64, f64)> = Vec::new();
    for (index, point) in points.iter().enumerate() {
        let is_end = index == 0 || index + 1 == points.len();
        let is_apart = |last: &(f64, f64)| point.0 - last.0 >= 2.0 * LEAST_STEP;
        if is_end || kept.last().is_none_or(is_apart) {
            kept.push(*point);
        }
    }
    kept
}

/// Draws levels given in pixels, each from its `x` to the next one's, the last
/// to `end`.
pub(super) fn draw_steps(
    canvas: &Canvas,
    levels: &[(f64, f64)],
    end: f64,
    token: Token,
    dash: Dash,
) {
    let mut data = String::new();
    let mut last = f64::NEG_INFINITY;
    for (index, (x, y)) in levels.iter().enumerate() {
        // What changes within one pixel is drawn as one change.
        let is_last_here = levels
            .get(index + 1)
            .is_none_or(|(next, _)| next - last >= LEAST_STEP);
        if index == 0 {
            data.push_str(&format!("M{} {}", length(*x), length(*y)));
            last = *x;
        } else if is_last_here {
            data.push_str(&format!("H{}V{}", length(*x), length(*y)));
            last = *x;
        }
    }
    if !data.is_empty() {
        data.push_str(&format!("H{}", length(end)));
        canvas.line_path(&data, token, 2.0, dash);
    }
}

/// Fills the area between the edges of a stepped band, the last step to `end`.
pub(super) fn draw_band(canvas: &Canvas, steps: &[BandStep], end: f64, token: Token) {
    let mut kept: Vec<BandStep> = Vec::new();
    for step in steps {
        match kept.last_mut() {
            Some(last) if step.0 - last.0 < LEAST_STEP => (last.1, last.2) = (step.1, step.2),
            _ => kept.push(*step),
        }
    }
    let (Some(first), Some(last)) = (kept.first(), kept.last()) else {
        return;
    };
    let mut data = format!("M{} {}", length(first.0), length(first.1));
    for (x, upper, _) in &kept[1..] {
        data.push_str(&format!("H{}V{}", length(*x), length(*upper)));
    }
    data.push_str(&format!("H{}V{}", length(end), length(last.2)));
    for pair in kept.windows(2).rev() {
        let (x, lower) = (pair[1].0, pair[0].2);
        data.push_str(&format!("H{}V{}", length(x), length(lower)));
    }
    data.push_str(&format!("H{}z", length(first.0)));
    canvas.pale_path(&data, token);
}

/// Draws short upright ticks at places given in pixels; ticks of one pixel are
/// one.
pub(super) fn draw_ticks(canvas: &Canvas, places: &[(f64, f64)], height: f64, token: Token) {
    let mut data = String::new();
    let mut last = f64::NEG_INFINITY;
    for (x, y) in places {
        if x - last >= 2.0 * LEAST_STEP {
            let (x, top) = (length(*x), length(y - height / 2.0));
            data.push_str(&format!("M{x} {top}v{}", length(height)));
        } else {
            continue;
        }
        last = *x;
    }
    if !data.is_empty() {
        canvas.line_path(&data, token, 1.4, Dash::Solid);
    }
}

fn length(value: f64) -> String {
    pixels(tenths(value))
}

#[cfg(test)]
mod tests {
    use super::clipped;

    #[test]
    fn a_curve_is_cut_where_it_leaves_the_scale() {
        let curve = [(0.0, 3.0), (2.0, 1.0), (3.0, 0.5), (4.0, 0.0), (5.0, 0.0)];
        let cut = clipped(&curve, 0.0, 2.0);
        assert_eq!(cut, [[(1.0, 2.0), (2.0, 1.0), (3.0, 0.5), (4.0, 0.0)]]);
    }

    #[test]
    fn what_leaves_and_comes_back_is_two_parts() {
        let curve = [(0.0, 1.0), (1.0, 3.0), (2.0, 1.0)];
        let cut = clipped(&curve, 0.0, 2.0);
        assert_eq!(cut, [[(0.0, 1.0), (0.5, 2.0)], [(1.5, 2.0), (2.0, 1.0)]]);
    }

    #[test]
    fn a_curve_along_or_beyond_the_edge_is_not_drawn() {
        assert!(clipped(&[(0.0, 2.0), (9.0, 2.0)], 0.0, 2.0).is_empty());
        assert!(clipped(&[(0.0, 5.0), (9.0, 4.0)], 0.0, 2.0).is_empty());
        assert!(clipped(&[(0.0, 1.0)], 0.0, 2.0).is_empty());
    }

    #[test]
    fn a_leap_across_the_scale_is_drawn_within_it() {
        let cut = clipped(&[(0.0, -1.0), (3.0, 2.0)], 0.0, 1.0);
        assert_eq!(cut.len(), 1);
        for ((x, y), (at, level)) in cut[0].iter().zip([(1.0, 0.0), (2.0, 1.0)]) {
            assert!((x - at).abs() < 1e-12 && (y - level).abs() < 1e-12);
        }
    }
}

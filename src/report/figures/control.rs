//! What every control chart of a page is drawn from.

use chrono::NaiveDate;

use crate::chart::{ControlLimits, ControlPoint};
use crate::statistics::XmrChart;

/// Returns the limits as they are drawn.
pub(in crate::report) fn limits_of(chart: &XmrChart) -> ControlLimits {
    ControlLimits {
        mean: chart.centre,
        lower: chart.lower_limit,
        upper: chart.upper_limit,
        range_upper: chart.moving_range_limit,
    }
}

/// Returns whether a rule fired at the point of that place.
pub(in crate::report) fn is_signal(control: Option<&XmrChart>, place: usize) -> bool {
    let point = control.and_then(|chart| chart.points.get(place));
    point.is_some_and(|point| !point.signals.is_empty())
}

/// Returns one point per week, given in order of time; a gap has no value, and the
/// next moving range reaches over it.
pub(super) fn points(
    weeks: impl Iterator<Item = (NaiveDate, Option<f64>)>,
    control: Option<&XmrChart>,
) -> Vec<ControlPoint> {
    let mut before: Option<f64> = None;
    let mut points = Vec::new();
    for (place, (date, value)) in weeks.enumerate() {
        let moving_range = value.zip(before).map(|(now, then)| (now - then).abs());
        before = value.or(before);
        points.push(ControlPoint {
            date,
            value,
            moving_range,
            is_signal: is_signal(control, place),
            note: None,
            href: None,
        });
    }
    points
}

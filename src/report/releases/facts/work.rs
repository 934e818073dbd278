//! What the items of a release took: the rows of time and of effort.

use super::{counted, row, unknown, withheld};
use crate::report::format;
use crate::report::page::Cell;
use crate::report::releases::model::Release;
use crate::report::releases::paragraph::{FEWEST, Setting};

/// The rows that effort dates.
const EFFORT_ROWS: [&str; 4] = [
    "Items compared",
    "Planned effort, hours",
    "Actual effort, hours",
    "Actual / planned",
];

/// Cycle time is of what was delivered; what is open has an age so far.
pub(super) fn clocks(release: &Release, setting: &Setting<'_>) -> Vec<Vec<Cell>> {
    let (counts, time) = (&release.counts, &release.time);
    let median = |days: Option<f64>, why: &str| match days {
        Some(_) => Cell::number(days, format::number),
        None => Cell::text("n/a").noted(Some(why)),
    };
    let delivered = counts.timed_delivered;
    let open = counts.timed.saturating_sub(delivered);
    let mut rows = vec![row(
        "Cycle time, median days",
        median(time.delivered_median_days, "nothing delivered"),
        format!(
            "from commitment to delivery, of {} with a clock",
            format::count(delivered, "delivered item", "delivered items")
        ),
    )];
    if open > 0 {
        rows.push(row(
            "Age so far, median days",
            median(time.age_median_days, "no clock"),
            format!(
                "from commitment to this report, of {} with a clock",
                format::count(open, "open item", "open items")
            ),
        ));
        rows.push(row(
            "Of these, open",
            counted(open, "timed-open", setting),
            "with a clock and not delivered",
        ));
    }
    rows
}

pub(super) fn effort(release: &Release, setting: &Setting<'_>) -> Vec<Vec<Cell>> {
    if let Some(missing) = setting.missing(&["effort"]) {
        return vec![row("Planned and actual effort", unknown(&missing), "")];
    }
    if let Some(tag) = (setting.stale)("estimation_error") {
        return withheld(&EFFORT_ROWS, &tag);
    }
    let compared = release.counts.compared;
    let effort = &release.effort;
    vec![
        row(
            "Items compared",
            counted(compared, "compared", setting),
            "delivered, with an estimate when work began and effort",
        ),
        row(
            "Planned effort, hours",
            Cell::number(effort.estimate_hours, format::number),
            "of these items",
        ),
        row(
            "Actual effort, hours",
            Cell::number(effort.actual_hours, format::number),
            "of these items",
        ),
        row(
            "Actual / planned",
            match effort.ratio {
                Some(_) if compared < FEWEST => unknown("fewer than 5 items"),
                ratio => Cell::number(ratio, format::percent),
            },
            "of these items together; each is in the retrospective",
        ),
    ]
}

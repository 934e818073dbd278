//! The question of planned against actual effort.

use super::{Finding, asks, on_page};
use crate::report::format;
use crate::report::releases::model::Release;
use crate::report::releases::paragraph::{FEWEST, Setting};

/// From this ratio of actual to planned effort on, or below its inverse.
const MUCH_EFFORT: f64 = 1.25;
/// From this share of the whole difference on, an item is named as what makes it.
const MOST_OF_IT: f64 = 0.5;

pub(super) fn overrun(release: &Release, setting: &Setting<'_>) -> Finding {
    if let Some(missing) = setting.missing(&["effort"]) {
        return Finding::Untried(format!("Planned and actual effort: {missing}."));
    }
    let compared = release.counts.compared;
    let (Some(ratio), true) = (release.effort.ratio, compared >= FEWEST) else {
        return Finding::Untried(format!(
            "Planned and actual effort: {} with both, fewer than {FEWEST}.",
            format::count(compared, "item", "items")
        ));
    };
    let change = format::percent((ratio - 1.0).abs());
    let evidence = on_page("fig-effort", "Planned and actual, item by item");
    if ratio >= MUCH_EFFORT {
        return asks(
            format!(
                "{compared} items together took {change} more effort than planned{}. Which part of the work was not in the estimates?",
                driver(release)
            ),
            evidence,
        );
    }
    if ratio <= 1.0 / MUCH_EFFORT {
        return asks(
            format!(
                "{compared} items together took {change} less effort than planned{}. What was the rest of the estimates for?",
                driver(release)
            ),
            evidence,
        );
    }
    Finding::Calm
}

/// ", 85% of it IDN-217 (+108 of +127 hours)": the one item that makes at least half
/// of the difference; nothing where none does, or where it is all there is.
fn driver(release: &Release) -> String {
    let differences: Vec<(&str, f64)> = release
        .compared_items()
        .filter_map(|item| Some((item.id.as_str(), item.actual_hours? - item.estimate_hours?)))
        .collect();
    let whole: f64 = differences.iter().map(|(_, hours)| hours).sum();
    let most = differences
        .iter()
        .max_by(|a, b| (a.1 * whole).total_cmp(&(b.1 * whole)));
    let Some((id, hours)) = most.filter(|_| whole != 0.0 && differences.len() > 1) else {
        return String::new();
    };
    let share = hours / whole;
    if share < MOST_OF_IT {
        return String::new();
    }
    let part = match share > 1.0 {
        true => "more than all".to_owned(),
        false => format::percent(share),
    };
    format!(
        ", {part} of it {id} ({} of {} hours)",
        format::signed(*hours),
        format::signed(whole)
    )
}

//! What the deployments of a period meant for the items that came with them.

use super::{Context, FEWEST, count_of};
use crate::error::Result;
use crate::report::format;

/// Says how many delivered items came with a deployment that failed, and how many
/// needed more than one attempt; empty where none can be judged.
pub(super) fn sentence(context: &Context<'_>) -> Result<String> {
    let outcomes = context.marts.rows("item_outcomes")?;
    let (mut judged, mut failed, mut retried) = (0_u64, 0_u64, 0_u64);
    for row in outcomes.indices() {
        let week = outcomes.date("week_start", row)?;
        if !week.is_some_and(|week| context.is_within(week)) {
            continue;
        }
        let Some(is_failed) = outcomes.boolean("is_failed", row)? else {
            continue;
        };
        judged += 1;
        failed += u64::from(is_failed);
        retried += u64::from(count_of(&outcomes, "failed_attempt_count", row)? > 0);
    }
    if judged == 0 {
        return Ok(String::new());
    }
    let items = format::count(judged, "delivered item", "delivered items");
    let share = if judged < FEWEST {
        String::new()
    } else {
        #[allow(clippy::cast_precision_loss, reason = "item counts are far below 2^52")]
        let share = failed as f64 / judged as f64;
        format!(" ({})", format::percent(share))
    };
    Ok(format!(
        ". Of {items}, {}{share} came with a deployment that failed, and {} at a later attempt",
        format::integer(failed),
        format::integer(retried)
    ))
}

//! The long tables of the page: of what not enough is known, what was rejected, and all
//! that was tried.

use super::trial::Trial;
use super::{Loaded, proposal};
use crate::report::format;
use crate::report::page::{Cell, DataTable};

/// How many rows a table of the page shows; all stand on a list.
const MOST_ROWS: usize = 20;

/// Beyond how many a number that would be enough says no more than "very many".
const VERY_MANY: i64 = 10_000;

/// What would be enough; nothing where a side to compare with is missing.
fn enough_cell(trial: &Trial, count: Option<i64>) -> Cell {
    match count.filter(|_| trial.lacking().is_none()) {
        None => Cell::maybe(None),
        Some(count) if count > VERY_MANY => {
            let mut cell = Cell::integer(count);
            cell.text = format!("over {}", format::integer(VERY_MANY));
            cell
        }
        Some(count) => Cell::integer(count),
    }
}

impl Loaded {
    /// Of what not enough is known to say, the nearest to enough first.
    pub(super) fn not_enough(&self) -> DataTable {
        let mut trials: Vec<&Trial> = self
            .trials
            .iter()
            .filter(|one| one.verdict == "not_enough")
            .collect();
        let enough = |trial: &Trial| trial.enough_releases.unwrap_or(i64::MAX);
        trials.sort_by(|a, b| {
            let lacking = a.lacking().is_some().cmp(&b.lacking().is_some());
            let nearest = enough(a).cmp(&enough(b));
            lacking
                .then(nearest)
                .then_with(|| a.rule_id.cmp(&b.rule_id))
        });
        let rows = trials.into_iter().map(|trial| {
            let enough = |count: Option<i64>| enough_cell(trial, count);
            vec![
                Cell::text(trial.text.clone()),
                Cell::text(trial.outcome.words()),
                Cell::integer(trial.earlier.releases + trial.later.releases),
                enough(trial.enough_releases).noted(trial.lacking()),
                Cell::integer(trial.later.matched),
                enough(trial.enough_matched),
                Cell::number(trial.later.effect, |effect| {
                    trial.outcome.difference(effect)
                }),
                Cell::text(trial.rule_id.clone()),
            ]
        });
        DataTable::new(
            "Not enough to say, and what would be enough if the effect is as the earlier releases had it",
            &[
                "Rule",
                "Judged on",
                "#Releases",
                "#Enough",
                "#Matched, later ones",
                "#Enough",
                "#Difference so far",
                "Id",
            ],
            rows.collect(),
            MOST_ROWS,
        )
    }

    /// What was rejected, with the reason.
    pub(super) fn rejected(&self) -> DataTable {
        let rejected = self.decided.iter().filter(|one| one.state == "rejected");
        let rows = rejected.map(|one| {
            let day = one
                .decided_at
                .map(|at| at.with_timezone(&self.zone).date_naive());
            vec![
                Cell::text(one.title.clone()).anchored(proposal::anchor(&one.rule_id)),
                Cell::text(one.outcome.words()),
                Cell::text(one.why.clone()),
                Cell::maybe(day.map(format::date).as_deref()),
                Cell::maybe(one.by.as_deref()),
                Cell::text(one.rule_id.clone()),
            ]
        });
        DataTable::new(
            "Rejected, with the reason",
            &["Rule", "Judged on", "Why", "On", "By", "Id"],
            rows.collect(),
            MOST_ROWS,
        )
    }

    /// Everything that was tried, the surest first.
    pub(super) fn tried(&self) -> DataTable {
        let mut trials: Vec<&Trial> = self.trials.iter().collect();
        trials.sort_by(|a, b| a.by_chance(b));
        let rows = trials.into_iter().map(|trial| {
            vec![
                Cell::text(trial.text.clone()),
                Cell::text(trial.outcome.words()),
                Cell::text(trial.verdict_words()),
                Cell::integer(trial.later.matched),
                Cell::integer(trial.later.unmatched),
                Cell::number(trial.later.effect, |effect| {
                    trial.outcome.difference(effect)
                }),
                Cell::maybe(trial.interval_words(&trial.later).as_deref()),
                Cell::number(trial.p_value, format::probability),
                Cell::number(trial.p_limit, format::probability),
                Cell::text(trial.rule_id.clone()),
            ]
        });
        DataTable::new(
            "All rules tried, on the later releases, the surest first",
            &[
                "Rule",
                "Judged on",
                "Verdict",
                "#Matched items",
                "#Other items",
                "#Difference",
                "95% interval",
                "#Chance",
                "#Limit",
                "Id",
            ],
            rows.collect(),
            MOST_ROWS,
        )
    }
}

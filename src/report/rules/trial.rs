//! The candidates that a run tried, as the mart `rule_candidates` has them.

use super::outcome::outcome_of;
use crate::error::Result;
use crate::lake::Rows;
use crate::query::RuleOutcome;
use crate::report::format;
use crate::report::page::{Cell, DataTable};

/// The later and the earlier releases.
const BOTH: usize = 2;

/// Below how many items a share carries no weight.
const FEWEST: i64 = 5;

/// What releases say of matched and unmatched items.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Side {
    pub(super) releases: i64,
    pub(super) matched: i64,
    pub(super) unmatched: i64,
    /// Bad ones; `None` where the outcome is a median, or they are not counted.
    pub(super) matched_bad: Option<i64>,
    pub(super) unmatched_bad: Option<i64>,
    pub(super) matched_outcome: Option<f64>,
    pub(super) unmatched_outcome: Option<f64>,
    pub(super) effect: Option<f64>,
    pub(super) interval: Option<(f64, f64)>,
}

/// One candidate for a rule.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Trial {
    pub(super) rule_id: String,
    pub(super) text: String,
    pub(super) template: String,
    pub(super) action: String,
    pub(super) outcome: RuleOutcome,
    /// The earlier releases, which it was found on.
    pub(super) earlier: Side,
    /// The later ones, which it was judged on.
    pub(super) later: Side,
    pub(super) p_value: Option<f64>,
    pub(super) p_limit: Option<f64>,
    pub(super) tried: i64,
    /// recommended, covered, not_enough, no_effect or contradicted.
    pub(super) verdict: String,
    pub(super) enough_releases: Option<i64>,
    pub(super) enough_matched: Option<i64>,
}

impl Trial {
    /// Returns whether somebody should decide on it.
    pub(super) fn is_recommended(&self) -> bool {
        self.verdict == "recommended"
    }

    /// Compares the chances of two, the smaller first; of equals, the first by its id.
    pub(super) fn by_chance(&self, other: &Self) -> std::cmp::Ordering {
        let chance = |trial: &Self| trial.p_value.unwrap_or(f64::INFINITY);
        let order = chance(self).total_cmp(&chance(other));
        order.then_with(|| self.rule_id.cmp(&other.rule_id))
    }

    /// Returns the verdict in words.
    pub(super) fn verdict_words(&self) -> &str {
        match self.verdict.as_str() {
            "recommended" => "recommended",
            "covered" => "covered by another of its template",
            "not_enough" => "not enough to say",
            "no_effect" => "no effect shown",
            "contradicted" => "contradicted by later releases",
            other => other,
        }
    }

    /// Returns which side of the comparison has no item; `None` where both have some.
    pub(super) fn lacking(&self) -> Option<&'static str> {
        let both = [&self.earlier, &self.later];
        if both.iter().any(|side| side.matched == 0) {
            return Some("no matched item to compare");
        }
        let is_whole = both.iter().all(|side| side.unmatched > 0);
        (!is_whole).then_some("no other item to compare with")
    }

    /// The same figures on the later and on the earlier releases.
    pub(super) fn evidence(&self) -> DataTable {
        let rows = [
            ("Later releases, which it was judged on", &self.later),
            ("Earlier releases, which it was found on", &self.earlier),
        ];
        let rows = rows.map(|(name, side)| self.evidence_row(name, side));
        DataTable::new(
            format!(
                "Evidence for {}: {}, matched against unmatched",
                self.rule_id,
                self.outcome.words()
            ),
            &[
                "Where",
                "#Releases",
                "#Matched items",
                "#Their outcome",
                "#Other items",
                "#Their outcome",
                "#Difference",
                "95% interval",
            ],
            rows.into(),
            BOTH,
        )
    }

    fn evidence_row(&self, name: &str, side: &Side) -> Vec<Cell> {
        let outcome = self.outcome;
        let level = |value: Option<f64>, bad: Option<i64>, all: i64| {
            let of = bad.map(|bad| {
                let (bad, all) = (format::integer(bad), format::integer(all));
                format!("{bad} of {all}")
            });
            let few = (all < FEWEST).then(|| "fewer than 5".to_owned());
            let note = [of, few].into_iter().flatten().collect::<Vec<_>>();
            let note = (!note.is_empty()).then(|| note.join(", "));
            Cell::number(value, |value| outcome.level(value)).noted(note.as_deref())
        };
        vec![
            Cell::text(name),
            Cell::integer(side.releases),
            Cell::integer(side.matched),
            level(side.matched_outcome, side.matched_bad, side.matched),
            Cell::integer(side.unmatched),
            level(side.unmatched_outcome, side.unmatched_bad, side.unmatched),
            Cell::number(side.effect, |effect| outcome.difference(effect)),
            Cell::maybe(self.interval_words(side).as_deref()),
        ]
    }

    /// Writes the interval of a difference; `None` where there is none.
    pub(super) fn interval_words(&self, side: &Side) -> Option<String> {
        let (lower, upper) = side.interval?;
        let (lower, upper) = (
            self.outcome.difference(lower),
            self.outcome.difference(upper),
        );
        Some(format!("{lower} to {upper}"))
    }
}

/// Reads the mart.
pub(super) fn load_trials(rows: &Rows) -> Result<Vec<Trial>> {
    rows.indices().map(|row| read_trial(rows, row)).collect()
}

fn read_trial(rows: &Rows, row: usize) -> Result<Trial> {
    let text = |column| rows.owned_text(column, row);
    let number = |column| rows.number(column, row);
    let integer = |column| rows.integer(column, row);
    Ok(Trial {
        rule_id: text("rule_id")?,
        text: text("rule_text")?,
        template: text("template")?,
        action: text("action")?,
        outcome: outcome_of(&text("outcome")?)?,
        earlier: Side {
            releases: integer("fit_release_count")?.unwrap_or(0),
            matched: integer("fit_matched_count")?.unwrap_or(0),
            unmatched: integer("fit_unmatched_count")?.unwrap_or(0),
            matched_outcome: number("fit_matched_outcome")?,
            unmatched_outcome: number("fit_unmatched_outcome")?,
            effect: number("fit_effect")?,
            ..Side::default()
        },
        later: Side {
            releases: integer("judge_release_count")?.unwrap_or(0),
            matched: integer("judge_matched_count")?.unwrap_or(0),
            unmatched: integer("judge_unmatched_count")?.unwrap_or(0),
            matched_bad: integer("judge_matched_bad")?,
            unmatched_bad: integer("judge_unmatched_bad")?,
            matched_outcome: number("judge_matched_outcome")?,
            unmatched_outcome: number("judge_unmatched_outcome")?,
            effect: number("judge_effect")?,
            interval: number("judge_lower")?.zip(number("judge_upper")?),
        },
        p_value: number("p_value")?,
        p_limit: number("p_limit")?,
        tried: integer("tried_count")?.unwrap_or(0),
        verdict: text("verdict")?,
        enough_releases: integer("enough_release_count")?,
        enough_matched: integer("enough_matched_count")?,
    })
}

/// Returns a candidate, to try templates and rules on.
#[cfg(test)]
pub(super) fn sample(rule_id: &str, verdict: &str) -> Trial {
    Trial {
        rule_id: rule_id.to_owned(),
        text: "Items estimated at 40 hours or more".to_owned(),
        template: "large_estimate".to_owned(),
        action: "hold".to_owned(),
        outcome: RuleOutcome::Incident,
        earlier: Side {
            releases: 12,
            matched: 40,
            unmatched: 200,
            matched_outcome: Some(0.3),
            unmatched_outcome: Some(0.1),
            effect: Some(0.2),
            ..Side::default()
        },
        later: Side {
            releases: 8,
            matched: 30,
            unmatched: 4,
            matched_bad: Some(9),
            unmatched_bad: Some(1),
            matched_outcome: Some(0.3),
            unmatched_outcome: Some(0.25),
            effect: Some(0.05),
            interval: Some((0.01, 0.09)),
        },
        p_value: Some(0.0012),
        p_limit: Some(0.0042),
        tried: 120,
        verdict: verdict.to_owned(),
        enough_releases: Some(20),
        enough_matched: Some(60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_gives_k_of_n_and_says_where_items_are_few() {
        let table = sample("large_estimate.40.incident", "recommended").evidence();
        let later: Vec<&str> = table.rows[0]
            .iter()
            .map(|cell| cell.text.as_str())
            .collect();
        let expected = ["8", "30", "30%", "4", "25%", "+5 pts", "+1 pts to +9 pts"];
        assert_eq!(later[1..], expected);
        assert_eq!(table.rows[0][3].note.as_deref(), Some("9 of 30"));
        assert_eq!(
            table.rows[0][5].note.as_deref(),
            Some("1 of 4, fewer than 5")
        );
        assert_eq!(table.rows[1][7].text, format::MISSING);
    }

    #[test]
    fn a_side_without_items_is_named() {
        let mut trial = sample("large_estimate.40.incident", "not_enough");
        assert_eq!(trial.lacking(), None);
        trial.later.unmatched = 0;
        assert_eq!(trial.lacking(), Some("no other item to compare with"));
        trial.earlier.matched = 0;
        assert_eq!(trial.lacking(), Some("no matched item to compare"));
    }
}

//! Rules that were decided on, as the mart `rule_decisions` has them, and what the page
//! says of each decision.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::outcome::outcome_of;
use crate::error::Result;
use crate::lake::Rows;
use crate::query::RuleOutcome;
use crate::report::format;

/// A rule as the mart `rule_decisions` has it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Decided {
    pub(super) rule_id: String,
    pub(super) title: String,
    pub(super) template: String,
    pub(super) outcome: RuleOutcome,
    pub(super) action: String,
    /// accepted, rejected or retired.
    pub(super) state: String,
    pub(super) why: String,
    pub(super) by: Option<String>,
    pub(super) evidence: Option<(f64, f64, f64)>,
    pub(super) evidence_counts: Option<(i64, i64, i64)>,
    pub(super) is_forced: bool,
    pub(super) is_template_gone: bool,
    pub(super) is_template_changed: bool,
    pub(super) accepted_at: Option<DateTime<Utc>>,
    pub(super) decided_at: Option<DateTime<Utc>>,
}

impl Decided {
    /// Returns whether it takes part in scores and gates.
    pub(super) fn is_in_force(&self) -> bool {
        self.state == "accepted"
    }

    /// Says what was decided when and by whom.
    pub(super) fn decision_words(&self, zone: Tz) -> String {
        let at = self.decided_at.map_or_else(
            || format::MISSING.to_owned(),
            |at| format::date(at.with_timezone(&zone).date_naive()),
        );
        let by = self
            .by
            .as_ref()
            .map_or_else(String::new, |by| format!(" by {by}"));
        let forced = match self.is_forced {
            true => ", against the evidence or an earlier decision",
            false => "",
        };
        format!("{} on {at}{by}{forced}", self.state)
    }

    /// Says on which figures it was decided.
    pub(super) fn basis_words(&self) -> String {
        let Some((effect, lower, upper)) = self.evidence else {
            return "No figures were written down with the decision.".to_owned();
        };
        let write = |value| self.outcome.difference(value);
        let counts = self
            .evidence_counts
            .map_or_else(String::new, |(matched, other, releases)| {
                format!(
                    " ({} against {} of {})",
                    format::count(matched, "item", "items"),
                    format::integer(other),
                    format::count(releases, "release", "releases")
                )
            });
        format!(
            "Decided on a difference of {} in {}, 95% {} to {}{counts}.",
            write(effect),
            self.outcome.words(),
            write(lower),
            write(upper)
        )
    }

    /// Says what became of its template.
    pub(super) fn template_words(&self) -> Option<String> {
        if self.is_template_gone {
            return Some(format!(
                "The template {} is gone: the rule matches nothing any more.",
                self.template
            ));
        }
        self.is_template_changed.then(|| {
            format!(
                "The template {} has changed since the figures of the decision.",
                self.template
            )
        })
    }
}

/// Reads the mart `rule_decisions`.
pub(super) fn load_decided(rows: &Rows) -> Result<Vec<Decided>> {
    rows.indices().map(|row| read_decided(rows, row)).collect()
}

fn read_decided(rows: &Rows, row: usize) -> Result<Decided> {
    let text = |column| rows.owned_text(column, row);
    let flag = |column| -> Result<bool> { Ok(rows.boolean(column, row)? == Some(true)) };
    let number = |column| rows.number(column, row);
    let count = |column| rows.integer(column, row);
    let ends = number("evidence_lower")?.zip(number("evidence_upper")?);
    let counts = count("evidence_matched_count")?.zip(count("evidence_unmatched_count")?);
    Ok(Decided {
        rule_id: text("rule_id")?,
        title: text("rule_text")?,
        template: text("template")?,
        outcome: outcome_of(&text("outcome")?)?,
        action: text("action")?,
        state: text("state")?,
        why: text("why")?,
        by: rows.maybe_owned_text("decided_by", row)?,
        evidence: number("evidence_effect")?
            .zip(ends)
            .map(|(effect, (lower, upper))| (effect, lower, upper)),
        evidence_counts: counts
            .zip(count("evidence_release_count")?)
            .map(|((matched, other), releases)| (matched, other, releases)),
        is_forced: flag("is_forced")?,
        is_template_gone: flag("is_template_gone")?,
        is_template_changed: flag("is_template_changed")?,
        accepted_at: rows.instant("accepted_at", row)?,
        decided_at: rows.instant("decided_at", row)?,
    })
}

/// A decided rule, to try words on.
#[cfg(test)]
pub(super) fn sample(rule_id: &str, state: &str) -> Decided {
    Decided {
        rule_id: rule_id.to_owned(),
        title: "Items estimated at 60 hours or more".to_owned(),
        template: "large_estimate".to_owned(),
        outcome: RuleOutcome::Incident,
        action: "hold".to_owned(),
        state: state.to_owned(),
        why: "It helps.".to_owned(),
        by: Some("Ada".to_owned()),
        evidence: Some((0.2, 0.1, 0.3)),
        evidence_counts: Some((30, 200, 8)),
        is_forced: false,
        is_template_gone: false,
        is_template_changed: false,
        accepted_at: (state != "rejected")
            .then(|| DateTime::from_timestamp(0, 0))
            .flatten(),
        decided_at: DateTime::from_timestamp(0, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_is_told_with_date_name_and_figures() {
        let mut decided = sample("large_estimate.60.incident", "accepted");
        assert_eq!(
            decided.decision_words(Tz::UTC),
            "accepted on 1 Jan 1970 by Ada"
        );
        assert_eq!(
            decided.basis_words(),
            "Decided on a difference of +20 pts in items followed by an incident, 95% +10 pts to +30 pts (30 items against 200 of 8 releases)."
        );
        decided.is_forced = true;
        decided.evidence = None;
        assert!(
            decided
                .decision_words(Tz::UTC)
                .ends_with("against the evidence or an earlier decision")
        );
        assert!(decided.basis_words().starts_with("No figures"));
    }

    #[test]
    fn a_template_that_is_gone_or_another_is_named() {
        let mut decided = sample("large_estimate.60.incident", "accepted");
        assert_eq!(decided.template_words(), None);
        decided.is_template_changed = true;
        assert!(
            decided
                .template_words()
                .is_some_and(|words| words.contains("has changed"))
        );
        decided.is_template_gone = true;
        assert!(
            decided
                .template_words()
                .is_some_and(|words| words.contains("is gone"))
        );
    }
}

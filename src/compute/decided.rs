//! What was decided on rules, as settings: nothing dated after the as-of is seen.

use arrow::array::RecordBatch;
use chrono::{DateTime, Utc};

use super::settings::{
    batch, booleans, integers, numbers, optional_instants, optional_integers, optional_texts, texts,
};
use crate::config::{Decision, Evidence, RuleAction, RuleState};
use crate::error::Result;

/// Returns one row per rule: what was decided last, when it was accepted, the points it
/// adds to a score or takes from one, and the figures that its acceptance, or else its
/// last decision, rests on.
pub(super) fn decided_table(
    decisions: &[Decision],
    decided: &[&Decision],
    raise_points: f64,
) -> Result<RecordBatch> {
    let accepted: Vec<Option<&Decision>> = decided
        .iter()
        .map(|one| last_acceptance(decisions, one))
        .collect();
    let behind = || {
        decided.iter().zip(&accepted).map(|(one, accepted)| {
            let basis = accepted.unwrap_or(one);
            basis.evidence.as_ref().or(one.evidence.as_ref())
        })
    };
    let figure = |read: fn(&Evidence) -> Option<f64>| numbers(behind().map(|it| it.and_then(read)));
    let whole = |read: fn(&Evidence) -> Option<u64>| {
        let read = |it: Option<&Evidence>| it.and_then(read).and_then(|n| i64::try_from(n).ok());
        optional_integers(behind().map(read))
    };
    let required: Vec<Option<String>> = decided.iter().map(|one| required_kind(one)).collect();
    let actions: Vec<String> = decided.iter().map(|one| one.action.to_string()).collect();
    batch(vec![
        (
            "rule_id",
            texts(decided.iter().map(|one| one.rule_id.as_str())),
        ),
        (
            "template",
            texts(decided.iter().map(|one| one.template.as_str())),
        ),
        (
            "outcome",
            texts(decided.iter().map(|one| one.outcome.as_str())),
        ),
        (
            "threshold",
            numbers(decided.iter().map(|one| one.threshold)),
        ),
        (
            "category",
            optional_texts(decided.iter().map(|one| one.category.as_deref())),
        ),
        ("action", texts(actions.iter().map(String::as_str))),
        ("state", texts(decided.iter().map(|one| one.state.as_str()))),
        (
            "decided_at",
            optional_instants(decided.iter().map(|one| Some(one.decided_at))),
        ),
        (
            "decided_by",
            optional_texts(decided.iter().map(|one| one.decided_by.as_deref())),
        ),
        ("why", texts(decided.iter().map(|one| one.why.as_str()))),
        (
            "action_kind",
            texts(decided.iter().map(|one| one.action.kind())),
        ),
        (
            "required_kind",
            optional_texts(required.iter().map(Option::as_deref)),
        ),
        (
            "points",
            numbers(decided.iter().map(|one| match &one.action {
                RuleAction::Raise => Some(raise_points),
                RuleAction::Lower => Some(-raise_points),
                _ => None,
            })),
        ),
        (
            "is_forced",
            booleans(decided.iter().map(|one| one.is_forced)),
        ),
        (
            "accepted_at",
            optional_instants(accepted.iter().map(|one| one.map(|it| it.decided_at))),
        ),
        ("evidence_effect", figure(|it| it.effect)),
        ("evidence_lower", figure(|it| it.lower)),
        ("evidence_upper", figure(|it| it.upper)),
        ("evidence_matched_count", whole(|it| it.matched_count)),
        ("evidence_unmatched_count", whole(|it| it.unmatched_count)),
        ("evidence_release_count", whole(|it| it.release_count)),
        (
            "evidence_as_of",
            optional_instants(behind().map(|it| it.and_then(|it| it.as_of))),
        ),
        (
            "evidence_sha256",
            optional_texts(behind().map(|it| it.and_then(|it| it.definition_sha256.as_deref()))),
        ),
    ])
}

/// Returns what a rule requires, as approvals and evidence name their kinds.
fn required_kind(decision: &Decision) -> Option<String> {
    match &decision.action {
        RuleAction::Require(kind) => Some(kind.to_lowercase().replace(' ', "_")),
        _ => None,
    }
}

/// Returns the latest acceptance of a rule up to a decision on it.
fn last_acceptance<'d>(decisions: &'d [Decision], up_to: &Decision) -> Option<&'d Decision> {
    let mut earlier: Vec<&Decision> = decisions
        .iter()
        .filter(|one| one.rule_id == up_to.rule_id && one.decided_at <= up_to.decided_at)
        .collect();
    earlier.sort_by_key(|one| one.decided_at);
    let found = earlier.into_iter().rev();
    let mut found = found.filter(|one| one.state == RuleState::Accepted);
    found.next()
}

/// Returns one row per decision by `as_of`, each rule's numbered from 1.
pub(super) fn log_table(decisions: &[Decision], as_of: DateTime<Utc>) -> Result<RecordBatch> {
    let mut seen: Vec<&Decision> = decisions
        .iter()
        .filter(|one| one.decided_at <= as_of)
        .collect();
    seen.sort_by(|a, b| (&a.rule_id, a.decided_at).cmp(&(&b.rule_id, b.decided_at)));
    let mut numbers: Vec<i64> = Vec::new();
    for (place, one) in seen.iter().enumerate() {
        let before = place.checked_sub(1).map(|before| seen[before]);
        let is_same = before.is_some_and(|before| before.rule_id == one.rule_id);
        numbers.push(match (is_same, numbers.last()) {
            (true, Some(number)) => number + 1,
            _ => 1,
        });
    }
    batch(vec![
        (
            "rule_id",
            texts(seen.iter().map(|one| one.rule_id.as_str())),
        ),
        ("decision_number", integers(numbers.into_iter())),
        ("state", texts(seen.iter().map(|one| one.state.as_str()))),
        (
            "decided_at",
            optional_instants(seen.iter().map(|one| Some(one.decided_at))),
        ),
        (
            "decided_by",
            optional_texts(seen.iter().map(|one| one.decided_by.as_deref())),
        ),
        ("why", texts(seen.iter().map(|one| one.why.as_str()))),
        ("is_forced", booleans(seen.iter().map(|one| one.is_forced))),
    ])
}

//! The templates of rules as settings: what each says and tries, what it lacks, and
//! how sure one has to be.

use std::iter::once;

use arrow::array::RecordBatch;

use super::needs::{check_needs, missing_words, unknown};
use super::settings::{batch, booleans, integers, numbers, optional_texts, texts};
use crate::config::{Config, RuleLimits};
use crate::error::{Error, Result};
use crate::lake::Manifest;
use crate::query::{Query, RuleHeader, Thresholds};

/// Returns one row per template, by name: what it says, whether it is on, and what it
/// lacks.
pub(super) fn templates_table(
    config: &Config,
    snapshot: &Manifest,
    queries: &[Query],
) -> Result<RecordBatch> {
    let rules: Vec<(&Query, &RuleHeader)> = rules_of(queries).collect();
    let names = || rules.iter().map(|(query, _)| query.name.as_str());
    let heads = || rules.iter().map(|(_, rule)| *rule);
    let missing: Vec<Option<String>> = heads()
        .map(|rule| missing_words(&rule.needs, snapshot))
        .collect();
    let hashes: Vec<String> = rules.iter().map(|(query, _)| query.sha256()).collect();
    batch(vec![
        ("template", texts(names())),
        ("title", texts(heads().map(|rule| rule.title.as_str()))),
        (
            "about",
            texts(rules.iter().map(|(query, _)| query.about.as_str())),
        ),
        ("action", texts(heads().map(|rule| rule.action.as_str()))),
        (
            "compares",
            texts(heads().map(|rule| rule.compares.as_str())),
        ),
        (
            "missing_words",
            optional_texts(missing.iter().map(Option::as_deref)),
        ),
        (
            "is_on",
            booleans(names().map(|name| config.rules.is_on(name))),
        ),
        (
            "definition_sha256",
            texts(hashes.iter().map(String::as_str)),
        ),
    ])
}

/// Returns one row per threshold of a template; one without a number where they are
/// cut from the past.
pub(super) fn thresholds_table(queries: &[Query]) -> Result<RecordBatch> {
    let mut rows: Vec<(&str, &str, Option<f64>)> = Vec::new();
    for (query, rule) in rules_of(queries) {
        let name = query.name.as_str();
        match &rule.thresholds {
            Thresholds::Numbers(tried) => {
                rows.extend(tried.iter().map(|number| (name, "number", Some(*number))));
            }
            Thresholds::Quartiles => rows.push((name, "quartiles", None)),
            Thresholds::Categories => rows.push((name, "categories", None)),
        }
    }
    batch(vec![
        ("template", texts(rows.iter().map(|row| row.0))),
        ("basis", texts(rows.iter().map(|row| row.1))),
        ("threshold", numbers(rows.iter().map(|row| row.2))),
    ])
}

/// Returns one row per template and outcome that it is judged by.
pub(super) fn targets_table(queries: &[Query]) -> Result<RecordBatch> {
    let rows: Vec<(&str, &str)> = rules_of(queries)
        .flat_map(|(query, rule)| {
            let outcomes = rule.outcomes.iter();
            outcomes.map(|outcome| (query.name.as_str(), outcome.as_str()))
        })
        .collect();
    batch(vec![
        ("template", texts(rows.iter().map(|row| row.0))),
        ("outcome", texts(rows.iter().map(|row| row.1))),
    ])
}

/// Returns the one row of limits.
pub(super) fn limits_table(rules: &RuleLimits) -> Result<RecordBatch> {
    let whole = |value: u64| integers(once(i64::try_from(value).unwrap_or(i64::MAX)));
    let share = |value: f64| numbers(once(Some(value)));
    batch(vec![
        ("seed", whole(rules.seed)),
        ("earlier_share", share(rules.earlier_share)),
        ("false_share", share(rules.false_share)),
        ("least_items", whole(rules.least_items)),
        ("least_releases", whole(rules.least_releases)),
        ("replay_releases", whole(rules.replay_releases)),
    ])
}

/// Returns what `[rules]` says that no template has, and what templates say that
/// cannot be.
pub(super) fn check_rules(config: &Config, queries: &[Query]) -> Vec<Error> {
    let names = || rules_of(queries).map(|(query, _)| query.name.as_str());
    let listed = config.rules.on.iter().flatten().chain(&config.rules.off);
    let mut problems: Vec<Error> = listed
        .filter(|(listed, _)| !names().any(|name| name == listed))
        .map(|(listed, line)| {
            let names: Vec<&str> = names().collect();
            unknown(*line, "template of rules", listed, names.iter().copied())
        })
        .collect();
    for (query, rule) in rules_of(queries) {
        problems.extend(check_needs(query, &rule.needs));
    }
    problems
}

fn rules_of(queries: &[Query]) -> impl Iterator<Item = (&Query, &RuleHeader)> {
    queries
        .iter()
        .filter_map(|query| query.rule.as_ref().map(|rule| (query, rule)))
}

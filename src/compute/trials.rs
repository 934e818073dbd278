//! The trial of all candidates for a rule, made between the queries that say what was
//! known of each item (`rule_subjects`) and what became of it (`rule_outcomes`) and
//! those that show what was found. It draws by chance, from a seed, which no SQL of two
//! engines does alike.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;

use super::settings::{
    batch, booleans, integers, numbers, optional_integers, optional_texts, texts,
};
use super::steps::Step;
use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result};
use crate::lake::Rows;
use crate::query::{Comparison, RuleOutcome, Thresholds};
use crate::rules::{Enough, Findings, Limits, PastItem, Side, Template, Trial, Verdict, try_rules};

/// Of what was known and what became of it, the trials and their split in time.
pub(super) const STEP: Step = Step {
    names: &["rule_trials", "rule_split"],
    inputs: &["rule_subjects", "rule_outcomes"],
    make,
    make_empty: || tables(&Findings::default()),
};

/// The action for which matched items are to fare better than the others.
const RAISE: &str = "raise";

/// Item and release.
type Subject = (String, String);

fn make(engine: &Engine) -> Result<Vec<RecordBatch>> {
    let read = |name: &str, sql: &str| engine.select(sql)?.into_rows(name);
    let outcomes = read(
        "rule_outcomes",
        "select item_id, release_id, release_position, failed_deployment, incident, \
         overrun, delay, age from rule_outcomes where exclusion is null \
         order by release_position, item_id",
    )?;
    let (items, places) = past_items(&outcomes)?;
    let limits = read("rule_limits", "select * from rule_limits")?;
    let mut templates = read_templates(engine, items.len())?;
    let subjects = read(
        "rule_subjects",
        "select template, item_id, release_id, value, category from rule_subjects \
         order by template, item_id, release_id",
    )?;
    for row in subjects.indices() {
        let name = subjects.text("template", row)?.unwrap_or_default();
        let subject = subject(&subjects, row)?;
        let place = places.get(&subject).copied();
        if let Some((template, place)) = templates.get_mut(name).zip(place) {
            template.values[place] = subjects.number("value", row)?;
            template.categories[place] = subjects.maybe_owned_text("category", row)?;
        }
    }
    let templates: Vec<Template> = templates.into_values().collect();
    tables(&try_rules(&items, &templates, &read_limits(&limits)?))
}

/// Returns the items in the order of their releases, and where each stands.
fn past_items(outcomes: &Rows) -> Result<(Vec<PastItem>, BTreeMap<Subject, usize>)> {
    let mut items = Vec::new();
    let mut places = BTreeMap::new();
    for row in outcomes.indices() {
        let mut found = [None; RuleOutcome::ALL.len()];
        for outcome in RuleOutcome::ALL {
            let value = outcomes.number(outcome.as_str(), row)?;
            found[outcome as usize] = value.filter(|value| value.is_finite());
        }
        places.insert(subject(outcomes, row)?, items.len());
        items.push(PastItem {
            release: outcomes
                .integer("release_position", row)?
                .unwrap_or_default(),
            outcomes: found,
        });
    }
    Ok((items, places))
}

fn subject(rows: &Rows, row: usize) -> Result<Subject> {
    Ok((
        rows.owned_text("item_id", row)?,
        rows.owned_text("release_id", row)?,
    ))
}

/// Returns the templates that are on and lack nothing, by name.
fn read_templates(engine: &Engine, items: usize) -> Result<BTreeMap<String, Template>> {
    let read = |name: &str, sql: &str| engine.select(sql)?.into_rows(name);
    let heads = read(
        "rule_templates",
        "select template, action, compares from rule_templates \
         where is_on and missing_words is null order by template",
    )?;
    let mut templates = BTreeMap::new();
    for row in heads.indices() {
        let name = heads.owned_text("template", row)?;
        let compares = heads.text("compares", row)?.and_then(Comparison::parse);
        let template = Template {
            name: name.clone(),
            compares: compares.ok_or_else(|| strange("compares"))?,
            thresholds: Thresholds::Numbers(Vec::new()),
            outcomes: Vec::new(),
            is_for_better: heads.text("action", row)? == Some(RAISE),
            values: vec![None; items],
            categories: vec![None; items],
        };
        templates.insert(name, template);
    }
    let tried = read(
        "rule_thresholds",
        "select template, basis, threshold from rule_thresholds order by template, threshold",
    )?;
    for row in tried.indices() {
        let Some(template) = templates.get_mut(tried.text("template", row)?.unwrap_or_default())
        else {
            continue;
        };
        match (tried.text("basis", row)?, tried.number("threshold", row)?) {
            (Some("quartiles"), _) => template.thresholds = Thresholds::Quartiles,
            (Some("categories"), _) => template.thresholds = Thresholds::Categories,
            (_, Some(number)) => {
                if let Thresholds::Numbers(numbers) = &mut template.thresholds {
                    numbers.push(number);
                }
            }
            _ => return Err(strange("threshold")),
        }
    }
    let targets = read("rule_targets", "select template, outcome from rule_targets")?;
    for row in targets.indices() {
        let outcome = targets.text("outcome", row)?.and_then(RuleOutcome::parse);
        let name = targets.text("template", row)?.unwrap_or_default();
        if let Some(template) = templates.get_mut(name) {
            template
                .outcomes
                .push(outcome.ok_or_else(|| strange("outcome"))?);
        }
    }
    Ok(templates)
}

fn read_limits(rows: &Rows) -> Result<Limits> {
    let share = |column| Ok(rows.number(column, 0)?.unwrap_or_default());
    let whole = |column| -> Result<u64> {
        let value = rows.integer(column, 0)?.unwrap_or_default();
        Ok(u64::try_from(value).unwrap_or_default())
    };
    Ok(Limits {
        seed: whole("seed")?,
        earlier_share: share("earlier_share")?,
        false_share: share("false_share")?,
        least_items: usize::try_from(whole("least_items")?).unwrap_or(usize::MAX),
        least_releases: usize::try_from(whole("least_releases")?).unwrap_or(usize::MAX),
    })
}

fn strange(column: &str) -> Error {
    let message = format!("cannot try rules: expected a known `{column}`, found another");
    Error::new(ErrorKind::Internal, message)
}

fn tables(findings: &Findings) -> Result<Vec<RecordBatch>> {
    Ok(vec![trials_table(findings)?, split_table(findings)?])
}

fn trials_table(findings: &Findings) -> Result<RecordBatch> {
    let trials = || findings.trials.iter();
    let text = |of: fn(&Trial) -> &str| texts(trials().map(of));
    let count = |of: fn(&Trial) -> usize| integers(trials().map(|trial| whole(of(trial))));
    let number = |of: fn(&Trial) -> Option<f64>| numbers(trials().map(of));
    let bad = |of: fn(&Trial) -> &Side| {
        optional_integers(trials().map(|trial| of(trial).bad_count.map(whole)))
    };
    let enough = |of: fn(Enough) -> u64| {
        optional_integers(trials().map(|trial| match trial.verdict {
            Verdict::NotEnough(enough) => {
                enough.map(|enough| of(enough).try_into().unwrap_or(i64::MAX))
            }
            _ => None,
        }))
    };
    batch(vec![
        ("rule_id", text(|trial| &trial.rule_id)),
        ("template", text(|trial| &trial.template)),
        ("outcome", text(|trial| trial.outcome.as_str())),
        ("outcome_kind", text(outcome_kind)),
        ("threshold", number(|trial| trial.threshold)),
        (
            "category",
            optional_texts(trials().map(|trial| trial.category.as_deref())),
        ),
        ("fit_release_count", count(|trial| trial.fit.release_count)),
        ("fit_matched_count", count(|trial| trial.fit.matched.count)),
        (
            "fit_unmatched_count",
            count(|trial| trial.fit.unmatched.count),
        ),
        (
            "fit_matched_outcome",
            number(|trial| trial.fit.matched.figure),
        ),
        (
            "fit_unmatched_outcome",
            number(|trial| trial.fit.unmatched.figure),
        ),
        ("fit_effect", number(|trial| trial.fit.effect)),
        (
            "judge_release_count",
            count(|trial| trial.judge.release_count),
        ),
        (
            "judge_matched_count",
            count(|trial| trial.judge.matched.count),
        ),
        (
            "judge_unmatched_count",
            count(|trial| trial.judge.unmatched.count),
        ),
        ("judge_matched_bad", bad(|trial| &trial.judge.matched)),
        ("judge_unmatched_bad", bad(|trial| &trial.judge.unmatched)),
        (
            "judge_matched_outcome",
            number(|trial| trial.judge.matched.figure),
        ),
        (
            "judge_unmatched_outcome",
            number(|trial| trial.judge.unmatched.figure),
        ),
        ("judge_effect", number(|trial| trial.judge.effect)),
        (
            "judge_lower",
            number(|trial| trial.interval.map(|interval| interval.lower)),
        ),
        (
            "judge_upper",
            number(|trial| trial.interval.map(|interval| interval.upper)),
        ),
        ("p_value", number(|trial| trial.p_value)),
        ("p_limit", numbers(trials().map(|_| Some(findings.p_limit)))),
        (
            "tried_count",
            integers(trials().map(|_| whole(findings.trials.len()))),
        ),
        (
            "is_discovery",
            booleans(trials().map(|trial| trial.is_discovery)),
        ),
        ("is_chosen", booleans(trials().map(|trial| trial.is_chosen))),
        ("verdict", text(|trial| trial.verdict.as_str())),
        (
            "enough_release_count",
            enough(|enough| enough.release_count),
        ),
        (
            "enough_matched_count",
            enough(|enough| enough.matched_count),
        ),
    ])
}

/// The one row on how the past was split; the first position that judges is null where
/// no release does.
fn split_table(findings: &Findings) -> Result<RecordBatch> {
    use std::iter::once;
    batch(vec![
        (
            "earlier_release_count",
            integers(once(whole(findings.earlier_count))),
        ),
        (
            "later_release_count",
            integers(once(whole(findings.later_count))),
        ),
        (
            "first_later_position",
            optional_integers(once(findings.first_later)),
        ),
        ("tried_count", integers(once(whole(findings.trials.len())))),
        ("p_limit", numbers(once(Some(findings.p_limit)))),
    ])
}

fn outcome_kind(trial: &Trial) -> &str {
    match trial.outcome.is_share() {
        true => "share",
        false => "median",
    }
}

fn whole(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

//! Reads `rules.toml`: every problem at once, each with its line.

use std::path::Path;

use chrono::{DateTime, Utc};
use toml::de::DeTable;

use super::{Decision, Evidence, RULE_OUTCOMES, RULES_FILE, RuleAction, RuleState};
use crate::config::entry::near_word;
use crate::config::section::{Problems, Section};
use crate::error::{Error, ErrorKind};
use crate::fs;

/// Reads the decisions of a project, with the SHA-256 of the file; none where there is
/// no such file.
///
/// # Errors
/// Everything that is wrong with the file.
pub(in crate::config) fn read_decisions(
    root: &Path,
) -> Result<(Vec<Decision>, Option<String>), Vec<Error>> {
    let path = root.join(RULES_FILE);
    if !path.exists() {
        return Ok((Vec::new(), None));
    }
    let text = fs::read_to_string(&path).map_err(|error| vec![error])?;
    Ok((parse(&text)?, Some(fs::sha256(text.as_bytes()))))
}

/// Parses the text of the file; the decisions come by rule and instant.
pub(super) fn parse(text: &str) -> Result<Vec<Decision>, Vec<Error>> {
    let problems = Problems::new(RULES_FILE.into(), text);
    let document = DeTable::parse(text).map_err(|error| {
        let line = problems.line(error.span().map_or(0, |span| span.start));
        let message = format!(
            "cannot read `{RULES_FILE}` line {line}: expected TOML, found {}",
            error.message()
        );
        let hint = "strings need quotes, and each decision opens with `[[rule]]`";
        vec![Error::new(ErrorKind::Project, message).hint(hint)]
    })?;
    let root = Section::root(&document, &problems);
    let mut decisions: Vec<Decision> = Vec::new();
    for mut section in root.sections("rule") {
        if let Some(id) = section.text("id") {
            section.name = format!("[[rule]] {id}");
        }
        if let Some(decision) = read_rule(&section) {
            let is_there = decisions.iter().any(|known| {
                known.rule_id == decision.rule_id && known.decided_at == decision.decided_at
            });
            if is_there {
                let what = format!(
                    "expected one decision on `{}` at an instant, found a second",
                    decision.rule_id
                );
                section.problem(&what, None);
            }
            decisions.push(decision);
        }
    }
    root.finish();
    let found = problems.into_found();
    if !found.is_empty() {
        return Err(found);
    }
    decisions.sort_by(|a, b| (&a.rule_id, a.decided_at).cmp(&(&b.rule_id, b.decided_at)));
    Ok(decisions)
}

fn read_rule(section: &Section<'_>) -> Option<Decision> {
    let rule_id = section.required_text("id");
    let state = required(section, "state", read_state);
    let template = section.required_text("template");
    let outcome = required(section, "outcome", |text| {
        match RULE_OUTCOMES.contains(&text) {
            true => Ok(text.to_owned()),
            false => Err(format!("one of {}", RULE_OUTCOMES.join(", "))),
        }
    });
    let threshold = section.number("threshold");
    let category = section.text("category").map(str::to_owned);
    let action = required(section, "action", RuleAction::parse);
    let decided_at = read_instant(section, "decided_at", true);
    let why = section.required_text("why");
    let decision = Decision {
        threshold,
        category,
        decided_by: section.text("decided_by").map(str::to_owned),
        is_forced: section.boolean("forced").unwrap_or(false),
        evidence: read_evidence(section),
        rule_id: rule_id.unwrap_or_default().to_owned(),
        state: state.unwrap_or(RuleState::Rejected),
        template: template.unwrap_or_default().to_owned(),
        outcome: outcome.clone().unwrap_or_default(),
        action: action.clone().unwrap_or(RuleAction::Hold),
        decided_at: decided_at.unwrap_or_default(),
        why: why.unwrap_or_default().trim().to_owned(),
    };
    check_rule(section, &decision);
    section.finish();
    let is_whole = rule_id.is_some() && state.is_some() && template.is_some();
    let is_known = outcome.is_some() && action.is_some() && decided_at.is_some();
    (is_whole && is_known && why.is_some()).then_some(decision)
}

/// Reports what each key says rightly for itself and wrongly beside the others.
fn check_rule(section: &Section<'_>, decision: &Decision) {
    if section.has("why") && decision.why.is_empty() {
        section.problem_at("why", "`why`: expected a reason, found a blank", None);
    }
    if decision.threshold.is_some() == decision.category.is_some() {
        let what = format!(
            "{}: expected a `threshold` or a `category`, found {}",
            section.name,
            match decision.threshold {
                Some(_) => "both",
                None => "neither",
            }
        );
        section.problem(&what, None);
    }
    let (start, end) = (
        format!("{}.", decision.template),
        format!(".{}", decision.outcome),
    );
    let names = !decision.template.is_empty() && !decision.outcome.is_empty();
    let agrees = decision.rule_id.starts_with(&start) && decision.rule_id.ends_with(&end);
    if section.has("id") && names && !agrees {
        let what = format!(
            "`id`: expected `{start}<threshold or category>{end}`, as template and outcome say, found `{}`",
            decision.rule_id
        );
        section.problem_at("id", &what, None);
    }
}

fn required<T>(
    section: &Section<'_>,
    key: &'static str,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Option<T> {
    section.required_text(key)?;
    let known: &[&str] = match key {
        "state" => &["accepted", "rejected", "retired"],
        "outcome" => &RULE_OUTCOMES,
        _ => &["raise", "lower", "hold", "require", "weight"],
    };
    section.parsed_or(key, parse, |text| near_word(text, known))
}

fn read_state(text: &str) -> Result<RuleState, String> {
    [RuleState::Accepted, RuleState::Rejected, RuleState::Retired]
        .into_iter()
        .find(|state| state.as_str() == text)
        .ok_or_else(|| "accepted, rejected or retired".to_owned())
}

/// Reads an instant with its offset; one without would be another elsewhere.
fn read_instant(
    section: &Section<'_>,
    key: &'static str,
    is_required: bool,
) -> Option<DateTime<Utc>> {
    if !section.has(key) && is_required {
        section.problem(&format!("{} has no `{key}`", section.name), None);
    }
    let text = section.instant_text(key)?;
    match DateTime::parse_from_rfc3339(&text) {
        Ok(instant) => Some(instant.to_utc()),
        Err(_) => {
            let what = format!(
                "`{key}`: expected an instant with its offset such as 2026-07-06T09:00:00Z, found `{text}`"
            );
            section.problem_at(key, &what, None);
            None
        }
    }
}

fn read_evidence(section: &Section<'_>) -> Option<Evidence> {
    if !section.has("evidence") {
        // Asked for, so that a key near it is told from it.
        let _ = section.section("evidence");
        return None;
    }
    let figures = section.section("evidence");
    let evidence = Evidence {
        verdict: figures.text("verdict").map(str::to_owned),
        effect: figures.number("effect"),
        lower: figures.number("lower"),
        upper: figures.number("upper"),
        matched_count: figures.whole("matched_count", 0),
        unmatched_count: figures.whole("unmatched_count", 0),
        release_count: figures.whole("release_count", 0),
        p_value: figures.number("p_value"),
        tried_count: figures.whole("tried_count", 0),
        as_of: read_instant(&figures, "as_of", false),
        definition_sha256: figures.text("definition_sha256").map(str::to_owned),
    };
    figures.finish();
    Some(evidence)
}

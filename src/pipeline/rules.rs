//! Deciding on rules: what the latest run tried, beside what `rules.toml` says now.
//!
//! A decision is refused where the evidence or an earlier decision speaks against it,
//! unless it is forced, which the file then says.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, SecondsFormat, Utc};

use crate::config::{
    Config, Decision, Evidence, RULES_FILE, RuleAction, RuleState, add_decision, decisions_in_force,
};
use crate::error::{Error, ErrorKind, Result, nearest, shown};
use crate::fs;
use crate::lake::{self, Rows};
use crate::query;

/// The mart of everything that was tried.
const CANDIDATES: &str = "rule_candidates";

/// The verdict of a rule that may be accepted without force.
pub const RECOMMENDED: &str = "recommended";

/// What the latest run found of one rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The rule's id.
    pub rule_id: String,
    /// The rule in words.
    pub rule_text: String,
    /// The template.
    pub template: String,
    /// The outcome.
    pub outcome: String,
    /// The threshold of a rule on a number.
    pub threshold: Option<f64>,
    /// The category of a rule on a word.
    pub category: Option<String>,
    /// What it would do.
    pub action: String,
    /// The figures that a decision keeps.
    pub evidence: Evidence,
}

/// One rule: what the latest run found, what is decided; at least one of the two.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// What the latest run found; `None` where it did not try the rule.
    pub candidate: Option<Candidate>,
    /// What was decided last.
    pub decision: Option<Decision>,
    /// Whether the template that the decision is about is gone.
    pub is_template_gone: bool,
}

impl Standing {
    /// Returns the rule's id.
    pub fn rule_id(&self) -> &str {
        match (&self.decision, &self.candidate) {
            (Some(decision), _) => &decision.rule_id,
            (None, Some(candidate)) => &candidate.rule_id,
            (None, None) => "",
        }
    }
}

/// What somebody wants to decide.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    /// The rule.
    pub rule_id: &'a str,
    /// What is decided.
    pub state: RuleState,
    /// Why.
    pub why: &'a str,
    /// Who decides.
    pub by: Option<&'a str>,
    /// When.
    pub at: DateTime<Utc>,
    /// Whether evidence and earlier decisions are overruled.
    pub is_forced: bool,
}

/// Returns every rule that the latest run tried or that was decided on, by id.
///
/// # Errors
/// `Project` where nothing was computed yet; `Query` where a query cannot be read; `Io`.
pub fn list_rules(config: &Config, now: DateTime<Utc>) -> Result<Vec<Standing>> {
    let templates = templates(config)?;
    let mut standings: BTreeMap<String, Standing> = BTreeMap::new();
    for candidate in load_candidates(config, &templates)? {
        let standing = Standing {
            candidate: Some(candidate.clone()),
            decision: None,
            is_template_gone: false,
        };
        standings.insert(candidate.rule_id, standing);
    }
    for decision in decisions_in_force(&config.decisions, now) {
        let standing = standings.entry(decision.rule_id.clone());
        let standing = standing.or_insert(Standing {
            candidate: None,
            decision: None,
            is_template_gone: false,
        });
        standing.is_template_gone = !templates.contains_key(&decision.template);
        standing.decision = Some(decision.clone());
    }
    Ok(standings.into_values().collect())
}

/// Decides on a rule and writes it into `rules.toml`; returns what was written.
///
/// # Errors
/// `Usage` where the rule is unknown, no reason is given, or evidence or an earlier
/// decision speak against it and nothing forces it; else as [`list_rules`].
pub fn decide_rule(config: &Config, wish: &Wish<'_>) -> Result<Decision> {
    let standings = list_rules(config, DateTime::<Utc>::MAX_UTC)?;
    let decision = make_decision(&standings, wish)?;
    let path = config.root.join(RULES_FILE);
    let text = match path.exists() {
        true => fs::read_to_string(&path)?,
        false => String::new(),
    };
    fs::write_atomic(&path, add_decision(&text, &decision)?.as_bytes())?;
    Ok(decision)
}

/// Returns the decision that is wished for, where nothing speaks against it.
fn make_decision(standings: &[Standing], wish: &Wish<'_>) -> Result<Decision> {
    if wish.why.trim().is_empty() {
        return Err(refused(wish, "a reason", "a blank")
            .hint("say it in a sentence: --why \"large items overran in 9 of 12 releases\""));
    }
    let found = standings.iter().find(|one| one.rule_id() == wish.rule_id);
    let Some(standing) = found else {
        return Err(unknown(standings, wish));
    };
    match &standing.decision {
        Some(before) => check_earlier(before, wish)?,
        None if wish.state == RuleState::Retired => {
            let found = "one that nobody decided on";
            return Err(refused(wish, expected_of(wish.state), found));
        }
        None => {}
    }
    if wish.state == RuleState::Accepted && !wish.is_forced {
        check_evidence(standing, wish)?;
    }
    let evidence = standing.candidate.as_ref().map(|one| one.evidence.clone());
    let (template, outcome, threshold, category, action) =
        match (&standing.decision, &standing.candidate) {
            // What is retired is what was accepted, whatever the template says by now; and
            // what no run tries any more is what it was when it was decided on.
            (Some(before), candidate)
                if wish.state == RuleState::Retired || candidate.is_none() =>
            {
                (
                    before.template.clone(),
                    before.outcome.clone(),
                    before.threshold,
                    before.category.clone(),
                    before.action.clone(),
                )
            }
            (_, Some(one)) => (
                one.template.clone(),
                one.outcome.clone(),
                one.threshold,
                one.category.clone(),
                action_of(&one.action, wish)?,
            ),
            _ => {
                let found = "no trial of it in the latest run";
                return Err(refused(wish, "a rule that was tried", found)
                    .hint("its template is gone, or nothing was computed since it came"));
            }
        };
    Ok(Decision {
        rule_id: wish.rule_id.to_owned(),
        state: wish.state,
        template,
        outcome,
        threshold,
        category,
        action,
        decided_at: wish.at,
        decided_by: wish.by.map(|name| name.trim().to_owned()),
        why: wish.why.trim().to_owned(),
        is_forced: wish.is_forced,
        evidence,
    })
}

fn action_of(text: &str, wish: &Wish<'_>) -> Result<RuleAction> {
    RuleAction::parse(text).map_err(|expected| {
        let message = format!(
            "cannot decide on `{}`: expected {expected} as its action, found `{}`",
            wish.rule_id,
            shown(text)
        );
        Error::new(ErrorKind::Query, message)
    })
}

/// Refuses what was decided already, and what contradicts it.
fn check_earlier(before: &Decision, wish: &Wish<'_>) -> Result<()> {
    let at = before
        .decided_at
        .to_rfc3339_opts(SecondsFormat::AutoSi, true);
    let found = format!(
        "it {} since {at}: {}",
        before.state.as_str(),
        shown(&before.why)
    );
    if wish.at <= before.decided_at {
        let expected = format!("an instant after the last decision, {at}");
        let at = wish.at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
        return Err(refused(wish, &expected, &at));
    }
    use RuleState::{Accepted, Rejected, Retired};
    let hint = match (before.state, wish.state) {
        (Accepted, Accepted) | (Rejected, Rejected) | (Retired, Retired) => {
            "it is decided so already"
        }
        (Accepted, Rejected) => "what is accepted is ended with `plimsoll rules retire`",
        (Rejected | Retired, Accepted) if wish.is_forced => return Ok(()),
        (Rejected | Retired, Accepted) => {
            "to change the decision, add --force, which the file then says"
        }
        (Accepted, Retired) => return Ok(()),
        (Rejected, Retired) | (Retired, Rejected) => "it does not take part: nothing to end",
    };
    Err(refused(wish, expected_of(wish.state), &found).hint(hint))
}

fn expected_of(state: RuleState) -> &'static str {
    match state {
        RuleState::Accepted => "a rule that waits for a decision",
        RuleState::Rejected => "a rule that is not in force",
        RuleState::Retired => "a rule that is accepted",
    }
}

/// Refuses to accept what the latest run does not recommend.
fn check_evidence(standing: &Standing, wish: &Wish<'_>) -> Result<()> {
    let verdict = standing.candidate.as_ref();
    let verdict = verdict.and_then(|one| one.evidence.verdict.as_deref());
    if verdict == Some(RECOMMENDED) {
        return Ok(());
    }
    let found = match verdict {
        Some("not_enough") => "one of which not enough is known to say",
        Some("covered") => "one that is covered by another of its template",
        Some("no_effect") => "one without an effect that could be shown",
        Some("contradicted") => "one that later releases contradict",
        _ => "one that the latest run did not try",
    };
    Err(
        refused(wish, "a rule that the latest run recommends", found)
            .hint("to accept it all the same, add --force, which the file then says"),
    )
}

fn unknown(standings: &[Standing], wish: &Wish<'_>) -> Error {
    let ids = standings.iter().map(Standing::rule_id);
    let error = refused(
        wish,
        "the id of a rule that was tried or decided on",
        "none",
    );
    match (nearest(wish.rule_id, ids), standings.is_empty()) {
        (Some(near), _) => error.hint(format!("did you mean `{near}`?")),
        (None, true) => error.hint("the latest run tried no rule"),
        (None, false) => error.hint("`plimsoll rules list --all` has every id"),
    }
}

fn refused(wish: &Wish<'_>, expected: &str, found: &str) -> Error {
    let verb = match wish.state {
        RuleState::Accepted => "accept",
        RuleState::Rejected => "reject",
        RuleState::Retired => "retire",
    };
    let id = shown(wish.rule_id);
    let message = format!("cannot {verb} `{id}`: expected {expected}, found {found}");
    Error::new(ErrorKind::Usage, message)
}

/// Returns the templates that there are, each with the SHA-256 of its file.
fn templates(config: &Config) -> Result<BTreeMap<String, String>> {
    let queries = query::load_queries(&config.root)?;
    let templates = queries.iter().filter(|query| query.folder == "rules");
    Ok(templates
        .map(|query| (query.name.clone(), query.sha256()))
        .collect())
}

fn load_candidates(
    config: &Config,
    templates: &BTreeMap<String, String>,
) -> Result<Vec<Candidate>> {
    let manifest = lake::load_marts(&config.root)?;
    let marts: BTreeSet<&str> = manifest.marts.iter().map(|it| it.name.as_str()).collect();
    if !marts.contains(CANDIDATES) {
        let message = format!("cannot list rules: expected the mart `{CANDIDATES}`, found none");
        return Err(Error::new(ErrorKind::Project, message)
            .hint("run `plimsoll compute` again: an earlier version made the marts"));
    }
    let as_of = DateTime::parse_from_rfc3339(&manifest.as_of).ok();
    let path = lake::marts_folder(&config.root).join(format!("{CANDIDATES}.parquet"));
    let rows = lake::load_rows(&path)?;
    let mut candidates = Vec::new();
    for row in rows.indices() {
        let mut candidate = read_candidate(&rows, row)?;
        candidate.evidence.as_of = as_of.map(|instant| instant.to_utc());
        candidate.evidence.definition_sha256 = templates.get(&candidate.template).cloned();
        candidates.push(candidate);
    }
    Ok(candidates)
}

fn read_candidate(rows: &Rows, row: usize) -> Result<Candidate> {
    let text =
        |column| -> Result<Option<String>> { Ok(rows.text(column, row)?.map(str::to_owned)) };
    let count = |column| -> Result<Option<u64>> {
        let number = rows.integer(column, row)?;
        Ok(number.and_then(|number| u64::try_from(number).ok()))
    };
    Ok(Candidate {
        rule_id: text("rule_id")?.unwrap_or_default(),
        rule_text: text("rule_text")?.unwrap_or_default(),
        template: text("template")?.unwrap_or_default(),
        outcome: text("outcome")?.unwrap_or_default(),
        threshold: rows.number("threshold", row)?,
        category: text("category")?,
        action: text("action")?.unwrap_or_default(),
        evidence: Evidence {
            verdict: text("verdict")?,
            effect: rows.number("judge_effect", row)?,
            lower: rows.number("judge_lower", row)?,
            upper: rows.number("judge_upper", row)?,
            matched_count: count("judge_matched_count")?,
            unmatched_count: count("judge_unmatched_count")?,
            release_count: count("judge_release_count")?,
            p_value: rows.number("p_value", row)?,
            tried_count: count("tried_count")?,
            as_of: None,
            definition_sha256: None,
        },
    })
}

#[cfg(test)]
mod tests;

//! "Three questions the data raises": for a retrospective to begin with.
//!
//! Each is found by a rule from the figures of the page, states its number, asks about
//! the work and never about a person, and leads to its evidence. Rules are tried in
//! the order below, which puts what users felt before what the plan felt; the first
//! three that hold are asked. Shares and ratios of fewer than five are not judged, and
//! rules that could not be tried are named, so that silence is not taken for calm.

mod effort;

use std::collections::BTreeSet;

use serde::Serialize;

use super::model::{Release, State};
use super::paragraph::{FEWEST, Setting};
use crate::report::format;
use crate::report::page::Link;
use effort::overrun;

const MOST_QUESTIONS: usize = 3;

/// From this share of waiting and blocked days on, waiting is asked about.
const MUCH_WAITING: f64 = 0.5;
/// From this gross change of scope on.
const MUCH_CHANGE: f64 = 0.25;
/// From this many stays that came back from a later stage on.
const MANY_SENT_BACK: u64 = 2;

/// How many reasons a question names.
const MOST_REASONS: usize = 2;

/// A question with its evidence.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub(super) struct Question {
    pub(super) text: String,
    pub(super) evidence: Link,
}

/// What the data raise.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub(super) struct Questions {
    pub(super) asked: Vec<Question>,
    /// What is said where fewer than three rules hold.
    pub(super) remark: Option<String>,
    /// Rules that could not be tried, and for want of what.
    pub(super) untried: Vec<String>,
}

/// What a rule finds.
enum Finding {
    Asks(Question),
    Calm,
    /// It cannot be tried for want of this.
    Untried(String),
}

type Rule = fn(&Release, &Setting<'_>) -> Finding;

/// The rules, each with what it looks at and the measure that dates it, if one does.
const RULES: [(Rule, &str, Option<&str>); 8] = [
    (failures, "Failed deployments", Some("success_rate")),
    (
        late_scope,
        "Changes after the freeze",
        Some("scope_after_freeze"),
    ),
    (
        missed,
        "Planned and not delivered",
        Some("scope_after_freeze"),
    ),
    (
        overrun,
        "Planned and actual effort",
        Some("estimation_error"),
    ),
    (waiting, "Waiting", Some("cycle_time_p85")),
    (slip, "The planned date", None),
    (change, "Change of scope", Some("scope_after_freeze")),
    (sent_back, "Work sent back", Some("cycle_time_p85")),
];

/// Returns the first three questions whose rules hold.
pub(super) fn ask(release: &Release, setting: &Setting<'_>) -> Questions {
    let mut asked = Vec::new();
    let mut untried = Vec::new();
    for (rule, subject, measure) in RULES {
        if let Some(tag) = measure.and_then(setting.stale) {
            untried.push(format!("{subject}: {}.", tag.text));
            continue;
        }
        match rule(release, setting) {
            Finding::Asks(question) => asked.push(question),
            Finding::Calm => {}
            Finding::Untried(why) => untried.push(why),
        }
    }
    asked.truncate(MOST_QUESTIONS);
    let remark = match (asked.len(), untried.len()) {
        (0, tried_not) if tried_not == RULES.len() => {
            Some("Nothing could be looked at: see below.".to_owned())
        }
        (0, _) => Some("Nothing stands out in what could be looked at.".to_owned()),
        (1 | 2, _) => Some("Nothing else stands out in what could be looked at.".to_owned()),
        _ => None,
    };
    Questions {
        asked,
        remark,
        untried,
    }
}

fn asks(text: String, evidence: Link) -> Finding {
    Finding::Asks(Question { text, evidence })
}

/// A place on the page of the retrospective itself.
fn on_page(anchor: &str, text: &str) -> Link {
    Link {
        href: format!("#{anchor}"),
        text: text.to_owned(),
    }
}

fn failures(release: &Release, setting: &Setting<'_>) -> Finding {
    if let Some(missing) = setting.missing(&["deployments", "incidents"]) {
        return Finding::Untried(format!("Failed deployments: {missing}."));
    }
    let counts = &release.counts;
    if counts.judged == 0 {
        return Finding::Untried("Failed deployments: none of which success is known.".to_owned());
    }
    if counts.failed == 0 {
        return Finding::Calm;
    }
    let deployments = format::count(
        counts.judged,
        "production deployment",
        "production deployments",
    );
    let (count, doubt) = match counts.failed_explicit < counts.failed {
        true => (
            format!(
                "{} to {}",
                format::integer(counts.failed_explicit),
                format::integer(counts.failed)
            ),
            " Which of the attributed incidents are its own?",
        ),
        false => (format::integer(counts.failed), ""),
    };
    asks(
        format!(
            "{count} of {deployments} failed. What would have shown it before production?{doubt}"
        ),
        setting.link("failed", "The deployments that failed"),
    )
}

fn late_scope(release: &Release, setting: &Setting<'_>) -> Finding {
    let scope = &release.scope;
    if release.freeze_at.is_none() {
        return Finding::Untried("Changes after the freeze: it has no freeze.".to_owned());
    }
    if scope.exclusion.as_deref() == Some("baseline_ahead") {
        return Finding::Untried("Changes after the freeze: its baseline lies ahead.".to_owned());
    }
    if scope.after_freeze == 0 {
        return Finding::Calm;
    }
    let changes = format::count(scope.changes, "scope change", "scope changes");
    let late = format::integer(scope.after_freeze);
    let [came, went] = release.late_moves();
    let (which, question) = match (came, went) {
        (_, 0) => (
            String::new(),
            "What made them urgent, and could it have been known earlier?",
        ),
        (0, _) => (
            format!(
                ", and took {} out{}",
                format::count(went, "item", "items"),
                late_reasons(release)
            ),
            "What was seen only then, and could it have been seen before the freeze?",
        ),
        _ => (
            format!(
                ": {} in and {} out{}",
                format::integer(came),
                format::integer(went),
                late_reasons(release)
            ),
            "What made the additions urgent and the removals necessary, and could it have been known earlier?",
        ),
    };
    asks(
        format!("{late} of {changes} came after the freeze{which}. {question}"),
        setting.link("after-freeze", "The changes after the freeze"),
    )
}

/// " (unclear, sent back)": the reasons given for what went after the freeze, each
/// once; nothing where none or many were given.
fn late_reasons(release: &Release) -> String {
    let late = release
        .moves
        .iter()
        .filter(|one| one.is_counted && !one.is_addition && one.is_after_freeze == Some(true));
    let reasons: BTreeSet<&str> = late.filter_map(|one| one.reason.as_deref()).collect();
    match reasons.len() {
        1..=MOST_REASONS => {
            let reasons: Vec<&str> = reasons.into_iter().collect();
            format!(" ({})", reasons.join("; "))
        }
        _ => String::new(),
    }
}

/// Asks by what is known: what came in instead, else by the reasons given for what went
/// out, else openly.
fn missed_question(release: &Release) -> String {
    if release.scope.added > 0 {
        return "What did they make room for?".to_owned();
    }
    let moves = release.moves.iter();
    let removals = moves.filter(|one| one.is_counted && !one.is_addition);
    let reasons: BTreeSet<&str> = removals.filter_map(|one| one.reason.as_deref()).collect();
    match reasons.len() {
        1..=MOST_REASONS => {
            let reasons: Vec<&str> = reasons.into_iter().collect();
            format!("The reason given: {}. Why was that?", reasons.join("; "))
        }
        _ => "What kept them from it?".to_owned(),
    }
}

fn missed(release: &Release, setting: &Setting<'_>) -> Finding {
    let scope = &release.scope;
    if release.state != State::Released {
        return Finding::Untried("Planned and not delivered: it has not shipped.".to_owned());
    }
    if scope.exclusion.is_some() {
        return Finding::Untried(
            "Planned and not delivered: nothing was planned at a baseline.".to_owned(),
        );
    }
    let missed = scope.planned.saturating_sub(scope.delivered);
    if missed == 0 {
        return Finding::Calm;
    }
    let planned = format::count(scope.planned, "planned item was", "planned items were");
    asks(
        format!(
            "{} of {planned} not delivered with it. {}",
            format::integer(missed),
            missed_question(release)
        ),
        setting.link("missed", "The items that were not"),
    )
}

fn waiting(release: &Release, _: &Setting<'_>) -> Finding {
    let divided = release.counts.divided;
    let (Some(share), true) = (release.time.stalled_share(), divided >= FEWEST) else {
        return Finding::Untried(format!(
            "Waiting: {} whose whole way is known, fewer than {FEWEST}.",
            format::count(divided, "item", "items")
        ));
    };
    if share < MUCH_WAITING {
        return Finding::Calm;
    }
    let stalled = |stage: &&super::model::Stage| {
        stage.waiting_days.unwrap_or(0.0) + stage.blocked_days.unwrap_or(0.0)
    };
    let most = release
        .stages
        .iter()
        .filter(|stage| stage.name.is_some())
        .max_by(|a, b| stalled(a).total_cmp(&stalled(b)));
    let place = most
        .and_then(|stage| stage.name.as_deref())
        .map_or_else(String::new, |name| format!(", most of it in {name}"));
    asks(
        format!(
            "Items spent {} of their days waiting or blocked{place}. What were they waiting for?",
            format::percent(share)
        ),
        on_page("fig-time", "Where the time went"),
    )
}

fn slip(release: &Release, setting: &Setting<'_>) -> Finding {
    let evidence = setting.link("figures", "The dates");
    match (release.state, release.slip_days) {
        (State::Released, Some(days)) if days >= 1.0 => asks(
            format!(
                "It shipped {} after its planned date. When was that first known, and by what?",
                format::days(days)
            ),
            evidence,
        ),
        (State::Late, Some(days)) if days >= 1.0 => asks(
            format!(
                "Its planned date passed {} ago. What has to happen before it ships?",
                format::days(days)
            ),
            evidence,
        ),
        (State::Released | State::Late, Some(_)) => Finding::Calm,
        _ => Finding::Untried("The planned date: it or the release is not known.".to_owned()),
    }
}

fn change(release: &Release, setting: &Setting<'_>) -> Finding {
    let scope = &release.scope;
    let (Some(gross), true) = (scope.gross_ratio, scope.planned >= FEWEST) else {
        return Finding::Untried(format!(
            "Change of scope: {} at a baseline, fewer than {FEWEST}.",
            format::count(scope.planned, "planned item", "planned items")
        ));
    };
    if gross < MUCH_CHANGE {
        return Finding::Calm;
    }
    asks(
        format!(
            "{} changes came to {} planned items since the baseline ({}). What was not known when it was planned?",
            format::integer(scope.changes),
            format::integer(scope.planned),
            format::percent(gross)
        ),
        setting.link("changes", "The changes"),
    )
}

fn sent_back(release: &Release, _: &Setting<'_>) -> Finding {
    if release.stages.is_empty() {
        return Finding::Untried("Work sent back: no stay of an item is known.".to_owned());
    }
    let times: u64 = release.stages.iter().map(|stage| stage.sent_back).sum();
    if times < MANY_SENT_BACK {
        return Finding::Calm;
    }
    let most = release.stages.iter().max_by_key(|stage| stage.sent_back);
    let place = most
        .and_then(|stage| stage.name.as_deref())
        .map_or_else(String::new, |name| format!(", most often to {name}"));
    asks(
        format!(
            "Work went back to an earlier stage {} times{place}. What was found late that could have been found early?",
            format::integer(times)
        ),
        on_page("fig-time", "Where the time went"),
    )
}

#[cfg(test)]
mod tests;

//! The first paragraph of a release's pages: when it went out against its plan, how
//! its deployments went, how its scope moved, and what it took.
//!
//! Each number leads to the list that it counts. What nobody feeds is said to be
//! missing; what is fewer than five is given as a count alone.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use super::model::{Counts, Deployment, Release, State};
use crate::report::format;
use crate::report::page::{Link, Tag};
use crate::statistics::wilson;

/// Fewer than this many: no percentage.
pub(super) const FEWEST: u64 = 5;

/// A piece of text, with where it leads.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub(super) struct Phrase {
    pub(super) text: String,
    pub(super) href: Option<String>,
}

/// What is known beside the release itself.
pub(super) struct Setting<'a> {
    pub(super) zone: Tz,
    /// Whether a source feeds a table.
    pub(super) is_fed: &'a dyn Fn(&str) -> bool,
    /// Which table behind a measure stopped too early, as a tag.
    pub(super) stale: &'a dyn Fn(&str) -> Option<Tag>,
    /// Where the lists are, before the `#`: empty on the page that has them.
    pub(super) lists: &'a str,
}

impl Setting<'_> {
    fn plain(&self, text: impl Into<String>) -> Phrase {
        Phrase {
            text: text.into(),
            href: None,
        }
    }

    /// A number that leads to its list; none does where nothing is counted.
    fn number(&self, count: u64, anchor: &str, text: String) -> Phrase {
        Phrase {
            text,
            href: (count > 0).then(|| format!("{}#{anchor}", self.lists)),
        }
    }

    /// The address of a list.
    pub(super) fn link(&self, anchor: &str, text: &str) -> Link {
        Link {
            href: format!("{}#{anchor}", self.lists),
            text: text.to_owned(),
        }
    }

    fn day(&self, at: DateTime<Utc>) -> String {
        format::date(at.with_timezone(&self.zone).date_naive())
    }

    /// "Success: — (Source stale: deployments). " where that has stopped.
    fn withheld(&self, subject: &str, measure: &str) -> Option<Vec<Phrase>> {
        let tag = (self.stale)(measure)?;
        let text = format!("{subject}: {} ({}). ", format::MISSING, tag.text);
        Some(vec![self.plain(text)])
    }

    /// "no data: feed `TABLE`" for the first table that nobody feeds.
    pub(super) fn missing(&self, tables: &[&str]) -> Option<String> {
        let table = tables.iter().find(|table| !(self.is_fed)(table))?;
        Some(format!("no data: feed `{table}`"))
    }
}

/// Returns the paragraph.
pub(super) fn describe(release: &Release, setting: &Setting<'_>) -> Vec<Phrase> {
    let mut phrases = shipped(release, setting);
    phrases.extend(success(release, setting));
    phrases.extend(scope(release, setting));
    phrases.extend(effort(release, setting));
    phrases
}

fn shipped(release: &Release, setting: &Setting<'_>) -> Vec<Phrase> {
    let name = &release.name;
    let planned = release.planned_at.map(|at| setting.day(at));
    let text = match (release.state, release.released_at, planned) {
        (State::Cancelled, _, Some(planned)) => {
            format!("{name} was cancelled; it had been planned for {planned}. ")
        }
        (State::Cancelled, _, None) => format!("{name} was cancelled. "),
        (State::Released, Some(at), planned) => {
            let against = match (release.slip_days, planned) {
                (Some(days), Some(planned)) => against_plan(days, &planned),
                (_, Some(planned)) => format!("; planned for {planned}"),
                _ => "; no planned date is known".to_owned(),
            };
            format!("{name} shipped on {}{against}. ", setting.day(at))
        }
        (State::Released, None, _) => {
            format!("{name} is released; when is not in the export. ")
        }
        (State::Late, _, Some(planned)) => {
            let days = release
                .slip_days
                .map_or_else(String::new, |days| format!(", {} ago", format::days(days)));
            format!("{name} has not shipped; it was planned for {planned}{days}. ")
        }
        (_, _, Some(planned)) => format!("{name} is planned for {planned}. "),
        (_, _, None) => format!("{name} has not shipped, and no planned date is known. "),
    };
    vec![setting.plain(text)]
}

fn against_plan(days: f64, planned: &str) -> String {
    if days > 0.0 {
        format!(", {} after its planned date, {planned}", format::days(days))
    } else if days < 0.0 {
        format!(
            ", {} before its planned date, {planned}",
            format::days(-days)
        )
    } else {
        ", on its planned date".to_owned()
    }
}

fn success(release: &Release, setting: &Setting<'_>) -> Vec<Phrase> {
    let counts = &release.counts;
    if let Some(missing) = setting.missing(&["deployments"]) {
        return vec![setting.plain(format!("Success: {missing}. "))];
    }
    if let Some(withheld) = setting.withheld("Success", "success_rate") {
        return withheld;
    }
    if counts.deployments == 0 {
        return vec![setting.plain("No production deployment of it has been completed. ")];
    }
    let deployments = format::count(
        counts.deployments,
        "production deployment",
        "production deployments",
    );
    if counts.judged == 0 {
        let missing = setting.missing(&["incidents"]);
        let why = missing.unwrap_or_else(|| "no incidents are recorded for its systems".to_owned());
        return vec![
            setting.number(counts.deployments, "deployments", deployments),
            setting.plain(format!(" went out; whether they held is unknown: {why}. ")),
        ];
    }
    let judged = format::count(
        counts.judged,
        "production deployment",
        "production deployments",
    );
    let mut phrases = Vec::new();
    if counts.failed_explicit < counts.failed {
        let explicit = format::integer(counts.failed_explicit);
        phrases.push(setting.number(counts.failed_explicit, "failed-explicit", explicit));
        phrases.push(setting.plain(" to "));
    }
    phrases.extend([
        setting.number(counts.failed, "failed", format::integer(counts.failed)),
        setting.plain(" of "),
        setting.number(counts.judged, "judged", judged),
        setting.plain(format!(" failed{}", failed_share_text(counts))),
    ]);
    if counts.provisional > 0 {
        let provisional = format::integer(counts.provisional);
        phrases.push(setting.plain(", "));
        phrases.push(setting.number(counts.provisional, "provisional", provisional));
        phrases.push(setting.plain(" provisionally held"));
    }
    phrases.push(setting.plain("; "));
    phrases.push(setting.number(
        counts.incidents,
        "incidents",
        format::count(counts.incidents, "incident", "incidents"),
    ));
    let verb = if counts.incidents == 1 {
        "counts"
    } else {
        "count"
    };
    phrases.push(setting.plain(format!(" {verb} against it; ")));
    phrases.push(setting.number(
        counts.repairs,
        "repairs",
        format::count(
            counts.repairs,
            "later rollback or hotfix",
            "later rollbacks or hotfixes",
        ),
    ));
    let verb = if counts.repairs == 1 {
        "answers"
    } else {
        "answer"
    };
    phrases.push(setting.plain(format!(" {verb} its deployments{}. ", rolled_back(release))));
    phrases
}

/// "; 1 deployment was itself rolled back": by its own result, whatever came later.
fn rolled_back(release: &Release) -> String {
    let is_back = |one: &&Deployment| one.result == "rolled_back";
    match release.deployments.iter().filter(is_back).count() {
        0 => String::new(),
        1 => "; 1 deployment was itself rolled back".to_owned(),
        more => format!(
            "; {} deployments were themselves rolled back",
            format::integer(more)
        ),
    }
}

/// "2 of 3", or "1 to 2 of 3" where some failed by an attributed incident alone:
/// explicit only … all, as the definition of success asks for.
pub(super) fn failed_words(counts: &Counts) -> String {
    let judged = format::integer(counts.judged);
    let failed = format::integer(counts.failed);
    match counts.failed_explicit < counts.failed {
        true => {
            let explicit = format::integer(counts.failed_explicit);
            format!("{explicit} to {failed} of {judged}")
        }
        false => format!("{failed} of {judged}"),
    }
}

/// What is said behind the count of failed deployments: their share, and what makes
/// the count a range.
fn failed_share_text(counts: &Counts) -> String {
    let share = share_text(counts.failed, counts.judged);
    if counts.failed_explicit == counts.failed {
        return share;
    }
    let attributed = counts.failed.saturating_sub(counts.failed_explicit);
    let why = format!(
        "{} by an incident that is attributed alone",
        format::integer(attributed)
    );
    match share.strip_prefix(" (") {
        Some(share) => format!(" ({why}; all: {share}"),
        None => format!(" ({why})"),
    }
}

/// " (12%, 95% interval 4–31%)"; nothing where fewer than five stand behind it.
pub(super) fn share_text(part: u64, whole: u64) -> String {
    if whole < FEWEST {
        return String::new();
    }
    wilson(part, whole).map_or_else(String::new, |rate| {
        format!(
            " ({}, 95% interval {}–{})",
            format::percent(rate.share),
            format::percent(rate.interval.lower),
            format::percent(rate.interval.upper)
        )
    })
}

fn scope(release: &Release, setting: &Setting<'_>) -> Vec<Phrase> {
    let scope = &release.scope;
    if let Some(withheld) = setting.withheld("Scope", "scope_after_freeze") {
        return withheld;
    }
    match (scope.exclusion.as_deref(), release.baseline_at) {
        (Some("no_baseline"), _) | (_, None) => {
            return vec![
                setting.plain("Its scope has no baseline: neither a freeze nor a committed item. "),
            ];
        }
        (Some("baseline_ahead"), Some(at)) => {
            return vec![setting.plain(format!("Its baseline, {}, lies ahead. ", setting.day(at)))];
        }
        _ => {}
    }
    let baseline = release
        .baseline_at
        .map_or_else(String::new, |at| setting.day(at));
    let planned = format::count(scope.planned, "item", "items");
    let added = format!("{} added", format::integer(scope.added));
    let removed = format!("{} removed", format::integer(scope.removed));
    let mut phrases = vec![
        setting.plain("At its baseline, "),
        setting.plain(format!("{baseline}, it held ")),
        setting.number(scope.planned, "planned", planned),
        setting.plain("; since then "),
        setting.number(scope.added, "added", added),
        setting.plain(" and "),
        setting.number(scope.removed, "removed", removed),
    ];
    if release.freeze_at.is_some() {
        let late = format!("{} of these", format::integer(scope.after_freeze));
        phrases.push(setting.plain(", "));
        phrases.push(setting.number(scope.after_freeze, "after-freeze", late));
        phrases.push(setting.plain(" after the freeze"));
    }
    phrases.push(setting.plain(". "));
    if scope.planned > 0 {
        let delivered = format::integer(scope.delivered);
        phrases.push(setting.number(scope.delivered, "delivered", delivered));
        phrases.push(setting.plain(" of "));
        phrases.push(setting.number(
            scope.planned,
            "planned",
            format!("{} planned", format::integer(scope.planned)),
        ));
        phrases.push(setting.plain(" delivered. "));
    }
    phrases
}

fn effort(release: &Release, setting: &Setting<'_>) -> Vec<Phrase> {
    if let Some(missing) = setting.missing(&["effort"]) {
        return vec![setting.plain(format!("Effort: {missing}."))];
    }
    if let Some(withheld) = setting.withheld("Effort", "estimation_error") {
        return withheld;
    }
    let compared = release.counts.compared;
    let effort = &release.effort;
    let (Some(estimate), Some(actual), Some(ratio)) =
        (effort.estimate_hours, effort.actual_hours, effort.ratio)
    else {
        return vec![setting.plain("No delivered item of it has both an estimate and effort.")];
    };
    let items = format::count(compared, "delivered item", "delivered items");
    let change = if compared < FEWEST {
        String::new()
    } else {
        format!(" ({})", format::change(ratio))
    };
    vec![
        setting.plain("Of "),
        setting.number(compared, "compared", items),
        setting.plain(format!(
            " with an estimate and effort, {} hours were planned and {} spent{change}.",
            format::number(estimate),
            format::number(actual)
        )),
    ]
}

#[cfg(test)]
mod tests;

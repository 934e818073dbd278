//! "What changed this week": at most five sentences, the worst signal first, then
//! releases at risk; a move that is noise only where there is nothing else to say.

use serde::Serialize;

use std::collections::BTreeMap;

use super::figures::{self, Context};
use super::format;
use super::gates::Verdicts;
use super::measures::Measure;
use super::page::{Link, Tag};
use crate::error::Result;

const MOST_SENTENCES: usize = 5;

/// One sentence with its tag and the figure that shows it.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) tag: Tag,
    pub(super) text: String,
    pub(super) link: Option<Link>,
    /// What is behind it: the rows, the items, the release.
    pub(super) rows: Option<Link>,
}

/// What the figures of the page know besides the measures.
#[derive(Default)]
pub(super) struct Findings {
    /// By measure: whose the rows are that a signal rests on.
    who: BTreeMap<&'static str, String>,
    /// Signals of charts that are no measure.
    signals: Vec<Change>,
    /// Releases that are late or at risk.
    releases: Vec<Change>,
}

impl Findings {
    /// Asks the figures.
    pub(super) fn of(context: &Context<'_>, verdicts: &Verdicts) -> Result<Self> {
        let failed = figures::pipeline::who_failed(context)?;
        Ok(Self {
            who: failed
                .map(|who| ("pipeline_failure_rate", who))
                .into_iter()
                .collect(),
            signals: figures::backlog_share::change(context)?
                .into_iter()
                .collect(),
            releases: figures::releases::changes(context, verdicts)?,
        })
    }
}

/// Returns the sentences: signals for the worse, releases late or at risk, signals
/// that are neither and those for the better. Where there is none of these, that and
/// the largest move that is noise.
pub(super) fn describe_changes(measures: &[Measure], findings: &Findings) -> Vec<Change> {
    let signals = |class: &'static str| {
        let of_class = move |m: &&Measure| m.is_signal && m.reading.class == class;
        let measures = measures.iter().filter(of_class);
        let measures = measures.filter_map(move |m| signal_sentence(m, findings));
        let others = findings
            .signals
            .iter()
            .filter(move |c| c.tag.class == class);
        measures.chain(others.cloned())
    };
    let mut changes: Vec<Change> = signals("bad")
        .chain(findings.releases.iter().cloned())
        .chain(signals("none"))
        .chain(signals("good"))
        .collect();
    if measures.iter().all(|measure| !measure.is_signal) && findings.signals.is_empty() {
        changes.push(no_signal(measures));
        let has_room = findings.releases.is_empty();
        changes.extend(largest_quiet_move(measures).filter(|_| has_room));
    }
    changes.truncate(MOST_SENTENCES);
    changes
}

fn signal_sentence(measure: &Measure, findings: &Findings) -> Option<Change> {
    let class = measure.reading.class;
    let word = if class == "bad" { "Worse" } else { "Better" };
    // The arrow of the reading says to which side the measure went.
    let arrow = measure.reading.text.chars().next().unwrap_or('▲');
    let tag = Tag::new(class, format!("{arrow} {word}: signal"));
    let link = Link {
        href: format!("#{}", measure.figure),
        text: "See the chart".to_owned(),
    };
    let who = findings.who.get(measure.measure);
    let who = who.map_or_else(String::new, |who| format!(" {who}."));
    Some(Change {
        tag,
        text: format!(
            "{} {}: {} (usual range {}).{who}",
            measure.label,
            movement(measure)?,
            measure.rules.join("; "),
            measure.usual_range
        ),
        link: Some(link),
        rows: measure.this_week_rows.clone().map(|href| Link {
            href,
            text: "See the rows".to_owned(),
        }),
    })
}

/// "rose from 4% to 12%", "fell from 19 to 12", "stayed at 3".
fn movement(measure: &Measure) -> Option<String> {
    let [.., before, last] = measure.series.as_slice() else {
        return Some(format!("is {}", measure.this_week));
    };
    let now = last.value?;
    Some(match before.value {
        None => format!("is {}", measure.this_week),
        // "from 11% to 29% (12 of 42)": what the figure rests on stands once.
        Some(_) if measure.this_week == measure.last_week => {
            format!("stayed at {}", measure.this_week)
        }
        Some(then) => {
            let basis = measure.this_week_basis.as_deref();
            format!(
                "{} from {} to {}{}",
                if now > then { "rose" } else { "fell" },
                measure.last_week,
                measure.this_week,
                basis.map_or_else(String::new, |basis| format!(" ({basis})"))
            )
        }
    })
}

/// Counts the measures that were judged and found quiet.
fn no_signal(measures: &[Measure]) -> Change {
    let judged = measures
        .iter()
        .filter(|m| m.limits.is_some() && !m.is_grey)
        .count();
    let all = format::count(measures.len(), "metric", "metrics");
    let (tag, text) = match judged {
        0 => (
            "No signal",
            format!(
                "No metric has enough weeks behind it to tell a signal from noise (0 of {all})."
            ),
        ),
        _ => (
            "No signal",
            format!(
                "No signals this week: {judged} of {all} could be judged, and each is inside its usual range."
            ),
        ),
    };
    Change {
        tag: Tag::new("none", tag),
        text,
        link: None,
        rows: None,
    }
}

/// The quiet measure that moved most, against the width of its usual range.
fn largest_quiet_move(measures: &[Measure]) -> Option<Change> {
    let moved = |measure: &Measure| {
        let [.., before, last] = measure.series.as_slice() else {
            return None;
        };
        let chart = measure.chart.as_ref()?;
        let distance = (last.value? - before.value?).abs() / chart.sigma;
        (distance.is_finite() && distance > 0.0).then_some(distance)
    };
    let quiet = measures.iter().filter(|m| !m.is_signal && !m.is_grey);
    let (measure, _) = quiet
        .filter(|m| m.this_week != m.last_week)
        .filter_map(|m| Some((m, moved(m)?)))
        .max_by(|(_, a), (_, b)| a.total_cmp(b))?;
    Some(Change {
        tag: Tag::new("none", "No signal"),
        text: format!(
            "{} {}. That is within its usual range of {}: no reason to act.",
            measure.label,
            movement(measure)?,
            measure.usual_range
        ),
        link: Some(Link {
            href: format!("#{}", measure.figure),
            text: "See the chart".to_owned(),
        }),
        rows: None,
    })
}

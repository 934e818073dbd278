//! "What changed this week": at most five sentences, the worst signal first.

use serde::Serialize;

use super::format;
use super::measures::Measure;
use super::page::{Link, Tag};

const MOST_SENTENCES: usize = 5;

/// One sentence with its tag and the figure that shows it.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) tag: Tag,
    pub(super) text: String,
    pub(super) link: Option<Link>,
}

/// Returns the sentences: signals for the worse, signals for the better, then the
/// largest move that is none; one sentence where there is nothing to say.
pub(super) fn describe_changes(measures: &[Measure]) -> Vec<Change> {
    let signals = |class: &'static str| {
        let of_class = move |m: &&Measure| m.is_signal && m.reading.class == class;
        measures.iter().filter(of_class).filter_map(signal_sentence)
    };
    let mut changes: Vec<Change> = signals("bad").chain(signals("good")).collect();
    if changes.is_empty() {
        changes.push(no_signal(measures));
    }
    changes.extend(largest_quiet_move(measures));
    changes.truncate(MOST_SENTENCES);
    changes
}

fn signal_sentence(measure: &Measure) -> Option<Change> {
    let class = measure.reading.class;
    let word = if class == "bad" { "Worse" } else { "Better" };
    // The arrow of the reading says to which side the measure went.
    let arrow = measure.reading.text.chars().next().unwrap_or('▲');
    let tag = Tag::new(class, format!("{arrow} {word}: signal"));
    let link = Link {
        href: format!("#{}", measure.figure),
        text: "See the chart".to_owned(),
    };
    Some(Change {
        tag,
        text: format!(
            "{} {}: {} (usual range {}).",
            measure.label,
            movement(measure)?,
            measure.rules.join("; "),
            measure.usual_range
        ),
        link: Some(link),
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
        Some(_) if measure.this_week == measure.last_week => {
            format!("stayed at {}", measure.this_week)
        }
        Some(then) if now > then => {
            format!("rose from {} to {}", measure.last_week, measure.this_week)
        }
        Some(_) => format!("fell from {} to {}", measure.last_week, measure.this_week),
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
    })
}

//! "The answer": at most three sentences, by rule from the page's own numbers:
//! what moved, how the targets stand, how the contract dates stand.

use super::decisions::lower_first;
use super::measures::QuarterMeasure;
use super::period::Quarter;
use super::plan::Promise;
use crate::report::format;

/// How many measures a sentence names.
const MOST_NAMES: usize = 3;

/// Returns the sentences, the first of them the headline.
pub(super) fn answer(
    measures: &[QuarterMeasure],
    promises: Option<&[Promise]>,
    quarter: &Quarter,
) -> Vec<String> {
    let mut sentences = vec![movement(measures, quarter), targets(measures)];
    sentences.extend(promises.map(|promises| contracts(promises, quarter)));
    sentences
}

fn movement(measures: &[QuarterMeasure], quarter: &Quarter) -> String {
    let judged = measures.iter().filter(|m| m.is_judged).count();
    let all = format::count(measures.len(), "measure", "measures");
    let of_class = |class: &str| -> Vec<&QuarterMeasure> {
        let is_of = |m: &&QuarterMeasure| m.is_signal && m.variation.class == class;
        measures.iter().filter(is_of).collect()
    };
    let (better, worse) = (of_class("good"), of_class("bad"));
    match (better.is_empty(), worse.is_empty()) {
        _ if judged == 0 => format!(
            "Nothing can be said of {} yet: 0 of {all} could be judged.",
            quarter.label
        ),
        (true, true) => format!(
            "Nothing moved by more than chance in {}: {} of {all} could be judged.",
            quarter.label,
            format::integer(judged)
        ),
        (false, true) => format!("{} is better in {}.", quarter.label, names(&better)),
        (true, false) => format!("{} is worse in {}.", quarter.label, names(&worse)),
        (false, false) => format!(
            "{} is mixed: better in {}, and worse in {}.",
            quarter.label,
            names(&better),
            names(&worse)
        ),
    }
}

/// "cycle time, 85th percentile and 2 more".
fn names(measures: &[&QuarterMeasure]) -> String {
    let shown: Vec<String> = measures
        .iter()
        .take(MOST_NAMES)
        .map(|measure| lower_first(&measure.label))
        .collect();
    match measures.len() - shown.len() {
        0 => shown.join("; "),
        others => format!("{}; and {} more", shown.join("; "), format::integer(others)),
    }
}

fn targets(measures: &[QuarterMeasure]) -> String {
    let set: Vec<&QuarterMeasure> = measures.iter().filter(|m| m.target.is_some()).collect();
    if set.is_empty() {
        return "No targets are set, so none can be met or missed.".to_owned();
    }
    let failing: Vec<&QuarterMeasure> = set.iter().filter(|m| m.is_failing).copied().collect();
    let all = format::count(set.len(), "target", "targets");
    match failing.is_empty() {
        true => format!("None of {all} is missed beyond chance."),
        false => format!(
            "{} of {all} missed beyond chance: {}.",
            format::integer(failing.len()),
            names(&failing)
        ),
    }
}

fn contracts(promises: &[Promise], quarter: &Quarter) -> String {
    let at_risk = promises
        .iter()
        .filter(|promise| promise.is_at_risk())
        .count();
    let due: Vec<&Promise> = promises
        .iter()
        .filter(|p| p.due_on >= quarter.start_on && p.due_on <= quarter.end_on)
        .collect();
    let met = due.iter().filter(|promise| promise.state == "met").count();
    let held = match due.len() {
        0 => format!("No contract date fell into {}", quarter.label),
        count => format!(
            "{} of {} in {} met",
            format::integer(met),
            format::count(count, "contract date", "contract dates"),
            quarter.label
        ),
    };
    match at_risk {
        0 => format!("{held}; none is at risk."),
        count => format!("{held}; {} at risk.", format::count(count, "is", "are")),
    }
}

#[cfg(test)]
mod tests;

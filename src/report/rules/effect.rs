//! Whether an accepted rule is kept: what became of its outcome since it was accepted.
//!
//! Items of one release are not independent, so a release is one observation. Smaller is
//! better for every outcome. The rule of this page, tried in this order:
//!
//! - **keep** where the outcome over all items fell since acceptance by a signal of the
//!   control chart (XmR, limits of the releases before), or where the 95 % intervals of
//!   the mean of the releases before and since part, over all items or over the matched;
//! - **retire** where the same says that it rose;
//! - **too early** while fewer than eight releases went out since, as many as the run of
//!   the control chart needs; or where signals contradict each other;
//! - else **retire**: eight releases and no improvement. Where the interval of the
//!   difference of matched and unmatched items lies above 0, the condition still finds
//!   what fares worse and it is the action that does not help; else the matched fare as
//!   well as the others, and there is nothing left to act on.
//!
//! Intervals are Student's, of at least five releases on each side. Of shares, the
//! Wilson intervals of all items of each side must part too: five releases without a
//! single bad item have no spread, and are no proof.

use crate::report::format;
use crate::report::page::Tag;
use crate::statistics::{Bound, Interval, Side, Xmr, intervals_part, mean_interval, wilson, xmr};

/// How many releases since acceptance are enough to say that nothing improved.
pub(super) const ENOUGH_RELEASES: usize = 8;

/// How many releases an interval is made of at least.
const FEWEST_RELEASES: usize = 5;

/// A release that went out, as one rule looks at it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Observed {
    /// Whether it went out since the rule was accepted.
    pub(super) is_since: bool,
    /// Share of bad outcomes, or median outcome, of matched items.
    pub(super) matched: Option<f64>,
    /// The same of unmatched ones.
    pub(super) unmatched: Option<f64>,
    /// The same of both together.
    pub(super) all: f64,
    /// Bad and counted items among the matched; `None` where the outcome is no share.
    pub(super) matched_tally: Option<Tally>,
    /// The same among all.
    pub(super) all_tally: Option<Tally>,
}

/// Bad items and all items.
pub(super) type Tally = (u64, u64);

/// What is to become of an accepted rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Keep,
    Retire,
    TooEarly,
}

impl Verdict {
    /// Returns the words, in the style that they are shown in.
    pub(super) fn tag(self) -> Tag {
        match self {
            Self::Keep => Tag::new("good", "keep"),
            Self::Retire => Tag::new("bad", "retire"),
            Self::TooEarly => Tag::new("none", "too early"),
        }
    }
}

/// The effect of a rule since it was accepted.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Effect {
    /// What is to become of it.
    pub(super) verdict: Verdict,
    /// Why, in a sentence.
    pub(super) reason: String,
    /// The control chart of the outcome over all items, with the limits of the releases
    /// before the acceptance.
    pub(super) chart: Xmr,
}

/// A way in which an outcome moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Move {
    Fell,
    Rose,
}

/// Judges a rule by the releases that went out before and since it was accepted, in
/// order of time.
pub(super) fn judge(releases: &[Observed], bound: Bound) -> Effect {
    let values: Vec<Option<f64>> = releases.iter().map(|one| Some(one.all)).collect();
    let since = releases.iter().filter(|one| one.is_since).count();
    let before = releases.len() - since;
    let chart = xmr(&values, 0..before, bound);
    let (verdict, reason) = verdict(releases, &chart, before, since);
    Effect {
        verdict,
        reason,
        chart,
    }
}

fn verdict(releases: &[Observed], chart: &Xmr, before: usize, since: usize) -> (Verdict, String) {
    let found = [
        (signalled(chart, before), "a signal of the control chart"),
        (
            parted(releases, |one| Some(one.all), |one| one.all_tally),
            "intervals that part, over all items",
        ),
        (
            parted(releases, |one| one.matched, |one| one.matched_tally),
            "intervals that part, over the matched items",
        ),
    ];
    let by = |wanted: Move| {
        let mut found = found.iter().filter(|(moves, _)| moves.contains(&wanted));
        found.next().map(|(_, words)| *words)
    };
    let went_out = format::count(since, "release", "releases");
    match (by(Move::Fell), by(Move::Rose)) {
        (Some(_), Some(_)) => (
            Verdict::TooEarly,
            format!("In {went_out} since, the outcome fell by one sign and rose by another."),
        ),
        (Some(sign), None) => (
            Verdict::Keep,
            format!("The outcome fell since acceptance: {sign}, in {went_out}."),
        ),
        (None, Some(sign)) => (
            Verdict::Retire,
            format!("The outcome rose since acceptance: {sign}, in {went_out}."),
        ),
        (None, None) if since < ENOUGH_RELEASES => (
            Verdict::TooEarly,
            format!(
                "{went_out} went out since acceptance; {ENOUGH_RELEASES} are enough to say that nothing improved."
            ),
        ),
        (None, None) => (Verdict::Retire, unimproved(releases, &went_out)),
    }
}

/// Returns on which sides a release since acceptance is part of a signal.
fn signalled(chart: &Xmr, before: usize) -> Vec<Move> {
    let Xmr::Chart(chart) = chart else {
        return Vec::new();
    };
    let signals = chart
        .points
        .iter()
        .skip(before)
        .flat_map(|one| &one.signals);
    signals
        .map(|signal| match signal.side {
            Side::Below => Move::Fell,
            Side::Above => Move::Rose,
        })
        .collect()
}

/// Returns in which way the means of the releases before and since part, if they do.
fn parted(
    releases: &[Observed],
    read: impl Fn(&Observed) -> Option<f64>,
    tally: impl Fn(&Observed) -> Option<Tally>,
) -> Vec<Move> {
    let side = |is_since: bool| releases.iter().filter(move |one| one.is_since == is_since);
    let values = |is_since: bool| -> Vec<f64> { side(is_since).filter_map(&read).collect() };
    let pooled = |is_since: bool| {
        let tallies = side(is_since).filter_map(&tally);
        let (bad, all) = tallies.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        wilson(bad, all).map(|rate| rate.interval)
    };
    let is_share = releases.iter().any(|one| one.all_tally.is_some());
    let pooled_part = match (pooled(false), pooled(true)) {
        (Some(before), Some(since)) => intervals_part(before, since),
        _ => !is_share,
    };
    if !pooled_part {
        return Vec::new();
    }
    let (Some(before), Some(since)) = (interval(&values(false)), interval(&values(true))) else {
        return Vec::new();
    };
    match (intervals_part(before, since), since.upper < before.lower) {
        (false, _) => Vec::new(),
        (true, true) => vec![Move::Fell],
        (true, false) => vec![Move::Rose],
    }
}

fn interval(values: &[f64]) -> Option<Interval> {
    mean_interval(values).filter(|_| values.len() >= FEWEST_RELEASES)
}

/// Says why a rule without improvement ends, by whether matched items still fare worse.
fn unimproved(releases: &[Observed], went_out: &str) -> String {
    let since = releases.iter().filter(|one| one.is_since);
    let differences: Vec<f64> = since
        .filter_map(|one| Some(one.matched? - one.unmatched?))
        .collect();
    let still = match interval(&differences) {
        Some(interval) if interval.lower > 0.0 => {
            "matched items still fare worse, so the action does not help"
        }
        Some(interval) if interval.upper < 0.0 => "matched items fare better than the others",
        Some(_) => "matched items fare as well as the others",
        None => "too few of them have matched and unmatched items to compare",
    };
    format!("No improvement in {went_out} since acceptance; {still}.")
}

#[cfg(test)]
mod tests;

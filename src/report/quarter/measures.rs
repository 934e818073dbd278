//! One row per measure: now, last quarter, year ago, whether that is more than
//! chance, and whether the target will be met.
//!
//! Natural process limits need at least 14 quarters. With fewer, a change is
//! called a signal only where the 95 % intervals of two quarters part.

use serde::Serialize;

use super::assurance::{Assurance, Process, Words, assure};
use super::doubt::Doubt;
use super::period::Quarter;
use super::series::{QuarterPoint, read_series};
use super::spread::{Spreads, is_instant};
use crate::config::Targets;
use crate::error::Result;
use crate::lake::Rows;
use crate::report::format;
use crate::report::items;
use crate::report::measures::{DEFINITIONS, Definition, FEWEST, Feeds, Unit, missing_text};
use crate::report::page::Tag;
use crate::statistics::{Bound, Interval, Rule, Xmr, intervals_part, xmr};

/// One row of the quarter's table, with its whole series.
#[derive(Debug, Clone, Serialize)]
pub(super) struct QuarterMeasure {
    pub(super) measure: &'static str,
    pub(super) label: String,
    /// The mart that defines it.
    pub(super) mart: &'static str,
    /// Where the rows behind each of the three figures are listed.
    pub(super) now_rows: String,
    pub(super) last_quarter_rows: String,
    pub(super) year_ago_rows: String,
    pub(super) now: String,
    pub(super) last_quarter: String,
    pub(super) year_ago: String,
    /// What each of the three rests on: "58 of 414", "n = 80"; empty where the figure
    /// says so itself.
    pub(super) now_basis: String,
    pub(super) last_quarter_basis: String,
    pub(super) year_ago_basis: String,
    /// Of success, what it would be without failures by attribution alone; the words of
    /// `now_basis` end in it.
    pub(super) now_at_most: Option<String>,
    /// Whether fewer than five rows stand behind each of them.
    pub(super) now_is_few: bool,
    pub(super) last_quarter_is_few: bool,
    pub(super) year_ago_is_few: bool,
    /// The 95 % interval of this quarter's figure.
    pub(super) interval: Option<(f64, f64)>,
    pub(super) interval_text: String,
    /// Whether too few rows stand behind the figure.
    pub(super) is_grey: bool,
    pub(super) variation: Tag,
    /// What the signal is against: "than Q1 2026".
    pub(super) variation_note: String,
    pub(super) is_signal: bool,
    pub(super) is_judged: bool,
    pub(super) target: Option<f64>,
    pub(super) target_text: String,
    pub(super) assurance: String,
    /// In how many of the known quarters the target was met: "met in 3 of 8".
    pub(super) assurance_note: String,
    /// Whether only a change of the process can meet the target.
    pub(super) is_failing: bool,
    pub(super) series: Vec<QuarterPoint>,
    #[serde(skip)]
    pub(super) definition: &'static Definition,
}

/// What the anchor of a list ends in that is of the quarter before.
pub(super) const BEFORE: &str = "-before";

/// What the anchor of a list ends in that is of the quarter a year ago.
pub(super) const YEAR_AGO: &str = "-year-ago";

/// Against what a quarter is held.
struct Compared<'a> {
    now: &'a QuarterPoint,
    last: Option<&'a QuarterPoint>,
    year: Option<&'a QuarterPoint>,
}

/// What measures are judged with.
pub(super) struct Judging<'a> {
    pub(super) quarter: &'a Quarter,
    pub(super) spreads: &'a Spreads,
    pub(super) doubt: &'a Doubt,
    pub(super) feeds: &'a Feeds<'a>,
    pub(super) targets: &'a Targets,
}

/// Reads and judges all measures of the quarter.
pub(super) fn read_measures(rows: &Rows, judging: &Judging<'_>) -> Result<Vec<QuarterMeasure>> {
    let quarter = judging.quarter;
    let mut measures = Vec::new();
    for definition in &DEFINITIONS {
        let mut series = read_series(rows, definition.measure)?;
        series.retain(|point| point.quarter.start_on <= quarter.start_on);
        let target = judging.targets.of(definition.measure);
        let obstacle = definition.obstacle(judging.feeds);
        let mut measure = judge(
            definition,
            series,
            quarter,
            judging.spreads,
            obstacle,
            target,
        );
        if definition.measure == "success_rate" {
            measure.add_doubt(quarter, judging.doubt);
        }
        measures.push(measure);
    }
    Ok(measures)
}

pub(super) fn judge(
    definition: &'static Definition,
    series: Vec<QuarterPoint>,
    quarter: &Quarter,
    spreads: &Spreads,
    obstacle: Option<Tag>,
    target: Option<f64>,
) -> QuarterMeasure {
    let at = |wanted: &Quarter| series.iter().find(|point| point.quarter == *wanted);
    let interval_of = |point: Option<&QuarterPoint>| {
        point
            .filter(|point| !definition.is_thin(&point.figure()))
            .and_then(|point| spreads.interval(definition.measure, point))
    };
    let (last, year) = (at(&quarter.before(1)), at(&quarter.before(4)));
    let now = at(quarter).filter(|_| obstacle.as_ref().is_none_or(|tag| tag.class != "warn"));
    let rows_of = |suffix: &str| {
        items::list_address(&quarter.name, &format!("{}{suffix}", definition.measure))
    };
    let write = |point: Option<&QuarterPoint>| {
        point.map_or_else(missing_text, |point| {
            definition.write_point(&point.figure())
        })
    };
    let basis =
        |point: Option<&QuarterPoint>| point.map_or_else(String::new, |p| basis_of(definition, p));
    let is_few = |point: Option<&QuarterPoint>| {
        point.is_some_and(|point| point.value.is_some() && definition.is_thin(&point.figure()))
    };
    let interval = interval_of(now).filter(|_| obstacle.is_none());
    let is_grey = obstacle.is_some() || now.is_none_or(|point| definition.is_thin(&point.figure()));
    let (variation, variation_note, is_judged) = match now {
        Some(now) if obstacle.is_none() => vary(
            definition,
            &Compared { now, last, year },
            interval,
            &interval_of,
        ),
        _ => (
            obstacle.unwrap_or_else(|| unknown(definition)),
            String::new(),
            false,
        ),
    };
    let process = process_of(definition, &series, interval);
    let assurance = match now {
        None if target.is_some() => Assurance::Unknown,
        _ => assure(process, target, definition.is_more_better),
    };
    let words = Words {
        target: target.map_or_else(missing_text, |target| definition.write(target)),
        interval: interval.map_or_else(missing_text, |found| {
            definition.write_span(found.lower, found.upper)
        }),
    };
    QuarterMeasure {
        measure: definition.measure,
        mart: definition.mart,
        label: definition.label.replace("week's end", "quarter's end"),
        now_rows: rows_of(""),
        last_quarter_rows: rows_of(BEFORE),
        year_ago_rows: rows_of(YEAR_AGO),
        now: write(now),
        last_quarter: write(last),
        year_ago: write(year),
        now_basis: basis(now),
        last_quarter_basis: basis(last),
        year_ago_basis: basis(year),
        now_at_most: None,
        now_is_few: is_few(now),
        last_quarter_is_few: is_few(last),
        year_ago_is_few: is_few(year),
        interval: interval.map(|found| (found.lower, definition.cap(found.upper))),
        interval_text: words.interval.clone(),
        is_grey,
        is_signal: matches!(variation.class, "good" | "bad"),
        variation,
        variation_note,
        is_judged,
        target,
        target_text: words.target.clone(),
        assurance: assurance.words(&words),
        assurance_note: target.map_or_else(String::new, |target| met(definition, &series, target)),
        is_failing: assurance.is_failing(),
        definition,
        series,
    }
}

impl QuarterMeasure {
    /// Says how far the figure rests on attribution; the headline stays all failures.
    fn add_doubt(&mut self, quarter: &Quarter, doubt: &Doubt) {
        let most = |of: &Quarter| {
            let point = self.series.iter().find(|point| point.quarter == *of);
            point.and_then(|point| doubt.success(point))
        };
        let ends = [quarter.clone(), quarter.before(1), quarter.before(4)];
        let [now, last, year] = ends.map(|of| most(&of));
        let add = |basis: &mut String, most: Option<&str>| {
            if let (Some(most), false) = (most, basis.is_empty()) {
                *basis = with_most(basis, most);
            }
        };
        add(&mut self.now_basis, now.as_deref());
        add(&mut self.last_quarter_basis, last.as_deref());
        add(&mut self.year_ago_basis, year.as_deref());
        self.now_at_most = now;
    }

    /// "76%, 25 of 33": the figure with what it rests on.
    pub(super) fn with_basis(&self) -> String {
        match self.now_basis.as_str() {
            "" => self.now.clone(),
            basis => format!("{}, {basis}", self.now),
        }
    }
}

/// "25 of 33 (to 82%)".
fn with_most(basis: &str, most: &str) -> String {
    format!("{basis} (to {most})")
}

/// Writes what a figure rests on: "58 of 414", "n = 80", "a week (26 days in 12 whole weeks)". A count is
/// its own n, and a share of few is written as k of n already.
fn basis_of(definition: &Definition, point: &QuarterPoint) -> String {
    let n = format::integer(point.denominator);
    match (definition.unit, point.value, point.numerator) {
        (_, None, _) => String::new(),
        (Unit::Share, ..) if point.denominator < FEWEST => String::new(),
        (Unit::Share, _, Some(k)) => format!("{} of {n}", format::integer(k)),
        (Unit::Count, ..) if definition.measure == "deployment_days" => deployment_days(point),
        (Unit::Count, _, Some(k)) if k == point.denominator => String::new(),
        (Unit::Count, ..) => format!("of {n}"),
        _ => format!("n = {n}"),
    }
}

/// "a week (26 days in 12 whole weeks)": the figure is their mean.
fn deployment_days(point: &QuarterPoint) -> String {
    let weeks = format::count(point.denominator, "whole week", "whole weeks");
    #[allow(clippy::cast_precision_loss, reason = "a quarter has 13 weeks")]
    let days = point.value.map(|mean| mean * point.denominator as f64);
    match days {
        Some(days) => format!("a week ({} days in {weeks})", format::number(days.round())),
        None => String::new(),
    }
}

fn unknown(definition: &Definition) -> Tag {
    Tag::new("none", format!("no {} in the quarter", definition.counted))
}

/// Says whether the quarter differs by more than chance from the last one and from
/// the one a year ago, and whether that could be judged at all.
fn vary(
    definition: &Definition,
    compared: &Compared<'_>,
    interval: Option<Interval>,
    interval_of: &impl Fn(Option<&QuarterPoint>) -> Option<Interval>,
) -> (Tag, String, bool) {
    let unjudged = |text: String| (Tag::new("none", text), String::new(), false);
    if compared.now.value.is_none() {
        return (unknown(definition), String::new(), false);
    }
    if definition.is_thin(&compared.now.figure()) {
        return unjudged(format!("n < {FEWEST} {}", definition.counted));
    }
    if compared.now.provisional > 0 {
        let open = format::integer(compared.now.provisional);
        return unjudged(format!("provisional: {open} still open"));
    }
    let Some(now) = interval else {
        let text = match is_instant(definition.measure) {
            true => "not judged: one day's count",
            false => "not judged: too few rows",
        };
        return unjudged(text.to_owned());
    };
    let mut found = Vec::new();
    let mut is_compared = false;
    for point in [compared.last, compared.year].into_iter().flatten() {
        let Some(then) = interval_of(Some(point)).filter(|_| point.provisional == 0) else {
            continue;
        };
        is_compared = true;
        if intervals_part(then, now) {
            let is_better = (now.lower > then.upper) == definition.is_more_better;
            found.push((is_better, &point.quarter.label));
        }
    }
    let word = |is_better: bool| if is_better { "better" } else { "worse" };
    match found.as_slice() {
        [] if is_compared => (Tag::new("none", "● Routine"), String::new(), true),
        [] => unjudged("nothing to compare with".to_owned()),
        [(is_better, quarter)] => (signal(*is_better), format!("than {quarter}"), true),
        [(is_better, quarter), (is_then_better, other), ..] => {
            let note = match is_better == is_then_better {
                true => format!("than {quarter} and {other}"),
                false => format!("than {quarter}, {} than {other}", word(*is_then_better)),
            };
            (signal(*is_better), note, true)
        }
    }
}

fn signal(is_better: bool) -> Tag {
    match is_better {
        true => Tag::new("good", "◆ Signal: better"),
        false => Tag::new("bad", "◆ Signal: worse"),
    }
}

/// Returns the usual range of the quarters before, where they are enough for one.
fn process_of(
    definition: &Definition,
    series: &[QuarterPoint],
    quarter: Option<Interval>,
) -> Process {
    let values: Vec<Option<f64>> = series.iter().map(|point| point.value).collect();
    let baseline = 0..values.len().saturating_sub(1);
    let Xmr::Chart(chart) = xmr(&values, baseline, Bound::NonNegative) else {
        return Process {
            quarter,
            ..Process::default()
        };
    };
    let signals = chart.points.last().map(|point| point.signals.as_slice());
    let is_run = |rule: Rule| rule == Rule::EightOnOneSide;
    Process {
        usual: Some(Interval {
            lower: chart.lower_limit.unwrap_or(0.0),
            upper: definition.cap(chart.upper_limit),
        }),
        is_shifted: signals.is_some_and(|found| found.iter().any(|s| is_run(s.rule))),
        quarter,
    }
}

/// "met in 3 of 8": of the quarters of which the figure is known.
fn met(definition: &Definition, series: &[QuarterPoint], target: f64) -> String {
    let known: Vec<f64> = series.iter().filter_map(|point| point.value).collect();
    let is_met = |value: &&f64| match definition.is_more_better {
        true => **value >= target,
        false => **value <= target,
    };
    let met = known.iter().filter(is_met).count();
    format!(
        "met in {} of {}",
        format::integer(met),
        format::integer(known.len())
    )
}

#[cfg(test)]
mod tests;

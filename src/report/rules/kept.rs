//! What became of the rules that were accepted: the control chart of each, and whether it
//! is kept.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use super::decided::Decided;
use super::effect::{self, Effect, Observed, Verdict};
use super::places::{Match, Places, match_table};
use super::proposal::{action_words, anchor};
use crate::chart::{ControlChart, ControlPoint, Frame, control_chart};
use crate::error::Result;
use crate::lake::Rows;
use crate::report::figures::control::{is_signal, limits_of};
use crate::report::format;
use crate::report::page::{Cell, DataTable, Figure, Tag};
use crate::statistics::Xmr;

/// How many releases the numbers of a chart show.
const MOST_ROWS: usize = 30;

/// One release of a rule's series.
pub(super) struct Point {
    release_id: String,
    shipped_at: DateTime<Utc>,
    period: String,
    matched: i64,
    unmatched: i64,
    observed: Observed,
}

/// The releases of each rule, in order of time.
pub(super) type Series = BTreeMap<String, Vec<Point>>;

/// Reads the mart `rule_effects`.
pub(super) fn load_series(rows: &Rows) -> Result<Series> {
    let mut series: BTreeMap<String, Vec<(i64, Point)>> = BTreeMap::new();
    for row in rows.indices() {
        let rule = rows.owned_text("rule_id", row)?;
        let place = rows.integer("release_position", row)?.unwrap_or(0);
        let point = read_point(rows, row)?;
        series.entry(rule).or_default().push((place, point));
    }
    let in_order = series.into_iter().map(|(rule, mut points)| {
        points.sort_by_key(|(place, _)| *place);
        (rule, points.into_iter().map(|(_, point)| point).collect())
    });
    Ok(in_order.collect())
}

fn read_point(rows: &Rows, row: usize) -> Result<Point> {
    let count = |column| -> Result<i64> { Ok(rows.integer(column, row)?.unwrap_or(0)) };
    let (matched, unmatched) = (count("matched_count")?, count("unmatched_count")?);
    let bad = rows
        .integer("matched_bad", row)?
        .zip(rows.integer("unmatched_bad", row)?);
    let whole = |number: i64| u64::try_from(number).unwrap_or(0);
    let period = rows.owned_text("period", row)?;
    Ok(Point {
        release_id: rows.owned_text("release_id", row)?,
        shipped_at: rows.instant("shipped_at", row)?.unwrap_or_default(),
        matched,
        unmatched,
        observed: Observed {
            is_since: period == "since",
            matched: rows.number("matched_outcome", row)?,
            unmatched: rows.number("unmatched_outcome", row)?,
            all: rows.number("all_outcome", row)?.unwrap_or(f64::NAN),
            matched_tally: bad.map(|(hit, _)| (whole(hit), whole(matched))),
            all_tally: bad.map(|(hit, other)| (whole(hit + other), whole(matched + unmatched))),
        },
        period,
    })
}

/// A decided rule as the page has it.
#[derive(Debug, Serialize)]
pub(super) struct Kept {
    /// The anchor.
    pub(super) id: String,
    pub(super) rule_id: String,
    pub(super) title: String,
    /// Whether it is kept; `None` where it was never in force.
    pub(super) verdict: Option<Tag>,
    pub(super) reason: String,
    pub(super) action: String,
    pub(super) decision: String,
    pub(super) why: String,
    pub(super) basis: String,
    pub(super) template: Option<String>,
    /// The command that ends it, where it should end.
    pub(super) command: Option<String>,
    pub(super) figure: Option<Figure>,
    /// The numbers of a chart that the page has no room to draw.
    pub(super) numbers: Option<DataTable>,
    pub(super) rows: DataTable,
}

/// Leaves out the charts for which a page has no room: `room` is in bytes of drawings.
/// Their numbers stay.
pub(super) fn draw_within(kept: &mut [Kept], room: usize) {
    let mut used = 0;
    for one in kept {
        used += one.figure.as_ref().map_or(0, |figure| figure.svg.len());
        if used > room {
            one.numbers = one.figure.take().map(|figure| figure.table);
        }
    }
}

/// What a decided rule is shown with.
pub(super) struct Behind<'a> {
    pub(super) series: &'a [Point],
    pub(super) matches: &'a [Match],
    pub(super) places: &'a Places,
    pub(super) zone: Tz,
}

impl Kept {
    pub(super) fn new(decided: &Decided, number: usize, behind: &Behind<'_>) -> Self {
        let judged = judged(decided, behind.series);
        let verdict = judged.as_ref().map(|(effect, _)| effect.verdict);
        let is_retired = !decided.is_in_force();
        Self {
            id: anchor(&decided.rule_id),
            rule_id: decided.rule_id.clone(),
            title: decided.title.clone(),
            verdict: verdict.filter(|_| !is_retired).map(Verdict::tag),
            reason: judged.as_ref().map_or_else(
                || "No release that it can be judged on went out.".to_owned(),
                |(effect, _)| effect.reason.clone(),
            ),
            action: action_words(&decided.action),
            decision: decided.decision_words(behind.zone),
            why: decided.why.clone(),
            basis: decided.basis_words(),
            template: decided.template_words(),
            command: (verdict == Some(Verdict::Retire) && !is_retired)
                .then(|| format!("plimsoll rules retire {} --why \"…\"", decided.rule_id)),
            figure: judged
                .filter(|(_, points)| !points.is_empty())
                .map(|(effect, points)| figure(decided, number, &effect, &points, behind)),
            numbers: None,
            rows: match_table(
                &decided.rule_id,
                behind.matches,
                decided.outcome,
                behind.places,
            ),
        }
    }
}

/// Judges a rule by the releases that went out before and since it was accepted;
/// `None` where it never was.
pub(super) fn judged<'p>(
    decided: &Decided,
    series: &'p [Point],
) -> Option<(Effect, Vec<&'p Point>)> {
    decided.accepted_at?;
    let points: Vec<&Point> = series.iter().filter(|one| one.period != "after").collect();
    let observed: Vec<Observed> = points.iter().map(|one| one.observed.clone()).collect();
    Some((effect::judge(&observed, decided.outcome.bound()), points))
}

fn figure(
    decided: &Decided,
    number: usize,
    effect: &Effect,
    points: &[&Point],
    behind: &Behind<'_>,
) -> Figure {
    let id = format!("fig-effect-{number}");
    let chart = match &effect.chart {
        Xmr::Chart(chart) => Some(chart),
        Xmr::TooFew { .. } => None,
    };
    let limits = match &effect.chart {
        Xmr::Chart(chart) => format!(
            "limits of the {} before the acceptance",
            format::count(chart.baseline_count, "release", "releases")
        ),
        Xmr::TooFew { found, needed } => format!(
            "too few for limits: {} before the acceptance, {needed} are needed",
            format::count(*found, "release", "releases")
        ),
    };
    let title = effect.reason.trim_end_matches('.').to_owned();
    let subtitle = format!("{}; {limits}", decided.outcome.caption());
    let mut before: Option<f64> = None;
    let mut drawn = Vec::new();
    for (place, point) in points.iter().enumerate() {
        let value = Some(point.observed.all).filter(|value| value.is_finite());
        let is_first_since = point.period == "since"
            && place
                .checked_sub(1)
                .is_none_or(|last| points[last].period != "since");
        drawn.push(ControlPoint {
            date: point.shipped_at.with_timezone(&behind.zone).date_naive(),
            value,
            moving_range: value.zip(before).map(|(now, then)| (now - then).abs()),
            is_signal: is_signal(chart, place),
            note: is_first_since.then(|| "accepted before".to_owned()),
            href: None,
        });
        before = value.or(before);
    }
    let frame = Frame::new(&id, &title, &subtitle).empty("No release that it can be judged on.");
    let drawing = ControlChart {
        points: drawn,
        limits: chart.map(limits_of),
        caption: decided.outcome.caption().to_owned(),
        unit: decided.outcome.unit(),
    };
    Figure {
        svg: control_chart(&frame, &drawing),
        id,
        title,
        subtitle,
        how_to_read: "A dot is a release, all of its items together; the lines are the usual range of the releases before the rule was accepted (XmR). A ring marks a signal. Keep: the outcome fell by a signal, or the intervals of the releases before and since part. Retire: it rose, or eight releases brought no improvement.".to_owned(),
        table: numbers(decided, chart, points, behind.places, behind.zone),
    }
}

fn numbers(
    decided: &Decided,
    chart: Option<&crate::statistics::XmrChart>,
    points: &[&Point],
    places: &Places,
    zone: Tz,
) -> DataTable {
    let outcome = decided.outcome;
    let level = |value: Option<f64>| Cell::number(value, |value| outcome.level(value));
    let rows = points.iter().enumerate().rev().map(|(place, point)| {
        let day = point.shipped_at.with_timezone(&zone).date_naive();
        vec![
            places.release_cell(&point.release_id),
            Cell::text(format::date(day)),
            Cell::text(point.period.clone()),
            Cell::integer(point.matched),
            level(point.observed.matched),
            Cell::integer(point.unmatched),
            level(point.observed.unmatched),
            level(Some(point.observed.all).filter(|value| value.is_finite())),
            Cell::text(match is_signal(chart, place) {
                true => "signal",
                false => format::MISSING,
            }),
        ]
    });
    DataTable::new(
        format!(
            "{}: {}, before and since the acceptance",
            decided.rule_id,
            outcome.words()
        ),
        &[
            "Release",
            "Went out",
            "When",
            "#Matched items",
            "#Their outcome",
            "#Other items",
            "#Their outcome",
            "#All",
            "Signal",
        ],
        rows.collect(),
        MOST_ROWS,
    )
}

#[cfg(test)]
mod tests {
    use super::super::decided::sample;
    use super::*;

    #[test]
    fn a_rule_that_was_never_accepted_is_not_judged() {
        let rejected = sample("large_estimate.60.incident", "rejected");
        assert!(judged(&rejected, &[]).is_none());
        let accepted = sample("large_estimate.60.incident", "accepted");
        let (effect, _) = judged(&accepted, &[]).expect("it was accepted");
        assert_eq!(effect.verdict, Verdict::TooEarly);
    }
}

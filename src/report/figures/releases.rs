//! The releases around the as-of: from baseline over freeze to ship.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};

use super::scope::late_changes;
use super::{Context, MOST_ROWS, count_of};
use crate::chart::{Frame, Gantt, GanttRow, ReleaseState, gantt};
use crate::error::Result;
use crate::lake::Rows;
use crate::report::changes::Change;
use crate::report::forecasts::{ReleaseForecast, load_forecasts};
use crate::report::format;
use crate::report::gates::{Verdicts, open_by};
use crate::report::page::{Cell, DataTable, Figure, Link, Tag};

/// How far back and ahead releases are shown.
const BACK: TimeDelta = TimeDelta::weeks(3);
const AHEAD: TimeDelta = TimeDelta::weeks(8);
const MOST_RELEASES: usize = 12;

/// A release with its dates in local time.
struct Shown {
    row: GanttRow,
    cells: Vec<Cell>,
    is_late: bool,
    after_freeze: u64,
    release_id: String,
}

/// How far ahead a release at risk is news of the week.
const NEWS_AHEAD: TimeDelta = TimeDelta::days(14);

/// Returns a sentence for each release that is late, or at risk and planned for the
/// next two weeks, the nearest first.
pub(in crate::report) fn changes(
    context: &Context<'_>,
    verdicts: &Verdicts,
) -> Result<Vec<Change>> {
    if context.marts.missing(FED_BY).is_some() {
        return Ok(Vec::new());
    }
    let today = context.local(context.marts.as_of).date();
    let mut shown = shown_releases(context)?;
    shown.retain(|release| {
        release.row.state == ReleaseState::AtRisk && release.row.ship <= today + NEWS_AHEAD
    });
    let this_week = changes_this_week(context)?;
    Ok(shown
        .iter()
        .map(|release| {
            let this_week = this_week.get(&release.release_id).copied().unwrap_or(0);
            let day = release.row.ship.max(today);
            let gates = open_by(
                verdicts,
                &release.release_id,
                day,
                context.config.project.time_zone,
            );
            release.news(this_week, gates)
        })
        .collect())
}

/// Counts the changes after the freeze in the reported week, by release.
fn changes_this_week(context: &Context<'_>) -> Result<BTreeMap<String, u64>> {
    let moves = context.marts.rows("release_scope_moves")?;
    let monday = context.marts.week_start;
    let mut counts = BTreeMap::new();
    for row in moves.indices() {
        let is = |column| -> Result<bool> { Ok(moves.boolean(column, row)?.unwrap_or(false)) };
        let day = moves
            .instant("changed_at", row)?
            .map(|at| context.local(at).date());
        let is_this_week = day.is_some_and(|day| day >= monday && day < context.end());
        if is("is_after_freeze")? && is("is_counted")? && is_this_week {
            let release = moves.text("release_id", row)?.unwrap_or_default();
            *counts.entry(release.to_owned()).or_insert(0) += 1;
        }
    }
    Ok(counts)
}

impl Shown {
    fn news(&self, this_week: u64, gates: usize) -> Change {
        let planned = format::date(self.row.ship);
        let changes = format::count(self.after_freeze, "change", "changes");
        let moved = match (self.after_freeze, this_week) {
            (0, _) => None,
            (_, 0) => Some("none in this week".to_owned()),
            (all, week) if all == week => Some("all in this week".to_owned()),
            (_, week) => Some(format!("{} in this week", format::integer(week))),
        };
        let moved =
            moved.map(|when| format!("{changes} to its scope came after the freeze, {when}"));
        let gates = (gates > 0).then(|| {
            let open = format::count(gates, "gate is open that is", "gates are open that are");
            format!("{open} due by then")
        });
        let reasons: Vec<String> = moved.into_iter().chain(gates).collect();
        let after = match reasons.is_empty() {
            true => String::new(),
            false => format!(": {}", reasons.join("; ")),
        };
        let (word, text) = match self.is_late {
            true => (
                "Late",
                format!(
                    "{} was planned for {planned} and is not released{after}.",
                    self.row.name
                ),
            ),
            false => (
                "At risk",
                format!(
                    "{}, planned for {planned}, is at risk{after}.",
                    self.row.name
                ),
            ),
        };
        Change {
            tag: Tag::new("warn", word),
            text,
            link: Some(Link {
                href: "#fig-releases".to_owned(),
                text: "See the chart".to_owned(),
            }),
            rows: self.row.href.clone().map(|href| Link {
                href,
                text: "See the release".to_owned(),
            }),
        }
    }
}

/// The tables without which there is nothing to draw.
const FED_BY: &[&str] = &["releases"];

pub(in crate::report) fn figure(context: &Context<'_>) -> Result<Figure> {
    let shown = shown_releases(context)?;
    let late = shown.iter().filter(|release| release.is_late).count();
    let ahead = shown
        .iter()
        .filter(|release| release.row.state != ReleaseState::Released)
        .count();
    let at_risk: Vec<&str> = shown
        .iter()
        .filter(|release| release.row.state == ReleaseState::AtRisk && !release.is_late)
        .map(|release| release.row.name.as_str())
        .collect();
    let title = headline(late, ahead, &at_risk);
    let report_date = context.local(context.marts.as_of).date();
    let title = context.title("Releases", FED_BY, title);
    let subtitle = format!(
        "Releases planned from three weeks before to eight weeks after the report date, {}. Pale bar: from the scope baseline; solid bar: from the freeze to the planned date, or to the release",
        format::date(report_date)
    );
    let missing = context.marts.missing(FED_BY);
    let frame = Frame::new("fig-releases", &title, &subtitle).empty(
        missing
            .as_deref()
            .unwrap_or("No release is planned in these weeks."),
    );
    let cells = shown.iter().map(|release| release.cells.clone()).collect();
    let rows = shown
        .into_iter()
        .map(|release| release.row)
        .take(MOST_RELEASES)
        .collect();
    let drawing = Gantt {
        rows,
        report_date: Some(report_date),
        caption: "Baseline, freeze and planned date".into(),
    };
    Ok(Figure {
        id: "fig-releases".into(),
        svg: gantt(&frame, &drawing),
        title,
        subtitle,
        how_to_read: "At risk: scope changed after the freeze, or the planned date has passed without a release. Scope on track: past its baseline with none of these. The state is of scope and dates; whether the gates let it through is in the dates of the next two weeks and on the page of governance. 50–85 %: done by the first day as likely as not, by the second in 85 of 100 trials; see the page of forecasts.".into(),
        table: DataTable::new(
            "Releases by planned date",
            &["Release", "System", "Baseline", "Freeze", "Planned", "Released", "50 % by", "85 % by", "State", "#Changes after freeze"],
            cells,
            MOST_ROWS,
        ),
    })
}

/// "+1 −1, net 0": what moved after the freeze, and what is left of it.
fn late_words([added, removed]: [u64; 2]) -> String {
    let net = i64::try_from(added).unwrap_or(0) - i64::try_from(removed).unwrap_or(0);
    let sign = if net > 0 { "+" } else { "" };
    format!(
        "+{} −{} after freeze, net {sign}{}",
        format::integer(added),
        format::integer(removed),
        format::integer(net)
    )
}

/// How a release stands, and between which days it is likely done: "on track; likely
/// 9 – 14 Jul".
fn state_words(
    words: &str,
    why: Option<&str>,
    (p50, p85): (Option<NaiveDate>, Option<NaiveDate>),
) -> String {
    let mut text = match why {
        Some(why) => format!("{words}: {why}"),
        None => words.to_owned(),
    };
    if let (Some(p50), Some(p85)) = (p50, p85) {
        let (from, to) = (format::short_date(p50), format::short_date(p85));
        text += &format!("; 50–85 %: {from} – {to}");
    }
    text
}

/// Says what is late, else what is at risk, else that all is well.
fn headline(late: usize, ahead: usize, at_risk: &[&str]) -> String {
    let planned = format::count(ahead, "release", "releases");
    match (late, ahead, at_risk) {
        (0, 0, _) => "No release is planned in the next eight weeks".to_owned(),
        (0, _, []) => format!(
            "{} planned in the next eight weeks, none late or at risk",
            format::count(ahead, "release is", "releases are")
        ),
        (0, _, [name]) => {
            format!("{name} is at risk, of {planned} planned in the next eight weeks; none is late")
        }
        (0, _, names) => format!(
            "{} of {planned} planned in the next eight weeks are at risk; none is late",
            format::integer(names.len())
        ),
        (late, _, []) => format!(
            "{} past the planned date and not released",
            format::count(late, "release is", "releases are")
        ),
        (late, _, names) => format!(
            "{} past the planned date and not released, and {} at risk",
            format::count(late, "release is", "releases are"),
            format::count(names.len(), "other is", "others are")
        ),
    }
}

/// The releases of these weeks, the first to ship first.
fn shown_releases(context: &Context<'_>) -> Result<Vec<Shown>> {
    let releases = context.marts.rows("scope_volatility")?;
    let late = late_changes(&context.marts.rows("release_scope_moves")?)?;
    let forecasts = load_forecasts(context.marts)?;
    let mut shown = Vec::new();
    for row in releases.indices() {
        shown.extend(show(context, &releases, row, (&late, &forecasts))?);
    }
    shown.sort_by(|a, b| (a.row.ship, &a.row.name).cmp(&(b.row.ship, &b.row.name)));
    Ok(shown)
}

fn show(
    context: &Context<'_>,
    releases: &Rows,
    row: usize,
    (late, forecasts): (
        &BTreeMap<String, [u64; 2]>,
        &BTreeMap<String, ReleaseForecast>,
    ),
) -> Result<Option<Shown>> {
    let date = |column| -> Result<_> {
        Ok(releases
            .instant(column, row)?
            .map(|at| context.local(at).date()))
    };
    let today = context.local(context.marts.as_of).date();
    let status = releases.text("status", row)?;
    let (Some(planned), false) = (date("planned_at")?, status == Some("cancelled")) else {
        return Ok(None);
    };
    let released = date("released_at")?;
    let baseline = date("baseline_at")?;
    let freeze = date("freeze_at")?;
    if planned < today - BACK || planned > today + AHEAD {
        return Ok(None);
    }
    let after_freeze = count_of(releases, "after_freeze_count", row)?;
    let is_released = released.is_some() || status == Some("released");
    let is_late = !is_released && planned < today;
    let (state, words) = match (is_released, is_late, after_freeze, baseline) {
        (true, ..) => (ReleaseState::Released, "released"),
        (_, true, ..) => (ReleaseState::AtRisk, "late"),
        (_, _, 1.., _) => (ReleaseState::AtRisk, "scope at risk"),
        (_, _, _, Some(baseline)) if baseline <= today => (ReleaseState::OnTrack, "scope on track"),
        _ => (ReleaseState::Planned, "planned"),
    };
    let moved = late.get(releases.text("release_id", row)?.unwrap_or_default());
    let why = moved
        .filter(|_| words == "scope at risk")
        .map(|moved| late_words(*moved));
    let id = releases.text("release_id", row)?.unwrap_or_default();
    let likely = forecasts.get(id).filter(|forecast| forecast.is_made());
    let likely = likely.map(|forecast| forecast.days);
    let [p50, p85, _] = likely.unwrap_or_default();
    let name = releases.owned_text("release_name", row)?;
    let ship = released.unwrap_or(planned);
    let start = baseline
        .or(freeze)
        .unwrap_or(planned - TimeDelta::weeks(2))
        .min(ship);
    let shown = |date: Option<NaiveDate>| {
        Cell::text(date.map_or_else(|| format::MISSING.to_owned(), format::date))
    };
    Ok(Some(Shown {
        cells: vec![
            Cell::text(&name).within_if(context.release_page(releases, row)?),
            Cell::maybe(releases.text("system", row)?),
            shown(baseline),
            shown(freeze),
            shown(Some(planned)),
            shown(released),
            shown(p50),
            shown(p85),
            Cell::text(words).noted(why.as_deref()),
            Cell::integer(after_freeze),
        ],
        row: GanttRow {
            name,
            build_start: start,
            freeze,
            ship,
            state,
            state_words: state_words(words, why.as_deref(), (p50, p85)),
            href: context.release_page(releases, row)?,
        },
        is_late,
        after_freeze,
        release_id: releases.owned_text("release_id", row)?,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_at_risk_is_in_the_headline() {
        assert_eq!(
            headline(0, 8, &["Lantern 2026.7"]),
            "Lantern 2026.7 is at risk, of 8 releases planned in the next eight weeks; none is late"
        );
        assert_eq!(
            headline(0, 8, &[]),
            "8 releases are planned in the next eight weeks, none late or at risk"
        );
        assert_eq!(
            headline(1, 8, &["Lantern 2026.7"]),
            "1 release is past the planned date and not released, and 1 other is at risk"
        );
    }
}

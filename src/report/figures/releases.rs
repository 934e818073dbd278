//! The releases around the as-of: from baseline over freeze to ship.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::scope::late_changes;
use super::{Context, MOST_ROWS};
use crate::chart::{Frame, Gantt, GanttRow, ReleaseState, gantt};
use crate::error::Result;
use crate::lake::Rows;
use crate::report::format;
use crate::report::page::{Cell, DataTable, Figure};

/// How far back and ahead releases are shown.
const BACK: TimeDelta = TimeDelta::weeks(3);
const AHEAD: TimeDelta = TimeDelta::weeks(8);
const MOST_RELEASES: usize = 12;

/// A release with its dates in local time.
struct Shown {
    row: GanttRow,
    cells: Vec<Cell>,
    is_late: bool,
}

/// The tables without which there is nothing to draw.
const FED_BY: &[&str] = &["releases"];

pub(super) fn figure(context: &Context<'_>) -> Result<Figure> {
    let releases = context.marts.rows("scope_volatility")?;
    let late = late_changes(&context.marts.rows("release_scope_moves")?)?;
    let mut shown = Vec::new();
    for row in releases.indices() {
        shown.extend(show(context, &releases, row, &late)?);
    }
    shown.sort_by(|a, b| (a.row.ship, &a.row.name).cmp(&(b.row.ship, &b.row.name)));
    let late = shown.iter().filter(|release| release.is_late).count();
    let ahead = shown
        .iter()
        .filter(|release| release.row.state != ReleaseState::Released)
        .count();
    let title = match (late, ahead) {
        (0, 0) => "No release is planned in the next eight weeks".to_owned(),
        (0, ahead) => format!(
            "{} planned in the next eight weeks, none past its date",
            format::count(ahead, "release is", "releases are")
        ),
        (late, _) => format!(
            "{} past the planned date and not released",
            format::count(late, "release is", "releases are")
        ),
    };
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
        how_to_read: "At risk: scope changed after the freeze, or the planned date has passed without a release. On track: past its baseline with none of these.".into(),
        table: DataTable::new(
            "Releases by planned date",
            &["Release", "System", "Baseline", "Freeze", "Planned", "Released", "State", "#Changes after freeze"],
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

fn show(
    context: &Context<'_>,
    releases: &Rows,
    row: usize,
    late: &BTreeMap<String, [u64; 2]>,
) -> Result<Option<Shown>> {
    let date = |column| -> Result<_> {
        Ok(releases
            .instant(column, row)?
            .map(|at| context.local(at).date()))
    };
    let today = context.local(context.marts.as_of).date();
    let status = releases.text("status", row)?.unwrap_or("planned");
    let (Some(planned), false) = (date("planned_at")?, status == "cancelled") else {
        return Ok(None);
    };
    let released = date("released_at")?;
    let baseline = date("baseline_at")?;
    let freeze = date("freeze_at")?;
    if planned < today - BACK || planned > today + AHEAD {
        return Ok(None);
    }
    let after_freeze = releases.integer("after_freeze_count", row)?.unwrap_or(0);
    let is_released = released.is_some() || status == "released";
    let is_late = !is_released && planned < today;
    let (state, words) = match (is_released, is_late, after_freeze, baseline) {
        (true, ..) => (ReleaseState::Released, "released"),
        (_, true, ..) => (ReleaseState::AtRisk, "late"),
        (_, _, 1.., _) => (ReleaseState::AtRisk, "at risk"),
        (_, _, _, Some(baseline)) if baseline <= today => (ReleaseState::OnTrack, "on track"),
        _ => (ReleaseState::Planned, "planned"),
    };
    let moved = late.get(releases.text("release_id", row)?.unwrap_or_default());
    let why = moved
        .filter(|_| words == "at risk")
        .map(|moved| late_words(*moved));
    let name = releases
        .text("release_name", row)?
        .unwrap_or_default()
        .to_owned();
    let ship = released.unwrap_or(planned);
    let start = baseline
        .or(freeze)
        .unwrap_or(planned - TimeDelta::weeks(2))
        .min(ship);
    let shown = |date: Option<chrono::NaiveDate>| {
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
            Cell::text(words).noted(why.as_deref()),
            Cell::integer(after_freeze),
        ],
        row: GanttRow {
            name,
            build_start: start,
            freeze,
            ship,
            state,
            state_words: match &why {
                Some(why) => format!("{words}: {why}"),
                None => words.to_owned(),
            },
            href: context.release_page(releases, row)?,
        },
        is_late,
    }))
}

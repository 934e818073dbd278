//! The plan of the portfolio against where effort went, team by team.

use super::{MOST_ROWS, Sources, count_cell, number_cell, share_cell, text_cell};
use crate::error::Result;
use crate::lake::Rows;
use crate::report::format;
use crate::report::page::{Cell, DataTable, Tag};
use crate::report::part::Part;

const COLUMNS: [&str; 10] = [
    "Team",
    "Category",
    "Quarter",
    "#Planned",
    "#Actual",
    "#Drift in points",
    "Verdict",
    "#Hours",
    "#Hours planned",
    "#Items",
];

pub(super) fn part(sources: &Sources<'_>, quarter: Option<&str>) -> Result<Part> {
    let rows = sources.marts.rows("portfolio_drift")?;
    let band = match rows.is_empty() {
        true => None,
        false => rows.number("band_points", 0)?,
    };
    let band = band.map_or_else(String::new, format::number);
    let finding = match sources.marts.missing(&["portfolio", "effort"]) {
        Some(missing) => missing,
        None => finding(&rows, quarter, &band)?,
    };
    Ok(Part {
        id: "drift",
        title: "Portfolio against plan",
        finding,
        about: format!(
            "The share of the hours of a team and quarter that went to each investment category, against the planned share. More than {band} points either way is beyond the band. What the plan does not have is planned at 0. All teams together plan the teams' shares, each weighed by the hours planned for its team; where the stated shares and the planned hours say different things, the shares are the plan and the row says so."
        ),
        figures: Vec::new(),
        tables: vec![
            table(
                &rows,
                "Teams in the last whole quarter, the largest drift first",
                |row| {
                    let is_team = rows.boolean("is_total", row)? == Some(false);
                    Ok(is_team && rows.text("quarter", row)? == quarter)
                },
                true,
            )?,
            table(
                &rows,
                "All teams together, the latest quarter first",
                |row| Ok(rows.boolean("is_total", row)? == Some(true)),
                false,
            )?,
            table(
                &rows,
                "Teams in the other quarters, the latest first",
                |row| {
                    let is_team = rows.boolean("is_total", row)? == Some(false);
                    Ok(is_team && rows.text("quarter", row)? != quarter)
                },
                false,
            )?,
        ],
        definitions: Part::defined_by(&["portfolio_drift"]),
    })
}

fn finding(rows: &Rows, quarter: Option<&str>, band: &str) -> Result<String> {
    let (mut compared, mut beyond, mut contradictory) = (0, 0, 0);
    for row in rows.indices() {
        let is_meant = rows.text("quarter", row)? == quarter;
        if is_meant && rows.boolean("is_total", row)? == Some(false) {
            let verdict = rows.boolean("is_beyond_band", row)?;
            compared += i32::from(verdict.is_some());
            beyond += i32::from(verdict == Some(true));
            contradictory += i32::from(rows.boolean("is_contradictory", row)? == Some(true));
        }
    }
    let doubt = match contradictory {
        0 => String::new(),
        count => format!(
            "; the plan's hours contradict {} of these shares",
            format::integer(count)
        ),
    };
    Ok(match quarter.filter(|_| compared > 0) {
        Some(quarter) => format!(
            "{} of {} of teams in {quarter} drifted by more than {band} points{doubt}",
            format::integer(beyond),
            format::count(compared, "planned share", "planned shares")
        ),
        None => "No planned share of the last whole quarter has hours to compare with".to_owned(),
    })
}

/// The rows that `is_meant` takes, by drift or else by quarter.
fn table(
    rows: &Rows,
    caption: &str,
    is_meant: impl Fn(usize) -> Result<bool>,
    is_by_drift: bool,
) -> Result<DataTable> {
    let mut found = Vec::new();
    for row in rows.indices() {
        if !is_meant(row)? {
            continue;
        }
        let drift = rows.number("drift_points", row)?;
        let quarter = rows.owned_text("quarter", row)?;
        found.push((drift.map_or(-1.0, f64::abs), quarter, cells(rows, row)?));
    }
    if is_by_drift {
        found.sort_by(|(a, _, _), (b, _, _)| b.total_cmp(a));
    } else {
        found.sort_by(|(_, a, _), (_, b, _)| b.cmp(a));
    }
    let cells = found.into_iter().map(|(_, _, cells)| cells).collect();
    Ok(DataTable::new(caption, &COLUMNS, cells, MOST_ROWS))
}

fn cells(rows: &Rows, row: usize) -> Result<Vec<Cell>> {
    let partial = rows.boolean("is_partial", row)? == Some(true);
    let unplanned = rows.boolean("is_unplanned", row)? == Some(true);
    let mut basis = match rows.text("plan_basis", row)? {
        Some("hours") => Some("from hours"),
        Some("team_hours") => Some("from the teams, by their hours"),
        _ => unplanned.then_some("not in the plan"),
    }
    .map(str::to_owned);
    if rows.boolean("is_contradictory", row)? == Some(true) {
        let hours = rows.number("hours_share", row)?.map(format::percent);
        let said = format!(
            "its hours say {}",
            hours.as_deref().unwrap_or(format::MISSING)
        );
        basis = Some(basis.map_or_else(|| said.clone(), |basis| format!("{basis}; {said}")));
    }
    let mut verdict = Cell::maybe(None);
    match rows.boolean("is_beyond_band", row)? {
        Some(true) => {
            verdict = Cell::text("");
            verdict.tag = Some(Tag::new("warn", "beyond the band"));
        }
        Some(false) => verdict = Cell::text("on plan"),
        None => {}
    }
    Ok(vec![
        text_cell(rows, "team", row)?,
        text_cell(rows, "investment_category", row)?,
        text_cell(rows, "quarter", row)?.noted(partial.then_some("not over")),
        share_cell(rows, "planned_share", row)?.noted(basis.as_deref()),
        share_cell(rows, "actual_share", row)?,
        Cell::number(rows.number("drift_points", row)?, format::signed),
        verdict,
        number_cell(rows, "actual_hours", row)?,
        number_cell(rows, "planned_hours", row)?,
        count_cell(rows, "item_count", row)?,
    ])
}

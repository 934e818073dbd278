//! Estimated against spent hours, team by team.

use std::collections::BTreeMap;

use super::{Context, MOST_ROWS};
use crate::chart::{Dumbbell, DumbbellRow, Frame, Unit, dumbbell};
use crate::error::Result;
use crate::report::format;
use crate::report::page::{Cell, DataTable, Figure};
use crate::statistics::median;

/// One finished item with an estimate and effort.
struct Pair {
    estimate: f64,
    actual: f64,
    error: f64,
    log: f64,
    is_within_25: bool,
    is_exact: bool,
}

/// The tables without which there is nothing to draw.
const FED_BY: &[&str] = &["items", "effort"];

pub(super) fn figure(context: &Context<'_>) -> Result<Figure> {
    let teams = pairs_per_team(context)?;
    let errors: Vec<f64> = teams.values().flatten().map(|pair| pair.error).collect();
    let overall = median(&errors);
    let title = match overall {
        Some(error) if errors.len() >= 5 => {
            format!(
                "Half of the estimates miss by more than {}",
                format::percent(error)
            )
        }
        Some(_) => format!("Too few items to judge estimates by: {}", errors.len()),
        None => "No finished item has both an estimate and recorded effort".to_owned(),
    };
    let title = context.title("Estimates", FED_BY, title);
    let subtitle = format!(
        "Median hours estimated when work began and spent by the end, per team; {}, {}",
        format::count(errors.len(), "finished item", "finished items"),
        context.period()
    );
    let missing = context.marts.missing(FED_BY);
    let frame = Frame::new("fig-estimation", &title, &subtitle).empty(
        missing
            .as_deref()
            .unwrap_or("No finished item has both an estimate and effort."),
    );
    let drawing = Dumbbell {
        rows: teams
            .iter()
            .filter_map(|(team, pairs)| dumbbell_row(team, pairs))
            .collect(),
        caption: "Median hours, estimated and spent".into(),
        unit: Unit::Hours,
    };
    Ok(Figure {
        id: "fig-estimation".into(),
        svg: dumbbell(&frame, &drawing),
        title,
        subtitle,
        how_to_read: "Each line joins a team's median estimate and the median of what was spent. Beside it, in the table: the median error |actual − estimate| / actual (MdMRE), the share within 25% of the actual (PRED 25), the bias (mean of ln(actual / estimate); above 0 means under-estimated), and the share with both exactly equal, which are copied rather than measured.".into(),
        table: DataTable::new(
            "Estimates against effort, by team",
            &["Team", "#Items", "#Median estimate, h", "#Median actual, h", "#MdMRE", "#PRED 25", "#Bias", "#Exactly equal"],
            teams.iter().map(|(team, pairs)| table_row(team, pairs)).collect(),
            MOST_ROWS,
        ),
    })
}

fn pairs_per_team(context: &Context<'_>) -> Result<BTreeMap<String, Vec<Pair>>> {
    let items = context.marts.rows("estimation_accuracy")?;
    let mut teams: BTreeMap<String, Vec<Pair>> = BTreeMap::new();
    for row in items.indices() {
        let week = items.date("week_start", row)?;
        if items.text("exclusion", row)?.is_some()
            || !week.is_some_and(|week| context.is_within(week))
        {
            continue;
        }
        let number = |column| items.number(column, row);
        let (Some(estimate), Some(actual), Some(error), Some(log)) = (
            number("estimate_hours")?,
            number("actual_hours")?,
            number("error_ratio")?,
            number("log_ratio")?,
        ) else {
            continue;
        };
        let team = items.text("team", row)?.unwrap_or("(no team)").to_owned();
        teams.entry(team).or_default().push(Pair {
            estimate,
            actual,
            error,
            log,
            is_within_25: items.boolean("is_within_25", row)?.unwrap_or(false),
            is_exact: items.boolean("is_exact", row)?.unwrap_or(false),
        });
    }
    Ok(teams)
}

fn median_of(pairs: &[Pair], get: fn(&Pair) -> f64) -> Option<f64> {
    median(&pairs.iter().map(get).collect::<Vec<_>>())
}

fn dumbbell_row(team: &str, pairs: &[Pair]) -> Option<DumbbellRow> {
    Some(DumbbellRow {
        name: team.to_owned(),
        planned: median_of(pairs, |pair| pair.estimate)?,
        actual: median_of(pairs, |pair| pair.actual)?,
        note: Some(format!("n = {}", pairs.len())),
        href: None,
    })
}

#[allow(clippy::cast_precision_loss, reason = "item counts are far below 2^52")]
fn share(pairs: &[Pair], is_so: fn(&Pair) -> bool) -> f64 {
    pairs.iter().filter(|pair| is_so(pair)).count() as f64 / pairs.len() as f64
}

#[allow(clippy::cast_precision_loss, reason = "item counts are far below 2^52")]
fn bias(pairs: &[Pair]) -> f64 {
    pairs.iter().map(|pair| pair.log).sum::<f64>() / pairs.len() as f64
}

fn table_row(team: &str, pairs: &[Pair]) -> Vec<Cell> {
    let percent = |value| Cell::number(value, format::percent);
    vec![
        Cell::text(team),
        Cell::integer(pairs.len()),
        Cell::number(median_of(pairs, |pair| pair.estimate), format::number),
        Cell::number(median_of(pairs, |pair| pair.actual), format::number),
        percent(median_of(pairs, |pair| pair.error)),
        percent(Some(share(pairs, |pair| pair.is_within_25))),
        Cell::number(Some(bias(pairs)), format::signed_ratio),
        percent(Some(share(pairs, |pair| pair.is_exact))),
    ]
}

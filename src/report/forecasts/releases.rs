//! When each open release will be done.

use super::model::ReleaseForecast;
use super::{EVEN, MOST_ROWS, chance, load_forecasts};
use crate::chart::{Frame, Gantt, GanttRow, ReleaseState, gantt};
use crate::error::Result;
use crate::report::figures::Context;
use crate::report::format;
use crate::report::page::{Cell, DataTable, Figure};
use crate::report::part::Part;

pub(super) fn part(context: &Context<'_>) -> Result<Part> {
    let mut forecasts: Vec<ReleaseForecast> =
        load_forecasts(context.marts)?.into_values().collect();
    forecasts.sort_by(|a, b| {
        let order =
            |one: &ReleaseForecast| (!one.is_made(), one.planned_on.is_none(), one.planned_on);
        order(a)
            .cmp(&order(b))
            .then_with(|| a.release_id.cmp(&b.release_id))
    });
    let finding = match context.marts.missing(&["releases", "items"]) {
        Some(missing) => missing,
        None => finding(&forecasts),
    };
    let rows = forecasts
        .iter()
        .map(|forecast| cells(context, forecast))
        .collect();
    let columns = [
        "Release",
        "Planned",
        "50 % by",
        "85 % by",
        "95 % by",
        "#Chance of the plan",
        "Work alone, 85 % by",
        "#Open items",
        "Goes by",
        "#Corrected by",
        "Remark",
    ];
    Ok(Part {
        id: "releases",
        title: "Open releases",
        finding,
        about: about(&forecasts),
        figures: figure(context, &forecasts).into_iter().collect(),
        tables: vec![DataTable::new(
            "Open releases, the first to ship first",
            &columns,
            rows,
            MOST_ROWS,
        )],
        definitions: Part::defined_by(&[
            "release_forecasts",
            "forecast_history",
            "release_forecast_days",
        ]),
    })
}

fn finding(forecasts: &[ReleaseForecast]) -> String {
    let made: Vec<&ReleaseForecast> = forecasts.iter().filter(|one| one.is_made()).collect();
    if forecasts.is_empty() {
        return "No release is open.".to_owned();
    }
    let all = format::count(forecasts.len(), "open release", "open releases");
    if made.is_empty() {
        return format!("None of {all} can be forecast; each says why.");
    }
    let against = made
        .iter()
        .filter(|one| one.planned_chance.is_some_and(|chance| chance < EVEN));
    format!(
        "{} of {} with a forecast will more likely miss the planned day than keep it; {} of {all} cannot be forecast.",
        format::integer(against.count()),
        format::count(made.len(), "open release", "open releases"),
        format::integer(forecasts.len() - made.len()),
    )
}

fn about(forecasts: &[ReleaseForecast]) -> String {
    let basis = match forecasts.first() {
        Some(one) => format!(
            " {} trials of seed {}, made on {}.",
            format::integer(one.trials),
            one.seed,
            one.made_on
                .map_or_else(|| format::MISSING.to_owned(), format::date)
        ),
        None => String::new(),
    };
    let weeks = forecasts.iter().filter_map(|one| one.basis_weeks).max();
    let weeks = weeks.map_or_else(String::new, |weeks| {
        format!(
            " Weeks are drawn from the last {}.",
            format::count(weeks, "whole week", "whole weeks")
        )
    });
    format!(
        "Done is when no open item is left. 85 % by a day: done by its end in 85 of 100 trials. A release goes by its open work (how fast its teams deliver, what they still need, how scope grows), or by its plan and how earlier releases kept theirs: by what came closer so far. Earlier forecasts correct this one.{weeks}{basis}"
    )
}

fn cells(context: &Context<'_>, forecast: &ReleaseForecast) -> Vec<Cell> {
    let address = context.releases.get(&forecast.release_id);
    let day = |day: Option<chrono::NaiveDate>| match day {
        Some(day) => Cell::text(format::date(day)),
        None => Cell::maybe(None),
    };
    let [p50, p85, p95] = forecast.days.map(day);
    let name = Cell::text(&forecast.release_name).within_if(address.cloned());
    let open = Cell::integer(forecast.remaining_count)
        .within_if(address.map(|address| format!("{address}#items")));
    let corrected = match forecast.corrected_by {
        Some(count) if count > 0 => Cell::integer(count).within("calibration.html"),
        Some(count) => Cell::integer(count),
        None => Cell::maybe(None),
    };
    vec![
        name,
        day(forecast.planned_on),
        p50,
        p85,
        p95,
        Cell::number(forecast.planned_chance, chance),
        day(forecast.work_days[1]),
        open,
        Cell::text(forecast.basis_words()),
        corrected,
        Cell::maybe(forecast.remark().as_deref()),
    ]
}

/// From the 50 % day over the 85 % day to the 95 % day.
fn figure(context: &Context<'_>, forecasts: &[ReleaseForecast]) -> Option<Figure> {
    let (mut rows, mut cells) = (Vec::new(), Vec::new());
    for forecast in forecasts {
        let ([Some(p50), p85, p95], true) = (forecast.days, forecast.is_made()) else {
            continue;
        };
        let end = p95.or(p85).unwrap_or(p50);
        let state = match forecast.planned_chance {
            Some(chance) if chance < EVEN => ReleaseState::AtRisk,
            Some(_) => ReleaseState::OnTrack,
            None => ReleaseState::Planned,
        };
        rows.push(GanttRow {
            name: forecast.release_name.clone(),
            build_start: p50,
            freeze: p85,
            ship: end,
            state,
            state_words: forecast.line(),
            href: context.releases.get(&forecast.release_id).cloned(),
        });
        let day = |day: Option<chrono::NaiveDate>| day.map(format::date);
        cells.push(vec![
            Cell::text(&forecast.release_name),
            Cell::maybe(day(Some(p50)).as_deref()),
            Cell::maybe(day(p85).as_deref()),
            Cell::maybe(day(p95).as_deref()),
        ]);
    }
    let made_on = forecasts.iter().find_map(|one| one.made_on);
    if rows.is_empty() {
        return None;
    }
    let title = "Likely days of the open releases".to_owned();
    let subtitle =
        "Pale bar: from the 50 % day to the 85 % day; solid bar: on to the 95 % day".to_owned();
    let frame = Frame::new("fig-forecasts", &title, &subtitle);
    let drawing = Gantt {
        rows,
        report_date: made_on,
        caption: "50 %, 85 % and 95 % day".into(),
    };
    Some(Figure {
        id: "fig-forecasts".into(),
        svg: gantt(&frame, &drawing),
        title,
        subtitle,
        how_to_read: "A bar says when a release is done: as likely before its begin as after it, and past its end in one of twenty trials. Where no bar has a solid end, the 95 % day lies past the horizon.".into(),
        table: DataTable::new(
            "Likely days",
            &["Release", "50 % by", "85 % by", "95 % by"],
            cells,
            MOST_ROWS,
        ),
    })
}

//! How often earlier forecasts came true: each percentile, at each lead.

use super::MOST_ROWS;
use crate::chart::{Frame, IntervalBars, IntervalRow, interval_bars};
use crate::error::Result;
use crate::lake::Rows;
use crate::report::figures::{Context, interval_cells, interval_of, share_cell};
use crate::report::format;
use crate::report::page::{Cell, DataTable, Figure, Tag};
use crate::report::part::Part;
use crate::statistics::{Rate, wilson};

/// The lead that the page speaks of first.
const HEADLINE: &str = "half_time";

/// How many forecasts the page lists; the JSON has all.
const MOST_FORECASTS: usize = 500;

/// Below this many releases a share says little.
const FEWEST: i64 = 5;

struct Line {
    lead: String,
    position: i64,
    percentile: i64,
    releases: i64,
    hits: i64,
    corrected: i64,
}

impl Line {
    fn rate(&self) -> Option<Rate> {
        let count = |number: i64| u64::try_from(number).unwrap_or(0);
        wilson(count(self.hits), count(self.releases))
    }

    fn promised(&self) -> f64 {
        f64::from(i32::try_from(self.percentile).unwrap_or(0)) / 100.0
    }

    /// Whether the percentile lies within what chance allows.
    fn holds(&self) -> Option<bool> {
        let rate = self.rate().filter(|_| self.releases >= FEWEST)?;
        let promised = self.promised();
        Some(rate.interval.lower <= promised && promised <= rate.interval.upper)
    }
}

/// The parts of the page: hit rates, and the forecasts behind them.
pub(super) fn parts(context: &Context<'_>) -> Result<Vec<Part>> {
    let lines = read(&context.marts.rows("forecast_calibration")?)?;
    let leads = context.marts.rows("forecast_leads")?;
    Ok(vec![rates(context, &lines), rows_behind(context, &leads)?])
}

fn read(rows: &Rows) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    for row in rows.indices() {
        let count = |column: &str| -> Result<i64> { Ok(rows.integer(column, row)?.unwrap_or(0)) };
        lines.push(Line {
            lead: rows.owned_text("lead", row)?,
            position: count("lead_position")?,
            percentile: count("percentile")?,
            releases: count("release_count")?,
            hits: count("hit_count")?,
            corrected: count("corrected_count")?,
        });
    }
    lines.sort_by_key(|line| (line.position, line.percentile));
    Ok(lines)
}

fn lead_words(lead: &str) -> &'static str {
    match lead {
        "half_time" => "at half-time",
        "weeks_2" => "2 weeks before",
        "weeks_4" => "4 weeks before",
        "weeks_8" => "8 weeks before",
        _ => "12 weeks before",
    }
}

fn rates(context: &Context<'_>, lines: &[Line]) -> Part {
    let headline = lines
        .iter()
        .find(|line| line.lead == HEADLINE && line.percentile == 85);
    let finding = match (context.marts.missing(&["releases", "items"]), headline) {
        (Some(missing), _) => missing,
        (None, None) => {
            "No finished release had a forecast at half-time: nothing to say yet.".to_owned()
        }
        (None, Some(line)) => format!(
            "{} of {} were done by the 85 % day of the forecast made at half-time{}.",
            format::integer(line.hits),
            format::count(line.releases, "finished release", "finished releases"),
            match line.rate().filter(|_| line.releases >= FEWEST) {
                Some(rate) => format!(
                    ": {}, 95 % interval {} to {}",
                    format::percent(rate.share),
                    format::percent(rate.interval.lower),
                    format::percent(rate.interval.upper)
                ),
                None => ", too few to say more".to_owned(),
            }
        ),
    };
    Part {
        id: "rates",
        title: "Hit rates",
        finding,
        about: "A percentile is right when releases are done by its day as often as it says. Each finished release counts once at each lead, since its own forecasts are not independent; those at a lead were all made as they would have stood then. A lead is counted back from the day on which the release was done, which a forecast cannot know: releases that took long are overrepresented at long leads, so those hit rates are rather too low.".to_owned(),
        figures: figure(lines).into_iter().collect(),
        tables: vec![DataTable::new(
            "Percentiles that came true, by lead",
            &["Forecast", "#Percentile", "#Done by its day", "#Releases", "#Hit rate", "#From", "#To", "#Corrected", "Reading"],
            lines.iter().map(cells).collect(),
            MOST_ROWS,
        )],
        definitions: Part::defined_by(&["forecast_calibration", "forecast_leads", "forecast_history"]),
    }
}

fn cells(line: &Line) -> Vec<Cell> {
    let rate = line.rate();
    let [lower, upper] = interval_cells(rate.as_ref());
    let count = |number: i64| u64::try_from(number).unwrap_or(0);
    let reading = match line.holds() {
        Some(true) => Cell::text("within chance"),
        Some(false) => {
            let tag = Tag::new(
                "warn",
                if line.rate().is_some_and(|rate| rate.share > line.promised()) {
                    "too cautious"
                } else {
                    "too early"
                },
            );
            Cell {
                tag: Some(tag),
                ..Cell::text("")
            }
        }
        None => Cell::text("fewer than 5"),
    };
    vec![
        Cell::text(lead_words(&line.lead)),
        Cell::integer(line.percentile),
        Cell::integer(line.hits).within("#forecasts"),
        Cell::integer(line.releases).within("#forecasts"),
        share_cell(count(line.hits), count(line.releases)),
        lower,
        upper,
        Cell::integer(line.corrected),
        reading,
    ]
}

fn figure(lines: &[Line]) -> Option<Figure> {
    let of_half = lines.iter().filter(|line| line.percentile == 85);
    let rows: Vec<IntervalRow> = of_half
        .filter_map(|line| {
            Some(IntervalRow {
                name: lead_words(&line.lead).to_owned(),
                rate: interval_of(&line.rate()?),
                href: None,
            })
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    let title = "How often releases were done by the 85 % day".to_owned();
    let subtitle = "Finished releases done by the 85 % day of the forecast, by when it was made; the line is 85 %".to_owned();
    let frame = Frame::new("fig-calibration", &title, &subtitle);
    let drawing = IntervalBars {
        rows,
        overall: Some(0.85),
        caption: "Share of releases, 95% interval".into(),
    };
    let table = lines
        .iter()
        .filter(|line| line.percentile == 85)
        .map(cells)
        .collect();
    Some(Figure {
        id: "fig-calibration".into(),
        svg: interval_bars(&frame, &drawing),
        title,
        subtitle,
        how_to_read: "A bar is the share that came true, its whisker where it could lie by chance (Wilson, 95%). A forecast is right where the whisker meets the line.".into(),
        table: DataTable::new(
            "85 % days that came true",
            &["Forecast", "#Percentile", "#Done by its day", "#Releases", "#Hit rate", "#From", "#To", "#Corrected", "Reading"],
            table,
            MOST_ROWS,
        ),
    })
}

fn rows_behind(context: &Context<'_>, rows: &Rows) -> Result<Part> {
    let mut found = Vec::new();
    for row in rows.indices() {
        let day = |column: &str| -> Result<Cell> {
            Ok(Cell::maybe(
                rows.date(column, row)?.map(format::date).as_deref(),
            ))
        };
        let hit =
            |column: &str| -> Result<bool> { Ok(rows.boolean(column, row)?.unwrap_or(false)) };
        let reached = match (hit("is_hit_50")?, hit("is_hit_85")?, hit("is_hit_95")?) {
            (true, ..) => "by the 50 % day",
            (_, true, _) => "by the 85 % day",
            (.., true) => "by the 95 % day",
            _ => "after the 95 % day",
        };
        let id = rows.text("release_id", row)?.unwrap_or_default();
        let name = Cell::maybe(rows.text("release_name", row)?);
        let cells = vec![
            name.within_if(context.releases.get(id).cloned()),
            Cell::text(lead_words(rows.text("lead", row)?.unwrap_or_default())),
            day("made_on")?,
            day("p50_on")?,
            day("p85_on")?,
            day("p95_on")?,
            day("planned_on")?,
            day("actual_on")?,
            Cell::text(reached),
        ];
        let position = rows.integer("lead_position", row)?;
        found.push((
            (position, std::cmp::Reverse(rows.date("actual_on", row)?)),
            cells,
        ));
    }
    found.sort_by_key(|(order, _)| *order);
    let finding = format!(
        "{} stand behind the hit rates.",
        format::count(found.len(), "forecast", "forecasts")
    );
    Ok(Part {
        id: "forecasts",
        title: "The forecasts behind them",
        finding,
        about: "Each was made of what had happened by its day, and by nothing later. The planned day is the one that the export has now; it keeps no earlier one.".to_owned(),
        figures: Vec::new(),
        tables: vec![DataTable::new(
            "Forecasts that count, by lead, the release done last first",
            &["Release", "Forecast", "Made on", "50 % by", "85 % by", "95 % by", "Planned", "Done on", "Done"],
            found.into_iter().map(|(_, cells)| cells).collect(),
            MOST_FORECASTS,
        )],
        definitions: Part::defined_by(&["forecast_leads", "forecast_history"]),
    })
}

//! The history as queries give it: releases, items, teams, dependencies and the times
//! in which items stood open.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::history::{End, History, Item, Need, Release, Span};
use super::settings::Settings;
use crate::engine::Engine;
use crate::error::Result;
use crate::lake::Rows;

/// The queries that the history is read from.
pub(super) const INPUTS: [&str; 6] = [
    "releases_as_of",
    "forecast_items",
    "item_teams",
    "item_open_spans",
    "release_open_spans",
    "forecast_needs",
];

/// What items without a team belong to.
const NO_TEAM: &str = "(no team)";

/// Days since 1970-01-01.
pub(super) fn day_number(day: NaiveDate) -> i32 {
    let days = day.signed_duration_since(NaiveDate::default()).num_days();
    i32::try_from(days).unwrap_or(i32::MAX)
}

fn micros(instant: Option<DateTime<Utc>>) -> Option<i64> {
    instant.map(|instant| instant.timestamp_micros())
}

/// Returns the as-of, in microseconds.
pub(super) fn read_as_of(engine: &Engine) -> Result<i64> {
    let rows = engine
        .select("select as_of from params")?
        .into_rows("params")?;
    Ok(micros(rows.instant("as_of", 0)?).unwrap_or_default())
}

/// Returns what forecasts are made with, and the trials of past ones.
pub(super) fn read_settings(engine: &Engine) -> Result<(Settings, usize)> {
    let name = "forecast_settings";
    let rows = engine
        .select("select * from forecast_settings")?
        .into_rows(name)?;
    let whole = |column: &str| -> Result<usize> {
        let value = rows.integer(column, 0)?.unwrap_or_default();
        Ok(usize::try_from(value).unwrap_or_default())
    };
    let seed = rows.integer("seed", 0)?.unwrap_or_default();
    let settings = Settings {
        seed: seed.unsigned_abs(),
        trials: whole("trials")?,
        basis_weeks: whole("basis_weeks")?,
        block_weeks: whole("block_weeks")?,
        horizon_weeks: whole("horizon_weeks")?,
        history_weeks: whole("history_weeks")?,
    };
    Ok((settings, whole("past_trials")?))
}

/// Reads the history from the tables of the engine.
pub(super) fn read_history(engine: &Engine) -> Result<History> {
    let read = |name: &str, columns: &str, key: &str| {
        let sql = format!("select {columns} from {name} order by {key}");
        engine.select(&sql)?.into_rows(name)
    };
    let mut history = History::default();
    let days = read("calendar", "day, start_at", "day")?;
    for row in days.indices() {
        if let (Some(day), Some(start)) = (days.date("day", row)?, days.instant("start_at", row)?) {
            history
                .days
                .push((day_number(day), start.timestamp_micros()));
        }
    }
    let columns = "release_id, status, planned_at, freeze_at, released_at";
    let rows = read(INPUTS[0], columns, "release_id")?;
    let release_of = read_releases(&rows, &mut history)?;
    let rows = read(INPUTS[1], "item_id, value_position", "item_id")?;
    let item_of = read_items(&rows, &mut history)?;
    let rows = read(
        INPUTS[2],
        "item_id, team, started_at",
        "item_id, period_number",
    )?;
    read_teams(&rows, &item_of, &mut history)?;
    let rows = read(
        INPUTS[3],
        "item_id, opened_at, closed_at",
        "item_id, opened_at",
    )?;
    history.open_times = vec![Vec::new(); history.items.len()];
    for row in rows.indices() {
        let opened_at = micros(rows.instant("opened_at", row)?);
        if let (Some(item), Some(opened_at)) =
            (item_of.get(&rows.owned_text("item_id", row)?), opened_at)
        {
            let closed_at = micros(rows.instant("closed_at", row)?);
            history.open_times[*item].push((opened_at, closed_at));
        }
    }
    let columns = "release_id, item_id, opened_at, ended_at, ended_by";
    let rows = read(INPUTS[4], columns, "release_id, item_id, opened_at")?;
    read_spans(&rows, &release_of, &item_of, &mut history)?;
    let columns = "item_id, depends_on, kind, raised_at, resolved_at";
    let rows = read(INPUTS[5], columns, "item_id, depends_on")?;
    read_needs(&rows, &item_of, &mut history)?;
    Ok(history)
}

type Places = BTreeMap<String, usize>;

fn read_releases(rows: &Rows, history: &mut History) -> Result<Places> {
    let mut places = Places::new();
    for row in rows.indices() {
        let id = rows.owned_text("release_id", row)?;
        let status = rows.text("status", row)?;
        let released_at = micros(rows.instant("released_at", row)?);
        let planned_at = micros(rows.instant("planned_at", row)?);
        let planned_at = planned_at.filter(|planned| Some(*planned) != released_at);
        let freeze_at = micros(rows.instant("freeze_at", row)?);
        places.insert(id.clone(), history.releases.len());
        let release = Release {
            id,
            is_cancelled: status == Some("cancelled"),
            is_released: status == Some("released") || released_at.is_some(),
            planned_on: planned_at.and_then(|at| history.day(at)),
            freeze_on: freeze_at.and_then(|at| history.day(at)),
            released_at,
        };
        history.releases.push(release);
    }
    Ok(places)
}

fn read_items(rows: &Rows, history: &mut History) -> Result<Places> {
    let mut places = Places::new();
    for row in rows.indices() {
        let position = rows.integer("value_position", row)?.unwrap_or_default();
        let id = rows.owned_text("item_id", row)?;
        places.insert(id.clone(), history.items.len());
        history.items.push(Item {
            id,
            value_position: usize::try_from(position).unwrap_or_default(),
            teams: Vec::new(),
        });
    }
    Ok(places)
}

fn read_teams(rows: &Rows, item_of: &Places, history: &mut History) -> Result<()> {
    let mut places = Places::from([(NO_TEAM.to_owned(), 0)]);
    history.teams.push(NO_TEAM.to_owned());
    for row in rows.indices() {
        let Some(item) = item_of.get(&rows.owned_text("item_id", row)?) else {
            continue;
        };
        let name = rows.text("team", row)?.unwrap_or(NO_TEAM);
        let next = history.teams.len();
        let team = *places.entry(name.to_owned()).or_insert(next);
        if team == next {
            history.teams.push(name.to_owned());
        }
        let from = micros(rows.instant("started_at", row)?).unwrap_or(i64::MIN);
        history.items[*item].teams.push((from, team));
    }
    Ok(())
}

fn read_spans(
    rows: &Rows,
    release_of: &Places,
    item_of: &Places,
    history: &mut History,
) -> Result<()> {
    for row in rows.indices() {
        let release = release_of.get(&rows.owned_text("release_id", row)?);
        let item = item_of.get(&rows.owned_text("item_id", row)?);
        let opened_at = micros(rows.instant("opened_at", row)?);
        let (Some(&release), Some(&item), Some(opened_at)) = (release, item, opened_at) else {
            continue;
        };
        history.spans.push(Span {
            release,
            item,
            opened_at,
            ended_at: micros(rows.instant("ended_at", row)?),
            end: match rows.text("ended_by", row)? {
                None => End::Open,
                Some("delivered") => End::Delivered,
                Some(_) => End::Gone,
            },
        });
    }
    Ok(())
}

fn read_needs(rows: &Rows, item_of: &Places, history: &mut History) -> Result<()> {
    for row in rows.indices() {
        let name = rows.owned_text("depends_on", row)?;
        let is_item = rows.text("kind", row)? == Some("item");
        let Some(&item) = item_of.get(&rows.owned_text("item_id", row)?) else {
            continue;
        };
        history.needs.push(Need {
            item,
            needed: item_of.get(&name).copied().filter(|_| is_item),
            name,
            raised_at: micros(rows.instant("raised_at", row)?),
            resolved_at: micros(rows.instant("resolved_at", row)?),
        });
    }
    Ok(())
}

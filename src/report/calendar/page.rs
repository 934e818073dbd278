//! The page of the calendar: what is late, what comes, what has been, and where to
//! subscribe.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::{Days, NaiveDate};

use super::event::{Event, Kind, State};
use super::{Calendar, FOLDER};
use crate::error::Result;
use crate::report::figures::{Context, releases};
use crate::report::format;
use crate::report::page::{Cell, DataTable};
use crate::report::part::{Part, PartsPage};
use crate::report::template::Templates;
use crate::report::weekly::WeeklyPage;

/// How many days ahead are shown, and how many back.
const DAYS_AHEAD: u64 = 182;
const DAYS_BACK: u64 = 28;

/// How many rows a table of the page shows.
const MOST_ROWS: usize = 100;

pub(super) fn write_page(
    templates: &Templates,
    context: &Context<'_>,
    latest: &WeeklyPage,
    events: &[Event],
    calendars: &[Calendar],
    staging: &Path,
) -> Result<()> {
    let today = context.local(context.marts.as_of).date();
    let answer = match context.marts.missing(&["releases"]) {
        Some(missing) => missing,
        None => answer(events, today),
    };
    let dates = dates_part(context, events, today, answer.clone())?;
    let parts = vec![dates, subscribe_part(events, calendars)];
    PartsPage::new(latest, answer, parts).write(templates, "calendar", staging)
}

/// Says what comes next, and what is late.
fn answer(events: &[Event], today: NaiveDate) -> String {
    let ships = |state: State| {
        events
            .iter()
            .filter(move |event| event.kind == Kind::Ship && event.state == state)
    };
    let late = ships(State::Late).count();
    let horizon = today + Days::new(DAYS_AHEAD);
    let coming: Vec<&Event> = ships(State::Coming)
        .filter(|event| event.day <= horizon)
        .collect();
    let late = match late {
        0 => "none is late".to_owned(),
        _ => format!("{} late", format::count(late, "is", "are")),
    };
    match coming.first() {
        Some(next) => format!(
            "{} in the next 26 weeks, {} first, on {}; {late}",
            format::count(coming.len(), "release ships", "releases ship"),
            next.name,
            format::date(next.day)
        ),
        None => format!("No release is planned in the next 26 weeks; {late}"),
    }
}

fn dates_part(
    context: &Context<'_>,
    events: &[Event],
    today: NaiveDate,
    finding: String,
) -> Result<Part> {
    let is_shown = |event: &&Event, state: State| {
        event.state == state
            && match state {
                State::Late => true,
                State::Coming => event.day <= today + Days::new(DAYS_AHEAD),
                State::Done | State::Cancelled => {
                    event.day + Days::new(DAYS_BACK) >= today
                        && event.day <= today + Days::new(DAYS_AHEAD)
                }
            }
    };
    let table = |caption: &str, states: &[State], is_latest_first: bool| {
        let mut shown: Vec<&Event> = events
            .iter()
            .filter(|event| states.iter().any(|state| is_shown(event, *state)))
            .collect();
        if is_latest_first {
            shown.reverse();
        }
        let rows = shown.iter().map(|event| cells(context, event)).collect();
        DataTable::new(
            caption,
            &[
                "Date", "Release", "What", "State", "System", "Teams", "Planned",
            ],
            rows,
            MOST_ROWS,
        )
    };
    Ok(Part {
        id: "dates",
        title: "Dates",
        finding,
        about: "Days are local. A release that is out stands at the day on which it came out, every other one at the day that it is planned for.".to_owned(),
        figures: vec![releases::figure(context)?],
        tables: vec![
            table("Late: planned to be out, and not", &[State::Late], false),
            table("The next 26 weeks, the next first", &[State::Coming], false),
            table(
                "The last four weeks, and what is cancelled, the latest first",
                &[State::Done, State::Cancelled],
                true,
            ),
        ],
        definitions: Part::defined_by(&["release_calendar", "release_teams", "scope_volatility"]),
    })
}

fn cells(context: &Context<'_>, event: &Event) -> Vec<Cell> {
    let what = match event.kind {
        Kind::Freeze => "Scope freeze",
        Kind::Ship => "Ship",
    };
    let planned = event.planned_at.map(|at| context.local(at).date());
    vec![
        Cell::text(format::date(event.day)),
        Cell::text(event.name.clone()).within_if(context.releases.get(&event.release_id).cloned()),
        Cell::text(what),
        Cell::text(event.state.words()),
        Cell::maybe(event.system.as_deref()),
        Cell::maybe(Some(event.teams.join(", ").as_str()).filter(|teams| !teams.is_empty())),
        Cell::maybe(planned.map(format::date).as_deref()),
    ]
}

fn subscribe_part(events: &[Event], calendars: &[Calendar]) -> Part {
    let rows = calendars.iter().map(|calendar| {
        let shown = events.iter().filter(|event| calendar.has(event));
        let releases: BTreeSet<&str> = shown
            .clone()
            .map(|event| event.release_id.as_str())
            .collect();
        vec![
            Cell::text(
                calendar
                    .team
                    .clone()
                    .unwrap_or_else(|| "All releases".to_owned()),
            )
            .within(&calendar.address()),
            Cell::integer(releases.len()),
            Cell::integer(shown.count()),
        ]
    });
    Part {
        id: "subscribe",
        title: "Subscribe",
        finding: format!(
            "{} to subscribe to: of all releases, and of each team's.",
            format::count(calendars.len(), "calendar", "calendars")
        ),
        about: format!(
            "Give the address of a file in {FOLDER}/ to a calendar program. A date that moves moves there too, and a release that is cancelled or gone is shown as cancelled."
        ),
        figures: Vec::new(),
        tables: vec![DataTable::new(
            "Calendars",
            &["Calendar", "#Releases", "#Dates"],
            rows.collect(),
            MOST_ROWS,
        )],
        definitions: Part::defined_by(&["release_calendar", "release_teams"]),
    }
}

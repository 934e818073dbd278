//! The events of the calendar, as the page and the calendars share them.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use crate::error::Result;
use crate::report::figures::Context;
use crate::report::format;

/// What happens on the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The scope is frozen.
    Freeze,
    /// The release ships.
    Ship,
}

/// Where the event stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// It has happened.
    Done,
    /// It lies ahead.
    Coming,
    /// Its day has passed without it.
    Late,
    /// It will not happen.
    Cancelled,
}

impl State {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Coming => "planned",
            Self::Late => "late",
            Self::Cancelled => "cancelled",
        }
    }
}

/// One date of a release.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Event {
    pub(super) release_id: String,
    pub(super) name: String,
    pub(super) version: Option<String>,
    pub(super) system: Option<String>,
    pub(super) summary: Option<String>,
    pub(super) kind: Kind,
    pub(super) state: State,
    pub(super) happens_at: DateTime<Utc>,
    /// Its local day.
    pub(super) day: NaiveDate,
    /// When shipping was planned for.
    pub(super) planned_at: Option<DateTime<Utc>>,
    /// The teams that have items in it, by name.
    pub(super) teams: Vec<String>,
}

impl Event {
    /// What a reader sees of it in one line.
    pub(super) fn title(&self) -> String {
        let what = match (self.kind, self.state) {
            (Kind::Freeze, State::Cancelled) => "scope freeze, cancelled",
            (Kind::Freeze, _) => "scope freeze",
            (Kind::Ship, State::Done) => "shipped",
            (Kind::Ship, State::Coming) => "ships",
            (Kind::Ship, State::Late) => "late, was planned to ship",
            (Kind::Ship, State::Cancelled) => "cancelled",
        };
        format!("{} {what}", self.name)
    }

    /// What else is to be said of it, a sentence a line.
    pub(super) fn details(&self, zone: chrono_tz::Tz) -> Vec<String> {
        let mut lines = Vec::new();
        let at = format::instant(self.happens_at, zone);
        lines.push(match self.state {
            State::Done => format!("At {at}."),
            State::Coming => format!("Planned for {at}."),
            State::Late => format!("Was planned for {at}, and is not released."),
            State::Cancelled => format!("Was planned for {at}."),
        });
        let moved = self.planned_at.filter(|planned| {
            self.state == State::Done && planned.with_timezone(&zone).date_naive() != self.day
        });
        if let Some(planned) = moved {
            lines.push(format!(
                "It was planned for {}.",
                format::instant(planned, zone)
            ));
        }
        lines.extend(self.summary.clone());
        if let Some(version) = &self.version {
            lines.push(format!("Version {version}."));
        }
        if let Some(system) = &self.system {
            lines.push(format!("System: {system}."));
        }
        if !self.teams.is_empty() {
            lines.push(format!("Teams: {}.", self.teams.join(", ")));
        }
        lines
    }
}

/// Loads all events, by day, release and kind.
pub(super) fn load_events(context: &Context<'_>) -> Result<Vec<Event>> {
    let mut teams: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let rows = context.marts.rows("release_teams")?;
    for row in rows.indices() {
        let team = rows.owned_text("team", row)?;
        teams
            .entry(rows.owned_text("release_id", row)?)
            .or_default()
            .push(team);
    }
    let rows = context.marts.rows("release_calendar")?;
    let mut events = Vec::new();
    for row in rows.indices() {
        let Some(happens_at) = rows.instant("happens_at", row)? else {
            continue;
        };
        let release_id = rows.owned_text("release_id", row)?;
        let kind = match rows.text("event", row)? {
            Some("freeze") => Kind::Freeze,
            _ => Kind::Ship,
        };
        let state = match rows.text("state", row)? {
            Some("done") => State::Done,
            Some("coming") => State::Coming,
            Some("late") => State::Late,
            _ => State::Cancelled,
        };
        events.push(Event {
            name: rows.owned_text("release_name", row)?,
            version: rows.maybe_owned_text("version", row)?,
            system: rows.maybe_owned_text("system", row)?,
            summary: rows.maybe_owned_text("summary", row)?,
            kind,
            state,
            happens_at,
            day: context.local(happens_at).date(),
            planned_at: rows.instant("planned_at", row)?,
            teams: teams.get(&release_id).cloned().unwrap_or_default(),
            release_id,
        });
    }
    events.sort_by(|a, b| (a.day, &a.release_id).cmp(&(b.day, &b.release_id)));
    Ok(events)
}

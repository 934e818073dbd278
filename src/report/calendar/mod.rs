//! The release calendar: a page, and the calendars that others subscribe to.
//!
//! Both are written from the same events. The calendars go on from those that the site
//! has: a subscriber's program knows an event by its UID, and that it moved by its
//! sequence.

mod event;
mod feed;
mod page;

use std::collections::BTreeMap;
use std::path::Path;

use super::figures::Context;
use super::releases::{Places, slug};
use super::template::Templates;
use super::weekly::WeeklyPage;
use crate::error::Result;
use crate::fs;

use event::Event;

/// The folder of the calendars.
const FOLDER: &str = "calendar";

/// The stem of the calendar of all releases.
const ALL: &str = "releases";

/// One calendar that can be subscribed to.
struct Calendar {
    /// The file's stem.
    stem: String,
    /// What a program shows as its name.
    title: String,
    /// The only team whose releases it has; `None` for all.
    team: Option<String>,
}

impl Calendar {
    fn has(&self, event: &Event) -> bool {
        let teams = || event.teams.iter();
        self.team
            .as_ref()
            .is_none_or(|team| teams().any(|other| other == team))
    }

    fn address(&self) -> String {
        format!("{FOLDER}/{}.ics", self.stem)
    }
}

/// Writes the page with its JSON, and the calendars.
///
/// # Errors
/// `Template` where the template fails; `Io`.
pub(super) fn write_calendar(
    templates: &Templates,
    context: &Context<'_>,
    latest: &WeeklyPage,
    places: &Places<'_>,
) -> Result<()> {
    let events = event::load_events(context)?;
    let calendars = calendars(&context.config.project.name, &events);
    page::write_page(
        templates,
        context,
        latest,
        &events,
        &calendars,
        places.staging,
    )?;
    let former = places.site.join(FOLDER);
    for calendar in &calendars {
        let shown: Vec<&Event> = events.iter().filter(|event| calendar.has(event)).collect();
        let file = format!("{}.ics", calendar.stem);
        let before = read_former(&former.join(&file))?;
        let text = feed::write_feed(
            &calendar.title,
            &shown,
            before.as_deref(),
            context.marts.as_of,
            context.zone(),
        );
        fs::write(&places.staging.join(FOLDER).join(&file), text.as_bytes())?;
    }
    carry_over(&former, &calendars, context, places.staging)
}

fn read_former(path: &Path) -> Result<Option<String>> {
    match path.is_file() {
        true => fs::read_to_string(path).map(Some),
        false => Ok(None),
    }
}

/// Keeps the calendars of teams that have no release any more, each event of them
/// cancelled: who subscribes to one goes on asking for it.
fn carry_over(
    former: &Path,
    calendars: &[Calendar],
    context: &Context<'_>,
    staging: &Path,
) -> Result<()> {
    for path in fs::list(former)? {
        let Some(stem) = path.file_stem().map(|stem| stem.to_string_lossy()) else {
            continue;
        };
        let is_other = calendars.iter().all(|calendar| calendar.stem != stem);
        let is_calendar = path.extension().is_some_and(|ending| ending == "ics");
        if !(is_other && is_calendar) {
            continue;
        }
        let text = fs::read_to_string(&path)?;
        let title = feed::title_of(&text).unwrap_or_else(|| stem.to_string());
        let emptied = feed::write_feed(
            &title,
            &[],
            Some(&text),
            context.marts.as_of,
            context.zone(),
        );
        let place = staging.join(FOLDER).join(format!("{stem}.ics"));
        fs::write(&place, emptied.as_bytes())?;
    }
    Ok(())
}

/// Returns the calendar of all releases and, by name, one of each team.
fn calendars(project: &str, events: &[Event]) -> Vec<Calendar> {
    let teams = events.iter().flat_map(|event| &event.teams);
    let mut by_stem: BTreeMap<String, Vec<&String>> = BTreeMap::new();
    for team in teams {
        let named = by_stem.entry(slug(team)).or_default();
        if !named.contains(&team) {
            named.push(team);
        }
    }
    let mut calendars = Vec::new();
    for (stem, mut teams) in by_stem {
        teams.sort();
        for (place, team) in teams.into_iter().enumerate() {
            // Two names may differ in what an address cannot say.
            let suffix = match place {
                0 => String::new(),
                _ => format!("-{}", &fs::sha256(team.as_bytes())[..8]),
            };
            calendars.push(Calendar {
                stem: format!("team-{stem}{suffix}"),
                title: format!("{project}: {team}"),
                team: Some(team.clone()),
            });
        }
    }
    calendars.sort_by(|a, b| a.team.cmp(&b.team));
    let all = Calendar {
        stem: ALL.to_owned(),
        title: format!("{project}: releases"),
        team: None,
    };
    calendars.insert(0, all);
    calendars
}

#[cfg(test)]
mod tests;

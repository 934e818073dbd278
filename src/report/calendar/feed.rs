//! A calendar as iCalendar (RFC 5545), going on from the one that was there.
//!
//! Each date is an all-day event: its end is the day after, which it does not include.
//! The UID of an event never changes; SEQUENCE counts how often its day or its standing
//! did, and DTSTAMP is the as-of of the run that changed it last, so that a run that
//! changes nothing writes the same bytes. An event whose release is gone stays, cancelled:
//! one that is left out would stay for ever with those who have it already.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use chrono_tz::Tz;
use icalendar::{
    Calendar, CalendarDateTime, Component, DatePerhapsTime, Event as Entry, EventLike, EventStatus,
};

use super::event::{Event, Kind, State};
use crate::fs;

/// What says whether an event is as it was.
const CONTENT: &str = "X-PLIMSOLL-CONTENT";

/// How often a program asks again, at most.
const REFRESH: Duration = Duration::hours(6);

/// The longest line, in octets and without its end.
const MOST_OCTETS: usize = 75;

/// Returns the text of a calendar of these events. What the former text has and these
/// have not is cancelled; a former text that is no calendar is as none.
pub(super) fn write_feed(
    title: &str,
    events: &[&Event],
    former: Option<&str>,
    as_of: DateTime<Utc>,
    zone: Tz,
) -> String {
    let mut before = former.map(read_entries).unwrap_or_default();
    let mut calendar = Calendar::new();
    calendar
        .name(&visible(title))
        .timezone(zone.name())
        .ttl(&REFRESH)
        .append_property(("PRODID", "-//plimsoll//releases//EN"))
        .append_property(("METHOD", "PUBLISH"));
    for event in events {
        let before = before.remove(&uid(event));
        calendar.push(entry(event, before.as_ref(), as_of, zone));
    }
    for gone in before.into_values() {
        calendar.push(cancelled(gone, as_of));
    }
    fold(&calendar.to_string())
}

/// Folds lines anew: the library counts 75 octets without the blank that goes on with a
/// line (RFC 5545, section 3.1, counts it).
fn fold(text: &str) -> String {
    let unfolded = text.replace("\r\n ", "");
    let mut folded = String::with_capacity(text.len());
    for line in unfolded.split_terminator("\r\n") {
        let mut length = 0;
        for character in line.chars() {
            let octets = character.len_utf8();
            if length + octets > MOST_OCTETS {
                folded.push_str("\r\n ");
                length = 1;
            }
            folded.push(character);
            length += octets;
        }
        folded.push_str("\r\n");
    }
    folded
}

/// Returns the name of a calendar.
pub(super) fn title_of(text: &str) -> Option<String> {
    let calendar: Calendar = text.parse().ok()?;
    calendar.get_name().map(str::to_owned)
}

fn read_entries(text: &str) -> BTreeMap<String, Entry> {
    let Ok(calendar) = text.parse::<Calendar>() else {
        return BTreeMap::new();
    };
    let named = |entry: &Entry| Some((entry.get_uid()?.to_owned(), entry.clone()));
    calendar.events().filter_map(named).collect()
}

/// What programs know the event by, whatever becomes of its name and date.
fn uid(event: &Event) -> String {
    let kind = match event.kind {
        Kind::Freeze => "freeze",
        Kind::Ship => "ship",
    };
    let id = fs::sha256(event.release_id.as_bytes());
    format!("{kind}-{}@plimsoll", &id[..32])
}

fn entry(event: &Event, before: Option<&Entry>, as_of: DateTime<Utc>, zone: Tz) -> Entry {
    let title = visible(&event.title());
    let details = visible(&event.details(zone).join("\n"));
    let status = match event.state {
        State::Done => EventStatus::Confirmed,
        State::Coming | State::Late => EventStatus::Tentative,
        State::Cancelled => EventStatus::Cancelled,
    };
    let word = event.state.words();
    let content = fs::sha256(format!("{title}\n{details}\n{}\n{word}", event.day).as_bytes());
    let content = &content[..32];
    if let Some(before) = before
        && before.property_value(CONTENT) == Some(content)
    {
        return before.clone();
    }
    let was_sequence = before.and_then(Component::get_sequence);
    let has_moved = before.is_some_and(|before| {
        day_of(before) != Some(event.day) || before.get_status() != Some(status)
    });
    let sequence = was_sequence.map_or(0, |sequence| sequence + u32::from(has_moved));
    let mut entry = Entry::with_uid(&uid(event));
    entry
        .summary(&title)
        .description(&details)
        .timestamp(as_of)
        .last_modified(as_of)
        .sequence(sequence)
        .status(status)
        .starts(event.day)
        .ends(event.day + Days::new(1))
        .add_property("TRANSP", "TRANSPARENT")
        .add_property(CONTENT, content);
    entry.done()
}

fn day_of(entry: &Entry) -> Option<NaiveDate> {
    match entry.get_start()? {
        DatePerhapsTime::Date(day) => Some(day),
        DatePerhapsTime::DateTime(CalendarDateTime::Utc(at)) => Some(at.date_naive()),
        DatePerhapsTime::DateTime(_) => None,
    }
}

/// An event of a release that is gone.
fn cancelled(mut entry: Entry, as_of: DateTime<Utc>) -> Entry {
    if entry.get_status() == Some(EventStatus::Cancelled) {
        return entry;
    }
    let sequence = entry.get_sequence().unwrap_or(0) + 1;
    entry
        .sequence(sequence)
        .status(EventStatus::Cancelled)
        .timestamp(as_of)
        .last_modified(as_of)
        .remove_property(CONTENT);
    entry.done()
}

/// A text without what no calendar may hold: control characters other than line ends.
fn visible(text: &str) -> String {
    let is_shown = |c: &char| *c == '\n' || !c.is_control();
    text.chars().filter(is_shown).collect()
}

//! A calendar that is subscribed to, over several runs.

use chrono::{DateTime, Days, Utc};
use chrono_tz::Tz;
use icalendar::{Component, EventStatus};

use super::event::{Event, Kind, State};
use super::feed::{title_of, write_feed};
use super::*;

fn utc(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn event(release: &str, at: &str, state: State) -> Event {
    let happens_at = utc(at);
    Event {
        release_id: release.to_owned(),
        name: format!("Quay {release}"),
        version: None,
        system: None,
        summary: None,
        kind: Kind::Ship,
        state,
        happens_at,
        day: happens_at.date_naive(),
        planned_at: Some(happens_at),
        teams: vec!["Payments".to_owned()],
    }
}

fn feed(events: &[Event], former: Option<&str>, as_of: &str) -> String {
    let events: Vec<&Event> = events.iter().collect();
    write_feed("Harbour: releases", &events, former, utc(as_of), Tz::UTC)
}

fn entries(text: &str) -> Vec<icalendar::Event> {
    let calendar: icalendar::Calendar = text.parse().expect("it is a calendar");
    calendar.events().cloned().collect()
}

#[test]
fn a_date_that_moves_keeps_its_uid_and_counts_its_sequence() {
    let planned = [event("1", "2026-03-10T09:00:00Z", State::Coming)];
    let first = feed(&planned, None, "2026-03-01T00:00:00Z");
    let again = feed(&planned, Some(&first), "2026-03-02T00:00:00Z");
    assert_eq!(
        first, again,
        "a run that changes nothing writes the same bytes"
    );
    let moved = [event("1", "2026-03-12T09:00:00Z", State::Coming)];
    let second = feed(&moved, Some(&again), "2026-03-03T00:00:00Z");
    let third = feed(&[], Some(&second), "2026-03-04T00:00:00Z");
    let fourth = feed(&[], Some(&third), "2026-03-05T00:00:00Z");
    assert_eq!(third, fourth, "what is cancelled stays so");
    let found: Vec<_> = [first, second, third]
        .iter()
        .map(|text| {
            let all = entries(text);
            assert_eq!(all.len(), 1);
            let one = &all[0];
            (
                one.get_uid().map(str::to_owned),
                one.get_sequence(),
                one.get_status(),
                one.property_value("DTSTART").map(str::to_owned),
                one.property_value("DTEND").map(str::to_owned),
                one.property_value("DTSTAMP").map(str::to_owned),
            )
        })
        .collect();
    let uid = found[0].0.clone();
    let text = |value: &str| Some(value.to_owned());
    let expected = [
        (
            uid.clone(),
            Some(0),
            Some(EventStatus::Tentative),
            text("20260310"),
            text("20260311"),
            text("20260301T000000Z"),
        ),
        (
            uid.clone(),
            Some(1),
            Some(EventStatus::Tentative),
            text("20260312"),
            text("20260313"),
            text("20260303T000000Z"),
        ),
        (
            uid,
            Some(2),
            Some(EventStatus::Cancelled),
            text("20260312"),
            text("20260313"),
            text("20260304T000000Z"),
        ),
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_new_name_is_no_move() {
    let mut planned = [event("1", "2026-03-10T09:00:00Z", State::Coming)];
    let first = feed(&planned, None, "2026-03-01T00:00:00Z");
    planned[0].name = "Renamed".to_owned();
    let second = feed(&planned, Some(&first), "2026-03-02T00:00:00Z");
    let entry = &entries(&second)[0];
    assert_eq!(entry.get_sequence(), Some(0));
    assert_eq!(entry.get_summary(), Some("Renamed ships"));
    assert_eq!(entry.property_value("DTSTAMP"), Some("20260302T000000Z"));
}

#[test]
fn text_of_any_kind_comes_back_as_it_went_in() {
    let mut hostile = event("<script>", "2026-03-10T09:00:00Z", State::Coming);
    hostile.name = "a, b; c\\d \"e\" \u{0} 支払い 🚢 ".repeat(12);
    hostile.summary = Some("line one\nEND:VCALENDAR\r\nBEGIN:VEVENT".to_owned());
    let text = feed(&[hostile.clone()], None, "2026-03-01T00:00:00Z");
    assert!(
        text.lines().all(|line| line.len() <= 75),
        "lines are folded at 75 octets"
    );
    let ends = text.matches("\r\n").count();
    assert_eq!(
        ends,
        text.matches('\n').count(),
        "every line ends as RFC 5545 says"
    );
    let all = entries(&text);
    assert_eq!(all.len(), 1, "no text makes an event of its own");
    let shown = hostile.title().replace('\u{0}', "");
    assert_eq!(all[0].get_summary(), Some(shown.as_str()));
    let again = feed(&[hostile], Some(&text), "2026-03-02T00:00:00Z");
    assert_eq!(text, again, "it reads what it wrote");
    assert_eq!(title_of(&text).as_deref(), Some("Harbour: releases"));
}

#[test]
fn a_former_file_that_is_no_calendar_is_as_none() {
    let planned = [event("1", "2026-03-10T09:00:00Z", State::Coming)];
    let first = feed(&planned, None, "2026-03-01T00:00:00Z");
    assert_eq!(
        feed(&planned, Some("nonsense"), "2026-03-01T00:00:00Z"),
        first
    );
}

#[test]
fn each_team_has_a_calendar_of_its_own() {
    let mut shared = event("1", "2026-03-10T09:00:00Z", State::Coming);
    shared.teams = ["Payments", "payments", "支払い"]
        .map(str::to_owned)
        .to_vec();
    let mut other = event("2", "2026-04-10T09:00:00Z", State::Coming);
    other.teams = Vec::new();
    let events = [shared, other];
    let calendars = calendars("Harbour", &events);
    let found: Vec<(Option<&str>, usize)> = calendars
        .iter()
        .map(|calendar| {
            let count = events.iter().filter(|event| calendar.has(event)).count();
            (calendar.team.as_deref(), count)
        })
        .collect();
    let expected = [
        (None, 2),
        (Some("Payments"), 1),
        (Some("payments"), 1),
        (Some("支払い"), 1),
    ];
    assert_eq!(found, expected);
    let stems: std::collections::BTreeSet<&str> = calendars
        .iter()
        .map(|calendar| calendar.stem.as_str())
        .collect();
    assert_eq!(stems.len(), 4, "no two share a file: {stems:?}");
}

#[test]
fn the_day_after_the_last_is_the_end() {
    let planned = [event("1", "2026-02-28T09:00:00Z", State::Done)];
    let text = feed(&planned, None, "2026-03-01T00:00:00Z");
    let entry = &entries(&text)[0];
    assert_eq!(entry.property_value("DTEND"), Some("20260301"));
    let day = planned[0].day + Days::new(1);
    assert_eq!(day.to_string(), "2026-03-01");
}

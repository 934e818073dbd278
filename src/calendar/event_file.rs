//! A calendar as iCalendar (RFC 5545): each all-day event is a day that is not worked.
//!
//! The end of an event is the first day after it. What repeats by a rule, has a time of
//! day or ends by a duration is refused, not guessed: a day taken for a holiday that is
//! none changes every duration across it.

use chrono::{Days, NaiveDate};
use icalendar::parser::{Component, read_components, unfold};

use super::rules::{LineProblem, SpecialDay};

/// The most days that one event may have: a longer one is a slip.
const MOST_DAYS: i64 = 366;

const HINT: &str = "list such days in a CSV file: date, name, working_from, working_to";

/// Parses the text of an iCalendar file.
///
/// # Errors
/// Every event that is no whole day, with the line on which it begins.
pub fn parse_event_file(text: &str) -> Result<Vec<SpecialDay>, Vec<LineProblem>> {
    let unfolded = unfold(text.trim_start_matches('\u{feff}'));
    let lines: Vec<usize> = (1..)
        .zip(text.lines())
        .filter(|(_, line)| line.trim_end().eq_ignore_ascii_case("BEGIN:VEVENT"))
        .map(|(number, _)| number)
        .collect();
    let broken = |line: usize, what: String| vec![problem(line, what)];
    let components = read_components(&unfolded).map_err(|message| {
        let found = message.lines().next().unwrap_or_default().trim().to_owned();
        broken(1, format!("expected an iCalendar file, found {found}"))
    })?;
    let mut events = Vec::new();
    for component in &components {
        collect_events(component, &mut events);
    }
    if events.is_empty() || events.len() != lines.len() {
        let what = format!(
            "expected {} events that can be read, found {}",
            lines.len().max(1),
            events.len()
        );
        return Err(broken(1, what));
    }
    let mut days = Vec::new();
    let mut problems = Vec::new();
    for (event, line) in events.into_iter().zip(lines) {
        match event_days(event, line) {
            Ok(found) => days.extend(found),
            Err(what) => problems.push(problem(line, what)),
        }
    }
    if problems.is_empty() {
        return Ok(days);
    }
    Err(problems)
}

fn collect_events<'c>(component: &'c Component<'c>, events: &mut Vec<&'c Component<'c>>) {
    if component.name.as_str().eq_ignore_ascii_case("VEVENT") {
        events.push(component);
    }
    for inner in &component.components {
        collect_events(inner, events);
    }
}

/// Returns the days of an event; none where it was cancelled.
fn event_days(event: &Component<'_>, line: usize) -> Result<Vec<SpecialDay>, String> {
    let value = |name: &str| event.find_prop(name).map(|found| found.val.as_str().trim());
    if value("STATUS").is_some_and(|status| status.eq_ignore_ascii_case("CANCELLED")) {
        return Ok(Vec::new());
    }
    for name in ["RRULE", "RDATE", "DURATION"] {
        if let Some(found) = value(name) {
            return Err(format!(
                "expected an event with a first day and the day after it, found `{name}:{found}`"
            ));
        }
    }
    let date = |name: &str, text: &str| {
        NaiveDate::parse_from_str(text, "%Y%m%d").map_err(|_| {
            format!(
                "expected an all-day event, with a date such as 20261225, found `{name}:{text}`"
            )
        })
    };
    let start = value("DTSTART").ok_or("expected an event with `DTSTART`, found none")?;
    let first = date("DTSTART", start)?;
    let after = match value("DTEND") {
        Some(end) => date("DTEND", end)?,
        None => first + Days::new(1),
    };
    // Some calendars end an event of one day on that day.
    let after = after.max(first + Days::new(1));
    let length = (after - first).num_days();
    if length > MOST_DAYS || after < first {
        return Err(format!(
            "expected an event of at most {MOST_DAYS} days, found one of {length}"
        ));
    }
    let name = value("SUMMARY").unwrap_or_default().to_owned();
    let days = first.iter_days().take_while(|day| *day < after);
    Ok(days
        .map(|day| SpecialDay {
            day,
            name: name.clone(),
            hours: None,
            line,
        })
        .collect())
}

fn problem(line: usize, what: String) -> LineProblem {
    LineProblem {
        line,
        what,
        hint: HINT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(events: &[&str]) -> String {
        let events: Vec<String> = events
            .iter()
            .map(|event| format!("BEGIN:VEVENT\r\nUID:1@x.example\r\n{event}\r\nEND:VEVENT\r\n"))
            .collect();
        format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n{}END:VCALENDAR\r\n",
            events.concat()
        )
    }

    fn days(text: &str) -> Vec<String> {
        let days = parse_event_file(text).expect("it is a calendar");
        days.iter()
            .map(|day| format!("{} {}", day.day, day.name))
            .collect()
    }

    #[test]
    fn the_end_of_an_event_is_the_day_after_it() {
        let text = calendar(&[
            "DTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=DATE:20261227\r\nSUMMARY:Works\r\n  closed",
            "DTSTART;VALUE=DATE:20270101\r\nSUMMARY:New Year",
            "DTSTART;VALUE=DATE:20270102\r\nDTEND;VALUE=DATE:20270102\r\nSUMMARY:One day",
        ]);
        assert_eq!(
            days(&text),
            [
                "2026-12-24 Works closed",
                "2026-12-25 Works closed",
                "2026-12-26 Works closed",
                "2027-01-01 New Year",
                "2027-01-02 One day",
            ]
        );
    }

    #[test]
    fn a_cancelled_event_is_no_holiday() {
        let text = calendar(&[
            "DTSTART;VALUE=DATE:20261224\r\nSTATUS:CANCELLED",
            "DTSTART;VALUE=DATE:20261225\r\nSUMMARY:Christmas",
        ]);
        assert_eq!(days(&text), ["2026-12-25 Christmas"]);
    }

    #[test]
    fn what_is_no_whole_day_of_its_own_is_refused_with_its_line() {
        for (event, found) in [
            ("DTSTART:20261224T090000Z", "`DTSTART:20261224T090000Z`"),
            (
                "DTSTART;VALUE=DATE:20261224\r\nRRULE:FREQ=YEARLY",
                "`RRULE:FREQ=YEARLY`",
            ),
            (
                "DTSTART;VALUE=DATE:20261224\r\nDURATION:P2D",
                "`DURATION:P2D`",
            ),
            ("SUMMARY:Some day", "found none"),
            (
                "DTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=DATE:20291224",
                "found one of 1096",
            ),
        ] {
            let text = calendar(&["DTSTART;VALUE=DATE:20261225", event]);
            let problems = parse_event_file(&text).expect_err(event);
            assert_eq!((problems.len(), problems[0].line), (1, 8), "{problems:?}");
            assert!(problems[0].what.contains(found), "{problems:?}");
        }
    }

    #[test]
    fn what_is_no_calendar_is_refused() {
        for text in ["", "date,name\n2026-12-25,a\n", &calendar(&[])] {
            assert!(parse_event_file(text).is_err(), "{text}");
        }
    }
}

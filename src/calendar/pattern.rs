//! Instants written by a declared strftime pattern.
//!
//! chrono reads the fields; what it leaves open is settled here. `%Z` reads `UTC`,
//! `GMT`, `Z` or a name of the IANA database: abbreviations such as `PDT` or `CET`
//! are refused, for several zones share one and some change their offset. `UTC` or
//! `GMT` as plain words of the pattern (or `Z` right behind the time) say that the
//! instant is UTC, whatever zone the export is in.

use chrono::format::{Fixed, Item, Parsed, StrftimeItems, parse, parse_and_remainder};
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Utc, Weekday};
use chrono_tz::Tz;

use super::to_utc;

/// The years within which a local time is given to the zone database.
const YEARS: std::ops::RangeInclusive<i32> = 0..=9999;

/// A strftime pattern that tells a whole date.
#[derive(Debug, Clone, PartialEq)]
pub struct InstantPattern {
    /// The pattern as it is written.
    text: String,
    /// The fields before `%Z`; all of them where there is none.
    before: Vec<Item<'static>>,
    /// The fields behind `%Z`.
    after: Option<Vec<Item<'static>>>,
    /// Whether the pattern itself says that it is UTC.
    is_utc: bool,
}

/// Returns whether `text` is a pattern by which dates or instants can be read.
pub fn is_valid_pattern(text: &str) -> bool {
    InstantPattern::parse(text).is_some()
}

impl InstantPattern {
    /// Reads a pattern; `None` where it has an unknown field, or leaves the date or
    /// the half of the day open.
    pub fn parse(text: &str) -> Option<Self> {
        // `%f` counts nanoseconds; behind a point the fraction of a second is meant.
        let written = text;
        let text = text.replace(".%f", "%.f");
        let items = StrftimeItems::new(&text).parse_to_owned().ok()?;
        let is_zone = |item: &Item<'_>| *item == Item::Fixed(Fixed::TimezoneName);
        if items.iter().filter(|item| is_zone(item)).count() > 1 {
            return None;
        }
        let is_utc = says_utc(&items);
        let mut before = items;
        let place = before.iter().position(is_zone);
        let after = place.map(|place| before.split_off(place).split_off(1));
        let pattern = Self {
            text: written.to_owned(),
            before,
            after,
            is_utc,
        };
        pattern.reads_what_it_writes(&text).then_some(pattern)
    }

    /// Returns the pattern as it is written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns a moment of the 6th of July 2026 as the pattern writes it.
    pub fn example(&self) -> String {
        let moment = DateTime::<Utc>::from_timestamp(1_783_330_200, 0).unwrap_or_default();
        let text = self.text.replace(".%f", "%.3f");
        moment.format(&text).to_string()
    }

    /// Returns the weekday that a text's date has, where the text names another.
    pub(crate) fn contradicted_weekday(&self, text: &str) -> Option<Weekday> {
        let mut parsed = Parsed::new();
        parse_and_remainder(&mut parsed, text, self.before.iter()).ok()?;
        let year = parsed
            .year()
            .or_else(|| Some(two_digits(parsed.year_mod_100()?)))?;
        let date = NaiveDate::from_ymd_opt(year, parsed.month()?, parsed.day()?)?;
        (parsed.weekday()? != date.weekday()).then(|| date.weekday())
    }

    /// Reads an instant; without a zone of its own it is local to `zone`, and
    /// without a time it is the first moment of its day.
    pub(crate) fn read(&self, text: &str, zone: Tz) -> Option<DateTime<Utc>> {
        let mut parsed = Parsed::new();
        let mut named = None;
        match &self.after {
            None => parse(&mut parsed, text, self.before.iter()).ok()?,
            Some(after) => {
                let rest = parse_and_remainder(&mut parsed, text, self.before.iter()).ok()?;
                let rest = rest.trim_start();
                let end = rest.find(|c| !is_zone_letter(c)).unwrap_or(rest.len());
                named = Some(parse_zone(&rest[..end])?);
                parse(&mut parsed, &rest[end..], after.iter()).ok()?;
            }
        }
        let zone = match named {
            Some(named) => named,
            None if self.is_utc => Tz::UTC,
            None => zone,
        };
        instant(parsed, zone)
    }

    /// Returns whether a moment that is written by the pattern can be read by it.
    fn reads_what_it_writes(&self, text: &str) -> bool {
        let Some(moment) = DateTime::<Utc>::from_timestamp(1_763_390_867, 0) else {
            return false;
        };
        let written = moment.format(text).to_string();
        text.contains('%') && self.read(&written, Tz::UTC).is_some()
    }
}

/// Returns the year that two digits mean, as chrono reads them.
fn two_digits(year: i32) -> i32 {
    year + if year < 70 { 2_000 } else { 1_900 }
}

fn says_utc(items: &[Item<'_>]) -> bool {
    let mut behind_time = false;
    for item in items {
        match item {
            Item::Literal(text) if says_utc_in_words(text, behind_time) => return true,
            Item::OwnedLiteral(text) if says_utc_in_words(text, behind_time) => return true,
            _ => {}
        }
        behind_time = matches!(item, Item::Numeric(..) | Item::Fixed(_));
    }
    false
}

fn says_utc_in_words(text: &str, behind_time: bool) -> bool {
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    words.any(|word| word == "UTC" || word == "GMT") || (behind_time && text == "Z")
}

fn is_zone_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "/_+-".contains(letter)
}

fn parse_zone(name: &str) -> Option<Tz> {
    if ["UTC", "GMT", "Z"].contains(&name) {
        return Some(Tz::UTC);
    }
    // A name in capitals without a slash is an abbreviation, even where the
    // database has a zone of that name.
    let is_abbreviation = !name.contains('/') && !name.contains(|c: char| c.is_ascii_lowercase());
    if is_abbreviation {
        return None;
    }
    name.parse().ok()
}

fn instant(mut parsed: Parsed, zone: Tz) -> Option<DateTime<Utc>> {
    if let Some(seconds) = parsed.timestamp() {
        let nanoseconds = parsed.nanosecond().unwrap_or(0);
        return DateTime::from_timestamp(seconds, nanoseconds);
    }
    let has_hour = parsed.hour_div_12().is_some() || parsed.hour_mod_12().is_some();
    let has_time = has_hour || parsed.minute().is_some() || parsed.second().is_some();
    if has_hour && parsed.minute().is_none() {
        parsed.set_minute(0).ok()?;
    }
    let date = parsed.to_naive_date().ok()?;
    let time = if has_time {
        parsed.to_naive_time().ok()?
    } else {
        NaiveTime::MIN
    };
    let local = NaiveDateTime::new(date, time);
    if !YEARS.contains(&local.year()) {
        return None;
    }
    match parsed.offset() {
        Some(_) => {
            let offset = parsed.to_fixed_offset().ok()?;
            let utc = local.checked_sub_offset(offset)?;
            Some(utc.and_utc())
        }
        None => Some(to_utc(local, zone)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BERLIN: Tz = chrono_tz::Europe::Berlin;

    fn read(pattern: &str, text: &str) -> Option<String> {
        let pattern = InstantPattern::parse(pattern).expect("a valid pattern");
        let instant = pattern.read(text, BERLIN)?;
        Some(instant.format("%Y-%m-%dT%H:%M:%S%.fZ").to_string())
    }

    #[test]
    fn dates_are_read_in_the_forms_that_people_type() {
        let forms = [
            ("%d/%m/%Y %H:%M", "6/7/2026 9:30", "2026-07-06T07:30:00Z"),
            ("%d-%b-%y", "02-Nov-04", "2004-11-01T23:00:00Z"),
            ("%m/%d/%y", "07/06/26", "2026-07-05T22:00:00Z"),
            ("%Y-%m-%d %H", "2026-07-06 09", "2026-07-06T07:00:00Z"),
            (
                "%d %B %Y, %I:%M %p",
                "6 July 2026, 09:30 PM",
                "2026-07-06T19:30:00Z",
            ),
            (
                "%Y-%m-%d %H:%M:%S.%f",
                "2026-07-06 09:30:00.25",
                "2026-07-06T07:30:00.250Z",
            ),
            ("%Y%m%d%H%M%S", "20260706093000", "2026-07-06T07:30:00Z"),
            (
                "%d.%m.%Y %H:%M:%S %z",
                "06.07.2026 09:30:00 +0100",
                "2026-07-06T08:30:00Z",
            ),
            ("%s", "1783330200", "2026-07-06T09:30:00Z"),
        ];
        for (pattern, text, expected) in forms {
            assert_eq!(read(pattern, text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_pattern_that_says_utc_overrules_the_zone_of_the_export() {
        let nov = |pattern| read(pattern, "17 November 2025, 14:47:47 UTC");
        let expected = Some("2025-11-17T14:47:47Z".to_owned());
        assert_eq!(nov("%d %B %Y, %H:%M:%S UTC"), expected);
        assert_eq!(nov("%d %B %Y, %H:%M:%S %Z"), expected);
        assert_eq!(
            read("%Y-%m-%dT%H:%M:%SZ", "2026-07-06T09:30:00Z").as_deref(),
            Some("2026-07-06T09:30:00Z")
        );
        let offset = "%a %b %d %Y %H:%M:%S GMT%z";
        assert_eq!(
            read(offset, "Mon Jul 06 2026 09:30:00 GMT+0200").as_deref(),
            Some("2026-07-06T07:30:00Z")
        );
    }

    #[test]
    fn zones_are_read_by_name_and_refused_by_abbreviation() {
        let read = |zone: &str| {
            let text = format!("Tue May 12 09:23:00 {zone} 2015");
            read("%a %b %d %H:%M:%S %Z %Y", &text)
        };
        let hour = |zone: &str| read(zone).map(|text| text[11..13].to_owned());
        assert_eq!(hour("UTC").as_deref(), Some("09"));
        assert_eq!(hour("GMT").as_deref(), Some("09"));
        assert_eq!(hour("America/Los_Angeles").as_deref(), Some("16"));
        assert_eq!(hour("Japan").as_deref(), Some("00"));
        for zone in ["PDT", "CET", "EST", "BST", "Nowhere/Land", "", "+01"] {
            assert_eq!(read(zone), None, "{zone}");
        }
    }

    #[test]
    fn what_the_pattern_does_not_say_is_refused() {
        let pattern = "%d/%m/%Y";
        for text in ["31/31/2024", "29/02/2026", "1/2/2026 x", "", "1//2026"] {
            assert_eq!(read(pattern, text), None, "{text}");
        }
        assert_eq!(
            read("%a %d %b %Y", "Sun 6 Jul 2026"),
            None,
            "it was a Monday"
        );
        assert_eq!(read("%Y-%m-%d", "-262143-01-01"), None);
    }

    #[test]
    fn a_weekday_that_contradicts_the_date_is_told() {
        let weekday = |pattern, text| {
            let pattern = InstantPattern::parse(pattern).expect("a valid pattern");
            pattern.contradicted_weekday(text)
        };
        let (wrong, right) = ("Sun 6 Jul 2026", "Mon 6 Jul 2026");
        assert_eq!(weekday("%a %d %b %Y", wrong), Some(Weekday::Mon));
        assert_eq!(weekday("%a %d %b %Y", right), None);
        assert_eq!(weekday("%a %d %b %y", "Sun 6 Jul 26"), Some(Weekday::Mon));
        assert_eq!(weekday("%d %b %Y", "6 Jul 2026"), None);
    }

    #[test]
    fn an_example_is_read_by_its_pattern() {
        for text in ["%d/%m/%Y %H:%M", "%d-%b-%y", "%Y-%m-%d %H:%M:%S.%f"] {
            let pattern = InstantPattern::parse(text).expect("a valid pattern");
            assert_eq!(pattern.text(), text);
            assert!(pattern.read(&pattern.example(), BERLIN).is_some(), "{text}");
        }
        let pattern = InstantPattern::parse("%d/%m/%Y %H:%M").expect("a valid pattern");
        assert_eq!(pattern.example(), "06/07/2026 09:30");
    }

    #[test]
    fn a_pattern_has_to_tell_the_whole_date() {
        for text in ["%d/%m/%Y", "%s", "%Y-%j", "%G-W%V-%u", "%c", "%+", "%F %T"] {
            assert!(is_valid_pattern(text), "{text}");
        }
        let invalid = [
            "",
            "date",
            "%",
            "%Q",
            "%H:%M",
            "%d %b",
            "%Y-%m-%d %I:%M",
            "%Z %Z %F",
        ];
        for text in invalid {
            assert!(!is_valid_pattern(text), "{text}");
        }
    }

    #[test]
    fn a_local_time_that_the_clocks_skip_or_repeat_is_read_as_everywhere() {
        let read = |text| read("%d.%m.%Y %H:%M", text);
        assert_eq!(
            read("29.03.2026 02:30").as_deref(),
            Some("2026-03-29T01:30:00Z")
        );
        assert_eq!(
            read("25.10.2026 02:30").as_deref(),
            Some("2026-10-25T00:30:00Z")
        );
    }
}

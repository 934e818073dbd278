//! Cells in the forms that exports have them, and arbitrary ones.

use proptest::prelude::*;

use super::*;

const GERMAN: NumberStyle = NumberStyle {
    decimal: b',',
    thousands: Some('.'),
};

const HOURS_ONLY: DurationUnit = DurationUnit::Text {
    hours_per_day: None,
    days_per_week: 5.0,
};

const WORKING_DAYS: DurationUnit = DurationUnit::Text {
    hours_per_day: Some(8.0),
    days_per_week: 5.0,
};

fn format(text: &str) -> InstantFormat {
    InstantFormat::parse(text).expect("a valid format")
}

fn minutes(text: &str, unit: DurationUnit) -> Option<f64> {
    parse_duration(text, unit, DurationUnit::Minutes, NumberStyle::PLAIN)
}

#[test]
fn instants_are_read_in_declared_forms() {
    let expected = Some(1_783_330_200_000_000);
    let read = |text, formats: &[&str]| {
        let formats: Vec<_> = formats.iter().map(|text| format(text)).collect();
        parse_instant(text, &formats, Tz::UTC)
    };
    assert_eq!(read("2026-07-06T09:30:00Z", &[]), expected);
    assert_eq!(read(" 2026-07-06T11:30:00.000+0200 ", &[]), expected);
    assert_eq!(read("06/07/2026 09:30", &["%d/%m/%Y %H:%M"]), expected);
    assert_eq!(read("6/7/2026 9:30", &["%d/%m/%Y %H:%M"]), expected);
    assert_eq!(
        read("6 July 2026, 09:30:00 UTC", &["%d %B %Y, %H:%M:%S UTC"]),
        expected
    );
    assert_eq!(read("1783330200", &["epoch_s"]), expected);
    assert_eq!(read("1783330200.0", &["epoch_s"]), expected);
    assert_eq!(read("1783330200000", &["epoch_ms"]), expected);
    assert_eq!(read("1783330200000000", &["epoch_us"]), expected);
    assert_eq!(read("31/31/2024", &["%d/%m/%Y"]), None);
    assert_eq!(read("9999999999999999", &["epoch_s"]), None);
    assert_eq!(read("2026-07-06T09:30:00Z", &["%d/%m/%Y"]), None);
}

#[test]
fn several_forms_are_tried_in_order() {
    let formats = [
        format("%d-%m-%Y %H:%M"),
        format("%d/%m/%Y %H:%M:%S"),
        format("epoch_ms"),
    ];
    let read = |text| parse_instant(text, &formats, Tz::UTC);
    let expected = Some(1_783_330_200_000_000);
    assert_eq!(read("06-07-2026 09:30"), expected);
    assert_eq!(read("06/07/2026 09:30:00"), expected);
    assert_eq!(read("1783330200000"), expected);
    assert_eq!(read("06.07.2026"), None);
}

#[test]
fn a_form_that_gives_an_impossible_year_leaves_the_next_its_turn() {
    let formats = [format("epoch_ms"), format("epoch_s")];
    let read = |text| parse_instant(text, &formats, Tz::UTC);
    assert_eq!(read("1783330200000"), Some(1_783_330_200_000_000));
    // Seconds read as milliseconds lie in 1970, which is a year that is possible.
    assert_eq!(read("1783330200"), Some(1_783_330_200_000));
    let years = [format("%d/%m/%Y"), format("%d/%m/%y")];
    let read = |text| parse_date(text, &years, Tz::UTC);
    assert_eq!(read("06/07/26"), read("06/07/2026"));
}

#[test]
fn a_date_is_that_of_the_zone() {
    let zone = chrono_tz::America::Sao_Paulo;
    let day = |text| {
        let formats = [format("%d/%m/%Y")];
        parse_date(text, &formats, zone).map(|days| days - 17_000)
    };
    // On 4 November 2018 the clocks of São Paulo went from 24:00 to 1:00.
    assert_eq!(day("04/11/2018"), Some(839));
    assert_eq!(day("05/11/2018"), Some(840));
    assert_eq!(
        parse_date("2018-11-04T01:00:00Z", &[], zone),
        parse_date("2018-11-03", &[], zone)
    );
}

#[test]
fn numbers_are_finite() {
    let read = |text| parse_number(text, NumberStyle::PLAIN);
    assert_eq!(read(" 1.5 "), Some(1.5));
    assert_eq!(read("-2e3"), Some(-2_000.0));
    for text in ["NaN", "inf", "-inf", "-nan", "", "1,5", "0x1", "1e999", "+"] {
        assert_eq!(read(text), None, "{text}");
    }
    assert_eq!(parse_integer("3.0", NumberStyle::PLAIN), Some(3));
    assert_eq!(parse_integer("3.5", NumberStyle::PLAIN), None);
    assert_eq!(parse_integer("1.234", GERMAN), Some(1_234));
}

#[test]
fn numbers_are_read_in_the_style_of_the_export() {
    let read = |text| parse_number(text, GERMAN);
    assert_eq!(read("1.234.567,5"), Some(1_234_567.5));
    assert_eq!(read("-1.234"), Some(-1_234.0));
    assert_eq!(read("1234,5"), Some(1_234.5));
    assert_eq!(read(",5"), Some(0.5));
    for text in [
        "1.5", "1.23.456", "1.234.56", "1,234.5", "1,2,3", ".123", "1..234",
    ] {
        assert_eq!(read(text), None, "{text}");
    }
    let comma = NumberStyle {
        decimal: b',',
        thousands: None,
    };
    assert_eq!(parse_number("7,25", comma), Some(7.25));
    assert_eq!(parse_number("7.25", comma), None);
    let grouped = |thousands| NumberStyle {
        decimal: b'.',
        thousands: Some(thousands),
    };
    assert_eq!(parse_number("1,234.5", grouped(',')), Some(1_234.5));
    assert_eq!(parse_number("12,34,567", grouped(',')), Some(1_234_567.0));
    assert_eq!(parse_number("1\u{202f}234", grouped(' ')), Some(1_234.0));
    assert_eq!(parse_number("1’234.5", grouped('\'')), Some(1_234.5));
    assert_eq!(parse_number("1,5", grouped(',')), None);
}

#[test]
fn durations_are_read_in_their_unit() {
    let hours = |text, unit| parse_duration(text, unit, DurationUnit::Hours, NumberStyle::PLAIN);
    assert_eq!(hours("7200", DurationUnit::Seconds), Some(2.0));
    assert_eq!(hours("5400000", DurationUnit::Milliseconds), Some(1.5));
    assert_eq!(hours("90", DurationUnit::Minutes), Some(1.5));
    assert_eq!(hours("2", DurationUnit::Days), Some(48.0));
    assert_eq!(hours("0.1", DurationUnit::Hours), Some(0.1));
    for text in ["-1", "1e308", "", "soon"] {
        assert_eq!(hours(text, DurationUnit::Days), None, "{text}");
    }
    assert_eq!(hours("-1", DurationUnit::Hours), None);
    assert_eq!(
        parse_duration("1,5", DurationUnit::Hours, DurationUnit::Minutes, GERMAN),
        Some(90.0)
    );
}

#[test]
fn durations_in_text_carry_their_units() {
    let forms = [
        ("14m 30s", 14.5),
        ("1h", 60.0),
        ("2h 30m", 150.0),
        ("2h30m", 150.0),
        ("1.5h", 90.0),
        ("0m", 0.0),
        ("PT2H30M", 150.0),
        ("pt90m", 90.0),
        ("PT1.5H", 90.0),
        ("PT0,5H", 30.0),
        ("90 minutes", 90.0),
        ("1 hr 5 min", 65.0),
        ("1 Hour, 5 Minutes", 65.0),
        ("1 hour and 5 minutes", 65.0),
        ("01:30:00", 90.0),
        ("100:00:30", 6_000.5),
        ("0:00:30.000", 0.5),
    ];
    for (text, expected) in forms {
        assert_eq!(minutes(text, HOURS_ONLY), Some(expected), "{text}");
    }
    let comma = parse_duration("1,5 h", HOURS_ONLY, DurationUnit::Minutes, GERMAN);
    assert_eq!(comma, Some(90.0));
}

#[test]
fn days_and_weeks_are_read_only_where_their_length_is_declared() {
    for (text, hours) in [
        ("1d 2h", 10.0),
        ("1w", 40.0),
        ("1w 1d", 48.0),
        ("P1DT2H", 10.0),
        ("P1W", 40.0),
        ("2 days", 16.0),
    ] {
        assert_eq!(minutes(text, HOURS_ONLY), None, "{text}");
        assert_eq!(minutes(text, WORKING_DAYS), Some(hours * 60.0), "{text}");
    }
}

#[test]
fn what_could_be_two_durations_is_refused() {
    let texts = [
        "",
        "1:05",
        "1",
        "h",
        "-1h",
        "1h -5m",
        "5m 1h",
        "1h 1h",
        "1h 30",
        "P",
        "PT",
        "P1DT",
        "PTH",
        "P1Y",
        "P1M",
        "1mo",
        "2 months",
        "1:60:00",
        "1:5:00",
        "::",
        "1:00:00:00",
        "1h,,5m",
        "PT1M1H",
        "+1h",
        "P-1D",
        "é1h",
        "1é",
        "P1é",
        "1,5 h",
    ];
    for text in texts {
        assert_eq!(minutes(text, WORKING_DAYS), None, "{text}");
    }
}

#[test]
fn booleans_are_words_of_any_case() {
    for text in ["true", "Yes", "y", "T", " 1 "] {
        assert_eq!(parse_boolean(text), Some(true), "{text}");
    }
    for text in ["FALSE", "no", "n", "f", "0"] {
        assert_eq!(parse_boolean(text), Some(false), "{text}");
    }
    assert_eq!(parse_boolean("2"), None);
}

fn settings() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(1_000)
    }
}

/// Text that is near to a cell of some kind.
fn cell_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[-+0-9.,' :TPZzhmsdw/]{0,24}",
        "[0-9]{1,4}[-/. ][0-9A-Za-z]{1,3}[-/. ][0-9]{1,5}([ T][0-9:.]{0,12}[ +Z0-9:-]{0,7})?",
        "P?([0-9]{1,3} ?[wdhmsWDHMS]T? ?){0,4}",
    ]
}

proptest! {
    #![proptest_config(settings())]

    #[test]
    fn no_text_makes_a_cell_panic(
        text in cell_text(),
        pattern in "(%[A-Za-z0-9.:+-]{1,2}[ /:,.TZ-]?){0,5}",
        thousands in proptest::option::of(any::<char>()),
        decimal in prop_oneof![Just(b'.'), Just(b',')],
        zone in prop_oneof![Just(Tz::UTC), Just(chrono_tz::America::Sao_Paulo)],
    ) {
        let style = NumberStyle { decimal, thousands };
        let known = ["epoch_s", "epoch_ms", "epoch_us", "%d/%m/%Y %H:%M", "%F %T %Z"];
        let mut formats: Vec<_> = known.iter().map(|text| format(text)).collect();
        formats.extend(InstantFormat::parse(&pattern));
        for micros in [
            parse_instant(&text, &[], zone),
            parse_instant(&text, &formats, zone),
        ].into_iter().flatten() {
            let instant = DateTime::<Utc>::from_timestamp_micros(micros);
            prop_assert!(instant.is_some_and(|i| YEARS.contains(&i.year())));
        }
        let _ = parse_date(&text, &[], zone);
        let _ = parse_date(&text, &formats, zone);
        let _ = parse_integer(&text, style);
        let _ = parse_boolean(&text);
        prop_assert!(parse_number(&text, style).is_none_or(f64::is_finite));
        for unit in [HOURS_ONLY, WORKING_DAYS, DurationUnit::Milliseconds, DurationUnit::Hours] {
            let hours = parse_duration(&text, unit, DurationUnit::Hours, style);
            prop_assert!(hours.is_none_or(is_length));
        }
    }

    #[test]
    fn a_number_is_read_back_from_any_style(
        number in -1_000_000_000_i64..1_000_000_000,
        cents in 0_u8..100,
        style in prop_oneof![Just(('.', ',')), Just((',', '.')), Just((',', ' ')), Just(('.', '\''))],
    ) {
        let (decimal, separator) = style;
        let digits = number.abs().to_string();
        let mut grouped = String::new();
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                grouped.push(separator);
            }
            grouped.push(digit);
        }
        let sign = if number < 0 { "-" } else { "" };
        let text = format!("{sign}{grouped}{decimal}{cents:02}");
        let plain = format!("{sign}{digits}.{cents:02}");
        let style = NumberStyle { decimal: decimal as u8, thousands: Some(separator) };
        prop_assert_eq!(parse_number(&text, style), plain.parse().ok());
    }
}

#[test]
fn a_spreadsheets_day_is_read_with_either_decimal_mark() {
    let formats = [format("%d.%m.%Y"), format("excel")];
    let read = |text| parse_date(text, &formats, Tz::UTC);
    let expected = parse_date("2021-01-01", &[], Tz::UTC);
    assert!(expected.is_some());
    for text in ["44197", "44197,5", "44197.25", "01.01.2021", " 44197 "] {
        assert_eq!(read(text), expected, "{text}");
    }
    // Days before 1970 and beyond 2100 are more often numbers of something else.
    for text in ["12", "25568", "73416", "44.197,5", "1,2,3", "", "x"] {
        assert_eq!(read(text), None, "{text}");
    }
}

#[test]
fn a_duration_is_added_to_an_instant() {
    let start = parse_instant("2026-07-06T09:30:00Z", &[], Tz::UTC).expect("it is one");
    let add = |text, unit| add_duration(start, text, unit, NumberStyle::PLAIN);
    let later = |text| parse_instant(text, &[], Tz::UTC);
    let seconds = DurationUnit::Seconds;
    assert_eq!(add("90.5", seconds), later("2026-07-06T09:31:30.5Z"));
    assert_eq!(add("0", seconds), Some(start));
    assert_eq!(add("2", DurationUnit::Days), later("2026-07-08T09:30:00Z"));
    for text in ["-1", "soon", "", "1e12", "1e300"] {
        assert_eq!(add(text, seconds), None, "{text}");
    }
}

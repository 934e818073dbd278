//! Tests of text, numbers, axes and label placing.

use super::samples::{HOSTILE_NAMES, day};
use crate::chart::axis::{Axis, bar_top, scale_top};
use crate::chart::dates::day_number;
use crate::chart::label::spread;
use crate::chart::number::{Unit, counted, grouped};
use crate::chart::svg::tenths;
use crate::chart::text::{cut, escape, fit, pixels, safe_href, text_width};

fn labels(axis: &Axis) -> Vec<&str> {
    axis.ticks.iter().map(|tick| tick.label.as_str()).collect()
}

#[test]
fn text_is_escaped_and_cleaned() {
    assert_eq!(
        escape("a<b> & \"c\" 'd'"),
        "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;"
    );
    assert_eq!(escape("a\u{0}b\u{7f}c\u{9f}d\u{fffe}e\u{202e}f"), "abcdef");
    assert_eq!(escape("tab\tand\nline"), "tab and line");
    assert_eq!(escape("日本 é 👩‍👧"), "日本 é 👩‍👧");
}

#[test]
fn widths_follow_the_characters() {
    assert!(text_width("支払い", 12.0, false) > 35.9);
    assert!(text_width("WWWW", 12.0, false) > 3.0 * text_width("iiii", 12.0, false));
    assert!(text_width("bold", 12.0, true) > text_width("bold", 12.0, false));
    let composed = text_width("é", 12.0, false);
    let combined = text_width("e\u{301}", 12.0, false);
    assert!((composed - combined).abs() < 2.0);
}

#[test]
fn long_text_is_shortened_to_its_room() {
    for name in HOSTILE_NAMES {
        for room in [14.0, 60.0, 200.0] {
            let short = fit(name, room, 12.0, false);
            let width = text_width(&short, 12.0, false);
            assert!(width <= room, "`{short}` is {width} wide in {room}");
        }
    }
    assert_eq!(fit("short", 100.0, 12.0, false), "short");
    assert!(fit("Payments gateway", 60.0, 12.0, false).ends_with('…'));
    assert_eq!(cut("abcdef", 4), "abc…");
    assert_eq!(cut("abcd", 4), "abcd");
}

#[test]
fn only_safe_addresses_become_links() {
    let safe = [
        "https://tracker.example.com/browse/A-1?x=1&y=2",
        "http://intranet/",
        "mailto:release@example.com",
        "../weekly/2026-W27.html",
        "#items",
        "releases/2026:7.html",
        "?page=2",
    ];
    for address in safe {
        assert_eq!(safe_href(address).as_deref(), Some(address));
    }
    let unsafe_addresses = [
        "javascript:alert(1)",
        " JavaScript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//evil.example.com",
        "\\\\evil",
        "file:///etc/passwd",
        "",
    ];
    for address in unsafe_addresses {
        assert_eq!(safe_href(address), None, "{address}");
    }
}

#[test]
fn lengths_keep_one_decimal() {
    assert_eq!(pixels(123), "12.3");
    assert_eq!(pixels(120), "12");
    assert_eq!(pixels(-5), "-0.5");
    assert_eq!(pixels(0), "0");
    assert_eq!(tenths(12.34), 123);
}

#[test]
fn numbers_read_as_in_the_tables() {
    assert_eq!(Unit::Count.number(12.25), "12");
    assert_eq!(Unit::Count.number(7.25), "7.3");
    assert_eq!(Unit::Count.number(1234.4), "1,234");
    assert_eq!(Unit::Count.number(-3.0), "−3");
    assert_eq!(Unit::Count.number(-0.01), "0");
    assert_eq!(Unit::Percent.number(0.042), "4.2%");
    assert_eq!(Unit::Percent.number(0.12), "12%");
    assert_eq!(Unit::Percent.number(0.9996), "99.9%");
    assert_eq!(Unit::Percent.number(1.0), "100%");
    assert_eq!(Unit::Percent.number(0.000_3), "<0.1%");
    assert_eq!(Unit::Percent.number(0.0), "0%");
    assert_eq!(Unit::Times.number(1.3), "1.3×");
    assert_eq!(Unit::Times.tick(1.25, 0.25), "1.25×");
    assert_eq!(Unit::Days.words(1.0), "1 day");
    assert_eq!(Unit::Days.words(19.0), "19 days");
    assert_eq!(Unit::Hours.words(0.5), "0.5 hours");
    assert_eq!(Unit::Count.tick(2_500_000.0, 500_000.0), "2.5m");
    assert_eq!(Unit::Percent.tick(0.025, 0.025), "2.5%");
    assert_eq!(counted(1, "item"), "1 item");
    assert_eq!(counted(1204, "item"), "1,204 items");
    assert_eq!(grouped(-1_234_567.0, 1), "−1,234,567.0");
}

#[test]
fn value_axes_have_round_ticks() {
    assert_eq!(
        labels(&Axis::up_to(37.0, Unit::Days)),
        ["0", "10", "20", "30", "40"]
    );
    assert_eq!(labels(&Axis::up_to(3.0, Unit::Count)), ["0", "1", "2", "3"]);
    assert_eq!(
        labels(&Axis::up_to(0.08, Unit::Percent)),
        ["0%", "2%", "4%", "6%", "8%"]
    );
    let signed = Axis::between(-7.0, 12.0, 4.0, Unit::Count);
    assert_eq!(labels(&signed), ["−10", "−5", "0", "5", "10", "15"]);
}

#[test]
fn no_range_is_empty_or_without_end() {
    let odd = [
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::MAX,
        f64::MIN,
        0.0,
        5.0,
        1e-300,
    ];
    for low in odd {
        for high in odd {
            for unit in [Unit::Count, Unit::Percent] {
                let axis = Axis::between(low, high, 4.0, unit);
                let length = axis.high() - axis.low();
                assert!(
                    length.is_finite() && length > 0.0,
                    "{low}..{high}: {axis:?}"
                );
                assert!((1..=52).contains(&axis.ticks.len()), "{low}..{high}");
            }
            let dates = Axis::dates(low.clamp(-1e6, 1e6), high.clamp(-1e6, 1e6), 600.0);
            assert!(dates.high() - dates.low() >= 1.0, "{low}..{high}");
        }
    }
}

#[test]
fn date_axes_tick_on_mondays_or_month_starts_and_say_the_year_once() {
    let axis = |from, to| Axis::dates(day_number(from), day_number(to), 600.0);
    let weeks = axis(day(2026, 5, 25), day(2026, 7, 8));
    let expected = [
        "25 May\n2026",
        "1 Jun",
        "8 Jun",
        "15 Jun",
        "22 Jun",
        "29 Jun",
        "6 Jul",
    ];
    assert_eq!(labels(&weeks), expected);
    let months = axis(day(2025, 10, 12), day(2026, 4, 2));
    let expected = ["Nov\n2025", "Dec", "Jan\n2026", "Feb", "Mar", "Apr"];
    assert_eq!(labels(&months), expected);
    let years = axis(day(2004, 3, 1), day(2026, 4, 2));
    assert_eq!(
        labels(&years),
        [
            "2006", "2008", "2010", "2012", "2014", "2016", "2018", "2020", "2022", "2024", "2026"
        ]
    );
}

#[test]
fn a_few_extremes_do_not_flatten_the_scale() {
    let mut values = vec![10.0; 200];
    values.push(900.0);
    let top = scale_top(&values, 99, 12.0);
    assert!((12.0..20.0).contains(&top), "{top}");
    assert_eq!(scale_top(&[10.0, 12.0], 99, 0.0), 12.0);
    assert_eq!(scale_top(&[], 99, 7.0), 7.0);
    assert_eq!(bar_top(&[1.0, 3.0], 90), 3.0);
    assert_eq!(bar_top(&[2.0, 10.0], 90), 2.0 * 1.1);
    assert_eq!(bar_top(&[0.0, 0.0, 40.0], 90), 40.0);
    assert_eq!(bar_top(&[], 90), 0.0);
}

#[test]
fn crowded_labels_are_moved_apart_in_order() {
    let placed = spread(&[(50.0, 14.0), (52.0, 14.0), (48.0, 14.0)], 0.0, 100.0);
    let placed: Vec<f64> = placed.into_iter().flatten().collect();
    assert_eq!(placed.len(), 3);
    assert!(placed[2] + 14.0 <= placed[0] && placed[0] + 14.0 <= placed[1]);
    let at_edge = spread(&[(99.0, 14.0), (98.0, 14.0)], 0.0, 100.0);
    assert_eq!(at_edge, [Some(93.0), Some(79.0)]);
    let no_room = spread(&[(5.0, 14.0), (6.0, 14.0)], 0.0, 20.0);
    assert_eq!(no_room.iter().flatten().count(), 1);
}

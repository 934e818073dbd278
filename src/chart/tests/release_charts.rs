//! Tests of what lifelines and scope timelines say.

use chrono::{NaiveDateTime, TimeDelta};

use super::charts::{drawing, marks, says, words};
use super::markup::attributes;
use super::samples::*;
use crate::chart::*;

fn frame() -> Frame {
    Frame::new("x", "Title", "Text.")
}

fn midnight(date: chrono::NaiveDate) -> NaiveDateTime {
    date.and_hms_opt(0, 0, 0).expect("midnight")
}

#[test]
fn lifelines_mark_what_joined_late_and_what_was_delivered() {
    let svg = drawing("lifelines");
    let all = words(&svg);
    for text in ["Build", "Approval", "waiting", "blocked", "added late"] {
        assert!(all.contains(&text.to_owned()), "{text}");
    }
    let late = "41 days, 39% waiting ◆".to_owned();
    assert_eq!(all.iter().filter(|text| **text == late).count(), 2);
    assert_eq!(marks(&svg, "path", "f-bad"), 3, "two items and the key");
    assert_eq!(marks(&svg, "circle", "f-ink"), 15, "fourteen and the key");
    assert!(all.contains(&"scope freeze".to_owned()));
}

#[test]
fn of_many_lifelines_the_longest_sixty_are_drawn() {
    let input = lifelines_input(10_000, 106);
    let length = |row: &Lifeline| {
        let from = row.spans.first().map(|span| span.from);
        row.delivered_at.zip(from).map(|(to, from)| to - from)
    };
    let mut rows: Vec<&Lifeline> = input.rows.iter().collect();
    rows.sort_by(|a, b| length(b).cmp(&length(a)).then_with(|| a.name.cmp(&b.name)));
    let svg = drawing("lifelines, 10,000 items");
    assert!(says(
        &svg,
        "the longest 60 of 10,000, the rest in the table"
    ));
    let all = words(&svg);
    let drawn = all.iter().filter(|text| text.starts_with("REL-"));
    assert_eq!(drawn.count(), 60);
    for row in &rows[..60] {
        assert!(all.contains(&row.name), "{}", row.name);
    }
}

#[test]
fn an_item_open_for_years_does_not_flatten_the_others() {
    let mut input = lifelines_input(14, 101);
    input.rows[0].spans[0].from = midnight(day(2020, 1, 3));
    input.freeze = Some((day(2090, 1, 1), day(2090, 2, 1)));
    let svg = lifelines(&frame(), &input);
    assert!(says(
        &svg,
        "▲ 1 began before the scale, first on 3 Jan 2020"
    ));
    assert!(says(&svg, "scope freeze 1 Jan 2090 is off the scale"));
    assert_eq!(
        marks(&svg, "path", "f-bad"),
        4,
        "two late, the key, off scale"
    );
}

// Ten days of each on one axis: both are as wide, up to the hairline of 0.6
// pixels after a stage.
#[test]
fn spans_are_as_long_as_they_last() {
    let start = midnight(day(2026, 5, 4));
    let span = |from: i64, kind: SpanKind| LifelineSpan {
        from: start + TimeDelta::days(from),
        to: start + TimeDelta::days(from + 10),
        kind,
    };
    let mut input = lifelines_input(1, 1);
    input.rows[0].spans = vec![span(0, SpanKind::Stage(0)), span(10, SpanKind::Waiting)];
    input.rows[0].delivered_at = None;
    let svg = lifelines(&frame(), &input);
    let widths: Vec<f64> = attributes(&svg, "d")
        .iter()
        .filter_map(|d| d.split_once('h')?.1.split_once('v')?.0.parse().ok())
        .filter(|width: &f64| *width > 20.0)
        .collect();
    assert_eq!(widths.len(), 2, "{widths:?}");
    assert!((widths[0] - widths[1] - 0.6).abs() < 0.15, "{widths:?}");
}

fn changes() -> ScopeTimeline {
    let change = |date, added_count, removed_count, scope| ScopeDay {
        date,
        added_count,
        removed_count,
        scope_count: Some(scope),
        ..ScopeDay::default()
    };
    let mut days = vec![
        change(day(2026, 5, 4), 10, 0, 10),
        change(day(2026, 5, 12), 2, 1, 11),
        change(day(2026, 5, 25), 0, 3, 8),
    ];
    days[2].late_removed_count = 3;
    ScopeTimeline {
        days,
        baseline: Some(day(2026, 5, 5)),
        planned_count: Some(10),
        freeze: Some(day(2026, 5, 20)),
        ship: None,
        caption: "Items in 2026.6.1".to_owned(),
    }
}

// Ten on the first day against two and three later: the ten are off scale.
#[test]
fn a_scope_timeline_says_its_plan_its_scope_and_what_came_after_the_freeze() {
    let svg = scope_timeline(&frame(), &changes());
    let all = words(&svg);
    for text in ["8 items", "Plan 10", "Freeze 20 May", "Baseline 5 May"] {
        assert!(all.contains(&text.to_owned()), "{text}");
    }
    assert!(says(&svg, "added: ▲ 1 off scale, greatest 10"));
    assert_eq!(marks(&svg, "path", "f-s1"), 2);
    assert_eq!(marks(&svg, "path", "f-s3"), 1);
    assert_eq!(
        marks(&svg, "path", "f-bad"),
        2,
        "removed late, and off scale"
    );
    assert!(svg.contains("<title>25 May 2026: +0 −3, 3 after the freeze</title>"));
}

#[test]
fn a_day_whose_scope_is_unknown_breaks_the_line() {
    let steps = |input: &ScopeTimeline| {
        let svg = scope_timeline(&frame(), input);
        marks(&svg, "path", "k-s1")
    };
    let mut input = changes();
    assert_eq!(steps(&input), 1);
    input.days[1].scope_count = None;
    assert_eq!(steps(&input), 2);
}

#[test]
fn names_of_days_without_room_stand_in_the_caption() {
    let svg = drawing("scope timeline, crowded days");
    let caption = "Items in 2026.6.1 · Freeze 23 Jun · Ship 24 Jun";
    assert!(words(&svg).contains(&caption.to_owned()));
    let far = scope_timeline(
        &frame(),
        &ScopeTimeline {
            ship: Some(day(2090, 1, 1)),
            ..changes()
        },
    );
    assert!(says(&far, "Ship 1 Jan 2090 is off the scale"));
}

#[test]
fn days_too_narrow_for_a_bar_share_one() {
    let svg = drawing("scope timeline, 10,000 days");
    assert!(says(&svg, "removed (down) per 50 days"));
    assert_eq!(svg.matches("<a ").count(), 0);
}

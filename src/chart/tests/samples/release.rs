//! Lifelines and scope timelines of a release.

use chrono::{Days, NaiveDate, NaiveDateTime, TimeDelta};

use super::*;

fn noon(date: NaiveDate) -> NaiveDateTime {
    date.and_hms_opt(12, 0, 0).expect("a time of day")
}

/// An item that goes through four stages with waits between them.
fn lifeline(name: &str, start: NaiveDate, sequence: &mut Sequence) -> Lifeline {
    let mut at = noon(start);
    let mut spans = Vec::new();
    for stage in 0..4 {
        for kind in [SpanKind::Stage(stage), SpanKind::Waiting] {
            let to = at + TimeDelta::hours(6 + (sequence.exponential(90.0)) as i64);
            spans.push(LifelineSpan { from: at, to, kind });
            at = to;
        }
    }
    if spans.len() % 3 == 2 {
        spans[3].kind = SpanKind::Blocked;
    }
    Lifeline {
        name: name.to_owned(),
        tip: "Pay out twice a day".to_owned(),
        spans,
        added_late_at: None,
        delivered_at: Some(at),
        words: "41 days, 39% waiting".to_owned(),
        href: Some("https://tracker.example.com/browse/REL-1".to_owned()),
    }
}

pub(crate) fn lifelines_input(count: usize, seed: u64) -> Lifelines {
    let mut sequence = Sequence::new(seed);
    let row = |index: usize| {
        let start = day(2026, 5, 4) + Days::new((sequence.next() * 30.0) as u64);
        let mut row = lifeline(&format!("REL-{}", 1100 + index), start, &mut sequence);
        if index % 7 == 6 {
            row.added_late_at = row.spans.first().map(|span| span.from);
        }
        row
    };
    Lifelines {
        stages: ["Build", "Review", "Staging", "Approval"]
            .map(str::to_owned)
            .to_vec(),
        rows: (0..count).map(row).collect(),
        freeze: Some((day(2026, 6, 15), day(2026, 6, 24))),
        caption: "Items of 2026.6.1, commitment to production".to_owned(),
    }
}

fn lifeline_drawings() -> Vec<(&'static str, String)> {
    let mut hostile = lifelines_input(40, 102);
    hostile.stages = (0..9).map(name).collect();
    for (index, row) in hostile.rows.iter_mut().enumerate() {
        row.name = name(index);
        row.words = name(index + 3);
        row.tip = HOSTILE_NAMES[2].repeat(5);
        row.href = Some("javascript:alert(1)".to_owned());
        for span in &mut row.spans {
            if let SpanKind::Stage(stage) = &mut span.kind {
                *stage += index;
            }
        }
    }
    hostile.rows[0].spans[0].from = NaiveDateTime::MIN;
    hostile.rows[1].delivered_at = Some(NaiveDateTime::MAX);
    hostile.rows[2].spans.reverse();
    hostile.rows[3].spans[1].to = noon(day(2020, 1, 1));
    hostile.rows[4].spans.clear();
    hostile.rows[5].spans.clear();
    hostile.rows[5].delivered_at = None;
    hostile.freeze = Some((day(2090, 1, 1), day(2091, 1, 1)));
    let mut same = lifelines_input(30, 103);
    for row in &mut same.rows {
        for span in &mut row.spans {
            (span.from, span.to) = (noon(day(2026, 6, 1)), noon(day(2026, 6, 1)));
        }
        row.delivered_at = Some(noon(day(2026, 6, 1)));
    }
    same.freeze = None;
    let mut dense = lifelines_input(60, 104);
    for row in &mut dense.rows {
        let start = row.spans[0].from;
        let span = |hour: i64| LifelineSpan {
            from: start + TimeDelta::hours(hour),
            to: start + TimeDelta::hours(hour + 1),
            kind: if hour % 2 == 0 {
                SpanKind::Stage(0)
            } else {
                SpanKind::Waiting
            },
        };
        row.spans = (0..170).map(span).collect();
    }
    let mut open = lifelines_input(1, 105);
    open.rows[0].delivered_at = None;
    let draw = |name, id: &str, input: &Lifelines| {
        let title = "Items in 2026.6.1 spent almost half their time waiting";
        (name, lifelines(&frame(id, title), input))
    };
    vec![
        draw("lifelines", "life", &lifelines_input(14, 101)),
        draw("lifelines, 40 hostile rows", "lifehost", &hostile),
        draw("lifelines, all equal", "lifesame", &same),
        draw("lifelines, 60 rows of 170 spans", "lifedense", &dense),
        draw("lifelines, one open item", "lifeone", &open),
        draw(
            "lifelines, 10,000 items",
            "life10k",
            &lifelines_input(10_000, 106),
        ),
        draw("lifelines, nothing", "lifenone", &Lifelines::default()),
    ]
}

pub(crate) fn scope_timeline_input(count: u64, seed: u64) -> ScopeTimeline {
    let mut sequence = Sequence::new(seed);
    let mut scope = 0;
    let freeze = 40;
    let changed = |index: u64| {
        let most = if index == 0 { 40.0 } else { 4.0 };
        let added_count = (sequence.next() * most) as u64;
        let removed_count = ((sequence.next() * 2.0) as u64).min(scope);
        scope = scope + added_count - removed_count;
        let is_late = index > freeze;
        ScopeDay {
            date: day(2026, 5, 4) + Days::new(index),
            scope_count: Some(scope),
            added_count,
            removed_count,
            late_added_count: if is_late { added_count } else { 0 },
            late_removed_count: if is_late { removed_count } else { 0 },
            href: Some("../releases/x.html#scope".to_owned()),
        }
    };
    ScopeTimeline {
        days: (0..count).map(changed).collect(),
        baseline: Some(day(2026, 5, 18)),
        planned_count: Some(44),
        freeze: Some(day(2026, 6, 13)),
        ship: Some(day(2026, 6, 24)),
        caption: "Items in 2026.6.1".to_owned(),
    }
}

fn scope_timeline_drawings() -> Vec<(&'static str, String)> {
    let mut gaps = scope_timeline_input(50, 112);
    for index in [4, 5, 20] {
        gaps.days[index].scope_count = None;
    }
    let mut crowded = scope_timeline_input(50, 113);
    crowded.baseline = Some(day(2026, 6, 22));
    crowded.freeze = Some(day(2026, 6, 23));
    crowded.planned_count = Some(0);
    let mut far = scope_timeline_input(20, 114);
    far.ship = Some(NaiveDate::MAX);
    far.baseline = Some(NaiveDate::MIN);
    far.caption = HOSTILE_NAMES[5].repeat(2);
    let mut huge = scope_timeline_input(6, 115);
    huge.days[1].added_count = u64::MAX;
    huge.days[2].removed_count = u64::MAX;
    huge.days[2].late_removed_count = u64::MAX;
    huge.days[3].scope_count = Some(u64::MAX);
    huge.days[4].href = Some("//evil.example.com".to_owned());
    let one = ScopeTimeline {
        days: vec![ScopeDay {
            date: day(2026, 5, 4),
            ..ScopeDay::default()
        }],
        ..ScopeTimeline::default()
    };
    let mut same = scope_timeline_input(30, 116);
    for scope_day in &mut same.days {
        scope_day.date = day(2026, 5, 4);
        scope_day.scope_count = Some(7);
    }
    let ends = ScopeTimeline {
        days: [NaiveDate::MIN, NaiveDate::MAX]
            .map(|date| ScopeDay {
                date,
                added_count: 1,
                ..ScopeDay::default()
            })
            .to_vec(),
        ..ScopeTimeline::default()
    };
    let draw = |name, id: &str, input: &ScopeTimeline| {
        let title = "2026.6.1 grew by 9 items after its freeze";
        (name, scope_timeline(&frame(id, title), input))
    };
    vec![
        draw("scope timeline", "stl", &scope_timeline_input(52, 111)),
        draw("scope timeline, gaps", "stlgap", &gaps),
        draw("scope timeline, crowded days", "stlcrowd", &crowded),
        draw("scope timeline, far days", "stlfar", &far),
        draw("scope timeline, huge", "stlhuge", &huge),
        draw("scope timeline, one day", "stlone", &one),
        draw("scope timeline, all equal", "stlsame", &same),
        draw("scope timeline, all of time", "stlends", &ends),
        draw(
            "scope timeline, 10,000 days",
            "stl10k",
            &scope_timeline_input(10_000, 117),
        ),
        draw(
            "scope timeline, nothing",
            "stlnone",
            &ScopeTimeline::default(),
        ),
    ]
}

pub(crate) fn release_drawings() -> Vec<(&'static str, String)> {
    let mut all = lifeline_drawings();
    all.extend(scope_timeline_drawings());
    all
}

//! Scope changes, dumbbells, interval bars and release plans.

use chrono::NaiveDate;

use super::*;

pub(crate) fn row_drawings() -> Vec<(&'static str, String)> {
    let mut all = scope_drawings();
    all.extend(dumbbell_drawings());
    all.extend(interval_drawings());
    all
}

fn scope_drawings() -> Vec<(&'static str, String)> {
    let rows = [
        ("2026.4.0", 12, 3, [0, 0]),
        ("2026.5.0", 7, 5, [1, 1]),
        ("2026.6.0", 4, 9, [0, 1]),
        ("Ledger Q3", 18, 2, [11, 0]),
        ("Mobile 8.3", 0, 0, [0, 0]),
    ];
    let usual = ScopeChange {
        rows: rows
            .iter()
            .map(|(name, added, removed, late)| ScopeRow {
                name: (*name).to_owned(),
                planned_count: 30,
                added_count: *added,
                removed_count: *removed,
                late_added_count: late[0],
                late_removed_count: late[1],
                href: Some("../releases/x.html".to_owned()),
            })
            .collect(),
        caption: "Items added and removed since the plan was made; orange: changes after freeze"
            .to_owned(),
    };
    let mut sequence = Sequence::new(41);
    let hostile = ScopeChange {
        rows: (0..70)
            .map(|index| ScopeRow {
                name: name(index),
                planned_count: 0,
                added_count: if index == 3 {
                    u64::MAX
                } else {
                    (sequence.next() * 1e6) as u64
                },
                removed_count: (sequence.next() * 1e6) as u64,
                late_added_count: (sequence.next() * 3.0) as u64,
                late_removed_count: 0,
                href: Some("//evil.example.com".to_owned()),
            })
            .collect(),
        caption: HOSTILE_NAMES[5].repeat(3),
    };
    let draw = |name, id: &str, input: &ScopeChange| {
        (
            name,
            scope_change(&frame(id, "Ledger Q3 grew by 16 items"), input),
        )
    };
    vec![
        draw("scope change", "scope", &usual),
        draw("scope change, hostile", "scopehost", &hostile),
        draw(
            "scope change, nothing changed",
            "scopezero",
            &ScopeChange {
                rows: vec![ScopeRow::default()],
                ..usual.clone()
            },
        ),
        draw(
            "scope change, nothing",
            "scopenone",
            &ScopeChange::default(),
        ),
    ]
}

fn dumbbell_drawings() -> Vec<(&'static str, String)> {
    let rows = [
        ("Ledger migration", 20.0, 41.0),
        ("Tax table H2", 13.0, 24.0),
        ("Rotate keys", 8.0, 13.0),
        ("Payout retry", 13.0, 14.0),
        ("Search facets", 8.0, 7.0),
        ("Drop legacy view", 5.0, 3.0),
    ];
    let input = |rows: Vec<DumbbellRow>| Dumbbell {
        rows,
        caption: "Hours: open ring planned, filled mark actual".to_owned(),
        unit: Unit::Hours,
    };
    let row = |name: &str, planned: f64, actual: f64| DumbbellRow {
        name: name.to_owned(),
        planned,
        actual,
        change: String::new(),
        note: Some("34 items".to_owned()),
        href: None,
    };
    let usual = rows
        .iter()
        .map(|(name, planned, actual)| row(name, *planned, *actual))
        .collect();
    let mut sequence = Sequence::new(51);
    let mut hostile: Vec<DumbbellRow> = (0..40)
        .map(|index| {
            row(
                &name(index),
                sequence.exponential(30.0),
                sequence.exponential(40.0),
            )
        })
        .collect();
    hostile[4].planned = 0.0;
    hostile[5].actual = f64::NAN;
    hostile[6].actual = f64::NEG_INFINITY;
    hostile[7].planned = -3.0;
    hostile[8].note = Some(HOSTILE_NAMES[5].to_owned());
    let many = (0..10_000)
        .map(|index| row(&name(index % 50), 4.0, 4.0))
        .collect();
    let draw = |name, id: &str, rows| {
        (
            name,
            dumbbell(
                &frame(id, "Three items took over 1.25 times their plan"),
                &input(rows),
            ),
        )
    };
    vec![
        draw("dumbbell", "db", usual),
        draw("dumbbell, 40 hostile rows", "dbhost", hostile),
        draw("dumbbell, 10,000 equal rows", "dbmany", many),
        draw("dumbbell, zeros", "dbzero", vec![row("Zero", 0.0, 0.0)]),
        draw("dumbbell, nothing", "dbnone", Vec::new()),
    ]
}

fn interval_drawings() -> Vec<(&'static str, String)> {
    let row = |name: String, numerator: u64, denominator: u64| {
        let (k, n) = (numerator as f64, denominator as f64);
        let ratio = k / n;
        let (z, center) = (1.96, (k + 1.92) / (n + 3.84));
        let half = z / (n + 3.84) * (k * (n - k) / n + 0.96).max(0.0).sqrt();
        IntervalRow {
            name,
            rate: RateInterval {
                ratio,
                lower: center - half,
                upper: center + half,
                numerator,
                denominator,
            },
            href: Some("../pipelines.html".to_owned()),
        }
    };
    let teams = [
        ("Payments gateway", 14, 118),
        ("Ledger", 31, 140),
        ("Identity", 1, 3),
        ("Search", 0, 96),
        ("Mobile app", 22, 260),
        ("(no team)", 5, 61),
    ];
    let usual = teams
        .iter()
        .map(|(name, k, n)| row((*name).to_owned(), *k, *n))
        .collect();
    let hostile = (0..41)
        .map(|index| row(name(index), index as u64 % 7, (index as u64 % 5) * 9))
        .collect();
    let draw = |name, id: &str, rows, overall| {
        let caption = "Share of completed runs that failed; whisker: 95% interval".to_owned();
        (
            name,
            interval_bars(
                &frame(id, "Ledger's pipelines fail most often"),
                &IntervalBars {
                    rows,
                    overall,
                    caption,
                },
            ),
        )
    };
    vec![
        draw("interval bars", "bars", usual, Some(0.108)),
        draw(
            "interval bars, 41 hostile rows",
            "barshost",
            hostile,
            Some(f64::NAN),
        ),
        draw(
            "interval bars, zeros",
            "barszero",
            vec![row("Zero".to_owned(), 0, 5)],
            Some(0.0),
        ),
        draw("interval bars, nothing", "barsnone", Vec::new(), None),
    ]
}

pub(crate) fn gantt_input() -> Gantt {
    let rows = [
        (
            "2026.6.1",
            day(2026, 5, 25),
            Some(day(2026, 6, 17)),
            day(2026, 6, 24),
            ReleaseState::Released,
            "released",
        ),
        (
            "Mobile 8.2",
            day(2026, 6, 1),
            Some(day(2026, 6, 22)),
            day(2026, 7, 1),
            ReleaseState::Released,
            "released",
        ),
        (
            "2026.7.0",
            day(2026, 6, 15),
            Some(day(2026, 7, 6)),
            day(2026, 7, 15),
            ReleaseState::OnTrack,
            "on track",
        ),
        (
            "Ledger Q3 <SOX>",
            day(2026, 6, 8),
            Some(day(2026, 7, 13)),
            day(2026, 7, 29),
            ReleaseState::AtRisk,
            "at risk",
        ),
        (
            "2026.8.0",
            day(2026, 7, 6),
            Some(day(2026, 8, 3)),
            day(2026, 8, 12),
            ReleaseState::Planned,
            "planned",
        ),
        (
            "Mobile 8.3",
            day(2026, 7, 6),
            None,
            day(2026, 8, 19),
            ReleaseState::Planned,
            "planned",
        ),
    ];
    Gantt {
        rows: rows
            .into_iter()
            .map(|(name, build_start, freeze, ship, state, words)| GanttRow {
                name: name.to_owned(),
                build_start,
                freeze,
                ship,
                state,
                state_words: words.to_owned(),
                href: Some("../releases/r.html".to_owned()),
            })
            .collect(),
        report_date: Some(day(2026, 7, 6)),
        caption: "Pale: build. Solid: scope freeze to ship".to_owned(),
    }
}

pub(crate) fn gantt_drawings() -> Vec<(&'static str, String)> {
    let mut hostile = gantt_input();
    hostile.report_date = Some(day(2026, 5, 20));
    for (index, row) in hostile.rows.iter_mut().enumerate() {
        row.name = name(index + 1);
        row.state_words = name(index + 3);
    }
    hostile.rows[0].ship = day(2020, 1, 1);
    hostile.rows[1].freeze = Some(day(2090, 1, 1));
    let mut many = gantt_input();
    many.rows = many.rows.iter().cycle().take(90).cloned().collect();
    many.caption = HOSTILE_NAMES[5].repeat(2);
    let mut same = gantt_input();
    same.rows.truncate(1);
    same.rows[0].build_start = same.rows[0].ship;
    same.rows[0].freeze = None;
    same.report_date = Some(NaiveDate::MAX);
    let ends = Gantt {
        rows: vec![GanttRow {
            build_start: NaiveDate::MIN,
            ship: NaiveDate::MAX,
            ..GanttRow::default()
        }],
        ..gantt_input()
    };
    let draw =
        |name, id: &str, input: &Gantt| (name, gantt(&frame(id, "Ledger Q3 is at risk"), input));
    vec![
        draw("release plan", "plan", &gantt_input()),
        draw("release plan, hostile", "planhost", &hostile),
        draw("release plan, 90 rows", "plan90", &many),
        draw("release plan, one day", "planone", &same),
        draw("release plan, all of time", "planends", &ends),
        draw("release plan, nothing", "plannone", &Gantt::default()),
    ]
}

//! Funnels, survival curves and stacked shares.

use super::*;

/// Limits by the normal approximation: near enough to be drawn.
fn funnel_limits(centre: f64, most: u64) -> Vec<FunnelLimits> {
    let around = |trials: u64, z: f64| {
        let half = z * (centre * (1.0 - centre) / trials as f64).sqrt();
        ((centre - half).max(0.0), centre + half)
    };
    let limits = |trials| FunnelLimits {
        trials,
        inner: around(trials, 1.96),
        outer: around(trials, 3.09),
    };
    (1..=most).map(limits).collect()
}

pub(crate) fn funnel_point(name: &str, numerator: u64, denominator: u64) -> FunnelPoint {
    let ratio = numerator as f64 / denominator as f64;
    let centre = 0.108;
    let spread = (centre * (1.0 - centre) / denominator as f64).sqrt();
    let standing = match (ratio - centre).abs() / spread {
        z if z > 3.09 => FunnelStanding::Beyond998,
        z if z > 1.96 => FunnelStanding::Beyond95,
        _ => FunnelStanding::Inside,
    };
    FunnelPoint {
        name: name.to_owned(),
        ratio,
        numerator,
        denominator,
        standing,
        href: Some("../pipelines.html".to_owned()),
    }
}

pub(crate) fn funnel_input(points: Vec<FunnelPoint>) -> Funnel {
    let most = points.iter().map(|point| point.denominator).max();
    Funnel {
        points,
        centre: 0.108,
        limits: funnel_limits(0.108, most.unwrap_or(0).min(20_000)),
        caption: "Share of completed runs that failed".to_owned(),
        trials_caption: "Completed runs in 26 weeks".to_owned(),
    }
}

pub(crate) fn funnel_teams() -> Vec<FunnelPoint> {
    [
        ("Payments gateway", 14, 118),
        ("Ledger", 31, 140),
        ("Identity", 1, 3),
        ("Search", 1, 96),
        ("Mobile app", 32, 260),
        ("Checkout", 21, 120),
        ("(no team)", 5, 61),
    ]
    .into_iter()
    .map(|(name, k, n)| funnel_point(name, k, n))
    .collect()
}

fn funnel_drawings() -> Vec<(&'static str, String)> {
    let mut sequence = Sequence::new(71);
    let mut teams = |count: usize, most: f64, share: f64| -> Vec<FunnelPoint> {
        (0..count)
            .map(|index| {
                let trials = 1 + (sequence.next() * most) as u64;
                let failed = (sequence.next() * 2.0 * share * trials as f64) as u64;
                funnel_point(&name(index), failed.min(trials), trials)
            })
            .collect()
    };
    let mut odd = funnel_input(teams(12, 90.0, 0.2));
    odd.points[0].ratio = f64::NAN;
    odd.points[1].denominator = 0;
    odd.points[2].href = Some("javascript:alert(1)".to_owned());
    odd.limits[3].outer.1 = f64::INFINITY;
    odd.caption = HOSTILE_NAMES[5].to_owned();
    odd.trials_caption = HOSTILE_NAMES[1].repeat(4);
    let mut bare = funnel_input(funnel_teams());
    bare.centre = f64::NAN;
    bare.limits.clear();
    let equal = vec![funnel_point("Same", 10, 90); 40];
    let draw = |name, id: &str, input: &Funnel| {
        let title = "Ledger fails more often than chance explains";
        (name, funnel(&frame(id, title), input))
    };
    vec![
        draw("funnel", "fun", &funnel_input(funnel_teams())),
        draw(
            "funnel, 40 hostile teams",
            "fun40",
            &funnel_input(teams(40, 400.0, 0.3)),
        ),
        draw("funnel, odd values", "funodd", &odd),
        draw("funnel, no limits", "funbare", &bare),
        draw("funnel, all equal", "funsame", &funnel_input(equal)),
        draw(
            "funnel, zeros",
            "funzero",
            &funnel_input(vec![funnel_point("Zero", 0, 5)]),
        ),
        draw(
            "funnel, one team of one run",
            "funone",
            &funnel_input(teams(1, 1.0, 0.5)),
        ),
        draw(
            "funnel, 10,000 teams",
            "fun10k",
            &funnel_input(teams(10_000, 5_000.0, 0.11)),
        ),
        draw("funnel, nothing", "funnone", &Funnel::default()),
    ]
}

/// A curve of `count` times, every third of them censored.
pub(crate) fn survival_line(name: &str, count: usize, mean: f64, seed: u64) -> SurvivalLine {
    let mut sequence = Sequence::new(seed);
    let mut times: Vec<f64> = (0..count)
        .map(|_| sequence.exponential(mean).ceil())
        .collect();
    times.sort_by(f64::total_cmp);
    let (mut survival, mut ended, mut median) = (1.0, 0, None);
    let mut steps = Vec::new();
    for (index, at) in times.into_iter().enumerate() {
        let at_risk = (count - index) as f64;
        let is_censored = index % 3 == 1;
        if !is_censored {
            survival *= (at_risk - 1.0) / at_risk;
            ended += 1;
        }
        if survival <= 0.5 && median.is_none() {
            median = Some(at);
        }
        let half = 0.9 * (survival * (1.0 - survival) / count as f64).sqrt();
        let interval = (survival > 0.0 && survival < 1.0)
            .then(|| ((survival - half).max(0.0), (survival + half).min(1.0)));
        steps.push(SurvivalPoint {
            at,
            survival,
            interval,
            censored: usize::from(is_censored),
        });
    }
    SurvivalLine {
        name: name.to_owned(),
        count,
        ended,
        steps,
        median,
    }
}

pub(crate) fn survival_input(curves: Vec<SurvivalLine>) -> Survival {
    Survival {
        curves,
        caption: "Share still in the stage".to_owned(),
        time_caption: "Days since the item entered it".to_owned(),
        unit: Unit::Days,
    }
}

fn survival_drawings() -> Vec<(&'static str, String)> {
    let usual = || {
        vec![
            survival_line("In build", 60, 7.0, 81),
            survival_line("In review", 40, 3.0, 82),
            survival_line("Approval", 12, 14.0, 83),
        ]
    };
    let hostile: Vec<SurvivalLine> = (1..9)
        .map(|index| survival_line(&name(index), 20 * index, 9.0, index as u64))
        .collect();
    let mut odd = usual();
    odd[0].steps[3].survival = f64::NAN;
    odd[0].steps[4].at = f64::INFINITY;
    odd[0].steps[5].interval = Some((f64::NAN, 0.4));
    odd[1].steps.clear();
    odd[2].median = Some(f64::NAN);
    let mut long = usual();
    long[0].steps.push(SurvivalPoint {
        at: 4_000.0,
        survival: 0.0,
        ..SurvivalPoint::default()
    });
    let mut censored = survival_line("Open", 9, 5.0, 84);
    censored.median = None;
    for step in &mut censored.steps {
        (step.survival, step.interval, step.censored) = (1.0, None, 1);
    }
    let equal = SurvivalLine {
        steps: vec![
            SurvivalPoint {
                at: 0.0,
                survival: 0.0,
                ..SurvivalPoint::default()
            };
            30
        ],
        count: 30,
        ended: 30,
        median: Some(0.0),
        name: "Same".to_owned(),
    };
    let many = (0..4)
        .map(|index| survival_line("Many", 10_000, 900.0, 85 + index))
        .collect();
    let few = vec![
        survival_line("Few", 3, 5.0, 86),
        survival_line("One", 1, 5.0, 87),
    ];
    let draw = |name, id: &str, curves: Vec<SurvivalLine>| {
        let title = "Half of the items leave review within 3 days";
        (name, survival(&frame(id, title), &survival_input(curves)))
    };
    vec![
        draw("survival", "sur", usual()),
        draw("survival, 8 hostile curves", "surhost", hostile),
        draw("survival, odd values", "surodd", odd),
        draw("survival, eleven years", "surlong", long),
        draw("survival, all censored", "surcens", vec![censored]),
        draw("survival, all equal", "surequal", vec![equal]),
        draw("survival, fewer than five", "surfew", few),
        draw("survival, 4 curves of 10,000", "sur10k", many),
        draw("survival, nothing", "surnone", Vec::new()),
    ]
}

pub(crate) fn stage_time_input() -> StackedShares {
    let part = |name: &str, tone| SharePart {
        name: name.to_owned(),
        tone,
    };
    let row = |name: &str, active: f64, waiting: f64| ShareRow {
        name: name.to_owned(),
        values: vec![Some(active), Some(waiting)],
        words: "12 items".to_owned(),
        is_pale: false,
        href: Some("../items.html".to_owned()),
    };
    StackedShares {
        parts: vec![
            part("active", PartTone::Active),
            part("waiting", PartTone::Waiting),
        ],
        rows: vec![
            row("In build", 4.2, 1.1),
            row("In review", 0.8, 3.6),
            row("Staging", 1.5, 0.1),
            row("Approval", 0.0, 5.0),
        ],
        scale: ShareScale::Shared(Unit::Days),
        caption: "Days per item in each stage".to_owned(),
    }
}

fn share_drawings() -> Vec<(&'static str, String)> {
    let themes = |count: usize| -> Vec<SharePart> {
        let part = |index| SharePart {
            name: name(index),
            tone: PartTone::Shade,
        };
        (0..count).map(part).collect()
    };
    let of_row = |parts: usize, rows: usize, seed: u64| {
        let mut sequence = Sequence::new(seed);
        let mut row = |index: usize| ShareRow {
            name: name(index),
            values: (0..parts)
                .map(|_| Some(sequence.exponential(20.0)))
                .collect(),
            words: name(index + 2),
            is_pale: index % 3 == 2,
            href: None,
        };
        StackedShares {
            rows: (0..rows).map(&mut row).collect(),
            parts: themes(parts),
            scale: ShareScale::OfRow,
            caption: "Share of hours by theme".to_owned(),
        }
    };
    let mut odd = stage_time_input();
    odd.rows[0].values = Vec::new();
    odd.rows[1].values = vec![Some(-2.0), Some(f64::INFINITY), Some(1.0)];
    odd.rows[2].values = vec![Some(5.0)];
    odd.rows[3].values[1] = Some(400.0);
    let mut zero = of_row(3, 2, 92);
    zero.rows[0].values = vec![Some(0.0); 3];
    let draw = |name, id: &str, input: &StackedShares| {
        let title = "Items wait longest for approval";
        (name, stacked_shares(&frame(id, title), input))
    };
    vec![
        draw("stacked shares, time in stage", "shs", &stage_time_input()),
        draw(
            "stacked shares, two of five themes",
            "sh5",
            &of_row(5, 2, 91),
        ),
        draw(
            "stacked shares, 40 rows of 12 hostile parts",
            "sh40",
            &of_row(12, 40, 93),
        ),
        draw(
            "stacked shares, 10,000 rows",
            "sh10k",
            &of_row(4, 10_000, 94),
        ),
        draw("stacked shares, odd values", "shodd", &odd),
        draw("stacked shares, a row of zeros", "shzero", &zero),
        draw(
            "stacked shares, one row of one part",
            "shone",
            &of_row(1, 1, 95),
        ),
        draw("stacked shares, nothing", "shnone", &of_row(3, 0, 96)),
    ]
}

pub(crate) fn all_share_drawings() -> Vec<(&'static str, String)> {
    let mut all = funnel_drawings();
    all.extend(survival_drawings());
    all.extend(share_drawings());
    all
}

//! Scatter and ageing.

use chrono::Days;

use super::*;

fn percentiles(days: &[f64]) -> Option<Percentiles> {
    let mut sorted: Vec<f64> = days.iter().copied().filter(|day| day.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let at = |share: f64| {
        sorted
            .get(((sorted.len() as f64 * share) as usize).min(sorted.len().saturating_sub(1)))
            .copied()
    };
    Some(Percentiles {
        p50: at(0.5)?.round(),
        p85: at(0.85)?.round(),
        p95: at(0.95)?.round(),
    })
}

pub(crate) fn scatter(count: usize, seed: u64) -> CycleTimeScatter {
    let mut sequence = Sequence::new(seed);
    let points: Vec<ScatterPoint> = (0..count)
        .map(|index| {
            let offset = (sequence.next() * 182.0) as u64;
            let days = (1.0 + sequence.exponential(9.0)).round();
            let finished = day(2026, 1, 1) + Days::new(offset);
            ScatterPoint {
                finished_at: finished
                    .and_hms_opt((sequence.next() * 23.0) as u32, 30, 0)
                    .expect("a time of day"),
                days,
                tip: format!("REL-{}: {days} days, finished {finished}", 1000 + index),
                href: Some(format!(
                    "https://tracker.example.com/browse/REL-{}",
                    1000 + index
                )),
            }
        })
        .collect();
    let days: Vec<f64> = points.iter().map(|point| point.days).collect();
    CycleTimeScatter {
        percentiles: percentiles(&days),
        points,
        caption: "Days from commitment to production".to_owned(),
        period: Some((day(2026, 1, 1), day(2026, 7, 5))),
    }
}

pub(crate) fn scatter_drawings() -> Vec<(&'static str, String)> {
    let mut odd = scatter(30, 5);
    odd.points[3].days = f64::NAN;
    odd.points[4].days = f64::INFINITY;
    odd.points[5].days = -4.0;
    odd.points[6].href = Some("javascript:alert(1)".to_owned());
    odd.points[7].tip = HOSTILE_NAMES[2].repeat(9);
    let mut same = scatter(40, 6);
    for point in &mut same.points {
        point.days = 5.0;
        point.finished_at = day(2026, 3, 3).and_hms_opt(0, 0, 0).expect("midnight");
    }
    same.percentiles = Some(Percentiles {
        p50: 5.0,
        p85: 5.0,
        p95: 5.0,
    });
    same.period = None;
    let mut one = scatter(1, 7);
    one.percentiles = None;
    let zero = CycleTimeScatter {
        points: vec![ScatterPoint {
            days: 0.0,
            ..one.points[0].clone()
        }],
        ..one.clone()
    };
    let mut wide = scatter(2000, 8);
    wide.points[0].finished_at = day(1990, 1, 1).and_hms_opt(0, 0, 0).expect("midnight");
    let draw = |name, id: &str, input: &CycleTimeScatter| {
        (
            name,
            cycle_time_scatter(
                &frame(id, "85% of items reached production within 19 days"),
                input,
            ),
        )
    };
    vec![
        draw("scatter, 400 linked dots", "sc400", &scatter(400, 1)),
        draw("scatter, 1,200 dots", "sc1200", &scatter(1200, 2)),
        draw(
            "scatter, 10,000 items as density",
            "sc10k",
            &scatter(10_000, 3),
        ),
        draw("scatter, odd values", "scodd", &odd),
        draw("scatter, all equal", "scsame", &same),
        draw("scatter, one item", "scone", &one),
        draw("scatter, one item of zero days", "sczero", &zero),
        draw("scatter, thirty-six years", "scwide", &wide),
        draw("scatter, nothing", "scnone", &CycleTimeScatter::default()),
    ]
}

pub(crate) fn ageing_input(count: usize, stages: &[&str], seed: u64) -> Ageing {
    let mut sequence = Sequence::new(seed);
    let mut input = Ageing {
        caption: "Age in days since commitment".to_owned(),
        stages: Vec::new(),
    };
    for (index, name) in stages.iter().enumerate() {
        let pace = 4.0 + index as f64 * 5.0;
        let bands = PaceBands {
            p50: pace,
            p85: pace * 2.2,
            p95: pace * 3.0,
        };
        let items = (0..count / stages.len())
            .map(|item| {
                let days = (sequence.exponential(pace * 1.1)).floor();
                let id = format!("REL-{}{item:02}", 20 + index);
                AgeingItem {
                    tip: format!("{id}: {days} days old in {name}"),
                    href: Some(format!("https://tracker.example.com/browse/{id}")),
                    is_past_p85: days > bands.p85,
                    id,
                    days,
                }
            })
            .collect();
        input.stages.push(AgeingStage {
            name: (*name).to_owned(),
            bands: Some(bands),
            items,
        });
    }
    input
}

pub(crate) fn ageing_drawings() -> Vec<(&'static str, String)> {
    let stages = ["Committed", "In build", "In review", "Staging", "Approval"];
    let usual = ageing_input(60, &stages, 21);
    let hostile = ageing_input(90, &HOSTILE_NAMES, 22);
    let mut odd = ageing_input(30, &stages, 23);
    odd.stages[0].bands = None;
    odd.stages[1].items.clear();
    odd.stages[2].items[0].days = 4000.0;
    odd.stages[2].items[1].days = f64::NAN;
    odd.stages[3].items[0].id = HOSTILE_NAMES[5].to_owned();
    odd.stages[3].items[0].is_past_p85 = true;
    odd.stages[4].bands = Some(PaceBands {
        p50: 3.0,
        p85: 3.0,
        p95: 3.0,
    });
    let mut same = ageing_input(120, &stages[..2], 24);
    for item in &mut same.stages[0].items {
        item.days = 6.0;
    }
    let names: Vec<String> = (0..40)
        .map(|index| format!("Stage number {index}"))
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let draw = |name, id: &str, input: &Ageing| {
        (
            name,
            ageing(
                &frame(
                    id,
                    "12 items are older than 85% of past work at the same stage",
                )
                .sized(760, 370),
                input,
            ),
        )
    };
    vec![
        draw("ageing", "age", &usual),
        draw("ageing, hostile stages", "agehost", &hostile),
        draw("ageing, odd values", "ageodd", &odd),
        draw("ageing, all equal", "agesame", &same),
        draw(
            "ageing, 10,000 items",
            "age10k",
            &ageing_input(10_000, &stages, 25),
        ),
        draw("ageing, 40 stages", "age40", &ageing_input(80, &names, 26)),
        draw("ageing, nothing", "agenone", &Ageing::default()),
    ]
}

//! Control charts, outcome strips and cumulative flow.

use super::*;

fn point(index: u64, value: Option<f64>, before: Option<f64>, is_signal: bool) -> ControlPoint {
    ControlPoint {
        date: week(index),
        value,
        moving_range: value.zip(before).map(|(now, then)| (now - then).abs()),
        is_signal,
        note: None,
        href: Some(format!("../weekly/{}.html", week(index).format("%G-W%V"))),
    }
}

pub(crate) fn control(
    values: &[Option<f64>],
    limits: Option<ControlLimits>,
    unit: Unit,
) -> ControlChart {
    let is_outside = |value: f64| {
        limits.is_some_and(|l| value > l.upper || value < l.lower.unwrap_or(f64::NEG_INFINITY))
    };
    let points = values.iter().enumerate().map(|(index, value)| {
        let before = index.checked_sub(1).and_then(|before| values[before]);
        point(index as u64, *value, before, value.is_some_and(is_outside))
    });
    ControlChart {
        points: points.collect(),
        limits,
        caption: "Items released per week".to_owned(),
        unit,
    }
}

pub(crate) fn control_drawings() -> Vec<(&'static str, String)> {
    let mut sequence = Sequence::new(11);
    let values: Vec<Option<f64>> = (0..26)
        .map(|index| Some((10.0 + sequence.next() * 6.0 + f64::from(index / 16) * 4.0).round()))
        .map(|value: Option<f64>| value)
        .collect();
    let limits = ControlLimits {
        mean: 12.2,
        lower: Some(6.4),
        upper: 18.0,
        range_upper: 7.1,
    };
    let mut usual = control(&values, Some(limits), Unit::Count);
    usual.points[9].value = Some(23.0);
    usual.points[9].is_signal = true;
    usual.points[9].note = Some("Above the limit: catch-up after freeze".to_owned());
    let mut gaps: Vec<Option<f64>> = values.clone();
    for index in [4, 5, 12, 20] {
        gaps[index] = None;
    }
    gaps[14] = Some(f64::NAN);
    let ratios: Vec<Option<f64>> = values.iter().map(|v| v.map(|v| v / 24.0)).collect();
    let narrow = ControlLimits {
        mean: 0.51,
        lower: Some(0.49),
        upper: 0.53,
        range_upper: 0.03,
    };
    let flat = ControlLimits {
        mean: 7.0,
        lower: Some(7.0),
        upper: 7.0,
        range_upper: 0.0,
    };
    let huge: Vec<Option<f64>> = (0..9).map(|i| Some(1e300 * f64::from(i))).collect();
    let many: Vec<Option<f64>> = (0..2000).map(|i| Some(f64::from(i % 17))).collect();
    let draw = |name, id: &str, input: &ControlChart| {
        (
            name,
            control_chart(
                &frame(id, "Throughput shifted up in late April").sized(760, 380),
                input,
            ),
        )
    };
    let wide = control(&many, Some(limits), Unit::Count);
    let infinite = ControlLimits {
        upper: f64::INFINITY,
        ..limits
    };
    vec![
        draw("control chart", "xmr", &usual),
        draw(
            "control chart, gaps and no limits",
            "xmrgap",
            &control(&gaps, None, Unit::Days),
        ),
        draw(
            "control chart, percent, narrow limits",
            "xmrpct",
            &control(&ratios, Some(narrow), Unit::Percent),
        ),
        draw(
            "control chart, all equal",
            "xmrflat",
            &control(&[Some(7.0); 12], Some(flat), Unit::Hours),
        ),
        draw(
            "control chart, zeros",
            "xmrzero",
            &control(&[Some(0.0); 12], None, Unit::Percent),
        ),
        draw(
            "control chart, one point",
            "xmrone",
            &control(&[Some(3.0)], None, Unit::Count),
        ),
        draw(
            "control chart, huge",
            "xmrhuge",
            &control(&huge, Some(infinite), Unit::Count),
        ),
        draw(
            "control chart, negative",
            "xmrneg",
            &control(&[Some(-3.0), Some(4.0), Some(-8.5)], None, Unit::Count),
        ),
        draw("control chart, 2,000 weeks", "xmrmany", &wide),
        draw(
            "control chart, only NaN",
            "xmrnan",
            &control(&[Some(f64::NAN), None], None, Unit::Count),
        ),
    ]
}

pub(crate) fn outcome_input(weeks: u64, most: f64, share: f64, seed: u64) -> Outcomes {
    let mut sequence = Sequence::new(seed);
    let weeks: Vec<OutcomeWeek> = (0..weeks)
        .filter(|index| index % 11 != 7)
        .map(|index| {
            let count = (sequence.next() * most) as usize;
            let failures = (0..count)
                .filter(|_| sequence.next() < share)
                .map(|n| Failure {
                    tip: format!("Deployment {n} was rolled back"),
                    href: Some(format!("../deployments.html#d{n}")),
                });
            let failures: Vec<Failure> = failures.collect();
            OutcomeWeek {
                week_start: week(index),
                succeeded_count: (count - failures.len()) as u32,
                failures,
                href: None,
            }
        })
        .collect();
    Outcomes {
        weeks,
        rate: Some(RateInterval {
            ratio: 0.92,
            lower: 0.88,
            upper: 0.95,
            numerator: 141,
            denominator: 153,
        }),
        caption: "Production deployments per week, by what became of them within 72 hours"
            .to_owned(),
    }
}

pub(crate) fn outcome_drawings() -> Vec<(&'static str, String)> {
    let mut bare = outcome_input(6, 9.0, 0.9, 33);
    bare.rate = Some(RateInterval {
        ratio: f64::NAN,
        lower: 0.0,
        upper: 1.0,
        numerator: 0,
        denominator: 0,
    });
    let draw = |name, id: &str, input: &Outcomes| {
        (
            name,
            outcomes(
                &frame(id, "141 of 153 deployments succeeded").sized(760, 230),
                input,
            ),
        )
    };
    vec![
        draw("outcomes, dots", "out", &outcome_input(26, 11.0, 0.12, 31)),
        draw(
            "outcomes, bars",
            "outbars",
            &outcome_input(26, 120.0, 0.12, 32),
        ),
        draw("outcomes, most failed, no rate", "outbad", &bare),
        draw(
            "outcomes, 300 weeks",
            "outwide",
            &outcome_input(300, 30.0, 0.2, 34),
        ),
        draw(
            "outcomes, one week",
            "outone",
            &outcome_input(1, 9.0, 0.0, 35),
        ),
        draw("outcomes, nothing", "outnone", &Outcomes::default()),
    ]
}

pub(crate) fn flow_input(names: &[&str], weeks: u64, seed: u64) -> CumulativeFlow {
    let mut sequence = Sequence::new(seed);
    let mut totals: Vec<f64> = (0..names.len())
        .rev()
        .map(|held| held as f64 * 4.0)
        .collect();
    let mut layers: Vec<FlowLayer> = names
        .iter()
        .map(|name| FlowLayer {
            name: (*name).to_owned(),
            counts: Vec::new(),
        })
        .collect();
    for _ in 0..weeks {
        let mut ceiling = f64::INFINITY;
        for (total, layer) in totals.iter_mut().zip(&mut layers) {
            *total = (*total + (4.0 + sequence.next() * 11.0).floor()).min(ceiling);
            ceiling = *total;
            layer.counts.push(Some(*total));
        }
    }
    CumulativeFlow {
        dates: (0..weeks).map(week).collect(),
        layers,
        highlight: Some(3.min(names.len().saturating_sub(1))),
        caption: "Items, cumulative".to_owned(),
    }
}

pub(crate) fn flow_drawings() -> Vec<(&'static str, String)> {
    let stages = [
        "Committed",
        "In build",
        "In review",
        "Staging",
        "Approval",
        "Released",
    ];
    let mut gaps = flow_input(&stages, 26, 62);
    for index in 8..12 {
        gaps.layers[2].counts[index] = None;
    }
    gaps.layers[1].counts[20] = Some(f64::NAN);
    gaps.layers[4].counts.truncate(9);
    let names: Vec<String> = (0..40).map(name).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut zero = flow_input(&stages, 5, 63);
    for layer in &mut zero.layers {
        layer.counts = vec![Some(0.0); 5];
    }
    let draw = |name, id: &str, input: &CumulativeFlow| {
        (
            name,
            cumulative_flow(&frame(id, "Work piled up in staging"), input),
        )
    };
    vec![
        draw("cumulative flow", "cfd", &flow_input(&stages, 26, 61)),
        draw("cumulative flow, gaps", "cfdgap", &gaps),
        draw(
            "cumulative flow, 40 hostile stages",
            "cfdhost",
            &flow_input(&names, 26, 64),
        ),
        draw(
            "cumulative flow, one week",
            "cfdone",
            &flow_input(&stages, 1, 65),
        ),
        draw("cumulative flow, zeros", "cfdzero", &zero),
        draw(
            "cumulative flow, nothing",
            "cfdnone",
            &CumulativeFlow::default(),
        ),
    ]
}

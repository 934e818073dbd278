//! Calibrations and small multiples.

use super::*;

pub(crate) fn calibration_input(rows: Vec<CalibrationRow>) -> Calibration {
    Calibration {
        rows,
        caption: "MdMRE: ring as given, filled corrected".to_owned(),
        unit: Unit::Percent,
    }
}

pub(crate) fn calibration_row(name: &str, before: f64, after: Option<f64>) -> CalibrationRow {
    CalibrationRow {
        name: name.to_owned(),
        before,
        after,
        note: Some("n = 34".to_owned()),
        href: None,
    }
}

pub(crate) fn calibration_drawings() -> Vec<(&'static str, String)> {
    let usual = vec![
        calibration_row("under 1 day", 0.48, Some(0.31)),
        calibration_row("1 to 3 days", 0.40, Some(0.33)),
        calibration_row("3 to 8 days", 0.52, Some(0.55)),
        calibration_row("over 8 days", 0.61, None),
    ];
    let mut sequence = Sequence::new(97);
    let mut hostile: Vec<CalibrationRow> = (0..40)
        .map(|index| calibration_row(&name(index), sequence.next(), Some(sequence.next())))
        .collect();
    hostile[3].before = f64::NAN;
    hostile[4].after = Some(f64::INFINITY);
    hostile[5].before = 90.0;
    hostile[6].note = Some(HOSTILE_NAMES[5].to_owned());
    let many = vec![calibration_row("Same", 0.4, Some(0.4)); 10_000];
    let draw = |name, id: &str, rows| {
        let title = "A correction lowers the error of two bands of four";
        (
            name,
            calibration(&frame(id, title), &calibration_input(rows)),
        )
    };
    vec![
        draw("calibration", "cal", usual),
        draw("calibration, 40 hostile bands", "cal40", hostile),
        draw("calibration, 10,000 equal bands", "cal10k", many),
        draw(
            "calibration, zeros",
            "calzero",
            vec![calibration_row("Zero", 0.0, Some(0.0))],
        ),
        draw("calibration, nothing", "calnone", Vec::new()),
    ]
}

pub(crate) fn multiple_input(values: &[Option<f64>], unit: Unit) -> Multiple {
    let quarter = |(index, value): (usize, &Option<f64>)| MultipleQuarter {
        name: format!("Q{} {}", index % 4 + 1, 23 + index / 4),
        value: *value,
        href: Some(format!("../quarters/2026-Q{index}.html")),
        ..MultipleQuarter::default()
    };
    Multiple {
        quarters: values.iter().enumerate().map(quarter).collect(),
        usual_range: None,
        target: None,
        latest: String::new(),
        caption: "85th percentile, days".to_owned(),
        unit,
    }
}

pub(crate) fn multiple_drawings() -> Vec<(&'static str, String)> {
    let days = [29.0, 27.0, 31.0, 28.0, 26.0, 29.0, 27.0, 25.0, 20.0, 19.0].map(Some);
    let mut usual = multiple_input(&days, Unit::Days);
    (usual.usual_range, usual.target) = (Some((22.0, 33.0)), Some(21.0));
    usual.latest = "19 days".to_owned();
    for quarter in &mut usual.quarters[8..] {
        quarter.is_signal = true;
    }
    let shares = [
        0.9, 0.92, 0.89, 0.91, 0.93, 0.9, 0.92, 0.9, 0.92, 0.91, 0.94, 0.9,
    ]
    .map(Some);
    let mut share = multiple_input(&shares, Unit::Percent);
    (share.usual_range, share.target) = (Some((0.86, 1.04)), Some(0.95));
    let mut gaps = multiple_input(&days, Unit::Count);
    for index in [0, 3, 4, 7] {
        gaps.quarters[index].value = None;
    }
    gaps.quarters[5].value = Some(f64::NAN);
    gaps.quarters[8].is_few = true;
    gaps.quarters[9].is_partial = true;
    let mut hostile = multiple_input(&days, Unit::Times);
    for (index, quarter) in hostile.quarters.iter_mut().enumerate() {
        quarter.name = name(index);
    }
    hostile.latest = HOSTILE_NAMES[5].to_owned();
    hostile.caption = HOSTILE_NAMES[1].repeat(3);
    hostile.usual_range = Some((f64::NAN, 3.0));
    hostile.target = Some(-40.0);
    let many: Vec<Option<f64>> = (0..10_000)
        .map(|index| Some(f64::from(index % 37)))
        .collect();
    let huge: Vec<Option<f64>> = (0..9).map(|index| Some(1e300 * f64::from(index))).collect();
    let draw = |name, id: &str, input: &Multiple| {
        let frame = frame(id, "Cycle time is below its old range for two quarters");
        (
            name,
            multiple(&frame.sized(MULTIPLE_WIDTH, MULTIPLE_HEIGHT), input),
        )
    };
    vec![
        draw("multiple", "mul", &usual),
        draw("multiple, percent", "mulpct", &share),
        draw("multiple, gaps and a partial quarter", "mulgap", &gaps),
        draw("multiple, hostile", "mulhost", &hostile),
        draw(
            "multiple, one quarter",
            "mulone",
            &multiple_input(&days[..1], Unit::Hours),
        ),
        draw(
            "multiple, all equal",
            "mulsame",
            &multiple_input(&[Some(7.0); 12], Unit::Times),
        ),
        draw(
            "multiple, zeros",
            "mulzero",
            &multiple_input(&[Some(0.0); 12], Unit::Percent),
        ),
        draw(
            "multiple, huge",
            "mulhuge",
            &multiple_input(&huge, Unit::Count),
        ),
        draw(
            "multiple, 10,000 quarters",
            "mul10k",
            &multiple_input(&many, Unit::Count),
        ),
        draw(
            "multiple, nothing",
            "mulnone",
            &multiple_input(&[None; 12], Unit::Count),
        ),
    ]
}

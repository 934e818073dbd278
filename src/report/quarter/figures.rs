//! Small multiples: the measures that fit the page, over the same quarters.

use chrono::NaiveDate;

use super::measures::QuarterMeasure;
use crate::chart::{
    Frame, MULTIPLE_HEIGHT, MULTIPLE_WIDTH, Multiple, MultipleQuarter, Unit, multiple,
};
use crate::report::format;
use crate::report::measures::{self, Definition};
use crate::report::page::{Cell, DataTable, Figure};

/// How many measures are drawn: what fits one sheet; the table has all.
const MOST_DRAWN: usize = 9;

/// How many fill two rows of the sheet.
pub(super) const TWO_ROWS: usize = 6;
/// How many are drawn even where nothing is known of them.
const LEAST_DRAWN: usize = 6;

/// Builds the small multiples: signals first, the worse before the better, then what
/// misses its target, what has one, what could be judged, in the order of the table.
/// What fewer than five rows stand behind comes last, and is left out from six on.
pub(super) fn build_figures(measures: &[QuarterMeasure]) -> Vec<Figure> {
    let mut drawn: Vec<&QuarterMeasure> = measures.iter().collect();
    drawn.sort_by_key(|measure| rank(measure));
    let known = drawn.iter().filter(|measure| !measure.is_grey).count();
    drawn.truncate(known.clamp(LEAST_DRAWN, MOST_DRAWN));
    let from = first_known(&drawn);
    drawn
        .into_iter()
        .map(|measure| figure(measure, from))
        .collect()
}

/// The anchor of a measure's figure.
fn anchor(measure: &str) -> String {
    format!("fig-{}", measure.replace('_', "-"))
}

/// Returns the mart behind a figure, by its anchor.
pub(super) fn marts_behind(figure: &str) -> &'static [&'static str] {
    let mut definitions = measures::DEFINITIONS.iter();
    let drawn = definitions.find(|definition| anchor(definition.measure) == figure);
    drawn.map_or(&[], |definition| std::slice::from_ref(&definition.mart))
}

/// The lower, the sooner.
fn rank(measure: &QuarterMeasure) -> u8 {
    match (measure.variation.class, measure.is_signal) {
        _ if measure.is_grey => 6,
        ("bad", true) => 0,
        (_, true) => 1,
        _ if measure.is_failing => 2,
        _ if measure.target.is_some() => 3,
        _ if measure.is_judged => 4,
        _ => 5,
    }
}

/// The first quarter of which one of the drawn has a value: all begin there, so that
/// they share their axis and none begins with years of which nothing is known.
fn first_known(drawn: &[&QuarterMeasure]) -> Option<NaiveDate> {
    let known = drawn.iter().flat_map(|measure| &measure.series);
    let known = known.filter(|point| point.value.is_some());
    known.map(|point| point.quarter.start_on).min()
}

fn figure(measure: &QuarterMeasure, from: Option<NaiveDate>) -> Figure {
    let id = anchor(measure.measure);
    let title = headline(measure);
    let count = measure.series.iter().filter(|p| p.value.is_some()).count();
    let subtitle = format!(
        "{}, {} known{}",
        caption(measure.definition),
        format::count(count, "quarter", "quarters"),
        match measure.target {
            Some(_) => format!("; target {}", measure.target_text),
            None => String::new(),
        }
    );
    let frame = Frame::new(&id, &title, &subtitle)
        .sized(MULTIPLE_WIDTH, MULTIPLE_HEIGHT)
        .empty("No quarter has a figure.");
    let drawing = Multiple {
        quarters: quarters(measure, from),
        usual_range: None,
        target: measure.target,
        latest: measure.now.clone(),
        caption: caption(measure.definition),
        unit: chart_unit(measure.definition),
    };
    Figure {
        svg: multiple(&frame, &drawing),
        table: numbers(measure),
        how_to_read: "One point a quarter; a quarter of which nothing is known is a gap. The charts share their axis, which begins with the first quarter of which one of them knows something. A diamond marks a signal: the 95% interval of the quarter has no point in common with that of the quarter before or of the one a year ago. The dashed line is the target.".into(),
        id,
        title,
        subtitle,
    }
}

/// The finding, by rule.
fn headline(measure: &QuarterMeasure) -> String {
    let label = &measure.label;
    match (measure.variation.class, measure.is_signal) {
        ("good", true) => format!("{label}: better {}", measure.variation_note),
        ("bad", true) => format!("{label}: worse {}", measure.variation_note),
        _ if measure.is_judged => format!("{label}: no change beyond chance"),
        _ => format!("{label}: {}", measure.variation.text),
    }
}

fn caption(definition: &Definition) -> String {
    match definition.unit {
        measures::Unit::Days => "Days".to_owned(),
        measures::Unit::Hours => "Hours".to_owned(),
        measures::Unit::Count if definition.measure == "deployment_days" => {
            "Days a week".to_owned()
        }
        measures::Unit::Count => "Number a quarter".to_owned(),
        measures::Unit::Share => format!("Share of {}", definition.counted),
        measures::Unit::Ratio => "Of the actual effort".to_owned(),
    }
}

fn chart_unit(definition: &Definition) -> Unit {
    match definition.unit {
        measures::Unit::Days => Unit::Days,
        measures::Unit::Hours => Unit::Hours,
        measures::Unit::Count => Unit::Count,
        measures::Unit::Share | measures::Unit::Ratio => Unit::Percent,
    }
}

fn quarters(measure: &QuarterMeasure, from: Option<NaiveDate>) -> Vec<MultipleQuarter> {
    let last = measure.series.len().saturating_sub(1);
    let drawn = |(place, point): (usize, &super::series::QuarterPoint)| MultipleQuarter {
        name: point.quarter.short(),
        value: point.value,
        is_signal: measure.is_signal && place == last,
        is_partial: false,
        is_few: measure.definition.is_thin(&point.figure()),
        href: None,
    };
    let shown = measure.series.iter().enumerate();
    let shown = shown.filter(|(_, point)| from.is_none_or(|from| point.quarter.start_on >= from));
    shown.map(drawn).collect()
}

fn numbers(measure: &QuarterMeasure) -> DataTable {
    let rows = measure.series.iter().rev().map(|point| {
        vec![
            Cell::text(&point.quarter.label),
            Cell {
                text: measure.definition.write_point(&point.figure()),
                ..Cell::number(point.value, format::number)
            },
            point
                .numerator
                .map_or_else(|| Cell::maybe(None), Cell::integer),
            Cell::integer(point.denominator),
        ]
    });
    DataTable::new(
        format!("{} by quarter, the latest first", measure.label),
        &["Quarter", "#Figure", "#Counted", "#n"],
        rows.collect(),
        usize::MAX,
    )
}

#[cfg(test)]
mod tests {
    use super::super::series::QuarterPoint;
    use super::super::specimen;
    use super::*;
    use crate::report::page::Tag;
    use crate::report::quarter::Quarter;

    fn measure(name: &'static str, class: &'static str) -> QuarterMeasure {
        QuarterMeasure {
            measure: name,
            variation: Tag::new(class, "x"),
            is_signal: class != "none",
            is_grey: false,
            is_failing: false,
            target: None,
            ..specimen::measure()
        }
    }

    fn drawn(measures: &[QuarterMeasure]) -> Vec<String> {
        let figures = build_figures(measures);
        figures.into_iter().map(|figure| figure.id).collect()
    }

    #[test]
    fn signals_are_drawn_first_and_what_few_rows_stand_behind_last() {
        let few = QuarterMeasure {
            is_grey: true,
            ..measure("few", "none")
        };
        let missed = QuarterMeasure {
            target: Some(1.0),
            is_failing: true,
            ..measure("missed", "none")
        };
        let measures = [
            few,
            measure("routine", "none"),
            missed,
            measure("better", "good"),
            measure("worse", "bad"),
        ];
        let expected = ["worse", "better", "missed", "routine", "few"];
        assert_eq!(drawn(&measures), expected.map(|name| format!("fig-{name}")));
    }

    #[test]
    fn no_more_are_drawn_than_fit_the_sheet() {
        let all: Vec<QuarterMeasure> = (0..11).map(|_| measure("a", "none")).collect();
        assert_eq!(drawn(&all).len(), MOST_DRAWN);
        let grey = |measure: QuarterMeasure| QuarterMeasure {
            is_grey: true,
            ..measure
        };
        let all: Vec<QuarterMeasure> = all.into_iter().map(grey).collect();
        assert_eq!(drawn(&all).len(), LEAST_DRAWN);
    }

    #[test]
    fn charts_begin_together_with_the_first_quarter_of_which_one_knows_something() {
        let quarter = Quarter::parse("2026-Q2").expect("it is one");
        let series = |known: u32| -> Vec<QuarterPoint> {
            let point = |before: u32| QuarterPoint {
                quarter: quarter.before(before),
                value: (before < known).then_some(1.0),
                numerator: None,
                denominator: 10,
                provisional: 0,
            };
            (0..12).rev().map(point).collect()
        };
        let with = |known| QuarterMeasure {
            series: series(known),
            ..measure("a", "none")
        };
        let (long, short) = (with(8), with(3));
        let from = first_known(&[&short, &long]);
        assert_eq!(from, Some(quarter.before(7).start_on));
        let shown = quarters(&short, from);
        assert_eq!((shown.len(), shown[0].name.as_str()), (8, "Q3 24"));
        assert_eq!(
            shown
                .iter()
                .filter(|quarter| quarter.value.is_none())
                .count(),
            5
        );
    }
}

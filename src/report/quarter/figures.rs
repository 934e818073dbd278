//! Small multiples: the measures that fit the page, over the same quarters.

use super::measures::QuarterMeasure;
use crate::chart::{
    Frame, MULTIPLE_HEIGHT, MULTIPLE_WIDTH, Multiple, MultipleQuarter, Unit, multiple,
};
use crate::report::format;
use crate::report::measures::{self, Definition};
use crate::report::page::{Cell, DataTable, Figure};

/// The measures drawn, in the order of the page; the table has all.
const DRAWN: [&str; 6] = [
    "cycle_time_p85",
    "items_delivered",
    "deployment_days",
    "success_rate",
    "scope_after_freeze",
    "estimation_error",
];

/// Builds the small multiples.
pub(super) fn build_figures(measures: &[QuarterMeasure]) -> Vec<Figure> {
    let named = |name: &&str| measures.iter().find(|measure| measure.measure == *name);
    DRAWN.iter().filter_map(named).map(figure).collect()
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

fn figure(measure: &QuarterMeasure) -> Figure {
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
        quarters: quarters(measure),
        usual_range: None,
        target: measure.target,
        latest: measure.now.clone(),
        caption: caption(measure.definition),
        unit: chart_unit(measure.definition),
    };
    Figure {
        svg: multiple(&frame, &drawing),
        table: numbers(measure),
        how_to_read: "One point a quarter; a quarter of which nothing is known is a gap. A diamond marks a signal: the 95% interval of the quarter has no point in common with that of the quarter before or of the one a year ago. The dashed line is the target.".into(),
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
        _ if measure.is_judged => format!("{label}: no more than chance"),
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

fn quarters(measure: &QuarterMeasure) -> Vec<MultipleQuarter> {
    let last = measure.series.len().saturating_sub(1);
    let drawn = |(place, point): (usize, &super::series::QuarterPoint)| MultipleQuarter {
        name: point.quarter.short(),
        value: point.value,
        is_signal: measure.is_signal && place == last,
        is_partial: false,
        is_few: measure.definition.is_thin(&point.figure()),
        href: None,
    };
    measure.series.iter().enumerate().map(drawn).collect()
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
        &["Quarter", "#Figure", "#Above the line", "#n"],
        rows.collect(),
        usize::MAX,
    )
}

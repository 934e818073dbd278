//! Delivered items a week, on a control chart.

use super::control::{is_signal, limits_of, points};
use super::{Context, MOST_ROWS};
use crate::chart::{ControlChart, Frame, Unit, control_chart};
use crate::error::Result;
use crate::report::format;
use crate::report::measures::{Measure, Point, rule_text};
use crate::report::page::{Cell, DataTable, Figure};
use crate::statistics::{Rule, Side, XmrChart};

/// The tables without which there is nothing to draw.
const FED_BY: &[&str] = &["items"];

pub(super) fn figure(context: &Context<'_>) -> Result<Figure> {
    let measure = context.measure("items_delivered");
    let series = measure.map_or(&[][..], |m| m.series.as_slice());
    let control = measure.and_then(|m| m.chart.as_ref());
    let title = measure.map_or_else(String::new, headline);
    let limits = match control {
        Some(chart) => format!(
            "limits: mean ± 2.66 × mean moving range of the {} weeks before the last",
            chart.baseline_count
        ),
        None => "too few weeks for limits".to_owned(),
    };
    let title = context.title("Deliveries", FED_BY, title);
    let subtitle = format!("Items delivered per week, {}; {limits}", context.period());
    let empty = context.marts.missing(FED_BY);
    let frame = Frame::new("fig-throughput", &title, &subtitle)
        .sized(760, 380)
        .empty(empty.as_deref().unwrap_or("No week with data."));
    let drawing = ControlChart {
        points: points(
            series.iter().map(|point| (point.week_start, point.value)),
            control,
        ),
        limits: control.map(limits_of),
        caption: "Items delivered per week (X)".into(),
        unit: Unit::Count,
    };
    let has_data = series.iter().any(|point| point.value.is_some());
    let drawing = if has_data {
        drawing
    } else {
        ControlChart {
            points: Vec::new(),
            ..drawing
        }
    };
    Ok(Figure {
        id: "fig-throughput".into(),
        svg: control_chart(&frame, &drawing),
        title,
        subtitle,
        how_to_read: "Within the limits a week differs from the next by chance alone. Diamonds are signals: a point beyond a limit, two of three beyond two sigma, four of five beyond one, or eight on one side of the mean. Below, the distance from week to week.".into(),
        table: DataTable::new(
            "Items delivered per week",
            &["Week", "#Items", "Signal"],
            rows(series, control),
            MOST_ROWS,
        ),
    })
}

/// Says what the last week shows; a shift is one that still lasts.
fn headline(measure: &Measure) -> String {
    let Some(chart) = &measure.chart else {
        return format!("Deliveries per week: {}", measure.reading.text);
    };
    let signals = chart
        .points
        .last()
        .map_or(&[][..], |point| point.signals.as_slice());
    let has = |rule, side| signals.iter().any(|s| s.rule == rule && s.side == side);
    let is_known = measure.series.last().is_some_and(|p| p.value.is_some());
    if !is_known {
        return format!("Deliveries of the last week: {}", measure.reading.text);
    }
    let mean = format::number(chart.centre);
    if has(Rule::EightOnOneSide, Side::Above) {
        format!("Deliveries have shifted above their mean of {mean} a week")
    } else if has(Rule::EightOnOneSide, Side::Below) {
        format!("Deliveries have shifted below their mean of {mean} a week")
    } else if let Some(signal) = signals.first() {
        format!(
            "{} items delivered: {} (usual range {}, mean {mean})",
            measure.this_week,
            rule_text(*signal, Some(chart)),
            measure.usual_range
        )
    } else {
        format!(
            "{} items delivered, within the usual range of {}",
            measure.this_week, measure.usual_range
        )
    }
}

fn rows(series: &[Point], control: Option<&XmrChart>) -> Vec<Vec<Cell>> {
    let row = |(place, point): (usize, &Point)| {
        vec![
            Cell::text(format::date(point.week_start)),
            Cell::number(point.value, format::number),
            Cell::text(if is_signal(control, place) {
                "signal"
            } else {
                format::MISSING
            }),
        ]
    };
    series.iter().enumerate().map(row).rev().collect()
}

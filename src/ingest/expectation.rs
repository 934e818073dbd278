//! What should have been in a cell, in the words of the source's own declaration.

use chrono::Weekday;

use super::plan::Field;
use crate::config::{ExportFormat, InstantFormat};
use crate::contract::{Column, ColumnType};

/// Returns what a cell of a column should have held instead of `found`.
pub(super) fn expectation(
    column: &Column,
    field: Option<&Field>,
    format: &ExportFormat,
    found: &str,
) -> String {
    let mapping = field.and_then(|field| field.mapping.as_ref());
    let formats = mapping.map_or(&[][..], |mapping| &mapping.formats);
    let usual = column.column_type.expectation();
    match column.column_type {
        ColumnType::Instant | ColumnType::Date if !formats.is_empty() => {
            dated(column.column_type, formats, found)
        }
        ColumnType::Float | ColumnType::Integer if format.decimal == b',' => {
            let thousands = format.thousands.map(String::from).unwrap_or_default();
            let fraction = match column.column_type {
                ColumnType::Float => ",5",
                _ => "",
            };
            format!("{usual} such as 1{thousands}234{fraction}")
        }
        _ => usual,
    }
}

fn dated(column_type: ColumnType, formats: &[InstantFormat], found: &str) -> String {
    let mut weekdays = formats
        .iter()
        .filter_map(|it| it.contradicted_weekday(found));
    if let Some(weekday) = weekdays.next() {
        return format!("the weekday of that date, {}", name(weekday));
    }
    let kind = match column_type {
        ColumnType::Date => "a date",
        _ => "an instant of 1970 to 2100",
    };
    let forms: Vec<String> = formats.iter().map(InstantFormat::describe).collect();
    format!("{kind} as {}", forms.join(", or "))
}

fn name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}

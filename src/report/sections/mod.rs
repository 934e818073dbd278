//! The parts of the weekly page that are words and tables without a drawing: one
//! file each, from mart rows to what is said and the lists behind it.

mod clocks;
mod corrected;
mod reasons;
pub(super) mod waits;

use serde::Serialize;

pub(super) use clocks::curve;

use super::definition;
use super::figures::Context;
use super::page::{DataTable, Link};
use crate::error::Result;

/// A part of the page under a heading of its own.
#[derive(Debug, Serialize)]
pub(super) struct Section {
    /// The anchor.
    pub(super) id: &'static str,
    /// The heading.
    pub(super) title: &'static str,
    /// What is to be seen, found by rule from the numbers.
    pub(super) text: String,
    /// The numbers, and the lists behind them.
    pub(super) tables: Vec<SectionTable>,
    /// The definitions behind them.
    pub(super) definitions: Vec<Link>,
}

impl Section {
    /// Adds the links to the definitions of the marts it is made from.
    fn defined_by(mut self, marts: &[&str]) -> Self {
        let links = marts.iter();
        self.definitions = links
            .map(|mart| definition::page::link_to(mart, 1))
            .collect();
        self
    }
}

/// A table with its anchor; a list is folded.
#[derive(Debug, Serialize)]
pub(super) struct SectionTable {
    /// The anchor.
    pub(super) id: String,
    /// What the fold says; none where the table stands open.
    pub(super) fold: Option<String>,
    /// The rows.
    pub(super) table: DataTable,
}

impl Section {
    /// Returns a section made up of placeholders.
    pub(super) fn specimen(is_full: bool) -> Self {
        let table = || super::specimen::table(is_full);
        Self {
            id: "specimen",
            title: "specimen",
            text: super::specimen::text(),
            tables: vec![
                SectionTable::open("specimen-table", table()),
                SectionTable {
                    id: "specimen-list".to_owned(),
                    fold: Some(super::specimen::text()),
                    table: table(),
                },
            ],
            definitions: Vec::new(),
        }
        .defined_by(&["specimen"])
    }
}

impl SectionTable {
    fn open(id: impl Into<String>, table: DataTable) -> Self {
        Self {
            id: id.into(),
            fold: None,
            table,
        }
    }

    fn folded(id: impl Into<String>, fold: String, table: DataTable) -> Self {
        Self {
            id: id.into(),
            fold: Some(fold),
            table,
        }
    }
}

/// How many rows of a list the page shows; the JSON has all.
const MOST_ROWS: usize = 50;

/// Returns the section of corrected estimates, for a page of its own choosing.
pub(super) fn corrected_estimates(context: &Context<'_>) -> Result<Section> {
    corrected::section(context)
}

/// Builds the sections in the order of the page.
pub(super) fn build_sections(context: &Context<'_>) -> Result<Vec<Section>> {
    Ok(vec![
        reasons::section(context)?.defined_by(&["aging_reasons", "aging"]),
        waits::section(context)?.defined_by(&["dependency_waits", "dependency_spans"]),
        clocks::section(context)?.defined_by(&["cycle_time"]),
        corrected::section(context)?.defined_by(&["corrected_estimates", "estimation_calibration"]),
    ])
}

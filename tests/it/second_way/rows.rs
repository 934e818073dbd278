//! Rows computed here, held against a mart: the same keys, and the same in every column.

use std::collections::BTreeMap;

use chrono::SecondsFormat;

use super::Instant;
use crate::support::Project;
use crate::support::table::cells_agree;

/// How far two sums of days may lie apart: under a millisecond.
const SLACK: f64 = 1e-8;

/// How many differences of a mart are told in full.
const MOST_TOLD: usize = 20;

/// The rows of one mart, by key.
pub(super) struct Rows {
    mart: &'static str,
    key: &'static [&'static str],
    rows: BTreeMap<String, Vec<(&'static str, String)>>,
}

impl Rows {
    /// Starts without rows.
    pub(super) fn new(mart: &'static str, key: &'static [&'static str]) -> Self {
        Self {
            mart,
            key,
            rows: BTreeMap::new(),
        }
    }

    /// Adds a row; `cells` are all columns but those of the key.
    pub(super) fn push(&mut self, key: &[&str], cells: Vec<(&'static str, String)>) {
        let earlier = self.rows.insert(key.join(" / "), cells);
        assert!(earlier.is_none(), "{}: {key:?} twice", self.mart);
    }

    /// Returns how many rows there are.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Returns how many rows have this in that column.
    pub(super) fn count_of(&self, column: &str, wanted: &str) -> usize {
        let has = |cells: &&Vec<(&str, String)>| {
            cells
                .iter()
                .any(|(name, text)| *name == column && text == wanted)
        };
        self.rows.values().filter(has).count()
    }

    /// Says where the mart has other rows, the first of them in full.
    pub(super) fn differences(&self, project: &Project) -> Vec<String> {
        let mut differences = self.all_differences(project);
        let count = differences.len();
        differences.truncate(MOST_TOLD);
        if count > 0 {
            let title = format!("{}: {count} differences (mart | second way)", self.mart);
            differences.insert(0, title);
        }
        differences
    }

    fn all_differences(&self, project: &Project) -> Vec<String> {
        let table = project.query(&format!("select * from {}", self.mart));
        let mut left = self.rows.clone();
        let mut differences = Vec::new();
        for row in table.records() {
            let key: Vec<&str> = self.key.iter().map(|column| row.text(column)).collect();
            let key = key.join(" / ");
            let Some(cells) = left.remove(&key) else {
                differences.push(format!("{key}: only in the mart"));
                continue;
            };
            for column in &table.columns {
                if self.key.contains(&column.as_str()) {
                    continue;
                }
                let cell = cells.iter().find(|(name, _)| name == column);
                let Some((_, second)) = cell else {
                    panic!("{}: no second way for `{column}`", self.mart);
                };
                let first = row.text(column);
                if !agree(first, second) {
                    differences.push(format!("{key}, {column}: {first} | {second}"));
                }
            }
        }
        differences.extend(left.keys().map(|key| format!("{key}: only here")));
        differences
    }
}

fn agree(left: &str, right: &str) -> bool {
    let near = || {
        let numbers = left.parse::<f64>().ok().zip(right.parse::<f64>().ok());
        numbers.is_some_and(|(left, right)| (left - right).abs() < SLACK)
    };
    cells_agree(left, right) || near()
}

/// A count as a cell.
pub(super) fn count(count: usize) -> String {
    count.to_string()
}

/// A number as a cell.
pub(super) fn number(number: Option<f64>) -> String {
    number.map_or_else(String::new, |number| number.to_string())
}

/// A text as a cell.
pub(super) fn word(text: Option<&str>) -> String {
    text.unwrap_or_default().to_owned()
}

/// An instant as a cell.
pub(super) fn instant(at: Option<Instant>) -> String {
    at.map_or_else(String::new, |at| {
        at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
    })
}

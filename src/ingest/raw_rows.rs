//! The whole of each row of a batch, for the few that will be set aside.
//!
//! Whether a row is good is known only when its cells were converted. Until then its
//! bytes are kept as they lie in the reader's buffer, one copy for all rows, and made
//! into text only for the rows that are set aside.

use std::borrow::Cow;
use std::sync::Arc;

use csv::ByteRecord;
use serde_json::{Map, Value};

/// The most characters of a record that a reject shows.
const MOST_CHARACTERS: usize = 10_000;

/// The rows of one batch as the export has them.
pub(super) trait RawRows: Send + Sync {
    /// Returns all that the export has in a row, as JSON.
    fn text(&self, row: usize) -> String;
}

/// The records of a CSV: all cells, one behind the other.
pub(super) struct RawCells {
    names: Arc<[String]>,
    bytes: Vec<u8>,
    /// Where each record starts.
    starts: Vec<usize>,
    /// Where each cell ends within its record; every record has as many cells as
    /// there are names.
    ends: Vec<u32>,
}

impl RawCells {
    pub(super) fn new(names: Arc<[String]>) -> Self {
        Self {
            names,
            bytes: Vec::new(),
            starts: Vec::new(),
            ends: Vec::new(),
        }
    }

    /// Keeps a record and returns its size; cells that it does not have are empty.
    pub(super) fn push(&mut self, record: &ByteRecord) -> usize {
        self.starts.push(self.bytes.len());
        let mut end = 0;
        for place in 0..self.names.len() {
            end = record.range(place).map_or(end, |range| range.end);
            self.ends.push(u32::try_from(end).unwrap_or(u32::MAX));
        }
        self.bytes.extend_from_slice(&record.as_slice()[..end]);
        end + self.names.len() * size_of::<u32>()
    }
}

impl RawRows for RawCells {
    fn text(&self, row: usize) -> String {
        let record = &self.bytes[self.starts[row]..];
        let mut start = 0;
        let mut cells = Vec::new();
        let ends = &self.ends[row * self.names.len()..];
        for (name, end) in self.names.iter().zip(ends) {
            let end = *end as usize;
            let text = String::from_utf8_lossy(record.get(start..end).unwrap_or_default());
            let cell = match text.as_ref() {
                "" => Value::Null,
                text => text.into(),
            };
            cells.push((name.as_str(), cell));
            start = end;
        }
        object(cells)
    }
}

/// Writes cells as an object; the cells of one name become an array.
fn object(cells: Vec<(&str, Value)>) -> String {
    let is_several = |name: &str| cells.iter().filter(|(other, _)| *other == name).count() > 1;
    let mut object = Map::new();
    for (name, cell) in &cells {
        if !is_several(name) {
            object.insert((*name).to_owned(), cell.clone());
            continue;
        }
        let empty = || Value::Array(Vec::new());
        if let Value::Array(array) = object.entry(*name).or_insert_with(empty) {
            array.push(cell.clone());
        }
    }
    Value::Object(object).to_string()
}

/// The records of JSON, each perhaps of several rows.
#[derive(Default)]
pub(super) struct RawRecords {
    text: String,
    /// Where each record ends.
    ends: Vec<usize>,
    /// The place of each row's record.
    record_of: Vec<usize>,
}

impl RawRecords {
    /// Keeps a record of so many rows and returns its size.
    pub(super) fn push(&mut self, record: &str, rows: usize) -> usize {
        let record = cut(record);
        self.record_of
            .resize(self.record_of.len() + rows, self.ends.len());
        self.text.push_str(&record);
        self.ends.push(self.text.len());
        record.len()
    }
}

impl RawRows for RawRecords {
    fn text(&self, row: usize) -> String {
        let record = self.record_of[row];
        let start = match record.checked_sub(1) {
            Some(before) => self.ends[before],
            None => 0,
        };
        self.text[start..self.ends[record]].to_owned()
    }
}

/// Shortens a record that nobody would read to its end.
pub(super) fn cut(text: &str) -> Cow<'_, str> {
    if text.len() <= MOST_CHARACTERS {
        return Cow::Borrowed(text);
    }
    match text.char_indices().nth(MOST_CHARACTERS) {
        None => Cow::Borrowed(text),
        Some((end, _)) => Cow::Owned(format!(
            "{} … (cut off here: {MOST_CHARACTERS} of {} characters)",
            &text[..end],
            text.chars().count()
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_an_object_of_its_cells() {
        let names: Vec<String> = ["id", "Sprint", "", "Sprint"].map(str::to_owned).into();
        let mut rows = RawCells::new(names.into());
        rows.push(&ByteRecord::from(vec!["1", "a", "x", "b"]));
        rows.push(&ByteRecord::from(vec!["2", "\"ü\"", "", "", "", ""]));
        rows.push(&ByteRecord::from(vec!["3"]));
        rows.push(&ByteRecord::from(vec!["4", "é", "y", "z"]));
        assert_eq!(rows.text(0), r#"{"id":"1","Sprint":["a","b"],"":"x"}"#);
        assert_eq!(
            rows.text(1),
            r#"{"id":"2","Sprint":["\"ü\"",null],"":null}"#
        );
        assert_eq!(rows.text(2), r#"{"id":"3","Sprint":[null,null],"":null}"#);
        assert_eq!(rows.text(3), r#"{"id":"4","Sprint":["é","z"],"":"y"}"#);
    }

    #[test]
    fn the_rows_of_a_record_share_it() {
        let mut rows = RawRecords::default();
        rows.push("{\"a\":1}", 2);
        rows.push("{}", 1);
        assert_eq!(
            [0, 1, 2].map(|row| rows.text(row)),
            ["{\"a\":1}", "{\"a\":1}", "{}"]
        );
    }

    #[test]
    fn a_long_record_is_cut_with_a_note() {
        let long = "ü".repeat(MOST_CHARACTERS);
        assert_eq!(cut(&long), long);
        let longer = cut(&(long.clone() + "x")).into_owned();
        assert!(longer.starts_with(&long));
        assert!(longer.ends_with(" … (cut off here: 10000 of 10001 characters)"));
    }
}

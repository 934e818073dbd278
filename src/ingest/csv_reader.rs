//! Separated values: every record checked for its number of fields.
//!
//! Nothing is guessed: separator, quote and encoding are declared, every cell is
//! text. A record has as many fields as the header. Separators at the end of a line,
//! which spreadsheets leave behind, are no fields: a header may end in them, and so
//! may a row. How several columns of one name are reached is in `csv_columns.rs`.

use std::sync::Arc;

use csv::ByteRecord;

use super::archive::{self, Bytes};
use super::batch::{BatchBuilder, Malformed, RawBatch};
use super::csv_columns::{Columns, Place, find};
use super::quote_watch::QuoteWatch;
use super::raw_rows::RawCells;
use crate::config::ExportFormat;
use crate::error::{Error, ErrorKind, Result};

/// An open CSV export.
pub(super) struct CsvReader {
    origin: String,
    /// The names of all columns of the header line.
    names: Arc<[String]>,
    /// How many of them are before the last that has a name.
    named: usize,
    skipped_lines: u64,
    records: csv::Reader<QuoteWatch<Bytes>>,
    record: ByteRecord,
}

impl CsvReader {
    /// Opens a CSV, given as UTF-8.
    pub(super) fn open(text: Bytes, origin: &str, format: &ExportFormat) -> Result<Self> {
        let mut builder = csv::ReaderBuilder::new();
        builder
            .delimiter(format.separator)
            .quoting(format.quote.is_some())
            .quote(format.quote.unwrap_or(b'"'))
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(1 << 16);
        let mut records = builder.from_reader(QuoteWatch::new(text, format));
        let mut record = ByteRecord::new();
        let names: Vec<String> = match &format.header {
            Some(names) => names.clone(),
            None => {
                let mut next = |record: &mut ByteRecord| match records.read_byte_record(record) {
                    Ok(true) => Ok(()),
                    Ok(false) => Err(headerless(origin, format.skip_lines)),
                    Err(e) => Err(unreadable(origin, e)),
                };
                next(&mut record)?;
                if let Some(told) = told_separator(&record, format.separator) {
                    if told != format.separator {
                        return Err(other_separator(origin, told, format.separator));
                    }
                    next(&mut record)?;
                }
                let name = |name| String::from_utf8_lossy(name).trim().to_owned();
                record.iter().map(name).collect()
            }
        };
        let last_named = names.iter().rposition(|name| !name.is_empty());
        Ok(Self {
            origin: origin.to_owned(),
            named: last_named.map_or(0, |place| place + 1),
            names: names.into(),
            skipped_lines: u64::from(format.skip_lines),
            records,
            record,
        })
    }

    /// Returns the names of the columns, several of which may be the same or empty.
    pub(super) fn header(&self) -> &[String] {
        &self.names[..self.named]
    }

    /// Returns which columns a path means.
    pub(super) fn columns_of(&self, path: &str) -> Columns {
        find(self.header(), path).map_or(Columns::Missing, |place| place.columns())
    }

    pub(super) fn next_batch(&mut self, paths: &[String]) -> Result<Option<RawBatch>> {
        let places = self.places(paths)?;
        let mut batch = BatchBuilder::new(paths.len());
        let mut raw = RawCells::new(Arc::clone(&self.names));
        while !batch.is_full() {
            let more = self.records.read_byte_record(&mut self.record);
            if !more.map_err(|e| unreadable(&self.origin, e))? {
                self.check_quotes()?;
                break;
            }
            if let Err(malformed) = self.add_record(&mut batch, &places) {
                batch.push_malformed(malformed);
                continue;
            }
            batch.weigh(raw.push(&self.record));
        }
        Ok(batch.finish(raw))
    }

    fn check_quotes(&self) -> Result<()> {
        let Some(line) = self.records.get_ref().open_quote() else {
            return Ok(());
        };
        Err(Error::new(
            ErrorKind::Input,
            format!(
                "cannot ingest `{}` line {line}: expected a quote that closes the one of this line, found the end of the file",
                self.origin
            ),
        )
        .hint("export it again, or declare its `quote` and `escape`; quotes within quoted cells are doubled or escaped"))
    }

    fn places(&self, paths: &[String]) -> Result<Vec<Place>> {
        let place = |path: &String| {
            find(self.header(), path).ok_or_else(|| {
                Error::new(
                    ErrorKind::Internal,
                    format!("cannot ingest `{}`: no column `{path}`", self.origin),
                )
            })
        };
        paths.iter().map(place).collect()
    }

    fn add_record(&self, batch: &mut BatchBuilder, places: &[Place]) -> Result<(), Malformed> {
        let line = i64::try_from(self.line()).unwrap_or(i64::MAX);
        let malformed = |expected: String, found: String| Malformed {
            line,
            expected,
            found,
            raw: raw_text(&self.record),
        };
        if !self.has_shape() {
            let expected = format!("{} fields", self.names.len());
            return Err(malformed(expected, self.record.len().to_string()));
        }
        let Some(cells) = Cells::of(&self.record, places) else {
            return Err(malformed("UTF-8 text".into(), "other bytes".into()));
        };
        batch.push_line(line);
        for (column, place) in places.iter().enumerate() {
            match place {
                Place::One(place) => batch.push_cell(column, filled(cells.get(*place))),
                several => {
                    let text = several.read(|place| filled(cells.get(place)));
                    batch.push_cell(column, text.as_deref());
                }
            }
        }
        Ok(())
    }

    /// Returns the line on which the record starts. The parser counts from the end of
    /// the record before, which is earlier where blank lines lie between. (It is one
    /// off for a last record without a line end that blank lines lie before.)
    fn line(&self) -> u64 {
        let from = self.record.position().map_or(0, csv::Position::line);
        let passed = self.records.position().line().saturating_sub(from + 1);
        let within = match passed {
            0 => 0,
            _ => self
                .record
                .as_slice()
                .iter()
                .filter(|b| **b == b'\n')
                .count() as u64,
        };
        from + passed.saturating_sub(within) + self.skipped_lines
    }

    /// Returns whether a record has the fields of the header; separators beyond the
    /// last named column are none.
    fn has_shape(&self) -> bool {
        let found = self.record.len();
        let is_empty = |place| self.record.get(place).is_none_or(<[u8]>::is_empty);
        found == self.names.len()
            || (found >= self.named && (self.named..found).all(is_empty) && found > 0)
    }
}

fn filled(cell: &str) -> Option<&str> {
    (!cell.is_empty()).then_some(cell)
}

/// The cells of one record that are wanted, as text.
enum Cells<'r> {
    /// The whole record is text, and every cell, too.
    Whole(&'r str, &'r ByteRecord),
    /// Something else is not text; what is wanted is.
    Wanted(&'r ByteRecord),
}

impl<'r> Cells<'r> {
    /// Returns `None` where a cell that is wanted is no UTF-8. The whole record is
    /// checked at once; only where that fails (or a sign lies across two cells) each
    /// cell has to be looked at.
    fn of(record: &'r ByteRecord, places: &[Place]) -> Option<Self> {
        let whole = std::str::from_utf8(record.as_slice()).ok();
        let is_split = |text: &str| {
            let mut ends = (0..record.len()).filter_map(|place| record.range(place));
            ends.any(|range| !text.is_char_boundary(range.end))
        };
        match whole {
            Some(text) if text.is_ascii() || !is_split(text) => {
                return Some(Self::Whole(text, record));
            }
            _ => {}
        }
        let mut wanted = places.iter().flat_map(Place::all);
        let is_text = |place: usize| record.get(place).is_none_or(|c| str::from_utf8(c).is_ok());
        wanted.all(is_text).then_some(Self::Wanted(record))
    }

    fn get(&self, place: usize) -> &'r str {
        match self {
            Self::Whole(text, record) => {
                let cell = record.range(place).and_then(|range| text.get(range));
                cell.unwrap_or_default()
            }
            Self::Wanted(record) => {
                let cell = record.get(place).unwrap_or_default();
                std::str::from_utf8(cell).unwrap_or_default()
            }
        }
    }
}

fn raw_text(record: &ByteRecord) -> String {
    let fields: Vec<_> = record.iter().map(String::from_utf8_lossy).collect();
    serde_json::to_string(&fields).unwrap_or_default()
}

/// Returns the separator that a first line `sep=;` tells, as Excel writes it.
fn told_separator(record: &ByteRecord, declared: u8) -> Option<u8> {
    let first = record.get(0)?;
    let told = first
        .strip_prefix(b"sep=")
        .or(first.strip_prefix(b"SEP="))?;
    match (told, record.len()) {
        ([], 2) => Some(declared),
        ([told], 1) => Some(*told),
        _ => None,
    }
}

fn other_separator(origin: &str, told: u8, declared: u8) -> Error {
    let (told, declared) = (char::from(told), char::from(declared));
    Error::new(
        ErrorKind::Input,
        format!(
            "cannot ingest `{origin}` line 1: expected the separator `{declared}`, found `sep={told}`"
        ),
    )
    .hint(format!("declare `separator = \"{told}\"` for this source"))
}

fn headerless(origin: &str, skip_lines: u32) -> Error {
    let place = match skip_lines {
        0 => String::new(),
        1 => " behind the line that is skipped".to_owned(),
        lines => format!(" behind the {lines} lines that are skipped"),
    };
    Error::new(
        ErrorKind::Input,
        format!(
            "cannot ingest `{origin}`: expected a header line{place}, found the end of the file"
        ),
    )
    .hint("export it again, or correct `skip_lines` of the source")
}

fn unreadable(origin: &str, error: csv::Error) -> Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => archive::unreadable(origin, error),
        _ => Error::new(
            ErrorKind::Internal,
            format!("cannot ingest `{origin}`: expected records of any shape, found another"),
        ),
    }
}

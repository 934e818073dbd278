//! JSON: one document a line, or one document; records unwrapped, arrays exploded.
//!
//! A document is an object, or an array of such. Where the source names `records`,
//! those are the elements of that array in each document; a document without it is
//! itself the record. A record is parsed for itself, and one that is no JSON is set
//! aside alone. What `rows` and the paths mean is in `json_path.rs`.

use std::io::{BufRead, BufReader};

use super::archive::{self, Bytes};
use super::batch::{BatchBuilder, Malformed, RawBatch};
use super::json_bytes::SplitError;
use super::json_path::{self, Step};
use super::json_repeats::repeated_name;
use super::json_splitter::{JsonSplitter, Piece};
use super::json_value::{self, JsonValue};
use super::quote_watch::QuoteWatch;
use super::raw_rows::{RawRecords, cut};
use crate::config::{ExportFormat, Format};
use crate::error::{Error, ErrorKind, Result};

const BUFFER_BYTES: usize = 1 << 18;

/// An open JSON export.
pub(super) struct JsonReader {
    origin: String,
    pieces: Pieces,
    /// The names on the way to the records of a document.
    records: Vec<Step>,
    /// The arrays to explode, outermost first, each a full path.
    exploded: Vec<Vec<Step>>,
    /// The bytes of the document or record that is read.
    piece: Vec<u8>,
    /// How many pieces name a member twice, and the first such name.
    repeats: (u64, Option<String>),
}

/// The path of a record as a whole.
pub(super) const WHOLE: &str = "*";

enum Pieces {
    Lines(Box<BufReader<QuoteWatch<Bytes>>>, i64),
    Document(Box<JsonSplitter<Bytes>>, i64),
}

/// The next piece: its line (or its number in a document), and what it is.
struct Found {
    line: i64,
    piece: Piece,
    is_line: bool,
    /// Whether the file ends with it, and not with a line end.
    is_last: bool,
}

impl JsonReader {
    /// Opens a JSON export, given as UTF-8.
    pub(super) fn open(
        text: Bytes,
        origin: &str,
        format: Format,
        export: &ExportFormat,
    ) -> Result<Self> {
        let rows = export.rows.as_deref();
        let exploded = rows.map_or(Some(Vec::new()), json_path::parse_rows);
        let exploded = exploded.ok_or_else(|| no_path(origin, "rows", rows))?;
        let records = export.records.as_deref();
        let names = records.map_or(Some(Vec::new()), names);
        let names = names.ok_or_else(|| no_path(origin, "records", records))?;
        let pieces = match format {
            Format::Ndjson => {
                let lines = QuoteWatch::of_lines(text);
                Pieces::Lines(Box::new(BufReader::with_capacity(BUFFER_BYTES, lines)), 0)
            }
            _ => Pieces::Document(Box::new(JsonSplitter::new(text, names.clone())), 0),
        };
        Ok(Self {
            origin: origin.to_owned(),
            pieces,
            records: names.into_iter().map(Step::Name).collect(),
            exploded,
            piece: Vec::new(),
            repeats: (0, None),
        })
    }

    /// Says what was noticed so far, in words.
    pub(super) fn notice(&self) -> Option<String> {
        let (count, name) = &self.repeats;
        let name = name.as_ref()?;
        let records = match count {
            1 => "1 record names".to_owned(),
            count => format!("{count} records name"),
        };
        Some(format!(
            "{records} a member of one object twice, such as `{name}`; the last one was read"
        ))
    }

    pub(super) fn next_batch(&mut self, paths: &[String]) -> Result<Option<RawBatch>> {
        let parse = |path: &String| {
            if path == WHOLE {
                return Ok(Vec::new());
            }
            json_path::parse(path).ok_or_else(|| no_path(&self.origin, "columns", Some(path)))
        };
        let paths = paths.iter().map(parse).collect::<Result<Vec<_>>>()?;
        let mut rows = Rows {
            batch: BatchBuilder::new(paths.len()),
            raw: RawRecords::default(),
            exploded: &self.exploded,
            paths,
        };
        while !rows.batch.is_full() {
            let found = self.pieces.next(&self.origin, &mut self.piece)?;
            let Some(found) = found else {
                break;
            };
            let Ok(text) = std::str::from_utf8(&self.piece) else {
                let text = String::from_utf8_lossy(&self.piece);
                rows.set_aside(found.line, "UTF-8 text", "other bytes".into(), &text);
                continue;
            };
            match json_value::parse(text) {
                Ok(document) => {
                    if let Some(name) = repeated_name(&document) {
                        self.repeats.0 += 1;
                        self.repeats.1.get_or_insert_with(|| name.to_owned());
                    }
                    rows.add_document(&found, &document, &self.records, text);
                }
                Err(invalid) if invalid.is_cut_off && found.is_line && found.is_last => {
                    return Err(cut_off(&self.origin, found.line));
                }
                Err(invalid) => {
                    rows.set_aside(found.line, "a JSON object", invalid.found, text);
                }
            }
        }
        Ok(rows.batch.finish(rows.raw))
    }
}

/// Reads the path of `records`, which is of names only.
fn names(path: &str) -> Option<Vec<String>> {
    let steps = json_path::parse(path)?.into_iter();
    let names = steps.map(|step| match step {
        Step::Name(name) => Some(name),
        Step::Index(_) => None,
    });
    names.collect()
}

/// The rows of a batch that is being read.
struct Rows<'r> {
    batch: BatchBuilder,
    raw: RawRecords,
    exploded: &'r [Vec<Step>],
    paths: Vec<Vec<Step>>,
}

impl Rows<'_> {
    fn add_document(
        &mut self,
        found: &Found,
        document: &JsonValue<'_>,
        records: &[Step],
        text: &str,
    ) {
        let is_object = |value: &JsonValue<'_>| matches!(value, JsonValue::Object { .. });
        match document {
            // A line that is a page; an array of plain values is one record.
            JsonValue::Array { elements, .. }
                if found.is_line && (elements.is_empty() || elements.iter().any(is_object)) =>
            {
                for element in elements {
                    self.add_unwrapped(found.line, element, records, text);
                }
            }
            document if found.piece == Piece::Document => {
                self.add_unwrapped(found.line, document, records, text);
            }
            record => self.add_record(found.line, record, text),
        }
    }

    fn add_unwrapped(&mut self, line: i64, document: &JsonValue<'_>, records: &[Step], text: &str) {
        let found = (!records.is_empty()).then(|| json_path::walk(document, records));
        match found.flatten() {
            None => self.add_record(line, document, text),
            Some(JsonValue::Null) => {}
            Some(JsonValue::Array { elements, .. }) => {
                for record in elements {
                    self.add_record(line, record, text);
                }
            }
            Some(record) => self.add_record(line, record, text),
        }
    }

    /// Adds the rows of a record; `text` is what a scalar in its place is shown in.
    fn add_record(&mut self, line: i64, record: &JsonValue<'_>, text: &str) {
        let own = match record {
            JsonValue::Object { text, .. } | JsonValue::Array { text, .. } => text,
            other => return self.set_aside(line, "a JSON object", other.describe(), text),
        };
        let rows = json_path::explode_all(record, self.exploded);
        if rows.is_empty() {
            return;
        }
        let kept = self.raw.push(own, rows.len());
        self.batch.weigh(kept);
        for row in &rows {
            self.batch.push_line(line);
            for (column, path) in self.paths.iter().enumerate() {
                let cell = json_path::cell(row, path);
                self.batch.push_cell(column, cell.as_deref());
            }
        }
    }

    fn set_aside(&mut self, line: i64, expected: &str, found: String, text: &str) {
        self.batch.push_malformed(Malformed {
            line,
            expected: expected.to_owned(),
            found,
            raw: cut(text.trim_end()).into_owned(),
        });
    }
}

impl Pieces {
    fn next(&mut self, origin: &str, piece: &mut Vec<u8>) -> Result<Option<Found>> {
        match self {
            Self::Document(splitter, count) => {
                let found = splitter.next(piece);
                let found = found.map_err(|e| unsplit(origin, e, splitter.line()))?;
                *count += i64::from(found.is_some());
                Ok(found.map(|piece| Found {
                    line: *count,
                    piece,
                    is_line: false,
                    is_last: false,
                }))
            }
            Self::Lines(lines, line) => {
                let read = next_line(lines, line, piece);
                let read = read.map_err(|e| archive::unreadable(origin, e))?;
                Ok(read.then(|| Found {
                    line: *line,
                    piece: Piece::Document,
                    is_line: true,
                    is_last: !piece.ends_with(b"\n"),
                }))
            }
        }
    }
}

/// Reads the next line that is not blank.
fn next_line(
    lines: &mut impl BufRead,
    line: &mut i64,
    text: &mut Vec<u8>,
) -> std::io::Result<bool> {
    loop {
        text.clear();
        if lines.read_until(b'\n', text)? == 0 {
            return Ok(false);
        }
        *line += 1;
        if !text.iter().all(u8::is_ascii_whitespace) {
            return Ok(true);
        }
    }
}

fn unsplit(origin: &str, error: SplitError, line: u64) -> Error {
    let (expected, found) = match error {
        SplitError::Io(error) => return archive::unreadable(origin, error),
        SplitError::CutOff => {
            let line = i64::try_from(line).unwrap_or(i64::MAX);
            return cut_off(origin, line);
        }
        SplitError::Unexpected { expected, found } => (expected, found),
    };
    Error::new(
        ErrorKind::Input,
        format!(
            "cannot ingest `{origin}`: expected a JSON document with {expected} here, found {found}"
        ),
    )
    .hint("export it again, or declare `format = \"ndjson\"` where every line is an object")
}

fn cut_off(origin: &str, line: i64) -> Error {
    Error::new(
        ErrorKind::Input,
        format!("cannot ingest `{origin}` line {line}: expected whole JSON, found it cut off"),
    )
    .hint("copy or export it again")
}

fn no_path(origin: &str, key: &str, path: Option<&str>) -> Error {
    let example = match key {
        "rows" => "changelog.histories[].items[]",
        "records" => "result.issues",
        _ => "fields.status.name",
    };
    Error::new(
        ErrorKind::Project,
        format!(
            "cannot ingest `{origin}`: expected a path such as `{example}` in `{key}`, found `{}`",
            path.unwrap_or_default()
        ),
    )
    .hint("put names that have dots or brackets in them into quotes, such as `a.\"b.c\".d`")
}

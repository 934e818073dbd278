//! Plain text: one row a file, or one row a line.
//!
//! For what is no table: notes that people typed, a log, a table of Markdown. Nothing
//! is split here; `extract`, `where` and a transform take the text apart. A row has the
//! file's name in it, since folders often say what a text does not. Line ends are LF
//! or CRLF and no part of a line, and a text has LF only, so that one pattern fits
//! both. A last line needs no line end; a blank line is a row without a text.

use std::io::{BufRead, BufReader, Read};

use serde_json::json;

use super::archive::{self, Bytes};
use super::batch::{BatchBuilder, Malformed, RawBatch};
use super::csv_columns::{Columns, find};
use super::raw_rows::{RawRecords, cut};
use crate::config::{ExportFormat, Format};
use crate::error::{Error, ErrorKind, Result};

const BUFFER_BYTES: usize = 1 << 18;

/// The largest row: it has to fit into memory.
const MOST_BYTES: u64 = 64 << 20;

/// The columns of a row a file and of a row a line.
const OF_FILE: [&str; 2] = ["text", "file"];
const OF_LINE: [&str; 3] = ["line", "text", "file"];

/// An open text.
pub(super) struct TextReader {
    origin: String,
    /// What `file` says: the path of the file within the folder of the source.
    name: String,
    names: Vec<String>,
    bytes: BufReader<Bytes>,
    is_by_line: bool,
    skipped_lines: u64,
    line: u64,
    is_over: bool,
}

impl TextReader {
    /// Opens a text, given as UTF-8. `name` is the cell of the column `file`.
    pub(super) fn open(
        text: Bytes,
        origin: &str,
        name: &str,
        format: Format,
        export: &ExportFormat,
    ) -> Self {
        let is_by_line = format == Format::Lines;
        let names = if is_by_line { &OF_LINE[..] } else { &OF_FILE };
        Self {
            origin: origin.to_owned(),
            name: name.to_owned(),
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            bytes: BufReader::with_capacity(BUFFER_BYTES, text),
            is_by_line,
            skipped_lines: u64::from(export.skip_lines),
            line: 0,
            is_over: false,
        }
    }

    pub(super) fn header(&self) -> &[String] {
        &self.names
    }

    pub(super) fn columns_of(&self, path: &str) -> Columns {
        find(&self.names, path).map_or(Columns::Missing, |place| place.columns())
    }

    pub(super) fn next_batch(&mut self, paths: &[String]) -> Result<Option<RawBatch>> {
        let mut batch = BatchBuilder::new(paths.len());
        let mut raw = RawRecords::default();
        let mut bytes = Vec::new();
        while !batch.is_full() && self.next(&mut bytes)? {
            let line = i64::try_from(self.line).unwrap_or(i64::MAX);
            let Ok(text) = std::str::from_utf8(&bytes) else {
                batch.push_malformed(Malformed {
                    line,
                    expected: "UTF-8 text".into(),
                    found: "other bytes".into(),
                    raw: cut(&String::from_utf8_lossy(&bytes)).into_owned(),
                });
                continue;
            };
            let number = line.to_string();
            batch.push_line(line);
            for (column, path) in paths.iter().enumerate() {
                let cell = match path.as_str() {
                    "line" => Some(number.as_str()),
                    "text" => Some(text).filter(|text| !text.is_empty()),
                    "file" => Some(self.name.as_str()),
                    _ => None,
                };
                batch.push_cell(column, cell);
            }
            let shown = json!({"file": self.name, "text": cut(text)}).to_string();
            batch.weigh(raw.push(&shown, 1));
        }
        Ok(batch.finish(raw))
    }

    /// Reads the next line, without its end, and returns its number.
    ///
    /// # Errors
    /// `Input` where it does not fit into memory, or the file cannot be read.
    pub(super) fn next_line(&mut self, bytes: &mut Vec<u8>) -> Result<Option<i64>> {
        let is_read = self.next(bytes)?;
        Ok(is_read.then(|| i64::try_from(self.line).unwrap_or(i64::MAX)))
    }

    /// Reads the next row's text; `false` behind the last.
    fn next(&mut self, bytes: &mut Vec<u8>) -> Result<bool> {
        while self.line < self.skipped_lines {
            if !self.read(bytes, true)? {
                return Ok(false);
            }
            self.line += 1;
        }
        if self.is_over || !self.read(bytes, self.is_by_line)? {
            return Ok(false);
        }
        self.line += 1;
        if self.is_by_line {
            trim_line_end(bytes);
        } else {
            self.is_over = true;
            bytes.dedup_by(|second, first| {
                *first == b'\r' && *second == b'\n' && {
                    *first = b'\n';
                    true
                }
            });
        }
        Ok(true)
    }

    /// Reads to the end of the line, or of the file.
    fn read(&mut self, bytes: &mut Vec<u8>, is_to_line_end: bool) -> Result<bool> {
        bytes.clear();
        let mut limited = self.bytes.by_ref().take(MOST_BYTES + 1);
        let read = match is_to_line_end {
            true => limited.read_until(b'\n', bytes),
            false => limited.read_to_end(bytes),
        };
        let read = read.map_err(|e| archive::unreadable(&self.origin, e))?;
        if read as u64 > MOST_BYTES {
            return Err(too_long(&self.origin, self.line + 1));
        }
        Ok(read > 0)
    }
}

fn trim_line_end(line: &mut Vec<u8>) {
    if line.last() == Some(&b'\n') {
        line.pop();
        if line.last() == Some(&b'\r') {
            line.pop();
        }
    }
}

fn too_long(origin: &str, line: u64) -> Error {
    let megabytes = MOST_BYTES >> 20;
    Error::new(
        ErrorKind::Input,
        format!(
            "cannot ingest `{origin}` line {line}: expected a text of at most {megabytes} MB, found a longer one"
        ),
    )
    .hint("read it with `format = \"lines\"`, or split it before")
}

/// Returns the path of an export within the folder that its source looks into: what is
/// behind the folders that a glob names outright. Where the source has no path, it is
/// the origin.
pub(super) fn name_within<'o>(path: &str, origin: &'o str) -> &'o str {
    if path.is_empty() {
        return origin;
    }
    let fixed = path.find(['*', '?', '[']).map_or(path, |end| &path[..end]);
    let folder = fixed.rfind('/').map_or("", |end| &path[..=end]);
    origin.strip_prefix(folder).unwrap_or(origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_from_the_first_folder_that_is_not_fixed() {
        let expected = [
            ("exports/a.md", "exports/a.md", "a.md"),
            ("a.md", "a.md", "a.md"),
            ("exports/*/*.txt", "exports/7/x.txt", "7/x.txt"),
            ("exports/20??/x.txt", "exports/2012/x.txt", "2012/x.txt"),
            ("exports/e[ab]/x.txt", "exports/ea/x.txt", "ea/x.txt"),
            ("*/x.txt", "a/x.txt", "a/x.txt"),
            ("/data/*.txt", "/data/x.txt", "x.txt"),
            ("", "s3://bucket/x.txt", "s3://bucket/x.txt"),
        ];
        for (path, origin, name) in expected {
            assert_eq!(name_within(path, origin), name, "{path}");
        }
    }
}

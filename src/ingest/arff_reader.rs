//! ARFF: attributes that are declared by name, then rows of comma-separated cells.
//!
//! ```text
//! @relation effort
//! @attribute Project numeric
//! @attribute 'Team size' {small, 'not small'}
//! @data
//! 1, 'not small'   % a comment
//! ```
//! Names and cells stand in single or double quotes where need be, with `\` before a
//! quote; `?` without quotes is null; `%` starts a comment at the start of a cell. The
//! declared types are not looked at: the mapping says what a cell is. A row in braces
//! (the sparse form, which leaves out what is zero) is set aside.

use super::archive::Bytes;
use super::batch::{BatchBuilder, Malformed, RawBatch};
use super::csv_columns::{Columns, Place, find};
use super::raw_rows::{RawRecords, cut};
use super::text_reader::TextReader;
use crate::config::{ExportFormat, Format};
use crate::error::{Error, ErrorKind, Result};

/// An open ARFF export.
pub(super) struct ArffReader {
    names: Vec<String>,
    lines: TextReader,
}

impl ArffReader {
    /// Opens an export, given as UTF-8, and reads what is above `@data`.
    ///
    /// # Errors
    /// `Input` where there is no `@data`, or something else than attributes above it.
    pub(super) fn open(text: Bytes, origin: &str, export: &ExportFormat) -> Result<Self> {
        let mut lines = TextReader::open(text, origin, "", Format::Lines, export);
        let mut names = Vec::new();
        let mut bytes = Vec::new();
        while let Some(line) = lines.next_line(&mut bytes)? {
            let text = String::from_utf8_lossy(&bytes);
            match Declaration::read(&text) {
                Some(Declaration::Attribute(name)) => names.push(name),
                Some(Declaration::Data) => return Ok(Self { names, lines }),
                Some(Declaration::Other) => {}
                None => return Err(no_declaration(origin, line, &text)),
            }
        }
        Err(Error::new(
            ErrorKind::Input,
            format!("cannot ingest `{origin}`: expected a line `@data`, found the end of the file"),
        )
        .hint("export it again, or declare its `format`"))
    }

    pub(super) fn header(&self) -> &[String] {
        &self.names
    }

    pub(super) fn columns_of(&self, path: &str) -> Columns {
        find(&self.names, path).map_or(Columns::Missing, |place| place.columns())
    }

    pub(super) fn next_batch(&mut self, paths: &[String]) -> Result<Option<RawBatch>> {
        let places: Vec<Option<Place>> = paths.iter().map(|p| find(&self.names, p)).collect();
        let mut batch = BatchBuilder::new(paths.len());
        let mut raw = RawRecords::default();
        let mut bytes = Vec::new();
        while !batch.is_full() {
            let Some(line) = self.lines.next_line(&mut bytes)? else {
                break;
            };
            let malformed = |expected: String, found: String| Malformed {
                line,
                expected,
                found,
                raw: cut(&String::from_utf8_lossy(&bytes)).into_owned(),
            };
            let Ok(text) = std::str::from_utf8(&bytes) else {
                batch.push_malformed(malformed("UTF-8 text".into(), "other bytes".into()));
                continue;
            };
            match cells(text, self.names.len()) {
                Ok(None) => {}
                Ok(Some(cells)) => {
                    batch.push_line(line);
                    for (column, place) in places.iter().enumerate() {
                        let cell = |place: usize| cells.get(place)?.as_deref();
                        let text = place.as_ref().and_then(|place| place.read(cell));
                        batch.push_cell(column, text.as_deref());
                    }
                    batch.weigh(raw.push(&shown(&self.names, &cells), 1));
                }
                Err((expected, found)) => batch.push_malformed(malformed(expected, found)),
            }
        }
        Ok(batch.finish(raw))
    }
}

/// A line above the data.
enum Declaration {
    Attribute(String),
    Data,
    /// A comment, a blank line, the name of the relation.
    Other,
}

impl Declaration {
    fn read(line: &str) -> Option<Self> {
        let line = line.trim();
        if line.is_empty() || line.starts_with('%') {
            return Some(Self::Other);
        }
        let end = line.find(char::is_whitespace).unwrap_or(line.len());
        let (word, rest) = line.split_at(end);
        match word.to_ascii_lowercase().as_str() {
            "@relation" => Some(Self::Other),
            "@data" => Some(Self::Data),
            "@attribute" => {
                let rest = rest.trim_start();
                let (name, behind) = match rest.chars().next()? {
                    quote @ ('"' | '\'') => quoted(rest, quote)?,
                    _ => {
                        let end = rest.find(|c: char| c.is_whitespace() || c == '{');
                        let (name, behind) = rest.split_at(end?);
                        (name.to_owned(), behind)
                    }
                };
                (!behind.trim().is_empty()).then_some(Self::Attribute(name))
            }
            _ => None,
        }
    }
}

/// Reads a text in quotes; returns it with what is behind.
fn quoted(text: &str, quote: char) -> Option<(String, &str)> {
    let mut read = String::new();
    let mut characters = text.char_indices().skip(1);
    while let Some((place, character)) = characters.next() {
        match character {
            '\\' => match characters.next()?.1 {
                'n' => read.push('\n'),
                't' => read.push('\t'),
                'r' => read.push('\r'),
                other => read.push(other),
            },
            c if c == quote => return Some((read, &text[place + c.len_utf8()..])),
            c => read.push(c),
        }
    }
    None
}

/// Reads the cells of a row of so many; `None` where the line has none. What was
/// expected and what was found, where it is no row.
fn cells(line: &str, width: usize) -> Result<Option<Vec<Option<String>>>, (String, String)> {
    let mut rest = line.trim();
    if rest.is_empty() || rest.starts_with('%') {
        return Ok(None);
    }
    if rest.starts_with('{') {
        return Err(("a row with all its cells".into(), "one in braces".into()));
    }
    let mut cells = Vec::new();
    loop {
        rest = rest.trim_start();
        let (cell, behind) = match rest.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let unclosed = || {
                    (
                        "a quote that is closed".to_owned(),
                        "an open one".to_owned(),
                    )
                };
                let (text, behind) = quoted(rest, quote).ok_or_else(unclosed)?;
                (Some(text), behind.trim_start())
            }
            _ => {
                let end = rest.find(',').unwrap_or(rest.len());
                let end = match rest.starts_with('%') {
                    true => 0,
                    false => comment_in(&rest[..end]).unwrap_or(end),
                };
                let text = rest[..end].trim_end();
                let is_null = text.is_empty() || text == "?";
                (
                    (!is_null).then(|| text.to_owned()),
                    rest[end..].trim_start(),
                )
            }
        };
        cells.push(cell.filter(|text| !text.is_empty()));
        match behind.strip_prefix(',') {
            Some(next) => rest = next,
            None if behind.is_empty() || behind.starts_with('%') => break,
            None => return Err(("a comma behind a quote".into(), behind.to_owned())),
        }
    }
    let beyond = cells.iter().skip(width).all(Option::is_none);
    if cells.len() < width || !beyond {
        return Err((format!("{width} fields"), cells.len().to_string()));
    }
    cells.truncate(width);
    Ok(Some(cells))
}

/// Returns where a comment starts in a cell that has no quotes.
fn comment_in(cell: &str) -> Option<usize> {
    let starts = [" %", "\t%"].map(|start| cell.find(start));
    starts.into_iter().flatten().min()
}

/// Shows a row as an object of its cells.
fn shown(names: &[String], cells: &[Option<String>]) -> String {
    let pairs = names.iter().zip(cells);
    let object: serde_json::Map<String, serde_json::Value> = pairs
        .map(|(name, cell)| (name.clone(), cell.clone().into()))
        .collect();
    serde_json::Value::Object(object).to_string()
}

fn no_declaration(origin: &str, line: i64, text: &str) -> Error {
    Error::new(
        ErrorKind::Input,
        format!(
            "cannot ingest `{origin}` line {line}: expected `@attribute` with a name and a type, or `@data`, found `{}`",
            cut(text.trim())
        ),
    )
    .hint("export it again, or declare its `format`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(line: &str) -> Vec<String> {
        let cells = cells(line, 3).expect("it is a row").expect("it has cells");
        let text = |cell: Option<String>| cell.unwrap_or_else(|| "-".into());
        cells.into_iter().map(text).collect()
    }

    #[test]
    fn cells_stand_between_commas_with_quotes_where_need_be() {
        let expected = [
            ("1,2,3", ["1", "2", "3"]),
            (" 1 ,\t?, 'a, b' ", ["1", "-", "a, b"]),
            (r"'it\'s','?',\", ["it's", "?", "\\"]),
            ("1,,x % a, b", ["1", "-", "x"]),
            ("50%,a b,'' % c", ["50%", "a b", "-"]),
            ("1,2,3,,", ["1", "2", "3"]),
            (r#""a\tb",'"',x"#, ["a\tb", "\"", "x"]),
        ];
        for (line, cells) in expected {
            assert_eq!(row(line), cells, "{line}");
        }
    }

    #[test]
    fn what_is_no_row_says_why() {
        let found = |line| cells(line, 3).expect_err("it is no row");
        assert_eq!(found("1,2"), ("3 fields".into(), "2".into()));
        assert_eq!(found("1,2,3,4"), ("3 fields".into(), "4".into()));
        assert_eq!(found("{0 1, 2 3}").1, "one in braces");
        assert_eq!(found("1,'a,b").0, "a quote that is closed");
        assert_eq!(found("'a' b,2,3").1, "b,2,3");
        for line in ["", "  ", "% 1,2,3"] {
            assert_eq!(cells(line, 3), Ok(None), "{line}");
        }
    }

    #[test]
    fn attributes_are_declared_in_any_case_and_quotes() {
        let name = |line| match Declaration::read(line) {
            Some(Declaration::Attribute(name)) => Some(name),
            _ => None,
        };
        assert_eq!(name("@attribute Effort numeric").as_deref(), Some("Effort"));
        assert_eq!(name("@ATTRIBUTE\tKind{a,b}").as_deref(), Some("Kind"));
        assert_eq!(
            name("@attribute 'Team size' real").as_deref(),
            Some("Team size")
        );
        assert_eq!(
            name("@attribute \"a\\\"b\" date \"yyyy\"").as_deref(),
            Some("a\"b")
        );
        for line in [
            "@attribute",
            "@attribute x",
            "@attribute 'x real",
            "@attributes x real",
        ] {
            assert_eq!(name(line), None, "{line}");
        }
    }
}

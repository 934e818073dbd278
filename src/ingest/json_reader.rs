//! JSON: one object a line, or one document; arrays exploded, paths taken apart.
//!
//! A path is names with dots between (`fields.status.name`), with an index where
//! one element of an array is meant (`fixVersions[0]`, `[-1]` for the last). A path
//! through a whole array takes the value of each element, joined with `;`. The
//! `rows` of a source name the arrays of which each element becomes a row
//! (`changelog.histories[].items[]`); a path through such an array means the
//! element of that row. A key with a dot in it is not reached by a path.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use serde_json::Value;

use super::batch::{BatchBuilder, Malformed, RawBatch};
use crate::config::ExportFormat;
use crate::error::{Error, ErrorKind, Result};
use crate::fs;

/// An open JSON export.
pub(super) struct JsonReader {
    records: Records,
    /// The arrays to explode, outermost first, each a full path.
    exploded: Vec<Vec<String>>,
}

enum Records {
    Lines {
        origin: String,
        lines: BufReader<File>,
        line: i64,
    },
    Document(std::vec::IntoIter<Value>, i64),
}

impl JsonReader {
    pub(super) fn open_lines(path: &Path, origin: &str, source: &ExportFormat) -> Result<Self> {
        Ok(Self {
            records: Records::Lines {
                origin: origin.to_owned(),
                lines: BufReader::with_capacity(1 << 20, fs::open(path)?),
                line: 0,
            },
            exploded: exploded_paths(source),
        })
    }

    pub(super) fn open_document(path: &Path, origin: &str, source: &ExportFormat) -> Result<Self> {
        let bytes = fs::read(path)?;
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        let document: Value = serde_json::from_slice(bytes).map_err(|e| {
            Error::new(
                ErrorKind::Input,
                format!(
                    "cannot ingest `{origin}` line {}: expected a JSON document",
                    e.line()
                ),
            )
            .caused_by(e)
            .hint("declare `format = \"ndjson\"` where every line is an object")
        })?;
        let records = match document {
            Value::Array(records) => records,
            record => vec![record],
        };
        Ok(Self {
            records: Records::Document(records.into_iter(), 0),
            exploded: exploded_paths(source),
        })
    }

    /// Returns the keys of the records, in the order in which they are first seen.
    pub(super) fn keys(&self) -> Result<Vec<String>> {
        Err(Error::new(ErrorKind::Project, "cannot transform JSON"))
    }

    pub(super) fn next_batch(&mut self, paths: &[String]) -> Result<Option<RawBatch>> {
        let paths: Vec<Vec<String>> = paths.iter().map(|path| segments(path)).collect();
        let mut batch = BatchBuilder::new(paths.len());
        while !batch.is_full() {
            let Some((line, record)) = self.records.next()? else {
                break;
            };
            match record {
                Ok(record) => self.add_rows(&mut batch, line, &record, &paths),
                Err(malformed) => batch.push_malformed(malformed),
            }
        }
        Ok(batch.finish())
    }

    fn add_rows(&self, batch: &mut BatchBuilder, line: i64, record: &Value, paths: &[Vec<String>]) {
        for row in explode_all(record, &self.exploded) {
            let cells: Vec<_> = paths.iter().map(|path| cell(&row, path)).collect();
            batch.push(line, cells.iter().map(|cell| cell.as_deref()));
        }
    }
}

/// The elements that paths start from, outermost first: the path to each, and itself.
type Anchors<'v> = Vec<(&'v [String], &'v Value)>;

/// Returns the rows of one record.
fn explode_all<'v>(record: &'v Value, exploded: &'v [Vec<String>]) -> Vec<Anchors<'v>> {
    let record: Vec<Anchors<'v>> = vec![vec![(&[], record)]];
    exploded.iter().fold(record, |rows, path| {
        rows.iter().flat_map(|row| explode(row, path)).collect()
    })
}

/// Returns one row for each element of the array at `path`, which is within the
/// innermost element so far. Some tools write a list of one as that one.
fn explode<'v>(row: &Anchors<'v>, path: &'v [String]) -> Vec<Anchors<'v>> {
    let (above, anchor) = row.last().copied().unwrap_or((&[], &Value::Null));
    let rest = path.strip_prefix(above).unwrap_or(path);
    let target = rest.iter().try_fold(anchor, |value, name| value.get(name));
    let elements = match target {
        Some(Value::Array(elements)) => elements.as_slice(),
        Some(single @ Value::Object(_)) => std::slice::from_ref(single),
        _ => return Vec::new(),
    };
    let with = |element| {
        let mut anchors = row.clone();
        anchors.push((path, element));
        anchors
    };
    elements.iter().map(with).collect()
}

/// Returns the text at a path, from the innermost element that the path goes through.
fn cell(row: &Anchors<'_>, path: &[String]) -> Option<String> {
    let (above, anchor) = row
        .iter()
        .rev()
        .find(|(above, _)| path.starts_with(above))?;
    take(anchor, &path[above.len()..])
}

fn take(value: &Value, path: &[String]) -> Option<String> {
    let Some((name, rest)) = path.split_first() else {
        return text(value);
    };
    match value {
        Value::Array(elements) => match name.parse::<i64>() {
            Ok(index) => take(element(elements, index)?, rest),
            Err(_) => join(elements.iter().filter_map(|element| take(element, path))),
        },
        _ => take(value.get(name)?, rest),
    }
}

fn element(elements: &[Value], index: i64) -> Option<&Value> {
    let length = i64::try_from(elements.len()).ok()?;
    let index = if index < 0 { length + index } else { index };
    elements.get(usize::try_from(index).ok()?)
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(elements) => join(elements.iter().filter_map(text)),
        other => Some(other.to_string()),
    }
}

fn join(texts: impl Iterator<Item = String>) -> Option<String> {
    let texts: Vec<String> = texts.collect();
    (!texts.is_empty()).then(|| texts.join(";"))
}

/// Splits `a.b[0].c` into `a`, `b`, `0`, `c`.
fn segments(path: &str) -> Vec<String> {
    let path = path.replace('[', ".").replace(']', "");
    path.split('.')
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Turns `a.b[].c[]` into the paths `a.b` and `a.b.c`.
fn exploded_paths(source: &ExportFormat) -> Vec<Vec<String>> {
    let rows = source.rows.as_deref().unwrap_or_default();
    let mut path: Vec<String> = Vec::new();
    let mut paths = Vec::new();
    for part in rows.split("[]").filter(|part| !part.is_empty()) {
        path.extend(segments(part));
        paths.push(path.clone());
    }
    paths
}

impl Records {
    fn next(&mut self) -> Result<Option<(i64, Result<Value, Malformed>)>> {
        match self {
            Self::Document(records, count) => {
                *count += 1;
                Ok(records.next().map(|record| (*count, Ok(record))))
            }
            Self::Lines {
                origin,
                lines,
                line,
            } => next_line(origin, lines, line),
        }
    }
}

fn next_line(
    origin: &str,
    lines: &mut BufReader<File>,
    line: &mut i64,
) -> Result<Option<(i64, Result<Value, Malformed>)>> {
    loop {
        let mut bytes = Vec::new();
        let read = lines.read_until(b'\n', &mut bytes);
        if read.map_err(|e| fs::failed("read", Path::new(origin), e))? == 0 {
            return Ok(None);
        }
        *line += 1;
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        if text.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let record = serde_json::from_slice(text).map_err(|error| Malformed {
            line: *line,
            expected: "a JSON object".into(),
            found: error.to_string(),
            raw: String::from_utf8_lossy(text).trim_end().to_owned(),
        });
        return Ok(Some((*line, record)));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn at(value: &Value, path: &str) -> Option<String> {
        cell(&vec![(&[] as &[String], value)], &segments(path))
    }

    #[test]
    fn paths_reach_into_objects_and_arrays() {
        let value = json!({"a": {"b": [{"c": 1}, {"c": "x"}], "d": true, "e": null, "f": ""}});
        assert_eq!(at(&value, "a.b[0].c").as_deref(), Some("1"));
        assert_eq!(at(&value, "a.b[-1].c").as_deref(), Some("x"));
        assert_eq!(at(&value, "a.b.c").as_deref(), Some("1;x"));
        assert_eq!(at(&value, "a.d").as_deref(), Some("true"));
        for missing in ["a.e", "a.f", "a.z", "a.b[7].c"] {
            assert_eq!(at(&value, missing), None, "{missing}");
        }
    }

    #[test]
    fn each_element_of_nested_arrays_is_a_row_that_sees_the_levels_above() {
        let value = json!({"key": "K", "more": {"under": {"it": "m"}}, "log": [
            {"at": 1, "items": [{"f": "a"}, {"f": "b"}]},
            {"at": 2, "items": []},
            {"at": 3, "items": [{"f": "c"}]},
        ]});
        let exploded = [segments("log"), segments("log.items")];
        let rows = explode_all(&value, &exploded);
        let texts: Vec<_> = rows
            .iter()
            .map(|row| {
                ["key", "more.under.it", "log.at", "log.items.f"]
                    .map(|p| cell(row, &segments(p)).unwrap_or_default())
                    .join(" ")
            })
            .collect();
        assert_eq!(texts, ["K m 1 a", "K m 1 b", "K m 3 c"]);
    }
}

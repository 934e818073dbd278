//! One way to read every format: a header where there is one, then batches of text.

use std::path::Path;

use super::batch::RawBatch;
use super::csv_reader::CsvReader;
use super::json_reader::JsonReader;
use super::parquet_reader::ParquetReader;
use crate::config::{ExportFormat, Format};
use crate::error::{Error, ErrorKind, Result};
use crate::fs;

/// An open export.
pub(super) enum Reader {
    Csv(Box<CsvReader>),
    Json(Box<JsonReader>),
    Parquet(Box<ParquetReader>),
}

impl Reader {
    /// Opens an export. `origin` is what messages call it.
    pub(super) fn open(path: &Path, origin: &str, source: &ExportFormat) -> Result<Self> {
        let format = source.format.map_or_else(|| format_of(origin), Ok)?;
        check_first_bytes(path, origin, format, source.encoding)?;
        Ok(match format {
            Format::Csv => Self::Csv(Box::new(CsvReader::open(path, origin, source)?)),
            Format::Ndjson => Self::Json(Box::new(JsonReader::open_lines(path, origin, source)?)),
            Format::Json => Self::Json(Box::new(JsonReader::open_document(path, origin, source)?)),
            Format::Parquet => Self::Parquet(Box::new(ParquetReader::open(path, origin)?)),
        })
    }

    /// Opens what a transform made of an export.
    pub(super) fn open_transformed(path: &Path, origin: &str) -> Result<Self> {
        Ok(Self::Parquet(Box::new(ParquetReader::open(path, origin)?)))
    }

    /// Returns the names of all columns, each once; of JSON, the keys of its records.
    pub(super) fn names(&self) -> Result<Vec<String>> {
        let mut names: Vec<String> = match self {
            Self::Csv(reader) => reader.header().to_vec(),
            Self::Json(reader) => reader.keys()?,
            Self::Parquet(reader) => reader.header().to_vec(),
        };
        let mut seen = std::collections::HashSet::new();
        names.retain(|name| seen.insert(name.clone()));
        Ok(names)
    }

    /// Returns the names of the columns; `None` where any path may be asked for.
    pub(super) fn header(&self) -> Option<&[String]> {
        match self {
            Self::Csv(reader) => Some(reader.header()),
            Self::Json(_) => None,
            Self::Parquet(reader) => Some(reader.header()),
        }
    }

    /// Reads the next rows, with the cells of `paths` in that order.
    pub(super) fn next_batch(&mut self, paths: &[String]) -> Result<Option<RawBatch>> {
        match self {
            Self::Csv(reader) => reader.next_batch(paths),
            Self::Json(reader) => reader.next_batch(paths),
            Self::Parquet(reader) => reader.next_batch(paths),
        }
    }
}

fn format_of(origin: &str) -> Result<Format> {
    let ending = origin.rsplit('.').next().unwrap_or_default();
    match ending.to_ascii_lowercase().as_str() {
        "csv" | "tsv" | "txt" => Ok(Format::Csv),
        "ndjson" | "jsonl" => Ok(Format::Ndjson),
        "json" => Ok(Format::Json),
        "parquet" => Ok(Format::Parquet),
        _ => Err(Error::new(
            ErrorKind::Project,
            format!("cannot ingest `{origin}`: expected a name that ends in .csv, .ndjson, .json or .parquet"),
        )
        .hint("say what it is with `format = \"csv\"`")),
    }
}

/// Refuses a file that is visibly something else than its format.
fn check_first_bytes(
    path: &Path,
    origin: &str,
    format: Format,
    encoding: &'static encoding_rs::Encoding,
) -> Result<()> {
    let mut first = [0; 512];
    let mut file = fs::open(path)?;
    let length =
        std::io::Read::read(&mut file, &mut first).map_err(|e| fs::failed("read", path, e))?;
    let first = &first[..length];
    let expected = match format {
        Format::Csv => "separated values with a header line",
        Format::Ndjson => "one JSON object a line",
        Format::Json => "a JSON document",
        Format::Parquet => "a Parquet file",
    };
    let found = match first {
        [] => "an empty file",
        _ if first.starts_with(b"PAR1") => "a Parquet file",
        _ if first.starts_with(b"PK\x03\x04") => "a ZIP archive (or an Excel workbook)",
        _ if first.starts_with(&[0x1f, 0x8b]) => "a gzip archive",
        _ if first.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) => "a zstd archive",
        _ if first.starts_with(b"%PDF") => "a PDF document",
        _ if looks_like_html(first) => "an HTML page (perhaps a login page)",
        _ if is_utf16(first) => "UTF-16 text",
        _ if first.contains(&0) => "binary data",
        _ if looks_like_json(first) => "JSON",
        _ => "text",
    };
    let is_right = match format {
        Format::Csv => {
            found == "text" || (found == "UTF-16 text" && encoding.name().starts_with("UTF-16"))
        }
        Format::Ndjson | Format::Json => found == "JSON",
        Format::Parquet => found == "a Parquet file",
    };
    if is_right {
        return Ok(());
    }
    let error = Error::new(
        ErrorKind::Input,
        format!("cannot ingest `{origin}`: expected {expected}, found {found}"),
    );
    Err(match found {
        "an empty file" => error.hint("export it again, or take the source out"),
        "UTF-16 text" => error.hint("declare `encoding = \"utf-16\"` for this source"),
        _ => error.hint("export it again, or declare its `format`"),
    })
}

fn looks_like_html(first: &[u8]) -> bool {
    let text = String::from_utf8_lossy(first)
        .trim_start()
        .to_ascii_lowercase();
    text.starts_with("<!doctype") || text.starts_with("<html") || text.starts_with("<?xml")
}

fn looks_like_json(first: &[u8]) -> bool {
    let text = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first);
    let start = text.iter().find(|byte| !byte.is_ascii_whitespace());
    matches!(start, Some(b'{' | b'['))
}

fn is_utf16(first: &[u8]) -> bool {
    first.starts_with(&[0xff, 0xfe]) || first.starts_with(&[0xfe, 0xff])
}

//! One way to read every format: a header where there is one, then batches of text.
//!
//! The bytes of a file pass through layers, each of which knows one thing: the
//! archive around them (`archive.rs`), what they visibly are (`first_bytes.rs`), the
//! encoding of text (`decode.rs`), and at last the format.

use std::path::Path;

use super::archive;
use super::arff_reader::ArffReader;
use super::batch::RawBatch;
use super::csv_columns::Columns;
use super::csv_reader::CsvReader;
use super::decode::decode;
use super::first_bytes;
use super::json_reader::{JsonReader, WHOLE};
use super::parquet_reader::ParquetReader;
use super::text_reader::TextReader;
use crate::config::{ExportFormat, Format};
use crate::error::{Error, ErrorKind, Result};

/// An open export.
pub(super) enum Reader {
    Arff(Box<ArffReader>),
    Csv(Box<CsvReader>),
    Json(Box<JsonReader>),
    Parquet(Box<ParquetReader>),
    Text(Box<TextReader>),
}

impl Reader {
    /// Opens an export. `origin` is what messages call it, `within` its path within the
    /// folder of the source, which a text has as a column.
    pub(super) fn open(
        path: &Path,
        origin: &str,
        within: &str,
        export: &ExportFormat,
    ) -> Result<Self> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let usual = |error| export.usual_format.ok_or(error);
        let format = match export.format {
            Some(format) => format,
            None => format_of(&name, origin)
                .or_else(|_| format_of(origin, origin))
                .or_else(usual)?,
        };
        if export.encoding == encoding_rs::REPLACEMENT {
            return Err(unreadable_encoding(origin));
        }
        let unpacked = archive::open(path, origin)?;
        first_bytes::check(&unpacked, origin, format, export)?;
        if format == Format::Parquet {
            let reader = ParquetReader::open(path, origin)?;
            return Ok(Self::Parquet(Box::new(reader)));
        }
        let text = decode(unpacked.first, unpacked.rest, export.encoding);
        Ok(match format {
            Format::Arff => Self::Arff(Box::new(ArffReader::open(text, origin, export)?)),
            Format::Csv => Self::Csv(Box::new(CsvReader::open(text, origin, export)?)),
            Format::Text | Format::Lines => {
                let reader = TextReader::open(text, origin, within, format, export);
                Self::Text(Box::new(reader))
            }
            _ => Self::Json(Box::new(JsonReader::open(text, origin, format, export)?)),
        })
    }

    /// Opens what a transform made of an export.
    pub(super) fn open_transformed(path: &Path, origin: &str) -> Result<Self> {
        Ok(Self::Parquet(Box::new(ParquetReader::open(path, origin)?)))
    }

    /// Returns what to ask for and what a transform calls it: every column; of JSON
    /// the record as a whole.
    pub(super) fn raw_columns(&self) -> Vec<(String, String)> {
        let Some(header) = self.header() else {
            return vec![(WHOLE.to_owned(), "record".to_owned())];
        };
        let mut columns: Vec<(String, String)> = Vec::new();
        for name in header.iter().filter(|name| !name.is_empty()) {
            if !columns.iter().any(|(known, _)| known == name) {
                columns.push((name.clone(), name.clone()));
            }
        }
        columns
    }

    /// Returns the names of the columns, where need be several of one name; `None`
    /// where any path may be asked for.
    pub(super) fn header(&self) -> Option<&[String]> {
        match self {
            Self::Arff(reader) => Some(reader.header()),
            Self::Csv(reader) => Some(reader.header()),
            Self::Json(_) => None,
            Self::Parquet(reader) => Some(reader.header()),
            Self::Text(reader) => Some(reader.header()),
        }
    }

    /// Returns what a path means in this export. In JSON every path may be asked for.
    pub(super) fn columns_of(&self, path: &str) -> Columns {
        match self {
            Self::Arff(reader) => reader.columns_of(path),
            Self::Csv(reader) => reader.columns_of(path),
            Self::Json(_) => Columns::One,
            Self::Parquet(reader) => reader.columns_of(path),
            Self::Text(reader) => reader.columns_of(path),
        }
    }

    /// Says what was noticed of the rows that were read.
    pub(super) fn notice(&self) -> Option<String> {
        match self {
            Self::Json(reader) => reader.notice(),
            _ => None,
        }
    }

    /// Reads the next rows, with the cells of `paths` in that order.
    pub(super) fn next_batch(&mut self, paths: &[String]) -> Result<Option<RawBatch>> {
        match self {
            Self::Arff(reader) => reader.next_batch(paths),
            Self::Csv(reader) => reader.next_batch(paths),
            Self::Json(reader) => reader.next_batch(paths),
            Self::Parquet(reader) => reader.next_batch(paths),
            Self::Text(reader) => reader.next_batch(paths),
        }
    }
}

/// Some labels mean an encoding that nobody decodes, for reasons of safety.
fn unreadable_encoding(origin: &str) -> Error {
    Error::new(
        ErrorKind::Project,
        format!("cannot ingest `{origin}`: expected an `encoding` that can be read, found one that cannot"),
    )
    .hint("export it as UTF-8")
}

/// Tells the format by a name's ending, behind that of an archive.
fn format_of(name: &str, origin: &str) -> Result<Format> {
    let name = name.to_ascii_lowercase();
    let archived = [".gz", ".zst"]
        .iter()
        .find_map(|end| name.strip_suffix(end));
    let name = archived.unwrap_or(&name);
    match name.rsplit('.').next().unwrap_or_default() {
        "arff" => Ok(Format::Arff),
        "csv" | "tsv" | "txt" => Ok(Format::Csv),
        "ndjson" | "jsonl" => Ok(Format::Ndjson),
        "json" => Ok(Format::Json),
        "parquet" => Ok(Format::Parquet),
        _ => Err(Error::new(
            ErrorKind::Project,
            format!("cannot ingest `{origin}`: expected a name that ends in .csv, .ndjson, .json, .parquet or .arff, perhaps with .gz or .zst behind"),
        )
        .hint("say what it is with `format = \"csv\"`")),
    }
}

#[cfg(test)]
mod tests;

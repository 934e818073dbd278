//! Separated values: every record checked for its number of fields.
//!
//! Nothing is guessed: separator and encoding are declared, every cell is text.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use csv::ByteRecord;
use encoding_rs_io::{DecodeReaderBytes, DecodeReaderBytesBuilder};

use super::batch::{BatchBuilder, Malformed, RawBatch};
use super::quote_watch::QuoteWatch;
use crate::config::ExportFormat;
use crate::error::{Error, ErrorKind, Result};
use crate::fs;

type Text = QuoteWatch<DecodeReaderBytes<BufReader<File>, Vec<u8>>>;

/// An open CSV export.
pub(super) struct CsvReader {
    origin: String,
    header: Vec<String>,
    records: csv::Reader<Text>,
    record: ByteRecord,
}

impl CsvReader {
    pub(super) fn open(path: &Path, origin: &str, source: &ExportFormat) -> Result<Self> {
        let encoding = Some(source.encoding).filter(|it| *it != encoding_rs::UTF_8);
        let text = DecodeReaderBytesBuilder::new()
            .encoding(encoding)
            .bom_override(true)
            .strip_bom(true)
            .utf8_passthru(true)
            .build(BufReader::with_capacity(1 << 20, fs::open(path)?));
        let mut records = csv::ReaderBuilder::new()
            .delimiter(source.separator)
            .flexible(true)
            .from_reader(QuoteWatch::new(text, source.separator));
        let header = records.byte_headers().map_err(|e| unreadable(origin, &e))?;
        let header = header
            .iter()
            .map(|name| String::from_utf8_lossy(name).trim().to_owned())
            .collect();
        Ok(Self {
            origin: origin.to_owned(),
            header,
            records,
            record: ByteRecord::new(),
        })
    }

    pub(super) fn header(&self) -> &[String] {
        &self.header
    }

    pub(super) fn next_batch(&mut self, paths: &[String]) -> Result<Option<RawBatch>> {
        let places = self.places(paths)?;
        let mut batch = BatchBuilder::new(paths.len());
        while !batch.is_full() {
            let more = self.records.read_byte_record(&mut self.record);
            if !more.map_err(|e| unreadable(&self.origin, &e))? {
                self.check_quotes()?;
                break;
            }
            self.add_record(&mut batch, &places);
        }
        Ok(batch.finish())
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
        .hint("export it again, or double the quotes within quoted cells"))
    }

    fn places(&self, paths: &[String]) -> Result<Vec<usize>> {
        let place = |path: &String| {
            let mut found = self
                .header
                .iter()
                .enumerate()
                .filter(|(_, name)| *name == path);
            let place = found.next().map(|(place, _)| place);
            match (place, found.next()) {
                (Some(place), None) => Ok(place),
                (Some(_), Some(_)) => Err(Error::new(
                    ErrorKind::Input,
                    format!(
                        "cannot ingest `{}` line 1: expected one column `{path}`, found several",
                        self.origin
                    ),
                )
                .hint("rename one of them in the export")),
                (None, _) => Err(Error::new(
                    ErrorKind::Internal,
                    format!("cannot ingest `{}`: no column `{path}`", self.origin),
                )),
            }
        };
        paths.iter().map(place).collect()
    }

    fn add_record(&self, batch: &mut BatchBuilder, places: &[usize]) {
        let line = self.record.position().map_or(0, csv::Position::line);
        let line = i64::try_from(line).unwrap_or(i64::MAX);
        let mut malformed = |expected: String, found: String| {
            batch.push_malformed(Malformed {
                line,
                expected,
                found,
                raw: raw_text(&self.record),
            });
        };
        if self.record.len() != self.header.len() {
            let expected = format!("{} fields", self.header.len());
            return malformed(expected, format!("{}", self.record.len()));
        }
        if places
            .iter()
            .any(|place| std::str::from_utf8(&self.record[*place]).is_err())
        {
            return malformed("UTF-8 text".into(), "other bytes".into());
        }
        let cells = places.iter().map(|place| {
            let text = std::str::from_utf8(&self.record[*place]).unwrap_or_default();
            (!text.is_empty()).then_some(text)
        });
        batch.push(line, cells);
    }
}

fn raw_text(record: &ByteRecord) -> String {
    let fields: Vec<_> = record.iter().map(String::from_utf8_lossy).collect();
    serde_json::to_string(&fields).unwrap_or_default()
}

fn unreadable(origin: &str, error: &csv::Error) -> Error {
    Error::new(
        ErrorKind::Input,
        format!("cannot ingest `{origin}`: expected separated values, found {error}"),
    )
    .hint("declare the separator and the encoding of the source")
}

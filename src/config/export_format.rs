//! How an export is written: its format, its encoding, its separators, its zone.
//!
//! A preset says some of it, a source the rest; the source's own words win.

use std::collections::BTreeSet;

use chrono_tz::Tz;
use encoding_rs::Encoding;

use super::cell_format::NumberStyle;
use super::entry::near_word;
use super::section::Section;

/// What kind of file an export is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Attributes that are declared, and rows of their values.
    Arff,
    /// Separated values with a header.
    Csv,
    /// One JSON object a line.
    Ndjson,
    /// One JSON document.
    Json,
    /// Apache Parquet.
    Parquet,
    /// Text, of which a file is one row.
    Text,
    /// Text, of which a line is one row.
    Lines,
}

impl Format {
    fn parse(text: &str) -> Result<Self, String> {
        match text {
            "arff" => Ok(Self::Arff),
            "csv" | "tsv" => Ok(Self::Csv),
            "ndjson" | "jsonl" => Ok(Self::Ndjson),
            "json" => Ok(Self::Json),
            "parquet" => Ok(Self::Parquet),
            "text" => Ok(Self::Text),
            "lines" => Ok(Self::Lines),
            _ => Err("csv, ndjson, json, parquet, arff, text or lines".into()),
        }
    }
}

/// How an export is written.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportFormat {
    /// The format; `None` is told by the file's ending.
    pub format: Option<Format>,
    /// The format where the ending does not tell it either.
    pub usual_format: Option<Format>,
    /// The encoding of text; UTF-16 is told by its byte-order mark where there is one.
    pub encoding: &'static Encoding,
    /// The separator of a CSV.
    pub separator: u8,
    /// What a cell of a CSV is quoted with; `None` where none is.
    pub quote: Option<u8>,
    /// What escapes a quote within a quoted cell; `None` where quotes are doubled.
    pub escape: Option<u8>,
    /// Lines above the header of a CSV, or above the first that is read of a text.
    pub skip_lines: u32,
    /// The names of the columns of a CSV without a header line.
    pub header: Option<Vec<String>>,
    /// Words that mean null, beside the empty field.
    pub nulls: BTreeSet<String>,
    /// The decimal mark of numbers and durations.
    pub decimal: u8,
    /// What groups the digits of numbers.
    pub thousands: Option<char>,
    /// The zone of instants that are written without one.
    pub time_zone: Tz,
    /// The path of the array of which each element is a record of a JSON export.
    pub records: Option<String>,
    /// The arrays of a record to explode, such as `changelog.histories[].items[]`.
    pub rows: Option<String>,
}

impl ExportFormat {
    /// Returns how numbers are written.
    pub fn number_style(&self) -> NumberStyle {
        NumberStyle {
            decimal: self.decimal,
            thousands: self.thousands,
        }
    }
}

impl Default for ExportFormat {
    fn default() -> Self {
        FormatWords::default().over(FormatWords::default(), Tz::UTC)
    }
}

/// What a source or a preset says of an export's format.
#[derive(Debug, Clone, Default)]
pub(super) struct FormatWords {
    format: Option<Format>,
    encoding: Option<&'static Encoding>,
    separator: Option<u8>,
    quote: Option<Option<u8>>,
    escape: Option<u8>,
    skip_lines: Option<u32>,
    header: Option<Vec<String>>,
    nulls: Option<Vec<String>>,
    decimal: Option<u8>,
    thousands: Option<char>,
    time_zone: Option<Tz>,
    records: Option<String>,
}

impl FormatWords {
    pub(super) fn read(section: &Section<'_>) -> Self {
        let words = Self {
            format: section.parsed_or("format", Format::parse, |text| {
                let hint = "leave `format` out where the file's ending says it; a workbook is exported as CSV first";
                near_word(text, &["csv", "ndjson", "json", "parquet", "text", "lines"]).or(Some(hint.into()))
            }),
            encoding: section.parsed_or("encoding", parse_encoding, |text| {
                let hint = "leave it out for UTF-8; old Windows programs write windows-1252";
                near_word(text, &ENCODINGS).or(Some(hint.into()))
            }),
            separator: section.parsed("separator", parse_separator),
            quote: section.parsed("quote", |text| match text {
                "" => Ok(None),
                text => parse_separator(text).map(Some),
            }),
            escape: section.parsed("escape", parse_separator),
            skip_lines: section.parsed_number("skip_lines"),
            header: section.texts("header"),
            nulls: section.texts("nulls"),
            decimal: section.parsed("decimal", |text| match text {
                "." => Ok(b'.'),
                "," => Ok(b','),
                _ => Err("`.` or `,`".into()),
            }),
            thousands: section.parsed("thousands", parse_character),
            time_zone: section.parsed_or("time_zone", super::parse_zone, super::near_zone),
            records: section.text("records").map(str::to_owned),
        };
        if words.thousands == Some(char::from(words.decimal.unwrap_or(b'.'))) {
            let what = "`thousands`: expected another mark than the decimal mark, found the same";
            section.problem_at("thousands", what, None);
        }
        if words.quote.flatten() == Some(words.separator.unwrap_or(b',')) {
            let what = "`quote`: expected another character than the separator, found the same";
            section.problem_at("quote", what, None);
        }
        words
    }

    /// Returns the format: these words, else those of the preset, else the defaults.
    /// A preset's `format` gives way to the ending of a file's own name.
    pub(super) fn over(self, preset: Self, zone: Tz) -> ExportFormat {
        ExportFormat {
            format: self.format,
            usual_format: preset.format,
            encoding: self
                .encoding
                .or(preset.encoding)
                .unwrap_or(encoding_rs::UTF_8),
            separator: self.separator.or(preset.separator).unwrap_or(b','),
            quote: self.quote.or(preset.quote).unwrap_or(Some(b'"')),
            escape: self.escape.or(preset.escape),
            skip_lines: self.skip_lines.or(preset.skip_lines).unwrap_or(0),
            header: self.header.or(preset.header),
            nulls: self
                .nulls
                .or(preset.nulls)
                .unwrap_or_default()
                .into_iter()
                .collect(),
            decimal: self.decimal.or(preset.decimal).unwrap_or(b'.'),
            thousands: self.thousands.or(preset.thousands),
            time_zone: self.time_zone.or(preset.time_zone).unwrap_or(zone),
            records: self.records.or(preset.records),
            rows: None,
        }
    }
}

fn parse_separator(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        b"tab" | b"\\t" => Ok(b'\t'),
        [byte] if byte.is_ascii() => Ok(*byte),
        _ => Err("one character such as `;`".into()),
    }
}

fn parse_character(text: &str) -> Result<char, String> {
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some(one), None) if !one.is_ascii_digit() => Ok(one),
        _ => Err("one character such as `.`".into()),
    }
}

/// The encodings that exports have most.
const ENCODINGS: [&str; 9] = [
    "utf-8",
    "utf-16",
    "windows-1252",
    "windows-1251",
    "latin-1",
    "iso-8859-15",
    "shift_jis",
    "gbk",
    "euc-kr",
];

fn parse_encoding(text: &str) -> Result<&'static Encoding, String> {
    let label = match text.to_ascii_lowercase().as_str() {
        "latin-1" => "latin1".to_owned(),
        "utf16" => "utf-16".to_owned(),
        other => other.to_owned(),
    };
    Encoding::for_label_no_replacement(label.as_bytes())
        .ok_or_else(|| "an encoding such as utf-8, utf-16, windows-1252 or latin-1".into())
}

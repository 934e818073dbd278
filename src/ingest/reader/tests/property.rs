//! Arbitrary bytes and arbitrary tables.

use encoding_rs::{Encoding, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use proptest::prelude::*;

use super::*;

const ENCODINGS: [&Encoding; 5] = [UTF_8, WINDOWS_1252, UTF_16LE, UTF_16BE, SHIFT_JIS];

fn settings(cases: u32) -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases)
    }
}

fn encode(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    match encoding {
        _ if encoding == UTF_16LE => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        _ if encoding == UTF_16BE => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        _ => encoding.encode(text).0.into_owned(),
    }
}

/// Bytes that are near to an export of some kind.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let csv = "[ab,;\"'\\\\\r\n\t\0ü]{0,60}";
    let json = "[\\[\\]{}\",:0-9a\\\\ \n\r]{0,60}";
    let lines = "(\\{\"a\": ?(1|\"x\"|\\[1,\\{\"b\":2\\}\\]|NaN|null),?\"b\":\\{\\}\\}[\n,]?){0,5}";
    let starts = prop::sample::select(vec![
        &b""[..],
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\x1f\x8b\x08",
        b"\x28\xb5\x2f\xfd",
        b"PAR1",
        b"{\"is\":[",
        b"[",
    ]);
    let rest = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..80),
        csv.prop_map(String::into_bytes),
        json.prop_map(String::into_bytes),
        lines.prop_map(String::into_bytes),
    ];
    let packed = prop::sample::select(vec![None, Some(gzip as fn(&[u8]) -> _), Some(zstd)]);
    (starts, rest, packed).prop_map(|(start, rest, pack)| {
        let bytes = [start, &rest].concat();
        pack.map_or_else(|| bytes.clone(), |pack| pack(&bytes))
    })
}

fn export() -> impl Strategy<Value = ExportFormat> {
    let formats = [Format::Csv, Format::Ndjson, Format::Json, Format::Parquet];
    let quotes = [None, Some(b'"'), Some(b'\'')];
    let headers = [
        None,
        Some(vec![]),
        Some(vec!["a".to_owned(), "a".to_owned()]),
    ];
    let paths = [None, Some("is".to_owned()), Some("a.b".to_owned())];
    let rows = [None, Some("a[]".to_owned()), Some("a[].b[]".to_owned())];
    (
        prop::sample::select(formats.to_vec()),
        prop::sample::select(ENCODINGS.to_vec()),
        prop::sample::select(quotes.to_vec()),
        prop::sample::select(vec![None, Some(b'\\'), Some(b'"')]),
        0_u32..3,
        prop::sample::select(headers.to_vec()),
        prop::sample::select(paths.to_vec()),
        prop::sample::select(rows.to_vec()),
    )
        .prop_map(
            |(format, encoding, quote, escape, skip_lines, header, records, rows)| ExportFormat {
                format: Some(format),
                encoding,
                quote,
                escape,
                skip_lines,
                header,
                records,
                rows,
                ..ExportFormat::default()
            },
        )
}

/// A table of text, each row as long as the header.
fn table(letters: &'static str) -> impl Strategy<Value = Vec<Vec<String>>> {
    (1_usize..5).prop_flat_map(move |width| {
        prop::collection::vec(prop::collection::vec(letters, width), 0..12)
    })
}

/// Writes a cell so that it can be read back.
fn write_cell(cell: &str, export: &ExportFormat) -> String {
    let Some(quote) = export.quote.map(char::from) else {
        return cell.to_owned();
    };
    let needs_quote = cell.is_empty() || cell.contains([quote, char::from(export.separator), '\n']);
    if !needs_quote {
        return cell.to_owned();
    }
    let text = match export.escape.map(char::from) {
        None => cell.replace(quote, &format!("{quote}{quote}")),
        Some(escape) => cell
            .replace(escape, &format!("{escape}{escape}"))
            .replace(quote, &format!("{escape}{quote}")),
    };
    format!("{quote}{text}{quote}")
}

fn write_table(rows: &[Vec<String>], export: &ExportFormat, line_end: &str) -> String {
    let separator = char::from(export.separator).to_string();
    let width = rows.first().map_or(1, Vec::len);
    let header: Vec<String> = (0..width).map(|place| format!("c{place}")).collect();
    let row = |cells: &Vec<String>| {
        let cells: Vec<String> = cells.iter().map(|cell| write_cell(cell, export)).collect();
        cells.join(&separator)
    };
    let lines = std::iter::repeat_n("above \" '".to_owned(), export.skip_lines as usize)
        .chain([row(&header)])
        .chain(rows.iter().map(row));
    lines
        .map(|line| line.replace('\n', line_end) + line_end)
        .collect()
}

proptest! {
    #![proptest_config(settings(1_000))]

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in bytes(), export in export()) {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        crate::fs::write(file.path(), &bytes).expect("it can be written");
        let read = || -> Result<(usize, usize)> {
            let mut reader = Reader::open(file.path(), "x", "x", &export)?;
            let paths: Vec<String> = match reader.header() {
                Some(header) => header.iter().filter(|name| !name.is_empty()).cloned().collect(),
                None => vec!["a".into(), "a.b".into(), "a[0]".into()],
            };
            let (mut rows, mut malformed) = (0, 0);
            while let Some(batch) = reader.next_batch(&paths)? {
                assert!(!batch.lines.is_empty() || !batch.malformed.is_empty());
                assert_eq!(batch.columns.len(), paths.len());
                assert!(batch.columns.iter().all(|column| column.len() == batch.lines.len()));
                assert!((0..batch.lines.len()).all(|row| !batch.raw(row).is_empty()));
                assert!(batch.lines.iter().all(|line| *line > 0));
                rows += batch.lines.len();
                malformed += batch.malformed.len();
            }
            Ok((rows, malformed))
        };
        let outcome = read();
        if let Err(error) = &outcome {
            let is_told = error.to_string().starts_with("cannot ingest `x`");
            prop_assert!(is_told && error.kind() == ErrorKind::Input, "{error}");
        }
        prop_assert_eq!(outcome.ok(), read().ok(), "reading is no game of chance");
    }
}

proptest! {
    #![proptest_config(settings(500))]

    #[test]
    fn a_table_that_is_written_as_csv_is_read_back(
        rows in table("[ab 0-9,;|\t\"'\\\\\nüéß\u{a0}]{0,6}"),
        separator in prop::sample::select(b",;|\t".to_vec()),
        quote in prop::sample::select(b"\"'".to_vec()),
        escape in prop::option::of(Just(b'\\')),
        encoding in prop::sample::select(vec![UTF_8, WINDOWS_1252, UTF_16LE, UTF_16BE]),
        has_mark in any::<bool>(),
        line_end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
        skip_lines in 0_u32..3,
        pack in any::<bool>(),
    ) {
        let export = ExportFormat {
            format: Some(Format::Csv),
            separator,
            quote: Some(quote),
            escape,
            encoding,
            skip_lines,
            ..ExportFormat::default()
        };
        let text = write_table(&rows, &export, line_end);
        let mark = if has_mark && encoding != WINDOWS_1252 { "\u{feff}" } else { "" };
        let mut bytes = encode(&format!("{mark}{text}"), encoding);
        if pack {
            bytes = gzip(&bytes);
        }
        let width = rows.first().map_or(1, Vec::len);
        let paths: Vec<String> = (0..width).map(|place| format!("c{place}")).collect();
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        let found = read("x", &bytes, &export, &paths).expect("it can be read");
        let shown = |cell: &String| if cell.is_empty() { "-".to_owned() } else { cell.clone() };
        let expected: Vec<String> = rows
            .iter()
            .map(|row| row.iter().map(shown).collect::<Vec<_>>().join("|"))
            .collect();
        prop_assert_eq!(found.malformed, []);
        prop_assert_eq!(found.rows, expected);
        let mut line = i64::from(skip_lines) + 2;
        for (row, found) in rows.iter().zip(found.lines) {
            prop_assert_eq!(found, line);
            line += 1 + row.iter().map(|cell| cell.matches('\n').count() as i64).sum::<i64>();
        }
    }

    #[test]
    fn a_table_without_quotes_is_read_back_from_any_encoding(
        rows in table("[a-c\"'日本語]{1,5}"),
        encoding in prop::sample::select(vec![UTF_8, UTF_16LE, SHIFT_JIS]),
    ) {
        let export = ExportFormat {
            format: Some(Format::Csv),
            quote: None,
            encoding,
            ..ExportFormat::default()
        };
        let bytes = encode(&write_table(&rows, &export, "\n"), encoding);
        let found = read("x", &bytes, &export, &["c0"]).expect("it can be read");
        let expected: Vec<&String> = rows.iter().map(|row| &row[0]).collect();
        prop_assert_eq!(found.rows.iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_table_that_is_written_as_json_is_read_back(
        rows in prop::collection::vec((any::<String>(), any::<f64>()), 0..10),
        is_pretty in any::<bool>(),
        encoding in prop::sample::select(vec![UTF_8, UTF_16LE]),
    ) {
        let object = |(text, number): &(String, f64)| serde_json::json!({"t": text, "n": number});
        let objects: Vec<serde_json::Value> = rows.iter().map(object).collect();
        let document = serde_json::json!({"more": "[{", "is": objects.clone()});
        let written = match is_pretty {
            true => serde_json::to_string_pretty(&document),
            false => serde_json::to_string(&document),
        };
        let lines: String = objects.iter().map(|object| format!("{object}\n")).collect();
        let expected: Vec<String> = objects
            .iter()
            .map(|object| match object["t"].as_str() {
                Some("") | None => format!("-|{}", object["n"]),
                Some(text) => format!("{text}|{}", object["n"]),
            })
            .collect();
        let mut export = ExportFormat {
            encoding,
            records: Some("is".into()),
            ..ExportFormat::default()
        };
        let bytes = encode(&written.expect("it is JSON"), encoding);
        let found = read("x.json", &bytes, &export, &["t", "n"]).expect("it can be read");
        prop_assert_eq!(&found.rows, &expected);
        if !lines.is_empty() {
            export.records = None;
            let bytes = encode(&lines, encoding);
            let found = read("x.ndjson", &bytes, &export, &["t", "n"]).expect("it can be read");
            prop_assert_eq!(&found.rows, &expected);
        }
    }
}

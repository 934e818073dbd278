//! Whole files of every format, as exports have them.

mod csv;
mod json;
mod property;
mod text;

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;
use crate::ingest::batch::Malformed;

/// What a reader made of a file.
#[derive(Debug, Default, PartialEq)]
struct Table {
    header: Option<Vec<String>>,
    lines: Vec<i64>,
    /// The cells of each row, with `-` for null and a bar between.
    rows: Vec<String>,
    raw: Vec<String>,
    malformed: Vec<Malformed>,
}

/// Reads a file with these bytes.
fn read(name: &str, bytes: &[u8], export: &ExportFormat, paths: &[&str]) -> Result<Table> {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    crate::fs::write(file.path(), bytes)?;
    let mut reader = Reader::open(file.path(), name, name, export)?;
    let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
    let mut table = Table {
        header: reader.header().map(<[String]>::to_vec),
        ..Table::default()
    };
    while let Some(batch) = reader.next_batch(&paths)? {
        assert!(batch.columns.iter().all(|c| c.len() == batch.lines.len()));
        for row in 0..batch.lines.len() {
            let cells = batch.columns.iter().map(|c| c.get(row).unwrap_or("-"));
            table.rows.push(cells.collect::<Vec<_>>().join("|"));
            table.raw.push(batch.raw(row));
        }
        table.lines.extend(&batch.lines);
        table.malformed.extend(batch.malformed);
    }
    Ok(table)
}

fn rows(name: &str, text: &str, export: &ExportFormat, paths: &[&str]) -> Vec<String> {
    read(name, text.as_bytes(), export, paths)
        .unwrap_or_else(|error| panic!("it can be read: {error}"))
        .rows
}

fn error(name: &str, bytes: &[u8], export: &ExportFormat, paths: &[&str]) -> String {
    let error = read(name, bytes, export, paths).expect_err("it cannot be read");
    assert!(matches!(
        error.kind(),
        ErrorKind::Input | ErrorKind::Project
    ));
    error.to_string()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).expect("memory takes it")
}

#[test]
fn the_ending_is_looked_for_behind_that_of_an_archive() {
    let format = |name| format_of(name, name).ok();
    assert_eq!(format("a/b.CSV"), Some(Format::Csv));
    assert_eq!(format("b.tsv.gz"), Some(Format::Csv));
    assert_eq!(format("b.json.zst"), Some(Format::Json));
    assert_eq!(format("b.jsonl.GZ"), Some(Format::Ndjson));
    assert_eq!(format("b.gz"), None);
    assert_eq!(format("csv"), Some(Format::Csv));
}

#[test]
fn every_text_format_is_read_out_of_every_archive() {
    let export = ExportFormat::default();
    let exports = [
        ("x.csv", "id,b\n1,x\n2,y\n"),
        (
            "x.ndjson",
            "{\"id\":1,\"b\":\"x\"}\n{\"id\":2,\"b\":\"y\"}\n",
        ),
        ("x.json", "[{\"id\":1,\"b\":\"x\"},{\"id\":2,\"b\":\"y\"}]"),
    ];
    for (name, text) in exports {
        for packed in [gzip(text.as_bytes()), zstd(text.as_bytes()), text.into()] {
            let table = read(name, &packed, &export, &["b", "id"]).expect("it can be read");
            assert_eq!(table.rows, ["x|1", "y|2"], "{name}");
        }
    }
}

#[test]
fn an_archive_that_is_cut_off_is_told_by_every_reader() {
    // Long and hard to pack, so that rows are read before the end is missed.
    let number = |i: u64| i.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_string();
    let lines = |write: fn(String) -> String| -> String {
        (0..40_000).map(|i| write(number(i)) + "\n").collect()
    };
    let csv = String::from("id\n") + &lines(|text| text);
    let ndjson = lines(|text| format!("{{\"id\":{text}}}"));
    let json = format!("[{}1]", lines(|text| format!("{{\"id\":{text}}},")));
    let latin = ExportFormat {
        encoding: encoding_rs::WINDOWS_1252,
        ..ExportFormat::default()
    };
    for (name, text) in [("x.csv", csv), ("x.ndjson", ndjson), ("x.json", json)] {
        for export in [&ExportFormat::default(), &latin] {
            for (archive, packed) in [
                ("gzip", gzip(text.as_bytes())),
                ("zstd", zstd(text.as_bytes())),
            ] {
                let cut = &packed[..packed.len() - 9];
                let told = error(name, cut, export, &["id"]);
                let expected = format!(
                    "cannot ingest `{name}`: expected a whole {archive} archive, found it cut off"
                );
                assert!(told.starts_with(&expected), "{told}");
            }
        }
    }
}

#[test]
fn what_is_something_else_is_told() {
    let export = ExportFormat::default();
    let told = |name, bytes: &[u8]| error(name, bytes, &export, &[]);
    assert!(told("x.csv", b"").contains("found an empty file"));
    assert!(told("x.csv.gz", &gzip(b"")).contains("found an empty file in a gzip archive"));
    assert!(told("x.csv", &zstd(&gzip(b"a"))).contains("found a gzip archive in a zstd archive"));
    assert!(told("x.csv", b" <!DOCTYPE html>").contains("found an HTML page"));
    assert!(told("x.json", b"42").contains("found text"));
    assert!(told("x.ndjson", b"\"text\"\n").contains("found text"));
    assert!(
        told("x.parquet.gz", &gzip(b"PAR1")).contains("found a Parquet file in a gzip archive")
    );
    assert!(told("x.parquet", b"PAR1").contains("expected a Parquet file that is whole"));
    assert!(told("x.xlsx", b"PK\x03\x04").contains("expected a name that ends in"));
}

#[test]
fn emptiness_is_seen_through_an_archive() {
    let is_empty = |bytes: &[u8]| {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        crate::fs::write(file.path(), bytes).expect("it can be written");
        archive::is_empty(file.path(), "x").expect("it can be read")
    };
    assert!(is_empty(b"") && is_empty(&gzip(b"")) && is_empty(&zstd(b"")));
    assert!(!is_empty(b"x") && !is_empty(&gzip(b"x")));
}

#[test]
fn an_encoding_that_nobody_decodes_is_told() {
    let export = ExportFormat {
        encoding: encoding_rs::REPLACEMENT,
        ..ExportFormat::default()
    };
    assert!(error("x.csv", b"id\n1\n", &export, &[]).contains("expected an `encoding`"));
}

//! Parquet with columns in columns, lists, and values of every kind.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryArray, Decimal128Array, Int64Array, ListArray, RecordBatch, StringArray,
    StructArray,
};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{Field, Int32Type};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;

use super::*;

/// What a reader made of a file.
struct Table {
    header: Vec<String>,
    lines: Vec<i64>,
    /// The cells of each row, with `-` for null and a bar between.
    rows: Vec<String>,
    raw: Vec<String>,
}

fn open(bytes: &[u8]) -> Result<ParquetReader> {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    fs::write(file.path(), bytes)?;
    ParquetReader::open(file.path(), "x.parquet")
}

fn read(bytes: &[u8], paths: &[&str]) -> Result<Table> {
    let mut reader = open(bytes)?;
    let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
    let mut table = Table {
        header: reader.header().to_vec(),
        lines: Vec::new(),
        rows: Vec::new(),
        raw: Vec::new(),
    };
    while let Some(batch) = reader.next_batch(&paths)? {
        for row in 0..batch.lines.len() {
            let cells = batch.columns.iter().map(|c| c.get(row).unwrap_or("-"));
            table.rows.push(cells.collect::<Vec<_>>().join("|"));
            table.raw.push(batch.raw(row));
        }
        table.lines.extend(&batch.lines);
    }
    Ok(table)
}

fn error(bytes: &[u8], paths: &[&str]) -> String {
    let error = read(bytes, paths).err().expect("it cannot be read");
    assert_eq!(error.kind(), ErrorKind::Input);
    error.to_string()
}

fn texts(values: [Option<&str>; 3]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

fn written(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    compressed(columns, Compression::UNCOMPRESSED)
}

fn compressed(columns: Vec<(&str, ArrayRef)>, codec: Compression) -> Vec<u8> {
    let columns = columns
        .into_iter()
        .map(|(name, column)| (name, column, true));
    let batch = RecordBatch::try_from_iter_with_nullable(columns).expect("equal lengths");
    let mut bytes = Vec::new();
    let properties = WriterProperties::builder().set_compression(codec).build();
    let mut writer =
        ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).expect("a writer");
    writer.write(&batch).expect("memory takes it");
    writer.close().expect("memory takes it");
    bytes
}

fn structs(name: &str, column: ArrayRef, is_there: [bool; 3]) -> ArrayRef {
    let field = Arc::new(Field::new(name, column.data_type().clone(), true));
    let nulls = NullBuffer::from(is_there.to_vec());
    Arc::new(StructArray::new(
        vec![field].into(),
        vec![column],
        Some(nulls),
    ))
}

fn lists() -> ArrayRef {
    let lists = vec![Some(vec![Some(1), None, Some(3)]), None, Some(vec![])];
    Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>(lists))
}

fn nested() -> Vec<u8> {
    let status = structs(
        "name",
        texts([Some("open"), Some("hidden"), None]),
        [true, false, true],
    );
    let fields = structs(
        "a.b",
        Arc::new(Int64Array::from(vec![7, 8, 9])),
        [true, true, false],
    );
    let price = Decimal128Array::from(vec![110, 200, 5]).with_precision_and_scale(10, 2);
    written(vec![
        ("id", texts([Some("1"), Some(""), None])),
        ("fields", structs("status", status, [true; 3])),
        ("more", fields),
        ("labels", lists()),
        ("a.b", Arc::new(price.expect("a valid scale"))),
    ])
}

#[test]
fn columns_in_columns_are_reached_by_their_path() {
    let paths = [
        "id",
        "fields.status.name",
        "more.\"a.b\"",
        "labels",
        "labels[-1]",
        "labels[1]",
        "a.b",
    ];
    let table = read(&nested(), &paths);
    let table = table.expect("it can be read");
    let header = ["id", "fields.status.name", "more.\"a.b\"", "labels", "a.b"];
    assert_eq!(table.header, header);
    assert_eq!(
        table.rows,
        [
            "1|open|7|1;3|3|3|1.10",
            "-|-|8|-|-|-|2.00",
            "-|-|-|-|-|-|0.05"
        ]
    );
    assert_eq!(table.lines, [1, 2, 3]);
    let raw: serde_json::Value = serde_json::from_str(&table.raw[0]).expect("it is JSON");
    assert_eq!(raw["fields"]["status"]["name"], "open");
    assert_eq!(raw["labels"], serde_json::json!([1, null, 3]));
    let raw: serde_json::Value = serde_json::from_str(&table.raw[1]).expect("it is JSON");
    assert_eq!(raw["labels"], serde_json::Value::Null);
}

#[test]
fn what_is_no_column_of_values_is_told_with_the_way_out() {
    let named = structs("name", texts([Some("x"), None, None]), [true; 3]);
    let field = Arc::new(Field::new("item", named.data_type().clone(), true));
    let ends = arrow::buffer::OffsetBuffer::from_lengths([2, 1, 0]);
    let objects: ArrayRef = Arc::new(ListArray::new(field, ends, named.clone(), None));
    let bytes = written(vec![("fields", named), ("links", objects)]);
    let told = |path| error(&bytes, &[path]);
    assert!(told("fields").contains("found objects"));
    for path in ["links", "links.name", "links[0].name"] {
        assert!(told(path).contains("found lists of objects"), "{path}");
        assert!(told(path).contains("`transform`"), "{path}");
    }
}

#[test]
fn a_reader_tells_which_columns_are_there() {
    let reader = open(&nested()).expect("it can be read");
    for path in [
        "id",
        "fields.status.name",
        "a.b",
        "labels",
        "labels[0]",
        "fields",
    ] {
        assert_eq!(reader.columns_of(path), Columns::One, "{path}");
    }
    for path in ["", "x", "fields.name", "id[0]", "id.x", "a"] {
        assert_eq!(reader.columns_of(path), Columns::Missing, "{path}");
    }
}

#[test]
fn bytes_that_are_no_text_are_told_and_not_dropped() {
    let values: Vec<&[u8]> = vec![b"a", b"\xff", b"b"];
    let bytes = written(vec![(
        "id",
        Arc::new(BinaryArray::from(values)) as ArrayRef,
    )]);
    assert_eq!(read(&bytes, &[]).expect("it can be read").lines, [1, 2, 3]);
    let told = error(&bytes, &["id"]);
    assert!(told.contains("cannot ingest `x.parquet`"), "{told}");
}

#[test]
fn the_usual_compressions_are_read() {
    let codecs = [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(Default::default()),
        Compression::ZSTD(Default::default()),
    ];
    for codec in codecs {
        let bytes = compressed(vec![("id", texts([Some("a"), None, Some("b")]))], codec);
        let table = read(&bytes, &["id"]).expect("it can be read");
        assert_eq!(table.rows, ["a", "-", "b"], "{codec}");
    }
}

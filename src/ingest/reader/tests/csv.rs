//! Separated values.

use super::*;

fn plain() -> ExportFormat {
    ExportFormat::default()
}

fn malformed(table: &Table) -> Vec<(i64, &str, &str)> {
    let rows = table.malformed.iter();
    rows.map(|m| (m.line, m.expected.as_str(), m.found.as_str()))
        .collect()
}

#[test]
fn rows_have_the_line_that_an_editor_shows() {
    let text = "\r\nid,b\r\n1,x\r\n\r\n\n2,\"y\r\nz\"\r3,\n\r\n4,w\n5,v";
    let table = read("x.csv", text.as_bytes(), &plain(), &["id", "b"]).expect("it can be read");
    assert_eq!(table.rows, ["1|x", "2|y\nz", "3|-", "4|w", "5|v"]);
    assert_eq!(table.lines, [3, 6, 8, 10, 11]);
}

#[test]
fn lines_above_the_header_are_skipped_and_counted() {
    let export = ExportFormat {
        skip_lines: 3,
        ..plain()
    };
    let text = "[Report], \"all\n\nas of today\nid,b\n1,x\n2\n";
    let table = read("x.csv", text.as_bytes(), &export, &["b"]).expect("it can be read");
    assert_eq!((table.rows, table.lines), (vec!["x".to_owned()], vec![5]));
    assert_eq!(table.malformed[0].line, 6);
    let told = error("x.csv", b"a\nb\n", &export, &[]);
    assert!(told.contains("expected a header line behind the 3 lines that are skipped"));
}

#[test]
fn a_file_without_a_header_has_its_names_declared() {
    let export = ExportFormat {
        header: Some(vec!["id".into(), "title".into()]),
        ..plain()
    };
    let table = read("x.csv", b"1,x\n2,y,z\n3,w,,\n", &export, &["title", "id"]);
    let table = table.expect("it can be read");
    assert_eq!(table.rows, ["x|1", "w|3"]);
    assert_eq!(table.lines, [1, 3]);
    assert_eq!(malformed(&table), [(2, "2 fields", "3")]);
    assert_eq!(table.raw[0], r#"{"id":"1","title":"x"}"#);
}

#[test]
fn a_row_of_another_number_of_fields_is_set_aside() {
    let text = "id,b,c\n1,x,y\n2,x\n3,x,y,z\n4,x,y,,\n5,x,y,,z\n6,,\n";
    let table = read("x.csv", text.as_bytes(), &plain(), &["id"]).expect("it can be read");
    assert_eq!(table.rows, ["1", "4", "6"]);
    let expected = [
        (3, "3 fields", "2"),
        (4, "3 fields", "4"),
        (6, "3 fields", "5"),
    ];
    assert_eq!(malformed(&table), expected);
    assert_eq!(table.malformed[1].raw, r#"["3","x","y","z"]"#);
}

#[test]
fn separators_behind_the_header_are_no_columns() {
    let text = "id;b;;\n1;x;;\n2;y\n3;z;;;\n4;w;note;\n5;v;note\n6\n";
    let export = ExportFormat {
        separator: b';',
        ..plain()
    };
    let table = read("x.csv", text.as_bytes(), &export, &["id", "b"]).expect("it can be read");
    assert_eq!(table.header, Some(vec!["id".into(), "b".into()]));
    assert_eq!(table.rows, ["1|x", "2|y", "3|z", "4|w"]);
    assert_eq!(
        malformed(&table),
        [(6, "4 fields", "3"), (7, "4 fields", "1")]
    );
    assert_eq!(table.raw[3], r#"{"id":"4","b":"w","":["note",null]}"#);
}

#[test]
fn columns_of_one_name_are_told_apart_and_joined() {
    let text = "id,Sprint,Sprint,,Sprint\n1,a,b,,\n2,,,,\n3,a,b,x,c\n";
    let paths = ["Sprint", "Sprint[0]", "Sprint[-1]", "id"];
    let table = read("x.csv", text.as_bytes(), &plain(), &paths).expect("it can be read");
    assert_eq!(table.rows, ["a;b|a|b|1", "-|-|-|2", "a;b;c|a|c|3"]);
    assert_eq!(table.raw[2], r#"{"id":"3","Sprint":["a","b","c"],"":"x"}"#);
    let names = ["id", "Sprint", "Sprint", "", "Sprint"].map(str::to_owned);
    assert_eq!(table.header, Some(names.to_vec()));
}

#[test]
fn a_reader_tells_what_a_path_means() {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    crate::fs::write(file.path(), b"id,a.b,Sprint,Sprint\n").expect("it can be written");
    let reader = Reader::open(file.path(), "x.csv", "x.csv", &plain()).expect("it can be read");
    assert_eq!(reader.columns_of("a.b"), Columns::One);
    assert_eq!(reader.columns_of("Sprint"), Columns::Several);
    assert_eq!(reader.columns_of("Sprint[-1]"), Columns::One);
    assert_eq!(reader.columns_of("a"), Columns::Missing);
    assert_eq!(reader.columns_of(""), Columns::Missing);
}

#[test]
fn quotes_and_escapes_are_as_declared() {
    let single = ExportFormat {
        quote: Some(b'\''),
        ..plain()
    };
    assert_eq!(
        rows("x.csv", "a,b\n'1,2','it''s \"x\"'\n", &single, &["a", "b"]),
        ["1,2|it's \"x\""]
    );
    let never = ExportFormat {
        quote: None,
        separator: b'\t',
        ..plain()
    };
    assert_eq!(
        rows("x.tsv", "a\tb\n\"1\t2\"\n", &never, &["a", "b"]),
        ["\"1|2\""]
    );
    let escaped = ExportFormat {
        escape: Some(b'\\'),
        ..plain()
    };
    let text = "a,b\n\"say \\\"hi\\\"\",\"C:\\temp\\\\\"\n";
    assert_eq!(
        rows("x.csv", text, &escaped, &["a", "b"]),
        ["say \"hi\"|C:\\temp\\"]
    );
    let told = error("x.csv", b"a,b\n1,'2\n3,4\n", &single, &["a"]);
    assert!(
        told.contains("`x.csv` line 2: expected a quote that closes"),
        "{told}"
    );
}

#[test]
fn a_byte_that_is_no_text_sets_aside_its_row_alone() {
    let bytes = b"id,b,c\n1,x,y\n2,\xff,y\n3,x\0,\xff\n4,x\xc3,\xa9\n5,\xc3\xa9,y\n";
    let table = read("x.csv", bytes, &plain(), &["id", "b"]).expect("it can be read");
    assert_eq!(table.rows, ["1|x", "3|x\0", "5|é"]);
    let expected = [
        (3, "UTF-8 text", "other bytes"),
        (5, "UTF-8 text", "other bytes"),
    ];
    assert_eq!(malformed(&table), expected);
}

#[test]
fn text_of_other_encodings_is_read_as_declared() {
    let declared = |label: &str| ExportFormat {
        encoding: encoding_rs::Encoding::for_label(label.as_bytes()).expect("a known label"),
        ..plain()
    };
    let wide = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_be_bytes).collect() };
    let text = "id,Größe\n1,ä\n";
    let read = |bytes: &[u8], label| read("x.csv", bytes, &declared(label), &["Größe"]);
    let value = |bytes: &[u8], label| read(bytes, label).expect("it can be read").rows;
    assert_eq!(value(&wide(text), "utf-16be"), ["ä"]);
    assert_eq!(value(&wide(&format!("\u{feff}{text}")), "utf-16"), ["ä"]);
    assert_eq!(value(b"id,Gr\xf6\xdfe\n1,\xe4\n", "latin1"), ["ä"]);
    assert_eq!(value(format!("\u{feff}{text}").as_bytes(), "utf-8"), ["ä"]);
    let told = read(&wide(&format!("\u{feff}{text}")), "utf-8").expect_err("it is UTF-16");
    assert!(told.to_string().contains("found UTF-16 text"));
    let bytes = [&wide("Größe\na\n")[..], b"\xd8\x00", &wide("\nb\n")].concat();
    let half = read(&bytes, "utf-16be").expect("it can be read");
    assert_eq!((half.rows.len(), half.malformed.len()), (2, 1));
}

#[test]
fn a_file_of_many_batches_is_read_to_its_end() {
    let lines = (0..150_000).map(|i| format!("{i},\"x{i}\"\n"));
    let text = String::from("id,b\n") + &lines.collect::<String>();
    let table = read("x.csv", text.as_bytes(), &plain(), &["id"]).expect("it can be read");
    assert_eq!(table.rows.len(), 150_000);
    assert_eq!(table.lines[149_999], 150_001);
    assert_eq!(table.raw[140_000], r#"{"id":"140000","b":"x140000"}"#);
}

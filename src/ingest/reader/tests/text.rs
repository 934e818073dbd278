//! Texts: a row a file, a row a line.

use super::*;

fn format(format: Format) -> ExportFormat {
    ExportFormat {
        format: Some(format),
        ..ExportFormat::default()
    }
}

const LINE: [&str; 3] = ["line", "text", "file"];

#[test]
fn a_line_is_a_row_whatever_ends_it() {
    let export = format(Format::Lines);
    let expected = ["1|one|n.log", "2|-|n.log", "3| two |n.log"];
    for text in ["one\n\n two \n", "one\r\n\r\n two \r\n", "one\n\r\n two "] {
        let table = read("n.log", text.as_bytes(), &export, &LINE).expect("it can be read");
        assert_eq!(table.rows, expected, "{text:?}");
        assert_eq!(table.lines, [1, 2, 3], "{text:?}");
    }
    let header = read("n.log", b"x", &export, &[]).expect("it can be read");
    assert_eq!(header.header.expect("there is one"), LINE);
    assert_eq!(
        rows("n.log", "{\"a\": 1}", &export, &["text"]),
        ["{\"a\": 1}"]
    );
}

#[test]
fn lines_above_the_first_are_skipped_and_counted() {
    let export = ExportFormat {
        skip_lines: 2,
        ..format(Format::Lines)
    };
    let table = read("x", b"a\nb\nc\nd", &export, &["text"]).expect("it can be read");
    assert_eq!(
        (table.rows, table.lines),
        (vec!["c".into(), "d".into()], vec![3, 4])
    );
    assert_eq!(rows("x", "a\n", &export, &["text"]), [""; 0]);
}

#[test]
fn a_file_is_a_row_with_lf_for_every_line_end() {
    let export = format(Format::Text);
    let text = "when: noon\r\n\r\n\rIt broke.\r\r\nIt works.\n";
    let table = read("n.txt", text.as_bytes(), &export, &["text", "file"]);
    let table = table.expect("it can be read");
    assert_eq!(
        table.rows,
        ["when: noon\n\n\rIt broke.\r\nIt works.\n|n.txt"]
    );
    assert_eq!(table.lines, [1]);
    assert_eq!(table.header.expect("there is one"), ["text", "file"]);
}

#[test]
fn texts_are_decoded_and_unpacked() {
    let latin = ExportFormat {
        encoding: encoding_rs::WINDOWS_1252,
        ..format(Format::Lines)
    };
    let table = read("x", &gzip(b"Gr\xf6\xdfe\n"), &latin, &["text"]).expect("it can be read");
    assert_eq!(table.rows, ["Größe"]);
    for kind in [Format::Lines, Format::Text] {
        let marked: Vec<u8> = "\u{feff}Größe"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let utf16 = ExportFormat {
            encoding: encoding_rs::UTF_16LE,
            ..format(kind)
        };
        for bytes in [marked.clone(), gzip(&marked), zstd(&marked)] {
            let table = read("x", &bytes, &utf16, &["text"]).expect("it can be read");
            assert_eq!(table.rows, ["Größe"]);
        }
    }
}

#[test]
fn what_is_no_text_is_told_or_set_aside() {
    for kind in [Format::Lines, Format::Text] {
        assert!(error("x", b"", &format(kind), &[]).contains("expected text, found an empty file"));
        assert!(error("x", b"%PDF-1.7", &format(kind), &[]).contains("found a PDF document"));
        assert!(error("x", b"<html>", &format(kind), &[]).contains("found an HTML page"));
    }
    let export = format(Format::Lines);
    let table = read("x", b"one\ntw\xff\nthree", &export, &["text"]).expect("it can be read");
    assert_eq!(table.rows, ["one", "three"]);
    let bad = &table.malformed[0];
    assert_eq!((bad.line, bad.expected.as_str()), (2, "UTF-8 text"));
    let whole = read("x", b"one\ntw\xff\n", &format(Format::Text), &["text"]);
    assert_eq!(whole.expect("it can be read").malformed.len(), 1);
}

#[test]
fn a_row_that_is_set_aside_shows_its_text() {
    let table = read("x", b"a \"b\"\n", &format(Format::Lines), &["text"]);
    let table = table.expect("it can be read");
    assert_eq!(table.raw, [r#"{"file":"x","text":"a \"b\""}"#]);
}

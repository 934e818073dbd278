//! JSON, as documents and as lines.

use super::*;

fn plain() -> ExportFormat {
    ExportFormat::default()
}

fn with(records: Option<&str>, rows: Option<&str>) -> ExportFormat {
    ExportFormat {
        records: records.map(str::to_owned),
        rows: rows.map(str::to_owned),
        ..plain()
    }
}

#[test]
fn documents_and_lines_are_read_alike() {
    let expected = ["1|x", "2|-"];
    let texts = [
        ("x.json", r#"[{"k":1,"v":"x"},{"k":2}]"#),
        ("x.ndjson", "{\"k\":1,\"v\":\"x\"}\n\n{\"k\":2}\n"),
        ("x.ndjson", "{\"k\":1,\"v\":\"x\"}\r{\"k\":2}"),
        ("x.ndjson", "[{\"k\":1,\"v\":\"x\"},{\"k\":2}]\n[]\n"),
    ];
    for (name, text) in texts {
        assert_eq!(rows(name, text, &plain(), &["k", "v"]), expected, "{text}");
    }
    assert_eq!(rows("x.json", r#"{"k":1}"#, &plain(), &["k"]), ["1"]);
    assert_eq!(
        rows("x.json", "[[1,2],[3,4]]", &plain(), &["[1]"]),
        ["2", "4"]
    );
    assert_eq!(
        rows("x.ndjson", "[1,2]\n[3,4]\n", &plain(), &["[1]"]),
        ["2", "4"]
    );
}

#[test]
fn records_are_unwrapped_and_a_document_without_them_is_one() {
    let export = with(Some("result.issues"), None);
    let read = |name: &str, text: &str| rows(name, text, &export, &["k"]);
    let page = r#"{"n":1,"result":{"issues":[{"k":1},{"k":2}]},"z":[]}"#;
    assert_eq!(read("x.json", page), ["1", "2"]);
    assert_eq!(read("x.json", r#"{"k":7}"#), ["7"]);
    assert_eq!(
        read("x.json", &format!("[{page},{{\"k\":3}}]")),
        ["1", "2", "3"]
    );
    assert_eq!(
        read("x.ndjson", &format!("{page}\n{{\"k\":3}}\n")),
        ["1", "2", "3"]
    );
    assert_eq!(
        read("x.ndjson", "{\"result\":{\"issues\":null}}\n{\"k\":3}"),
        ["3"]
    );
    assert_eq!(read("x.json", r#"{"result":{"issues":{"k":4}}}"#), ["4"]);
    let quoted = with(Some("\"a.b\""), None);
    assert_eq!(
        rows("x.json", r#"{"a.b":[{"k":5}]}"#, &quoted, &["k"]),
        ["5"]
    );
}

#[test]
fn rows_are_exploded_relative_to_the_record() {
    let export = with(Some("issues"), Some("log[].items[]"));
    let text = r#"{"issues":[
        {"key":"A","log":[{"at":1,"items":[{"f":"x"},{"f":"y"}]},{"at":2,"items":[{"f":"z"}]}]},
        {"key":"B","log":[]},
        {"key":"C","log":{"at":3,"items":{"f":"w"}}}
    ]}"#;
    let table = read(
        "x.json",
        text.as_bytes(),
        &export,
        &["key", "log.at", "log.items.f"],
    );
    let table = table.expect("it can be read");
    assert_eq!(table.rows, ["A|1|x", "A|1|y", "A|2|z", "C|3|w"]);
    assert_eq!(table.lines, [1, 1, 1, 3]);
    assert_eq!(
        table.raw[3],
        r#"{"key":"C","log":{"at":3,"items":{"f":"w"}}}"#
    );
}

#[test]
fn numbers_keep_their_text_and_the_last_of_two_members_counts() {
    let text = r#"[{"v":1.10,"n":12345678901234567890123,"e":1E5,"v":3.70,"d":{"x":[1.0]}}]"#;
    let paths = ["v", "n", "e", "d"];
    assert_eq!(
        rows("x.json", text, &plain(), &paths),
        [r#"3.70|12345678901234567890123|1E5|{"x":[1.0]}"#]
    );
}

#[test]
fn a_record_that_is_no_json_is_set_aside_alone() {
    let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
    let records = [
        "{\"k\":1}",
        "{\"k\":NaN}",
        &deep,
        "5",
        "null",
        "{\"k\" 2}",
        "{\"k\":\"\\ud800\"}",
        "{\"k\":3}",
    ];
    let found = [
        "`NaN` at character 6",
        "more than 127 levels of nesting",
        "the number 5",
        "null",
        "`2` at character 6",
        "`ud800` at character 8",
    ];
    for (name, text) in [
        ("x.ndjson", records.join("\n")),
        ("x.json", format!("[{}]", records.join(","))),
    ] {
        let table = read(name, text.as_bytes(), &plain(), &["k"]).expect("it can be read");
        assert_eq!(table.rows, ["1", "3"]);
        assert_eq!(table.lines, [1, 8]);
        let told: Vec<_> = table.malformed.iter().map(|m| m.found.as_str()).collect();
        assert_eq!(told, found);
        assert_eq!(table.malformed[0].raw, "{\"k\":NaN}");
        assert_eq!(table.malformed[0].line, 2);
    }
    let bytes = b"{\"k\":\"\xff\"}\n{\"k\":2}\n";
    let table = read("x.ndjson", bytes, &plain(), &["k"]).expect("it can be read");
    assert_eq!(
        (table.rows.len(), table.malformed[0].expected.as_str()),
        (1, "UTF-8 text")
    );
}

#[test]
fn json_that_is_cut_off_is_told() {
    for (name, text, line) in [
        ("x.json", "[{\"k\":1},\n{\"k\":2}", 2),
        ("x.json", "{\"issues\":[{\"k\":1}]", 1),
        ("x.ndjson", "{\"k\":1}\n{\"k\":\"x", 2),
    ] {
        let told = error(name, text.as_bytes(), &with(Some("issues"), None), &["k"]);
        let expected = format!("`{name}` line {line}: expected whole JSON, found it cut off");
        assert!(told.contains(&expected), "{told}");
    }
    // A line that ends in a line feed was written to its end.
    let table =
        read("x.ndjson", b"{\"k\":1}\n{\"k\":\n", &plain(), &["k"]).expect("it can be read");
    assert_eq!((table.rows.len(), table.malformed.len()), (1, 1));
}

#[test]
fn lines_in_a_document_are_told_with_the_way_out() {
    let told = error("x.json", b"{\"k\":1}\n{\"k\":2}\n", &plain(), &["k"]);
    assert!(told.contains("found `{` on line 2"), "{told}");
    assert!(told.contains("format = \"ndjson\""), "{told}");
}

#[test]
fn a_path_that_is_none_is_told() {
    let text = b"[{\"k\":1}]";
    for (export, paths, key) in [
        (with(Some("a[0]"), None), ["k"], "records"),
        (with(None, Some("a..b[]")), ["k"], "rows"),
        (plain(), ["a.\"b"], "columns"),
    ] {
        let told = error("x.json", text, &export, &paths);
        assert!(told.contains(&format!("in `{key}`, found")), "{told}");
    }
}

#[test]
fn other_encodings_are_read_as_declared() {
    let utf16 = ExportFormat {
        encoding: encoding_rs::UTF_16LE,
        ..plain()
    };
    let text = "\u{feff}[{\"k\":\"ä\"}]";
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(
        read("x.json", &bytes, &utf16, &["k"])
            .expect("it can be read")
            .rows,
        ["ä"]
    );
    assert_eq!(
        rows("x.ndjson", "\u{feff}{\"k\":\"ä\"}\n", &plain(), &["k"]),
        ["ä"]
    );
    let latin = ExportFormat {
        encoding: encoding_rs::WINDOWS_1252,
        ..plain()
    };
    let bytes = b"{\"k\":\"\xe4\"}\n";
    assert_eq!(
        read("x.ndjson", bytes, &latin, &["k"])
            .expect("it can be read")
            .rows,
        ["ä"]
    );
}

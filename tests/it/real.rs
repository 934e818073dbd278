//! Figures that others computed from public exports, which are no part of this
//! repository: `PLIMSOLL_REAL_DATA` names the folder that holds them.
//!
//! `.ci/real/README.md` says how a check's header is read.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{Project, files_below, read_text, repository};

/// The variable that names the folder of the exports.
const VARIABLE: &str = "PLIMSOLL_REAL_DATA";

/// What a check's header says.
#[derive(Debug, Default)]
struct Header {
    expected: String,
    keys: Option<(String, String)>,
    compares: Vec<Comparison>,
}

/// One column and where its expected value lies.
#[derive(Debug, PartialEq)]
struct Comparison {
    column: String,
    pointer: String,
    tolerance: f64,
}

impl Header {
    fn parse(sql: &str) -> Self {
        let mut header = Self::default();
        for line in sql.lines().map_while(|line| line.strip_prefix("-- ")) {
            let Some((name, rest)) = line.split_once(": ") else {
                continue;
            };
            let pair = || rest.split_once(" = ").expect("a column = a pointer");
            match name {
                "expected" => header.expected = rest.trim().to_owned(),
                "keys" => {
                    let (column, pointer) = pair();
                    header.keys = Some((column.to_owned(), pointer.to_owned()));
                }
                "compare" => {
                    let (column, place) = pair();
                    let (pointer, tolerance) = place.split_once(" +- ").unwrap_or((place, "0"));
                    header.compares.push(Comparison {
                        column: column.to_owned(),
                        pointer: pointer.to_owned(),
                        tolerance: tolerance.parse().expect("a tolerance is a number"),
                    });
                }
                _ => {}
            }
        }
        header
    }
}

/// Writes a value as it stands in a key.
fn as_text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// Puts a row's values into a pointer, escaped as RFC 6901 asks.
fn fill(pointer: &str, row: &Value) -> String {
    let mut filled = pointer.to_owned();
    for (column, value) in row.as_object().expect("a row is an object") {
        let text = as_text(value).replace('~', "~0").replace('/', "~1");
        filled = filled.replace(&format!("{{{column}}}"), &text);
    }
    filled
}

/// Returns whether a value is the expected one, or lies near enough to it.
fn agrees(found: &Value, expected: &Value, tolerance: f64) -> bool {
    match (found.as_f64(), expected.as_f64()) {
        (Some(found), Some(expected)) => (found - expected).abs() <= tolerance,
        _ => found == expected,
    }
}

/// Returns how the rows differ from what is expected.
fn compare(header: &Header, rows: &[Value], expected: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    if rows.is_empty() {
        problems.push("no row".to_owned());
    }
    if let Some((column, pointer)) = &header.keys {
        let object = expected.pointer(pointer).and_then(Value::as_object);
        let mut wanted: Vec<String> = object.expect("it is an object").keys().cloned().collect();
        let mut found: Vec<String> = rows.iter().map(|row| as_text(&row[column])).collect();
        wanted.sort();
        found.sort();
        if wanted != found {
            problems.push(format!("expected {column} {wanted:?}, found {found:?}"));
        }
    }
    for row in rows {
        for comparison in &header.compares {
            let pointer = fill(&comparison.pointer, row);
            let wanted = expected.pointer(&pointer).unwrap_or(&Value::Null);
            let found = &row[&comparison.column];
            if !agrees(found, wanted, comparison.tolerance) {
                let column = &comparison.column;
                problems.push(format!(
                    "{column}: expected {wanted} ({pointer}), found {found}"
                ));
            }
        }
    }
    problems
}

/// Returns the folders of `.ci/real/` that hold a project.
fn projects() -> Vec<PathBuf> {
    let entries = fs::read_dir(repository(".ci/real")).expect("there are projects");
    let paths = entries.map(|entry| entry.expect("a folder can be listed").path());
    let mut folders: Vec<PathBuf> = paths.filter(|path| path.join("checks").is_dir()).collect();
    folders.sort();
    folders
}

/// Runs one project and returns the checks that fail.
fn run_project(folder: &Path, data: &Path) -> Vec<String> {
    let project = Project::copy_of(folder);
    let link = project.path("exports");
    std::os::unix::fs::symlink(data, link).expect("a link can be made");
    let finished = project.compute();
    if finished.code != Some(0) {
        return vec![finished.stderr];
    }
    let mut problems = Vec::new();
    for check in files_below(&folder.join("checks")) {
        let sql = read_text(&check);
        let header = Header::parse(&sql);
        assert!(
            !header.compares.is_empty(),
            "`{}` compares nothing",
            check.display()
        );
        let name = check.file_name().unwrap_or_default().to_string_lossy();
        let finished = project.plimsoll(&["query", "--format", "json", "--", &sql]);
        if finished.code != Some(0) {
            problems.push(format!("{name}: {}", finished.stderr));
            continue;
        }
        let rows: Vec<Value> = serde_json::from_str(&finished.stdout).expect("rows are JSON");
        let expected = read_text(&project.path(&header.expected));
        let expected: Value = serde_json::from_str(&expected).expect("figures are JSON");
        let found = compare(&header, &rows, &expected);
        problems.extend(
            found
                .into_iter()
                .map(|problem| format!("{name}: {problem}")),
        );
    }
    problems
}

#[test]
#[allow(
    clippy::print_stderr,
    reason = "a skipped test says that it was skipped"
)]
fn figures_that_others_computed_are_reproduced() {
    let Some(data) = std::env::var_os(VARIABLE).map(PathBuf::from) else {
        eprintln!("skipped: {VARIABLE} names no folder of public exports");
        return;
    };
    let data = data.canonicalize().expect("the folder of exports is there");
    let mut problems = Vec::new();
    for folder in projects() {
        let name = folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let found = run_project(&folder, &data);
        problems.extend(found.into_iter().map(|problem| format!("{name}/{problem}")));
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn a_check_that_differs_is_noticed() {
    let sql = "-- about: x\n-- expected: e.json\n-- keys: k = /by\n\
               -- compare: n = /by/{k}/n\n-- compare: m = /by/{k}/m +- 0.05\nselect 1";
    let header = Header::parse(sql);
    assert_eq!(header.compares.len(), 2);
    let expected = serde_json::json!({"by": {"a/b": {"n": 3, "m": 1.5}}});
    let row = |n: u32, m: f64| serde_json::json!({"k": "a/b", "n": n, "m": m});
    assert_eq!(compare(&header, &[row(3, 1.54)], &expected), [""; 0]);
    assert_eq!(compare(&header, &[row(4, 1.54)], &expected).len(), 1);
    assert_eq!(compare(&header, &[row(3, 1.56)], &expected).len(), 1);
    assert_eq!(compare(&header, &[], &expected).len(), 2);
}

#[test]
fn every_check_says_what_it_compares_with_what() {
    for folder in projects() {
        for check in files_below(&folder.join("checks")) {
            let header = Header::parse(&read_text(&check));
            let is_whole = !header.expected.is_empty() && !header.compares.is_empty();
            assert!(is_whole, "`{}`: {header:?}", check.display());
        }
    }
}

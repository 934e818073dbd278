//! The SQL of `queries/`: one text for two engines, and no mart that nobody holds.

use std::path::Path;

use super::{Source, assert_none, sources};
use crate::support::golden::Case;
use crate::support::repository;

/// What one of the two engines refuses or answers otherwise.
const FORBIDDEN: [&str; 34] = [
    "date_diff",
    "datediff",
    "epoch",
    "epoch_ms",
    "epoch_us",
    "unnest",
    "explode",
    "strftime",
    "strptime",
    "to_char",
    "isodow",
    "at time zone",
    "timezone",
    "distinct on",
    "asof",
    "arg_max",
    "arg_min",
    "quantile_cont",
    "quantile_disc",
    "generate_series",
    "ignore nulls",
    "right join",
    "union by name",
    "exclude",
    "varchar",
    "list_contains",
    "list_extract",
    "string_split",
    "make_date",
    "current_date",
    "current_timestamp",
    "now",
    "random",
    "pivot",
];

/// The folders whose queries both engines read.
const FOLDERS: [&str; 5] = [
    "queries/staging",
    "queries/metrics",
    "queries/gates",
    "queries/rules",
    "queries/audits",
];

/// The key of every gate, which its header does not repeat.
const GATE_KEY: &str = "gate, subject_type, subject_id, release_id";

/// The key of every template of rules, likewise.
const RULE_KEY: &str = "template, item_id, release_id";

fn queries() -> Vec<Source> {
    FOLDERS
        .iter()
        .flat_map(|folder| sources(folder, "sql"))
        .collect()
}

/// Returns the SQL in lower case without comments and without what stands in
/// quotation marks, every space one blank.
fn bare_sql(text: &str) -> String {
    let code = text
        .lines()
        .map(|line| line.split("--").next().unwrap_or_default());
    let code = code.collect::<Vec<_>>().join(" ").to_lowercase();
    let outside = code.split('\'').step_by(2).collect::<Vec<_>>().join("''");
    outside.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns whether a word, or several, stand in the SQL as words.
fn has_words(sql: &str, words: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    sql.match_indices(words).any(|(start, found)| {
        let before = sql[..start].chars().next_back();
        let after = sql[start + found.len()..].chars().next();
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

#[test]
fn words_are_found_as_words_and_not_in_comments_or_texts() {
    let sql = bare_sql("select 'epoch', epoch_of -- epoch\nfrom a\n  AT TIME\n zone");
    assert!(!has_words(&sql, "epoch"), "{sql}");
    assert!(has_words(&sql, "at time zone"), "{sql}");
    assert!(has_words("x, epoch(y)", "epoch"));
}

#[test]
fn queries_keep_to_the_sql_that_both_engines_answer_alike() {
    let mut broken = Vec::new();
    for query in queries() {
        let sql = bare_sql(&query.text);
        let words = FORBIDDEN.iter().filter(|words| has_words(&sql, words));
        broken.extend(words.map(|words| format!("{}: {words}", query.name)));
        for mark in ["\"", "`", "timestamptz", "concat("] {
            if sql.contains(mark) {
                broken.push(format!("{}: {mark}", query.name));
            }
        }
    }
    assert_none("not in the common SQL", &broken);
}

#[test]
fn queries_end_by_naming_their_columns_in_the_order_of_their_key() {
    let mut broken = Vec::new();
    for query in queries() {
        let sql = bare_sql(&query.text);
        let last = &sql[sql.rfind("select ").unwrap_or_default()..];
        let key = query
            .text
            .lines()
            .find_map(|line| line.strip_prefix("-- key: "));
        let of_gates = query.name.starts_with("queries/gates/").then_some(GATE_KEY);
        let of_rules = query.name.starts_with("queries/rules/").then_some(RULE_KEY);
        let key = key.or(of_gates).or(of_rules).unwrap_or("a key");
        let order = format!("order by {key}");
        if last.starts_with("select *") || !last.ends_with(&order) {
            broken.push(format!("{}: expected `{order}`", query.name));
        }
    }
    assert_none("no columns or no order at the end", &broken);
}

#[test]
fn the_two_preludes_define_the_same_functions() {
    let names = |engine: &str, kind: &str| -> Vec<String> {
        let path = repository("queries/engine").join(format!("{engine}.sql"));
        let sql = bare_sql(&crate::support::read_text(&path));
        let mut names: Vec<String> = sql
            .split(&format!("create or replace {kind} "))
            .skip(1)
            .filter_map(|rest| rest.split('(').next().map(|name| name.trim().to_owned()))
            .collect();
        names.sort();
        names
    };
    let macros = names("duckdb", "macro");
    assert!(!macros.is_empty(), "the prelude is empty");
    assert_eq!(macros, names("spark", "temporary function"));
}

/// A mart is held by a golden case, by an audit that reads it, or by a test.
#[test]
fn every_mart_is_held_to_something() {
    let golden: Vec<String> = Case::all().iter().flat_map(Case::marts).collect();
    let audits = sources("queries/audits", "sql");
    let tests = sources("tests/it", "rs");
    let mut free = Vec::new();
    for mart in sources("queries/metrics", "sql") {
        let stem = Path::new(&mart.name).file_stem().expect("it is a file");
        let name = stem.to_string_lossy().into_owned();
        let is_read = audits
            .iter()
            .any(|audit| has_words(&bare_sql(&audit.text), &name));
        let is_tested = tests
            .iter()
            .any(|test| test.text.contains(&format!("from {name}")));
        if !golden.contains(&name) && !is_read && !is_tested {
            free.push(mart.name);
        }
    }
    assert_none("marts that nothing is compared with", &free);
}

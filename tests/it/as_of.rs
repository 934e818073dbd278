//! True as-of: a run at an instant over today's exports gives the marts that a run over
//! the exports of that instant would have given.
//!
//! The exports of the instant are made from the lake of the sample data, by another way
//! than the queries: rows dated after it are gone, what was resolved, decided or
//! finished later is not yet, and each logged field of an item has the value from which
//! its next change starts. What no log carries (a title, a planned date) stands as it
//! does today: that cannot be rewound, as `items_as_of` says of its columns.

use serde_json::Value;

use crate::sample::sample_project;
use crate::support::golden::differences;
use crate::support::{Project, Table, read_text};

/// In the middle of a day; at the first moment of one; late on the last of a month.
const INSTANTS: [&str; 3] = [
    "2026-03-15T12:00:00Z",
    "2025-12-01T00:00:00Z",
    "2026-05-31T22:00:00Z",
];

/// What dates a row. Tables that are not here have rows without a date of their own.
const DATED: [(&str, &str); 13] = [
    ("items", "created_at"),
    ("item_events", "changed_at"),
    ("deployments", "finished_at"),
    ("incidents", "opened_at"),
    ("pipeline_runs", "started_at"),
    ("scope_changes", "changed_at"),
    ("dependencies", "raised_at"),
    ("approvals", "coalesce(requested_at, decided_at)"),
    ("changes", "requested_at"),
    ("evidence", "checked_at"),
    ("decisions", "decided_at"),
    ("feedback", "given_at"),
    ("risks", "raised_at"),
];

/// What became known after the row itself.
const LATER: [(&str, &[&str]); 7] = [
    (
        "items",
        &["updated_at", "refined_at", "committed_at", "resolved_at"],
    ),
    ("releases", &["released_at"]),
    ("incidents", &["detected_at", "resolved_at"]),
    ("pipeline_runs", &["finished_at"]),
    ("dependencies", &["resolved_at"]),
    ("approvals", &["decided_at"]),
    ("changes", &["approved_at", "closed_at"]),
];

/// The columns of an item that its log carries, each with its field there.
const LOGGED: [(&str, &str, &str); 8] = [
    ("status", "status", "string"),
    ("team", "team", "string"),
    ("owner", "owner", "string"),
    ("release_id", "release", "string"),
    ("theme_id", "theme", "string"),
    ("priority", "priority", "double"),
    ("estimate_hours", "estimate_hours", "double"),
    ("story_points", "story_points", "double"),
];

/// All columns of persons: their pseudonyms stay as they are.
const PERSONS: &str = "[\"items.owner\", \"items.business_owner\", \"item_events.actor\", \
    \"effort.person\", \"approvals.decided_by\", \"risks.owner\", \"themes.owner\", \
    \"commitments.account_manager\", \"commitments.legal_contact\", \"decisions.decided_by\"]";

/// A value as it stood: null while it lay ahead, or the state that it then had.
fn column_then(table: &str, column: &str, then: &str) -> String {
    let is_later = LATER
        .iter()
        .any(|(name, columns)| *name == table && columns.contains(&column));
    if is_later {
        return format!("case when {column} <= {then} then {column} end as {column}");
    }
    if let ("items", Some((_, field, kind))) =
        (table, LOGGED.iter().find(|(name, ..)| *name == column))
    {
        return logged_then(column, field, kind, then);
    }
    if (table, column) == ("changes", "state") {
        return format!(
            "case when approved_at > {then} then 'requested' \
             when closed_at > {then} and approved_at is not null then 'approved' \
             else state end as state"
        );
    }
    let (dated, state) = match (table, column) {
        ("pipeline_runs", "result") => ("finished_at", "'running'"),
        ("releases", "status") => ("released_at", "'in_progress'"),
        ("approvals", "decision") => ("decided_at", "'pending'"),
        _ => return column.to_owned(),
    };
    let only = match table {
        "releases" => " and status = 'released'",
        _ => "",
    };
    format!("case when {dated} > {then}{only} then {state} else {column} end as {column}")
}

/// The value from which the first later change starts; today's where none is later. A
/// done status that was reached later without a log did not hold, and nothing says
/// what did.
fn logged_then(column: &str, field: &str, kind: &str, then: &str) -> String {
    let changes = format!(
        "from item_events where item_events.item_id = items.item_id and field = '{field}' \
         and changed_at > {then} and old_value is distinct from new_value"
    );
    let today = match column {
        "status" => format!(
            "case when resolved_at > {then} and status in \
             (select status from workflow where kind = 'done') then null else status end"
        ),
        _ => format!("cast({column} as string)"),
    };
    format!(
        "try_cast(case when exists (select 1 {changes}) then (select old_value {changes} \
         order by changed_at, source_file, source_line limit 1) else {today} end as {kind}) as {column}"
    )
}

/// The select that gives a table as an export of the instant would have had it.
fn cut_select(table: &str, columns: &[String], instant: &str) -> String {
    let then = format!("timestamp '{}'", instant.trim_end_matches('Z'));
    let columns: Vec<String> = columns
        .iter()
        .filter(|name| !name.starts_with("source_file") && !name.starts_with("source_line"))
        .map(|name| column_then(table, name, &then))
        .collect();
    let condition = match (table, DATED.iter().find(|(name, _)| *name == table)) {
        (_, Some((_, dated))) => format!("{dated} is null or {dated} <= {then}"),
        ("effort", _) => format!(
            "worked_on is null or worked_on <= \
             (select max(day) from calendar where start_at < {then})"
        ),
        ("deployment_items", _) => format!(
            "deployment_id in (select deployment_id from deployments where finished_at <= {then})"
        ),
        _ => "true".to_owned(),
    };
    format!(
        "select {} from {table} where {condition} order by source_file, source_line",
        columns.join(", ")
    )
}

/// Returns the tables that the sample feeds, with their columns.
fn fed_tables(project: &Project) -> Vec<(String, Vec<String>)> {
    let text = read_text(&project.path("lake/current/manifest.json"));
    let manifest: Value = serde_json::from_str(&text).expect("a manifest is JSON");
    let tables = manifest["tables"].as_array().expect("there are tables");
    let fed = tables.iter().filter(|table| table["is_fed"] == true);
    let named = fed.map(|table| {
        let columns = table["columns"].as_array().expect("there are columns");
        let name = |column: &Value| -> String {
            let text = column.as_str().expect("it is a text");
            text.split(' ').next().unwrap_or_default().to_owned()
        };
        let table = table["name"].as_str().expect("it has a name");
        (table.to_owned(), columns.iter().map(name).collect())
    });
    named.collect()
}

/// Makes the project of the instant from the one of today.
fn project_of(today: &Project, instant: &str) -> Project {
    let project = Project::empty();
    let configuration = read_text(&today.path("plimsoll.toml"));
    let head = configuration
        .split("[[sources]]")
        .next()
        .unwrap_or_default();
    let names = "names = [\"items.owner\"]";
    assert!(head.contains(names), "{head}");
    let mut text = head.replacen(names, &format!("names = {PERSONS}"), 1);
    for (table, columns) in fed_tables(today) {
        let select = cut_select(&table, &columns, instant);
        let finished = today.plimsoll(&["query", &select, "--format", "csv"]);
        assert_eq!(finished.code, Some(0), "{select}\n{}", finished.stderr);
        let file = format!("exports/{table}.csv");
        project.write(&file, finished.stdout);
        text += &format!(
            "[[sources]]\nname = \"{table}\"\ntable = \"{table}\"\npath = \"{file}\"\ntime_zone = \"UTC\"\n\n"
        );
    }
    project.write("plimsoll.toml", text);
    for arguments in [
        ["pull"].as_slice(),
        &["ingest"],
        &["compute", "--as-of", instant],
    ] {
        let finished = project.plimsoll(arguments);
        assert_eq!(finished.code, Some(0), "{arguments:?}\n{}", finished.stderr);
    }
    project
}

/// What of a mart must agree. What is left out counts rows of the lake, in which those
/// after the as-of are there or not, or says whether a log exists at all.
fn comparable(mart: &str) -> String {
    match mart {
        "data_freshness" => "select table_name, is_fed, last_at, last_date from data_freshness".into(),
        "coverage" => "select metric, rule, kind, row_count from coverage where rule not in ('rows_in', 'after_as_of')".into(),
        // What the log places in time, it may say by a change after the as-of.
        "rewound_columns" => {
            "select table_name, column_name, basis, value_count from rewound_columns".into()
        }
        _ => format!("select * from {mart}"),
    }
}

/// Sets a column aside where a mart has it.
fn without(mut table: Table, column: &str) -> Table {
    if let Some(place) = table.columns.iter().position(|name| name == column) {
        table.columns.remove(place);
        for row in &mut table.rows {
            row.remove(place);
        }
    }
    table
}

fn marts(project: &Project) -> Vec<String> {
    let text = read_text(&project.path("lake/marts/manifest.json"));
    let manifest: Value = serde_json::from_str(&text).expect("it is JSON");
    let marts = manifest["marts"].as_array().expect("there are marts");
    let names = marts.iter().filter_map(|mart| mart["name"].as_str());
    names.map(str::to_owned).collect()
}

#[test]
fn a_run_at_an_instant_is_one_over_the_exports_of_that_instant() {
    let today = sample_project().computed();
    let mut broken = Vec::new();
    for instant in INSTANTS {
        let finished = today.plimsoll(&["compute", "--as-of", instant]);
        assert_eq!(finished.code, Some(0), "{}", finished.stderr);
        let then = project_of(&today, instant);
        for mart in marts(&today) {
            let sql = comparable(&mart);
            let read = |project: &Project| without(project.query(&sql), "is_rewindable");
            let lines = differences(&read(&then), &read(&today));
            if !lines.is_empty() {
                broken.push(format!("{instant} {mart}\n{}", lines.join("\n")));
            }
        }
        assert_ledgers_agree(&then, &today);
    }
    assert!(broken.is_empty(), "{}", broken.join("\n\n"));
}

/// The rows that the cut took are those that the ledger of today's exports counts as
/// after the as-of.
fn assert_ledgers_agree(then: &Project, today: &Project) {
    let ledger = |project: &Project| {
        project.query(
            "select metric, \
             cast(sum(case when rule = 'rows_in' then row_count else -row_count end) as bigint) as known, \
             cast(sum(case when rule = 'after_as_of' then row_count else 0 end) as bigint) as ahead \
             from coverage where rule in ('rows_in', 'after_as_of') group by metric order by metric",
        )
    };
    let (then, today) = (ledger(then), ledger(today));
    let mut ahead = 0;
    for (left, right) in then.rows.iter().zip(&today.rows) {
        assert_eq!(left[..2], right[..2], "metric and rows up to the as-of");
        assert_eq!(
            left[2], "0",
            "{}: the cut left rows after the as-of",
            left[0]
        );
        ahead += right[2].parse::<u64>().expect("it is a count");
    }
    assert!(ahead > 100, "the cut took {ahead} rows only");
}

//! What the data-quality page says of an export, and that it adds up.

use serde_json::Value;

use crate::support::{Project, read_text};

const CONFIGURATION: &str = r#"
[project]
name = "Quality"
as_of = "2026-03-01T00:00:00Z"

[ingest]
max_reject_share = 0.5

[[workflow.stages]]
name = "Doing"
kind = "active"
statuses = ["Doing"]
commitment = true

[[workflow.stages]]
name = "Done"
kind = "done"
statuses = ["Done"]

[[sources]]
name = "tracker"
path = "exports/tracker.ndjson"
[[sources.feeds]]
table = "items"
[sources.feeds.columns]
item_id = "key"
created_at = "created"
[[sources.feeds]]
table = "effort"
where = { spent = { is_null = false } }
[sources.feeds.columns]
item_id = "key"
hours = "spent"
[[sources.feeds]]
table = "item_events"
rows = "log[]"
[sources.feeds.columns]
item_id = "key"
changed_at = "log.at"
field = { constant = "status" }
new_value = "log.to"
"#;

/// Four issues: one of a day that is none, two with hours, and three changes in all.
const TRACKER: &str = r#"{"key": "A-1", "created": "2026-01-05", "spent": 2, "log": [{"at": "2026-01-06", "to": "Doing"}, {"at": "2026-01-07", "to": "Done"}]}
{"key": "A-2", "created": "2026-01-05", "spent": null, "log": []}
{"key": "A-3", "created": "2026-01-05", "spent": 3}
{"key": "A-4", "created": "2026-02-30", "log": [{"at": "2026-01-06", "to": "Doing"}]}
"#;

#[test]
fn an_export_of_several_feeds_stands_there_once_and_its_rows_add_up() {
    let project = Project::empty();
    project.write("plimsoll.toml", CONFIGURATION);
    project.write("exports/tracker.ndjson", TRACKER);
    let finished = project.batch();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    // Four records and three changes; the records are read for two tables.
    let told = "7 rows, read 11 times for their tables = 8 kept + 0 repeated + 0 superseded + 2 filtered + 1 set aside";
    assert!(finished.stderr.contains(told), "{}", finished.stderr);

    let page = read_text(&project.path("site/data-quality.json"));
    let page: Value = serde_json::from_str(&page).expect("it is JSON");
    assert_eq!(page["answer"], "7 rows read, 1 set aside from 1 export.");
    let rows = page["exports"]["rows"].as_array().expect("there are rows");
    assert_eq!(rows.len(), 1, "{rows:?}");
    let cells = rows[0].as_array().expect("a row has cells");
    let texts: Vec<&str> = cells
        .iter()
        .filter_map(|cell| cell["text"].as_str())
        .collect();
    let tables = "items 3, item_events 3, effort 2";
    let expected = [
        "exports/tracker.ndjson",
        tables,
        "7",
        "11",
        "1",
        "8",
        "0",
        "0",
        "2",
    ];
    assert_eq!(texts[..9], expected);
}

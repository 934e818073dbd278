//! Rows that a source leaves out, and those that it must not lose without a word.

use serde_json::Value;

use super::assert_failure;
use crate::sample::account_balances;
use crate::support::{Project, read_text};

const PROJECT: &str = "[project]
name = \"Feeds\"
as_of = \"2026-04-01T00:00:00Z\"

";

/// Three records; A-1 has two entries in its log, A-2 one, A-3 none.
const RECORDS: &str = r#"{"key":"A-1","team":"red","at":"2026-03-01T09:00:00Z","log":[{"f":"status","at":"2026-03-02T09:00:00Z"},{"f":"owner","at":"2026-03-03T09:00:00Z"}]}
{"key":"A-2","team":"blue","at":"2026-03-01T09:00:00Z","log":[{"f":"status","at":"2026-03-02T09:00:00Z"}]}
{"key":"A-3","team":"blue","at":"2026-03-01T09:00:00Z","log":[]}
"#;

/// Returns a project that reads incidents and events from one export; `source` and
/// `events` are more words of the source and of the second feed.
fn project(source: &str, events: &str) -> Project {
    let project = Project::empty();
    let text = format!(
        "{PROJECT}[[sources]]
name = \"tracker\"
path = \"exports/tracker.ndjson\"
{source}
[[sources.feeds]]
table = \"incidents\"
[sources.feeds.columns]
incident_id = \"key\"
opened_at = \"at\"
[[sources.feeds]]
table = \"item_events\"
{events}
[sources.feeds.columns]
item_id = \"key\"
changed_at = \"log.at\"
field = \"log.f\"
"
    );
    project.write("plimsoll.toml", text);
    project.write("exports/tracker.ndjson", RECORDS);
    project
}

/// Runs a project and returns the accounts of its tables.
fn accounts(project: &Project) -> Value {
    let finished = project.batch();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let manifest: Value =
        serde_json::from_str(&read_text(&project.path("lake/current/manifest.json")))
            .expect("a manifest is JSON");
    assert!(account_balances(&manifest), "{manifest:#}");
    manifest["accounts"].clone()
}

/// Returns how many rows are kept of incidents and of events.
fn kept(project: &Project) -> [u64; 2] {
    let accounts = accounts(project);
    let accounts = accounts.as_array().expect("there are accounts");
    ["incidents", "item_events"].map(|table| {
        let mut of_table = accounts.iter().filter(|account| account["table"] == table);
        let account = of_table.next().expect("it is fed");
        account["kept"].as_u64().expect("it is a count")
    })
}

#[test]
fn what_a_source_says_of_its_rows_holds_for_each_of_its_feeds() {
    let events = "rows = \"log[]\"";
    assert_eq!(kept(&project("", events)), [3, 3]);
    // Of A-1: itself, and its two entries.
    let source = "where = { key = [\"A-1\"] }";
    assert_eq!(kept(&project(source, events)), [1, 2]);
    // A feed's own conditions come on top: of A-1, the entry of its owner.
    let owner = "rows = \"log[]\"\nwhere = { \"log.f\" = [\"owner\"] }";
    assert_eq!(kept(&project(source, owner)), [1, 1]);
    // On the same path, the feed's own one holds.
    let other = "rows = \"log[]\"\nwhere = { key = [\"A-2\"] }";
    assert_eq!(kept(&project(source, other)), [1, 1]);
    // One row a team: A-1 and A-2; of the entries, the first of each.
    let per = "keep = \"first\"\nper = [\"team\"]";
    assert_eq!(kept(&project(per, events)), [2, 2]);
}

#[test]
fn a_feed_that_keeps_nothing_beside_one_that_does_fails() {
    let mistakes = [
        (
            "rows = \"log[]\"\nwhere = { f = [\"status\"] }",
            "`where` keeps, found none of 3",
        ),
        (
            "rows = \"log[]\"\nwhere = { \"log.f\" = [\"statsu\"] }",
            "`log.f`",
        ),
        ("rows = \"logs[]\"", "expected rows, found none at `logs[]`"),
    ];
    for (events, text) in mistakes {
        let project = project("", events);
        let texts = [
            text,
            "source `tracker`",
            "for `item_events`",
            "may_be_empty = true",
        ];
        assert_failure(&project.batch(), 1, &texts);
        let allowed = self::project("", &format!("{events}\nmay_be_empty = true"));
        assert_eq!(kept(&allowed), [3, 0], "{events}");
        let unseen = read_text(&allowed.path("site/data-quality.json"));
        let path = ["logs[]", "\"f\""].iter().any(|path| unseen.contains(path));
        assert!(path || events.contains("statsu"), "{events}: {unseen}");
    }
}

#[test]
fn a_path_that_no_row_holds_is_warned_of() {
    let project = project("", "rows = \"log[]\"");
    let text = read_text(&project.path("plimsoll.toml"));
    project.write("plimsoll.toml", format!("{text}reason = \"log.becuase\"\n"));
    let finished = project.batch();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let warning = "warning: no row of source `tracker` holds anything at `log.becuase`";
    assert!(finished.stderr.contains(warning), "{}", finished.stderr);
    let quiet = project.plimsoll(&["run", "--quiet"]);
    assert!(!quiet.stderr.contains("warning"), "{}", quiet.stderr);
}

#[test]
fn rows_that_a_transform_drops_or_makes_are_in_the_account() {
    let transformed = |sql: &str| {
        let project = Project::empty();
        let source = "[[sources]]
name = \"incidents\"
table = \"incidents\"
path = \"exports/incidents.csv\"
transform = \"few.sql\"
where = { incident_id = { not_in = [\"I2\"] } }
";
        project.write("plimsoll.toml", format!("{PROJECT}{source}"));
        project.write("few.sql", sql);
        let rows = "incident_id,opened_at\nI1,2026-03-02T10:00:00Z\nI2,2026-03-02T10:00:00Z\nI3,2026-03-02T10:00:00Z\n";
        project.write("exports/incidents.csv", rows);
        project
    };
    let counts = |sql: &str| {
        let accounts = accounts(&transformed(sql));
        ["rows_read", "transformed", "filtered", "kept"].map(|name| {
            let count = accounts[0][name].as_i64();
            count.expect("it is a count")
        })
    };
    // Of three rows the SQL drops the third, then `where` the second.
    let fewer = "select * from raw where incident_id <> 'I3'";
    assert_eq!(counts(fewer), [3, 1, 1, 1]);
    // Two rows are made of each; `where` leaves out both of I2, and I2 alone is one id.
    let more =
        "select * from raw union all select incident_id || 'b', opened_at, source_line from raw";
    assert_eq!(counts(more), [3, -3, 1, 5]);
    let finished = transformed("select * from raw where false").batch();
    assert_failure(
        &finished,
        1,
        &["expected rows from `few.sql`, found none of 3"],
    );
    let broken = transformed("select nothing from raw");
    assert_failure(&broken.batch(), 2, &["few.sql"]);
    let left = broken.tree("lake/parts");
    assert!(left.is_empty(), "{:?}", left.keys());
}

#[test]
fn several_bookings_of_one_day_are_warned_of() {
    let project = Project::empty();
    let source = "[[sources]]
name = \"sheets\"
table = \"effort\"
path = \"exports/effort-*.csv\"
";
    project.write("plimsoll.toml", format!("{PROJECT}{source}"));
    let header = "item_id,hours,worked_on,person";
    let day = "2026-03-02,ann";
    project.write(
        "exports/effort-1.csv",
        format!("{header}\nA,1,{day}\nA,2.5,{day}\nB,1,{day}\n"),
    );
    let displaced = || accounts(&project)[0]["displaced"].as_u64();
    assert_eq!(displaced(), Some(1));
    let stderr = project.batch().stderr;
    let texts = [
        "warning: exports/effort-1.csv: 1 row is not counted in effort",
        "map `activity`",
    ];
    for text in texts {
        assert!(stderr.contains(text), "{stderr}");
    }
    let page = read_text(&project.path("site/data-quality.html"));
    assert!(page.contains("1 row is not counted in effort"), "{page}");
    // A later export corrects an earlier one: no booking is lost.
    project.write(
        "exports/effort-1.csv",
        format!("{header}\nA,1,{day}\nB,1,{day}\n"),
    );
    project.write("exports/effort-2.csv", format!("{header}\nA,2.5,{day}\n"));
    assert_eq!(displaced(), None);
    assert!(!project.batch().stderr.contains("warning"));
}

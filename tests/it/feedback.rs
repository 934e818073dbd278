//! The page of what recurs in operations: every number is the length of its list, every
//! report stands in one list, and drafts can be imported without harm.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::sample::sample_project;
use crate::site::attributes;
use crate::support::golden::Case;
use crate::support::{Project, read_text};

/// Returns the page's JSON.
fn page(project: &Project) -> Value {
    let json = read_text(&project.path("site/feedback.json"));
    serde_json::from_str(&json).expect("it is JSON")
}

/// Returns all rows of a part's table.
fn rows<'a>(page: &'a Value, part: &str, table: usize) -> Vec<&'a Value> {
    let parts = page["parts"].as_array().expect("there are parts");
    let found = parts.iter().find(|found| found["id"] == part);
    let table = &found.expect("the part is there")["tables"][table];
    ["rows", "rows_beyond"]
        .iter()
        .filter_map(|rows| table[rows].as_array())
        .flatten()
        .collect()
}

/// Returns how many rows the tables of a list have on its page.
fn listed(project: &Project, address: &str) -> usize {
    let html = read_text(&project.path(&format!("site/{address}")));
    let body = html.split("<tbody>").nth(1).expect("there is a table");
    let body = body.split("</tbody>").next().unwrap_or_default();
    body.matches("<tr>").count()
}

#[test]
fn every_number_of_reports_is_the_length_of_its_list() {
    let project = sample_project();
    let finished = project.plimsoll(&["run", "--quiet"]);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let page = page(&project);
    let (patterns, single) = (rows(&page, "patterns", 0), rows(&page, "single", 0));
    assert!(patterns.len() > 3 && !single.is_empty());
    let numbers = patterns.iter().map(|row| &row[3]);
    let numbers = numbers.chain(single.iter().map(|row| &row[1]));
    let mut all = 0;
    for number in numbers {
        let address = number["href"].as_str().expect("a number leads to its rows");
        let count = listed(&project, address);
        assert_eq!(number["value"].as_f64(), Some(count as f64), "{address}");
        all += count;
    }
    let counted = project.query("select count(*) as reports from pattern_reports");
    let counted = counted.records().next().expect("there is a row");
    assert_eq!(counted.number("reports"), Some(all as f64));
}

#[test]
fn a_retrospective_leads_to_the_patterns_of_its_release() {
    let project = sample_project();
    let finished = project.plimsoll(&["run", "--quiet"]);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let front = read_text(&project.path("site/feedback.html"));
    let anchors: BTreeSet<&str> = attributes(&front, " id=\"").into_iter().collect();
    let mut told = 0;
    for (path, bytes) in project.tree("site/releases") {
        if !path.ends_with("retro.html") {
            continue;
        }
        let html = String::from_utf8(bytes).expect("a page is UTF-8");
        for address in attributes(&html, " href=\"") {
            let address = address.replace("&#x2f;", "/");
            if let Some(anchor) = address.strip_prefix("../../feedback.html#") {
                assert!(anchors.contains(anchor), "{}: {anchor}", path.display());
                told += 1;
            }
        }
    }
    assert!(told > 0, "reports of the sample are tied to releases");
}

#[test]
fn drafts_hold_their_evidence_and_no_formula() {
    let case = Case::all().into_iter();
    let mut case = case.filter(|case| case.name == "feedback_patterns");
    let project = case.next().expect("the case is there").project();
    // The router is called like a formula.
    let incidents = read_text(&project.path("exports/incidents.csv"));
    let incidents = incidents
        .replace(",router,", ",=2+5,")
        .replace("N-1,", "-1,");
    project.write("exports/incidents.csv", incidents);
    let finished = project.plimsoll(&["run", "--quiet"]);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let drafts = read_text(&project.path("site/feedback/drafts.json"));
    let drafts: Value = serde_json::from_str(&drafts).expect("it is JSON");
    assert_eq!(drafts.as_array().map(Vec::len), Some(1));
    assert_eq!(drafts[0]["components"], "=2+5");
    assert_eq!(drafts[0]["business_value"], Value::Null);
    assert_eq!(
        drafts[0]["evidence"],
        serde_json::json!(["-1", "N-2", "N-3"])
    );
    let csv = read_text(&project.path("site/feedback/drafts.csv"));
    assert!(csv.contains(",'=2+5,,3,"), "{csv}");
    assert!(csv.contains(",'-1;N-2;N-3"), "{csv}");
}

#[test]
fn without_any_report_the_page_says_what_to_feed() {
    let project = sample_project();
    let settings = read_text(&project.path("plimsoll.toml"));
    let mut kept = Vec::new();
    for source in settings.split("\n[[sources]]\n") {
        let feeds = ["table = \"incidents\"", "table = \"feedback\""];
        if !feeds.iter().any(|feed| source.contains(feed)) {
            kept.push(source);
        }
    }
    project.write("plimsoll.toml", kept.join("\n[[sources]]\n"));
    let finished = project.plimsoll(&["run", "--quiet"]);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let page = page(&project);
    assert_eq!(page["answer"], "No data: feed incidents or feedback");
    let drafts = read_text(&project.path("site/feedback/drafts.json"));
    assert_eq!(drafts, "[]");
}

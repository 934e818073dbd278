//! The quarter's page: its JSON says all that it shows, its figures are those of the
//! rows behind them, and the pages of earlier quarters stay.

use serde_json::Value;

use crate::page::{elements, texts};
use crate::sample::sample_project;
use crate::support::{Project, read_text};

fn published(as_of: &str) -> Project {
    let project = sample_project();
    publish(&project, as_of);
    project
}

fn publish(project: &Project, as_of: &str) {
    let finished = project.plimsoll(&["run", "--quiet", "--as-of", as_of]);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
}

fn json(project: &Project, page: &str) -> Value {
    let text = read_text(&project.path(&format!("site/quarters/{page}.json")));
    serde_json::from_str(&text).expect("it is JSON")
}

#[test]
fn every_cell_and_headline_of_both_pages_is_in_their_json() {
    let project = published("2026-07-06T00:00:00+01:00");
    for (page, least) in [("2026-Q2", 100), ("2026-Q2-success", 400)] {
        let html = read_text(&project.path(&format!("site/quarters/{page}.html")));
        let mut known = Vec::new();
        texts(&json(&project, page), &mut known);
        let main = html.split_once("<main").expect("there is a main part").1;
        let mut checked = 0;
        for shown in ["td", "h3", "caption", "strong"]
            .iter()
            .flat_map(|element| elements(main, element))
        {
            // A cell is a text and its notes, each of which the JSON has.
            let is_known = known.contains(&shown)
                || known.iter().filter(|text| !text.is_empty()).any(|text| {
                    let rest = shown.strip_prefix(text.as_str()).map(str::trim_start);
                    rest.is_some_and(|rest| {
                        known.iter().any(|note| note == rest)
                            || rest.split_once(": ").is_some_and(|(target, note)| {
                                known.iter().any(|text| text == target)
                                    && known.iter().any(|text| text == note)
                            })
                    })
                });
            assert!(
                shown.is_empty() || is_known,
                "the JSON of {page} does not say `{shown}`"
            );
            checked += 1;
        }
        assert!(checked > least, "only {checked} texts of {page} were found");
    }
}

/// Returns the rows of a query as lists of cells, without the head.
fn query(project: &Project, sql: &str) -> Vec<Vec<String>> {
    let finished = project.plimsoll(&["query", sql, "--format", "csv"]);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let lines = finished.stdout.lines().skip(1);
    lines
        .map(|line| line.split(',').map(str::to_owned).collect())
        .collect()
}

#[test]
fn a_share_or_a_count_of_the_page_is_the_number_of_its_listed_rows() {
    let project = published("2026-07-06T00:00:00+01:00");
    let page = json(&project, "2026-Q2");
    let measures = page["measures"].as_array().expect("there are measures");
    let rows = query(
        &project,
        "select measure, count(*) filter (where is_counted) as counted, \
         count(*) filter (where is_denominator) as listed from measure_rows \
         where period = '2026-Q2' group by measure order by measure",
    );
    let mut checked = 0;
    for row in rows {
        let measure = measures
            .iter()
            .find(|measure| measure["measure"] == row[0].as_str())
            .expect("the page has every measure");
        let series = measure["series"].as_array().expect("it has a series");
        let last = series.last().expect("it has a last quarter");
        assert_eq!(last["quarter"]["name"], "2026-Q2");
        if row[0] == "deployment_days" {
            continue;
        }
        assert_eq!(last["denominator"].to_string(), row[2], "{}", row[0]);
        if !last["numerator"].is_null() {
            assert_eq!(last["numerator"].to_string(), row[1], "{}", row[0]);
        }
        checked += 1;
    }
    assert!(checked >= 10, "only {checked} measures were compared");
}

#[test]
fn each_figure_of_the_three_quarters_leads_to_a_list_as_long_as_it_says() {
    let project = published("2026-07-06T00:00:00+01:00");
    let page = json(&project, "2026-Q2");
    let text = read_text(&project.path("site/items/2026-Q2.json"));
    let lists: Value = serde_json::from_str(&text).expect("it is JSON");
    let lists = lists["lists"].as_array().expect("there are lists");
    let mut checked = 0;
    for measure in page["measures"].as_array().expect("there are measures") {
        let series = measure["series"].as_array().expect("it has a series");
        for (quarter, rows) in [
            ("2026-Q2", "now_rows"),
            ("2026-Q1", "last_quarter_rows"),
            ("2025-Q2", "year_ago_rows"),
        ] {
            let address = measure[rows].as_str().expect("an address");
            let anchor = address
                .strip_prefix("../items/2026-Q2.html#")
                .expect(address);
            let list = lists.iter().find(|list| list["anchor"] == anchor);
            let list = list.expect(anchor);
            let point = series.iter().find(|p| p["quarter"]["name"] == quarter);
            let point = point.expect(quarter);
            assert_eq!(list["period"], quarter);
            if measure["measure"] != "deployment_days" {
                assert_eq!(list["row_count"], point["denominator"], "{anchor}");
                checked += 1;
            }
        }
    }
    assert_eq!(checked, 30);
}

#[test]
fn the_failure_rate_in_depth_is_what_the_success_rate_leaves_over() {
    let project = published("2026-07-06T00:00:00+01:00");
    let measures = json(&project, "2026-Q2");
    let success = measures["measures"]
        .as_array()
        .and_then(|all| all.iter().find(|m| m["measure"] == "success_rate"))
        .and_then(|measure| measure["series"].as_array()?.last())
        .expect("the measure has a quarter");
    let count = |name: &str| success[name].as_i64().expect("it is a count");
    let depth = json(&project, "2026-Q2-success");
    let shown = &depth["readings"][0]["table"]["rows"][0];
    assert_eq!(shown[0]["text"], "plimsoll");
    let expected = format!(
        "{} of {}",
        count("denominator") - count("numerator"),
        count("denominator")
    );
    assert_eq!(shown[2]["text"], expected.as_str());
}

#[test]
fn the_page_of_an_earlier_quarter_stays_and_is_linked() {
    let project = published("2026-04-06T00:00:00+01:00");
    let first = read_text(&project.path("site/quarters/2026-Q1.html"));
    publish(&project, "2026-07-06T00:00:00+01:00");
    assert_eq!(
        read_text(&project.path("site/quarters/2026-Q1.html")),
        first
    );
    let page = json(&project, "2026-Q2");
    assert_eq!(page["previous"]["href"], "2026-Q1.html");
    assert!(page["next"].is_null());
    let list = read_text(&project.path("site/quarters/index.html"));
    let places = ["2026-Q2.html", "2026-Q1.html"].map(|name| list.find(name));
    assert!(places[0].is_some() && places[0] < places[1], "{places:?}");
}

#[test]
fn a_quarter_that_the_as_of_cuts_short_has_no_page() {
    let project = published("2026-06-30T12:00:00+01:00");
    assert!(project.path("site/quarters/2026-Q1.html").is_file());
    assert!(!project.path("site/quarters/2026-Q2.html").exists());
}

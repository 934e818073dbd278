//! The weekly page: it carries all it needs, says nothing that its JSON does not, and
//! escapes what exports put into it.

use serde_json::Value;

use crate::sample::sample_project;
use crate::support::{Project, read_text};

const PAGE: &str = "site/weekly/2026-W27.html";
const JSON: &str = "site/weekly/2026-W27.json";

fn published_sample() -> Project {
    let project = sample_project();
    let finished = project.plimsoll(&["run", "--quiet"]);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    project
}

/// Returns every text of a JSON document.
pub(crate) fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| texts(value, found)),
        Value::Object(fields) => {
            // A cell is read as its text and the note behind it, a measure as its figure
            // and what that rests on.
            for (text, note) in [
                ("text", "note"),
                ("this_week", "this_week_basis"),
                ("last_week", "last_week_basis"),
            ] {
                if let (Some(text), Some(note)) = (fields.get(text), fields.get(note)) {
                    let words = [text, note].map(|part| part.as_str().unwrap_or_default());
                    found.push(words.join(" ").trim_end().to_owned());
                }
            }
            fields.values().for_each(|value| texts(value, found));
        }
        _ => {}
    }
}

/// Returns the visible text of each `element` of a page, its entities resolved.
pub(crate) fn elements(html: &str, element: &str) -> Vec<String> {
    let (open, close) = (format!("<{element}"), format!("</{element}>"));
    let parts = html.split(&open).skip(1).filter_map(|part| {
        let (inside, _) = part.split_once(&close)?;
        let (_, inside) = inside.split_once('>')?;
        Some(without_tags(inside))
    });
    parts.collect()
}

fn without_tags(html: &str) -> String {
    let mut text = String::new();
    let mut is_tag = false;
    for character in html.chars() {
        match character {
            '<' => is_tag = true,
            '>' => is_tag = false,
            _ if !is_tag => text.push(character),
            _ => {}
        }
    }
    let entities = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#x27;", "'"),
        ("&#x2f;", "/"),
        ("&amp;", "&"),
    ];
    let plain = entities
        .iter()
        .fold(text, |text, (entity, plain)| text.replace(entity, plain));
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_cell_and_headline_of_the_page_is_in_its_json() {
    let project = published_sample();
    let html = read_text(&project.path(PAGE));
    let json: Value = serde_json::from_str(&read_text(&project.path(JSON))).expect("it is JSON");
    let mut known = Vec::new();
    texts(&json, &mut known);
    let main = html.split_once("<main").expect("there is a main part").1;
    let mut checked = 0;
    for shown in ["td", "h3", "caption"]
        .iter()
        .flat_map(|element| elements(main, element))
    {
        let is_known = shown.is_empty() || known.contains(&shown);
        let is_static = shown.starts_with("Week ") || shown == "Chart";
        assert!(is_known || is_static, "the JSON does not say `{shown}`");
        checked += 1;
    }
    assert!(checked > 500, "only {checked} cells were found");
}

#[test]
fn the_list_of_items_past_their_pace_is_as_long_as_the_measure_says() {
    let project = published_sample();
    let json: Value = serde_json::from_str(&read_text(&project.path(JSON))).expect("it is JSON");
    let rows = json["act_first"]["rows"].as_array().map_or(0, Vec::len);
    let beyond = json["act_first"]["rows_beyond"]
        .as_array()
        .map_or(0, Vec::len);
    let measures = json["measures"].as_array().expect("there are measures");
    let measure = measures.iter().find(|m| m["measure"] == "aging_past_p85");
    let shown = measure
        .and_then(|m| m["this_week"].as_str())
        .expect("it is there");
    // The sample's as-of is the very end of the reported week.
    assert_eq!(shown, (rows + beyond).to_string());
    let figures = json["figures"].as_array().expect("there are figures");
    let title = figures[0]["title"].as_str().expect("it has a title");
    assert!(
        title.starts_with(&format!("{shown} items are older")),
        "{title}"
    );
}

#[test]
fn a_page_carries_all_it_needs() {
    let project = published_sample();
    for page in [PAGE, "site/index.html", "site/weekly/index.html"] {
        let html = read_text(&project.path(page));
        assert!(
            html.contains("Content-Security-Policy\" content=\"default-src &#x27;none&#x27;")
                || html.contains("default-src 'none'"),
            "{page}"
        );
        for reference in [
            "src=\"",
            "@import",
            "url(",
            "<link rel=\"stylesheet\"",
            "style=\"",
        ] {
            assert!(!html.contains(reference), "{page} has `{reference}`");
        }
    }
}

#[test]
fn what_an_export_says_is_text_and_never_markup() {
    let project = sample_project();
    let hostile = "<script>alert(1)</script> ]]> \u{202e}x";
    let tracker = project.path("plimsoll.toml");
    let toml =
        read_text(&tracker).replace("https://tracker.example/browse/", "javascript:alert(1)//");
    project.write("plimsoll.toml", toml);
    let exports = crate::support::files_below(&project.path("exports"));
    let events: Vec<_> = exports
        .iter()
        .filter(|path| read_text_lossy(path).contains("Checkout"))
        .collect();
    assert!(!events.is_empty(), "no export names the team");
    for path in events {
        let text = read_text_lossy(path).replace("Checkout", hostile);
        std::fs::write(path, text).expect("it can be written");
    }
    let finished = project.plimsoll(&["run", "--quiet"]);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let html = read_text(&project.path(PAGE));
    assert!(html.contains("&lt;script&gt;alert(1)"), "the team is shown");
    assert!(
        !html.contains("<script>alert"),
        "a team's name became markup"
    );
    assert!(!html.contains("javascript:"), "a page links to a script");
}

fn read_text_lossy(path: &std::path::Path) -> String {
    String::from_utf8_lossy(&std::fs::read(path).expect("it can be read")).into_owned()
}

#[test]
fn every_headline_figure_leads_to_a_list_that_counts_its_rows() {
    let project = published_sample();
    let read = |path: &str| -> Value {
        serde_json::from_str(&read_text(&project.path(path))).expect("it is JSON")
    };
    let (report, lists) = (read(JSON), read("site/items/2026-W27.json"));
    let html = read_text(&project.path("site/items/2026-W27.html"));
    let mut rows_listed = 0;
    for measure in report["measures"].as_array().expect("measures") {
        let series = measure["series"].as_array().expect("a series");
        let points = series.iter().rev().take(2);
        for (point, address) in points.zip(["this_week_rows", "last_week_rows"]) {
            let address = measure[address].as_str().expect("an address");
            let anchor = address
                .strip_prefix("../items/2026-W27.html#")
                .expect(address);
            assert!(html.contains(&format!("id=\"{anchor}\"")), "{anchor}");
            let of_anchor = |list: &&Value| list["anchor"] == anchor;
            let all = lists["lists"].as_array().expect("lists");
            let list = all.iter().find(of_anchor).expect(anchor);
            let tables = list["tables"].as_array().expect("tables");
            let of_table = |table: &Value| {
                let rows = |name: &str| table[name].as_array().map_or(0, Vec::len);
                rows("rows") + rows("rows_beyond")
            };
            let listed: usize = tables.iter().map(of_table).sum();
            // What counts stands first, as many rows as the figure says.
            if let Some(counted) = list["counted_count"].as_u64().filter(|count| *count > 0) {
                assert_eq!(of_table(&tables[0]) as u64, counted, "{anchor}");
            }
            assert_eq!(point["denominator"], list["row_count"], "{anchor}");
            if !point["numerator"].is_null() {
                assert_eq!(point["numerator"], list["counted_count"], "{anchor}");
            }
            let n = usize::try_from(point["denominator"].as_u64().expect("n")).expect("small");
            assert!(listed >= n, "{anchor}: {listed} rows of {n}");
            rows_listed += listed;
        }
    }
    assert!(rows_listed > 100, "{rows_listed} rows");
}

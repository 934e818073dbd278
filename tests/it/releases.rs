//! The pages of releases: every number is the length of its list, whatever the state,
//! the name or the feeds of the release.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::sample::sample_project;
use crate::site::broken_links;
use crate::support::golden::Case;
use crate::support::{Project, read_text};

/// The files of the sample's pages of releases that end so, by their path.
fn documents(project: &Project, ending: &str) -> BTreeMap<String, Value> {
    let files = project.tree("site/releases").into_iter();
    let documents = files.filter_map(|(path, bytes)| {
        let name = path
            .strip_prefix("site/releases")
            .ok()?
            .to_string_lossy()
            .into_owned();
        // Pages of gates have tests of their own.
        let is_other = name == "index.json" || name.ends_with("/gates.json");
        let is_wanted = name.ends_with(ending) && !is_other;
        let json = || serde_json::from_slice(&bytes).expect("it is JSON");
        is_wanted.then(|| (name, json()))
    });
    documents.collect()
}

fn run(project: &Project) {
    let finished = project.plimsoll(&["run", "--quiet"]);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
}

fn case(name: &str) -> Project {
    let case = Case::all().into_iter().find(|case| case.name == name);
    case.expect("there is such a case").project()
}

/// Returns a release's page by its id.
fn page_of<'p>(pages: &'p BTreeMap<String, Value>, id: &str) -> (&'p str, &'p Value) {
    let found = pages
        .iter()
        .find(|(name, page)| !name.ends_with("/retro.json") && page["release"]["release_id"] == id);
    let (name, page) = found.unwrap_or_else(|| panic!("there is no page of {id}"));
    (name.as_str(), page)
}

/// Returns how many things the place that a link leads to shows.
fn length_of(page: &Value, anchor: &str) -> Option<u64> {
    let length = |value: &Value| value.as_array().map_or(0, |all| all.len() as u64);
    if anchor == "deployments" {
        let table = &page["deployments"];
        return Some(length(&table["rows"]) + length(&table["rows_beyond"]));
    }
    let lists = page["lists"].as_array().expect("there are lists");
    let list = lists.iter().find(|list| list["anchor"] == anchor)?;
    let entries = length(&list["entries"]) + length(&list["entries_beyond"]);
    assert_eq!(list["count"].as_u64(), Some(entries), "{anchor}");
    Some(entries)
}

/// Returns the numbers of a page that lead to a list: what is read, and the anchor.
fn linked_numbers(page: &Value) -> Vec<(u64, String)> {
    let facts = page["facts"]["rows"].as_array().expect("there are facts");
    let cells = facts.iter().map(|row| (&row[1]["text"], &row[1]["href"]));
    let phrases = page["paragraph"].as_array().expect("there is a paragraph");
    let phrases = phrases
        .iter()
        .map(|phrase| (&phrase["text"], &phrase["href"]));
    let numbers = cells.chain(phrases).filter_map(|(text, href)| {
        let anchor = href.as_str()?.strip_prefix('#')?.to_owned();
        let text = text.as_str()?.replace(',', "");
        let number = text.split(' ').next()?.parse().ok()?;
        Some((number, anchor))
    });
    numbers.collect()
}

#[test]
fn every_number_that_leads_to_a_list_is_as_large_as_the_list_is_long() {
    let project = sample_project();
    run(&project);
    let pages = documents(&project, ".json");
    let mut checked = 0;
    for (name, page) in &pages {
        if name.ends_with("/retro.json") {
            continue;
        }
        for (number, anchor) in linked_numbers(page) {
            assert_eq!(length_of(page, &anchor), Some(number), "{name}: #{anchor}");
            checked += 1;
        }
    }
    assert!(checked > 500, "only {checked} numbers were found");
}

#[test]
fn the_list_of_all_releases_says_what_their_pages_say() {
    let project = sample_project();
    run(&project);
    let index: Value =
        serde_json::from_str(&read_text(&project.path("site/releases/index.json"))).expect("JSON");
    let pages = documents(&project, ".json");
    let rows = index["releases"]["rows"]
        .as_array()
        .expect("there are rows");
    let all = project
        .query("select release_id from releases")
        .records()
        .count();
    assert_eq!(rows.len(), all);
    let mut checked = 0;
    for row in rows.iter().filter_map(Value::as_array) {
        let address = row[0]["href"].as_str().expect("a release has a page");
        let page = &pages[&address.replace(".html", ".json")];
        assert_eq!(page["release"]["name"], row[0]["text"]);
        for cell in &row[5..] {
            let Some((_, anchor)) = cell["href"].as_str().and_then(|href| href.split_once('#'))
            else {
                continue;
            };
            let number = cell["value"].as_f64().map(|value| value as u64);
            assert_eq!(length_of(page, anchor), number, "{address}#{anchor}");
            checked += 1;
        }
    }
    assert!(checked > 100, "only {checked} numbers were found");
}

#[test]
fn each_page_says_how_its_release_stands_at_the_as_of() {
    let project = case("release_retrospective");
    run(&project);
    let pages = documents(&project, ".json");
    for (id, file, state, words, has_retrospective) in [
        (
            "R1",
            "2.0.1.json",
            "released",
            "2.0.1 shipped on 23 Mar 2026, 3 days after",
            true,
        ),
        (
            "R2",
            "3.0.json",
            "late",
            "3.0 has not shipped; it was planned for 30 Mar 2026, 2 days ago",
            true,
        ),
        ("R3", "4.0.json", "cancelled", "4.0 was cancelled", true),
        (
            "R4",
            "5.0.json",
            "planned",
            "5.0 is planned for 10 May 2026",
            false,
        ),
    ] {
        let (name, page) = page_of(&pages, id);
        assert_eq!(name, file);
        assert_eq!(page["release"]["state"]["text"], state, "{id}");
        let paragraph = page["paragraph"].as_array().expect("there is one");
        let text: String = paragraph
            .iter()
            .filter_map(|one| one["text"].as_str())
            .collect();
        assert!(text.starts_with(words), "{text}");
        let retro = project.path(&format!(
            "site/releases/{}",
            file.replace(".json", "/retro.html")
        ));
        assert_eq!(retro.exists(), has_retrospective, "{id}");
    }
    let (_, late) = page_of(&pages, "R2");
    let facts = late["facts"]["rows"].as_array().expect("there are facts");
    let fact = |name: &str| facts.iter().find(|row| row[0]["text"] == name);
    let after_freeze = fact("After the freeze").expect("it is there");
    assert_eq!(
        after_freeze[1]["text"], "—",
        "unknown without a freeze, not 0"
    );
    assert!(
        broken_links(&project).is_empty(),
        "{:?}",
        broken_links(&project)
    );
}

#[test]
fn the_scope_over_time_ends_with_what_the_release_held_at_its_end() {
    let project = sample_project();
    run(&project);
    let mut checked = 0;
    for (name, page) in documents(&project, ".json") {
        let Some(figures) = page["figures"].as_array() else {
            continue;
        };
        let scope = figures.iter().find(|figure| figure["id"] == "fig-scope");
        let rows = scope.and_then(|figure| figure["table"]["rows"].as_array());
        let (Some(last), Some(_)) = (rows.and_then(|rows| rows.last()), page["lists"].as_array())
        else {
            continue;
        };
        let held = last[4]["value"].as_f64().expect("it is a number") as u64;
        assert_eq!(length_of(&page, "at-end").unwrap_or(0), held, "{name}");
        checked += 1;
    }
    assert!(checked > 50, "only {checked} pages were checked");
}

#[test]
fn a_release_that_was_renamed_is_found_under_both_names() {
    let project = case("release_retrospective");
    run(&project);
    let releases = read_text(&project.path("exports/releases.csv"));
    project.write(
        "exports/releases.csv",
        releases.replace("2.0.1", "2.1 Lighthouse"),
    );
    for _ in 0..2 {
        run(&project);
        let old = read_text(&project.path("site/releases/2.0.1.html"));
        assert!(old.contains("This release is called 2.1 Lighthouse now"));
        assert!(old.contains("href=\"2.1-lighthouse.html\""));
        let retro = read_text(&project.path("site/releases/2.0.1/retro.html"));
        assert!(retro.contains("href=\"../2.1-lighthouse.html\""));
        assert!(
            project
                .path("site/releases/2.1-lighthouse/retro.html")
                .exists()
        );
        assert!(
            broken_links(&project).is_empty(),
            "{:?}",
            broken_links(&project)
        );
    }
}

#[test]
fn a_page_of_a_release_that_left_the_exports_stays_as_it_was() {
    let project = case("release_retrospective");
    run(&project);
    let before = read_text(&project.path("site/releases/5.0.html"));
    let releases = read_text(&project.path("exports/releases.csv"));
    let kept: Vec<&str> = releases
        .lines()
        .filter(|line| !line.starts_with("R4"))
        .collect();
    project.write("exports/releases.csv", kept.join("\n") + "\n");
    run(&project);
    assert_eq!(read_text(&project.path("site/releases/5.0.html")), before);
    let index = read_text(&project.path("site/releases/index.html"));
    assert!(
        !index.contains("5.0.html"),
        "the list has releases of the exports alone"
    );
}

#[test]
fn a_hostile_name_makes_a_page_in_its_folder_and_no_markup() {
    let project = case("release_retrospective");
    let long = "x".repeat(300);
    let rows = [
        "R1,../../../escape,pay,2026-03-20T12:00:00Z,2026-03-16T00:00:00Z,2026-03-23T10:00:00Z,released",
        "R2,<script>alert(1)</script>,pay,2026-03-30T00:00:00Z,,,in_progress",
        "R3,支払い 🚢,pay,2026-03-10T00:00:00Z,,,cancelled",
        "R4,../../../escape,pay,2026-05-10T00:00:00Z,2026-05-01T00:00:00Z,,planned",
        "\"R 5\"\"<b>\",index,pay,,,,planned",
    ];
    let mut csv = "release_id,name,system,planned_at,freeze_at,released_at,status\n".to_owned();
    csv += &rows.join("\n");
    csv += &format!("\nR6,{long},pay,,,,planned\n");
    project.write("exports/releases.csv", csv);
    run(&project);
    let outside = Path::new("site/releases");
    for path in project.tree("site").into_keys() {
        let name = path.to_string_lossy();
        assert!(
            !name.contains("escape") || path.starts_with(outside),
            "{name}"
        );
    }
    assert!(!project.path("escape.html").exists());
    let pages = documents(&project, ".json");
    let ids = pages
        .keys()
        .filter(|name| !name.ends_with("retro.json"))
        .count();
    assert_eq!(ids, 6, "{:?}", pages.keys());
    let index = read_text(&project.path("site/releases/index.html"));
    assert!(index.contains("&lt;script&gt;alert(1)") && !index.contains("<script>alert"));
    assert!(
        broken_links(&project).is_empty(),
        "{:?}",
        broken_links(&project)
    );
}

#[test]
fn a_project_without_releases_says_so() {
    let project = case("success_without_incident_feed");
    run(&project);
    let index = read_text(&project.path("site/releases/index.html"));
    assert!(
        index.contains("No data: feed releases."),
        "it does not say what is missing"
    );
    assert!(!index.contains("<table"), "an empty table says nothing");
}

/// Six weeks after the sample's exports were taken, every source has stopped.
#[test]
fn a_release_of_after_its_sources_stopped_shows_no_figure_and_one_of_before_all() {
    let project = sample_project();
    let settings = read_text(&project.path("plimsoll.toml"));
    project.write(
        "plimsoll.toml",
        settings.replace("2026-07-06T00:00:00", "2026-08-15T00:00:00"),
    );
    run(&project);
    let pages = documents(&project, ".json");
    let mut seen = BTreeMap::new();
    for (name, page) in &pages {
        if name.ends_with("/retro.json") {
            continue;
        }
        let facts = page["facts"]["rows"].as_array().expect("there are facts");
        // By attribution alone there are two of them, at least and at most.
        let is_failed = |row: &&Value| {
            let name = row[0]["text"].as_str().unwrap_or_default();
            name.starts_with("Failed deployments")
        };
        let Some(failed) = facts.iter().find(is_failed) else {
            panic!("{name} says nothing of its deployments");
        };
        let is_withheld = failed[1]["tag"]["text"] == "Source stale: deployments";
        let is_over = ["released", "cancelled"]
            .iter()
            .any(|state| page["release"]["state"]["text"] == *state);
        assert_eq!(is_withheld, !is_over, "{name}");
        assert!(!is_withheld || failed[1]["text"] == "—", "{name}");
        *seen.entry(is_withheld).or_insert(0) += 1;
    }
    assert!(seen[&true] > 5 && seen[&false] > 50, "{seen:?}");
    assert!(broken_links(&project).is_empty());
}

#[test]
fn charts_and_figures_of_a_release_lead_to_their_definitions() {
    let project = sample_project();
    run(&project);
    let definitions = read_text(&project.path("site/definitions.html"));
    for (name, page) in documents(&project, ".json") {
        let root = if name.ends_with("/retro.json") {
            "../../"
        } else {
            "../"
        };
        let links = page["definition_links"]
            .as_object()
            .expect("there are links");
        let figures = page["figures"].as_array().expect("there are figures");
        assert_eq!(links.len(), figures.len(), "{name}");
        let rows = page["facts"]["rows"].as_array();
        let names = rows.into_iter().flatten().map(|row| &row[0]["href"]);
        let charts = links.values().flat_map(|links| {
            let links = links.as_array().expect("it is a list");
            assert!(!links.is_empty(), "{name}: a chart leads nowhere");
            links.iter().map(|link| &link["href"])
        });
        for href in names.chain(charts) {
            let href = href.as_str().expect("every figure has a definition");
            let anchor = href.strip_prefix(&format!("{root}definitions.html#"));
            let anchor = anchor.unwrap_or_else(|| panic!("{name}: {href}"));
            assert!(
                definitions.contains(&format!("id=\"{anchor}\"")),
                "{anchor}"
            );
        }
    }
}

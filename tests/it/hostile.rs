//! Projects at the edges: exports as hostile as text, numbers and dates can be, without
//! an item, with one row a table, with ten thousand items. What a browser must see of
//! them is checked by `.ci/browser`; here is what needs none.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::site::{attributes, broken_links, pages};
use crate::support::{Project, files_below, read_text, repository};

/// The most bytes of a page.
const MOST_BYTES: usize = 400_000;

fn hostile_project() -> Project {
    Project::copy_of(&repository("tests/hostile"))
}

/// Returns the hostile project with each export changed.
fn changed(change: impl Fn(&Path, &str) -> String) -> Project {
    let project = hostile_project();
    for path in files_below(&project.path("exports")) {
        let text = change(&path, &read_text(&path));
        std::fs::write(&path, text).expect("it can be written");
    }
    project
}

fn published(project: Project) -> Project {
    let finished = project.plimsoll(&["run", "--quiet"]);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    project
}

/// Returns what is wrong with a page.
fn page_faults(html: &str) -> Vec<String> {
    let mut faults = Vec::new();
    if html.len() > MOST_BYTES {
        faults.push(format!("{} bytes", html.len()));
    }
    // Of its own, a page has one script and one style; all else came from an export.
    for (tag, most) in [("<script", 1), ("<style", 1), ("<img", 0), ("<b>", 0)] {
        let count = html.matches(tag).count();
        if count > most {
            faults.push(format!("{count} times `{tag}`"));
        }
    }
    let is_forbidden = |c: &char| {
        let turns_text = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        (c.is_control() && !matches!(c, '\n' | '\t')) || turns_text || *c == '\u{fffe}'
    };
    faults.extend(html.chars().find(is_forbidden).map(|c| format!("{c:?}")));
    for address in attributes(html, " href=\"") {
        let scheme = address.split_once(':').map(|(scheme, _)| scheme);
        let is_known = matches!(scheme, None | Some("http" | "https" | "mailto"));
        if !is_known && address != "data:," {
            faults.push(format!("leads to `{address}`"));
        }
    }
    faults
}

/// Returns what is wrong with a site, each with its page.
fn site_faults(project: &Project) -> Vec<String> {
    let mut faults = broken_links(project);
    for (name, html) in pages(project) {
        let found = page_faults(&html).into_iter();
        faults.extend(found.map(|fault| format!("{}: {fault}", name.display())));
    }
    for (path, json) in jsons(project) {
        if json.is_none() {
            faults.push(format!("{}: is no JSON", path.display()));
        }
    }
    faults
}

fn jsons(project: &Project) -> Vec<(PathBuf, Option<Value>)> {
    let files = project.tree("site").into_iter();
    let is_json = |path: &Path| path.extension().is_some_and(|ending| ending == "json");
    files
        .filter(|(path, _)| is_json(path))
        .map(|(path, bytes)| (path, serde_json::from_slice(&bytes).ok()))
        .collect()
}

fn assert_sound(project: &Project) {
    let faults = site_faults(project);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn whatever_an_export_says_is_text_on_every_page() {
    let project = published(hostile_project());
    assert_sound(&project);
    let all: String = pages(&project).into_values().collect();
    for shown in [
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "{{ 7*7 }}",
        "]]&gt; --&gt; &lt;/style&gt;",
        "שלום עולם (3)",
    ] {
        assert!(all.contains(shown), "no page shows `{shown}`");
    }
}

#[test]
fn the_faults_of_a_page_are_seen() {
    for (html, fault) in [
        ("<script></script><script>", "2 times `<script`"),
        ("a\u{202e}b", "'\\u{202e}'"),
        ("a\0b", "'\\0'"),
        ("<a href=\"javascript:x\">", "leads to `javascript:x`"),
        ("<img src=x>", "1 times `<img`"),
    ] {
        assert_eq!(page_faults(html), [fault], "{html}");
    }
    assert_eq!(page_faults(&"W".repeat(MOST_BYTES + 1)).len(), 1);
    assert!(page_faults("<a href=\"../x.html#y\">").is_empty());
}

#[test]
fn releases_whose_names_meet_each_have_a_page() {
    let project = published(hostile_project());
    let releases = read_text(&repository("tests/hostile/exports/releases.ndjson"));
    let folder = project.path("site/releases");
    let listed = std::fs::read_dir(folder).expect("there are pages of releases");
    let names = listed.map(|entry| entry.expect("it can be listed").file_name());
    let pages: BTreeSet<String> = names
        .map(|name| name.to_string_lossy().to_lowercase())
        .filter(|name| name.ends_with(".html") && name != "index.html")
        .collect();
    // An id with a NUL names nothing that another system could find: it is set aside.
    let is_kept = |line: &&str| {
        let release: serde_json::Value = serde_json::from_str(line).expect("it is JSON");
        release["release_id"]
            .as_str()
            .is_some_and(|id| !id.contains('\0'))
    };
    assert_eq!(pages.len(), releases.lines().filter(is_kept).count());
}

#[test]
fn one_row_of_each_table_makes_a_site() {
    let first = |_: &Path, text: &str| text.split_inclusive('\n').take(1).collect();
    assert_sound(&published(changed(first)));
}

#[test]
fn no_item_makes_a_site_whether_or_not_items_are_fed() {
    // Every item is set aside, for it has no id.
    let without_id = |path: &Path, text: &str| match path.file_stem() {
        Some(stem) if stem == "items" => text.replace("\"item_id\"", "\"id\""),
        _ => text.to_owned(),
    };
    let fed = changed(without_id);
    let toml = read_text(&fed.path("plimsoll.toml"));
    fed.write(
        "plimsoll.toml",
        toml.replace("max_reject_share = 0.5", "max_reject_share = 1.0"),
    );
    assert_sound(&published(fed));
    let unfed = hostile_project();
    let source =
        "[[sources]]\nname = \"items\"\ntable = \"items\"\npath = \"exports/items.ndjson\"\n";
    assert!(toml.contains(source));
    unfed.write("plimsoll.toml", toml.replace(source, ""));
    assert_sound(&published(unfed));
}

/// Collects the tables of a page's JSON that leave rows to it.
fn shortened<'v>(value: &'v Value, found: &mut Vec<&'v Value>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| shortened(value, found)),
        Value::Object(fields) => {
            let beyond = fields.get("rows_beyond").and_then(Value::as_array);
            if beyond.is_some_and(|rows| !rows.is_empty()) {
                found.push(value);
            }
            fields.values().for_each(|value| shortened(value, found));
        }
        _ => {}
    }
}

/// Returns how many rows the pages of a list have together, from the first one on.
fn listed_rows(folder: &Path, first: &str) -> usize {
    let html = read_text(&folder.join(first));
    let pager = html.split_once("aria-label=\"Pages of the list\">");
    let pager = pager.and_then(|(_, rest)| rest.split_once("</nav>"));
    let others = pager.map_or_else(|| vec![first], |(links, _)| attributes(links, " href=\""));
    let rows = |page: &str| {
        let html = read_text(&folder.join(page));
        html.matches("<th scope=\"row\"").count()
    };
    others.into_iter().map(rows).sum()
}

#[test]
fn ten_thousand_items_keep_pages_small_and_every_row_within_reach() {
    let project = Project::empty();
    let generated = project.plimsoll(&["generate", "--items", "10000", "--to", "."]);
    assert_eq!(generated.code, Some(0), "{}", generated.stderr);
    let project = published(project);
    assert_sound(&project);
    let mut checked = 0;
    for (path, json) in jsons(&project) {
        let is_listed = ["site/weekly", "site/items"]
            .iter()
            .any(|f| path.starts_with(f));
        let Some(json) = json.filter(|_| is_listed) else {
            continue;
        };
        let mut tables = Vec::new();
        shortened(&json, &mut tables);
        for table in tables {
            let count = |name: &str| table[name].as_array().map_or(0, Vec::len);
            let address = table["all"]["href"].as_str().expect("it leads to all rows");
            let first = address.strip_prefix("../items/").expect(address);
            let listed = listed_rows(&project.path("site/items"), first);
            assert_eq!(listed, count("rows") + count("rows_beyond"), "{address}");
            checked += 1;
        }
    }
    assert!(
        checked > 20,
        "only {checked} lists are longer than their page"
    );
    open_counts_are_those_of_their_lists(&project);
}

/// Every number of open dependencies leads to as many rows, on the page or beside it.
fn open_counts_are_those_of_their_lists(project: &Project) {
    let pages = jsons(project).into_iter();
    let mut weekly = pages.filter(|(path, _)| path.starts_with("site/weekly"));
    let (_, page) = weekly.next().expect("there is a week");
    let page = page.expect("it is JSON");
    let sections = page["sections"].as_array().into_iter().flatten();
    let tables: Vec<&Value> = sections
        .filter_map(|section| section["tables"].as_array())
        .flatten()
        .collect();
    let named = |id: &str| tables.iter().find(|table| table["id"] == id);
    let pairs = &named("who-waits-all").expect("there are pairs")["table"];
    let rows = [&pairs["rows"], &pairs["rows_beyond"]];
    let rows = rows.into_iter().filter_map(Value::as_array).flatten();
    let mut checked = [0, 0];
    for row in rows {
        let Some(address) = row[2]["href"].as_str() else {
            continue;
        };
        let (place, found) = match address.strip_prefix("../items/") {
            Some(list) => (1, listed_rows(&project.path("site/items"), list)),
            None => {
                let list = named(address.trim_start_matches('#')).expect(address);
                let count = |part: &str| list["table"][part].as_array().map_or(0, Vec::len);
                (0, count("rows") + count("rows_beyond"))
            }
        };
        assert_eq!(row[2]["value"].as_f64(), Some(found as f64), "{address}");
        checked[place] += 1;
    }
    assert!(checked[0] > 2 && checked[1] > 2, "{checked:?}");
}

//! Numbers of a page that lead to their own list: both agree.

use serde_json::Value;

use crate::sample::sample_project;
use crate::support::read_text;

/// Returns all rows of a table, those beyond the page too.
fn rows(table: &Value) -> Vec<&Value> {
    ["rows", "rows_beyond"]
        .iter()
        .filter_map(|part| table[part].as_array())
        .flatten()
        .collect()
}

fn value(row: &Value, column: usize) -> f64 {
    row[column]["value"].as_f64().expect("the cell is a number")
}

fn table<'a>(page: &'a Value, id: &str) -> &'a Value {
    let sections = page["sections"].as_array().expect("there are sections");
    let mut tables = sections.iter().flat_map(|section| {
        let tables = section["tables"].as_array();
        tables.into_iter().flatten()
    });
    let found = tables.find(|part| part["id"] == id);
    &found.unwrap_or_else(|| panic!("no table `{id}`"))["table"]
}

#[test]
fn reasons_and_dependencies_are_as_many_as_their_lists() {
    let project = sample_project();
    let finished = project.plimsoll(&["run", "--quiet"]);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let json = read_text(&project.path("site/weekly/2026-W27.json"));
    let page: Value = serde_json::from_str(&json).expect("it is JSON");
    let list = rows(table(&page, "open-items"));
    let reasons = rows(table(&page, "reasons"));
    assert_eq!(reasons.len(), 5, "every reason has its row");
    for reason in &reasons {
        let name = &reason[0]["text"];
        let listed = list.iter().filter(|item| item[1]["text"] == *name);
        let committed = listed.clone().filter(|item| item[5]["text"] == "yes");
        assert_eq!(value(reason, 1), listed.count() as f64, "{name}");
        assert_eq!(value(reason, 2), committed.count() as f64, "{name}");
    }
    let edges = rows(table(&page, "who-waits-all"));
    let mut dependencies = 0;
    for edge in &edges {
        let Some(list) = edge[2]["href"].as_str() else {
            assert_eq!(value(edge, 2), 0.0, "what is open has its list");
            continue;
        };
        let listed = rows(table(&page, list.trim_start_matches('#'))).len();
        assert_eq!(value(edge, 2), listed as f64, "{list}");
        dependencies += listed;
    }
    assert!(dependencies > 0, "the sample has open dependencies");
    let figures = page["figures"].as_array().expect("there are figures");
    let backlog = figures.iter().find(|figure| figure["id"] == "fig-backlog");
    let buckets = rows(&backlog.expect("it is there")["table"]);
    let waiting: f64 = buckets.iter().map(|bucket| value(bucket, 1)).sum();
    let uncommitted = list.iter().filter(|item| item[5]["text"] == "no");
    assert_eq!(waiting, uncommitted.count() as f64);
}

/// Returns the names of the rows of a list's page: what stands in the first cell of each.
fn row_names(html: &str) -> Vec<String> {
    let rows = html.split("<tr><th scope=\"row\"").skip(1);
    rows.map(|row| {
        let cell = row.split("</th>").next().unwrap_or_default();
        let text = cell.split_once('>').map_or("", |(_, text)| text);
        let text = text.split("</a>").next().unwrap_or_default();
        text.rsplit('>').next().unwrap_or_default().to_owned()
    })
    .collect()
}

#[test]
fn numbers_of_scope_by_team_are_as_many_as_the_rows_they_lead_to() {
    let project = sample_project();
    let finished = project.plimsoll(&["run", "--quiet"]);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let json = read_text(&project.path("site/volatility.json"));
    let page: Value = serde_json::from_str(&json).expect("it is JSON");
    let listed = |cell: &Value| -> Option<(Vec<String>, bool)> {
        let href = cell["href"]
            .as_str()
            .filter(|it| it.starts_with("items/"))?;
        let (file, place) = href.split_once('#').unwrap_or((href, ""));
        let html = read_text(&project.path(&format!("site/{file}")));
        Some((row_names(&html), !place.is_empty()))
    };
    let judged = rows(&page["parts"][0]["tables"][1]);
    assert_eq!(judged.len(), 12, "eight teams and four domains");
    let mut led = 0;
    for cell in judged
        .iter()
        .flat_map(|row| row.as_array().into_iter().flatten())
    {
        if let Some((names, _)) = listed(cell) {
            assert_eq!(cell["value"].as_f64(), Some(names.len() as f64), "{cell}");
            led += 1;
        }
    }
    assert!(led > 40, "{led} numbers lead to lists");
    // Of one release: planned, back again, after the freeze.
    let figures = page["parts"].as_array().into_iter().flatten();
    let figures = figures.flat_map(|part| part["figures"].as_array().into_iter().flatten());
    let mut led = 0;
    for row in figures.flat_map(|figure| rows(&figure["table"])) {
        for column in [2, 5, 6] {
            let Some((names, has_place)) = listed(&row[column]) else {
                continue;
            };
            let of_release = names.iter().filter(|name| row[0]["text"] == **name);
            assert_eq!(value(row, column), of_release.count() as f64, "{row}");
            assert!(has_place, "a short list has places");
            led += 1;
        }
    }
    assert!(led > 100, "{led} numbers lead to places in lists");
}

#[test]
fn items_of_themes_are_as_many_as_the_list_they_lead_to() {
    let project = sample_project();
    let finished = project.plimsoll(&["run", "--quiet"]);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let json = read_text(&project.path("site/portfolio.json"));
    let page: Value = serde_json::from_str(&json).expect("it is JSON");
    let themes = &page["parts"][0]["tables"];
    let mut led = 0;
    for row in [0, 1, 2].iter().flat_map(|level| rows(&themes[*level])) {
        let Some(file) = row[2]["href"].as_str() else {
            assert_eq!(value(row, 2), 0.0, "items have their list: {row}");
            continue;
        };
        let html = read_text(&project.path(&format!("site/{file}")));
        assert_eq!(value(row, 2), row_names(&html).len() as f64, "{row}");
        led += 1;
    }
    assert!(led > 40, "{led} themes, goals and drivers have items");
}

//! The pages of definitions: `definitions.html` has every mart, `staging.html` every
//! table that marts read and no run keeps, in words, with their ledgers. An anchor is
//! the table's name. `definitions/<name>.html` has the rest of one: its columns, what it
//! reads, the settings in force and its SQL.

use std::collections::BTreeMap;
use std::path::Path;

use minijinja::Value;
use serde::Serialize;

use super::super::format;
use super::super::marts::Marts;
use super::super::page::{Cell, DataTable, Figure, Link};
use super::super::specimen::{list, text};
use super::super::template::Templates;
use super::super::weekly::WeeklyPage;
use super::glossary::{WORDS, Word};
use super::{ColumnMeaning, Definition, Ledger, LedgerLine, Reading, Setting, load_definitions};
use crate::config::Config;
use crate::error::Result;
use crate::fs;
use crate::query::Note;

const SCHEMA_VERSION: u32 = 1;

/// The page of marts, from the root of the site.
const MARTS_PAGE: &str = "definitions.html";
/// The page of what they read.
const STAGING_PAGE: &str = "staging.html";

/// The folder of the pages of one definition each.
const FOLDER: &str = "definitions";

/// Returns the link to a mart's definition from a page that lies `depth` folders below
/// the root of the site.
pub(in super::super) fn link_to(mart: &str, depth: usize) -> Link {
    Link {
        href: format!("{}{MARTS_PAGE}#{mart}", "../".repeat(depth)),
        text: mart.to_owned(),
    }
}

/// Returns the links from each figure to the marts that it is drawn from, by its
/// anchor; the page of the figures lies `depth` folders below the root of the site.
pub(in super::super) fn links_of(
    figures: &[Figure],
    depth: usize,
    marts_behind: impl Fn(&str) -> &'static [&'static str],
) -> BTreeMap<String, Vec<Link>> {
    let links = |figure: &Figure| {
        let marts = marts_behind(&figure.id).iter();
        marts.map(|mart| link_to(mart, depth)).collect()
    };
    let figures = figures.iter();
    figures
        .map(|figure| (figure.id.clone(), links(figure)))
        .collect()
}

/// A page of definitions.
#[derive(Debug, Serialize)]
pub(in super::super) struct DefinitionsPage {
    schema_version: u32,
    engine_version: &'static str,
    project: String,
    as_of_text: String,
    snapshot: String,
    title: String,
    /// What the page lists.
    lead: String,
    /// The file of its JSON.
    json: String,
    /// The other page of definitions.
    other: Link,
    /// The headline measures; empty on the page of staging tables.
    measures: Option<DataTable>,
    /// What the words on pages mean; empty on the page of staging tables.
    glossary: &'static [Word],
    definitions: Vec<Section>,
}

/// One definition with its tables.
#[derive(Debug, Serialize)]
struct Section {
    #[serde(flatten)]
    definition: Definition,
    /// Name, unit and direction of its headline measures, one text each.
    headlines: Vec<String>,
    /// What the last run made of it; how the text differs from that run's.
    state: String,
    has_changed: bool,
    column_table: DataTable,
    reading_table: DataTable,
    setting_table: DataTable,
    ledger_table: Option<DataTable>,
    /// Rows in = rows used + rows dropped, with the numbers.
    ledger_sum: String,
}

/// The page of one definition.
#[derive(Debug, Serialize)]
pub(in super::super) struct DefinitionPage<'a> {
    schema_version: u32,
    engine_version: &'static str,
    project: &'a str,
    as_of_text: &'a str,
    snapshot: &'a str,
    /// Where it is told in words.
    back: Link,
    definition: &'a Section,
}

impl DefinitionsPage {
    /// Returns the page of each definition.
    pub(in super::super) fn parts(&self) -> impl Iterator<Item = DefinitionPage<'_>> {
        let file = self.json.replace(".json", ".html");
        self.definitions.iter().map(move |section| DefinitionPage {
            schema_version: self.schema_version,
            engine_version: self.engine_version,
            project: &self.project,
            as_of_text: &self.as_of_text,
            snapshot: &self.snapshot,
            back: Link {
                href: format!("../{file}#{}", section.definition.name),
                text: "In words, with its ledger".to_owned(),
            },
            definition: section,
        })
    }
}

/// Writes both pages, the page of each definition, and their JSON.
pub(in super::super) fn write_definitions(
    templates: &Templates,
    config: &Config,
    marts: &Marts,
    latest: &WeeklyPage,
    staging: &Path,
) -> Result<()> {
    let definitions = load_definitions(config, marts)?;
    let (kept, read): (Vec<_>, Vec<_>) = definitions
        .into_iter()
        .partition(|definition| definition.folder != "staging");
    for (file, definitions) in [(MARTS_PAGE, kept), (STAGING_PAGE, read)] {
        let page = build_page(file, latest, definitions);
        let stem = file.trim_end_matches(".html");
        templates.write(
            "definitions.html",
            &page,
            &Value::UNDEFINED,
            0,
            (staging, stem),
        )?;
        for part in page.parts() {
            let name = &part.definition.definition.name;
            let html = templates.render("definition.html", &part, &Value::UNDEFINED, 1)?;
            let path = staging.join(FOLDER).join(format!("{name}.html"));
            fs::write(&path, html.as_bytes())?;
        }
    }
    Ok(())
}

fn build_page(file: &str, latest: &WeeklyPage, definitions: Vec<Definition>) -> DefinitionsPage {
    let is_marts = file == MARTS_PAGE;
    let (title, lead, other) = match is_marts {
        true => (
            "Definitions",
            "Every figure of this site comes from one of these queries. A version is the hash of the text: two pages with one version follow one definition.",
            (STAGING_PAGE, "the tables that they read"),
        ),
        false => (
            "Definitions: the tables that marts read",
            "These queries bring the tables of the contract to the instant of the run. Marts are made of them; no run keeps them.",
            (MARTS_PAGE, "the marts"),
        ),
    };
    DefinitionsPage {
        schema_version: SCHEMA_VERSION,
        engine_version: latest.engine_version,
        project: latest.project.clone(),
        as_of_text: latest.as_of_text.clone(),
        snapshot: latest.snapshot.clone(),
        title: title.to_owned(),
        lead: lead.to_owned(),
        json: file.replace(".html", ".json"),
        other: Link {
            href: other.0.to_owned(),
            text: other.1.to_owned(),
        },
        measures: is_marts.then(measure_table),
        glossary: if is_marts { WORDS } else { &[] },
        definitions: definitions.into_iter().map(section).collect(),
    }
}

fn measure_table() -> DataTable {
    let rows = super::measures::measure_names().map(|measure| {
        vec![
            Cell::text(measure.label),
            Cell::text(measure.measure),
            Cell::text(&measure.unit),
            Cell::text(measure.mart).within(&format!("#{}", measure.mart)),
        ]
    });
    DataTable::new(
        "The headline measures and the marts that define them",
        &["Measure", "Name", "Unit", "Defined by"],
        rows.collect(),
        usize::MAX,
    )
}

fn section(definition: Definition) -> Section {
    let headlines = definition
        .measures
        .iter()
        .map(|measure| format!("{} ({}): {}", measure.label, measure.measure, measure.unit));
    let columns = definition.columns.iter().map(|column| {
        vec![
            Cell::text(&column.name),
            Cell::text(&column.column_type),
            Cell::text(&column.about),
        ]
    });
    let settings = definition
        .settings
        .iter()
        .map(|setting| vec![Cell::text(&setting.name), Cell::text(&setting.value)]);
    let name = &definition.name;
    let all = usize::MAX;
    Section {
        headlines: headlines.collect(),
        state: state(&definition),
        has_changed: definition.is_current == Some(false),
        column_table: DataTable::new(
            format!("Columns of {name}; a type with ? may be null"),
            &["Column", "Type", "Meaning"],
            columns.collect(),
            all,
        ),
        reading_table: DataTable::new(
            format!("What {name} is made of, in the order in which it runs"),
            &["Table", "Kind", "What it is", "Version"],
            definition.reads.iter().map(reading_row).collect(),
            all,
        ),
        setting_table: DataTable::new(
            format!("Settings of the last run behind {name}"),
            &["Setting", "Value"],
            settings.collect(),
            all,
        ),
        ledger_table: definition.ledger.as_ref().map(ledger_table),
        ledger_sum: definition
            .ledger
            .as_ref()
            .map_or_else(String::new, ledger_sum),
        definition,
    }
}

fn state(definition: &Definition) -> String {
    match (definition.is_current, definition.row_count) {
        (Some(true), Some(rows)) => {
            format!("{} in the last run", format::count(rows, "row", "rows"))
        }
        (Some(false), Some(rows)) => format!(
            "{} in the last run, which another version of this file made: compute again",
            format::count(rows, "row", "rows")
        ),
        _ if definition.folder == "staging" => "made in each run, not kept".to_owned(),
        _ => "not in the last run: compute again".to_owned(),
    }
}

fn reading_row(reading: &Reading) -> Vec<Cell> {
    let page = match reading.folder.as_deref() {
        Some("staging") => Some(STAGING_PAGE),
        Some(_) => Some(MARTS_PAGE),
        None => None,
    };
    let name = Cell::text(&reading.name);
    let kind = match reading.is_direct {
        true => reading.kind.to_owned(),
        false => format!("{}, through others", reading.kind),
    };
    vec![
        match page {
            Some(page) => name.within(&format!("../{page}#{}", reading.name)),
            None => name,
        },
        Cell::text(kind),
        Cell::text(&reading.about),
        Cell::maybe(reading.version.as_deref()),
    ]
}

fn ledger_table(ledger: &Ledger) -> DataTable {
    let rows = ledger.lines.iter().map(|line| {
        vec![
            Cell::text(&line.rule),
            Cell::text(&line.kind),
            Cell::integer(line.row_count),
            Cell::text(&line.explanation),
        ]
    });
    DataTable::new(
        format!("The rows of {}, by rule", ledger.metric),
        &["Rule", "Rows", "#Count", "Which"],
        rows.collect(),
        usize::MAX,
    )
}

fn ledger_sum(ledger: &Ledger) -> String {
    let verdict = if ledger.adds_up {
        "it adds up"
    } else {
        "it does not add up"
    };
    format!(
        "{} in = {} used + {} dropped: {verdict}.",
        format::integer(ledger.rows_in),
        format::integer(ledger.rows_used),
        format::integer(ledger.rows_dropped)
    )
}

/// Returns a page of placeholders, to try templates on.
pub(in super::super) fn specimen(latest: &WeeklyPage, is_full: bool) -> DefinitionsPage {
    let note = |term: Option<String>| Note { term, text: text() };
    let mut definition = Definition {
        name: text(),
        folder: text(),
        about: text(),
        grain: text(),
        key: vec![text()],
        measures: super::measures::measure_names().collect(),
        notes: vec![note(None), note(Some(text()))],
        columns: list(is_full, || ColumnMeaning {
            name: text(),
            column_type: text(),
            about: text(),
        }),
        reads: list(is_full, || Reading {
            name: text(),
            kind: "query",
            is_direct: true,
            about: text(),
            version: Some(text()),
            folder: Some(text()),
        }),
        settings: list(is_full, || Setting {
            name: text(),
            value: text(),
        }),
        ledger: is_full.then(|| Ledger {
            metric: text(),
            lines: list(is_full, || LedgerLine {
                kind: text(),
                rule: text(),
                row_count: 1,
                explanation: text(),
            }),
            rows_in: 1,
            rows_used: 1,
            rows_dropped: 0,
            adds_up: true,
        }),
        file: text(),
        origin: "built in",
        sha256: text(),
        version: text(),
        is_current: Some(!is_full),
        row_count: is_full.then_some(1),
        sql: text(),
    };
    if !is_full {
        definition.measures.clear();
    }
    let file = if is_full { MARTS_PAGE } else { STAGING_PAGE };
    build_page(file, latest, vec![definition])
}

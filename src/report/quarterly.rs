//! The rendered folder of quarters: the pages of this run, those of earlier runs
//! carried over, and their list.

use std::path::Path;

use minijinja::Value;
use serde::Serialize;

use super::format;
use super::marts::Marts;
use super::quarter::{self, Quarter, QuarterPage, SuccessPage};
use super::template::Templates;
use crate::config::Config;
use crate::error::Result;
use crate::fs;

const FOLDER: &str = "quarters";

/// What the name of the page on success ends in.
const SUCCESS: &str = "-success";

/// Copies the quarters' pages of the published site into the rendered folder and
/// returns their quarters. A permalink, once published, stays.
pub(super) fn carry_over(site: &Path, staging: &Path) -> Result<Vec<Quarter>> {
    let mut quarters = Vec::new();
    for path in fs::list(&site.join(FOLDER))? {
        let (Some(stem), Some(name)) = (path.file_stem(), path.file_name()) else {
            continue;
        };
        let stem = stem.to_string_lossy();
        let Some(quarter) = Quarter::parse(stem.strip_suffix(SUCCESS).unwrap_or(&stem)) else {
            continue;
        };
        fs::write(&staging.join(FOLDER).join(name), &fs::read(&path)?)?;
        if !quarters.contains(&quarter) {
            quarters.push(quarter);
        }
    }
    Ok(quarters)
}

/// Writes the quarter's page and its page on success, each with its JSON.
pub(super) fn write_quarter(
    templates: &Templates,
    staging: &Path,
    page: &QuarterPage,
    success: &SuccessPage,
) -> Result<()> {
    let name = &page.head.quarter.name;
    let drawings = Value::from_pairs(quarter::drawings(&page.figures));
    write_page(templates, staging, "quarter.html", name, page, &drawings)?;
    let name = format!("{name}{SUCCESS}");
    let drawings = Value::from_pairs(quarter::drawings(&success.figures));
    write_page(
        templates,
        staging,
        "quarter_success.html",
        &name,
        success,
        &drawings,
    )
}

fn write_page(
    templates: &Templates,
    staging: &Path,
    template: &str,
    name: &str,
    page: &impl Serialize,
    drawings: &Value,
) -> Result<()> {
    let folder = staging.join(FOLDER);
    templates.write(template, page, drawings, 1, (&folder, name))
}

/// The page that lists the others.
#[derive(Debug, Serialize)]
pub(super) struct QuartersIndex<'a> {
    project: &'a str,
    engine_version: &'static str,
    as_of_text: String,
    snapshot: &'a str,
    quarters: Vec<Quarter>,
}

/// Returns the list made up of placeholders, full or bare.
pub(super) fn specimen(is_full: bool) -> QuartersIndex<'static> {
    QuartersIndex {
        project: "specimen",
        engine_version: "0.0.0",
        as_of_text: super::specimen::text(),
        snapshot: "specimen",
        quarters: super::specimen::list(is_full, || Quarter::of(chrono::NaiveDate::default())),
    }
}

/// Writes the list of quarters, the latest first.
pub(super) fn write_index(
    templates: &Templates,
    config: &Config,
    marts: &Marts,
    staging: &Path,
    mut quarters: Vec<Quarter>,
) -> Result<()> {
    quarters.sort_by_key(|quarter| std::cmp::Reverse(quarter.start_on));
    let page = QuartersIndex {
        project: &config.project.name,
        engine_version: env!("CARGO_PKG_VERSION"),
        as_of_text: format::instant(marts.as_of, config.project.time_zone),
        snapshot: &marts.manifest.snapshot,
        quarters,
    };
    let html = templates.render("quarters_index.html", &page, &Value::UNDEFINED, 1)?;
    fs::write(&staging.join(FOLDER).join("index.html"), html.as_bytes())
}

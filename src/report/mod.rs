//! Pages: mart rows → page model → template. The site is written beside the one
//! that readers see; `publish` exchanges them.
//!
//! A page is built once, as a struct; its HTML and its JSON are two writings of it,
//! so they cannot disagree. Headlines are found by rule from the same numbers.

mod act;
mod banner;
mod changes;
mod definition;
mod explain;
mod figures;
pub mod format;
mod freshness;
mod items;
mod marts;
mod measures;
mod navigation;
mod page;
mod quality;
mod quarter;
mod quarterly;
mod releases;
mod sections;
mod site;
mod specimen;
mod template;
mod weekly;

use std::path::Path;

use crate::config::Config;
use crate::error::{Error, Result};
use crate::fs;
use marts::Marts;
use releases::{Places, Releases};
use template::Templates;

pub use definition::{ColumnMeaning, Definition, Ledger, LedgerLine, Reading, Setting};
pub use explain::{Explanation, FigureBehind, Question, RowsBehind, Scope, explain};
pub use measures::MeasureName;

/// What was rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// How many files the site has now.
    pub files: usize,
    /// The reported week, such as `2026-W27`.
    pub week: String,
}

/// Writes the site into `staging`, with the pages that `site` has of other weeks.
///
/// # Errors
/// `Project` where nothing was computed yet, `Template` where a template fails;
/// `Io`. What was published stays.
pub fn render(config: &Config, site: &Path, staging: &Path) -> Result<Rendered> {
    let marts = Marts::load(config)?;
    let templates = Templates::load(&config.root)?;
    fs::remove_dir_all(staging)?;
    let mut weeks = site::carry_over(site, staging)?;
    let releases = Releases::load(&marts)?;
    let page = weekly::build_weekly(config, &marts, &weeks, &releases.addresses(1))?;
    site::write_weekly(&templates, staging, &page)?;
    if !weeks.contains(&page.week) {
        weeks.push(page.week.clone());
    }
    let lists = items::Lists::load(&marts)?;
    let report = items::weekly_figures(&page);
    items::write_items(&templates, config, &lists, &page, &report, staging)?;
    let quarters = write_quarters(
        &templates,
        config,
        &marts,
        &lists,
        &page,
        &Places { site, staging },
    )?;
    quality::write_quality(&templates, config, &marts, &page, staging)?;
    definition::page::write_definitions(&templates, config, &marts, &page, staging)?;
    let places = Places { site, staging };
    releases::write_releases(&templates, config, &marts, &page.banner, &releases, &places)?;
    let listed = site::Listed {
        quarters,
        releases: releases.nearest(marts.as_of, config.project.time_zone),
    };
    site::write_indexes(&templates, config, staging, &page, weeks, listed)?;
    Ok(Rendered {
        files: fs::count_files(staging)?,
        week: page.week.iso,
    })
}

/// Writes the pages of the last whole quarter beside those of earlier runs; returns
/// all quarters of the site.
fn write_quarters(
    templates: &Templates,
    config: &Config,
    marts: &Marts,
    lists: &items::Lists,
    week: &weekly::WeeklyPage,
    places: &Places<'_>,
) -> Result<Vec<quarter::Quarter>> {
    let Places { site, staging } = *places;
    let mut quarters = quarterly::carry_over(site, staging)?;
    if let Some(page) = quarter::build_quarter(config, marts, &quarters)? {
        let success = quarter::build_success(config, marts, &page.head.quarter)?;
        quarterly::write_quarter(templates, staging, &page, &success)?;
        items::write_items(templates, config, lists, week, &page.listed(), staging)?;
        if !quarters.contains(&page.head.quarter) {
            quarters.push(page.head.quarter);
        }
    }
    quarterly::write_index(templates, config, marts, staging, quarters.clone())?;
    Ok(quarters)
}

/// Checks that every template parses, asks for nothing that its page does not have
/// and is used; returns all that is wrong.
///
/// # Errors
/// `Io`.
pub fn check_templates(root: &Path) -> Result<Vec<Error>> {
    let (templates, mut problems) = Templates::read(root)?;
    problems.extend(template::find_unknown_names(root)?);
    if problems.is_empty() {
        problems.extend(specimen::try_templates(&templates));
    }
    problems.extend(template::find_strays(root)?);
    Ok(problems)
}

//! Pages: mart rows → page model → template. The site is written beside the one
//! that readers see; `publish` exchanges them.
//!
//! A page is built once, as a struct; its HTML and its JSON are two writings of it,
//! so they cannot disagree. Headlines are found by rule from the same numbers.

mod act;
mod banner;
mod changes;
mod figures;
pub mod format;
mod freshness;
mod marts;
mod measures;
mod navigation;
mod page;
mod quality;
mod sections;
mod site;
mod template;
mod weekly;

use std::path::Path;

use crate::config::Config;
use crate::error::Result;
use crate::fs;
use marts::Marts;
use template::Templates;

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
    let page = weekly::build_weekly(config, &marts, &weeks)?;
    site::write_weekly(&templates, staging, &page)?;
    if !weeks.contains(&page.week) {
        weeks.push(page.week.clone());
    }
    quality::write_quality(&templates, config, &marts, &page, staging)?;
    let files = 4 + 2 * weeks.len();
    site::write_indexes(&templates, config, staging, &page, weeks)?;
    Ok(Rendered {
        files,
        week: page.week.iso,
    })
}

/// Checks that every template parses.
///
/// # Errors
/// `Template`, with file and line.
pub fn check_templates(root: &Path) -> Result<()> {
    Templates::load(root).map(|_| ())
}

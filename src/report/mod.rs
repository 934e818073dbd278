//! Pages: mart rows → page model → template. The site is written beside the one
//! that readers see; `publish` exchanges them.
//!
//! A page is built once, as a struct; its HTML and its JSON are two writings of it,
//! so they cannot disagree. Headlines are found by rule from the same numbers.

mod act;
mod banner;
mod calendar;
mod called;
mod changes;
mod definition;
mod dependencies;
mod environments;
mod escape;
mod explain;
mod feedback;
mod figures;
mod forecasts;
pub mod format;
mod freshness;
mod full_list;
mod gates;
mod head;
mod items;
mod marts;
mod measures;
mod navigation;
mod page;
mod part;
mod portfolio;
mod quality;
mod quarter;
mod quarterly;
mod releases;
mod risk;
mod rules;
mod sections;
mod site;
mod specimen;
mod template;
mod volatility;
mod weekly;

use std::path::Path;

use crate::config::Config;
use crate::error::{Error, Result};
use crate::fs;
use full_list::FullLists;
use gates::Verdicts;
use marts::Marts;
use releases::{Places, Releases, Told};
use template::Templates;
use weekly::WeeklyPage;

pub use definition::{ColumnMeaning, Definition, Ledger, LedgerLine, Reading, Setting};
pub use explain::{Explanation, FigureBehind, Question, RowsBehind, Scope, explain};
pub use forecasts::{
    FORECAST_MARTS, Foretold, PERCENTILES, ReleaseForecast, check_item, find_release,
    read_forecasts,
};
pub use gates::{Finding, GATE_MARTS, Gate, State, Verdict, find_verdict};
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
    let verdicts = Verdicts::load(&marts)?;
    let mut page = weekly::build_weekly(config, &marts, &weeks, &releases.addresses(1), &verdicts)?;
    let lists = items::Lists::load(&marts)?;
    let report = items::weekly_figures(&page);
    write_week(&templates, config, &lists, &mut page, &report, staging)?;
    if !weeks.contains(&page.week) {
        weeks.push(page.week.clone());
    }
    let quarters = write_quarters(
        &templates,
        config,
        &marts,
        (&lists, &verdicts),
        &page,
        &Places { site, staging },
    )?;
    quality::write_quality(&templates, config, &marts, &page, staging)?;
    definition::page::write_definitions(&templates, config, &marts, &page, staging)?;
    let places = Places { site, staging };
    let sources = gates::Sources {
        config,
        marts: &marts,
        verdicts: &verdicts,
        releases: &releases.addresses(0),
    };
    gates::write_governance(&templates, &sources, &page, staging)?;
    let context = figures::Context {
        marts: &marts,
        config,
        measures: &page.measures,
        releases: sources.releases,
    };
    dependencies::write_dependencies(&templates, &context, &page, staging)?;
    dependencies::write_swimlanes(&templates, &context, &page, staging)?;
    volatility::write_volatility(&templates, &context, &page, staging)?;
    portfolio::write_portfolio(&templates, config, &marts, &page, staging)?;
    environments::write_environments(&templates, config, &marts, &page, staging)?;
    risk::write_risk(&templates, config, &marts, &page, staging)?;
    forecasts::write_forecasts(&templates, &context, &page, staging)?;
    feedback::write_feedback(&templates, config, &marts, &page, staging)?;
    calendar::write_calendar(&templates, &context, &page, &places)?;
    let pages = releases.addresses(0);
    rules::write_rules(&templates, (config, &marts), &pages, &page, staging)?;
    let told = Told {
        banner: &page.banner,
        verdicts: &verdicts,
        rules: &rules::load_release_rules(&marts)?,
    };
    releases::write_releases(&templates, config, &marts, &told, &releases, &places)?;
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

/// Writes the weekly page, the lists behind its figures, and whole those lists that are
/// too long for either.
fn write_week(
    templates: &Templates,
    config: &Config,
    lists: &items::Lists,
    page: &mut WeeklyPage,
    report: &items::ListedReport,
    staging: &Path,
) -> Result<()> {
    let named = (report.stem.as_str(), report.section);
    let pages = FullLists::new(templates, page, named, &report.back, staging)?;
    page.shorten_lists();
    for (name, list) in page.lists() {
        pages.write(name, list)?;
    }
    items::write_items(templates, config, lists, page, report, (&pages, staging))?;
    site::write_weekly(templates, staging, page)
}

/// Writes the pages of the last whole quarter beside those of earlier runs; returns
/// all quarters of the site.
fn write_quarters(
    templates: &Templates,
    config: &Config,
    marts: &Marts,
    (lists, verdicts): (&items::Lists, &Verdicts),
    week: &weekly::WeeklyPage,
    places: &Places<'_>,
) -> Result<Vec<quarter::Quarter>> {
    let Places { site, staging } = *places;
    let mut quarters = quarterly::carry_over(site, staging)?;
    if let Some(page) = quarter::build_quarter(config, marts, &quarters, verdicts)? {
        let success = quarter::build_success(config, marts, &page.head.quarter)?;
        quarterly::write_quarter(templates, staging, &page, &success)?;
        let report = page.listed();
        let named = (report.stem.as_str(), report.section);
        let pages = FullLists::new(templates, week, named, &report.back, staging)?;
        items::write_items(templates, config, lists, week, &report, (&pages, staging))?;
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

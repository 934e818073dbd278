//! The rendered folder: pages of this run, pages of earlier runs carried over, and
//! the lists that lead to them.

use std::path::Path;

use minijinja::Value;
use serde::Serialize;

use super::measures::Measure;
use super::page::{Link, Tag};
use super::quarter::Quarter;
use super::template::Templates;
use super::weekly::{self, Week, WeeklyPage};
use crate::config::Config;
use crate::error::Result;
use crate::fs;

/// Copies the weekly pages of the published site, and the lists behind their figures,
/// into the rendered folder and returns the weeks. A permalink, once published, stays.
pub(super) fn carry_over(site: &Path, staging: &Path) -> Result<Vec<Week>> {
    for path in fs::list(&site.join("items"))? {
        let name = path.file_name().unwrap_or_default();
        fs::write(&staging.join("items").join(name), &fs::read(&path)?)?;
    }
    let mut weeks = Vec::new();
    for path in fs::list(&site.join("weekly"))? {
        let (Some(stem), Some(name)) = (path.file_stem(), path.file_name()) else {
            continue;
        };
        let Some(week) = Week::parse(&stem.to_string_lossy()) else {
            continue;
        };
        fs::write(&staging.join("weekly").join(name), &fs::read(&path)?)?;
        if !weeks.contains(&week) {
            weeks.push(week);
        }
    }
    Ok(weeks)
}

/// Writes the weekly page and its JSON.
pub(super) fn write_weekly(templates: &Templates, staging: &Path, page: &WeeklyPage) -> Result<()> {
    let folder = staging.join("weekly");
    let drawings = Value::from_pairs(weekly::drawings(page));
    let place = (folder.as_path(), page.week.iso.as_str());
    templates.write("weekly.html", page, &drawings, 1, place)
}

/// The pages that list others.
#[derive(Debug, Serialize)]
pub(super) struct IndexPage<'a> {
    project: &'a str,
    engine_version: &'static str,
    as_of_text: &'a str,
    snapshot: &'a str,
    latest: &'a WeeklyPage,
    /// The measures of the latest week.
    cards: Vec<Card<'a>>,
    weeks: Vec<Entry>,
    quarters: Vec<Entry>,
    releases: Vec<Entry>,
}

/// One measure at a glance.
#[derive(Debug, Clone, Serialize)]
struct Card<'a> {
    label: &'static str,
    figure: &'a str,
    basis: Option<&'a str>,
    /// The list of the rows behind it, from the front page.
    rows: Option<String>,
    reading: &'a Tag,
    is_signal: bool,
    /// The style's class: of a signal its kind, of few rows grey.
    class: Option<&'static str>,
}

impl<'a> Card<'a> {
    fn of(measure: &'a Measure, depth: usize) -> Self {
        let rows = measure.this_week_rows.as_deref();
        let class = match (measure.is_signal, measure.is_grey) {
            (true, _) => Some(measure.reading.class),
            (_, true) => Some("grey"),
            _ => None,
        };
        Self {
            label: measure.label,
            figure: &measure.this_week,
            basis: measure.this_week_basis.as_deref(),
            rows: rows.map(|address| match depth {
                0 => address.trim_start_matches("../").to_owned(),
                _ => address.to_owned(),
            }),
            reading: &measure.reading,
            is_signal: measure.is_signal,
            class,
        }
    }
}

/// What the front page lists besides the weeks.
pub(super) struct Listed {
    /// The quarters of the site.
    pub(super) quarters: Vec<Quarter>,
    /// Links to releases, with what is said of each.
    pub(super) releases: Vec<(Link, String)>,
}

/// A page and what is said beside its link.
#[derive(Debug, Clone, Serialize)]
struct Entry {
    link: Link,
    text: String,
}

/// Returns the lists of a site with one week, to try templates on.
pub(super) fn specimen(latest: &WeeklyPage) -> IndexPage<'_> {
    let entry = || Entry {
        link: Link {
            href: "#content".to_owned(),
            text: latest.week.iso.clone(),
        },
        text: latest.week.text.clone(),
    };
    IndexPage {
        project: &latest.project,
        engine_version: latest.engine_version,
        as_of_text: &latest.as_of_text,
        snapshot: &latest.snapshot,
        latest,
        cards: cards(latest, 0),
        weeks: vec![entry()],
        quarters: vec![entry()],
        releases: vec![entry()],
    }
}

fn cards(latest: &WeeklyPage, depth: usize) -> Vec<Card<'_>> {
    let measures = latest.measures.iter();
    measures.map(|measure| Card::of(measure, depth)).collect()
}

/// Writes the front page and the list of weeks, the latest first.
pub(super) fn write_indexes(
    templates: &Templates,
    config: &Config,
    staging: &Path,
    latest: &WeeklyPage,
    mut weeks: Vec<Week>,
    listed: Listed,
) -> Result<()> {
    weeks.sort_by_key(|week| std::cmp::Reverse(week.monday));
    let mut quarters = listed.quarters;
    quarters.sort_by_key(|quarter| std::cmp::Reverse(quarter.start_on));
    let quarters = quarters.into_iter().map(|quarter| Entry {
        link: Link {
            href: format!("quarters/{}.html", quarter.name),
            text: quarter.label,
        },
        text: quarter.text,
    });
    let quarters: Vec<Entry> = quarters.collect();
    let releases: Vec<Entry> = listed
        .releases
        .into_iter()
        .map(|(link, text)| Entry { link, text })
        .collect();
    let entries = |prefix: &str| {
        let entry = |week: &Week| Entry {
            link: Link {
                href: format!("{prefix}{}.html", week.iso),
                text: format!("Week {} of {}", week.number, week.year),
            },
            text: week.text.clone(),
        };
        weeks.iter().map(entry).collect()
    };
    for (template, file, prefix, depth) in [
        ("weekly_index.html", "weekly/index.html", "", 1),
        // The last file written: publishing takes it as the sign of a whole site.
        ("index.html", "index.html", "weekly/", 0),
    ] {
        let page = IndexPage {
            project: &config.project.name,
            engine_version: latest.engine_version,
            as_of_text: &latest.as_of_text,
            snapshot: &latest.snapshot,
            latest,
            cards: cards(latest, depth),
            weeks: entries(prefix),
            quarters: quarters.clone(),
            releases: releases.clone(),
        };
        let drawings = Value::from_pairs(weekly::drawings(latest));
        let html = templates.render(template, &page, &drawings, depth)?;
        fs::write(&staging.join(file), html.as_bytes())?;
    }
    Ok(())
}

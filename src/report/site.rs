//! The rendered folder: pages of this run, pages of earlier runs carried over, and
//! the lists that lead to them.

use std::path::Path;

use minijinja::Value;
use serde::Serialize;

use super::page::Link;
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
    weeks: Vec<Entry>,
    releases: Vec<Entry>,
}

/// A page and what is said beside its link.
#[derive(Debug, Clone, Serialize)]
struct Entry {
    link: Link,
    text: String,
}

/// Returns the lists of a site with one week, to try templates on.
pub(super) fn specimen(latest: &WeeklyPage) -> IndexPage<'_> {
    IndexPage {
        project: &latest.project,
        engine_version: latest.engine_version,
        as_of_text: &latest.as_of_text,
        snapshot: &latest.snapshot,
        latest,
        weeks: vec![Entry {
            link: Link {
                href: "#content".to_owned(),
                text: latest.week.iso.clone(),
            },
            text: latest.week.text.clone(),
        }],
        releases: vec![Entry {
            link: Link {
                href: "#content".to_owned(),
                text: latest.week.iso.clone(),
            },
            text: latest.week.text.clone(),
        }],
    }
}

/// Writes the front page and the list of weeks, the latest first; `releases` are links
/// from the front page.
pub(super) fn write_indexes(
    templates: &Templates,
    config: &Config,
    staging: &Path,
    latest: &WeeklyPage,
    mut weeks: Vec<Week>,
    releases: Vec<(Link, String)>,
) -> Result<()> {
    weeks.sort_by_key(|week| std::cmp::Reverse(week.monday));
    let releases: Vec<Entry> = releases
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
            weeks: entries(prefix),
            releases: releases.clone(),
        };
        let drawings = Value::from_pairs(weekly::drawings(latest));
        let html = templates.render(template, &page, &drawings, depth)?;
        fs::write(&staging.join(file), html.as_bytes())?;
    }
    Ok(())
}

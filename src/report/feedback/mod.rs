//! The page of what recurs in operations: patterns of incidents and user reports ranked
//! by pain, the items that would answer each, and drafts where none would.

mod drafts;
mod figure;
mod lists;
mod model;
mod patterns;
mod release;

use std::path::Path;

use chrono_tz::Tz;

use super::full_list::FullLists;
use super::marts::Marts;
use super::page::Link;
use super::part::PartsPage;
use super::template::Templates;
use super::weekly::WeeklyPage;
use crate::config::Config;
use crate::error::Result;
use model::Patterns;

pub(super) use release::{no_patterns, release_patterns};

/// How many rows a table of the page shows.
const MOST_ROWS: usize = 40;

/// What the parts are made from.
struct Sources<'a> {
    marts: &'a Marts,
    zone: Tz,
    patterns: &'a Patterns,
}

/// Writes the page, its JSON, the lists behind its numbers, and the drafts for import.
pub(super) fn write_feedback(
    templates: &Templates,
    config: &Config,
    marts: &Marts,
    latest: &WeeklyPage,
    staging: &Path,
) -> Result<()> {
    let patterns = Patterns::load(marts)?;
    let sources = Sources {
        marts,
        zone: config.project.time_zone,
        patterns: &patterns,
    };
    let back = Link {
        href: "../feedback.html".to_owned(),
        text: "Feedback from operations".to_owned(),
    };
    let named = ("feedback", "feedback");
    let pages = FullLists::new(templates, latest, named, &back, staging)?;
    let behind = lists::write_reports(&pages, &sources)?;
    let ranked = patterns::part(&sources, &behind)?;
    let answer = ranked.finding.trim_end_matches('.').to_owned();
    let mut parts = vec![
        ranked,
        patterns::answers(&sources)?,
        drafts::part(&sources, &behind)?,
        lists::single_part(&sources, &behind)?,
    ];
    for part in &mut parts {
        for (place, table) in part.tables.iter_mut().enumerate() {
            pages.write(&format!("{}-{}", part.id, place + 1), table)?;
        }
    }
    drafts::write(marts, &patterns, staging)?;
    PartsPage::new(latest, answer, parts).write(templates, "feedback", staging)
}

/// Returns what is said where nothing is fed that a pattern could be found in.
pub(super) fn missing(marts: &Marts) -> Option<String> {
    let is_fed = |table: &&str| marts.is_fed(table);
    let any = ["incidents", "feedback"].iter().any(is_fed);
    (!any).then(|| "No data: feed incidents or feedback.".to_owned())
}

/// Returns what is said where one of the two is not fed.
fn half_missing(marts: &Marts) -> Option<String> {
    match missing(marts) {
        Some(_) => None,
        None => marts
            .missing(&["incidents"])
            .or_else(|| marts.missing(&["feedback"])),
    }
}

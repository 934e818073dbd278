//! The page of environments and pipelines: bookings that are in one another's way and
//! when they would fit, and how many releases in flight the pipelines bear.

mod bookings;
mod load;

use std::path::Path;

use super::full_list::FullLists;
use super::marts::Marts;
use super::page::Link;
use super::part::{PartsPage, write_lists};
use super::template::Templates;
use super::weekly::WeeklyPage;
use crate::config::Config;
use crate::error::Result;

/// How many rows a table of the page shows.
const MOST_ROWS: usize = 40;

/// Writes the page and its JSON.
pub(super) fn write_environments(
    templates: &Templates,
    config: &Config,
    marts: &Marts,
    latest: &WeeklyPage,
    staging: &Path,
) -> Result<()> {
    let zone = config.project.time_zone;
    let bookings = bookings::part(marts, zone)?;
    let answer = bookings.finding.trim_end_matches('.').to_owned();
    let mut parts = vec![bookings, load::part(marts)?, load::queue_part(marts, zone)?];
    let back = Link {
        href: "../environments.html".to_owned(),
        text: "Environments".to_owned(),
    };
    let pages = FullLists::new(
        templates,
        latest,
        ("environments", "environments"),
        &back,
        staging,
    )?;
    write_lists(&mut parts, &pages)?;
    PartsPage::new(latest, answer, parts).write(templates, "environments", staging)
}

//! The page of the portfolio: themes against their quarter, what comes first, where
//! effort goes and how far that is from the plan, and what should be split.

mod drift;
mod scores;
mod split;
mod theme_lists;
mod themes;
mod work;

use std::path::Path;

use chrono_tz::Tz;

use super::full_list::FullLists;
use super::marts::Marts;
use super::page::{Cell, Link};
use super::part::{PartsPage, write_lists};
use super::template::Templates;
use super::weekly::WeeklyPage;
use crate::config::Config;
use crate::error::Result;
use crate::lake::Rows;
use crate::report::format;
use theme_lists::ThemeLists;

/// How many rows a table of the page shows.
const MOST_ROWS: usize = 30;

/// Below how many a figure carries no weight.
const FEWEST: i64 = 5;

/// What the parts are made from.
struct Sources<'a> {
    marts: &'a Marts,
    zone: Tz,
}

/// Writes the page and its JSON.
pub(super) fn write_portfolio(
    templates: &Templates,
    config: &Config,
    marts: &Marts,
    latest: &WeeklyPage,
    staging: &Path,
) -> Result<()> {
    let sources = Sources {
        marts,
        zone: config.project.time_zone,
    };
    let quarter = whole_quarter(&marts.rows("stability_velocity")?)?;
    let drift = drift::part(&sources, quarter.as_deref())?;
    let answer = drift.finding.trim_end_matches('.').to_owned();
    let lists = ThemeLists::load(&marts.rows("theme_items")?)?;
    let mut parts = vec![
        themes::part(&sources, quarter.as_deref(), &lists)?,
        scores::part(&sources)?,
        work::part(&sources)?,
        drift,
        split::part(&sources)?,
    ];
    let back = Link {
        href: "../portfolio.html".to_owned(),
        text: "Portfolio".to_owned(),
    };
    let named = ("portfolio", "portfolio");
    let pages = FullLists::new(templates, latest, named, &back, staging)?;
    lists.write(&pages)?;
    write_lists(&mut parts, &pages)?;
    PartsPage::new(latest, answer, parts).write(templates, "portfolio", staging)
}

/// The last quarter that is over.
fn whole_quarter(rows: &Rows) -> Result<Option<String>> {
    let mut last = None;
    for row in rows.indices() {
        let quarter = rows.text("quarter", row)?.unwrap_or_default();
        if quarter != "undated" && rows.boolean("is_partial", row)? == Some(false) {
            last = Some(quarter.to_owned());
        }
    }
    Ok(last)
}

fn text_cell(rows: &Rows, column: &str, row: usize) -> Result<Cell> {
    Ok(Cell::maybe(rows.text(column, row)?))
}

fn number_cell(rows: &Rows, column: &str, row: usize) -> Result<Cell> {
    Ok(Cell::number(rows.number(column, row)?, format::number))
}

fn share_cell(rows: &Rows, column: &str, row: usize) -> Result<Cell> {
    Ok(Cell::number(rows.number(column, row)?, format::percent))
}

fn count_cell(rows: &Rows, column: &str, row: usize) -> Result<Cell> {
    Ok(match rows.integer(column, row)? {
        Some(count) => Cell::integer(count),
        None => Cell::maybe(None),
    })
}

//! The page of scope volatility by team and by domain: whom to talk to and why, a
//! control chart of each, and the lists behind every number.

mod charts;
mod coaching;
mod level;
mod lists;

use std::path::Path;

use super::figures::Context;
use super::full_list::{self, FullLists};
use super::page::Link;
use super::part::{Part, PartsPage, write_lists};
use super::template::Templates;
use super::weekly::WeeklyPage;
use crate::error::Result;
use level::Dimension;
use lists::Lists;

/// The page's file, without its ending.
const STEM: &str = "volatility";

/// How many rows a table of the page shows.
const MOST_ROWS: usize = 40;

/// How many bytes drawings and tables may take, so that the page stays below 400 kB.
const MOST_BYTES: usize = 270_000;

/// The tables without which there is nothing to say.
const FED_BY: [&str; 2] = ["releases", "items"];

/// Writes the page, its JSON, and the lists that its numbers lead to.
pub(super) fn write_volatility(
    templates: &Templates,
    context: &Context<'_>,
    latest: &WeeklyPage,
    staging: &Path,
) -> Result<()> {
    let levels = level::load(&context.marts.rows("volatility_coaching")?)?;
    let missing = context.marts.missing(&FED_BY);
    let answer = match &missing {
        Some(missing) => format!("Scope volatility. {missing}"),
        None => coaching::answer(&levels),
    };
    let back = Link {
        href: format!("../{STEM}.html"),
        text: "Scope volatility".to_owned(),
    };
    let pages = FullLists::new(templates, latest, (STEM, STEM), &back, staging)?;
    let lists = Lists::load(context)?;
    lists.write(&pages, &levels)?;
    let mut parts = vec![coaching::part(context, &levels, &lists, missing.as_deref())];
    for dimension in [Dimension::Team, Dimension::Domain] {
        parts.push(charts::part(context, dimension, &levels, &lists)?);
    }
    shorten(&mut parts);
    write_lists(&mut parts, &pages)?;
    PartsPage::new(latest, answer, parts).write(templates, STEM, staging)
}

/// Shortens the tables of charts, which are many, so that the page keeps to its size.
fn shorten(parts: &mut [Part]) {
    let drawn: usize = parts
        .iter()
        .flat_map(|part| &part.figures)
        .map(|figure| figure.svg.len())
        .sum();
    let stays: usize = parts
        .iter()
        .flat_map(|part| &part.tables)
        .map(full_list::table_size)
        .sum();
    let mut tables: Vec<_> = parts
        .iter_mut()
        .flat_map(|part| &mut part.figures)
        .map(|figure| &mut figure.table)
        .collect();
    full_list::shorten(&mut tables, MOST_BYTES.saturating_sub(drawn + stays));
}

#[cfg(test)]
mod tests;

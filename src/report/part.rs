//! Pages made up of parts: each with its words, its drawings, its tables and the
//! definitions behind them.

use std::path::Path;

use minijinja::Value;
use serde::Serialize;

use super::full_list::FullLists;
use super::head::Head;
use super::page::{DataTable, Figure, Link};
use super::specimen;
use super::template::Templates;
use super::weekly::WeeklyPage;
use crate::error::Result;

/// One part of a page.
#[derive(Debug, Serialize)]
pub(super) struct Part {
    /// The anchor.
    pub(super) id: &'static str,
    /// What it is about.
    pub(super) title: &'static str,
    /// What it says, found by rule from its rows.
    pub(super) finding: String,
    /// How to take it.
    pub(super) about: String,
    pub(super) figures: Vec<Figure>,
    /// The tables; one without rows is not shown.
    pub(super) tables: Vec<DataTable>,
    /// The definitions of its marts.
    pub(super) definitions: Vec<Link>,
}

impl Part {
    /// Links the definitions of some marts.
    pub(super) fn defined_by(marts: &[&str]) -> Vec<Link> {
        let link = |mart: &&str| Link {
            href: format!("definitions/{mart}.html"),
            text: (*mart).to_owned(),
        };
        marts.iter().map(link).collect()
    }

    fn specimen(is_full: bool) -> Self {
        Self {
            id: "specimen",
            title: "Specimen",
            finding: specimen::text(),
            about: specimen::text(),
            figures: specimen::list(is_full, || specimen::figure(is_full)),
            tables: vec![specimen::table(is_full)],
            definitions: Self::defined_by(&["specimen"]),
        }
    }
}

/// Writes whole those tables of the parts that are too long for their page.
///
/// # Errors
/// `Template` where the template fails; `Io`.
pub(super) fn write_lists(parts: &mut [Part], pages: &FullLists<'_>) -> Result<()> {
    for part in parts {
        for figure in &mut part.figures {
            pages.write(&figure.id, &mut figure.table)?;
        }
        for (number, table) in (1..).zip(&mut part.tables) {
            pages.write(&format!("{}-{number}", part.id), table)?;
        }
    }
    Ok(())
}

/// A page of parts.
#[derive(Debug, Serialize)]
pub(super) struct PartsPage<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    /// What the page says, in one sentence.
    answer: String,
    parts: Vec<Part>,
}

impl<'a> PartsPage<'a> {
    /// Sets up the page of the run that `latest` is of.
    pub(super) fn new(latest: &'a WeeklyPage, answer: String, parts: Vec<Part>) -> Self {
        Self {
            head: Head::of(latest),
            answer,
            parts,
        }
    }

    /// Writes `<name>.html` and its JSON to the root of the site.
    ///
    /// # Errors
    /// `Template` where the template fails; `Io`.
    pub(super) fn write(&self, templates: &Templates, name: &str, staging: &Path) -> Result<()> {
        let figures = self.parts.iter().flat_map(|part| &part.figures);
        let drawings = figures.map(|figure| {
            let drawing = Value::from_safe_string(figure.svg.clone());
            (figure.id.clone(), drawing)
        });
        let drawings = Value::from_pairs(drawings);
        templates.write(&format!("{name}.html"), self, &drawings, 0, (staging, name))
    }

    /// A page of placeholders, to try templates on.
    pub(super) fn specimen(latest: &'a WeeklyPage, is_full: bool) -> Self {
        Self::new(latest, specimen::text(), vec![Part::specimen(is_full)])
    }
}

//! Who waits on whom: the page of dependencies (matrix, edges, bottlenecks that
//! return, the order of open items) and that of the swimlanes.

mod bottlenecks;
mod matrix;
mod sequence;
mod swimlanes;

use std::path::Path;

use minijinja::Value;
use serde::Serialize;

use super::definition;
use super::figures::Context;
use super::format;
use super::full_list::FullLists;
use super::head::Head;
use super::page::{DataTable, Link};
use super::sections::waits;
use super::specimen;
use super::template::Templates;
use super::weekly::WeeklyPage;
use crate::error::Result;
use matrix::Matrix;

pub(super) use swimlanes::{swimlanes_specimen, write_swimlanes};

/// The marts that the page is made from.
const MARTS: [&str; 9] = [
    "dependency_matrix",
    "dependency_waits",
    "dependency_spans",
    "recurring_bottlenecks",
    "release_bottlenecks",
    "delivery_sequence",
    "dependency_cycles",
    "planned_too_early",
    "blockers_to_escalate",
];

/// The page.
#[derive(Debug, Serialize)]
pub(super) struct DependencyPage<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    /// How many dependencies are open, in words.
    answer: String,
    /// What is said where no source feeds dependencies.
    missing: Option<String>,
    since: String,
    matrix: Matrix,
    edges: DataTable,
    open: DataTable,
    /// Who holds up release after release, in a sentence.
    bottleneck_text: String,
    bottlenecks: DataTable,
    releases: DataTable,
    escalate: DataTable,
    too_early: DataTable,
    cycles: DataTable,
    sequence: DataTable,
    definitions: Vec<Link>,
}

impl DependencyPage<'_> {
    /// The tables that may be too long for the page, by name.
    fn lists(&mut self) -> [(&'static str, &mut DataTable); 8] {
        [
            ("edges", &mut self.edges),
            ("open", &mut self.open),
            ("bottlenecks", &mut self.bottlenecks),
            ("releases", &mut self.releases),
            ("escalate", &mut self.escalate),
            ("too-early", &mut self.too_early),
            ("cycles", &mut self.cycles),
            ("sequence", &mut self.sequence),
        ]
    }
}

/// Writes the page, its JSON, and whole those lists that are too long for it.
pub(super) fn write_dependencies(
    templates: &Templates,
    context: &Context<'_>,
    latest: &WeeklyPage,
    staging: &Path,
) -> Result<()> {
    let marts = context.marts;
    let open = waits::open_dependencies(context)?;
    let matrix = matrix::build(&marts.rows("dependency_matrix")?)?;
    let recurring = marts.rows("recurring_bottlenecks")?;
    let window = bottlenecks::window(context)?;
    let missing = marts.missing(&["dependencies"]);
    let mut page = DependencyPage {
        head: Head::of(latest),
        answer: answer(missing.as_deref(), &matrix),
        missing,
        since: format::date(context.first_week()),
        matrix,
        edges: waits::ranked_edges(context)?,
        open,
        bottleneck_text: bottlenecks::sentence(&recurring, window)?,
        bottlenecks: bottlenecks::table(&recurring, window)?,
        releases: bottlenecks::release_table(context)?,
        escalate: sequence::escalation_table(&marts.rows("blockers_to_escalate")?)?,
        too_early: sequence::too_early_table(context)?,
        cycles: sequence::cycle_table(&marts.rows("dependency_cycles")?)?,
        sequence: sequence::order_table(context)?,
        definitions: links(&MARTS),
    };
    let back = Link {
        href: "../dependencies.html".to_owned(),
        text: "Dependencies".to_owned(),
    };
    let named = ("dependencies", "dependencies");
    let pages = FullLists::new(templates, latest, named, &back, staging)?;
    for (name, table) in page.lists() {
        pages.write(name, table)?;
    }
    let place = (staging, "dependencies");
    templates.write("dependencies.html", &page, &Value::UNDEFINED, 0, place)
}

fn links(marts: &[&str]) -> Vec<Link> {
    let links = marts.iter();
    links
        .map(|mart| definition::page::link_to(mart, 0))
        .collect()
}

fn answer(missing: Option<&str>, matrix: &Matrix) -> String {
    if let Some(missing) = missing {
        return format!("Dependencies. {missing}");
    }
    let open = format::count(
        matrix.open_count,
        "dependency is open",
        "dependencies are open",
    );
    match (matrix.open_count, matrix.overdue_count) {
        (0, _) => "No dependency is open".to_owned(),
        (_, 0) => format!("{open}, none of them overdue"),
        (_, overdue) => format!("{open}, {} of them overdue", format::integer(overdue)),
    }
}

/// Returns the page made up of placeholders.
pub(super) fn specimen(latest: &WeeklyPage, is_full: bool) -> DependencyPage<'_> {
    let table = || specimen::table(is_full);
    DependencyPage {
        head: Head::of(latest),
        answer: specimen::text(),
        missing: is_full.then(specimen::text),
        since: specimen::text(),
        matrix: matrix::specimen(is_full),
        edges: table(),
        open: table(),
        bottleneck_text: specimen::text(),
        bottlenecks: table(),
        releases: table(),
        escalate: table(),
        too_early: table(),
        cycles: table(),
        sequence: table(),
        definitions: links(&MARTS),
    }
}

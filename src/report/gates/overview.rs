//! The overview of governance: which releases the gates hold back, what was let
//! through and why, and how gates were kept by team and over time.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, Utc};
use minijinja::Value;
use serde::Serialize;

use super::kept::{gate_table, history, team_table};
use super::model::{State, Verdict};
use super::strip::page_beside;
use super::{Verdicts, gates_off};
use crate::config::Config;
use crate::error::Result;
use crate::report::format;
use crate::report::head::Head;
use crate::report::marts::Marts;
use crate::report::page::{Cell, DataTable, Figure};
use crate::report::specimen;
use crate::report::template::Templates;
use crate::report::weekly::WeeklyPage;

/// How many rows a table of the page shows.
pub(super) const MOST_ROWS: usize = 60;

/// The page.
#[derive(Debug, Serialize)]
pub(in crate::report) struct GovernancePage<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    /// How many releases are held back, in words.
    answer: String,
    coming: DataTable,
    coming_empty: String,
    shipped: DataTable,
    shipped_empty: String,
    waivers: DataTable,
    figures: Vec<Figure>,
    teams: DataTable,
    gates: DataTable,
    /// The gates that are off, by title.
    off: Vec<String>,
}

/// What the page is made from.
pub(in crate::report) struct Sources<'a> {
    pub(in crate::report) config: &'a Config,
    pub(in crate::report) marts: &'a Marts,
    pub(in crate::report) verdicts: &'a Verdicts,
    /// The addresses of the releases' pages from the site's root, by release id.
    pub(in crate::report) releases: &'a BTreeMap<String, String>,
}

/// Writes the page and its JSON.
pub(in crate::report) fn write_governance(
    templates: &Templates,
    sources: &Sources<'_>,
    latest: &WeeklyPage,
    staging: &Path,
) -> Result<()> {
    let marts = sources.marts;
    let (mut shipped, mut coming): (Vec<_>, Vec<_>) = sources
        .verdicts
        .living()
        .partition(|verdict| verdict.shipped_at.is_some());
    coming.sort_by_key(|verdict| (verdict.ship_due_at.is_none(), verdict.ship_due_at));
    shipped.sort_by_key(|verdict| std::cmp::Reverse(verdict.shipped_at));
    let page = GovernancePage {
        head: Head::of(latest),
        answer: answer(&coming),
        coming: sources.release_table("Releases that have not shipped, the next first", &coming),
        coming_empty: sources.empty("No release is planned or under way."),
        shipped: sources.release_table("Releases that shipped, the latest first", &shipped),
        shipped_empty: sources.empty("No release has shipped."),
        waivers: sources.waiver_table(),
        figures: vec![history(&marts.rows("gate_history")?)?],
        teams: team_table(&marts.rows("gate_teams")?)?,
        gates: gate_table(marts)?,
        off: gates_off(marts)?,
    };
    let drawings = page.figures.iter().map(|figure| {
        let drawing = Value::from_safe_string(figure.svg.clone());
        (figure.id.clone(), drawing)
    });
    let drawings = Value::from_pairs(drawings);
    let place = (staging, "governance");
    templates.write("governance.html", &page, &drawings, 0, place)
}

fn answer(coming: &[&Verdict]) -> String {
    let blocked = coming.iter().filter(|verdict| !verdict.is_go).count();
    match (coming.len(), blocked) {
        (0, _) => "No release is on its way".to_owned(),
        (1, 0) => "The one release on its way has no gate open".to_owned(),
        (all, 0) => format!(
            "None of {} releases on their way has a gate open",
            format::integer(all)
        ),
        (1, _) => "The one release on its way is blocked".to_owned(),
        (all, blocked) => format!(
            "{} of {} releases on their way {} blocked",
            format::integer(blocked),
            format::integer(all),
            if blocked == 1 { "is" } else { "are" }
        ),
    }
}

impl Sources<'_> {
    fn empty(&self, otherwise: &str) -> String {
        let missing = self.marts.missing(&["releases"]);
        missing.unwrap_or_else(|| otherwise.to_owned())
    }

    /// The address of a release's page of gates.
    fn gates_of(&self, release: &str) -> Option<String> {
        self.releases
            .get(release)
            .and_then(|page| page_beside(page))
    }

    fn release_table(&self, caption: &str, verdicts: &[&Verdict]) -> DataTable {
        let zone = self.config.project.time_zone;
        let date = |at: Option<DateTime<Utc>>| match at {
            Some(at) => Cell::text(format::instant(at, zone)),
            None => Cell::maybe(None),
        };
        let rows = verdicts.iter().map(|verdict| {
            let open = verdict.gates.iter().filter(|gate| gate.state.is_open());
            let open: Vec<&str> = open.map(|gate| gate.title.as_str()).collect();
            vec![
                Cell::text(&verdict.release_name).within_if(self.gates_of(&verdict.release_id)),
                Cell::text(verdict.headline()),
                date(verdict.ship_due_at),
                Cell::integer(verdict.open_count),
                Cell::integer(verdict.gate_count),
                Cell::maybe((!open.is_empty()).then(|| open.join(", ")).as_deref()),
            ]
        });
        DataTable::new(
            caption,
            &[
                "Release",
                "Verdict",
                "Ships",
                "#Open",
                "#Of gates",
                "Open gates",
            ],
            rows.collect(),
            MOST_ROWS,
        )
    }

    /// Every waiver that let something through, the latest first: an override is
    /// never hidden.
    fn waiver_table(&self) -> DataTable {
        let zone = self.config.project.time_zone;
        let mut rows = Vec::new();
        for verdict in self.verdicts.living() {
            for gate in &verdict.gates {
                let waived = gate.findings.iter();
                for finding in waived.filter(|one| one.state == State::Waived) {
                    let at = finding.waiver_at;
                    let when = at.map(|at| format::instant(at, zone));
                    rows.push((
                        at,
                        vec![
                            Cell::maybe(finding.waiver_id.as_deref()),
                            Cell::text(&gate.title),
                            Cell::text(&finding.subject_id).noted(Some(&finding.subject_type)),
                            Cell::text(&verdict.release_name)
                                .within_if(self.gates_of(&verdict.release_id)),
                            Cell::maybe(finding.waiver_by.as_deref()),
                            Cell::maybe(when.as_deref()),
                            Cell::maybe(finding.waiver_rationale.as_deref()),
                        ],
                    ));
                }
            }
        }
        rows.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        DataTable::new(
            "What a waiver let through, the latest first",
            &["Waiver", "Gate", "For", "Release", "By", "On", "Reason"],
            rows.into_iter().map(|(_, cells)| cells).collect(),
            MOST_ROWS,
        )
    }
}

/// Returns a page of placeholders, to try templates on.
pub(in crate::report) fn governance_specimen(
    latest: &WeeklyPage,
    is_full: bool,
) -> GovernancePage<'_> {
    GovernancePage {
        head: Head::of(latest),
        answer: specimen::text(),
        coming: specimen::table(is_full),
        coming_empty: specimen::text(),
        shipped: specimen::table(is_full),
        shipped_empty: specimen::text(),
        waivers: specimen::table(is_full),
        figures: specimen::list(is_full, || specimen::figure(is_full)),
        teams: specimen::table(is_full),
        gates: specimen::table(is_full),
        off: specimen::list(is_full, specimen::text),
    }
}

//! The overview of governance: which releases the gates hold back, what was let
//! through and why, and how gates were kept by team and over time.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, Utc};
use minijinja::Value;
use serde::Serialize;

use super::model::{State, Verdict};
use super::strip::page_beside;
use super::{Verdicts, gates_off};
use crate::chart::{
    Frame, PartTone, SharePart, ShareRow, ShareScale, StackedShares, stacked_shares,
};
use crate::config::Config;
use crate::error::Result;
use crate::lake::Rows;
use crate::report::format;
use crate::report::marts::Marts;
use crate::report::page::{Cell, DataTable, Figure};
use crate::report::specimen;
use crate::report::template::Templates;
use crate::report::weekly::WeeklyPage;
use crate::statistics::wilson;

const SCHEMA_VERSION: u32 = 1;

/// How many rows a table of the page shows.
const MOST_ROWS: usize = 60;

/// Below how many a share is no figure.
const FEWEST: u64 = 5;

/// The parts of a bar: name and column.
const PARTS: [(&str, &str); 4] = [
    ("passed", "pass_count"),
    ("waived", "waived_count"),
    ("unknown", "unknown_count"),
    ("failed", "fail_count"),
];

/// The page.
#[derive(Debug, Serialize)]
pub(in crate::report) struct GovernancePage<'a> {
    schema_version: u32,
    engine_version: &'static str,
    project: &'a str,
    as_of_text: &'a str,
    snapshot: &'a str,
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
        schema_version: SCHEMA_VERSION,
        engine_version: latest.engine_version,
        project: &sources.config.project.name,
        as_of_text: &latest.as_of_text,
        snapshot: &latest.snapshot,
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

/// The counts of one row, in the order of the parts.
fn counts(rows: &Rows, row: usize) -> Result<[u64; 4]> {
    let mut counts = [0; 4];
    for (count, (_, column)) in counts.iter_mut().zip(PARTS) {
        *count = rows.integer(column, row)?.unwrap_or(0).unsigned_abs();
    }
    Ok(counts)
}

/// The share that passed, with its interval where it rests on enough.
fn passed_cell(counts: [u64; 4]) -> Cell {
    let all: u64 = counts.iter().sum();
    let Some(rate) = wilson(counts[0], all) else {
        return Cell::maybe(None);
    };
    if all < FEWEST {
        return Cell::maybe(None).noted(Some("fewer than 5"));
    }
    let interval = format!(
        "{}–{}",
        format::percent(rate.interval.lower),
        format::percent(rate.interval.upper)
    );
    Cell::number(Some(rate.share), format::percent).noted(Some(&interval))
}

fn history(mart: &Rows) -> Result<Figure> {
    let mut bars = Vec::new();
    let mut rows = Vec::new();
    let mut last = None;
    for row in mart.indices() {
        if mart.boolean("is_total", row)? != Some(true) {
            continue;
        }
        let quarter = mart.text("quarter", row)?.unwrap_or_default().to_owned();
        let counts = counts(mart, row)?;
        let all: u64 = counts.iter().sum();
        #[allow(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
        let values = counts.iter().map(|count| Some(*count as f64)).collect();
        bars.push(ShareRow {
            name: quarter.clone(),
            values,
            words: format::count(all, "check", "checks"),
            is_pale: all < FEWEST,
            href: None,
        });
        let mut cells = vec![Cell::text(&quarter), Cell::integer(all)];
        cells.extend(counts.map(Cell::integer));
        cells.push(passed_cell(counts));
        rows.push(cells);
        last = Some((quarter, counts[0], all));
    }
    let title = match &last {
        None => "No gate has come due".to_owned(),
        Some((quarter, passed, all)) => format!(
            "{} of {} passed in {quarter}",
            format::integer(*passed),
            format::count(*all, "check", "checks")
        ),
    };
    let subtitle =
        "Everything that gates looked at, by the local quarter in which the moment fell; the last quarter as far as it has come".to_owned();
    let frame =
        Frame::new("fig-gate-history", &title, &subtitle).empty("No gate has come due yet.");
    let part = |(name, _): (&str, &str)| SharePart {
        name: name.to_owned(),
        tone: match name {
            "passed" => PartTone::Active,
            "failed" => PartTone::Waiting,
            _ => PartTone::Shade,
        },
    };
    let drawing = StackedShares {
        parts: PARTS.map(part).to_vec(),
        rows: bars,
        scale: ShareScale::OfRow,
        caption: "Share of what was looked at".into(),
    };
    rows.reverse();
    Ok(Figure {
        id: "fig-gate-history".into(),
        svg: stacked_shares(&frame, &drawing),
        title,
        subtitle,
        how_to_read: "A bar is one quarter; every check weighs the same, so a gate with many items weighs more than one with few. A change between quarters may come from more gates being fed as well as from better conduct: the table of gates tells them apart.".into(),
        table: DataTable::new(
            "What the gates found, by quarter, the latest first",
            &["Quarter", "#Checks", "#Passed", "#Waived", "#Unknown", "#Failed", "#Share passed"],
            rows,
            MOST_ROWS,
        ),
    })
}

fn team_table(mart: &Rows) -> Result<DataTable> {
    let mut rows = Vec::new();
    for row in mart.indices() {
        if mart.boolean("is_total", row)? != Some(true) {
            continue;
        }
        let counts = counts(mart, row)?;
        let mut cells = vec![
            Cell::text(mart.text("team", row)?.unwrap_or_default()),
            Cell::integer(counts.iter().sum::<u64>()),
        ];
        cells.extend(counts.map(Cell::integer));
        cells.push(passed_cell(counts));
        rows.push(cells);
    }
    Ok(DataTable::new(
        "What the gates found, by team, in the last twelve quarters and since",
        &[
            "Team",
            "#Checks",
            "#Passed",
            "#Waived",
            "#Unknown",
            "#Failed",
            "#Share passed",
        ],
        rows,
        MOST_ROWS,
    ))
}

/// Every gate with what it is, how it was kept, and what it lacks.
fn gate_table(marts: &Marts) -> Result<DataTable> {
    let teams = marts.rows("gate_teams")?;
    let mut kept: BTreeMap<String, [u64; 4]> = BTreeMap::new();
    for row in teams.indices() {
        let gate = teams.text("gate", row)?.unwrap_or_default().to_owned();
        let sum = kept.entry(gate).or_default();
        for (sum, count) in sum.iter_mut().zip(counts(&teams, row)?) {
            *sum += count;
        }
    }
    let gates = marts.settings("gates")?;
    let mut rows = Vec::new();
    for row in gates.indices() {
        let text = |column: &str| Ok(gates.text(column, row)?.unwrap_or_default().to_owned());
        let name: String = text("gate")?;
        let counts = kept.get(&name).copied().unwrap_or_default();
        let state = match (
            gates.boolean("is_on", row)?,
            gates.text("missing_words", row)?,
        ) {
            (Some(false), _) => "off".to_owned(),
            (_, Some(missing)) => missing.to_owned(),
            (_, None) => "on".to_owned(),
        };
        let limits: String = text("limit_words")?;
        let mut cells = vec![
            Cell::text(text("title")?)
                .within(&format!("definitions/{name}.html"))
                .noted(Some(&text("about")?)),
            Cell::text(state),
            Cell::text(text("guards")?),
            Cell::maybe((!limits.is_empty()).then_some(limits.as_str())),
            Cell::integer(counts.iter().sum::<u64>()),
        ];
        cells.extend(counts.map(Cell::integer));
        rows.push(cells);
    }
    Ok(DataTable::new(
        "Every gate, its limits, and what it found in the last twelve quarters and since",
        &[
            "Gate", "State", "Guards", "Limits", "#Checks", "#Passed", "#Waived", "#Unknown",
            "#Failed",
        ],
        rows,
        usize::MAX,
    ))
}

/// Returns a page of placeholders, to try templates on.
pub(in crate::report) fn governance_specimen(
    latest: &WeeklyPage,
    is_full: bool,
) -> GovernancePage<'_> {
    GovernancePage {
        schema_version: SCHEMA_VERSION,
        engine_version: latest.engine_version,
        project: &latest.project,
        as_of_text: &latest.as_of_text,
        snapshot: &latest.snapshot,
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

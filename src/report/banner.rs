//! The data banner: what every figure on the page rests on, the bad news first.

use std::collections::BTreeMap;

use serde::Serialize;

use super::format;
use super::freshness::Freshness;
use super::marts::Marts;
use super::page::{Cell, DataTable};
use crate::config::Config;
use crate::error::Result;
use crate::lake::Account;

/// The banner.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Banner {
    /// What a reader must know before the figures; empty where nothing is.
    pub(super) warnings: Vec<String>,
    /// The instant, the latest row, rows read, and what has a commitment.
    pub(super) facts: Vec<String>,
    /// What a reader of the sources should know.
    pub(super) notes: Vec<String>,
}

/// Builds the banner.
pub(super) fn build_banner(
    marts: &Marts,
    config: &Config,
    freshness: &Freshness,
) -> Result<Banner> {
    let zone = config.project.time_zone;
    let accounts = &marts.snapshot.accounts;
    let sum = |count: fn(&Account) -> u64| -> u64 { accounts.iter().map(count).sum() };
    let mut warnings = freshness.warnings(config);
    warnings.extend(unmapped(marts, config)?);
    let (set_aside, read) = (sum(|a| a.set_aside), sum(|a| a.rows_read));
    if set_aside > 0 {
        let rows = format::count(set_aside, "row was", "rows were");
        let read = format::count(read, "row", "rows");
        warnings.push(format!(
            "{rows} set aside of {read} read; see rejects/rejects.csv."
        ));
    }
    let mut facts = vec![format!("As of {}", format::instant(marts.as_of, zone))];
    if let Some(latest) = freshness.latest() {
        facts.push(format!("latest row {}", format::instant(latest, zone)));
    }
    facts.push(format!("{} read", format::count(read, "row", "rows")));
    facts.extend(commitment_fact(marts)?);
    let notes = accounts.iter().flat_map(unseen_paths).collect();
    Ok(Banner {
        warnings,
        facts,
        notes,
    })
}

/// Mapped paths that hold nothing: a slip of the configuration, or nothing to say.
fn unseen_paths(account: &Account) -> Vec<String> {
    let Account {
        origin,
        source,
        table,
        unseen,
        ..
    } = account;
    let note = |path: &String| {
        format!(
            "No row of {origin} holds anything at {path}, which source {source} maps to a column of {table}."
        )
    };
    unseen.iter().map(note).collect()
}

/// Words of the exports that the configuration gives no meaning: what they stand for
/// is missing from the figures.
fn unmapped(marts: &Marts, config: &Config) -> Result<Vec<String>> {
    let aging = marts.rows("aging")?;
    let mut statuses: BTreeMap<&str, usize> = BTreeMap::new();
    for row in aging.indices() {
        if let (Some(status), None) = (aging.text("status", row)?, aging.text("stage", row)?) {
            *statuses.entry(status).or_default() += 1;
        }
    }
    let mut warnings: Vec<String> = statuses
        .iter()
        .map(|(status, items)| {
            let items = format::count(*items, "open item stands", "open items stand");
            format!("{items} in status {status}, which no stage of [workflow] lists.")
        })
        .collect();
    let deployments = marts
        .snapshot
        .tables
        .iter()
        .find(|table| table.name == "deployments");
    let is_fed = deployments.is_some_and(|table| table.rows > 0);
    if is_fed && marts.rows("success_rate")?.is_empty() {
        let names = config.project.production_environments.join(", ");
        warnings.push(format!(
            "No completed deployment went to a production environment ({names}): see production_environments."
        ));
    }
    Ok(warnings)
}

/// "455 items, 382 (84%) with a commitment date, 73 excluded".
fn commitment_fact(marts: &Marts) -> Result<Option<String>> {
    if !marts.is_fed("items") {
        return Ok(None);
    }
    let rows = marts.rows("cycle_time")?;
    let mut committed = 0;
    for row in rows.indices() {
        committed += usize::from(rows.instant("committed_at", row)?.is_some());
    }
    if rows.is_empty() {
        return Ok(Some("no items".to_owned()));
    }
    #[allow(clippy::cast_precision_loss, reason = "item counts are far below 2^52")]
    let share = committed as f64 / rows.len() as f64;
    let items = format::count(rows.len(), "item", "items");
    let committed = format::integer(committed);
    let share = format::percent(share);
    Ok(Some(format!(
        "{items}, {committed} ({share}) with a commitment date"
    )))
}

/// The exports with their hashes and what became of their rows.
pub(super) fn source_table(marts: &Marts) -> DataTable {
    let rows = marts.snapshot.accounts.iter().map(|account| {
        vec![
            Cell::text(&account.origin),
            Cell::text(&account.table),
            Cell::integer(account.rows_read),
            Cell::integer(account.set_aside),
            Cell::integer(account.kept),
            Cell::integer(account.repeated),
            Cell::integer(account.superseded),
            Cell::integer(account.filtered),
            Cell::text(&account.sha256[..12]),
        ]
    });
    DataTable::new(
        "Exports read: rows read = set aside + kept + repeated + superseded + filtered",
        &[
            "Export",
            "Table",
            "#Read",
            "#Set aside",
            "#Kept",
            "#Repeated",
            "#Superseded",
            "#Filtered",
            "SHA-256",
        ],
        rows.collect(),
        usize::MAX,
    )
}

/// The coverage ledger: rows in, used, and dropped by which rule.
pub(super) fn coverage_table(marts: &Marts) -> Result<DataTable> {
    let coverage = marts.rows("coverage")?;
    let mut rows = Vec::new();
    for row in coverage.indices() {
        let count = coverage.integer("row_count", row)?.unwrap_or(0);
        let kind = coverage.text("kind", row)?.unwrap_or_default();
        if kind == "dropped" && count == 0 {
            continue;
        }
        rows.push(vec![
            Cell::text(
                coverage
                    .text("metric", row)?
                    .unwrap_or_default()
                    .replace('_', " "),
            ),
            Cell::text(kind),
            Cell::integer(count),
            Cell::maybe(coverage.text("explanation", row)?),
        ]);
    }
    rows.sort_by_key(|row| {
        let place = ["in", "used", "dropped"]
            .iter()
            .position(|kind| *kind == row[1].text);
        (row[0].text.clone(), place)
    });
    Ok(DataTable::new(
        "For each metric: rows in = rows used + rows dropped, by rule",
        &["Metric", "Rows", "#Count", "Which"],
        rows,
        usize::MAX,
    ))
}

//! The data banner: what every figure on the page rests on, the bad news first.

use std::collections::BTreeMap;

use serde::Serialize;

use super::format;
use super::freshness::Freshness;
use super::marts::Marts;
use super::page::{Cell, DataTable};
use crate::config::Config;
use crate::error::Result;
use crate::lake::{Account, ExportAccount};

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
    let mut warnings = freshness.warnings(config);
    warnings.extend(unmapped(marts, config)?);
    let read = format::count(marts.snapshot.rows(), "row", "rows");
    let set_aside = marts.snapshot.sum(|a| a.set_aside);
    if set_aside > 0 {
        let rows = format::count(set_aside, "row was", "rows were");
        warnings.push(format!(
            "{rows} set aside of {read} read; see rejects/rejects.csv."
        ));
    }
    warnings.extend(marts.manifest.warnings.iter().cloned());
    let accounts = marts.snapshot.accounts.iter();
    warnings.extend(accounts.flat_map(Account::warnings));
    let mut facts = vec![format!("As of {}", format::instant(marts.as_of, zone))];
    if let Some(latest) = freshness.latest() {
        facts.push(format!("latest row {}", format::instant(latest, zone)));
    }
    facts.push(format!("{read} read"));
    facts.extend(commitment_fact(marts)?);
    let exports = ExportAccount::group(&marts.snapshot.accounts);
    let notes = exports.iter().flat_map(unseen_paths).collect();
    Ok(Banner {
        warnings,
        facts,
        notes,
    })
}

/// Mapped paths that hold nothing: a slip of the configuration, or nothing to say.
fn unseen_paths(export: &ExportAccount<'_>) -> Vec<String> {
    let origin = export.origin();
    let source = export.feeds.first().map_or("", |account| &account.source);
    let note = |(table, path): (&str, &str)| {
        format!(
            "No row of {origin} holds anything at {path}, which source {source} reads for {table}."
        )
    };
    export.unseen().into_iter().map(note).collect()
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

/// The exports with their hashes and what became of their rows, a line each.
pub(super) fn source_table(marts: &Marts) -> DataTable {
    let exports = ExportAccount::group(&marts.snapshot.accounts);
    let rows = exports.iter().map(|export| {
        let tables = export.tables();
        let name = |(table, kept): &(&str, u64)| match tables.len() {
            1 => (*table).to_owned(),
            _ => format!("{table} {}", format::integer(*kept)),
        };
        let names: Vec<String> = tables.iter().map(name).collect();
        let first = export.feeds.first();
        vec![
            Cell::text(export.origin()),
            Cell::text(names.join(", ")),
            Cell::integer(export.rows()),
            Cell::integer(export.sum(|a| a.rows_read)),
            Cell::integer(export.sum(|a| a.set_aside)),
            Cell::integer(export.sum(|a| a.kept)),
            Cell::integer(export.sum(|a| a.repeated)),
            Cell::integer(export.sum(|a| a.superseded)),
            Cell::integer(export.sum(|a| a.filtered)),
            Cell::integer(export.feeds.iter().map(|a| a.transformed).sum::<i64>()),
            Cell::maybe(first.and_then(|account| account.sha256.get(..12))),
        ]
    });
    DataTable::new(
        "Exports, with the rows that each table keeps: a row is read once for every feed, and read = set aside + kept + repeated + superseded + filtered + transformed (transformed: left out by the source's SQL; below zero, made by it)",
        &[
            "Export",
            "Tables",
            "#Rows",
            "#Read",
            "#Set aside",
            "#Kept",
            "#Repeated",
            "#Superseded",
            "#Filtered",
            "#Transformed",
            "SHA-256",
        ],
        rows.collect(),
        usize::MAX,
    )
}

/// The coverage ledger of the wanted metrics: rows in, used, and dropped by which rule.
pub(super) fn coverage_table(marts: &Marts, is_wanted: impl Fn(&str) -> bool) -> Result<DataTable> {
    let coverage = marts.rows("coverage")?;
    let mut rows = Vec::new();
    for row in coverage.indices() {
        let count = coverage.integer("row_count", row)?.unwrap_or(0);
        let kind = coverage.text("kind", row)?.unwrap_or_default();
        let metric = coverage.text("metric", row)?.unwrap_or_default();
        if !is_wanted(metric) || (kind == "dropped" && count == 0) {
            continue;
        }
        rows.push(vec![
            Cell::text(metric.replace('_', " ")),
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

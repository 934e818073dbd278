//! The data banner: what every figure on the page rests on, the bad news first.

use serde::Serialize;

use super::format;
use super::marts::Marts;
use super::page::{Cell, DataTable};
use crate::config::Config;
use crate::error::Result;

/// After how long without a row a table is called late.
const LATE_AFTER_DAYS: i64 = 7;

/// The banner.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Banner {
    /// What a reader must know before the figures; empty where nothing is.
    pub(super) warnings: Vec<String>,
    /// Data to …, rows read, what has a commitment, what was set aside.
    pub(super) facts: Vec<String>,
}

/// Builds the banner.
pub(super) fn build_banner(marts: &Marts, config: &Config) -> Result<Banner> {
    let zone = config.project.time_zone;
    let sum = |count: fn(&crate::lake::Account) -> u64| -> u64 {
        marts.snapshot.accounts.iter().map(count).sum()
    };
    let set_aside = sum(|account| account.set_aside);
    let mut warnings = late_tables(marts)?;
    if set_aside > 0 {
        let rows = format::count(to_usize(set_aside), "row was", "rows were");
        let read = format::count(to_usize(sum(|a| a.rows_read)), "row", "rows");
        warnings.push(format!(
            "{rows} set aside of {read} read; see rejects/rejects.csv."
        ));
    }
    let mut facts = vec![
        format!("Data to {}", format::instant(marts.as_of, zone)),
        format!(
            "{} read",
            format::count(to_usize(sum(|a| a.rows_read)), "row", "rows")
        ),
    ];
    facts.extend(commitment_fact(marts)?);
    Ok(Banner { warnings, facts })
}

fn to_usize(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn late_tables(marts: &Marts) -> Result<Vec<String>> {
    let rows = marts.rows("data_freshness")?;
    let mut warnings = Vec::new();
    for row in rows.indices() {
        let name = rows.text("table_name", row)?.unwrap_or_default();
        let Some(last_at) = rows.instant("last_at", row)? else {
            continue;
        };
        let days = (marts.as_of - last_at).num_days();
        if days > LATE_AFTER_DAYS {
            let last = format::date(last_at.date_naive());
            warnings.push(format!(
                "{name} has no row after {last}, {} before this report: what came later is unknown, not zero.",
                format::count(usize::try_from(days).unwrap_or(0), "day", "days")
            ));
        }
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
    let committed = format::integer(i64::try_from(committed).unwrap_or(i64::MAX));
    let share = format::percent(share);
    Ok(Some(format!(
        "{items}, {committed} ({share}) with a commitment date"
    )))
}

/// The exports with their hashes and what became of their rows.
pub(super) fn source_table(marts: &Marts) -> DataTable {
    let integer = |number: u64| Cell::integer(i64::try_from(number).unwrap_or(i64::MAX));
    let rows = marts.snapshot.accounts.iter().map(|account| {
        vec![
            Cell::text(&account.origin),
            Cell::text(&account.table),
            integer(account.rows_read),
            integer(account.kept),
            integer(account.repeated),
            integer(account.superseded),
            integer(account.filtered),
            integer(account.set_aside),
            Cell::text(&account.sha256[..12]),
        ]
    });
    DataTable::new(
        "Exports read: rows read = kept + repeated + superseded + filtered + set aside",
        &[
            "Export",
            "Table",
            "#Read",
            "#Kept",
            "#Repeated",
            "#Superseded",
            "#Filtered",
            "#Set aside",
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

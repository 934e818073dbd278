//! From the lake to the marts: the queries, in order, over one snapshot.
//!
//! What a query needs beside the lake (the instant, the windows, the workflow, the
//! calendar) is written as tables beside the marts, so that any DuckDB can repeat a
//! figure from files alone. What takes iteration (an order of items that depend on
//! each other, control charts, draws of chance) is made between two queries and
//! written beside the marts too (`steps`). All audits pass before a mart is seen by anyone.

mod check;
mod decided;
mod feedback;
mod forecast;
mod gate_rows;
mod gates;
mod needs;
mod planning;
mod precedence;
mod rules;
mod settings;
mod steps;
mod trials;
mod volatility;

use std::collections::BTreeSet;
use std::path::Path;

use chrono::{DateTime, SecondsFormat, Utc};

use crate::clock::Stopwatch;
use crate::config::Config;
use crate::contract;
use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result};
use crate::fs;
use crate::lake::{self, Manifest, MartManifest, StoredMart};
use crate::query::{self, Audit, Origin, Query};

pub use check::check_queries;
pub use forecast::WhatIf;

/// Runs every query over the current snapshot as it stood at `as_of`, and replaces
/// the marts.
///
/// # Errors
/// `Query` where a query does not run or breaks its header, `Audit` where a result
/// breaks its key or an audit; the former marts stay.
pub fn compute(config: &Config, as_of: DateTime<Utc>) -> Result<MartManifest> {
    let snapshot = lake::load_current(&config.root)?;
    let folder = lake::prepare_marts(&config.root)?;
    let engine = Engine::open(&lake::spill_folder(&config.root), query::duckdb_prelude())?;
    let queries = load_queries(config)?;
    let nothing = WhatIf::default();
    let range = register_tables(
        &engine, config, &snapshot, &queries, as_of, &folder, &nothing,
    )?;
    let mut marts = Vec::new();
    for query in &queries {
        let watch = Stopwatch::start();
        engine.make_table(query)?;
        gate_rows::check_rows(&engine, query)?;
        steps::make_after(&engine, query, &folder)?;
        tracing::debug!(
            query = query.name,
            seconds = watch.elapsed().as_secs_f64(),
            "computed"
        );
        if query.is_mart() {
            marts.push(store_mart(&engine, query, &folder)?);
        }
    }
    run_audits(&engine, &config.root, &queries)?;
    let manifest = MartManifest {
        snapshot: snapshot.snapshot,
        as_of: as_of.to_rfc3339_opts(SecondsFormat::AutoSi, true),
        config_sha256: config.hash.clone(),
        warnings: before_all_data(as_of, range).into_iter().collect(),
        marts,
    };
    lake::commit_marts(&config.root, &manifest)?;
    Ok(manifest)
}

/// Computes some tables as they stood at `as_of`, in memory: what the latest run left
/// on disk stays as it is; forecasts are those of what would be. Returns the engine
/// that holds them.
///
/// # Errors
/// As [`compute`]; `Query` where a wanted table is made by no query.
pub fn compute_apart(
    config: &Config,
    as_of: DateTime<Utc>,
    wanted: &[&str],
    what_if: &WhatIf,
) -> Result<Engine> {
    let snapshot = lake::load_current(&config.root)?;
    let engine = Engine::open(&lake::spill_folder(&config.root), query::duckdb_prelude())?;
    let queries = load_queries(config)?;
    let folder = fs::temporary_folder(&lake::spill_folder(&config.root))?;
    let path = folder.path();
    register_tables(&engine, config, &snapshot, &queries, as_of, path, what_if)?;
    let mut behind: BTreeSet<&str> = BTreeSet::new();
    for table in wanted {
        let made_of = query::queries_behind(&queries, table);
        behind.extend(made_of.iter().map(|query| query.name.as_str()));
    }
    for query in queries
        .iter()
        .filter(|query| behind.contains(query.name.as_str()))
    {
        engine.make_table(query)?;
        gate_rows::check_rows(&engine, query)?;
        steps::make_after(&engine, query, folder.path())?;
    }
    Ok(engine)
}

/// Returns the names of the tables that a run writes beside the marts.
pub fn settings_names() -> impl Iterator<Item = &'static str> {
    settings::NAMES.into_iter().chain(steps::names())
}

/// Returns the names of all tables that are there without a query.
pub fn given_tables() -> Vec<String> {
    let tables = contract::tables().map(|table| table.name);
    tables.chain(settings_names()).map(str::to_owned).collect()
}

/// Loads all queries in the order in which they run, and holds `[gates]` and
/// `[rules]` to them.
fn load_queries(config: &Config) -> Result<Vec<Query>> {
    let mut queries = query::load_queries(&config.root)?;
    steps::follow(&mut queries);
    let queries = query::order_queries(queries, &given_tables())?;
    for (what, problems) in [
        ("cannot use the gates", gates::check_gates(config, &queries)),
        ("cannot use the rules", rules::check_rules(config, &queries)),
    ] {
        if !problems.is_empty() {
            return Err(Error::gather(what, problems));
        }
    }
    Ok(queries)
}

/// Registers the tables that are there without a query, and returns the range of the
/// data.
fn register_tables(
    engine: &Engine,
    config: &Config,
    snapshot: &Manifest,
    queries: &[Query],
    as_of: DateTime<Utc>,
    folder: &Path,
    what_if: &WhatIf,
) -> Result<Option<DataRange>> {
    let tables = lake::snapshot_folder(&config.root, &snapshot.snapshot);
    for table in &snapshot.tables {
        engine.register(&table.name, &tables.join(&table.file))?;
    }
    let range = data_range(engine)?;
    for (name, batch) in
        settings::settings_tables(config, snapshot, queries, as_of, range, what_if)?
    {
        let path = folder.join("settings").join(format!("{name}.parquet"));
        lake::write_batches(&path, &batch.schema(), &[batch])?;
        engine.register(name, &path)?;
    }
    Ok(range)
}

/// The earliest and the latest instant of the lake.
type DataRange = (DateTime<Utc>, DateTime<Utc>);

/// Says that nothing of the lake was there yet at the as-of.
fn before_all_data(as_of: DateTime<Utc>, range: Option<DataRange>) -> Option<String> {
    let (first, _) = range.filter(|(first, _)| as_of < *first)?;
    let text = |instant: DateTime<Utc>| instant.to_rfc3339_opts(SecondsFormat::AutoSi, true);
    Some(format!(
        "The as-of, {}, lies before all data, which begin at {}: every figure is empty.",
        text(as_of),
        text(first)
    ))
}

/// Returns the earliest and the latest instant of the lake, for the calendar.
fn data_range(engine: &Engine) -> Result<Option<DataRange>> {
    let instants = contract::tables().flat_map(|table| {
        let instants = table
            .columns
            .iter()
            .filter(|column| column.column_type == contract::ColumnType::Instant);
        instants.map(|column| (table.name, column.name))
    });
    let parts: Vec<String> = instants
        .map(|(table, column)| {
            format!("select min({column}) as first_at, max({column}) as last_at from {table}")
        })
        .collect();
    let sql = format!(
        "select min(first_at) as first_at, max(last_at) as last_at from ({})",
        parts.join(" union all ")
    );
    let rows = engine.select(&sql)?.into_rows("data_range")?;
    Ok(rows
        .instant("first_at", 0)?
        .zip(rows.instant("last_at", 0)?))
}

fn store_mart(engine: &Engine, query: &Query, folder: &Path) -> Result<StoredMart> {
    let outcome = engine.read_table(query)?;
    let path = folder.join(format!("{}.parquet", query.name));
    lake::write_batches(&path, &outcome.schema, &outcome.batches)?;
    Ok(StoredMart {
        name: query.name.clone(),
        rows: outcome.rows(),
        query_sha256: query.sha256(),
    })
}

/// Runs the audits, each of which must return no row.
fn run_audits(engine: &Engine, root: &Path, queries: &[Query]) -> Result<()> {
    let mut problems = Vec::new();
    for audit in query::load_audits(root)? {
        if let Some((rows, first)) = engine.audit(&audit.sql)? {
            problems.push(broken_audit(&audit, rows, &first, queries));
        }
    }
    if problems.is_empty() {
        return Ok(());
    }
    Err(Error::gather("cannot publish", problems))
}

/// A built-in audit holds for any exports, so that it breaks is the fault of a query.
fn broken_audit(audit: &Audit, rows: u64, first: &str, queries: &[Query]) -> Error {
    let message = format!(
        "cannot publish: expected no row from audit `{}`, found {rows}, the first: {first}",
        audit.name
    );
    let file = &audit.file;
    let mut gates = queries.iter().filter(|it| {
        it.gate.is_some() && it.origin != Origin::BuiltIn && first.contains(it.name.as_str())
    });
    if let (Origin::BuiltIn, Some(gate)) = (audit.origin, gates.next()) {
        let hint = format!(
            "the gate `{}` of this project gives that row (`{file}` has the claim)",
            gate.file
        );
        return Error::new(ErrorKind::Audit, message).hint(hint);
    }
    let own = queries.iter().filter(|it| it.origin == Origin::Override);
    let own: Vec<String> = own.map(|query| format!("`{}`", query.file)).collect();
    let hint = match (audit.origin, own.is_empty()) {
        (Origin::BuiltIn, true) => format!(
            "no export can be at fault, a query of plimsoll is: report it with this message (`{file}` has the claim)"
        ),
        (Origin::BuiltIn, false) => format!(
            "no export can be at fault, a query is: this project replaces {}; run without that, and if it stays, report it with this message (`{file}` has the claim)",
            own.join(", ")
        ),
        _ => format!("`{file}` is an audit of this project: read there what it claims"),
    };
    Error::new(ErrorKind::Audit, message).hint(hint)
}

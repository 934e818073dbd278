//! What can be said of the queries before any data is there: headers, order, promises
//! and, over tables without rows, whether the SQL fits the names and types.

use std::collections::BTreeSet;

use chrono::DateTime;

use super::{WhatIf, gates, given_tables, rules, settings, steps};
use crate::config::Config;
use crate::contract;
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::lake::{self, Manifest};
use crate::query::{self, Query};

/// Checks queries and audits, touching no data: how many queries there are, and all
/// that is wrong with them.
///
/// # Errors
/// `Io`; `Internal` where DuckDB cannot be started.
pub fn check_queries(config: &Config) -> Result<(usize, Vec<Error>)> {
    let (queries, mut problems) = query::read_queries(&config.root)?;
    let is_whole = problems.is_empty();
    problems.extend(query::find_strays(&config.root)?);
    problems.extend(query::check_promises(&queries));
    problems.extend(gates::check_gates(config, &queries));
    problems.extend(rules::check_rules(config, &queries));
    let given = given_tables();
    let misread = query::check_reads(&queries, &given);
    let count = queries.len();
    let mut known: BTreeSet<String> = given.into_iter().collect();
    known.extend(queries.iter().map(|query| query.name.clone()));
    // Where a header cannot be read, others miss what it would have made.
    if is_whole {
        problems.extend(misread);
    }
    match query::sort_queries(queries) {
        Ok(ordered) => problems.extend(bind_queries(config, &ordered, &known, is_whole)?),
        Err(circle) => problems.push(circle),
    }
    Ok((count, problems))
}

/// Binds each query in order; one that does not fit stands for those that read it as
/// its header promises. Audits read any table, so they wait until all headers are
/// read.
fn bind_queries(
    config: &Config,
    queries: &[Query],
    known: &BTreeSet<String>,
    is_whole: bool,
) -> Result<Vec<Error>> {
    let engine = Engine::open(&lake::spill_folder(&config.root), query::duckdb_prelude())?;
    declare_given(&engine, config, queries)?;
    let mut problems = Vec::new();
    for query in queries {
        let can_read = query.reads.iter().all(|read| known.contains(read));
        let bound = match can_read {
            true => engine.bind_table(query),
            false => Ok(()),
        };
        if bound.is_err() || !can_read {
            problems.extend(bound.err());
            engine.declare_promised(query)?;
        }
    }
    if is_whole {
        for audit in query::load_audits(&config.root)? {
            problems.extend(engine.bind_audit(&audit).err());
        }
    }
    Ok(problems)
}

fn declare_given(engine: &Engine, config: &Config, queries: &[Query]) -> Result<()> {
    for table in contract::tables() {
        engine.declare(table.name, &lake::table_schema(table))?;
    }
    let nothing = Manifest {
        contract_version: contract::VERSION,
        snapshot: String::new(),
        accounts: Vec::new(),
        tables: Vec::new(),
        parts: Vec::new(),
        landed: Vec::new(),
    };
    let tables = settings::settings_tables(
        config,
        &nothing,
        queries,
        DateTime::UNIX_EPOCH,
        None,
        &WhatIf::default(),
    )?;
    for (name, batch) in tables.into_iter().chain(steps::empty_tables()?) {
        engine.declare(name, &batch.schema())?;
    }
    Ok(())
}

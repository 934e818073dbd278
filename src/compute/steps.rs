//! Tables that are made between two queries. What iterates or samples is no SQL that
//! both engines share; it is done once its inputs are there, and its tables are
//! written beside the marts, as settings are, so that any DuckDB can go on from them.

use std::path::Path;

use arrow::array::RecordBatch;

use super::{feedback, forecast, precedence, trials, volatility};
use crate::engine::Engine;
use crate::error::Result;
use crate::lake;
use crate::query::Query;

/// The steps, in no order: each runs once its inputs are there.
const STEPS: [&Step; 5] = [
    &feedback::STEP,
    &forecast::STEP,
    &precedence::STEP,
    &trials::STEP,
    &volatility::STEP,
];

/// One step between two queries.
pub(super) struct Step {
    /// The names of the tables made.
    pub(super) names: &'static [&'static str],
    /// The queries that they are made of.
    pub(super) inputs: &'static [&'static str],
    /// Reads the inputs, and returns the tables in the order of their names.
    pub(super) make: fn(&Engine) -> Result<Vec<RecordBatch>>,
    /// Returns the tables without a row, for their columns.
    pub(super) make_empty: fn() -> Result<Vec<RecordBatch>>,
}

/// Returns the names of all tables made here.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    STEPS.iter().flat_map(|step| step.names).copied()
}

/// Sees to it that whatever reads a table made here comes after all inputs of its
/// step, and each input after the one before it, so that the last is the last to run.
pub(super) fn follow(queries: &mut [Query]) {
    for query in queries {
        let mut inputs: Vec<&str> = Vec::new();
        for step in STEPS {
            let is_made = |read: &String| step.names.contains(&read.as_str());
            let place = step.inputs.iter().position(|input| *input == query.name);
            if query.reads.iter().any(is_made) {
                inputs.extend(step.inputs);
            } else if let Some(before) = place.and_then(|place| place.checked_sub(1)) {
                inputs.push(step.inputs[before]);
            }
        }
        for input in inputs {
            if !query.reads.iter().any(|read| read == input) {
                query.reads.push(input.to_owned());
            }
        }
    }
}

/// Makes the tables of the steps whose last input is this query; after any other
/// query, nothing.
///
/// # Errors
/// `Internal` where an input has other columns; `Io`.
pub(super) fn make_after(engine: &Engine, query: &Query, folder: &Path) -> Result<()> {
    for step in STEPS {
        if step.inputs.last() != Some(&query.name.as_str()) {
            continue;
        }
        for (name, table) in step.names.iter().zip((step.make)(engine)?) {
            let path = folder.join("settings").join(format!("{name}.parquet"));
            lake::write_batches(&path, &table.schema(), &[table])?;
            engine.register(name, &path)?;
        }
    }
    Ok(())
}

/// Returns the tables without a row, for their columns.
pub(super) fn empty_tables() -> Result<Vec<(&'static str, RecordBatch)>> {
    let mut tables = Vec::new();
    for step in STEPS {
        tables.extend(step.names.iter().copied().zip((step.make_empty)()?));
    }
    Ok(tables)
}

//! Runs SQL over tables: one room per engine, the same text for each.

mod duckdb;

pub use self::duckdb::{Engine, Outcome, quoted};

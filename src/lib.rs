//! plimsoll, the load line for releases: a batch engine from exports to reports.
//!
//! # The way of the data
//! ```text
//! exports ─pull▶ landing ─ingest▶ lake ─compute▶ marts ─render▶ pages ─publish▶ site
//! ```
//! One direction, no way back: a stage reads only what the stage before it wrote.
//! [`pipeline`] is the five in order.
//!
//! # Rooms
//! An arrow goes down only; rooms of one floor do not know each other. A test
//! (`tests/it/tidy.rs`) holds this table against every `use crate::` of the source.
//! ```text
//! cli                     commands; the only room that prints or reads flags
//! generate                a seeded company's exports; knows no other stage
//! schedule                jobs, what is due, the run ledger
//! pipeline                the five stages in order
//! publish                 the site's swap
//! report                  mart rows → page model → template; the one formatter
//! compute                 queries in order over one snapshot → marts
//! rules                   what the past says for a rule: candidates, judged; pure
//! chart                   series → themed SVG; the only importer of plotters
//! statistics              quantiles, intervals, tests, survival, groups, orders; pure
//! ingest                  exports → lake; the only importer of polars
//! engine                  runs SQL; the only importer of duckdb
//! query                   queries/*.sql as data: header, order, column contract
//! pull                    where exports come from
//! lake                    Parquet tables, snapshots, manifests, rows
//! config                  plimsoll.toml → typed and checked
//! contract                the tables as types; pure
//! wording                 texts → words → vectors; the only importer of stemmers; pure
//! calendar                local time: reading instants, days, weeks, working hours
//! clock                   the only room that knows the time
//! fs                      files, with the path in every error
//! error                   the one error type
//! ```
//! # Invariants
//! - Only `clock` knows the time; nothing below `cli` prints or exits.
//! - Templates do no arithmetic; every value goes through `report::format`.
//! - The same inputs, as-of and seed give the same bytes.
//! - A stage that fails leaves what readers see as it was.

pub mod calendar;
pub(crate) mod chart;
pub mod cli;
pub mod clock;
pub mod compute;
pub mod config;
pub mod contract;
pub mod engine;
pub mod error;
pub(crate) mod fs;
pub mod generate;
pub mod ingest;
pub mod lake;
pub mod pipeline;
pub mod publish;
pub mod pull;
pub mod query;
pub mod report;
pub mod rules;
pub mod schedule;
pub mod statistics;
pub(crate) mod wording;

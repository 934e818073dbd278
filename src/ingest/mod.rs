//! From exports to the lake: read, map, check, set aside, keep one row a key.
//!
//! The only room that imports polars. A row is read as text by a reader
//! (`*_reader.rs`), laid out by the plan of its source (`plan.rs`), typed column by
//! column (`convert.rs`, `cell.rs`), and joined with the rest of its table
//! (`table.rs`). No row is lost: for every export, rows read = kept + repeated +
//! superseded + filtered + set aside, which [`ingest`] checks.

mod batch;
mod cell;
mod convert;
mod csv_reader;
mod json_reader;
mod parquet_reader;
mod plan;
mod quote_watch;
mod reader;
mod rejects;
mod table;

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use polars::prelude::DataFrame;

use crate::config::{Config, Source};
use crate::contract::{self, Table};
use crate::error::{Error, ErrorKind, Result};
use crate::fs;
use crate::lake::{self, Account, Manifest, StoredTable};
use crate::pull::{LandedFile, Landing, landing_folder};
use plan::Plan;
use reader::Reader;
use rejects::Reject;

/// Raised whenever the same export would be read into other rows than before.
const INGEST_VERSION: u32 = 1;

/// Reads the landed exports into a snapshot of the lake and makes it the current
/// one. A snapshot of the same exports and configuration is used again.
///
/// # Errors
/// `Input` where an export cannot be read as what it is said to be, `Data` where
/// too many rows had to be set aside or an export has no rows; the snapshot that
/// was current stays so.
pub fn ingest(config: &Config, landing: &Landing) -> Result<Manifest> {
    let id = snapshot_id(config, landing);
    if let Some(manifest) = lake::load_whole_snapshot(&config.root, &id)? {
        let folder = lake::snapshot_folder(&config.root, &id);
        rejects::copy_rejects(&folder, &config.root.join("rejects"))?;
        lake::make_current(&config.root, &id)?;
        return Ok(manifest);
    }
    let folder = lake::prepare_snapshot(&config.root, &id)?;
    let mut tables = Vec::new();
    let mut accounts = Vec::new();
    let mut rejects = Vec::new();
    let mut problems = Vec::new();
    for outcome in read_all_tables(config, landing, &folder) {
        match outcome {
            Ok(read) => {
                tables.push(read.stored);
                accounts.extend(read.accounts);
                rejects.extend(read.rejects);
            }
            Err(error) => problems.push(error),
        }
    }
    if !problems.is_empty() {
        return Err(Error::gather("cannot ingest", problems));
    }
    rejects::write_rejects(&folder, &rejects)?;
    rejects::copy_rejects(&folder, &config.root.join("rejects"))?;
    check_accounts(config, &accounts, &rejects)?;
    let manifest = Manifest {
        contract_version: contract::VERSION,
        snapshot: id.clone(),
        accounts,
        tables,
    };
    lake::commit_snapshot(&config.root, &manifest)?;
    Ok(manifest)
}

fn snapshot_id(config: &Config, landing: &Landing) -> String {
    let mut text = format!("{INGEST_VERSION} {} {}\n", contract::VERSION, config.hash);
    for file in &landing.files {
        text += &format!("{} {} {}\n", file.source, file.origin, file.sha256);
    }
    fs::sha256(text.as_bytes())[..16].to_owned()
}

/// What became of the exports of one table.
struct TableRead {
    stored: StoredTable,
    accounts: Vec<Account>,
    rejects: Vec<Reject>,
}

/// Reads all tables, as many at a time as the machine has cores, in contract order.
fn read_all_tables(
    config: &Config,
    landing: &Landing,
    folder: &std::path::Path,
) -> Vec<Result<TableRead>> {
    let tables: Vec<&'static Table> = contract::tables().collect();
    let next = AtomicUsize::new(0);
    let outcomes: Vec<OnceLock<Result<TableRead>>> =
        tables.iter().map(|_| OnceLock::new()).collect();
    let work = || {
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let (Some(table), Some(slot)) = (tables.get(place), outcomes.get(place)) else {
                return;
            };
            // Every place is handed out once, so the slot is still empty.
            let _ = slot.set(read_table(config, landing, table, folder));
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    let lost = || {
        Err(Error::new(
            ErrorKind::Internal,
            "cannot ingest: a table was not read",
        ))
    };
    outcomes
        .into_iter()
        .map(|slot| slot.into_inner().unwrap_or_else(lost))
        .collect()
}

fn read_table(
    config: &Config,
    landing: &Landing,
    table: &'static Table,
    folder: &std::path::Path,
) -> Result<TableRead> {
    let mut frames = Vec::new();
    let mut accounts = Vec::new();
    let mut rejects = Vec::new();
    let mut problems = Vec::new();
    let mut starts = Vec::new();
    let mut order = 0;
    for source in config.sources.iter().filter(|s| s.table == table) {
        for file in landing.files.iter().filter(|f| f.source == source.name) {
            let start = order;
            match read_file(config, source, file, &mut order) {
                Ok(read) => {
                    starts.push(start);
                    frames.extend(read.frames);
                    accounts.push(read.account);
                    rejects.extend(read.rejects);
                }
                Err(error) => problems.push(error),
            }
        }
    }
    if !problems.is_empty() {
        return Err(Error::gather("cannot ingest", problems));
    }
    let (frame, fates) = table::merge(table, frames, &starts)?;
    for (place, account) in accounts.iter_mut().enumerate() {
        account.kept = fates.kept[place];
        account.repeated = fates.repeated[place];
        account.superseded = fates.superseded[place];
    }
    for account in &accounts {
        tracing::debug!(
            export = account.origin,
            table = account.table,
            read = account.rows_read,
            kept = account.kept,
            set_aside = account.set_aside,
            "read"
        );
    }
    let rows = frame.height() as u64;
    let file = format!("{}.parquet", table.name);
    table::write_table(table, frame, &folder.join(&file))?;
    let sha256 = fs::hash(&folder.join(&file))?;
    Ok(TableRead {
        stored: StoredTable {
            name: table.name.to_owned(),
            is_fed: !accounts.is_empty(),
            file,
            rows,
            sha256,
        },
        accounts,
        rejects,
    })
}

struct FileRead {
    frames: Vec<DataFrame>,
    account: Account,
    rejects: Vec<Reject>,
}

fn read_file(
    config: &Config,
    source: &Source,
    file: &LandedFile,
    order: &mut i64,
) -> Result<FileRead> {
    let mut read = FileRead {
        frames: Vec::new(),
        account: empty_account(source, file),
        rejects: Vec::new(),
    };
    if file.bytes == 0 && source.allow_empty {
        return Ok(read);
    }
    let path = landing_folder(&config.root).join(&file.file);
    let mut reader = Reader::open(&path, &file.origin, source)?;
    let plan = Plan::new(source, reader.header(), &file.origin)?;
    let mut is_seen = vec![reader.header().is_some(); plan.paths.len()];
    while let Some(batch) = reader.next_batch(&plan.paths)? {
        let height = batch.lines.len();
        let converted = convert::convert(&batch, &plan, source, &file.origin, *order)?;
        *order += i64::try_from(height).unwrap_or(i64::MAX);
        read.account.rows_read += (height + batch.malformed.len()) as u64;
        read.account.filtered += converted.filtered;
        read.account.set_aside += converted.rejects.len() as u64;
        read.rejects.extend(converted.rejects);
        read.frames.push(converted.frame);
        for (is_seen, column) in is_seen.iter_mut().zip(&batch.columns) {
            *is_seen |= column.null_count() < column.len();
        }
    }
    read.account.unseen = plan.mapped_unseen(source, &is_seen);
    check_rows(source, &read.account)?;
    Ok(read)
}

/// An export without a row to keep is more often a mistake than a quiet week.
fn check_rows(source: &Source, account: &Account) -> Result<()> {
    if source.allow_empty {
        return Ok(());
    }
    let origin = &account.origin;
    if account.rows_read == 0 {
        let where_from = match &source.rows {
            Some(rows) => format!("at `{rows}`"),
            None => "behind the header".to_owned(),
        };
        return Err(Error::new(
            ErrorKind::Data,
            format!("cannot ingest `{origin}`: expected rows, found none {where_from}"),
        )
        .hint("an export without rows is often one without permission; if it may be empty, say `allow_empty = true`"));
    }
    if account.filtered == account.rows_read {
        let filters: Vec<&str> = source.filters.keys().map(String::as_str).collect();
        return Err(Error::new(
            ErrorKind::Data,
            format!(
                "cannot ingest `{origin}`: expected rows that `where` keeps, found none of {} (source `{}`, `plimsoll.toml` line {}: `{}`)",
                account.rows_read,
                source.name,
                source.line,
                filters.join("`, `")
            ),
        )
        .hint("correct the path or the values of `where`; if none may be kept, say `allow_empty = true`"));
    }
    Ok(())
}

fn empty_account(source: &Source, file: &LandedFile) -> Account {
    Account {
        table: source.table.name.to_owned(),
        source: file.source.clone(),
        origin: file.origin.clone(),
        sha256: file.sha256.clone(),
        bytes: file.bytes,
        rows_read: 0,
        kept: 0,
        repeated: 0,
        superseded: 0,
        filtered: 0,
        set_aside: 0,
        unseen: Vec::new(),
    }
}

/// Holds the books: every row is accounted for, and not too many were set aside.
fn check_accounts(config: &Config, accounts: &[Account], rejects: &[Reject]) -> Result<()> {
    let limit = config.ingest.max_reject_share;
    let mut problems = Vec::new();
    for account in accounts {
        if !account.balances() {
            let message = format!(
                "the account of `{}` does not balance: {account:?}",
                account.origin
            );
            return Err(Error::new(ErrorKind::Internal, message));
        }
        #[allow(clippy::cast_precision_loss, reason = "row counts are far below 2^52")]
        let allowed = account.rows_read as f64 * limit;
        #[allow(clippy::cast_precision_loss, reason = "row counts are far below 2^52")]
        let is_over = account.set_aside as f64 > allowed;
        if is_over {
            problems.push(too_many_rejects(account, rejects, limit));
        }
    }
    if problems.is_empty() {
        return Ok(());
    }
    Err(Error::gather("cannot ingest", problems))
}

fn too_many_rejects(account: &Account, rejects: &[Reject], limit: f64) -> Error {
    let Account {
        origin,
        set_aside,
        rows_read,
        table,
        ..
    } = account;
    let first = rejects
        .iter()
        .find(|reject| reject.file == *origin && reject.table == table);
    let first = first.map_or_else(String::new, |r| format!("; the first: {}", r.describe()));
    Error::new(
        ErrorKind::Data,
        format!(
            "cannot ingest `{origin}`: expected at most {} % of rows set aside, found {set_aside} of {rows_read}{first}",
            limit * 100.0
        ),
    )
    .hint("see `rejects/rejects.csv`, mend the export or its mapping, or raise `max_reject_share` in [ingest]")
}

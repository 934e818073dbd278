//! From exports to the lake: read, map, check, set aside, keep one row a key.
//!
//! The only room that imports polars. A row is read as text by a reader
//! (`*_reader.rs`), laid out by the plan of its feed (`plan.rs`), typed column by
//! column (`convert.rs`, `cell.rs`), and kept in a part of its export (`part.rs`);
//! the parts of a table are merged into the snapshot (`table.rs`), and joined on the
//! disk where they become many (`compact.rs`). No row is lost: for every
//! export, rows read = kept + repeated + superseded + filtered + set aside + what a
//! transform left out, which [`ingest`] checks. A snapshot is the same, byte for byte, whether its parts were
//! there before or not.

mod archive;
mod arff_reader;
mod batch;
mod cell;
mod compact;
mod convert;
mod csv_columns;
mod csv_reader;
mod decode;
mod emptiness;
mod expectation;
mod first_bytes;
mod jobs;
mod json_bytes;
mod json_path;
mod json_reader;
mod json_repeats;
mod json_splitter;
mod json_value;
mod landed;
mod list;
mod parquet_reader;
mod part;
mod plan;
mod pseudonym;
mod quote_watch;
mod raw_rows;
mod reader;
mod rejects;
mod runs;
mod table;
mod text_reader;
mod transform;

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::config::Config;
use crate::contract::{self, Table};
use crate::error::{Error, ErrorKind, Result};
use crate::fs;
use crate::lake::{self, Account, Changes, Manifest, Part, Parts};
use crate::pull::Landing;
use pseudonym::Pseudonyms;
use table::Reading;

/// What a text should be that no other encoding is declared for.
const NOT_UTF8: &str = "expected UTF-8 text";

/// What an ingest brought.
#[derive(Debug, Clone)]
pub struct Ingested {
    /// The snapshot that is now the current one.
    pub manifest: Manifest,
    /// What it has that the one before had not, by table; nothing where there was none.
    pub changes: Vec<Changes>,
}

/// Reads the landed exports into a snapshot of the lake and makes it the current
/// one. What was read before from the same bytes is not read again. `environment`
/// gives the key of the pseudonyms.
///
/// # Errors
/// `Input` where an export cannot be read as what it is said to be, `Data` where
/// too many rows had to be set aside or an export has no rows; the snapshot that
/// was current stays so.
pub fn ingest(
    config: &Config,
    landing: &Landing,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Ingested> {
    let pseudonyms = Pseudonyms::load(config, environment)?;
    let known = Parts::load(&config.root)?;
    let jobs = jobs::jobs(config, landing, &pseudonyms, &known);
    let parts = gather(in_parallel(jobs.len(), |place| jobs[place].part()))?;
    let tables: Vec<&'static Table> = contract::tables().collect();
    let mut readings: Vec<Reading> = tables.iter().map(|table| Reading::new(table)).collect();
    for (place, part) in parts.iter().enumerate() {
        let reading = readings
            .iter_mut()
            .find(|reading| reading.table.name == part.account.table);
        reading.into_iter().for_each(|it| it.parts.push(place));
    }
    let id = snapshot_id(&readings, &parts);
    let before = lake::load_current(&config.root).ok();
    if let Some(manifest) = lake::load_whole_snapshot(&config.root, &id)? {
        check_accounts(config, &manifest.accounts, &parts)?;
        let folder = lake::snapshot_folder(&config.root, &id);
        rejects::copy_rejects(&folder, &config.root.join("rejects"))?;
        lake::make_current(&config.root, &id)?;
        let changes = changes_since(config, before.as_ref(), &manifest)?;
        clear_up(config, landing, &manifest)?;
        return Ok(Ingested { manifest, changes });
    }
    let folder = lake::prepare_snapshot(&config.root, &id)?;
    let merge =
        |place: usize| readings[place].write(config, &parts, &jobs, before.as_ref(), &folder);
    let merged = gather(in_parallel(readings.len(), merge))?;
    let mut stored = Vec::new();
    let mut accounts = Vec::new();
    for (table, found) in merged {
        tell(&found);
        stored.push(table);
        accounts.extend(found);
    }
    // A part that was damaged may by now lie elsewhere.
    let set_aside = Parts::load(&config.root)?.rejects(&parts);
    rejects::join_rejects(&set_aside, &folder)?;
    rejects::copy_rejects(&folder, &config.root.join("rejects"))?;
    check_accounts(config, &accounts, &parts)?;
    let manifest = Manifest {
        contract_version: contract::VERSION,
        snapshot: id,
        accounts,
        tables: stored,
        parts: parts.into_iter().map(|part| part.id).collect(),
        landed: landing.files.iter().map(|file| file.file.clone()).collect(),
    };
    lake::commit_snapshot(&config.root, &manifest)?;
    let changes = changes_since(config, before.as_ref(), &manifest)?;
    clear_up(config, landing, &manifest)?;
    Ok(Ingested { manifest, changes })
}

/// Removes what no snapshot needs any more, and joins parts that have become many.
fn clear_up(config: &Config, landing: &Landing, manifest: &Manifest) -> Result<()> {
    lake::remove_old_snapshots(&config.root, &manifest.snapshot, config.lake.keep_snapshots)?;
    compact::compact(&config.root, &manifest.parts)?;
    landed::remove_unneeded(config, landing)
}

fn snapshot_id(readings: &[Reading], parts: &[Part]) -> String {
    let ids: Vec<String> = readings.iter().map(|reading| reading.id(parts)).collect();
    let text = format!("{} {}", contract::VERSION, ids.join(" "));
    fs::sha256(text.as_bytes())[..16].to_owned()
}

/// Does some pieces of work, as many at a time as the machine has cores, and returns
/// what came of them in their order.
fn in_parallel<T: Send + Sync>(
    count: usize,
    work: impl Fn(usize) -> Result<T> + Sync,
) -> Vec<Result<T>> {
    let next = AtomicUsize::new(0);
    let outcomes: Vec<OnceLock<Result<T>>> = (0..count).map(|_| OnceLock::new()).collect();
    let run = || {
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(slot) = outcomes.get(place) else {
                return;
            };
            // Every place is handed out once, so the slot is still empty.
            let _ = slot.set(work(place));
        }
    };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..cores.min(count) {
            scope.spawn(run);
        }
    });
    let lost = || {
        Err(Error::new(
            ErrorKind::Internal,
            "cannot ingest: an export was not read",
        ))
    };
    outcomes
        .into_iter()
        .map(|slot| slot.into_inner().unwrap_or_else(lost))
        .collect()
}

/// Returns all outcomes, or all problems.
fn gather<T>(outcomes: Vec<Result<T>>) -> Result<Vec<T>> {
    let mut good = Vec::new();
    let mut problems = Vec::new();
    for outcome in outcomes {
        match outcome {
            Ok(value) => good.push(value),
            Err(error) => problems.push(error),
        }
    }
    if problems.is_empty() {
        return Ok(good);
    }
    Err(Error::gather("cannot ingest", problems))
}

fn tell(accounts: &[Account]) {
    for account in accounts {
        tracing::debug!(
            export = account.origin,
            table = account.table,
            read = account.rows_read,
            kept = account.kept,
            set_aside = account.set_aside,
            "read"
        );
    }
}

fn changes_since(
    config: &Config,
    before: Option<&Manifest>,
    after: &Manifest,
) -> Result<Vec<Changes>> {
    let mut changes = Vec::new();
    let Some(before) = before else {
        return Ok(changes);
    };
    for table in &after.tables {
        let former = before
            .tables
            .iter()
            .find(|former| former.name == table.name);
        let (Some(former), Some(definition)) = (former, contract::table(&table.name)) else {
            continue;
        };
        let path = |manifest: &Manifest, file: &str| {
            lake::snapshot_folder(&config.root, &manifest.snapshot).join(file)
        };
        let old = path(before, &former.file);
        if former.sha256 == table.sha256 || !old.is_file() {
            continue;
        }
        let found = lake::count_changes(definition, &old, &path(after, &table.file))?;
        if !found.is_empty() {
            changes.push(found);
        }
    }
    Ok(changes)
}

/// Holds the books: every row is accounted for, and not too many were set aside.
fn check_accounts(config: &Config, accounts: &[Account], parts: &[Part]) -> Result<()> {
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
            problems.push(too_many_rejects(account, parts, limit));
        }
    }
    if problems.is_empty() {
        return Ok(());
    }
    Err(Error::gather("cannot ingest", problems))
}

fn too_many_rejects(account: &Account, parts: &[Part], limit: f64) -> Error {
    let Account {
        origin,
        set_aside,
        rows_read,
        table,
        ..
    } = account;
    let is_of_it = |part: &&Part| part.account.origin == *origin && part.account.table == *table;
    let mut first = parts.iter().filter(is_of_it);
    let first = first.find_map(|part| part.first_reject.as_ref());
    let first = first.map_or_else(String::new, |first| format!("; the first: {first}"));
    Error::new(
        ErrorKind::Data,
        format!(
            "cannot ingest `{origin}`: expected at most {} % of rows set aside, found {set_aside} of {rows_read}{first}",
            limit * 100.0
        ),
    )
    .hint(match first.contains(NOT_UTF8) {
        true => "the encoding looks wrong: declare the one that the export has, such as `encoding = \"windows-1252\"`",
        false => "see `rejects/rejects.csv`, mend the export or its mapping, or raise `max_reject_share` in [ingest]",
    })
}

//! An export without a row to keep is more often a mistake than a quiet week.
//!
//! A path that is mistyped reads as null everywhere, so a `where` on it keeps nothing
//! and `rows` at it finds nothing. Each feed of a source is held to its own words: a
//! sibling that keeps rows says nothing of it.

use super::part::Job;
use crate::error::{Error, ErrorKind, Result};
use crate::lake::Account;

/// Refuses an export that gives a feed no row, unless that is said to be well.
pub(super) fn check(job: &Job<'_>, account: &Account) -> Result<()> {
    if job.source.allow_empty || job.is_addition {
        return Ok(());
    }
    let feed = job.feed;
    let rows = account.mapped_rows();
    let is_alone = job.source.feeds.len() == 1;
    if account.rows_read == 0 && feed.format.rows.is_none() {
        // The first feed of an export speaks for the others.
        return match job.place == 0 && !(is_alone && feed.may_be_empty) {
            true => Err(no_rows(job)),
            false => Ok(()),
        };
    }
    if feed.may_be_empty {
        return Ok(());
    }
    match (rows, account.transformed) {
        (0, 0) => Err(no_rows(job)),
        (0, _) => Err(none_returned(job, account)),
        (rows, _) if account.filtered == rows => Err(none_kept(job, rows)),
        _ => Ok(()),
    }
}

/// Returns who expected the rows, in words.
fn place(job: &Job<'_>) -> String {
    let source = job.source;
    format!(
        "source `{}`, `plimsoll.toml` line {}, for `{}`",
        source.name, source.line, job.feed.table.name
    )
}

fn no_rows(job: &Job<'_>) -> Error {
    let origin = &job.file.origin;
    let format = &job.feed.format;
    let paths: Vec<&str> = format
        .records
        .iter()
        .chain(&format.rows)
        .map(String::as_str)
        .collect();
    let where_from = match paths.as_slice() {
        [] => "behind the header".to_owned(),
        paths => format!("at `{}` ({})", paths.join("` and `"), place(job)),
    };
    let hint = match format.rows {
        Some(_) => {
            "correct the path in `rows`; if it may well have none, say `may_be_empty = true`"
        }
        None => {
            "an export without rows is often one without permission; if it may be empty, say `allow_empty = true`"
        }
    };
    Error::new(
        ErrorKind::Data,
        format!("cannot ingest `{origin}`: expected rows, found none {where_from}"),
    )
    .hint(hint)
}

fn none_returned(job: &Job<'_>, account: &Account) -> Error {
    let sql = job.source.transform.as_ref();
    let sql = sql.map_or("transform", |sql| sql.file.as_str());
    Error::new(
        ErrorKind::Data,
        format!(
            "cannot ingest `{}`: expected rows from `{sql}`, found none of {} ({})",
            job.file.origin,
            account.rows_read,
            place(job)
        ),
    )
    .hint("correct the SQL; if it may return none, say `may_be_empty = true`")
}

fn none_kept(job: &Job<'_>, rows: u64) -> Error {
    let filters: Vec<&str> = job.feed.filters.keys().map(String::as_str).collect();
    Error::new(
        ErrorKind::Data,
        format!(
            "cannot ingest `{}`: expected rows that `where` keeps, found none of {rows} ({}: `{}`)",
            job.file.origin,
            place(job),
            filters.join("`, `")
        ),
    )
    .hint("correct the path or the values of `where`; paths start at the record, such as `log.field`; if none may be kept, say `may_be_empty = true`")
}

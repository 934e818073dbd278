//! What a new snapshot of a table has that the one before had not, and the reverse.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::run::{Comparison, Cursor, Readings};
use super::table_schema::table_schema;
use crate::contract::Table;
use crate::error::Result;

/// The keys of a table that came, changed and went between two snapshots.
#[derive(Debug, Clone, Default, Serialize, Deserialize, PartialEq, Eq)]
pub struct Changes {
    /// The table.
    pub table: String,
    /// Keys that are new.
    pub added: u64,
    /// Keys of which the row is another.
    pub changed: u64,
    /// Keys that are gone.
    pub gone: u64,
}

impl Changes {
    /// Returns whether there are any.
    pub fn is_empty(&self) -> bool {
        self.added + self.changed + self.gone == 0
    }
}

/// Compares two files of one table, both sorted by its key.
///
/// # Errors
/// `Io` where one cannot be read.
pub fn count_changes(table: &Table, before: &Path, after: &Path) -> Result<Changes> {
    let mut comparison = Comparison::new(table, &table_schema(table))?;
    let readings = Readings::One(0);
    let mut old = Cursor::open(before, &readings, &mut comparison)?;
    let mut new = Cursor::open(after, &readings, &mut comparison)?;
    let mut changes = Changes {
        table: table.name.to_owned(),
        ..Changes::default()
    };
    loop {
        let rank = |cursor: &Cursor| cursor.here().map(|(page, row)| page.rank(row).0);
        let order = match (rank(&old), rank(&new)) {
            (None, None) => return Ok(changes),
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (Some(old), Some(new)) => old.cmp(&new),
        };
        match order {
            std::cmp::Ordering::Less => changes.gone += 1,
            std::cmp::Ordering::Greater => changes.added += 1,
            std::cmp::Ordering::Equal => {
                let content = |cursor: &Cursor| {
                    let here = cursor.here();
                    here.map(|(page, row)| comparison.content(page, row))
                        .transpose()
                };
                changes.changed += u64::from(content(&old)? != content(&new)?);
            }
        }
        if order.is_le() {
            old.advance(&mut comparison)?;
        }
        if order.is_ge() {
            new.advance(&mut comparison)?;
        }
    }
}

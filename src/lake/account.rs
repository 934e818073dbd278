//! What became of the rows of an export, for one table and for all that it feeds, and
//! what they leave in doubt.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// What became of the rows of one export for one table.
#[derive(Debug, Clone, Default, Serialize, Deserialize, PartialEq, Eq)]
pub struct Account {
    /// The table that was fed.
    pub table: String,
    /// The source's name.
    pub source: String,
    /// The export, relative to the project's folder.
    pub origin: String,
    /// The SHA-256 of its bytes.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
    /// The arrays of a record of which each element is a row; `None` where a record is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<String>,
    /// Rows that the export has.
    pub rows_read: u64,
    /// Rows that the table has from it.
    pub kept: u64,
    /// Exact repeats.
    pub repeated: u64,
    /// Rows of which a later version was kept.
    pub superseded: u64,
    /// Rows that the source's `where` leaves out.
    pub filtered: u64,
    /// Rows that the source's `transform` did not return; below zero, rows that it
    /// made.
    #[serde(default)]
    pub transformed: i64,
    /// Rows set aside as bad.
    pub set_aside: u64,
    /// Of the superseded rows, those that another row of the same export took the
    /// place of, where rows are added up: not an earlier version, but one more amount.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub displaced: u64,
    /// Mapped paths of a JSON export that hold nothing in any row.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unseen: Vec<String>,
    /// What was noticed of the export's rows while they were read, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<String>,
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde gives a reference to the field"
)]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl Account {
    /// Returns whether every row is accounted for.
    pub fn balances(&self) -> bool {
        let told = self.kept + self.repeated + self.superseded + self.filtered + self.set_aside;
        self.rows_read.checked_add_signed(-self.transformed) == Some(told)
    }

    /// Returns the rows that reach the mapping: those of the export, or those that a
    /// transform makes of it.
    pub fn mapped_rows(&self) -> u64 {
        self.rows_read.saturating_add_signed(-self.transformed)
    }

    /// Returns what a reader of the figures must know of this export, in sentences.
    pub fn warnings(&self) -> Vec<String> {
        let Self {
            origin,
            table,
            displaced,
            ..
        } = self;
        let mut warnings: Vec<String> = self
            .notices
            .iter()
            .map(|notice| format!("{origin}: {notice}"))
            .collect();
        if *displaced > 0 {
            let rows = match displaced {
                1 => "1 row is".to_owned(),
                rows => format!("{rows} rows are"),
            };
            warnings.push(format!(
                "{origin}: {rows} not counted in {table}, because a later row has the same item, day, person and activity. \
                 If these are several bookings of one day, map `activity` to what tells them apart, or add them up in a `transform`."
            ));
        }
        warnings
    }
}

/// The accounts of one export, which may feed several tables, or one several times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportAccount<'a> {
    /// One account for each feed, in their order; there is at least one.
    pub feeds: Vec<&'a Account>,
}

impl<'a> ExportAccount<'a> {
    /// Groups the accounts of a snapshot by source and export, in the order in which
    /// these come first.
    pub fn group(accounts: &'a [Account]) -> Vec<Self> {
        let mut exports: Vec<Self> = Vec::new();
        let mut places = std::collections::HashMap::new();
        for account in accounts {
            let key = (account.source.as_str(), account.origin.as_str());
            let place = *places.entry(key).or_insert(exports.len());
            match exports.get_mut(place) {
                Some(export) => export.feeds.push(account),
                None => exports.push(Self {
                    feeds: vec![account],
                }),
            }
        }
        exports
    }

    /// Returns what the export is called.
    pub fn origin(&self) -> &'a str {
        self.feeds.first().map_or("", |account| &account.origin)
    }

    /// Returns the rows that the export has, each counted once, however many feeds
    /// read it. A record and the elements of its arrays are different rows.
    pub fn rows(&self) -> u64 {
        let mut seen = BTreeSet::new();
        let feeds = self.feeds.iter().copied();
        let first = feeds.filter(|account| seen.insert(account.rows.as_deref()));
        first.map(|account| account.rows_read).sum()
    }

    /// Returns a count over all feeds. The sum of `rows_read` is how often a row was
    /// read for a table, which the other counts make up.
    pub fn sum(&self, count: impl Fn(&Account) -> u64) -> u64 {
        self.feeds.iter().map(|account| count(account)).sum()
    }

    /// Returns each table and path that was mapped to it and held nothing, once.
    pub fn unseen(&self) -> BTreeSet<(&'a str, &'a str)> {
        let feeds = self.feeds.iter().copied();
        let pairs = feeds.flat_map(|account| {
            let paths = account.unseen.iter();
            paths.map(|path| (account.table.as_str(), path.as_str()))
        });
        pairs.collect()
    }

    /// Returns the tables, each once, with the number of rows that it has from the
    /// export.
    pub fn tables(&self) -> Vec<(&'a str, u64)> {
        let mut tables: Vec<(&str, u64)> = Vec::new();
        for account in &self.feeds {
            match tables.iter_mut().find(|(name, _)| *name == account.table) {
                Some((_, kept)) => *kept += account.kept,
                None => tables.push((&account.table, account.kept)),
            }
        }
        tables
    }
}

/// Returns the mapped paths that hold nothing in any export of a source, each with
/// the source and the table that it should feed.
pub fn unseen_everywhere(accounts: &[Account]) -> Vec<(&str, &str, &str)> {
    let mut unseen: Vec<(&str, &str, &str)> = Vec::new();
    for account in accounts.iter().filter(|account| account.rows_read > 0) {
        for path in &account.unseen {
            let is_alike = |other: &&Account| {
                (&other.source, &other.table) == (&account.source, &account.table)
            };
            let mut alike = accounts.iter().filter(is_alike);
            let is_everywhere = alike.all(|it| it.rows_read == 0 || it.unseen.contains(path));
            let found = (
                account.source.as_str(),
                account.table.as_str(),
                path.as_str(),
            );
            if is_everywhere && !unseen.contains(&found) {
                unseen.push(found);
            }
        }
    }
    unseen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(table: &str, origin: &str, rows: Option<&str>, counts: [u64; 3]) -> Account {
        let [rows_read, kept, filtered] = counts;
        Account {
            table: table.into(),
            source: "s".into(),
            origin: origin.into(),
            rows: rows.map(str::to_owned),
            rows_read,
            kept,
            filtered,
            ..Account::default()
        }
    }

    #[test]
    fn rows_that_several_feeds_read_are_counted_once() {
        let accounts = [
            account("effort", "a.json", None, [3, 1, 2]),
            account("item_events", "a.json", Some("log[]"), [5, 4, 1]),
            account("item_events", "a.json", Some("log[]"), [5, 1, 4]),
            account("items", "a.json", None, [3, 3, 0]),
            account("items", "b.json", None, [7, 7, 0]),
        ];
        let exports = ExportAccount::group(&accounts);
        assert_eq!(exports.len(), 2);
        assert_eq!(exports[0].rows(), 3 + 5);
        assert_eq!(exports[0].sum(|a| a.rows_read), 16);
        assert_eq!(exports[0].sum(|a| a.kept + a.filtered), 16);
        let tables = [("effort", 1), ("item_events", 5), ("items", 3)];
        assert_eq!(exports[0].tables(), tables);
        assert_eq!(exports[1].rows(), 7);
    }

    #[test]
    fn a_path_that_two_feeds_of_a_table_map_is_told_once() {
        let mut accounts = [
            account("incidents", "a.json", None, [3, 1, 2]),
            account("incidents", "a.json", None, [3, 2, 1]),
            account("items", "a.json", None, [3, 3, 0]),
        ];
        for account in &mut accounts {
            account.unseen = vec!["end".into()];
        }
        let exports = ExportAccount::group(&accounts);
        let expected = [("incidents", "end"), ("items", "end")];
        assert!(exports[0].unseen().into_iter().eq(expected));
    }

    #[test]
    fn the_same_file_of_two_sources_is_two_exports() {
        let mut accounts = [
            account("items", "a.csv", None, [3, 3, 0]),
            account("items", "a.csv", None, [3, 0, 3]),
        ];
        accounts[1].source = "other".into();
        assert_eq!(ExportAccount::group(&accounts).len(), 2);
    }

    fn read(origin: &str, rows_read: u64, unseen: &[&str]) -> Account {
        Account {
            table: "items".into(),
            source: "tracker".into(),
            origin: origin.into(),
            rows_read,
            kept: rows_read,
            unseen: unseen.iter().map(|path| (*path).to_owned()).collect(),
            ..Account::default()
        }
    }

    #[test]
    fn an_account_balances_with_what_a_transform_left_out_or_made() {
        let mut account = read("a.csv", 5, &[]);
        assert!(account.balances());
        account.transformed = 2;
        assert!(!account.balances());
        account.kept = 3;
        assert!(account.balances());
        account.transformed = -4;
        account.kept = 9;
        assert!(account.balances());
        assert_eq!(account.mapped_rows(), 9);
    }

    #[test]
    fn a_path_that_one_export_fills_is_no_mistake() {
        let accounts = [
            read("a.json", 3, &["fields.tema", "fields.team"]),
            read("b.json", 2, &["fields.tema"]),
            read("c.json", 0, &[]),
        ];
        let found = unseen_everywhere(&accounts);
        assert_eq!(found, [("tracker", "items", "fields.tema")]);
    }
}

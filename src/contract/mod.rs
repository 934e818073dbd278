//! The tables that plimsoll reads, as types: the public interface of the product.
//!
//! Every export is mapped onto these tables; every query, report and test speaks
//! of them and of nothing else. A table or column is added freely, but renamed or
//! removed only with a new [`VERSION`] and a migration note. Pure data: nothing
//! here reads or writes.

mod core_tables;
mod markdown;
mod optional_tables;

pub use markdown::tables_markdown;

/// The version of the contract, written into every manifest and page.
pub const VERSION: u32 = 1;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// Text, compared byte for byte.
    Text,
    /// One of a closed list of words.
    Word(&'static [&'static str]),
    /// An instant, kept in UTC to the microsecond.
    Instant,
    /// A calendar date.
    Date,
    /// A number.
    Float,
    /// A duration in hours, never negative.
    Hours,
    /// A duration in minutes, never negative.
    Minutes,
    /// A whole number.
    Integer,
    /// true or false.
    Boolean,
    /// A list of texts.
    List,
}

impl ColumnType {
    /// Returns what a reader of an error message should have written.
    pub fn expectation(self) -> String {
        match self {
            Self::Text => "text".into(),
            Self::Word(words) => format!("one of {}", words.join(", ")),
            Self::Instant => "an instant of 1970 to 2100 such as 2026-07-06T09:30:00Z".into(),
            Self::Date => "a date such as 2026-07-06".into(),
            Self::Float => "a number".into(),
            Self::Hours | Self::Minutes => "a duration of zero or more".into(),
            Self::Integer => "a whole number".into(),
            Self::Boolean => "a boolean (true, false, yes, no, y, n, 1, 0)".into(),
            Self::List => "a list separated by `;`".into(),
        }
    }

    /// Returns the name of the type, for whoever maps a column to it.
    pub fn name(self) -> String {
        match self {
            Self::Text => "text".into(),
            Self::Word(words) => format!("one of {}", words.join(", ")),
            Self::Instant => "instant".into(),
            Self::Date => "date".into(),
            Self::Float => "number".into(),
            Self::Hours => "hours".into(),
            Self::Minutes => "minutes".into(),
            Self::Integer => "whole number".into(),
            Self::Boolean => "boolean".into(),
            Self::List => "list".into(),
        }
    }
}

/// One column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// The column's name.
    pub name: &'static str,
    /// What it holds.
    pub column_type: ColumnType,
    /// Whether a row without it is set aside.
    pub is_required: bool,
}

/// One table of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// The table's name, a plural noun.
    pub name: &'static str,
    /// The columns that together name one row.
    pub key: &'static [&'static str],
    /// The columns, in the order of the contract.
    pub columns: &'static [Column],
}

impl Table {
    /// Returns a column by name.
    pub fn column(&self, name: &str) -> Option<&'static Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Returns whether rows are amounts that are added up, such as bookings of hours:
    /// two of one key in one export may both be meant.
    pub fn is_of_amounts(&self) -> bool {
        self.name == "effort"
    }

    /// Returns whether later rows are told by `updated_at`.
    pub fn has_updated_at(&self) -> bool {
        self.column("updated_at").is_some()
    }
}

/// The two columns that every table of the lake has beside its own: the export a
/// row came from and its line there.
pub const SOURCE_COLUMNS: [&str; 2] = ["source_file", "source_line"];

/// Returns every table, those of the six core metrics first.
pub fn tables() -> impl Iterator<Item = &'static Table> {
    core_tables::TABLES
        .iter()
        .chain(optional_tables::TABLES.iter())
}

/// Returns a table by name.
pub fn table(name: &str) -> Option<&'static Table> {
    tables().find(|table| table.name == name)
}

/// The columns that name a person, by table.
const PERSONS: [(&str, &[&str]); 8] = [
    ("items", &["owner", "business_owner"]),
    ("item_events", &["actor"]),
    ("effort", &["person"]),
    ("approvals", &["decided_by"]),
    ("risks", &["owner"]),
    ("themes", &["owner"]),
    ("commitments", &["account_manager", "legal_contact"]),
    ("decisions", &["decided_by"]),
];

/// The fields of `item_events` whose values are persons.
pub const PERSON_FIELDS: [&str; 4] = ["owner", "business_owner", "assignee", "reporter"];

/// Returns the columns that name a person, as table and column.
pub fn person_columns() -> impl Iterator<Item = (&'static str, &'static str)> {
    let of_table = |(table, columns): &(&'static str, &'static [&'static str])| {
        let table = *table;
        columns.iter().map(move |column| (table, *column))
    };
    PERSONS.iter().flat_map(of_table)
}

/// Returns whether a column names a person.
pub fn is_person(table: &str, column: &str) -> bool {
    person_columns().any(|known| known == (table, column))
}

const fn required(name: &'static str, column_type: ColumnType) -> Column {
    Column {
        name,
        column_type,
        is_required: true,
    }
}

const fn optional(name: &'static str, column_type: ColumnType) -> Column {
    Column {
        name,
        column_type,
        is_required: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_column_exists_and_names_are_unique() {
        for table in tables() {
            for key in table.key {
                assert!(table.column(key).is_some(), "{}.{key}", table.name);
            }
            let mut names: Vec<_> = table.columns.iter().map(|c| c.name).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), table.columns.len(), "{}", table.name);
        }
    }

    #[test]
    fn names_say_the_type() {
        for column in tables().flat_map(|table| table.columns) {
            let expected = match column.name.rsplit('_').next() {
                Some("id") => ColumnType::Text,
                Some("at") => ColumnType::Instant,
                Some("on") if column.name != "depends_on" && column.name != "decision" => {
                    ColumnType::Date
                }
                Some("hours") => ColumnType::Hours,
                Some("minutes") => ColumnType::Minutes,
                _ => continue,
            };
            assert_eq!(column.column_type, expected, "{}", column.name);
        }
    }
}

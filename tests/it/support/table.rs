//! A table as text: what `plimsoll query --format csv` prints and what a golden
//! mart is.

use chrono::{DateTime, Utc};

/// A header and rows of text; null is the empty text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    /// The names of the columns.
    pub(crate) columns: Vec<String>,
    /// The rows, each with a cell for every column.
    pub(crate) rows: Vec<Vec<String>>,
}

impl Table {
    /// Parses CSV with a header.
    pub(crate) fn parse(text: &str) -> Self {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let cells = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect();
        let columns = cells(reader.headers().expect("the table has a header"));
        let rows = reader
            .records()
            .map(|record| cells(&record.expect("every row has the header's columns")))
            .collect();
        Self { columns, rows }
    }

    /// Writes CSV with a header.
    pub(crate) fn to_csv(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        for record in std::iter::once(&self.columns).chain(&self.rows) {
            writer.write_record(record).expect("memory can be written");
        }
        let bytes = writer.into_inner().expect("memory can be written");
        String::from_utf8(bytes).expect("text goes in, text comes out")
    }

    /// Returns the rows, to be read by the names of the columns.
    pub(crate) fn records(&self) -> impl Iterator<Item = Record<'_>> {
        let columns = &self.columns;
        self.rows.iter().map(|cells| Record { columns, cells })
    }

    /// Returns the rows sorted as bytes, the first column first.
    pub(crate) fn sorted(mut self) -> Self {
        self.rows.sort();
        self
    }
}

/// One row, read by the names of its columns.
#[derive(Clone, Copy)]
pub(crate) struct Record<'t> {
    columns: &'t [String],
    cells: &'t [String],
}

impl<'t> Record<'t> {
    /// Returns a cell; null is the empty text.
    pub(crate) fn text(self, column: &str) -> &'t str {
        let place = self.columns.iter().position(|name| name == column);
        let place = place.unwrap_or_else(|| panic!("no `{column}` among {:?}", self.columns));
        &self.cells[place]
    }

    /// Returns a cell that is not null.
    pub(crate) fn word(self, column: &str) -> Option<&'t str> {
        Some(self.text(column)).filter(|text| !text.is_empty())
    }

    /// Returns a number that is not null.
    pub(crate) fn number(self, column: &str) -> Option<f64> {
        let text = self.word(column)?;
        Some(
            text.parse()
                .unwrap_or_else(|_| panic!("`{column}`: `{text}` is no number")),
        )
    }

    /// Returns an instant that is not null.
    pub(crate) fn instant(self, column: &str) -> Option<DateTime<Utc>> {
        let text = self.word(column)?;
        let parsed = DateTime::parse_from_rfc3339(text);
        let instant = parsed.unwrap_or_else(|_| panic!("`{column}`: `{text}` is no instant"));
        Some(instant.to_utc())
    }
}

/// Returns whether two cells say the same: equal text, or numbers that agree to
/// 1e-9 relative.
pub(crate) fn cells_agree(left: &str, right: &str) -> bool {
    if left == right {
        return true;
    }
    match (left.parse::<f64>(), right.parse::<f64>()) {
        (Ok(left), Ok(right)) => numbers_agree(left, right),
        _ => false,
    }
}

/// Returns whether two numbers agree to 1e-9 relative.
pub(crate) fn numbers_agree(left: f64, right: f64) -> bool {
    (left - right).abs() <= 1e-9 * left.abs().max(right.abs())
}

#[test]
fn cells_agree_where_they_say_the_same() {
    for (left, right, agree) in [
        ("4", "4.0", true),
        ("0.3333333333", "0.33333333333333331", true),
        ("0.333", "0.3333333333333333", false),
        ("", "0", false),
        ("true", "false", false),
        ("0", "-0.0", true),
    ] {
        assert_eq!(cells_agree(left, right), agree, "`{left}` and `{right}`");
    }
}

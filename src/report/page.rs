//! What pages are made of. A page is written as HTML and as JSON from the same
//! values, so nothing here is computed twice.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use super::escape::{escaped_size, is_invisible};
use super::format::MISSING;
use crate::error::Result;
use crate::lake::Rows;

/// What stands for a name made up of characters that cannot be seen.
const NO_NAME: &str = "(no name)";

/// How many characters of a title a table shows.
const MOST_NOTE: usize = 120;

/// One cell of a table: what is read, what it is worth, where it leads.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub(super) struct Cell {
    /// What the reader sees.
    pub(super) text: String,
    /// The number behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) value: Option<f64>,
    /// A checked address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) href: Option<String>,
    /// What is said behind the text, outside its link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) note: Option<String>,
    /// Where other parts of the site lead to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) anchor: Option<String>,
    /// How it is to be taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tag: Option<Tag>,
}

impl Cell {
    /// A text; one of which nothing could be seen is said to be so.
    pub(super) fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        let is_unseen = !text.is_empty() && is_invisible(&text);
        Self {
            text: if is_unseen { NO_NAME.into() } else { text },
            value: None,
            href: None,
            note: None,
            anchor: None,
            tag: None,
        }
    }

    /// A text that may be unknown.
    pub(super) fn maybe(text: Option<&str>) -> Self {
        Self::text(text.unwrap_or(MISSING))
    }

    /// The item of a row, by its id: it leads to its tracker, and its title is noted.
    pub(super) fn item(rows: &Rows, row: usize) -> Result<Self> {
        Ok(Self::maybe(rows.text("item_id", row)?)
            .link(rows.text("source_url", row)?)
            .noted(rows.text("title", row)?))
    }

    /// The local day of an instant that may be unknown.
    pub(super) fn day(at: Option<DateTime<Utc>>, zone: Tz) -> Self {
        let day = at.map(|at| super::format::date(at.with_timezone(&zone).date_naive()));
        Self::maybe(day.as_deref())
    }

    /// A number, written by `write`.
    pub(super) fn number(value: Option<f64>, write: impl Fn(f64) -> String) -> Self {
        Self {
            text: value.map_or_else(|| MISSING.to_owned(), write),
            value,
            href: None,
            note: None,
            anchor: None,
            tag: None,
        }
    }

    /// A whole number.
    pub(super) fn integer(value: impl TryInto<i64>) -> Self {
        let value = value.try_into().unwrap_or(i64::MAX);
        #[allow(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
        let number = value as f64;
        Self {
            text: super::format::integer(value),
            value: Some(number),
            href: None,
            note: None,
            anchor: None,
            tag: None,
        }
    }

    /// Adds words behind the text.
    #[must_use]
    pub(super) fn noted(mut self, note: Option<&str>) -> Self {
        self.note = note.map(|text| super::format::shorten(text, MOST_NOTE));
        self
    }

    /// Adds an address within the site, which this program made.
    #[must_use]
    pub(super) fn within(mut self, address: &str) -> Self {
        self.href = Some(address.to_owned());
        self
    }

    /// Adds an address within the site where there is one.
    #[must_use]
    pub(super) fn within_if(mut self, href: Option<String>) -> Self {
        self.href = href;
        self
    }

    /// Estimates, rather too high, how many bytes of HTML the cell takes.
    pub(super) fn size(&self) -> usize {
        let address = |href: &str| escaped_size(href) + "<a href=\"\"></a>".len();
        let note = |note: &str| escaped_size(note) + " <span class=\"note\"></span>".len();
        let tag = |tag: &Tag| escaped_size(&tag.text) + " <span class=\"tag warn\"></span>".len();
        let element = match self.value {
            Some(_) => "<td class=\"n\" data-sort=\"1234.567890123456\"></td>",
            None => "<th scope=\"row\"></th>",
        };
        element.len()
            + escaped_size(&self.text)
            + self.href.as_deref().map_or(0, address)
            + self.note.as_deref().map_or(0, note)
            + self.anchor.as_deref().map_or(0, escaped_size)
            + self.tag.as_ref().map_or(0, tag)
    }

    /// A figure that cannot be trusted, and why: a dash and a tag.
    pub(super) fn withheld(tag: Tag) -> Self {
        Self {
            tag: Some(tag),
            ..Self::maybe(None)
        }
    }

    /// Makes the cell a place that links lead to; of use in the first of a row.
    #[must_use]
    pub(super) fn anchored(mut self, anchor: String) -> Self {
        self.anchor = Some(anchor);
        self
    }

    /// Adds an address where it is one that a page may link to.
    #[must_use]
    pub(super) fn link(mut self, address: Option<&str>) -> Self {
        self.href = address.and_then(outside_address);
        self
    }
}

/// Returns an export's address where it leads out of the site: http, https or mail.
/// A relative one would mean a page of the site that does not exist.
pub(super) fn outside_address(address: &str) -> Option<String> {
    let safe = crate::chart::safe_href(address)?;
    let lower = safe.to_ascii_lowercase();
    let leads_out = ["http://", "https://", "mailto:"]
        .iter()
        .any(|scheme| lower.starts_with(scheme));
    leads_out.then_some(safe)
}

/// The head of a column.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub(super) struct Column {
    /// Its name.
    pub(super) name: String,
    /// Whether it holds numbers, which stand at the right.
    pub(super) is_number: bool,
}

/// A table of a page. The first cell of a row names it.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub(super) struct DataTable {
    /// What the rows are.
    pub(super) caption: String,
    /// The columns.
    pub(super) columns: Vec<Column>,
    /// The rows that the page shows.
    pub(super) rows: Vec<Vec<Cell>>,
    /// What is said of rows that the page leaves to the JSON.
    pub(super) more: Option<String>,
    /// The page that has all rows, where there is one.
    pub(super) all: Option<Link>,
    /// The rows that the page leaves to the JSON.
    pub(super) rows_beyond: Vec<Vec<Cell>>,
}

impl DataTable {
    /// Builds a table; a column name that starts with `#` holds numbers. Of more
    /// than `most` rows, the rest are in the JSON only, and the table says so.
    pub(super) fn new(
        caption: impl Into<String>,
        columns: &[&str],
        rows: Vec<Vec<Cell>>,
        most: usize,
    ) -> Self {
        let column = |name: &&str| Column {
            name: name.trim_start_matches('#').to_owned(),
            is_number: name.starts_with('#'),
        };
        let mut table = Self {
            caption: caption.into(),
            columns: columns.iter().map(column).collect(),
            rows,
            more: None,
            all: None,
            rows_beyond: Vec::new(),
        };
        table.shorten(most);
        table
    }

    /// Leaves the rows beyond the first `most` to the JSON.
    pub(super) fn shorten(&mut self, most: usize) {
        if self.rows.len() <= most {
            return;
        }
        let mut beyond = self.rows.split_off(most);
        beyond.append(&mut self.rows_beyond);
        self.rows_beyond = beyond;
        self.more = Some(format!(
            "{} stand here; the others are in the JSON of this page.",
            self.shown()
        ));
    }

    /// Says where all rows are.
    pub(super) fn link_all(&mut self, page: Link) {
        self.more = Some(format!("{} stand here:", self.shown()));
        self.all = Some(page);
    }

    fn shown(&self) -> String {
        let all = self.rows.len() + self.rows_beyond.len();
        let shown = super::format::integer(self.rows.len());
        format!("{shown} of {}", super::format::count(all, "row", "rows"))
    }

    /// Returns all rows, those that the page leaves out too.
    pub(super) fn all_rows(&self) -> impl Iterator<Item = &Vec<Cell>> {
        self.rows.iter().chain(&self.rows_beyond)
    }

    /// Returns a table of the same columns.
    pub(super) fn with_rows(&self, rows: Vec<Vec<Cell>>) -> Self {
        Self {
            caption: self.caption.clone(),
            columns: self.columns.clone(),
            rows,
            more: None,
            all: None,
            rows_beyond: Vec::new(),
        }
    }
}

impl DataTable {
    /// Leaves out the columns in which no row has anything, but for the first, which
    /// names the rows.
    #[must_use]
    pub(super) fn without_empty_columns(mut self) -> Self {
        let rows = || self.rows.iter().chain(&self.rows_beyond);
        let is_kept = |place: usize| {
            place == 0 || rows().any(|row| row.get(place).is_some_and(|cell| cell.text != MISSING))
        };
        let kept: Vec<bool> = (0..self.columns.len()).map(is_kept).collect();
        let mut places = kept.iter();
        self.columns.retain(|_| *places.next().unwrap_or(&true));
        for row in self.rows.iter_mut().chain(&mut self.rows_beyond) {
            let mut places = kept.iter();
            row.retain(|_| *places.next().unwrap_or(&true));
        }
        self
    }
}

/// A chart with its words and its numbers.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub(super) struct Figure {
    /// The anchor.
    pub(super) id: String,
    /// What the chart shows, found by rule from its numbers.
    pub(super) title: String,
    /// Measure, scope and period.
    pub(super) subtitle: String,
    /// How to read it, and the definition that it follows.
    pub(super) how_to_read: String,
    /// Its numbers.
    pub(super) table: DataTable,
    /// The drawing; not part of the JSON.
    #[serde(skip)]
    pub(super) svg: String,
}

/// How a figure is to be taken.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub(super) struct Tag {
    /// The style's class: good, bad, warn or none.
    pub(super) class: &'static str,
    /// The words.
    pub(super) text: String,
}

impl Tag {
    pub(super) fn new(class: &'static str, text: impl Into<String>) -> Self {
        Self {
            class,
            text: text.into(),
        }
    }
}

/// A link within the site.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub(super) struct Link {
    /// The relative address.
    pub(super) href: String,
    /// The words.
    pub(super) text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_nobody_sees_is_said_to_be_none() {
        assert_eq!(Cell::text("\u{200b}\0").text, NO_NAME);
        assert_eq!(Cell::maybe(Some("\u{fffe}")).text, NO_NAME);
        assert_eq!(
            (Cell::text("").text, Cell::maybe(None).text),
            (String::new(), MISSING.into())
        );
    }

    #[test]
    fn a_column_of_nothing_is_left_out_and_the_name_never_is() {
        let row =
            |name: &str, team: &str| vec![Cell::text(name), Cell::text(team), Cell::maybe(None)];
        let columns = ["Item", "Team", "#Days"];
        let names = |table: &DataTable| -> Vec<String> {
            table
                .columns
                .iter()
                .map(|column| column.name.clone())
                .collect()
        };
        // What is beyond the shown rows keeps its column.
        let table = DataTable::new(
            "",
            &columns,
            vec![row("A-1", MISSING), row("A-2", "Anchor")],
            1,
        );
        let table = table.without_empty_columns();
        assert_eq!(names(&table), ["Item", "Team"]);
        assert!(
            table
                .rows
                .iter()
                .chain(&table.rows_beyond)
                .all(|row| row.len() == 2)
        );
        let table = DataTable::new("", &columns, vec![row(MISSING, MISSING)], 1);
        assert_eq!(names(&table.without_empty_columns()), ["Item"]);
    }

    #[test]
    fn an_export_links_out_of_the_site_or_not_at_all() {
        for address in [
            "https://x.example/A-1",
            "HTTP://x.example",
            "mailto:a@x.example",
        ] {
            assert!(outside_address(address).is_some(), "{address}");
        }
        for address in [
            "relative/x",
            "#top",
            "javascript:alert(1)",
            "",
            "//x.example",
        ] {
            assert_eq!(outside_address(address), None, "{address}");
        }
    }
}

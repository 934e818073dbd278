//! Whole lists: where a page shows only the first rows of a table, all of them stand on
//! pages of their own, as many as keep each within the size that a page may have. So a
//! reader comes to every row behind a number without opening JSON.
//!
//! They lie in `items/` and belong to one report page, whose file name theirs begin with:
//! a later run of the same period replaces them all.

use std::path::{Path, PathBuf};

use minijinja::Value;
use serde::Serialize;

use super::format;
use super::page::{Cell, DataTable, Link};
use super::specimen;
use super::template::Templates;
use super::weekly::WeeklyPage;
use crate::error::Result;
use crate::fs;

/// How many bytes of rows one page takes; with its frame it stays below 400 kB.
const MOST_BYTES: usize = 320_000;

/// How many rows one page takes, however short they are.
const MOST_ROWS: usize = 1_000;

/// How long the names in a list's name are together, before a hash stands for the rest.
const MOST_LETTERS: usize = 80;

/// Row counts that a page of several tables falls back to, the largest that fits.
const STEPS: [usize; 11] = [200, 100, 50, 40, 30, 26, 20, 15, 10, 7, 5];

/// Shortens tables to the same number of rows each, so that together they take at most
/// `room` bytes of a page. Those that are shorter already stay as they are.
pub(super) fn shorten(tables: &mut [&mut DataTable], room: usize) {
    let size = |most: usize| -> usize {
        let rows = tables.iter().flat_map(|table| table.rows.iter().take(most));
        rows.map(|row| row_size(row)).sum()
    };
    let fitting = STEPS.into_iter().find(|most| size(*most) <= room);
    let most = fitting.unwrap_or(STEPS[STEPS.len() - 1]);
    for table in tables {
        table.shorten(most);
    }
}

/// Estimates, rather too high, how many bytes of HTML the rows of a table take.
pub(super) fn table_size(table: &DataTable) -> usize {
    table.rows.iter().map(|row| row_size(row)).sum()
}

fn row_size(row: &[Cell]) -> usize {
    let cells = row.iter().map(Cell::size);
    cells.sum::<usize>() + "<tr></tr>\n".len()
}

/// What pages of whole lists share.
pub(super) struct FullLists<'a> {
    templates: &'a Templates,
    project: String,
    as_of_text: String,
    snapshot: String,
    folder: PathBuf,
    stem: &'a str,
    section: &'static str,
    back: &'a Link,
}

impl<'a> FullLists<'a> {
    /// Removes the lists that an earlier run wrote for the report named `stem`, and
    /// returns what writes new ones. `back` leads from a list to that report.
    ///
    /// # Errors
    /// `Io`.
    pub(super) fn new(
        templates: &'a Templates,
        latest: &WeeklyPage,
        (stem, section): (&'a str, &'static str),
        back: &'a Link,
        staging: &Path,
    ) -> Result<Self> {
        let folder = staging.join("items");
        let prefix = format!("{stem}-");
        for path in fs::list(&folder)? {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if name.starts_with(&prefix) {
                fs::remove_file(&path)?;
            }
        }
        Ok(Self {
            templates,
            project: latest.project.clone(),
            as_of_text: latest.as_of_text.clone(),
            snapshot: latest.snapshot.clone(),
            folder,
            stem,
            section,
            back,
        })
    }

    /// Writes all rows of a table that leaves some to its JSON, and has it link to them.
    /// `name` tells the lists of one report apart.
    ///
    /// # Errors
    /// `Template` where the template fails; `Io`.
    pub(super) fn write(&self, name: &str, table: &mut DataTable) -> Result<()> {
        if table.rows_beyond.is_empty() {
            return Ok(());
        }
        let mut rows: Vec<Vec<Cell>> = table.all_rows().cloned().collect();
        for cell in rows.iter_mut().flatten() {
            self.lead_back(cell);
        }
        let chunks = chunks(&rows);
        let address = |number: usize| match number {
            0 => page_name(self.stem, name),
            _ => format!("{}-{}", page_name(self.stem, name), number + 1),
        };
        let mut first = 0;
        for (number, chunk) in chunks.iter().enumerate() {
            let last = first + chunk.len();
            let pages = (0..chunks.len()).map(|other| PageLink {
                href: format!("{}.html", address(other)),
                text: format::integer(other + 1),
                is_present: other == number,
            });
            let (from, to) = (format::integer(first + 1), format::integer(last));
            let page = ListPage {
                project: &self.project,
                engine_version: env!("CARGO_PKG_VERSION"),
                as_of_text: &self.as_of_text,
                snapshot: &self.snapshot,
                section: self.section,
                back: self.back,
                title: &table.caption,
                place: format!("Rows {from} to {to} of {}", format::integer(rows.len())),
                pages: pages.filter(|_| chunks.len() > 1).collect(),
                table: table.with_rows(chunk.to_vec()),
            };
            let none = Value::UNDEFINED;
            let html = self.templates.render("list.html", &page, &none, 1)?;
            let path = self.folder.join(format!("{}.html", address(number)));
            fs::write(&path, html.as_bytes())?;
            first = last;
        }
        table.link_all(Link {
            href: match self.is_of_root() {
                true => root_address(self.stem, name),
                false => page_address(self.stem, name),
            },
            text: format!("all {}", format::count(rows.len(), "row", "rows")),
        });
        Ok(())
    }

    /// Whether the report's page lies at the root of the site, and not beside the lists.
    fn is_of_root(&self) -> bool {
        let page = self.back.href.strip_prefix("../");
        page.is_some_and(|page| !page.contains('/'))
    }

    /// What leads to a place of the report's page, or on from its folder, leads there from
    /// another folder too.
    fn lead_back(&self, cell: &mut Cell) {
        if let Some(href) = &cell.href {
            cell.href = Some(from_lists(&self.back.href, href));
        }
    }
}

/// Returns an address that stands on the report at `back` as it is from the lists' folder.
fn from_lists(back: &str, href: &str) -> String {
    let is_elsewhere = href.starts_with("../") || href.contains(':');
    match (href.starts_with('#'), back.rsplit_once('/')) {
        (true, _) => format!("{back}{href}"),
        (false, Some((folder, _))) if !is_elsewhere => format!("{folder}/{href}"),
        (false, _) => href.to_owned(),
    }
}

/// Returns the name of the first page of a report's list.
fn page_name(stem: &str, name: &str) -> String {
    format!("{stem}-{name}")
}

/// Returns the address of the first page of a report's list, from the report's folder.
pub(super) fn page_address(stem: &str, name: &str) -> String {
    format!("../{}", root_address(stem, name))
}

/// Returns the address of the first page of a report's list, from the root of the site.
pub(super) fn root_address(stem: &str, name: &str) -> String {
    format!("items/{}.html", page_name(stem, name))
}

/// Returns the name of a list, which is an anchor and part of a file's name: what it has,
/// and whose it is in small letters and digits of ASCII, other letters by their number.
/// Where this does not say all of the names, or too much, a hash of them follows: so no
/// two share one, not even where capitals make no difference.
pub(super) fn list_name(what: &str, names: &[&str]) -> String {
    let is_plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    let readable = |name: &&str| {
        let letters = name
            .chars()
            .map(|letter| match letter.to_ascii_lowercase() {
                letter if is_plain(letter) => letter.to_string(),
                ' ' | '-' | '_' => "-".to_owned(),
                letter => format!("u{:x}", u32::from(letter)),
            });
        letters.collect::<String>()
    };
    let words: Vec<String> = names.iter().map(readable).collect();
    let words = words.join("--");
    let is_whole = words.len() <= MOST_LETTERS && names.iter().all(|it| it.chars().all(is_plain));
    if is_whole {
        return format!("{what}-{words}");
    }
    let hash = fs::sha256(names.join("\u{1f}").as_bytes());
    let words = words.get(..MOST_LETTERS).unwrap_or(&words);
    format!("{what}-{words}-{}", hash.get(..8).unwrap_or_default())
}

/// Parts rows into pages; a row alone may be larger than a page should be.
fn chunks(rows: &[Vec<Cell>]) -> Vec<&[Vec<Cell>]> {
    let mut chunks = Vec::new();
    let (mut start, mut size) = (0, 0);
    for (place, row) in rows.iter().enumerate() {
        let more = row_size(row);
        let is_full = size + more > MOST_BYTES || place - start == MOST_ROWS;
        if place > start && is_full {
            chunks.push(&rows[start..place]);
            (start, size) = (place, 0);
        }
        size += more;
    }
    chunks.push(&rows[start..]);
    chunks
}

/// One page of a list.
#[derive(Debug, Serialize)]
pub(super) struct ListPage<'a> {
    project: &'a str,
    engine_version: &'static str,
    as_of_text: &'a str,
    snapshot: &'a str,
    section: &'static str,
    back: &'a Link,
    title: &'a str,
    /// Which rows of the list these are.
    place: String,
    /// All pages of the list, none where this is the only one.
    pages: Vec<PageLink>,
    table: DataTable,
}

/// A link to a page of the list.
#[derive(Debug, Serialize)]
struct PageLink {
    href: String,
    text: String,
    is_present: bool,
}

/// Returns the page made up of placeholders.
pub(super) fn specimen<'a>(latest: &'a WeeklyPage, back: &'a Link, is_full: bool) -> ListPage<'a> {
    ListPage {
        project: &latest.project,
        engine_version: latest.engine_version,
        as_of_text: &latest.as_of_text,
        snapshot: &latest.snapshot,
        section: "weekly",
        back,
        title: &latest.project,
        place: specimen::text(),
        pages: specimen::list(is_full, || PageLink {
            href: "#content".to_owned(),
            text: specimen::text(),
            is_present: true,
        }),
        table: specimen::table(is_full),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_alike_make_different_lists() {
        let alike = [
            "Data Platform",
            "data platform",
            "data-platform",
            "data_platform",
            "dataplatform",
            "支払い",
            "注文",
            "u652fu6255u3044",
        ];
        let names: std::collections::BTreeSet<String> = alike
            .iter()
            .map(|name| list_name("open", &["a", name]).to_lowercase())
            .collect();
        assert_eq!(names.len(), alike.len(), "{names:?}");
        assert_ne!(list_name("open", &["a", "b"]), list_name("open", &["a--b"]));
        assert_eq!(list_name("open", &["core", "acme"]), "open-core--acme");
    }

    #[test]
    fn a_list_of_long_names_can_still_name_a_file() {
        let long = |last: &str| list_name("open", &[&"支払い".repeat(100), "team", last]);
        assert!(long("a").len() < 120 && long("a").is_ascii());
        assert_ne!(long("a"), long("b"));
    }

    fn rows(count: usize, words: &str) -> Vec<Vec<Cell>> {
        vec![vec![Cell::text(words)]; count]
    }

    #[test]
    fn every_row_is_on_one_page_and_no_page_is_too_large() {
        for (count, words) in [(1, "x"), (1_000, "x"), (2_001, "x")] {
            let rows = rows(count, words);
            let chunks = chunks(&rows);
            assert_eq!(chunks.concat(), rows);
            assert_eq!(chunks.len(), count.div_ceil(MOST_ROWS));
        }
        let wide = rows(700, &"<".repeat(300));
        for chunk in chunks(&wide) {
            let size: usize = chunk.iter().map(|row| row_size(row)).sum();
            assert!(!chunk.is_empty() && size <= MOST_BYTES, "{size}");
        }
        let huge = rows(2, &"W".repeat(MOST_BYTES + 1));
        assert_eq!(chunks(&huge).len(), 2);
    }

    #[test]
    fn an_address_leads_from_a_list_to_where_it_led_from_the_report() {
        let from_root = |href| from_lists("../governance.html", href);
        assert_eq!(from_root("#gates"), "../governance.html#gates");
        assert_eq!(
            from_root("releases/a/gates.html"),
            "../releases/a/gates.html"
        );
        assert_eq!(
            from_root("https://tracker.example/A"),
            "https://tracker.example/A"
        );
        let from_week = from_lists("../weekly/2026-W27.html", "../releases/a.html");
        assert_eq!(from_week, "../releases/a.html");
    }

    #[test]
    fn tables_give_way_together_and_short_ones_stay() {
        let table = |count| DataTable::new("t", &["x"], rows(count, &"W".repeat(300)), 200);
        let (mut long, mut longer, mut short) = (table(90), table(400), table(3));
        shorten(&mut [&mut long, &mut longer, &mut short], 40_000);
        let shown = [&long, &longer, &short].map(|table| table.rows.len());
        assert_eq!(shown, [50, 50, 3]);
        assert_eq!(longer.rows_beyond.len(), 350);
        assert!(short.more.is_none() && long.more.is_some());
    }
}

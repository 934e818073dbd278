//! The header of a query: comment lines that say what the query promises.

use super::gate::{GATES, parse_gate};
use super::rule::{RULES, parse_rule};
use super::{Origin, Query, problem};
use crate::error::Result;

/// The type of a query's column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueryType {
    /// Text.
    String,
    /// A whole number of 64 bits.
    Bigint,
    /// A number.
    Double,
    /// true or false.
    Boolean,
    /// A calendar date.
    Date,
    /// An instant, UTC.
    Timestamp,
}

impl QueryType {
    const ALL: [(&'static str, Self); 6] = [
        ("string", Self::String),
        ("bigint", Self::Bigint),
        ("double", Self::Double),
        ("boolean", Self::Boolean),
        ("date", Self::Date),
        ("timestamp", Self::Timestamp),
    ];

    /// Returns the word that headers use.
    pub fn as_str(self) -> &'static str {
        let found = Self::ALL.iter().find(|(_, kind)| *kind == self);
        found.map_or("", |(name, _)| name)
    }

    fn parse(text: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(name, _)| *name == text);
        found.map(|(_, kind)| *kind)
    }
}

/// One promised column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryColumn {
    /// Its name.
    pub name: String,
    /// Its type.
    pub query_type: QueryType,
    /// Whether it may be null.
    pub is_nullable: bool,
    /// What it means.
    pub about: String,
}

/// The comment lines that a query opens with, by field.
pub(super) struct Header<'t> {
    /// What to call the file in messages.
    pub(super) file: &'t str,
    /// The file's name without its ending.
    pub(super) stem: &'t str,
    /// The lines without their dashes.
    lines: Vec<&'t str>,
}

impl<'t> Header<'t> {
    fn of(file: &'t str, stem: &'t str, sql: &'t str) -> Self {
        let lines = sql.lines().take_while(|line| line.starts_with("--"));
        let lines = lines.map(|line| line.trim_start_matches('-')).collect();
        Self { file, stem, lines }
    }

    /// Returns whether a field is there.
    pub(super) fn has(&self, name: &str) -> bool {
        let label = format!(" {name}:");
        self.lines.iter().any(|line| line.starts_with(&label))
    }

    /// Returns the line, counted from 1, of a field; of the first where it has none.
    pub(super) fn line_of(&self, name: &str) -> usize {
        let label = format!(" {name}:");
        let place = self.lines.iter().position(|line| line.starts_with(&label));
        place.map_or(1, |place| place + 1)
    }

    /// Returns what a field says.
    pub(super) fn field(&self, name: &str) -> Result<String> {
        match fold_field(&self.lines, name) {
            Some(text) if !text.is_empty() => Ok(text),
            _ => Err(problem(
                self.file,
                self.lines.len().max(1),
                &format!("expected `-- {name}:` in its header, found none"),
            )),
        }
    }

    /// Returns the words of a field, parted by commas.
    pub(super) fn words(&self, name: &str) -> Result<Vec<String>> {
        let text = self.field(name)?;
        let words = text.split(',').map(|word| word.trim().to_owned());
        Ok(words.filter(|word| !word.is_empty()).collect())
    }

    /// Returns the lines below a field, each with its number.
    pub(super) fn lines_behind(&self, name: &str) -> impl Iterator<Item = (usize, &'t str)> {
        let first = self.line_of(name);
        let below = (first + 1..).zip(self.lines[first..].iter().copied());
        below.take_while(|(_, line)| line.starts_with("  "))
    }
}

/// Parses a query's text; `stem` is the file's name without its ending.
pub(super) fn parse_query(folder: &str, stem: &str, origin: Origin, sql: String) -> Result<Query> {
    let file = format!("queries/{folder}/{stem}.sql");
    let text = sql.clone();
    let header = Header::of(&file, stem, &text);
    let name = header.field("name")?;
    if name != stem {
        return Err(problem(
            &file,
            header.line_of("name"),
            &format!("expected `name: {stem}`, as the file is called, found `{name}`"),
        ));
    }
    if folder == GATES {
        return parse_gate(&header, origin, sql);
    }
    if folder == RULES {
        return parse_rule(&header, origin, sql);
    }
    let columns = parse_columns(&file, &header.lines)?;
    let key = header.words("key")?;
    if let Some(stranger) = key
        .iter()
        .find(|key| !columns.iter().any(|c| c.name == **key))
    {
        return Err(problem(
            &file,
            header.line_of("key"),
            &format!("expected the key among its columns, found `{stranger}`"),
        ));
    }
    Ok(Query {
        about: header.field("about")?,
        grain: header.field("grain")?,
        reads: header.words("reads")?,
        key,
        columns,
        name,
        folder: folder.to_owned(),
        file: file.clone(),
        origin,
        gate: None,
        rule: None,
        sql,
    })
}

/// Returns the text behind `name:`, joined with the lines that go on from it, which
/// are those indented further.
fn fold_field(lines: &[&str], name: &str) -> Option<String> {
    let label = format!(" {name}:");
    let start = lines.iter().position(|line| line.starts_with(&label))?;
    let more = lines[start + 1..]
        .iter()
        .take_while(|line| line.starts_with("  "));
    let first = lines[start][label.len()..].trim();
    let text = std::iter::once(first).chain(more.map(|line| line.trim()));
    Some(text.collect::<Vec<_>>().join(" ").trim().to_owned())
}

/// Reads the lines `name type[?] about` behind `columns:`. A line indented further
/// goes on from the one before.
pub(super) fn parse_columns(file: &str, lines: &[&str]) -> Result<Vec<QueryColumn>> {
    let start = lines
        .iter()
        .position(|line| line.trim_end() == " columns:")
        .ok_or_else(|| {
            problem(
                file,
                lines.len().max(1),
                "expected `-- columns:` in its header, found none",
            )
        })?;
    let mut columns: Vec<QueryColumn> = Vec::new();
    let promised = (start + 2..).zip(&lines[start + 1..]);
    for (number, line) in promised.take_while(|(_, line)| line.starts_with("  ")) {
        let indent = line.len() - line.trim_start().len();
        if let (true, Some(last)) = (indent > 3, columns.last_mut()) {
            last.about = format!("{} {}", last.about, line.trim());
            continue;
        }
        columns.push(parse_column(line).ok_or_else(|| {
            let what = format!(
                "expected `name type about` with a known type, found `{}`",
                line.trim()
            );
            problem(file, number, &what)
        })?);
    }
    Ok(columns)
}

fn parse_column(line: &str) -> Option<QueryColumn> {
    let mut words = line.split_whitespace();
    let name = words.next()?.to_owned();
    let declared = words.next()?;
    let type_name = declared.trim_end_matches('?');
    Some(QueryColumn {
        name,
        query_type: QueryType::parse(type_name)?,
        is_nullable: declared.ends_with('?'),
        about: words.collect::<Vec<_>>().join(" "),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "-- name: m\n-- about: One row\n--   per thing.\n-- grain: one row per thing\n-- key: a\n-- reads: items,\n--   calendar\n-- columns:\n--   a  string   The key\n--                with more.\n--   b  double?  A number.\nselect 1\n";

    fn parse(stem: &str, text: &str) -> Result<Query> {
        parse_query("metrics", stem, Origin::BuiltIn, text.to_owned())
    }

    #[test]
    fn a_header_says_everything() {
        let query = parse("m", TEXT).expect("it is well formed");
        assert_eq!(query.about, "One row per thing.");
        assert_eq!(query.reads, ["items", "calendar"]);
        assert_eq!(query.columns.len(), 2);
        assert_eq!(query.columns[0].about, "The key with more.");
        assert!(query.columns[1].is_nullable && !query.columns[0].is_nullable);
        assert_eq!((query.field_line("key"), query.column_line("b")), (5, 11));
    }

    #[test]
    fn a_name_that_is_not_the_files_is_refused() {
        let error = parse("other", TEXT).expect_err("names differ");
        assert!(
            error.to_string().contains("expected `name: other`"),
            "{error}"
        );
    }

    #[test]
    fn an_unknown_type_is_refused() {
        let text = TEXT.replace("double?", "decimal");
        let error = parse("m", &text).expect_err("no such type");
        assert!(
            error.to_string().contains("line 11: expected")
                && error.to_string().contains("known type, found `b  decimal"),
            "{error}"
        );
    }
}

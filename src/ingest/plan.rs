//! How the columns of one export become those of its table.
//!
//! A plan is made once per file, against its header, so that a mapped column that
//! the export does not have is told before a row is read.

use super::csv_columns::Columns;
use super::reader::Reader;
use crate::config::{ColumnMapping, Feed, Filter, Origin, Source};
use crate::contract::{Column, ColumnType};
use crate::error::{Error, ErrorKind, Result, nearest, shown};

/// The cells to read, and what to make of them.
pub(super) struct Plan {
    /// The export's columns or paths, each once.
    pub(super) paths: Vec<String>,
    /// The contract's columns that are fed.
    pub(super) fields: Vec<Field>,
    /// The cells that decide whether a row is read, with their conditions.
    pub(super) filters: Vec<(usize, Filter)>,
    /// The cells of which each combination is read once.
    pub(super) per: Vec<usize>,
    /// Optional columns that the export does not have.
    absent: Vec<String>,
}

/// One fed column.
pub(super) struct Field {
    pub(super) column: &'static Column,
    pub(super) recipe: Recipe,
    /// The cell with the duration that is added.
    pub(super) plus: Option<usize>,
    pub(super) mapping: Option<ColumnMapping>,
}

/// What a cell is made of.
pub(super) enum Recipe {
    /// The first of these cells that is not null.
    Paths(Vec<usize>),
    Constant(String),
    Template(Vec<Part>),
}

/// A piece of a template.
pub(super) enum Part {
    Text(String),
    Path(usize),
}

impl Part {
    fn place(&self) -> Option<usize> {
        match self {
            Self::Path(place) => Some(*place),
            Self::Text(_) => None,
        }
    }
}

impl Plan {
    /// Returns the plan for an export with this header; without one, any path is
    /// there and may be null.
    pub(super) fn new(source: &Source, feed: &Feed, reader: &Reader, origin: &str) -> Result<Self> {
        let header = reader.header();
        let mut plan = Self {
            paths: Vec::new(),
            fields: Vec::new(),
            filters: Vec::new(),
            per: Vec::new(),
            absent: Vec::new(),
        };
        for column in feed.table.columns {
            let recipe = match feed.columns.get(column.name) {
                Some(mapping) => match plan.found(mapping, reader) {
                    Some(origin) => plan.recipe(&origin),
                    None => continue,
                },
                None if feed.columns_by_name && has(header, column.name) => {
                    plan.recipe(&Origin::path(column.name))
                }
                None => continue,
            };
            let mapping = feed.columns.get(column.name).cloned();
            let added = mapping.as_ref().and_then(|mapping| mapping.plus.as_ref());
            let plus = added.map(|added| plan.place(&added.path));
            plan.fields.push(Field {
                column,
                recipe,
                plus,
                mapping,
            });
        }
        for (path, filter) in &feed.filters {
            let place = plan.place(path);
            plan.filters.push((place, filter.clone()));
        }
        for path in feed.keep.iter().flat_map(|keep| &keep.per) {
            let place = plan.place(path);
            plan.per.push(place);
        }
        plan.check(source, feed, reader, origin)?;
        Ok(plan)
    }

    /// Returns where a mapped column comes from in this export: of several columns,
    /// those that it has. `None` where it has none and need not have any.
    fn found(&mut self, mapping: &ColumnMapping, reader: &Reader) -> Option<Origin> {
        let Origin::Paths(paths) = &mapping.origin else {
            return Some(mapping.origin.clone());
        };
        let is_there = |path: &&String| !matches!(reader.columns_of(path), Columns::Missing);
        let there: Vec<String> = paths.iter().filter(is_there).cloned().collect();
        match (there.is_empty(), mapping.is_optional) {
            (false, _) => Some(Origin::Paths(there)),
            (true, false) => Some(mapping.origin.clone()),
            (true, true) => {
                self.absent.extend(paths.iter().cloned());
                None
            }
        }
    }

    /// Returns the cell of a column that says where a transformed row came from, if
    /// there is one.
    pub(super) fn place_of(&mut self, name: &str, header: Option<&[String]>) -> Option<usize> {
        header
            .is_some_and(|names| names.iter().any(|known| known == name))
            .then(|| self.place(name))
    }

    /// Returns the paths of the source's own mapping, `where` and `per` that held
    /// nothing, or that the export does not have and need not have.
    pub(super) fn mapped_unseen(&self, feed: &Feed, is_seen: &[bool]) -> Vec<String> {
        let is_mapped = |path: &String| {
            let mut mappings = feed.columns.values();
            mappings.any(|mapping| match &mapping.origin {
                Origin::Paths(own) => own.len() == 1 && own[0] == *path,
                _ => false,
            })
        };
        let selects = |place: &usize| {
            let mut filters = self.filters.iter();
            filters.any(|(filter, _)| filter == place) || self.per.contains(place)
        };
        let unseen = (0..self.paths.len()).filter(|place| is_seen.get(*place) != Some(&true));
        unseen
            .filter(|place| selects(place) || is_mapped(&self.paths[*place]))
            .map(|place| self.paths[place].clone())
            .chain(self.absent.iter().cloned())
            .collect()
    }

    /// Returns whether several values are what is wanted of a cell.
    fn feeds_lists_only(&self, place: usize) -> bool {
        let is_other = |field: &Field| {
            let places = match &field.recipe {
                Recipe::Paths(places) => places.clone(),
                Recipe::Constant(_) => Vec::new(),
                Recipe::Template(parts) => parts.iter().filter_map(Part::place).collect(),
            };
            field.column.column_type != ColumnType::List && places.contains(&place)
        };
        !self.fields.iter().any(is_other)
    }

    fn place(&mut self, path: &str) -> usize {
        if let Some(place) = self.paths.iter().position(|known| known == path) {
            return place;
        }
        self.paths.push(path.to_owned());
        self.paths.len() - 1
    }

    fn recipe(&mut self, origin: &Origin) -> Recipe {
        match origin {
            Origin::Paths(paths) => {
                Recipe::Paths(paths.iter().map(|path| self.place(path)).collect())
            }
            Origin::Constant(text) => Recipe::Constant(text.clone()),
            Origin::Template(template) => Recipe::Template(self.parts(template)),
        }
    }

    fn parts(&mut self, template: &str) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut rest = template;
        while let Some((text, more)) = rest.split_once('{') {
            let Some((path, after)) = more.split_once('}') else {
                break;
            };
            parts.push(Part::Text(text.to_owned()));
            parts.push(Part::Path(self.place(path)));
            rest = after;
        }
        parts.push(Part::Text(rest.to_owned()));
        parts
    }

    /// A header of one column, where several are asked for and none is there, was
    /// written with another separator: one problem, not one for each column.
    fn one_column(&self, source: &Source, reader: &Reader, origin: &str) -> Option<Error> {
        let [only] = reader.header()? else {
            return None;
        };
        let is_missing = |path: &String| matches!(reader.columns_of(path), Columns::Missing);
        let separator = SEPARATORS
            .iter()
            .find(|separator| only.contains(**separator))?;
        let is_wrong = self.paths.iter().all(is_missing);
        is_wrong.then(|| {
            let error = no_such_columns(source, &self.paths, only, origin);
            let name = match separator {
                '\t' => "tab".to_owned(),
                other => other.to_string(),
            };
            error.hint(format!(
                "the separator looks wrong: declare `separator = \"{name}\"`"
            ))
        })
    }

    fn check(&self, source: &Source, feed: &Feed, reader: &Reader, origin: &str) -> Result<()> {
        let mut problems = Vec::new();
        let header = reader.header();
        if let Some(error) = self.one_column(source, reader, origin) {
            return Err(error);
        }
        for (place, path) in self.paths.iter().enumerate() {
            match reader.columns_of(path) {
                Columns::One => {}
                Columns::Several if self.feeds_lists_only(place) => {}
                Columns::Several => problems.push(several_columns(path, origin)),
                Columns::Missing => {
                    let header = header.unwrap_or_default();
                    problems.push(no_such_column(source, header, path, origin));
                }
            }
        }
        for column in feed
            .table
            .columns
            .iter()
            .filter(|column| column.is_required)
        {
            if !self.fields.iter().any(|field| field.column == column) {
                problems.push(not_fed(source, feed, header, column, origin));
            }
        }
        if problems.is_empty() {
            return Ok(());
        }
        Err(Error::gather(
            &format!("cannot ingest `{origin}`"),
            problems,
        ))
    }
}

/// What exports are separated by.
const SEPARATORS: [char; 4] = [';', '\t', '|', ','];

fn no_such_columns(source: &Source, paths: &[String], only: &str, origin: &str) -> Error {
    let expected = match paths {
        [] => "several columns".to_owned(),
        paths => format!("the columns {}", quoted(paths)),
    };
    Error::new(
        ErrorKind::Input,
        format!(
            "cannot ingest `{origin}` line 1: expected {expected} (source `{}`, `plimsoll.toml` line {}), found one, `{}`",
            source.name,
            source.line,
            shown(only)
        ),
    )
}

fn several_columns(path: &str, origin: &str) -> Error {
    Error::new(
        ErrorKind::Input,
        format!("cannot ingest `{origin}` line 1: expected one column `{path}`, found several"),
    )
    .hint(format!(
        "`{path}[0]` is the first that is filled, `{path}[-1]` the last"
    ))
}

fn has(header: Option<&[String]>, path: &str) -> bool {
    header.is_none_or(|names| names.iter().any(|name| name == path))
}

fn no_such_column(source: &Source, header: &[String], path: &str, origin: &str) -> Error {
    let error = Error::new(
        ErrorKind::Input,
        format!(
            "cannot ingest `{origin}` line 1: expected a column `{path}` (mapped by source `{}`, `plimsoll.toml` line {}), found {}",
            source.name,
            source.line,
            quoted(header)
        ),
    );
    if let Some(hint) = separator_line(header) {
        return error.hint(hint);
    }
    match nearest(path, header.iter().map(String::as_str)) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint("correct the mapping, or the separator of the source"),
    }
}

fn not_fed(
    source: &Source,
    feed: &Feed,
    header: Option<&[String]>,
    column: &Column,
    origin: &str,
) -> Error {
    let error = Error::new(
        ErrorKind::Input,
        format!(
            "cannot ingest `{origin}` line 1: expected a column for `{}.{}`, which is required, found {}",
            feed.table.name,
            column.name,
            quoted(header.unwrap_or_default())
        ),
    );
    let hint = || {
        format!(
            "map one in [sources.columns] of source `{}` (`plimsoll.toml` line {})",
            source.name, source.line
        )
    };
    error.hint(separator_line(header.unwrap_or_default()).unwrap_or_else(hint))
}

/// Returns what to do where the first line is none of the table: spreadsheets write
/// `sep=;` above the header.
fn separator_line(header: &[String]) -> Option<String> {
    let first = header.first()?.to_ascii_lowercase();
    first.starts_with("sep=").then(|| {
        "the first line names the separator and is no header: say `skip_lines = 1` and that `separator`".to_owned()
    })
}

fn quoted(header: &[String]) -> String {
    const SHOWN: usize = 30;
    let mut names: Vec<_> = header
        .iter()
        .take(SHOWN)
        .map(|name| format!("`{}`", shown(name)))
        .collect();
    if header.len() > SHOWN {
        names.push(format!("{} more", header.len() - SHOWN));
    }
    if names.is_empty() {
        "none".into()
    } else {
        names.join(", ")
    }
}

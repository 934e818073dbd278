//! `queries/*.sql` as data: a header that promises, and one SELECT that keeps it.
//!
//! The queries are compiled in; a file of the same name in the project's `queries/`
//! folder takes the place of a built-in one, and a new file adds a mart. What the
//! header says is enforced by the engine, never decoration.

mod gate;
mod header;
mod notes;
mod order;
mod promise;
mod rule;
mod stray;

use std::collections::BTreeMap;
use std::path::Path;

use include_dir::{Dir, include_dir};

use crate::error::{Error, ErrorKind, Result};
use crate::fs;

pub use gate::{GATES, GateHeader, GateLimit};
pub use header::{QueryColumn, QueryType};
pub use notes::Note;
pub use order::{check_reads, order_queries, queries_behind, sort_queries};
pub use promise::check_promises;
pub use rule::{Comparison, RULES, RuleHeader, RuleOutcome, Thresholds};
pub use stray::find_strays;

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/queries");

/// The folders that hold queries of which each makes a table.
const FOLDERS: [&str; 4] = ["staging", "metrics", GATES, RULES];

/// The folder of queries that must return no row.
const AUDITS: &str = "audits";

/// Where a query's text is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Compiled in.
    BuiltIn,
    /// The project's own, in the place of a built-in one.
    Override,
    /// The project's own, beside the built-in ones.
    Added,
}

impl Origin {
    /// Returns the words for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BuiltIn => "built in",
            Self::Override => "the project's own file, in the place of the built-in one",
            Self::Added => "the project's own file",
        }
    }
}

/// One query with what its header promises.
#[derive(Debug, Clone)]
pub struct Query {
    /// The name of the table that it makes.
    pub name: String,
    /// The folder that it lies in, such as `metrics`.
    pub folder: String,
    /// What to call the file in messages.
    pub file: String,
    /// Whether it is compiled in or the project's.
    pub origin: Origin,
    /// One sentence.
    pub about: String,
    /// What one row is.
    pub grain: String,
    /// The columns that together name one row.
    pub key: Vec<String>,
    /// The tables that it reads.
    pub reads: Vec<String>,
    /// The columns of its result, in order.
    pub columns: Vec<QueryColumn>,
    /// What a gate says of itself beside; `None` for other queries.
    pub gate: Option<GateHeader>,
    /// What a template of rules says of itself beside; `None` for other queries.
    pub rule: Option<RuleHeader>,
    /// The whole text.
    pub sql: String,
}

impl Query {
    /// Returns whether the result is kept as a mart. The rows of gates are kept
    /// together, in `gate_results`, those of rules in `rule_matches`.
    pub fn is_mart(&self) -> bool {
        !["staging", GATES, RULES].contains(&self.folder.as_str())
    }

    /// Returns the SHA-256 of the text: the version of the definition.
    pub fn sha256(&self) -> String {
        fs::sha256(self.sql.as_bytes())
    }

    /// Returns the line, counted from 1, of a field of the header such as `key`; of
    /// the first line where it has none.
    pub fn field_line(&self, field: &str) -> usize {
        let label = format!("-- {field}:");
        let place = self.sql.lines().position(|line| line.starts_with(&label));
        place.map_or(1, |place| place + 1)
    }

    /// Returns the line on which the header promises a column; of `columns:` where
    /// it promises no such column.
    pub fn column_line(&self, name: &str) -> usize {
        let first = self.field_line("columns");
        let promised = self
            .sql
            .lines()
            .skip(first)
            .take_while(|line| line.starts_with("--"));
        let mut names = promised.map(|line| line.trim_start_matches('-').split_whitespace().next());
        names
            .position(|found| found == Some(name))
            .map_or(first, |place| first + 1 + place)
    }
}

/// A query that must return no row.
#[derive(Debug, Clone)]
pub struct Audit {
    /// The file's stem, `<mart>__<claim>`.
    pub name: String,
    /// What to call the file in messages.
    pub file: String,
    /// Whether it is compiled in or the project's.
    pub origin: Origin,
    /// The text.
    pub sql: String,
}

/// Loads the queries, the project's own before the built-in ones.
///
/// # Errors
/// `Query` where a header does not parse, all such at once; `Io`.
pub fn load_queries(root: &Path) -> Result<Vec<Query>> {
    let (queries, problems) = read_queries(root)?;
    if problems.is_empty() {
        return Ok(queries);
    }
    Err(Error::gather("cannot read queries", problems))
}

/// Loads the queries that can be read, and what is wrong with the others.
///
/// # Errors
/// `Io`.
pub fn read_queries(root: &Path) -> Result<(Vec<Query>, Vec<Error>)> {
    let mut queries = Vec::new();
    let mut problems = Vec::new();
    for (folder, stem, (origin, sql)) in load_files(root, &FOLDERS)? {
        match header::parse_query(&folder, &stem, origin, sql) {
            Ok(query) => queries.push(query),
            Err(error) => problems.push(error),
        }
    }
    queries.push(gate::gather_rows(&queries)?);
    queries.push(rule::gather_subjects(&queries)?);
    Ok((queries, problems))
}

/// Loads the audits, the project's own before the built-in ones.
///
/// # Errors
/// `Io`.
pub fn load_audits(root: &Path) -> Result<Vec<Audit>> {
    let files = load_files(root, &[AUDITS])?;
    let audit = |(_, name, (origin, sql)): Named| Audit {
        file: format!("queries/{AUDITS}/{name}.sql"),
        name,
        origin,
        sql,
    };
    Ok(files.into_iter().map(audit).collect())
}

/// Returns the functions that stand in for what no common SQL says.
pub fn duckdb_prelude() -> &'static str {
    BUILT_IN
        .get_file("engine/duckdb.sql")
        .and_then(|file| file.contents_utf8())
        .unwrap_or_default()
}

/// Folder, stem, and the text with where it is from.
type Named = (String, String, (Origin, String));

/// Returns every `.sql` file of these folders, by name.
fn load_files(root: &Path, folders: &[&str]) -> Result<Vec<Named>> {
    let mut files: BTreeMap<(String, String), (Origin, String)> = BTreeMap::new();
    for &folder in folders {
        for file in BUILT_IN.get_dir(folder).into_iter().flat_map(Dir::files) {
            if let (Some(stem), Some(text)) = (sql_stem(file.path()), file.contents_utf8()) {
                let built_in = (Origin::BuiltIn, text.to_owned());
                files.insert((folder.to_owned(), stem), built_in);
            }
        }
        for path in fs::list(&root.join("queries").join(folder))? {
            if let Some(stem) = sql_stem(&path) {
                let name = (folder.to_owned(), stem);
                let origin = match files.contains_key(&name) {
                    true => Origin::Override,
                    false => Origin::Added,
                };
                files.insert(name, (origin, fs::read_to_string(&path)?));
            }
        }
    }
    let flat = |((folder, stem), text)| (folder, stem, text);
    Ok(files.into_iter().map(flat).collect())
}

/// Returns the text of a built-in query.
fn built_in_text(folder: &str, stem: &str) -> Option<&'static str> {
    BUILT_IN
        .get_file(format!("{folder}/{stem}.sql"))
        .and_then(|file| file.contents_utf8())
}

fn sql_stem(path: &Path) -> Option<String> {
    let is_sql = path.extension().is_some_and(|ending| ending == "sql");
    is_sql.then(|| {
        path.file_stem()
            .map(|stem| stem.to_string_lossy().into_owned())
    })?
}

fn problem(file: &str, line: usize, what: &str) -> Error {
    let message = format!("cannot read `{file}` line {line}: {what}");
    Error::new(ErrorKind::Query, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_query_parses_and_can_be_ordered() {
        let queries = load_queries(Path::new("no such folder")).expect("they are well formed");
        assert!(queries.iter().any(|query| query.name == "cycle_time"));
        let given = ["items"].map(str::to_owned);
        assert!(
            order_queries(queries.clone(), &given).is_err(),
            "tables are missing"
        );
    }
}

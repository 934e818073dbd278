//! `queries/*.sql` as data: a header that promises, and one SELECT that keeps it.
//!
//! The queries are compiled in; a file of the same name in the project's `queries/`
//! folder takes the place of a built-in one, and a new file adds a mart. What the
//! header says is enforced by the engine, never decoration.

mod header;
mod order;

use std::collections::BTreeMap;
use std::path::Path;

use include_dir::{Dir, include_dir};

use crate::error::{Error, ErrorKind, Result};
use crate::fs;

pub use header::{QueryColumn, QueryType};
pub use order::order_queries;

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/queries");

/// The folders that hold queries of which each makes a table.
const FOLDERS: [&str; 2] = ["staging", "metrics"];

/// One query with what its header promises.
#[derive(Debug, Clone)]
pub struct Query {
    /// The name of the table that it makes.
    pub name: String,
    /// The folder that it lies in, such as `metrics`.
    pub folder: String,
    /// What to call the file in messages.
    pub file: String,
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
    /// The whole text.
    pub sql: String,
}

impl Query {
    /// Returns whether the result is kept as a mart.
    pub fn is_mart(&self) -> bool {
        self.folder != "staging"
    }

    /// Returns the SHA-256 of the text: the version of the definition.
    pub fn sha256(&self) -> String {
        fs::sha256(self.sql.as_bytes())
    }
}

/// A query that must return no row.
#[derive(Debug, Clone)]
pub struct Audit {
    /// The file's stem, `<mart>__<claim>`.
    pub name: String,
    /// The text.
    pub sql: String,
}

/// Loads the queries, the project's own before the built-in ones.
///
/// # Errors
/// `Query` where a header does not parse, all such at once; `Io`.
pub fn load_queries(root: &Path) -> Result<Vec<Query>> {
    let mut queries = Vec::new();
    let mut problems = Vec::new();
    for (folder, stem, sql) in load_files(root, &FOLDERS)? {
        match header::parse_query(&folder, &stem, sql) {
            Ok(query) => queries.push(query),
            Err(error) => problems.push(error),
        }
    }
    if problems.is_empty() {
        return Ok(queries);
    }
    Err(Error::gather("cannot read queries", problems))
}

/// Loads the audits, the project's own before the built-in ones.
///
/// # Errors
/// `Io`.
pub fn load_audits(root: &Path) -> Result<Vec<Audit>> {
    let files = load_files(root, &["audits"])?;
    let audit = |(_, name, sql)| Audit { name, sql };
    Ok(files.into_iter().map(audit).collect())
}

/// Returns the functions that stand in for what no common SQL says.
pub fn duckdb_prelude() -> &'static str {
    BUILT_IN
        .get_file("engine/duckdb.sql")
        .and_then(|file| file.contents_utf8())
        .unwrap_or_default()
}

/// Returns folder, stem and text of every `.sql` file of these folders, by name.
fn load_files(root: &Path, folders: &[&str]) -> Result<Vec<(String, String, String)>> {
    let mut files: BTreeMap<(String, String), String> = BTreeMap::new();
    for &folder in folders {
        for file in BUILT_IN.get_dir(folder).into_iter().flat_map(Dir::files) {
            if let (Some(stem), Some(text)) = (sql_stem(file.path()), file.contents_utf8()) {
                files.insert((folder.to_owned(), stem), text.to_owned());
            }
        }
        for path in fs::list(&root.join("queries").join(folder))? {
            if let Some(stem) = sql_stem(&path) {
                files.insert((folder.to_owned(), stem), fs::read_to_string(&path)?);
            }
        }
    }
    let flat = |((folder, stem), text)| (folder, stem, text);
    Ok(files.into_iter().map(flat).collect())
}

fn sql_stem(path: &Path) -> Option<String> {
    let is_sql = path.extension().is_some_and(|ending| ending == "sql");
    is_sql.then(|| {
        path.file_stem()
            .map(|stem| stem.to_string_lossy().into_owned())
    })?
}

fn problem(file: &str, what: &str) -> Error {
    Error::new(ErrorKind::Query, format!("cannot read `{file}`: {what}"))
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

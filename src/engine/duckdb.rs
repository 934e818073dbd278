//! DuckDB, embedded: the only file that imports it. `duckdb/bind.rs` looks at queries
//! without running them, `duckdb/one_select.rs` at what a user asks.
//!
//! Every table lies in the schema `store`. A query runs in a schema of its own with
//! one view for each table that its header names, so that an undeclared read fails
//! by itself. Sums of doubles depend on the order of addition: one thread, so that
//! the same rows give the same bytes.

mod bind;
mod one_select;

use std::path::Path;

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, SchemaRef, TimeUnit};
use duckdb::Connection;

use crate::error::{Error, ErrorKind, Result};
use crate::lake::Rows;
use crate::query::{Query, QueryColumn, QueryType};

/// An embedded database that lives as long as a run.
pub struct Engine {
    connection: Connection,
}

/// The rows of a query's table.
#[derive(Debug)]
pub struct Outcome {
    /// Their columns.
    pub schema: SchemaRef,
    /// The rows.
    pub batches: Vec<RecordBatch>,
}

impl Outcome {
    /// Returns the number of rows.
    pub fn rows(&self) -> u64 {
        self.batches
            .iter()
            .map(|batch| batch.num_rows() as u64)
            .sum()
    }

    /// Returns them with access by column; `name` is what messages call them.
    ///
    /// # Errors
    /// `Internal` where the rows are not of one schema.
    pub fn into_rows(self, name: &str) -> Result<Rows> {
        Rows::joined(name, &self.schema, &self.batches)
    }
}

impl Engine {
    /// Opens an empty database; what does not fit into memory goes to `spill`.
    ///
    /// # Errors
    /// `Internal` where DuckDB cannot be started.
    pub fn open(spill: &Path, prelude: &str) -> Result<Self> {
        let failed = |e| Error::new(ErrorKind::Internal, "cannot start DuckDB").caused_by(e);
        let connection = Connection::open_in_memory().map_err(failed)?;
        let settings = format!(
            "set threads = 1; set temp_directory = {}; set autoinstall_known_extensions = false; \
             create schema store; {prelude}",
            quoted(&spill.to_string_lossy())
        );
        connection.execute_batch(&settings).map_err(failed)?;
        Ok(Self { connection })
    }

    /// Makes a Parquet file readable as a table.
    ///
    /// # Errors
    /// `Io` where the file is not Parquet.
    pub fn register(&self, name: &str, path: &Path) -> Result<()> {
        let sql = format!(
            "create view store.{name} as select * from read_parquet({})",
            quoted(&path.to_string_lossy())
        );
        self.connection.execute_batch(&sql).map_err(|e| {
            Error::new(ErrorKind::Io, format!("cannot read `{}`", path.display())).caused_by(e)
        })
    }

    /// Runs a query, keeps its result as a table, and holds it to its header.
    ///
    /// # Errors
    /// `Query` where it does not run or its columns are not those of the header;
    /// `Audit` where the key repeats or a column that must not be null is.
    pub fn make_table(&self, query: &Query) -> Result<()> {
        self.create(query, "")?;
        self.check_columns(query)?;
        self.check_rows(query)
    }

    /// Creates the table of a query, which sees nothing but what its header names;
    /// `ending` follows the SQL.
    fn create(&self, query: &Query, ending: &str) -> Result<()> {
        let failed = |e: duckdb::Error| {
            let (names, found) = (query.reads.join("`, `"), said(&e));
            let line = line_said(&found).map_or(String::new(), |line| format!(" line {line}"));
            let message = format!(
                "cannot run `{}`{line}: expected SQL that runs, found {found}",
                query.file
            );
            Error::new(ErrorKind::Query, message).hint(format!(
                "it can read `{names}`, which its header names, and nothing else"
            ))
        };
        let views: Vec<String> = query
            .reads
            .iter()
            .map(|read| format!("create view {read} as select * from store.{read};"))
            .collect();
        let open = format!(
            "create schema run; set search_path = 'run'; {}",
            views.concat()
        );
        // The text starts on the first line: the lines that DuckDB tells are the file's.
        let sql = format!(
            "create table store.{} as {}\n{ending}",
            query.name,
            query.sql.trim_end().trim_end_matches(';'),
        );
        let made = self
            .connection
            .execute_batch(&open)
            .and_then(|()| self.connection.execute_batch(&sql))
            .map_err(failed);
        let reset = "set search_path = 'store'; drop schema if exists run cascade";
        self.connection.execute_batch(reset).map_err(failed)?;
        made
    }

    fn check_columns(&self, query: &Query) -> Result<()> {
        let outcome = self.select(&format!("select * from store.{} limit 0", query.name))?;
        let found: Vec<String> = outcome
            .schema
            .fields()
            .iter()
            .map(|field| format!("{} {}", field.name(), type_name(field.data_type())))
            .collect();
        let name = |column: &QueryColumn| format!("{} {}", column.name, column.query_type.as_str());
        let expected: Vec<String> = query.columns.iter().map(name).collect();
        if found == expected {
            return Ok(());
        }
        let place = found.iter().zip(&expected).position(|(f, e)| f != e);
        let place = place.unwrap_or(found.len().min(expected.len()));
        let at = |columns: &[String]| {
            columns
                .get(place)
                .map_or("none".into(), |c| format!("`{c}`"))
        };
        let promised = query.columns.get(place);
        Err(Error::new(
            ErrorKind::Query,
            format!(
                "cannot use `{}` line {}: expected column {} to be {}, as its header says, found {}",
                query.file,
                promised.map_or(1, |column| query.column_line(&column.name)),
                place + 1,
                at(&expected),
                at(&found)
            ),
        )
        .hint("make the header's `columns:` and the last select agree"))
    }

    fn check_rows(&self, query: &Query) -> Result<()> {
        let key = query.key.join(", ");
        let repeats = format!(
            "select {key} from store.{} group by {key} having count(*) > 1 order by {key} limit 1",
            query.name
        );
        if let Some(row) = self.first_row(&repeats)? {
            return Err(Error::new(
                ErrorKind::Audit,
                format!(
                    "cannot use `{}`: expected one row for each {key}, found several for {row}",
                    query.file
                ),
            ));
        }
        for column in query.columns.iter().filter(|column| !column.is_nullable) {
            let nulls = format!(
                "select {key} from store.{} where {} is null order by {key} limit 1",
                query.name, column.name
            );
            if let Some(row) = self.first_row(&nulls)? {
                return Err(Error::new(
                    ErrorKind::Audit,
                    format!(
                        "cannot use `{}`: expected a value in `{}`, found null for {row}",
                        query.file, column.name
                    ),
                ));
            }
        }
        Ok(())
    }

    /// Runs an audit: `None` where it holds, else the number of rows that break it
    /// and the first of them.
    ///
    /// # Errors
    /// `Query` where it does not run.
    pub fn audit(&self, sql: &str) -> Result<Option<(u64, String)>> {
        let outcome = self.select(sql)?;
        match outcome.rows() {
            0 => Ok(None),
            rows => Ok(Some((rows, describe_first(&outcome)))),
        }
    }

    fn first_row(&self, sql: &str) -> Result<Option<String>> {
        let outcome = self.select(sql)?;
        Ok((outcome.rows() > 0).then(|| describe_first(&outcome)))
    }

    /// Returns the rows of a table that [`Engine::make_table`] made.
    ///
    /// # Errors
    /// `Query`.
    pub fn read_table(&self, query: &Query) -> Result<Outcome> {
        self.select(&format!(
            "select * from store.{} order by {}",
            query.name,
            query.key.join(", ")
        ))
    }

    /// Writes the rows of a select as a Parquet file. `file` is what a message calls
    /// the select.
    ///
    /// # Errors
    /// `Query` where it does not run.
    pub fn copy_to(&self, sql: &str, file: &str, path: &Path) -> Result<()> {
        let copy = format!(
            "set search_path = 'store'; copy ({}\n) to {} (format parquet)",
            sql.trim_end().trim_end_matches(';'),
            quoted(&path.to_string_lossy())
        );
        self.connection.execute_batch(&copy).map_err(|e| {
            let found = said(&e);
            let message =
                format!("cannot run `{file}`: expected one select that runs, found {found}");
            Error::new(ErrorKind::Query, message)
                .hint("it reads the table `raw`, whose columns are text")
        })
    }

    /// Runs any select over the tables.
    ///
    /// # Errors
    /// `Query` where it does not run.
    pub fn select(&self, sql: &str) -> Result<Outcome> {
        let failed = |e| {
            let message = format!(
                "cannot run the query: expected SQL that runs, found {}",
                said(&e)
            );
            Error::new(ErrorKind::Query, message).hint("`show all tables` lists what can be read")
        };
        self.connection
            .execute_batch("set search_path = 'store'")
            .map_err(failed)?;
        let mut statement = self.connection.prepare(sql).map_err(failed)?;
        let rows = statement.query_arrow([]).map_err(failed)?;
        let schema = rows.get_schema();
        Ok(Outcome {
            schema,
            batches: rows.collect(),
        })
    }
}

/// Returns what DuckDB said, without the number that its wrapper makes up.
fn said(error: &duckdb::Error) -> String {
    match error {
        duckdb::Error::DuckDBFailure(_, Some(message)) => {
            // A table of DuckDB's own is never what was meant.
            let is_of_use = |line: &&str| !line.contains("Did you mean \"sqlite_");
            let lines: Vec<&str> = message.trim_end().lines().filter(is_of_use).collect();
            lines.join("\n")
        }
        other => other.to_string(),
    }
}

/// Returns the line of the statement that a message tells.
fn line_said(message: &str) -> Option<usize> {
    let (_, rest) = message.split_once("\nLINE ")?;
    rest.split(':').next()?.parse().ok()
}

fn describe_first(outcome: &Outcome) -> String {
    let Some(batch) = outcome.batches.iter().find(|batch| batch.num_rows() > 0) else {
        return String::new();
    };
    let schema = batch.schema();
    let cells = schema
        .fields()
        .iter()
        .zip(batch.columns())
        .map(|(field, column)| {
            let text = arrow::util::display::array_value_to_string(column, 0).unwrap_or_default();
            format!("{} = {text}", field.name())
        });
    cells.collect::<Vec<_>>().join(", ")
}

fn type_name(data_type: &DataType) -> String {
    let known = match data_type {
        DataType::Utf8 => QueryType::String,
        DataType::Int64 => QueryType::Bigint,
        DataType::Float64 => QueryType::Double,
        DataType::Boolean => QueryType::Boolean,
        DataType::Date32 => QueryType::Date,
        DataType::Timestamp(TimeUnit::Microsecond, None) => QueryType::Timestamp,
        other => return other.to_string().to_lowercase(),
    };
    known.as_str().to_owned()
}

/// Returns a text as SQL writes one.
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

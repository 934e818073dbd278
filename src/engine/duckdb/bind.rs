//! Looks at queries without running them: over tables without rows, with the names
//! and types of the real ones, so that a misspelt column or a wrong type is found
//! before any export is read.

use arrow::datatypes::{DataType, Schema};

use super::Engine;
use crate::error::{Error, ErrorKind, Result};
use crate::query::{Audit, Query};

impl Engine {
    /// Makes a table without rows.
    ///
    /// # Errors
    /// `Internal` where a name or a type is none of DuckDB's.
    pub fn declare(&self, name: &str, schema: &Schema) -> Result<()> {
        let columns = schema
            .fields()
            .iter()
            .map(|field| format!("{} {}", field.name(), sql_type(field.data_type())));
        self.declare_columns(name, &columns.collect::<Vec<_>>())
    }

    /// Makes the table that a query's header promises, without rows.
    ///
    /// # Errors
    /// `Internal` where the name is taken.
    pub fn declare_promised(&self, query: &Query) -> Result<()> {
        let columns = query
            .columns
            .iter()
            .map(|column| format!("{} {}", column.name, column.query_type.as_str()));
        self.declare_columns(&query.name, &columns.collect::<Vec<_>>())
    }

    fn declare_columns(&self, name: &str, columns: &[String]) -> Result<()> {
        let sql = format!(
            "create or replace table store.{name} ({})",
            columns.join(", ")
        );
        self.connection.execute_batch(&sql).map_err(|e| {
            Error::new(ErrorKind::Internal, format!("cannot declare `{name}`")).caused_by(e)
        })
    }

    /// Makes the table of a query without running it, and holds its columns to the
    /// header.
    ///
    /// # Errors
    /// `Query` where a name or a type does not fit, or the columns are not those of
    /// the header.
    pub fn bind_table(&self, query: &Query) -> Result<()> {
        self.create(query, "with no data")?;
        self.check_columns(query)
    }

    /// Looks at an audit without running it.
    ///
    /// # Errors
    /// `Query` where a name or a type does not fit.
    pub fn bind_audit(&self, audit: &Audit) -> Result<()> {
        let bound = self
            .connection
            .execute_batch("set search_path = 'store'")
            .and_then(|()| self.connection.prepare(&audit.sql).map(|_| ()));
        bound.map_err(|e| {
            let found = super::said(&e);
            let line =
                super::line_said(&found).map_or(String::new(), |line| format!(" line {line}"));
            let message = format!(
                "cannot run `{}`{line}: expected SQL that runs, found {found}",
                audit.file
            );
            Error::new(ErrorKind::Query, message)
                .hint("an audit reads tables of the contract, staging tables and marts")
        })
    }
}

/// Returns what DuckDB calls a type of the lake.
fn sql_type(data_type: &DataType) -> String {
    match data_type {
        DataType::List(field) => format!("{}[]", sql_type(field.data_type())),
        other => super::type_name(other),
    }
}

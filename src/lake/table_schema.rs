//! The contract's tables as Arrow has them, which is how the lake stores them.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};

use crate::contract::{ColumnType, SOURCE_COLUMNS, Table};

/// The column of a run that holds the place of a row in its export.
pub(crate) const ORDER: &str = "row_order";

/// Returns the columns of a table of the lake.
pub fn table_schema(table: &Table) -> SchemaRef {
    let columns = table.columns.iter();
    let mut fields: Vec<Field> = columns
        .map(|column| Field::new(column.name, data_type(column.column_type), true))
        .collect();
    fields.push(Field::new(SOURCE_COLUMNS[0], DataType::Utf8, true));
    fields.push(Field::new(SOURCE_COLUMNS[1], DataType::Int64, true));
    Arc::new(Schema::new(fields))
}

fn data_type(column_type: ColumnType) -> DataType {
    match column_type {
        ColumnType::Text | ColumnType::Word(_) => DataType::Utf8,
        ColumnType::List => DataType::new_list(DataType::Utf8, true),
        ColumnType::Instant => DataType::Timestamp(TimeUnit::Microsecond, None),
        ColumnType::Date => DataType::Date32,
        ColumnType::Float | ColumnType::Hours | ColumnType::Minutes => DataType::Float64,
        ColumnType::Integer => DataType::Int64,
        ColumnType::Boolean => DataType::Boolean,
    }
}

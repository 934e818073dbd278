//! The matrix: a row a waiting team, a column whom it waits on, in each cell the days
//! lost and the open dependencies. The shade repeats what the number says.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::error::Result;
use crate::lake::Rows;
use crate::report::format;
use crate::report::page::Cell;
use crate::report::sections::waits::kind_text;
use crate::report::specimen;

/// How many characters of a name a head shows.
const MOST_NAME: usize = 32;

/// The classes of the shades, from no days to the most.
const SHADES: [&str; 6] = ["q0", "q1", "q2", "q3", "q4", "q5"];

/// The picture, as a table.
#[derive(Debug, Default, Serialize)]
pub(super) struct Matrix {
    columns: Vec<MatrixHead>,
    rows: Vec<MatrixRow>,
    /// Dependencies that are open, in all cells.
    pub(super) open_count: i64,
    /// Of these, overdue.
    pub(super) overdue_count: i64,
}

/// The head of a column.
#[derive(Debug, Serialize)]
struct MatrixHead {
    text: String,
    /// What it is, where it is no team.
    kind: Option<String>,
}

/// A team that waits.
#[derive(Debug, Serialize)]
struct MatrixRow {
    name: String,
    /// One a column; none where the team never waited on it.
    cells: Vec<Option<MatrixCell>>,
    /// All days of the row.
    days: String,
    /// All open dependencies of the row.
    open: String,
}

/// One team and whom it waits on.
#[derive(Debug, Serialize)]
struct MatrixCell {
    class: &'static str,
    days: String,
    /// How many are open, in words; none where none is.
    open: Option<String>,
}

/// Builds the matrix from the mart `dependency_matrix`, whose rows are its cells.
pub(super) fn build(mart: &Rows) -> Result<Matrix> {
    let mut matrix = Matrix::default();
    let mut columns: BTreeMap<i64, MatrixHead> = BTreeMap::new();
    let mut rows: BTreeMap<i64, (String, BTreeMap<i64, MatrixCell>, f64, i64)> = BTreeMap::new();
    for row in mart.indices() {
        let count = |column: &str| Ok(mart.integer(column, row)?.unwrap_or(0));
        let text = |column: &str| mart.owned_text(column, row);
        let (down, across): (i64, i64) = (count("row_position")?, count("column_position")?);
        let upstream: String = text("upstream")?;
        let kind: String = text("upstream_kind")?;
        let is_others = mart.boolean("is_column_others", row)? == Some(true);
        columns.entry(across).or_insert_with(|| MatrixHead {
            text: name(&upstream),
            kind: kind_text(if is_others { "" } else { &kind }),
        });
        let open: i64 = count("open_count")?;
        let days = mart.number("blocked_days", row)?.unwrap_or(0.0);
        matrix.open_count += open;
        matrix.overdue_count += count("overdue_count")?;
        let team: String = text("waiting_team")?;
        let line = rows
            .entry(down)
            .or_insert_with(|| (name(&team), BTreeMap::new(), 0.0, 0));
        let shade = usize::try_from(count("shade")?).unwrap_or(0);
        let is_undated = count("undated_count")? == count("dependency_count")?;
        let cell = MatrixCell {
            class: SHADES[shade.min(SHADES.len() - 1)],
            days: match is_undated {
                true => format::MISSING.to_owned(),
                false => format::number(days),
            },
            open: (open > 0).then(|| format!("{} open", format::integer(open))),
        };
        line.1.insert(across, cell);
        line.2 += days;
        line.3 += open;
    }
    let places: Vec<i64> = columns.keys().copied().collect();
    matrix.columns = columns.into_values().collect();
    matrix.rows = rows
        .into_values()
        .map(|(name, mut cells, days, open)| MatrixRow {
            name,
            cells: places.iter().map(|place| cells.remove(place)).collect(),
            days: format::number(days),
            open: format::integer(open),
        })
        .collect();
    Ok(matrix)
}

/// A name as tables show it, cut to what a head has room for.
fn name(text: &str) -> String {
    format::shorten(&Cell::text(text).text, MOST_NAME)
}

/// Returns a matrix of placeholders.
pub(super) fn specimen(is_full: bool) -> Matrix {
    let head = || MatrixHead {
        text: specimen::text(),
        kind: Some(specimen::text()),
    };
    let cell = || MatrixCell {
        class: SHADES[0],
        days: specimen::text(),
        open: Some(specimen::text()),
    };
    Matrix {
        columns: specimen::list(is_full, head),
        rows: specimen::list(is_full, || MatrixRow {
            name: specimen::text(),
            cells: vec![Some(cell()), None],
            days: specimen::text(),
            open: specimen::text(),
        }),
        open_count: 1,
        overdue_count: 1,
    }
}

//! Holds a project's own query to the promise of the built-in one that it replaces.
//!
//! Pages and other queries rely on the columns of a built-in query. One that takes
//! its place keeps them: the same names and types, no null where none was, and the
//! same key. What it adds does no harm.

use super::{Origin, Query, QueryColumn, built_in_text, header};
use crate::error::{Error, ErrorKind, nearest};

/// Returns what the overriding queries among `queries` break, with file and line.
pub fn check_promises(queries: &[Query]) -> Vec<Error> {
    let overrides = queries
        .iter()
        .filter(|query| query.origin == Origin::Override);
    overrides.flat_map(check_query).collect()
}

fn check_query(own: &Query) -> Vec<Error> {
    let Some(Ok(promised)) = built_in_text(&own.folder, &own.name)
        .map(|text| header::parse_query(&own.folder, &own.name, Origin::BuiltIn, text.to_owned()))
    else {
        return Vec::new();
    };
    let added: Vec<&str> = own
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .filter(|name| !promised.columns.iter().any(|column| column.name == *name))
        .collect();
    let mut problems: Vec<Error> = promised
        .columns
        .iter()
        .filter_map(|column| check_column(own, column, &added))
        .collect();
    if own.key != promised.key {
        let what = format!(
            "expected the key `{}`, as the built-in query has it, found `{}`",
            promised.key.join(", "),
            own.key.join(", ")
        );
        let hint = "what joins this table counts on one row for each key";
        problems.push(problem(own, own.field_line("key"), &what).hint(hint));
    }
    problems
}

fn check_column(own: &Query, promised: &QueryColumn, added: &[&str]) -> Option<Error> {
    let name = &promised.name;
    let line = own.column_line(name);
    let expected = format!(
        "expected column `{name} {}`, as the built-in query has it",
        written_type(promised)
    );
    let Some(column) = own.columns.iter().find(|column| column.name == *name) else {
        let hint = match nearest(name, added.iter().copied()) {
            Some(near) => {
                format!("pages and queries ask for `{name}`: is `{near}` what it was renamed to?")
            }
            None => {
                "pages and queries ask for it: keep it, more columns at the end do no harm".into()
            }
        };
        return Some(problem(own, line, &format!("{expected}, found none")).hint(hint));
    };
    let is_kept =
        column.query_type == promised.query_type && (promised.is_nullable || !column.is_nullable);
    if is_kept {
        return None;
    }
    let hint = match column.query_type == promised.query_type {
        true => "it must not be null: `coalesce` it, or leave such rows out and count them",
        false => "`cast` it in the last select, or add a column of another name",
    };
    let what = format!("{expected}, found `{name} {}`", written_type(column));
    Some(problem(own, line, &what).hint(hint))
}

/// Returns a column's type as headers write it: `double?` may be null.
fn written_type(column: &QueryColumn) -> String {
    let mark = if column.is_nullable { "?" } else { "" };
    format!("{}{mark}", column.query_type.as_str())
}

fn problem(own: &Query, line: usize, what: &str) -> Error {
    let message = format!("cannot use `{}` line {line}: {what}", own.file);
    Error::new(ErrorKind::Query, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(from: &str, to: &str) -> Query {
        let text = built_in_text("metrics", "aging_bands").expect("it is built in");
        assert!(text.contains(from), "{from}");
        header::parse_query(
            "metrics",
            "aging_bands",
            Origin::Override,
            text.replacen(from, to, 1),
        )
        .expect("it is well formed")
    }

    #[test]
    fn a_query_as_the_built_in_one_breaks_nothing() {
        assert!(check_promises(&[own("p95_days", "p95_days")]).is_empty());
    }

    #[test]
    fn a_column_more_breaks_nothing() {
        let more = "-- columns:\n--   zone  string?  More.";
        assert!(check_promises(&[own("-- columns:", more)]).is_empty());
    }

    #[test]
    fn a_column_that_was_renamed_is_asked_for_by_its_name() {
        let problems = check_promises(&[own("p95_days", "p95_day")]);
        let text = problems.first().map(Error::to_string).unwrap_or_default();
        assert!(text.contains("expected column `p95_days double"), "{text}");
        assert!(
            text.contains("is `p95_day` what it was renamed to"),
            "{text}"
        );
        assert_eq!(problems.len(), 1);
    }
}

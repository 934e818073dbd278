//! Holds what a user asks to one statement that reads.
//!
//! DuckDB runs whatever it is given: `copy .. to` writes a file, and of several
//! statements each is run. A question has one answer and changes nothing.

use std::path::Path;

use super::{Engine, Outcome, quoted};
use crate::error::{Error, ErrorKind, Result, shown};

/// What a statement that only reads starts with.
const READING: [&str; 7] = [
    "select",
    "with",
    "from",
    "values",
    "show",
    "describe",
    "summarize",
];

impl Engine {
    /// Lets nothing but the files of a folder be read from now on.
    ///
    /// # Errors
    /// `Internal` where DuckDB refuses.
    pub fn close_off(&self, folder: &Path) -> Result<()> {
        let settings = format!(
            "set allowed_directories = [{}]; set enable_external_access = false",
            quoted(&folder.to_string_lossy())
        );
        self.connection
            .execute_batch(&settings)
            .map_err(|e| Error::new(ErrorKind::Internal, "cannot close DuckDB off").caused_by(e))
    }

    /// Runs one statement that reads.
    ///
    /// # Errors
    /// `Query` where it is several, or another kind, or does not run.
    pub fn select_one(&self, sql: &str) -> Result<Outcome> {
        let statements = statements(sql);
        let found = match statements.as_slice() {
            [] => "nothing".to_owned(),
            [one] if reads(one) => return self.select(sql),
            [one] => format!("`{}`", shown(one.trim())),
            several => format!("{} statements", several.len()),
        };
        Err(Error::new(
            ErrorKind::Query,
            format!("cannot run the query: expected one SELECT, found {found}"),
        )
        .hint("SELECT, WITH, SHOW, DESCRIBE and SUMMARIZE read; to write a file, send stdout there: `plimsoll query .. --format parquet > file`"))
    }
}

fn reads(statement: &str) -> bool {
    let text = statement.trim_start_matches(|c: char| c.is_whitespace() || c == '(');
    let end = text.find(|c: char| !c.is_ascii_alphabetic());
    let word = text[..end.unwrap_or(text.len())].to_ascii_lowercase();
    READING.contains(&word.as_str())
}

/// Returns the statements, without comments; what is quoted ends none.
fn statements(sql: &str) -> Vec<String> {
    let mut statements = vec![String::new()];
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\'' | '"' => quoted_length(rest, first),
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            other => other.len_utf8(),
        };
        let is_comment = rest.starts_with("--") || rest.starts_with("/*");
        let (piece, after) = rest.split_at(length);
        rest = after;
        match statements.last_mut() {
            _ if piece == ";" => statements.push(String::new()),
            Some(statement) if is_comment => statement.push(' '),
            Some(statement) => statement.push_str(piece),
            None => {}
        }
    }
    statements.retain(|statement| !statement.trim().is_empty());
    statements
}

/// Returns the length of a text that starts with a quote; a doubled one is in it.
fn quoted_length(text: &str, quote: char) -> usize {
    text[1..].find(quote).map_or(text.len(), |end| end + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_refused(sql: &str) -> bool {
        let engine = Engine::open(Path::new("spill"), "").expect("DuckDB starts");
        let outcome = engine.select_one(sql);
        outcome.is_err_and(|e| e.message().contains("expected one SELECT"))
    }

    #[test]
    fn one_statement_that_reads_is_run() {
        for sql in [
            "select 1",
            " (select 1) ;\n-- and no more; really",
            "/* a; b */ with a as (select ';' as b) select * from a;",
            "from range(3)",
            "show all tables",
            "DESCRIBE select 1",
            "select 'it''s; ' as \"a;b\"",
        ] {
            assert!(!is_refused(sql), "{sql}");
        }
    }

    #[test]
    fn what_writes_or_is_several_is_refused() {
        for sql in [
            "",
            "-- select 1",
            "select 1; select 2",
            "copy (select 1) to 'x.csv'",
            "attach 'x.db'",
            "install httpfs",
            "pragma version",
            "set threads = 4",
            "create table a as select 1",
            "explain analyze copy (select 1) to 'x.csv'",
            "select 1 /* ; */ ; drop view a",
        ] {
            assert!(is_refused(sql), "{sql}");
        }
    }

    #[test]
    fn a_file_elsewhere_is_not_read() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let inside = folder.path().join("lake");
        std::fs::create_dir(&inside).expect("it can be made");
        for path in [inside.join("a.csv"), folder.path().join("b.csv")] {
            std::fs::write(path, "a\n1\n").expect("it can be written");
        }
        let engine = Engine::open(&inside.join("spill"), "").expect("DuckDB starts");
        engine.close_off(&inside).expect("it can be closed off");
        let read = |path: &Path| {
            let sql = format!(
                "select * from read_csv({})",
                quoted(&path.to_string_lossy())
            );
            engine.select_one(&sql).is_ok()
        };
        assert!(read(&inside.join("a.csv")));
        assert!(!read(&folder.path().join("b.csv")));
    }
}

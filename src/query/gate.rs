//! The one form of all gates: what a file in `queries/gates/` says of itself, and the
//! columns that each has.
//!
//! A gate is a query like any other, but its columns and key are not its own to
//! choose, so its header does not repeat them. Instead it says what moment it guards,
//! which tables it cannot do without, and its limits with their defaults.

use super::header::{Header, parse_columns};
use super::{Origin, Query, QueryColumn, problem};
use crate::config::LimitValue;
use crate::error::Result;

/// The folder of gates.
pub const GATES: &str = "gates";

/// The table that holds the rows of all gates.
pub(super) const GATE_ROWS: &str = "gate_rows";

/// The form as a header writes columns.
const FORM: &str = " columns:
   gate          string      The gate's name, as its file is called.
   subject_type  string      item, release, change, deployment, ...
   subject_id    string      What was looked at.
   release_id    string?     The release that it stands in the way of.
   team          string?     The team that can answer.
   verdict       string      pass, fail or unknown.
   reason        string      Why, in a sentence.
   evidence_id   string?     The record that decided.
   evidence_at   timestamp?  When that record is dated.
   due_at        timestamp?  The moment that the gate guards.";

/// The key of every gate.
const KEY: [&str; 4] = ["gate", "subject_type", "subject_id", "release_id"];

/// What a gate's header says beside what every query's does.
#[derive(Debug, Clone, PartialEq)]
pub struct GateHeader {
    /// What to call it on a page.
    pub title: String,
    /// What it belongs to on a page, such as `governance`.
    pub group: String,
    /// The moment before which evidence must be dated, in words.
    pub guards: String,
    /// The tables that it cannot do without; of each inner list, one will do.
    pub needs: Vec<Vec<String>>,
    /// Its limits.
    pub limits: Vec<GateLimit>,
}

/// A limit of a gate with its default.
#[derive(Debug, Clone, PartialEq)]
pub struct GateLimit {
    /// Its name, a key under `[gates.<gate>]`.
    pub name: String,
    /// What holds where the configuration says nothing.
    pub default: LimitValue,
    /// What it means.
    pub about: String,
}

/// Reads a gate from its header.
///
/// # Errors
/// `Query` where a field is missing or says nothing that can be used.
pub(super) fn parse_gate(header: &Header<'_>, origin: Origin, sql: String) -> Result<Query> {
    for spare in ["columns", "key", "grain"] {
        if header.has(spare) {
            let what = format!("expected no `{spare}:`, as all gates have one form, found one");
            return Err(problem(header.file, header.line_of(spare), &what));
        }
    }
    let gate = GateHeader {
        title: header.field("title")?,
        group: header.field("group")?,
        guards: header.field("guards")?,
        needs: parse_needs(&header.field("needs")?),
        limits: match header.has("limits") {
            true => parse_limits(header)?,
            false => Vec::new(),
        },
    };
    Ok(Query {
        name: header.stem.to_owned(),
        folder: GATES.to_owned(),
        file: header.file.to_owned(),
        origin,
        about: header.field("about")?,
        grain: "one row per subject and release".to_owned(),
        key: KEY.map(str::to_owned).to_vec(),
        reads: header.words("reads")?,
        columns: form()?,
        gate: Some(gate),
        rule: None,
        sql,
    })
}

/// Returns the columns that every gate has.
///
/// # Errors
/// Never, as a test holds.
pub(super) fn form() -> Result<Vec<QueryColumn>> {
    let lines: Vec<&str> = FORM.lines().collect();
    parse_columns(GATES, &lines)
}

/// `items, scope_changes or item_events` needs two tables: the first, and one of the
/// others.
pub(super) fn parse_needs(text: &str) -> Vec<Vec<String>> {
    let trimmed = |word: &str| word.trim().to_owned();
    text.split(',')
        .map(|words| words.split(" or ").map(trimmed).collect())
        .collect()
}

/// Reads the lines `name default about` behind `limits:`.
fn parse_limits(header: &Header<'_>) -> Result<Vec<GateLimit>> {
    let mut limits: Vec<GateLimit> = Vec::new();
    for (number, line) in header.lines_behind("limits") {
        let indent = line.len() - line.trim_start().len();
        if let (true, Some(last)) = (indent > 3, limits.last_mut()) {
            let about = format!("{} {}", last.about, line.trim());
            last.about = about.trim_start().to_owned();
            continue;
        }
        let mut words = line.split_whitespace();
        let (Some(name), Some(default)) = (words.next(), words.next()) else {
            let what = format!("expected `name default about`, found `{}`", line.trim());
            return Err(problem(header.file, number, &what));
        };
        limits.push(GateLimit {
            name: name.to_owned(),
            default: LimitValue::parse(default),
            about: words.collect::<Vec<_>>().join(" "),
        });
    }
    Ok(limits)
}

/// Makes the query that puts the rows of all gates together.
///
/// # Errors
/// Never, as a test holds.
pub(super) fn gather_rows(queries: &[Query]) -> Result<Query> {
    let gates = || queries.iter().filter(|query| query.gate.is_some());
    let columns = form()?;
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let names = names.join(", ");
    let parts: Vec<String> = gates()
        .map(|gate| format!("select {names} from {}", gate.name))
        .collect();
    let body = parts.join("\nunion all\n");
    Ok(Query {
        name: GATE_ROWS.to_owned(),
        folder: "staging".to_owned(),
        file: format!("queries/{GATES}/*.sql"),
        origin: Origin::BuiltIn,
        about: "The rows of all gates, as they judge by themselves.".to_owned(),
        grain: "one row per gate, subject and release".to_owned(),
        key: KEY.map(str::to_owned).to_vec(),
        reads: gates().map(|gate| gate.name.clone()).collect(),
        columns,
        gate: None,
        rule: None,
        sql: format!(
            "-- name: {GATE_ROWS}\n\n-- One part per file in queries/{GATES}/.\n\n{body}\norder by {}\n",
            KEY.join(", ")
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::super::header::parse_query;
    use super::*;

    const TEXT: &str = "-- name: g\n-- title: A gate\n-- group: governance\n-- about: It guards.\n-- guards: the freeze\n-- needs: items, scope_changes or item_events\n-- reads: items_as_of\n-- limits:\n--   max_days  30  Days at most.\n--   kinds  legal;audit  What counts,\n--     and why.\n--   words  a;b\n--     What else.\nselect 1\n";

    fn parse(text: &str) -> Result<Query> {
        parse_query(GATES, "g", Origin::Added, text.to_owned())
    }

    #[test]
    fn a_gate_says_what_it_guards_needs_and_limits() {
        let query = parse(TEXT).expect("it is well formed");
        assert_eq!(query.columns.len(), 10);
        assert_eq!(query.key, KEY);
        let gate = query.gate.expect("it is a gate");
        assert_eq!(
            gate.needs,
            [vec!["items"], vec!["scope_changes", "item_events"]]
        );
        assert_eq!(gate.limits[0].default, LimitValue::Number(30.0));
        let words = ["legal", "audit"].map(str::to_owned).to_vec();
        assert_eq!(gate.limits[1].default, LimitValue::Words(words));
        assert_eq!(gate.limits[1].about, "What counts, and why.");
        assert_eq!(gate.limits[2].about, "What else.");
    }

    #[test]
    fn a_gate_with_columns_of_its_own_is_refused() {
        let text = TEXT.replace("-- limits:", "-- columns:");
        let error = parse(&text).expect_err("the form is one");
        assert!(
            error.to_string().contains("expected no `columns:`"),
            "{error}"
        );
    }

    #[test]
    fn a_gate_without_a_moment_is_refused() {
        let text = TEXT.replace("-- guards: the freeze\n", "");
        let error = parse(&text).expect_err("it guards nothing");
        assert!(
            error.to_string().contains("expected `-- guards:`"),
            "{error}"
        );
    }

    #[test]
    fn rows_of_all_gates_lie_in_one_table() {
        let gates = vec![parse(TEXT).expect("it is well formed")];
        let all = gather_rows(&gates).expect("the form is well formed");
        assert_eq!(all.reads, ["g"]);
        assert!(all.sql.contains("select gate, subject_type"), "{}", all.sql);
    }
}

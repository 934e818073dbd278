//! Holds the rows of each gate to the form of all gates.
//!
//! A gate is found by the name in its rows and by their release: one that misspells
//! either disappears, and what has disappeared holds back nothing. So each gate is held
//! to the form as soon as its rows are there, for pages as for a pipeline that asks for
//! one release.

use crate::engine::{Engine, quoted};
use crate::error::{Error, ErrorKind, Result, nearest};
use crate::query::{Origin, Query};

/// Checks the rows of a gate; of any other query, nothing.
///
/// # Errors
/// `Query`, naming the gate's file: where a row has another gate's name or another
/// verdict than a gate may give, passes with evidence that came too late, or, in a gate
/// of the project, names no release.
pub(super) fn check_rows(engine: &Engine, query: &Query) -> Result<()> {
    if query.gate.is_none() {
        return Ok(());
    }
    let name = &query.name;
    let strange = format!("gate is distinct from {}", quoted(name));
    if let Some(found) = first(engine, name, "gate", &strange)? {
        let what = format!("expected `{name}` as `gate` in every row, found `{found}`");
        return Err(problem(query, &what).hint("the gate is called as its file is"));
    }
    let strange = "verdict not in ('pass', 'fail', 'unknown')";
    if let Some(found) = first(engine, name, "verdict", strange)? {
        let what = format!("expected `pass`, `fail` or `unknown` as `verdict`, found `{found}`");
        let known = ["pass", "fail", "unknown"];
        return Err(problem(query, &what).hint(match nearest(&found, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "waivers are applied to all gates alike, in gate_results".to_owned(),
        }));
    }
    let strange = "verdict = 'pass' and evidence_at >= due_at";
    if let Some(found) = first(engine, name, "subject_id", strange)? {
        let what = format!(
            "expected what passes to have its evidence before `due_at`, found `{found}` with evidence from then on"
        );
        return Err(problem(query, &what).hint("compare `evidence_at < due_at` in the verdict"));
    }
    check_releases(engine, query)
}

/// Holds a gate of the project to the releases of the feed. What a built-in gate finds
/// of a release that no export has is the exports' fault: it stays in `gate_results`,
/// under that id.
fn check_releases(engine: &Engine, query: &Query) -> Result<()> {
    if query.origin == Origin::BuiltIn {
        return Ok(());
    }
    let strange = "release_id not in (select release_id from releases)";
    let Some(found) = first(engine, &query.name, "release_id", strange)? else {
        return Ok(());
    };
    let what = format!("expected the id of a release as `release_id`, found `{found}`");
    let releases = engine
        .select(&format!(
            "select release_id from releases where name = {} order by release_id",
            quoted(&found)
        ))?
        .into_rows("releases")?;
    let id = match releases.is_empty() {
        true => None,
        false => releases.text("release_id", 0)?,
    };
    Err(problem(query, &what).hint(match id {
        Some(id) => format!("`{found}` is the name of the release `{id}`: give its id"),
        None => "join `release_moments`, which has every release".to_owned(),
    }))
}

/// Returns the first value of a column among the rows of a gate that `strange` holds
/// for.
fn first(engine: &Engine, gate: &str, column: &str, strange: &str) -> Result<Option<String>> {
    let sql = format!(
        "select coalesce({column}, 'null') as found from {gate} where {strange} order by found limit 1"
    );
    let rows = engine.select(&sql)?.into_rows(gate)?;
    match rows.is_empty() {
        true => Ok(None),
        false => rows.maybe_owned_text("found", 0),
    }
}

fn problem(query: &Query, what: &str) -> Error {
    let message = format!("cannot use the gate `{}`: {what}", query.file);
    Error::new(ErrorKind::Query, message)
}

//! Writes one more decision into `rules.toml`, and leaves everything else of it as it
//! stands: order, blank lines, and the comments of people.

use chrono::{DateTime, SecondsFormat, Utc};
use toml_edit::{ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value};

use super::{Decision, Evidence, RULES_FILE};
use crate::error::{Error, ErrorKind, Result};

/// What a new file opens with.
const HEAD: &str = "# Decisions on rules: `plimsoll rules list` shows what is recommended, and\n# `plimsoll rules accept|reject|retire ID --why ...` writes here. Each entry is one\n# decision; a later one on the same rule is a new entry below it.\n\n";

/// Returns the text of the file with one more decision, behind those on rules that come
/// before it by name, and behind earlier ones on the same rule.
///
/// # Errors
/// `Project` where the text is not TOML or `rule` is no array of tables.
pub fn add_decision(text: &str, decision: &Decision) -> Result<String> {
    let start = if text.trim().is_empty() { HEAD } else { text };
    let mut document = parse(start)?;
    let mut tables: Vec<Table> = match document.get("rule") {
        None => Vec::new(),
        Some(item) => item
            .as_array_of_tables()
            .ok_or_else(not_tables)?
            .iter()
            .cloned()
            .collect(),
    };
    let place = tables.iter().position(|table| {
        let id = table.get("id").and_then(Item::as_str).unwrap_or_default();
        id > decision.rule_id.as_str()
    });
    let is_first = tables.is_empty();
    tables.insert(place.unwrap_or(tables.len()), table_of(decision, is_first));
    // A table without a place of its own is written behind the one before it.
    let rules: ArrayOfTables = tables.into_iter().collect();
    document.insert("rule", Item::ArrayOfTables(rules));
    let mut written = document.to_string();
    if is_first {
        // A comment that no table follows is kept by the document as its end.
        let trailing = document.trailing().as_str().unwrap_or_default().to_owned();
        if !trailing.is_empty() && written.ends_with(&trailing) {
            written.truncate(written.len() - trailing.len());
            written = format!("{trailing}{written}");
        }
    }
    Ok(written)
}

fn parse(text: &str) -> Result<DocumentMut> {
    text.parse::<DocumentMut>().map_err(|e| {
        let message = format!("cannot write `{RULES_FILE}`: expected TOML in it");
        Error::new(ErrorKind::Project, message).caused_by(e)
    })
}

fn not_tables() -> Error {
    let message = format!("cannot write `{RULES_FILE}`: expected `[[rule]]` tables in it");
    Error::new(ErrorKind::Project, message).hint("write each decision as a `[[rule]]` table")
}

fn table_of(decision: &Decision, is_first: bool) -> Table {
    let mut table = Table::new();
    if !is_first {
        table.decor_mut().set_prefix("\n");
    }
    let mut put = |key: &str, value: Value| {
        table.insert(key, Item::Value(value));
    };
    put("id", decision.rule_id.as_str().into());
    put("state", decision.state.as_str().into());
    put("template", decision.template.as_str().into());
    put("outcome", decision.outcome.as_str().into());
    if let Some(threshold) = decision.threshold {
        put("threshold", threshold.into());
    }
    if let Some(category) = &decision.category {
        put("category", category.as_str().into());
    }
    put("action", decision.action.to_string().into());
    put("decided_at", written(decision.decided_at));
    if let Some(name) = &decision.decided_by {
        put("decided_by", name.as_str().into());
    }
    put("why", decision.why.as_str().into());
    if decision.is_forced {
        put("forced", true.into());
    }
    if let Some(evidence) = &decision.evidence {
        put("evidence", Value::InlineTable(figures(evidence)));
    }
    table
}

fn figures(evidence: &Evidence) -> InlineTable {
    let mut table = InlineTable::new();
    let mut put = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            table.insert(key, value);
        }
    };
    let text = |text: &Option<String>| text.as_deref().map(Value::from);
    let whole = |number: Option<u64>| -> Option<Value> {
        number.and_then(|number| i64::try_from(number).ok().map(Value::from))
    };
    put("verdict", text(&evidence.verdict));
    put("effect", evidence.effect.map(Value::from));
    put("lower", evidence.lower.map(Value::from));
    put("upper", evidence.upper.map(Value::from));
    put("matched_count", whole(evidence.matched_count));
    put("unmatched_count", whole(evidence.unmatched_count));
    put("release_count", whole(evidence.release_count));
    put("p_value", evidence.p_value.map(Value::from));
    put("tried_count", whole(evidence.tried_count));
    put("as_of", evidence.as_of.map(written));
    put("definition_sha256", text(&evidence.definition_sha256));
    table
}

fn written(instant: DateTime<Utc>) -> Value {
    let text = instant.to_rfc3339_opts(SecondsFormat::AutoSi, true);
    // An instant of the calendar is a date of TOML; what is not stays readable as text.
    match text.parse::<toml_edit::Datetime>() {
        Ok(date) => date.into(),
        Err(_) => text.into(),
    }
}

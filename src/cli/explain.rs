//! Writes an explanation: as text for people, its rows as CSV, all of it as JSON.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::{Common, ExplainArguments, ExplainFormat, OutputFormat, print_bytes, table};
use crate::config;
use crate::error::{Error, ErrorKind, Result};
use crate::pipeline;
use crate::report::format;
use crate::report::{Definition, Explanation, Question, RowsBehind, Scope};

/// How many rows people are shown where they do not say.
const FEW_ROWS: u64 = 20;

/// How long a line of words is at most.
const LINE_LENGTH: usize = 88;

/// Explains a metric on stdout.
pub(super) fn explain(common: &Common, wanted: &ExplainArguments) -> Result<()> {
    let config = config::load_config(&common.config)?;
    let few = match wanted.format {
        ExplainFormat::Table => Some(FEW_ROWS),
        // A file that lacks rows in silence would be read as whole.
        ExplainFormat::Csv | ExplainFormat::Json => None,
    };
    let question = Question {
        metric: &wanted.metric,
        scope: scope(wanted),
        most_rows: wanted.limit.map_or(few, |most| (most > 0).then_some(most)),
    };
    let explanation = pipeline::explain(&config, &question)?;
    match wanted.format {
        ExplainFormat::Table => print_bytes(&write_text(&explanation)?),
        ExplainFormat::Csv => write_csv(common, &explanation),
        ExplainFormat::Json => print_bytes(&write_json(&explanation)?),
    }
}

fn scope(wanted: &ExplainArguments) -> Scope<'_> {
    match (&wanted.week, &wanted.quarter, &wanted.release) {
        (Some(week), _, _) => Scope::Week(week),
        (_, Some(quarter), _) => Scope::Quarter(quarter),
        (_, _, Some(release)) => Scope::Release(release),
        _ => Scope::Default,
    }
}

fn write_csv(common: &Common, explanation: &Explanation) -> Result<()> {
    let Some(rows) = &explanation.rows else {
        return Err(not_kept(&explanation.definition));
    };
    print_bytes(&table::format_rows(&rows.shown, OutputFormat::Csv)?)?;
    if !common.quiet {
        // Nothing can be told to a stderr that is gone.
        let _ = writeln!(io::stderr(), "{}", rows_told(rows));
    }
    Ok(())
}

fn not_kept(definition: &Definition) -> Error {
    let message = format!(
        "cannot list the rows of `{}`: expected a mart of the last run, found none",
        definition.name
    );
    let hint = "no run keeps a staging table: a query of your own in `queries/metrics/` that selects from it does";
    Error::new(ErrorKind::Usage, message).hint(hint)
}

fn write_json(explanation: &Explanation) -> Result<Vec<u8>> {
    let failed = |e| Error::new(ErrorKind::Internal, "cannot write as JSON").caused_by(e);
    let rows = match &explanation.rows {
        Some(rows) => {
            let bytes = table::format_rows(&rows.shown, OutputFormat::Json)?;
            let list: Value = serde_json::from_slice(&bytes).map_err(failed)?;
            json!({ "about": rows.about, "sql": rows.sql, "total": rows.total, "rows": list })
        }
        None => Value::Null,
    };
    let whole = json!({
        "figure": explanation.figure,
        "definition": explanation.definition,
        "rows_behind": rows,
    });
    let mut bytes = serde_json::to_vec_pretty(&whole).map_err(failed)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn write_text(explanation: &Explanation) -> Result<Vec<u8>> {
    let definition = &explanation.definition;
    let mut text = String::new();
    if let Some(figure) = &explanation.figure {
        text += &format!(
            "{}, {}: {}\n",
            figure.measure.label, figure.scope, figure.text
        );
        text += &wrapped(&figure_words(figure), "");
        text.push('\n');
    }
    text += &wrapped(&format!("{}: {}", definition.name, definition.about), "");
    text += &facts(definition);
    for (heading, body) in [
        ("How it is read", notes(definition)),
        ("Columns", columns(definition)),
        ("What it is made of", reads(definition)),
        ("Settings of the last run", settings(definition)),
        ("Rows in, used and dropped", ledger(definition)),
        ("SQL", definition.sql.trim_end().to_owned() + "\n"),
    ] {
        if !body.is_empty() {
            text += &format!("\n{heading}\n\n{body}");
        }
    }
    let mut bytes = text.into_bytes();
    if let Some(rows) = &explanation.rows {
        bytes.extend(format!("\nRows\n\n{}", wrapped(&rows.about, "")).bytes());
        bytes.extend(format!("{}\n\n", rows.sql).bytes());
        bytes.extend(table::format_rows(&rows.shown, OutputFormat::Table)?);
        bytes.extend(format!("{}\n", rows_told(rows)).bytes());
    }
    Ok(bytes)
}

fn figure_words(figure: &crate::report::FigureBehind) -> String {
    let rests = format!("rests on {}", format::integer(figure.denominator));
    let above = figure.numerator.map_or_else(String::new, |numerator| {
        format!(", {} above the line", format::integer(numerator))
    });
    let open = match figure.provisional_count {
        0 => String::new(),
        count => format!(", {} may still turn out otherwise", format::integer(count)),
    };
    format!(
        "{} ({}) in {}: {rests}{above}{open}.",
        figure.measure.measure, figure.measure.unit, figure.mart
    )
}

fn facts(definition: &Definition) -> String {
    let changed = match definition.is_current {
        Some(false) => "; changed since the last run, whose rows these are: compute again",
        _ => "",
    };
    let mut facts = vec![
        ("grain", definition.grain.clone()),
        ("key", definition.key.join(", ")),
    ];
    for measure in &definition.measures {
        let words = format!("{}, {} ({})", measure.measure, measure.label, measure.unit);
        facts.push(("measure", words));
    }
    facts.push((
        "file",
        format!("{}, {}", definition.file, definition.origin),
    ));
    facts.push(("version", format!("{}{changed}", definition.version)));
    facts.push(("sha-256", definition.sha256.clone()));
    let lines = facts.iter().map(|(name, value)| entry(name, value, 9));
    lines.collect()
}

fn notes(definition: &Definition) -> String {
    let notes = definition.notes.iter().map(|note| match &note.term {
        Some(term) => wrapped(&format!("{term}: {}", note.text), "  "),
        None => wrapped(&note.text, ""),
    });
    notes.collect()
}

fn columns(definition: &Definition) -> String {
    let names = definition.columns.iter().map(|column| {
        let name = format!("{} {}", column.name, column.column_type);
        (name, column.about.as_str())
    });
    entries(names)
}

fn reads(definition: &Definition) -> String {
    let names = definition.reads.iter().map(|reading| {
        let through = if reading.is_direct {
            ""
        } else {
            ", through others"
        };
        let version = reading.version.as_deref();
        let version = version.map_or_else(String::new, |version| format!(" ({version})"));
        let words = format!("{}{through}: {}{version}", reading.kind, reading.about);
        (reading.name.clone(), words)
    });
    entries(names)
}

fn settings(definition: &Definition) -> String {
    let named = definition.settings.iter();
    entries(named.map(|setting| (setting.name.clone(), setting.value.as_str())))
}

fn ledger(definition: &Definition) -> String {
    let Some(ledger) = &definition.ledger else {
        return String::new();
    };
    let lines = ledger.lines.iter().map(|line| {
        let name = format!("{} {}", line.kind, line.rule);
        let words = format!("{} {}", format::integer(line.row_count), line.explanation);
        (name, words)
    });
    let verdict = if ledger.adds_up {
        "it adds up"
    } else {
        "it does not add up"
    };
    format!(
        "{}\n{} in = {} used + {} dropped: {verdict}\n",
        entries(lines),
        format::integer(ledger.rows_in),
        format::integer(ledger.rows_used),
        format::integer(ledger.rows_dropped)
    )
}

fn rows_told(rows: &RowsBehind) -> String {
    let shown = rows.shown.rows();
    let all = format::count(rows.total, "row", "rows");
    match shown < rows.total {
        true => format!("{} of {all}; --limit 0 for all", format::integer(shown)),
        false => all,
    }
}

/// Writes names with their words, the words below each other.
fn entries(pairs: impl Iterator<Item = (String, impl AsRef<str>)>) -> String {
    let pairs: Vec<_> = pairs.collect();
    let width = pairs.iter().map(|(name, _)| name.chars().count()).max();
    let width = width.unwrap_or(0) + 2;
    let lines = pairs
        .iter()
        .map(|(name, words)| entry(name, words.as_ref(), width));
    lines.collect()
}

fn entry(name: &str, words: &str, width: usize) -> String {
    let text = wrapped(words, &" ".repeat(width));
    format!("{name:<width$}{}", text.trim_start())
}

/// Breaks words into lines, each behind `indent`.
fn wrapped(words: &str, indent: &str) -> String {
    let room = LINE_LENGTH.saturating_sub(indent.len()).max(30);
    let mut text = String::new();
    let mut length = room;
    for word in words.split_whitespace() {
        let more = word.chars().count() + 1;
        if length + more > room {
            text += if text.is_empty() { "" } else { "\n" };
            text += indent;
            length = 0;
        } else {
            text.push(' ');
        }
        text += word;
        length += more;
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_broken_into_lines_behind_their_name() {
        let words = "abcdefghi ".repeat(10);
        let text = entry("name", &words, 6);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2, "{text}");
        assert!(lines[0].starts_with("name  abcdefghi"), "{text}");
        assert!(lines[1].starts_with("      abcdefghi"), "{text}");
        assert!(lines.iter().all(|line| line.len() <= LINE_LENGTH), "{text}");
    }
}

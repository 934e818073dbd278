//! The gates as settings: which are on, what each lacks, and the limits in force.

use arrow::array::RecordBatch;

use super::needs::{check_needs, missing_words, unknown};
use super::settings::{batch, booleans, numbers, optional_texts, texts};
use crate::config::{Config, FILE_NAME, LimitValue};
use crate::error::{Error, ErrorKind, Result};
use crate::lake::Manifest;
use crate::query::{GateHeader, GateLimit, Query};

/// Returns one row per gate, by name: what it is, whether it is on, and what it
/// lacks.
pub(super) fn gates_table(
    config: &Config,
    snapshot: &Manifest,
    queries: &[Query],
) -> Result<RecordBatch> {
    let gates: Vec<(&Query, &GateHeader)> = gates_of(queries).collect();
    let heads = || gates.iter().map(|(_, gate)| *gate);
    let missing: Vec<Option<String>> = heads()
        .map(|gate| missing_words(&gate.needs, snapshot))
        .collect();
    let limits: Vec<String> = gates
        .iter()
        .map(|(query, gate)| limit_words(config, &query.name, gate))
        .collect();
    batch(vec![
        (
            "gate",
            texts(gates.iter().map(|(query, _)| query.name.as_str())),
        ),
        ("title", texts(heads().map(|gate| gate.title.as_str()))),
        ("gate_group", texts(heads().map(|gate| gate.group.as_str()))),
        (
            "about",
            texts(gates.iter().map(|(query, _)| query.about.as_str())),
        ),
        ("guards", texts(heads().map(|gate| gate.guards.as_str()))),
        ("limit_words", texts(limits.iter().map(String::as_str))),
        (
            "is_on",
            booleans(
                gates
                    .iter()
                    .map(|(query, _)| config.gates.is_on(&query.name)),
            ),
        ),
        (
            "missing_words",
            optional_texts(missing.iter().map(Option::as_deref)),
        ),
    ])
}

/// Returns one row per limit in force, and per word of those that are words.
pub(super) fn limits_table(config: &Config, queries: &[Query]) -> Result<RecordBatch> {
    struct Row<'q> {
        gate: &'q str,
        limit: &'q str,
        number: Option<f64>,
        word: Option<String>,
    }
    let mut rows = Vec::new();
    for (query, gate) in gates_of(queries) {
        for limit in &gate.limits {
            let row = |number, word| Row {
                gate: &query.name,
                limit: &limit.name,
                number,
                word,
            };
            match in_force(config, &query.name, limit) {
                LimitValue::Number(number) => rows.push(row(Some(*number), None)),
                LimitValue::Words(words) => {
                    rows.extend(words.iter().map(|word| row(None, Some(word.clone()))));
                }
            }
        }
    }
    batch(vec![
        ("gate", texts(rows.iter().map(|row| row.gate))),
        ("limit_name", texts(rows.iter().map(|row| row.limit))),
        ("number", numbers(rows.iter().map(|row| row.number))),
        (
            "word",
            optional_texts(rows.iter().map(|row| row.word.as_deref())),
        ),
    ])
}

/// Returns what `[gates]` says that no gate has, and what gates say that cannot be.
pub(super) fn check_gates(config: &Config, queries: &[Query]) -> Vec<Error> {
    let gates: Vec<(&Query, &GateHeader)> = gates_of(queries).collect();
    let names = || gates.iter().map(|(query, _)| query.name.as_str());
    let mut problems = Vec::new();
    let listed = config.gates.on.iter().flatten().chain(&config.gates.off);
    for (listed, line) in listed {
        if !names().any(|name| name == listed) {
            problems.push(unknown(*line, "gate", listed, names()));
        }
    }
    for setting in &config.gates.limits {
        let Some((_, gate)) = gates.iter().find(|(query, _)| query.name == setting.gate) else {
            problems.push(unknown(setting.line, "gate", &setting.gate, names()));
            continue;
        };
        let limits = || gate.limits.iter().map(|limit| limit.name.as_str());
        match gate.limits.iter().find(|limit| limit.name == setting.name) {
            None => {
                let what = format!("limit of [gates.{}]", setting.gate);
                problems.push(unknown(setting.line, &what, &setting.name, limits()));
            }
            Some(limit) => problems.extend(misfit(setting.line, limit, &setting.value)),
        }
    }
    for (query, gate) in gates {
        problems.extend(check_needs(query, &gate.needs));
    }
    problems
}

fn gates_of(queries: &[Query]) -> impl Iterator<Item = (&Query, &GateHeader)> {
    queries
        .iter()
        .filter_map(|query| query.gate.as_ref().map(|gate| (query, gate)))
}

fn in_force<'c>(config: &'c Config, gate: &str, limit: &'c GateLimit) -> &'c LimitValue {
    let set = config.gates.limits.iter();
    let mut set = set.filter(|setting| setting.gate == gate && setting.name == limit.name);
    set.next().map_or(&limit.default, |setting| &setting.value)
}

fn limit_words(config: &Config, gate: &str, header: &GateHeader) -> String {
    let words = header.limits.iter().map(|limit| {
        let value = match in_force(config, gate, limit) {
            LimitValue::Number(number) => number.to_string(),
            LimitValue::Words(words) => words.join(", "),
        };
        format!("{}: {value}", limit.about.trim_end_matches('.'))
    });
    words.collect::<Vec<_>>().join("; ")
}

fn misfit(line: usize, limit: &GateLimit, value: &LimitValue) -> Option<Error> {
    let expected = match (&limit.default, value) {
        (LimitValue::Number(_), LimitValue::Words(_)) => "a number",
        (LimitValue::Words(_), LimitValue::Number(_)) => "a string or a list of strings",
        _ => return None,
    };
    let found = match value {
        LimitValue::Number(number) => format!("the number {number}"),
        LimitValue::Words(words) => format!("`{}`", words.join(", ")),
    };
    let message = format!(
        "cannot use `{FILE_NAME}` line {line}: `{}`: expected {expected}, found {found}",
        limit.name
    );
    Some(Error::new(ErrorKind::Project, message).hint(limit.about.clone()))
}

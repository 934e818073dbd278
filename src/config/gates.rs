//! `[gates]`: which gates are on, and the limits that differ from a gate's own.
//!
//! Which gates and limits there are is known from the files in `queries/gates/`, the
//! project's own among them; what is named here and is not there is reported with its
//! line when the queries are read.

use super::entry::Entry;
use super::section::Section;

/// What is set for the gates.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GateRules {
    /// The only gates that are on, each with its line; `None` for all.
    pub on: Option<Vec<(String, usize)>>,
    /// The gates that are off, each with its line.
    pub off: Vec<(String, usize)>,
    /// The limits that are set.
    pub limits: Vec<LimitSetting>,
}

impl GateRules {
    /// Returns whether a gate is on.
    pub fn is_on(&self, gate: &str) -> bool {
        let named = |list: &[(String, usize)]| list.iter().any(|(name, _)| name == gate);
        self.on.as_deref().is_none_or(named) && !named(&self.off)
    }
}

/// One limit, set.
#[derive(Debug, Clone, PartialEq)]
pub struct LimitSetting {
    /// The gate.
    pub gate: String,
    /// The limit's name.
    pub name: String,
    /// Its value.
    pub value: LimitValue,
    /// Where it stands in the configuration, counted from 1.
    pub line: usize,
}

/// What a limit is.
#[derive(Debug, Clone, PartialEq)]
pub enum LimitValue {
    /// A number.
    Number(f64),
    /// Words, at least one.
    Words(Vec<String>),
}

impl LimitValue {
    /// Reads a value as queries write one: a number, or words parted by `;`.
    pub fn parse(text: &str) -> Self {
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Self::Number(number),
            _ => Self::Words(text.split(';').map(str::to_owned).collect()),
        }
    }
}

/// Reads the section: `on`, `off`, and one table per gate.
pub(super) fn read_gates(section: &Section<'_>) -> GateRules {
    let mut rules = GateRules::default();
    for (key, entry) in section.entries() {
        match key {
            "on" => {
                rules.on = Some(names(key, &entry));
                continue;
            }
            "off" => {
                rules.off = names(key, &entry);
                continue;
            }
            _ => {}
        }
        let Some(gate) = entry.section(format!("[gates.{key}]")) else {
            let what = format!(
                "`{key}` in [gates]: expected a table of limits such as [gates.{key}], found {}",
                entry.describe()
            );
            entry.problem(&what, Some("`on` and `off` list gates".into()));
            continue;
        };
        for (name, limit) in gate.entries() {
            match value(&limit) {
                Some(value) => rules.limits.push(LimitSetting {
                    gate: key.to_owned(),
                    name: name.to_owned(),
                    value,
                    line: limit.line(),
                }),
                None => {
                    let what = format!(
                        "`{name}` in [gates.{key}]: expected a number of zero or more, a string or a list of strings, found {}",
                        limit.describe()
                    );
                    limit.problem(&what, None);
                }
            }
        }
    }
    rules
}

fn names(key: &str, entry: &Entry<'_>) -> Vec<(String, usize)> {
    let Some(names) = entry.texts() else {
        let what = format!(
            "`{key}` in [gates]: expected a list of gates, found {}",
            entry.describe()
        );
        entry.problem(&what, None);
        return Vec::new();
    };
    let line = entry.line();
    names.into_iter().map(|name| (name, line)).collect()
}

fn value(entry: &Entry<'_>) -> Option<LimitValue> {
    if let Some(number) = entry.number() {
        return (number >= 0.0 && number.is_finite()).then_some(LimitValue::Number(number));
    }
    if let Some(text) = entry.text() {
        return Some(LimitValue::Words(vec![text.to_owned()]));
    }
    let words = entry.texts()?;
    (!words.is_empty()).then_some(LimitValue::Words(words))
}

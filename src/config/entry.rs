//! One value of a TOML document, under a key that is the user's own word.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::DeValue;

use super::section::{Problems, Section};
use crate::error::nearest;

/// One value under a key of the user's own.
pub(super) struct Entry<'a> {
    pub(super) span: Range<usize>,
    pub(super) value: &'a DeValue<'a>,
    pub(super) problems: &'a Problems<'a>,
}

impl<'a> Entry<'a> {
    pub(super) fn text(&self) -> Option<&'a str> {
        self.value.as_str()
    }

    pub(super) fn texts(&self) -> Option<Vec<String>> {
        texts(self.value)
    }

    pub(super) fn number(&self) -> Option<f64> {
        number(self.value)
    }

    /// Returns the line on which the value stands.
    pub(super) fn line(&self) -> usize {
        self.problems.line(self.span.start)
    }

    pub(super) fn section(&self, name: String) -> Option<Section<'a>> {
        let table = self.value.as_table()?;
        Some(Section::new(
            name,
            self.span.clone(),
            Some(table),
            self.problems,
        ))
    }

    pub(super) fn problem(&self, what: &str, hint: Option<String>) {
        self.problems.add(&self.span, what, hint);
    }

    pub(super) fn describe(&self) -> String {
        describe(self.value)
    }
}

/// Reads a string map such as `{ Bug = "defect" }`.
pub(super) fn text_map(section: &Section<'_>) -> BTreeMap<String, String> {
    let mut map = BTreeMap::new();
    for (key, entry) in section.entries() {
        match entry.text() {
            Some(text) => {
                map.insert(key.to_owned(), text.to_owned());
            }
            None => {
                let found = entry.describe();
                let what = format!(
                    "`{key}` in {}: expected a string, found {found}",
                    section.name
                );
                entry.problem(&what, None);
            }
        }
    }
    map
}

/// Returns a hint at the known word that is nearest to what was written.
pub(super) fn near_word(found: &str, known: &[&str]) -> Option<String> {
    nearest(found, known.iter().copied()).map(|word| format!("did you mean `{word}`?"))
}

/// Returns a number; `None` where it is something else.
pub(super) fn number(value: &DeValue<'_>) -> Option<f64> {
    match value {
        DeValue::Integer(i) => i.as_str().replace('_', "").parse().ok(),
        DeValue::Float(f) => f.as_str().replace('_', "").parse().ok(),
        _ => None,
    }
}

/// Returns a list of texts; `None` where it is something else.
pub(super) fn texts(value: &DeValue<'_>) -> Option<Vec<String>> {
    let texts = value.as_array()?.iter();
    texts
        .map(|v| v.get_ref().as_str().map(str::to_owned))
        .collect()
}

/// Returns a value in words, for messages.
pub(super) fn describe(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => format!("the string `{text}`"),
        DeValue::Integer(number) => format!("the number {}", number.as_str()),
        DeValue::Float(number) => format!("the number {}", number.as_str()),
        DeValue::Boolean(boolean) => format!("{boolean}"),
        other => format!("a {}", other.type_str()),
    }
}

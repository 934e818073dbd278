//! `[privacy]`: whose names may be read, and where the key of the pseudonyms is.

use std::collections::BTreeSet;

use super::section::Section;
use crate::contract;
use crate::error::nearest;

/// The environment variable with the key, where the configuration names no other.
const KEY_VARIABLE: &str = "PLIMSOLL_PERSON_KEY";

/// Whose names may be read.
#[derive(Debug, Clone)]
pub struct PrivacyRules {
    /// The columns in which names stay, as `table.column`; `*` for all.
    names: BTreeSet<String>,
    /// The environment variable with the key of the pseudonyms.
    pub key_variable: String,
}

impl PrivacyRules {
    /// Returns whether the persons of a column are to be pseudonymised.
    pub fn hides(&self, table: &str, column: &str) -> bool {
        contract::is_person(table, column)
            && !self.names.contains("*")
            && !self.names.contains(&format!("{table}.{column}"))
    }

    /// Returns the columns in which names stay, for a fingerprint.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }
}

pub(super) fn read_privacy(section: &Section<'_>) -> PrivacyRules {
    let names = section.texts("names").unwrap_or_default();
    let known: Vec<String> = contract::person_columns()
        .map(|(table, column)| format!("{table}.{column}"))
        .collect();
    for name in &names {
        if name != "*" && !known.contains(name) {
            let hint = match nearest(name, known.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("columns of persons: {}", known.join(", ")),
            };
            let what = format!("`names`: expected a column of persons, found `{name}`");
            section.problem_at("names", &what, Some(hint));
        }
    }
    let rules = PrivacyRules {
        names: names.into_iter().collect(),
        key_variable: section
            .text("key_variable")
            .unwrap_or(KEY_VARIABLE)
            .to_owned(),
    };
    section.finish();
    rules
}

//! The values behind `${NAME}`: looked up, and taken out of every text again.
//!
//! Whatever a server, a library or an address says passes [`Secrets::hide`] before
//! it gets into an error, a log line or the manifest. A value is looked for in every
//! spelling in which it leaves the program: as it is, escaped for an address or for
//! JSON, and in the base64 of a Basic login.

use std::cell::RefCell;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Url;

use crate::config::pull::{Part, Template};

/// Looks a variable of the environment up.
pub(super) type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The values that were looked up in one pull.
pub(super) struct Secrets<'a> {
    environment: Environment<'a>,
    spellings: RefCell<Vec<Spelling>>,
    /// What is shown, and what an address has in its place.
    in_addresses: RefCell<Vec<(String, String)>>,
}

/// One spelling of a value, and what is shown in its stead.
struct Spelling {
    text: String,
    shown: String,
}

/// The variable that has no value.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Missing(pub(super) String);

impl<'a> Secrets<'a> {
    pub(super) fn new(environment: Environment<'a>) -> Self {
        Self {
            environment,
            spellings: RefCell::new(Vec::new()),
            in_addresses: RefCell::new(Vec::new()),
        }
    }

    /// Returns the value of a variable that is no secret, such as a region.
    pub(super) fn open_variable(&self, name: &str) -> Option<String> {
        (self.environment)(name).filter(|value| !value.is_empty())
    }

    /// Returns the value of a variable and hides it from now on.
    pub(super) fn variable(&self, name: &str) -> Option<String> {
        let value = self.open_variable(name)?;
        self.add(&format!("${{{name}}}"), &value);
        Some(value)
    }

    /// Puts the values into a template.
    pub(super) fn fill(&self, template: &Template) -> Result<String, Missing> {
        let mut filled = String::new();
        for part in template.parts() {
            match part {
                Part::Text(text) => filled += text,
                Part::Variable(name) => {
                    filled += &self
                        .variable(name)
                        .ok_or_else(|| Missing(name.to_owned()))?;
                }
            }
        }
        Ok(filled)
    }

    /// Puts the values into the template of an address. Behind the host a value
    /// stands for itself: what would cut a path or a query is escaped in it.
    pub(super) fn fill_address(&self, template: &Template) -> Result<String, Missing> {
        let mut filled = String::new();
        for part in template.parts() {
            match part {
                Part::Text(text) => filled += text,
                Part::Variable(name) => {
                    let value = self.variable(name);
                    let value = value.ok_or_else(|| Missing(name.to_owned()))?;
                    let is_behind_host = filled
                        .split_once("://")
                        .is_some_and(|(_, rest)| rest.contains(['/', '?']));
                    filled += &if is_behind_host {
                        escape_for_query(&value).replace('+', "%20")
                    } else {
                        value
                    };
                }
            }
        }
        Ok(filled)
    }

    /// Hides a value that was derived from a secret; `shown` takes its place.
    pub(super) fn add(&self, shown: &str, value: &str) {
        for text in spellings_of(value) {
            self.add_spelling(shown, text);
        }
        let in_address = (shown.to_owned(), escape_for_query(value));
        let mut in_addresses = self.in_addresses.borrow_mut();
        if !in_addresses.contains(&in_address) {
            in_addresses.push(in_address);
        }
    }

    /// Returns the value of a Basic login's header, and hides it.
    pub(super) fn basic(&self, user: &str, password: &str) -> String {
        let encoded = STANDARD.encode(format!("{user}:{password}"));
        self.add_spelling("(login)", encoded.clone());
        self.add_spelling("(login)", encoded.trim_end_matches('=').to_owned());
        format!("Basic {encoded}")
    }

    fn add_spelling(&self, shown: &str, text: String) {
        let mut spellings = self.spellings.borrow_mut();
        if text.is_empty() || spellings.iter().any(|known| known.text == text) {
            return;
        }
        spellings.push(Spelling {
            text,
            shown: shown.to_owned(),
        });
        // The longest first: a value that is part of another one must not cut it.
        spellings.sort_by_key(|spelling| std::cmp::Reverse(spelling.text.len()));
    }

    /// Returns the length of the longest text that is hidden.
    pub(super) fn longest(&self) -> usize {
        let spellings = self.spellings.borrow();
        spellings.first().map_or(0, |spelling| spelling.text.len())
    }

    /// Returns a text with names in place of values.
    pub(super) fn hide(&self, text: &str) -> String {
        let spellings = self.spellings.borrow();
        let pairs: Vec<(&str, &str)> = spellings
            .iter()
            .map(|spelling| (spelling.text.as_str(), spelling.shown.as_str()))
            .collect();
        replace_all(text, &pairs)
    }

    /// Returns an address of the manifest with values in place of names.
    pub(super) fn reveal_address(&self, text: &str) -> String {
        let in_addresses = self.in_addresses.borrow();
        let pairs: Vec<(&str, &str)> = in_addresses
            .iter()
            .map(|(shown, value)| (shown.as_str(), value.as_str()))
            .collect();
        replace_all(text, &pairs)
    }

    /// Returns what a library says of a fault, all its causes, without secrets.
    pub(super) fn cause(&self, error: &dyn std::error::Error) -> Cause {
        let mut text = error.to_string();
        let mut next = error.source();
        while let Some(cause) = next {
            let more = cause.to_string();
            // Many libraries repeat their cause in their own text.
            if !text.contains(&more) {
                text = format!("{text}: {more}");
            }
            next = cause.source();
        }
        Cause(self.hide(&text))
    }
}

/// What a library said, without secrets.
#[derive(Debug)]
pub(super) struct Cause(String);

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Cause {}

/// Replaces in one pass, so that what was put in is not replaced again. Of several
/// that fit at a place, the first of `pairs` wins.
fn replace_all(text: &str, pairs: &[(&str, &str)]) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        match pairs.iter().find(|(from, _)| rest.starts_with(from)) {
            Some((from, to)) => {
                replaced += to;
                rest = &rest[from.len()..];
            }
            None => {
                replaced.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    replaced
}

fn spellings_of(value: &str) -> Vec<String> {
    let for_query = escape_for_query(value);
    let for_path = Url::parse("http://x/").map_or_else(
        |_| String::new(),
        |mut url| {
            url.set_path(value);
            url.path().trim_start_matches('/').to_owned()
        },
    );
    let json = serde_json::Value::from(value).to_string();
    let mut spellings = vec![
        value.to_owned(),
        for_query.replace('+', "%20"),
        for_query,
        for_path,
        json.trim_matches('"').to_owned(),
        STANDARD.encode(value),
    ];
    spellings.dedup();
    spellings
}

/// Returns a text as it stands in an address's query.
fn escape_for_query(text: &str) -> String {
    let url = Url::parse_with_params("http://x/", [("v", text)]);
    let query = url.ok().and_then(|url| url.query().map(str::to_owned));
    query.unwrap_or_default().split_off("v=".len().min(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(name: &str) -> Option<String> {
        match name {
            "TOKEN" => Some("a b&\"c/ü".to_owned()),
            "PART" => Some("a b".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        }
    }

    fn template(text: &str) -> Template {
        Template::parse(text).expect("a literal template")
    }

    #[test]
    fn a_value_is_hidden_in_every_spelling() {
        let secrets = Secrets::new(&environment);
        let filled = secrets.fill(&template("Bearer ${TOKEN}"));
        assert_eq!(filled.as_deref(), Ok("Bearer a b&\"c/ü"));
        let login = secrets.basic("me", "a b&\"c/ü");
        let url = Url::parse_with_params("http://x/a", [("k", "a b&\"c/ü"), ("n", "1")])
            .expect("an address");
        for text in [
            "a b&\"c/ü".to_owned(),
            serde_json::Value::from("a b&\"c/ü").to_string(),
            login,
            url.to_string(),
        ] {
            let hidden = secrets.hide(&text);
            for secret in ["a b&", "a+b", "a%20b", "YSBi", "bWU6"] {
                assert!(!hidden.contains(secret), "{hidden}");
            }
        }
        let hidden = secrets.hide(url.as_str());
        assert_eq!(hidden, "http://x/a?k=${TOKEN}&n=1");
        assert_eq!(secrets.reveal_address(&hidden), url.as_str());
    }

    #[test]
    fn a_value_in_an_address_stands_for_itself() {
        let secrets = Secrets::new(&environment);
        let filled = secrets.fill_address(&template("https://${PART}/x?key=${TOKEN}&n=1"));
        let expected = "https://a b/x?key=a%20b%26%22c%2F%C3%BC&n=1";
        assert_eq!(filled.as_deref(), Ok(expected));
        assert_eq!(secrets.hide(expected), "https://${PART}/x?key=${TOKEN}&n=1");
    }

    #[test]
    fn a_value_within_another_one_does_not_cut_it() {
        let secrets = Secrets::new(&environment);
        for name in ["${PART}", "${TOKEN}"] {
            assert!(secrets.fill(&template(name)).is_ok());
        }
        assert_eq!(secrets.hide("<a b&\"c/ü><a b>"), "<${TOKEN}><${PART}>");
    }

    #[test]
    fn a_variable_that_is_not_set_or_empty_is_named() {
        let secrets = Secrets::new(&environment);
        let missing = secrets.fill(&template("x${NOT_SET}"));
        assert_eq!(missing, Err(Missing("NOT_SET".to_owned())));
        let missing = secrets.fill(&template("${EMPTY}"));
        assert_eq!(missing, Err(Missing("EMPTY".to_owned())));
    }
}

//! One table of a TOML document, read key by key, every problem kept with its line.
//!
//! serde stops at the first unknown key; a user who mistyped three wants to hear of
//! all three at once. So a [`Section`] notes which keys were asked for, and
//! [`Section::finish`] reports the others, each with the nearest known one.

use std::cell::RefCell;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::entry::{Entry, describe, number, texts};
use crate::error::{Error, ErrorKind, nearest};

/// The problems found in one document, with what is needed to say where.
pub(super) struct Problems<'a> {
    file: String,
    text: &'a str,
    found: RefCell<Vec<Error>>,
}

impl<'a> Problems<'a> {
    pub(super) fn new(file: String, text: &'a str) -> Self {
        Self {
            file,
            text,
            found: RefCell::new(Vec::new()),
        }
    }

    /// Returns the line, counted from 1, at a byte offset.
    pub(super) fn line(&self, offset: usize) -> usize {
        1 + self.text[..offset.min(self.text.len())]
            .matches('\n')
            .count()
    }

    /// Notes a problem at a place of the document.
    pub(super) fn add(&self, span: &Range<usize>, what: &str, hint: Option<String>) {
        let line = self.line(span.start);
        let mut error = Error::new(
            ErrorKind::Project,
            format!("cannot read `{}` line {line}: {what}", self.file),
        );
        if let Some(hint) = hint {
            error = error.hint(hint);
        }
        self.found.borrow_mut().push(error);
    }

    pub(super) fn into_found(self) -> Vec<Error> {
        self.found.into_inner()
    }
}

/// One table of the document.
pub(super) struct Section<'a> {
    /// What to call it in a message, such as `[[sources]] tracker`.
    pub(super) name: String,
    pub(super) span: Range<usize>,
    table: Option<&'a DeTable<'a>>,
    problems: &'a Problems<'a>,
    asked: RefCell<Vec<&'static str>>,
}

impl<'a> Section<'a> {
    pub(super) fn root(table: &'a Spanned<DeTable<'a>>, problems: &'a Problems<'a>) -> Self {
        Self::new(
            "the top level".into(),
            table.span(),
            Some(table.get_ref()),
            problems,
        )
    }

    pub(super) fn new(
        name: String,
        span: Range<usize>,
        table: Option<&'a DeTable<'a>>,
        problems: &'a Problems<'a>,
    ) -> Self {
        Self {
            name,
            span,
            table,
            problems,
            asked: RefCell::new(Vec::new()),
        }
    }

    /// Notes a problem with this section as a whole.
    pub(super) fn problem(&self, what: &str, hint: Option<String>) {
        self.problems.add(&self.span, what, hint);
    }

    /// Notes a problem with one key, or with the section where the key is missing.
    pub(super) fn problem_at(&self, key: &'static str, what: &str, hint: Option<String>) {
        let span = self.peek(key).map_or(self.span.clone(), Spanned::span);
        self.problems.add(&span, what, hint);
    }

    /// Returns the line on which the section starts.
    pub(super) fn line(&self) -> usize {
        self.problems.line(self.span.start)
    }

    fn peek(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.table?.get(key)
    }

    fn get(&self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.borrow_mut().push(key);
        self.peek(key)
    }

    /// Reads one value with `read`; a value of another kind is a problem.
    fn value<T>(
        &self,
        key: &'static str,
        expected: &str,
        read: impl Fn(&'a DeValue<'a>) -> Option<T>,
    ) -> Option<T> {
        let value = self.get(key)?;
        let result = read(value.get_ref());
        if result.is_none() {
            let found = describe(value.get_ref());
            let what = format!(
                "`{key}` in {}: expected {expected}, found {found}",
                self.name
            );
            self.problems.add(&value.span(), &what, None);
        }
        result
    }

    pub(super) fn text(&self, key: &'static str) -> Option<&'a str> {
        self.value(key, "a string", |v| v.as_str())
    }

    /// Returns whether the key is there.
    pub(super) fn has(&self, key: &str) -> bool {
        self.peek(key).is_some()
    }

    /// Reads a text that may be a secret: no message repeats what was found.
    pub(super) fn hidden_text(&self, key: &'static str) -> Option<&'a str> {
        let value = self.get(key)?;
        let text = value.get_ref().as_str();
        if text.is_none() {
            let what = format!("`{key}` in {}: expected a string", self.name);
            self.problems.add(&value.span(), &what, None);
        }
        text
    }

    /// Reads a whole number that is at least `least`.
    pub(super) fn whole(&self, key: &'static str, least: u64) -> Option<u64> {
        let expected = format!("a whole number from {least} on");
        self.value(key, &expected, |v| match v {
            DeValue::Integer(number) => {
                let number = number.as_str().replace('_', "").parse().ok()?;
                (number >= least).then_some(number)
            }
            _ => None,
        })
    }

    pub(super) fn required_text(&self, key: &'static str) -> Option<&'a str> {
        if self.peek(key).is_none() {
            self.asked.borrow_mut().push(key);
            self.problem(&format!("{} has no `{key}`", self.name), None);
            return None;
        }
        self.text(key)
    }

    pub(super) fn boolean(&self, key: &'static str) -> Option<bool> {
        self.value(key, "true or false", DeValue::as_bool)
    }

    pub(super) fn number(&self, key: &'static str) -> Option<f64> {
        self.value(key, "a number", number)
    }

    pub(super) fn texts(&self, key: &'static str) -> Option<Vec<String>> {
        self.value(key, "a list of strings", texts)
    }

    /// Reads a string, or a list of at least one.
    pub(super) fn one_or_more(&self, key: &'static str) -> Option<Vec<String>> {
        self.value(key, "a string or a list of strings", |v| match v {
            DeValue::String(text) => Some(vec![text.to_string()]),
            other => texts(other).filter(|texts| !texts.is_empty()),
        })
    }

    /// Reads a whole number of zero or more.
    pub(super) fn parsed_number<T: std::str::FromStr>(&self, key: &'static str) -> Option<T> {
        self.value(key, "a whole number", |v| match v {
            DeValue::Integer(i) => i.as_str().parse().ok(),
            _ => None,
        })
    }

    /// Takes over the problems of another document that this one names.
    pub(super) fn adopt(&self, problems: Vec<Error>) {
        self.problems.found.borrow_mut().extend(problems);
    }

    /// Reads a TOML date-time or a string, as text.
    pub(super) fn instant_text(&self, key: &'static str) -> Option<String> {
        self.value(
            key,
            "an instant such as 2026-07-06T00:00:00Z",
            |v| match v {
                DeValue::String(text) => Some(text.to_string()),
                DeValue::Datetime(instant) => Some(instant.to_string()),
                _ => None,
            },
        )
    }

    /// Reads a text through `parse`; what it refuses is a problem.
    pub(super) fn parsed<T>(
        &self,
        key: &'static str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        self.parsed_or(key, parse, |_| None)
    }

    /// Reads a text as [`Section::parsed`] does; of what is refused, `hint` says what
    /// was probably meant.
    pub(super) fn parsed_or<T>(
        &self,
        key: &'static str,
        parse: impl Fn(&str) -> Result<T, String>,
        hint: impl Fn(&str) -> Option<String>,
    ) -> Option<T> {
        let text = self.text(key)?;
        match parse(text) {
            Ok(value) => Some(value),
            Err(expected) => {
                let what = format!(
                    "`{key}` in {}: expected {expected}, found `{text}`",
                    self.name
                );
                self.problem_at(key, &what, hint(text));
                None
            }
        }
    }

    /// Returns the sub-section of that name, an empty one where it is missing.
    pub(super) fn section(&self, key: &'static str) -> Section<'a> {
        let table = self.value(key, "a table", DeValue::as_table);
        let span = self.peek(key).map_or(self.span.clone(), Spanned::span);
        Section::new(format!("[{key}]"), span, table, self.problems)
    }

    /// Returns the sections of an array of tables.
    pub(super) fn sections(&self, key: &'static str) -> Vec<Section<'a>> {
        let Some(values) = self.value(key, "an array of tables", DeValue::as_array) else {
            return Vec::new();
        };
        let mut sections = Vec::new();
        for value in values.iter() {
            match value.get_ref().as_table() {
                Some(table) => sections.push(Section::new(
                    format!("[[{key}]]"),
                    value.span(),
                    Some(table),
                    self.problems,
                )),
                None => self.problem_at(key, &format!("`{key}`: expected tables"), None),
            }
        }
        sections
    }

    /// Returns every entry of a section whose keys are the user's own words.
    pub(super) fn entries(&self) -> Vec<(&'a str, Entry<'a>)> {
        let table = self.table.into_iter().flatten();
        table
            .map(|(key, value)| {
                let entry = Entry {
                    span: value.span(),
                    value: value.get_ref(),
                    problems: self.problems,
                };
                (key.get_ref().as_ref(), entry)
            })
            .collect()
    }

    /// Returns whether a key has tables in it.
    fn is_array(&self, name: &str) -> bool {
        let value = self.peek(name).map(Spanned::get_ref);
        value.is_some_and(|value| value.as_array().is_some())
    }

    /// Returns whether a key is missing, and another there that nobody asked for and
    /// that is nearest to it.
    pub(super) fn is_misspelt(&self, key: &str) -> bool {
        let asked = self.asked.borrow();
        let mut names = self.table.into_iter().flatten();
        names.any(|(name, _)| {
            let name = name.get_ref().as_ref();
            !asked.contains(&name) && nearest(name, asked.iter().copied()) == Some(key)
        })
    }

    /// Reports the keys that nobody asked for.
    pub(super) fn finish(&self) {
        let asked = self.asked.borrow();
        for (key, _) in self.table.into_iter().flatten() {
            let name = key.get_ref().as_ref();
            if asked.contains(&name) {
                continue;
            }
            let hint = match nearest(name, asked.iter().copied()) {
                Some(known) if self.is_array(name) => format!("did you mean `[[{known}]]`?"),
                Some(known) => format!("did you mean `{known}`?"),
                None => format!("known keys: {}", asked.join(", ")),
            };
            let what = format!("expected a known key of {}, found `{name}`", self.name);
            self.problems.add(&key.span(), &what, Some(hint));
        }
    }
}

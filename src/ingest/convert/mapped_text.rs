//! The text of a mapped cell: what the steps of a mapping make of the export's own,
//! before it is read as its column's type.

use std::borrow::Cow;

use super::Cells;
use crate::config::Addition;
use crate::ingest::cell;
use crate::ingest::plan::{Part, Recipe};

impl<'a> Cells<'a> {
    /// Returns the instant with what is added to it; `None` where that cannot be read.
    pub(super) fn later(&self, row: usize, start: i64) -> Option<i64> {
        let (Some(text), Some(addition)) = (self.addend(row), self.addition()) else {
            return Some(start);
        };
        let style = self.context.feed.format.number_style();
        cell::add_duration(start, text, addition.unit, style)
    }

    /// Returns what the mapping adds to an instant.
    fn addition(&self) -> Option<&'a Addition> {
        self.field?.mapping.as_ref()?.plus.as_ref()
    }

    /// Returns the text of what is added.
    pub(super) fn addend(&self, row: usize) -> Option<&'a str> {
        let text = self.cell(self.field?.plus?, row)?;
        (!text.trim().is_empty()).then_some(text)
    }

    /// Returns the text of a column's cell as it is mapped; an instant to which
    /// something unknown is added is unknown.
    pub(super) fn get(&self, row: usize) -> Option<Cow<'a, str>> {
        let field = self.field?;
        if field.plus.is_some() && self.addend(row).is_none() {
            return None;
        }
        let text = match &field.recipe {
            Recipe::Paths(places) => {
                let mut cells = places.iter().filter_map(|place| self.cell(*place, row));
                cells.next().map(Cow::Borrowed)
            }
            Recipe::Constant(text) => Some(Cow::Borrowed(text.as_str())),
            Recipe::Template(parts) => self.fill(parts, row).map(Cow::Owned),
        };
        let Some(mapping) = &field.mapping else {
            return text;
        };
        let text = match (text, &mapping.extract) {
            (Some(text), Some(pattern)) => {
                let found = pattern.captures(&text);
                let group = found.and_then(|found| found.get(1).or_else(|| found.get(0)));
                group.map(|group| Cow::Owned(group.as_str().to_owned()))
            }
            (text, _) => text,
        };
        let meaning = match (text, &mapping.map) {
            (Some(text), Some(map)) => {
                match map.get(text.as_ref()).or(mapping.otherwise.as_ref()) {
                    Some(meaning) if meaning.is_empty() => None,
                    Some(meaning) => Some(Cow::Borrowed(meaning.as_str())),
                    None => Some(text),
                }
            }
            (text, _) => text,
        };
        meaning.or_else(|| mapping.default.as_deref().map(Cow::Borrowed))
    }

    fn cell(&self, place: usize, row: usize) -> Option<&'a str> {
        let text = self.batch.columns[place].get(row)?;
        (!self.context.feed.format.nulls.contains(text)).then_some(text)
    }

    fn fill(&self, parts: &[Part], row: usize) -> Option<String> {
        let mut text = String::new();
        for part in parts {
            text.push_str(match part {
                Part::Text(text) => text,
                Part::Path(place) => self.cell(*place, row)?,
            });
        }
        Some(text)
    }
}

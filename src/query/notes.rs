//! The comments under a query's header: how the definition is read, in words.
//!
//! They are written for whoever reads the file; pages and `explain` show the same
//! words, joined into paragraphs. A word, two blanks and its meaning are an entry of a
//! list; a line indented further goes on from the one before.

use serde::Serialize;

use super::Query;

/// From this indentation on, a line goes on from the one before.
const CONTINUED: usize = 10;

/// One paragraph, or one entry of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// The word that an entry explains.
    pub term: Option<String>,
    /// The words.
    pub text: String,
}

impl Query {
    /// Returns the comments between the header and the SQL.
    pub fn notes(&self) -> Vec<Note> {
        let below = self.sql.lines().skip_while(|line| line.starts_with("--"));
        let comments = below.take_while(|line| line.is_empty() || line.starts_with("--"));
        parse_notes(comments)
    }
}

fn parse_notes<'t>(lines: impl Iterator<Item = &'t str>) -> Vec<Note> {
    let mut notes: Vec<Note> = Vec::new();
    let mut is_new = true;
    for line in lines {
        let text = line.trim_start_matches('-');
        let indent = text.len() - text.trim_start().len();
        let text = text.trim();
        if text.is_empty() {
            is_new = true;
            continue;
        }
        let last = notes.last_mut().filter(|_| !is_new);
        is_new = false;
        let entry = split_entry(text).filter(|_| indent < CONTINUED);
        let goes_on = |last: &Note| match last.term {
            Some(_) => indent >= CONTINUED,
            None => !(2..CONTINUED).contains(&indent),
        };
        match (last, entry) {
            (Some(last), None) if goes_on(last) => last.text = format!("{} {text}", last.text),
            (_, entry) => notes.push(Note {
                term: entry.map(|(term, _)| term.to_owned()),
                text: entry.map_or(text, |(_, meaning)| meaning.trim()).to_owned(),
            }),
        }
    }
    notes
}

/// Two blanks part the word that an entry explains from what it means.
fn split_entry(text: &str) -> Option<(&str, &str)> {
    let entry = text.split_once("  ")?;
    (!entry.0.contains(' ')).then_some(entry)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_paragraphs_and_entries() {
        let text = "\n-- A definition that\n-- goes on.\n-- exclusion, the first that holds:\n--   open_end    no end,\n--               yet.\n--   before      too early.\n-- And after.\n--\n-- later  at the margin,\n--          too.\n-- Apart.\n";
        let notes = parse_notes(text.lines());
        let found: Vec<_> = notes
            .iter()
            .map(|note| (note.term.as_deref(), note.text.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                (
                    None,
                    "A definition that goes on. exclusion, the first that holds:"
                ),
                (Some("open_end"), "no end, yet."),
                (Some("before"), "too early."),
                (None, "And after."),
                (Some("later"), "at the margin, too."),
                (None, "Apart."),
            ]
        );
    }
}

//! The key of a drawing: what each colour and sign stands for, in as many
//! lines as its words need, between the caption and the panel.

use super::canvas::{CAPTION_ROOM, Canvas, Dash};
use super::label::Label;
use super::mark::Shape;
use super::token::Token;

/// Height of one line in pixels.
const LINE_HEIGHT: f64 = 18.0;
/// Room for the sign before its words.
const SIGN_ROOM: f64 = 18.0;
/// Room between two entries.
const ENTRY_GAP: f64 = 14.0;

/// How an entry's sign looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// A filled area.
    Block,
    /// A line.
    Line,
    /// A mark.
    Mark(Shape),
}

/// One sign with its words.
#[derive(Clone, Debug)]
pub(super) struct KeyEntry {
    /// How the sign looks.
    pub(super) sign: Sign,
    /// Its colour.
    pub(super) token: Token,
    /// What it stands for.
    pub(super) text: String,
}

impl KeyEntry {
    /// Returns an entry.
    pub(super) fn new(sign: Sign, token: Token, text: &str) -> KeyEntry {
        let text = text.to_owned();
        KeyEntry { sign, token, text }
    }
}

/// Returns one entry per colour of filled areas; neighbours of one colour
/// share it.
pub(super) fn block_entries<'n>(
    blocks: impl IntoIterator<Item = (Token, &'n str)>,
) -> Vec<KeyEntry> {
    let mut entries: Vec<KeyEntry> = Vec::new();
    for (token, name) in blocks {
        let name = if name.trim().is_empty() {
            "(no name)"
        } else {
            name
        };
        match entries.last_mut().filter(|entry| entry.token == token) {
            Some(entry) => entry.text.push_str(&format!(", {name}")),
            None => entries.push(KeyEntry::new(Sign::Block, token, name)),
        }
    }
    entries
}

/// A key laid out for a width.
pub(super) struct Key {
    /// Each entry with its label, placed relative to the key's top.
    entries: Vec<(KeyEntry, f64, f64, Label)>,
    line_count: usize,
}

impl Key {
    /// Lays out entries in lines of at most `width` pixels; long words are
    /// shortened to a line.
    pub(super) fn new(entries: Vec<KeyEntry>, width: f64) -> Key {
        let mut placed = Vec::with_capacity(entries.len());
        let (mut x, mut line) = (1.0, 0);
        for entry in entries {
            let label = Label::new(&entry.text, 0.0, 0.0).fitted(width - SIGN_ROOM - 4.0);
            let room = SIGN_ROOM + label.width();
            if x > 1.0 && x + room > width - 2.0 {
                (x, line) = (1.0, line + 1);
            }
            let y = LINE_HEIGHT * (line as f64 + 0.5);
            placed.push((entry, x, y, label));
            x += room + ENTRY_GAP;
        }
        let line_count = if placed.is_empty() { 0 } else { line + 1 };
        Key {
            entries: placed,
            line_count,
        }
    }

    /// Returns the height of all lines with the room below them.
    pub(super) fn height(&self) -> f64 {
        match self.line_count {
            0 => 0.0,
            count => LINE_HEIGHT * count as f64 + 6.0,
        }
    }

    /// Draws the key below the caption.
    pub(super) fn draw(&self, canvas: &Canvas) {
        let top = CAPTION_ROOM - 9.0;
        for (entry, x, y, label) in &self.entries {
            let (x, y) = (*x, top + y);
            match entry.sign {
                Sign::Block => canvas.cells(entry.token, &[[x, y - 5.0, 12.0, 10.0]]),
                Sign::Line => {
                    let (from, to) = ((x, y), (x + 12.0, y));
                    canvas.stroke(from, to, entry.token, 3.0, Dash::Solid);
                }
                Sign::Mark(shape) => canvas.mark((x + 6.0, y), shape, 4.4, entry.token),
            }
            canvas.text(&label.clone().moved_to(x + SIGN_ROOM, y));
        }
    }
}

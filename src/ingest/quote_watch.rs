//! Watches the text of a CSV for a quote that is never closed, makes every line end
//! the same, and brings all ways of escaping to one.
//!
//! A parser takes the end of the file for the end of an open cell, so that all rows
//! behind the quote would vanish into one cell without a word. And it counts lines by
//! their line feeds: CR LF and a lone CR become LF, so that a row's line is the one
//! that an editor shows. An escaped quote becomes a doubled one; the escape itself is
//! text where it stands before anything else than a quote or itself (`C:\temp`).

use std::io::{self, Read};
use std::ops::Range;

use crate::config::ExportFormat;

const BUFFER_BYTES: usize = 1 << 16;

/// Passes text through and knows whether a quoted cell is open.
pub(super) struct QuoteWatch<R> {
    inner: R,
    separator: u8,
    quote: Option<u8>,
    escape: Option<u8>,
    /// The lines still to be left out.
    skip_lines: u32,
    /// Which bytes mean nothing but themselves.
    is_ordinary: [bool; 256],
    state: State,
    line: u64,
    opened_on: u64,
    is_after_cr: bool,
    input: Vec<u8>,
    unread: Range<usize>,
    is_over: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    CellStart,
    Plain,
    Quoted,
    QuoteInQuoted,
    /// Behind an escape: the next byte is one of the cell's.
    Escaped,
}

impl<R: Read> QuoteWatch<R> {
    pub(super) fn new(inner: R, format: &ExportFormat) -> Self {
        let escape = format.escape.filter(|escape| format.quote != Some(*escape));
        let mut is_ordinary = [true; 256];
        let marks = [b'\n', b'\r', format.separator];
        for mark in marks.into_iter().chain(format.quote).chain(escape) {
            is_ordinary[usize::from(mark)] = false;
        }
        Self {
            inner,
            separator: format.separator,
            quote: format.quote,
            escape,
            skip_lines: format.skip_lines,
            is_ordinary,
            state: State::CellStart,
            line: 1,
            opened_on: 1,
            is_after_cr: false,
            input: vec![0; BUFFER_BYTES],
            unread: 0..0,
            is_over: false,
        }
    }

    /// Returns a watch that only makes line ends the same.
    pub(super) fn of_lines(inner: R) -> Self {
        let format = ExportFormat {
            quote: None,
            separator: b'\n',
            ..ExportFormat::default()
        };
        Self::new(inner, &format)
    }

    /// Returns the line of the quote that is open, if one is.
    pub(super) fn open_quote(&self) -> Option<u64> {
        matches!(self.state, State::Quoted | State::Escaped).then_some(self.opened_on)
    }

    /// Returns the byte that is passed on for the next one read, if one is.
    fn watch(&mut self, byte: u8) -> Option<u8> {
        let is_rest_of_crlf = self.is_after_cr && byte == b'\n';
        self.is_after_cr = byte == b'\r';
        if is_rest_of_crlf {
            return None;
        }
        let byte = if byte == b'\r' { b'\n' } else { byte };
        self.line += u64::from(byte == b'\n');
        if self.skip_lines > 0 {
            self.skip_lines -= u32::from(byte == b'\n');
            return None;
        }
        let is_quote = self.quote == Some(byte);
        if self.state == State::Quoted && self.escape == Some(byte) {
            return self.unescape(byte);
        }
        self.state = match self.state {
            State::CellStart if is_quote => {
                self.opened_on = self.line;
                State::Quoted
            }
            State::Quoted if is_quote => State::QuoteInQuoted,
            State::QuoteInQuoted if is_quote => State::Quoted,
            State::Quoted | State::Escaped => State::Quoted,
            _ if byte == b'\n' || byte == self.separator => State::CellStart,
            _ => State::Plain,
        };
        Some(byte)
    }

    /// Returns what is passed on for an escape: a second quote, nothing, or itself.
    fn unescape(&mut self, escape: u8) -> Option<u8> {
        let next = self.input[self.unread.clone()].first().copied();
        if next.is_some() && next == self.quote {
            self.state = State::Escaped;
            return next;
        }
        if next == Some(escape) {
            self.state = State::Escaped;
            return None;
        }
        Some(escape)
    }

    /// Makes sure that there is something to read, and something behind an escape.
    fn fill(&mut self) -> io::Result<()> {
        let needed = 1 + usize::from(self.escape.is_some());
        while self.unread.len() < needed && !self.is_over {
            self.input.copy_within(self.unread.clone(), 0);
            self.unread = 0..self.unread.len();
            let read = self.inner.read(&mut self.input[self.unread.end..])?;
            self.unread.end += read;
            self.is_over = read == 0;
        }
        Ok(())
    }

    /// Passes on what means nothing but itself, and returns its length.
    fn pass(&mut self, buffer: &mut [u8]) -> usize {
        let unread = &self.input[self.unread.clone()];
        let most = unread.len().min(buffer.len());
        let ordinary = unread[..most]
            .iter()
            .take_while(|byte| self.is_ordinary[usize::from(**byte)])
            .count();
        if ordinary == 0 || self.skip_lines > 0 {
            return 0;
        }
        buffer[..ordinary].copy_from_slice(&unread[..ordinary]);
        self.unread.start += ordinary;
        self.is_after_cr = false;
        if !matches!(self.state, State::Quoted | State::Escaped) {
            self.state = State::Plain;
        }
        ordinary
    }
}

impl<R: Read> Read for QuoteWatch<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut kept = 0;
        while kept < buffer.len() {
            // An escape at the end of the buffer waits for what is behind it.
            let is_alone = self.unread.len() == 1 && self.escape.is_some();
            if self.unread.is_empty() || is_alone {
                if kept > 0 {
                    break;
                }
                self.fill()?;
                if self.unread.is_empty() {
                    break;
                }
            }
            kept += self.pass(&mut buffer[kept..]);
            if kept == buffer.len() || self.unread.is_empty() {
                continue;
            }
            let is_alone = self.unread.len() == 1 && self.escape.is_some();
            if is_alone && !self.is_over {
                continue;
            }
            let byte = self.input[self.unread.start];
            self.unread.start += 1;
            if let Some(byte) = self.watch(byte) {
                buffer[kept] = byte;
                kept += 1;
            }
        }
        Ok(kept)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn format(quote: Option<u8>, escape: Option<u8>, skip_lines: u32) -> ExportFormat {
        ExportFormat {
            quote,
            escape,
            skip_lines,
            ..ExportFormat::default()
        }
    }

    fn watched(text: &str, format: &ExportFormat) -> (String, Option<u64>) {
        let mut watch = QuoteWatch::new(text.as_bytes(), format);
        let mut passed = String::new();
        watch
            .read_to_string(&mut passed)
            .expect("a slice can be read");
        (passed, watch.open_quote())
    }

    fn open_quote(text: &str) -> Option<u64> {
        watched(text, &ExportFormat::default()).1
    }

    #[test]
    fn every_line_end_becomes_a_line_feed() {
        let text = "a\r\nb\rc\n\r\n";
        let (passed, _) = watched(text, &ExportFormat::default());
        assert_eq!(passed, "a\nb\nc\n\n");
        let mut passed = String::new();
        QuoteWatch::of_lines("\"a\r\"\n\rb".as_bytes())
            .read_to_string(&mut passed)
            .expect("a slice can be read");
        assert_eq!(passed, "\"a\n\"\n\nb");
    }

    #[test]
    fn only_a_quote_that_is_never_closed_is_open() {
        assert_eq!(open_quote("a,b\n1,\"x\ny\"\n"), None);
        assert_eq!(open_quote("a,b\n1,\"say \"\"hi\"\"\"\n"), None);
        assert_eq!(open_quote("a,b\n1,5\" pipe\n"), None);
        assert_eq!(open_quote("a,b\n1,\"broken\n2,x\n"), Some(2));
        assert_eq!(open_quote("a,b\n1,\"broken\"\"\n2,x\n"), Some(2));
        let single = format(Some(b'\''), None, 0);
        assert_eq!(watched("a\n'x\"y'\n", &single).1, None);
        assert_eq!(watched("a\n'x\n", &single).1, Some(2));
        assert_eq!(watched("a\n\"x\n", &format(None, None, 0)).1, None);
    }

    #[test]
    fn lines_above_the_header_are_left_out_and_counted() {
        let three = format(Some(b'"'), None, 3);
        let (passed, open) = watched("a \"title\r\n\r\n\"x\ra,b\n1,\"2\n", &three);
        assert_eq!(passed, "a,b\n1,\"2\n");
        assert_eq!(open, Some(5));
        assert_eq!(watched("one\n", &three).0, "");
    }

    #[test]
    fn an_escaped_quote_becomes_a_doubled_one() {
        let escaping = format(Some(b'"'), Some(b'\\'), 0);
        let forms = [
            (r#""say \"hi\"",1"#, r#""say ""hi""",1"#),
            (r#""a\\",1"#, r#""a\",1"#),
            (r#""C:\temp\n",1"#, r#""C:\temp\n",1"#),
            (r#""both ""ways""",1"#, r#""both ""ways""",1"#),
            (r#"a\"b,c\\d"#, r#"a\"b,c\\d"#),
        ];
        for (text, expected) in forms {
            assert_eq!(watched(text, &escaping), (expected.into(), None), "{text}");
        }
        assert_eq!(watched(r#""a\"#, &escaping), (r#""a\"#.into(), Some(1)));
        assert_eq!(watched(r#""a\""#, &escaping).1, Some(1));
        assert_eq!(watched("\"a\\\r\nb\"", &escaping).0, "\"a\\\nb\"");
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            failure_persistence: None,
            ..ProptestConfig::with_cases(500)
        })]

        #[test]
        fn the_size_of_reads_changes_nothing(
            text in "[ab,\"\\\\\r\n]{0,40}",
            sizes in prop::collection::vec(1_usize..4, 1..4),
            skip_lines in 0_u32..3,
        ) {
            let format = format(Some(b'"'), Some(b'\\'), skip_lines);
            let expected = watched(&text, &format);
            let pieces: Vec<&[u8]> = text.as_bytes().chunks(sizes[0]).collect();
            let inner = pieces.into_iter().fold(
                Box::new(io::empty()) as Box<dyn Read>,
                |read, piece| Box::new(read.chain(piece)),
            );
            let mut watch = QuoteWatch::new(inner, &format);
            let mut passed = Vec::new();
            for size in sizes.iter().cycle() {
                let mut buffer = vec![0; *size];
                let read = watch.read(&mut buffer).expect("a slice can be read");
                if read == 0 {
                    break;
                }
                passed.extend_from_slice(&buffer[..read]);
            }
            prop_assert_eq!(String::from_utf8_lossy(&passed), expected.0);
            prop_assert_eq!(watch.open_quote(), expected.1);
        }
    }
}

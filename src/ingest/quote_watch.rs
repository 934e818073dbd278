//! Watches the text of a CSV for a quote that is never closed, and makes every line
//! end the same.
//!
//! A parser takes the end of the file for the end of an open cell, so that all rows
//! behind the quote would vanish into one cell without a word. And it counts lines by
//! their line feeds: CR LF and a lone CR become LF, so that a row's line is the one
//! that an editor shows.

use std::io::{self, Read};

/// Passes text through and knows whether a quoted cell is open.
pub(super) struct QuoteWatch<R> {
    inner: R,
    separator: u8,
    state: State,
    line: u64,
    opened_on: u64,
    is_after_cr: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    CellStart,
    Plain,
    Quoted,
    QuoteInQuoted,
}

impl<R: Read> QuoteWatch<R> {
    pub(super) fn new(inner: R, separator: u8) -> Self {
        Self {
            inner,
            separator,
            state: State::CellStart,
            line: 1,
            opened_on: 1,
            is_after_cr: false,
        }
    }

    /// Returns the line of the quote that is open, if one is.
    pub(super) fn open_quote(&self) -> Option<u64> {
        (self.state == State::Quoted).then_some(self.opened_on)
    }

    fn watch(&mut self, byte: u8) {
        self.line += u64::from(byte == b'\n');
        self.state = match (self.state, byte) {
            (State::CellStart, b'"') => {
                self.opened_on = self.line;
                State::Quoted
            }
            (State::Quoted, b'"') => State::QuoteInQuoted,
            (State::Quoted, _) | (State::QuoteInQuoted, b'"') => State::Quoted,
            (_, b'\n') => State::CellStart,
            (_, byte) if byte == self.separator => State::CellStart,
            _ => State::Plain,
        };
    }
}

impl<R: Read> Read for QuoteWatch<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.inner.read(buffer)?;
            let mut kept = 0;
            for place in 0..read {
                let byte = buffer[place];
                let is_rest_of_crlf = self.is_after_cr && byte == b'\n';
                self.is_after_cr = byte == b'\r';
                if is_rest_of_crlf {
                    continue;
                }
                let byte = if byte == b'\r' { b'\n' } else { byte };
                self.watch(byte);
                buffer[kept] = byte;
                kept += 1;
            }
            // A read of nothing would mean the end.
            if kept > 0 || read == 0 {
                return Ok(kept);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open_quote(text: &str) -> Option<u64> {
        let mut watch = QuoteWatch::new(text.as_bytes(), b',');
        io::copy(&mut watch, &mut io::sink()).expect("a slice can be read");
        watch.open_quote()
    }

    #[test]
    fn every_line_end_becomes_a_line_feed() {
        let mut text = String::new();
        let mut watch = QuoteWatch::new("a\r\nb\rc\n\r\n".as_bytes(), b',');
        watch
            .read_to_string(&mut text)
            .expect("a slice can be read");
        assert_eq!(text, "a\nb\nc\n\n");
    }

    #[test]
    fn only_a_quote_that_is_never_closed_is_open() {
        assert_eq!(open_quote("a,b\n1,\"x\ny\"\n"), None);
        assert_eq!(open_quote("a,b\n1,\"say \"\"hi\"\"\"\n"), None);
        assert_eq!(open_quote("a,b\n1,5\" pipe\n"), None);
        assert_eq!(open_quote("a,b\n1,\"broken\n2,x\n"), Some(2));
        assert_eq!(open_quote("a,b\n1,\"broken\"\"\n2,x\n"), Some(2));
    }
}

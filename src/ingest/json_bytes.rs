//! The bytes of JSON, taken value by value without a look at what they mean.
//!
//! Only quotes and brackets count. What is within a value is judged later, by the
//! parser of that value; here it is enough to know where it ends.

use std::io::{self, BufRead, BufReader, Read};

const BUFFER_BYTES: usize = 1 << 18;

/// Why a document cannot be split.
#[derive(Debug)]
pub(super) enum SplitError {
    Io(io::Error),
    /// The document ends too early.
    CutOff,
    Unexpected {
        expected: &'static str,
        found: String,
    },
}

/// Bytes, with the line that they are on.
pub(super) struct JsonBytes<R> {
    inner: BufReader<R>,
    line: u64,
}

impl<R: Read> JsonBytes<R> {
    pub(super) fn new(inner: R) -> Self {
        Self {
            inner: BufReader::with_capacity(BUFFER_BYTES, inner),
            line: 1,
        }
    }

    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// Returns the next byte that is no blank, without going past it.
    pub(super) fn next_sign(&mut self) -> Result<Option<u8>, SplitError> {
        loop {
            let buffer = self.inner.fill_buf()?;
            if buffer.is_empty() {
                return Ok(None);
            }
            let blanks = buffer.iter().take_while(|b| b" \t\r\n".contains(b)).count();
            let sign = buffer.get(blanks).copied();
            self.line += count_lines(&buffer[..blanks]);
            self.inner.consume(blanks);
            if sign.is_some() {
                return Ok(sign);
            }
        }
    }

    /// Goes past the byte that [`Self::next_sign`] returned.
    pub(super) fn skip(&mut self) {
        self.inner.consume(1);
    }

    /// Returns the error for the next byte.
    pub(super) fn unexpected(&mut self, expected: &'static str) -> SplitError {
        match self.next_sign() {
            Err(error) => error,
            Ok(None) => SplitError::CutOff,
            Ok(Some(byte)) => {
                let sign = match byte {
                    b' '..=b'~' => char::from(byte).to_string(),
                    byte => format!("\\x{byte:02x}"),
                };
                SplitError::Unexpected {
                    expected,
                    found: format!("`{sign}` on line {}", self.line),
                }
            }
        }
    }

    /// Goes past a string in quotes and adds it, quotes and all, to `to`.
    pub(super) fn string(&mut self, to: &mut Vec<u8>) -> Result<(), SplitError> {
        if self.next_sign()? != Some(b'"') {
            return Err(self.unexpected("a name in quotes"));
        }
        self.value(Some(to))
    }

    /// Goes past one value, and adds it to `to`.
    pub(super) fn value(&mut self, mut to: Option<&mut Vec<u8>>) -> Result<(), SplitError> {
        match self.next_sign()? {
            Some(b'{' | b'[' | b'"') => {}
            Some(b'}' | b']' | b',' | b':') => return Err(self.unexpected("a value")),
            Some(_) => return self.scalar(to),
            None => return Err(SplitError::CutOff),
        }
        let mut nesting = Nesting::default();
        loop {
            let buffer = self.inner.fill_buf()?;
            if buffer.is_empty() {
                return Err(SplitError::CutOff);
            }
            let (length, end) = nesting.pass(buffer);
            if let Some(to) = to.as_deref_mut() {
                to.extend_from_slice(&buffer[..length]);
            }
            self.line += count_lines(&buffer[..length]);
            self.inner.consume(length);
            match end {
                End::Open => {}
                End::Closed => return Ok(()),
                End::Mismatch(expected) => return Err(self.unexpected(expected)),
            }
        }
    }

    /// Goes past a number or a word. It ends at a sign that is none of it; where the
    /// document ends instead, nobody knows whether it was all of it, but then it is
    /// the document.
    fn scalar(&mut self, mut to: Option<&mut Vec<u8>>) -> Result<(), SplitError> {
        loop {
            let buffer = self.inner.fill_buf()?;
            let is_inside = |byte: &&u8| !b" \t\r\n,:[]{}\"".contains(byte);
            let length = buffer.iter().take_while(is_inside).count();
            if let Some(to) = to.as_deref_mut() {
                to.extend_from_slice(&buffer[..length]);
            }
            let is_over = length < buffer.len() || buffer.is_empty();
            self.inner.consume(length);
            if is_over {
                return Ok(());
            }
        }
    }
}

fn count_lines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

/// The brackets that are open within a value.
#[derive(Default)]
struct Nesting {
    /// For each whether it is that of an object.
    open: Vec<bool>,
    is_quoted: bool,
    is_escaped: bool,
}

/// Where a value stands at the end of some bytes.
enum End {
    Open,
    Closed,
    /// A bracket closes another than is open.
    Mismatch(&'static str),
}

impl Nesting {
    /// Goes through bytes to the end of the value; returns how many are of it.
    fn pass(&mut self, bytes: &[u8]) -> (usize, End) {
        let mut place = 0;
        while let Some(byte) = bytes.get(place) {
            if self.is_quoted {
                place += self.pass_quoted(&bytes[place..]);
                if !self.is_quoted && self.open.is_empty() {
                    return (place, End::Closed);
                }
                continue;
            }
            match byte {
                b'"' => self.is_quoted = true,
                b'{' | b'[' => self.open.push(*byte == b'{'),
                b'}' | b']' => {
                    let is_object = self.open.pop().unwrap_or_default();
                    if is_object != (*byte == b'}') {
                        let expected = if is_object { "`}`" } else { "`]`" };
                        return (place, End::Mismatch(expected));
                    }
                    if self.open.is_empty() {
                        return (place + 1, End::Closed);
                    }
                }
                _ => {}
            }
            place += 1;
        }
        (place, End::Open)
    }

    /// Goes through bytes to the end of the string; returns how many are of it.
    fn pass_quoted(&mut self, bytes: &[u8]) -> usize {
        for (place, byte) in bytes.iter().enumerate() {
            match byte {
                _ if self.is_escaped => self.is_escaped = false,
                b'\\' => self.is_escaped = true,
                b'"' => {
                    self.is_quoted = false;
                    return place + 1;
                }
                _ => {}
            }
        }
        bytes.len()
    }
}

//! Text of any encoding → UTF-8, while it is read.
//!
//! A byte-order mark wins over what is declared. Bytes that the encoding does not
//! have are not replaced by a sign that looks like text: they become a byte that
//! UTF-8 does not have either, so that the readers find them and set the row aside.
//! UTF-8 itself passes through unseen, for the same reason.

use std::io::{self, Cursor, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8};

use super::archive::Bytes;

const BUFFER_BYTES: usize = 1 << 16;

/// The byte that stands for bytes without a meaning.
const MEANINGLESS: u8 = 0xff;

/// Returns the encoding of a text and the length of its byte-order mark.
pub(super) fn encoding_of(first: &[u8], declared: &'static Encoding) -> (&'static Encoding, usize) {
    Encoding::for_bom(first).unwrap_or((declared, 0))
}

/// Returns the text as UTF-8, without a byte-order mark.
pub(super) fn decode(mut first: Vec<u8>, rest: Bytes, declared: &'static Encoding) -> Bytes {
    let (encoding, mark) = encoding_of(&first, declared);
    first.drain(..mark);
    let whole = Cursor::new(first).chain(rest);
    if encoding == UTF_8 {
        return Box::new(whole);
    }
    Box::new(Decoded {
        inner: whole,
        decoder: encoding.new_decoder_without_bom_handling(),
        input: vec![0; BUFFER_BYTES],
        unread: 0..0,
        is_last: false,
        is_over: false,
        output: vec![0; BUFFER_BYTES],
        decoded: 0..0,
    })
}

/// Returns whether bytes that are declared as an encoding of single bytes are UTF-8
/// throughout, with signs that only UTF-8 would write so. As what they are declared
/// they read as `Ã¼` for `ü`, without an error.
pub(super) fn is_misread(mut bytes: impl Read, declared: &'static Encoding) -> io::Result<bool> {
    if !declared.is_single_byte() {
        return Ok(false);
    }
    let mut buffer = vec![0; BUFFER_BYTES];
    let mut kept = 0;
    let mut has_several = false;
    loop {
        let read = bytes.read(&mut buffer[kept..])?;
        let end = kept + read;
        let text = match std::str::from_utf8(&buffer[..end]) {
            Ok(text) => text,
            // A sign that is not whole may go on in what is read next.
            Err(e) if e.error_len().is_none() && read > 0 => {
                std::str::from_utf8(&buffer[..e.valid_up_to()]).unwrap_or_default()
            }
            Err(_) => return Ok(false),
        };
        has_several |= !text.is_ascii();
        if read == 0 {
            return Ok(has_several);
        }
        let whole = text.len();
        buffer.copy_within(whole..end, 0);
        kept = end - whole;
    }
}

struct Decoded<R> {
    inner: R,
    decoder: Decoder,
    input: Vec<u8>,
    /// What of `input` is not decoded yet.
    unread: std::ops::Range<usize>,
    /// Whether `inner` has come to its end.
    is_last: bool,
    /// Whether the decoder has come to its end, too.
    is_over: bool,
    output: Vec<u8>,
    /// What of `output` is not handed out yet.
    decoded: std::ops::Range<usize>,
}

impl<R: Read> Decoded<R> {
    fn fill(&mut self) -> io::Result<()> {
        while self.decoded.is_empty() && !self.is_over {
            if self.unread.is_empty() && !self.is_last {
                let read = self.inner.read(&mut self.input)?;
                self.unread = 0..read;
                self.is_last = read == 0;
            }
            let room = self.output.len() - 1;
            let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(
                &self.input[self.unread.clone()],
                &mut self.output[..room],
                self.is_last,
            );
            self.unread.start += read;
            self.decoded = 0..written;
            match result {
                DecoderResult::InputEmpty => self.is_over = self.is_last,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => {
                    self.output[written] = MEANINGLESS;
                    self.decoded.end += 1;
                }
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.fill()?;
        let decoded = &self.output[self.decoded.clone()];
        let count = decoded.len().min(buffer.len());
        buffer[..count].copy_from_slice(&decoded[..count]);
        self.decoded.start += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::{SHIFT_JIS, UTF_16BE, UTF_16LE, WINDOWS_1252};

    use super::*;

    fn read(bytes: &[u8], declared: &'static Encoding) -> Vec<u8> {
        let (first, rest) = bytes.split_at(bytes.len().min(3));
        let rest = Box::new(Cursor::new(rest.to_vec()));
        let mut text = Vec::new();
        decode(first.to_vec(), rest, declared)
            .read_to_end(&mut text)
            .expect("memory can be read");
        text
    }

    fn utf16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to_bytes).collect()
    }

    #[test]
    fn text_is_decoded_as_declared_and_a_mark_wins() {
        let little = utf16("Größe", u16::to_le_bytes);
        let big = utf16("Größe", u16::to_be_bytes);
        let marked_little = utf16("\u{feff}Größe", u16::to_le_bytes);
        let marked_big = utf16("\u{feff}Größe", u16::to_be_bytes);
        let expected = "Größe".as_bytes();
        assert_eq!(read(&little, UTF_16LE), expected);
        assert_eq!(read(&big, UTF_16BE), expected);
        assert_eq!(read(&marked_little, UTF_16LE), expected);
        assert_eq!(read(&marked_little, UTF_16BE), expected);
        assert_eq!(read(&marked_big, UTF_16LE), expected);
        assert_eq!(read(b"Gr\xf6\xdfe", WINDOWS_1252), expected);
        assert_eq!(read(expected, UTF_8), expected);
        assert_eq!(read("\u{feff}Größe".as_bytes(), UTF_8), expected);
        assert_eq!(read("\u{feff}Größe".as_bytes(), WINDOWS_1252), expected);
        assert_eq!(read(b"\x93\xfa\x96\x7b", SHIFT_JIS), "日本".as_bytes());
    }

    #[test]
    fn bytes_without_a_meaning_are_not_made_to_look_like_text() {
        assert_eq!(read(b"a\xfe,b", SHIFT_JIS), b"a\xff,b");
        assert_eq!(read(b"a\xfe,b", UTF_8), b"a\xfe,b");
        let lone = [&utf16("a", u16::to_le_bytes)[..], b"\x00\xd8b\x00"].concat();
        assert_eq!(read(&lone, UTF_16LE), b"a\xffb");
        assert_eq!(read(b"a\x00b", UTF_16LE), b"a\xff");
    }

    #[test]
    fn utf8_that_is_declared_as_single_bytes_is_noticed() {
        let is_misread = |bytes: &[u8], declared| {
            is_misread(Cursor::new(bytes.to_vec()), declared).expect("memory can be read")
        };
        assert!(is_misread("id,city\n1,Zürich\n".as_bytes(), WINDOWS_1252));
        assert!(!is_misread(b"id,city\n1,Z\xfcrich\n", WINDOWS_1252));
        assert!(!is_misread(b"id,city\n1,Bern\n", WINDOWS_1252));
        assert!(!is_misread("1,Zürich\n".as_bytes(), UTF_8));
        let both = ["Zürich\n".as_bytes(), b"Z\xfcrich\n"].concat();
        assert!(!is_misread(&both, WINDOWS_1252));
        let long = format!("x{}", "ü".repeat(BUFFER_BYTES));
        assert!(is_misread(long.as_bytes(), WINDOWS_1252));
        assert!(!is_misread(&long.as_bytes()[..BUFFER_BYTES], WINDOWS_1252));
    }

    #[test]
    fn what_lies_across_two_reads_is_one_sign() {
        let text = "日本語".repeat(20_000);
        let (bytes, _, _) = SHIFT_JIS.encode(&text);
        let odd = [b"x", &bytes[..]].concat();
        assert_eq!(read(&odd, SHIFT_JIS), format!("x{text}").into_bytes());
    }
}

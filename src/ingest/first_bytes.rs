//! Refuses a file that is visibly something else than its format.
//!
//! What a download leaves in the place of an export (a login page, a workbook, an
//! archive) is told by its first bytes, before a row is read. Text with a stray NUL
//! in it is text; only what is mostly no text is refused.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::archive::{Archive, Unpacked};
use super::decode::encoding_of;
use crate::config::{ExportFormat, Format};
use crate::error::{Error, ErrorKind, Result};

/// What the first bytes of a file show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Nothing,
    Parquet,
    Text,
    Json,
    /// Text of UTF-16 that is not declared.
    Utf16,
    /// Text of UTF-8 that is declared as UTF-16.
    Utf8,
    Other(&'static str),
}

impl Found {
    fn describe(self) -> &'static str {
        match self {
            Self::Nothing => "an empty file",
            Self::Parquet => "a Parquet file",
            Self::Text => "text",
            Self::Json => "JSON",
            Self::Utf16 => "UTF-16 text",
            Self::Utf8 => "UTF-8 text, declared as UTF-16",
            Self::Other(what) => what,
        }
    }
}

/// What other kinds of files start with.
const SIGNATURES: [(&[u8], &str); 7] = [
    (b"PK\x03\x04", "a ZIP archive (or an Excel workbook)"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"%PDF", "a PDF document"),
];

/// Refuses what is visibly not of `format`.
pub(super) fn check(
    unpacked: &Unpacked,
    origin: &str,
    format: Format,
    declared: &ExportFormat,
) -> Result<()> {
    let found = look(&unpacked.first, declared.encoding);
    // Lines above the header may be anything.
    let may_be_json = declared.skip_lines > 0;
    let is_right = match format {
        Format::Csv => found == Found::Text || (found == Found::Json && may_be_json),
        Format::Arff => found == Found::Text,
        Format::Ndjson | Format::Json => found == Found::Json,
        Format::Text | Format::Lines => matches!(found, Found::Text | Found::Json),
        Format::Parquet => found == Found::Parquet && unpacked.archive.is_none(),
    };
    if is_right {
        return Ok(());
    }
    Err(refusal(origin, format, found, unpacked.archive))
}

fn refusal(origin: &str, format: Format, found: Found, archive: Option<Archive>) -> Error {
    let expected = match format {
        Format::Csv => "separated values with a header line",
        Format::Arff => "attributes and rows of ARFF",
        Format::Ndjson => "one JSON object a line",
        Format::Json => "a JSON document",
        Format::Parquet => "a Parquet file",
        Format::Text | Format::Lines => "text",
    };
    let within = archive.map_or_else(String::new, |archive| format!(" in a {}", archive.name()));
    let error = Error::new(
        ErrorKind::Input,
        format!(
            "cannot ingest `{origin}`: expected {expected}, found {}{within}",
            found.describe()
        ),
    );
    error.hint(match found {
        Found::Nothing => "export it again, or take the source out",
        Found::Utf8 => "the encoding looks wrong: take `encoding` out of this source",
        Found::Utf16 => "declare `encoding = \"utf-16\"` for this source",
        Found::Parquet if archive.is_some() => {
            "unpack it; Parquet is compressed inside and needs no archive"
        }
        _ => "export it again, or declare its `format`",
    })
}

fn look(first: &[u8], declared: &'static Encoding) -> Found {
    if first.is_empty() {
        return Found::Nothing;
    }
    if first.starts_with(b"PAR1") {
        return Found::Parquet;
    }
    let known = SIGNATURES
        .iter()
        .find(|(start, _)| first.starts_with(start));
    if let Some((_, name)) = known {
        return Found::Other(name);
    }
    let (encoding, mark) = encoding_of(first, declared);
    let is_utf16 = |encoding| encoding == UTF_16LE || encoding == UTF_16BE;
    if is_utf16(encoding) && !is_utf16(declared) {
        return Found::Utf16;
    }
    if !is_utf16(encoding) && has_every_other_byte_zero(first) {
        return Found::Utf16;
    }
    if is_utf16(encoding) && mark == 0 && is_plain(first) {
        return Found::Utf8;
    }
    let (text, _) = encoding.decode_without_bom_handling(&first[mark..]);
    if looks_like_html(&text) {
        return Found::Other("an HTML page (perhaps a login page)");
    }
    if is_mostly_no_text(&text, encoding == UTF_8) {
        return Found::Other("binary data");
    }
    match text.trim_start().chars().next() {
        Some('{' | '[') => Found::Json,
        _ => Found::Text,
    }
}

/// Returns whether a text of another encoding has the look of UTF-16 without a
/// byte-order mark.
fn has_every_other_byte_zero(first: &[u8]) -> bool {
    let zeros = |start| {
        first
            .iter()
            .skip(start)
            .step_by(2)
            .filter(|b| **b == 0)
            .count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    let most = first.len() / 2;
    most >= 4 && even.min(odd) == 0 && even.max(odd) * 10 >= most * 7
}

/// Returns whether bytes are mostly ASCII; of UTF-16 each line end has a zero.
fn is_plain(first: &[u8]) -> bool {
    let is_text = |byte: &u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
    let plain = first.iter().filter(|byte| is_text(byte)).count();
    first.len() >= 8 && !first.contains(&0) && plain * 10 >= first.len() * 8
}

fn is_mostly_no_text(text: &str, is_utf8: bool) -> bool {
    let is_control = |c: &char| {
        c.is_control() && !('\t'..='\r').contains(c) && !('\u{1a}'..='\u{1f}').contains(c)
    };
    let all = text.chars().count();
    let controls = text.chars().filter(is_control).count();
    let unknown = text.chars().filter(|c| *c == '\u{fffd}').count();
    let is_many = controls >= 4 && controls * 10 >= all * 3;
    is_many || (is_utf8 && controls * 20 >= all && unknown * 10 >= all * 3)
}

fn looks_like_html(text: &str) -> bool {
    let start: String = text.trim_start().chars().take(9).collect();
    let start = start.to_ascii_lowercase();
    start == "<!doctype" || start.starts_with("<html") || start.starts_with("<?xml")
}

#[cfg(test)]
mod tests {
    use encoding_rs::{SHIFT_JIS, WINDOWS_1251};

    use super::*;

    fn utf16(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn a_stray_nul_is_no_binary_data() {
        let text = format!("id,title\n1,a\0b\n{}", "2,x\n".repeat(20));
        assert_eq!(look(text.as_bytes(), UTF_8), Found::Text);
        assert_eq!(look(b"a\0\n", UTF_8), Found::Text);
        let padded = format!("id,title\n1,{}\n", "\0".repeat(300));
        assert_eq!(look(padded.as_bytes(), UTF_8), Found::Other("binary data"));
        let counted: Vec<u8> = (0..=255).collect();
        assert_eq!(look(&counted, UTF_8), Found::Other("binary data"));
    }

    #[test]
    fn text_of_any_encoding_is_text() {
        let (russian, _, _) = WINDOWS_1251.encode("номер;название\n1;проверка\n");
        assert_eq!(look(&russian, WINDOWS_1251), Found::Text);
        // As the wrong encoding its rows are set aside, but it is no binary data.
        assert_eq!(look(&russian, UTF_8), Found::Text);
        let (japanese, _, _) = SHIFT_JIS.encode("番号,題名\n1,試験\n");
        assert_eq!(look(&japanese, SHIFT_JIS), Found::Text);
        let wide = utf16("id,title\n1,x\n");
        assert_eq!(look(&wide, UTF_16LE), Found::Text);
        assert_eq!(look(&wide, UTF_8), Found::Utf16);
        let marked = utf16("\u{feff}{\"id\":1}");
        assert_eq!(look(&marked, UTF_16BE), Found::Json);
        assert_eq!(look(&marked, UTF_8), Found::Utf16);
        assert_eq!(
            look("id,title\n1,Zürich\n".as_bytes(), UTF_16LE),
            Found::Utf8
        );
        assert_eq!(look(&utf16("番号,題名\n1,試験\n"), UTF_16LE), Found::Text);
        assert_eq!(look(b"\xef\xbb\xbf [1]", UTF_8), Found::Json);
    }

    #[test]
    fn a_parquet_file_in_an_archive_is_refused() {
        let unpacked = Unpacked {
            archive: Some(Archive::Gzip),
            first: b"PAR1....".to_vec(),
            rest: Box::new(std::io::empty()),
        };
        for format in [Format::Parquet, Format::Csv] {
            let error = check(&unpacked, "x.parquet.gz", format, &ExportFormat::default());
            let error = error.expect_err("it is in an archive");
            assert!(
                error
                    .to_string()
                    .contains("found a Parquet file in a gzip archive")
            );
            assert!(error.to_string().contains("hint: unpack it"));
        }
    }
}

//! Text as it may appear in a chart: cleaned, escaped, measured, shortened.
//!
//! Charts are laid out without a browser, so widths are estimates. They are
//! the advance widths of DejaVu Sans, the widest of the fonts `system-ui`
//! resolves to: text that fits by this table fits in the narrower ones too.

use std::fmt::Write;

/// Advance widths of U+0020 to U+007E in thousandths of an em.
const ASCII_WIDTHS: [u16; 95] = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636,
    636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632,
    575, 775, 752, 295, 295, 656, 557, 863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685,
    611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579,
    278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
];

/// How much wider the bold cut runs than the regular one, at most.
const BOLD_FACTOR: f64 = 1.13;

/// Returns the estimated width of one line of text in pixels.
pub(crate) fn text_width(text: &str, size: f64, bold: bool) -> f64 {
    let thousandths: u32 = text.chars().map(|c| u32::from(advance(c))).sum();
    let regular = f64::from(thousandths) / 1000.0 * size;
    if bold { regular * BOLD_FACTOR } else { regular }
}

fn advance(character: char) -> u16 {
    match character as u32 {
        code @ 0x20..=0x7E => ASCII_WIDTHS[(code - 0x20) as usize],
        // Combining marks, joiners and variation selectors take no room.
        0x300..=0x36F | 0x200B..=0x200D | 0x20D0..=0x20FF | 0xFE00..=0xFE0F => 0,
        0x2010..=0x2013 | 0x2018..=0x2019 => 560,
        0xB7 | 0xA0 => 340,
        0x80..=0x24F => 700,
        0x370..=0x58F => 860,
        0x590..=0x6FF => 720,
        0x900..=0x10FF => 1000,
        // Hangul, ideographs, kana and full-width forms are one em square.
        0x1100..=0x11FF | 0x2E80..=0xD7FF | 0xF900..=0xFAFF | 0xFF00..=0xFF60 => 1000,
        // Emoji fonts run wider than the em.
        0x1F000..=0x1FAFF | 0x2600..=0x27BF => 1380,
        _ => 1000,
    }
}

/// Returns `text` on one line without characters that XML forbids or that
/// would reorder the text around them.
pub(crate) fn clean_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| is_printable(*c))
        .collect()
}

/// Returns whether a character may stand in a drawing or a page: it is no control, turns
/// no text around, and is a character at all.
pub(crate) fn is_printable(character: char) -> bool {
    let code = character as u32;
    let is_bidi_control = matches!(code, 0x200E..=0x200F | 0x202A..=0x202E | 0x2066..=0x2069);
    let is_noncharacter = matches!(code, 0xFDD0..=0xFDEF) || code & 0xFFFE == 0xFFFE;
    !character.is_control() && !is_bidi_control && !is_noncharacter
}

/// Returns `text` escaped for XML content and attributes, control characters
/// stripped.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in clean_line(text).chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Returns `text` shortened with an ellipsis to at most `room` pixels, or the
/// whole cleaned text when it fits.
pub(crate) fn fit(text: &str, room: f64, size: f64, bold: bool) -> String {
    let line = clean_line(text);
    if text_width(&line, size, bold) <= room {
        return line;
    }
    let ellipsis = '…';
    let mut kept = String::new();
    for character in line.chars() {
        kept.push(character);
        let with_ellipsis = text_width(&kept, size, bold) + text_width("…", size, bold);
        if with_ellipsis > room {
            kept.pop();
            break;
        }
    }
    let mut shortened = kept.trim_end().to_owned();
    shortened.push(ellipsis);
    shortened
}

/// Returns `text` cut to at most `count` characters, ellipsis included.
pub(crate) fn cut(text: &str, count: usize) -> String {
    let line = clean_line(text);
    if line.chars().count() <= count {
        return line;
    }
    let mut kept: String = line.chars().take(count.saturating_sub(1)).collect();
    kept.push('…');
    kept
}

/// Returns the address when it may stand in an `href`: `https`, `http`,
/// `mailto`, a relative path or a fragment. Anything else is no link.
pub(crate) fn safe_href(address: &str) -> Option<String> {
    let address = address.trim();
    let has_control = address.chars().any(|c| !is_printable(c) || c == '\\');
    if address.is_empty() || has_control || address.starts_with("//") {
        return None;
    }
    let path_start = address.find(['/', '?', '#']).unwrap_or(address.len());
    match address[..path_start].split_once(':') {
        None => Some(address.to_owned()),
        Some((scheme, _)) => ["https", "http", "mailto"]
            .contains(&scheme.to_ascii_lowercase().as_str())
            .then(|| address.to_owned()),
    }
}

/// Returns a length in tenths of a pixel as pixels: `123` is `12.3`.
pub(crate) fn pixels(tenths: i32) -> String {
    let mut text = String::new();
    if tenths < 0 {
        text.push('-');
    }
    let size = tenths.unsigned_abs();
    // Writing to a String cannot fail.
    let _ = match size % 10 {
        0 => write!(text, "{}", size / 10),
        rest => write!(text, "{}.{rest}", size / 10),
    };
    text
}

//! Text of exports as it may stand in a page: without what HTML forbids or what would
//! turn the text around it, and escaped.

use std::borrow::Cow;

use minijinja::{Output, State, Value};

use crate::chart::is_printable;

/// Writes a value into a page: text cleaned and escaped, markup of this program as it
/// is.
///
/// # Errors
/// Where the value cannot be written.
pub(super) fn write_value(
    out: &mut Output<'_>,
    state: &mut State<'_, '_>,
    value: &Value,
) -> Result<(), minijinja::Error> {
    match value.as_str() {
        Some(text) if !value.is_safe() => Ok(out.write_str(&escape(text))?),
        _ => minijinja::escape_formatter(out, state, value),
    }
}

/// Returns whether a reader sees nothing of a text: it is empty, or all blanks,
/// controls and characters without width.
pub(super) fn is_invisible(text: &str) -> bool {
    let has_no_width = |c: char| {
        matches!(
            c,
            '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}'
        )
    };
    text.chars()
        .all(|c| c.is_whitespace() || has_no_width(c) || !is_printable(c))
}

/// Returns how many bytes a text takes in a page.
pub(super) fn escaped_size(text: &str) -> usize {
    let more: usize = text.chars().filter_map(entity).map(|e| e.len() - 1).sum();
    text.len() + more
}

/// Keeps line ends and tabs: SQL is shown as it is.
fn escape(text: &str) -> Cow<'_, str> {
    let is_dropped = |c: char| !is_printable(c) && !matches!(c, '\n' | '\t');
    if !text.chars().any(|c| is_dropped(c) || entity(c).is_some()) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars().filter(|c| !is_dropped(*c)) {
        match entity(character) {
            Some(entity) => escaped.push_str(entity),
            None => escaped.push(character),
        }
    }
    Cow::Owned(escaped)
}

fn entity(character: char) -> Option<&'static str> {
    match character {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\'' => Some("&#x27;"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_becomes_text_and_controls_are_gone() {
        let text = "<a href=\"x\" id='y'>&amp;\0\u{7}\u{1b}[31m \u{202e}gnp\u{2066}\u{fffe}\r\n\tz";
        assert_eq!(
            escape(text),
            "&lt;a href=&quot;x&quot; id=&#x27;y&#x27;&gt;&amp;amp;[31m gnp\n\tz"
        );
        assert!(matches!(escape("支払い 🚢 /a"), Cow::Borrowed(_)));
    }

    #[test]
    fn the_size_of_a_text_is_that_of_its_escaped_form() {
        for text in ["", "plain", "<&>\"'", "支払い'"] {
            assert_eq!(escaped_size(text), escape(text).len(), "{text}");
        }
    }

    #[test]
    fn a_name_that_nobody_sees_is_told_from_one_that_can_be_read() {
        for text in ["", " \t", "\u{200b}\u{feff}", "\0\u{202e}"] {
            assert!(is_invisible(text), "{text:?}");
        }
        for text in ["a", "\u{202e}a", "·", "🚢"] {
            assert!(!is_invisible(text), "{text:?}");
        }
    }
}

//! JQL: the user's condition, what was changed since, and an order that stands.
//!
//! Pages that are counted shift where an issue moves in the order meanwhile; so the
//! order is by creation, whatever the user wrote.

use chrono::{DateTime, Utc};

const ORDER: &str = "ORDER BY created ASC, key ASC";

/// Builds the query.
pub(super) fn build(jql: &str, since: Option<DateTime<Utc>>) -> String {
    let condition = without_order(jql).trim();
    let changed = since.map(|since| {
        let minute = since.format("%Y-%m-%d %H:%M");
        format!("updated >= \"{minute}\"")
    });
    match (condition.is_empty(), changed) {
        (true, None) => ORDER.to_owned(),
        (true, Some(changed)) => format!("{changed} {ORDER}"),
        (false, None) => format!("{condition} {ORDER}"),
        (false, Some(changed)) => format!("({condition}) AND {changed} {ORDER}"),
    }
}

/// Returns the query up to `ORDER BY` outside of quotes.
fn without_order(jql: &str) -> &str {
    let mut quote = None;
    let mut is_escaped = false;
    let mut is_word_start = true;
    for (place, character) in jql.char_indices() {
        match quote {
            Some(_) if is_escaped => is_escaped = false,
            Some(_) if character == '\\' => is_escaped = true,
            Some(open) if character == open => quote = None,
            Some(_) => {}
            None if matches!(character, '"' | '\'') => quote = Some(character),
            None if is_word_start && is_order(&jql[place..]) => return &jql[..place],
            None => {}
        }
        is_word_start = character.is_whitespace() || character == ')';
    }
    jql
}

fn is_order(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let is_next = |word: Option<&str>, expected: &str| {
        word.is_some_and(|word| word.eq_ignore_ascii_case(expected))
    };
    is_next(words.next(), "order") && is_next(words.next(), "by")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_always_the_same() {
        for jql in [
            "project = A",
            "project = A order by updated desc",
            "project = A ORDER  BY key",
        ] {
            assert_eq!(
                build(jql, None),
                "project = A ORDER BY created ASC, key ASC",
                "{jql}"
            );
        }
        let quoted = "summary ~ \"in order by \\\" date\" OR a = 'order by'";
        assert_eq!(build(quoted, None), format!("{quoted} {ORDER}"));
        assert_eq!(build("order by key", None), ORDER);
    }

    #[test]
    fn changes_are_asked_for_beside_the_whole_condition() {
        let since = "2026-07-06T12:34:56Z".parse().ok();
        assert_eq!(
            build("a = 1 OR b = 2 ORDER BY key", since),
            "(a = 1 OR b = 2) AND updated >= \"2026-07-06 12:34\" ORDER BY created ASC, key ASC"
        );
    }
}

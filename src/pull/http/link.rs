//! The `Link` header (RFC 8288): `<address>; rel="next"`.

/// Returns the target of the link whose relation is `next`.
pub(crate) fn next_link(header: &str) -> Option<&str> {
    let mut rest = header;
    loop {
        let (_, behind) = rest.split_once('<')?;
        let (target, behind) = behind.split_once('>')?;
        let end = end_of_parameters(behind);
        if has_relation_next(&behind[..end]) {
            return Some(target.trim());
        }
        rest = &behind[end..];
    }
}

/// Returns where the parameters of a link end: at a comma outside of quotes.
fn end_of_parameters(text: &str) -> usize {
    let mut is_quoted = false;
    for (place, character) in text.char_indices() {
        match character {
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => return place,
            _ => {}
        }
    }
    text.len()
}

fn has_relation_next(parameters: &str) -> bool {
    parameters.split(';').any(|parameter| {
        let Some((name, value)) = parameter.split_once('=') else {
            return false;
        };
        let relations = value.trim().trim_matches('"');
        name.trim().eq_ignore_ascii_case("rel")
            && relations
                .split_whitespace()
                .any(|relation| relation.eq_ignore_ascii_case("next"))
    })
}

#[cfg(test)]
mod tests {
    use super::next_link;

    #[test]
    fn the_next_link_is_found_among_others() {
        for header in [
            "<https://x/?page=2>; rel=\"next\"",
            "<https://x/?page=1>; rel=\"prev\", <https://x/?page=2>; rel=\"next\"",
            "<https://x/?a=1,2>; title=\"a, b\"; rel=first, <https://x/?page=2>;rel=next",
            "<https://x/?page=2>; rel=\"last next\"",
            "<https://x/?page=2>; REL=\"Next\"; title=\"; rel=prev\"",
        ] {
            assert_eq!(next_link(header), Some("https://x/?page=2"), "{header}");
        }
    }

    #[test]
    fn the_last_page_has_none() {
        for header in ["", "<https://x>; rel=\"prev\"", "<https://x", "next"] {
            assert_eq!(next_link(header), None, "{header}");
        }
    }
}

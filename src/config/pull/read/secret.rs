//! Keys that hold a secret, or may: read without their value in any message.

use std::collections::BTreeSet;

use super::super::super::section::Section;
use super::super::{Part, Template};

/// Returns whether a header of this name holds a secret.
pub(super) fn is_secret_header(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let words = ["token", "key", "secret", "password"];
    name == "authorization"
        || name == "proxy-authorization"
        || name == "cookie"
        || words.iter().any(|word| name.contains(word))
}

/// Returns whether a query parameter of this name holds a secret. A bare `key` is
/// more often a project's than a door's.
pub(super) fn is_secret_parameter(name: &str) -> bool {
    let letters = name.to_ascii_lowercase().replace(['_', '-'], "");
    let words = ["token", "secret", "password", "apikey", "accesskey"];
    words.iter().any(|word| letters.contains(word))
}

fn variable_hint(kind: &str, key: &str) -> String {
    let name: String = key
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_uppercase()
            } else {
                '_'
            }
        })
        .collect();
    format!("name an environment variable: `${{{kind}_{name}}}`")
}

/// Reads a key that holds a secret: it has to name a variable.
pub(super) fn secret(section: &Section<'_>, key: &'static str, kind: &str) -> Option<Template> {
    let template = open_template(section, key)?;
    if template.has_variable() {
        return Some(template);
    }
    let what = format!(
        "`{key}` in {}: expected the name of an environment variable, found a value written in the open",
        section.name
    );
    section.problem_at(key, &what, Some(variable_hint(kind, key)));
    None
}

/// Reads a key that may name variables.
pub(super) fn open_template(section: &Section<'_>, key: &'static str) -> Option<Template> {
    match Template::parse(section.hidden_text(key)?) {
        Ok(template) => Some(template),
        Err(expected) => {
            let what = format!("`{key}` in {}: expected {expected}", section.name);
            section.problem_at(key, &what, None);
            None
        }
    }
}

/// Reads a table of headers or parameters.
pub(super) fn secret_table(
    section: &Section<'_>,
    key: &'static str,
    is_secret: fn(&str) -> bool,
) -> Vec<(String, Template)> {
    let table = section.section(key);
    let mut read = Vec::new();
    for (name, entry) in table.entries() {
        let at = format!("`{name}` in {}", table.name);
        let Some(text) = entry.text() else {
            entry.problem(&format!("{at}: expected a string"), None);
            continue;
        };
        match Template::parse(text) {
            Ok(template) if is_secret(name) && !template.has_variable() => {
                let what = format!(
                    "{at}: expected the name of an environment variable, found a value written in the open"
                );
                entry.problem(&what, Some(variable_hint("HTTP", name)));
            }
            Ok(template) => read.push((name.to_owned(), template)),
            Err(expected) => entry.problem(&format!("{at}: expected {expected}"), None),
        }
    }
    read.sort_by(|(a, _), (b, _)| a.cmp(b));
    read
}

/// Reads the address of a server. A user and a password have keys of their own: in
/// the address they would be shown wherever it is.
pub(super) fn url(section: &Section<'_>, key: &'static str) -> Option<Template> {
    if !section.has(key) {
        let _ = section.hidden_text(key);
        section.problem(&format!("{} has no `{key}`", section.name), None);
        return None;
    }
    let template = open_template(section, key)?;
    let starts_open = matches!(template.parts().first(), Some(Part::Text(_)));
    let text = template.as_written();
    let behind = ["https://", "http://"]
        .iter()
        .find_map(|scheme| text.strip_prefix(scheme));
    if starts_open && behind.is_none() {
        let what = format!(
            "`{key}` in {}: expected an address that starts with https:// or http://",
            section.name
        );
        section.problem_at(key, &what, None);
        return None;
    }
    let (authority, rest) = split_authority(behind.unwrap_or(text));
    if authority.contains('@') {
        let what = format!(
            "`{key}` in {}: expected no user or password in the address, found one",
            section.name
        );
        let hint = "use `user` and `password`, or `token`".to_owned();
        section.problem_at(key, &what, Some(hint));
        return None;
    }
    let open_secrets: BTreeSet<&str> = rest
        .split_once('?')
        .map_or("", |(_, query)| query)
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .filter(|(name, value)| is_secret_parameter(name) && !value.contains("${"))
        .map(|(name, _)| name)
        .collect();
    for name in &open_secrets {
        let what = format!(
            "`{key}` in {}: expected the name of an environment variable for the parameter `{name}`, found a value written in the open",
            section.name
        );
        section.problem_at(key, &what, Some(variable_hint("HTTP", name)));
    }
    open_secrets.is_empty().then_some(template)
}

fn split_authority(text: &str) -> (&str, &str) {
    text.split_at(text.find(['/', '?', '#']).unwrap_or(text.len()))
}

/// Reads libpq's keywords or URL; a password in it has to be a variable.
pub(super) fn connection(section: &Section<'_>) -> Option<Template> {
    if !section.has("connection") {
        let _ = section.hidden_text("connection");
        section.problem(&format!("{} has no `connection`", section.name), None);
        return None;
    }
    let template = open_template(section, "connection")?;
    if !has_open_password(template.as_written()) {
        return Some(template);
    }
    let what = format!(
        "`connection` in {}: expected the name of an environment variable for the password, found a value written in the open",
        section.name
    );
    let hint = "take it out and say `password = \"${PGPASSWORD}\"`, or name a variable for the whole: `${DATABASE_URL}`";
    section.problem_at("connection", &what, Some(hint.to_owned()));
    None
}

fn has_open_password(text: &str) -> bool {
    if let Some((_, behind)) = text.split_once("://") {
        let (authority, _) = split_authority(behind);
        if let Some((user, _)) = authority.rsplit_once('@')
            && let Some((_, password)) = user.split_once(':')
            && !password.is_empty()
            && !password.starts_with("${")
        {
            return true;
        }
    }
    let mut rest = text;
    while let Some(place) = rest.find("password") {
        rest = &rest[place + "password".len()..];
        if let Some(value) = rest.trim_start().strip_prefix('=') {
            let value = value.trim_start().trim_start_matches('\'');
            if !value.is_empty() && !value.starts_with("${") {
                return true;
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_in_a_connection_is_found_in_every_spelling() {
        for text in [
            "postgres://reader:geheim@db/x",
            "postgresql://db/x?user=a&password=geheim",
            "host=db user=reader password=geheim",
            "host=db password = 'geheim'",
        ] {
            assert!(has_open_password(text), "{text}");
        }
        for text in [
            "${DATABASE_URL}",
            "postgres://reader@db/x",
            "postgres://reader:${PGPASSWORD}@db/x",
            "host=db user=reader password=${PGPASSWORD}",
            "host=db user=password",
        ] {
            assert!(!has_open_password(text), "{text}");
        }
    }

    #[test]
    fn names_tell_what_holds_a_secret() {
        for name in ["Authorization", "cookie", "X-Api-Key", "Private-Token"] {
            assert!(is_secret_header(name), "{name}");
        }
        assert!(!is_secret_header("Accept"));
        assert!(is_secret_parameter("api_key"));
        assert!(is_secret_parameter("access_token"));
        assert!(!is_secret_parameter("key"));
    }
}

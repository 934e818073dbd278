//! Objects that name a member twice: the last counts, and that is told.

use std::collections::HashSet;

use super::json_value::JsonValue;

/// Up to how many members of an object are compared each with each.
const FEW: usize = 16;

/// Returns the first name that an object of a document has twice.
pub(super) fn repeated_name<'v>(value: &'v JsonValue<'_>) -> Option<&'v str> {
    match value {
        JsonValue::Array { elements, .. } => elements.iter().find_map(repeated_name),
        JsonValue::Object { members, .. } => {
            let names = || members.iter().map(|(name, _)| name.as_ref());
            let own = match members.len() > FEW {
                true => {
                    let mut seen = HashSet::new();
                    names().find(|name| !seen.insert(*name))
                }
                false => names()
                    .enumerate()
                    .find(|(place, name)| names().take(*place).any(|earlier| earlier == *name))
                    .map(|(_, name)| name),
            };
            own.or_else(|| members.iter().find_map(|(_, value)| repeated_name(value)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::json_value::parse;
    use super::*;

    #[test]
    fn a_name_that_stands_twice_in_one_object_is_found_at_any_depth() {
        let found = |text: &str| {
            let value = parse(text).expect("it is JSON");
            repeated_name(&value).map(str::to_owned)
        };
        assert_eq!(found(r#"{"a":1,"b":{"a":2}}"#), None);
        assert_eq!(found(r#"[{"a":1},{"a":2}]"#), None);
        assert_eq!(found(r#"{"a":1,"b":2,"a":3}"#).as_deref(), Some("a"));
        assert_eq!(found(r#"{"a":[{"c":1,"c":2}]}"#).as_deref(), Some("c"));
        let mut many: Vec<String> = (0..40).map(|n| format!("\"m{n}\":0")).collect();
        many.push("\"m7\":1".into());
        let many = format!("{{{}}}", many.join(","));
        assert_eq!(found(&many).as_deref(), Some("m7"));
    }
}

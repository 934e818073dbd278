//! Looking into the JSON of a page: for the next one, and for how much is on it.

use serde_json::Value;

/// Returns the value at a path such as `links.next`. A key that has a dot itself,
/// such as `@odata.nextLink`, is found as it is, or in quotes.
pub(super) fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    if path.is_empty() {
        return Some(value);
    }
    if let Some(found) = value.get(path) {
        return Some(found);
    }
    let (key, rest) = match path.strip_prefix('"') {
        Some(quoted) => {
            let (key, rest) = quoted.split_once('"')?;
            (key, rest.strip_prefix('.').unwrap_or(rest))
        }
        None => path.split_once('.')?,
    };
    at(value.get(key)?, rest)
}

/// Returns a text or number at a path, as text; `None` where it is empty or null.
pub(super) fn text_at(value: &Value, path: &str) -> Option<String> {
    match at(value, path)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Returns the number of records in the array at a path.
pub(super) fn count(value: &Value, records: &str) -> Option<usize> {
    at(value, records)?.as_array().map(Vec::len)
}

/// Returns whether a page has no record: an empty array, or an object that has
/// arrays of which all are empty. An object without arrays is itself a record.
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Array(records) => records.is_empty(),
        Value::Object(members) => {
            let mut arrays = members.values().filter_map(Value::as_array).peekable();
            arrays.peek().is_some() && arrays.all(Vec::is_empty)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_path_leads_through_objects_and_dotted_keys() {
        let value = json!({"links": {"next": "u"}, "@odata.nextLink": "v", "a": {"b.c": {"d": 1}}});
        assert_eq!(text_at(&value, "links.next").as_deref(), Some("u"));
        assert_eq!(text_at(&value, "@odata.nextLink").as_deref(), Some("v"));
        assert_eq!(text_at(&value, "a.\"b.c\".d").as_deref(), Some("1"));
        assert_eq!(text_at(&value, "a.x"), None);
        assert_eq!(text_at(&json!({"next": null}), "next"), None);
    }

    #[test]
    fn a_page_without_records_is_told_from_one_record() {
        for empty in [json!([]), json!({"items": [], "next": null})] {
            assert!(is_empty(&empty), "{empty}");
        }
        for full in [json!([1]), json!({"id": 1}), json!({"a": [], "b": [1]})] {
            assert!(!is_empty(&full), "{full}");
        }
        assert_eq!(count(&json!([1, 2]), ""), Some(2));
        assert_eq!(count(&json!({"i": {"j": [1]}}), "i.j"), Some(1));
        assert_eq!(count(&json!({"i": 1}), "i"), None);
    }
}

//! Paths into JSON: `fields.status.name`, `fixVersions[-1].name`, `a."b.c".d`.
//!
//! Names with dots between; an index in brackets where one element of an array is
//! meant, from the end where it is negative; quotes around a name that has dots or
//! brackets in it (a quote within is doubled). A path through a whole array takes the
//! value of each element, joined with `;`. `changelog.histories[].items[]` names the
//! arrays of which each element becomes a row; a path through such an array means
//! the element of that row.

use std::borrow::Cow;

use super::json_value::{JsonValue, compact};

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Name(String),
    Index(i64),
}

/// Reads a path; `None` where it is none. `[]` behind a name changes nothing.
pub(super) fn parse(path: &str) -> Option<Vec<Step>> {
    Some(parse_levels(path)?.concat())
}

/// Turns `a.b[].c[]` into the full paths of its arrays, `a.b` and `a.b.c`; one that
/// is last is an array also without brackets.
pub(super) fn parse_rows(path: &str) -> Option<Vec<Vec<Step>>> {
    let mut full = Vec::new();
    let levels = parse_levels(path)?.into_iter();
    let filled = levels.filter(|level| !level.is_empty());
    let paths = filled.map(|level| {
        full.extend(level);
        full.clone()
    });
    Some(paths.collect())
}

/// Splits a path at its `[]`.
fn parse_levels(path: &str) -> Option<Vec<Vec<Step>>> {
    let mut levels = vec![Vec::new()];
    let mut rest = path;
    let mut is_start = true;
    while !rest.is_empty() {
        if let Some(behind) = rest.strip_prefix("[]") {
            levels.push(Vec::new());
            rest = behind;
            is_start = false;
            continue;
        }
        let (step, behind) = match rest.strip_prefix('[') {
            Some(inner) => {
                let (index, behind) = inner.split_once(']')?;
                (Step::Index(index.trim().parse().ok()?), behind)
            }
            None => {
                let rest = if is_start {
                    rest
                } else {
                    rest.strip_prefix('.')?
                };
                let (name, behind) = name(rest)?;
                (Step::Name(name), behind)
            }
        };
        levels.last_mut()?.push(step);
        rest = behind;
        is_start = false;
    }
    levels
        .iter()
        .any(|level| !level.is_empty())
        .then_some(levels)
}

fn name(rest: &str) -> Option<(String, &str)> {
    let Some(quoted) = rest.strip_prefix('"') else {
        let end = rest.find(['.', '[', ']']).unwrap_or(rest.len());
        return (end > 0).then(|| (rest[..end].to_owned(), &rest[end..]));
    };
    let mut name = String::new();
    let mut rest = quoted;
    loop {
        let (part, behind) = rest.split_once('"')?;
        name.push_str(part);
        match behind.strip_prefix('"') {
            Some(more) => rest = more,
            None => return Some((name, behind)),
        }
        name.push('"');
    }
}

/// Writes a name as it stands in a path.
pub(super) fn quoted(name: &str) -> Cow<'_, str> {
    if !name.is_empty() && !name.contains(['.', '[', ']', '"']) {
        return Cow::Borrowed(name);
    }
    Cow::Owned(format!("\"{}\"", name.replace('"', "\"\"")))
}

/// The elements that paths start from, outermost first: the path to each, and itself.
pub(super) type Anchors<'v, 't> = Vec<(&'v [Step], &'v JsonValue<'t>)>;

/// Returns the rows of one record.
pub(super) fn explode_all<'v, 't>(
    record: &'v JsonValue<'t>,
    exploded: &'v [Vec<Step>],
) -> Vec<Anchors<'v, 't>> {
    let record: Vec<Anchors<'v, 't>> = vec![vec![(&[], record)]];
    exploded.iter().fold(record, |rows, path| {
        rows.iter().flat_map(|row| explode(row, path)).collect()
    })
}

/// Returns one row for each element of the array at `path`, which is within the
/// innermost element so far. Some tools write a list of one as that one.
fn explode<'v, 't>(row: &Anchors<'v, 't>, path: &'v [Step]) -> Vec<Anchors<'v, 't>> {
    let Some((above, anchor)) = row.last().copied() else {
        return Vec::new();
    };
    let rest = path.strip_prefix(above).unwrap_or(path);
    let elements = match walk(anchor, rest) {
        Some(JsonValue::Array { elements, .. }) => elements.as_slice(),
        Some(single @ JsonValue::Object { .. }) => std::slice::from_ref(single),
        _ => return Vec::new(),
    };
    let with = |element| {
        let mut anchors = row.clone();
        anchors.push((path, element));
        anchors
    };
    elements.iter().map(with).collect()
}

/// Returns the one value at a path that goes through no whole array.
pub(super) fn walk<'v, 't>(value: &'v JsonValue<'t>, path: &[Step]) -> Option<&'v JsonValue<'t>> {
    path.iter().try_fold(value, |value, step| match step {
        Step::Name(name) => value.get(name),
        Step::Index(index) => element(value, *index),
    })
}

/// Returns the text at a path, from the innermost element that the path goes through.
pub(super) fn cell<'v>(row: &Anchors<'v, '_>, path: &[Step]) -> Option<Cow<'v, str>> {
    // A path with an index means the array itself, not the element of the row.
    let is_within = |above: &[Step]| {
        path.starts_with(above) && !matches!(path.get(above.len()), Some(Step::Index(_)))
    };
    let mut anchors = row.iter().rev();
    let found = anchors.find(|(above, _)| above.is_empty() || is_within(above));
    let (above, anchor) = found?;
    take(anchor, &path[above.len()..])
}

fn take<'v>(value: &'v JsonValue<'_>, path: &[Step]) -> Option<Cow<'v, str>> {
    let Some((step, rest)) = path.split_first() else {
        return text(value);
    };
    match (value, step) {
        (_, Step::Index(index)) => take(element(value, *index)?, rest),
        (JsonValue::Array { elements, .. }, Step::Name(name)) => match name.parse() {
            Ok(index) => take(element(value, index)?, rest),
            Err(_) => join(elements.iter().filter_map(|element| take(element, path))),
        },
        (_, Step::Name(name)) => take(value.get(name)?, rest),
    }
}

fn element<'v, 't>(value: &'v JsonValue<'t>, index: i64) -> Option<&'v JsonValue<'t>> {
    let elements = match value {
        JsonValue::Array { elements, .. } => elements.as_slice(),
        single @ JsonValue::Object { .. } => std::slice::from_ref(single),
        _ => return None,
    };
    let length = i64::try_from(elements.len()).ok()?;
    let index = if index < 0 {
        length.checked_add(index)?
    } else {
        index
    };
    elements.get(usize::try_from(index).ok()?)
}

fn text<'v>(value: &'v JsonValue<'_>) -> Option<Cow<'v, str>> {
    match value {
        JsonValue::Null => None,
        JsonValue::Boolean(true) => Some("true".into()),
        JsonValue::Boolean(false) => Some("false".into()),
        JsonValue::Number(text) => Some(Cow::Borrowed(text)),
        JsonValue::Text(text) => (!text.is_empty()).then(|| Cow::Borrowed(text.as_ref())),
        JsonValue::Array { elements, .. } => join(elements.iter().filter_map(text)),
        JsonValue::Object { text, .. } => Some(compact(text).into()),
    }
}

fn join<'v>(mut texts: impl Iterator<Item = Cow<'v, str>>) -> Option<Cow<'v, str>> {
    let mut joined = texts.next()?;
    for text in texts {
        let joined = joined.to_mut();
        joined.push(';');
        joined.push_str(&text);
    }
    Some(joined)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ingest::json_value;

    fn at(text: &str, path: &str) -> Option<String> {
        let value = json_value::parse(text).expect("it is JSON");
        let path = parse(path).expect("it is a path");
        cell(&vec![(&[], &value)], &path).map(Cow::into_owned)
    }

    fn rows(text: &str, exploded: &str, paths: &[&str]) -> Vec<String> {
        let value = json_value::parse(text).expect("it is JSON");
        let exploded = parse_rows(exploded).expect("they are paths");
        let paths: Vec<_> = paths.iter().filter_map(|path| parse(path)).collect();
        let row = |row: &Anchors<'_, '_>| {
            let cells = paths.iter().map(|path| cell(row, path).unwrap_or_default());
            cells.collect::<Vec<_>>().join(" ")
        };
        explode_all(&value, &exploded).iter().map(row).collect()
    }

    #[test]
    fn paths_reach_into_objects_and_arrays() {
        let value = r#"{"a": {"b": [{"c": 1.10}, {"c": "x"}], "d": true, "e": null, "f": "",
            "g": { "h" : [ 1 ] }, "i": {"c": 7}}, "x.y": {"z[0]": 5, "q\"": 6}}"#;
        let expected = [
            ("a.b[0].c", Some("1.10")),
            ("a.b.0.c", Some("1.10")),
            ("a.b[-1].c", Some("x")),
            ("a.b.c", Some("1.10;x")),
            ("a.b[].c", Some("1.10;x")),
            ("a.d", Some("true")),
            ("a.g", Some(r#"{"h":[1]}"#)),
            ("a.i[-1].c", Some("7")),
            (r#""x.y"."z[0]""#, Some("5")),
            (r#""x.y"."q""""#, Some("6")),
            ("a.e", None),
            ("a.f", None),
            ("a.z", None),
            ("a.b[7].c", None),
            ("a.b[-3].c", None),
            ("a.b[-9223372036854775808].c", None),
            ("x.y", None),
        ];
        for (path, text) in expected {
            assert_eq!(at(value, path).as_deref(), text, "{path}");
        }
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for path in [
            "",
            "[]",
            ".a",
            "a.",
            "a..b",
            "a[x]",
            "a[1",
            "a]b",
            r#"a."b"#,
            r#"a."b"c"#,
            "a[0]b",
        ] {
            assert_eq!(parse(path), None, "{path}");
        }
    }

    #[test]
    fn each_element_of_nested_arrays_is_a_row_that_sees_the_levels_above() {
        let value = r#"{"key": "K", "more": {"under": {"it": "m"}}, "log": [
            {"at": 1, "items": [{"f": "a"}, {"f": "b"}]},
            {"at": 2, "items": []},
            {"at": 3, "items": [{"f": "c"}]}
        ]}"#;
        let paths = [
            "key",
            "more.under.it",
            "log.at",
            "log.items.f",
            "log[-1].at",
        ];
        let expected = ["K m 1 a 3", "K m 1 b 3", "K m 3 c 3"];
        assert_eq!(rows(value, "log[].items[]", &paths), expected);
        assert_eq!(rows(value, "log[].items", &paths), expected);
        assert_eq!(rows(value, "nothing[]", &paths), [""; 0]);
        assert_eq!(rows(value, "more[]", &["key", "more.under.it"]), ["K m"]);
        let dotted = r#"{"a.b": [1, 2], "k": "K"}"#;
        assert_eq!(
            rows(dotted, r#""a.b"[]"#, &["k", r#""a.b""#]),
            ["K 1", "K 2"]
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            failure_persistence: None,
            ..ProptestConfig::with_cases(1_000)
        })]

        #[test]
        fn any_name_can_be_reached(name in any::<String>(), path in "[a\".\\[\\]0-9-]{0,12}") {
            let object = serde_json::json!({"o": {name.clone(): 1}}).to_string();
            let written = format!("o.{}", quoted(&name));
            prop_assert_eq!(at(&object, &written), Some("1".to_owned()));
            let _ = (parse(&path), parse_rows(&path));
        }
    }
}

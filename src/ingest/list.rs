//! Lists: one cell of text → its elements.

use polars::prelude::{
    Column as FrameColumn, IntoColumn, ListBuilderTrait, ListStringChunkedBuilder,
};

/// Returns a column of lists.
pub(super) fn list_column(name: &str, lists: &[Option<Vec<String>>]) -> FrameColumn {
    let mut builder = ListStringChunkedBuilder::new(name.into(), lists.len(), lists.len());
    for list in lists {
        match list {
            Some(list) => builder.append_values_iter(list.iter().map(String::as_str)),
            None => builder.append_null(),
        }
    }
    builder.finish().into_column()
}

/// Reads a list; empty elements are none.
pub(super) fn parse_list(text: &str, separator: Option<&str>) -> Vec<String> {
    let elements = text.split(separator.filter(|s| !s.is_empty()).unwrap_or(";"));
    elements
        .map(str::trim)
        .filter(|element| !element.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_no_empty_elements() {
        assert_eq!(parse_list(" a; b;;c ", None), ["a", "b", "c"]);
        assert_eq!(parse_list("a, b;c", Some(",")), ["a", "b;c"]);
    }
}

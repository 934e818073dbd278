//! Where a share that misses its target comes from: the release or team that most of
//! the rows against it belong to.

use std::collections::BTreeMap;

use super::period::Quarter;
use super::plan::name;
use crate::error::Result;
use crate::lake::Rows;
use crate::report::format;
use crate::report::measures::{DEFINITIONS, Unit};

/// A group of fewer rows is not named: anything has one.
const LEAST: usize = 2;

/// Returns by measure where most of the rows against it come from, in words.
/// `names` has the releases by id.
pub(super) fn places(
    rows: &Rows,
    names: &BTreeMap<String, String>,
    quarter: &Quarter,
) -> Result<BTreeMap<&'static str, String>> {
    let mut groups: BTreeMap<&'static str, Vec<Option<String>>> = BTreeMap::new();
    for row in rows.indices() {
        let measure = rows.text("measure", row)?.unwrap_or_default();
        let definition = DEFINITIONS.iter().find(|known| known.measure == measure);
        let Some(definition) = definition.filter(|known| known.unit == Unit::Share) else {
            continue;
        };
        let is_of = rows.text("period_kind", row)? == Some("quarter")
            && rows.text("period", row)? == Some(quarter.name.as_str())
            && rows.boolean("is_denominator", row)?.unwrap_or(false);
        let is_counted = rows.boolean("is_counted", row)?.unwrap_or(false);
        if !is_of || is_counted == definition.is_more_better {
            continue;
        }
        let release = rows.text("release_id", row)?;
        let release = release.map(|id| names.get(id).map_or(id, String::as_str));
        let group = release.or(rows.text("team", row)?);
        let entry = groups.entry(definition.measure).or_default();
        entry.push(group.map(name));
    }
    let mut found = BTreeMap::new();
    for definition in &DEFINITIONS {
        let group = groups.get(definition.measure);
        if let Some(words) = group.and_then(|group| words(group, definition.counted)) {
            found.insert(definition.measure, words);
        }
    }
    Ok(found)
}

/// "2 of the 8 deployments against it are of Anchor 2026.4"; nothing where two groups
/// are as large, or none has two.
fn words(groups: &[Option<String>], counted: &str) -> Option<String> {
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for group in groups.iter().flatten() {
        *sizes.entry(group.as_str()).or_default() += 1;
    }
    let most = sizes
        .values()
        .copied()
        .max()
        .filter(|most| *most >= LEAST)?;
    let mut largest = sizes.iter().filter(|(_, size)| **size == most);
    let (name, None) = (largest.next()?.0, largest.next()) else {
        return None;
    };
    Some(format!(
        "{} of the {} {counted} against it are of {name}",
        format::integer(most),
        format::integer(groups.len())
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(names: &[&str]) -> Vec<Option<String>> {
        let group = |name: &&str| (!name.is_empty()).then(|| (*name).to_owned());
        names.iter().map(group).collect()
    }

    #[test]
    fn the_largest_group_is_named_with_all_rows_below_it() {
        let found = words(&groups(&["A", "B", "A", "", "C"]), "deployments");
        let expected = "2 of the 5 deployments against it are of A";
        assert_eq!(found.as_deref(), Some(expected));
    }

    #[test]
    fn nothing_is_named_where_no_group_stands_out() {
        assert_eq!(words(&groups(&["A", "B", "A", "B"]), "runs"), None);
        assert_eq!(words(&groups(&["A", "B", "C"]), "runs"), None);
        assert_eq!(words(&groups(&["", ""]), "runs"), None);
    }
}

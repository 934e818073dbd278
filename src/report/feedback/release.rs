//! The patterns that a release's reports belong to, for its retrospective.

use std::collections::BTreeMap;

use super::model::Patterns;
use crate::error::Result;
use crate::report::marts::Marts;
use crate::report::page::{Cell, DataTable};

/// How many patterns the retrospective shows.
const MOST_ROWS: usize = 20;

/// Returns by release the patterns with reports that are tied to it, the most painful
/// first. The page lies two folders below the root of the site.
pub(in crate::report) fn release_patterns(marts: &Marts) -> Result<BTreeMap<String, DataTable>> {
    let patterns = Patterns::load(marts)?;
    let mut rows: BTreeMap<String, Vec<Vec<Cell>>> = BTreeMap::new();
    for pattern in &patterns.all {
        let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
        for member in &pattern.members {
            if let Some(release) = patterns.reports.text("release_id", *member)? {
                *counts.entry(release).or_default() += 1;
            }
        }
        let place = format!("../../feedback.html#{}", pattern.anchor());
        let answer = match pattern.answer.as_str() {
            "none" => "nothing open, an item is drafted",
            _ => "an open item",
        };
        for (release, count) in counts {
            rows.entry(release.to_owned()).or_default().push(vec![
                Cell::text(&pattern.label)
                    .within(&place)
                    .noted(pattern.example.as_deref()),
                Cell::integer(count),
                Cell::integer(pattern.reports),
                Cell::integer(pattern.rank),
                Cell::text(answer),
            ]);
        }
    }
    let table = |rows| {
        DataTable::new(
            "Recurring patterns with reports tied to this release, the most painful first",
            &[
                "Pattern",
                "#Reports tied to it",
                "#Reports in all",
                "#Rank by pain",
                "Answered by",
            ],
            rows,
            MOST_ROWS,
        )
    };
    let tables = rows.into_iter();
    Ok(tables
        .map(|(release, rows)| (release, table(rows)))
        .collect())
}

/// Returns the table of a release without a pattern.
pub(in crate::report) fn no_patterns() -> DataTable {
    DataTable::new("Recurring patterns", &["Pattern"], Vec::new(), MOST_ROWS)
}

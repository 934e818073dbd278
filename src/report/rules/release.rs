//! Recommended rules as they look at one release: what each would have picked in it,
//! for the retrospective of that release.

use std::collections::BTreeMap;

use super::places::{Matches, load_matches};
use super::proposal::{action_words, anchor};
use super::trial::{Trial, load_trials};
use crate::error::Result;
use crate::report::marts::Marts;
use crate::report::page::{Cell, DataTable};

/// How many rules a retrospective shows.
const MOST_ROWS: usize = 20;

/// What recommended rules say of one release.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Picked {
    matched: usize,
    caught: usize,
    well: usize,
    missed: usize,
}

/// The tables of the releases that the evidence of a recommendation includes.
pub(in crate::report) struct ReleaseRules(BTreeMap<String, DataTable>);

impl ReleaseRules {
    /// Returns the table of a release; `None` where no recommendation looks at it.
    pub(in crate::report) fn of(&self, release: &str) -> Option<&DataTable> {
        self.0.get(release)
    }
}

/// Loads the tables; a retrospective lies two folders below the root of the site.
pub(in crate::report) fn load_release_rules(marts: &Marts) -> Result<ReleaseRules> {
    let trials = load_trials(&marts.rows("rule_candidates")?)?;
    let matches = load_matches(&marts.rows("rule_matches")?)?;
    Ok(look_at_releases(&trials, &matches))
}

/// Counts, for each recommended rule, what it would have picked in each release.
fn look_at_releases(trials: &[Trial], matches: &Matches) -> ReleaseRules {
    let mut rows: BTreeMap<String, Vec<Vec<Cell>>> = BTreeMap::new();
    for trial in trials.iter().filter(|one| one.is_recommended()) {
        let mut picked: BTreeMap<&str, Picked> = BTreeMap::new();
        for one in matches.get(&trial.rule_id).into_iter().flatten() {
            let sum = picked.entry(&one.release_id).or_default();
            match (one.is_matched, one.is_bad) {
                (Some(true), Some(true)) => sum.caught += 1,
                (Some(true), Some(false)) => sum.well += 1,
                (Some(false), Some(true)) => sum.missed += 1,
                _ => {}
            }
            sum.matched += usize::from(one.is_matched == Some(true));
        }
        let picked = picked.into_iter();
        for (release, sum) in picked.filter(|(_, sum)| sum.matched + sum.missed > 0) {
            let cells = vec![
                Cell::text(trial.text.clone())
                    .within(&format!("../../rules.html#{}", anchor(&trial.rule_id))),
                Cell::text(action_words(&trial.action)),
                Cell::text(trial.outcome.words()),
                Cell::integer(sum.matched),
                Cell::integer(sum.caught),
                Cell::integer(sum.well),
                Cell::integer(sum.missed),
            ];
            rows.entry(release.to_owned()).or_default().push(cells);
        }
    }
    let tables = rows
        .into_iter()
        .map(|(release, rows)| (release, table(rows)));
    ReleaseRules(tables.collect())
}

fn table(rows: Vec<Vec<Cell>>) -> DataTable {
    DataTable::new(
        "Recommended rules, and what each would have picked in this release",
        &[
            "Rule",
            "What it would do",
            "Judged on",
            "#Picked",
            "#Of these bad",
            "#Of these well",
            "#Bad ones missed",
        ],
        rows,
        MOST_ROWS,
    )
}

#[cfg(test)]
mod tests {
    use super::super::places::Match;
    use super::super::trial::sample;
    use super::*;

    #[test]
    fn a_retrospective_counts_what_each_recommended_rule_would_have_picked() {
        let one = |release: &str, is_matched, is_bad| Match {
            item_id: "A".to_owned(),
            release_id: release.to_owned(),
            is_matched,
            is_bad,
            value: None,
        };
        let rows = vec![
            one("R-1", Some(true), Some(true)),
            one("R-1", Some(true), Some(false)),
            one("R-1", Some(true), None),
            one("R-1", Some(false), Some(true)),
            one("R-1", None, Some(true)),
            one("R-2", Some(true), Some(false)),
            one("R-3", Some(false), Some(false)),
        ];
        let trials = [
            sample("size.40.incident", "recommended"),
            sample("size.60.incident", "no_effect"),
        ];
        let matches: Matches = [
            ("size.40.incident".to_owned(), rows.clone()),
            ("size.60.incident".to_owned(), rows),
        ]
        .into();
        let found = look_at_releases(&trials, &matches);
        let counts = |release: &str| -> Vec<String> {
            let table = found.of(release).expect("the evidence includes it");
            assert_eq!(table.rows.len(), 1, "only what is recommended");
            let cells = table.rows[0][3..].iter();
            cells.map(|cell| cell.text.clone()).collect()
        };
        assert_eq!(counts("R-1"), ["3", "1", "1", "1"]);
        assert_eq!(counts("R-2"), ["1", "0", "1", "0"]);
        assert!(
            found.of("R-3").is_none(),
            "the rule has nothing to say of it"
        );
    }
}

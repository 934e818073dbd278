//! The replay: the last releases as they would have been with a rule, beside doing
//! nothing and beside the present scoring.

use std::collections::BTreeMap;

use super::Places;
use crate::error::Result;
use crate::lake::Rows;
use crate::report::format;
use crate::report::page::{Cell, DataTable};

/// How many rows of a replay a page shows.
const MOST_ROWS: usize = 12;

/// One release under one alternative.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Replayed {
    pub(super) release_id: String,
    pub(super) alternative: String,
    pub(super) items: i64,
    pub(super) held: i64,
    pub(super) caught: i64,
    pub(super) held_wrongly: i64,
    pub(super) missed: i64,
    /// Business value of items held although they turned out well.
    pub(super) delayed_value: Option<f64>,
}

/// The replays, by rule.
pub(super) type Replays = BTreeMap<String, Vec<Replayed>>;

/// Reads the mart `rule_replay`.
pub(super) fn load_replays(rows: &Rows) -> Result<Replays> {
    let mut replays = Replays::new();
    for row in rows.indices() {
        let count = |column| -> Result<i64> { Ok(rows.integer(column, row)?.unwrap_or(0)) };
        let replayed = Replayed {
            release_id: rows.owned_text("release_id", row)?,
            alternative: rows.owned_text("alternative", row)?,
            items: count("item_count")?,
            held: count("held_count")?,
            caught: count("caught_count")?,
            held_wrongly: count("held_wrongly_count")?,
            missed: count("missed_count")?,
            delayed_value: rows.number("delayed_value", row)?,
        };
        let rule = rows.owned_text("rule_id", row)?;
        replays.entry(rule).or_default().push(replayed);
    }
    Ok(replays)
}

/// Says what the rule would have done in all replayed releases together.
pub(super) fn sentence(replays: &[Replayed]) -> String {
    let of = |alternative: &str| -> Vec<&Replayed> {
        let rows = replays.iter();
        rows.filter(|one| one.alternative == alternative).collect()
    };
    let with_rule = of("rule");
    if with_rule.is_empty() {
        return "No release could be replayed.".to_owned();
    }
    let sum = |rows: &[&Replayed], read: fn(&Replayed) -> i64| -> i64 {
        rows.iter().map(|one| read(one)).sum()
    };
    let held = sum(&with_rule, |one| one.held);
    let bad = sum(&with_rule, |one| one.caught) + sum(&with_rule, |one| one.missed);
    let score = of("present_score");
    let beside = match score.is_empty() {
        true => String::new(),
        false => format!(
            " The present scoring, holding as many, would have caught {}.",
            format::integer(sum(&score, |one| one.caught))
        ),
    };
    format!(
        "In the last {} the rule would have picked {}: {} of the {} that turned out badly, and {} that turned out well.{beside}",
        format::count(with_rule.len(), "release", "releases"),
        format::count(held, "item", "items"),
        format::integer(sum(&with_rule, |one| one.caught)),
        format::integer(bad),
        format::integer(sum(&with_rule, |one| one.held_wrongly)),
    )
}

/// The replay, one row a release, the latest first: what turned out badly, and of it
/// what the rule and the present scoring would have picked.
pub(super) fn table(rule_id: &str, replays: &[Replayed], places: &Places) -> DataTable {
    let mut releases: BTreeMap<&str, BTreeMap<&str, &Replayed>> = BTreeMap::new();
    for one in replays {
        let alternatives = releases.entry(&one.release_id).or_default();
        alternatives.insert(&one.alternative, one);
    }
    let mut releases: Vec<_> = releases.into_iter().collect();
    releases.sort_by_key(|(id, _)| std::cmp::Reverse(places.shipped_at(id)));
    let cells = releases
        .into_iter()
        .filter_map(|(id, alternatives)| row(id, &alternatives, places));
    DataTable::new(
        format!(
            "Replay of {rule_id}: the last releases with the rule, and with the present scoring holding as many"
        ),
        &[
            "Release",
            "#Items",
            "#Bad, all missed if nothing is held",
            "#Picked",
            "#Rule: of these bad",
            "#Rule: of these well",
            "#Rule: value delayed",
            "#Scoring: of these bad",
            "#Scoring: of these well",
            "#Scoring: value delayed",
        ],
        cells.collect(),
        MOST_ROWS,
    )
}

fn row(
    release: &str,
    alternatives: &BTreeMap<&str, &Replayed>,
    places: &Places,
) -> Option<Vec<Cell>> {
    let rule = alternatives.get("rule")?;
    let score = alternatives.get("present_score");
    let of_score = |read: fn(&Replayed) -> i64| {
        score.map_or_else(|| Cell::maybe(None), |score| Cell::integer(read(score)))
    };
    Some(vec![
        places.release_cell(release),
        Cell::integer(rule.items),
        Cell::integer(rule.caught + rule.missed),
        Cell::integer(rule.held),
        Cell::integer(rule.caught),
        Cell::integer(rule.held_wrongly),
        Cell::number(rule.delayed_value, format::number),
        of_score(|one| one.caught),
        of_score(|one| one.held_wrongly),
        Cell::number(score.and_then(|one| one.delayed_value), format::number),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replayed(release: &str, alternative: &str, [held, caught, missed]: [i64; 3]) -> Replayed {
        Replayed {
            release_id: release.to_owned(),
            alternative: alternative.to_owned(),
            items: 20,
            held,
            caught,
            held_wrongly: held - caught,
            missed,
            delayed_value: Some(0.0),
        }
    }

    #[test]
    fn the_sentence_adds_up_the_releases_and_sets_the_present_scoring_beside() {
        let rows = [
            replayed("R-1", "rule", [4, 3, 1]),
            replayed("R-2", "rule", [2, 1, 1]),
            replayed("R-1", "present_score", [4, 1, 3]),
            replayed("R-2", "present_score", [2, 1, 1]),
            replayed("R-1", "nothing", [0, 0, 4]),
        ];
        assert_eq!(
            sentence(&rows),
            "In the last 2 releases the rule would have picked 6 items: 4 of the 6 that turned out badly, and 2 that turned out well. The present scoring, holding as many, would have caught 2."
        );
        let alone = sentence(&rows[..1]);
        assert!(
            alone.starts_with("In the last 1 release the rule"),
            "{alone}"
        );
        assert!(!alone.contains("scoring"), "{alone}");
        assert_eq!(sentence(&[]), "No release could be replayed.");
    }

    #[test]
    fn the_latest_release_comes_first_with_the_rule_and_the_scoring_beside_each_other() {
        let rows = [
            replayed("R-1", "nothing", [0, 0, 4]),
            replayed("R-1", "rule", [4, 3, 1]),
            replayed("R-1", "present_score", [4, 1, 3]),
            replayed("R-2", "rule", [2, 1, 1]),
        ];
        let table = table("size.40.age", &rows, &Places::samples(&["R-1", "R-2"]));
        let shown: Vec<Vec<&str>> = table
            .rows
            .iter()
            .map(|row| row.iter().map(|cell| cell.text.as_str()).collect())
            .collect();
        assert_eq!(
            shown,
            [
                ["R-2", "20", "2", "2", "1", "1", "0", "—", "—", "—"],
                ["R-1", "20", "4", "4", "3", "1", "0", "1", "3", "0"],
            ]
        );
    }
}

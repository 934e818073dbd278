//! Where the rows behind a rule lead to: the pages of releases and the items' trackers.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::error::Result;
use crate::lake::Rows;
use crate::query::RuleOutcome;
use crate::report::format;
use crate::report::marts::Marts;
use crate::report::page::{Cell, DataTable};

/// How many of the rows behind a rule its part of the page shows; all stand on a list.
const FIRST_ROWS: usize = 5;

/// Names, dates and addresses of releases and items.
#[derive(Debug, Default)]
pub(super) struct Places {
    releases: BTreeMap<String, (String, Option<DateTime<Utc>>)>,
    pages: BTreeMap<String, String>,
    items: BTreeMap<String, (Option<String>, Option<String>)>,
}

impl Places {
    /// Loads them; `pages` are the addresses of the releases' pages.
    pub(super) fn load(marts: &Marts, pages: &BTreeMap<String, String>) -> Result<Self> {
        let mut places = Self {
            pages: pages.clone(),
            ..Self::default()
        };
        let rows = marts.rows("release_summary")?;
        for row in rows.indices() {
            let id = rows.owned_text("release_id", row)?;
            let name = rows.owned_text("release_name", row)?;
            let at = rows.instant("first_deployed_at", row)?;
            places.releases.insert(id, (name, at));
        }
        let rows = marts.rows("item_directory")?;
        for row in rows.indices() {
            let title = rows.maybe_owned_text("title", row)?;
            let url = rows.maybe_owned_text("source_url", row)?;
            let id = rows.owned_text("item_id", row)?;
            places.items.insert(id, (title, url));
        }
        Ok(places)
    }

    /// Returns when a release went out first; `None` where nobody knows.
    pub(super) fn shipped_at(&self, release: &str) -> Option<DateTime<Utc>> {
        self.releases.get(release).and_then(|(_, at)| *at)
    }

    /// A release by its name, which leads to its page.
    pub(super) fn release_cell(&self, release: &str) -> Cell {
        let name = self.releases.get(release).map(|(name, _)| name.as_str());
        Cell::text(name.unwrap_or(release)).within_if(self.pages.get(release).cloned())
    }

    /// An item by its key, which leads to its tracker.
    fn item_cell(&self, item: &str) -> Cell {
        let known = self.items.get(item);
        let (title, url) = known.map_or((None, None), |(title, url)| {
            (title.as_deref(), url.as_deref())
        });
        Cell::text(item).link(url).noted(title)
    }

    /// Releases of these ids, one a day.
    #[cfg(test)]
    pub(super) fn samples(ids: &[&str]) -> Self {
        let mut places = Self::default();
        for (day, id) in (1..).zip(ids) {
            let at = DateTime::from_timestamp(day * 86_400, 0);
            places
                .releases
                .insert((*id).to_owned(), ((*id).to_owned(), at));
        }
        places
    }
}

/// An item of a release, as one rule looks at it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Match {
    pub(super) item_id: String,
    pub(super) release_id: String,
    pub(super) is_matched: Option<bool>,
    pub(super) is_bad: Option<bool>,
    pub(super) value: Option<f64>,
}

/// The items behind the figures, by rule.
pub(super) type Matches = BTreeMap<String, Vec<Match>>;

/// Reads the mart `rule_matches`.
pub(super) fn load_matches(rows: &Rows) -> Result<Matches> {
    let mut matches = Matches::new();
    for row in rows.indices() {
        let one = Match {
            item_id: rows.owned_text("item_id", row)?,
            release_id: rows.owned_text("release_id", row)?,
            is_matched: rows.boolean("is_matched", row)?,
            is_bad: rows.boolean("is_bad", row)?,
            value: rows.number("value", row)?,
        };
        let rule = rows.owned_text("rule_id", row)?;
        matches.entry(rule).or_default().push(one);
    }
    Ok(matches)
}

/// The items behind a rule's figures, the matched ones first, then the latest release.
pub(super) fn match_table(
    rule_id: &str,
    matches: &[Match],
    outcome: RuleOutcome,
    places: &Places,
) -> DataTable {
    let mut rows: Vec<&Match> = matches.iter().collect();
    rows.sort_by(|a, b| {
        let matched = (b.is_matched == Some(true)).cmp(&(a.is_matched == Some(true)));
        let dates = places
            .shipped_at(&b.release_id)
            .cmp(&places.shipped_at(&a.release_id));
        let ids = (&a.release_id, &a.item_id).cmp(&(&b.release_id, &b.item_id));
        matched.then(dates).then(ids)
    });
    let words = |flag: Option<bool>, yes: &'static str, no: &'static str| match flag {
        Some(true) => Cell::text(yes),
        Some(false) => Cell::text(no),
        None => Cell::text("unknown"),
    };
    let cells = rows.into_iter().map(|one| {
        vec![
            places.item_cell(&one.item_id),
            places.release_cell(&one.release_id),
            words(one.is_matched, "matched", "other"),
            words(one.is_bad, "badly", "well"),
            match outcome.is_share() {
                true => Cell::maybe(None),
                false => Cell::number(one.value, |value| outcome.level(value)),
            },
        ]
    });
    let table = DataTable::new(
        format!(
            "The {} behind the figures of {rule_id}",
            format::count(matches.len(), "item", "items")
        ),
        &["Item", "Release", "The rule", "Turned out", "#Outcome"],
        cells.collect(),
        FIRST_ROWS,
    );
    table.without_empty_columns()
}

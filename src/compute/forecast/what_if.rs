//! What would be: items taken out of their releases, and another freeze. It is a table
//! of settings, so that the forecasts of what would be are made as those of what is.

use std::collections::BTreeSet;

use arrow::array::RecordBatch;
use chrono::NaiveDate;

use super::history::History;
use super::read::day_number;
use super::situation::Change;
use crate::compute::settings::{batch, optional_dates, optional_texts, texts};
use crate::engine::Engine;
use crate::error::Result;

/// What is asked of a forecast; by default nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WhatIf {
    /// Items taken out of their releases.
    pub without: Vec<String>,
    /// A freeze in the place of that of the release, or of all where none is named.
    pub freeze: Option<NaiveDate>,
    /// The release.
    pub release_id: Option<String>,
}

impl WhatIf {
    /// Returns whether nothing is asked.
    pub fn is_nothing(&self) -> bool {
        self.without.is_empty() && self.freeze.is_none()
    }
}

/// Returns one row per item taken out, and one for the freeze.
pub(in crate::compute) fn changes_table(asked: &WhatIf) -> Result<RecordBatch> {
    let items = || asked.without.iter();
    let freeze = || asked.freeze.iter();
    let kinds = items().map(|_| "without").chain(freeze().map(|_| "freeze"));
    let names = items()
        .map(|item| Some(item.as_str()))
        .chain(freeze().map(|_| None));
    let release = asked.release_id.as_deref();
    let releases = items().map(|_| None).chain(freeze().map(|_| release));
    let dates: Vec<_> = items()
        .map(|_| None)
        .chain(freeze().map(|day| Some(*day)))
        .collect();
    batch(vec![
        ("change", texts(kinds)),
        ("item_id", optional_texts(names)),
        ("release_id", optional_texts(releases)),
        ("freeze_on", optional_dates(dates.into_iter())),
    ])
}

/// Reads what is asked.
pub(super) fn read_change(engine: &Engine, history: &History) -> Result<Change> {
    let sql = "select change, item_id, release_id, freeze_on from forecast_changes";
    let rows = engine.select(sql)?.into_rows("forecast_changes")?;
    let mut change = Change {
        without: BTreeSet::new(),
        freeze: None,
    };
    for row in rows.indices() {
        if let Some(item) = rows.text("item_id", row)? {
            let place = history
                .items
                .binary_search_by(|known| known.id.as_str().cmp(item));
            change.without.extend(place.ok());
        }
        if let Some(day) = rows.date("freeze_on", row)? {
            let named = rows.text("release_id", row)?;
            let release =
                named.map(|id| history.releases.iter().position(|release| release.id == id));
            change.freeze = match release {
                Some(None) => None,
                Some(place) => Some((place, day_number(day))),
                None => Some((None, day_number(day))),
            };
        }
    }
    Ok(change)
}

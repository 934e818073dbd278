//! How far the data reach: what is unknown because an export stops early.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::format;
use super::marts::Marts;
use crate::config::Config;
use crate::error::Result;

/// The last rows of the core tables.
pub(super) struct Freshness {
    /// The latest instant up to the as-of of each table that has one.
    last: BTreeMap<String, DateTime<Utc>>,
    /// Fed tables without a row up to the as-of.
    ahead: Vec<String>,
    as_of: DateTime<Utc>,
    stale_after_days: f64,
}

/// Tables whose rows carry no instant of their own.
const UNDATED: [&str; 2] = ["releases", "deployment_items"];

impl Freshness {
    /// Reads the mart of last rows.
    pub(super) fn load(marts: &Marts, config: &Config) -> Result<Self> {
        let rows = marts.rows("data_freshness")?;
        let mut last = BTreeMap::new();
        let mut ahead = Vec::new();
        for row in rows.indices() {
            let name = rows.owned_text("table_name", row)?;
            let has_rows = rows.integer("row_count", row)?.unwrap_or(0) > 0;
            match rows.instant("last_at", row)? {
                Some(at) => {
                    last.insert(name, at);
                }
                None if has_rows && !UNDATED.contains(&name.as_str()) => ahead.push(name),
                None => {}
            }
        }
        Ok(Self {
            last,
            ahead,
            as_of: marts.as_of,
            stale_after_days: config.ingest.stale_after_days,
        })
    }

    /// Returns whether a table stopped longer ago than the configuration allows.
    pub(super) fn is_stale(&self, table: &str) -> bool {
        self.last
            .get(table)
            .is_some_and(|at| self.age_days(*at) > self.stale_after_days)
    }

    /// Returns whether a table stopped longer before the end of a day than the
    /// configuration allows: what came up to that day is not whole.
    pub(super) fn is_stale_on(&self, table: &str, day: NaiveDate, zone: Tz) -> bool {
        let is_gone = |at: &DateTime<Utc>| {
            let age = day - at.with_timezone(&zone).date_naive();
            f64::from(i32::try_from(age.num_days()).unwrap_or(i32::MAX)) > self.stale_after_days
        };
        self.last.get(table).is_some_and(is_gone)
    }

    /// Returns the tables that stopped, each with the day of its latest row.
    pub(super) fn stale(&self, zone: Tz) -> impl Iterator<Item = (&str, NaiveDate)> {
        let stale = self.last.iter().filter(|(table, _)| self.is_stale(table));
        stale.map(move |(table, at)| (table.as_str(), at.with_timezone(&zone).date_naive()))
    }

    #[allow(
        clippy::cast_precision_loss,
        reason = "seconds of a century fit a double"
    )]
    fn age_days(&self, at: DateTime<Utc>) -> f64 {
        (self.as_of - at).num_seconds() as f64 / 86_400.0
    }

    /// Returns the latest row of all tables.
    pub(super) fn latest(&self) -> Option<DateTime<Utc>> {
        self.last.values().max().copied()
    }

    /// Returns a sentence for each table that stops early or starts late.
    pub(super) fn warnings(&self, config: &Config) -> Vec<String> {
        let zone = config.project.time_zone;
        let stale = self.last.iter().filter(|(table, _)| self.is_stale(table));
        let stale = stale.map(|(table, at)| {
            let last = format::date(at.with_timezone(&zone).date_naive());
            let age = format::age(self.age_days(*at));
            format!("The latest row of {table} is of {last}, {age} before this report: if its export stopped there, what came later is unknown, not zero.")
        });
        let ahead = self.ahead.iter().map(|table| {
            format!("{table} has no row up to the instant of this report, only later ones.")
        });
        stale.chain(ahead).collect()
    }
}

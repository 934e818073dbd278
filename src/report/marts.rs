//! The marts of the latest run, as the pages read them, with the run's settings.

use std::collections::BTreeSet;
use std::path::PathBuf;

use chrono::{DateTime, NaiveDate, Utc};

use crate::config::Config;
use crate::error::{Error, ErrorKind, Result};
use crate::lake::{self, Manifest, MartManifest, Rows, StoredMart};

/// What a page is made from.
pub(super) struct Marts {
    folder: PathBuf,
    /// What the marts were computed from.
    pub(super) manifest: MartManifest,
    /// The snapshot behind them.
    pub(super) snapshot: Manifest,
    /// The instant of the run.
    pub(super) as_of: DateTime<Utc>,
    /// The Monday of the reported week.
    pub(super) week_start: NaiveDate,
    /// How many weeks the series have; the last is the reported one.
    pub(super) week_count: i64,
    fed: BTreeSet<String>,
}

impl Marts {
    /// Loads what the pages share.
    pub(super) fn load(config: &Config) -> Result<Self> {
        let manifest = lake::load_marts(&config.root)?;
        let folder = lake::marts_folder(&config.root);
        let snapshot = lake::load_snapshot(&config.root, &manifest.snapshot)?.ok_or_else(|| {
            Error::new(
                ErrorKind::Project,
                format!(
                    "cannot render: expected snapshot `{}`, found none",
                    manifest.snapshot
                ),
            )
            .hint("run `plimsoll compute` again")
        })?;
        let params = lake::load_rows(&folder.join("settings").join("params.parquet"))?;
        let lacking = || {
            Error::new(
                ErrorKind::Internal,
                "cannot render: the marts have no as-of",
            )
        };
        let fed = snapshot.tables.iter().filter(|table| table.is_fed);
        Ok(Self {
            as_of: params.instant("as_of", 0)?.ok_or_else(lacking)?,
            week_start: params.date("week_start", 0)?.ok_or_else(lacking)?,
            week_count: params.integer("week_count", 0)?.ok_or_else(lacking)?,
            fed: fed.map(|table| table.name.clone()).collect(),
            folder,
            manifest,
            snapshot,
        })
    }

    /// Loads the rows of a mart.
    pub(super) fn rows(&self, mart: &str) -> Result<Rows> {
        lake::load_rows(&self.folder.join(format!("{mart}.parquet")))
    }

    /// Loads one of the settings tables of the run, such as `params`.
    pub(super) fn settings(&self, name: &str) -> Result<Rows> {
        lake::load_rows(&self.folder.join("settings").join(format!("{name}.parquet")))
    }

    /// Returns what the manifest says of a mart; `None` where none was computed.
    pub(super) fn stored(&self, mart: &str) -> Option<&StoredMart> {
        let mut marts = self.manifest.marts.iter();
        marts.find(|stored| stored.name == mart)
    }

    /// Returns whether a mart was computed.
    pub(super) fn has(&self, mart: &str) -> bool {
        self.stored(mart).is_some()
    }

    /// Returns whether a source feeds a table.
    pub(super) fn is_fed(&self, table: &str) -> bool {
        self.fed.contains(table)
    }

    /// Returns "no data: feed `TABLE`" for the first table that no source feeds.
    pub(super) fn missing(&self, tables: &[&str]) -> Option<String> {
        let table = tables.iter().find(|table| !self.is_fed(table))?;
        Some(format!("No data: feed {table}."))
    }
}

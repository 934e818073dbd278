//! The page of gates of each release.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Writer;
use super::model::Release;
use super::page::{Builder, Common, Identity};
use crate::error::Result;
use crate::report::gates::{self, GatePage};

/// A release's page of gates.
#[derive(Debug, Serialize)]
pub(super) struct ReleaseGatePage<'a> {
    #[serde(flatten)]
    pub(super) common: &'a Common,
    pub(super) release: Identity,
    pub(super) gates: GatePage,
}

/// What all pages of gates share.
pub(super) struct GatePages<'a> {
    builder: &'a Builder<'a>,
    /// The gates that are off, by title.
    off: Vec<String>,
    /// Where items are in their tracker.
    addresses: BTreeMap<String, String>,
}

impl<'a> GatePages<'a> {
    pub(super) fn load(builder: &'a Builder<'a>) -> Result<Self> {
        let items = builder.marts.rows("item_directory")?;
        let mut addresses = BTreeMap::new();
        for row in items.indices() {
            let address = items.text("source_url", row)?;
            if let (Some(id), Some(address)) = (items.text("item_id", row)?, address) {
                addresses.insert(id.to_owned(), address.to_owned());
            }
        }
        Ok(Self {
            builder,
            off: gates::gates_off(builder.marts)?,
            addresses,
        })
    }

    /// Writes the page of one release, where the gates know it.
    pub(super) fn write(&self, writer: &Writer<'_>, release: &Release, slug: &str) -> Result<()> {
        let Some(verdict) = self.builder.verdicts.of(&release.id) else {
            return Ok(());
        };
        let zone = self.builder.config.project.time_zone;
        let item = |id: &str| self.addresses.get(id).cloned();
        let page = ReleaseGatePage {
            common: self.builder.common,
            release: Identity::of(release, slug),
            gates: gates::gate_page(verdict, &self.off, zone, self.builder.marts.as_of, &item),
        };
        writer.write("gates.html", &format!("{slug}/gates"), &page, &[], 2)
    }
}

//! What the rows of lists name things by.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::lake::Rows;
use crate::report::marts::Marts;
use crate::report::page::Cell;

/// What rows name things by.
pub(super) struct Names {
    items: Rows,
    item_rows: BTreeMap<String, usize>,
    releases: BTreeMap<String, String>,
}

impl Names {
    pub(super) fn load(marts: &Marts) -> Result<Self> {
        let items = marts.rows("item_directory")?;
        let mut item_rows = BTreeMap::new();
        for row in items.indices() {
            if let Some(id) = items.text("item_id", row)? {
                item_rows.insert(id.to_owned(), row);
            }
        }
        let volatility = marts.rows("scope_volatility")?;
        let mut releases = BTreeMap::new();
        for row in volatility.indices() {
            let (id, name) = (
                volatility.text("release_id", row)?,
                volatility.text("release_name", row)?,
            );
            if let (Some(id), Some(name)) = (id, name) {
                releases.insert(id.to_owned(), name.to_owned());
            }
        }
        Ok(Self {
            items,
            item_rows,
            releases,
        })
    }

    pub(super) fn item(&self, id: Option<&str>) -> Result<Cell> {
        let cell = Cell::maybe(id);
        let Some(row) = id.and_then(|id| self.item_rows.get(id)) else {
            return Ok(cell);
        };
        Ok(cell
            .link(self.items.text("source_url", *row)?)
            .noted(self.items.text("title", *row)?))
    }

    pub(super) fn release(&self, id: Option<&str>) -> Cell {
        let name = id.and_then(|id| self.releases.get(id).map(String::as_str));
        Cell::maybe(name.or(id))
    }
}

//! Gates: what governance promised, against what happened. The pages of gates, the
//! strip of them on other pages, and the verdict that a pipeline asks for.

mod kept;
mod load;
mod model;
mod overview;
mod page;
mod question;
mod strip;
mod tables;

use std::collections::BTreeMap;

use super::marts::Marts;
use crate::error::Result;

pub use load::GATE_MARTS;
pub use model::{Finding, Gate, State, Verdict};
pub(super) use overview::{Sources, governance_specimen, write_governance};
pub(super) use page::{GatePage, gate_page, specimen};
pub use question::find_verdict;
pub(super) use strip::{
    QuarterGates, due_rows, exception_table, open_by, quarter_words, verdict_cell,
};

/// The verdicts on all releases, by release id.
pub(super) struct Verdicts(BTreeMap<String, Verdict>);

impl Verdicts {
    /// Loads them from the marts of the latest run.
    pub(super) fn load(marts: &Marts) -> Result<Self> {
        let verdicts = load::read_verdicts(&|mart| marts.rows(mart))?;
        let by_id = verdicts
            .into_iter()
            .map(|verdict| (verdict.release_id.clone(), verdict));
        Ok(Self(by_id.collect()))
    }

    /// Returns the verdicts on releases that were not called off.
    fn living(&self) -> impl Iterator<Item = &Verdict> {
        self.0.values().filter(|verdict| !verdict.is_cancelled)
    }

    /// Returns the verdict on a release.
    pub(super) fn of(&self, release: &str) -> Option<&Verdict> {
        self.0.get(release)
    }
}

/// Returns the titles of the gates that the configuration turns off.
pub(super) fn gates_off(marts: &Marts) -> Result<Vec<String>> {
    let gates = marts.settings("gates")?;
    let mut off = Vec::new();
    for row in gates.indices() {
        if gates.boolean("is_on", row)? == Some(false) {
            off.extend(gates.text("title", row)?.map(str::to_owned));
        }
    }
    Ok(off)
}

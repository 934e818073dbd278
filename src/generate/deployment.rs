//! Deployments and what they carry, as data.

use super::company::Company;
use super::item::Item;
use super::timeline::{AS_OF, Wall};

/// What a release carries for one system.
#[derive(Clone, Copy, Default)]
pub(super) struct Cargo {
    pub(super) items: u64,
    pub(super) late: u64,
    pub(super) untested: u64,
}

impl Cargo {
    /// Loads an item.
    pub(super) fn load(&mut self, item: &Item) {
        self.items += 1;
        self.late += u64::from(item.is_late);
        self.untested += u64::from(item.is_sensitive && !item.is_tested);
    }
}

/// Where a deployment goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Environment {
    Test,
    Staging,
    Production,
}

/// How a deployment ended, as the contract says it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Success,
    Failure,
    RolledBack,
    Cancelled,
}

/// One attempt to put something into one environment.
pub(super) struct Deployment {
    pub(super) release: usize,
    pub(super) system: usize,
    pub(super) environment: Environment,
    pub(super) started: Wall,
    pub(super) finished: Wall,
    pub(super) outcome: Outcome,
    pub(super) rollback_of: Option<usize>,
    pub(super) hotfix_of: Option<usize>,
}

/// A production deployment that hurt, and how.
pub(super) struct Damage {
    pub(super) deployment: usize,
    pub(super) needs_hotfix: bool,
}

/// Everything that was delivered, and what came of it.
pub(super) struct Deliveries {
    pub(super) deployments: Vec<Deployment>,
    pub(super) damages: Vec<Damage>,
    /// Deployments that carry items, per release and slot; hotfix releases have one slot.
    pub(super) carriers: Vec<Vec<usize>>,
    /// First success in production, per release and slot.
    pub(super) delivered: Vec<Option<Wall>>,
    pub(super) slots: usize,
}

impl Deliveries {
    /// Returns the place of a release's system in the per-slot lists.
    pub(super) fn place(&self, company: &Company, release: usize, system: usize) -> usize {
        release * self.slots + company.slot_of(system)
    }

    /// Returns whether the release carried anything anywhere.
    pub(super) fn has_cargo(&self, release: usize) -> bool {
        let places = release * self.slots..(release + 1) * self.slots;
        self.carriers[places].iter().any(|list| !list.is_empty())
    }

    /// Returns when the release was out on all its systems.
    pub(super) fn released_at(&self, release: usize) -> Option<Wall> {
        let places = release * self.slots..(release + 1) * self.slots;
        let used = places.filter(|&place| !self.carriers[place].is_empty());
        let times: Option<Vec<Wall>> = used.map(|place| self.delivered[place]).collect();
        times.and_then(|times| times.into_iter().max())
    }

    /// Makes room for one more release.
    pub(super) fn extend(&mut self) {
        self.carriers.extend(vec![Vec::new(); self.slots]);
        self.delivered.extend(vec![None; self.slots]);
    }
}

/// Keeps a deployment that had ended when the exports were taken.
pub(super) fn push(
    deliveries: &mut Deliveries,
    place: usize,
    deployment: Deployment,
) -> Option<usize> {
    if deployment.finished >= AS_OF {
        return None;
    }
    let number = deliveries.deployments.len();
    let is_production = deployment.environment == Environment::Production;
    if is_production && deployment.outcome == Outcome::Success && deployment.rollback_of.is_none() {
        deliveries.delivered[place].get_or_insert(deployment.finished);
    }
    if deployment.rollback_of.is_none() && deployment.outcome != Outcome::Cancelled {
        deliveries.carriers[place].push(number);
    }
    deliveries.deployments.push(deployment);
    Some(number)
}

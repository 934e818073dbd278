//! One backlog item: what kind it is and what happened to it.

use super::timeline::{AS_OF, Wall};

/// The contract's item types.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ItemType {
    Feature,
    Defect,
    Hotfix,
    Infrastructure,
    Compliance,
    Debt,
}

impl ItemType {
    /// Returns the tracker's own word, which the configuration translates.
    pub(super) fn tracker_word(self) -> &'static str {
        match self {
            Self::Feature => "Story",
            Self::Defect => "Bug",
            Self::Hotfix => "Hotfix",
            Self::Infrastructure => "Platform task",
            Self::Compliance => "Compliance",
            Self::Debt => "Tech debt",
        }
    }

    /// Returns the investment category.
    pub(super) fn investment(self) -> &'static str {
        match self {
            Self::Feature => "growth",
            Self::Defect | Self::Hotfix => "run",
            Self::Infrastructure | Self::Debt => "platform",
            Self::Compliance => "compliance",
        }
    }
}

/// The statuses of the tracker, in the order of the workflow.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Status {
    New,
    Refining,
    Committed,
    InBuild,
    InReview,
    Staging,
    CabApproval,
    Released,
    Declined,
}

impl Status {
    /// Returns the tracker's word.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::New => "New",
            Self::Refining => "Refining",
            Self::Committed => "Committed",
            Self::InBuild => "In build",
            Self::InReview => "In review",
            Self::Staging => "Staging",
            Self::CabApproval => "CAB approval",
            Self::Released => "Released",
            Self::Declined => "Declined",
        }
    }
}

/// A move into a status.
#[derive(Clone, Copy)]
pub(super) struct Step {
    pub(super) at: Wall,
    pub(super) status: Status,
}

/// A time in which the item was blocked.
#[derive(Clone, Copy)]
pub(super) struct Spell {
    pub(super) from: Wall,
    pub(super) to: Wall,
}

/// A change of the release that carries the item.
#[derive(Clone)]
pub(super) struct Move {
    pub(super) at: Wall,
    pub(super) from: Option<usize>,
    pub(super) to: Option<usize>,
    pub(super) reason: &'static str,
    pub(super) is_emergency: bool,
}

/// An item with its whole way, also the part that lies after the export.
pub(super) struct Item {
    pub(super) number: u64,
    pub(super) key: String,
    pub(super) team: usize,
    pub(super) system: usize,
    pub(super) kind: ItemType,
    pub(super) created: Wall,
    pub(super) steps: Vec<Step>,
    pub(super) spells: Vec<Spell>,
    pub(super) moves: Vec<Move>,
    /// The release that carries it in the end.
    pub(super) release: Option<usize>,
    /// Minutes.
    pub(super) estimate: Option<i64>,
    /// A later estimate and its time.
    pub(super) revision: Option<(Wall, i64)>,
    /// Minutes that the work takes.
    pub(super) actual: i64,
    /// When work began and ended, where it was begun.
    pub(super) build: Option<Spell>,
    /// Joined its release after the freeze, or was finished after it.
    pub(super) is_late: bool,
    pub(super) is_tested: bool,
    /// Touches authentication, personal data or a third party.
    pub(super) is_sensitive: bool,
    /// Whether the tracker kept its change log.
    pub(super) has_history: bool,
    /// The tracker dates its commitment after its delivery.
    pub(super) is_backdated: bool,
}

impl Item {
    /// Returns the first move into `status`.
    pub(super) fn first(&self, status: Status) -> Option<Wall> {
        let step = self.steps.iter().find(|step| step.status == status);
        step.map(|step| step.at)
    }

    /// Returns the last move that happened before `instant`.
    pub(super) fn last_step(&self, instant: Wall) -> Option<Step> {
        self.steps.iter().rev().find(|s| s.at < instant).copied()
    }

    /// Returns the release that carries the item at `instant`.
    pub(super) fn release_at(&self, instant: Wall) -> Option<usize> {
        let last = self.moves.iter().rev().find(|m| m.at < instant);
        last.and_then(|last| last.to)
    }

    /// Returns the estimate in minutes at `instant`.
    pub(super) fn estimate_at(&self, instant: Wall) -> Option<i64> {
        match self.revision {
            Some((at, minutes)) if at < instant => Some(minutes),
            _ => self.estimate,
        }
    }

    /// Returns the last change before `instant`, or the creation.
    pub(super) fn updated_at(&self, instant: Wall) -> Wall {
        let steps = self.steps.iter().map(|step| step.at);
        let moves = self.moves.iter().map(|m| m.at);
        let revision = self.revision.iter().map(|r| r.0);
        let spells = self.spells.iter().flat_map(|s| [s.from, s.to]);
        let last = steps.chain(moves).chain(revision).chain(spells);
        last.filter(|at| *at < instant)
            .max()
            .unwrap_or(self.created)
    }

    /// Returns whether the item existed when the exports were taken.
    pub(super) fn is_exported(&self) -> bool {
        self.created < AS_OF
    }
}

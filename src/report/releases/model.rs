//! A release as the marts know it, with the rows behind its figures.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::report::page::Tag;

/// How a release stands at the as-of; see `queries/metrics/release_summary.sql`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Planned,
    InProgress,
    Late,
    Released,
    Cancelled,
}

impl State {
    /// Returns the state of that name in the mart.
    pub(super) fn of(name: &str) -> Self {
        match name {
            "released" => Self::Released,
            "cancelled" => Self::Cancelled,
            "late" => Self::Late,
            "in_progress" => Self::InProgress,
            _ => Self::Planned,
        }
    }

    /// Returns the word for it, in the style that it is shown in.
    pub(super) fn tag(self) -> Tag {
        match self {
            Self::Planned => Tag::new("none", "planned"),
            Self::InProgress => Tag::new("none", "in progress"),
            Self::Late => Tag::new("bad", "late"),
            Self::Released => Tag::new("good", "released"),
            Self::Cancelled => Tag::new("none", "cancelled"),
        }
    }

    /// Returns whether nothing more happens to it.
    pub(super) fn is_over(self) -> bool {
        matches!(self, Self::Released | Self::Cancelled)
    }

    /// Returns whether there is something to look back on, be it so far.
    pub(super) fn has_retrospective(self) -> bool {
        self != Self::Planned
    }
}

/// A release.
#[derive(Debug, Clone)]
pub(super) struct Release {
    pub(super) id: String,
    /// Its present name; its id where it has none.
    pub(super) name: String,
    pub(super) version: Option<String>,
    pub(super) system: Option<String>,
    pub(super) criticality: Option<String>,
    pub(super) summary: Option<String>,
    pub(super) state: State,
    pub(super) planned_at: Option<DateTime<Utc>>,
    pub(super) baseline_at: Option<DateTime<Utc>>,
    /// `freeze` or `first_commitment`.
    pub(super) baseline_basis: Option<String>,
    pub(super) freeze_at: Option<DateTime<Utc>>,
    pub(super) released_at: Option<DateTime<Utc>>,
    /// Days from the planned day to the release, or to the as-of while late.
    pub(super) slip_days: Option<f64>,
    pub(super) scope: Scope,
    pub(super) counts: Counts,
    pub(super) time: Time,
    pub(super) effort: Effort,
    pub(super) items: Vec<Item>,
    pub(super) moves: Vec<Move>,
    pub(super) deployments: Vec<Deployment>,
    pub(super) events: Vec<Event>,
    pub(super) stages: Vec<Stage>,
}

impl Release {
    /// Returns the last instant that its scope is looked at.
    pub(super) fn closed_at(&self, as_of: DateTime<Utc>) -> DateTime<Utc> {
        self.released_at.unwrap_or(as_of)
    }

    /// Returns when it was over: when it went out, or, of one that was cancelled or of
    /// which the export does not say, when it was planned to.
    pub(super) fn over_at(&self) -> Option<DateTime<Utc>> {
        self.released_at
            .or_else(|| self.planned_at.filter(|_| self.state.is_over()))
    }

    /// Returns the items that were in it at its end, or are now.
    pub(super) fn items_at_end(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(|item| item.is_in_at_end)
    }

    /// Returns how many items came after the freeze, and how many went.
    pub(super) fn late_moves(&self) -> [usize; 2] {
        let late = |is_addition: bool| {
            let counted = self.moves.iter().filter(|one| one.is_counted);
            let late = counted.filter(|one| one.is_after_freeze == Some(true));
            late.filter(|one| one.is_addition == is_addition).count()
        };
        [late(true), late(false)]
    }

    /// Returns the items of which estimate and effort are compared.
    pub(super) fn compared_items(&self) -> impl Iterator<Item = &Item> {
        self.items_at_end().filter(|item| item.is_compared())
    }
}

/// Its scope, as `scope_volatility` measures it.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    pub(super) planned: u64,
    pub(super) added: u64,
    pub(super) removed: u64,
    pub(super) readded: u64,
    pub(super) after_freeze: u64,
    pub(super) changes: u64,
    /// Planned items delivered.
    pub(super) delivered: u64,
    pub(super) gross_ratio: Option<f64>,
    pub(super) net_ratio: Option<f64>,
    pub(super) churn_ratio: Option<f64>,
    /// Why it is not measured.
    pub(super) exclusion: Option<String>,
}

/// What was counted; see `release_summary`.
#[derive(Debug, Clone, Default)]
pub(super) struct Counts {
    pub(super) deployments: u64,
    pub(super) judged: u64,
    pub(super) failed: u64,
    /// Of these, failed by what the sources say, without an attributed incident.
    pub(super) failed_explicit: u64,
    pub(super) provisional: u64,
    pub(super) incidents: u64,
    pub(super) repairs: u64,
    pub(super) items: u64,
    pub(super) at_end: u64,
    pub(super) delivered_at_end: u64,
    pub(super) deployed_only: u64,
    pub(super) unknown_items: u64,
    pub(super) timed: u64,
    /// Of these, delivered.
    pub(super) timed_delivered: u64,
    pub(super) divided: u64,
    pub(super) compared: u64,
}

/// Where the time of the items at the end went.
#[derive(Debug, Clone, Default)]
pub(super) struct Time {
    /// Of the delivered: cycle time.
    pub(super) delivered_median_days: Option<f64>,
    /// Of the open: age so far.
    pub(super) age_median_days: Option<f64>,
    pub(super) active_days: Option<f64>,
    pub(super) waiting_days: Option<f64>,
    pub(super) blocked_days: Option<f64>,
}

impl Time {
    /// Returns the share of the days that items waited or were blocked.
    pub(super) fn stalled_share(&self) -> Option<f64> {
        let stalled = self.waiting_days? + self.blocked_days?;
        let all = self.active_days? + stalled;
        (all > 0.0).then(|| stalled / all)
    }
}

/// Planned and actual effort of the items that have both.
#[derive(Debug, Clone, Default)]
pub(super) struct Effort {
    pub(super) estimate_hours: Option<f64>,
    pub(super) actual_hours: Option<f64>,
    /// Actual / planned.
    pub(super) ratio: Option<f64>,
}

/// An item that ever belonged to the release; see `release_items`.
#[derive(Debug, Clone, Default)]
pub(super) struct Item {
    pub(super) id: String,
    pub(super) title: Option<String>,
    pub(super) team: Option<String>,
    pub(super) item_type: Option<String>,
    pub(super) source_url: Option<String>,
    pub(super) scope_part: String,
    pub(super) cycle_exclusion: Option<String>,
    pub(super) estimate_exclusion: Option<String>,
    pub(super) added: u64,
    pub(super) removed: u64,
    pub(super) after_freeze: u64,
    pub(super) incidents: Option<u64>,
    pub(super) cycle_days: Option<f64>,
    pub(super) active_days: Option<f64>,
    pub(super) waiting_days: Option<f64>,
    pub(super) blocked_days: Option<f64>,
    pub(super) estimate_hours: Option<f64>,
    pub(super) actual_hours: Option<f64>,
    pub(super) is_planned: bool,
    pub(super) is_in_at_end: bool,
    pub(super) is_delivered: bool,
    pub(super) is_planned_delivery: bool,
    pub(super) committed_at: Option<DateTime<Utc>>,
    pub(super) delivered_at: Option<DateTime<Utc>>,
    /// What it did on its clock; of items at the end alone.
    pub(super) spans: Vec<Span>,
}

impl Item {
    /// Returns whether its estimate and its effort are compared.
    pub(super) fn is_compared(&self) -> bool {
        self.estimate_exclusion.is_none()
    }

    /// Returns whether it was planned and not delivered with the release.
    pub(super) fn is_missed(&self) -> bool {
        self.is_planned && !self.is_planned_delivery
    }
}

/// A span of an item's clock.
#[derive(Debug, Clone)]
pub(super) struct Span {
    /// `active`, `waiting` or `blocked`; `None` in a status without a stage.
    pub(super) activity: Option<String>,
    pub(super) stage: Option<String>,
    pub(super) stage_position: Option<i64>,
    pub(super) started_at: DateTime<Utc>,
    pub(super) ended_at: DateTime<Utc>,
}

/// A move into the release or out of it.
#[derive(Debug, Clone)]
pub(super) struct Move {
    pub(super) item_id: String,
    pub(super) is_addition: bool,
    pub(super) reason: Option<String>,
    pub(super) approval_id: Option<String>,
    pub(super) is_emergency: Option<bool>,
    /// Whether it is a scope change: between the baseline and the end.
    pub(super) is_counted: bool,
    pub(super) is_readded: bool,
    pub(super) is_after_freeze: Option<bool>,
    pub(super) changed_at: DateTime<Utc>,
}

/// A completed production deployment.
#[derive(Debug, Clone)]
pub(super) struct Deployment {
    pub(super) id: String,
    pub(super) system: Option<String>,
    pub(super) result: String,
    pub(super) finished_at: DateTime<Utc>,
    pub(super) is_failed: Option<bool>,
    /// Failed by what the sources say alone.
    pub(super) is_failed_explicit: Option<bool>,
    pub(super) is_provisional: bool,
    /// What it failed by.
    pub(super) causes: Vec<&'static str>,
    pub(super) incidents: u64,
    pub(super) recovery_hours: Option<f64>,
}

/// An incident, a rollback or a hotfix tied to a deployment.
#[derive(Debug, Clone)]
pub(super) struct Event {
    pub(super) deployment_id: String,
    /// `incident`, `rollback` or `hotfix`.
    pub(super) kind: String,
    pub(super) id: String,
    pub(super) method: String,
    pub(super) summary: Option<String>,
    pub(super) answered_by: Option<String>,
    pub(super) severity: Option<i64>,
    pub(super) confidence: Option<f64>,
    pub(super) hours_after: Option<f64>,
    pub(super) is_counted: bool,
    pub(super) happened_at: DateTime<Utc>,
}

/// What the items at the end spent in one stage.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Stage {
    /// `None` for statuses without a stage.
    pub(super) name: Option<String>,
    pub(super) items: u64,
    /// Stays that came back from a later stage.
    pub(super) sent_back: u64,
    pub(super) days: f64,
    pub(super) active_days: Option<f64>,
    pub(super) waiting_days: Option<f64>,
    pub(super) blocked_days: Option<f64>,
}

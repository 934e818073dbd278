//! What the gates of a release say, as pages and pipelines tell it.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::report::format;
use crate::report::page::Tag;

/// How a gate or one of its rows stands, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// What was promised is not there, or came too late.
    Fail,
    /// Nobody can say.
    Unknown,
    /// Somebody let it through, with a reason.
    Waived,
    /// What was promised is there.
    Pass,
    /// There was nothing to look at.
    NotApplicable,
}

impl State {
    /// Reads the word that the marts use; one of none of them is unknown.
    pub(super) fn parse(word: &str) -> Self {
        match word {
            "fail" => Self::Fail,
            "waived" => Self::Waived,
            "pass" => Self::Pass,
            "not_applicable" => Self::NotApplicable,
            _ => Self::Unknown,
        }
    }

    /// Returns whether it stands in the way.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Fail | Self::Unknown)
    }

    /// Returns the word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fail => "Failed",
            Self::Unknown => "Unknown",
            Self::Waived => "Waived",
            Self::Pass => "Passed",
            Self::NotApplicable => "Nothing to check",
        }
    }

    /// Returns the words with the mark that tells them apart without colour; what
    /// is due after `as_of` has not failed yet.
    pub(super) fn words(self, due_at: Option<DateTime<Utc>>, as_of: DateTime<Utc>) -> String {
        match self {
            Self::Fail if due_at.is_some_and(|due| due > as_of) => "◇ Open, not due yet".to_owned(),
            Self::Fail => "◆ Failed".to_owned(),
            Self::Unknown => "? Unknown".to_owned(),
            Self::Waived => "△ Waived".to_owned(),
            Self::Pass => "● Passed".to_owned(),
            Self::NotApplicable => format::MISSING.to_owned(),
        }
    }
}

/// The gates of one release.
#[derive(Debug, Clone, Serialize)]
pub struct Verdict {
    /// Release.
    pub release_id: String,
    /// Its present name.
    pub release_name: String,
    /// Its version.
    pub version: Option<String>,
    /// Whether some gate had something to look at, and none is open.
    pub is_go: bool,
    /// Whether it was called off.
    pub is_cancelled: bool,
    /// Gates that had something to look at.
    pub gate_count: i64,
    /// Of these, open.
    pub open_count: i64,
    /// Of these, let through by a waiver.
    pub waived_count: i64,
    /// When it shipped.
    pub shipped_at: Option<DateTime<Utc>>,
    /// When it shipped or is due to.
    pub ship_due_at: Option<DateTime<Utc>>,
    /// The gates that are on, the open ones first.
    pub gates: Vec<Gate>,
}

/// One gate of a release.
#[derive(Debug, Clone, Serialize)]
pub struct Gate {
    /// Its name, as its file is called.
    pub gate: String,
    /// What to call it.
    pub title: String,
    /// What it belongs to.
    pub group: String,
    /// The moment it guards.
    pub guards: String,
    /// The limits it used.
    pub limits: Option<String>,
    /// How it stands.
    pub state: State,
    /// How many subjects it looked at.
    pub subject_count: i64,
    /// Why.
    pub reason: Option<String>,
    /// The earliest moment of what decided.
    pub due_at: Option<DateTime<Utc>>,
    /// What it looked at, the worst first.
    pub findings: Vec<Finding>,
}

/// One row of a gate.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    /// item, release, change, deployment, ...
    pub subject_type: String,
    /// What was looked at.
    pub subject_id: String,
    /// The team that can answer.
    pub team: Option<String>,
    /// How it stands.
    pub state: State,
    /// Why, in a sentence.
    pub reason: String,
    /// The record that decided.
    pub evidence_id: Option<String>,
    /// When it is dated.
    pub evidence_at: Option<DateTime<Utc>>,
    /// Where it is kept.
    pub evidence_url: Option<String>,
    /// Who decided.
    pub decided_by: Option<String>,
    /// The moment guarded.
    pub due_at: Option<DateTime<Utc>>,
    /// The waiver that holds, or the one that does not.
    pub waiver_id: Option<String>,
    /// Who decided on it.
    pub waiver_by: Option<String>,
    /// Its rationale.
    pub waiver_rationale: Option<String>,
    /// When.
    pub waiver_at: Option<DateTime<Utc>>,
}

impl Verdict {
    /// Returns whether it was called off before it shipped, so that no gate is about it.
    fn is_called_off(&self) -> bool {
        self.is_cancelled && self.shipped_at.is_none()
    }

    /// Returns the word that pipelines read: `go`, `no_go`, `nothing_checked` or
    /// `cancelled`.
    pub fn word(&self) -> &'static str {
        match (self.is_go, self.is_called_off()) {
            (_, true) => "cancelled",
            (true, false) => "go",
            (false, false) if self.gate_count == 0 => "nothing_checked",
            (false, false) => "no_go",
        }
    }

    /// Returns the verdict in words, such as `Blocked: 2 of 9 gates open`.
    pub fn headline(&self) -> String {
        if self.is_called_off() {
            return "Cancelled: nothing to ship".to_owned();
        }
        let of = format!(
            "{} of {}",
            format::integer(self.open_count),
            format::count(self.gate_count, "gate", "gates")
        );
        match (self.open_count, self.shipped_at.is_some()) {
            (0, _) if self.gate_count == 0 => "No gate had anything to check".to_owned(),
            (0, _) => match self.waived_count {
                0 => format!(
                    "Clear: {} passed",
                    format::count(self.gate_count, "gate", "gates")
                ),
                waived => format!(
                    "Clear: {}, {} by waiver",
                    format::count(self.gate_count, "gate", "gates"),
                    format::integer(waived)
                ),
            },
            (_, false) => format!("Blocked: {of} open"),
            (1, true) => format!("Shipped although {of} was open"),
            (_, true) => format!("Shipped although {of} were open"),
        }
    }

    /// Returns the open gates whose moment has come, or that have none.
    pub(super) fn past_due(&self, as_of: DateTime<Utc>) -> impl Iterator<Item = &Gate> {
        let open = self.gates.iter().filter(|gate| gate.state.is_open());
        open.filter(move |gate| gate.due_at.is_none_or(|due| due <= as_of))
    }

    /// Returns the open gates whose moment lies ahead.
    pub(super) fn not_due_yet(&self, as_of: DateTime<Utc>) -> impl Iterator<Item = &Gate> {
        let open = self.gates.iter().filter(|gate| gate.state.is_open());
        open.filter(move |gate| gate.due_at.is_some_and(|due| due > as_of))
    }

    /// Returns the verdict as a tag.
    pub(in crate::report) fn tag(&self) -> Tag {
        let class = match (self.open_count, self.gate_count, self.shipped_at) {
            (0, 0, _) => "none",
            (0, ..) => "good",
            (_, _, Some(_)) => "warn",
            (_, _, None) => "bad",
        };
        Tag::new(class, self.headline())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(gate_count: i64, open_count: i64, waived_count: i64) -> Verdict {
        Verdict {
            release_id: "R".into(),
            release_name: "R".into(),
            version: None,
            is_go: open_count == 0 && gate_count > 0,
            is_cancelled: false,
            gate_count,
            open_count,
            waived_count,
            shipped_at: None,
            ship_due_at: None,
            gates: Vec::new(),
        }
    }

    #[test]
    fn a_release_that_was_called_off_has_nothing_to_ship() {
        let mut cancelled = verdict(0, 0, 0);
        assert_eq!(cancelled.word(), "nothing_checked");
        cancelled.is_cancelled = true;
        assert_eq!(cancelled.word(), "cancelled");
        assert_eq!(cancelled.headline(), "Cancelled: nothing to ship");
        cancelled.shipped_at = Some(DateTime::UNIX_EPOCH);
        assert_eq!(cancelled.headline(), "No gate had anything to check");
    }

    #[test]
    fn the_headline_says_what_is_open() {
        assert_eq!(verdict(9, 2, 0).headline(), "Blocked: 2 of 9 gates open");
        assert_eq!(verdict(1, 1, 0).headline(), "Blocked: 1 of 1 gate open");
        assert_eq!(verdict(9, 0, 0).headline(), "Clear: 9 gates passed");
        assert_eq!(verdict(9, 0, 2).headline(), "Clear: 9 gates, 2 by waiver");
        assert_eq!(verdict(0, 0, 0).headline(), "No gate had anything to check");
    }

    #[test]
    fn a_release_that_shipped_is_not_blocked_any_more() {
        let mut shipped = verdict(9, 1, 0);
        shipped.shipped_at = Some(DateTime::UNIX_EPOCH);
        assert_eq!(shipped.headline(), "Shipped although 1 of 9 gates was open");
        shipped.open_count = 2;
        assert_eq!(
            shipped.headline(),
            "Shipped although 2 of 9 gates were open"
        );
    }

    #[test]
    fn what_is_due_later_has_not_failed_yet() {
        let now = DateTime::UNIX_EPOCH;
        let later = Some(now + chrono::TimeDelta::days(1));
        assert_eq!(State::Fail.words(later, now), "◇ Open, not due yet");
        assert_eq!(State::Fail.words(Some(now), now), "◆ Failed");
        assert_eq!(State::Fail.words(None, now), "◆ Failed");
    }
}

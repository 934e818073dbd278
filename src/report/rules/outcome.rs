//! What a rule is judged on, in words and units.

use crate::chart::Unit;
use crate::error::{Error, ErrorKind, Result};
use crate::query::RuleOutcome;
use crate::report::format;
use crate::statistics::Bound;

/// Reads the outcome of that name in the marts.
///
/// # Errors
/// `Internal` where there is none of that name.
pub(super) fn outcome_of(name: &str) -> Result<RuleOutcome> {
    RuleOutcome::parse(name).ok_or_else(|| {
        let message = format!("cannot show rules: expected an outcome, found `{name}`");
        Error::new(ErrorKind::Internal, message)
    })
}

impl RuleOutcome {
    /// Returns what is measured.
    pub(in crate::report) fn words(self) -> &'static str {
        match self {
            Self::FailedDeployment => "items in a failed deployment",
            Self::Incident => "items followed by an incident",
            Self::Overrun => "median effort against estimate",
            Self::Delay => "median days late",
            Self::Age => "median days from commitment to delivery",
        }
    }

    /// Writes a level of it: `12%`, `+30%` of effort, `14 days`.
    pub(in crate::report) fn level(self, value: f64) -> String {
        match self {
            Self::FailedDeployment | Self::Incident => format::percent(value),
            Self::Overrun => format::change(value.exp()),
            Self::Delay | Self::Age => format::days(value),
        }
    }

    /// Writes a difference of two levels with its sign: `+12 pts`, `+30%`, `+4 days`.
    pub(in crate::report) fn difference(self, value: f64) -> String {
        match self {
            Self::FailedDeployment | Self::Incident => {
                format!("{} pts", format::signed(value * 100.0))
            }
            Self::Overrun => format::change(value.exp()),
            Self::Delay | Self::Age => format!("{} days", format::signed(value)),
        }
    }

    /// Returns which values it can take.
    pub(in crate::report) fn bound(self) -> Bound {
        match self {
            Self::FailedDeployment | Self::Incident | Self::Age => Bound::NonNegative,
            Self::Overrun | Self::Delay => Bound::Unbounded,
        }
    }

    /// Returns the unit that charts write it in.
    pub(in crate::report) fn unit(self) -> Unit {
        match self {
            Self::FailedDeployment | Self::Incident => Unit::Percent,
            Self::Overrun => Unit::Count,
            Self::Delay | Self::Age => Unit::Days,
        }
    }

    /// Returns what a chart of it measures in each release.
    pub(in crate::report) fn caption(self) -> &'static str {
        match self {
            Self::FailedDeployment => "Share of items in a failed deployment, per release",
            Self::Incident => "Share of items followed by an incident, per release",
            Self::Overrun => "Median of ln(effort / estimate), per release",
            Self::Delay => "Median days late, per release",
            Self::Age => "Median days from commitment to delivery, per release",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_and_differences_are_written_in_the_units_of_the_outcome() {
        let outcome = |name| outcome_of(name).expect("it is an outcome");
        assert_eq!(outcome("incident").level(0.125), "13%");
        assert_eq!(outcome("incident").difference(0.125), "+13 pts");
        assert_eq!(outcome("overrun").level(0.5_f64.ln()), "−50%");
        assert_eq!(outcome("overrun").difference(1.3_f64.ln()), "+30%");
        assert_eq!(outcome("delay").difference(-4.0), "−4 days");
        assert_eq!(outcome("age").level(1.0), "1 day");
        assert!(outcome_of("joy").is_err());
    }
}

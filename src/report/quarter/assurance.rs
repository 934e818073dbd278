//! Will a measure meet its target? The answer by rule.
//!
//! With a usual range (natural process limits of at least 14 quarters) the whole
//! range must lie on the good side for a yes. With fewer quarters nothing is
//! foretold: it is said how this quarter's own interval lies to the target.

use crate::statistics::Interval;

/// How a range lies to a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Wholly on the good side, or touching the target from there.
    Good,
    /// Wholly on the bad side.
    Bad,
    /// The target lies inside.
    Inside,
}

/// What may be said of a measure and its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Assurance {
    /// No target is set.
    NoTarget,
    /// The measure has shifted: the usual range is that of another process.
    OutOfDate,
    /// Too few quarters for a usual range: how this quarter's interval lies.
    ThisQuarter(Standing),
    /// Too few quarters, and this one has no interval.
    Unknown,
    /// How the usual range lies.
    Usual(Standing),
}

/// A target and this quarter's interval, as the page writes them.
#[derive(Debug, Clone)]
pub(super) struct Words {
    pub(super) target: String,
    pub(super) interval: String,
}

/// What is known of a measure beside its target.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Process {
    /// The usual range, where enough quarters are known for one.
    pub(super) usual: Option<Interval>,
    /// Whether a run on one side says that the process has shifted.
    pub(super) is_shifted: bool,
    /// The interval of this quarter's figure.
    pub(super) quarter: Option<Interval>,
}

/// Returns what may be said. `is_more_better` tells which side of the target is good.
pub(super) fn assure(process: Process, target: Option<f64>, is_more_better: bool) -> Assurance {
    let Some(target) = target else {
        return Assurance::NoTarget;
    };
    let stand = |range: Interval| standing(range, target, is_more_better);
    match (process.usual, process.quarter) {
        (Some(_), _) if process.is_shifted => Assurance::OutOfDate,
        (Some(usual), _) => Assurance::Usual(stand(usual)),
        (None, Some(quarter)) => Assurance::ThisQuarter(stand(quarter)),
        (None, None) => Assurance::Unknown,
    }
}

fn standing(range: Interval, target: f64, is_more_better: bool) -> Standing {
    let (is_below, is_above) = match is_more_better {
        true => (range.upper < target, range.lower >= target),
        false => (range.upper <= target, range.lower > target),
    };
    match (is_below, is_above) {
        (true, _) if is_more_better => Standing::Bad,
        (true, _) => Standing::Good,
        (_, true) if is_more_better => Standing::Good,
        (_, true) => Standing::Bad,
        _ => Standing::Inside,
    }
}

impl Assurance {
    /// Returns whether only a change of the process can meet the target.
    pub(super) fn is_failing(self) -> bool {
        matches!(
            self,
            Self::Usual(Standing::Bad) | Self::ThisQuarter(Standing::Bad)
        )
    }

    /// Returns the answer in words; the quarters in which the target was met stand
    /// behind it.
    pub(super) fn words(self, words: &Words) -> String {
        let text = match self {
            Self::ThisQuarter(Standing::Inside) => {
                return format!(
                    "Cannot tell: {} lies inside {}",
                    words.target, words.interval
                );
            }
            Self::NoTarget => "No target set",
            Self::OutOfDate => "Limits out of date: it has shifted",
            Self::Usual(Standing::Good) => "Yes, reliably",
            Self::Usual(Standing::Bad) => "No, not without change",
            Self::Usual(Standing::Inside) => "Hit and miss: inside the usual range",
            Self::ThisQuarter(Standing::Good) => "Met, beyond chance",
            Self::ThisQuarter(Standing::Bad) => "Missed, beyond chance",
            Self::Unknown => "Cannot tell: too few rows",
        };
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Words {
        Words {
            target: "60 days".to_owned(),
            interval: "56–77".to_owned(),
        }
    }

    #[test]
    fn a_target_inside_the_interval_is_named_with_it() {
        let found = Assurance::ThisQuarter(Standing::Inside).words(&words());
        assert_eq!(found, "Cannot tell: 60 days lies inside 56–77");
        let found = Assurance::Unknown.words(&words());
        assert_eq!(found, "Cannot tell: too few rows");
    }

    fn range(lower: f64, upper: f64) -> Option<Interval> {
        Some(Interval { lower, upper })
    }

    fn usual(lower: f64, upper: f64, is_shifted: bool) -> Process {
        Process {
            usual: range(lower, upper),
            is_shifted,
            quarter: range(0.0, 100.0),
        }
    }

    #[test]
    fn the_rule_holds_for_both_directions_in_all_its_cases() {
        for (is_more_better, lower, upper, is_shifted, expected) in [
            (true, 96.0, 99.0, false, "Yes, reliably"),
            (true, 80.0, 94.0, false, "No, not without change"),
            (
                true,
                90.0,
                98.0,
                false,
                "Hit and miss: inside the usual range",
            ),
            (true, 96.0, 99.0, true, "Limits out of date: it has shifted"),
            (false, 80.0, 94.0, false, "Yes, reliably"),
            (false, 96.0, 99.0, false, "No, not without change"),
            (
                false,
                90.0,
                98.0,
                false,
                "Hit and miss: inside the usual range",
            ),
            (
                false,
                80.0,
                94.0,
                true,
                "Limits out of date: it has shifted",
            ),
        ] {
            let found = assure(usual(lower, upper, is_shifted), Some(95.0), is_more_better);
            assert_eq!(
                found.words(&words()),
                expected,
                "{is_more_better} {lower}–{upper}"
            );
            let is_no = expected.starts_with("No,");
            assert_eq!(
                found.is_failing(),
                is_no,
                "{is_more_better} {lower}–{upper}"
            );
        }
    }

    #[test]
    fn a_range_that_ends_at_the_target_meets_it() {
        let found = assure(usual(95.0, 99.0, false), Some(95.0), true);
        assert_eq!(found, Assurance::Usual(Standing::Good));
        let found = assure(usual(80.0, 95.0, false), Some(95.0), false);
        assert_eq!(found, Assurance::Usual(Standing::Good));
    }

    #[test]
    fn with_too_few_quarters_nothing_is_foretold() {
        let quarter = |lower, upper| Process {
            quarter: range(lower, upper),
            ..Process::default()
        };
        for (process, is_more_better, expected) in [
            (quarter(0.96, 0.99), true, Standing::Good),
            (quarter(0.60, 0.90), true, Standing::Bad),
            (quarter(0.90, 0.98), true, Standing::Inside),
            (quarter(0.60, 0.90), false, Standing::Good),
            (quarter(0.96, 0.99), false, Standing::Bad),
        ] {
            let found = assure(process, Some(0.95), is_more_better);
            assert_eq!(found, Assurance::ThisQuarter(expected));
        }
        let found = assure(Process::default(), Some(0.95), true);
        assert_eq!(found, Assurance::Unknown);
        let found = assure(quarter(0.6, 0.9), None, true);
        assert_eq!(found, Assurance::NoTarget);
    }
}

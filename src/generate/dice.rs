//! Reproducible chance: one stream of numbers per concern and subject.
//!
//! A stream is ChaCha8 keyed by the seed and addressed by `(concern, index)`,
//! so an added table draws from a new concern and moves no other number. All
//! draws are integers: nothing depends on a platform's mathematics library.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// What a stream of numbers is for. The order is part of the output's identity:
/// add at the end only.
#[derive(Clone, Copy)]
pub(super) enum Concern {
    /// Teams, systems, trains and the calendar of releases.
    Company,
    /// The team of an item; read alone, because others' keys need it.
    Team,
    /// The way of an item through the workflow.
    Flow,
    /// The wording and the ratings of an item.
    Words,
    /// Who changed an item, and side notes in its change log.
    Events,
    /// Hours spent.
    Effort,
    /// Pipeline runs of an item.
    Pipeline,
    /// Deployments of a release.
    Delivery,
    /// Incidents after deployments.
    Incident,
    /// Incidents that no deployment caused, and the hotfixes for them.
    Background,
    /// Dependencies.
    Dependency,
    /// Approvals, evidence and decisions about items.
    Governance,
    /// Approvals and evidence about releases.
    ReleaseGovernance,
    /// Risks.
    Risk,
    /// Themes and portfolio.
    Portfolio,
    /// Commitments to customers.
    Commitment,
    /// Feedback.
    Feedback,
    /// Environment windows.
    Environment,
    /// Configuration items.
    Configuration,
    /// Audits, exceptions, and what is wrong in records of change.
    Audit,
    /// What shows that a release is ready, and exceptions from its gates.
    Readiness,
    /// Constraints of an item, and when to take it back.
    Safeguards,
    /// Outages of production.
    Outage,
}

/// How far a skewed draw strays from its median.
#[derive(Clone, Copy)]
pub(super) enum Spread {
    Narrow,
    Medium,
    Wide,
}

/// Log-normal quantiles in thousandths of the median, at 0, 1/32, …, 1 (the ends
/// at 0.003 and 0.997), for sigma 0.25, 0.55 and 0.95.
const NARROW: [i64; 33] = [
    503, 628, 681, 719, 750, 777, 801, 824, 845, 865, 885, 904, 923, 942, 961, 981, 1000, 1020,
    1040, 1061, 1083, 1106, 1130, 1156, 1184, 1214, 1248, 1287, 1333, 1390, 1467, 1593, 1988,
];
const MEDIUM: [i64; 33] = [
    221, 359, 430, 484, 531, 574, 614, 652, 690, 727, 764, 802, 839, 878, 917, 958, 1000, 1044,
    1090, 1139, 1192, 1248, 1308, 1375, 1449, 1533, 1629, 1743, 1883, 2065, 2325, 2786, 4533,
];
const WIDE: [i64; 33] = [
    74, 170, 233, 286, 335, 383, 431, 478, 527, 577, 629, 682, 739, 798, 861, 928, 1000, 1077,
    1161, 1253, 1354, 1465, 1591, 1734, 1898, 2091, 2323, 2610, 2983, 3498, 4295, 5868, 13604,
];

/// One stream of numbers.
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    /// Returns the stream of `concern` for the subject numbered `index`.
    pub(super) fn at(seed: u64, concern: Concern, index: u64) -> Self {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_stream(((concern as u64) << 48) | index);
        Self(generator)
    }

    /// Returns a number in `0..bound`; `bound` is at least 1.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        let product = u128::from(self.0.next_u64()) * u128::from(bound);
        u64::try_from(product >> 64).expect("the upper half of a u128 fits in a u64")
    }

    /// Returns an index into something of length `length`, at least 1.
    pub(super) fn index(&mut self, length: usize) -> usize {
        self.below(length as u64) as usize
    }

    /// Returns a number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high - low + 1).expect("low is not above high");
        low + self.below(span) as i64
    }

    /// Returns true in `permille` of a thousand draws.
    pub(super) fn chance(&mut self, permille: u64) -> bool {
        self.below(1000) < permille
    }

    /// Returns one of `choices`.
    pub(super) fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.index(choices.len())]
    }

    /// Returns an index, drawn in proportion to `weights`.
    pub(super) fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (index, weight) in weights.iter().enumerate() {
            if left < *weight {
                return index;
            }
            left -= weight;
        }
        weights.len() - 1
    }

    /// Returns a log-normal-like number around `median`.
    pub(super) fn skewed(&mut self, median: i64, spread: Spread) -> i64 {
        let table = match spread {
            Spread::Narrow => &NARROW,
            Spread::Medium => &MEDIUM,
            Spread::Wide => &WIDE,
        };
        let place = self.below(32 * 1024) as usize;
        let (low, within) = (place / 1024, (place % 1024) as i64);
        let factor = table[low] + (table[low + 1] - table[low]) * within / 1024;
        median * factor / 1000
    }

    /// Returns `digits` hexadecimal digits (at most 16), as of a commit.
    pub(super) fn hex(&mut self, digits: usize) -> String {
        let mut text = format!("{:016x}", self.0.next_u64());
        text.truncate(digits);
        text
    }
}

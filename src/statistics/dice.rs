//! The chance of simulations: a table of ChaCha8 numbers of one seed, which every
//! simulation reads.
//!
//! The same work at another instant meets the same dice, so that a forecast moves
//! because the work did. What belongs to a release is read at a place of its own name,
//! so that another release moves nothing but the queue. Blocks of weeks go round from
//! the last to the first: D. Politis and J. Romano, "A circular block-resampling
//! procedure for stationary data", in "Exploring the Limits of Bootstrap", 1992.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// How many of the numbers that belong to releases there are; a power of two.
const OTHERS: usize = 1 << 20;

/// The dice of all simulations.
#[derive(Debug)]
pub(crate) struct Dice {
    pub(super) trials: usize,
    pub(super) horizon: usize,
    /// One number a trial and week.
    weeks: Vec<u32>,
    /// What belongs to releases.
    others: Vec<u32>,
}

impl Dice {
    /// Returns the dice of a seed, for so many trials of so many weeks.
    pub(crate) fn new(seed: u64, trials: usize, horizon: usize) -> Self {
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        let mut numbers = |count: usize| (0..count).map(|_| chance.next_u32()).collect();
        // In this order more trials are the same trials, and some after them.
        let others = numbers(OTHERS);
        Self {
            trials,
            horizon,
            weeks: numbers(trials * horizon),
            others,
        }
    }

    /// Returns a number below `count` that belongs to a name, a trial and a week.
    pub(crate) fn of_name(&self, name: u64, trial: usize, week: usize, count: usize) -> usize {
        let place = (name as usize)
            .wrapping_add(trial * (self.horizon + 1))
            .wrapping_add(week);
        below(self.others[place & (OTHERS - 1)], count)
    }

    /// Returns, by trial and week, which of `count` weeks of the past is drawn.
    pub(crate) fn weeks_of(&self, count: usize, block: usize) -> Vec<u16> {
        let block = block.max(1);
        let mut drawn = Vec::with_capacity(self.weeks.len());
        for trial in self.weeks.chunks_exact(self.horizon.max(1)) {
            for week in 0..self.horizon {
                let start = below(trial[week - week % block], count);
                drawn.push(((start + week % block) % count.max(1)) as u16);
            }
        }
        drawn
    }
}

/// The upper half of a product: a draw that is the same on every machine.
fn below(number: u32, count: usize) -> usize {
    ((u64::from(number) * count as u64) >> 32) as usize
}

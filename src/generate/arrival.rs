//! When items come in: growth, a step in the last half year, quiet Christmas weeks.

use super::company::{Company, WEEKS};
use super::dice::Dice;
use super::timeline::{DAY, START, WORKDAY};

/// Weeks of arrivals after the export: the backlog of today.
const BACKLOG_WEEKS: i64 = 6;
/// The week in which two teams' worth of people joined (from February 2026).
const GROWTH_WEEK: i64 = 84;

/// How many items are committed in each week, as a cumulative curve.
pub(super) struct Arrivals {
    cumulative: Vec<u64>,
}

impl Arrivals {
    /// Adds up the weeks.
    pub(super) fn new() -> Self {
        let mut total = 0;
        let cumulative = (0..WEEKS + BACKLOG_WEEKS).map(|week| {
            total += weight_of_week(week);
            total
        });
        Self {
            cumulative: cumulative.collect(),
        }
    }

    /// Returns the weight of all weeks.
    pub(super) fn total(&self) -> u64 {
        *self
            .cumulative
            .last()
            .expect("there are more than 100 weeks")
    }

    /// Returns the working minute in which the item would be committed.
    pub(super) fn commitment(&self, company: &Company, number: u64, dice: &mut Dice) -> i64 {
        let grain = 1_024;
        let place = (number * grain + dice.below(grain)) * self.total();
        let place = place / (company.regular * grain);
        let week = self.cumulative.partition_point(|&until| until <= place) as i64;
        let weight = weight_of_week(week);
        let before = self.cumulative[week as usize] - weight;
        let within = (place - before) as i64 * 5 * WORKDAY / weight as i64;
        let monday = START + week * 7 * DAY;
        let noise = dice.between(-WORKDAY / 2, WORKDAY / 2);
        (company.timeline.work_at(monday) + within + noise)
            .max(company.timeline.work_at(START) + 30)
    }
}

/// Growth over two years, a step up in [`GROWTH_WEEK`], quiet Christmas weeks.
pub(super) fn weight_of_week(week: i64) -> u64 {
    let base = 2_500 + 65 * week;
    let stepped = if week >= GROWTH_WEEK {
        base * 145 / 100
    } else {
        base
    };
    let seasonal = match week {
        25 | 77 | 78 => stepped / 4,
        _ if week == WEEKS - 1 => stepped * 13 / 10,
        _ => stepped,
    };
    seasonal as u64
}

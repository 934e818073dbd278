//! The days on which trials end, counted: percentiles, chances, corrections.

use super::monte_carlo::BEYOND;

/// How many of the trials end on each day, counted from the first day of the trials.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct DayCounts {
    /// By day.
    pub(crate) counts: Vec<u32>,
    /// Trials that the horizon cut off.
    pub(crate) beyond: u32,
}

/// The percentiles that forecasts give, as shares.
pub(crate) const SHARES: [f64; 3] = [0.5, 0.85, 0.95];

impl DayCounts {
    /// Counts the days of trials; [`BEYOND`] and days from `horizon_days` on are cut off.
    pub(crate) fn new(days: impl Iterator<Item = u16>, horizon_days: usize) -> Self {
        let mut found = Self {
            counts: vec![0; horizon_days],
            beyond: 0,
        };
        for day in days {
            match found.counts.get_mut(usize::from(day)) {
                Some(count) if day != BEYOND => *count += 1,
                _ => found.beyond += 1,
            }
        }
        found
    }

    /// Returns how many trials there are.
    pub(crate) fn trials(&self) -> u32 {
        self.counts.iter().sum::<u32>() + self.beyond
    }

    /// Returns the first day by which at least this share of the trials has ended;
    /// `None` beyond the horizon.
    pub(crate) fn percentile(&self, share: f64) -> Option<usize> {
        let wanted = share * f64::from(self.trials()) - 1e-9;
        let mut sum = 0;
        self.counts.iter().position(|count| {
            sum += count;
            sum > 0 && f64::from(sum) >= wanted
        })
    }

    /// Returns the share of the trials that end by a day; `None` without a trial.
    pub(crate) fn chance_by(&self, day: i64) -> Option<f64> {
        let trials = self.trials();
        let upto = usize::try_from(day + 1).unwrap_or(0).min(self.counts.len());
        let sum: u32 = self.counts[..upto].iter().sum();
        (trials > 0).then(|| f64::from(sum) / f64::from(trials))
    }

    /// Returns the counts with the distance of each trial multiplied by the factor of
    /// its share: those of [`SHARES`] at these shares, in between by straight lines,
    /// outside of them the nearest. The order of the trials is kept.
    pub(crate) fn corrected(&self, factors: [f64; 3]) -> Self {
        let trials = f64::from(self.trials().max(1));
        let mut found = Self {
            counts: vec![0; self.counts.len()],
            beyond: self.beyond,
        };
        let (mut before, mut latest) = (0, 0);
        for (day, &count) in self.counts.iter().enumerate() {
            if count == 0 {
                continue;
            }
            let pieces = pieces(before, count, trials);
            for (share, part) in pieces {
                let distance = (day + 1) as f64 * factor_at(factors, share);
                let moved = (distance + 1e-9).round().max(1.0) as usize - 1;
                latest = latest.max(moved);
                match found.counts.get_mut(latest) {
                    Some(count) => *count += part,
                    None => found.beyond += part,
                }
            }
            before += count;
        }
        found
    }
}

/// Parts a day's trials where the shares of the percentiles are, so that each of them
/// meets its own factor.
fn pieces(before: u32, count: u32, trials: f64) -> Vec<(f64, u32)> {
    let mut found = Vec::new();
    let mut from = before;
    let end = before + count;
    let cuts = SHARES.map(|share| (share * trials - 1e-9).ceil() as u32);
    for cut in cuts.into_iter().chain([end]) {
        let to = cut.clamp(from, end);
        if to > from {
            found.push((f64::from(to) / trials, to - from));
        }
        from = to;
    }
    found
}

fn factor_at(factors: [f64; 3], share: f64) -> f64 {
    let [low, middle, high] = SHARES;
    let between = |from: f64, to: f64, a: f64, b: f64| a + (b - a) * (share - from) / (to - from);
    match share {
        share if share <= low => factors[0],
        share if share <= middle => between(low, middle, factors[0], factors[1]),
        share if share <= high => between(middle, high, factors[1], factors[2]),
        _ => factors[2],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts() -> DayCounts {
        // Ten trials: three on day 0, three on day 1, three on day 3, one never.
        let days = [0, 0, 0, 1, 1, 1, 3, 3, 3, BEYOND];
        DayCounts::new(days.into_iter(), 7)
    }

    #[test]
    fn a_percentile_is_the_first_day_that_enough_trials_have_reached() {
        let counts = counts();
        assert_eq!(counts.percentile(0.5), Some(1));
        assert_eq!(counts.percentile(0.6), Some(1));
        assert_eq!(counts.percentile(0.85), Some(3));
        assert_eq!(counts.percentile(0.95), None);
    }

    #[test]
    fn a_chance_counts_the_trials_up_to_the_day() {
        let counts = counts();
        assert_eq!(counts.chance_by(-1), Some(0.0));
        assert_eq!(counts.chance_by(1), Some(0.6));
        assert_eq!(counts.chance_by(400), Some(0.9));
        assert_eq!(DayCounts::default().chance_by(3), None);
    }

    #[test]
    fn a_correction_moves_each_percentile_by_its_own_factor() {
        let days = (0..100).map(|day| day as u16);
        let counts = DayCounts::new(days, 400);
        let corrected = counts.corrected([1.0, 2.0, 3.0]);
        // Distances 50, 85 and 95 become 50, 170 and 285.
        assert_eq!(corrected.percentile(0.5), Some(49));
        assert_eq!(corrected.percentile(0.85), Some(169));
        assert_eq!(corrected.percentile(0.95), Some(284));
        assert_eq!(corrected.trials(), 100);
        assert_eq!(counts.corrected([1.0; 3]), counts);
    }

    #[test]
    fn a_correction_never_lets_a_later_trial_end_earlier() {
        let days = (0..100).map(|day| day as u16);
        let corrected = DayCounts::new(days, 400).corrected([2.0, 1.0, 0.5]);
        let percentiles: Vec<_> = (1..20)
            .map(|x| corrected.percentile(f64::from(x) / 20.0))
            .collect();
        assert!(percentiles.is_sorted());
    }
}

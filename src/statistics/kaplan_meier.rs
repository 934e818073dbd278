//! How long things last when some of them have not ended yet.
//!
//! The estimator is E. L. Kaplan and P. Meier, "Nonparametric Estimation from
//! Incomplete Observations", Journal of the American Statistical Association
//! 53 (1958), 457-481: S(t) is the product over all event times u <= t of
//! 1 - d(u) / n(u), where n(u) counts what is still under observation just
//! before u. What is censored at the very time of an event counts as still at
//! risk there. The interval takes Greenwood's variance on the log(-log S)
//! scale (J. D. Kalbfleisch and R. L. Prentice, "The Statistical Analysis of
//! Failure Time Data", 1980, section 1.3), so it stays inside 0..=1.
//!
//! Durations that are negative or not finite are left out; the counts returned
//! are the counts used. Where the curve does not come down far enough, a
//! quantile is `None`: open work is never passed off as finished.

use super::{Interval, Z_95};

/// Survival is a product of many ratios; two levels nearer than this are one.
const LEVEL_TOLERANCE: f64 = 1e-12;

/// One duration, ended or still running.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Observation {
    /// How long it has been seen, in any one unit.
    pub(crate) duration: f64,
    /// Whether it ended; if not, it is right-censored at `duration`.
    pub(crate) is_ended: bool,
}

/// The curve at one time at which something ended or was censored.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct SurvivalStep {
    /// The time.
    pub(crate) at: f64,
    /// How many were under observation just before.
    pub(crate) at_risk: usize,
    /// How many ended here.
    pub(crate) ended: usize,
    /// How many were censored here.
    pub(crate) censored: usize,
    /// The share that lasts longer than `at`.
    pub(crate) survival: f64,
    /// The 95 % interval of `survival`; `None` at 1 and at 0, where the
    /// variance is undefined.
    pub(crate) interval: Option<Interval>,
}

/// A survival curve, its steps in order of time.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SurvivalCurve {
    /// How many observations were used.
    pub(crate) count: usize,
    /// How many of them ended.
    pub(crate) ended: usize,
    /// One step for each distinct time.
    pub(crate) steps: Vec<SurvivalStep>,
}

/// Returns the survival curve, `None` when no usable observation is given.
pub(crate) fn kaplan_meier(observations: &[Observation]) -> Option<SurvivalCurve> {
    let mut sorted: Vec<Observation> = observations
        .iter()
        .copied()
        .filter(|seen| seen.duration.is_finite() && seen.duration >= 0.0)
        .collect();
    sorted.sort_by(|a, b| a.duration.total_cmp(&b.duration));
    if sorted.is_empty() {
        return None;
    }
    let mut at_risk = sorted.len();
    let mut survival = 1.0;
    let mut greenwood_sum = 0.0;
    let mut steps = Vec::new();
    for tied in sorted.chunk_by(|a, b| a.duration == b.duration) {
        let ended = tied.iter().filter(|seen| seen.is_ended).count();
        let (n, d) = (at_risk as f64, ended as f64);
        survival *= (n - d) / n;
        greenwood_sum += d / (n * (n - d));
        steps.push(SurvivalStep {
            at: tied[0].duration,
            at_risk,
            ended,
            censored: tied.len() - ended,
            survival,
            interval: log_log_interval(survival, greenwood_sum),
        });
        at_risk -= tied.len();
    }
    Some(SurvivalCurve {
        count: sorted.len(),
        ended: sorted.iter().filter(|seen| seen.is_ended).count(),
        steps,
    })
}

impl SurvivalCurve {
    /// Returns the earliest time by which `share` of all have ended; `None`
    /// where the curve does not reach it or `share` is not within 0..=1.
    pub(crate) fn quantile(&self, share: f64) -> Option<f64> {
        self.first_time(share, |step| Some(step.survival))
    }

    /// Returns the median, `None` when fewer than half are known to end.
    pub(crate) fn median(&self) -> Option<f64> {
        self.quantile(0.5)
    }

    /// Returns the share that lasts longer than `time` with its interval:
    /// all before the first step, `None` beyond the last one, where the curve
    /// says nothing unless all have ended.
    #[allow(dead_code, reason = "no page asks for the level at a time yet")]
    pub(crate) fn survival_at(&self, time: f64) -> Option<(f64, Option<Interval>)> {
        let last = self.steps.last()?;
        let is_known = time <= last.at || last.survival <= 0.0;
        if time.is_nan() || time < 0.0 || !is_known {
            return None;
        }
        let reached = self.steps.iter().take_while(|step| step.at <= time);
        let level = reached.last().map(|step| (step.survival, step.interval));
        Some(level.unwrap_or((1.0, None)))
    }

    /// Returns the 95 % bounds of a quantile, found by inverting the interval
    /// of the curve; each is `None` where its band does not come down so far.
    ///
    /// Source: R. Brookmeyer and J. Crowley, "A Confidence Interval for the
    /// Median Survival Time", Biometrics 38 (1982), 29-41.
    pub(crate) fn quantile_bounds(&self, share: f64) -> (Option<f64>, Option<f64>) {
        (
            self.first_time(share, |step| step.interval.map(|band| band.lower)),
            self.first_time(share, |step| step.interval.map(|band| band.upper)),
        )
    }

    fn first_time(&self, share: f64, level: impl Fn(&SurvivalStep) -> Option<f64>) -> Option<f64> {
        if !(0.0..=1.0).contains(&share) {
            return None;
        }
        let target = 1.0 - share + LEVEL_TOLERANCE;
        self.steps
            .iter()
            .find(|step| level(step).is_some_and(|level| level <= target))
            .map(|step| step.at)
    }
}

fn log_log_interval(survival: f64, greenwood_sum: f64) -> Option<Interval> {
    if survival <= 0.0 || survival >= 1.0 {
        return None;
    }
    let spread = Z_95 * greenwood_sum.sqrt() / survival.ln().abs();
    Some(Interval {
        lower: survival.powf(spread.exp()),
        upper: survival.powf((-spread).exp()),
    })
}

#[cfg(test)]
mod tests;

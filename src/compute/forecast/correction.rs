//! Forecasts corrected by how earlier ones came true, and what each goes by.

use std::collections::BTreeMap;

use super::backtest::{BASES, Basis, Forecast, Trials};
use super::history::Finish;
use super::settings::PAST_RELEASES;
use crate::statistics::{SHARES, conformal_factor};

/// How far an earlier forecast may have looked, against the one that it corrects.
const FACTOR_MAXIMUM: f64 = 2.0;

/// Corrects forecasts, the earliest first, by how those before them came true, and
/// chooses what each goes by: of the bases that enough releases speak for, the one whose
/// percentiles came closest so far; without enough, the work.
///
/// Only those from `from` on are corrected; `instants` says when each was made.
pub(super) fn correct(
    forecasts: &mut [Forecast],
    finishes: &[Option<Finish>],
    instants: &[i64],
    from: usize,
) {
    let mut ended: Vec<(i64, usize)> = Vec::new();
    for (release, finish) in finishes.iter().enumerate() {
        ended.extend(finish.map(|finish| (finish.known_at, release)));
    }
    ended.sort_unstable();
    let mut of_release: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (place, forecast) in forecasts.iter().enumerate() {
        of_release.entry(forecast.release).or_default().push(place);
    }
    for (place, instant) in instants.iter().enumerate().skip(from) {
        let known = ended.partition_point(|(known_at, _)| known_at <= instant);
        let ended = ended[..known].iter().rev().map(|(_, release)| *release);
        let cases: Vec<&[usize]> = ended
            .filter_map(|release| of_release.get(&release))
            .map(Vec::as_slice)
            .collect();
        let mut best: Option<(f64, Basis)> = None;
        for basis in BASES {
            let Some((trials, loss)) = corrected(forecasts, finishes, &cases, place, basis) else {
                continue;
            };
            if best.is_none_or(|(lowest, _)| loss < lowest) {
                best = Some((loss, basis));
            }
            forecasts[place].bases[basis as usize] = Some(trials);
        }
        forecasts[place].basis = best.map_or(Basis::Work, |(_, basis)| basis);
    }
}

/// Returns the trials of a basis as corrected, and how far its percentiles lay off so
/// far; `None` where too few releases speak for it.
fn corrected(
    forecasts: &[Forecast],
    finishes: &[Option<Finish>],
    cases: &[&[usize]],
    place: usize,
    basis: Basis,
) -> Option<(Trials, f64)> {
    let trials_of = |place: &usize| forecasts[*place].bases[basis as usize].as_ref();
    let own = trials_of(&place)?;
    let ahead = own.simulated_days[0];
    let apart = |looked: f64| (looked / ahead).max(ahead / looked);
    let mut needed: Vec<[f64; 3]> = Vec::new();
    let mut loss = 0.0;
    for case in cases {
        let mut nearest: Option<(f64, usize)> = None;
        for other in *case {
            let looked = trials_of(other).map(|trials| apart(trials.simulated_days[0]));
            if let Some(looked) = looked.filter(|looked| *looked <= FACTOR_MAXIMUM)
                && nearest.is_none_or(|(least, _)| looked < least)
            {
                nearest = Some((looked, *other));
            }
        }
        let Some((_, other)) = nearest else { continue };
        let (Some(trials), Some(finish)) = (trials_of(&other), finishes[forecasts[other].release])
        else {
            continue;
        };
        let actual = f64::from(finish.day - forecasts[other].made_on + 1);
        needed.push(trials.simulated_days.map(|days| actual / days));
        let losses = SHARES.iter().zip(trials.days);
        let losses = losses.map(|(share, days)| pinball(actual, days, *share));
        loss += losses.sum::<f64>() / actual;
        if needed.len() == PAST_RELEASES {
            break;
        }
    }
    let factor = |place: usize| {
        let of_share: Vec<f64> = needed.iter().map(|needed| needed[place]).collect();
        conformal_factor(&of_share, SHARES[place])
    };
    let factors = [factor(0)?, factor(1)?, factor(2)?];
    Some((
        own.corrected(factors, needed.len()),
        loss / needed.len() as f64,
    ))
}

/// How far a percentile lies off: what it falls short by counts its share, what it goes
/// past the rest. Source: R. Koenker and G. Bassett, "Regression Quantiles",
/// Econometrica 46, 1978.
fn pinball(actual: f64, forecast: f64, share: f64) -> f64 {
    let off = actual - forecast;
    (share * off).max((share - 1.0) * off)
}

//! When queues of work are done, by drawing weeks of the past again.
//!
//! Source: throughput forecasting by Monte Carlo simulation, D. Vacanti, "Actionable
//! Agile Metrics for Predictability", 2015, chapter 14; weeks are drawn in circular
//! blocks so that what goes on for several weeks goes on in the trials too: D. Politis
//! and J. Romano, "A circular block-resampling procedure for stationary data", in
//! "Exploring the Limits of Bootstrap", 1992.
//!
//! A week is drawn for all teams at once, so that a bad week is bad for all. Each team
//! takes the items of its queue in order, passing over what still needs another; the
//! k-th of c items of a week is done when k of c parts of the week are over. Releases
//! grow (and shrink) by weeks drawn from how releases grew.
//!
//! Integers alone, the same on every machine; chance is `dice`.

mod queues;

use super::dice::Dice;
use queues::Queues;

/// A day that lies beyond the horizon.
pub(crate) const BEYOND: u16 = u16::MAX;

/// What an item needs that has left its release.
const OUT: u32 = u32::MAX;

/// Days of a week.
const WEEK: usize = 7;

/// What is added to both sides of a ratio of growth: a release of one item that
/// doubles says little about one of twenty.
const SCOPE_PRIOR: i64 = 5;

/// Growth is counted in thousandths of an item.
const MILLI: i64 = 1_000;

/// An item that is open.
#[derive(Debug, Clone, Default)]
pub(crate) struct OpenWork {
    /// Whose queue it stands in.
    pub(crate) team: usize,
    /// What it is part of.
    pub(crate) release: usize,
    /// The items that come before it, wherever they stand.
    pub(crate) needs: Vec<usize>,
}

/// How much some release grew in one week of the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Growth {
    /// Additions less removals.
    pub(crate) net: i64,
    /// What the release held when the week began.
    pub(crate) scope: i64,
}

/// What is simulated of a release.
#[derive(Debug, Clone)]
pub(crate) struct ReleaseWork {
    /// What its dice belong to.
    pub(crate) name: u64,
    /// What it holds now, done or not.
    pub(crate) scope: i64,
    /// The weeks until its freeze; none where it has no freeze.
    pub(crate) freeze_week: Option<usize>,
    /// Whether its end is asked for; a trial is over when all such have ended.
    pub(crate) is_asked: bool,
}

/// Queues of work and the past that they are drawn from.
#[derive(Debug, Default)]
pub(crate) struct Work<'a> {
    /// By team, how many items it did in each week of the past.
    pub(crate) weeks: &'a [Vec<u32>],
    /// The open items, in the order in which they are taken; those of a release stand
    /// together.
    pub(crate) items: &'a [OpenWork],
    /// The releases, in the order of the items.
    pub(crate) releases: &'a [ReleaseWork],
    /// Growth of weeks before a freeze, or without one.
    pub(crate) growth: &'a [Growth],
    /// Growth of weeks after the freeze.
    pub(crate) late_growth: &'a [Growth],
    /// Items whose own days are asked for.
    pub(crate) watched: &'a [usize],
}

/// The days on which things are done, counted from the first day of the trials: one a
/// trial, [`BEYOND`] where the horizon comes first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Days {
    /// By release.
    pub(crate) releases: Vec<Vec<u16>>,
    /// By watched item.
    pub(crate) watched: Vec<Vec<u16>>,
}

/// Runs the trials. `drawn` is [`Dice::weeks_of`] the number of weeks of the past.
pub(crate) fn simulate(work: &Work<'_>, dice: &Dice, drawn: &[u16]) -> Days {
    let queues = Queues::new(work);
    let mut days = Days {
        releases: vec![Vec::with_capacity(dice.trials); work.releases.len()],
        watched: vec![Vec::with_capacity(dice.trials); work.watched.len()],
    };
    let mut trial = Trial::new(work);
    for number in 0..dice.trials {
        trial.reset(work, &queues);
        let weeks = &drawn[number * dice.horizon..(number + 1) * dice.horizon];
        trial.run(work, &queues, dice, number, weeks);
        for (release, days) in days.releases.iter_mut().enumerate() {
            days.push(trial.done_on(release));
        }
        for (item, days) in work.watched.iter().zip(&mut days.watched) {
            days.push(trial.item_days[*item]);
        }
    }
    days
}

/// One trial: what is left to do, and what was done when.
struct Trial {
    item_days: Vec<u16>,
    needs_left: Vec<u32>,
    /// By release: items left, those that came with growth among them.
    left: Vec<i64>,
    /// By release: the day of the last item done or taken out.
    last_day: Vec<u16>,
    /// By release: the items up to here may not be over; all after it are.
    ahead: Vec<usize>,
    /// By release: growth not yet an item, in thousandths.
    grown: Vec<i64>,
    /// By team and segment: items that came with growth, and are not done.
    extra: Vec<Vec<u32>>,
    /// By team: the first segment that may hold something.
    first: Vec<usize>,
    /// By team and segment: the first item that may not be done.
    first_item: Vec<Vec<usize>>,
    /// By team: what is left of the week's throughput, and how much that was.
    capacity: Vec<(u32, u32)>,
    /// Releases that are asked for and not done.
    open_count: usize,
}

impl Trial {
    fn new(work: &Work<'_>) -> Self {
        Self {
            item_days: vec![BEYOND; work.items.len()],
            needs_left: Vec::new(),
            left: vec![0; work.releases.len()],
            last_day: vec![0; work.releases.len()],
            ahead: vec![0; work.releases.len()],
            grown: vec![0; work.releases.len()],
            extra: Vec::new(),
            first: vec![0; work.weeks.len()],
            first_item: Vec::new(),
            capacity: vec![(0, 0); work.weeks.len()],
            open_count: 0,
        }
    }

    fn reset(&mut self, work: &Work<'_>, queues: &Queues) {
        self.item_days.fill(BEYOND);
        self.needs_left.clone_from(&queues.need_counts);
        self.left.clone_from(&queues.left);
        for (ahead, items) in self.ahead.iter_mut().zip(&queues.of_release) {
            *ahead = items.len();
        }
        self.open_count = queues.asked_count;
        self.last_day.fill(0);
        self.grown.fill(0);
        self.first.fill(0);
        if self.extra.len() != work.weeks.len() {
            let segments = queues.segments.iter();
            self.extra = segments.map(|team| vec![0; team.len()]).collect();
            let segments = queues.segments.iter();
            self.first_item = segments.map(|team| vec![0; team.len()]).collect();
        }
        self.extra.iter_mut().for_each(|team| team.fill(0));
        self.first_item.iter_mut().for_each(|team| team.fill(0));
    }

    fn done_on(&self, release: usize) -> u16 {
        match self.left[release] {
            0 => self.last_day[release],
            _ => BEYOND,
        }
    }

    fn run(&mut self, work: &Work<'_>, queues: &Queues, dice: &Dice, number: usize, weeks: &[u16]) {
        for (week, past) in weeks.iter().enumerate() {
            if self.open_count == 0 {
                return;
            }
            if week > 0 {
                self.grow(work, queues, dice, number, week);
            }
            for (capacity, weeks) in self.capacity.iter_mut().zip(work.weeks) {
                let count = weeks[usize::from(*past)];
                *capacity = (count, count);
            }
            loop {
                let mut has_moved = false;
                for team in 0..work.weeks.len() {
                    if self.capacity[team].0 > 0 {
                        has_moved |= self.take(work, queues, team, week);
                    }
                }
                if !has_moved || !queues.has_needs {
                    break;
                }
            }
        }
    }

    /// Lets a team take what it can; returns whether it took anything.
    fn take(&mut self, work: &Work<'_>, queues: &Queues, team: usize, week: usize) -> bool {
        let segments = &queues.segments[team];
        let mut has_moved = false;
        let mut is_behind = true;
        for (number, segment) in segments.iter().enumerate().skip(self.first[team]) {
            let mut is_empty = true;
            let first = self.first_item[team][number];
            for (place, &item) in segment.items.iter().enumerate().skip(first) {
                if self.item_days[item] == BEYOND && self.needs_left[item] == 0 {
                    self.finish(work, queues, item, week);
                    has_moved = true;
                }
                if !self.is_over(item) {
                    is_empty = false;
                } else if is_empty {
                    self.first_item[team][number] = place + 1;
                }
                if self.capacity[team].0 == 0 {
                    return has_moved;
                }
            }
            while self.extra[team][number] > 0 {
                self.extra[team][number] -= 1;
                let day = self.day(team, week);
                self.end_one(work, segment.release, day);
                has_moved = true;
                if self.capacity[team].0 == 0 {
                    return has_moved;
                }
            }
            if is_behind && is_empty {
                self.first[team] = number + 1;
            }
            is_behind &= is_empty;
        }
        has_moved
    }

    /// Uses one part of a team's week; returns the day on which it is over.
    fn day(&mut self, team: usize, week: usize) -> u16 {
        let (left, whole) = self.capacity[team];
        self.capacity[team].0 = left - 1;
        let taken = (whole - left + 1) as usize;
        (week * WEEK + (WEEK * taken).div_ceil(whole as usize) - 1) as u16
    }

    fn finish(&mut self, work: &Work<'_>, queues: &Queues, item: usize, week: usize) {
        let OpenWork { team, release, .. } = work.items[item];
        let mut day = self.day(team, week);
        for &needed in &work.items[item].needs {
            // What was taken out of its release holds nobody up.
            day = day.max(
                Some(self.item_days[needed])
                    .filter(|day| *day != BEYOND)
                    .unwrap_or(0),
            );
        }
        self.item_days[item] = day;
        self.free(queues, item);
        self.end_one(work, release, day);
    }

    fn free(&mut self, queues: &Queues, item: usize) {
        for &waiting in &queues.waiting[item] {
            self.needs_left[waiting] -= 1;
        }
    }

    fn end_one(&mut self, work: &Work<'_>, release: usize, day: u16) {
        self.left[release] -= 1;
        self.last_day[release] = self.last_day[release].max(day);
        if self.left[release] == 0 && work.releases[release].is_asked {
            self.open_count -= 1;
        }
    }

    /// Lets the releases that are not done grow by the week before this one, or lose
    /// items.
    fn grow(&mut self, work: &Work<'_>, queues: &Queues, dice: &Dice, number: usize, week: usize) {
        for (release, plan) in work.releases.iter().enumerate() {
            if self.left[release] == 0 {
                continue;
            }
            let is_late = plan.freeze_week.is_some_and(|freeze| week > freeze);
            let past = if is_late {
                work.late_growth
            } else {
                work.growth
            };
            if past.is_empty() {
                continue;
            }
            let seen = past[dice.of_name(plan.name, number, week, past.len())];
            if seen.net == 0 {
                continue;
            }
            let (now, then) = (plan.scope + SCOPE_PRIOR, seen.scope + SCOPE_PRIOR);
            self.grown[release] += MILLI * seen.net * now / then;
            while self.grown[release] >= MILLI {
                self.grown[release] -= MILLI;
                self.add_one(work, queues, release);
            }
            while self.grown[release] <= -MILLI && self.left[release] > 0 {
                self.grown[release] += MILLI;
                self.drop_one(work, queues, release, week);
            }
        }
    }

    /// Adds an item to the teams of a release in turn.
    fn add_one(&mut self, work: &Work<'_>, queues: &Queues, release: usize) {
        let items = &queues.of_release[release];
        let model = items[self.left[release].unsigned_abs() as usize % items.len()];
        let team = work.items[model].team;
        for &(owner, place) in &queues.places[release] {
            if owner == team {
                self.extra[team][place] += 1;
                self.first[team] = self.first[team].min(place);
                self.left[release] += 1;
            }
        }
    }

    /// Takes the last item of a release that is not done out of it.
    fn drop_one(&mut self, work: &Work<'_>, queues: &Queues, release: usize, week: usize) {
        let day = (week * WEEK) as u16;
        for &(team, place) in &queues.places[release] {
            if self.extra[team][place] > 0 {
                self.extra[team][place] -= 1;
                self.end_one(work, release, day);
                return;
            }
        }
        while self.ahead[release] > 0 {
            self.ahead[release] -= 1;
            let item = queues.of_release[release][self.ahead[release]];
            if !self.is_over(item) {
                // It leaves the queue; what needs it no longer waits here.
                self.needs_left[item] = OUT;
                self.free(queues, item);
                self.end_one(work, release, day);
                return;
            }
        }
    }

    /// Whether an item is done, or out of its release.
    fn is_over(&self, item: usize) -> bool {
        self.item_days[item] != BEYOND || self.needs_left[item] > OUT / 2
    }
}

#[cfg(test)]
mod tests;

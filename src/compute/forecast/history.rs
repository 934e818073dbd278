//! What is known of releases, their items and teams, by instants: what forecasts are
//! made of, now and as they would have stood on any day before.

use std::collections::BTreeMap;

/// Days of a week.
pub(super) const WEEK: i32 = 7;

/// Everything that forecasts are made of.
#[derive(Debug, Default)]
pub(super) struct History {
    /// Local days, each with the instant it begins at, in order.
    pub(super) days: Vec<(i32, i64)>,
    /// In the order of their ids.
    pub(super) releases: Vec<Release>,
    /// The names of the teams, in order; the first is that of items without one.
    pub(super) teams: Vec<String>,
    /// In the order of their ids.
    pub(super) items: Vec<Item>,
    /// By item: when it stood open, in a release or not.
    pub(super) open_times: Vec<Vec<(i64, Option<i64>)>>,
    /// By release, item and time.
    pub(super) spans: Vec<Span>,
    /// What items wait for.
    pub(super) needs: Vec<Need>,
}

/// A release.
#[derive(Debug, Default)]
pub(super) struct Release {
    pub(super) id: String,
    pub(super) is_cancelled: bool,
    pub(super) is_released: bool,
    /// The planned day; none where it is the very instant of the release, which was
    /// written down afterwards.
    pub(super) planned_on: Option<i32>,
    pub(super) freeze_on: Option<i32>,
    pub(super) released_at: Option<i64>,
}

/// An item.
#[derive(Debug, Default)]
pub(super) struct Item {
    pub(super) id: String,
    /// 1 for what is worth most.
    pub(super) value_position: usize,
    /// Its team from an instant on, in order; the first holds before it as well.
    pub(super) teams: Vec<(i64, usize)>,
}

/// A time in which an item stood open in a release.
#[derive(Debug)]
pub(super) struct Span {
    pub(super) release: usize,
    pub(super) item: usize,
    pub(super) opened_at: i64,
    pub(super) ended_at: Option<i64>,
    pub(super) end: End,
}

/// How such a time ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// It has not.
    Open,
    /// The item was delivered.
    Delivered,
    /// The item was closed, or left the release.
    Gone,
}

/// That an item waits for something.
#[derive(Debug)]
pub(super) struct Need {
    pub(super) item: usize,
    /// The item needed; none for what lies outside.
    pub(super) needed: Option<usize>,
    pub(super) name: String,
    pub(super) raised_at: Option<i64>,
    pub(super) resolved_at: Option<i64>,
}

impl Span {
    /// Returns whether the item stood open in the release at an instant.
    pub(super) fn is_open(&self, at: i64) -> bool {
        self.opened_at <= at && self.ended_at.is_none_or(|end| end > at)
    }
}

impl Item {
    /// Returns the team at an instant.
    pub(super) fn team(&self, at: i64) -> usize {
        let periods = self.teams.iter().take_while(|(from, _)| *from <= at);
        let period = periods.last().or(self.teams.first());
        period.map_or(0, |(_, team)| *team)
    }
}

impl History {
    /// Returns the local day of an instant.
    pub(super) fn day(&self, at: i64) -> Option<i32> {
        let after = self.days.partition_point(|(_, start)| *start <= at);
        after.checked_sub(1).map(|place| self.days[place].0)
    }

    /// Returns the instant at which a local day begins.
    pub(super) fn start(&self, day: i32) -> Option<i64> {
        let place = self.days.binary_search_by_key(&day, |(day, _)| *day).ok()?;
        Some(self.days[place].1)
    }
}

/// Returns the Monday of a day, both counted from 1970-01-01, a Thursday.
pub(super) fn monday(day: i32) -> i32 {
    day - (day + 3).rem_euclid(WEEK)
}

/// What became of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Finish {
    /// When it was known: the release.
    pub(super) known_at: i64,
    /// The day after which no item was open in it; that of the release where some
    /// still were.
    pub(super) day: i32,
}

/// What is made of the history once, for all days.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// By release: what became of it.
    pub(super) finishes: Vec<Option<Finish>>,
    /// By release: the places of its spans.
    pub(super) spans_of: Vec<Vec<usize>>,
    /// Monday of the first week of the counts below.
    pub(super) first_monday: i32,
    /// By week and team: items delivered out of a release.
    pub(super) delivered: Vec<Vec<u32>>,
    /// By week: growth of releases before their freeze, and after it.
    pub(super) growth: Vec<[Vec<(i64, i64)>; 2]>,
}

impl Ledger {
    /// Reads the history once.
    pub(super) fn new(history: &History, as_of: i64) -> Self {
        let mut spans_of = vec![Vec::new(); history.releases.len()];
        for (place, span) in history.spans.iter().enumerate() {
            spans_of[span.release].push(place);
        }
        let mut ledger = Self {
            finishes: Vec::new(),
            first_monday: first_monday(history),
            delivered: Vec::new(),
            growth: Vec::new(),
            spans_of,
        };
        let last = monday(history.day(as_of).unwrap_or_default());
        let weeks = (last - ledger.first_monday) / WEEK + 1;
        let weeks = usize::try_from(weeks).unwrap_or_default();
        ledger.delivered = vec![vec![0; history.teams.len()]; weeks];
        ledger.growth = vec![[Vec::new(), Vec::new()]; weeks];
        ledger.finishes = (0..history.releases.len())
            .map(|release| ledger.finish(history, release))
            .collect();
        ledger.count_deliveries(history);
        ledger.count_growth(history);
        ledger
    }

    fn finish(&self, history: &History, number: usize) -> Option<Finish> {
        let release = &history.releases[number];
        if release.is_cancelled || !release.is_released {
            return None;
        }
        let shipped_at = release.released_at;
        let spans = self.spans_of[number]
            .iter()
            .map(|place| &history.spans[*place]);
        let before = spans.filter(|span| shipped_at.is_none_or(|at| span.opened_at <= at));
        let mut end = None;
        for span in before {
            let ended_at = match (span.ended_at, shipped_at) {
                (Some(ended), Some(shipped)) => ended.min(shipped),
                (ended, shipped) => ended.or(shipped)?,
            };
            end = end.max(Some(ended_at));
        }
        let end = end?;
        Some(Finish {
            known_at: shipped_at.unwrap_or(end),
            day: history.day(end)?,
        })
    }

    fn week(&self, history: &History, at: i64) -> Option<usize> {
        let day = history.day(at)?;
        usize::try_from((day - self.first_monday).div_euclid(WEEK)).ok()
    }

    fn count_deliveries(&mut self, history: &History) {
        let mut seen = BTreeMap::new();
        for span in &history.spans {
            let Some(ended_at) = span.ended_at.filter(|_| span.end == End::Delivered) else {
                continue;
            };
            // An item in two releases at once is one delivery.
            if seen.insert((span.item, ended_at), ()).is_some() {
                continue;
            }
            let week = self.week(history, ended_at);
            if let Some(week) = week.and_then(|week| self.delivered.get_mut(week)) {
                week[history.items[span.item].team(ended_at)] += 1;
            }
        }
    }

    fn count_growth(&mut self, history: &History) {
        for (number, release) in history.releases.iter().enumerate() {
            if release.is_cancelled {
                continue;
            }
            let spans: Vec<&Span> = self.spans_of[number]
                .iter()
                .map(|place| &history.spans[*place])
                .collect();
            let Some(first) = spans.iter().map(|span| span.opened_at).min() else {
                continue;
            };
            let from = self.week(history, first).unwrap_or_default();
            for week in from..self.growth.len() {
                let day = self.first_monday + WEEK * i32::try_from(week).unwrap_or_default();
                let (Some(start), Some(end)) = (history.start(day), history.start(day + WEEK))
                else {
                    continue;
                };
                if release.released_at.is_some_and(|at| at <= start) {
                    break;
                }
                let is_late = release.freeze_on.is_some_and(|freeze| day > freeze);
                if let Some(seen) = growth_in(&spans, start, end) {
                    self.growth[week][usize::from(is_late)].push(seen);
                }
            }
        }
    }
}

/// Growth of one week in a release that had an open item when it began: additions less
/// removals, and what it held.
fn growth_in(spans: &[&Span], start: i64, end: i64) -> Option<(i64, i64)> {
    let (mut scope, mut open, mut net) = (0, 0, 0);
    for span in spans {
        let has_ended = span.ended_at.is_some_and(|ended| ended <= start);
        if span.opened_at <= start && !(has_ended && span.end == End::Gone) {
            scope += 1;
        }
        open += i32::from(span.is_open(start));
        if span.opened_at > start && span.opened_at <= end {
            net += 1;
        }
        let ended_now = span.ended_at.is_some_and(|at| at > start && at <= end);
        if ended_now && span.end == End::Gone {
            net -= 1;
        }
    }
    (open > 0).then_some((net, scope))
}

/// The Monday of the week in which an item first stood open in a release.
fn first_monday(history: &History) -> i32 {
    // The epoch stands for "nobody knows since when".
    let known = history.spans.iter().flat_map(|span| {
        [Some(span.opened_at).filter(|at| *at > 0), span.ended_at]
            .into_iter()
            .flatten()
    });
    let first = known.min().and_then(|at| history.day(at));
    monday(
        first
            .or(history.days.last().map(|(day, _)| *day))
            .unwrap_or_default(),
    )
}

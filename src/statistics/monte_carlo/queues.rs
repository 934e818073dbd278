//! The queues that all trials begin with.

use super::Work;

/// What the trials have in common.
pub(super) struct Queues {
    /// By team: its items by release, in order.
    pub(super) segments: Vec<Vec<Segment>>,
    /// By release: its items.
    pub(super) of_release: Vec<Vec<usize>>,
    /// By item: the items that need it.
    pub(super) waiting: Vec<Vec<usize>>,
    /// By item: how many it needs.
    pub(super) need_counts: Vec<u32>,
    pub(super) has_needs: bool,
    /// By release: the teams that have items of it, each with the place of its segment.
    pub(super) places: Vec<Vec<(usize, usize)>>,
    /// By release: what is open at the start.
    pub(super) left: Vec<i64>,
    pub(super) asked_count: usize,
}

pub(super) struct Segment {
    pub(super) release: usize,
    pub(super) items: Vec<usize>,
}

impl Queues {
    pub(super) fn new(work: &Work<'_>) -> Self {
        let mut segments: Vec<Vec<Segment>> = work.weeks.iter().map(|_| Vec::new()).collect();
        let mut of_release = vec![Vec::new(); work.releases.len()];
        let mut waiting = vec![Vec::new(); work.items.len()];
        for (number, item) in work.items.iter().enumerate() {
            of_release[item.release].push(number);
            let team = &mut segments[item.team];
            match team.last_mut() {
                Some(last) if last.release == item.release => last.items.push(number),
                _ => team.push(Segment {
                    release: item.release,
                    items: vec![number],
                }),
            }
            for &needed in &item.needs {
                waiting[needed].push(number);
            }
        }
        let mut places = vec![Vec::new(); work.releases.len()];
        for (team, segments) in segments.iter().enumerate() {
            for (place, segment) in segments.iter().enumerate() {
                places[segment.release].push((team, place));
            }
        }
        let left: Vec<i64> = of_release.iter().map(|items| items.len() as i64).collect();
        let asked = work.releases.iter().zip(&left);
        let asked_count = asked
            .filter(|(plan, left)| plan.is_asked && **left > 0)
            .count();
        let counts = work.items.iter().map(|item| item.needs.len() as u32);
        let need_counts: Vec<u32> = counts.collect();
        Self {
            segments,
            of_release,
            waiting,
            has_needs: need_counts.iter().any(|count| *count > 0),
            need_counts,
            places,
            left,
            asked_count,
        }
    }
}

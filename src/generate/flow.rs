//! How items are built: team capacity, estimates, delays.
//!
//! One walk in the order of commitment. A team builds as many items at once as
//! it has slots, so a busy team makes its items wait. The walk is run twice with
//! equal results: once to weigh the releases, once to write the exports. So
//! memory holds releases, never items.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::arrival::{Arrivals, weight_of_week};
use super::company::{Company, Team, WEEKS};
use super::dice::{Concern, Dice, Spread};
use super::item::{Item, ItemType, Spell, Status, Step};
use super::scope::plan_release;
use super::timeline::{AS_OF, DAY, START, WORKDAY, Wall};
use crate::error::Result;

/// Common sizes in hours, and how often they are given.
const SIZES: [i64; 12] = [2, 3, 4, 6, 8, 12, 16, 20, 24, 32, 40, 60];
const SIZE_WEIGHTS: [u64; 12] = [5, 6, 10, 10, 16, 12, 14, 6, 8, 6, 5, 2];

/// Calls `visit` with every regular item, in order.
///
/// # Errors
/// Whatever `visit` returns.
pub(super) fn walk_items(
    company: &Company,
    mut visit: impl FnMut(Item) -> Result<()>,
) -> Result<()> {
    let arrivals = Arrivals::new();
    let mut capacity = build_capacity(company, &arrivals);
    for number in 0..company.regular {
        let mut dice = Dice::at(company.seed, Concern::Flow, number);
        let commitment = arrivals.commitment(company, number, &mut dice);
        visit(plan_item(
            company,
            number,
            commitment,
            &mut capacity,
            &mut dice,
        ))?;
    }
    Ok(())
}

/// For each team, the working minute at which each of its slots is free.
fn build_capacity(company: &Company, arrivals: &Arrivals) -> Vec<BinaryHeap<Reverse<i64>>> {
    let weights: u64 = company.teams.iter().map(|team| team.weight).sum();
    let busiest = weight_of_week(WEEKS - 2);
    let slots_of = |team: &Team| {
        // A dozen times the items of the busiest week; each takes 1.5 weeks, and
        // a quarter of the slots is spare.
        let items = company.regular * busiest * team.weight * 12 / (arrivals.total() * weights);
        (items / 6 + 2) as usize
    };
    let slots = company.teams.iter().map(slots_of);
    slots.map(|slots| vec![Reverse(0); slots].into()).collect()
}

/// What the draws of an item's work decide.
struct Work {
    estimate: Option<i64>,
    actual: i64,
}

fn plan_item(
    company: &Company,
    number: u64,
    commitment: i64,
    capacity: &mut [BinaryHeap<Reverse<i64>>],
    dice: &mut Dice,
) -> Item {
    let team = company.team_of(number);
    let mut item = draft_item(company, number, team, commitment, dice);
    let at = company.timeline.wall_at(commitment);
    if item.first(Status::Declined).is_some() || dice.chance(35) || at >= AS_OF {
        return item;
    }
    if dice.chance(15) {
        item.steps.truncate(1);
        let done = company.timeline.after(item.created, dice.between(30, 900));
        item.steps.push(Step {
            at: done,
            status: Status::Released,
        });
        return item;
    }
    item.steps.push(Step {
        at,
        status: Status::Committed,
    });
    let work = plan_work(&company.teams[team], at, item.kind, dice);
    item.estimate = work.estimate;
    item.actual = work.actual;
    if dice.chance(15) {
        return descope(company, item, commitment, dice);
    }
    let ready = build(company, &mut item, commitment, &mut capacity[team], dice);
    plan_release(company, &mut item, at, ready, dice);
    let revises = dice.chance(180) && !company.teams[team].copies_estimates;
    if let Some(estimate) = item.estimate.filter(|_| revises) {
        let revised = dice.skewed(estimate, Spread::Medium).max(60) / 30 * 30;
        let when = company.timeline.after(at, dice.between(60, 6 * WORKDAY));
        item.revision = (revised != estimate).then_some((when, revised));
    }
    item
}

/// Drafts the item as it is before anybody commits to it.
fn draft_item(
    company: &Company,
    number: u64,
    team: usize,
    commitment: i64,
    dice: &mut Dice,
) -> Item {
    let timeline = &company.timeline;
    let kinds = [52, 26, 0, 8, 5, 9];
    let kind = [
        ItemType::Feature,
        ItemType::Defect,
        ItemType::Hotfix,
        ItemType::Infrastructure,
        ItemType::Compliance,
        ItemType::Debt,
    ][dice.weighted(&kinds)];
    let lead = dice.skewed(12 * WORKDAY, Spread::Wide);
    let earliest = timeline.work_at(START) + dice.between(0, 5 * WORKDAY);
    let latest = timeline.work_at(AS_OF) - dice.between(30, 15 * WORKDAY);
    let created = (commitment - lead)
        .max(earliest)
        .min(commitment - 25)
        .min(latest);
    let mut steps = vec![Step {
        at: timeline.wall_at(created),
        status: Status::New,
    }];
    let refined = created + (commitment - created) * dice.between(10, 80) / 100;
    if dice.chance(700) {
        steps.push(Step {
            at: timeline.wall_at(refined),
            status: Status::Refining,
        });
    }
    if dice.chance(20) {
        let declined = timeline.after(timeline.wall_at(refined), dice.between(60, 60 * WORKDAY));
        steps.push(Step {
            at: declined,
            status: Status::Declined,
        });
    }
    Item {
        number,
        key: company.key_of(number),
        team,
        system: pick_system(company, team, dice),
        kind,
        created: steps[0].at,
        steps,
        spells: Vec::new(),
        moves: Vec::new(),
        release: None,
        estimate: dice.chance(400).then(|| pick_size(dice)),
        revision: None,
        actual: 0,
        build: None,
        is_late: false,
        is_tested: dice.chance(780),
        is_sensitive: dice.chance(220),
        has_history: !dice.chance(15),
        is_backdated: dice.chance(4),
    }
}

/// A team works mostly on its own systems.
fn pick_system(company: &Company, team: usize, dice: &mut Dice) -> usize {
    let own: Vec<usize> = (0..company.systems.len())
        .filter(|&system| company.systems[system].team == team)
        .collect();
    if own.is_empty() || dice.chance(180) {
        return dice.index(company.systems.len());
    }
    dice.pick(&own)
}

fn pick_size(dice: &mut Dice) -> i64 {
    SIZES[dice.weighted(&SIZE_WEIGHTS)] * 60
}

fn plan_work(team: &Team, at: Wall, kind: ItemType, dice: &mut Dice) -> Work {
    let size = pick_size(dice);
    let elapsed = (at - START) / DAY;
    let span = (AS_OF - START) / DAY;
    let drifted = team.overrun.0 + (team.overrun.1 - team.overrun.0) * elapsed / span;
    let harder = if kind == ItemType::Defect {
        1_120
    } else {
        1_000
    };
    let noise = dice.skewed(1_000, Spread::Medium);
    let drawn = size * drifted / 1_000 * harder / 1_000 * noise / 1_000;
    let actual = if team.copies_estimates {
        size
    } else {
        (drawn / 15).max(2) * 15
    };
    Work {
        estimate: (!dice.chance(60)).then_some(size),
        actual,
    }
}

/// Sends a committed item back to refining: it was unclear.
fn descope(company: &Company, mut item: Item, commitment: i64, dice: &mut Dice) -> Item {
    let at = company.timeline.wall_at(commitment);
    let back = company
        .timeline
        .wall_at(commitment + dice.between(WORKDAY, 8 * WORKDAY));
    item.steps.push(Step {
        at: back,
        status: Status::Refining,
    });
    super::scope::plan_descope(company, &mut item, at, back);
    item.actual = 0;
    item
}

/// Builds and reviews the item; returns the working minute at which it is ready.
fn build(
    company: &Company,
    item: &mut Item,
    commitment: i64,
    slots: &mut BinaryHeap<Reverse<i64>>,
    dice: &mut Dice,
) -> i64 {
    let timeline = &company.timeline;
    let Reverse(free) = slots.pop().expect("a team has at least two slots");
    let start = free.max(commitment + dice.skewed(2 * WORKDAY, Spread::Wide).max(10));
    let active = item.actual * dice.skewed(340, Spread::Narrow) / 100 + 60;
    slots.push(Reverse(start + active));
    let mut built = start + active;
    let stuck = dice.chance(20);
    if stuck || dice.chance(150) {
        let length = if stuck {
            dice.between(30, 75) * WORKDAY
        } else {
            dice.skewed(3 * WORKDAY, Spread::Wide) + 60
        };
        let from = timeline.wall_at(start + active * dice.between(20, 80) / 100) + 60;
        built += length;
        item.spells.push(Spell {
            from,
            to: timeline.after(from, length),
        });
    }
    let mut step = |work: i64, status| {
        item.steps.push(Step {
            at: timeline.wall_at(work),
            status,
        })
    };
    step(start, Status::InBuild);
    step(built, Status::InReview);
    let mut ready = built + dice.skewed(WORKDAY * 3 / 2, Spread::Wide) + 20;
    if dice.chance(120) {
        step(ready, Status::InBuild);
        let again = ready + active / 3 + 60;
        step(again, Status::InReview);
        ready = again + dice.skewed(WORKDAY / 2, Spread::Medium) + 20;
    }
    step(ready, Status::Staging);
    item.build = Some(Spell {
        from: timeline.wall_at(start),
        to: timeline.wall_at(built),
    });
    ready
}

//! Which release carries an item, and how that changes around the freeze.

use super::company::Company;
use super::dice::Dice;
use super::item::{Item, Move};
use super::timeline::{AS_OF, DAY, HOUR, WORKDAY, Wall};

const PLANNED: &str = "planned";
/// How often an item is squeezed into a frozen release, in thousandths: usually,
/// and in the last week, which the weekly report should notice.
const LATE_PERMILLE: u64 = 80;
const LATE_PERMILLE_LAST_WEEK: u64 = 850;

/// Puts an item that is committed at `at` and ready at the working minute `ready`
/// on a train, and moves it on when it misses the freeze.
pub(super) fn plan_release(
    company: &Company,
    item: &mut Item,
    at: Wall,
    ready: i64,
    dice: &mut Dice,
) {
    let train = company.train_of(item.system);
    let done = company.timeline.wall_at(ready);
    let frozen = company.next_release(train, |r| r.planned - 2 * DAY > at);
    let frozen = frozen.filter(|&release| company.releases[release].freeze < at);
    let is_last_week = at >= AS_OF - 7 * DAY;
    let permille = if is_last_week {
        LATE_PERMILLE_LAST_WEEK
    } else {
        LATE_PERMILLE
    };
    if let Some(release) = frozen.filter(|_| dice.chance(permille)) {
        let is_emergency = dice.chance(600);
        add_late(company, item, at, release, is_emergency);
        slip(company, item, release, done, dice);
        return;
    }
    let expected = item.estimate.unwrap_or(16 * 60) * 7 / 2 + 5 * WORKDAY;
    let expected = company.timeline.after(at, expected);
    let Some(first) = company.next_release(train, |r| r.freeze > expected) else {
        return;
    };
    push(item, at + 60, None, Some(first), PLANNED, false);
    if dice.chance(12) {
        let out = company.timeline.after(at, dice.between(60, 2 * WORKDAY));
        push(item, out, Some(first), None, "priorities changed", false);
        let again = company.timeline.after(out, dice.between(60, 2 * WORKDAY));
        push(item, again, None, Some(first), "needed after all", false);
    }
    slip(company, item, first, done, dice);
}

fn add_late(company: &Company, item: &mut Item, at: Wall, release: usize, is_emergency: bool) {
    let reason = if is_emergency {
        "customer escalation"
    } else {
        "small and urgent"
    };
    let when = at + 60;
    push(item, when, None, Some(release), reason, is_emergency);
    item.is_late = true;
    debug_assert!(company.releases[release].freeze < when);
}

/// Moves the item from release to release until one can carry it.
fn slip(company: &Company, item: &mut Item, first: usize, done: Wall, dice: &mut Dice) {
    let mut target = first;
    loop {
        let release = &company.releases[target];
        let last = item.moves.last().map_or(item.created, |m| m.at);
        if done < release.freeze || (item.is_late && done < release.planned - DAY) {
            break;
        }
        if done < release.planned - 2 * DAY && dice.chance(300) {
            item.is_late = true;
            item.is_tested = item.is_tested && dice.chance(500);
            break;
        }
        let Some(next) = company.release_after(target) else {
            break;
        };
        let nominal = if dice.chance(700) {
            release.freeze - dice.between(1, 72) * HOUR
        } else {
            release.freeze + dice.between(1, 120) * HOUR
        };
        let when = company
            .timeline
            .after(nominal.max(last + HOUR), dice.between(5, 240));
        push(
            item,
            when,
            Some(target),
            Some(next),
            "not ready at the freeze",
            false,
        );
        item.is_late = false;
        target = next;
    }
    item.release = Some(target);
}

/// Puts the item on a release and takes it off when it turns out unclear.
pub(super) fn plan_descope(company: &Company, item: &mut Item, at: Wall, back: Wall) {
    let train = company.train_of(item.system);
    let Some(release) = company.next_release(train, |r| r.freeze > at) else {
        return;
    };
    push(item, at + 60, None, Some(release), PLANNED, false);
    push(
        item,
        back + 60,
        Some(release),
        None,
        "unclear, sent back",
        false,
    );
}

fn push(
    item: &mut Item,
    at: Wall,
    from: Option<usize>,
    to: Option<usize>,
    reason: &'static str,
    is_emergency: bool,
) {
    item.moves.push(Move {
        at,
        from,
        to,
        reason,
        is_emergency,
    });
}

//! The end of an item's way: approval, delivery, and sometimes a reopening.

use super::company::Company;
use super::dice::{Concern, Dice};
use super::item::{Item, Status, Step};
use super::timeline::{DAY, HOUR, WORKDAY, Wall};

/// Adds what follows from the release: approval, delivery, and sometimes a
/// reopening.
pub(super) fn finish_item(company: &Company, item: &mut Item, delivered: Option<Wall>) {
    let mut dice = Dice::at(company.seed, Concern::Events, item.number);
    let (Some(release), Some(ready)) = (item.release, item.first(Status::Staging)) else {
        return;
    };
    let ready = item.last_step(Wall::MAX).map_or(ready, |step| step.at);
    let planned = company.releases[release].planned;
    let queued = planned - dice.between(5, 9) * DAY - dice.between(0, 120) * 60;
    let mut approval = company.timeline.after(queued.max(ready), 30);
    if let Some(delivered) = delivered {
        approval = approval.min(delivered - 2 * HOUR).max(ready + 60);
    }
    item.steps.push(Step {
        at: approval,
        status: Status::CabApproval,
    });
    let Some(delivered) = delivered else { return };
    let closed = delivered.max(approval) + dice.between(5, 90) * 60;
    item.steps.push(Step {
        at: closed,
        status: Status::Released,
    });
    if item.is_backdated {
        let late = company.timeline.after(closed, 2 * WORKDAY);
        item.steps.retain(|step| step.status != Status::Committed);
        item.steps.push(Step {
            at: late,
            status: Status::Committed,
        });
        item.steps.push(Step {
            at: late + 120,
            status: Status::Released,
        });
    } else if dice.chance(25) {
        reopen(company, item, closed, &mut dice);
    }
}

fn reopen(company: &Company, item: &mut Item, closed: Wall, dice: &mut Dice) {
    let mut at = closed;
    for status in [Status::InBuild, Status::InReview, Status::Released] {
        at = company
            .timeline
            .after(at, dice.between(WORKDAY, 4 * WORKDAY));
        item.steps.push(Step { at, status });
    }
}

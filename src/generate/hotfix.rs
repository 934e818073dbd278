//! Hotfixes: an urgent repair with its own item and release.

use super::company::{Company, Release};
use super::deployment::Deliveries;
use super::dice::{Concern, Dice};
use super::item::{Item, ItemType, Move, Spell, Status, Step};
use super::timeline::{DAY, WORKDAY, Wall, civil_date};

/// An urgent repair, with its own item and release.
pub(super) struct Hotfix {
    pub(super) number: u64,
    pub(super) system: usize,
    pub(super) release: usize,
    pub(super) opened: Wall,
}

/// Returns the release of a hotfix, shipped when it is ready.
pub(super) fn hotfix_release(company: &Company, hotfix: &Hotfix, planned: Wall) -> Release {
    let (year, month, _) = civil_date(planned.div_euclid(DAY));
    let patch = hotfix.number - company.regular + 1;
    let system = &company.systems[hotfix.system].name;
    Release {
        id: format!("HF-{year}.{month:02}-{patch}"),
        name: format!("{system} hotfix {patch}"),
        version: format!("{year}.{month}.{patch}"),
        system: hotfix.system,
        train: company.train_of(hotfix.system),
        planned,
        freeze: planned,
        is_hotfix: true,
        slip: 0,
        has_integration_test: false,
        has_rehearsal: false,
        backout_plan: 1,
    }
}

/// Returns creation, commitment, build, review, staging, approval and deployment.
pub(super) fn schedule_hotfix(company: &Company, hotfix: &Hotfix) -> [Wall; 7] {
    let mut dice = Dice::at(company.seed, Concern::Flow, hotfix.number);
    let mut at = hotfix.opened;
    [
        (15, 60),
        (5, 60),
        (5, 60),
        (90, 600),
        (20, 120),
        (10, 60),
        (20, 180),
    ]
    .map(|(low, high)| {
        at += dice.between(low, high) * 60;
        at
    })
}

/// Returns the item of a hotfix.
pub(super) fn build_hotfix_item(
    company: &Company,
    deliveries: &Deliveries,
    hotfix: &Hotfix,
) -> Item {
    let schedule = schedule_hotfix(company, hotfix);
    let place = deliveries.place(company, hotfix.release, hotfix.system);
    let statuses = [
        Status::New,
        Status::Committed,
        Status::InBuild,
        Status::InReview,
        Status::Staging,
        Status::CabApproval,
    ];
    let mut steps: Vec<Step> = statuses
        .iter()
        .zip(schedule)
        .map(|(&status, at)| Step { at, status })
        .collect();
    if let Some(delivered) = deliveries.delivered[place] {
        let at = delivered.div_euclid(60) * 60 + 60;
        steps.push(Step {
            at,
            status: Status::Released,
        });
    }
    let actual = ((schedule[3] - schedule[2]) / 900 + 1) * 15;
    Item {
        number: hotfix.number,
        key: company.key_of(hotfix.number),
        team: company.team_of(hotfix.number),
        system: hotfix.system,
        kind: ItemType::Hotfix,
        created: schedule[0],
        steps,
        spells: Vec::new(),
        moves: vec![Move {
            at: schedule[1] + 60,
            from: None,
            to: Some(hotfix.release),
            reason: "hotfix",
            is_emergency: true,
        }],
        release: Some(hotfix.release),
        estimate: Some(actual.min(WORKDAY) / 60 * 60).filter(|minutes| *minutes > 0),
        revision: None,
        actual,
        build: Some(Spell {
            from: schedule[2],
            to: schedule[3],
        }),
        is_late: true,
        is_tested: hotfix.number.is_multiple_of(3),
        is_sensitive: false,
        has_history: true,
        is_backdated: false,
    }
}

//! Deployments: test, staging, production; what fails, and why.
//!
//! A production deployment fails more often when it carries more than usual, when
//! scope came in late, when tests are missing, or when nobody can say how to back
//! out: these are the causes that the reports should find.

use super::company::{Company, Release};
use super::deployment::{Cargo, Damage, Deliveries, Deployment, Environment, Outcome, push};
use super::dice::{Concern, Dice};
use super::timeline::{DAY, WORKDAY, Wall};

/// Plans the deployments of all scheduled releases; `cargo` is per release and slot.
pub(super) fn plan_deliveries(company: &Company, cargo: &[Cargo]) -> Deliveries {
    let slots = company.systems_per_train;
    let mut deliveries = Deliveries {
        deployments: Vec::new(),
        damages: Vec::new(),
        carriers: vec![Vec::new(); cargo.len()],
        delivered: vec![None; cargo.len()],
        slots,
    };
    let limits = usual_loads(company, cargo);
    for (place, cargo) in cargo.iter().enumerate() {
        let release = place / slots;
        let system = company.releases[release].train * slots + place % slots;
        if cargo.items > 0 {
            let load = Load {
                cargo: *cargo,
                usual: limits[system],
            };
            plan_system(company, &mut deliveries, place, system, &load);
        }
    }
    deliveries
}

/// Items per release that a system usually carries, when it carries any.
fn usual_loads(company: &Company, cargo: &[Cargo]) -> Vec<u64> {
    let slots = company.systems_per_train;
    let mut totals = vec![(0, 0); company.systems.len()];
    for (place, cargo) in cargo.iter().enumerate() {
        let system = company.releases[place / slots].train * slots + place % slots;
        totals[system].0 += cargo.items;
        totals[system].1 += u64::from(cargo.items > 0);
    }
    totals
        .iter()
        .map(|(sum, count)| sum / (*count).max(1))
        .collect()
}

struct Load {
    cargo: Cargo,
    usual: u64,
}

/// Returns the chance that a production deployment goes wrong, in thousandths.
fn failure_permille(release: &Release, load: &Load) -> u64 {
    let Cargo {
        items,
        late,
        untested,
    } = load.cargo;
    let mut permille = 90;
    if items * 2 > load.usual * 3 {
        permille += 150;
    }
    permille += (late * 600 / items).min(200);
    permille += (untested * 400 / items).min(150);
    if !release.has_integration_test {
        permille += 130;
    }
    if release.backout_plan == 0 {
        permille += 80;
    }
    permille
}

fn plan_system(
    company: &Company,
    deliveries: &mut Deliveries,
    place: usize,
    system: usize,
    load: &Load,
) {
    let mut dice = Dice::at(company.seed, Concern::Delivery, place as u64);
    let release = &company.releases[place / deliveries.slots];
    let slot = (place % deliveries.slots) as i64;
    for (environment, days, permille) in
        [(Environment::Test, 15, 80), (Environment::Staging, 8, 50)]
    {
        let mut at = release.planned - days * DAY + dice.between(0, 360) * 60;
        if dice.chance(permille) {
            rehearse(
                deliveries,
                place,
                system,
                (environment, at, Outcome::Failure),
                &mut dice,
            );
            at = company.timeline.after(at, dice.between(60, WORKDAY));
        }
        rehearse(
            deliveries,
            place,
            system,
            (environment, at, Outcome::Success),
            &mut dice,
        );
    }
    let days = (release.slip + slot * dice.between(0, 2)).min(3);
    let at = company
        .timeline
        .after(release.planned, days * WORKDAY + dice.between(0, 300));
    if dice.chance(failure_permille(release, load)) {
        fail_production(company, deliveries, place, system, at, &mut dice);
    } else {
        if dice.chance(20) {
            let early = at - dice.between(1, 3) * 3_600;
            ship(
                deliveries,
                place,
                system,
                early,
                Outcome::Cancelled,
                &mut dice,
            );
        }
        ship(deliveries, place, system, at, Outcome::Success, &mut dice);
    }
}

fn rehearse(
    deliveries: &mut Deliveries,
    place: usize,
    system: usize,
    what: (Environment, Wall, Outcome),
    dice: &mut Dice,
) {
    let (environment, started, outcome) = what;
    let deployment = Deployment {
        release: place / deliveries.slots,
        system,
        environment,
        started,
        finished: started + dice.between(4, 25) * 60 + dice.between(0, 59),
        outcome,
        rollback_of: None,
        hotfix_of: None,
    };
    push(deliveries, place, deployment);
}

/// Deploys to production; returns the deployment's number where it was exported.
fn ship(
    deliveries: &mut Deliveries,
    place: usize,
    system: usize,
    started: Wall,
    outcome: Outcome,
    dice: &mut Dice,
) -> Option<usize> {
    let deployment = Deployment {
        release: place / deliveries.slots,
        system,
        environment: Environment::Production,
        started,
        finished: started + dice.between(6, 50) * 60 + dice.between(0, 59),
        outcome,
        rollback_of: None,
        hotfix_of: None,
    };
    push(deliveries, place, deployment)
}

/// The five ways in which production goes wrong.
fn fail_production(
    company: &Company,
    deliveries: &mut Deliveries,
    place: usize,
    system: usize,
    at: Wall,
    dice: &mut Dice,
) {
    let way = dice.weighted(&[25, 20, 15, 22, 18]);
    let outcome = [Outcome::Failure, Outcome::RolledBack, Outcome::Success][way.min(2)];
    let Some(failed) = ship(deliveries, place, system, at, outcome, dice) else {
        return;
    };
    let hurts = way != 0 || dice.chance(200);
    if hurts {
        deliveries.damages.push(Damage {
            deployment: failed,
            needs_hotfix: way == 3,
        });
    }
    let again = company
        .timeline
        .after(at, dice.between(WORKDAY, 3 * WORKDAY));
    if way == 2 {
        let back = company.timeline.after(at, dice.between(120, 400));
        let rollback = Deployment {
            release: place / deliveries.slots,
            system,
            environment: Environment::Production,
            started: back,
            finished: back + dice.between(3, 20) * 60,
            outcome: Outcome::Success,
            rollback_of: Some(failed),
            hotfix_of: None,
        };
        push(deliveries, place, rollback);
    }
    if way <= 2 {
        ship(deliveries, place, system, again, Outcome::Success, dice);
    }
}

//! Incidents, the hotfixes that answer them, and incidents that just happen.
//!
//! Bad deployments are followed by incidents within hours to days. As in real
//! service desks, only a part of them names the deployment; others name the
//! change, the configuration item or the system, and some name nothing.

use super::company::Company;
use super::deployment::{Damage, Deliveries, Deployment, Environment, Outcome, push};
use super::dice::{Concern, Dice, Spread};
use super::hotfix::{Hotfix, hotfix_release, schedule_hotfix};
use super::timeline::{AS_OF, DAY, HOUR, START, Wall};

/// Something that went wrong for users.
pub(super) struct Incident {
    pub(super) opened: Wall,
    pub(super) detected: Option<Wall>,
    pub(super) resolved: Option<Wall>,
    pub(super) severity: i64,
    pub(super) system: Option<usize>,
    pub(super) component: Option<usize>,
    pub(super) kind: &'static str,
    pub(super) category: &'static str,
    pub(super) deployment: Option<usize>,
    pub(super) changed_release: Option<usize>,
    pub(super) item: Option<u64>,
    /// Distinguishes the wording.
    pub(super) wording: u64,
}

/// What operations saw.
pub(super) struct Operations {
    pub(super) incidents: Vec<Incident>,
    pub(super) hotfixes: Vec<Hotfix>,
}

const CATEGORIES: [&str; 6] = [
    "performance",
    "data",
    "configuration",
    "code",
    "capacity",
    "third party",
];

/// Plans incidents and hotfixes; adds hotfix releases and their deployments.
pub(super) fn plan_operations(company: &mut Company, deliveries: &mut Deliveries) -> Operations {
    let mut operations = Operations {
        incidents: Vec::new(),
        hotfixes: Vec::new(),
    };
    for damage in std::mem::take(&mut deliveries.damages) {
        let mut dice = Dice::at(company.seed, Concern::Incident, damage.deployment as u64);
        follow_up(company, deliveries, &mut operations, &damage, &mut dice);
    }
    let mut dice = Dice::at(company.seed, Concern::Background, 0);
    while (operations.hotfixes.len() as u64) < company.hotfixes {
        let mut incident = background_incident(company, &mut dice);
        let system = dice.index(company.systems.len());
        incident.system = Some(system);
        answer(
            company,
            deliveries,
            &mut operations,
            incident,
            (system, None),
            &mut dice,
        );
    }
    let usual = (company.regular / 14).min(company.systems.len() as u64 * 20);
    for _ in 0..usual {
        let incident = background_incident(company, &mut dice);
        operations.incidents.push(incident);
    }
    operations
        .incidents
        .retain(|incident| incident.opened < AS_OF);
    operations.incidents.sort_by_key(|incident| incident.opened);
    operations
}

fn follow_up(
    company: &mut Company,
    deliveries: &mut Deliveries,
    operations: &mut Operations,
    damage: &Damage,
    dice: &mut Dice,
) {
    let (system, finished) = {
        let deployment = &deliveries.deployments[damage.deployment];
        (deployment.system, deployment.finished)
    };
    let opened = finished + dice.skewed(5 * HOUR, Spread::Wide).min(95 * HOUR) / 60 * 60;
    let mut incident = draft_incident(opened, dice);
    link(company, deliveries, &mut incident, damage.deployment, dice);
    if dice.chance(200) {
        let mut second = draft_incident(opened + dice.between(1, 20) * HOUR, dice);
        second.system = Some(system);
        operations.incidents.push(second);
    }
    let is_possible = (operations.hotfixes.len() as u64) < company.hotfixes;
    if damage.needs_hotfix && is_possible && opened < AS_OF {
        let target = (system, Some(damage.deployment));
        answer(company, deliveries, operations, incident, target, dice);
    } else {
        operations.incidents.push(incident);
    }
}

fn draft_incident(opened: Wall, dice: &mut Dice) -> Incident {
    let resolved = opened + dice.skewed(4 * HOUR, Spread::Wide) / 60 * 60 + 300;
    Incident {
        opened,
        detected: dice.chance(800).then(|| opened - dice.between(0, 40) * 60),
        resolved: (resolved < AS_OF).then_some(resolved),
        severity: 1 + dice.weighted(&[4, 16, 40, 30, 10]) as i64,
        system: None,
        component: None,
        kind: "incident",
        category: dice.pick(&CATEGORIES),
        deployment: None,
        changed_release: None,
        item: None,
        wording: dice.below(1_000),
    }
}

/// Leaves the trace that the service desk has of the cause.
fn link(
    company: &Company,
    deliveries: &Deliveries,
    incident: &mut Incident,
    cause: usize,
    dice: &mut Dice,
) {
    let deployment = &deliveries.deployments[cause];
    match dice.weighted(&[45, 10, 20, 15, 10]) {
        0 => incident.deployment = Some(cause),
        1 => incident.changed_release = Some(deployment.release),
        2 => {
            incident.component = Some(deployment.system * 4 + dice.index(4));
            incident.system = Some(deployment.system);
        }
        3 => incident.system = Some(deployment.system),
        _ => incident.kind = "user_report",
    }
    debug_assert!(deployment.system < company.systems.len());
}

fn background_incident(company: &Company, dice: &mut Dice) -> Incident {
    let first = company.timeline.work_at(START + 40 * DAY);
    let last = company.timeline.work_at(AS_OF);
    let opened = company.timeline.wall_at(dice.between(first, last));
    let mut incident = draft_incident(opened + dice.between(-6, 9) * HOUR, dice);
    incident.severity = (incident.severity + 1).min(5);
    match dice.weighted(&[35, 20, 45]) {
        0 => incident.system = Some(dice.index(company.systems.len())),
        1 => {
            incident.kind = "problem";
            let resolved = opened + dice.skewed(8 * DAY, Spread::Wide) / 60 * 60;
            incident.resolved = Some(resolved).filter(|at| *at < AS_OF);
        }
        _ => incident.kind = "user_report",
    }
    incident
}

/// Repairs an incident by a hotfix with an item, a release and a deployment.
fn answer(
    company: &mut Company,
    deliveries: &mut Deliveries,
    operations: &mut Operations,
    mut incident: Incident,
    target: (usize, Option<usize>),
    dice: &mut Dice,
) {
    let (system, hotfix_of) = target;
    let hotfix = Hotfix {
        number: company.regular + operations.hotfixes.len() as u64,
        system,
        release: company.releases.len(),
        opened: incident.opened.min(AS_OF - 2 * HOUR),
    };
    incident.opened = hotfix.opened;
    let schedule = schedule_hotfix(company, &hotfix);
    let started = schedule[schedule.len() - 1];
    company
        .releases
        .push(hotfix_release(company, &hotfix, started));
    deliveries.extend();
    let place = deliveries.place(company, hotfix.release, system);
    let deployment = Deployment {
        release: hotfix.release,
        system,
        environment: Environment::Production,
        started,
        finished: started + dice.between(4, 20) * 60,
        outcome: Outcome::Success,
        rollback_of: None,
        hotfix_of,
    };
    let finished = deployment.finished;
    if push(deliveries, place, deployment).is_some() {
        incident.resolved = Some(finished + 600).filter(|at| *at < AS_OF);
    } else {
        incident.resolved = None;
    }
    if dice.chance(600) {
        incident.item = Some(hotfix.number);
    }
    operations.incidents.push(incident);
    operations.hotfixes.push(hotfix);
}

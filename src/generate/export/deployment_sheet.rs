//! Deployments, and which items they carried.

use std::path::Path;

use super::pipeline::commit_of;
use super::{Form, Sheet, World, WrittenFile};
use crate::error::Result;
use crate::generate::deployment::{Deployment, Environment, Outcome};
use crate::generate::dice::{Concern, Dice};
use crate::generate::item::{Item, Status};
use crate::generate::timeline::local;

const DEPLOYMENTS: Form = Form::plain(
    "exports/delivery/deployments.csv",
    &[
        "deployment_id",
        "release_id",
        "system",
        "environment",
        "started",
        "finished",
        "result",
        "rollback_of",
        "hotfix_of",
        "pipeline_run_id",
        "change_id",
        "commit_sha",
        "strategy",
        "traffic_percent",
        "baseline_id",
    ],
);
const CARGO: Form = Form {
    repeats_every: 709,
    ..Form::plain(
        "exports/delivery/deployment-items.csv",
        &["deployment_id", "item_id"],
    )
};
/// The items that each deployment carried.
pub(super) struct CargoSheet(Sheet);

impl CargoSheet {
    pub(super) fn create(folder: &Path) -> Result<Self> {
        Ok(Self(Sheet::create(folder, CARGO)?))
    }

    /// Late items skip the rehearsals.
    pub(super) fn write(&mut self, world: &World, item: &Item) -> Result<()> {
        let Some(release) = item
            .release
            .filter(|_| item.first(Status::Staging).is_some())
        else {
            return Ok(());
        };
        let place = world.deliveries.place(&world.company, release, item.system);
        for &number in &world.deliveries.carriers[place] {
            let deployment = &world.deliveries.deployments[number];
            if item.is_late && deployment.environment != Environment::Production {
                continue;
            }
            self.0
                .row(&[world.deployment_id(number), item.key.clone()])?;
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Result<WrittenFile> {
        self.0.finish()
    }
}

/// Writes the deployments.
pub(super) fn write_deployments(folder: &Path, world: &World) -> Result<WrittenFile> {
    let mut sheet = Sheet::create(folder, DEPLOYMENTS)?;
    for (number, deployment) in world.deliveries.deployments.iter().enumerate() {
        sheet.row(&fields(world, number, deployment))?;
    }
    sheet.finish()
}

fn fields(world: &World, number: usize, deployment: &Deployment) -> [String; 15] {
    let index = (1 << 40) + number as u64;
    let mut dice = Dice::at(world.company.seed, Concern::Delivery, index);
    let is_production = deployment.environment == Environment::Production;
    let only_production = |text: &str| {
        if is_production {
            text.to_owned()
        } else {
            String::new()
        }
    };
    let strategies = ["canary", "blue_green", "rolling", "all_at_once"];
    let strategy = strategies[dice.weighted(&[20, 20, 40, 20])];
    let is_canary = strategy == "canary";
    let traffic = if is_canary {
        dice.pick(&["5", "10", "25"])
    } else {
        "100"
    };
    let id = |other: Option<usize>| other.map_or(String::new(), |other| world.deployment_id(other));
    [
        world.deployment_id(number),
        world.release_id(Some(deployment.release)).to_owned(),
        world.company.systems[deployment.system].name.clone(),
        name_of(deployment.environment).to_owned(),
        local(deployment.started),
        local(deployment.finished),
        word_of(deployment.outcome).to_owned(),
        id(deployment.rollback_of),
        id(deployment.hotfix_of),
        format!("RD{}", number + 1),
        only_production(&change_of(world, number, deployment)),
        commit_of(world, number),
        only_production(strategy),
        only_production(traffic),
        only_production(&baseline_of(world, number, deployment)),
    ]
}

/// Returns the request for change of a deployment; a few were done without. None
/// of these belongs to a release that an incident names by its change.
fn change_of(world: &World, number: usize, deployment: &Deployment) -> String {
    let index = (1 << 43) + number as u64;
    let mut dice = Dice::at(world.company.seed, Concern::Audit, index);
    let release = Some(deployment.release);
    let mut incidents = world.operations.incidents.iter();
    if dice.chance(40) && !incidents.any(|incident| incident.changed_release == release) {
        return String::new();
    }
    world.change_id(deployment.release)
}

/// Returns the baseline of a deployment: mostly that of its system's
/// configuration items.
fn baseline_of(world: &World, number: usize, deployment: &Deployment) -> String {
    let index = (1 << 44) + number as u64;
    let mut dice = Dice::at(world.company.seed, Concern::Audit, index);
    let baseline = deployment.system / 4 + 1;
    match dice.weighted(&[80, 12, 8]) {
        0 => format!("BL-{baseline}"),
        1 => format!("BL-{}", baseline + 1),
        _ => String::new(),
    }
}

fn name_of(environment: Environment) -> &'static str {
    match environment {
        Environment::Test => "test",
        Environment::Staging => "staging",
        Environment::Production => "prod",
    }
}

fn word_of(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Success => "success",
        Outcome::Failure => "failure",
        Outcome::RolledBack => "rolled_back",
        Outcome::Cancelled => "cancelled",
    }
}

//! Pipeline runs, in epoch seconds: queues, failures, and flaky tests that pass
//! when the same commit is run again.

use std::path::Path;

use super::{Form, Sheet, World, WrittenFile};
use crate::error::Result;
use crate::generate::company::Team;
use crate::generate::deployment::{Environment, Outcome};
use crate::generate::dice::{Concern, Dice, Spread};
use crate::generate::item::Item;
use crate::generate::timeline::{AS_OF, DAY, Wall, epoch};

const FORM: Form = Form::plain(
    "exports/ci/pipeline-runs.csv",
    &[
        "id",
        "pipeline",
        "stage",
        "squad",
        "ticket",
        "release_id",
        "environment",
        "sha",
        "queued",
        "started",
        "finished",
        "status",
        "attempt",
    ],
);
const STAGES: [&str; 3] = ["build", "test", "security_scan"];
/// Days before the export in which one team's pipeline got worse.
const DECAY_DAYS: i64 = 35;

pub(super) struct RunSheet(Sheet);

/// One run, before it is written.
struct Run<'a> {
    id: String,
    stage: &'static str,
    sha: &'a str,
    started: Wall,
    status: &'static str,
    attempt: i64,
}

impl RunSheet {
    pub(super) fn create(folder: &Path, world: &World) -> Result<Self> {
        let mut sheet = Self(Sheet::create(folder, FORM)?);
        sheet.write_deployments(world)?;
        Ok(sheet)
    }

    /// Writes the run behind each deployment.
    fn write_deployments(&mut self, world: &World) -> Result<()> {
        for (number, deployment) in world.deliveries.deployments.iter().enumerate() {
            let mut dice = Dice::at(
                world.company.seed,
                Concern::Pipeline,
                (1 << 40) + number as u64,
            );
            let system = &world.company.systems[deployment.system];
            let environment = match deployment.environment {
                Environment::Test => "test",
                Environment::Staging => "staging",
                Environment::Production => "production",
            };
            let status = match deployment.outcome {
                Outcome::Success => "SUCCESS",
                Outcome::Failure | Outcome::RolledBack => "FAILED",
                Outcome::Cancelled => "ABORTED",
            };
            let queued = epoch(deployment.started - dice.between(10, 300));
            self.0.row(&[
                &format!("RD{}", number + 1),
                &system.name,
                "deploy",
                &world.company.teams[system.team].name,
                "",
                world.release_id(Some(deployment.release)),
                environment,
                &commit_of(world, number),
                &queued.to_string(),
                &epoch(deployment.started).to_string(),
                &epoch(deployment.finished).to_string(),
                status,
                "1",
            ])?;
        }
        Ok(())
    }

    /// Writes the runs of an item: for each commit a build and tests, and a scan
    /// before the review.
    pub(super) fn write(&mut self, world: &World, item: &Item) -> Result<()> {
        let mut dice = Dice::at(world.company.seed, Concern::Pipeline, item.number);
        let Some(build) = item.build else {
            return Ok(());
        };
        let commits = 1 + i64::from(dice.chance(420));
        let mut number = 0;
        for commit in 0..commits {
            let span = build.to - build.from;
            let nominal = build.from + span * (commit + 1) / (commits + 1);
            let mut at = world.company.timeline.after(nominal, dice.between(0, 60));
            let is_last = commit + 1 == commits;
            let count = if is_last && dice.chance(450) { 3 } else { 2 };
            let mut sha = dice.hex(10);
            for &stage in &STAGES[..count] {
                let place = (stage, &mut number, &mut sha);
                at = self.write_stage(world, item, place, at, &mut dice)?;
            }
        }
        Ok(())
    }

    /// Runs a stage until it passes or people give up; returns when that was. Tests
    /// are often just run again; what failed in earnest gets a new commit.
    fn write_stage(
        &mut self,
        world: &World,
        item: &Item,
        place: (&'static str, &mut u64, &mut String),
        mut at: Wall,
        dice: &mut Dice,
    ) -> Result<Wall> {
        let team = &world.company.teams[item.team];
        let (stage, number, sha) = place;
        let mut attempt = 1;
        loop {
            let status = draw_status(team, stage, at, attempt, dice);
            *number += 1;
            let run = Run {
                id: format!("R{}.{number}", item.number + 1),
                stage,
                sha,
                started: at,
                status,
                attempt,
            };
            at = self.write_run(world, item, &run, dice)?;
            if status != "FAILED" || attempt > 2 {
                return Ok(at);
            }
            if stage == "test" && dice.chance(550) {
                attempt += 1;
                continue;
            }
            *sha = dice.hex(10);
            at = world.company.timeline.after(at, dice.between(20, 200));
            attempt = 1;
            if dice.chance(300) {
                return Ok(at);
            }
        }
    }

    /// Writes a run; returns when it ended.
    fn write_run(
        &mut self,
        world: &World,
        item: &Item,
        run: &Run<'_>,
        dice: &mut Dice,
    ) -> Result<Wall> {
        let queue = dice.skewed(90, Spread::Wide);
        let length = dice.skewed(if run.stage == "test" { 700 } else { 380 }, Spread::Medium);
        let started = run.started + queue;
        let mut finished = started + length;
        if dice.chance(1) {
            finished = started - 2;
        }
        if run.started >= AS_OF {
            return Ok(finished);
        }
        let is_running = finished >= AS_OF || run.status == "RUNNING";
        self.0.row(&[
            run.id.as_str(),
            &world.company.systems[item.system].name,
            run.stage,
            &world.company.teams[item.team].name,
            &item.key,
            "",
            "",
            run.sha,
            &epoch(run.started).to_string(),
            &epoch(started).to_string(),
            &if is_running {
                String::new()
            } else {
                epoch(finished).to_string()
            },
            if is_running { "RUNNING" } else { run.status },
            &run.attempt.to_string(),
        ])?;
        Ok(finished)
    }

    pub(super) fn finish(mut self) -> Result<WrittenFile> {
        if self.0.rows() > 500 {
            let mut row = [
                "X1",
                "checkout-web",
                "build",
                "",
                "",
                "",
                "",
                "",
                "",
                "1740000000",
                "",
                "WHATEVER",
                "1",
            ];
            self.0.row(&row)?;
            row[0] = "X2";
            row[9] = "";
            row[11] = "SUCCESS";
            self.0.row(&row)?;
        }
        self.0.finish()
    }
}

/// Returns the commit that a deployment shipped.
pub(super) fn commit_of(world: &World, deployment: usize) -> String {
    let number = (1 << 41) + deployment as u64;
    Dice::at(world.company.seed, Concern::Pipeline, number).hex(10)
}

fn draw_status(team: &Team, stage: &str, at: Wall, attempt: i64, dice: &mut Dice) -> &'static str {
    let has_decayed = team.pipeline_decays && at >= AS_OF - DECAY_DAYS * DAY;
    let permille = match (attempt, stage) {
        (2.., _) => 120,
        (_, "test") if has_decayed => 600,
        _ if has_decayed => 300,
        (_, "test") => team.fail_permille * 3 / 2,
        _ => team.fail_permille * 3 / 4,
    };
    if dice.chance(permille) {
        "FAILED"
    } else if dice.chance(15) {
        "ABORTED"
    } else if at >= AS_OF - 4 * DAY && dice.chance(60) {
        "RUNNING"
    } else {
        "SUCCESS"
    }
}

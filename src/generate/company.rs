//! The company: teams, systems, release trains, and the calendar of releases.
//!
//! Its size follows the number of items, slowly: a handful of teams looks after
//! a few hundred items, forty after a hundred thousand.

use super::Options;
use super::dice::{Concern, Dice};
use super::timeline::{AS_OF, DAY, HOUR, START, Timeline, Wall, Zone};
use super::words::{SYSTEMS, TEAMS, TRAINS};

/// Scheduled releases of each train, one every four weeks: August 2024 to October 2026.
const ROUNDS: usize = 29;
/// Weeks from the start of the history to the export.
pub(super) const WEEKS: i64 = (AS_OF - START) / (7 * DAY);
/// Days between a release's freeze and its planned date.
pub(super) const FREEZE_DAYS: i64 = 14;

/// A team, with the habits that the reports should find.
pub(super) struct Team {
    pub(super) name: String,
    pub(super) code: String,
    pub(super) domain: &'static str,
    pub(super) zone: Zone,
    pub(super) weight: u64,
    /// Share of pipeline runs that fail, in thousandths.
    pub(super) fail_permille: u64,
    /// Actual over estimate in thousandths, at the start and at the end.
    pub(super) overrun: (i64, i64),
    /// Books exactly what was estimated.
    pub(super) copies_estimates: bool,
    /// Its pipeline got worse in the last weeks.
    pub(super) pipeline_decays: bool,
    pub(super) people: Vec<&'static str>,
}

/// A system that is deployed by itself.
pub(super) struct System {
    pub(super) name: String,
    pub(super) team: usize,
}

/// A release, scheduled on a train or a hotfix between two of them.
pub(super) struct Release {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) version: String,
    /// The system that it is named for; a train's first.
    pub(super) system: usize,
    pub(super) train: usize,
    pub(super) planned: Wall,
    pub(super) freeze: Wall,
    pub(super) is_hotfix: bool,
    /// Working days by which it ships late.
    pub(super) slip: i64,
    pub(super) has_integration_test: bool,
    pub(super) has_rehearsal: bool,
    /// 0 missing, 1 draft, 2 approved.
    pub(super) backout_plan: usize,
}

/// Everything that is known before the first item.
pub(super) struct Company {
    pub(super) seed: u64,
    /// Items that take the usual way.
    pub(super) regular: u64,
    /// Items that answer an incident, numbered after the regular ones.
    pub(super) hotfixes: u64,
    pub(super) timeline: Timeline,
    pub(super) teams: Vec<Team>,
    pub(super) trains: Vec<String>,
    pub(super) systems: Vec<System>,
    pub(super) systems_per_train: usize,
    pub(super) releases: Vec<Release>,
}

impl Company {
    /// Founds a company that fits the number of items.
    pub(super) fn new(options: &Options) -> Self {
        let size = usize::try_from(options.items).unwrap_or(usize::MAX);
        let mut dice = Dice::at(options.seed, Concern::Company, 0);
        let teams = build_teams((8 + size / 2_500).min(40), &mut dice);
        let trains: Vec<String> = (0..(4 + size / 3_000).min(40))
            .map(|number| numbered(TRAINS[number % TRAINS.len()], number / TRAINS.len(), " "))
            .collect();
        let systems_per_train = if size < 2_000 { 2 } else { 3 };
        let systems = build_systems(trains.len() * systems_per_train, teams.len());
        let releases = build_releases(&trains, systems_per_train, &mut dice);
        let hotfixes = (options.items / 25).min(systems.len() as u64 * 3);
        Self {
            seed: options.seed,
            regular: options.items - hotfixes,
            hotfixes,
            timeline: Timeline::new(),
            teams,
            trains,
            systems,
            systems_per_train,
            releases,
        }
    }

    /// Returns the team of an item.
    pub(super) fn team_of(&self, item: u64) -> usize {
        let mut dice = Dice::at(self.seed, Concern::Team, item);
        let total = self.teams.iter().map(|team| team.weight).sum();
        let mut left = dice.below(total);
        for (index, team) in self.teams.iter().enumerate() {
            if left < team.weight {
                return index;
            }
            left -= team.weight;
        }
        0
    }

    /// Returns the tracker's key of an item.
    pub(super) fn key_of(&self, item: u64) -> String {
        format!("{}-{}", self.teams[self.team_of(item)].code, item + 1)
    }

    /// Returns the train's next scheduled release for which `fits` holds.
    pub(super) fn next_release(
        &self,
        train: usize,
        fits: impl Fn(&Release) -> bool,
    ) -> Option<usize> {
        (0..ROUNDS)
            .map(|round| round * self.trains.len() + train)
            .find(|&release| fits(&self.releases[release]))
    }

    /// Returns the scheduled release after `release` on its train.
    pub(super) fn release_after(&self, release: usize) -> Option<usize> {
        let next = release + self.trains.len();
        (next < ROUNDS * self.trains.len()).then_some(next)
    }

    /// Returns the place of `system` among the systems of its train.
    pub(super) fn slot_of(&self, system: usize) -> usize {
        system % self.systems_per_train
    }

    /// Returns the train that carries `system`.
    pub(super) fn train_of(&self, system: usize) -> usize {
        system / self.systems_per_train
    }
}

fn numbered(name: &str, round: usize, gap: &str) -> String {
    if round == 0 {
        return name.to_owned();
    }
    format!("{name}{gap}{}", round + 1)
}

fn build_teams(count: usize, dice: &mut Dice) -> Vec<Team> {
    (0..count)
        .map(|number| {
            let word = &TEAMS[number % TEAMS.len()];
            let round = number / TEAMS.len();
            let weight = if number == 0 {
                18
            } else {
                dice.between(6, 12) as u64
            };
            let overrun = match number % TEAMS.len() {
                2 => (950, 2_200),
                4 => (1_000, 1_000),
                _ => {
                    let usual = dice.between(950, 1_250);
                    (usual, usual)
                }
            };
            Team {
                name: numbered(word.name, round, " "),
                code: numbered(word.code, round, ""),
                domain: word.domain,
                zone: word.zone,
                weight,
                fail_permille: dice.between(50, 150) as u64,
                overrun,
                copies_estimates: number % TEAMS.len() == 4,
                pipeline_decays: number == 0,
                people: word.people.to_vec(),
            }
        })
        .collect()
}

fn build_systems(count: usize, teams: usize) -> Vec<System> {
    (0..count)
        .map(|number| System {
            name: numbered(SYSTEMS[number % SYSTEMS.len()], number / SYSTEMS.len(), "-"),
            team: number % teams,
        })
        .collect()
}

/// Builds the calendar round by round, so that numbers follow time. Each train has
/// thirteen releases a year, named by year and number; every week one of four
/// trains, or groups of trains, arrives.
fn build_releases(trains: &[String], systems_per_train: usize, dice: &mut Dice) -> Vec<Release> {
    let mut releases = Vec::with_capacity(ROUNDS * trains.len());
    for round in 0..ROUNDS {
        // The history starts in the middle of the year, after seven releases.
        let (year, number) = (2024 + (round + 7) / 13, (round + 7) % 13 + 1);
        for (train, name) in trains.iter().enumerate() {
            let tuesday = START / DAY + 29 + 28 * round as i64 + 7 * (train % 4) as i64;
            let planned = tuesday * DAY + 10 * HOUR;
            releases.push(Release {
                id: format!(
                    "{}-{year}.{number:02}",
                    name.replace(' ', "").to_uppercase()
                ),
                name: format!("{name} {year}.{number}"),
                version: format!("{year}.{number}.0"),
                system: train * systems_per_train,
                train,
                planned,
                freeze: planned - FREEZE_DAYS * DAY + 7 * HOUR,
                is_hotfix: false,
                slip: if dice.chance(180) {
                    dice.between(1, 3)
                } else {
                    0
                },
                has_integration_test: dice.chance(850),
                has_rehearsal: dice.chance(650),
                backout_plan: dice.weighted(&[6, 10, 84]),
            });
        }
    }
    releases
}

//! Releases a second time: their scope, items, stages, incidents, measures and summary.

use std::collections::{BTreeMap, BTreeSet};

use super::clock::{self, Waits};
use super::event::{self, Operations};
use super::item::{self, Item};
use super::rows::{Rows, count, instant, number, word};
use super::scope::{self, Plan, Release, Stories};
use super::{hours_between, measure, part, summary};
use crate::sample::sample_project;
use crate::support::Project;

/// All that a release is looked back on with.
pub(super) struct Company {
    pub(super) releases: Vec<Release>,
    pub(super) items: Vec<Item>,
    pub(super) stories: Stories,
    pub(super) plans: BTreeMap<String, Plan>,
    pub(super) operations: Operations,
    pub(super) waits: Waits,
    pub(super) effort: BTreeMap<String, f64>,
}

impl Company {
    /// Loads it from the tables of the contract.
    pub(super) fn load(project: &Project) -> Self {
        let items = item::load(project);
        let releases = scope::releases(project);
        let stories = scope::stories(project, &items);
        let plans = releases.iter().map(|release| {
            let plan = scope::plan(release, &stories, &items);
            (release.id.clone(), plan)
        });
        Self {
            plans: plans.collect(),
            operations: Operations::load(project),
            waits: Waits::load(project, &items),
            effort: item::effort_hours(project),
            releases,
            stories,
            items,
        }
    }

    /// Returns the estimate and the effort of a delivered item, or why they are not
    /// compared; whole seconds as hours.
    pub(super) fn estimate(&self, item: &Item) -> Estimate {
        let whole = |hours: f64| (hours * 3600.0).round() / 3600.0;
        let hours = item.estimate_when_work_began().map(whole);
        let actual = self.effort.get(&item.id).copied().map(whole);
        let exclusion = match (item.delivered_at, hours, actual) {
            (None, _, _) => Some("not_delivered"),
            (_, None, _) => Some("no_estimate"),
            (_, _, None) => Some("no_effort"),
            (_, Some(0.0), _) => Some("zero_estimate"),
            (_, _, Some(0.0)) => Some("zero_effort"),
            _ => None,
        };
        let is_shown = item.delivered_at.is_some();
        Estimate {
            hours: hours.filter(|_| is_shown),
            actual: actual.filter(|_| is_shown),
            exclusion,
        }
    }

    /// Returns the items that belong to a release, with the deployments of it that
    /// hold each.
    pub(super) fn belonging<'c>(&'c self, release: &Release) -> Vec<Belonging<'c>> {
        let plan = &self.plans[&release.id];
        let carried = || {
            let all = self.operations.completed();
            all.filter(|deployment| deployment.release.as_ref() == Some(&release.id))
        };
        let belonging = self.items.iter().filter_map(|item| {
            let holders: Vec<_> = carried()
                .filter(|deployment| self.operations.holds(deployment, &item.id))
                .collect();
            let is_here = holders.iter().any(|deployment| deployment.is_success);
            let strikes = holders.iter().flat_map(|deployment| {
                let is_watched = self.operations.is_watched(deployment);
                let counted = self.operations.counted(deployment).into_iter();
                counted.filter(move |_| is_watched).map(|one| &one.id)
            });
            let strikes: BTreeSet<&String> = strikes.collect();
            let belongs = plan.members.contains(&item.id) || is_here;
            belongs.then_some(Belonging {
                item,
                is_here,
                incidents: (!holders.is_empty()).then_some(strikes.len()),
            })
        });
        belonging.collect()
    }
}

/// What is known of an item's size.
pub(super) struct Estimate {
    pub(super) hours: Option<f64>,
    pub(super) actual: Option<f64>,
    pub(super) exclusion: Option<&'static str>,
}

impl Estimate {
    /// Returns estimate and effort where they are compared.
    pub(super) fn compared(&self) -> Option<(f64, f64)> {
        let pair = self.hours.zip(self.actual);
        pair.filter(|_| self.exclusion.is_none())
    }
}

/// An item of a release.
pub(super) struct Belonging<'c> {
    pub(super) item: &'c Item,
    /// A successful deployment of the release holds it.
    pub(super) is_here: bool,
    /// Incidents of the release's deployments that hold it.
    incidents: Option<usize>,
}

/// How an item belongs to a release: the first that holds.
pub(super) fn scope_part(plan: &Plan, item: &str) -> &'static str {
    let is_in = |set: &BTreeSet<String>| set.contains(item);
    let is_added = plan.changes.iter().any(|c| c.item == item && !c.is_removal);
    match () {
        () if is_in(&plan.planned) => "planned",
        () if is_added => "added",
        () if !is_in(&plan.members) => "deployed_only",
        () if !is_in(&plan.by_end) => "joined_after",
        () if is_in(&plan.at_end) => "member",
        () => "left_before",
    }
}

/// Returns the days of an item's clock by activity (active, waiting, blocked), where
/// every moment of it is known.
pub(super) fn divided(item: &Item, waits: &Waits) -> Option<[f64; 3]> {
    let (from, to) = waits.clock(item).span?;
    let pieces = clock::pieces(item, waits);
    let days = |activity: &str| {
        let those = pieces
            .iter()
            .filter(|piece| piece.activity == Some(activity));
        those
            .map(|piece| hours_between(piece.span.0, piece.span.1) / 24.0)
            .sum::<f64>()
    };
    let parts = ["active", "waiting", "blocked"].map(days);
    let whole = hours_between(from, to) / 24.0;
    let is_known = !pieces.is_empty() && (parts.iter().sum::<f64>() - whole).abs() < 1e-6;
    is_known.then_some(parts)
}

/// Recomputes `release_items`.
fn items(company: &Company) -> Rows {
    let mut rows = Rows::new("release_items", &["release_id", "item_id"]);
    for release in &company.releases {
        let plan = &company.plans[&release.id];
        for Belonging {
            item,
            is_here,
            incidents,
        } in company.belonging(release)
        {
            let clock = company.waits.clock(item);
            let parts = divided(item, &company.waits);
            let part = |place: usize| number(parts.map(|parts| parts[place]));
            let estimate = company.estimate(item);
            let of = |is_so: &dyn Fn(&scope::Change) -> bool| {
                let own = plan.changes.iter().filter(|c| c.item == item.id);
                own.filter(|c| is_so(c)).count()
            };
            let late = of(&|c| c.is_late == Some(true));
            let is_in = |set: &BTreeSet<String>| set.contains(&item.id);
            let is_kept = is_in(&plan.planned) && is_in(&plan.at_end);
            let is_delivered = item.delivered_at.is_some();
            let elapsed = clock.span.map(|(from, to)| hours_between(from, to) / 24.0);
            let ratio = estimate
                .compared()
                .map(|(hours, actual)| (actual / hours).ln());
            let is_late = release.freeze_at.map(|_| (late > 0).to_string());
            rows.push(
                &[&release.id, &item.id],
                vec![
                    ("title", word(item.title.as_deref())),
                    ("team", word(item.team.as_deref())),
                    ("item_type", word(item.kind.as_deref())),
                    ("source_url", word(item.url.as_deref())),
                    ("scope_part", scope_part(plan, &item.id).to_owned()),
                    ("deployment_id", word(item.deployment.as_deref())),
                    ("cycle_exclusion", word(clock.exclusion)),
                    ("estimate_exclusion", word(estimate.exclusion)),
                    ("added_count", count(of(&|c| !c.is_removal))),
                    ("removed_count", count(of(&|c| c.is_removal))),
                    ("readded_count", count(of(&|c| c.is_return))),
                    ("after_freeze_count", count(late)),
                    ("incident_count", incidents.map_or_else(String::new, count)),
                    ("cycle_days", number(elapsed)),
                    ("cycle_active_days", part(0)),
                    ("cycle_waiting_days", part(1)),
                    ("cycle_blocked_days", part(2)),
                    ("estimate_hours", number(estimate.hours)),
                    ("actual_hours", number(estimate.actual)),
                    ("log_ratio", number(ratio)),
                    ("is_planned", is_in(&plan.planned).to_string()),
                    ("is_in_at_end", is_in(&plan.at_end).to_string()),
                    ("is_delivered", is_delivered.to_string()),
                    ("is_planned_delivery", (is_kept && is_delivered).to_string()),
                    ("is_after_freeze", is_late.unwrap_or_default()),
                    ("is_deployed_here", is_here.to_string()),
                    ("committed_at", instant(clock.committed_at)),
                    ("delivered_at", instant(item.delivered_at)),
                ],
            );
        }
    }
    rows
}

/// Sums of one stage in one release.
#[derive(Default)]
struct StageSum {
    stage: Option<clock::Stage>,
    items: BTreeSet<String>,
    sent_back: usize,
    days: f64,
    parts: [f64; 3],
}

/// Recomputes `release_stage_times`.
fn stage_times(company: &Company) -> Rows {
    let mut sums: BTreeMap<(&str, u32), StageSum> = BTreeMap::new();
    for release in &company.releases {
        let at_end = &company.plans[&release.id].at_end;
        for item in company.items.iter().filter(|i| at_end.contains(&i.id)) {
            let stays = clock::stays(item);
            let mut seen = BTreeSet::new();
            for piece in clock::pieces(item, &company.waits) {
                let position = piece.stage.map_or(0, |stage| stage.1);
                let sum = sums.entry((&release.id, position)).or_default();
                sum.stage = piece.stage;
                sum.items.insert(item.id.clone());
                let is_new = seen.insert(piece.stay);
                sum.sent_back += usize::from(is_new && stays[piece.stay].is_sent_back);
                let days = hours_between(piece.span.0, piece.span.1) / 24.0;
                sum.days += days;
                let names = ["active", "waiting", "blocked"].into_iter();
                let place = names
                    .zip(0..)
                    .find(|(name, _)| Some(*name) == piece.activity);
                if let Some((_, place)) = place {
                    let place: usize = place;
                    sum.parts[place] += days;
                }
            }
        }
    }
    let mut rows = Rows::new("release_stage_times", &["release_id", "stage_position"]);
    for ((release, position), sum) in sums {
        let part = |place: usize| number(sum.stage.map(|_| sum.parts[place]));
        rows.push(
            &[release, &position.to_string()],
            vec![
                ("stage", word(sum.stage.map(|stage| stage.0))),
                ("kind", word(sum.stage.map(|stage| stage.2))),
                ("item_count", count(sum.items.len())),
                ("sent_back_count", count(sum.sent_back)),
                ("days", number(Some(sum.days))),
                ("active_days", part(0)),
                ("waiting_days", part(1)),
                ("blocked_days", part(2)),
            ],
        );
    }
    rows
}

/// Recomputes `release_item_spans`.
fn spans(company: &Company) -> Rows {
    let plans = company.plans.values();
    let shown: BTreeSet<&String> = plans.flat_map(|plan| &plan.at_end).collect();
    let mut rows = Rows::new("release_item_spans", &["item_id", "span_number"]);
    for item in company.items.iter().filter(|item| shown.contains(&item.id)) {
        for (place, piece) in clock::pieces(item, &company.waits).iter().enumerate() {
            let position = piece.stage.map(|stage| stage.1.to_string());
            rows.push(
                &[&item.id, &(place + 1).to_string()],
                vec![
                    ("activity", word(piece.activity)),
                    ("stage", word(piece.stage.map(|stage| stage.0))),
                    ("stage_position", position.unwrap_or_default()),
                    ("started_at", instant(Some(piece.span.0))),
                    ("ended_at", instant(Some(piece.span.1))),
                ],
            );
        }
    }
    rows
}

/// Holds all marts of releases of a project, and where the time of items went, against
/// the second way.
fn assert_releases_are_the_same(project: &Project) {
    let company = Company::load(project);
    let items = items(&company);
    let events = event::events(&company.operations);
    let measures = measure::measures(&company, project);
    assert!(
        items.count_of("scope_part", "planned") > 100,
        "some are planned"
    );
    assert!(items.count_of("scope_part", "added") > 5, "some were added");
    assert!(
        events.count_of("is_counted", "true") > 20,
        "some events count"
    );
    assert!(measures.len() > 400, "releases have measures");
    let all = [
        items,
        stage_times(&company),
        spans(&company),
        events,
        scope::moves(&company.plans, &company.stories),
        scope::volatility(&company),
        measures,
        summary::summaries(&company),
        part::parts(&company),
    ];
    let differences: Vec<String> = all
        .iter()
        .flat_map(|rows| rows.differences(project))
        .collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn the_marts_of_every_release_are_the_same() {
    assert_releases_are_the_same(&sample_project().computed());
}

/// Another company: other seed, other size, the same months.
#[test]
fn the_marts_of_every_release_of_another_company_are_the_same() {
    let project = Project::empty();
    let arguments = ["generate", "--items", "700", "--seed", "61", "--to", "."];
    let finished = project.plimsoll(&arguments);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    assert_releases_are_the_same(&project.computed());
}

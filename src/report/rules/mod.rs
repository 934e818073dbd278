//! The page of rules: what the past recommends, of what it cannot say enough, what was
//! decided and what became of it. The same recommendations, as they look at one release,
//! stand on its retrospective.

mod decided;
mod effect;
mod headline;
mod kept;
mod lists;
mod outcome;
mod places;
mod proposal;
mod release;
mod replay;
mod trial;

pub(super) use release::{ReleaseRules, load_release_rules};

use std::collections::BTreeMap;
use std::path::Path;

use chrono_tz::Tz;
use minijinja::Value;
use serde::Serialize;

use super::full_list::FullLists;
use super::head::Head;
use super::marts::Marts;
use super::page::{DataTable, Figure, Link, Tag};
use super::specimen;
use super::template::Templates;
use super::weekly::WeeklyPage;
use super::{definition, format};
use crate::config::Config;
use crate::error::Result;
use decided::{Decided, load_decided};
use headline::{Counts, answer};
use kept::{Kept, Series, load_series};
use places::{Matches, Places, load_matches};
use proposal::{Behind, Proposal};
use replay::{Replays, load_replays};
use trial::{Trial, load_trials};

/// How many recommendations the page shows.
const MOST_PROPOSALS: usize = 16;

/// How many bytes of the page its charts take at most.
const ROOM_OF_DRAWINGS: usize = 120_000;

/// The definitions behind the page.
const MARTS: [&str; 7] = [
    "rule_candidates",
    "rule_matches",
    "rule_replay",
    "rule_decisions",
    "rule_effects",
    "item_rule_points",
    "accepted_rules",
];

/// The page.
#[derive(Debug, Serialize)]
pub(super) struct RulesPage<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    /// What the page says, in one sentence.
    answer: String,
    /// How candidates were tried and judged.
    how: String,
    proposals: Vec<Proposal>,
    /// What is said where nothing is recommended.
    proposals_empty: String,
    /// What is said of recommendations that the page has no room for.
    proposals_more: Option<String>,
    not_enough: DataTable,
    kept: Vec<Kept>,
    rejected: DataTable,
    tried: DataTable,
    definitions: Vec<Link>,
}

/// What the page is made from.
struct Loaded {
    trials: Vec<Trial>,
    decided: Vec<Decided>,
    replays: Replays,
    matches: Matches,
    series: Series,
    places: Places,
    weights: Vec<(String, f64)>,
    zone: Tz,
}

impl Loaded {
    fn load(config: &Config, marts: &Marts, pages: &BTreeMap<String, String>) -> Result<Self> {
        let scoring = marts.settings("scoring")?;
        let mut weights = Vec::new();
        for row in scoring.indices() {
            let weight = scoring.number("weight", row)?.unwrap_or(0.0);
            weights.push((scoring.owned_text("part", row)?, weight));
        }
        Ok(Self {
            trials: load_trials(&marts.rows("rule_candidates")?)?,
            decided: load_decided(&marts.rows("rule_decisions")?)?,
            replays: load_replays(&marts.rows("rule_replay")?)?,
            matches: load_matches(&marts.rows("rule_matches")?)?,
            series: load_series(&marts.rows("rule_effects")?)?,
            places: Places::load(marts, pages)?,
            weights,
            zone: config.project.time_zone,
        })
    }

    /// The recommendations that nobody has decided on, the surest first.
    fn waiting(&self) -> Vec<&Trial> {
        let is_decided = |trial: &Trial| {
            let mut decided = self.decided.iter();
            decided.any(|one| one.rule_id == trial.rule_id)
        };
        let trials = self.trials.iter();
        let mut waiting: Vec<&Trial> = trials
            .filter(|one| one.is_recommended() && !is_decided(one))
            .collect();
        waiting.sort_by(|a, b| a.by_chance(b));
        waiting
    }

    fn counts(&self) -> Counts {
        let in_force = || self.decided.iter().filter(|one| one.is_in_force());
        let to_retire = in_force().filter(|one| {
            let judged = kept::judged(one, self.points(&one.rule_id));
            judged.is_some_and(|(effect, _)| effect.verdict == effect::Verdict::Retire)
        });
        let not_enough = self.trials.iter().filter(|one| one.verdict == "not_enough");
        let recommended = self.trials.iter().filter(|one| one.is_recommended());
        let recommended = recommended.count();
        Counts {
            tried: self.trials.len(),
            recommended: self.waiting().len(),
            settled: recommended - self.waiting().len(),
            not_enough: not_enough.count(),
            accepted: in_force().count(),
            to_retire: to_retire.count(),
        }
    }

    fn points(&self, rule_id: &str) -> &[kept::Point] {
        self.series.get(rule_id).map_or(&[], Vec::as_slice)
    }

    fn matches(&self, rule_id: &str) -> &[places::Match] {
        self.matches.get(rule_id).map_or(&[], Vec::as_slice)
    }

    fn proposals(&self) -> Vec<Proposal> {
        let waiting = self.waiting().into_iter();
        waiting
            .map(|trial| {
                let behind = Behind {
                    decided: &self.decided,
                    weights: &self.weights,
                    replays: self.replays.get(&trial.rule_id).map_or(&[], Vec::as_slice),
                    matches: self.matches(&trial.rule_id),
                    places: &self.places,
                };
                Proposal::new(trial, &behind)
            })
            .collect()
    }

    /// The rules that are or were in force, those in force first.
    fn kept(&self) -> Vec<Kept> {
        let mut once: Vec<&Decided> = self
            .decided
            .iter()
            .filter(|one| one.state != "rejected")
            .collect();
        once.sort_by_key(|one| !one.is_in_force());
        (1..)
            .zip(once)
            .map(|(number, one)| {
                let behind = kept::Behind {
                    series: self.points(&one.rule_id),
                    matches: self.matches(&one.rule_id),
                    places: &self.places,
                    zone: self.zone,
                };
                Kept::new(one, number, &behind)
            })
            .collect()
    }
}

/// Writes the page with its lists, and its JSON. `pages` are the addresses of the
/// releases' pages from the root of the site.
pub(super) fn write_rules(
    templates: &Templates,
    (config, marts): (&Config, &Marts),
    pages: &BTreeMap<String, String>,
    latest: &WeeklyPage,
    staging: &Path,
) -> Result<()> {
    let loaded = Loaded::load(config, marts, pages)?;
    let missing = marts.missing(&["items", "releases"]);
    let mut page = RulesPage {
        head: Head::of(latest),
        answer: answer(missing.as_deref(), &loaded.counts()),
        how: how(&loaded.trials),
        proposals: loaded.proposals(),
        proposals_empty: missing.unwrap_or_else(|| {
            "Nothing waits for a decision: no rule that was tried and is not decided on passes on the later releases."
                .to_owned()
        }),
        not_enough: loaded.not_enough(),
        kept: loaded.kept(),
        proposals_more: None,
        rejected: loaded.rejected(),
        tried: loaded.tried(),
        definitions: links(),
    };
    page.proposals_more = shorten(&mut page.proposals);
    kept::draw_within(&mut page.kept, ROOM_OF_DRAWINGS);
    let back = Link {
        href: "../rules.html".to_owned(),
        text: "Rules".to_owned(),
    };
    let lists = FullLists::new(templates, latest, ("rules", "rules"), &back, staging)?;
    lists.write("tried", &mut page.tried)?;
    lists.write("not-enough", &mut page.not_enough)?;
    lists.write("rejected", &mut page.rejected)?;
    for (number, proposal) in (1..).zip(&mut page.proposals) {
        lists.write(&format!("proposal-{number}"), &mut proposal.rows)?;
        lists.write(&format!("replay-{number}"), &mut proposal.replay)?;
    }
    for (number, kept) in (1..).zip(&mut page.kept) {
        lists.write(&format!("decided-{number}"), &mut kept.rows)?;
        let drawn = kept.figure.as_mut().map(|figure| &mut figure.table);
        if let Some(table) = drawn.or(kept.numbers.as_mut()) {
            lists.write(&format!("effect-{number}"), table)?;
        }
    }
    let drawings = drawings(page.kept.iter().filter_map(|one| one.figure.as_ref()));
    templates.write("rules.html", &page, &drawings, 0, (staging, "rules"))
}

/// Leaves out the recommendations for which the page has no room, and says so: they
/// stand among all rules tried, the surest first.
fn shorten(proposals: &mut Vec<Proposal>) -> Option<String> {
    let beyond = proposals.len().saturating_sub(MOST_PROPOSALS);
    proposals.truncate(MOST_PROPOSALS);
    (beyond > 0).then(|| {
        format!(
            "{} recommended: the list of all rules tried has them, with their ids.",
            format::count(beyond, "more is", "more are")
        )
    })
}

/// Says how the run tried and judged.
fn how(trials: &[Trial]) -> String {
    let Some(first) = trials.first() else {
        return "Nothing was tried: a rule needs items in releases that went out.".to_owned();
    };
    format!(
        "{} were tried, each a condition with a threshold or a word and an outcome. They are found on the earlier {} and judged on the later {}; what is not shown there is not recommended.",
        format::count(trials.len(), "rule", "rules"),
        format::count(first.earlier.releases, "release", "releases"),
        format::count(first.later.releases, "release", "releases"),
    )
}

fn links() -> Vec<Link> {
    let links = MARTS.iter();
    links
        .map(|mart| definition::page::link_to(mart, 0))
        .collect()
}

fn drawings<'f>(figures: impl Iterator<Item = &'f Figure>) -> Value {
    Value::from_pairs(figures.map(|figure| {
        let drawing = Value::from_safe_string(figure.svg.clone());
        (figure.id.clone(), drawing)
    }))
}

/// Returns the page made up of placeholders.
pub(super) fn specimen(latest: &WeeklyPage, is_full: bool) -> RulesPage<'_> {
    let (text, table) = (specimen::text, || specimen::table(is_full));
    RulesPage {
        head: Head::of(latest),
        answer: text(),
        how: text(),
        proposals: specimen::list(is_full, || Proposal {
            id: text(),
            rule_id: text(),
            title: text(),
            present: text(),
            proposed: text(),
            evidence: table(),
            replay_sentence: text(),
            replay: table(),
            sure: text(),
            command: text(),
            rows: table(),
        }),
        proposals_empty: text(),
        proposals_more: is_full.then(text),
        not_enough: table(),
        kept: vec![Kept {
            id: text(),
            rule_id: text(),
            title: text(),
            verdict: is_full.then(|| Tag::new("none", text())),
            reason: text(),
            action: text(),
            decision: text(),
            why: text(),
            basis: text(),
            template: is_full.then(text),
            command: is_full.then(text),
            figure: is_full.then(|| specimen::figure(is_full)),
            numbers: is_full.then(table),
            rows: table(),
        }],
        rejected: table(),
        tried: table(),
        definitions: links(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recommendations_beyond_the_room_of_the_page_are_counted() {
        let places = Places::default();
        let behind = Behind {
            decided: &[],
            weights: &[],
            replays: &[],
            matches: &[],
            places: &places,
        };
        let proposals = |count: usize| -> Vec<Proposal> {
            let trial = trial::sample("large_estimate.40.incident", "recommended");
            (0..count).map(|_| Proposal::new(&trial, &behind)).collect()
        };
        let mut some = proposals(16);
        assert_eq!((shorten(&mut some), some.len()), (None, 16));
        let mut many = proposals(18);
        let told = shorten(&mut many).unwrap_or_default();
        assert!(told.starts_with("2 more are recommended"), "{told}");
        assert_eq!(many.len(), 16);
    }
}

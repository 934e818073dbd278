//! Rules are judged rightly: on a generated company whose outcomes are shuffled hardly
//! anything is recommended, and the figures of a real run come out again in Rust.

use std::collections::BTreeMap;

use plimsoll::query::{self, Thresholds};
use plimsoll::rules::{Limits, PastItem, Template, Verdict, try_rules};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::sample::sample_project;
use crate::support::golden::show_staging;
use crate::support::table::numbers_agree;
use crate::support::{Project, Table, read_text, repository};

const LIMITS: Limits = Limits {
    seed: 1,
    earlier_share: 0.6,
    false_share: 0.1,
    least_items: 10,
    least_releases: 5,
};

const OUTCOMES: [&str; 5] = ["failed_deployment", "incident", "overrun", "delay", "age"];

/// Shows the two staging tables that rules are judged by as marts.
fn show(project: &Project) {
    show_staging(project, "rule_outcomes");
    let text = "-- name: rule_subjects_shown\n-- about: All of it.\n\
        -- grain: one row per template, item and release\n\
        -- key: template, item_id, release_id\n-- reads: rule_subjects\n-- columns:\n\
        --   template    string   Template.\n--   item_id     string   Item.\n\
        --   release_id  string   Release.\n--   value       double?  Number.\n\
        --   category    string?  Word.\n\n\
        select template, item_id, release_id, value, category from rule_subjects\n";
    project.write("queries/metrics/rule_subjects_shown.sql", text);
}

/// What is known of a computed project, by another way than the program's own.
struct Known {
    items: Vec<PastItem>,
    templates: Vec<Template>,
}

fn known(project: &Project) -> Known {
    let outcomes = project.query(
        "select * from rule_outcomes_shown where exclusion is null order by release_position, item_id",
    );
    let mut places = BTreeMap::new();
    let mut items = Vec::new();
    for row in outcomes.records() {
        let subject = (
            row.text("item_id").to_owned(),
            row.text("release_id").to_owned(),
        );
        places.insert(subject, items.len());
        items.push(PastItem {
            release: row.number("release_position").expect("it shipped") as i64,
            outcomes: OUTCOMES.map(|outcome| row.number(outcome)),
        });
    }
    let subjects = project.query("select * from rule_subjects_shown");
    let templates = read_templates(&subjects, &places, items.len());
    Known { items, templates }
}

fn read_templates(
    subjects: &Table,
    places: &BTreeMap<(String, String), usize>,
    items: usize,
) -> Vec<Template> {
    let queries = query::load_queries(&repository("no such folder")).expect("they parse");
    let rules = queries
        .iter()
        .filter_map(|query| Some((query, query.rule.as_ref()?)));
    let mut templates: BTreeMap<String, Template> = rules
        .map(|(query, rule)| {
            let template = Template {
                name: query.name.clone(),
                compares: rule.compares,
                thresholds: rule.thresholds.clone(),
                outcomes: rule.outcomes.clone(),
                is_for_better: rule.action == "raise",
                values: vec![None; items],
                categories: vec![None; items],
            };
            (query.name.clone(), template)
        })
        .collect();
    for row in subjects.records() {
        let subject = (
            row.text("item_id").to_owned(),
            row.text("release_id").to_owned(),
        );
        let Some(place) = places.get(&subject) else {
            continue;
        };
        let template = templates
            .get_mut(row.text("template"))
            .expect("it is a template");
        template.values[*place] = row.number("value");
        let category = row.text("category");
        template.categories[*place] = (!category.is_empty()).then(|| category.to_owned());
    }
    templates.into_values().collect()
}

/// What changes places.
#[derive(Clone, Copy, Debug)]
enum Shuffle {
    /// The outcomes of single items.
    Items,
    /// The outcomes of whole releases, which keep what their items have in common.
    Releases,
}

fn shuffled(items: &[PastItem], how: Shuffle, seed: u64) -> Vec<PastItem> {
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    let mut permuted = |count: usize| {
        let mut order: Vec<usize> = (0..count).collect();
        for place in (1..count).rev() {
            let other = chance.next_u64() % (place as u64 + 1);
            order.swap(place, usize::try_from(other).expect("it is small"));
        }
        order
    };
    let with = |item: &PastItem, other: &PastItem| PastItem {
        release: item.release,
        outcomes: other.outcomes,
    };
    match how {
        Shuffle::Items => {
            let order = permuted(items.len());
            let pairs = items.iter().zip(order);
            pairs
                .map(|(item, other)| with(item, &items[other]))
                .collect()
        }
        Shuffle::Releases => {
            let releases: Vec<&[PastItem]> =
                items.chunk_by(|a, b| a.release == b.release).collect();
            let order = permuted(releases.len());
            let pairs = releases.iter().zip(order);
            let moved = pairs.flat_map(|(release, other)| {
                let others = releases[other].iter().cycle();
                release
                    .iter()
                    .zip(others)
                    .map(|(item, other)| with(item, other))
            });
            moved.collect()
        }
    }
}

/// Returns of how many shuffled pasts something is recommended, of how many.
fn false_runs(known: &Known, seeds: u64) -> [(Shuffle, u64, u64); 2] {
    [Shuffle::Items, Shuffle::Releases].map(|how| {
        let is_wrong = |seed: &u64| {
            let items = shuffled(&known.items, how, *seed);
            let limits = Limits {
                seed: *seed,
                ..LIMITS
            };
            let findings = try_rules(&items, &known.templates, &limits);
            let mut trials = findings.trials.iter();
            trials.any(|trial| trial.verdict == Verdict::Recommended)
        };
        (how, (0..seeds).filter(is_wrong).count() as u64, seeds)
    })
}

/// The lower end of the Wilson interval of a share.
fn wilson_lower(count: u64, of: u64) -> f64 {
    let (k, n, z) = (count as f64, of as f64, 1.96_f64);
    let middle = k + z * z / 2.0;
    let spread = z * (k * (n - k) / n + z * z / 4.0).sqrt();
    ((middle - spread) / (n + z * z)).max(0.0)
}

fn generated(items: &str) -> Project {
    let project = Project::empty();
    let generate = ["generate", "--items", items, "--seed", "11", "--to", "."];
    let finished = project.plimsoll(&generate);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    show(&project);
    project.computed()
}

#[track_caller]
fn assert_hardly_any(known: &Known, seeds: u64) {
    let releases = known.items.chunk_by(|a, b| a.release == b.release).count();
    assert!(
        releases > 20 && known.templates.len() > 12,
        "{releases} releases"
    );
    for (how, wrong, of) in false_runs(known, seeds) {
        let lower = wilson_lower(wrong, of);
        assert!(
            lower <= 0.1,
            "{wrong} of {of} runs recommend a rule, {how:?} shuffled"
        );
    }
}

#[test]
fn on_shuffled_outcomes_hardly_any_run_recommends_a_rule() {
    let project = sample_project();
    show(&project);
    assert_hardly_any(&known(&project.computed()), 20);
}

#[test]
#[ignore = "takes minutes: two hundred seeds over a larger company"]
fn on_shuffled_outcomes_two_hundred_runs_hardly_recommend_a_rule() {
    assert_hardly_any(&known(&generated("3000")), 200);
}

/// The figures of every candidate, counted again with loops over the two tables that
/// the step reads.
#[test]
fn figures_of_candidates_come_out_again() {
    let project = sample_project();
    show(&project);
    let project = project.computed();
    let known = known(&project);
    let mut releases: Vec<i64> = known.items.iter().map(|item| item.release).collect();
    releases.dedup();
    let first_later = releases[(releases.len() as f64 * 0.6).round() as usize];
    let candidates = project.query("select * from rule_candidates");
    assert!(
        candidates.rows.len() > 100,
        "only {}",
        candidates.rows.len()
    );
    for row in candidates.records() {
        let id = row.text("rule_id");
        let template = known
            .templates
            .iter()
            .find(|it| it.name == row.text("template"));
        let template = template.expect("it is a template");
        let outcome = OUTCOMES.iter().position(|it| *it == row.text("outcome"));
        let outcome = outcome.expect("it is an outcome");
        let threshold = row.number("threshold");
        for (part, is_later) in [("fit", false), ("judge", true)] {
            let mut sides: [Vec<f64>; 2] = [Vec::new(), Vec::new()];
            for (index, item) in known.items.iter().enumerate() {
                let is_matched = match template.thresholds {
                    Thresholds::Categories => template.categories[index]
                        .as_ref()
                        .map(|category| category == row.text("category")),
                    _ => template.values[index]
                        .zip(threshold)
                        .map(|(value, limit)| match template.compares.as_str() {
                            "at_most" => value <= limit,
                            _ => value >= limit,
                        }),
                };
                let found = item.outcomes[outcome].zip(is_matched);
                if let Some((value, is_matched)) = found
                    && (item.release >= first_later) == is_later
                {
                    sides[usize::from(!is_matched)].push(value);
                }
            }
            for (side, values) in ["matched", "unmatched"].iter().zip(sides) {
                let count = row.number(&format!("{part}_{side}_count"));
                assert_eq!(count, Some(values.len() as f64), "{id} {part} {side}");
                let figure = row.number(&format!("{part}_{side}_outcome"));
                let again = middle(values, row.text("outcome_kind") == "share");
                let agree = figure.zip(again).is_none_or(|(a, b)| numbers_agree(a, b));
                assert!(
                    figure.is_some() == again.is_some() && agree,
                    "{id} {part} {side}: {figure:?} in the mart, {again:?} here"
                );
            }
        }
    }
    assert_discoveries(&candidates);
}

/// The mean of shares, the median of others; of nothing, none.
fn middle(mut values: Vec<f64>, is_share: bool) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let count = values.len();
    if is_share {
        return Some(values.iter().sum::<f64>() / count as f64);
    }
    values.sort_by(f64::total_cmp);
    Some((values[(count - 1) / 2] + values[count / 2]) / 2.0)
}

/// Benjamini and Hochberg by the adjusted p-values, from the largest down, which the
/// program does not use.
#[track_caller]
fn assert_discoveries(candidates: &Table) {
    let mut p_values: Vec<(f64, bool)> = candidates
        .records()
        .map(|row| {
            let p = row.number("p_value").unwrap_or(1.0);
            (p, row.text("is_discovery") == "true")
        })
        .collect();
    p_values.sort_by(|a, b| b.0.total_cmp(&a.0));
    let tried = p_values.len() as f64;
    let mut adjusted = 1.0_f64;
    let mut found = 0;
    for (index, (p, is_discovery)) in p_values.iter().enumerate() {
        let rank = tried - index as f64;
        adjusted = adjusted.min(p * tried / rank);
        assert_eq!(adjusted <= 0.1, *is_discovery, "p-value {p} of rank {rank}");
        found += usize::from(*is_discovery);
    }
    assert!(found > 0, "the sample has a rule that is found");
}

#[test]
fn the_template_that_the_documentation_shows_is_tried_at_once() {
    let page = read_text(&repository("docs/rules.md"));
    let start = page.find("-- name: sensitive_data");
    let start = start.expect("the page shows a template");
    let template = page[start..].split("```").next().unwrap_or_default();
    let project = sample_project();
    project.write("queries/rules/sensitive_data.sql", template);
    let finished = project.plimsoll(&["check"]);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let project = project.computed();
    let found = project
        .query("select rule_text, action from rule_candidates where template = 'sensitive_data'");
    assert!(
        found.rows.len() >= 6,
        "only {} candidates",
        found.rows.len()
    );
    for row in found.records() {
        assert!(
            row.text("rule_text").starts_with("Items with "),
            "{:?}",
            row.text("rule_text")
        );
        assert_eq!(row.text("action"), "require privacy_review");
    }
}

#[test]
fn a_template_that_is_off_is_not_tried() {
    let project = sample_project();
    let text = read_text(&project.path("plimsoll.toml"));
    project.write(
        "plimsoll.toml",
        format!("{text}\n[rules]\non = [\"team\"]\n"),
    );
    let project = project.computed();
    let tried = project.query("select distinct template from rule_candidates");
    assert_eq!(tried.rows, [["team"]]);
    project.write(
        "plimsoll.toml",
        format!("{text}\n[rules]\noff = [\"teem\"]\n"),
    );
    let finished = project.plimsoll(&["check"]);
    assert!(
        finished
            .stderr
            .contains("expected a known template of rules, found `teem`")
            && finished.stderr.contains("did you mean `team`?"),
        "{}",
        finished.stderr
    );
}

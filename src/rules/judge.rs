//! The trial of every candidate: fit on the earlier releases, judgement on the later
//! ones, and what of it may be believed.

use std::collections::BTreeSet;

use super::candidate::{Condition, fingerprint, rule_id, slugs};
use super::verdict::{Evidence, judge};
use super::{Findings, Limits, Part, PastItem, Side, Template, Trial, Verdict};
use crate::query::RuleOutcome;
use crate::statistics::{
    ClusteredItem, ClusteredSample, Middle, benjamini_hochberg, cluster_interval, median,
};

/// Tries every candidate of every template. `items` come in the order of their
/// releases; each template says something of each.
pub fn try_rules(items: &[PastItem], templates: &[Template], limits: &Limits) -> Findings {
    let mut releases: Vec<i64> = items.iter().map(|item| item.release).collect();
    releases.dedup();
    let earlier_count = (releases.len() as f64 * limits.earlier_share).round() as usize;
    let first_later = releases.get(earlier_count).copied();
    let is_earlier = |item: &usize| first_later.is_none_or(|first| items[*item].release < first);
    let (earlier, later): (Vec<usize>, Vec<usize>) = (0..items.len()).partition(is_earlier);
    let past = Past {
        items,
        earlier: &earlier,
        later: &later,
        limits,
    };
    let mut drafts: Vec<Draft<'_>> = templates
        .iter()
        .flat_map(|template| past.try_template(template))
        .collect();
    let p_values: Vec<f64> = drafts
        .iter()
        .map(|draft| draft.p_value.unwrap_or(1.0))
        .collect();
    let discoveries = benjamini_hochberg(&p_values, limits.false_share);
    for (draft, is_discovery) in drafts.iter_mut().zip(&discoveries.are) {
        draft.is_discovery = *is_discovery;
    }
    let trials = drafts
        .into_iter()
        .map(|draft| past.finish(draft, discoveries.limit));
    Findings {
        earlier_count: earlier_count.min(releases.len()),
        later_count: releases.len().saturating_sub(earlier_count),
        first_later,
        p_limit: discoveries.limit,
        trials: trials.collect(),
    }
}

/// The past in two parts.
struct Past<'p> {
    items: &'p [PastItem],
    earlier: &'p [usize],
    later: &'p [usize],
    limits: &'p Limits,
}

/// A candidate before everything that was tried is known.
struct Draft<'p> {
    template: &'p Template,
    condition: Condition,
    slug: String,
    outcome: RuleOutcome,
    fit: Part,
    judge: Part,
    /// Slope by error of the earlier releases, towards what the action is for.
    fit_strength: Option<f64>,
    fit_slope: Option<f64>,
    judged: Option<ClusteredSample>,
    later: Vec<ClusteredItem>,
    p_value: Option<f64>,
    is_chosen: bool,
    is_discovery: bool,
}

impl<'p> Past<'p> {
    fn try_template(&self, template: &'p Template) -> Vec<Draft<'p>> {
        let conditions = template.conditions(self.earlier, self.limits.least_items);
        let slugs = slugs(&conditions);
        let mut drafts = Vec::new();
        for outcome in &template.outcomes {
            let named = conditions.iter().zip(&slugs);
            let mut tried: Vec<Draft<'p>> = named
                .map(|(condition, slug)| self.try_candidate(template, condition, slug, *outcome))
                .collect();
            choose(&mut tried);
            drafts.extend(tried);
        }
        drafts
    }

    fn try_candidate(
        &self,
        template: &'p Template,
        condition: &Condition,
        slug: &str,
        outcome: RuleOutcome,
    ) -> Draft<'p> {
        let earlier = self.known(template, condition, outcome, self.earlier);
        let later = self.known(template, condition, outcome, self.later);
        let (fit, judge) = (part(&earlier, outcome), part(&later, outcome));
        let fitted = self.sample(template, outcome, &fit, &earlier);
        let fit_score = fitted.as_ref().and_then(ClusteredSample::score);
        let judged = self.sample(template, outcome, &judge, &later);
        let seed = self.limits.seed ^ fingerprint(&rule_id(&template.name, slug, outcome));
        Draft {
            template,
            condition: condition.clone(),
            slug: slug.to_owned(),
            outcome,
            fit,
            judge,
            fit_strength: fit_score.map(|score| score.slope / score.error),
            fit_slope: fit_score.map(|score| score.slope),
            p_value: judged.as_ref().map(|sample| sample.p_value(seed)),
            judged,
            later,
            is_chosen: false,
            is_discovery: false,
        }
    }

    /// Returns the items of which condition and outcome are known.
    fn known(
        &self,
        template: &Template,
        condition: &Condition,
        outcome: RuleOutcome,
        among: &[usize],
    ) -> Vec<ClusteredItem> {
        let known = among.iter().filter_map(|&index| {
            let item = &self.items[index];
            let found = item.outcomes[outcome as usize]?;
            let is_matched = template.matches(condition, index)?;
            Some((usize::try_from(item.release).ok()?, is_matched, found))
        });
        known.collect()
    }

    /// Returns what is compared, with more for what the action is for; `None` where
    /// either side is too small.
    fn sample(
        &self,
        template: &Template,
        outcome: RuleOutcome,
        part: &Part,
        items: &[ClusteredItem],
    ) -> Option<ClusteredSample> {
        let is_enough = |side: &Side| {
            side.count >= self.limits.least_items
                && side.release_count >= self.limits.least_releases
        };
        if !is_enough(&part.matched) || !is_enough(&part.unmatched) {
            return None;
        }
        let sample = ClusteredSample::new(items.iter().copied());
        let sample = match outcome.is_share() {
            true => sample,
            false => sample.ranked(),
        };
        Some(match template.is_for_better {
            true => sample.turned(),
            false => sample,
        })
    }

    fn finish(&self, draft: Draft<'p>, p_limit: f64) -> Trial {
        let id = rule_id(&draft.template.name, &draft.slug, draft.outcome);
        let seed = self.limits.seed ^ fingerprint(&id);
        let middle = match draft.outcome.is_share() {
            true => Middle::Mean,
            false => Middle::Median,
        };
        let interval = (draft.is_chosen && draft.judged.is_some())
            .then(|| cluster_interval(&draft.later, middle, seed))
            .flatten();
        let is_wanted = |effect: f64| match draft.template.is_for_better {
            true => effect < 0.0,
            false => effect > 0.0,
        };
        // Both ends of the interval, and the effect of the earlier releases.
        let is_found = interval.is_some_and(|it| is_wanted(it.lower) && is_wanted(it.upper))
            && draft.fit.effect.is_some_and(is_wanted);
        let verdict = match (draft.is_discovery, draft.is_chosen) {
            (true, true) if is_found => Verdict::Recommended,
            (true, false) => Verdict::Covered,
            _ => judge(
                &Evidence {
                    fit_slope: draft.fit_slope,
                    later: draft.judged.as_ref(),
                    release_count: draft.judge.release_count,
                    matched_count: draft.judge.matched.count,
                    p_limit,
                    seed,
                },
                self.limits,
            ),
        };
        let (threshold, category) = match draft.condition {
            Condition::Threshold(threshold) => (Some(threshold), None),
            Condition::Category(category) => (None, Some(category)),
        };
        Trial {
            rule_id: id,
            template: draft.template.name.clone(),
            outcome: draft.outcome,
            threshold,
            category,
            fit: draft.fit,
            judge: draft.judge,
            interval,
            p_value: draft.p_value,
            is_discovery: draft.is_discovery,
            is_chosen: draft.is_chosen,
            verdict,
        }
    }
}

/// Chooses the one that the earlier releases speak for most, if they speak for any;
/// of equals the first.
fn choose(tried: &mut [Draft<'_>]) {
    let mut best: Option<(usize, f64)> = None;
    for (index, draft) in tried.iter().enumerate() {
        let Some(strength) = draft.fit_strength.filter(|strength| *strength > 0.0) else {
            continue;
        };
        if best.is_none_or(|(_, most)| strength > most) {
            best = Some((index, strength));
        }
    }
    if let Some((index, _)) = best {
        tried[index].is_chosen = true;
    }
}

fn part(items: &[ClusteredItem], outcome: RuleOutcome) -> Part {
    let releases: BTreeSet<usize> = items.iter().map(|item| item.0).collect();
    let (matched, unmatched) = (side(items, true, outcome), side(items, false, outcome));
    let figures = matched.figure.zip(unmatched.figure);
    Part {
        release_count: releases.len(),
        matched,
        unmatched,
        effect: figures.map(|(matched, unmatched)| matched - unmatched),
    }
}

fn side(items: &[ClusteredItem], is_matched: bool, outcome: RuleOutcome) -> Side {
    let of_side = || items.iter().filter(|item| item.1 == is_matched);
    let releases: BTreeSet<usize> = of_side().map(|item| item.0).collect();
    let values: Vec<f64> = of_side().map(|item| item.2).collect();
    let bad_count = values.iter().filter(|value| **value > 0.0).count();
    let share = || (!values.is_empty()).then(|| bad_count as f64 / values.len() as f64);
    Side {
        count: values.len(),
        release_count: releases.len(),
        bad_count: outcome.is_share().then_some(bad_count),
        figure: match outcome.is_share() {
            true => share(),
            false => median(&values),
        },
    }
}

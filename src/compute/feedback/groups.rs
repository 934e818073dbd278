//! Which reports are alike, what a group is about, and which open items say the same.
//!
//! The distance of two reports with words is the mean of up to three parts, by their
//! weights (J. C. Gower, "A general coefficient of similarity and some of its
//! properties", 1971: what is unknown of one of the two is left out):
//! - words: one less the cosine of their vectors;
//! - component, or system where a component is not known: 0 the same, 1 another;
//! - category: 0 the same, 1 another.
//!
//! Groups nearer than the limit are joined, by the mean distance of their members. A
//! report without words is alike to those without words that have its category and its
//! component; where it has not both, it is alone.
//!
//! All pairs are compared, which takes room by the square of the reports. Where there
//! are more with words than the limit, only those of one category and component are
//! compared, and of those, if still too many, each run of as many as the limit in the
//! order of their time.

use std::collections::BTreeMap;

use crate::statistics::average_linkage;
use crate::wording::{Corpus, Language, Vector, Word, centroid, cosine, words};

/// How many words say what a group is about.
const MOST_WORDS: usize = 4;

/// A report, as far as it is compared.
pub(super) struct Report {
    pub(super) id: String,
    pub(super) system: Option<String>,
    pub(super) component: Option<String>,
    pub(super) category: Option<String>,
    pub(super) text: Option<String>,
}

/// An open item that may answer a group.
pub(super) struct Candidate {
    pub(super) id: String,
    pub(super) title: String,
}

/// What is alike, and what each part weighs.
pub(super) struct Limits {
    pub(super) min_reports: usize,
    pub(super) max_compared: usize,
    pub(super) max_distance: f64,
    pub(super) min_similarity: f64,
    pub(super) words_weight: f64,
    pub(super) component_weight: f64,
    pub(super) category_weight: f64,
    pub(super) language: Language,
}

/// With which others a report was compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    All,
    Block,
    PartOfBlock,
    NoWords,
    Nothing,
}

impl Within {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Block => "category and component",
            Self::PartOfBlock => "category, component and time",
            Self::NoWords => "no words",
            Self::Nothing => "nothing",
        }
    }
}

/// Where a report belongs.
pub(super) struct Place {
    /// The first report of its group.
    pub(super) first: usize,
    pub(super) within: Within,
}

/// A group of at least as many reports as a pattern has.
pub(super) struct Group {
    pub(super) first: usize,
    /// The report that is most like all of them.
    pub(super) example: usize,
    /// What it is about, the weightiest word first; none where no report has words.
    pub(super) words: Vec<String>,
    /// Items by place, and how like the group their titles are.
    pub(super) answers: Vec<(usize, f64)>,
}

/// Where each report belongs, and the groups in the order of their first reports.
#[derive(Default)]
pub(super) struct Grouping {
    pub(super) places: Vec<Place>,
    pub(super) groups: Vec<Group>,
}

/// Groups reports, which come in the order of their time.
pub(super) fn group(reports: &[Report], candidates: &[Candidate], limits: &Limits) -> Grouping {
    let read = |text: &str| words(text, &limits.language);
    let texts: Vec<Vec<Word>> = reports
        .iter()
        .map(|report| report.text.as_deref().map_or_else(Vec::new, read))
        .collect();
    let corpus = Corpus::new(&texts);
    let vectors: Vec<Vector> = texts.iter().map(|text| corpus.vector(text)).collect();
    let places = place_reports(reports, &vectors, limits);
    let titles = candidates.iter().map(|candidate| read(&candidate.title));
    let titles: Vec<Vector> = titles.map(|title| corpus.vector(&title)).collect();
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (report, place) in places.iter().enumerate() {
        members.entry(place.first).or_default().push(report);
    }
    members.retain(|_, group| group.len() >= limits.min_reports);
    let groups = members.into_iter().map(|(first, group)| {
        let centre = centroid(group.iter().map(|report| &vectors[*report]));
        Group {
            first,
            example: nearest(&centre, &group, &vectors).unwrap_or(first),
            words: top_words(&centre, &group, &vectors, &corpus),
            answers: answers(&centre, &titles, limits.min_similarity),
        }
    });
    Grouping {
        groups: groups.collect(),
        places,
    }
}

/// Returns where each report belongs.
fn place_reports(reports: &[Report], vectors: &[Vector], limits: &Limits) -> Vec<Place> {
    let alone = |(first, _)| Place {
        first,
        within: Within::Nothing,
    };
    let mut places: Vec<Place> = reports.iter().enumerate().map(alone).collect();
    let is_wordless = |report: &usize| vectors[*report].is_empty();
    let (wordless, worded): (Vec<usize>, Vec<usize>) = (0..reports.len()).partition(is_wordless);
    let mut alike: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for report in wordless {
        let Report {
            component,
            category,
            ..
        } = &reports[report];
        if let (Some(category), Some(component)) = (category, component) {
            let first = *alike.entry((category, component)).or_insert(report);
            places[report] = Place {
                first,
                within: Within::NoWords,
            };
        }
    }
    for (block, within) in blocks(reports, worded, limits.max_compared) {
        let mut distances = Vec::with_capacity(block.len() * block.len().saturating_sub(1) / 2);
        for (place, one) in block.iter().enumerate() {
            let others = block[place + 1..].iter();
            distances.extend(others.map(|other| {
                distance(
                    (&reports[*one], &vectors[*one]),
                    (&reports[*other], &vectors[*other]),
                    limits,
                )
            }));
        }
        let firsts = average_linkage(&mut distances, block.len(), limits.max_distance);
        for (report, first) in block.iter().zip(firsts) {
            places[*report] = Place {
                first: block[first],
                within,
            };
        }
    }
    places
}

/// Returns the reports that are compared each with each.
fn blocks(reports: &[Report], worded: Vec<usize>, most: usize) -> Vec<(Vec<usize>, Within)> {
    if worded.len() <= most {
        return vec![(worded, Within::All)];
    }
    let mut blocks: BTreeMap<(Option<&str>, Option<&str>), Vec<usize>> = BTreeMap::new();
    for report in worded {
        let Report {
            component,
            category,
            system,
            ..
        } = &reports[report];
        let place = component.as_deref().or(system.as_deref());
        blocks
            .entry((category.as_deref(), place))
            .or_default()
            .push(report);
    }
    let mut parts = Vec::new();
    for block in blocks.into_values() {
        let within = match block.len() <= most {
            true => Within::Block,
            false => Within::PartOfBlock,
        };
        parts.extend(block.chunks(most).map(|part| (part.to_vec(), within)));
    }
    parts
}

/// Returns how far apart two reports with words are, 0 to 1.
fn distance(one: (&Report, &Vector), other: (&Report, &Vector), limits: &Limits) -> f64 {
    let mut sum = limits.words_weight * (1.0 - cosine(one.1, other.1));
    let mut weight = limits.words_weight;
    let (one, other) = (one.0, other.0);
    let mut add = |part: f64, values: (&Option<String>, &Option<String>)| match values {
        (Some(one), Some(other)) => {
            weight += part;
            sum += if one == other { 0.0 } else { part };
            true
        }
        _ => false,
    };
    if !add(limits.component_weight, (&one.component, &other.component)) {
        add(limits.component_weight, (&one.system, &other.system));
    }
    add(limits.category_weight, (&one.category, &other.category));
    sum / weight
}

/// Returns the report of a group that is most like its centre, the first of equals.
fn nearest(centre: &Vector, group: &[usize], vectors: &[Vector]) -> Option<usize> {
    let mut best: Option<(usize, f64)> = None;
    for report in group {
        let similarity = cosine(centre, &vectors[*report]);
        if best.is_none_or(|(_, most)| similarity > most + 1e-9) {
            best = Some((*report, similarity));
        }
    }
    best.map(|(report, _)| report)
}

/// Returns the weightiest words that at least two reports of a group have.
fn top_words(centre: &Vector, group: &[usize], vectors: &[Vector], corpus: &Corpus) -> Vec<String> {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for report in group {
        for (number, _) in vectors[*report].weights() {
            *counts.entry(*number).or_default() += 1;
        }
    }
    let is_shared = |number: &usize| counts.get(number).is_some_and(|count| *count >= 2);
    let mut weights: Vec<(usize, f64)> = centre.weights().to_vec();
    weights.retain(|(number, _)| is_shared(number));
    // Weights that differ in their last bits only are equal.
    let rounded = |weight: f64| (weight * 1e9).round();
    weights.sort_by(|a, b| rounded(b.1).total_cmp(&rounded(a.1)).then(a.0.cmp(&b.0)));
    let words = weights.iter().take(MOST_WORDS);
    words
        .map(|(number, _)| corpus.surface(*number).to_owned())
        .collect()
}

/// Returns the items whose titles are like the centre of a group.
fn answers(centre: &Vector, titles: &[Vector], least: f64) -> Vec<(usize, f64)> {
    if centre.is_empty() {
        return Vec::new();
    }
    let similarities = titles.iter().map(|title| cosine(centre, title));
    // A title of the very limit is alike, whatever the last bits say.
    let found = similarities.enumerate();
    found
        .filter(|(_, similarity)| *similarity >= least - 1e-9)
        .collect()
}

#[cfg(test)]
mod tests;

//! Texts as vectors: a word weighs more the oftener it stands in a text, and less the
//! more texts it stands in.
//!
//! Weight of word w in text t among n texts, `n_w` of which have it:
//! `count(w, t) * (ln((1 + n) / (1 + n_w)) + 1)`, the vector brought to length one. That
//! is scikit-learn's `TfidfVectorizer` with its defaults, from "User guide, 6.2.3.4, Tf-idf
//! term weighting".

use std::collections::{BTreeMap, BTreeSet};

use super::Word;

/// The words of a text by number, in ascending order, with their weights; of length one
/// together with the words that no text of the corpus has, or empty.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Vector(Vec<(usize, f64)>);

impl Vector {
    /// Returns whether the text has no word of the corpus.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the words by number and their weights, in the order of the numbers.
    pub(crate) fn weights(&self) -> &[(usize, f64)] {
        &self.0
    }
}

/// What texts are weighed against: all texts, and the words that they have.
pub(crate) struct Corpus {
    number_of: BTreeMap<String, usize>,
    /// By number of the word.
    rarities: Vec<f64>,
    surfaces: Vec<String>,
    /// The weight of a word that no text has.
    unknown_rarity: f64,
}

impl Corpus {
    /// Counts the words of all texts.
    pub(crate) fn new(texts: &[Vec<Word>]) -> Self {
        let mut text_counts: BTreeMap<&str, usize> = BTreeMap::new();
        let mut written: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
        for text in texts {
            let stems: BTreeSet<&str> = text.iter().map(|word| word.stem.as_str()).collect();
            for stem in stems {
                *text_counts.entry(stem).or_default() += 1;
            }
            for word in text {
                let ways = written.entry(&word.stem).or_default();
                *ways.entry(&word.surface).or_default() += 1;
            }
        }
        let rarity =
            |count: usize| ((1.0 + number(texts.len())) / (1.0 + number(count))).ln() + 1.0;
        let usual = |ways: &BTreeMap<&str, usize>| {
            // The first of the oftenest in the order of the bytes.
            let most = ways.values().max().copied().unwrap_or(0);
            let mut found = ways.iter().filter(|(_, count)| **count == most);
            found
                .next()
                .map_or_else(String::new, |(way, _)| (*way).to_owned())
        };
        Self {
            rarities: text_counts.values().map(|count| rarity(*count)).collect(),
            surfaces: written.values().map(usual).collect(),
            number_of: text_counts
                .keys()
                .map(|stem| (*stem).to_owned())
                .zip(0..)
                .collect(),
            unknown_rarity: rarity(0),
        }
    }

    /// Returns the vector of a text. What no text of the corpus says makes it longer
    /// before it is brought to length one, so that little of such a text is alike.
    pub(crate) fn vector(&self, text: &[Word]) -> Vector {
        let mut counts: BTreeMap<usize, f64> = BTreeMap::new();
        let mut unknown: BTreeMap<&str, f64> = BTreeMap::new();
        for word in text {
            match self.number_of.get(&word.stem) {
                Some(number) => *counts.entry(*number).or_default() += 1.0,
                None => *unknown.entry(&word.stem).or_default() += 1.0,
            }
        }
        let weights: Vec<(usize, f64)> = counts
            .into_iter()
            .map(|(number, count)| (number, count * self.rarities[number]))
            .collect();
        let beyond = unknown.values().map(|count| count * self.unknown_rarity);
        let known = weights.iter().map(|(_, weight)| *weight);
        let length = known
            .chain(beyond)
            .map(|weight| weight * weight)
            .sum::<f64>()
            .sqrt();
        scaled(weights, length)
    }

    /// Returns how a word is mostly written.
    pub(crate) fn surface(&self, number: usize) -> &str {
        self.surfaces.get(number).map_or("", String::as_str)
    }
}

/// Returns the cosine of the angle between two vectors of length one: 1 for the same
/// words alike, 0 for none in common.
pub(crate) fn cosine(one: &Vector, other: &Vector) -> f64 {
    let (mut left, mut right) = (one.0.iter().peekable(), other.0.iter().peekable());
    let mut sum = 0.0;
    while let (Some((a, x)), Some((b, y))) = (left.peek(), right.peek()) {
        match a.cmp(b) {
            std::cmp::Ordering::Less => {
                left.next();
            }
            std::cmp::Ordering::Greater => {
                right.next();
            }
            std::cmp::Ordering::Equal => {
                sum += x * y;
                left.next();
                right.next();
            }
        }
    }
    sum.min(1.0)
}

/// Returns the mean of vectors, brought to length one.
pub(crate) fn centroid<'v>(vectors: impl Iterator<Item = &'v Vector>) -> Vector {
    let mut sums: BTreeMap<usize, f64> = BTreeMap::new();
    for vector in vectors {
        for (number, weight) in &vector.0 {
            *sums.entry(*number).or_default() += weight;
        }
    }
    let length = sums.values().map(|sum| sum * sum).sum::<f64>().sqrt();
    scaled(sums.into_iter().collect(), length)
}

fn scaled(mut weights: Vec<(usize, f64)>, length: f64) -> Vector {
    if length > 0.0 {
        for (_, weight) in &mut weights {
            *weight /= length;
        }
    }
    Vector(weights)
}

#[allow(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn number(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests;

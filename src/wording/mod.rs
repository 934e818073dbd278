//! Texts that people typed, as vectors of words, so that two can be compared.
//!
//! It stands apart from `statistics` because it knows languages, and numbers know none.
//! Invariants: pure functions; the same texts in the same order give the same vectors to
//! the last bit (words are numbered in the order of their bytes, sums go in that order);
//! a text without a word that tells anything has no vector, which is a value.
//!
//! Sources: words as Unicode Standard Annex 29 cuts them; stems by the Snowball
//! algorithms (M. F. Porter, 2001); weights as G. Salton and C. Buckley, "Term-weighting
//! approaches in automatic text retrieval" (1988), in the smoothed form of scikit-learn.

mod language;
mod vectors;
mod words;

pub(crate) use language::Language;
pub(crate) use vectors::{Corpus, Vector, centroid, cosine};
pub(crate) use words::{Word, words};

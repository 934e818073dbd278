//! The languages whose words are cut back to stems and whose small words are left out.

use std::collections::BTreeSet;

use rust_stemmers::{Algorithm, Stemmer};

/// The name of no language: words stay as they are, and all of them count.
const NONE: &str = "none";

/// Each language by the name that the configuration gives it, with its stemmer and the
/// code of its list of small words.
const LANGUAGES: [(&str, Algorithm, &str); 18] = [
    ("arabic", Algorithm::Arabic, "ar"),
    ("danish", Algorithm::Danish, "da"),
    ("dutch", Algorithm::Dutch, "nl"),
    ("english", Algorithm::English, "en"),
    ("finnish", Algorithm::Finnish, "fi"),
    ("french", Algorithm::French, "fr"),
    ("german", Algorithm::German, "de"),
    ("greek", Algorithm::Greek, "el"),
    ("hungarian", Algorithm::Hungarian, "hu"),
    ("italian", Algorithm::Italian, "it"),
    ("norwegian", Algorithm::Norwegian, "no"),
    ("portuguese", Algorithm::Portuguese, "pt"),
    ("romanian", Algorithm::Romanian, "ro"),
    ("russian", Algorithm::Russian, "ru"),
    ("spanish", Algorithm::Spanish, "es"),
    ("swedish", Algorithm::Swedish, "sv"),
    ("tamil", Algorithm::Tamil, "ta"),
    ("turkish", Algorithm::Turkish, "tr"),
];

/// A language, ready to read texts in. Words of another one are kept as they stand, or
/// cut where they look like words of this one, the same way every time.
pub(crate) struct Language {
    stemmer: Option<Stemmer>,
    small_words: BTreeSet<&'static str>,
}

impl Language {
    /// Returns the names that [`Language::find`] knows.
    pub(crate) fn names() -> impl Iterator<Item = &'static str> + Clone {
        LANGUAGES.iter().map(|(name, ..)| *name).chain([NONE])
    }

    /// Returns the language of a name; `None` for an unknown one.
    pub(crate) fn find(name: &str) -> Option<Self> {
        if name == NONE {
            return Some(Self {
                stemmer: None,
                small_words: BTreeSet::new(),
            });
        }
        let (_, algorithm, code) = LANGUAGES.iter().find(|(known, ..)| *known == name)?;
        let small_words = stop_words::lookup(code).unwrap_or_default();
        Some(Self {
            stemmer: Some(Stemmer::create(*algorithm)),
            small_words: small_words.iter().copied().collect(),
        })
    }

    /// Returns whether a word in lower case is one of those that say nothing alone.
    pub(super) fn is_small(&self, word: &str) -> bool {
        self.small_words.contains(word)
    }

    /// Returns the stem of a word in lower case.
    pub(super) fn stem(&self, word: &str) -> String {
        match &self.stemmer {
            Some(stemmer) => stemmer.stem(word).into_owned(),
            None => word.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_a_stemmer_and_small_words() {
        for name in Language::names().filter(|name| *name != NONE) {
            let language = Language::find(name).expect("the name is listed");
            assert!(language.stemmer.is_some(), "{name}");
            assert!(language.small_words.len() > 20, "{name}");
        }
        assert!(Language::find("klingon").is_none());
    }
}

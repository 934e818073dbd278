//! A text as the words that tell it from others.
//!
//! A text is brought to one form (NFKC, lower case), cut as Unicode Standard Annex 29
//! cuts words, and loses its numbers and the small words of its language; what is left
//! is cut back to stems. Scripts that put no blanks between words come out as single
//! characters side by side: of those, each pair of neighbours is a word, as is usual for
//! Chinese, Japanese and Thai.

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use super::Language;

/// One word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// What it is compared by.
    pub(crate) stem: String,
    /// How it was written, in lower case.
    pub(crate) surface: String,
}

/// Returns the words of a text in their order, each as often as it stands there.
pub(crate) fn words(text: &str, language: &Language) -> Vec<Word> {
    let text: String = text.nfkc().collect::<String>().to_lowercase();
    let text = text.replace('’', "'");
    let mut found = Vec::new();
    // Single characters that touch, and where the last of them ends.
    let (mut run, mut run_end): (Vec<&str>, usize) = (Vec::new(), 0);
    for (start, piece) in text.unicode_word_indices() {
        let is_single = piece.chars().count() == 1;
        if !is_single || start != run_end {
            found.extend(pairs(&run));
            run.clear();
        }
        if is_single {
            run.push(piece);
            run_end = start + piece.len();
        } else if tells(piece, language) {
            found.push(Word {
                stem: language.stem(piece),
                surface: piece.to_owned(),
            });
        }
    }
    found.extend(pairs(&run));
    found
}

/// A number tells one case from another, not one kind of case.
fn tells(word: &str, language: &Language) -> bool {
    word.chars().any(char::is_alphabetic) && !language.is_small(word)
}

/// Returns each pair of neighbours of a run of single characters. One that stands alone
/// is a word only in a script without capitals: a lone Latin letter tells nothing.
fn pairs(run: &[&str]) -> Vec<Word> {
    let word = |text: String| Word {
        stem: text.clone(),
        surface: text,
    };
    let is_letter = |text: &str| {
        let mut letters = text.chars();
        letters.all(|letter| letter.is_alphabetic() && !letter.is_lowercase())
    };
    match run {
        [alone] if is_letter(alone) => vec![word((*alone).to_owned())],
        _ => run.windows(2).map(|pair| word(pair.concat())).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stems(text: &str, language: &str) -> Vec<String> {
        let language = Language::find(language).expect("the name is listed");
        let found = words(text, &language).into_iter();
        found.map(|word| word.stem).collect()
    }

    #[test]
    fn words_are_cut_to_stems_and_small_words_and_numbers_go() {
        // nltk.stem.SnowballStemmer("english") gives print, fail, label, custom.
        assert_eq!(
            stems(
                "Printing FAILED for the labels of 3 customers, order 4711",
                "english"
            ),
            ["print", "fail", "label", "custom", "order"]
        );
        assert_eq!(stems("the of and 17 — !", "english"), [""; 0]);
        assert_eq!(stems("It's the customer’s", "english"), ["custom"]);
    }

    #[test]
    fn one_word_in_two_encodings_is_one_word() {
        let composed = stems("Gerät gestört", "german");
        assert_eq!(composed, stems("Gera\u{308}t gesto\u{308}rt", "german"));
        assert_eq!(composed.len(), 2);
        // Full-width letters are the letters.
        assert_eq!(stems("ＡＰＩ", "none"), ["api"]);
    }

    #[test]
    fn scripts_without_blanks_are_read_in_pairs() {
        assert_eq!(stems("決済失敗", "english"), ["決済", "済失", "失敗"]);
        assert_eq!(stems("車 x é", "english"), ["車"]);
        assert_eq!(stems("とても", "none"), ["とて", "ても"]);
        assert!(!stems("ไม่ทำงาน", "none").is_empty());
    }
}

//! Tests of the vectors, against numbers computed elsewhere.

use super::super::{Language, words};
use super::*;

/// scikit-learn 1.9.1, over the texts below:
/// `v = TfidfVectorizer(); x = v.fit_transform(texts); x.toarray(); cosine_similarity(x)`
const TEXTS: [&str; 4] = [
    "card payment declined",
    "payment gateway timeout timeout",
    "label printing declined",
    "card payment gateway declined declined",
];

fn corpus(texts: &[&str]) -> (Corpus, Vec<Vector>) {
    let language = Language::find("none").expect("the name is listed");
    let texts: Vec<Vec<Word>> = texts.iter().map(|text| words(text, &language)).collect();
    let corpus = Corpus::new(&texts);
    let vectors = texts.iter().map(|text| corpus.vector(text)).collect();
    (corpus, vectors)
}

#[track_caller]
fn assert_near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-12, "{found}, not {expected}");
}

#[test]
fn weights_are_those_of_another_library() {
    let (corpus, vectors) = corpus(&TEXTS);
    // card, declined, gateway, label, payment, printing, timeout
    let expected: [&[(usize, f64)]; 4] = [
        &[
            (0, 0.657_829_313_299_852_7),
            (1, 0.532_569_523_425_554_4),
            (4, 0.532_569_523_425_554_4),
        ],
        &[
            (2, 0.351_570_150_043_987_73),
            (4, 0.284_626_336_154_514_4),
            (6, 0.891_844_312_851_354_8),
        ],
        &[
            (1, 0.411_377_911_333_793_87),
            (3, 0.644_502_992_260_953_4),
            (5, 0.644_502_992_260_953_4),
        ],
        &[
            (0, 0.435_311_683_896_150_66),
            (1, 0.704_844_649_963_093_9),
            (2, 0.435_311_683_896_150_66),
            (4, 0.352_422_324_981_546_96),
        ],
    ];
    for (vector, expected) in vectors.iter().zip(expected) {
        assert_eq!(vector.weights().len(), expected.len());
        for ((number, weight), (other, known)) in vector.weights().iter().zip(expected) {
            assert_eq!(number, other);
            assert_near(*weight, *known);
        }
    }
    assert_eq!(corpus.surface(6), "timeout");
}

#[test]
fn cosines_are_those_of_another_library() {
    let (_, vectors) = corpus(&TEXTS);
    for (one, other, expected) in [
        (0, 1, 0.151_583_312_200_171_4),
        (0, 2, 0.219_087_338_186_838_6),
        (0, 3, 0.849_428_955_068_652_5),
        (1, 2, 0.0),
        (1, 3, 0.253_351_269_161_824_04),
        (2, 3, 0.289_957_519_916_616_67),
        (3, 3, 1.0),
    ] {
        assert_near(cosine(&vectors[one], &vectors[other]), expected);
        assert_near(cosine(&vectors[other], &vectors[one]), expected);
    }
}

#[test]
fn a_text_of_words_that_no_other_has_is_little_alike() {
    let (corpus, vectors) = corpus(&["payment", "payment"]);
    let language = Language::find("none").expect("the name is listed");
    let known = corpus.vector(&words("payment", &language));
    let half = corpus.vector(&words("payment holidays", &language));
    assert_near(cosine(&known, &vectors[0]), 1.0);
    // payment weighs 1, holidays ln 3 + 1: the cosine is 1 / sqrt(1 + 2.0986^2).
    assert_near(cosine(&half, &vectors[0]), 0.430_165_282_498_796);
    assert!(corpus.vector(&[]).is_empty());
}

#[test]
fn the_middle_of_texts_is_of_length_one_and_nearest_to_the_common_one() {
    let (_, vectors) = corpus(&TEXTS);
    let middle = centroid([&vectors[0], &vectors[3]].into_iter());
    let length: f64 = middle
        .weights()
        .iter()
        .map(|(_, weight)| weight * weight)
        .sum();
    assert_near(length, 1.0);
    assert!(cosine(&middle, &vectors[0]) > cosine(&middle, &vectors[1]));
    assert!(centroid(std::iter::empty()).is_empty());
}

#[test]
fn a_word_is_shown_as_it_is_mostly_written() {
    let language = Language::find("english").expect("the name is listed");
    let texts: Vec<Vec<Word>> = ["printing", "printing", "prints"]
        .iter()
        .map(|text| words(text, &language))
        .collect();
    assert_eq!(Corpus::new(&texts).surface(0), "printing");
}

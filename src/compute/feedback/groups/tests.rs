//! Tests of the groups, by hand.

use super::*;

fn report(id: &str, place: &str, text: &str) -> Report {
    // "category component system", a dash for what is unknown.
    let mut parts = place
        .split(' ')
        .map(|part| (part != "-").then(|| part.to_owned()));
    let mut next = || parts.next().flatten();
    let (category, component, system) = (next(), next(), next());
    Report {
        id: id.to_owned(),
        system,
        component,
        category,
        text: (!text.is_empty()).then(|| text.to_owned()),
    }
}

fn limits() -> Limits {
    Limits {
        min_reports: 2,
        max_compared: 100,
        max_distance: 0.5,
        min_similarity: 0.5,
        words_weight: 0.6,
        component_weight: 0.25,
        category_weight: 0.15,
        language: Language::find("english").expect("the name is listed"),
    }
}

fn firsts(reports: &[Report], limits: &Limits) -> Vec<usize> {
    let found = group(reports, &[], limits).places;
    found.iter().map(|place| place.first).collect()
}

fn between(one: &Report, other: &Report) -> f64 {
    let limits = limits();
    let texts =
        [one, other].map(|report| words(report.text.as_deref().unwrap_or(""), &limits.language));
    let corpus = Corpus::new(&texts);
    let [left, right] = texts.map(|text| corpus.vector(&text));
    distance((one, &left), (other, &right), &limits)
}

#[test]
fn what_is_unknown_of_one_of_two_is_left_out_of_their_distance() {
    let printing = |place| report("r", place, "printing fails");
    let close = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-12, "{found}");
    // The same words: only place and category part them.
    close(between(&printing("- - -"), &printing("- - -")), 0.0);
    close(between(&printing("a x -"), &printing("b y -")), 0.4);
    close(between(&printing("a x -"), &printing("a y -")), 0.25);
    close(between(&printing("a - -"), &printing("b - -")), 0.15 / 0.75);
    // A component that one lacks: the systems are compared.
    close(between(&printing("- x s"), &printing("- - s")), 0.0);
    close(between(&printing("- x s"), &printing("- - t")), 0.25 / 0.85);
    // No word in common: all that words weigh.
    let other = |place| report("r", place, "login slow");
    close(between(&printing("a x -"), &other("a x -")), 0.6);
    close(between(&printing("- - -"), &other("- - -")), 1.0);
}

#[test]
fn reports_of_the_same_words_are_one_group_and_others_are_not() {
    let reports = [
        report("1", "- - -", "Printing fails"),
        report("2", "- - -", "Login is slow"),
        report("3", "- - -", "printing failed!"),
        report("4", "- - -", "Slow login"),
        report("5", "- - -", "Invoices are missing"),
    ];
    assert_eq!(firsts(&reports, &limits()), [0, 1, 0, 1, 4]);
    let found = group(&reports, &[], &limits()).groups;
    assert_eq!(found.len(), 2);
    // Equal weights: in the order of the stems. Of equals, the first in bytes is shown.
    assert_eq!(found[0].words, ["failed", "printing"]);
    assert_eq!(found[1].words, ["login", "slow"]);
    assert_eq!(found[0].example, 0);
}

#[test]
fn without_words_category_and_component_say_what_is_alike() {
    let reports = [
        report("1", "network router -", ""),
        report("2", "network router -", "17!"),
        report("3", "network - core", ""),
        report("4", "network - core", ""),
        report("5", "disk router -", ""),
        report("6", "network router -", "router lost its routes"),
    ];
    assert_eq!(firsts(&reports, &limits()), [0, 0, 2, 3, 4, 5]);
    let found = group(&reports, &[], &limits());
    assert!(found.groups[0].words.is_empty());
    let within: Vec<Within> = found.places.iter().map(|place| place.within).collect();
    assert_eq!(
        within[..3],
        [Within::NoWords, Within::NoWords, Within::Nothing]
    );
    assert_eq!(within[5], Within::All);
}

#[test]
fn too_many_to_compare_are_compared_within_their_category_and_component() {
    let mut limits = limits();
    let reports = [
        report("1", "a x -", "printing fails"),
        report("2", "b x -", "printing fails"),
        report("3", "a x -", "printing fails"),
        report("4", "b x -", "printing fails"),
        report("5", "a x -", "printing fails"),
    ];
    // Categories weigh less than words: all are one where all are compared.
    assert_eq!(firsts(&reports, &limits), [0, 0, 0, 0, 0]);
    limits.max_compared = 3;
    assert_eq!(firsts(&reports, &limits), [0, 1, 0, 1, 0]);
    limits.max_compared = 2;
    assert_eq!(firsts(&reports, &limits), [0, 1, 0, 1, 4]);
    let found = group(&reports, &[], &limits).places;
    assert_eq!(found[4].within, Within::PartOfBlock);
    assert_eq!(found[1].within, Within::Block);
}

#[test]
fn an_item_answers_what_its_title_says_too() {
    let reports = [
        report("1", "- - -", "Printing labels fails"),
        report("2", "- - -", "Printing labels fails"),
        report("3", "- - -", "Login slow"),
    ];
    let titles = ["Printing labels", "Labels of another kind", "Faster login"];
    let candidates = titles.map(|title| Candidate {
        id: title.to_owned(),
        title: title.to_owned(),
    });
    let found = group(&reports, &candidates, &limits()).groups;
    assert_eq!(found.len(), 1);
    // Three words of equal weight, of which the title has two: 2 / (sqrt 3 * sqrt 2).
    let [(item, similarity)] = found[0].answers[..] else {
        panic!("one title is like the group: {:?}", found[0].answers);
    };
    assert_eq!(item, 0);
    assert!(
        (similarity - (2.0_f64 / 3.0).sqrt()).abs() < 1e-12,
        "{similarity}"
    );
}

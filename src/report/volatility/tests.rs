//! What the page says is found by rule from the levels.

use super::coaching::answer;
use super::level::{Dimension, Level, Share, Verdict};

fn level(dimension: Dimension, name: &str, verdict: Verdict) -> Level {
    Level {
        dimension,
        name: name.to_owned(),
        verdict,
        position: None,
        is_charted: false,
        signals: 0,
        last_signal: None,
        releases: 15,
        unplanned: 0,
        open: 0,
        cancelled: 0,
        planned: 33,
        changes: 15,
        gross: Some(0.45),
        median_gross: Some(0.5),
        moved: Share::default(),
        late: Share::default(),
        readded: Share::default(),
    }
}

#[test]
fn the_answer_counts_who_is_listed_and_says_so_where_nobody_is() {
    let team = |name, verdict| level(Dimension::Team, name, verdict);
    let domain = |name, verdict| level(Dimension::Domain, name, verdict);
    for (levels, expected) in [
        (
            vec![],
            "No team or domain moves its scope more than usual, or than chance explains",
        ),
        (
            vec![
                team("Anchor", Verdict::NotListed),
                team("Buoy", Verdict::TooFew),
                team("(no team)", Verdict::Unnamed),
            ],
            "No team or domain moves its scope more than usual, or than chance explains",
        ),
        (
            vec![
                team("Anchor", Verdict::Listed),
                team("Crane", Verdict::Listed),
                domain("Sea", Verdict::Listed),
            ],
            "2 teams and 1 domain to talk to about moving scope",
        ),
        (
            vec![domain("Sea", Verdict::Listed)],
            "1 domain to talk to about moving scope",
        ),
    ] {
        assert_eq!(answer(&levels), expected);
    }
}

#[test]
fn names_alike_but_for_their_dimension_have_charts_of_their_own() {
    let anchors = [Dimension::Team, Dimension::Domain]
        .map(|dimension| level(dimension, "Sea", Verdict::NotListed).anchor());
    assert_ne!(anchors[0], anchors[1]);
}

//! Tests of the swimlanes: what is drawn, and what is said of the rest.

use super::samples::{day, swimlanes_input};
use crate::chart::*;

fn draw(input: &Swimlanes) -> String {
    swimlanes(&Frame::new("lanes", "Lanes", "A sentence."), input)
}

#[test]
fn two_hundred_items_have_a_bar_each_and_the_rest_is_counted() {
    let svg = draw(&swimlanes_input(10, 260, 0, 1));
    assert_eq!(svg.matches("<g class=\"m\">").count(), MOST_BARS);
    assert_eq!(svg.matches("<a ").count(), 0, "the table has the links");
    assert!(
        svg.contains("60 more items in the table only"),
        "the rest is counted"
    );
}

#[test]
fn a_line_is_drawn_between_two_items_and_none_to_an_item_without_a_bar() {
    let bar = |name: &str| LaneBar {
        name: name.to_owned(),
        from: day(2026, 6, 1),
        to: day(2026, 7, 20),
        ..LaneBar::default()
    };
    let lane = |name: &str, bars: Vec<LaneBar>| Lane {
        name: name.to_owned(),
        bars,
    };
    let link = |needed: &str, is_late| LaneLink {
        needed: needed.to_owned(),
        waiting: "A-1".to_owned(),
        is_late,
    };
    let mut input = Swimlanes {
        lanes: vec![
            lane("Core", vec![bar("A-1")]),
            lane("Web", vec![bar("B-1")]),
        ],
        report_date: day(2026, 7, 6),
        ..Swimlanes::default()
    };
    let bare = draw(&input);
    input.links = vec![link("B-1", false)];
    let blocked = draw(&input);
    assert!(blocked.contains("stroke-dasharray") && !bare.contains("stroke-dasharray"));
    input.links = vec![link("B-1", true), link("X-9", true)];
    let late = draw(&input);
    assert!(!late.contains("stroke-dasharray"), "late is unbroken");
    assert!(late.contains("1 more line in the table only"));
}

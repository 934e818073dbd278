//! Tests of the order: small graphs by hand, and a large one by its promise.

use super::*;

/// Ranks 1, 2, 3, ... for as many nodes.
fn ranks(count: usize) -> Vec<Option<usize>> {
    (1..=count).map(Some).collect()
}

fn positions(found: &Precedence) -> Vec<usize> {
    let places = found.places.iter();
    places.filter_map(|place| place.position).collect()
}

#[test]
fn without_needs_the_most_valuable_comes_first() {
    let found = order_by_precedence(&[Some(2), Some(3), Some(1)], &[]);
    assert_eq!(positions(&found), [2, 3, 1]);
    assert!(found.rings.is_empty());
    assert!(found.places.iter().all(|place| place.wave == Some(1)));
}

#[test]
fn what_holds_up_the_most_valuable_comes_before_what_is_worth_more() {
    // The last is worth least; the first, worth most, needs it.
    let found = order_by_precedence(&ranks(3), &[(0, 2)]);
    assert_eq!(positions(&found), [2, 3, 1]);
    assert_eq!(found.places[2].lifted_by, Some(0));
    assert_eq!(found.places[0].lifted_by, None);
    assert_eq!(found.places[0].wave, Some(2));
    assert_eq!(found.places[2].behind_count, 1);
}

#[test]
fn a_cycle_stands_together_and_is_spelled_out() {
    // 0 → 1 → 2 → 0, and 3 waits for 0.
    let found = order_by_precedence(&ranks(4), &[(0, 1), (1, 2), (2, 0), (3, 0)]);
    assert_eq!(positions(&found), [1, 2, 3, 4]);
    let knots: Vec<_> = found.places.iter().map(|place| place.knot).collect();
    assert_eq!(knots, [Some(1), Some(1), Some(1), None]);
    assert_eq!(found.rings.len(), 1);
    assert_eq!(found.rings[0].members, [0, 1, 2]);
    assert_eq!(found.places[3].wave, Some(2));
    assert_eq!(found.places[1].behind_count, 3);
}

#[test]
fn a_knot_of_two_cycles_is_spelled_out_until_every_node_is_in_one() {
    // 0 ⇄ 1 and 1 ⇄ 2.
    let found = order_by_precedence(&ranks(3), &[(0, 1), (1, 0), (1, 2), (2, 1)]);
    let rings: Vec<_> = found.rings.iter().map(|ring| &ring.members[..]).collect();
    assert_eq!(rings, [&[0, 1][..], &[2, 1][..]]);
    assert!(found.rings.iter().all(|ring| ring.knot_size == 3));
}

#[test]
fn what_needs_itself_is_a_cycle_of_one() {
    let found = order_by_precedence(&ranks(1), &[(0, 0)]);
    assert_eq!(found.rings[0].members, [0]);
    assert_eq!(found.places[0].knot, Some(1));
    assert_eq!(found.places[0].behind_count, 0);
}

#[test]
fn what_lies_outside_takes_no_place_and_no_wave() {
    let found = order_by_precedence(&[Some(1), Some(2), None], &[(0, 2), (1, 0)]);
    assert_eq!(positions(&found), [1, 2]);
    let waves: Vec<_> = found.places.iter().map(|place| place.wave).collect();
    assert_eq!(waves, [Some(1), Some(2), None]);
    assert_eq!(found.places[2].behind_count, 2);
}

#[test]
fn five_thousand_items_with_cycles_are_ordered_in_seconds() {
    let count: usize = 5_000;
    let mut state: usize = 7;
    let mut draw = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695);
        (state >> 33) % count
    };
    let needs: Vec<(usize, usize)> = (0..20_000).map(|_| (draw(), draw())).collect();
    let found = order_by_precedence(&ranks(count), &needs);
    let mut places = positions(&found);
    places.sort_unstable();
    assert!(places.into_iter().eq(1..=count));
    assert!(!found.rings.is_empty());
    for (node, needed) in needs {
        let (node, needed) = (found.places[node], found.places[needed]);
        let is_one_knot = node.knot.is_some() && node.knot == needed.knot;
        assert!(is_one_knot || node.position > needed.position);
    }
}

#[test]
fn a_chain_of_every_item_overflows_nothing() {
    let count = 20_000;
    let needs: Vec<(usize, usize)> = (1..count).map(|node| (node - 1, node)).collect();
    let short = order_by_precedence(&ranks(count), &needs[..2_000]);
    assert_eq!(short.places[2_000].behind_count, 2_000);
    assert_eq!(short.places[0].wave, Some(2_001));
}

//! The order of open items, made between the queries that say what each needs
//! (`precedence_items`, `precedence_edges`) and those that tell the order
//! (`delivery_sequence`, `dependency_cycles`). SQL has no iteration that ends on
//! cycles, so this is a step; audits hold the order to its promise.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use arrow::array::RecordBatch;

use super::settings::{batch, integers, optional_integers, optional_texts, texts};
use super::steps::Step;
use crate::engine::Engine;
use crate::error::Result;
use crate::lake::Rows;
use crate::statistics::{Precedence, Ring, order_by_precedence};

/// Of what each item needs, the order and its cycles.
pub(super) const STEP: Step = Step {
    names: &["item_precedence", "dependency_rings"],
    inputs: &INPUTS,
    make,
    make_empty: || tables(&[], &Precedence::default()),
};

const INPUTS: [&str; 2] = ["precedence_items", "precedence_edges"];

/// What a node is that is an open item.
const ITEM: &str = "item";

/// What stands between two members of a cycle.
const ARROW: &str = " → ";

/// What is needed or needs: its kind and its name.
type Node = (String, String);

fn make(engine: &Engine) -> Result<Vec<RecordBatch>> {
    let read = |name: &str, sql: &str| engine.select(sql)?.into_rows(name);
    let items = read(
        INPUTS[0],
        "select item_id, value_position from precedence_items order by item_id",
    )?;
    let edges = read(
        INPUTS[1],
        "select item_id, needs_kind, needs_id from precedence_edges \
         order by item_id, needs_kind, needs_id",
    )?;
    order_tables(&items, &edges)
}

fn order_tables(items: &Rows, edges: &Rows) -> Result<Vec<RecordBatch>> {
    let mut nodes: Vec<Node> = Vec::new();
    let mut ranks: Vec<Option<usize>> = Vec::new();
    for row in items.indices() {
        let id = items.text("item_id", row)?.unwrap_or_default();
        let rank = items.integer("value_position", row)?;
        nodes.push((ITEM.to_owned(), id.to_owned()));
        ranks.push(rank.and_then(|rank| usize::try_from(rank).ok()));
    }
    let mut index_of: BTreeMap<Node, usize> = nodes.iter().cloned().zip(0..).collect();
    let mut needs = Vec::new();
    for row in edges.indices() {
        let text = |column| -> Result<String> {
            Ok(edges.text(column, row)?.unwrap_or_default().to_owned())
        };
        let needed = (text("needs_kind")?, text("needs_id")?);
        let next = nodes.len();
        let to = *index_of.entry(needed.clone()).or_insert(next);
        if to == next {
            nodes.push(needed);
            ranks.push(None);
        }
        if let Some(&from) = index_of.get(&(ITEM.to_owned(), text("item_id")?)) {
            needs.push((from, to));
        }
    }
    tables(&nodes, &order_by_precedence(&ranks, &needs))
}

/// Returns the cycles in the order in which to look at them: what cutting one frees is its
/// knot, so the largest knot comes first, and in it the shortest cycle, which has the
/// fewest needs to choose from.
fn rings_by_use(order: &Precedence) -> Vec<&Ring> {
    let mut rings: Vec<&Ring> = order.rings.iter().collect();
    rings.sort_by_key(|ring| (Reverse(ring.knot_size), ring.knot, ring.members.len()));
    rings
}

fn tables(nodes: &[Node], order: &Precedence) -> Result<Vec<RecordBatch>> {
    let places = || order.places.iter();
    let whole = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let lifted = places().map(|place| place.lifted_by.map(|other| nodes[other].1.as_str()));
    let item_precedence = batch(vec![
        ("node_kind", texts(nodes.iter().map(|node| node.0.as_str()))),
        ("node_id", texts(nodes.iter().map(|node| node.1.as_str()))),
        (
            "position",
            optional_integers(places().map(|place| place.position.map(whole))),
        ),
        (
            "wave",
            optional_integers(places().map(|place| place.wave.map(whole))),
        ),
        (
            "knot",
            optional_integers(places().map(|place| place.knot.map(whole))),
        ),
        ("lifted_by", optional_texts(lifted)),
        (
            "behind_count",
            integers(places().map(|place| whole(place.behind_count))),
        ),
    ])?;
    let ordered = rings_by_use(order);
    let rings = || ordered.iter().copied();
    let members: Vec<String> = rings()
        .map(|ring| {
            let closed = ring.members.iter().chain(ring.members.first());
            let names: Vec<&str> = closed.map(|&node| nodes[node].1.as_str()).collect();
            names.join(ARROW)
        })
        .collect();
    let dependency_rings = batch(vec![
        ("ring", integers((1..).take(order.rings.len()))),
        ("knot", integers(rings().map(|ring| whole(ring.knot)))),
        (
            "knot_size",
            integers(rings().map(|ring| whole(ring.knot_size))),
        ),
        (
            "item_count",
            integers(rings().map(|ring| whole(ring.members.len()))),
        ),
        ("members", texts(members.iter().map(String::as_str))),
    ])?;
    Ok(vec![item_precedence, dependency_rings])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(knot: usize, knot_size: usize, members: &[usize]) -> Ring {
        Ring {
            knot,
            knot_size,
            members: members.to_vec(),
        }
    }

    #[test]
    fn the_cycle_that_frees_most_comes_first() {
        let order = Precedence {
            rings: vec![
                ring(1, 2, &[0, 1]),
                ring(2, 4, &[2, 3, 4]),
                ring(2, 4, &[2, 5]),
                ring(3, 4, &[6, 7, 8, 9]),
            ],
            ..Precedence::default()
        };
        let found: Vec<&[usize]> = rings_by_use(&order)
            .iter()
            .map(|ring| ring.members.as_slice())
            .collect();
        let expected: [&[usize]; 4] = [&[2, 5], &[2, 3, 4], &[6, 7, 8, 9], &[0, 1]];
        assert_eq!(found, expected);
    }
}

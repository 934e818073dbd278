//! The order of open items, made between the queries that say what each needs
//! (`precedence_items`, `precedence_edges`) and those that tell the order
//! (`delivery_sequence`, `dependency_cycles`). SQL has no iteration that both engines
//! share and that ends on cycles, so this one step is Rust; its tables are written
//! beside the marts, as settings are, and audits hold the order to its promise.

use std::collections::BTreeMap;
use std::path::Path;

use arrow::array::RecordBatch;

use super::settings::{batch, integers, optional_integers, optional_texts, texts};
use crate::engine::Engine;
use crate::error::Result;
use crate::lake::{self, Rows};
use crate::query::Query;
use crate::statistics::{Precedence, order_by_precedence};

/// The names of the tables made here.
pub(super) const NAMES: [&str; 2] = ["item_precedence", "dependency_rings"];

/// The queries they are made of; the last of them to run is the second, which
/// [`follow`] sees to.
const INPUTS: [&str; 2] = ["precedence_items", "precedence_edges"];

/// What a node is that is an open item.
const ITEM: &str = "item";

/// What stands between two members of a cycle.
const ARROW: &str = " → ";

/// What is needed or needs: its kind and its name.
type Node = (String, String);

/// Sees to it that whatever reads the tables made here comes after their inputs, and
/// the second input after the first.
pub(super) fn follow(queries: &mut [Query]) {
    let [items, edges] = INPUTS;
    for query in queries {
        let reads_order = query
            .reads
            .iter()
            .any(|read| NAMES.contains(&read.as_str()));
        let inputs: &[&str] = match (reads_order, query.name == edges) {
            (true, _) => &INPUTS,
            (false, true) => &[items],
            (false, false) => &[],
        };
        for input in inputs {
            if !query.reads.iter().any(|read| read == input) {
                query.reads.push((*input).to_owned());
            }
        }
    }
}

/// Makes the tables once the second input is made; after any other query, nothing.
///
/// # Errors
/// `Internal` where an input has other columns; `Io`.
pub(super) fn make_after(engine: &Engine, query: &Query, folder: &Path) -> Result<()> {
    if query.name != INPUTS[1] {
        return Ok(());
    }
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
    for (name, table) in order_tables(&items, &edges)? {
        let path = folder.join("settings").join(format!("{name}.parquet"));
        lake::write_batches(&path, &table.schema(), &[table])?;
        engine.register(name, &path)?;
    }
    Ok(())
}

/// Returns the tables without a row, for their columns.
pub(super) fn empty_tables() -> Result<Vec<(&'static str, RecordBatch)>> {
    tables(&[], &Precedence::default())
}

fn order_tables(items: &Rows, edges: &Rows) -> Result<Vec<(&'static str, RecordBatch)>> {
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

fn tables(nodes: &[Node], order: &Precedence) -> Result<Vec<(&'static str, RecordBatch)>> {
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
    let rings = || order.rings.iter();
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
    Ok(NAMES
        .into_iter()
        .zip([item_precedence, dependency_rings])
        .collect())
}

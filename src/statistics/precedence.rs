//! An order in which nothing stands before what it needs, the most valuable first.
//!
//! Things that need each other, directly or by way of others, are one knot (a
//! strongly connected component: Kosaraju's algorithm, from petgraph). Between
//! knots there is an order: Kahn's topological sort (Communications of the ACM 5,
//! 1962), where of all that is free the next is the one worth most. A thing inherits
//! the worth of what waits for it, as in priority inheritance (Sha, Rajkumar and
//! Lehoczky, IEEE Transactions on Computers 39, 1990): what holds up the most
//! valuable comes first, however little it is worth itself.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, VecDeque};

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

/// The order, and what stands in its way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Precedence {
    /// One per node, in the order of the nodes given.
    pub(crate) places: Vec<Place>,
    /// Cycles that between them hold every node that is in one.
    pub(crate) rings: Vec<Ring>,
}

/// What the order says of one node.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// From 1; none for a node without a rank.
    pub(crate) position: Option<usize>,
    /// 1 where it needs nothing that has a rank, else one more than the highest wave
    /// of what it needs; of a knot, the same for all. None without a rank.
    pub(crate) wave: Option<usize>,
    /// From 1, in the order of positions; none outside cycles.
    pub(crate) knot: Option<usize>,
    /// The node behind it that is worth most, where that is worth more than it.
    pub(crate) lifted_by: Option<usize>,
    /// Nodes with a rank that need it, directly or by way of others; not itself.
    pub(crate) behind_count: usize,
}

/// A cycle: each node needs the next, and the last the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ring {
    /// The knot it belongs to.
    pub(crate) knot: usize,
    /// How many nodes that has.
    pub(crate) knot_size: usize,
    /// The nodes.
    pub(crate) members: Vec<usize>,
}

/// Orders nodes by what they need. `ranks` has one entry per node: 1 for what is
/// worth most, each rank once, and none for what lies outside: it takes no place.
/// `needs` are pairs of a node and one that it needs; a pair that names no node is
/// left out.
pub(crate) fn order_by_precedence(ranks: &[Option<usize>], needs: &[(usize, usize)]) -> Precedence {
    let graph = Knots::new(ranks, needs);
    let worth = graph.inherit(ranks);
    let waves = graph.waves(ranks);
    let order = graph.sort(ranks, &worth);
    let mut places = vec![Place::default(); ranks.len()];
    let (mut position, mut knot_count) = (0, 0);
    let mut rings = Vec::new();
    for component in order {
        let members = &graph.members[component];
        let behind = graph.behind(component, ranks);
        let is_knot = graph.is_knot(component);
        if is_knot {
            knot_count += 1;
            rings.extend(graph.rings(component, knot_count));
        }
        for &node in members {
            let place = &mut places[node];
            place.behind_count = behind - usize::from(ranks[node].is_some());
            place.knot = is_knot.then_some(knot_count);
            if ranks[node].is_some() {
                position += 1;
                place.position = Some(position);
                place.wave = Some(waves[component]);
            }
            let best = worth[component].filter(|(rank, _)| Some(*rank) < ranks[node]);
            place.lifted_by = best.map(|(_, other)| other);
        }
    }
    Precedence { places, rings }
}

/// The nodes parted into knots and single ones: components of the graph.
struct Knots {
    /// By component: its nodes, the most valuable first.
    members: Vec<Vec<usize>>,
    /// By component: the others that it needs. What is needed has the lower number.
    needs: Vec<BTreeSet<usize>>,
    /// By component: the others that need it.
    waits: Vec<BTreeSet<usize>>,
    /// By node: the component.
    component_of: Vec<usize>,
    /// By node: the nodes that it needs.
    needed_nodes: Vec<BTreeSet<usize>>,
}

impl Knots {
    fn new(ranks: &[Option<usize>], needs: &[(usize, usize)]) -> Self {
        let count = ranks.len();
        let mut graph: DiGraph<(), ()> = DiGraph::with_capacity(count, needs.len());
        let indices: Vec<NodeIndex> = (0..count).map(|_| graph.add_node(())).collect();
        let mut needed_nodes = vec![BTreeSet::new(); count];
        for &(node, needed) in needs {
            if node < count && needed < count && needed_nodes[node].insert(needed) {
                graph.add_edge(indices[node], indices[needed], ());
            }
        }
        // Comes with what is needed before what needs it.
        let mut members: Vec<Vec<usize>> = kosaraju_scc(&graph)
            .into_iter()
            .map(|component| component.into_iter().map(NodeIndex::index).collect())
            .collect();
        let mut component_of = vec![0; count];
        for (number, component) in members.iter_mut().enumerate() {
            component.sort_by_key(|node| (ranks[*node].is_none(), ranks[*node], *node));
            for &node in component.iter() {
                component_of[node] = number;
            }
        }
        let mut needs = vec![BTreeSet::new(); members.len()];
        let mut waits = vec![BTreeSet::new(); members.len()];
        for (node, others) in needed_nodes.iter().enumerate() {
            for &needed in others {
                let (from, to) = (component_of[node], component_of[needed]);
                if from != to {
                    needs[from].insert(to);
                    waits[to].insert(from);
                }
            }
        }
        Self {
            members,
            needs,
            waits,
            component_of,
            needed_nodes,
        }
    }

    fn is_knot(&self, component: usize) -> bool {
        let members = &self.members[component];
        members.len() > 1
            || members
                .iter()
                .any(|&node| self.needed_nodes[node].contains(&node))
    }

    /// The best rank of a component's own nodes and of all that wait for it, with the
    /// node that has it.
    fn inherit(&self, ranks: &[Option<usize>]) -> Vec<Option<(usize, usize)>> {
        let own = |component: usize| {
            let nodes = self.members[component].iter();
            nodes.filter_map(|&node| Some((ranks[node]?, node))).min()
        };
        let mut worth: Vec<Option<(usize, usize)>> = (0..self.members.len()).map(own).collect();
        for component in (0..self.members.len()).rev() {
            let waiting = self.waits[component]
                .iter()
                .filter_map(|&other| worth[other]);
            worth[component] = waiting.chain(worth[component]).min();
        }
        worth
    }

    fn waves(&self, ranks: &[Option<usize>]) -> Vec<usize> {
        let mut waves: Vec<usize> = Vec::with_capacity(self.members.len());
        for (component, members) in self.members.iter().enumerate() {
            let is_placed = members.iter().any(|&node| ranks[node].is_some());
            let needed = self.needs[component].iter().map(|&other| waves[other]);
            waves.push(needed.max().unwrap_or(0) + usize::from(is_placed));
        }
        waves
    }

    /// Kahn's sort of the components, by inherited worth, then by their own.
    fn sort(&self, ranks: &[Option<usize>], worth: &[Option<(usize, usize)>]) -> Vec<usize> {
        let rank = |component: usize| {
            let best = worth[component].map_or(usize::MAX, |(rank, _)| rank);
            let own = self.members[component]
                .first()
                .and_then(|&node| ranks[node]);
            Reverse((best, own.unwrap_or(usize::MAX), component))
        };
        let mut missing: Vec<usize> = self.needs.iter().map(BTreeSet::len).collect();
        let free = (0..self.members.len()).filter(|&component| missing[component] == 0);
        let mut free: BinaryHeap<_> = free.map(rank).collect();
        let mut order = Vec::with_capacity(self.members.len());
        while let Some(Reverse((_, _, component))) = free.pop() {
            order.push(component);
            for &waiting in &self.waits[component] {
                missing[waiting] -= 1;
                if missing[waiting] == 0 {
                    free.push(rank(waiting));
                }
            }
        }
        order
    }

    /// How many nodes with a rank are in a component or wait for it in any way.
    fn behind(&self, component: usize, ranks: &[Option<usize>]) -> usize {
        let mut seen = BTreeSet::from([component]);
        let mut queue = vec![component];
        let mut count = 0;
        while let Some(at) = queue.pop() {
            let ranked = self.members[at]
                .iter()
                .filter(|&&node| ranks[node].is_some());
            count += ranked.count();
            queue.extend(self.waits[at].iter().filter(|&&other| seen.insert(other)));
        }
        count
    }

    /// Cycles of a knot until every node of it is in one: each the shortest through
    /// the first node that is in none yet.
    fn rings(&self, component: usize, knot: usize) -> Vec<Ring> {
        let mut nodes = self.members[component].clone();
        nodes.sort_unstable();
        let mut covered = BTreeSet::new();
        let mut rings = Vec::new();
        for &node in &nodes {
            if covered.contains(&node) {
                continue;
            }
            let members = self.shortest_ring(node);
            covered.extend(members.iter().copied());
            rings.push(Ring {
                knot,
                knot_size: nodes.len(),
                members,
            });
        }
        rings
    }

    /// The shortest way from a node of a knot back to itself, breadth first.
    fn shortest_ring(&self, start: usize) -> Vec<usize> {
        let component = self.component_of[start];
        let mut came_from = std::collections::BTreeMap::new();
        let mut queue = VecDeque::from([start]);
        while let Some(at) = queue.pop_front() {
            if self.needed_nodes[at].contains(&start) {
                let mut ring = vec![at];
                while let Some(&before) = ring.last().and_then(|last| came_from.get(last)) {
                    ring.push(before);
                }
                ring.reverse();
                return ring;
            }
            for &needed in &self.needed_nodes[at] {
                let is_new = needed != start && !came_from.contains_key(&needed);
                if is_new && self.component_of[needed] == component {
                    came_from.insert(needed, at);
                    queue.push_back(needed);
                }
            }
        }
        vec![start]
    }
}

#[cfg(test)]
mod tests;

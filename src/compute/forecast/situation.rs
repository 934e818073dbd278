//! How things stood at an instant: the open items of the open releases in the order
//! in which teams take them, and the weeks before, as a simulation asks for them.

use std::collections::{BTreeMap, BTreeSet};

use super::history::{End, History, Ledger, WEEK, monday};
use super::settings::Settings;
use crate::statistics::{Growth, OpenWork, ReleaseWork, order_by_precedence};

/// The fewest weeks with a delivery that a forecast is made from.
pub(super) const ACTIVE_WEEKS: usize = 5;

/// How things stood.
#[derive(Debug, Default)]
pub(super) struct Situation {
    /// The local day: the first day of the trials.
    pub(super) day: i32,
    /// By team, what it delivered in each week of the basis, the latest last.
    pub(super) weeks: Vec<Vec<u32>>,
    /// The open items, in order; those of a release stand together.
    pub(super) items: Vec<OpenWork>,
    /// The item of each.
    pub(super) item_numbers: Vec<usize>,
    /// The releases that have an open item, in the order of their items.
    pub(super) releases: Vec<OpenRelease>,
    /// Growth of the weeks of the basis, before freezes and after them.
    pub(super) growth: [Vec<Growth>; 2],
    /// Days from plan to end of the releases that ended before, the latest last.
    pub(super) slips: Vec<i32>,
}

/// A release with open items.
#[derive(Debug, Default)]
pub(super) struct OpenRelease {
    /// Which it is.
    pub(super) number: usize,
    /// What the simulation reads.
    pub(super) work: Option<ReleaseWork>,
    /// Open items.
    pub(super) remaining_count: usize,
    /// Weeks of the basis in which a team that it hangs on delivered something.
    pub(super) active_weeks: usize,
    /// Items that these teams delivered in the basis.
    pub(super) delivered_count: usize,
    /// Teams that it hangs on and that delivered nothing in the basis.
    pub(super) idle_teams: Vec<usize>,
    /// Items of it that lie in a cycle of dependencies.
    pub(super) knotted_count: usize,
    /// What its items wait for that no queue holds.
    pub(super) outside: BTreeSet<String>,
}

impl OpenRelease {
    /// Returns whether a forecast can be made.
    pub(super) fn is_sound(&self) -> bool {
        self.active_weeks >= ACTIVE_WEEKS && self.idle_teams.is_empty()
    }
}

/// Which items count, for a forecast of what would be.
#[derive(Debug, Default)]
pub(super) struct Change {
    /// Items taken out of their releases.
    pub(super) without: BTreeSet<usize>,
    /// A freeze of a release in the place of its own, by day; of all where no release
    /// is named.
    pub(super) freeze: Option<(Option<usize>, i32)>,
}

/// Returns how things stood at an instant, with everything that was known then and
/// nothing that came later.
pub(super) fn situation(
    history: &History,
    ledger: &Ledger,
    settings: &Settings,
    at: i64,
    change: &Change,
) -> Situation {
    let day = history.day(at).unwrap_or_default();
    let mut found = Situation {
        day,
        ..Situation::default()
    };
    read_weeks(history, ledger, settings, &mut found);
    read_slips(history, ledger, at, &mut found);
    let open = open_items(history, at, change);
    place_items(history, at, &open, &mut found);
    read_activity(&mut found);
    for release in &mut found.releases {
        let plan = &history.releases[release.number];
        let named = |named: Option<usize>| named.is_none_or(|named| named == release.number);
        let freeze = change.freeze.filter(|(release, _)| named(*release));
        let freeze_on = freeze.map(|(_, day)| day).or(plan.freeze_on);
        let weeks = freeze_on.map(|freeze| (freeze - day).max(0) / WEEK);
        release.work = Some(ReleaseWork {
            name: name_hash(&plan.id),
            scope: scope(history, ledger, release.number, at),
            freeze_week: weeks.and_then(|weeks| usize::try_from(weeks).ok()),
            is_asked: release.is_sound(),
        });
    }
    found
}

/// FNV-1a: a place among the dice that belongs to a name.
fn name_hash(name: &str) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325_u64;
    name.bytes().fold(start, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn read_weeks(history: &History, ledger: &Ledger, settings: &Settings, found: &mut Situation) {
    let this_monday = monday(found.day);
    let end = (this_monday - ledger.first_monday) / WEEK;
    let end = usize::try_from(end)
        .unwrap_or_default()
        .min(ledger.delivered.len());
    let basis = end.saturating_sub(settings.basis_weeks)..end;
    found.weeks = (0..history.teams.len())
        .map(|team| {
            basis
                .clone()
                .map(|week| ledger.delivered[week][team])
                .collect()
        })
        .collect();
    for week in basis {
        for (seen, growth) in found.growth.iter_mut().zip(&ledger.growth[week]) {
            seen.extend(growth.iter().map(|&(net, scope)| Growth { net, scope }));
        }
    }
}

fn read_slips(history: &History, ledger: &Ledger, at: i64, found: &mut Situation) {
    let mut ended: Vec<(i64, usize, i32)> = Vec::new();
    for (number, finish) in ledger.finishes.iter().enumerate() {
        let planned_on = history.releases[number].planned_on;
        if let Some((finish, planned_on)) = finish.zip(planned_on)
            && finish.known_at <= at
        {
            ended.push((finish.known_at, number, finish.day - planned_on));
        }
    }
    ended.sort_unstable();
    let from = ended.len().saturating_sub(super::settings::PAST_RELEASES);
    found.slips = ended[from..].iter().map(|(_, _, slip)| *slip).collect();
}

/// Returns the open items of each open release, each item once: in the release that
/// ships first.
fn open_items(history: &History, at: i64, change: &Change) -> Vec<(usize, usize)> {
    let mut open: BTreeMap<usize, usize> = BTreeMap::new();
    let ships = |release: usize| {
        let planned_on = history.releases[release].planned_on;
        (planned_on.is_none(), planned_on, release)
    };
    for span in &history.spans {
        let release = &history.releases[span.release];
        let is_over = release.is_cancelled
            || release.released_at.is_some_and(|released| released <= at)
            || (release.is_released && release.released_at.is_none() && !span.is_open(at));
        if is_over || !span.is_open(at) || change.without.contains(&span.item) {
            continue;
        }
        let place = open.entry(span.item).or_insert(span.release);
        if ships(span.release) < ships(*place) {
            *place = span.release;
        }
    }
    let mut open: Vec<(usize, usize)> = open.into_iter().map(|(item, r)| (r, item)).collect();
    open.sort_unstable_by_key(|(release, item)| (ships(*release), *item));
    open
}

/// Puts the open items into the order in which they are taken, with what each needs.
fn place_items(history: &History, at: i64, open: &[(usize, usize)], found: &mut Situation) {
    let node_of: BTreeMap<usize, usize> = open
        .iter()
        .enumerate()
        .map(|(node, (_, item))| (*item, node))
        .collect();
    let mut edges = Vec::new();
    let mut outside: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    for need in &history.needs {
        let is_raised = need.raised_at.is_none_or(|raised| raised <= at);
        let is_met = need.resolved_at.is_some_and(|resolved| resolved <= at);
        let Some(&node) = node_of.get(&need.item).filter(|_| is_raised && !is_met) else {
            continue;
        };
        match need.needed {
            None => drop(outside.entry(node).or_default().insert(need.name.clone())),
            Some(needed) => match node_of.get(&needed) {
                Some(&to) => edges.push((node, to)),
                None if is_item_open(history, needed, at) => {
                    outside.entry(node).or_default().insert(need.name.clone());
                }
                None => {}
            },
        }
    }
    let ranks = ranks(history, open);
    let places = order_by_precedence(&ranks, &edges).places;
    let mut order: Vec<usize> = (0..open.len()).collect();
    let release_order: BTreeMap<usize, usize> = open
        .iter()
        .enumerate()
        .rev()
        .map(|(place, (release, _))| (*release, place))
        .collect();
    order.sort_unstable_by_key(|node| (release_order[&open[*node].0], places[*node].position));
    let knots: Vec<Option<usize>> = places.iter().map(|place| place.knot).collect();
    let needs = whole_needs(&knots, &edges);
    let mut new_place = vec![0; open.len()];
    for (place, node) in order.iter().enumerate() {
        new_place[*node] = place;
    }
    for node in order {
        let (release, item) = open[node];
        if found
            .releases
            .last()
            .is_none_or(|last| last.number != release)
        {
            found.releases.push(OpenRelease {
                number: release,
                ..OpenRelease::default()
            });
        }
        let place = found.releases.len() - 1;
        let last = &mut found.releases[place];
        last.remaining_count += 1;
        last.knotted_count += usize::from(knots[node].is_some());
        last.outside
            .extend(outside.remove(&node).unwrap_or_default());
        found.item_numbers.push(item);
        found.items.push(OpenWork {
            team: history.items[item].team(at),
            release: place,
            needs: needs[node]
                .iter()
                .map(|needed| new_place[*needed])
                .collect(),
        });
    }
}

fn ranks(history: &History, open: &[(usize, usize)]) -> Vec<Option<usize>> {
    let mut by_value: Vec<usize> = (0..open.len()).collect();
    by_value.sort_unstable_by_key(|node| history.items[open[*node].1].value_position);
    let mut ranks = vec![None; open.len()];
    for (rank, node) in (1..).zip(by_value) {
        ranks[node] = Some(rank);
    }
    ranks
}

/// Returns what each node waits for, where a knot is one piece: its members need
/// nothing of each other, but all that any of them needs; and what needs a member needs
/// all of them.
fn whole_needs(knots: &[Option<usize>], edges: &[(usize, usize)]) -> Vec<BTreeSet<usize>> {
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (node, knot) in knots.iter().enumerate() {
        if let Some(knot) = knot {
            members.entry(*knot).or_default().push(node);
        }
    }
    let piece = |node: usize| match knots[node] {
        Some(knot) => members[&knot].clone(),
        None => vec![node],
    };
    let mut needs = vec![BTreeSet::new(); knots.len()];
    for &(node, needed) in edges {
        if knots[node].is_some() && knots[node] == knots[needed] {
            continue;
        }
        let all = piece(needed);
        for member in piece(node) {
            needs[member].extend(all.iter().copied());
        }
    }
    needs
}

/// Whether an item that is in no open release stood open at an instant: in any
/// release.
fn is_item_open(history: &History, item: usize, at: i64) -> bool {
    let mut times = history.open_times[item].iter();
    times.any(|(from, to)| *from <= at && to.is_none_or(|to| to > at))
}

fn scope(history: &History, ledger: &Ledger, release: usize, at: i64) -> i64 {
    let spans = ledger.spans_of[release]
        .iter()
        .map(|place| &history.spans[*place]);
    let in_scope = spans.filter(|span| {
        let is_gone = span.end == End::Gone && span.ended_at.is_some_and(|end| end <= at);
        span.opened_at <= at && !is_gone
    });
    in_scope.count() as i64
}

/// Says for each release how many weeks it stands on, and which teams do nothing: its
/// own and those of what it needs.
fn read_activity(found: &mut Situation) {
    let mut teams_of: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); found.releases.len()];
    for (place, item) in found.items.iter().enumerate() {
        let mut seen = BTreeSet::from([place]);
        let mut queue = vec![place];
        while let Some(at) = queue.pop() {
            teams_of[item.release].insert(found.items[at].team);
            queue.extend(
                found.items[at]
                    .needs
                    .iter()
                    .filter(|other| seen.insert(**other)),
            );
        }
    }
    let week_count = found.weeks.first().map_or(0, Vec::len);
    for (release, teams) in found.releases.iter_mut().zip(teams_of) {
        let weeks = &found.weeks;
        let is_active = |week: &usize| teams.iter().any(|team| weeks[*team][*week] > 0);
        release.active_weeks = (0..week_count).filter(is_active).count();
        let counts = teams.iter().flat_map(|team| &weeks[*team]);
        release.delivered_count = counts.map(|count| *count as usize).sum();
        let idle = teams
            .iter()
            .filter(|team| weeks[**team].iter().all(|count| *count == 0));
        release.idle_teams = idle.copied().collect();
    }
}

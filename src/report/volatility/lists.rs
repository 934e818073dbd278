//! The lists behind the numbers of the page: of each team and domain the items planned,
//! the items that moved, and every change, with those after the freeze and those that
//! put an item back. They cover the same releases as the numbers: those that are out
//! and were not cancelled.

use std::collections::{BTreeMap, BTreeSet};

use super::STEM;
use super::level::{Dimension, Level};
use crate::error::Result;
use crate::lake::Rows;
use crate::report::figures::Context;
use crate::report::format;
use crate::report::full_list::{FullLists, list_name, root_address};
use crate::report::page::{Cell, DataTable};

/// A list of at most so many rows stands on one page, so that a number of one release
/// leads to the place of its rows.
const MOST_ON_ONE_PAGE: usize = 400;

/// What a list has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Planned,
    Moved,
    Changes,
    Late,
    Readded,
}

const KINDS: [(Kind, &str, &str); 5] = [
    (
        Kind::Planned,
        "planned",
        "items in a release at its baseline",
    ),
    (
        Kind::Moved,
        "moved",
        "items added or removed since the baseline",
    ),
    (
        Kind::Changes,
        "changes",
        "additions and removals since the baseline",
    ),
    (
        Kind::Late,
        "late",
        "additions and removals after the freeze",
    ),
    (
        Kind::Readded,
        "returned",
        "additions of items that had been taken out",
    ),
];

const ITEM_COLUMNS: [&str; 7] = [
    "Release",
    "Item",
    "Counts for team",
    "Domain",
    "Planned",
    "#Added",
    "#Removed",
];
const MOVE_COLUMNS: [&str; 7] = [
    "Release",
    "Item",
    "Counts for team",
    "Change",
    "When",
    "After the freeze",
    "Reason",
];

/// A row of a list, and the release that it belongs to.
struct Row {
    release_id: String,
    cells: Vec<Cell>,
}

type Key = (Dimension, String, Kind);

/// All lists, by level and kind.
pub(super) struct Lists {
    rows: BTreeMap<Key, Vec<Row>>,
}

/// A release, as lists name it.
struct Release {
    name: String,
    baseline: String,
    href: Option<String>,
}

/// Who an item counts for in a release, and how lists name it.
struct Item {
    team: String,
    domain: String,
    cell: Cell,
}

impl Lists {
    /// Reads the rows of every finished release.
    pub(super) fn load(context: &Context<'_>) -> Result<Self> {
        let releases = finished(context)?;
        let mut lists = Self {
            rows: BTreeMap::new(),
        };
        let items = lists.add_items(&context.marts.rows("scope_items")?, &releases)?;
        let moves = context.marts.rows("release_scope_moves")?;
        lists.add_moves(context, &moves, &releases, &items)?;
        for rows in lists.rows.values_mut() {
            let place = |row: &Row| releases.get(&row.release_id).map(|r| r.baseline.clone());
            rows.sort_by_key(|row| std::cmp::Reverse((place(row), row.release_id.clone())));
            anchor(rows);
        }
        Ok(lists)
    }

    fn add(&mut self, item: &Item, kind: Kind, release_id: &str, cells: &[Cell]) {
        for (dimension, name) in [
            (Dimension::Team, &item.team),
            (Dimension::Domain, &item.domain),
        ] {
            let rows = self.rows.entry((dimension, name.clone(), kind));
            rows.or_default().push(Row {
                release_id: release_id.to_owned(),
                cells: cells.to_vec(),
            });
        }
    }

    /// Adds the items, and returns them by release and id.
    fn add_items(
        &mut self,
        mart: &Rows,
        releases: &BTreeMap<String, Release>,
    ) -> Result<BTreeMap<(String, String), Item>> {
        let mut items = BTreeMap::new();
        for row in mart.indices() {
            let release_id = mart.owned_text("release_id", row)?;
            let Some(release) = releases.get(&release_id) else {
                continue;
            };
            let item_id = mart.owned_text("item_id", row)?;
            let named = |column: &str, dimension: Dimension| -> Result<String> {
                let name = mart.text(column, row)?;
                Ok(name.unwrap_or(dimension.none()).to_owned())
            };
            let item = Item {
                team: named("team", Dimension::Team)?,
                domain: named("domain", Dimension::Domain)?,
                cell: Cell::item(mart, row)?,
            };
            let count =
                |column: &str| -> Result<i64> { Ok(mart.integer(column, row)?.unwrap_or(0)) };
            let is_planned = mart.boolean("is_planned", row)? == Some(true);
            let cells = [
                release.cell(),
                item.cell.clone(),
                Cell::text(&item.team),
                Cell::text(&item.domain),
                Cell::text(if is_planned { "yes" } else { "no" }),
                Cell::integer(count("added_count")?),
                Cell::integer(count("removed_count")?),
            ];
            if is_planned {
                self.add(&item, Kind::Planned, &release_id, &cells);
            }
            if count("change_count")? > 0 {
                self.add(&item, Kind::Moved, &release_id, &cells);
            }
            items.insert((release_id, item_id), item);
        }
        Ok(items)
    }

    fn add_moves(
        &mut self,
        context: &Context<'_>,
        mart: &Rows,
        releases: &BTreeMap<String, Release>,
        items: &BTreeMap<(String, String), Item>,
    ) -> Result<()> {
        for row in mart.indices() {
            let key = (
                mart.owned_text("release_id", row)?,
                mart.owned_text("item_id", row)?,
            );
            let is_counted = mart.boolean("is_counted", row)? == Some(true);
            let (true, Some(item), Some(release)) =
                (is_counted, items.get(&key), releases.get(&key.0))
            else {
                continue;
            };
            let is_readded = mart.boolean("is_readded", row)? == Some(true);
            let late = mart.boolean("is_after_freeze", row)?;
            let at = mart.instant("changed_at", row)?;
            let at = at.map(|at| format::instant(at, context.zone()));
            let cells = [
                release.cell(),
                item.cell.clone(),
                Cell::text(&item.team),
                Cell::maybe(mart.text("action", row)?).noted(is_readded.then_some("again")),
                Cell::maybe(at.as_deref()),
                Cell::maybe(late.map(|late| if late { "yes" } else { "no" })),
                Cell::maybe(mart.text("reason", row)?),
            ];
            self.add(item, Kind::Changes, &key.0, &cells);
            if late == Some(true) {
                self.add(item, Kind::Late, &key.0, &cells);
            }
            if is_readded {
                self.add(item, Kind::Readded, &key.0, &cells);
            }
        }
        Ok(())
    }

    /// Writes the lists of the levels.
    pub(super) fn write(&self, pages: &FullLists<'_>, levels: &[Level]) -> Result<()> {
        for level in levels {
            for (kind, word, what) in KINDS {
                let Some(rows) = self.of(level, kind) else {
                    continue;
                };
                let caption = format!("{}: {what}, of releases that are out", level.name);
                let columns = match kind {
                    Kind::Planned | Kind::Moved => &ITEM_COLUMNS,
                    Kind::Changes | Kind::Late | Kind::Readded => &MOVE_COLUMNS,
                };
                let cells = rows.iter().map(|row| row.cells.clone()).collect();
                let mut table = DataTable::new(caption, columns, cells, 0);
                pages.write(&name(level, word), &mut table)?;
            }
        }
        Ok(())
    }

    fn of(&self, level: &Level, kind: Kind) -> Option<&[Row]> {
        let key = (level.dimension, level.name.clone(), kind);
        self.rows.get(&key).map(Vec::as_slice)
    }

    /// The address of a list of a level, from the root of the site; none where it would
    /// have no row.
    pub(super) fn address(&self, level: &Level, kind: Kind) -> Option<String> {
        self.of(level, kind)?;
        let word = KINDS.into_iter().find(|(other, ..)| *other == kind)?.1;
        Some(root_address(STEM, &name(level, word)))
    }

    /// The address of the rows of one release in a list.
    pub(super) fn address_in(&self, level: &Level, kind: Kind, release: &str) -> Option<String> {
        let rows = self.of(level, kind)?;
        let mut found = rows.iter().filter(|row| row.release_id == release);
        found.next()?;
        let page = self.address(level, kind)?;
        Some(match rows.len() <= MOST_ON_ONE_PAGE {
            true => format!("{page}#{}", release_anchor(release)),
            false => page,
        })
    }
}

impl Release {
    fn cell(&self) -> Cell {
        Cell::text(&self.name).within_if(self.href.clone())
    }
}

fn name(level: &Level, word: &str) -> String {
    list_name(word, &[level.dimension.name(), &level.name])
}

fn release_anchor(release: &str) -> String {
    list_name("release", &[release])
}

/// Anchors the first row of each release.
fn anchor(rows: &mut [Row]) {
    let mut seen = BTreeSet::new();
    for row in rows {
        let anchor = release_anchor(&row.release_id);
        if seen.insert(row.release_id.clone())
            && let Some(cell) = row.cells.first_mut()
        {
            cell.anchor = Some(anchor);
        }
    }
}

/// The releases that are out and were not cancelled, by id.
fn finished(context: &Context<'_>) -> Result<BTreeMap<String, Release>> {
    let mart = context.marts.rows("scope_volatility_by_group")?;
    let mut releases = BTreeMap::new();
    for row in mart.indices() {
        if matches!(mart.text("exclusion", row)?, Some("cancelled" | "not_over")) {
            continue;
        }
        let id = mart.owned_text("release_id", row)?;
        let baseline = mart.instant("baseline_at", row)?;
        let release = Release {
            name: mart.owned_text("release_name", row)?,
            baseline: baseline.map(|at| at.to_rfc3339()).unwrap_or_default(),
            href: context.releases.get(&id).cloned(),
        };
        releases.insert(id, release);
    }
    Ok(releases)
}

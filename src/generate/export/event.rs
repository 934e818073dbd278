//! The change log of items, with the offsets of the offices that made the
//! changes, and the release manager's list of scope changes.

use std::path::Path;

use super::item_governance::emergency_approval;
use super::{Form, Sheet, World, WrittenFile, hours};
use crate::error::Result;
use crate::generate::dice::{Concern, Dice};
use crate::generate::item::Item;
use crate::generate::timeline::{AS_OF, Wall, Zone, rfc3339};

const HISTORY: Form = Form {
    repeats_every: 397,
    ..Form::plain(
        "exports/tracker/history.csv",
        &[
            "Issue key",
            "When",
            "Field",
            "From",
            "To",
            "Author",
            "Note",
            "approval_id",
        ],
    )
};
const SCOPE: Form = Form::plain(
    "exports/planning/scope-changes.csv",
    &[
        "release_id",
        "item_id",
        "changed_at",
        "action",
        "reason",
        "approval_id",
        "is_emergency",
    ],
);

pub(super) struct EventSheets {
    history: Sheet,
    scope: Sheet,
}

/// One change of one field.
struct Change {
    at: Wall,
    field: &'static str,
    old: String,
    new: String,
    reason: &'static str,
    approval: String,
}

impl EventSheets {
    pub(super) fn create(folder: &Path) -> Result<Self> {
        Ok(Self {
            history: Sheet::create(folder, HISTORY)?,
            scope: Sheet::create(folder, SCOPE)?,
        })
    }

    pub(super) fn write(&mut self, world: &World, item: &Item) -> Result<()> {
        self.write_scope(world, item)?;
        if !item.has_history {
            return Ok(());
        }
        let mut dice = Dice::at(world.company.seed, Concern::Events, item.number);
        let team = &world.company.teams[item.team];
        for change in changes(world, item, &mut dice) {
            let author = dice.pick(&team.people);
            let zone = if dice.chance(30) {
                Zone::Utc
            } else {
                team.zone
            };
            self.history.row(&[
                item.key.as_str(),
                &rfc3339(change.at, zone),
                change.field,
                &change.old,
                &change.new,
                author,
                change.reason,
                &change.approval,
            ])?;
        }
        Ok(())
    }

    fn write_scope(&mut self, world: &World, item: &Item) -> Result<()> {
        for change in item.moves.iter().filter(|m| m.at < AS_OF) {
            let approval = emergency_approval(world, item, change).unwrap_or_default();
            for (release, action) in [(change.from, "removed"), (change.to, "added")] {
                let Some(release) = release else { continue };
                let is_added = action == "added";
                self.scope.row(&[
                    world.company.releases[release].id.as_str(),
                    &item.key,
                    &rfc3339(change.at, Zone::Utc),
                    action,
                    change.reason,
                    if is_added { &approval } else { "" },
                    if is_added && change.is_emergency {
                        "yes"
                    } else {
                        "no"
                    },
                ])?;
            }
        }
        Ok(())
    }

    /// Adds rows that are broken, and one about an item that was deleted.
    pub(super) fn finish(mut self) -> Result<Vec<WrittenFile>> {
        if self.history.rows() > 500 {
            let broken: [[&str; 8]; 3] = [
                [
                    "CHK-1",
                    "yesterday",
                    "status",
                    "New",
                    "Refining",
                    "",
                    "",
                    "",
                ],
                [
                    "",
                    "2025-05-06T10:00:00+01:00",
                    "status",
                    "New",
                    "Refining",
                    "",
                    "",
                    "",
                ],
                [
                    "GONE-1",
                    "2025-05-06T10:00:00+01:00",
                    "status",
                    "New",
                    "Refining",
                    "",
                    "",
                    "",
                ],
            ];
            for row in broken {
                self.history.row(&row)?;
            }
        }
        Ok(vec![self.history.finish()?, self.scope.finish()?])
    }
}

/// Returns the item's changes up to the export, in order.
fn changes(world: &World, item: &Item, dice: &mut Dice) -> Vec<Change> {
    let mut all = status_changes(item);
    let change = |at, field, old: String, new: String| Change {
        at,
        field,
        old,
        new,
        reason: "",
        approval: String::new(),
    };
    for m in &item.moves {
        let (old, new) = (world.release_id(m.from), world.release_id(m.to));
        let mut moved = change(m.at, "Fix version", old.to_owned(), new.to_owned());
        moved.approval = emergency_approval(world, item, m).unwrap_or_default();
        moved.reason = if m.from.is_some() || m.is_emergency {
            m.reason
        } else {
            ""
        };
        all.push(moved);
    }
    for spell in &item.spells {
        all.push(change(
            spell.from,
            "Flagged",
            "false".to_owned(),
            "true".to_owned(),
        ));
        all.push(change(
            spell.to,
            "Flagged",
            "true".to_owned(),
            "false".to_owned(),
        ));
    }
    if let Some((at, minutes)) = item.revision {
        let old = item.estimate.map_or(String::new(), hours);
        all.push(change(at, "Estimate (h)", old, hours(minutes)));
    }
    if item.steps.len() > 2 && dice.chance(300) {
        let people = &world.company.teams[item.team].people;
        let (old, new) = (dice.index(people.len()), dice.index(people.len()));
        let at = item.steps[1].at + 120;
        let name = |index: usize| people[index].to_owned();
        all.push(change(at, "Assignee", name(old), name(new)));
    }
    if item.steps.len() > 2 && dice.chance(80) {
        let at = item.steps[1].at + 240;
        all.push(change(at, "Priority", "2".to_owned(), "3".to_owned()));
    }
    all.retain(|change| change.at < AS_OF);
    all.sort_by_key(|change| change.at);
    all
}

fn status_changes(item: &Item) -> Vec<Change> {
    let mut steps = item.steps.clone();
    steps.sort_by_key(|step| step.at);
    let pairs = steps.windows(2);
    pairs
        .map(|pair| Change {
            at: pair[1].at,
            field: "status",
            old: pair[0].status.as_str().to_owned(),
            new: pair[1].status.as_str().to_owned(),
            reason: "",
            approval: String::new(),
        })
        .collect()
}

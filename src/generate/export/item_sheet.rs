//! The tracker's items, in two files: last changed until 2025, and in 2026.
//!
//! Some items that changed in 2026 lie in the older file too, as they were then.

use std::path::Path;

use super::{Form, Sheet, World, WrittenFile};
use crate::error::Result;
use crate::generate::dice::{Concern, Dice};
use crate::generate::item::{Item, ItemType, Status};
use crate::generate::timeline::{AS_OF, DAY, Wall, civil_day, day_first};
use crate::generate::wording::Wording;

#[rustfmt::skip]
const HEADER: [&str; 38] = [
    "Issue key", "Summary", "Issue Type", "Status", "Team", "Domain", "System", "Components", "Assignee",
    "Business owner", "Fix version", "Epic", "Investment", "Priority", "Business value", "Risk", "Regulatory impact",
    "Time criticality", "Original estimate (s)", "Story points", "Created", "Updated", "Refined", "Committed",
    "Resolved", "Feasible?", "Constraints", "Data sensitivity", "User impact", "Regulations", "Touches",
    "Customer facing", "Public note", "Known limitations", "Rollback criteria", "Success indicator",
    "Failure threshold", "Downtime (min)",
];

const NEW_YEAR: Wall = civil_day(2026, 1, 1) * DAY;
pub(super) struct ItemSheets {
    older: Sheet,
    newer: Sheet,
    items: u64,
}

impl ItemSheets {
    pub(super) fn create(folder: &Path) -> Result<Self> {
        let older = Form {
            has_byte_order_mark: true,
            repeats_every: 149,
            ..Form::plain("exports/tracker/items-2025.csv", &HEADER)
        };
        let newer = Form {
            has_crlf: true,
            ..Form::plain("exports/tracker/items-2026.csv", &HEADER)
        };
        Ok(Self {
            older: Sheet::create(folder, older)?,
            newer: Sheet::create(folder, newer)?,
            items: 0,
        })
    }

    pub(super) fn write(&mut self, world: &World, item: &Item) -> Result<()> {
        let mut dice = Dice::at(world.company.seed, Concern::Words, item.number);
        let is_left_over = dice.chance(250) && item.created < NEW_YEAR;
        let words = Wording::draw(&world.company, item, &mut dice);
        self.items += 1;
        let is_newer = item.updated_at(AS_OF) >= NEW_YEAR;
        if is_left_over || !is_newer {
            self.older.row(&fields(world, item, &words, NEW_YEAR))?;
        }
        if is_newer {
            self.newer.row(&fields(world, item, &words, AS_OF))?;
        }
        Ok(())
    }

    /// Adds the rows that nothing can repair, fewer than one in a hundred.
    pub(super) fn finish(mut self) -> Result<Vec<WrittenFile>> {
        let broken = (self.items / 250).min(6) as usize;
        for number in 0..broken {
            let mut row = vec![String::new(); HEADER.len()];
            row[0] = format!("OLD-{}", number + 1);
            row[1] = "Imported from the old tracker".to_owned();
            row[2] = "Story".to_owned();
            row[3] = "New".to_owned();
            row[20] = "05/02/2025 10:15".to_owned();
            row[21] = "05/02/2025 10:15".to_owned();
            match number % 3 {
                0 => row[20] = "31/02/2025 10:15".to_owned(),
                1 => row[0] = String::new(),
                _ => row[2] = "Gantt bar".to_owned(),
            }
            self.older.row(&row)?;
        }
        Ok(vec![self.older.finish()?, self.newer.finish()?])
    }
}

/// Returns the item's row as it was at `instant`.
fn fields(world: &World, item: &Item, words: &Wording, instant: Wall) -> Vec<String> {
    let mut fields = Vec::with_capacity(HEADER.len());
    fields.extend(identity(world, item, words, instant));
    fields.extend(words.ratings.map(|rating| rating.to_string()));
    fields.extend(progress(item, words, instant));
    fields.extend(remarks(item, words));
    fields
}

/// Returns the columns from the key to the priority.
fn identity(world: &World, item: &Item, words: &Wording, instant: Wall) -> [String; 14] {
    let company = &world.company;
    let team = &company.teams[item.team];
    let status = item
        .last_step(instant)
        .map_or(Status::New, |step| step.status);
    let component = item.system * 4 + 1;
    let extra = if item.number % 97 == 5 {
        ";legacy-billing"
    } else {
        ""
    };
    [
        item.key.clone(),
        words.title.clone(),
        item.kind.tracker_word().to_owned(),
        status.as_str().to_owned(),
        team.name.clone(),
        team.domain.to_owned(),
        company.systems[item.system].name.clone(),
        format!("CI-{:04};CI-{:04}{extra}", component, component + 1),
        words.owner.to_owned(),
        words.business_owner.to_owned(),
        world.release_id(item.release_at(instant)).to_owned(),
        words.theme.clone(),
        item.kind.investment().to_owned(),
        words.priority.to_owned(),
    ]
}

/// Returns the columns from the estimate to the resolution.
fn progress(item: &Item, words: &Wording, instant: Wall) -> [String; 7] {
    let moment = |at: Option<Wall>| {
        let past = at.filter(|at| *at < instant);
        past.map_or(String::new(), |at| day_first(at, '/'))
    };
    let last = item.last_step(instant);
    let resolved = last.filter(|step| step.status >= Status::Released);
    let seconds = item.estimate_at(instant).map(|minutes| minutes * 60);
    [
        number(seconds),
        number(words.points),
        day_first(item.created, '/'),
        day_first(item.updated_at(instant), '/'),
        moment(item.first(Status::Refining)),
        moment(item.first(Status::Committed)),
        moment(resolved.map(|step| step.at)),
    ]
}

/// Returns the columns from the feasibility to the downtime.
fn remarks(item: &Item, words: &Wording) -> [String; 13] {
    let is_facing = matches!(item.kind, ItemType::Feature | ItemType::Defect);
    let [public, limits, rollback, success, failure] = words.notes;
    let downtime = number(words.downtime);
    [
        words.feasibility,
        words.constraints,
        words.sensitivity,
        words.impact,
        words.regulations,
        words.touches,
        if is_facing { "Yes" } else { "No" },
        public,
        limits,
        rollback,
        success,
        failure,
        &downtime,
    ]
    .map(str::to_owned)
}

fn number(value: Option<i64>) -> String {
    value.map_or(String::new(), |value| value.to_string())
}

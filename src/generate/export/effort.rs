//! Time sheets: what was spent, by item, day, person and activity.

use std::path::Path;

use super::{Form, Sheet, World, WrittenFile};
use crate::error::Result;
use crate::generate::dice::{Concern, Dice};
use crate::generate::item::Item;
use crate::generate::timeline::{AS_OF, WORKDAY, date};

const FORM: Form = Form {
    has_crlf: true,
    repeats_every: 503,
    ..Form::plain(
        "exports/timesheets/effort.csv",
        &["Ticket", "Day", "Who", "Minutes", "activity"],
    )
};

pub(super) struct EffortSheet(Sheet);

impl EffortSheet {
    pub(super) fn create(folder: &Path) -> Result<Self> {
        Ok(Self(Sheet::create(folder, FORM)?))
    }

    /// Spreads the item's work over its building time. The parts add up to the
    /// whole, so a team that copies its estimates books exactly those.
    pub(super) fn write(&mut self, world: &World, item: &Item) -> Result<()> {
        let mut dice = Dice::at(world.company.seed, Concern::Effort, item.number);
        let Some(build) = item.build.filter(|_| !dice.chance(50)) else {
            return Ok(());
        };
        let timeline = &world.company.timeline;
        let first = timeline.work_at(build.from);
        let span = (timeline.work_at(build.to) - first).max(1);
        let people = &world.company.teams[item.team].people;
        let offset = dice.index(people.len());
        let parts = (item.actual / 300 + 2).min(8);
        let mut left = item.actual;
        for part in 0..parts {
            let even = left / (parts - part);
            let minutes = match part {
                last if last == parts - 1 => left,
                _ => (even * dice.between(60, 140) / 100 / 15 * 15).min(left),
            };
            left -= minutes;
            let day = timeline.wall_at(first + span * part / parts);
            if minutes == 0 || day >= AS_OF {
                continue;
            }
            let person = people[(offset + part as usize) % people.len()];
            let activity = match part {
                last if last == parts - 1 => "test",
                5.. => "review",
                _ => "build",
            };
            debug_assert!(span <= 400 * WORKDAY);
            self.0.row(&[
                item.key.as_str(),
                &date(day),
                person,
                &minutes.to_string(),
                activity,
            ])?;
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<WrittenFile> {
        if self.0.rows() > 500 {
            self.0
                .row(&["CHK-1", "2025-03-03", "Tom Okafor", "half a day", "build"])?;
            self.0
                .row(&["", "2025-03-03", "Tom Okafor", "30", "build"])?;
        }
        self.0.finish()
    }
}

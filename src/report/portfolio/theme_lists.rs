//! The items behind the counts of themes, goals and drivers: one list for each of a
//! quarter, with what became of every item by the quarter's end.

use std::collections::BTreeMap;

use super::{number_cell, text_cell};
use crate::error::Result;
use crate::lake::Rows;
use crate::report::format;
use crate::report::full_list::{FullLists, list_name, root_address};
use crate::report::page::{Cell, DataTable};

/// The report whose lists these are.
const STEM: &str = "portfolio";

const COLUMNS: [&str; 8] = [
    "Item",
    "Team",
    "Theme",
    "Committed",
    "Delivered",
    "#Points",
    "#Value",
    "#Hours in the quarter",
];

/// A quarter, a level and its theme, goal or driver.
type Key = (String, &'static str, String);

/// The items of one list.
#[derive(Default)]
struct List {
    rows: Vec<Vec<Cell>>,
    committed: usize,
    delivered: usize,
    late: usize,
}

/// All lists.
pub(super) struct ThemeLists(BTreeMap<Key, List>);

impl ThemeLists {
    /// Reads the items of all themes.
    pub(super) fn load(mart: &Rows) -> Result<Self> {
        let mut lists: BTreeMap<Key, List> = BTreeMap::new();
        for row in mart.indices() {
            let is =
                |column: &str| -> Result<bool> { Ok(mart.boolean(column, row)? == Some(true)) };
            let (committed, delivered) = (is("is_committed")?, is("is_delivered")?);
            let late = is("is_late")?;
            let cells = cells(mart, row, (committed, delivered, late))?;
            let quarter = mart.owned_text("quarter", row)?;
            for (level, column) in [
                ("theme", "theme_id"),
                ("goal", "goal"),
                ("driver", "driver"),
            ] {
                let key = (quarter.clone(), level, mart.owned_text(column, row)?);
                let list = lists.entry(key).or_default();
                list.rows.push(cells.clone());
                list.committed += usize::from(committed);
                list.delivered += usize::from(delivered);
                list.late += usize::from(late);
            }
        }
        Ok(Self(lists))
    }

    /// Writes every list.
    pub(super) fn write(&self, pages: &FullLists<'_>) -> Result<()> {
        for (key, list) in &self.0 {
            let (quarter, level, subject) = key;
            let caption = format!(
                "{subject}, {level} of {quarter}: {}, {} committed to and {} delivered by its end, {} delivered later",
                format::count(list.rows.len(), "item", "items"),
                format::integer(list.committed),
                format::integer(list.delivered),
                format::integer(list.late),
            );
            let mut table = DataTable::new(caption, &COLUMNS, list.rows.clone(), 0);
            pages.write(&name(key), &mut table)?;
        }
        Ok(())
    }

    /// The address of a list, from the root of the site; none where it has no item.
    pub(super) fn address(
        &self,
        quarter: &str,
        level: &'static str,
        subject: &str,
    ) -> Option<String> {
        let key = (quarter.to_owned(), level, subject.to_owned());
        self.0.get(&key)?;
        Some(root_address(STEM, &name(&key)))
    }
}

fn name((quarter, level, subject): &Key) -> String {
    list_name(level, &[quarter, subject])
}

fn cells(
    mart: &Rows,
    row: usize,
    (committed, delivered, late): (bool, bool, bool),
) -> Result<Vec<Cell>> {
    let yes = |is: bool| if is { "yes" } else { "no" };
    let delivered = match (delivered, late) {
        (false, true) => "later",
        (is, _) => yes(is),
    };
    #[allow(clippy::cast_precision_loss, reason = "seconds are far below 2^52")]
    let hours = mart.integer("seconds", row)?.map(|it| it as f64 / 3600.0);
    Ok(vec![
        Cell::item(mart, row)?,
        text_cell(mart, "team", row)?,
        text_cell(mart, "theme_id", row)?,
        Cell::text(yes(committed)),
        Cell::text(delivered),
        number_cell(mart, "story_points", row)?,
        number_cell(mart, "business_value", row)?,
        Cell::number(hours, format::number),
    ])
}

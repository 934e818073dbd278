//! Themes against the quarter that each is planned for, and items on no theme.

use super::theme_lists::ThemeLists;
use super::{MOST_ROWS, Sources, count_cell, number_cell, share_cell, text_cell};
use crate::error::Result;
use crate::lake::Rows;
use crate::report::format;
use crate::report::page::{Cell, DataTable};
use crate::report::part::Part;

/// How many themes, goals or drivers a table shows.
const MOST_THEMES: usize = 12;

/// The columns behind the name of a theme, a goal or a driver.
const MEASURES: [&str; 13] = [
    "Quarter",
    "#Items",
    "#Committed",
    "#Delivered",
    "#Delivered later",
    "#Points",
    "#Points committed",
    "#Points delivered",
    "#Value delivered",
    "#Hours",
    "#On delivered",
    "#Share of hours",
    "#Planned share",
];

pub(super) fn part(
    sources: &Sources<'_>,
    quarter: Option<&str>,
    lists: &ThemeLists,
) -> Result<Part> {
    let progress = sources.marts.rows("theme_progress")?;
    let themeless = sources.marts.rows("themeless_items")?;
    let finding = match sources.marts.missing(&["themes", "items"]) {
        Some(missing) => missing,
        None => finding(&progress, quarter, themeless.len())?,
    };
    Ok(Part {
        id: "themes",
        title: "Themes against their quarter",
        finding,
        about: "A theme has the items that name it; committed and delivered are counted by the end of the quarter that it is planned for, in points as a share of the points of its items. Items without points or value are in no share, and are counted beside it.".to_owned(),
        figures: Vec::new(),
        tables: vec![
            level(&progress, lists, ("theme", "Theme"), "Themes, the latest quarter first")?,
            level(&progress, lists, ("goal", "Goal"), "Goals, the latest quarter first")?,
            level(&progress, lists, ("driver", "Driver"), "Drivers, the latest quarter first")?,
            unthemed(&themeless, sources)?,
        ],
        definitions: Part::defined_by(&["theme_progress", "theme_items", "themeless_items"]),
    })
}

/// Says how much of the last whole quarter's themes was delivered in it.
fn finding(rows: &Rows, quarter: Option<&str>, themeless: usize) -> Result<String> {
    let (mut items, mut delivered) = (0, 0);
    for row in rows.indices() {
        let is_meant = rows.text("quarter", row)? == quarter;
        if is_meant && rows.text("level", row)? == Some("theme") {
            items += rows.integer("item_count", row)?.unwrap_or(0);
            delivered += rows.integer("delivered_count", row)?.unwrap_or(0);
        }
    }
    let beside = format!(
        "{} or took work in the last twelve quarters and are on no theme",
        format::count(themeless, "item is open", "items are open")
    );
    Ok(match quarter.filter(|_| items > 0) {
        Some(quarter) => format!(
            "{} of {} on the themes of {quarter} were delivered in it; {beside}.",
            format::integer(delivered),
            format::count(items, "item", "items")
        ),
        None => format!("No theme of the last whole quarter has an item; {beside}."),
    })
}

fn level(
    rows: &Rows,
    lists: &ThemeLists,
    (level, name): (&'static str, &str),
    caption: &str,
) -> Result<DataTable> {
    let mut found = Vec::new();
    for row in rows.indices() {
        if rows.text("level", row)? != Some(level) {
            continue;
        }
        let quarter = rows.owned_text("quarter", row)?;
        let subject = rows.text("subject", row)?.unwrap_or_default();
        let list = lists.address(&quarter, level, subject);
        found.push((quarter, cells(rows, row, list.as_deref())?));
    }
    found.sort_by(|(a, _), (b, _)| b.cmp(a));
    let mut columns = vec![name];
    columns.extend(MEASURES);
    let cells = found.into_iter().map(|(_, cells)| cells).collect();
    Ok(DataTable::new(caption, &columns, cells, MOST_THEMES))
}

/// The cells of a theme, a goal or a driver; its counts lead to the list of its items.
fn cells(rows: &Rows, row: usize, list: Option<&str>) -> Result<Vec<Cell>> {
    let subject = rows.text("subject", row)?;
    let name = rows.text("theme_name", row)?;
    let beside = match (name, rows.text("goal", row)?) {
        (Some(_), Some(goal)) => Some(goal.to_owned()),
        (Some(_), None) => subject.map(str::to_owned),
        (None, _) => None,
    };
    let partial = rows.boolean("is_partial", row)? == Some(true);
    let unpointed = rows.integer("unpointed_count", row)?.unwrap_or(0);
    let unvalued = rows.integer("unvalued_count", row)?.unwrap_or(0);
    let unpointed =
        (unpointed > 0).then(|| format!("({} unknown)", format::count(unpointed, "item", "items")));
    let unvalued =
        (unvalued > 0).then(|| format!("({} unknown)", format::count(unvalued, "item", "items")));
    let count = |column: &str| -> Result<Cell> {
        let cell = count_cell(rows, column, row)?;
        let is_some = cell.value.is_some_and(|count| count > 0.0);
        Ok(cell.within_if(list.filter(|_| is_some).map(str::to_owned)))
    };
    Ok(vec![
        Cell::maybe(name.or(subject)).noted(beside.as_deref()),
        text_cell(rows, "quarter", row)?.noted(partial.then_some("not over")),
        count("item_count")?,
        count("committed_count")?,
        count("delivered_count")?,
        count("late_count")?,
        number_cell(rows, "points", row)?.noted(unpointed.as_deref()),
        known_share(rows, "committed_points_share", row, "unpointed_count")?,
        known_share(rows, "delivered_points_share", row, "unpointed_count")?,
        match known_share(rows, "delivered_value_share", row, "unvalued_count")? {
            share if share.note.is_some() => share,
            share => share.noted(unvalued.as_deref()),
        },
        number_cell(rows, "actual_hours", row)?,
        share_cell(rows, "delivered_hours_share", row)?,
        share_cell(rows, "actual_share", row)?,
        share_cell(rows, "target_share", row)?,
    ])
}

/// How many items with a known part a share must rest on.
const FEWEST: i64 = 5;

/// Writes a share of the points or the value of a theme's items; of fewer than five
/// items that have some, how many these are instead.
fn known_share(rows: &Rows, column: &str, row: usize, unknown: &str) -> Result<Cell> {
    let all = rows.integer("item_count", row)?.unwrap_or(0);
    let known = all - rows.integer(unknown, row)?.unwrap_or(0);
    if (1..FEWEST).contains(&known) {
        let of = format!(
            "known of {} of {}",
            format::integer(known),
            format::count(all, "item", "items")
        );
        return Ok(Cell::maybe(None).noted(Some(&of)));
    }
    share_cell(rows, column, row)
}

/// Items on no theme, those that took most hours first.
fn unthemed(rows: &Rows, sources: &Sources<'_>) -> Result<DataTable> {
    let mut found = Vec::new();
    for row in rows.indices() {
        let delivered = rows.instant("delivered_at", row)?;
        let delivered = delivered.map(|at| format::instant(at, sources.zone));
        let state = match (rows.boolean("is_open", row)?, delivered) {
            (Some(true), _) => "open".to_owned(),
            (_, Some(at)) => format!("delivered {at}"),
            (_, None) => "closed".to_owned(),
        };
        let theme = rows.text("theme_id", row)?;
        let theme = theme.map(|theme| format!("{theme}, which no export has"));
        let hours = rows.number("hours", row)?;
        found.push((
            hours.unwrap_or(-1.0),
            vec![
                Cell::item(rows, row)?,
                text_cell(rows, "team", row)?,
                text_cell(rows, "item_type", row)?,
                Cell::text(theme.unwrap_or_else(|| "none".to_owned())),
                Cell::text(state),
                Cell::number(hours, format::number),
            ],
        ));
    }
    found.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    Ok(DataTable::new(
        "Items on no theme that are open or took work in the last twelve quarters, those with most hours first",
        &["Item", "Team", "Type", "Theme", "State", "#Hours"],
        found.into_iter().map(|(_, cells)| cells).collect(),
        MOST_ROWS,
    ))
}

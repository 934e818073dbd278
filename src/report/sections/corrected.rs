//! Open items whose estimates past items of their size correct.

use super::{MOST_ROWS, Section, SectionTable};
use crate::error::Result;
use crate::report::figures::Context;
use crate::report::figures::calibration::{factor_text, reason_text};
use crate::report::format;
use crate::report::page::{Cell, DataTable};

pub(super) fn section(context: &Context<'_>) -> Result<Section> {
    let items = context.marts.rows("corrected_estimates")?;
    let (mut given, mut corrected, mut count) = (0.0, 0.0, 0_usize);
    let mut rows = Vec::new();
    for row in items.indices() {
        let (hours, better) = (
            items.number("estimate_hours", row)?,
            items.number("corrected_hours", row)?,
        );
        if let (Some(hours), Some(better)) = (hours, better) {
            given += hours;
            corrected += better;
            count += 1;
        }
        let factor = items.number("factor", row)?;
        let offer = items.text("exclusion", row)?.map_or("yes", reason_text);
        let cells = vec![
            Cell::maybe(items.text("item_id", row)?).noted(items.text("title", row)?),
            Cell::maybe(items.text("team", row)?),
            Cell::maybe(items.text("size_band", row)?),
            Cell::number(hours, format::number),
            Cell::number(factor, factor_text),
            Cell::number(better, format::number),
            Cell::text(offer),
        ];
        rows.push((better.is_none(), cells));
    }
    rows.sort_by_key(|row| row.0);
    let rows: Vec<_> = rows.into_iter().map(|row| row.1).collect();
    let all = rows.len();
    let text = match context.marts.missing(&["items", "effort"]) {
        Some(missing) => missing,
        None if count == 0 => format!(
            "No correction is offered for any of {}.",
            format::count(all, "open item", "open items")
        ),
        None => format!(
            "A correction is offered for {} of {}: {} hours as estimated, {} as past items of their size suggest.",
            format::integer(count),
            format::count(all, "open item", "open items"),
            format::number(given),
            format::number(corrected),
        ),
    };
    Ok(Section {
        id: "corrected-estimates",
        title: "Estimates of open items, corrected",
        text,
        tables: vec![SectionTable::folded(
            "corrected-items",
            format!("The {}", format::count(all, "open item", "open items")),
            DataTable::new(
                "Open items, those with a correction first",
                &[
                    "Item",
                    "Team",
                    "Size",
                    "#Estimate, h",
                    "#Factor",
                    "#Corrected, h",
                    "Corrected",
                ],
                rows,
                MOST_ROWS,
            ),
        )],
        definitions: Vec::new(),
    })
}

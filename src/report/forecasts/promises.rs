//! When contract promises will be kept.

use super::{MOST_ROWS, chance};
use crate::error::Result;
use crate::report::figures::Context;
use crate::report::format;
use crate::report::page::{Cell, DataTable};
use crate::report::part::Part;

/// From this chance on a promise is named in the finding.
const LIKELY: f64 = 0.5;

pub(super) fn part(context: &Context<'_>) -> Result<Part> {
    let rows = context.marts.rows("commitment_forecasts")?;
    let (mut found, mut late, mut unknown) = (Vec::new(), 0, 0);
    for row in rows.indices() {
        let risk = rows.number("late_chance", row)?;
        match risk {
            Some(risk) if risk >= LIKELY => late += 1,
            Some(_) => {}
            None => unknown += 1,
        }
        let day = |column: &str| -> Result<Cell> {
            Ok(Cell::maybe(
                rows.date(column, row)?.map(format::date).as_deref(),
            ))
        };
        let release = rows.text("release_id", row)?;
        let address = release.and_then(|id| context.releases.get(id).cloned());
        let name = rows.text("release_name", row)?.or(release);
        found.push((
            risk,
            vec![
                Cell::maybe(rows.text("commitment_id", row)?).noted(rows.text("customer", row)?),
                Cell::maybe(rows.text("item_id", row)?),
                Cell::maybe(name).within_if(address),
                day("due_on")?,
                Cell::number(risk, chance),
                day("p50_on")?,
                day("p85_on")?,
                day("p95_on")?,
                Cell::maybe(rows.text("state_words", row)?),
            ],
        ));
    }
    found.sort_by(|a, b| b.0.unwrap_or(-1.0).total_cmp(&a.0.unwrap_or(-1.0)));
    let finding = match (context.marts.missing(&["commitments"]), rows.is_empty()) {
        (Some(missing), _) => missing,
        (None, true) => "No promise is open.".to_owned(),
        (None, false) => format!(
            "{} of {} will more likely be late than not; of {} nobody can say.",
            format::integer(late),
            format::count(rows.len(), "open promise", "open promises"),
            format::integer(unknown)
        ),
    };
    Ok(Part {
        id: "promises",
        title: "Contract promises",
        finding,
        about: "A promised item is out when its release is. The chance of being late is the share of trials in which the release is done after the due day.".to_owned(),
        figures: Vec::new(),
        tables: vec![DataTable::new(
            "Open promises, the most likely late first",
            &["Promise", "Item", "Release", "Due", "#Chance of being late", "50 % by", "85 % by", "95 % by", "Remark"],
            found.into_iter().map(|(_, cells)| cells).collect(),
            MOST_ROWS,
        )],
        definitions: Part::defined_by(&["commitment_forecasts", "commitment_dates"]),
    })
}

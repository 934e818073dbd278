//! Estimated against spent hours: team by team as a drawing, and by team, type and
//! size in numbers.

use super::{Context, MOST_ROWS, count_of, few, share_cell};
use crate::chart::{Dumbbell, DumbbellRow, Frame, Unit, dumbbell};
use crate::error::Result;
use crate::lake::Rows;
use crate::report::format;
use crate::report::page::{Cell, DataTable, Figure};

/// The tables without which there is nothing to draw.
const FED_BY: &[&str] = &["items", "effort"];

/// The dimensions in the order of the table, with the words before a level.
const DIMENSIONS: [(&str, &str); 4] = [
    ("all", ""),
    ("team", "Team "),
    ("item_type", "Type "),
    ("size_band", "Size "),
];

pub(super) fn figure(context: &Context<'_>) -> Result<Figure> {
    let summary = context.marts.rows("estimation_summary")?;
    let levels = levels(&summary)?;
    let overall = levels.iter().find(|level| level.dimension == 0);
    let count = overall.map_or(0, |level| level.count);
    let title = match overall.and_then(|level| level.error) {
        Some(error) if few(count).is_none() => format!(
            "Half of the estimates miss by more than {}",
            format::percent(error)
        ),
        Some(_) => format!("Too few items to judge estimates by: {count}"),
        None => "No finished item has both an estimate and recorded effort".to_owned(),
    };
    let title = context.title("Estimates", FED_BY, title);
    let subtitle = format!(
        "Median hours estimated when work began and spent by the end, per team; {}, {}",
        format::count(count, "finished item", "finished items"),
        context.period()
    );
    let missing = context.marts.missing(FED_BY);
    let frame = Frame::new("fig-estimation", &title, &subtitle).empty(
        missing
            .as_deref()
            .unwrap_or("No finished item has both an estimate and effort."),
    );
    let drawing = Dumbbell {
        rows: levels.iter().filter_map(Level::dumbbell_row).collect(),
        caption: "Median hours, estimated and spent".into(),
        unit: Unit::Hours,
    };
    Ok(Figure {
        id: "fig-estimation".into(),
        svg: dumbbell(&frame, &drawing),
        title,
        subtitle,
        how_to_read: "Each line joins a team's median estimate and the median of what was spent. Beside it, in the table, by team, type and size: the median error |actual − estimate| / actual (MdMRE), the share within 25% of the actual (PRED 25), the bias (mean of ln(actual / estimate); above 0 means under-estimated), and the share with both exactly equal, which are copied rather than measured. The mean error (MMRE) stands there for reference: one item can rule it.".into(),
        table: DataTable::new(
            "Estimates against effort, by team, type and size",
            &["Items", "#Delivered", "#With estimate and effort", "#Median estimate, h", "#Median actual, h", "#MdMRE", "#PRED 25", "#Bias", "#Exactly equal", "#MMRE"],
            levels.iter().map(|level| level.cells.clone()).collect(),
            MOST_ROWS,
        ),
    })
}

/// One row of the summary.
struct Level {
    /// Place of its dimension.
    dimension: usize,
    position: i64,
    name: String,
    count: u64,
    estimate: Option<f64>,
    actual: Option<f64>,
    error: Option<f64>,
    cells: Vec<Cell>,
}

impl Level {
    /// Teams alone are drawn.
    fn dumbbell_row(&self) -> Option<DumbbellRow> {
        if DIMENSIONS[self.dimension].0 != "team" {
            return None;
        }
        Some(DumbbellRow {
            name: self.name.clone(),
            planned: self.estimate?,
            actual: self.actual?,
            change: String::new(),
            note: Some(format!("n = {}", self.count)),
            href: None,
        })
    }
}

/// Reads the levels, dimension by dimension, sizes from small to large.
fn levels(summary: &Rows) -> Result<Vec<Level>> {
    let mut levels = Vec::new();
    for row in summary.indices() {
        let dimension = summary.text("dimension", row)?.unwrap_or_default();
        let place = DIMENSIONS.iter().position(|(name, _)| *name == dimension);
        let Some(place) = place else { continue };
        levels.push(level(summary, row, place)?);
    }
    levels.sort_by(|a, b| {
        let by_place = (a.dimension, a.position).cmp(&(b.dimension, b.position));
        by_place.then_with(|| a.name.cmp(&b.name))
    });
    Ok(levels)
}

fn level(summary: &Rows, row: usize, dimension: usize) -> Result<Level> {
    let name = summary.text("level", row)?.unwrap_or_default();
    let number = |column| summary.number(column, row);
    let count = count_of(summary, "item_count", row)?;
    let shown = match DIMENSIONS[dimension] {
        ("all", _) => "All".to_owned(),
        (_, words) => format!("{words}{name}"),
    };
    let share = |column| -> Result<Cell> { Ok(share_cell(count_of(summary, column, row)?, count)) };
    let cells = vec![
        Cell::text(shown).noted(few(count)),
        Cell::integer(count_of(summary, "delivered_count", row)?),
        Cell::integer(count),
        Cell::number(number("estimate_hours")?, format::number),
        Cell::number(number("actual_hours")?, format::number),
        Cell::number(number("mdmre")?, format::percent),
        share("within_25_count")?,
        Cell::number(number("bias")?, format::signed_ratio),
        share("exact_count")?,
        Cell::number(number("mmre")?, format::percent),
    ];
    Ok(Level {
        dimension,
        position: summary.integer("level_position", row)?.unwrap_or(0),
        name: name.to_owned(),
        count,
        estimate: number("estimate_hours")?,
        actual: number("actual_hours")?,
        error: number("mdmre")?,
        cells,
    })
}

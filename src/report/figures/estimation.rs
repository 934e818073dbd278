//! Estimated against spent hours: the bias team by team as a drawing, and all figures
//! by team, type and size in numbers.

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
    let title = match (overall, overall.and_then(|level| level.error)) {
        (Some(level), Some(error)) if few(count).is_none() => format!(
            "Half of the estimates miss by more than {}{}",
            format::percent(error),
            level.without_copies()
        ),
        (_, Some(_)) => format!("Too few items to judge estimates by: {count}"),
        _ => "No finished item has both an estimate and recorded effort".to_owned(),
    };
    let title = context.title("Estimates", FED_BY, title);
    let subtitle = format!(
        "Hours spent for one estimated when work began, per team: the median, without estimates that were copied from the effort; {}, {}",
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
        caption: "Actual as a share of the estimate; the ring is the estimate".into(),
        unit: Unit::Percent,
    };
    Ok(Figure {
        id: "fig-estimation".into(),
        svg: dumbbell(&frame, &drawing),
        title,
        subtitle,
        how_to_read: "A dot is what the middle one of a team's items took for what it was estimated at; right of the ring, estimates were too low. Items of which both are exactly equal were copied and measure nothing: n is without them, and teams with fewer than 5 left are in the table alone. There, by team, type and size: the median error |actual − estimate| / actual (MdMRE), the share within 25% of the actual (PRED 25), the bias (mean of ln(actual / estimate); above 0 means under-estimated), and the share with both exactly equal, which are copied rather than measured; the median error without them stands beside. The mean error (MMRE) stands there for reference: one item can rule it.".into(),
        table: DataTable::new(
            "Estimates against effort, by team, type and size",
            &["Items", "#Delivered", "#With estimate and effort", "#MdMRE", "#MdMRE without equal", "#PRED 25", "#Bias", "#Exactly equal", "#MMRE"],
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
    error: Option<f64>,
    /// The error without the exact ones.
    measured_error: Option<f64>,
    exact: u64,
    /// The median of ln(actual / estimate) without the exact ones.
    log_ratio: Option<f64>,
    cells: Vec<Cell>,
}

impl Level {
    /// Says how many estimates are copied, and what the error is without them.
    fn without_copies(&self) -> String {
        if self.exact == 0 {
            return String::new();
        }
        #[allow(clippy::cast_precision_loss, reason = "item counts are far below 2^52")]
        let share = self.exact as f64 / self.count as f64;
        let rest = self.measured_error.map_or_else(String::new, |error| {
            format!(", without them {}", format::percent(error))
        });
        format!("; {} are copied{rest}", format::percent(share))
    }

    /// Teams alone are drawn, and of these such as have items enough.
    fn dumbbell_row(&self) -> Option<DumbbellRow> {
        let measured = self.count - self.exact.min(self.count);
        if DIMENSIONS[self.dimension].0 != "team" || few(measured).is_some() {
            return None;
        }
        Some(DumbbellRow {
            name: self.name.clone(),
            planned: 1.0,
            actual: self.log_ratio?.exp(),
            change: String::new(),
            note: Some(format!("n = {measured}")),
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
        Cell::number(number("mdmre")?, format::percent),
        Cell::number(number("mdmre_measured")?, format::percent),
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
        error: number("mdmre")?,
        measured_error: number("mdmre_measured")?,
        exact: count_of(summary, "exact_count", row)?,
        log_ratio: number("log_ratio_median")?,
        cells,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(count: u64, exact: u64, log_ratio: f64) -> Level {
        Level {
            dimension: 1,
            position: 0,
            name: "Tracking".to_owned(),
            count,
            error: Some(0.27),
            measured_error: Some(1.0 / 3.0),
            exact,
            log_ratio: Some(log_ratio),
            cells: Vec::new(),
        }
    }

    #[test]
    fn copied_estimates_are_said_with_the_error_without_them() {
        // 18 of 115 are 15.65 %.
        assert_eq!(
            level(115, 18, 0.1).without_copies(),
            "; 16% are copied, without them 33%"
        );
        assert_eq!(level(115, 0, 0.1).without_copies(), "");
    }

    #[test]
    fn a_team_is_drawn_by_its_median_and_only_with_measured_items_enough() {
        // exp(0.5576) = 1.7465: three quarters more than estimated.
        let row = level(7, 0, 0.557_6).dumbbell_row().expect("7 are enough");
        assert!((row.actual / row.planned - 1.746_5).abs() < 1e-3);
        assert!(level(4, 0, 0.557_6).dumbbell_row().is_none());
        // Of seven, three were copied.
        assert!(level(7, 3, 0.557_6).dumbbell_row().is_none());
    }
}

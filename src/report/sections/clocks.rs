//! The clocks of delivered items side by side, and what open items add to them.

use super::{MOST_ROWS, Section, SectionTable};
use crate::error::Result;
use crate::lake::Rows;
use crate::report::figures::Context;
use crate::report::figures::survival::quantile_cells;
use crate::report::format;
use crate::report::page::{Cell, DataTable};
use crate::statistics::{Observation, SurvivalCurve, kaplan_meier, quantiles};

/// The clocks: name, column of `cycle_time`, what it counts.
const CLOCKS: [(&str, &str, &str); 6] = [
    ("Elapsed", "elapsed_days", "from commitment to delivery"),
    ("Working", "working_days", "the same in working days"),
    ("Active", "active_days", "in active stages, not blocked"),
    (
        "Blocked",
        "blocked_days",
        "blocked, or waiting on a dependency",
    ),
    ("Approval", "approval_days", "waiting for an approval"),
    ("Rework", "rework_days", "since the first step back"),
];

/// The quantiles of both tables.
const SHARES: [f64; 3] = [0.5, 0.85, 0.95];

pub(super) fn section(context: &Context<'_>) -> Result<Section> {
    let items = context.marts.rows("cycle_time")?;
    let clocks = CLOCKS.iter().map(|clock| clock_row(context, &items, clock));
    let clocks = clocks.collect::<Result<Vec<_>>>()?;
    let curve = curve(&items)?;
    let median = curve.as_ref().and_then(SurvivalCurve::median);
    let text = match (context.marts.missing(&["items"]), &curve) {
        (Some(missing), _) => missing,
        (None, None) => "No item has been committed to.".to_owned(),
        (None, Some(curve)) => format!(
            "Quantiles of delivered items leave out what is not delivered yet. With {} counted as still running, half of all {} ever committed to take {}.",
            format::count(curve.count - curve.ended, "open item", "open items"),
            format::count(curve.count, "item", "items"),
            median.map_or_else(
                || "longer than anything seen so far (n/a)".to_owned(),
                |days| format!("at most {}", format::days(days))
            )
        ),
    };
    let survival = SHARES.iter().filter_map(|share| {
        let curve = curve.as_ref()?;
        let mut cells = vec![
            Cell::text(format!("{} of items within", format::percent(*share))),
            Cell::integer(curve.count),
            Cell::integer(curve.ended),
        ];
        cells.extend(quantile_cells(curve, *share));
        Some(cells)
    });
    Ok(Section {
        id: "clocks",
        title: "The clocks side by side",
        text,
        tables: vec![
            SectionTable::open(
                "clocks-plain",
                DataTable::new(
                    format!(
                        "Days of the items delivered {}; the clocks overlap and do not add up",
                        context.period()
                    ),
                    &[
                        "Clock",
                        "What it counts",
                        "#Items",
                        "#Median",
                        "#85%",
                        "#95%",
                    ],
                    clocks,
                    MOST_ROWS,
                ),
            ),
            SectionTable::open(
                "clocks-survival",
                DataTable::new(
                    "Elapsed days of all items ever committed to, open ones as still running (Kaplan–Meier, 95% intervals)",
                    &["Elapsed", "#Items", "#Delivered", "#Days", "#From", "#To"],
                    survival.collect(),
                    MOST_ROWS,
                ),
            ),
        ],
        definitions: Vec::new(),
    })
}

/// One clock over the items delivered in the weeks of the series.
fn clock_row(
    context: &Context<'_>,
    items: &Rows,
    (name, column, meaning): &(&str, &str, &str),
) -> Result<Vec<Cell>> {
    let mut days = Vec::new();
    for row in items.indices() {
        let at = items.instant("delivered_at", row)?;
        let is_within = at.is_some_and(|at| context.is_within(context.local(at).date()));
        if is_within && items.text("exclusion", row)?.is_none() {
            days.extend(items.number(column, row)?);
        }
    }
    let found = quantiles(&days, SHARES);
    let quantile = |place: usize| Cell::number(found.map(|all| all[place]), format::number);
    Ok(vec![
        Cell::text(*name).noted((days.len() < 5).then_some("fewer than 5")),
        Cell::text(*meaning),
        Cell::integer(days.len()),
        quantile(0),
        quantile(1),
        quantile(2),
    ])
}

/// The survival curve of every item ever committed to.
pub(in crate::report) fn curve(items: &Rows) -> Result<Option<SurvivalCurve>> {
    let mut seen = Vec::new();
    for row in items.indices() {
        if let (None, Some(duration)) = (
            items.text("exclusion", row)?,
            items.number("elapsed_days", row)?,
        ) {
            let is_ended = items.boolean("is_delivered", row)?.unwrap_or(false);
            seen.push(Observation { duration, is_ended });
        }
    }
    Ok(kaplan_meier(&seen))
}

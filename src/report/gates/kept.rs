//! How gates were kept: by quarter, by team, by gate.

use std::collections::BTreeMap;

use super::overview::MOST_ROWS;
use crate::chart::{
    Frame, PartTone, SharePart, ShareRow, ShareScale, StackedShares, stacked_shares,
};
use crate::error::Result;
use crate::lake::Rows;
use crate::report::format;
use crate::report::marts::Marts;
use crate::report::page::{Cell, DataTable, Figure};
use crate::report::quarter::Quarter;
use crate::statistics::wilson;

/// Below how many a share is no figure.
const FEWEST: u64 = 5;

/// The parts of a bar: name and column.
const PARTS: [(&str, &str); 4] = [
    ("passed", "pass_count"),
    ("waived", "waived_count"),
    ("unknown", "unknown_count"),
    ("failed", "fail_count"),
];

/// The counts of one row, in the order of the parts.
fn counts(rows: &Rows, row: usize) -> Result<[u64; 4]> {
    let mut counts = [0; 4];
    for (count, (_, column)) in counts.iter_mut().zip(PARTS) {
        *count = rows.integer(column, row)?.unwrap_or(0).unsigned_abs();
    }
    Ok(counts)
}

/// The share that passed, with its interval where it rests on enough.
fn passed_cell(counts: [u64; 4]) -> Cell {
    let all: u64 = counts.iter().sum();
    let Some(rate) = wilson(counts[0], all) else {
        return Cell::maybe(None);
    };
    if all < FEWEST {
        return Cell::maybe(None).noted(Some("fewer than 5"));
    }
    let interval = format!(
        "{}–{}",
        format::percent(rate.interval.lower),
        format::percent(rate.interval.upper)
    );
    Cell::number(Some(rate.share), format::percent).noted(Some(&interval))
}

/// The quarter of what nobody can date.
const UNDATED: &str = "(not dated)";

/// How the gates were kept by quarter; `present` is the quarter that goes on, which is
/// drawn pale and never stands for how gates are kept.
pub(super) fn history(mart: &Rows, present: &Quarter) -> Result<Figure> {
    let mut bars = Vec::new();
    let mut rows = Vec::new();
    let mut last = None;
    for row in mart.indices() {
        if mart.boolean("is_total", row)? != Some(true) {
            continue;
        }
        let quarter = mart.owned_text("quarter", row)?;
        let counts = counts(mart, row)?;
        let all: u64 = counts.iter().sum();
        #[allow(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
        let values = counts.iter().map(|count| Some(*count as f64)).collect();
        let is_partial = quarter == present.name;
        let checks = format::count(all, "check", "checks");
        if quarter != UNDATED {
            bars.push(ShareRow {
                name: quarter.clone(),
                values,
                words: match is_partial {
                    true => format!("{checks} so far"),
                    false => checks,
                },
                is_pale: is_partial || all < FEWEST,
                href: None,
            });
        }
        let name = Cell::text(&quarter).noted(is_partial.then_some("so far"));
        let mut cells = vec![name, Cell::integer(all)];
        cells.extend(counts.map(Cell::integer));
        cells.push(passed_cell(counts));
        rows.push(cells);
        if quarter != UNDATED && !is_partial {
            last = Some((quarter, counts[0], all));
        }
    }
    let title = match &last {
        None => "No gate has come due in a whole quarter".to_owned(),
        Some((quarter, passed, all)) => format!(
            "{} of {} passed in {quarter}, the last whole quarter",
            format::integer(*passed),
            format::count(*all, "check", "checks")
        ),
    };
    let subtitle =
        "Everything that gates looked at, by the local quarter in which its moment fell, or its release shipped; the quarter that goes on is pale".to_owned();
    let frame =
        Frame::new("fig-gate-history", &title, &subtitle).empty("No gate has come due yet.");
    let part = |(name, _): (&str, &str)| SharePart {
        name: name.to_owned(),
        tone: match name {
            "passed" => PartTone::Active,
            "failed" => PartTone::Waiting,
            "waived" => PartTone::Approval,
            "unknown" => PartTone::Unknown,
            _ => PartTone::Shade,
        },
    };
    let drawing = StackedShares {
        parts: PARTS.map(part).to_vec(),
        rows: bars,
        scale: ShareScale::OfRow,
        caption: "Share of what was looked at".into(),
    };
    rows.reverse();
    Ok(Figure {
        id: "fig-gate-history".into(),
        svg: stacked_shares(&frame, &drawing),
        title,
        subtitle,
        how_to_read: "A bar is one quarter; every check weighs the same, so a gate with many items weighs more than one with few. A change between quarters may come from more gates being fed as well as from better conduct: the table of gates tells them apart. What nobody can date is in the numbers only.".into(),
        table: DataTable::new(
            "What the gates found, by quarter, the latest first",
            &["Quarter", "#Checks", "#Passed", "#Waived", "#Unknown", "#Failed", "#Share passed"],
            rows,
            MOST_ROWS,
        ),
    })
}

pub(super) fn team_table(mart: &Rows) -> Result<DataTable> {
    let mut rows = Vec::new();
    for row in mart.indices() {
        if mart.boolean("is_total", row)? != Some(true) {
            continue;
        }
        let counts = counts(mart, row)?;
        let mut cells = vec![
            Cell::text(mart.text("team", row)?.unwrap_or_default()),
            Cell::integer(counts.iter().sum::<u64>()),
        ];
        cells.extend(counts.map(Cell::integer));
        cells.push(passed_cell(counts));
        rows.push(cells);
    }
    Ok(DataTable::new(
        "What the gates found, by team, in the last twelve quarters and since",
        &[
            "Team",
            "#Checks",
            "#Passed",
            "#Waived",
            "#Unknown",
            "#Failed",
            "#Share passed",
        ],
        rows,
        MOST_ROWS,
    ))
}

/// Every gate with what it is, how it was kept, and what it lacks.
pub(super) fn gate_table(marts: &Marts) -> Result<DataTable> {
    let teams = marts.rows("gate_teams")?;
    let mut kept: BTreeMap<String, ([u64; 4], i64)> = BTreeMap::new();
    for row in teams.indices() {
        let gate = teams.owned_text("gate", row)?;
        let (sum, undated) = kept.entry(gate).or_default();
        for (sum, count) in sum.iter_mut().zip(counts(&teams, row)?) {
            *sum += count;
        }
        *undated += teams.integer("undated_count", row)?.unwrap_or(0);
    }
    let gates = marts.settings("gates")?;
    let mut rows = Vec::new();
    for row in gates.indices() {
        let text = |column: &str| gates.owned_text(column, row);
        let name: String = text("gate")?;
        let (counts, undated) = kept.get(&name).copied().unwrap_or_default();
        let undated = (undated > 0).then(|| format!("{} not dated", format::integer(undated)));
        let state = match (
            gates.boolean("is_on", row)?,
            gates.text("missing_words", row)?,
        ) {
            (Some(false), _) => "off".to_owned(),
            (_, Some(missing)) => missing.to_owned(),
            (_, None) => "on".to_owned(),
        };
        let limits: String = text("limit_words")?;
        let mut cells = vec![
            Cell::text(text("title")?)
                .within(&format!("definitions/{name}.html"))
                .noted(Some(&text("about")?)),
            Cell::text(state),
            Cell::text(text("guards")?),
            Cell::maybe((!limits.is_empty()).then_some(limits.as_str())),
            Cell::integer(counts.iter().sum::<u64>()).noted(undated.as_deref()),
        ];
        cells.extend(counts.map(Cell::integer));
        rows.push(cells);
    }
    Ok(DataTable::new(
        "Every gate, its limits, and what it found in the last twelve quarters and since",
        &[
            "Gate", "State", "Guards", "Limits", "#Checks", "#Passed", "#Waived", "#Unknown",
            "#Failed",
        ],
        rows,
        usize::MAX,
    ))
}

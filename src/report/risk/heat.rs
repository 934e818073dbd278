//! The heat map: how many risks that are not closed have which likelihood and impact.

use serde::Serialize;

use crate::error::Result;
use crate::lake::Rows;
use crate::report::format;

/// The row of the mart that counts every risk once.
const ALL: &str = "(all releases)";

/// The highest likelihood and impact.
const MOST: i64 = 5;

/// The map, the likeliest row first.
#[derive(Debug, Serialize)]
pub(super) struct HeatMap {
    rows: Vec<HeatRow>,
    /// How many risks say nothing of their likelihood or impact; `None` for none.
    unknown: Option<String>,
}

#[derive(Debug, Serialize)]
struct HeatRow {
    likelihood: i64,
    cells: Vec<HeatCell>,
}

#[derive(Debug, Serialize)]
struct HeatCell {
    /// The style's class, by the score.
    class: &'static str,
    /// How many; empty where there is none.
    count: String,
    /// How many of these are open without mitigation; `None` for none.
    unmitigated: Option<String>,
}

/// Builds the map from the mart `risk_heat_map`.
pub(super) fn build(mart: &Rows) -> Result<HeatMap> {
    let mut living = [[(0, 0); 5]; 5];
    let mut unknown = 0;
    for row in mart.indices() {
        if mart.text("release_id", row)? != Some(ALL) {
            continue;
        }
        let count = |column| -> Result<i64> { Ok(mart.integer(column, row)?.unwrap_or(0)) };
        let risks = count("risk_count")? - count("closed_count")?;
        let place = |column| -> Result<Option<usize>> {
            let level = mart.integer(column, row)?;
            let level = level.filter(|level| (1..=MOST).contains(level));
            Ok(level.and_then(|level| usize::try_from(level - 1).ok()))
        };
        match (place("likelihood")?, place("impact")?) {
            (Some(likelihood), Some(impact)) => {
                living[likelihood][impact] = (risks, count("unmitigated_count")?);
            }
            _ => unknown += risks,
        }
    }
    let rows = (1..=MOST).rev().zip(living.iter().rev());
    let rows = rows.map(|(likelihood, cells)| HeatRow {
        likelihood,
        cells: (1..=MOST)
            .zip(cells)
            .map(|(impact, (risks, bare))| cell(likelihood * impact, *risks, *bare))
            .collect(),
    });
    Ok(HeatMap {
        rows: rows.collect(),
        unknown: (unknown > 0).then(|| {
            let risks = format::count(unknown, "risk says", "risks say");
            format!("{risks} nothing of likelihood or impact, and stand in no cell.")
        }),
    })
}

fn cell(score: i64, risks: i64, bare: i64) -> HeatCell {
    HeatCell {
        class: match score {
            ..=3 => "h0",
            4..=7 => "h1",
            8..=14 => "h2",
            _ => "h3",
        },
        count: match risks {
            0 => String::new(),
            risks => format::integer(risks),
        },
        unmitigated: (bare > 0).then(|| format!("{} bare", format::integer(bare))),
    }
}

/// Returns a map of placeholders.
pub(super) fn specimen(is_full: bool) -> HeatMap {
    HeatMap {
        rows: vec![HeatRow {
            likelihood: 5,
            cells: vec![cell(25, 1, i64::from(is_full))],
        }],
        unknown: is_full.then(|| "specimen".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_shaded_by_their_score_and_empty_ones_say_nothing() {
        let found = cell(25, 2, 1);
        assert_eq!((found.class, found.count.as_str()), ("h3", "2"));
        assert_eq!(found.unmitigated.as_deref(), Some("1 bare"));
        let found = cell(3, 0, 0);
        assert_eq!((found.class, found.count.as_str()), ("h0", ""));
        assert_eq!(found.unmitigated, None);
    }
}

//! Pain by pattern, as bars: what incidents weigh and what reports weigh.

use super::lists::Behind;
use super::model::Patterns;
use crate::chart::{
    Frame, PartTone, SharePart, ShareRow, ShareScale, StackedShares, Unit, stacked_shares,
};
use crate::error::Result;
use crate::report::format;
use crate::report::page::{Cell, DataTable, Figure};

/// How many patterns are drawn; the table of the page has all.
const MOST_BARS: usize = 15;

/// How many characters of a pattern's words name its bar.
const MOST_NAME: usize = 34;

/// Draws the most painful patterns; `None` where there are none.
pub(super) fn pain(patterns: &Patterns, behind: &Behind) -> Result<Option<Figure>> {
    let drawn = &patterns.all[..patterns.all.len().min(MOST_BARS)];
    if drawn.is_empty() {
        return Ok(None);
    }
    let (mut rows, mut cells) = (Vec::new(), Vec::new());
    for pattern in drawn {
        let (mut incidents, mut others) = (0, 0);
        for row in &pattern.members {
            let pain = patterns
                .reports
                .integer("pain_thousandth", *row)?
                .unwrap_or(0);
            match patterns.reports.text("report_kind", *row)? {
                Some("incident") => incidents += pain,
                _ => others += pain,
            }
        }
        let values = [incidents, others].map(hours);
        cells.push(vec![
            Cell::text(&pattern.label).within(&format!("#{}", pattern.anchor())),
            Cell::number(Some(values[0]), format::number),
            Cell::number(Some(values[1]), format::number),
            Cell::number(Some(pattern.pain), format::number),
        ]);
        rows.push(ShareRow {
            name: format!(
                "{}. {}",
                format::integer(pattern.rank),
                format::shorten(&pattern.label, MOST_NAME)
            ),
            values: values.map(Some).to_vec(),
            words: format!(
                "{} of {}",
                format::number(pattern.pain),
                format::count(pattern.reports, "report", "reports")
            ),
            is_pale: false,
            href: behind.of(&pattern.id),
        });
    }
    let share = share_of(patterns, drawn.len());
    let title = match patterns.all.len() > drawn.len() {
        true => format!(
            "The {} most painful patterns have {} of all the pain",
            format::integer(drawn.len()),
            format::percent(share)
        ),
        false => "How painful each pattern is".to_owned(),
    };
    let subtitle = "Weighed hours by pattern; the same formula as in the table".to_owned();
    let part = |name: &str, tone| SharePart {
        name: name.to_owned(),
        tone,
    };
    let drawing = StackedShares {
        parts: vec![
            part("incidents", PartTone::Waiting),
            part("other reports", PartTone::Active),
        ],
        rows,
        scale: ShareScale::Shared(Unit::Hours),
        caption: "Pain in weighed hours".to_owned(),
    };
    let frame = Frame::new("fig-pain", &title, &subtitle);
    Ok(Some(Figure {
        id: "fig-pain".to_owned(),
        svg: stacked_shares(&frame, &drawing),
        title,
        subtitle,
        how_to_read: "A bar is the pain of one pattern: orange what its incidents weigh, blue what problems, user reports and feedback weigh. A long bar is where one answer would spare the most; it says nothing about what the answer costs.".to_owned(),
        table: DataTable::new(
            "Pain by pattern, weighed hours",
            &["Pattern", "#Incidents", "#Other reports", "#All"],
            cells,
            MOST_BARS,
        ),
    }))
}

/// Returns what share of all pain the first patterns have.
fn share_of(patterns: &Patterns, first: usize) -> f64 {
    let sum = |count: usize| -> f64 {
        let pains = patterns.all.iter().take(count).map(|pattern| pattern.pain);
        pains.sum()
    };
    let all = sum(patterns.all.len());
    if all > 0.0 { sum(first) / all } else { 0.0 }
}

#[allow(
    clippy::cast_precision_loss,
    reason = "pain is far below 2^52 thousandths"
)]
fn hours(thousandths: i64) -> f64 {
    thousandths as f64 / 1_000.0
}

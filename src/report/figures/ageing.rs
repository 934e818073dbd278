//! Committed items by stage and age, over the pace of finished ones.

use super::{Context, MOST_ROWS};
use crate::chart::{Ageing, AgeingItem, AgeingStage, Frame, PaceBands, ageing};
use crate::config::StageKind;
use crate::error::Result;
use crate::lake::Rows;
use crate::report::format;
use crate::report::page::{Cell, DataTable, Figure, outside_address};

/// How many items without a log are named.
const MOST_NAMED: usize = 3;

/// The tables without which there is nothing to draw.
const FED_BY: &[&str] = &["items"];

pub(super) fn figure(context: &Context<'_>) -> Result<Figure> {
    let aging = context.marts.rows("aging")?;
    let bands = context.marts.rows("aging_bands")?;
    let stages = committed_stages(context, &aging)?
        .into_iter()
        .map(|name| stage(name, &aging, &bands))
        .collect::<Result<Vec<_>>>()?;
    let items: usize = stages.iter().map(|stage| stage.items.len()).sum();
    let past = stages
        .iter()
        .flat_map(|s| &s.items)
        .filter(|item| item.is_past_p85);
    let title = match (items, past.count()) {
        (0, _) => "No committed item is open".to_owned(),
        (_, 0) => "No open item is older than 85% of past work at the same stage".to_owned(),
        (_, past) => format!(
            "{} older than 85% of past work at the same stage",
            format::count(past, "item is", "items are")
        ),
    };
    let day = format::date(context.local(context.marts.as_of).date());
    let title = context.title("Items in progress", FED_BY, title);
    let subtitle = format!(
        "Days since commitment of {} in progress, by stage, at the as-of ({day}). Shading: 50th, 85th and 95th percentile of finished items when they left the stage{}",
        format::count(items, "item", "items"),
        without_pace(&aging, &bands)?
    );
    let rows = table_rows(&stages, &bands)?;
    let empty = context.marts.missing(FED_BY);
    let frame = Frame::new("fig-ageing", &title, &subtitle)
        .sized(760, 370)
        .empty(empty.as_deref().unwrap_or("No committed item is open."));
    Ok(Figure {
        id: "fig-ageing".into(),
        svg: ageing(&frame, &Ageing { stages, caption: "Age in days since commitment".into() }),
        title,
        subtitle,
        how_to_read: "A dot is an open item in the stage where it stands now. A diamond lies above the 85th percentile: only 15 of 100 finished items were older when they left this stage. Stages with few finished items have no shading, and neither has a stage before the commitment: who left it was timed since creation, who was sent back to it is timed since commitment, and the two do not compare. The weekly count of items past their pace leaves out what has no pace, and what nobody knows since when it is in its stage.".into(),
        table: DataTable::new(
            "Open committed items by stage, with the pace of finished ones",
            &["Stage", "#Open items", "#Past 85%", "#Finished items", "#50%, days", "#85%, days", "#95%, days"],
            rows,
            MOST_ROWS,
        ),
    })
}

/// Says which of the items have no pace to compare with, and of which nobody knows
/// since when they are where they are.
fn without_pace(aging: &Rows, bands: &Rows) -> Result<String> {
    let (mut sent_back, mut undated) = (0, Vec::new());
    for row in aging.indices() {
        if !aging.boolean("is_committed", row)?.unwrap_or(false) {
            continue;
        }
        let stage = aging.text("stage", row)?.unwrap_or_default();
        let band = band_row(stage, bands)?;
        let clock = match band {
            Some(band) => bands.text("pace_clock", band)?,
            None => None,
        };
        sent_back += usize::from(clock == Some("creation"));
        if aging.instant("stage_entered_at", row)?.is_none() {
            undated.push(aging.text("item_id", row)?.unwrap_or_default());
        }
    }
    let mut text = String::new();
    if sent_back > 0 {
        text += &format!(
            ". {} sent back to before the commitment: no history to compare",
            format::count(sent_back, "item was", "items were")
        );
    }
    if !undated.is_empty() {
        let named: Vec<&str> = undated.iter().take(MOST_NAMED).copied().collect();
        let rest = undated.len() - named.len();
        let more = if rest > 0 {
            format!(" and {rest} more")
        } else {
            String::new()
        };
        text += &format!(
            ". {} without a log of the stage ({}{more}), so in no figure of a week",
            format::count(undated.len(), "item is", "items are"),
            named.join(", ")
        );
    }
    Ok(text)
}

/// The stages in which committed items can stand, in order: those from the
/// commitment on that are not done, and any other to which one was sent back.
fn committed_stages(context: &Context<'_>, aging: &Rows) -> Result<Vec<String>> {
    let mut sent_back: Vec<&str> = Vec::new();
    for row in aging.indices() {
        if aging.boolean("is_committed", row)?.unwrap_or(false) {
            sent_back.extend(aging.text("stage", row)?);
        }
    }
    let workflow = &context.config.workflow;
    let start = workflow.iter().position(|stage| stage.is_commitment);
    let open = workflow.iter().enumerate().filter(|(place, stage)| {
        let is_ahead = start.is_some_and(|start| *place >= start);
        let is_open = !matches!(stage.kind, StageKind::Done | StageKind::Backlog);
        (is_ahead && is_open) || sent_back.contains(&stage.name.as_str())
    });
    Ok(open.map(|(_, stage)| stage.name.clone()).collect())
}

fn stage(name: String, aging: &Rows, bands: &Rows) -> Result<AgeingStage> {
    let mut items = Vec::new();
    for row in aging.indices() {
        let is_committed = aging.boolean("is_committed", row)?.unwrap_or(false);
        if !is_committed || aging.text("stage", row)? != Some(&name) {
            continue;
        }
        let Some(days) = aging.number("pace_days", row)? else {
            continue;
        };
        let id = aging.owned_text("item_id", row)?;
        let title = aging.text("title", row)?.unwrap_or_default();
        items.push(AgeingItem {
            tip: format!(
                "{id} {title}\n{} since commitment, in {name}",
                format::age(days)
            ),
            id,
            days,
            is_past_p85: aging.boolean("is_past_p85", row)?.unwrap_or(false),
            href: aging.text("source_url", row)?.and_then(outside_address),
        });
    }
    Ok(AgeingStage {
        bands: pace_bands(&name, bands)?,
        name,
        items,
    })
}

fn band_row(name: &str, bands: &Rows) -> Result<Option<usize>> {
    for row in bands.indices() {
        if bands.text("stage", row)? == Some(name) {
            return Ok(Some(row));
        }
    }
    Ok(None)
}

fn pace_bands(name: &str, bands: &Rows) -> Result<Option<PaceBands>> {
    let Some(row) = band_row(name, bands)? else {
        return Ok(None);
    };
    // Days since creation are no pace for days since commitment.
    if bands.text("pace_clock", row)? != Some("commitment") {
        return Ok(None);
    }
    let quantile = |column| bands.number(column, row);
    let (p50, p85, p95) = (
        quantile("p50_days")?,
        quantile("p85_days")?,
        quantile("p95_days")?,
    );
    Ok(match (p50, p85, p95) {
        (Some(p50), Some(p85), Some(p95)) => Some(PaceBands { p50, p85, p95 }),
        _ => None,
    })
}

fn table_rows(stages: &[AgeingStage], bands: &Rows) -> Result<Vec<Vec<Cell>>> {
    let row = |stage: &AgeingStage| {
        let finished = match band_row(&stage.name, bands)? {
            Some(row) if bands.text("pace_clock", row)? != Some("creation") => {
                Cell::integer(bands.integer("finished_count", row)?.unwrap_or(0))
            }
            _ => Cell::maybe(None).noted(Some("not timed since commitment")),
        };
        let quantile = |get: fn(&PaceBands) -> f64| {
            Cell::number(stage.bands.as_ref().map(get), format::number)
        };
        Ok(vec![
            Cell::text(&stage.name),
            Cell::integer(stage.items.len()),
            Cell::integer(stage.items.iter().filter(|item| item.is_past_p85).count()),
            finished,
            quantile(|b| b.p50),
            quantile(|b| b.p85),
            quantile(|b| b.p95),
        ])
    };
    stages.iter().map(row).collect()
}

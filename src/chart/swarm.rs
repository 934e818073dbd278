//! Where the marks of an ageing column stand, so that none hides another, and
//! which of them are named.

use super::ageing::{AgeingItem, AgeingStage};
use super::label::{Align, Label, SMALL_SIZE};
use super::panel::Panel;
use super::text::clean_line;
use super::token::Token;

/// Distance of two marks of one column, in pixels.
const MARK_PITCH: f64 = 9.5;
/// Distance of an id from the middle of the mark beside it.
const MARK_GAP: f64 = 8.0;
/// Ids written beside marks, per stage.
const LABELS_PER_STAGE: usize = 2;

/// One item with its place: the column's centre moved by whole lanes.
pub(super) struct Placed<'a> {
    /// The item.
    pub(super) item: &'a AgeingItem,
    /// Its place on the canvas.
    pub(super) x: f64,
    /// Its place on the canvas.
    pub(super) y: f64,
}

/// Gives each item the lane nearest the column's centre that is free at its
/// height, the oldest first.
pub(super) fn place_items<'a>(
    panel: &Panel<'_>,
    index: usize,
    stage: &'a AgeingStage,
    hidden: &mut usize,
) -> Vec<Placed<'a>> {
    let (left, _) = panel.place(index as f64, 0.0);
    let (right, _) = panel.place(index as f64 + 1.0, 0.0);
    let center = (left + right) / 2.0;
    let lanes_per_side = ((right - left) / 2.0 / MARK_PITCH - 0.8).max(0.0) as usize;
    let mut items: Vec<&AgeingItem> = stage.items.iter().collect();
    items.retain(|item| item.days.is_finite());
    items.sort_by(|a, b| b.days.total_cmp(&a.days).then_with(|| a.id.cmp(&b.id)));
    let mut lowest_in_lane = vec![f64::NEG_INFINITY; 2 * lanes_per_side + 1];
    let mut placed = Vec::with_capacity(items.len());
    for item in items {
        let (_, y) = panel.place(0.0, panel.y.clamp(item.days));
        match lowest_in_lane
            .iter()
            .position(|last| y - last >= MARK_PITCH)
        {
            Some(lane) => {
                lowest_in_lane[lane] = y;
                let side = if lane % 2 == 0 { -1.0 } else { 1.0 };
                let x = center + side * lane.div_ceil(2) as f64 * MARK_PITCH;
                placed.push(Placed { item, x, y });
            }
            None => *hidden += 1,
        }
    }
    placed
}

/// Writes the ids of the oldest items past their pace or off the scale: right or left of all marks at
/// their height where the column leaves room, else over or under their own mark.
pub(super) fn label_oldest(panel: &Panel<'_>, index: usize, placed: &[Placed<'_>]) {
    let (left, _) = panel.place(index as f64, 0.0);
    let (right, _) = panel.place(index as f64 + 1.0, 0.0);
    let mut written = 0;
    let is_named = |place: &&Placed<'_>| place.item.is_past_p85 || place.item.days > panel.y.high();
    for place in placed.iter().filter(is_named) {
        let beside = placed
            .iter()
            .filter(|other| (other.y - place.y).abs() < 11.0);
        let (mut first, mut last) = (place.x, place.x);
        for other in beside {
            first = first.min(other.x);
            last = last.max(other.x);
        }
        let label = Label::new(&clean_line(&place.item.id), 0.0, 0.0)
            .sized(SMALL_SIZE)
            .colored(Token::Ink);
        let is_free = |y: f64| {
            let near = |other: &&Placed<'_>| {
                (other.y - y).abs() < 9.0 && (other.x - place.x).abs() < label.width() / 2.0 + 5.0
            };
            y > panel.bounds.top + 5.0 && !placed.iter().any(|other| near(&other))
        };
        let middle = |y: f64| label.clone().moved_to(place.x, y).aligned(Align::Middle);
        let mut is_written = false;
        if last + MARK_GAP + label.width() <= right - 1.0 {
            let beside = label.clone().moved_to(last + MARK_GAP, place.y);
            is_written = panel.canvas.try_text(&beside);
        }
        if !is_written && first - MARK_GAP - label.width() >= left + 1.0 {
            let beside = label.clone().moved_to(first - MARK_GAP, place.y);
            is_written = panel.canvas.try_text(&beside.aligned(Align::End));
        }
        for y in [place.y - 11.0, place.y + 11.0] {
            if !is_written && is_free(y) {
                is_written = panel.canvas.try_text(&middle(y));
            }
        }
        written += usize::from(is_written);
        if written == LABELS_PER_STAGE {
            return;
        }
    }
}

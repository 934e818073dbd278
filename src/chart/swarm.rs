//! Where the marks of an ageing column stand, so that none hides another, and
//! which of them are named.

use super::ageing::{AgeingItem, AgeingStage};
use super::label::{Align, Label, SMALL_SIZE};
use super::panel::Panel;
use super::text::clean_line;
use super::token::Token;

/// Distance of two marks of one column, in pixels.
const MARK_PITCH: f64 = 9.5;
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

/// Writes the ids of the oldest items past their pace, left or right of all
/// marks at their height, where the column leaves room.
pub(super) fn label_oldest(panel: &Panel<'_>, index: usize, placed: &[Placed<'_>]) {
    let (left, _) = panel.place(index as f64, 0.0);
    let (right, _) = panel.place(index as f64 + 1.0, 0.0);
    let mut written = 0;
    for place in placed.iter().filter(|place| place.item.is_past_p85) {
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
        let is_written = if last + 9.0 + label.width() <= right - 4.0 {
            panel.canvas.try_text(&label.moved_to(last + 9.0, place.y))
        } else if first - 9.0 - label.width() >= left + 4.0 {
            let label = label.moved_to(first - 9.0, place.y);
            panel.canvas.try_text(&label.aligned(Align::End))
        } else {
            false
        };
        written += usize::from(is_written);
        if written == LABELS_PER_STAGE {
            return;
        }
    }
}

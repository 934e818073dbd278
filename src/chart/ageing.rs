//! Ageing chart: where open work stands and how old it is, against the pace
//! of finished work (Vacanti, *Actionable Agile Metrics*, ageing work in
//! progress).
//!
//! Columns are stages, shading is the age at which 50, 85 and 95% of finished
//! items left the stage, a diamond is an item past its 85th percentile.

use super::Frame;
use super::axis::{Axis, scale_top};
use super::canvas::{Bounds, CAPTION_ROOM, Canvas};
use super::document::{dropped_remark, empty};
use super::label::{Align, Label};
use super::mark::{Mark, Shape};
use super::number::{Unit, counted};
use super::panel::{Panel, SideLabel, left_room};
use super::swarm::{Placed, label_oldest, place_items};
use super::text::clean_line;
use super::token::Token;

/// Above this many items only those past their pace carry a link.
const MOST_LINKED: usize = 160;
/// Narrowest column whose name can be read.
const COLUMN_WIDTH: u32 = 72;

/// Input of [`ageing`].
#[derive(Clone, Debug, Default)]
pub(crate) struct Ageing {
    /// Stages in workflow order.
    pub(crate) stages: Vec<AgeingStage>,
    /// What the age counts, for example "Age in days since commitment".
    pub(crate) caption: String,
}

/// One column.
#[derive(Clone, Debug, Default)]
pub(crate) struct AgeingStage {
    /// The stage's name.
    pub(crate) name: String,
    /// The pace of finished items; none while too few have finished.
    pub(crate) bands: Option<PaceBands>,
    /// The open items.
    pub(crate) items: Vec<AgeingItem>,
}

/// Ages in days at which finished items left a stage.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PaceBands {
    /// Half of them were at most this old.
    pub(crate) p50: f64,
    /// 85% were at most this old.
    pub(crate) p85: f64,
    /// 95% were at most this old.
    pub(crate) p95: f64,
}

/// One open item.
#[derive(Clone, Debug, Default)]
pub(crate) struct AgeingItem {
    /// Tracker key, written beside the oldest marks.
    pub(crate) id: String,
    /// Tooltip.
    pub(crate) tip: String,
    /// Age in days.
    pub(crate) days: f64,
    /// Whether it is older than 85% of finished items were at this stage.
    pub(crate) is_past_p85: bool,
    /// Where the item lives.
    pub(crate) href: Option<String>,
}

/// Draws the ageing chart.
pub(crate) fn ageing(frame: &Frame, input: &Ageing) -> String {
    let given: usize = input.stages.iter().map(|stage| stage.items.len()).sum();
    let ages: Vec<f64> = all_ages(input);
    let dropped = given - ages.len();
    let paces = input.stages.iter().filter_map(finite_bands);
    let slowest_pace = paces.map(|bands| bands[2]).fold(0.0, f64::max);
    if input.stages.is_empty() || (ages.is_empty() && slowest_pace == 0.0) {
        return empty(frame, dropped);
    }
    let columns = u32::try_from(input.stages.len()).unwrap_or(u32::MAX);
    let width = frame
        .width
        .max(columns.saturating_mul(COLUMN_WIDTH).min(6000));
    let canvas = Canvas::new(width, frame.height);
    let y_axis = Axis::up_to(scale_top(&ages, 90, slowest_pace), Unit::Days);
    let bounds = Bounds {
        left: left_room(&y_axis),
        top: CAPTION_ROOM,
        right: canvas.width - 44.0,
        bottom: canvas.height - 38.0,
    };
    let panel = canvas.panel(bounds, Axis::places(input.stages.len(), false), y_axis);
    panel.draw_y_axis();
    for (index, stage) in input.stages.iter().enumerate() {
        draw_bands(&panel, index, stage);
    }
    panel.draw_base();
    label_bands(&panel, input);
    let hidden = draw_items(&panel, input, ages.len());
    let mut remarks = dropped_remark(dropped);
    remarks.extend(crowd_remarks(&ages, panel.y.high(), hidden));
    canvas.caption(bounds.top, &input.caption, &remarks);
    canvas.finish(frame, dropped)
}

/// Says what the marks alone do not show.
fn crowd_remarks(ages: &[f64], top: f64, hidden: usize) -> Vec<String> {
    let mut remarks = Vec::new();
    let beyond: Vec<f64> = ages.iter().copied().filter(|age| *age > top).collect();
    if !beyond.is_empty() {
        let oldest = Unit::Days.words(beyond.iter().copied().fold(0.0, f64::max));
        remarks.push(format!("▲ {} off scale, oldest {oldest}", beyond.len()));
    }
    if hidden > 0 {
        remarks.push(format!("{} under others", counted(hidden, "mark")));
    }
    remarks
}

fn all_ages(input: &Ageing) -> Vec<f64> {
    let items = input.stages.iter().flat_map(|stage| &stage.items);
    items
        .map(|item| item.days)
        .filter(|days| days.is_finite())
        .map(|days| days.max(0.0))
        .collect()
}

/// The three paces in ascending order, unless one is no number.
fn finite_bands(stage: &AgeingStage) -> Option<[f64; 3]> {
    let bands = stage.bands?;
    let mut paces = [bands.p50, bands.p85, bands.p95].map(|pace| pace.max(0.0));
    paces.sort_by(f64::total_cmp);
    paces.iter().all(|pace| pace.is_finite()).then_some(paces)
}

fn draw_bands(panel: &Panel<'_>, index: usize, stage: &AgeingStage) {
    let (left, right) = (index as f64 + 0.02, index as f64 + 0.98);
    let top = panel.y.high();
    if let Some([p50, p85, p95]) = finite_bands(stage) {
        let edges = [0.0, p50, p85, p95, top].map(|edge| edge.min(top));
        let tokens = [Token::B0, Token::B1, Token::B2, Token::B3];
        for (pair, token) in edges.windows(2).zip(tokens) {
            if pair[1] > pair[0] {
                panel.fill((left, pair[0]), (right, pair[1]), token);
            }
        }
    }
    let (from, y) = panel.place(index as f64, 0.0);
    let (to, _) = panel.place(index as f64 + 1.0, 0.0);
    let middle = (from + to) / 2.0;
    let room = to - from - 6.0;
    let name = Label::new(&clean_line(&stage.name), middle, y + 12.0).fitted(room);
    panel
        .canvas
        .text(&name.aligned(Align::Middle).colored(Token::Ink));
    let count = stage
        .items
        .iter()
        .filter(|item| item.days.is_finite())
        .count();
    let count = Label::new(&counted(count, "item"), middle, y + 28.0).fitted(room);
    panel.canvas.text(&count.aligned(Align::Middle));
}

/// Names the percentiles beside the last column that has them.
fn label_bands(panel: &Panel<'_>, input: &Ageing) {
    let Some(paces) = input.stages.last().and_then(finite_bands) else {
        return;
    };
    let labels: Vec<SideLabel> = paces
        .into_iter()
        .zip(["50%", "85%", "95%"])
        .filter(|(pace, _)| *pace <= panel.y.high())
        .map(|(at, text)| SideLabel {
            at,
            text: text.to_owned(),
            token: Token::Ink2,
        })
        .collect();
    panel.side_labels(&labels);
}

/// Draws every item that finds a place; returns how many found none.
fn draw_items(panel: &Panel<'_>, input: &Ageing, item_count: usize) -> usize {
    let links_all = item_count <= MOST_LINKED;
    // Where only some marks carry links, half of them leave room for the others.
    let mut links_left = if links_all {
        MOST_LINKED
    } else {
        MOST_LINKED / 2
    };
    let mut hidden = 0;
    for (index, stage) in input.stages.iter().enumerate() {
        let placed = place_items(panel, index, stage, &mut hidden);
        let is_bare = |place: &&Placed<'_>| !links_all && !place.item.is_past_p85;
        let bare: Vec<(f64, f64)> = placed.iter().filter(is_bare).map(|p| (p.x, p.y)).collect();
        if !bare.is_empty() {
            let class = format!("class=\"f-{}\"", Token::Ink2.name());
            panel.canvas.group(&class, || panel.canvas.dots(3.6, &bare));
        }
        for place in placed.iter().filter(|place| !is_bare(place)) {
            draw_item(panel, index, place, links_left > 0);
            links_left = links_left.saturating_sub(1);
        }
        label_oldest(panel, index, &placed);
    }
    hidden
}

fn draw_item(panel: &Panel<'_>, index: usize, place: &Placed<'_>, has_link: bool) {
    let item = place.item;
    let (shape, radius, token) = match item.is_past_p85 {
        true if item.days > panel.y.high() => (Shape::Triangle, 5.0, Token::Bad),
        false if item.days > panel.y.high() => (Shape::Triangle, 5.0, Token::Ink2),
        true => (Shape::Diamond, 5.2, Token::Bad),
        false => (Shape::Dot, 3.8, Token::Ink2),
    };
    let (left, _) = panel.place(index as f64, 0.0);
    let (right, _) = panel.place(index as f64 + 1.0, 0.0);
    let x = index as f64 + (place.x - left) / (right - left);
    let mark = Mark::new((x, panel.y.clamp(item.days)), shape, radius, token);
    let mark = match has_link {
        true => mark.tip(&item.tip).href(item.href.as_deref()),
        false => mark,
    };
    panel.draw(&mark);
}

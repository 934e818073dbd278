//! The connectors of swimlanes: upright lines left of the report date, on as few
//! tracks as keep any two that share rows apart.

use std::collections::BTreeMap;

use super::canvas::Dash;
use super::mark::Shape;
use super::panel::Panel;
use super::swimlanes::{LaneLink, Placed, Scale};
use super::token::Token;

/// Most lines drawn; the table beside the chart holds the rest.
const MOST_LINKS: usize = 80;
/// Distance of two tracks, and of the first from the report date, in pixels.
const TRACK: f64 = 7.0;
/// Size of the marks at both ends.
const MARK: f64 = 3.4;
/// Size of the paper that keeps a mark apart from the bar below it.
const HALO: f64 = 4.6;

/// A connector between two placed bars.
pub(super) struct LinkRow {
    needed: usize,
    waiting: usize,
    is_late: bool,
}

/// Returns the links between bars that are drawn, and how many are not drawn.
pub(super) fn link_rows(links: &[LaneLink], bars: &[&Placed<'_>]) -> (Vec<LinkRow>, usize) {
    let names = bars.iter().map(|placed| placed.bar.name.as_str());
    let index_of: BTreeMap<&str, usize> = names.zip(0..).collect();
    let mut rows: Vec<LinkRow> = links
        .iter()
        .filter_map(|link| {
            Some(LinkRow {
                needed: *index_of.get(link.needed.as_str())?,
                waiting: *index_of.get(link.waiting.as_str())?,
                is_late: link.is_late,
            })
        })
        .filter(|row| row.needed != row.waiting)
        .collect();
    rows.truncate(MOST_LINKS);
    let hidden = links.len() - rows.len();
    (rows, hidden)
}

/// Gives each connector its track: the shortest lie nearest to the report date.
/// Returns them with the place of their track across the drawing, in pixels.
pub(super) fn lay_tracks<'l>(
    panel: &Panel<'_>,
    links: &'l [LinkRow],
    bars: &[&Placed<'_>],
    today: f64,
) -> Vec<(&'l LinkRow, f64)> {
    let reach = |link: &LinkRow| {
        let (a, b) = (bars[link.needed].middle(), bars[link.waiting].middle());
        (a.min(b), a.max(b))
    };
    let mut order: Vec<&LinkRow> = links.iter().collect();
    order.sort_by(|a, b| {
        let length = |link: &LinkRow| reach(link).1 - reach(link).0;
        length(a).total_cmp(&length(b))
    });
    let (line, _) = panel.place(panel.x.clamp(today), 0.0);
    let room = ((line - panel.bounds.left) / TRACK).floor().max(2.0) as usize - 1;
    let mut tracks: Vec<Vec<(f64, f64)>> = Vec::new();
    let mut laid = Vec::with_capacity(order.len());
    for (index, link) in order.into_iter().enumerate() {
        let (top, bottom) = reach(link);
        let is_free = |track: &Vec<(f64, f64)>| {
            let mut taken = track.iter();
            taken.all(|(from, to)| bottom < *from || top > *to)
        };
        let track = match tracks.iter().position(is_free) {
            Some(track) => track,
            None if tracks.len() < room => {
                tracks.push(Vec::new());
                tracks.len() - 1
            }
            // Nothing is free: lines lie over each other.
            None => index % room,
        };
        tracks[track].push((top, bottom));
        laid.push((link, line - TRACK * (track as f64 + 1.0)));
    }
    laid
}

/// Returns from where to where tracks lie across the drawing, with their marks.
pub(super) fn tracks_room(laid: &[(&LinkRow, f64)]) -> Option<(f64, f64)> {
    let left = laid.iter().map(|(_, x)| *x).reduce(f64::min)?;
    let right = laid.iter().map(|(_, x)| *x).reduce(f64::max)?;
    Some((left - TRACK, right + TRACK))
}

/// Draws connectors on their tracks; paper keeps the marks at their ends apart from
/// the bars below.
pub(super) fn draw_links(
    panel: &Panel<'_>,
    scale: &Scale,
    laid: &[(&LinkRow, f64)],
    bars: &[&Placed<'_>],
) {
    let height = |index: usize| panel.place(panel.x.low(), scale.at(bars[index].middle())).1;
    for (link, x) in laid {
        draw_line(panel, scale, link, bars, *x);
    }
    let mut papers = Vec::with_capacity(laid.len() * 2);
    for (link, x) in laid {
        for y in [height(link.needed), height(link.waiting)] {
            papers.push([x - HALO, y - HALO, HALO * 2.0, HALO * 2.0]);
        }
    }
    panel.canvas.cells(Token::Clear, &papers);
    for (link, x) in laid {
        let (token, _, _) = look(link);
        let (needed, waiting) = (height(link.needed), height(link.waiting));
        let canvas = panel.canvas;
        canvas.mark((*x, needed), Shape::Ring, MARK, token);
        canvas.mark((*x, waiting), Shape::Triangle, MARK, token);
    }
}

/// Colour, dash and width of a connector.
fn look(link: &LinkRow) -> (Token, Dash, f64) {
    match link.is_late {
        true => (Token::Bad, Dash::Solid, 1.6),
        false => (Token::Ink2, Dash::Dashed, 1.4),
    }
}

fn draw_line(panel: &Panel<'_>, scale: &Scale, link: &LinkRow, bars: &[&Placed<'_>], x: f64) {
    let (token, dash, width) = look(link);
    let end = |index: usize| {
        let placed = bars[index];
        let start = panel.x.clamp(placed.start());
        let (start, y) = panel.place(start, scale.at(placed.middle()));
        (start.max(x), y)
    };
    let (needed, waiting) = (end(link.needed), end(link.waiting));
    let mut path = vec![(x, needed.1), (x, waiting.1)];
    // A bar that begins right of the track is reached by a stub.
    if needed.0 > x {
        path.insert(0, needed);
    }
    if waiting.0 > x {
        path.push(waiting);
    }
    panel.canvas.polyline(&path, token, width, dash);
}

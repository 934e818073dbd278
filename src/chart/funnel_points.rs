//! The teams of a funnel: those beyond a limit in front and named, a crowd as
//! bare dots.

use std::collections::BTreeMap;

use super::funnel::{FunnelPoint, FunnelStanding};
use super::label::{Align, Label, SMALL_SIZE};
use super::mark::{Mark, Shape};
use super::number::{Unit, counted, grouped};
use super::panel::Panel;
use super::text::clean_line;
use super::token::Token;

/// Most teams that carry a link and a tooltip.
const MOST_LINKED: usize = 200;
/// Most teams named beside their marks.
const MOST_NAMED: usize = 12;
/// Room for a team's name beside its mark.
const LABEL_ROOM: f64 = 150.0;
/// Most of them where there are more teams than that.
const CROWD_LINKED: usize = 80;
/// Distance of bare dots where there are too many to draw each.
const BARE_PITCH: f64 = 10.0;

/// Draws the teams, those beyond a limit in front and named; returns what the
/// marks do not show.
pub(super) fn draw_points(
    panel: &Panel<'_>,
    points: &[&FunnelPoint],
    centre: Option<f64>,
) -> Vec<String> {
    let mut sorted = points.to_vec();
    let distance = |point: &FunnelPoint| (point.ratio - centre.unwrap_or(0.0)).abs();
    sorted.sort_by(|a, b| {
        let by_limit = b.standing.cmp(&a.standing);
        let by_distance = by_limit.then_with(|| distance(b).total_cmp(&distance(a)));
        by_distance.then_with(|| a.name.cmp(&b.name))
    });
    let is_crowd = sorted.len() > MOST_LINKED;
    let front = if is_crowd { CROWD_LINKED } else { sorted.len() };
    let (front, rest) = sorted.split_at(front.min(sorted.len()));
    let hidden = draw_bare(panel, rest, centre);
    let mut remarks = Vec::new();
    remarks.extend((hidden > 0).then(|| format!("{} under others", counted(hidden, "mark"))));
    for point in front.iter().rev() {
        draw_point(panel, point, centre);
    }
    let marks: Vec<(f64, f64)> = points.iter().map(|point| place(panel, point)).collect();
    let is_unusual = |point: &&&FunnelPoint| point.standing != FunnelStanding::Inside;
    let named = front.iter().filter(is_unusual).take(MOST_NAMED);
    let named = named
        .filter(|point| write_label(panel, point, &marks))
        .count();
    let unnamed = sorted.iter().filter(is_unusual).count() - named;
    let more = |count| {
        let teams = counted(count, "team");
        format!("{teams} beyond a limit named in the table only")
    };
    remarks.extend((unnamed > 0).then(|| more(unnamed)));
    remarks
}

fn place(panel: &Panel<'_>, point: &FunnelPoint) -> (f64, f64) {
    panel.place(point.denominator as f64, panel.y.clamp(point.ratio))
}

/// Orange above the limits, blue below them, grey within.
fn token(point: &FunnelPoint, centre: Option<f64>) -> Token {
    let is_high = point.ratio > centre.unwrap_or(0.0);
    match point.standing {
        FunnelStanding::Inside => Token::Ink2,
        _ if is_high => Token::Bad,
        _ => Token::S1,
    }
}

fn draw_point(panel: &Panel<'_>, point: &FunnelPoint, centre: Option<f64>) {
    let (shape, radius) = match point.standing {
        _ if point.ratio > panel.y.high() => (Shape::Triangle, 5.0),
        FunnelStanding::Inside => (Shape::Dot, 3.6),
        FunnelStanding::Beyond95 => (Shape::Diamond, 4.8),
        FunnelStanding::Beyond998 => (Shape::Diamond, 6.4),
    };
    let at = (point.denominator as f64, panel.y.clamp(point.ratio));
    let mark = Mark::new(at, shape, radius, token(point, centre));
    panel.draw(&mark.tip(&tip(point)).href(point.href.as_deref()));
}

fn tip(point: &FunnelPoint) -> String {
    let verdict = match point.standing {
        FunnelStanding::Inside => "within the limits",
        FunnelStanding::Beyond95 => "beyond the 95% limit",
        FunnelStanding::Beyond998 => "beyond the 99.8% limit",
    };
    let percent = Unit::Percent.number(point.ratio);
    let count = |count: u64| grouped(count as f64, 0);
    let (numerator, denominator) = (count(point.numerator), count(point.denominator));
    format!(
        "{}: {percent}, {numerator} of {denominator}, {verdict}",
        point.name
    )
}

/// Draws bare dots, one for each cell of the panel that holds any, in order of
/// `points`; returns how many have none, those beyond the scale among them.
fn draw_bare(panel: &Panel<'_>, points: &[&FunnelPoint], centre: Option<f64>) -> usize {
    let mut cells = BTreeMap::new();
    for point in points.iter().filter(|p| p.ratio <= panel.y.high()) {
        let (x, y) = place(panel, point);
        let cell = ((x / BARE_PITCH) as i64, (y / BARE_PITCH) as i64);
        cells.entry(cell).or_insert(((x, y), token(point, centre)));
    }
    for token in [Token::Ink2, Token::S1, Token::Bad] {
        let of_token = cells.values().filter(|(_, own)| *own == token);
        let places: Vec<(f64, f64)> = of_token.map(|(place, _)| *place).collect();
        if !places.is_empty() {
            let class = format!("class=\"f-{}\"", token.name());
            panel
                .canvas
                .group(&class, || panel.canvas.dots(3.0, &places));
        }
    }
    points.len() - cells.len()
}

/// Names a team beside its mark, where neither text nor another mark lies.
fn write_label(panel: &Panel<'_>, point: &FunnelPoint, marks: &[(f64, f64)]) -> bool {
    let (x, y) = place(panel, point);
    let percent = Unit::Percent.number(point.ratio);
    let label = Label::new(&clean_line(&point.name), x, y).fitted(LABEL_ROOM);
    let text = format!("{} {percent}", label.text.trim()).trim().to_owned();
    let label = Label::new(&text, x, y)
        .sized(SMALL_SIZE)
        .colored(Token::Ink);
    let places = [
        (9.0, 0.0, Align::Start),
        (-9.0, 0.0, Align::End),
        (0.0, -14.0, Align::Middle),
        (0.0, 15.0, Align::Middle),
    ];
    places.into_iter().any(|(right, down, align)| {
        let label = label.clone().moved_to(x + right, y + down).aligned(align);
        let area = label.bounds();
        let covers = |(mark_x, mark_y): &(f64, f64)| {
            let is_beside = *mark_x > area.left - 3.0 && *mark_x < area.right + 3.0;
            is_beside && *mark_y > area.top - 2.0 && *mark_y < area.bottom + 2.0
        };
        !marks.iter().any(covers) && panel.canvas.try_text(&label)
    })
}

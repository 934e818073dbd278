//! Swimlanes: a lane a team, time across, a bar an item; connectors only where an
//! item is held up by another.
//!
//! All items that hold each other up are open, so their bars meet at the report
//! date: connectors run upright just left of it, each on a track of its own, with
//! stubs to bars that begin later. Names that would stand there move to the left of
//! their bars where there is room. So two hundred bars stay readable.

use chrono::NaiveDate;

use super::Frame;
use super::axis::Axis;
use super::canvas::{Bounds, CAPTION_ROOM, Canvas, DATE_ROOM, Dash};
use super::dates::{day_number, long_date, short_date};
use super::document::empty;
use super::key::{Key, KeyEntry, Sign};
use super::label::{Label, SMALL_SIZE};
use super::mark::Shape;
use super::number::counted;
use super::swimlane_bars::{draw_bar, draw_lanes, draw_to_come, write_bar_name, write_report_date};
use super::swimlane_links::{draw_links, lay_tracks, link_rows, tracks_room};
use super::text::{clean_line, cut};
use super::token::Token;

/// Most bars drawn; the table beside the chart holds the rest.
pub(crate) const MOST_BARS: usize = 200;
/// Most bars of a drawing in which each is a link; beyond, the table has the links.
const MOST_LINKED: usize = 60;
/// Height of a bar's row in pixels: as little as its name needs.
const ROW_HEIGHT: f64 = 15.0;
/// Room between two lanes, in rows.
pub(super) const LANE_GAP: f64 = 0.4;
/// Room for the words above the report date's line.
const REPORT_DATE_ROOM: f64 = 12.0;
/// Largest share of the width that lane names may take.
const NAME_SHARE: f64 = 0.2;
/// Least and most room for the names right of the bars.
const WORDS_ROOM: (f64, f64) = (60.0, 150.0);
/// Room between a bar's end and its name.
pub(super) const LABEL_GAP: f64 = 6.0;
/// How far the scale reaches before and after the report date, in days.
const REACH: (f64, f64) = (84.0, 112.0);
/// Longest tooltip in characters: two hundred of them are on a page.
const TIP: usize = 60;

/// Input of [`swimlanes`].
#[derive(Clone, Debug, Default)]
pub(crate) struct Swimlanes {
    /// The lanes from top to bottom.
    pub(crate) lanes: Vec<Lane>,
    /// Who holds up whom.
    pub(crate) links: Vec<LaneLink>,
    /// The day the report speaks of.
    pub(crate) report_date: NaiveDate,
    /// What the bars are.
    pub(crate) caption: String,
    /// What is said of what is not drawn.
    pub(crate) remarks: Vec<String>,
}

/// A team.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lane {
    /// Its name.
    pub(crate) name: String,
    /// Its items from top to bottom.
    pub(crate) bars: Vec<LaneBar>,
}

/// An item.
#[derive(Clone, Debug, Default)]
pub(crate) struct LaneBar {
    /// Tracker key.
    pub(crate) name: String,
    /// Tooltip, for example the item's title.
    pub(crate) tip: String,
    /// When it begins.
    pub(crate) from: NaiveDate,
    /// When it ends.
    pub(crate) to: NaiveDate,
    /// What its end is.
    pub(crate) end: BarEnd,
    /// Where the item lives.
    pub(crate) href: Option<String>,
}

/// What the end of a bar is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum BarEnd {
    /// The item was delivered then.
    Delivered,
    /// The item is planned for then.
    #[default]
    Planned,
    /// The planned date has passed.
    Late,
    /// No date is known.
    Undated,
}

/// One item holds up another.
#[derive(Clone, Debug, Default)]
pub(crate) struct LaneLink {
    /// Key of the item that is needed.
    pub(crate) needed: String,
    /// Key of the item that waits.
    pub(crate) waiting: String,
    /// Whether it is late already, or will be; else it is blocked.
    pub(crate) is_late: bool,
}

impl BarEnd {
    pub(super) fn token(self) -> Token {
        match self {
            BarEnd::Delivered => Token::S3,
            BarEnd::Planned => Token::S1,
            BarEnd::Late => Token::Bad,
            BarEnd::Undated => Token::Ink2,
        }
    }

    fn words(self) -> &'static str {
        match self {
            BarEnd::Delivered => "delivered",
            BarEnd::Planned => "open, outlined: still to come",
            BarEnd::Late => "past its date",
            BarEnd::Undated => "without a date",
        }
    }

    /// What stands behind the name, so that colour is not alone.
    fn mark(self) -> &'static str {
        match self {
            BarEnd::Delivered => " ✓",
            BarEnd::Planned => "",
            BarEnd::Late => " late",
            BarEnd::Undated => " ?",
        }
    }
}

impl LaneBar {
    /// First and last day in an order that can be drawn.
    pub(super) fn days(&self) -> (f64, f64) {
        let (from, to) = (day_number(self.from), day_number(self.to));
        match self.end {
            // These end with the report, not with a day.
            BarEnd::Late | BarEnd::Undated => (from, to.max(from + 0.5)),
            BarEnd::Delivered | BarEnd::Planned => (from, to.max(from) + 1.0),
        }
    }

    pub(super) fn label(&self) -> String {
        match clean_line(&self.name) {
            name if name.trim().is_empty() => format!("(no name){}", self.end.mark()),
            name => format!("{name}{}", self.end.mark()),
        }
    }

    fn tip(&self) -> String {
        let end = match self.end {
            BarEnd::Delivered => format!("delivered {}", short_date(self.to)),
            BarEnd::Planned => format!("planned {}", short_date(self.to)),
            BarEnd::Late => "past its date".to_owned(),
            BarEnd::Undated => "no planned date".to_owned(),
        };
        let end = format!(", since {}, {end}", long_date(self.from));
        let room = TIP.saturating_sub(end.chars().count());
        format!(
            "{}{end}",
            cut(&format!("{}: {}", self.name, self.tip), room)
        )
    }
}

/// A bar with the row it lies in, counted from the top in rows.
pub(super) struct Placed<'a> {
    pub(super) bar: &'a LaneBar,
    pub(super) top: f64,
}

impl Placed<'_> {
    /// The middle of the bar.
    pub(super) fn middle(&self) -> f64 {
        self.top + 0.5
    }

    /// The first day of the bar.
    pub(super) fn start(&self) -> f64 {
        self.bar.days().0
    }
}

/// Draws the lanes.
pub(crate) fn swimlanes(frame: &Frame, input: &Swimlanes) -> String {
    let (lanes, height) = place(&input.lanes);
    let bars: Vec<&Placed<'_>> = lanes.iter().flat_map(|lane| &lane.bars).collect();
    if bars.is_empty() {
        return empty(frame, 0);
    }
    let (from, to) = span(&bars, input.report_date);
    let (links, hidden) = link_rows(&input.links, &bars);
    let key = Key::new(key_entries(&bars, &input.links), f64::from(frame.width));
    let above = CAPTION_ROOM + key.height() + REPORT_DATE_ROOM;
    let pixels = above + height * ROW_HEIGHT + DATE_ROOM;
    let canvas = Canvas::new(frame.width, pixels.ceil() as u32);
    let bounds = Bounds {
        left: name_room(&lanes, canvas.width),
        top: above,
        right: canvas.width - words_room(&bars),
        bottom: canvas.height - DATE_ROOM,
    };
    let mut remarks = input.remarks.clone();
    let given: usize = input.lanes.iter().map(|lane| lane.bars.len()).sum();
    if given > bars.len() {
        remarks.push(format!(
            "{} in the table only",
            counted(given - bars.len(), "more item")
        ));
    }
    if hidden > 0 {
        remarks.push(format!(
            "{} in the table only",
            counted(hidden, "more line")
        ));
    }
    remarks.extend(off_scale_remark(&bars, from, to));
    canvas.caption(CAPTION_ROOM, &input.caption, &remarks);
    key.draw(&canvas);
    let x_axis = Axis::dates(from, to, bounds.right - bounds.left);
    let panel = canvas.panel(bounds, x_axis, Axis::places(1, true));
    let scale = Scale { height };
    draw_lanes(&panel, &scale, &lanes);
    panel.draw_x_axis(true);
    write_report_date(&panel, input.report_date);
    let today = day_number(input.report_date);
    let laid = lay_tracks(&panel, &links, &bars, today);
    let kept_clear = tracks_room(&laid);
    draw_to_come(&panel, &scale, &bars, today);
    for placed in &bars {
        let bar = placed.bar;
        let address = bar.href.as_deref();
        let address = address.filter(|_| bars.len() <= MOST_LINKED);
        canvas.linked(address, &bar.tip(), || {
            draw_bar(&panel, &scale, placed, today);
            write_bar_name(&panel, &scale, placed, kept_clear);
        });
    }
    draw_links(&panel, &scale, &laid, &bars);
    panel.upright(today, Token::Accent, Dash::Solid);
    panel.draw_base();
    canvas.finish(frame, 0)
}

/// Rows as a share of the panel's height, from its upper edge.
pub(super) struct Scale {
    height: f64,
}

impl Scale {
    /// Returns a place in rows as a place of the panel.
    pub(super) fn at(&self, rows: f64) -> f64 {
        rows / self.height.max(1.0)
    }
}

/// A lane with its rows.
pub(super) struct PlacedLane<'a> {
    pub(super) name: &'a str,
    bars: Vec<Placed<'a>>,
    pub(super) top: f64,
    pub(super) bottom: f64,
}

/// Places the first [`MOST_BARS`] bars; returns the lanes that have some, and the
/// height of all in rows.
fn place(lanes: &[Lane]) -> (Vec<PlacedLane<'_>>, f64) {
    let mut room = MOST_BARS;
    let mut at = 0.0;
    let mut placed = Vec::new();
    for lane in lanes {
        let count = lane.bars.len().min(room);
        if count == 0 {
            continue;
        }
        room -= count;
        let top = at;
        let bars = lane.bars[..count].iter().enumerate();
        let bars = bars.map(|(index, bar)| Placed {
            bar,
            top: top + LANE_GAP / 2.0 + index as f64,
        });
        at += count as f64 + LANE_GAP;
        placed.push(PlacedLane {
            name: &lane.name,
            bars: bars.collect(),
            top,
            bottom: at,
        });
    }
    (placed, at)
}

/// All bars, no further than a season from the report date.
fn span(bars: &[&Placed<'_>], report_date: NaiveDate) -> (f64, f64) {
    let first = bars.iter().map(|placed| placed.bar.days().0);
    let last = bars.iter().map(|placed| placed.bar.days().1);
    let today = day_number(report_date);
    let from = first.fold(today - 7.0, f64::min).max(today - REACH.0);
    let to = last.fold(today + 7.0, f64::max).min(today + REACH.1);
    (from, to)
}

fn off_scale_remark(bars: &[&Placed<'_>], from: f64, to: f64) -> Option<String> {
    let early = bars.iter().filter(|placed| placed.bar.days().0 < from);
    let late = bars.iter().filter(|placed| placed.bar.days().1 > to);
    let (early_count, late_count) = (early.clone().count(), late.count());
    let first = early.map(|placed| placed.bar.from).min();
    let began = first.map(|first| {
        format!(
            "▲ {early_count} began before the scale, first on {}",
            long_date(first)
        )
    });
    let ends = (late_count > 0).then(|| format!("▲ {late_count} end after it"));
    match (began, ends) {
        (Some(began), Some(ends)) => Some(format!("{began} · {ends}")),
        (began, ends) => began.or(ends),
    }
}

fn name_room(lanes: &[PlacedLane<'_>], width: f64) -> f64 {
    let widths = lanes
        .iter()
        .map(|lane| Label::new(&clean_line(lane.name), 0.0, 0.0).bold().width());
    (widths.fold(40.0, f64::max) + 12.0).min(width * NAME_SHARE)
}

fn words_room(bars: &[&Placed<'_>]) -> f64 {
    let widths = bars.iter().map(|placed| {
        let label = Label::new(&placed.bar.label(), 0.0, 0.0);
        label.sized(SMALL_SIZE).width()
    });
    (widths.fold(0.0, f64::max) + LABEL_GAP + 2.0).clamp(WORDS_ROOM.0, WORDS_ROOM.1)
}

fn key_entries(bars: &[&Placed<'_>], links: &[LaneLink]) -> Vec<KeyEntry> {
    let ends = [
        BarEnd::Planned,
        BarEnd::Late,
        BarEnd::Undated,
        BarEnd::Delivered,
    ];
    let mut entries: Vec<KeyEntry> = ends
        .into_iter()
        .filter(|end| bars.iter().any(|placed| placed.bar.end == *end))
        .map(|end| KeyEntry::new(Sign::Block, end.token(), end.words()))
        .collect();
    if !links.is_empty() {
        let arrow = Sign::Mark(Shape::Triangle);
        entries.push(KeyEntry::new(arrow, Token::Ink, "waits"));
        entries.push(KeyEntry::new(
            Sign::Mark(Shape::Ring),
            Token::Ink,
            "is needed",
        ));
        let (late, blocked) = ("late (unbroken)", "blocked (dashed)");
        entries.push(KeyEntry::new(Sign::Line, Token::Bad, late));
        entries.push(KeyEntry::new(Sign::Line, Token::Ink2, blocked));
    }
    entries
}

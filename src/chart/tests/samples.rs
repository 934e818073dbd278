//! Inputs for the tests of this room: ordinary ones and hostile ones, drawn
//! from a seeded sequence so that every run sees the same.

mod items;
mod quarters;
mod release;
mod rows;
mod shares;
mod swimlanes;
mod weeks;

use chrono::{Days, NaiveDate};

use crate::chart::*;
pub(crate) use items::*;
pub(crate) use quarters::*;
pub(crate) use release::*;
pub(crate) use rows::*;
pub(crate) use shares::*;
pub(crate) use swimlanes::*;
pub(crate) use weeks::*;

/// A linear congruential sequence; its quality does not matter here.
pub(crate) struct Sequence(u64);

impl Sequence {
    /// Returns the sequence of a seed.
    pub(crate) fn new(seed: u64) -> Sequence {
        Sequence(seed)
    }

    /// Returns the next number in `0..1`.
    pub(crate) fn next(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Returns the next number of an exponential distribution.
    pub(crate) fn exponential(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.next()).ln()
    }
}

/// Names no layout should trust.
pub(crate) const HOSTILE_NAMES: [&str; 9] = [
    "Payments gateway",
    "支払いゲートウェイ基盤チーム（東京・大阪・福岡・札幌）",
    "<script>alert(\"1\")</script> & 'friends' ]]>",
    "\u{0}\u{1}control\u{7f}\u{fffe}\u{202e}desrever",
    "صندوق المدفوعات الدولية",
    "Team with a name as long as a paragraph, because somebody pasted the charter of the team into it and nobody minded",
    "🚀🔥 launch 👩‍👩‍👧",
    "",
    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
];

pub(crate) fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a date of the calendar")
}

pub(crate) fn week(index: u64) -> NaiveDate {
    day(2026, 1, 5) + Days::new(7 * index)
}

fn frame(id: &str, title: &str) -> Frame {
    Frame::new(id, title, "What the drawing shows, in a sentence.")
}

/// Returns every ordinary and hostile drawing with its name.
pub(crate) fn drawings() -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    all.extend(ageing_drawings());
    all.extend(control_drawings());
    all.extend(scatter_drawings());
    all.extend(outcome_drawings());
    all.extend(row_drawings());
    all.extend(flow_drawings());
    all.extend(gantt_drawings());
    all.extend(all_share_drawings());
    all.extend(calibration_drawings());
    all.extend(multiple_drawings());
    all.extend(release_drawings());
    all.extend(swimlane_drawings());
    all
}

fn name(index: usize) -> String {
    match index {
        0..=8 => HOSTILE_NAMES[index].to_owned(),
        _ => format!("Team {index}"),
    }
}

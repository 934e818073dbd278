//! Charts: series in, themed SVG out; the only room that imports plotters.
//!
//! Every chart is one function from a [`Frame`] (identity, size, words) and a
//! plain input struct to the markup of one `<svg>`. Nothing here computes a
//! metric: percentiles, limits, signals and intervals arrive with the data,
//! because the numbers in a chart must be the numbers in the tables beside it.
//!
//! Invariants, held by the tests of this room:
//! - colours are class names whose rules live in `reports/_style.css`; no
//!   `style` attributes, no scripts, no references outside the drawing;
//! - text never overlaps text and never leaves the drawing;
//! - any input ends in a drawing: no data gives the frame's empty text,
//!   values that are no numbers are left out and counted in words;
//! - the same input gives the same bytes.
//!
//! A drawing is a group named by its title and description; what is inside is
//! hidden from assistive technology, so the page sets the same rows in a table
//! beside it.

mod ageing;
mod axis;
mod calibration;
mod canvas;
mod control;
mod curve;
mod dates;
mod density;
mod document;
mod dumbbell;
mod flow;
mod funnel;
mod funnel_points;
mod gantt;
mod intervals;
mod key;
mod label;
mod lifeline_row;
mod lifelines;
mod mark;
mod multiple;
mod number;
mod outcomes;
mod panel;
mod ranges;
mod rows;
mod scatter;
mod scope;
mod scope_bars;
mod scope_timeline;
mod sparkline;
mod stacked_shares;
mod survival;
mod svg;
mod swarm;
mod swimlane_bars;
mod swimlane_links;
mod swimlanes;
#[cfg(test)]
pub(crate) mod tests;
mod text;
mod token;

pub(crate) use ageing::{Ageing, AgeingItem, AgeingStage, PaceBands, ageing};
pub(crate) use calibration::{Calibration, CalibrationRow, calibration};
pub(crate) use control::{ControlChart, ControlLimits, ControlPoint, control_chart};
pub(crate) use dumbbell::{Dumbbell, DumbbellRow, dumbbell};
pub(crate) use flow::{CumulativeFlow, FlowLayer, cumulative_flow};
pub(crate) use funnel::{Funnel, FunnelLimits, FunnelPoint, FunnelStanding, funnel};
pub(crate) use gantt::{Gantt, GanttRow, ReleaseState, gantt};
pub(crate) use intervals::{IntervalBars, IntervalRow, interval_bars};
pub(crate) use lifelines::{Lifeline, LifelineSpan, Lifelines, SpanKind, lifelines};
pub(crate) use multiple::{MULTIPLE_HEIGHT, MULTIPLE_WIDTH, Multiple, MultipleQuarter, multiple};
pub(crate) use number::Unit;
pub(crate) use outcomes::{Failure, OutcomeWeek, Outcomes, RateInterval, outcomes};
pub(crate) use scatter::{CycleTimeScatter, Percentiles, ScatterPoint, cycle_time_scatter};
pub(crate) use scope::{ScopeChange, ScopeRow, scope_change};
pub(crate) use scope_timeline::{ScopeDay, ScopeTimeline, scope_timeline};
pub(crate) use sparkline::sparkline;
pub(crate) use stacked_shares::{
    PartTone, SharePart, ShareRow, ShareScale, StackedShares, stacked_shares,
};
pub(crate) use survival::{Survival, SurvivalLine, SurvivalPoint, survival};
pub(crate) use swimlanes::{BarEnd, Lane, LaneBar, LaneLink, MOST_BARS, Swimlanes, swimlanes};
pub(crate) use text::{is_printable, safe_href};

/// What every chart has: its identity in the page, its words and its size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    /// Prefix of the identifiers in the drawing; unique within a page.
    pub(crate) id: String,
    /// The headline, which names the drawing.
    pub(crate) title: String,
    /// One or two sentences for readers who cannot see it.
    pub(crate) description: String,
    /// What is said when there is nothing to draw: what, why, what next.
    pub(crate) empty: String,
    /// Width in pixels.
    pub(crate) width: u32,
    /// Height in pixels; charts with one row per name follow their rows.
    pub(crate) height: u32,
}

impl Frame {
    /// Returns a frame of the usual size, 760 by 340 pixels.
    pub(crate) fn new(id: &str, title: &str, description: &str) -> Frame {
        Frame {
            id: id.to_owned(),
            title: title.to_owned(),
            description: description.to_owned(),
            empty: "No data in this period.".to_owned(),
            width: 760,
            height: 340,
        }
    }

    /// Sets what is said when there is nothing to draw.
    pub(crate) fn empty(mut self, text: &str) -> Frame {
        self.empty = text.to_owned();
        self
    }

    /// Sets the size in pixels.
    pub(crate) fn sized(mut self, width: u32, height: u32) -> Frame {
        self.width = width.clamp(320, 4000);
        self.height = height.clamp(140, 4000);
        self
    }
}

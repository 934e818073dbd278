//! A panel: one coordinate system on a canvas, with its axes and the marks,
//! lines and areas drawn in it.

use plotters::coord::cartesian::Cartesian2d;
use plotters::drawing::DrawingArea;
use plotters::element::{Drawable, PathElement, PointCollection, Polygon, Rectangle};
use plotters::series::LineSeries;

use super::axis::Axis;
use super::canvas::{Bounds, Canvas, Dash};
use super::label::{Align, Label, TEXT_SIZE, spread};
use super::svg::{Svg, TENTHS};
use super::token::Token;

/// Distance between the panel's edge and a label beside it, in pixels.
const LABEL_GAP: f64 = 8.0;
/// Least distance of two axis labels on one line.
const AXIS_LABEL_GAP: f64 = 6.0;

/// Depth of the middle of a horizontal axis' caption below its panel.
const AXIS_CAPTION_DEPTH: f64 = 31.0;

/// A label that belongs to a value and stands right of the panel.
pub(crate) struct SideLabel {
    /// The value it names.
    pub(crate) at: f64,
    /// The text.
    pub(crate) text: String,
    /// The colour.
    pub(crate) token: Token,
}

/// One coordinate system on a canvas.
pub(crate) struct Panel<'a> {
    /// The canvas it lies on.
    pub(crate) canvas: &'a Canvas,
    /// Where it lies.
    pub(crate) bounds: Bounds,
    /// The horizontal axis.
    pub(crate) x: Axis,
    /// The vertical axis.
    pub(crate) y: Axis,
    pub(super) area: DrawingArea<Svg, Cartesian2d<Axis, Axis>>,
}

impl Panel<'_> {
    /// Returns where a point lies on the canvas, in pixels.
    pub(crate) fn place(&self, x: f64, y: f64) -> (f64, f64) {
        let (x, y) = self.area.map_coordinate(&(x, y));
        let scale = f64::from(TENTHS);
        (f64::from(x) / scale, f64::from(y) / scale)
    }

    /// Draws one element.
    pub(crate) fn draw<E>(&self, element: &E)
    where
        for<'e> &'e E: PointCollection<'e, (f64, f64)>,
        E: Drawable<Svg>,
    {
        self.area
            .draw(element)
            .expect("drawing into memory cannot fail");
    }

    /// Fills a rectangle of the coordinate system.
    pub(crate) fn fill(&self, from: (f64, f64), to: (f64, f64), token: Token) {
        self.draw(&Rectangle::new([from, to], token.fill()));
    }

    /// Outlines a rectangle of the coordinate system over a pale fill.
    pub(crate) fn outline(&self, from: (f64, f64), to: (f64, f64), token: Token) {
        use plotters::style::Color;
        let pale = token.color().mix(0.22).filled();
        self.draw(&Rectangle::new([from, to], pale));
        self.draw(&Rectangle::new([from, to], token.line(1.0)));
    }

    /// Fills the area under a line down to the lower edge.
    pub(crate) fn fill_below(&self, line: &[(f64, f64)], token: Token) {
        let (Some(first), Some(last)) = (line.first(), line.last()) else {
            return;
        };
        let mut points = line.to_vec();
        points.push((last.0, self.y.low()));
        points.push((first.0, self.y.low()));
        self.draw(&Polygon::new(points, token.fill()));
    }

    /// Draws a line through points; a missing value breaks it.
    pub(crate) fn line(&self, points: &[(f64, Option<f64>)], token: Token, width: f64) {
        for run in points.split(|(_, value)| value.is_none()) {
            let run = run.iter().filter_map(|(x, value)| Some((*x, (*value)?)));
            if run.clone().count() < 2 {
                continue;
            }
            for element in LineSeries::new(run, token.line(width)) {
                self.area
                    .draw(&element)
                    .expect("drawing into memory cannot fail");
            }
        }
    }

    /// Draws a horizontal line at a value, across the panel.
    pub(crate) fn level(&self, value: f64, token: Token, dash: Dash) {
        let (_, y) = self.place(self.x.low(), value);
        let Bounds { left, right, .. } = self.bounds;
        self.canvas.stroke((left, y), (right, y), token, 1.4, dash);
    }

    /// Clears a strip of paper where a level will cross filled cells.
    pub(crate) fn clear_level(&self, value: f64) {
        let (_, y) = self.place(self.x.low(), value);
        let Bounds { left, right, .. } = self.bounds;
        let (from, to) = ((left, y), (right, y));
        self.canvas.stroke(from, to, Token::Clear, 4.0, Dash::Solid);
    }

    /// Draws a vertical line at a value, from top to bottom.
    pub(crate) fn upright(&self, value: f64, token: Token, dash: Dash) {
        let (x, _) = self.place(value, self.y.low());
        let Bounds { top, bottom, .. } = self.bounds;
        self.canvas.stroke((x, top), (x, bottom), token, 1.4, dash);
    }

    /// Draws the grid lines and labels of the vertical axis.
    pub(crate) fn draw_y_axis(&self) {
        let mut lowest_free = f64::INFINITY;
        for tick in &self.y.ticks {
            let (_, y) = self.place(self.x.low(), tick.at);
            self.draw(&PathElement::new(
                [(self.x.low(), tick.at), (self.x.high(), tick.at)],
                Token::Grid.line(1.0),
            ));
            if y < lowest_free {
                let label = Label::new(&tick.label, self.bounds.left - LABEL_GAP, y);
                self.canvas.text(&label.aligned(Align::End));
                lowest_free = y - TEXT_SIZE * 1.2;
            }
        }
    }

    /// Draws the grid lines of the horizontal axis and its labels below.
    pub(crate) fn draw_x_axis(&self, has_grid: bool) {
        let y = self.bounds.bottom;
        let mut free_from = f64::NEG_INFINITY;
        for tick in &self.x.ticks {
            let (x, _) = self.place(tick.at, self.y.low());
            if has_grid {
                let from = (x, self.bounds.top);
                self.canvas
                    .stroke(from, (x, y), Token::Grid, 1.0, Dash::Solid);
            }
            let label = Label::new(&tick.label, x, y + 14.0).aligned(Align::Middle);
            let label = label.kept_within(self.canvas.width);
            if label.bounds().left >= free_from {
                let tick_end = (x, y + 4.0);
                self.canvas
                    .stroke((x, y), tick_end, Token::Axis, 1.0, Dash::Solid);
                self.canvas.text(&label);
                free_from = label.bounds().right + AXIS_LABEL_GAP;
            }
        }
    }

    /// Writes what the horizontal axis measures, below its labels.
    pub(crate) fn x_caption(&self, text: &str) {
        let middle = (self.bounds.left + self.bounds.right) / 2.0;
        let label = Label::new(text, middle, self.bounds.bottom + AXIS_CAPTION_DEPTH);
        let label = label.aligned(Align::Middle);
        self.canvas.text(&label.fitted(self.canvas.width - 2.0));
    }

    /// Draws the base line of the panel.
    pub(crate) fn draw_base(&self) {
        let Bounds {
            left,
            right,
            bottom,
            ..
        } = self.bounds;
        self.canvas.stroke(
            (left, bottom),
            (right, bottom),
            Token::Axis,
            1.0,
            Dash::Solid,
        );
    }

    /// Writes labels right of the panel, each at its value or as near as the
    /// others leave room; a moved one is tied to its value by a hairline.
    pub(crate) fn side_labels(&self, labels: &[SideLabel]) {
        let x = self.bounds.right + LABEL_GAP;
        let room = self.canvas.width - x - 1.0;
        let made: Vec<Label> = labels
            .iter()
            .map(|side| {
                Label::new(&side.text, x, 0.0)
                    .colored(side.token)
                    .fitted(room)
            })
            .collect();
        let wanted: Vec<(f64, f64)> = labels
            .iter()
            .zip(&made)
            .map(|(side, label)| (self.place(self.x.high(), side.at).1, label.height()))
            .collect();
        let (low, high) = (self.bounds.top - 14.0, self.bounds.bottom + 7.0);
        for ((place, label), (value, height)) in spread(&wanted, low, high)
            .into_iter()
            .zip(made)
            .zip(&wanted)
        {
            let Some(middle) = place else { continue };
            if (middle - value).abs() > 4.0 {
                let from = (self.bounds.right, *value);
                self.canvas
                    .stroke(from, (x - 2.0, middle), Token::Axis, 1.0, Dash::Solid);
            }
            let first_line = middle - height / 2.0 + TEXT_SIZE * 0.6;
            self.canvas.text(&label.moved_to(x, first_line));
        }
    }
}

/// Returns the room the labels of a vertical axis need left of a panel.
pub(crate) fn left_room(axis: &Axis) -> f64 {
    let widest = axis
        .ticks
        .iter()
        .map(|tick| Label::new(&tick.label, 0.0, 0.0).width())
        .fold(0.0, f64::max);
    (widest + LABEL_GAP + 2.0).clamp(28.0, 110.0)
}

/// Returns the room labels need right of a panel, at most two fifths of the
/// canvas.
pub(crate) fn right_room<'t>(texts: impl IntoIterator<Item = &'t str>, width: f64) -> f64 {
    let widest = texts
        .into_iter()
        .map(|text| Label::new(text, 0.0, 0.0).width())
        .fold(0.0, f64::max);
    (widest + LABEL_GAP + 3.0).clamp(16.0, width * 0.4)
}

//! The canvas a chart is drawn on: labels, groups, links and bare strokes.

use plotters::coord::Shift;
use plotters::coord::cartesian::Cartesian2d;
use plotters::drawing::{DrawingArea, IntoDrawingArea};

use super::Frame;
use super::axis::Axis;
use super::document::{document, dropped_remark};
use super::label::Label;
use super::mark::{Mark, Shape};
use super::panel::Panel;
use super::svg::{Svg, tenths};
use super::text::{escape, pixels, safe_href};
use super::token::Token;

/// Room above a panel for its caption, in pixels.
pub(crate) const CAPTION_ROOM: f64 = 30.0;
/// Room a caption keeps for what is measured, however long the remarks.
const LEAST_CAPTION: f64 = 90.0;
/// Room below a panel for two lines of date labels.
pub(crate) const DATE_ROOM: f64 = 36.0;
/// Room below a panel for one line of labels.
pub(crate) const TICK_ROOM: f64 = 22.0;

/// A rectangle of the canvas in pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// Left edge.
    pub(crate) left: f64,
    /// Upper edge.
    pub(crate) top: f64,
    /// Right edge.
    pub(crate) right: f64,
    /// Lower edge.
    pub(crate) bottom: f64,
}

/// How a line is stroked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dash {
    /// Unbroken.
    Solid,
    /// Long dashes.
    Dashed,
    /// Dots.
    Dotted,
}

impl Dash {
    fn attribute(self) -> &'static str {
        match self {
            Dash::Solid => "",
            Dash::Dashed => " stroke-dasharray=\"6 4\"",
            Dash::Dotted => " stroke-dasharray=\"2 3\"",
        }
    }
}

/// A drawing in the making.
pub(crate) struct Canvas {
    svg: Svg,
    root: DrawingArea<Svg, Shift>,
    /// Width in pixels.
    pub(crate) width: f64,
    /// Height in pixels.
    pub(crate) height: f64,
}

impl Canvas {
    /// Returns an empty canvas.
    pub(crate) fn new(width: u32, height: u32) -> Canvas {
        let svg = Svg::new(width.max(120), height.max(40));
        Canvas {
            root: svg.clone().into_drawing_area(),
            svg,
            width: f64::from(width.max(120)),
            height: f64::from(height.max(40)),
        }
    }

    /// Returns a coordinate system inside `bounds`.
    pub(crate) fn panel(&self, bounds: Bounds, x: Axis, y: Axis) -> Panel<'_> {
        let range = (
            tenths(bounds.left)..tenths(bounds.right),
            tenths(bounds.bottom)..tenths(bounds.top),
        );
        let system = Cartesian2d::new(x.clone(), y.clone(), range);
        Panel {
            canvas: self,
            area: self.root.clone().apply_coord_spec(system),
            bounds,
            x,
            y,
        }
    }

    /// Writes a label.
    pub(crate) fn text(&self, label: &Label) {
        self.svg.push_label(label);
    }

    /// Writes a label if it overlaps no other text; returns whether it did.
    pub(crate) fn try_text(&self, label: &Label) -> bool {
        let is_free = self.svg.is_free(&label.bounds());
        if is_free {
            self.svg.push_label(label);
        }
        is_free
    }

    /// Writes what the value axis measures, with a remark on what is left
    /// out, at the top left of a panel that begins at `top`. Where both do not
    /// fit, the remarks stay whole.
    pub(crate) fn caption(&self, top: f64, text: &str, remarks: &[String]) {
        let join = |text: &str| {
            let parts = std::iter::once(text).chain(remarks.iter().map(String::as_str));
            let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
            parts.join(" · ")
        };
        let (x, y, room) = (1.0, top - CAPTION_ROOM + 9.0, self.width - 2.0);
        let whole = Label::new(&join(text), x, y);
        let excess = whole.width() - room;
        if excess <= 0.0 {
            return self.text(&whole);
        }
        let text = Label::new(text, x, y);
        let shorter = text.width() - excess;
        let text = text.fitted(shorter.max(LEAST_CAPTION));
        let mut label = Label::new(&join(&text.text), x, y).fitted(room);
        label.full = Some(whole.text);
        self.text(&label);
    }

    /// Draws inside a group that carries attributes of its own.
    pub(crate) fn group(&self, attributes: &str, draw: impl FnOnce()) {
        self.svg.push(&format!("<g {attributes}>\n"));
        draw();
        self.svg.push("</g>\n");
    }

    /// Draws inside a link with a tooltip; without a safe address, inside a
    /// plain group.
    pub(crate) fn linked(&self, href: Option<&str>, tip: &str, draw: impl FnOnce()) {
        let address = href.and_then(safe_href);
        if let Some(address) = &address {
            let address = escape(address);
            self.svg
                .push(&format!("<a href=\"{address}\" tabindex=\"-1\">"));
        }
        self.svg.push("<g class=\"m\">");
        if !tip.is_empty() {
            let tip = escape(tip);
            self.svg.push(&format!("<title>{tip}</title>\n"));
        }
        draw();
        self.svg.push("</g>");
        self.svg
            .push(if address.is_some() { "</a>\n" } else { "\n" });
    }

    /// Draws a line between two points given in pixels.
    pub(crate) fn stroke(
        &self,
        from: (f64, f64),
        to: (f64, f64),
        token: Token,
        width: f64,
        dash: Dash,
    ) {
        self.polyline(&[from, to], token, width, dash);
    }

    /// Draws a line through points given in pixels.
    pub(crate) fn polyline(&self, points: &[(f64, f64)], token: Token, width: f64, dash: Dash) {
        let place = |(x, y): &(f64, f64)| format!("{} {}", pixels(tenths(*x)), pixels(tenths(*y)));
        let places: Vec<String> = points.iter().map(place).collect();
        self.line_path(&format!("M{}", places.join("L")), token, width, dash);
    }

    /// Draws a path along data written by this room.
    pub(super) fn line_path(&self, data: &str, token: Token, width: f64, dash: Dash) {
        let width = match width {
            1.0 => String::new(),
            other => format!(" stroke-width=\"{other}\""),
        };
        let (name, dash) = (token.name(), dash.attribute());
        self.svg.push(&format!(
            "<path class=\"k-{name}\" d=\"{data}\"{width}{dash}/>\n"
        ));
    }

    /// Fills the area within an outline given in pixels.
    pub(crate) fn area(&self, outline: &[(f64, f64)], token: Token) {
        if outline.len() < 3 {
            return;
        }
        let place = |(x, y): &(f64, f64)| format!("{} {}", pixels(tenths(*x)), pixels(tenths(*y)));
        let places: Vec<String> = outline.iter().map(place).collect();
        let (name, data) = (token.name(), places.join("L"));
        self.svg
            .push(&format!("<path class=\"f-{name}\" d=\"M{data}z\"/>\n"));
    }

    /// Fills a path written by this room, pale enough to see through.
    pub(super) fn pale_path(&self, data: &str, token: Token) {
        let name = token.name();
        self.svg.push(&format!(
            "<path class=\"f-{name}\" d=\"{data}\" fill-opacity=\"0.14\"/>\n"
        ));
    }

    /// Draws one filled path made of rectangles given in pixels as left, top,
    /// width and height.
    pub(crate) fn cells(&self, token: Token, cells: &[[f64; 4]]) {
        if cells.is_empty() {
            return;
        }
        let data: String = cells
            .iter()
            .map(|cell| cell.map(|side| pixels(tenths(side))))
            .map(|[x, y, width, height]| format!("M{x} {y}h{width}v{height}h-{width}z"))
            .collect();
        let name = token.name();
        self.svg
            .push(&format!("<path class=\"f-{name}\" d=\"{data}\"/>\n"));
    }

    /// Draws bare dots at places given in pixels; the enclosing group gives
    /// them their colour.
    pub(crate) fn dots(&self, radius: f64, places: &[(f64, f64)]) {
        let r = pixels(tenths(radius));
        for (x, y) in places {
            let (x, y) = (pixels(tenths(*x)), pixels(tenths(*y)));
            self.svg
                .push(&format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\"/>\n"));
        }
    }

    /// Draws a bare mark at a place given in pixels.
    pub(super) fn mark(&self, (x, y): (f64, f64), shape: Shape, radius: f64, token: Token) {
        let mark = Mark::new((x, y), shape, radius, token);
        self.svg.push(&mark.markup((tenths(x), tenths(y))));
    }

    /// Returns the finished drawing.
    pub(crate) fn finish(&self, frame: &Frame, dropped: usize) -> String {
        let mut description = frame.description.clone();
        for remark in dropped_remark(dropped) {
            description.push_str(&format!(" Not drawn: {remark}."));
        }
        document(&self.svg, &frame.id, &frame.title, description.trim())
    }
}

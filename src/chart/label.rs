//! Text labels: where they stand, the box they fill, how they are written.

use std::fmt::Write;

use super::svg::tenths;
use super::text::{clean_line, escape, fit, pixels, text_width};
use super::token::Token;

/// Size of chart text in pixels; the stylesheet's size for `svg.chart`.
pub(crate) const TEXT_SIZE: f64 = 12.0;
/// Size of the smallest text, used beside marks.
pub(crate) const SMALL_SIZE: f64 = 11.0;
/// Distance of two lines of one label, in ems.
const LINE_HEIGHT: f64 = 1.2;

/// Which part of the text stands at the label's x.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    /// The text begins there.
    Start,
    /// The text is centred there.
    Middle,
    /// The text ends there.
    End,
}

/// An estimated box of drawn text, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct TextBox {
    /// Left edge.
    pub(crate) left: f64,
    /// Upper edge.
    pub(crate) top: f64,
    /// Right edge.
    pub(crate) right: f64,
    /// Lower edge.
    pub(crate) bottom: f64,
}

impl TextBox {
    /// Returns whether two boxes share more than a hair.
    pub(crate) fn overlaps(&self, other: &TextBox) -> bool {
        let width = self.right.min(other.right) - self.left.max(other.left);
        let height = self.bottom.min(other.bottom) - self.top.max(other.top);
        width > 0.5 && height > 1.0
    }
}

/// One label; `x` and `y` are the anchor, `y` the middle of the first line.
#[derive(Clone, Debug)]
pub(crate) struct Label {
    /// The text; `\n` begins a new line.
    pub(crate) text: String,
    /// The whole text when `text` was shortened.
    pub(crate) full: Option<String>,
    x: f64,
    y: f64,
    align: Align,
    size: f64,
    token: Token,
    is_bold: bool,
}

impl Label {
    /// Returns a label in secondary ink that begins at `x`.
    pub(crate) fn new(text: &str, x: f64, y: f64) -> Label {
        let lines: Vec<String> = text.split('\n').map(clean_line).collect();
        Label {
            text: lines.join("\n"),
            full: None,
            x,
            y,
            align: Align::Start,
            size: TEXT_SIZE,
            token: Token::Ink2,
            is_bold: false,
        }
    }

    /// Sets which part of the text stands at `x`.
    pub(crate) fn aligned(mut self, align: Align) -> Label {
        self.align = align;
        self
    }

    /// Sets the colour.
    pub(crate) fn colored(mut self, token: Token) -> Label {
        self.token = token;
        self
    }

    /// Moves the anchor.
    pub(crate) fn moved_to(mut self, x: f64, y: f64) -> Label {
        (self.x, self.y) = (x, y);
        self
    }

    /// Sets the size in pixels.
    pub(crate) fn sized(mut self, size: f64) -> Label {
        self.size = size;
        self
    }

    /// Sets the bold cut.
    pub(crate) fn bold(mut self) -> Label {
        self.is_bold = true;
        self
    }

    /// Shortens each line to `room` pixels; the whole text becomes a title.
    pub(crate) fn fitted(mut self, room: f64) -> Label {
        let shortened: Vec<String> = self
            .text
            .split('\n')
            .map(|line| fit(line, room, self.size, self.is_bold))
            .collect();
        let shortened = shortened.join("\n");
        if shortened != self.text {
            self.full = Some(self.text.replace('\n', " "));
            self.text = shortened;
        }
        self
    }

    /// Returns the estimated width of the longest line.
    pub(crate) fn width(&self) -> f64 {
        self.text
            .split('\n')
            .map(|line| text_width(line, self.size, self.is_bold))
            .fold(0.0, f64::max)
    }

    /// Returns the height of all lines.
    pub(crate) fn height(&self) -> f64 {
        self.size * LINE_HEIGHT * self.text.split('\n').count() as f64
    }

    /// Returns the estimated box.
    pub(crate) fn bounds(&self) -> TextBox {
        let width = self.width();
        let left = match self.align {
            Align::Start => self.x,
            Align::Middle => self.x - width / 2.0,
            Align::End => self.x - width,
        };
        let top = self.y - self.size * LINE_HEIGHT / 2.0;
        TextBox {
            left,
            top,
            right: left + width,
            bottom: top + self.height(),
        }
    }

    /// Returns the label moved sideways, and shortened if need be, so that it
    /// stays within a drawing of the given width.
    pub(crate) fn kept_within(&self, drawing_width: f64) -> Label {
        let mut label = self.clone().fitted(drawing_width - 2.0);
        let bounds = label.bounds();
        if bounds.left < 1.0 {
            label.x += 1.0 - bounds.left;
        } else if bounds.right > drawing_width - 1.0 {
            label.x -= bounds.right - (drawing_width - 1.0);
        }
        label
    }

    /// Appends the label's markup.
    pub(crate) fn write_to(&self, markup: &mut String) {
        let x = pixels(tenths(self.x));
        // A baseline 0.35 em below the middle centres digits and capitals.
        let y = pixels(tenths(self.y + 0.35 * self.size));
        let anchor = match self.align {
            Align::Start => "",
            Align::Middle => " text-anchor=\"middle\"",
            Align::End => " text-anchor=\"end\"",
        };
        let size = if self.size == TEXT_SIZE {
            String::new()
        } else {
            format!(" font-size=\"{}\"", self.size)
        };
        let weight = if self.is_bold {
            " font-weight=\"600\""
        } else {
            ""
        };
        let name = self.token.name();
        // Writing to a String cannot fail.
        let _ = write!(
            markup,
            "<text class=\"f-{name}\" x=\"{x}\" y=\"{y}\"{anchor}{size}{weight}>"
        );
        if let Some(full) = &self.full {
            let _ = write!(markup, "<title>{}</title>", escape(full));
        }
        for (index, line) in self.text.split('\n').enumerate() {
            let _ = match index {
                0 => write!(markup, "{}", escape(line)),
                _ => write!(
                    markup,
                    "<tspan x=\"{x}\" dy=\"{LINE_HEIGHT}em\">{}</tspan>",
                    escape(line)
                ),
            };
        }
        markup.push_str("</text>\n");
    }
}

/// Returns the middles of stacked labels moved apart just enough not to
/// overlap, within `low..high`; `None` for labels that find no room.
///
/// `wanted` holds middle and height; the result keeps its order.
pub(crate) fn spread(wanted: &[(f64, f64)], low: f64, high: f64) -> Vec<Option<f64>> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|a, b| wanted[*a].0.total_cmp(&wanted[*b].0).then(a.cmp(b)));
    let mut room = high - low;
    order.retain(|index| {
        room -= wanted[*index].1;
        room >= 0.0
    });
    let mut placed = vec![None; wanted.len()];
    let mut floor = low;
    for index in &order {
        let (middle, height) = wanted[*index];
        let top = (middle - height / 2.0).max(floor);
        placed[*index] = Some(top + height / 2.0);
        floor = top + height;
    }
    let mut ceiling = high;
    for index in order.iter().rev() {
        let height = wanted[*index].1;
        let middle = placed[*index]
            .unwrap_or(ceiling)
            .min(ceiling - height / 2.0);
        placed[*index] = Some(middle);
        ceiling = middle - height / 2.0;
    }
    placed
}

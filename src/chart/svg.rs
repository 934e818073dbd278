//! The drawing backend: plotters' calls in, themed SVG out.
//!
//! It differs from plotters' own SVG backend in what a page needs: class
//! names instead of colours, tenths of a pixel, escaped text, titles and
//! links on marks, and a record of every text box, so that a label which
//! would overlap another can be left out.
//!
//! Invariants: no `style` attribute (the page's content security policy
//! forbids it), no identifiers besides those the caller passes, the same
//! calls give the same bytes.

use std::cell::RefCell;
use std::convert::Infallible;
use std::fmt::Write;
use std::rc::Rc;

use plotters_backend::text_anchor::HPos;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
    FontStyle,
};

use super::label::{Align, Label, TextBox};
use super::text::{pixels, text_width};
use super::token::Token;

/// plotters counts whole pixels, so the canvas is ten times the drawing.
pub(crate) const TENTHS: i32 = 10;

/// Returns a length in pixels as the backend's tenths.
pub(crate) fn tenths(length: f64) -> i32 {
    (length * f64::from(TENTHS)).round() as i32
}

#[derive(Debug, Default)]
struct Sheet {
    markup: String,
    texts: Vec<TextBox>,
}

/// A themed SVG drawing; clones share one sheet.
#[derive(Clone, Debug)]
pub(crate) struct Svg {
    /// Width in pixels.
    pub(crate) width: u32,
    /// Height in pixels.
    pub(crate) height: u32,
    sheet: Rc<RefCell<Sheet>>,
}

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

impl Svg {
    /// Returns an empty drawing of the given size in pixels.
    pub(crate) fn new(width: u32, height: u32) -> Svg {
        Svg {
            width,
            height,
            sheet: Rc::default(),
        }
    }

    /// Appends markup made by this room.
    pub(crate) fn push(&self, markup: &str) {
        self.sheet.borrow_mut().markup.push_str(markup);
    }

    /// Returns the markup drawn so far.
    pub(crate) fn markup(&self) -> String {
        self.sheet.borrow().markup.clone()
    }

    /// Returns whether a box lies inside the drawing and over no other text.
    pub(crate) fn is_free(&self, area: &TextBox) -> bool {
        let inside = area.left >= 0.0
            && area.top >= 0.0
            && area.right <= f64::from(self.width)
            && area.bottom <= f64::from(self.height);
        inside && !self.sheet.borrow().texts.iter().any(|t| t.overlaps(area))
    }

    /// Writes a label, moved sideways where it would leave the drawing.
    pub(crate) fn push_label(&self, label: &Label) {
        if label.text.trim().is_empty() {
            return;
        }
        let label = label.kept_within(f64::from(self.width));
        let mut sheet = self.sheet.borrow_mut();
        sheet.texts.push(label.bounds());
        label.write_to(&mut sheet.markup);
    }

    fn push_shape(&self, class: &str, geometry: &str, style: &impl BackendStyle, is_filled: bool) {
        let color = style.color();
        if color.alpha == 0.0 {
            return;
        }
        let kind = if is_filled { "f" } else { "k" };
        let name = Token::of(color).name();
        let stroke = if is_filled {
            String::new()
        } else {
            stroke_width(style.stroke_width())
        };
        let opacity = opacity(if is_filled { "fill" } else { "stroke" }, color);
        self.push(&format!(
            "<{class} class=\"{kind}-{name}\" {geometry}{stroke}{opacity}/>\n"
        ));
    }
}

/// The stylesheet draws strokes one pixel wide; only other widths are said.
fn stroke_width(width: u32) -> String {
    if width == TENTHS as u32 {
        return String::new();
    }
    format!(" stroke-width=\"{}\"", pixels(width as i32))
}

fn opacity(kind: &str, color: BackendColor) -> String {
    if color.alpha >= 0.995 {
        return String::new();
    }
    format!(" {kind}-opacity=\"{:.2}\"", color.alpha)
}

fn path_data(points: impl IntoIterator<Item = BackendCoord>) -> String {
    let mut data = String::new();
    for (index, (x, y)) in points.into_iter().enumerate() {
        let command = if index == 0 { 'M' } else { 'L' };
        // Writing to a String cannot fail.
        let _ = write!(data, "{command}{} {}", pixels(x), pixels(y));
    }
    data
}

impl DrawingBackend for Svg {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        (self.width * TENTHS as u32, self.height * TENTHS as u32)
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Drawn {
        self.draw_rect(point, (point.0 + TENTHS, point.1 + TENTHS), &color, true)
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Drawn {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        a: BackendCoord,
        b: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        let geometry = format!(
            "x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"",
            pixels(a.0.min(b.0)),
            pixels(a.1.min(b.1)),
            pixels((a.0 - b.0).abs()),
            pixels((a.1 - b.1).abs())
        );
        self.push_shape("rect", &geometry, style, fill);
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        let geometry = format!("d=\"{}\"", path_data(path));
        self.push_shape("path", &geometry, style, false);
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        points: I,
        style: &S,
    ) -> Drawn {
        let geometry = format!("d=\"{}z\"", path_data(points));
        self.push_shape("path", &geometry, style, true);
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        center: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Drawn {
        let geometry = format!(
            "cx=\"{}\" cy=\"{}\" r=\"{}\"",
            pixels(center.0),
            pixels(center.1),
            pixels(radius as i32)
        );
        self.push_shape("circle", &geometry, style, fill);
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: BackendCoord) -> Drawn {
        let align = match style.anchor().h_pos {
            HPos::Left => Align::Start,
            HPos::Center => Align::Middle,
            HPos::Right => Align::End,
        };
        let scale = f64::from(TENTHS);
        let label = Label::new(text, f64::from(at.0) / scale, f64::from(at.1) / scale)
            .aligned(align)
            .sized(style.size() / scale)
            .colored(Token::of(style.color()));
        self.push_label(&label);
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let bold = matches!(style.style(), FontStyle::Bold);
        let widest = text
            .lines()
            .map(|line| text_width(line, style.size(), bold))
            .fold(0.0, f64::max);
        let height = style.size() * 1.2 * text.lines().count() as f64;
        Ok((widest.ceil() as u32, height.ceil() as u32))
    }
}

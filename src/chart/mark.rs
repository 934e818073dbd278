//! Data marks: shape, tooltip and link.
//!
//! `Drawable` is generic over the backend, so a mark can write what plotters'
//! own elements cannot: a title and an address.

use std::convert::Infallible;
use std::fmt::Write;

use plotters::element::{Drawable, PointCollection};
use plotters_backend::{BackendCoord, DrawingErrorKind};

use super::svg::{Svg, tenths};
use super::text::{cut, escape, pixels, safe_href};
use super::token::Token;

/// Longest tooltip in characters; the table beside a chart holds the rest.
pub(super) const TIP_LENGTH: usize = 120;

/// What a mark looks like, so that colour is never the only difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// An ordinary value.
    Dot,
    /// A planned value.
    Ring,
    /// A value that asks for attention.
    Diamond,
    /// A value beyond the scale.
    Triangle,
}

/// One mark at a place of the coordinate system.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    at: (f64, f64),
    shape: Shape,
    radius: f64,
    token: Token,
    tip: String,
    href: Option<String>,
}

impl Mark {
    /// Returns a mark without tooltip or link.
    pub(crate) fn new(at: (f64, f64), shape: Shape, radius: f64, token: Token) -> Mark {
        Mark {
            at,
            shape,
            radius,
            token,
            tip: String::new(),
            href: None,
        }
    }

    /// Adds the tooltip.
    pub(crate) fn tip(mut self, tip: &str) -> Mark {
        self.tip = cut(tip, TIP_LENGTH);
        self
    }

    /// Adds the link, unless the address is unsafe.
    pub(crate) fn href(mut self, href: Option<&str>) -> Mark {
        self.href = href.and_then(safe_href);
        self
    }

    fn geometry(&self, (x, y): BackendCoord) -> String {
        let radius = tenths(self.radius);
        let r = pixels(radius);
        match self.shape {
            Shape::Dot | Shape::Ring => {
                format!("cx=\"{}\" cy=\"{}\" r=\"{r}\"", pixels(x), pixels(y))
            }
            Shape::Diamond => format!(
                "d=\"M{} {}l{r} {r}l-{r} {r}l-{r} -{r}z\"",
                pixels(x),
                pixels(y - radius)
            ),
            Shape::Triangle => format!(
                "d=\"M{} {}l{r} {}h-{}z\"",
                pixels(x),
                pixels(y - radius),
                pixels(2 * radius),
                pixels(2 * radius)
            ),
        }
    }

    /// Returns the mark's markup at a place in tenths of a pixel.
    pub(super) fn markup(&self, at: BackendCoord) -> String {
        let element = match self.shape {
            Shape::Dot | Shape::Ring => "circle",
            Shape::Diamond | Shape::Triangle => "path",
        };
        let paint = match self.shape {
            Shape::Ring => format!("k-{} hollow", self.token.name()),
            _ => format!("f-{}", self.token.name()),
        };
        let geometry = self.geometry(at);
        if self.tip.is_empty() && self.href.is_none() {
            return format!("<{element} class=\"{paint}\" {geometry}/>\n");
        }
        let mut shape = format!("<{element} class=\"m {paint}\" {geometry}>");
        // Writing to a String cannot fail.
        let _ = write!(shape, "<title>{}</title></{element}>", escape(&self.tip));
        match &self.href {
            Some(href) => format!("<a href=\"{}\" tabindex=\"-1\">{shape}</a>\n", escape(href)),
            None => format!("{shape}\n"),
        }
    }
}

impl<'a> PointCollection<'a, (f64, f64)> for &'a Mark {
    type Point = &'a (f64, f64);
    type IntoIter = std::iter::Once<&'a (f64, f64)>;

    fn point_iter(self) -> Self::IntoIter {
        std::iter::once(&self.at)
    }
}

impl Drawable<Svg> for Mark {
    fn draw<I: Iterator<Item = BackendCoord>>(
        &self,
        positions: I,
        backend: &mut Svg,
        _: (u32, u32),
    ) -> Result<(), DrawingErrorKind<Infallible>> {
        for at in positions {
            backend.push(&self.markup(at));
        }
        Ok(())
    }
}

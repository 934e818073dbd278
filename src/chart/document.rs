//! The finished element, and the drawing that says why there is none.

use super::Frame;
use super::canvas::{Canvas, Dash};
use super::label::Label;
use super::number::{Unit, counted, grouped};
use super::svg::Svg;
use super::text::escape;
use super::token::Token;

/// Returns the finished element: a group named and described for readers who
/// cannot see it, with the drawing itself hidden from them.
pub(crate) fn document(svg: &Svg, id: &str, title: &str, description: &str) -> String {
    let (width, height) = (svg.width, svg.height);
    let id: String = id
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '_' {
                c
            } else {
                '-'
            }
        })
        .collect();
    format!(
        "<svg class=\"chart\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" role=\"group\" aria-labelledby=\"{id}-t\" \
         aria-describedby=\"{id}-d\">\n<title id=\"{id}-t\">{}</title>\n\
         <desc id=\"{id}-d\">{}</desc>\n<g aria-hidden=\"true\">\n{}</g>\n</svg>",
        escape(title),
        escape(description),
        svg.markup()
    )
}

/// Returns the remark on values that are no numbers, if there are any.
pub(crate) fn dropped_remark(dropped: usize) -> Vec<String> {
    match dropped {
        0 => Vec::new(),
        count => vec![format!(
            "{} without a number left out",
            counted(count, "value")
        )],
    }
}

/// Returns the remark on values beyond the scale, if there are any.
pub(crate) fn off_scale_remark(values: &[f64], top: f64, unit: Unit) -> Option<String> {
    let beyond = values.iter().copied().filter(|value| *value > top);
    let count = beyond.clone().count();
    let greatest = unit.words(beyond.fold(0.0, f64::max));
    (count > 0).then(|| {
        let count = grouped(count as f64, 0);
        format!("▲ {count} off scale, greatest {greatest}")
    })
}

/// Returns a drawing that says why there is nothing to draw.
pub(crate) fn empty(frame: &Frame, dropped: usize) -> String {
    let canvas = Canvas::new(frame.width, 64);
    let mut text = frame.empty.clone();
    for remark in dropped_remark(dropped) {
        text.push_str(&format!(" ({remark})"));
    }
    let label = Label::new(&text, 1.0, 32.0).fitted(canvas.width - 2.0);
    canvas.stroke(
        (0.0, 0.5),
        (canvas.width, 0.5),
        Token::Grid,
        1.0,
        Dash::Solid,
    );
    canvas.text(&label);
    canvas.stroke(
        (0.0, 63.5),
        (canvas.width, 63.5),
        Token::Grid,
        1.0,
        Dash::Solid,
    );
    canvas.finish(frame, dropped)
}

//! Tests of the whole room: every drawing, ordinary or hostile, keeps the
//! room's invariants.

mod charts;
mod markup;
mod release_charts;
pub(crate) mod samples;
mod share_charts;
mod style;
mod swimlanes;
mod words;

use markup::{attributes, elements, texts};
use samples::drawings;

#[test]
fn the_same_input_gives_the_same_bytes() {
    for ((name, first), (_, second)) in drawings().into_iter().zip(drawings()) {
        assert_eq!(first, second, "{name}");
    }
}

#[test]
fn no_text_overlaps_another_or_leaves_the_drawing() {
    for (name, svg) in drawings() {
        let (width, height) = markup::size(&svg);
        let texts = texts(&svg);
        for (index, (text, area)) in texts.iter().enumerate() {
            let is_inside = area.left >= 0.0
                && area.top >= -0.5
                && area.right <= width
                && area.bottom <= height + 0.5;
            assert!(is_inside, "{name}: `{text}` leaves the drawing: {area:?}");
            for (other, other_area) in &texts[index + 1..] {
                let overlaps = area.overlaps(other_area);
                assert!(!overlaps, "{name}: `{text}` lies over `{other}`");
            }
        }
    }
}

#[test]
fn every_drawing_is_well_formed_and_inert() {
    for (name, svg) in drawings() {
        let elements = elements(&svg);
        assert!(elements.is_ok(), "{name}: {:?}", elements.err());
        for (element, attributes) in elements.unwrap_or_default() {
            let known = [
                "svg", "title", "desc", "g", "a", "path", "rect", "circle", "text", "tspan",
            ];
            assert!(known.contains(&element.as_str()), "{name}: <{element}>");
            for (attribute, _) in attributes {
                let is_inert = attribute != "style" && !attribute.starts_with("on");
                assert!(is_inert, "{name}: {attribute}");
            }
        }
        let stray = svg.chars().find(|c| c.is_control() && *c != '\n');
        assert_eq!(stray, None, "{name}");
        assert!(
            !svg.contains('\u{202e}') && !svg.contains('\u{fffe}'),
            "{name}"
        );
        for word in ["NaN", "inf"] {
            let numbers = attributes(&svg, "d").join(" ");
            assert!(!numbers.contains(word), "{name}: {word} in a path");
        }
    }
}

#[test]
fn links_go_to_safe_places_and_take_no_tab_stop() {
    for (name, svg) in drawings() {
        let links = svg.matches("<a ").count();
        assert_eq!(links, svg.matches(" tabindex=\"-1\"").count(), "{name}");
        for href in attributes(&svg, "href") {
            let is_safe = href.starts_with("https://") || href.starts_with("../");
            assert!(is_safe, "{name}: {href}");
        }
    }
}

#[test]
fn every_drawing_is_a_named_group_with_its_content_hidden() {
    for (name, svg) in drawings() {
        let id = attributes(&svg, "aria-labelledby").concat();
        let prefix = id.trim_end_matches("-t");
        let described = attributes(&svg, "aria-describedby");
        assert_eq!(described, [format!("{prefix}-d")], "{name}");
        let ids = attributes(&svg, "id");
        assert_eq!(
            ids,
            [format!("{prefix}-t"), format!("{prefix}-d")],
            "{name}"
        );
        assert_eq!(attributes(&svg, "role"), ["group"], "{name}");
        assert_eq!(attributes(&svg, "aria-hidden"), ["true"], "{name}");
    }
}

#[test]
fn no_drawing_outgrows_a_page() {
    for (name, svg) in drawings() {
        assert!(svg.len() <= 125_000, "{name}: {} bytes", svg.len());
        // Thirty-eight years of weeks, half of them signals, may be larger.
        let is_usual = name != "control chart, 2,000 weeks";
        assert!(
            !is_usual || svg.len() <= 90_000,
            "{name}: {} bytes",
            svg.len()
        );
    }
    let linked = drawings()
        .into_iter()
        .find(|(name, _)| *name == "scatter, 400 linked dots");
    let (_, svg) = linked.expect("the samples hold this drawing");
    assert_eq!(svg.matches("<a ").count(), 400);
    assert!(svg.len() <= 90_000, "{} bytes", svg.len());
}

//! A reader of the markup this room writes, independent of its writer.

use crate::chart::label::TextBox;
use crate::chart::text::text_width;

type Attributes = Vec<(String, String)>;

/// Returns each element with its attributes, or what is not well formed.
pub(super) fn elements(svg: &str) -> Result<Vec<(String, Attributes)>, String> {
    let mut open: Vec<String> = Vec::new();
    let mut found = Vec::new();
    let mut rest = svg;
    while let Some(start) = rest.find('<') {
        check_text(&rest[..start])?;
        let end = rest[start..].find('>').ok_or("a tag without end")? + start;
        let tag = &rest[start + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            let opened = open.pop();
            if opened.as_deref() != Some(name) {
                return Err(format!("</{name}> closes {opened:?}"));
            }
            continue;
        }
        let is_closed = tag.ends_with('/');
        let (name, attributes) = parse_tag(tag.trim_end_matches('/'))?;
        if !is_closed {
            open.push(name.clone());
        }
        found.push((name, attributes));
    }
    match open.pop() {
        Some(name) => Err(format!("<{name}> is not closed")),
        None => check_text(rest).map(|()| found),
    }
}

fn check_text(text: &str) -> Result<(), String> {
    for after in text.split('&').skip(1) {
        let is_known = ["amp;", "lt;", "gt;", "quot;", "#39;"]
            .iter()
            .any(|entity| after.starts_with(entity));
        if !is_known {
            return Err(format!("a bare & before `{after}`"));
        }
    }
    if text.contains('>') {
        return Err(format!("a bare > in `{text}`"));
    }
    Ok(())
}

fn parse_tag(tag: &str) -> Result<(String, Attributes), String> {
    let (name, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
    let mut attributes = Attributes::new();
    while !rest.trim().is_empty() {
        let (key, after) = rest
            .split_once("=\"")
            .ok_or(format!("`{rest}` in <{tag}>"))?;
        let (value, after) = after
            .split_once('"')
            .ok_or(format!("`{after}` in <{tag}>"))?;
        check_text(value)?;
        let key = key.trim().to_owned();
        if attributes.iter().any(|(known, _)| *known == key) {
            return Err(format!("{key} twice in <{tag}>"));
        }
        attributes.push((key, value.to_owned()));
        rest = after;
    }
    Ok((name.to_owned(), attributes))
}

/// Returns every value of an attribute, in document order.
pub(super) fn attributes(svg: &str, name: &str) -> Vec<String> {
    elements(svg)
        .expect("the drawing is well formed")
        .into_iter()
        .flat_map(|(_, attributes)| attributes)
        .filter(|(key, _)| key == name)
        .map(|(_, value)| value)
        .collect()
}

/// Returns the drawing's width and height.
pub(super) fn size(svg: &str) -> (f64, f64) {
    let number = |name| {
        let values = attributes(svg, name);
        values.first().and_then(|value| value.parse::<f64>().ok())
    };
    (
        number("width").expect("the drawing has a width"),
        number("height").expect("the drawing has a height"),
    )
}

/// Returns the lines of text with their estimated boxes.
pub(super) fn texts(svg: &str) -> Vec<(String, TextBox)> {
    let mut found = Vec::new();
    for part in svg.split("<text ").skip(1) {
        let (tag, after) = part.split_once('>').expect("a tag ends");
        let (content, _) = after.split_once("</text>").expect("a text ends");
        let content = match content.split_once("</title>") {
            Some((_, shown)) => shown,
            None => content,
        };
        let (_, attributes) = parse_tag(&format!("text {tag}")).expect("attributes");
        let value = |name: &str| {
            let found = attributes.iter().find(|(key, _)| key == name);
            found.map(|(_, value)| value.as_str())
        };
        let number = |name: &str, otherwise: f64| {
            value(name)
                .and_then(|text| text.parse().ok())
                .unwrap_or(otherwise)
        };
        let size = number("font-size", 12.0);
        let is_bold = value("font-weight").is_some();
        for (index, line) in content.split("<tspan ").enumerate() {
            let line = line.trim_end_matches("</tspan>");
            let line = line.rsplit_once('>').map_or(line, |(_, text)| text);
            let line = unescape(line);
            let width = text_width(&line, size, is_bold);
            let left = match value("text-anchor") {
                Some("middle") => number("x", 0.0) - width / 2.0,
                Some("end") => number("x", 0.0) - width,
                _ => number("x", 0.0),
            };
            let baseline = number("y", 0.0) + 1.2 * size * index as f64;
            let area = TextBox {
                left,
                top: baseline - 0.93 * size,
                right: left + width,
                bottom: baseline + 0.24 * size,
            };
            found.push((line, area));
        }
    }
    found
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

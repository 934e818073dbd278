//! Tests of the stylesheet and the script against what the charts need.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::markup::attributes;
use super::samples::drawings;
use crate::chart::sparkline;
use crate::chart::token::{TOKENS, Token, bar_shade};

const STYLE: &str = include_str!("../../../reports/_style.css");
const SCRIPT: &str = include_str!("../../../reports/_script.js");

type Palette = BTreeMap<String, [f64; 3]>;

/// Returns the colours of the `at`th `:root` block over those before it.
fn palette(at: usize) -> Palette {
    let mut colors = Palette::new();
    for block in STYLE.split(":root {").skip(1).take(at + 1) {
        let (block, _) = block.split_once('}').expect("a block ends");
        for line in block.lines() {
            let Some((name, value)) = line.trim().split_once(": #") else {
                continue;
            };
            let hex = value.trim_end_matches(';');
            let channel = |from: usize| {
                let number = u8::from_str_radix(&hex[from..from + 2], 16);
                f64::from(number.expect("two hexadecimal digits")) / 255.0
            };
            let name = name.trim_start_matches("--").to_owned();
            colors.insert(name, [channel(0), channel(2), channel(4)]);
        }
    }
    colors
}

/// WCAG 2.2 relative luminance.
fn luminance(color: [f64; 3]) -> f64 {
    let [red, green, blue] = color.map(|channel| match channel {
        channel if channel <= 0.04045 => channel / 12.92,
        channel => ((channel + 0.055) / 1.055).powf(2.4),
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn assert_contrast(theme: &str, palette: &Palette, pairs: &[(&str, &str)], least: f64) {
    for (name, ground) in pairs {
        let ratio = contrast(palette[*name], palette[*ground]);
        assert!(ratio >= least, "{theme}: {name} on {ground} is {ratio:.2}");
    }
}

fn crossed<'a>(names: &[&'a str], grounds: &[&'a str]) -> Vec<(&'a str, &'a str)> {
    let pair = |name: &&'a str| {
        grounds
            .iter()
            .map(|ground| (*name, *ground))
            .collect::<Vec<_>>()
    };
    names.iter().flat_map(pair).collect()
}

#[test]
fn contrast_of_text_and_marks_holds_in_both_themes() {
    let mut text = crossed(
        &["ink", "ink2", "link", "good", "bad", "warn", "accent"],
        &["paper", "card"],
    );
    text.extend(crossed(&["ink", "ink2"], &["band", "b0", "b1", "b2", "b3"]));
    text.extend([
        ("good", "good-paper"),
        ("bad", "bad-paper"),
        ("warn", "warn-paper"),
        ("ink-on-q1", "q1"),
        ("ink-on-q1", "q2"),
        ("ink-on-q1", "q3"),
        ("ink-on-q5", "q4"),
        ("ink-on-q5", "q5"),
    ]);
    let shades = (1..=9).flat_map(|count| (0..count).map(move |index| bar_shade(index, count)));
    let grounds = [Token::S1, Token::S3, Token::S4, Token::Bad];
    let grounds = grounds.into_iter().chain(shades);
    text.extend(grounds.map(|ground| (ground.ink().name(), ground.name())));
    let mut marks = crossed(&["axis", "s1", "s3", "s4", "bad", "accent"], &["paper"]);
    marks.extend(crossed(&["ink2", "bad"], &["b0", "b1", "b2", "b3"]));
    marks.extend(crossed(&["s1", "accent"], &["band"]));
    for (theme, palette) in [("light", palette(0)), ("dark", palette(1))] {
        assert_contrast(theme, &palette, &text, 4.5);
        assert_contrast(theme, &palette, &marks, 3.0);
    }
}

#[test]
fn pale_dots_keep_their_contrast() {
    let (_, after) = STYLE.split_once(".pale {").expect("a rule for pale dots");
    let (_, after) = after.split_once("fill-opacity: ").expect("an opacity");
    let (share, _) = after.split_once(';').expect("a declaration ends");
    let share: f64 = share.parse().expect("a number");
    for palette in [palette(0), palette(1)] {
        let (dot, paper) = (palette["s1"], palette["paper"]);
        let mixed = [0, 1, 2].map(|i| dot[i] * share + paper[i] * (1.0 - share));
        assert!(contrast(mixed, paper) >= 3.0, "{}", contrast(mixed, paper));
    }
}

#[test]
fn every_class_of_a_drawing_has_a_rule() {
    let mut classes: BTreeSet<String> = drawings()
        .into_iter()
        .map(|(_, svg)| svg)
        .chain([sparkline(&[Some(1.0), Some(2.0)], Some((0.0, 1.0)))])
        .flat_map(|svg| attributes(&svg, "class"))
        .flat_map(|classes| classes.split(' ').map(str::to_owned).collect::<Vec<_>>())
        .collect();
    classes.extend(TOKENS.iter().map(|(_, name)| format!("f-{name}")));
    classes.extend(TOKENS.iter().map(|(_, name)| format!("k-{name}")));
    for class in classes {
        let has_rule = [" ", ",", "{", ")"]
            .iter()
            .any(|end| STYLE.contains(&format!(".{class}{end}")));
        assert!(has_rule, ".{class} has no rule");
    }
}

#[test]
fn every_variable_is_declared() {
    let declared = |name: &str| STYLE.contains(&format!("  --{name}: "));
    for used in STYLE.split("var(--").skip(1) {
        let (name, _) = used.split_once(')').expect("a variable ends");
        assert!(declared(name), "--{name}");
    }
    for (index, (token, name)) in TOKENS.iter().enumerate() {
        assert_eq!(*token as usize, index, "{name} stands at its own place");
        assert!(declared(name), "--{name}");
    }
    let (light, dark) = (palette(0), palette(1));
    assert_eq!(
        light.keys().collect::<Vec<_>>(),
        dark.keys().collect::<Vec<_>>()
    );
    assert!(light.iter().all(|(name, color)| dark[name] != *color));
}

#[test]
fn assets_load_nothing_and_can_be_inlined() {
    for forbidden in ["url(", "@import", "</", "http:", "https:"] {
        assert!(!STYLE.contains(forbidden), "{forbidden}");
    }
    let forbidden = [
        "</",
        "http",
        "innerHTML",
        "eval(",
        "fetch(",
        "import(",
        "XMLHttp",
        "localStorage",
    ];
    for forbidden in forbidden {
        assert!(!SCRIPT.contains(forbidden), "{forbidden}");
    }
}

#[test]
fn only_the_token_file_makes_colors() {
    let room = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/chart");
    let mut seen = 0;
    for entry in std::fs::read_dir(room).expect("the room's folder") {
        let path = entry.expect("an entry").path();
        let is_source = path.extension().is_some_and(|kind| kind == "rs");
        if !is_source || path.ends_with("token.rs") || path.ends_with("tests.rs") {
            continue;
        }
        let source = std::fs::read_to_string(&path).expect("a source file");
        for maker in [
            "RGBColor",
            "HSLColor",
            "BLACK",
            "WHITE",
            "RED",
            "style::colors",
        ] {
            assert!(!source.contains(maker), "{} names {maker}", path.display());
        }
        seen += 1;
    }
    assert!(seen > 15, "{seen} files read");
}

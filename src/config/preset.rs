//! Presets: how a known tool's export becomes the contract's tables.
//!
//! A preset is a file of `presets/`, written in the same words as a source. A file
//! of that name in the project's own `presets/` takes its place, and one of another
//! name adds to them.

use std::path::Path;

use include_dir::{Dir, include_dir};
use toml::de::DeTable;

use super::export_format::FormatWords;
use super::feed::FeedWords;
use super::section::{Problems, Section};
use crate::error::{Error, ErrorKind, nearest};
use crate::fs;

static PRESETS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/presets");

/// What a preset says.
#[derive(Debug, Clone, Default)]
pub(super) struct Preset {
    pub(super) format: FormatWords,
    pub(super) feeds: Vec<FeedWords>,
}

/// Returns the names of the presets that come with the program.
pub fn preset_names() -> Vec<&'static str> {
    let mut names: Vec<&str> = PRESETS
        .files()
        .filter(|file| file.path().extension().is_some_and(|it| it == "toml"))
        .filter_map(|file| file.path().file_stem()?.to_str())
        .collect();
    names.sort_unstable();
    names
}

/// Loads the preset that a source names; problems in it are told with its own lines.
pub(super) fn load_preset(root: &Path, name: &str, section: &Section<'_>) -> Option<Preset> {
    let file = format!("{name}.toml");
    let own = root.join("presets").join(&file);
    let text = if own.is_file() {
        match fs::read_to_string(&own) {
            Ok(text) => text,
            Err(error) => {
                section.problem_at("preset", error.message(), None);
                return None;
            }
        }
    } else if let Some(text) = PRESETS.get_file(&file).and_then(|f| f.contents_utf8()) {
        text.to_owned()
    } else {
        let names = preset_names();
        let hint = match nearest(name, names.iter().copied()) {
            Some(known) => format!("did you mean `{known}`?"),
            None => format!("known presets: {}", names.join(", ")),
        };
        let what =
            format!("`preset`: expected a preset or a file `presets/{file}`, found `{name}`");
        section.problem_at("preset", &what, Some(hint));
        return None;
    };
    match parse_preset(&format!("presets/{file}"), &text) {
        Ok(preset) => Some(preset),
        Err(problems) => {
            section.adopt(problems);
            None
        }
    }
}

fn parse_preset(file: &str, text: &str) -> Result<Preset, Vec<Error>> {
    let problems = Problems::new(file.to_owned(), text);
    let document = DeTable::parse(text).map_err(|error| {
        let line = problems.line(error.span().map_or(0, |span| span.start));
        let message = error.message();
        vec![Error::new(
            ErrorKind::Project,
            format!("cannot read `{file}` line {line}: expected TOML, found {message}"),
        )]
    })?;
    let root = Section::root(&document, &problems);
    root.required_text("about");
    let preset = Preset {
        format: FormatWords::read(&root),
        feeds: root
            .sections("feeds")
            .iter()
            .map(|section| {
                let words = FeedWords::read(section);
                if words.table.is_none() {
                    section.problem("expected a `table` in every [[feeds]], found none", None);
                }
                section.finish();
                words
            })
            .collect(),
    };
    root.finish();
    let found = problems.into_found();
    if found.is_empty() {
        Ok(preset)
    } else {
        Err(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_that_comes_with_the_program_can_be_read() {
        for name in preset_names() {
            let file = format!("{name}.toml");
            let text = PRESETS.get_file(&file).and_then(|f| f.contents_utf8());
            let preset = parse_preset(&file, text.expect("it was listed"));
            let preset = preset.map_err(|problems| Error::gather("cannot read", problems));
            let preset = preset.unwrap_or_else(|error| panic!("{error}"));
            assert!(!preset.feeds.is_empty(), "{name} feeds nothing");
        }
    }
}

//! `[[sources]]`: where an export lies, how it is written, and what it feeds.

use std::path::Path;

use chrono_tz::Tz;

use super::export_format::FormatWords;
use super::feed::{Feed, FeedWords};
use super::preset::{Preset, load_preset};
use super::pull::{self, Pull};
use super::section::Section;
use crate::fs;

/// What a pull means for what was pulled before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Load {
    /// It is the whole: what it does not have is gone.
    #[default]
    Full,
    /// It adds to the pulls before.
    Delta,
}

/// SQL over the raw columns of an export, run before the mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transform {
    /// The file, relative to the project's folder.
    pub file: String,
    /// Its text.
    pub sql: String,
}

/// One export, or several of one kind.
#[derive(Debug, Clone)]
pub struct Source {
    /// A name of the user's, unique in the file.
    pub name: String,
    /// A file or a glob, relative to the project's folder; empty where there is a
    /// pull.
    pub path: String,
    /// Where the export comes from when it is no file.
    pub pull: Option<Pull>,
    /// What a pull means for those before.
    pub load: Load,
    /// Whether a preset says what is made of it.
    pub has_preset: bool,
    /// Whether an export without rows is no error.
    pub allow_empty: bool,
    /// Whether the transform sees the rows of all files at once.
    pub is_together: bool,
    /// What is done to the raw rows first.
    pub transform: Option<Transform>,
    /// The tables that it feeds.
    pub feeds: Vec<Feed>,
    /// The line of the configuration on which the source starts.
    pub line: usize,
}

pub(super) fn read_sources(sections: &[Section<'_>], zone: Tz, root: &Path) -> Vec<Source> {
    let mut sources: Vec<Source> = Vec::new();
    for section in sections {
        let Some(source) = read_source(section, zone, root) else {
            continue;
        };
        if sources.iter().any(|s| s.name == source.name) {
            let what = format!("expected one source named `{}`, found two", source.name);
            section.problem_at("name", &what, None);
        }
        sources.push(source);
    }
    sources
}

fn read_source(section: &Section<'_>, zone: Tz, root: &Path) -> Option<Source> {
    let name = section.required_text("name");
    let load = section.parsed("load", |text| match text {
        "full" => Ok(Load::Full),
        "delta" => Ok(Load::Delta),
        _ => Err("full or delta".into()),
    });
    let load = load.unwrap_or_default();
    let (path, pull) = read_place(section, load);
    let allow_empty = section.boolean("allow_empty").unwrap_or(false);
    let transform = read_transform(section, root);
    let is_together = read_together(section, transform.is_some());
    let feeds = read_feeds(section, zone, root);
    section.finish();
    Some(Source {
        name: name?.to_owned(),
        path: path?,
        pull,
        load,
        has_preset: section.has("preset"),
        allow_empty,
        is_together,
        transform,
        feeds,
        line: section.line(),
    })
}

/// Reads `path`, or `[sources.pull]` in its stead.
fn read_place(section: &Section<'_>, load: Load) -> (Option<String>, Option<Pull>) {
    let table = section.section("pull");
    if !section.has("pull") {
        return (section.required_text("path").map(str::to_owned), None);
    }
    if section.text("path").is_some() {
        let what = "expected one of `path` and `[sources.pull]`, found both";
        section.problem_at("path", what, None);
    }
    let pull = pull::read_pull(&table, load);
    (pull.is_some().then(String::new), pull)
}

/// Without SQL that puts them together, files are only ever read one by one.
fn read_together(section: &Section<'_>, has_transform: bool) -> bool {
    let is_together = section.boolean("together").unwrap_or(false);
    if is_together && !has_transform {
        let what = "`together`: expected a `transform` that puts the files together, found none";
        section.problem_at("together", what, None);
    }
    is_together
}

fn read_transform(section: &Section<'_>, root: &Path) -> Option<Transform> {
    let file = section.text("transform")?;
    match fs::read_to_string(&root.join(file)) {
        Ok(sql) => Some(Transform {
            file: file.to_owned(),
            sql,
        }),
        Err(error) => {
            let what = format!(
                "`transform`: expected an SQL file, found none: {}",
                error.message()
            );
            section.problem_at("transform", &what, None);
            None
        }
    }
}

/// Returns the feeds: those of the preset with the source's words laid over them, or
/// those that the source lists, or the one that it is.
fn read_feeds(section: &Section<'_>, zone: Tz, root: &Path) -> Vec<Feed> {
    let format = FormatWords::read(section);
    let inline = FeedWords::read(section);
    let sections = section.sections("feeds");
    let listed: Vec<FeedWords> = sections.iter().map(FeedWords::read).collect();
    for (words, own) in listed.iter().zip(&sections) {
        if words.table.is_none() {
            own.problem(
                "expected a `table` in every [[sources.feeds]], found none",
                None,
            );
        }
        own.finish();
    }
    let preset = match section.text("preset") {
        Some(name) => match load_preset(root, name, section) {
            Some(preset) => Some(preset),
            None => return Vec::new(),
        },
        None => None,
    };
    if preset.is_none() && inline.table.is_none() == listed.is_empty() {
        let what = format!(
            "{} has {}: expected one of `table`, [[sources.feeds]] and `preset`",
            section.name,
            if listed.is_empty() { "none" } else { "two" }
        );
        let hint = "`table` names the table of the contract that the export feeds";
        if section.text("table").is_none() || !listed.is_empty() {
            section.problem(&what, Some(hint.into()));
        }
        return Vec::new();
    }
    let preset = preset.unwrap_or_default();
    let wanted = merge_feeds(section, &preset, &inline, &listed);
    let format = format.over(preset.format, zone);
    let build = |words: &FeedWords| Some(words.build(words.table?, &format));
    wanted.iter().filter_map(build).collect()
}

fn merge_feeds(
    section: &Section<'_>,
    preset: &Preset,
    inline: &FeedWords,
    listed: &[FeedWords],
) -> Vec<FeedWords> {
    if preset.feeds.is_empty() {
        let own = inline.table.map(|_| inline.clone());
        let listed = listed.iter().map(|own| own.within(inline));
        return own.into_iter().chain(listed).collect();
    }
    let is_wanted = |words: &&FeedWords| inline.table.is_none_or(|it| words.table == Some(it));
    let wanted: Vec<&FeedWords> = preset.feeds.iter().filter(is_wanted).collect();
    let mut feeds: Vec<FeedWords> = Vec::new();
    for (place, words) in wanted.iter().enumerate() {
        let words = match wanted.len() {
            1 => (*words).clone(),
            _ => words.beside_others(place == 0),
        };
        let words = inline.over(&words);
        let own = listed.iter().find(|own| own.table == words.table);
        feeds.push(own.map_or(words.clone(), |own| own.over_feed(&words, inline)));
    }
    if let (Some(table), true) = (inline.table, feeds.is_empty()) {
        let tables: Vec<&str> = preset
            .feeds
            .iter()
            .filter_map(|f| Some(f.table?.name))
            .collect();
        let what = format!(
            "`table`: expected one that the preset feeds ({}), found `{}`",
            tables.join(", "),
            table.name
        );
        section.problem_at("table", &what, None);
    }
    let is_new = |own: &&FeedWords| !preset.feeds.iter().any(|known| known.table == own.table);
    feeds.extend(listed.iter().filter(is_new).map(|own| own.within(inline)));
    feeds
}

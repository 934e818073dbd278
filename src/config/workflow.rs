//! `[[workflow.stages]]`: what a status means.

use std::collections::BTreeMap;

use super::entry::near_word;
use super::section::Section;

/// What kind of stage it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StageKind {
    /// Not yet promised.
    Backlog,
    /// Promised, and nobody works on it.
    Waiting,
    /// Worked on.
    Active,
    /// Waiting for somebody's approval.
    Approval,
    /// Finished.
    Done,
}

impl StageKind {
    const ALL: [(&'static str, Self); 5] = [
        ("backlog", Self::Backlog),
        ("waiting", Self::Waiting),
        ("active", Self::Active),
        ("approval", Self::Approval),
        ("done", Self::Done),
    ];

    /// Returns the word that the configuration and the queries use.
    pub fn as_str(self) -> &'static str {
        let found = Self::ALL.iter().find(|(_, kind)| *kind == self);
        found.map_or("", |(name, _)| name)
    }

    fn parse(text: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().find(|(name, _)| *name == text);
        found
            .map(|(_, kind)| *kind)
            .ok_or_else(|| "backlog, waiting, active, approval or done".into())
    }
}

/// One stage of the workflow.
#[derive(Debug, Clone)]
pub struct Stage {
    /// The name that pages show.
    pub name: String,
    /// The source's own words for it.
    pub statuses: Vec<String>,
    /// What kind of stage it is.
    pub kind: StageKind,
    /// Whether the clock of cycle time starts with the first move into it.
    pub is_commitment: bool,
}

pub(super) fn read_workflow(section: &Section<'_>) -> Vec<Stage> {
    let sections = section.sections("stages");
    let stages: Vec<Stage> = sections.iter().map(read_stage).collect();
    section.finish();
    if stages.is_empty() {
        return stages;
    }
    let commitments = stages.iter().filter(|s| s.is_commitment).count();
    if commitments != 1 {
        let what = format!("expected one stage with `commitment = true`, found {commitments}");
        let hint = match commitments {
            0 => {
                "put `commitment = true` into the stage whose beginning is the promise to deliver: cycle time starts there"
            }
            _ => "keep it in the first of them: cycle time starts once",
        };
        section.problem(&what, Some(hint.into()));
    }
    if !stages.iter().any(|s| s.kind == StageKind::Done) {
        let hint = "give the stage of the finished items `kind = \"done\"`";
        let what = "expected a stage with `kind = \"done\"`, found none";
        section.problem(what, Some(hint.into()));
    }
    report_repeats(section, &stages);
    stages
}

fn read_stage(section: &Section<'_>) -> Stage {
    let stage = Stage {
        name: section.required_text("name").unwrap_or_default().to_owned(),
        statuses: section.texts("statuses").unwrap_or_default(),
        kind: section
            .parsed_or("kind", StageKind::parse, |text| {
                near_word(text, &StageKind::ALL.map(|(name, _)| name))
            })
            .unwrap_or(StageKind::Active),
        is_commitment: section.boolean("commitment").unwrap_or(false),
    };
    section.finish();
    if stage.is_commitment && matches!(stage.kind, StageKind::Backlog | StageKind::Done) {
        let what = format!(
            "stage `{}` cannot be the commitment and {}",
            stage.name,
            stage.kind.as_str()
        );
        section.problem(&what, None);
    }
    stage
}

/// A status with two stages, or two stages of one name, would count items twice.
fn report_repeats(section: &Section<'_>, stages: &[Stage]) {
    let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
    let mut names: Vec<&str> = Vec::new();
    for stage in stages {
        if names.contains(&stage.name.as_str()) {
            section.problem(
                &format!("expected one stage `{}`, found two", stage.name),
                None,
            );
        }
        names.push(&stage.name);
        for status in &stage.statuses {
            if let Some(owner) = owners.insert(status, &stage.name) {
                let what = format!(
                    "expected status `{status}` in one stage, found it in `{owner}` and `{}`",
                    stage.name
                );
                section.problem(&what, None);
            }
        }
    }
}

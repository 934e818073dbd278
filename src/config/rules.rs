//! `[rules]`: which templates are tried, from how much of the past, and how sure one
//! has to be.

use super::section::Section;

/// How rules are found and judged.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleLimits {
    /// The only templates that are tried, each with the section's line; `None` for all.
    pub on: Option<Vec<(String, usize)>>,
    /// The templates that are not tried, likewise.
    pub off: Vec<(String, usize)>,
    /// What all chance is drawn from.
    pub seed: u64,
    /// The share of the releases, the earlier ones, that rules are fitted on.
    pub earlier_share: f64,
    /// The share of what is found that may be false.
    pub false_share: f64,
    /// The fewest items on either side of a comparison.
    pub least_items: u64,
    /// The fewest releases on either side of a comparison.
    pub least_releases: u64,
    /// How many releases are gone through again with a rule.
    pub replay_releases: u64,
    /// How many points an accepted rule adds to a score or takes from one.
    pub raise_points: f64,
}

impl RuleLimits {
    /// Returns whether a template is tried.
    pub fn is_on(&self, template: &str) -> bool {
        let named = |list: &[(String, usize)]| list.iter().any(|(name, _)| name == template);
        self.on.as_deref().is_none_or(named) && !named(&self.off)
    }
}

/// Reads the section.
pub(super) fn read_rules(section: &Section<'_>) -> RuleLimits {
    let line = section.line();
    let names = |key: &'static str| {
        let names = section.texts(key)?;
        Some(names.into_iter().map(|name| (name, line)).collect())
    };
    let share = |key: &'static str, default: f64, most: f64| {
        let value = section.number(key).unwrap_or(default);
        if value > 0.0 && value <= most {
            return value;
        }
        let what =
            format!("`{key}` in [rules]: expected a share above 0 up to {most}, found {value}");
        section.problem_at(key, &what, None);
        default
    };
    let limits = RuleLimits {
        on: names("on"),
        off: names("off").unwrap_or_default(),
        seed: section.whole("seed", 0).unwrap_or(1),
        earlier_share: share("earlier_share", 0.6, 0.9),
        false_share: share("false_share", 0.1, 0.5),
        least_items: section.whole("least_items", 1).unwrap_or(10),
        least_releases: section.whole("least_releases", 1).unwrap_or(5),
        replay_releases: section.whole("replay_releases", 1).unwrap_or(6),
        raise_points: super::positive(section, "raise_points", 5.0),
    };
    section.finish();
    limits
}

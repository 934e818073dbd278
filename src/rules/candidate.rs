//! From a template to the candidates that are tried, by the earlier releases alone.

use std::collections::BTreeMap;

use super::Template;
use crate::query::{Comparison, RuleOutcome, Thresholds};
use crate::statistics::quantiles;

/// The significant digits of a threshold that was cut from data: enough to part the
/// items, and few enough to say.
const DIGITS: i32 = 3;

/// One condition.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Condition {
    /// A value at or beyond a threshold.
    Threshold(f64),
    /// A category.
    Category(String),
}

impl Template {
    /// Returns the conditions to try. `earlier` are the items of the earlier releases;
    /// a category counts from `least` of them on. A condition that holds for all of
    /// them or for none, by a cut that they gave, is no condition.
    pub(super) fn conditions(&self, earlier: &[usize], least: usize) -> Vec<Condition> {
        match &self.thresholds {
            Thresholds::Numbers(numbers) => {
                numbers.iter().copied().map(Condition::Threshold).collect()
            }
            Thresholds::Quartiles => self.quartiles(earlier),
            Thresholds::Categories => self.categories(earlier, least),
        }
    }

    /// Returns whether an item matches; `None` where nobody knows.
    pub(super) fn matches(&self, condition: &Condition, item: usize) -> Option<bool> {
        match condition {
            Condition::Threshold(threshold) => {
                let value = self.values.get(item).copied().flatten()?;
                Some(match self.compares {
                    Comparison::AtMost => value <= *threshold,
                    _ => value >= *threshold,
                })
            }
            Condition::Category(category) => {
                let found = self.categories.get(item)?.as_ref()?;
                Some(found == category)
            }
        }
    }

    fn quartiles(&self, earlier: &[usize]) -> Vec<Condition> {
        let values: Vec<f64> = earlier
            .iter()
            .filter_map(|item| self.values[*item])
            .collect();
        let Some(cuts) = quantiles(&values, [0.25, 0.5, 0.75]) else {
            return Vec::new();
        };
        let mut cuts = cuts.map(rounded).to_vec();
        cuts.dedup();
        let conditions = cuts.into_iter().map(Condition::Threshold);
        conditions
            .filter(|condition| self.parts(condition, earlier))
            .collect()
    }

    fn categories(&self, earlier: &[usize], least: usize) -> Vec<Condition> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for item in earlier {
            if let Some(category) = &self.categories[*item] {
                *counts.entry(category).or_default() += 1;
            }
        }
        let enough = counts.into_iter().filter(|(_, count)| *count >= least);
        let conditions = enough.map(|(category, _)| Condition::Category(category.to_owned()));
        conditions
            .filter(|condition| self.parts(condition, earlier))
            .collect()
    }

    fn parts(&self, condition: &Condition, items: &[usize]) -> bool {
        let known = || {
            items
                .iter()
                .filter_map(|item| self.matches(condition, *item))
        };
        known().any(|is| is) && known().any(|is| !is)
    }
}

/// Returns what a rule is called: its template, its condition and its outcome.
pub(super) fn rule_id(template: &str, slug: &str, outcome: RuleOutcome) -> String {
    format!("{template}.{slug}.{}", outcome.as_str())
}

/// Returns a short name for each condition of a template, all different.
pub(super) fn slugs(conditions: &[Condition]) -> Vec<String> {
    let plain: Vec<String> = conditions.iter().map(slug).collect();
    let is_taken = |slug: &String| plain.iter().filter(|other| *other == slug).count() > 1;
    let named = plain.iter().zip(conditions);
    named
        .map(|(slug, condition)| match condition {
            Condition::Category(category) if slug.is_empty() || is_taken(slug) => {
                format!("{slug}-{:08x}", fingerprint(category) >> 32)
            }
            _ => slug.clone(),
        })
        .collect()
}

fn slug(condition: &Condition) -> String {
    match condition {
        Condition::Threshold(threshold) => threshold.to_string(),
        Condition::Category(category) => {
            let is_kept = |c: char| c.is_alphanumeric();
            let words = category.to_lowercase();
            let words = words.split(|c| !is_kept(c)).filter(|word| !word.is_empty());
            words.collect::<Vec<_>>().join("-")
        }
    }
}

/// The FNV-1a hash of a text, the same on every machine.
pub(super) fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Rounds to [`DIGITS`] significant digits.
fn rounded(value: f64) -> f64 {
    if value == 0.0 {
        return 0.0;
    }
    let digits = DIGITS - 1 - value.abs().log10().floor() as i32;
    let text = format!("{value:.*}", usize::try_from(digits).unwrap_or_default());
    match digits >= 0 {
        true => text.parse().unwrap_or(value),
        false => {
            let unit = 10_f64.powi(-digits);
            (value / unit).round() * unit
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_are_rounded_to_what_can_be_said() {
        for (value, expected) in [
            (13.4649, 13.5),
            (0.012_345, 0.0123),
            (12_345.0, 12_300.0),
            (8.0, 8.0),
            (-2.5, -2.5),
            (0.0, 0.0),
        ] {
            assert_eq!(rounded(value), expected);
        }
    }

    #[test]
    fn categories_of_one_spelling_keep_names_of_their_own() {
        let category = |text: &str| Condition::Category(text.to_owned());
        let found = slugs(&[
            category("Team A"),
            category("team-a"),
            category("Straße"),
            category("??"),
        ]);
        assert!(found[0].starts_with("team-a-") && found[1].starts_with("team-a-"));
        assert_ne!(found[0], found[1]);
        assert_eq!(found[2], "straße");
        assert!(found[3].starts_with('-'), "{}", found[3]);
        assert_eq!(slugs(&[Condition::Threshold(13.5)]), ["13.5"]);
    }
}

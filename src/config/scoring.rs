//! `[scoring]`: how items are scored, and by which weights.

use super::section::Section;

/// The parts of a score that may have a weight, by preset.
const WEIGHTED: [&str; 4] = [
    "business_value",
    "time_criticality",
    "risk_exposure",
    "regulatory_impact",
];
const WSJF: [&str; 3] = ["business_value", "time_criticality", "risk_exposure"];
const RICE: [&str; 3] = ["reach", "impact", "confidence"];

/// The parts that count where no weight is declared.
const UNDECLARED: [&str; 3] = ["business_value", "risk_exposure", "regulatory_impact"];

/// How many items are the top of the list where nothing else is set.
const TOP_COUNT: u64 = 10;

/// How items are scored.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoringRules {
    /// The formula.
    pub preset: ScorePreset,
    /// The parts that count, each with its weight, which is above zero.
    pub weights: Vec<(&'static str, f64)>,
    /// What the sum is divided by; `None` for nothing.
    pub size: Option<&'static str>,
    /// How many items are the top of the list.
    pub top_count: u64,
}

/// A formula of a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScorePreset {
    /// The sum of weight times value.
    Weights,
    /// Weighted shortest job first: cost of delay by size.
    Wsjf,
    /// Reach, impact and confidence, by size.
    Rice,
}

impl ScorePreset {
    /// Returns its word in the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Weights => "weights",
            Self::Wsjf => "wsjf",
            Self::Rice => "rice",
        }
    }

    fn parse(text: &str) -> Result<Self, String> {
        [Self::Weights, Self::Wsjf, Self::Rice]
            .into_iter()
            .find(|preset| preset.as_str() == text)
            .ok_or_else(|| "weights, wsjf or rice".to_owned())
    }

    fn parts(self) -> &'static [&'static str] {
        match self {
            Self::Weights => &WEIGHTED,
            Self::Wsjf => &WSJF,
            Self::Rice => &RICE,
        }
    }
}

/// Reads the section: `preset`, `weights`, `size` and `top`.
pub(super) fn read_scoring(section: &Section<'_>) -> ScoringRules {
    let preset = section
        .parsed("preset", ScorePreset::parse)
        .unwrap_or(ScorePreset::Weights);
    let size = section.parsed("size", |text| match text {
        "story_points" => Ok("story_points"),
        "estimate_hours" => Ok("estimate_hours"),
        _ => Err("story_points or estimate_hours".to_owned()),
    });
    let size = match preset {
        ScorePreset::Weights => size,
        ScorePreset::Wsjf | ScorePreset::Rice => Some(size.unwrap_or("story_points")),
    };
    let rules = ScoringRules {
        preset,
        weights: read_weights(section, preset),
        size,
        top_count: section.whole("top", 1).unwrap_or(TOP_COUNT),
    };
    section.finish();
    rules
}

/// Reads the weights. Declared weights of the preset `weights` are all there are; those
/// of the others stand for the ones that the formula has, which are 1.
fn read_weights(section: &Section<'_>, preset: ScorePreset) -> Vec<(&'static str, f64)> {
    let is_declared = section.has("weights");
    let declared = section.section("weights");
    let mut weights = Vec::new();
    for part in preset.parts() {
        let weight = match declared.number(part) {
            Some(weight) if weight >= 0.0 && weight.is_finite() => weight,
            Some(weight) => {
                let what = format!(
                    "`{part}` in [scoring] weights: expected a number of zero or more, found {weight}"
                );
                declared.problem_at(part, &what, None);
                continue;
            }
            None if preset != ScorePreset::Weights => 1.0,
            None if !is_declared && UNDECLARED.contains(part) => 1.0,
            None => continue,
        };
        if weight > 0.0 {
            weights.push((*part, weight));
        }
    }
    declared.finish();
    if weights.is_empty() {
        let what = "`weights` in [scoring]: expected a weight above zero, found none";
        section.problem_at("weights", what, None);
    }
    weights
}

//! What a rule does to an item that it matches: one word, or several.

use std::fmt;

/// What a rule does to an item that it matches.
#[derive(Debug, Clone, PartialEq)]
pub enum RuleAction {
    /// Its score is higher.
    Raise,
    /// Its score is lower.
    Lower,
    /// It stays out of its release until somebody lets it in.
    Hold,
    /// It needs an approval or a piece of evidence of this kind.
    Require(String),
    /// One weight of the scoring model is another, for all items.
    Weight {
        /// The part of the score.
        part: String,
        /// What its weight is multiplied by.
        factor: f64,
    },
}

impl RuleAction {
    /// Reads an action such as `raise`, `require endorsement` or
    /// `weight risk_exposure 1.5`; what is no action is answered with what was expected.
    ///
    /// # Errors
    /// The words that a message puts behind "expected".
    pub fn parse(text: &str) -> Result<Self, String> {
        let expected = || {
            "raise, lower, hold, `require <kind>` or `weight <part> <factor above 0>`".to_owned()
        };
        let words: Vec<&str> = text.split_whitespace().collect();
        match words.as_slice() {
            ["raise"] => Ok(Self::Raise),
            ["lower"] => Ok(Self::Lower),
            ["hold"] => Ok(Self::Hold),
            ["require", kind @ ..] if !kind.is_empty() => Ok(Self::Require(kind.join(" "))),
            ["weight", part, factor] => match factor.parse::<f64>() {
                Ok(factor) if factor > 0.0 && factor.is_finite() => Ok(Self::Weight {
                    part: (*part).to_owned(),
                    factor,
                }),
                _ => Err(expected()),
            },
            _ => Err(expected()),
        }
    }

    /// Returns its first word.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Raise => "raise",
            Self::Lower => "lower",
            Self::Hold => "hold",
            Self::Require(_) => "require",
            Self::Weight { .. } => "weight",
        }
    }
}

impl fmt::Display for RuleAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Require(kind) => write!(f, "require {kind}"),
            Self::Weight { part, factor } => write!(f, "weight {part} {factor}"),
            other => f.write_str(other.kind()),
        }
    }
}

//! Text with `${NAME}` in it: an environment variable that the pull looks up.
//!
//! Separate because it is what keeps secrets out of the configuration: a template
//! is only ever printed as it was written, with the name and never the value.

use std::fmt;

use serde::{Serialize, Serializer};

/// Text with the names of environment variables.
#[derive(Clone, PartialEq, Eq)]
pub struct Template {
    text: String,
}

/// A piece of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// Text that stands for itself.
    Text(&'a str),
    /// The name of a variable.
    Variable(&'a str),
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// What was expected, where a `${` is not followed by a name and a `}`. The
    /// text itself is not repeated: it may be a secret.
    pub fn parse(text: &str) -> Result<Self, String> {
        let template = Self {
            text: text.to_owned(),
        };
        let is_name = |name: &str| {
            let mut characters = name.chars();
            characters
                .next()
                .is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
                && characters.all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        for part in template.parts() {
            match part {
                Part::Variable(name) if !is_name(name) => {
                    return Err("the name of an environment variable between `${` and `}`".into());
                }
                Part::Text(text) if text.contains("${") => {
                    return Err("a `}` behind every `${`".into());
                }
                _ => {}
            }
        }
        Ok(template)
    }

    /// Returns its pieces in order.
    pub fn parts(&self) -> Vec<Part<'_>> {
        let mut parts = Vec::new();
        let mut rest = self.text.as_str();
        while let Some((before, behind)) = rest.split_once("${") {
            let Some((name, after)) = behind.split_once('}') else {
                break;
            };
            if !before.is_empty() {
                parts.push(Part::Text(before));
            }
            parts.push(Part::Variable(name));
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest));
        }
        parts
    }

    /// Returns whether it names a variable.
    pub fn has_variable(&self) -> bool {
        self.parts()
            .iter()
            .any(|part| matches!(part, Part::Variable(_)))
    }

    /// Returns the text as it was written, with names for values.
    pub fn as_written(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.text)
    }
}

impl Serialize for Template {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_cut_into_text_and_names() {
        let template = Template::parse("Bearer ${A}-${B_2}!").expect("it is one");
        let parts = [
            Part::Text("Bearer "),
            Part::Variable("A"),
            Part::Text("-"),
            Part::Variable("B_2"),
            Part::Text("!"),
        ];
        assert_eq!(template.parts(), parts);
        assert_eq!(template.to_string(), "Bearer ${A}-${B_2}!");
        assert!(template.has_variable());
    }

    #[test]
    fn a_dollar_alone_is_text() {
        let template = Template::parse("5$ {x}").expect("it is text");
        assert_eq!(template.parts(), [Part::Text("5$ {x}")]);
        assert!(!template.has_variable());
    }

    #[test]
    fn a_name_that_is_none_is_refused_without_repeating_it() {
        for text in ["${}", "${1A}", "${A B}", "x${A", "${A}${"] {
            let expected = Template::parse(text).expect_err("it is none");
            assert!(!expected.contains(text), "{expected}");
        }
    }
}

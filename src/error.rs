//! The one error type: what could not be done, where, what was expected, what was
//! found, and one hint.
//!
//! Callers match on [`ErrorKind`], never on text. There is no blanket conversion
//! from another library's error: every call site says what it was doing.

use std::fmt;

/// The result of everything in this crate that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What kind of thing went wrong; it decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The command line does not make sense.
    Usage,
    /// The project's configuration does not make sense.
    Project,
    /// An export cannot be read as what it is said to be.
    Input,
    /// The exports were read, and their content fails a limit.
    Data,
    /// A query cannot be parsed, ordered or run.
    Query,
    /// A query ran and its result breaks its contract or an audit.
    Audit,
    /// A template cannot be rendered.
    Template,
    /// The file system refused.
    Io,
    /// A promise inside the program was broken.
    Internal,
}

/// An error with its hint, the problems it gathers, and its cause.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    hint: Option<String>,
    problems: Vec<Error>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// Returns an error of `kind`; `message` reads on from "error: ".
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            hint: None,
            problems: Vec::new(),
            source: None,
        }
    }

    /// Adds the one action that would help most.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Says of what the error is: `what`, then the message.
    #[must_use]
    pub fn within(mut self, what: &str) -> Self {
        self.message = format!("{what}: {}", self.message);
        self
    }

    /// Keeps the error of another library as the cause.
    #[must_use]
    pub fn caused_by(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.source = Some(Box::new(source));
        self
    }

    /// Returns one error for all `problems` of a stage: the problem itself where
    /// there is one, a counted list where there are several.
    pub fn gather(what: &str, mut problems: Vec<Error>) -> Self {
        if problems.len() == 1 {
            return problems.remove(0);
        }
        let kind = problems.first().map_or(ErrorKind::Internal, |e| e.kind);
        let mut gathered = Self::new(kind, format!("{what}: {} problems", problems.len()));
        gathered.problems = problems;
        gathered
    }

    /// Returns the kind.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Returns the process's exit code: 1 where the data failed, 2 where the run
    /// was not possible.
    pub fn exit_code(&self) -> u8 {
        match self.kind {
            ErrorKind::Data | ErrorKind::Audit => 1,
            _ => 2,
        }
    }

    /// Returns the message without hint and cause.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        let mut cause = self.source.as_deref().map(|e| e as &dyn std::error::Error);
        while let Some(error) = cause {
            let text = error.to_string();
            write!(f, "\ncaused by: {}", text.trim_end().replace('\n', "\n  "))?;
            cause = error.source();
        }
        for problem in &self.problems {
            write!(f, "\n- {}", problem.to_string().replace('\n', "\n  "))?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\n\nhint: {hint}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

/// The most characters of what was found that a message shows.
const SHOWN_CHARACTERS: usize = 80;

/// Returns what was found, cut where it is long, for a message.
pub fn shown(found: &str) -> String {
    match found.char_indices().nth(SHOWN_CHARACTERS) {
        Some((end, _)) => format!("{}…", &found[..end]),
        None => found.to_owned(),
    }
}

/// Returns the candidate nearest to `found`, for hints like "did you mean".
pub fn nearest<'a>(found: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(found, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len() / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_problem_stands_for_itself() {
        let error = Error::gather("cannot x", vec![Error::new(ErrorKind::Data, "cannot y")]);
        assert_eq!(error.to_string(), "cannot y");
        assert_eq!(error.exit_code(), 1);
    }

    #[test]
    fn several_problems_are_listed_with_their_hints() {
        let problems = vec![
            Error::new(ErrorKind::Project, "a"),
            Error::new(ErrorKind::Project, "b").hint("do c"),
        ];
        let text = Error::gather("cannot read it", problems).to_string();
        assert_eq!(
            text,
            "cannot read it: 2 problems\n- a\n- b\n  \n  hint: do c"
        );
    }

    #[test]
    fn what_is_long_is_cut_between_two_characters() {
        assert_eq!(shown("short"), "short");
        let long = "ü".repeat(81);
        assert_eq!(shown(&long), format!("{}…", "ü".repeat(80)));
    }

    #[test]
    fn the_nearest_word_is_found_and_a_far_one_is_not_offered() {
        assert_eq!(nearest("colums", ["columns", "rows"]), Some("columns"));
        assert_eq!(nearest("zzz", ["columns", "rows"]), None);
    }
}

//! One source's pull: what every kind is handed, and what it hands back.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

use super::landing::{LandedFile, Landing, SourceState, landing_folder};
use super::secret::{Missing, Secrets};
use super::spool::{Spooled, is_landed};
use crate::config::pull::Template;
use crate::config::{Load, Source};
use crate::error::{Error, ErrorKind, Result};
use crate::fs;

/// How long to wait between attempts. Not for users: a test may be in a hurry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// Before the second attempt; doubled for each further one.
    pub(super) first: Duration,
    /// The longest that doubling leads to.
    pub(super) most: Duration,
    /// The longest wait that a server may ask for.
    pub(super) longest_asked: Duration,
}

impl Pace {
    /// GitHub counts requests by the hour: a pull over night waits for the next one.
    pub(super) const USUAL: Self = Self {
        first: Duration::from_millis(500),
        most: Duration::from_secs(60),
        longest_asked: Duration::from_secs(65 * 60),
    };
}

/// What the latest pull left of one source.
pub(super) struct Former {
    /// Its files that still lie in `landing/`.
    pub(super) files: Vec<LandedFile>,
    /// Whether all of its files still do.
    pub(super) is_whole: bool,
    /// Where its pull stands.
    pub(super) state: SourceState,
}

impl Former {
    pub(super) fn of(root: &Path, landing: &Landing, source: &Source) -> Self {
        let folder = landing_folder(root);
        let listed = landing.files.iter().filter(|f| f.source == source.name);
        let (files, lost): (Vec<_>, Vec<_>) = listed
            .cloned()
            .partition(|file| is_landed(&folder.join(&file.file), file.bytes));
        Self {
            files,
            is_whole: lost.is_empty(),
            state: landing
                .sources
                .get(&source.name)
                .cloned()
                .unwrap_or_default(),
        }
    }

    /// Returns whether these bytes are what was pulled last: from the same address,
    /// or by the latest pull that brought anything. Bytes of a pull further back are
    /// news: the server went back to what it had said before.
    fn is_latest(&self, origin: &str, sha256: &str) -> bool {
        let same_place = self.files.iter().rfind(|file| file.origin == origin);
        if same_place.is_some_and(|file| file.sha256 == sha256) {
            return true;
        }
        let latest = self.files.iter().map(|file| file.pulled_at).max();
        self.files
            .iter()
            .any(|file| Some(file.pulled_at) == latest && file.sha256 == sha256)
    }
}

/// One source's pull.
pub(super) struct Job<'a> {
    pub(super) root: &'a Path,
    pub(super) source: &'a Source,
    pub(super) secrets: Secrets<'a>,
    pub(super) former: Former,
    /// When the pull of all sources began.
    pub(super) now: DateTime<Utc>,
    pub(super) pace: Pace,
}

/// What a source's pull brought.
pub(super) struct Pulled {
    /// Its files, in the order in which later ones win.
    pub(super) files: Vec<LandedFile>,
    /// Whether they replace those of the pulls before, or are put behind them.
    pub(super) is_whole: bool,
    /// Where its pull stands now.
    pub(super) state: SourceState,
}

impl Job<'_> {
    pub(super) fn folder(&self) -> PathBuf {
        landing_folder(self.root)
    }

    /// Returns the instant that new files are dated with.
    pub(super) fn pulled_at(&self) -> DateTime<Utc> {
        self.now.trunc_subsecs(0)
    }

    /// Returns an error of this pull; `what` reads on from "cannot pull source x:".
    pub(super) fn error(&self, what: &str) -> Error {
        Error::new(
            ErrorKind::Input,
            format!(
                "cannot pull source `{}` (`plimsoll.toml` line {}): {}",
                self.source.name,
                self.source.line,
                self.secrets.hide(what)
            ),
        )
    }

    /// Puts the values of the environment into a template.
    pub(super) fn fill(&self, template: &Template) -> Result<String> {
        let filled = self.secrets.fill(template);
        filled.map_err(|missing| self.unset(&missing))
    }

    /// Puts the values of the environment into the template of an address.
    pub(super) fn fill_address(&self, template: &Template) -> Result<String> {
        let filled = self.secrets.fill_address(template);
        filled.map_err(|missing| self.unset(&missing))
    }

    fn unset(&self, Missing(name): &Missing) -> Error {
        self.error(&format!(
            "expected the environment variable `{name}` to be set, found it unset or empty"
        ))
        .hint(format!("set `{name}` and run again"))
    }

    /// Returns the hash of what is asked for.
    pub(super) fn asked(&self) -> String {
        // Plain data without maps always serialises, in the order of its fields.
        let text = serde_json::to_string(&self.source.pull).unwrap_or_default();
        fs::sha256(text.as_bytes())[..16].to_owned()
    }

    /// Returns the instant from which changes are asked for; `None` where everything
    /// is: at the first pull, after another question, where a file was lost, and
    /// every so many days, which shows what was deleted.
    pub(super) fn since(&self, full_every_days: u32) -> Option<DateTime<Utc>> {
        let state = &self.former.state;
        if self.source.load != Load::Delta || state.asked != self.asked() || !self.former.is_whole {
            return None;
        }
        let is_due = full_every_days > 0
            && state
                .last_full
                .is_none_or(|last| self.now - last >= TimeDelta::days(full_every_days.into()));
        if is_due { None } else { state.watermark }
    }

    /// Returns whether a server's answer adds nothing to what the latest pull of a
    /// delta source brought.
    pub(super) fn is_latest(&self, origin: &str, sha256: &str) -> bool {
        self.former.is_latest(&self.secrets.hide(origin), sha256)
    }

    /// Gives a body its name in `landing/`.
    pub(super) fn land(
        &self,
        body: Spooled,
        origin: &str,
        page: usize,
        ending: &str,
    ) -> Result<LandedFile> {
        let safe = safe_name(&self.source.name);
        let file = format!("{}-{safe}-{page}.{ending}", &body.sha256[..16]);
        let landed = self.landed(self.secrets.hide(origin), file, &body.sha256, body.bytes);
        body.land(&landed.file)?;
        Ok(landed)
    }

    /// Describes a landed file; the same bytes keep the instant of their first pull.
    pub(super) fn landed(
        &self,
        origin: String,
        file: String,
        sha256: &str,
        bytes: u64,
    ) -> LandedFile {
        let known = self.former.files.iter().find(|f| f.sha256 == sha256);
        LandedFile {
            source: self.source.name.clone(),
            origin,
            file,
            sha256: sha256.to_owned(),
            bytes,
            pulled_at: known.map_or(self.pulled_at(), |known| known.pulled_at),
        }
    }
}

/// Returns a source's name as part of a file's name.
fn safe_name(name: &str) -> String {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
    let safe = name.chars().map(|c| if is_safe(c) { c } else { '-' });
    safe.take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_safe_in_a_path() {
        assert_eq!(safe_name("../Tracker ü"), "---Tracker--");
    }
}

//! `landing/manifest.json`: what lies in `landing/`, and where each source stands.
//!
//! The same content gives the same text: no map without an order, no instant that
//! is not part of what was pulled.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::fs;

/// What the latest pull left.
#[derive(Debug, Clone, Default, Serialize, Deserialize, PartialEq, Eq)]
pub struct Landing {
    /// The files, in the order in which later ones win.
    pub files: Vec<LandedFile>,
    /// Where the pull of a source stands, for those that go on from there.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sources: BTreeMap<String, SourceState>,
}

/// One export as it lies in `landing/`.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct LandedFile {
    /// The source's name in the configuration.
    pub source: String,
    /// Where it came from: a path relative to the project's folder, or an address
    /// with the names of secrets in place of their values.
    pub origin: String,
    /// Its name in `landing/`.
    pub file: String,
    /// The SHA-256 of its bytes.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
    /// When these bytes were first pulled.
    pub pulled_at: DateTime<Utc>,
}

/// Where the pull of a source stands.
#[derive(Debug, Clone, Default, Serialize, Deserialize, PartialEq, Eq)]
pub struct SourceState {
    /// A hash of what was asked for: a state is of no use for another question.
    pub asked: String,
    /// Changes since then are still to be pulled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub watermark: Option<DateTime<Utc>>,
    /// When everything was pulled the last time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_full: Option<DateTime<Utc>>,
    /// What is known of each address, so that the server can say "as it was".
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub answers: BTreeMap<String, Answer>,
}

/// What is known of the answer at an address.
#[derive(Debug, Clone, Default, Serialize, Deserialize, PartialEq, Eq)]
pub struct Answer {
    /// The landed file.
    pub file: String,
    /// What the server calls this version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// When the server says it was changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
    /// The header that leads to the next page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// Returns the folder that pulls write to.
pub fn landing_folder(root: &Path) -> PathBuf {
    root.join("landing")
}

fn manifest_path(root: &Path) -> PathBuf {
    landing_folder(root).join("manifest.json")
}

/// Reads what the latest pull listed.
///
/// # Errors
/// `Project` where nothing was pulled yet; `Io`.
pub fn load_landing(root: &Path) -> Result<Landing> {
    load_former(root)?.ok_or_else(|| {
        let path = manifest_path(root);
        Error::new(
            ErrorKind::Project,
            format!("cannot ingest: expected `{}`, found none", path.display()),
        )
        .hint("run `plimsoll pull` first, or `plimsoll run` for everything")
    })
}

/// Reads what the latest pull listed, where there was one.
pub(super) fn load_former(root: &Path) -> Result<Option<Landing>> {
    let path = manifest_path(root);
    if !path.exists() {
        return Ok(None);
    }
    let landing = serde_json::from_slice(&fs::read(&path)?).map_err(|e| {
        Error::new(
            ErrorKind::Io,
            format!(
                "cannot read `{}`: expected the list of what was pulled, found something else",
                path.display()
            ),
        )
        .caused_by(e)
        .hint("remove it and run `plimsoll pull`, which pulls everything again")
    })?;
    Ok(Some(landing))
}

/// Puts a new list in the place of the former one.
pub(super) fn write_landing(root: &Path, landing: &Landing) -> Result<()> {
    let mut text = serde_json::to_string_pretty(landing).map_err(|e| {
        Error::new(ErrorKind::Internal, "cannot write the landing manifest").caused_by(e)
    })?;
    text.push('\n');
    fs::write_atomic(&manifest_path(root), text.as_bytes())
}

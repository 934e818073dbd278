//! Where exports come from: each is copied into `landing/` as it came, with its hash.
//!
//! One file per kind of source. What lies in `landing/` is named by its hash, so a
//! later run copies nothing that it has, and what an earlier run read is never
//! overwritten. `landing/manifest.json` lists the files of the latest pull in order:
//! sources as configured, files by name. That order is what "the later pull" means.

mod files;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::error::{Error, ErrorKind, Result};
use crate::fs;

/// The files of one pull.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct Landing {
    /// The files, in the order in which later ones win.
    pub files: Vec<LandedFile>,
}

/// One export as it lies in `landing/`.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct LandedFile {
    /// The source's name in the configuration.
    pub source: String,
    /// Where it came from, relative to the project's folder.
    pub origin: String,
    /// Its name in `landing/`.
    pub file: String,
    /// The SHA-256 of its bytes.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
}

/// Returns the folder that pulls write to.
pub fn landing_folder(root: &Path) -> PathBuf {
    root.join("landing")
}

fn manifest_path(root: &Path) -> PathBuf {
    landing_folder(root).join("manifest.json")
}

/// Copies every export into `landing/` and lists them.
///
/// # Errors
/// `Input` where a source matches no file, all such sources at once; `Io`.
pub fn pull(config: &Config) -> Result<Landing> {
    let mut landed = Vec::new();
    let mut problems = Vec::new();
    for source in &config.sources {
        match files::land_files(config, source) {
            Ok(files) => landed.extend(files),
            Err(error) => problems.push(error),
        }
    }
    if !problems.is_empty() {
        return Err(Error::gather("cannot pull", problems));
    }
    let landing = Landing { files: landed };
    let text = serde_json::to_string_pretty(&landing).map_err(|e| {
        Error::new(ErrorKind::Internal, "cannot write the landing manifest").caused_by(e)
    })?;
    fs::write_atomic(&manifest_path(&config.root), text.as_bytes())?;
    Ok(landing)
}

/// Reads what the latest pull listed.
///
/// # Errors
/// `Project` where nothing was pulled yet; `Io`.
pub fn load_landing(root: &Path) -> Result<Landing> {
    let path = manifest_path(root);
    if !path.exists() {
        return Err(Error::new(
            ErrorKind::Project,
            format!("cannot ingest: expected `{}`, found none", path.display()),
        )
        .hint("run `plimsoll pull` first, or `plimsoll run` for everything"));
    }
    serde_json::from_slice(&fs::read(&path)?).map_err(|e| {
        Error::new(ErrorKind::Io, format!("cannot read `{}`", path.display())).caused_by(e)
    })
}

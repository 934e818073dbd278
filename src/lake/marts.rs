//! The marts of the latest run: one Parquet file a query, replaced as a whole.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{lake_folder, parse_manifest, to_json};
use crate::error::{Error, ErrorKind, Result};
use crate::fs;

/// What the marts were computed from.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct MartManifest {
    /// The snapshot of the lake.
    pub snapshot: String,
    /// The instant of the run, RFC 3339.
    pub as_of: String,
    /// The configuration's SHA-256.
    pub config_sha256: String,
    /// What a reader of the marts must know, in sentences.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// The marts.
    pub marts: Vec<StoredMart>,
}

/// One mart.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct StoredMart {
    /// The mart's name: its query's.
    pub name: String,
    /// Its number of rows.
    pub rows: u64,
    /// The SHA-256 of the query that made it.
    pub query_sha256: String,
}

/// Returns the folder of the marts.
pub fn marts_folder(root: &Path) -> PathBuf {
    lake_folder(root).join("marts")
}

fn unfinished(root: &Path) -> PathBuf {
    lake_folder(root).join("marts.unfinished")
}

/// Creates an empty folder for the marts to be.
///
/// # Errors
/// `Io`.
pub fn prepare_marts(root: &Path) -> Result<PathBuf> {
    let folder = unfinished(root);
    fs::remove_dir_all(&folder)?;
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Puts the prepared marts in the place of the former ones.
///
/// # Errors
/// `Io`; the former marts stay.
pub fn commit_marts(root: &Path, manifest: &MartManifest) -> Result<()> {
    fs::write_atomic(&unfinished(root).join("manifest.json"), &to_json(manifest)?)?;
    fs::replace_folder(&unfinished(root), &marts_folder(root))
}

/// Returns whether marts were computed.
pub fn has_marts(root: &Path) -> bool {
    marts_folder(root).join("manifest.json").exists()
}

/// Loads the manifest of the marts.
///
/// # Errors
/// `Project` where nothing was computed yet; `Io`.
pub fn load_marts(root: &Path) -> Result<MartManifest> {
    let path = marts_folder(root).join("manifest.json");
    if !path.exists() {
        return Err(Error::new(
            ErrorKind::Project,
            format!(
                "cannot read the marts: expected `{}`, found none",
                path.display()
            ),
        )
        .hint("run `plimsoll compute` first, or `plimsoll run` for everything"));
    }
    parse_manifest(&path)
}

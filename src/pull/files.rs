//! Exports that lie in the file system: a path or a glob.

use std::path::{Path, PathBuf};

use super::{LandedFile, landing_folder};
use crate::config::{Config, Source};
use crate::error::{Error, ErrorKind, Result, nearest};
use crate::fs;

/// Copies the files of one source into `landing/`.
pub(super) fn land_files(config: &Config, source: &Source) -> Result<Vec<LandedFile>> {
    let paths = matching_files(&config.root, source)?;
    if paths.is_empty() {
        return Err(no_such_file(&config.root, source));
    }
    let landing = landing_folder(&config.root);
    paths
        .iter()
        .map(|path| land_file(&config.root, &landing, source, path))
        .collect()
}

fn matching_files(root: &Path, source: &Source) -> Result<Vec<PathBuf>> {
    let literal = root.join(&source.path);
    if literal.is_file() {
        return Ok(vec![literal]);
    }
    let pattern = if Path::new(&source.path).is_absolute() {
        source.path.clone()
    } else {
        let root = glob::Pattern::escape(&root.to_string_lossy());
        format!("{root}/{}", source.path)
    };
    let matches = glob::glob(&pattern).map_err(|e| {
        Error::new(
            ErrorKind::Project,
            format!(
                "cannot pull source `{}`: expected a path or a glob, found `{}`",
                source.name, source.path
            ),
        )
        .caused_by(e)
    })?;
    let mut files = Vec::new();
    for found in matches {
        let path = found.map_err(|e| fs::failed("list", e.path(), io_of(&e)))?;
        if path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn io_of(error: &glob::GlobError) -> std::io::Error {
    error.error().kind().into()
}

fn no_such_file(root: &Path, source: &Source) -> Error {
    let error = Error::new(
        ErrorKind::Input,
        format!(
            "cannot pull source `{}` (`plimsoll.toml` line {}): expected a file at `{}`, found none",
            source.name, source.line, source.path
        ),
    );
    let path = root.join(&source.path);
    let siblings = path.parent().and_then(|folder| fs::list(folder).ok());
    let names: Vec<String> = siblings
        .unwrap_or_default()
        .iter()
        .filter_map(|sibling| Some(sibling.file_name()?.to_string_lossy().into_owned()))
        .collect();
    let wanted = path.file_name().map(|name| name.to_string_lossy());
    match wanted.and_then(|wanted| nearest(&wanted, names.iter().map(String::as_str))) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint("put the export there, or correct `path`"),
    }
}

fn land_file(root: &Path, landing: &Path, source: &Source, path: &Path) -> Result<LandedFile> {
    let (sha256, bytes) = fs::copy_hashed(path, &mut std::io::sink())?;
    let name = path
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let file = format!("{}-{name}", &sha256[..16]);
    let landed = landing.join(&file);
    if !landed.is_file() {
        fs::copy_atomic(path, &landed, &sha256)?;
    }
    let origin = path.strip_prefix(root).unwrap_or(path);
    Ok(LandedFile {
        source: source.name.clone(),
        origin: origin.to_string_lossy().into_owned(),
        file,
        sha256,
        bytes,
    })
}

//! Exports that lie in the file system: a path or a glob.

use std::path::{Path, PathBuf};

use super::job::{Job, Pulled};
use super::landing::{LandedFile, SourceState};
use super::spool::is_landed;
use crate::config::{Load, Source};
use crate::error::{Error, ErrorKind, Result, nearest};
use crate::fs;

/// Copies the files of one source into `landing/`.
pub(super) fn land_files(job: &Job<'_>) -> Result<Pulled> {
    let paths = matching_files(job.root, job.source)?;
    let is_whole = job.source.load == Load::Full;
    // What adds to earlier files may be taken away once it was pulled.
    if paths.is_empty() && (is_whole || job.former.files.is_empty()) {
        return Err(no_such_file(job.root, job.source));
    }
    let mut files = Vec::new();
    for path in &paths {
        let landed = land_file(job, path)?;
        if is_whole || !is_known(job, &landed) {
            files.push(landed);
        }
    }
    Ok(Pulled {
        files,
        is_whole,
        state: SourceState::default(),
    })
}

/// A name that comes again with other bytes is news; with the same, it is not.
fn is_known(job: &Job<'_>, landed: &LandedFile) -> bool {
    let mut known = job.former.files.iter();
    known.any(|file| file.origin == landed.origin && file.sha256 == landed.sha256)
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
        let path =
            found.map_err(|e| fs::failed("list", e.path(), io_of(&e)).within(&said_by(source)))?;
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

/// Returns who asked for a file, for a message.
fn said_by(source: &Source) -> String {
    format!(
        "cannot pull source `{}` (`plimsoll.toml` line {})",
        source.name, source.line
    )
}

fn no_such_file(root: &Path, source: &Source) -> Error {
    let path = root.join(&source.path);
    let there = fs::describe(&path);
    let error = Error::new(
        ErrorKind::Input,
        format!(
            "{}: expected a file at `{}`, found {}",
            said_by(source),
            source.path,
            there.unwrap_or("none")
        ),
    );
    match there {
        Some("a directory" | "a link to a directory") => {
            let path = source.path.trim_end_matches('/');
            return error.hint(format!(
                "name the files in it with a glob such as `{path}/*.csv`"
            ));
        }
        Some(_) => return error.hint("put the export there as a file, or correct `path`"),
        None => {}
    }
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

fn land_file(job: &Job<'_>, path: &Path) -> Result<LandedFile> {
    let (sha256, bytes) = fs::copy_hashed(path, &mut std::io::sink())
        .map_err(|error| error.within(&said_by(job.source)))?;
    let name = path
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let file = format!("{}-{name}", &sha256[..16]);
    let landed = job.folder().join(&file);
    if !is_landed(&landed, bytes) {
        fs::copy_atomic(path, &landed, &sha256)?;
    }
    let origin = path.strip_prefix(job.root).unwrap_or(path);
    let origin = origin.to_string_lossy().into_owned();
    Ok(job.landed(origin, file, &sha256, bytes))
}

//! The file system, with the path in every error.
//!
//! Every file that must never be seen half written goes through [`write_atomic`].

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::error::{Error, ErrorKind, Result};

/// Returns the error for a failed file-system call: `cannot <verb> <path>`.
pub(crate) fn failed(verb: &str, path: &Path, error: io::Error) -> Error {
    let place = path.display();
    let (what, hint) = match error.kind() {
        io::ErrorKind::NotFound => {
            let message = format!("cannot {verb} `{place}`: it does not exist");
            return Error::new(ErrorKind::Io, message);
        }
        io::ErrorKind::PermissionDenied => (
            "expected the right to do so, found permission denied",
            "give it to the user that runs plimsoll, as with `chmod` or `chown`",
        ),
        io::ErrorKind::ReadOnlyFilesystem => (
            "expected a place that can be written to, found a read-only file system",
            "a run writes `landing/`, `lake/`, `rejects/` and `site/` into the project: copy it to where that is possible",
        ),
        io::ErrorKind::StorageFull => (
            "expected room on the disk, found it full",
            "make room and run again; nothing was published",
        ),
        _ => {
            let message = format!("cannot {verb} `{place}`");
            return Error::new(ErrorKind::Io, message).caused_by(error);
        }
    };
    Error::new(ErrorKind::Io, format!("cannot {verb} `{place}`: {what}"))
        .caused_by(error)
        .hint(hint)
}

/// Returns what lies at a path, in words; `None` where nothing does.
pub(crate) fn describe(path: &Path) -> Option<&'static str> {
    let found = fs::symlink_metadata(path).ok()?.file_type();
    if found.is_symlink() {
        return Some(match fs::metadata(path) {
            Ok(target) if target.is_dir() => "a link to a directory",
            Ok(_) => "a link to something that is no file",
            Err(_) => "a link that leads nowhere",
        });
    }
    Some(match found.is_dir() {
        true => "a directory",
        false if found.is_file() => "a file",
        false => "a pipe, socket or device",
    })
}

/// Reads a whole file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|e| failed("read", path, e))
}

/// Reads a whole file as UTF-8.
pub(crate) fn read_to_string(path: &Path) -> Result<String> {
    String::from_utf8(read(path)?).map_err(|e| {
        Error::new(
            ErrorKind::Io,
            format!("cannot read `{}`: expected UTF-8 text", path.display()),
        )
        .caused_by(e)
    })
}

/// Opens a file for reading.
pub(crate) fn open(path: &Path) -> Result<File> {
    File::open(path).map_err(|e| failed("open", path, e))
}

/// Creates a file, and the folders above it.
pub(crate) fn create(path: &Path) -> Result<File> {
    if let Some(parent) = path.parent() {
        create_dir_all(parent)?;
    }
    File::create(path).map_err(|e| failed("create", path, e))
}

/// Creates a folder and those above it.
pub(crate) fn create_dir_all(path: &Path) -> Result<()> {
    fs::create_dir_all(path).map_err(|e| failed("create folder", path, e))
}

/// Makes an empty folder in another, which goes with the value.
pub(crate) fn temporary_folder(parent: &Path) -> Result<tempfile::TempDir> {
    create_dir_all(parent)?;
    tempfile::tempdir_in(parent).map_err(|e| failed("make a folder in", parent, e))
}

/// Writes a file in place, creating the folders above it.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    create(path)?
        .write_all(bytes)
        .map_err(|e| failed("write", path, e))
}

/// Writes a file so that a reader sees the old bytes or the new, nothing between:
/// a temporary file beside it, flushed to disk, then one rename.
pub(crate) fn write_atomic(path: &Path, bytes: &[u8]) -> Result<()> {
    let parent = path.parent().unwrap_or(Path::new("."));
    create_dir_all(parent)?;
    let mut file = tempfile::NamedTempFile::new_in(parent)
        .map_err(|e| failed("create a temporary file in", parent, e))?;
    file.write_all(bytes)
        .and_then(|()| file.as_file().sync_all())
        .map_err(|e| failed("write", path, e))?;
    file.persist(path)
        .map_err(|e| failed("write", path, e.error))?;
    readable_by_all(path)
}

/// Gives a file that began as a temporary one the permissions of any other.
#[cfg(unix)]
pub(crate) fn readable_by_all(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o644))
        .map_err(|e| failed("set the permissions of", path, e))
}

/// Gives a file that began as a temporary one the permissions of any other.
#[cfg(not(unix))]
pub(crate) fn readable_by_all(_path: &Path) -> Result<()> {
    Ok(())
}

/// Writes a file so that only its owner reads it, whole or not at all.
pub(crate) fn write_secret(path: &Path, bytes: &[u8]) -> Result<()> {
    let parent = path.parent().unwrap_or(Path::new("."));
    create_dir_all(parent)?;
    // A temporary file is its owner's alone, and stays so when it is renamed.
    let mut file = tempfile::NamedTempFile::new_in(parent)
        .map_err(|e| failed("create a temporary file in", parent, e))?;
    file.write_all(bytes)
        .and_then(|()| file.as_file().sync_all())
        .map_err(|e| failed("write", path, e))?;
    file.persist(path)
        .map(|_| ())
        .map_err(|e| failed("write", path, e.error))
}

/// Renames a file or folder.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).map_err(|e| failed("rename", from, e))
}

/// Removes a file; a missing one is fine.
pub(crate) fn remove_file(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(failed("remove", path, e)),
        _ => Ok(()),
    }
}

/// Gives a file a second name, or copies it where the file system cannot.
pub(crate) fn link_or_copy(from: &Path, to: &Path) -> Result<()> {
    if fs::hard_link(from, to).is_ok() {
        return Ok(());
    }
    fs::copy(from, to)
        .map(|_| ())
        .map_err(|e| failed("copy", from, e))
}

/// Makes a name point to another place, by one rename: a reader sees the old place
/// or the new one.
pub(crate) fn replace_link(target: &Path, link: &Path) -> Result<()> {
    if let Some(parent) = link.parent() {
        create_dir_all(parent)?;
    }
    let beside = link.with_extension("new");
    remove_file(&beside)?;
    std::os::unix::fs::symlink(target, &beside).map_err(|e| failed("link", &beside, e))?;
    rename(&beside, link)
}

/// Returns the last name of the place that a link points to; `None` where there is
/// no such link.
pub(crate) fn link_target_name(link: &Path) -> Result<Option<String>> {
    match fs::read_link(link) {
        Ok(target) => Ok(target
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())),
        // InvalidInput: a file, as earlier versions wrote it.
        Err(e)
            if matches!(
                e.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::InvalidInput
            ) =>
        {
            Ok(None)
        }
        Err(e) => Err(failed("read", link, e)),
    }
}

/// Removes a folder and what is in it; a missing folder is fine.
pub(crate) fn remove_dir_all(path: &Path) -> Result<()> {
    match fs::remove_dir_all(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(failed("remove", path, e)),
        _ => Ok(()),
    }
}

/// Lists a folder's entries in the order of their names; a missing folder is empty.
pub(crate) fn list(path: &Path) -> Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(|e| failed("list", path, e))?,
    };
    let mut paths = entries
        .map(|entry| entry.map(|e| e.path()).map_err(|e| failed("list", path, e)))
        .collect::<Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// Returns how many files lie below a folder.
pub(crate) fn count_files(folder: &Path) -> Result<usize> {
    list(folder)?.iter().try_fold(0, |sum, path| {
        let below = if path.is_dir() { count_files(path)? } else { 1 };
        Ok(sum + below)
    })
}

/// Copies `from` to `to`, returning the SHA-256 (hexadecimal) and the number of bytes.
pub(crate) fn copy_hashed(from: &Path, to: &mut impl Write) -> Result<(String, u64)> {
    let mut reader = open(from)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    let mut bytes = 0;
    loop {
        let read = io::Read::read(&mut reader, &mut buffer).map_err(|e| failed("read", from, e))?;
        if read == 0 {
            return Ok((hexadecimal(&hash.finalize()), bytes));
        }
        hash.update(&buffer[..read]);
        to.write_all(&buffer[..read])
            .map_err(|e| failed("copy", from, e))?;
        bytes += read as u64;
    }
}

/// Returns the SHA-256 of a file, in hexadecimal.
pub(crate) fn hash(path: &Path) -> Result<String> {
    Ok(copy_hashed(path, &mut io::sink())?.0)
}

/// Takes a lock that lasts until the returned file is dropped; `None` where another
/// process has it.
///
/// The file says who has it, in the words of `holder`; it is left as it was where
/// another has it.
pub(crate) fn lock(path: &Path, holder: &str) -> Result<Option<File>> {
    if let Some(parent) = path.parent() {
        create_dir_all(parent)?;
    }
    let mut options = File::options();
    let mut file = options
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(|e| failed("create", path, e))?;
    match file.try_lock() {
        Ok(()) => {
            file.set_len(0)
                .and_then(|()| file.write_all(holder.as_bytes()))
                .map_err(|e| failed("write", path, e))?;
            Ok(Some(file))
        }
        Err(fs::TryLockError::WouldBlock) => Ok(None),
        Err(fs::TryLockError::Error(e)) => Err(failed("lock", path, e)),
    }
}

/// Returns the SHA-256 of some bytes, in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// Returns bytes in hexadecimal.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string never fails");
        text
    })
}

/// Copies a file so that the copy is whole or absent, and has the hash that was
/// announced: a file that changes meanwhile is an error, not a mixture.
pub(crate) fn copy_atomic(from: &Path, to: &Path, expected_sha256: &str) -> Result<()> {
    let parent = to.parent().unwrap_or(Path::new("."));
    create_dir_all(parent)?;
    let mut file = tempfile::NamedTempFile::new_in(parent)
        .map_err(|e| failed("create a temporary file in", parent, e))?;
    let (sha256, _) = copy_hashed(from, &mut file)?;
    if sha256 != expected_sha256 {
        let message = format!(
            "cannot copy `{}`: expected it to stay as it was, found it changed meanwhile",
            from.display()
        );
        return Err(Error::new(ErrorKind::Input, message).hint("run again when it is complete"));
    }
    file.as_file()
        .sync_all()
        .map_err(|e| failed("write", to, e))?;
    file.persist(to).map_err(|e| failed("write", to, e.error))?;
    readable_by_all(to)
}

/// Puts folder `from` in the place of folder `to`. Where the system can exchange two
/// names at once, a reader sees the old folder or the new one at every moment.
pub(crate) fn replace_folder(from: &Path, to: &Path) -> Result<()> {
    if !to.exists() {
        return rename(from, to);
    }
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        if renameat_with(CWD, from, CWD, to, RenameFlags::EXCHANGE).is_ok() {
            return remove_dir_all(from);
        }
    }
    let old = to.with_extension("replaced");
    remove_dir_all(&old)?;
    rename(to, &old)?;
    rename(from, to)?;
    remove_dir_all(&old)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_refuses_is_told_with_what_to_do() {
        let kinds = [
            (
                io::ErrorKind::PermissionDenied,
                "found permission denied",
                "chmod",
            ),
            (
                io::ErrorKind::ReadOnlyFilesystem,
                "found a read-only file system",
                "copy it",
            ),
            (io::ErrorKind::StorageFull, "found it full", "make room"),
        ];
        for (kind, found, hint) in kinds {
            let text = failed("open", Path::new("a.csv"), kind.into()).to_string();
            assert!(text.starts_with("cannot open `a.csv`: expected "), "{text}");
            assert!(text.contains(found) && text.contains(hint), "{text}");
        }
    }

    #[test]
    fn what_lies_at_a_path_is_named() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = |name: &str| folder.path().join(name);
        write(&path("file"), b"x").expect("it can be written");
        std::os::unix::fs::symlink(path("gone"), path("broken")).expect("it can be linked");
        std::os::unix::fs::symlink(folder.path(), path("round")).expect("it can be linked");
        let expected = [
            ("file", Some("a file")),
            ("", Some("a directory")),
            ("broken", Some("a link that leads nowhere")),
            ("round", Some("a link to a directory")),
            ("gone", None),
        ];
        for (name, found) in expected {
            assert_eq!(describe(&path(name)), found, "{name}");
        }
    }
}

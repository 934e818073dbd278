//! A body on its way to the disk: a temporary file in `landing/`, hashed as it grows.
//!
//! Nothing holds a whole export in memory. What is dropped before it is landed is
//! gone from the disk too.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use crate::error::Result;
use crate::fs;

/// A body that is being written.
pub(super) struct Spool {
    file: NamedTempFile,
    folder: PathBuf,
    hash: Sha256,
    bytes: u64,
}

/// A body that was written whole.
pub(super) struct Spooled {
    file: NamedTempFile,
    folder: PathBuf,
    pub(super) sha256: String,
    pub(super) bytes: u64,
}

impl Spool {
    pub(super) fn create(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let file = NamedTempFile::new_in(folder)
            .map_err(|e| fs::failed("create a temporary file in", folder, e))?;
        Ok(Self {
            file,
            folder: folder.to_owned(),
            hash: Sha256::new(),
            bytes: 0,
        })
    }

    pub(super) fn add(&mut self, bytes: &[u8]) -> Result<()> {
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        self.file
            .write_all(bytes)
            .map_err(|e| fs::failed("write to", &self.folder, e))
    }

    pub(super) fn finish(self) -> Result<Spooled> {
        self.file
            .as_file()
            .sync_all()
            .map_err(|e| fs::failed("write to", &self.folder, e))?;
        Ok(Spooled {
            sha256: fs::hexadecimal(&self.hash.finalize()),
            bytes: self.bytes,
            file: self.file,
            folder: self.folder,
        })
    }
}

impl Spooled {
    /// Returns at most the first `most` bytes.
    pub(super) fn start(&self, most: u64) -> Result<Vec<u8>> {
        let mut start = Vec::new();
        self.reopen()
            .and_then(|file| file.take(most).read_to_end(&mut start))
            .map_err(|e| fs::failed("read from", &self.folder, e))?;
        Ok(start)
    }

    fn reopen(&self) -> io::Result<std::fs::File> {
        self.file.reopen()
    }

    /// Gives it its name in the folder. What lies there under the name of its hash
    /// has these bytes already and stays as it is, unless somebody changed it.
    pub(super) fn land(self, name: &str) -> Result<()> {
        let path = self.folder.join(name);
        if is_landed(&path, self.bytes) {
            return Ok(());
        }
        self.file
            .persist(&path)
            .map_err(|e| fs::failed("write", &path, e.error))?;
        fs::readable_by_all(&path)
    }
}

/// Returns whether a file of this size lies at a path.
pub(super) fn is_landed(path: &Path, bytes: u64) -> bool {
    std::fs::metadata(path).is_ok_and(|found| found.is_file() && found.len() == bytes)
}

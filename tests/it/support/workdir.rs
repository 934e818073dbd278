//! A project in a temporary folder, and the real binary run in it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use super::{Table, files_below};

/// What a finished command left behind.
#[derive(Debug)]
pub(crate) struct Finished {
    /// The exit code; `None` where a signal ended it.
    pub(crate) code: Option<i32>,
    /// Standard output.
    pub(crate) stdout: String,
    /// Standard error.
    pub(crate) stderr: String,
}

impl Finished {
    fn new(output: &Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// A project that is gone when the test ends.
pub(crate) struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    /// Makes an empty folder.
    pub(crate) fn empty() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        Self { folder }
    }

    /// Copies a whole folder.
    pub(crate) fn copy_of(source: &Path) -> Self {
        let project = Self::empty();
        for file in files_below(source) {
            let name = file.strip_prefix(source).expect("it lies below");
            let bytes = fs::read(&file).expect("a file of the repository can be read");
            project.write(&name.to_string_lossy(), &bytes);
        }
        project
    }

    /// Returns the folder.
    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    /// Returns a path in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    /// Writes a file and the folders above it.
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        let parent = path.parent().expect("it lies in the folder");
        fs::create_dir_all(parent).expect("a folder can be made");
        fs::write(&path, bytes).expect("a file can be written");
    }

    /// Returns every file below `name`, by its path, with its bytes.
    pub(crate) fn tree(&self, name: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        let read = |path: PathBuf| {
            let bytes = fs::read(&path).expect("a file that is listed can be read");
            let name = path.strip_prefix(self.root()).expect("it lies below");
            (name.to_owned(), bytes)
        };
        files_below(&self.path(name))
            .into_iter()
            .map(read)
            .collect()
    }

    /// Runs `plimsoll` in the folder.
    pub(crate) fn plimsoll(&self, arguments: &[&str]) -> Finished {
        let output = self
            .command(arguments)
            .output()
            .expect("the binary can be started");
        Finished::new(&output)
    }

    /// Runs `plimsoll` with a standard output that nobody reads.
    pub(crate) fn plimsoll_into_closed_pipe(&self, arguments: &[&str]) -> Finished {
        let mut child = self
            .command(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary can be started");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("the binary ends");
        Finished::new(&output)
    }

    /// Starts `plimsoll` in the folder and kills it after a while.
    pub(crate) fn kill_after(&self, arguments: &[&str], delay: std::time::Duration) {
        let mut child = self
            .command(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary can be started");
        std::thread::sleep(delay);
        child.kill().expect("a child can be killed");
        child.wait().expect("a killed child ends");
    }

    /// Starts `plimsoll` in the folder, and kills it once `is_time` says so, which is
    /// asked all the time. Returns whether it had ended before.
    pub(crate) fn watch(&self, arguments: &[&str], is_time: &mut dyn FnMut() -> bool) -> bool {
        let mut child = self
            .command(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary can be started");
        loop {
            let ended = child.try_wait().expect("a child can be asked");
            if ended.is_some() {
                return true;
            }
            if is_time() {
                child.kill().expect("a child can be killed");
                child.wait().expect("a killed child ends");
                return false;
            }
            std::thread::sleep(std::time::Duration::from_micros(100));
        }
    }

    /// Returns the command that runs `plimsoll` in the folder.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
        command.current_dir(self.root()).args(arguments);
        // One key for all, so that two projects have the same pseudonyms.
        command.env("PLIMSOLL_PERSON_KEY", "the key of the tests");
        command
    }

    /// Runs the whole batch.
    pub(crate) fn batch(&self) -> Finished {
        self.plimsoll(&["run"])
    }

    /// Runs the batch up to the marts.
    pub(crate) fn compute(&self) -> Finished {
        let mut stderr = String::new();
        for stage in ["pull", "ingest", "compute"] {
            let finished = self.plimsoll(&[stage]);
            stderr.push_str(&finished.stderr);
            if finished.code != Some(0) {
                return Finished { stderr, ..finished };
            }
        }
        Finished {
            code: Some(0),
            stdout: String::new(),
            stderr,
        }
    }

    /// Runs the batch up to the marts, which must succeed.
    pub(crate) fn computed(self) -> Self {
        let finished = self.compute();
        assert_eq!(finished.code, Some(0), "{}", finished.stderr);
        self
    }

    /// Returns the rows of a select, which must succeed.
    pub(crate) fn query(&self, sql: &str) -> Table {
        let finished = self.plimsoll(&["query", sql, "--format", "csv"]);
        assert_eq!(finished.code, Some(0), "{sql}\n{}", finished.stderr);
        Table::parse(&finished.stdout)
    }
}

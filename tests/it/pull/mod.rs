//! Pulls from real servers on this machine.
//!
//! HTTP servers, with the faults that servers have, are played by [`server`], in
//! this process. PostgreSQL and an S3-compatible server are real ones: `.ci/servers`
//! starts them. Where `PLIMSOLL_TEST_POSTGRES` (a connection) or `PLIMSOLL_TEST_S3`
//! (an address) is not set, their tests pass without a look, unless
//! `PLIMSOLL_REQUIRE_SERVERS=1` asks for them.

mod changes;
mod faults;
mod files;
mod github;
mod jira;
mod landed;
mod objects;
mod paging;
mod postgres;
mod secrets;
mod server;
mod servicenow;

use std::collections::BTreeMap;
use std::path::PathBuf;

use plimsoll::config::parse_config;
use plimsoll::error::Result;
use plimsoll::pull::{Landing, pull};
use tempfile::TempDir;

/// A project in a folder of its own.
pub(crate) struct Project {
    folder: TempDir,
    variables: BTreeMap<String, String>,
}

impl Project {
    pub(crate) fn new() -> Self {
        Self {
            folder: TempDir::new().expect("a temporary folder"),
            variables: BTreeMap::new(),
        }
    }

    pub(crate) fn with_variable(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        let folder = path.parent().expect("it has a folder");
        std::fs::create_dir_all(folder).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }

    /// Pulls the sources of a configuration.
    pub(crate) fn pull_all(&self, sources: &str) -> Result<Landing> {
        let text = format!("[project]\nname = \"x\"\n\n{sources}");
        let config = parse_config(&text, self.folder.path().to_owned())?;
        pull(&config, None, &|name| self.variables.get(name).cloned())
    }

    /// Pulls one source; `load` is a line of it or nothing.
    pub(crate) fn pull(&self, load: &str, keys: &str) -> Result<Landing> {
        self.pull_all(&source("tracker", load, keys))
    }

    pub(crate) fn manifest(&self) -> String {
        std::fs::read_to_string(self.path("landing/manifest.json")).unwrap_or_default()
    }

    /// Rewrites the manifest, as if the pull had been at another time.
    pub(crate) fn change_manifest(&self, change: impl Fn(&mut serde_json::Value)) {
        let mut manifest = serde_json::from_str(&self.manifest()).expect("it is JSON");
        change(&mut manifest);
        self.write("landing/manifest.json", &manifest.to_string());
    }

    /// Returns the bodies of a landing in their order.
    pub(crate) fn bodies(&self, landing: &Landing) -> Vec<String> {
        let read = |file: &String| {
            let path = self.path("landing").join(file);
            std::fs::read_to_string(path).expect("it landed")
        };
        landing.files.iter().map(|file| read(&file.file)).collect()
    }

    /// Returns the text of everything in `landing/`, and the names of its files.
    pub(crate) fn everything(&self) -> String {
        let mut text = String::new();
        for entry in std::fs::read_dir(self.path("landing"))
            .into_iter()
            .flatten()
        {
            let path = entry.expect("an entry").path();
            text += &path.to_string_lossy();
            text += &String::from_utf8_lossy(&std::fs::read(&path).expect("it can be read"));
        }
        text
    }
}

/// Returns the text of one source with a pull.
pub(crate) fn source(name: &str, load: &str, keys: &str) -> String {
    format!(
        "[[sources]]\nname = \"{name}\"\ntable = \"incidents\"\n{load}\n[sources.pull]\n{keys}\n"
    )
}

/// Returns the setting of a server that `.ci/servers` starts.
pub(crate) fn server_setting(name: &str) -> Option<String> {
    let setting = std::env::var(name).ok().filter(|value| !value.is_empty());
    let is_required = std::env::var("PLIMSOLL_REQUIRE_SERVERS").is_ok_and(|value| value == "1");
    assert!(
        setting.is_some() || !is_required,
        "`{name}` is not set: run `.ci/servers` first"
    );
    setting
}

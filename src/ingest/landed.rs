//! Removes landed exports that nothing needs any more, where the project asks for it.
//!
//! A file stays while the latest pull lists it (all pulls that a delta is made of are
//! in that list), while a kept snapshot was read from it, and until it is so many days
//! old. It goes after the snapshot was committed, under the lock of the run, so that no
//! pull lists it meanwhile. What has another name than a landed file is not ours.

use std::collections::BTreeSet;
use std::path::Path;

use crate::clock;
use crate::config::Config;
use crate::error::Result;
use crate::fs;
use crate::lake;
use crate::pull::{Landing, landing_folder};

/// How many digits of its hash a landed file's name starts with.
const HASH_DIGITS: usize = 16;

/// Removes the files; none where the project does not say when, or where a snapshot
/// does not tell what it was read from, as those of older versions do not.
///
/// # Errors
/// `Io`.
pub(super) fn remove_unneeded(config: &Config, landing: &Landing) -> Result<()> {
    let Some(days) = config.lake.keep_landed_days else {
        return Ok(());
    };
    let Some(mut needed) = lake::landed_files(&config.root)? else {
        return Ok(());
    };
    needed.extend(listed(landing));
    for path in fs::list(&landing_folder(&config.root))? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if is_landed_name(&name) && !needed.contains(name.as_ref()) && is_older(&path, days) {
            tracing::debug!(file = name.as_ref(), "removed from landing");
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

fn listed(landing: &Landing) -> BTreeSet<String> {
    let files = landing.files.iter().map(|file| &file.file);
    let states = landing.sources.values();
    let answers = states.flat_map(|state| state.answers.values().map(|answer| &answer.file));
    files.chain(answers).cloned().collect()
}

/// Returns whether a name is that of a landed file: some of its hash, a dash, the rest.
fn is_landed_name(name: &str) -> bool {
    let is_hash = |hash: &str| hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    name.split_once('-')
        .is_some_and(|(hash, rest)| hash.len() == HASH_DIGITS && is_hash(hash) && !rest.is_empty())
}

/// Returns whether a file was landed at least so many days ago; one whose age is not
/// known was not.
fn is_older(path: &Path, days: u32) -> bool {
    let landed = path.metadata().and_then(|file| file.modified());
    landed.is_ok_and(|at| {
        let age = clock::now().signed_duration_since(chrono::DateTime::<chrono::Utc>::from(at));
        age >= chrono::TimeDelta::days(days.into())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_landed_file_is_told_by_its_name() {
        assert!(is_landed_name("0123456789abcdef-items.csv"));
        for name in [
            "manifest.json",
            "0123456789abcdef",
            "0123456789abcdef-",
            "0123456789abcde-items.csv",
            "0123456789ABCDEF-items.csv",
            "notes-of-the-export.csv",
            "",
        ] {
            assert!(!is_landed_name(name), "{name}");
        }
    }
}

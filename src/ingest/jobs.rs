//! What is to be read, in the order in which later rows win.
//!
//! One job for each export and feed; the files of a source that are read `together`
//! are one export, named by the source's path, its hash that of all of them.

use std::borrow::Cow;

use super::part::Job;
use super::pseudonym::Pseudonyms;
use crate::config::{Config, Load, Source};
use crate::fs;
use crate::lake::Parts;
use crate::pull::{LandedFile, Landing};

/// Returns the jobs: sources as configured, exports as pulled, feeds as listed.
pub(super) fn jobs<'a>(
    config: &'a Config,
    landing: &'a Landing,
    pseudonyms: &'a Pseudonyms,
    known: &'a Parts,
) -> Vec<Job<'a>> {
    let mut jobs = Vec::new();
    for source in &config.sources {
        let files = landing.files.iter().filter(|f| f.source == source.name);
        let files: Vec<&LandedFile> = files.collect();
        for (number, (file, members)) in exports(source, &files).into_iter().enumerate() {
            for (place, feed) in source.feeds.iter().enumerate() {
                jobs.push(Job {
                    config,
                    source,
                    feed,
                    file: file.clone(),
                    members: members.clone(),
                    pseudonyms,
                    known,
                    place,
                    is_addition: number > 0 && source.load == Load::Delta,
                });
            }
        }
    }
    jobs
}

/// Returns what counts as one export, each with the files that it lies in.
fn exports<'a>(
    source: &Source,
    files: &[&'a LandedFile],
) -> Vec<(Cow<'a, LandedFile>, Vec<&'a LandedFile>)> {
    let single = |file: &&'a LandedFile| (Cow::Borrowed(*file), vec![*file]);
    match files {
        [first, ..] if source.is_together => {
            let all = Cow::Owned(all_of(source, first, files));
            vec![(all, files.to_vec())]
        }
        files => files.iter().map(single).collect(),
    }
}

fn all_of(source: &Source, first: &LandedFile, files: &[&LandedFile]) -> LandedFile {
    let line = |file: &&LandedFile| format!("{} {}\n", file.sha256, file.origin);
    let hashes: String = files.iter().map(line).collect();
    let origin = match source.path.as_str() {
        "" => first.origin.clone(),
        path => path.to_owned(),
    };
    LandedFile {
        origin,
        sha256: fs::sha256(hashes.as_bytes()),
        bytes: files.iter().map(|file| file.bytes).sum(),
        pulled_at: files.iter().map(|f| f.pulled_at).max().unwrap_or_default(),
        ..first.clone()
    }
}

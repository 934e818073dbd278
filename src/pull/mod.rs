//! Where exports come from: each is put into `landing/` as it came, with its hash.
//!
//! One file per kind of source. What lies in `landing/` is named by its hash, so a
//! later run copies nothing that it has, and what an earlier run read is never
//! overwritten. `landing/manifest.json` lists the files of the latest pull in order:
//! sources as configured, files by name or page, what adds to earlier pulls behind
//! them. That order is what "the later pull" means.
//!
//! # Invariants
//! - All or nothing: where one source fails, the others are still tried so that all
//!   problems are told at once, and the manifest stays as it was.
//! - The value of a secret is in no file, no error and no log line: every text that
//!   came from outside passes `secret::Secrets::hide`.
//! - Bodies go to the disk as they arrive; only a page that has to be looked into for
//!   the next one is read into memory, up to 64 MB.

mod clouds;
mod ending;
mod files;
mod github;
mod http;
mod jira;
mod job;
mod json;
mod landing;
mod objects;
mod postgres;
mod proxy;
mod retry;
mod secret;
mod servicenow;
mod spool;
mod tls;
mod transport;
mod walk;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::clock;
use crate::config::{Config, Pull, Source};
use crate::error::{Error, Result};
use job::{Former, Job, Pace, Pulled};
pub use landing::{Answer, LandedFile, Landing, SourceState, landing_folder, load_landing};
use secret::{Environment, Secrets};

/// Pulls every export into `landing/` and lists them; with `only`, those of these
/// sources, and the others stay as they landed, if they did. `environment` looks up the
/// variables that the configuration names.
///
/// # Errors
/// `Input` where a source matches no file or a server does not give what was asked
/// for, all such sources at once; `Io`. The former list stays as it was.
pub fn pull(
    config: &Config,
    only: Option<&[String]>,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Landing> {
    let now = clock::now();
    let former = landing::load_former(&config.root)?.unwrap_or_default();
    let mut landing = Landing::default();
    let mut problems = Vec::new();
    let mut seen = BTreeSet::new();
    for source in &config.sources {
        // Several feeds of one source share its files.
        if !seen.insert(source.name.as_str()) {
            continue;
        }
        let pulled = match kept_as_landed(config, only, source, &former) {
            Some(kept) => Ok(kept),
            None => pull_source(config, source, &former, environment, now),
        };
        match pulled {
            Ok((files, state)) => {
                landing.files.extend(files);
                if state != SourceState::default() {
                    landing.sources.insert(source.name.clone(), state);
                }
            }
            Err(error) => problems.push(error),
        }
    }
    if !problems.is_empty() {
        return Err(Error::gather("cannot pull", problems));
    }
    landing::write_landing(&config.root, &landing)?;
    Ok(landing)
}

/// Returns what landed of a source that is not asked for; `None` where it is, or where
/// what landed is not whole.
fn kept_as_landed(
    config: &Config,
    only: Option<&[String]>,
    source: &Source,
    former: &Landing,
) -> Option<(Vec<LandedFile>, SourceState)> {
    if only?.contains(&source.name) {
        return None;
    }
    let landed = Former::of(&config.root, former, source);
    let is_there = landed.is_whole && !landed.files.is_empty();
    is_there.then_some((landed.files, landed.state))
}

fn pull_source(
    config: &Config,
    source: &Source,
    former: &Landing,
    environment: Environment<'_>,
    now: DateTime<Utc>,
) -> Result<(Vec<LandedFile>, SourceState)> {
    let job = Job {
        root: &config.root,
        source,
        secrets: Secrets::new(environment),
        former: Former::of(&config.root, former, source),
        now,
        pace: Pace::USUAL,
    };
    let pulled = match &source.pull {
        None => files::land_files(&job),
        Some(Pull::Http(pull)) => http::pull_http(&job, pull),
        Some(Pull::Objects(pull)) => objects::pull_objects(&job, pull),
        Some(Pull::Postgres(pull)) => postgres::pull_postgres(&job, pull),
        Some(Pull::Jira(pull)) => jira::pull_jira(&job, pull),
        Some(Pull::GitHub(pull)) => github::pull_github(&job, pull),
        Some(Pull::ServiceNow(pull)) => servicenow::pull_servicenow(&job, pull),
    };
    let pulled = pulled.map_err(|error| without_secrets(&job, error))?;
    tracing::debug!(
        source = source.name,
        files = pulled.files.len(),
        everything = pulled.is_whole,
        "pulled"
    );
    Ok(put_together(&job, pulled))
}

/// Puts what was pulled behind what stays of the pulls before.
fn put_together(job: &Job<'_>, pulled: Pulled) -> (Vec<LandedFile>, SourceState) {
    if pulled.is_whole {
        return (pulled.files, pulled.state);
    }
    let mut files = job.former.files.clone();
    files.extend(pulled.files);
    (files, pulled.state)
}

/// The last door: an error that still shows a secret is shown with its name instead.
fn without_secrets(job: &Job<'_>, error: Error) -> Error {
    let text = error.to_string();
    let hidden = job.secrets.hide(&text);
    if hidden == text {
        return error;
    }
    Error::new(error.kind(), hidden)
}

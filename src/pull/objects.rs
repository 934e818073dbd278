//! Objects of a store: one key, or a glob over keys, in the order of the keys.
//!
//! What a store says of an object (its e-tag, when it was changed, its size) is
//! compared before it is fetched: what is as it was stays where it lies.

use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _};
use object_store::path::Path as Key;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt as _};
use tokio::time::timeout;

use super::clouds::{self, Span};
use super::ending;
use super::job::{Job, Pulled};
use super::landing::{Answer, LandedFile, SourceState};
use super::secret::Cause;
use super::spool::{Spool, Spooled};
use crate::config::Load;
use crate::config::pull::{Cloud, ObjectsPull};
use crate::error::{Error, ErrorKind, Result};

/// Pulls the objects of one source.
pub(super) fn pull_objects(job: &Job<'_>, pull: &ObjectsPull) -> Result<Pulled> {
    let store = clouds::open_store(job, pull, Span::Patient)?;
    let bodies = clouds::open_store(job, pull, Span::Open)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| {
            let what = format!("cannot pull source `{}`", job.source.name);
            Error::new(ErrorKind::Internal, what).caused_by(e)
        })?;
    let objects = runtime
        .block_on(list_objects(store.as_ref(), &pull.key))
        .map_err(|e| refused(job, pull, &pull.key, &e))?;
    let is_whole = job.source.load == Load::Full;
    if objects.is_empty() && (is_whole || job.former.files.is_empty()) {
        let what = format!(
            "expected an object at `{}`, found none",
            origin(pull, &pull.key)
        );
        return Err(job
            .error(&what)
            .hint("correct `url`, or put the export there"));
    }
    let mut files = Vec::new();
    let mut state = SourceState {
        asked: job.asked(),
        ..SourceState::default()
    };
    for (place, object) in objects.iter().enumerate() {
        let origin = origin(pull, object.location.as_ref());
        let landed = match known(job, &origin, object) {
            Some(file) => file,
            None => {
                let body = runtime.block_on(fetch(job, pull, bodies.as_ref(), object))?;
                let ending = ending::of_name(object.location.as_ref());
                let ending = ending.as_deref().unwrap_or("data");
                job.land(body, &origin, place + 1, ending)?
            }
        };
        state.answers.insert(
            origin.clone(),
            Answer {
                file: landed.file.clone(),
                etag: object.e_tag.clone(),
                last_modified: Some(object.last_modified.to_rfc3339()),
                link: None,
            },
        );
        let mut earlier = job.former.files.iter();
        let is_known = earlier.any(|f| f.origin == landed.origin && f.sha256 == landed.sha256);
        if is_whole || !is_known {
            files.push(landed);
        }
    }
    Ok(Pulled {
        files,
        is_whole,
        state,
    })
}

fn origin(pull: &ObjectsPull, key: &str) -> String {
    let scheme = match pull.cloud {
        Cloud::S3 => "s3",
        Cloud::Google => "gs",
        Cloud::Azure => "az",
    };
    format!("{scheme}://{}/{key}", pull.bucket)
}

/// Returns the landed file of an object that is as it was.
fn known(job: &Job<'_>, origin: &str, object: &ObjectMeta) -> Option<LandedFile> {
    let state = &job.former.state;
    let answer = state.answers.get(origin)?;
    let is_same = state.asked == job.asked()
        && answer.etag == object.e_tag
        && answer.last_modified == Some(object.last_modified.to_rfc3339());
    let mut files = job.former.files.iter().filter(|_| is_same);
    files
        .find(|file| file.file == answer.file && file.bytes == object.size)
        .cloned()
}

async fn list_objects(store: &dyn ObjectStore, key: &str) -> object_store::Result<Vec<ObjectMeta>> {
    let Some(wild) = key.find(['*', '?', '[']) else {
        return match store.head(&Key::parse(key)?).await {
            Err(object_store::Error::NotFound { .. }) => Ok(Vec::new()),
            found => Ok(vec![found?]),
        };
    };
    // A store lists by whole parts of a key only.
    let prefix = key[..wild].rsplit_once('/').map(|(folder, _)| folder);
    let prefix = prefix.map(Key::parse).transpose()?;
    let pattern = glob::Pattern::new(key).map_err(|e| object_store::Error::Generic {
        store: "glob",
        source: Box::new(e),
    })?;
    let options = glob::MatchOptions {
        case_sensitive: true,
        require_literal_separator: true,
        require_literal_leading_dot: false,
    };
    let found: Vec<ObjectMeta> = store.list(prefix.as_ref()).try_collect().await?;
    let mut found: Vec<ObjectMeta> = found
        .into_iter()
        .filter(|object| pattern.matches_with(object.location.as_ref(), options))
        .collect();
    found.sort_by(|a, b| a.location.cmp(&b.location));
    Ok(found)
}

async fn fetch(
    job: &Job<'_>,
    pull: &ObjectsPull,
    store: &dyn ObjectStore,
    object: &ObjectMeta,
) -> Result<Spooled> {
    let key = object.location.as_ref();
    let patience = Duration::from_secs(pull.patience.timeout_seconds);
    let stalled = |_| {
        let what = format!(
            "expected the body of `{}`, found no progress for {} seconds",
            origin(pull, key),
            patience.as_secs()
        );
        job.error(&what).hint("try again later")
    };
    let answer = timeout(
        patience + clouds::RETRY_TIMEOUT,
        store.get(&object.location),
    );
    let answer = answer.await.map_err(stalled)?;
    let mut body = answer
        .map_err(|e| refused(job, pull, key, &e))?
        .into_stream();
    let mut spool = Spool::create(&job.folder())?;
    while let Some(bytes) = timeout(patience, body.next()).await.map_err(stalled)? {
        spool.add(&bytes.map_err(|e| refused(job, pull, key, &e))?)?;
    }
    let spooled = spool.finish()?;
    if spooled.bytes == object.size {
        return Ok(spooled);
    }
    let what = format!(
        "expected {} bytes of `{}`, found {}",
        object.size,
        origin(pull, key),
        spooled.bytes
    );
    Err(job.error(&what).hint("run again when it is complete"))
}

/// The store gave no answer, or not the one that was asked for.
fn refused(job: &Job<'_>, pull: &ObjectsPull, key: &str, error: &object_store::Error) -> Error {
    use object_store::Error as Fault;
    let cause = job.secrets.cause(error);
    let (found, hint) = match error {
        Fault::InvalidPath { .. } => ("a key that makes no sense", "correct `url`"),
        Fault::NotFound { .. } => ("none", "check the bucket and the key"),
        _ if has_status(&cause, "404") => ("none", "check the bucket and the key"),
        Fault::PermissionDenied { .. } | Fault::Unauthenticated { .. } => REFUSAL,
        _ if has_status(&cause, "401") || has_status(&cause, "403") => REFUSAL,
        _ => (
            "a fault",
            "check `endpoint`, `region` and the credentials in the environment, or try again later",
        ),
    };
    let what = format!("expected objects at `{}`, found {found}", origin(pull, key));
    job.error(&what).caused_by(cause).hint(hint)
}

const REFUSAL: (&str, &str) = (
    "a refusal",
    "check the credentials in the environment, or say `anonymous = true` for a public bucket",
);

/// The library has no kind of its own for a listing that is refused, only its text.
fn has_status(cause: &Cause, status: &str) -> bool {
    cause
        .to_string()
        .contains(&format!("non-2xx status code: {status}"))
}

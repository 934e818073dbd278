//! Reads `[sources.pull]` of kind `objects`.

use super::super::super::section::Section;
use super::super::{Cloud, ObjectsPull};
use super::read_patience;
use super::secret;

pub(super) fn read_objects(section: &Section<'_>) -> Option<ObjectsPull> {
    let place = section
        .required_text("url")
        .and_then(|_| section.parsed("url", parse_place));
    let endpoint = if section.has("endpoint") {
        Some(secret::url(section, "endpoint")?)
    } else {
        // Asked for all the same, so that a misspelling is told of it.
        let _ = section.hidden_text("endpoint");
        None
    };
    let region = section.text("region").map(str::to_owned);
    let anonymous = section.boolean("anonymous").unwrap_or(false);
    let patience = read_patience(section, 60);
    let (cloud, bucket, key) = place?;
    Some(ObjectsPull {
        cloud,
        bucket,
        key,
        endpoint,
        region,
        anonymous,
        patience,
    })
}

fn parse_place(text: &str) -> Result<(Cloud, String, String), String> {
    let expected = || {
        "s3://, gs:// or az:// with a bucket and a key or glob, such as s3://bucket/exports/*.csv"
            .to_owned()
    };
    let (scheme, place) = text.split_once("://").ok_or_else(expected)?;
    let cloud = match scheme {
        "s3" => Cloud::S3,
        "gs" => Cloud::Google,
        "az" => Cloud::Azure,
        _ => return Err(expected()),
    };
    let (bucket, key) = place.split_once('/').ok_or_else(expected)?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if bucket.is_empty() || !bucket.chars().all(is_plain) || key.is_empty() || key.ends_with('/') {
        return Err(expected());
    }
    if glob::Pattern::new(key).is_err() {
        return Err("a glob that makes sense, with `**` only between slashes".into());
    }
    Ok((cloud, bucket.to_owned(), key.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_cloud_a_bucket_and_a_key() {
        let read = parse_place("s3://bucket/a/*/b.csv.gz");
        let expected = (Cloud::S3, "bucket".to_owned(), "a/*/b.csv.gz".to_owned());
        assert_eq!(read, Ok(expected));
        for text in ["bucket/a", "ftp://b/a", "s3://b", "s3://b/", "s3://u:p@b/a"] {
            assert!(parse_place(text).is_err(), "{text}");
        }
    }
}

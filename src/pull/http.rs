//! Any HTTP(S) server, page after page.

mod link;
mod paging;

use chrono::TimeDelta;
use reqwest::Url;

use super::job::{Job, Pulled};
use super::transport::Transport;
use super::walk::{Walk, Way};
use crate::config::Load;
use crate::config::pull::HttpPull;
use crate::error::Result;
pub(super) use link::next_link;
use paging::Pager;

/// Pulls the pages of one source.
pub(super) fn pull_http(job: &Job<'_>, pull: &HttpPull) -> Result<Pulled> {
    let mut url = parse_address(job, &job.fill_address(&pull.url)?)?;
    let mut transport = Transport::new(job, &url, &pull.login, &pull.headers, pull.patience)?;
    for (name, template) in &pull.query {
        let value = job.fill(template)?;
        set_parameter(&mut url, name, &value);
        if template.has_variable() {
            transport.remember_parameter(name, &value);
        }
    }
    let (way, overlap) = match &pull.since {
        None if job.source.load == Load::Delta => (Way::Behind, None),
        None => (Way::Whole, None),
        Some(since) => {
            let way = match job.since(pull.full_every_days) {
                None => Way::Whole,
                Some(watermark) => {
                    let value = watermark.format(&since.format).to_string();
                    set_parameter(&mut url, &since.parameter, &value);
                    Way::Changes
                }
            };
            (way, Some(TimeDelta::minutes(since.overlap_minutes.into())))
        }
    };
    let mut walk = Walk::new(job, transport, way, pull.ending.clone());
    let mut pager = Pager::new(job, &pull.paging, url);
    while let Some(url) = pager.take() {
        let page = walk.get(&url)?;
        let is_empty = pager.turn(&walk, &page)?;
        walk.keep(page, is_empty)?;
    }
    Ok(walk.finish(overlap))
}

/// Reads the address of a server. A user or password in it would be shown wherever
/// it is.
pub(super) fn parse_address(job: &Job<'_>, text: &str) -> Result<Url> {
    let wrong = |expected: &str| {
        job.error(&format!("expected {expected} as `url`, found `{text}`"))
            .hint("correct `url`")
    };
    let url = Url::parse(text).map_err(|_| wrong("an address"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(wrong("an address that starts with https:// or http://"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(job
            .error("expected no user or password in `url`, found one")
            .hint("use `user` and `password`, or `token`"));
    }
    Ok(url)
}

/// Sets a query parameter, in place of one of that name.
pub(super) fn set_parameter(url: &mut Url, name: &str, value: &str) {
    let others: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(known, _)| known != name)
        .map(|(known, value)| (known.into_owned(), value.into_owned()))
        .collect();
    let mut pairs = url.query_pairs_mut();
    pairs.clear();
    pairs.extend_pairs(others).append_pair(name, value);
}

/// Returns the address of a path below the one that was configured.
pub(super) fn below(home: &Url, path: &str) -> Url {
    let mut url = home.clone();
    url.set_query(None);
    url.set_fragment(None);
    let start = home.path().trim_end_matches('/');
    url.set_path(&format!("{start}/{path}"));
    url
}

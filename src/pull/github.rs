//! GitHub's REST interface: issues, releases, deployments and workflow runs.
//!
//! Pages follow each other by `Link`. A search for workflow runs stops at 1,000:
//! where there are more, the time is halved until each part has fewer. The halves
//! are cut at fixed instants, so that the addresses, and with them what the server
//! calls unchanged, are the same tomorrow. Answers that say "as it was" do not count
//! against GitHub's limit of requests.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use reqwest::Url;
use serde_json::Value;

use super::http::{below, next_link, parse_address, set_parameter};
use super::job::{Job, Pulled};
use super::json;
use super::transport::Transport;
use super::walk::{Page, Walk, Way};
use crate::config::Load;
use crate::config::pull::{GitHubList, GitHubPull};
use crate::error::Result;

/// The version of the interface that is spoken here.
const VERSION: &str = "2022-11-28";

/// A search gives no more than this.
const MOST_OF_A_SEARCH: u64 = 1_000;

/// Before the first workflow ran: 2018-01-01T00:00:00Z, in seconds since 1970.
const FIRST_SECOND: i64 = 1_514_764_800;

/// What is halved: a power of two seconds, some 34 years.
const ALL_SECONDS: i64 = 1 << 30;

/// Issues are found by when they were changed.
const ISSUES_OVERLAP: TimeDelta = TimeDelta::hours(1);

/// Runs are found by when they were created, and end later: within three days, but
/// for few. Those are caught up with when everything is pulled.
const RUNS_OVERLAP: TimeDelta = TimeDelta::hours(72);

/// Pulls one list of one repository.
pub(super) fn pull_github(job: &Job<'_>, pull: &GitHubPull) -> Result<Pulled> {
    let home = parse_address(job, &job.fill_address(&pull.url)?)?;
    let mut transport = Transport::new(job, &home, &pull.login, &[], pull.patience)?;
    transport.add_header("Accept", "application/vnd.github+json")?;
    transport.add_header("X-GitHub-Api-Version", VERSION)?;
    let overlap = match pull.what {
        GitHubList::Issues => Some(ISSUES_OVERLAP),
        GitHubList::Runs => Some(RUNS_OVERLAP),
        GitHubList::Releases | GitHubList::Deployments => None,
    };
    let overlap = overlap.filter(|_| job.source.load == Load::Delta);
    let since = overlap.and_then(|_| job.since(pull.full_every_days));
    let way = match (since, overlap, job.source.load) {
        (Some(_), ..) => Way::Changes,
        (None, None, Load::Delta) => Way::Behind,
        _ => Way::Whole,
    };
    let path = match pull.what {
        GitHubList::Issues => "issues",
        GitHubList::Releases => "releases",
        GitHubList::Deployments => "deployments",
        GitHubList::Runs => "actions/runs",
    };
    let mut url = below(&home, &format!("repos/{}/{path}", pull.repository));
    set_parameter(&mut url, "per_page", "100");
    let mut walk = Walk::new(job, transport, way, Some("json".to_owned()));
    match pull.what {
        GitHubList::Runs => walk_runs(job, &mut walk, &url, since)?,
        GitHubList::Issues => {
            // By creation, so that a change meanwhile does not move an issue.
            for (name, value) in [("state", "all"), ("sort", "created"), ("direction", "asc")] {
                set_parameter(&mut url, name, value);
            }
            if let Some(since) = since {
                set_parameter(&mut url, "since", &instant(since));
            }
            walk_list(&mut walk, url)?;
        }
        GitHubList::Releases | GitHubList::Deployments => walk_list(&mut walk, url)?,
    }
    Ok(walk.finish(overlap))
}

fn instant(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn walk_list(walk: &mut Walk<'_>, start: Url) -> Result<()> {
    let first = walk.get(&start)?;
    walk_on(walk, first)
}

/// Keeps a page and those that it leads to.
fn walk_on(walk: &mut Walk<'_>, first: Page) -> Result<()> {
    let mut next = Some(first);
    while let Some(page) = next.take() {
        let is_empty = walk.has_no_record(&page);
        let behind = page.head.link.as_deref().and_then(next_link);
        let behind = behind
            .map(|behind| walk.transport.follow(behind, &page.url))
            .transpose()?;
        walk.keep(page, is_empty)?;
        if let Some(url) = behind {
            next = Some(walk.get(&url)?);
        }
    }
    Ok(())
}

fn walk_runs(
    job: &Job<'_>,
    walk: &mut Walk<'_>,
    start: &Url,
    since: Option<DateTime<Utc>>,
) -> Result<()> {
    let mut url = start.clone();
    if let Some(since) = since {
        set_parameter(&mut url, "created", &format!(">={}", instant(since)));
    }
    let first = walk.get(&url)?;
    if count_runs(job, walk, &first)? <= MOST_OF_A_SEARCH {
        return walk_on(walk, first);
    }
    let from = since.map_or(FIRST_SECOND, |since| since.timestamp());
    walk_span(job, walk, start, from, (FIRST_SECOND, ALL_SECONDS))
}

/// Walks the runs of a span of seconds: its start and its length. What lies before
/// `from` is left out.
fn walk_span(
    job: &Job<'_>,
    walk: &mut Walk<'_>,
    start: &Url,
    from: i64,
    (first, length): (i64, i64),
) -> Result<()> {
    let last = first + length - 1;
    // A day ahead, as the server's clock may be.
    let is_future = first > walk.server_time().timestamp() + 86_400;
    if last < from || is_future {
        return Ok(());
    }
    let mut url = start.clone();
    let second = |second: i64| DateTime::from_timestamp_secs(second).map(instant);
    let bounds = second(first.max(from)).zip(second(last));
    let (lower, upper) = bounds.unwrap_or_default();
    set_parameter(&mut url, "created", &format!("{lower}..{upper}"));
    // The spans that have more than a search gives for certain are not asked for.
    if length < ALL_SECONDS {
        let page = walk.get(&url)?;
        if count_runs(job, walk, &page)? <= MOST_OF_A_SEARCH {
            return walk_on(walk, page);
        }
    }
    if length < 2 {
        return Err(job.error(&format!(
            "expected at most {MOST_OF_A_SEARCH} workflow runs a second, found more at `{url}`"
        )));
    }
    let half = length / 2;
    walk_span(job, walk, start, from, (first, half))?;
    walk_span(job, walk, start, from, (first + half, half))
}

fn count_runs(job: &Job<'_>, walk: &Walk<'_>, page: &Page) -> Result<u64> {
    let body = walk.json(page)?;
    json::at(&body, "total_count")
        .and_then(Value::as_u64)
        .ok_or_else(|| {
            job.error(&format!(
                "expected `total_count` at `{}`, found none",
                page.url
            ))
            .hint("check `url`: it is the address of the REST interface")
        })
}

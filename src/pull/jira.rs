//! Jira's search: Cloud (`/rest/api/3/search/jql`, token by token) and Server or
//! Data Center (`/rest/api/2/search`, by `startAt`), always with the change log.
//!
//! Cloud gives at most the latest 100 changes of an issue with a search. Where there
//! are more, the whole log is fetched from `/rest/api/3/issue/KEY/changelog` and put
//! into the page in the place of the cut one: a change log that lay in a file of its
//! own would not say which issue it belongs to. Such a page is the one landed file
//! that is not byte for byte what the server sent; its keys and their order are.

mod jql;

use std::collections::BTreeSet;

use chrono::TimeDelta;
use reqwest::Url;
use serde_json::Value;

use super::http::{below, parse_address, set_parameter};
use super::job::{Job, Pulled};
use super::json;
use super::transport::Transport;
use super::walk::{Page, Walk, Way};
use crate::config::Load;
use crate::config::pull::{Deployment, JiraPull};
use crate::error::{Error, Result};

/// JQL reads a time in the zone of the user, to the minute: no zone is further than
/// 14 hours behind or ahead of UTC, and the index needs a while.
const OVERLAP_HOURS: i64 = 26;

/// Issues a page; a server may give fewer.
const ISSUES_PER_PAGE: u64 = 100;

/// Changes a page of a change log; the most that Jira gives.
const CHANGES_PER_PAGE: u64 = 100;

/// Pulls the issues of one source.
pub(super) fn pull_jira(job: &Job<'_>, pull: &JiraPull) -> Result<Pulled> {
    let home = parse_address(job, &job.fill_address(&pull.url)?)?;
    let deployment = pull.deployment.unwrap_or_else(|| deployment_of(&home));
    let mut transport = Transport::new(job, &home, &pull.login, &[], pull.patience)?;
    transport.add_header("Accept", "application/json")?;
    let since = job.since(pull.full_every_days);
    let way = since.map_or(Way::Whole, |_| Way::Changes);
    let jql = jql::build(&job.fill(&pull.jql)?, since);
    let path = match deployment {
        Deployment::Cloud => "rest/api/3/search/jql",
        Deployment::Server => "rest/api/2/search",
    };
    let mut url = below(&home, path);
    for (name, value) in [
        ("jql", jql.as_str()),
        ("fields", &pull.fields.join(",")),
        ("expand", "changelog"),
        ("maxResults", &ISSUES_PER_PAGE.to_string()),
    ] {
        set_parameter(&mut url, name, value);
    }
    let mut walk = Walk::new(job, transport, way, Some("json".to_owned()));
    match deployment {
        Deployment::Cloud => walk_tokens(job, &mut walk, &home, &url)?,
        Deployment::Server => walk_counted(job, &mut walk, &url)?,
    }
    let is_incremental = job.source.load == Load::Delta;
    Ok(walk.finish(is_incremental.then(|| TimeDelta::hours(OVERLAP_HOURS))))
}

/// Atlassian's own hosts are Cloud.
fn deployment_of(home: &Url) -> Deployment {
    let host = home.host_str().unwrap_or_default();
    if host.ends_with(".atlassian.net") || host == "api.atlassian.com" {
        Deployment::Cloud
    } else {
        Deployment::Server
    }
}

fn walk_tokens(job: &Job<'_>, walk: &mut Walk<'_>, home: &Url, start: &Url) -> Result<()> {
    let mut url = start.clone();
    let mut seen = BTreeSet::new();
    loop {
        let page = walk.get(&url)?;
        let mut body = walk.json(&page)?;
        let issues = count_issues(job, &page, &body)?;
        let token = json::text_at(&body, "nextPageToken");
        let is_last = body.get("isLast").and_then(Value::as_bool) == Some(true);
        if complete_logs(job, walk, home, &mut body)? {
            walk.keep_changed(page, &body)?;
        } else {
            walk.keep(page, issues == 0)?;
        }
        let Some(token) = token.filter(|_| !is_last) else {
            return Ok(());
        };
        if !seen.insert(token.clone()) {
            return Err(circle(job, &url));
        }
        url = start.clone();
        set_parameter(&mut url, "nextPageToken", &token);
    }
}

fn walk_counted(job: &Job<'_>, walk: &mut Walk<'_>, start: &Url) -> Result<()> {
    let mut before = 0;
    loop {
        let mut url = start.clone();
        set_parameter(&mut url, "startAt", &before.to_string());
        let page = walk.get(&url)?;
        let body = walk.json(&page)?;
        let issues = count_issues(job, &page, &body)? as u64;
        let total = body.get("total").and_then(Value::as_u64);
        walk.keep(page, issues == 0)?;
        before += issues;
        // An administrator may have set a smaller page than was asked for.
        if issues == 0 || total.is_some_and(|total| before >= total) {
            return Ok(());
        }
    }
}

fn count_issues(job: &Job<'_>, page: &Page, body: &Value) -> Result<usize> {
    json::count(body, "issues").ok_or_else(|| {
        job.error(&format!("expected `issues` at `{}`, found none", page.url))
            .hint("check `url` and `deployment`: cloud and server have different interfaces")
    })
}

/// Puts whole change logs in the place of cut ones; returns whether there was one.
fn complete_logs(job: &Job<'_>, walk: &mut Walk<'_>, home: &Url, body: &mut Value) -> Result<bool> {
    let mut is_changed = false;
    let issues = body.get_mut("issues").and_then(Value::as_array_mut);
    for issue in issues.into_iter().flatten() {
        let key = json::text_at(issue, "key").or_else(|| json::text_at(issue, "id"));
        let Some((key, log)) = key.zip(issue.get_mut("changelog")) else {
            continue;
        };
        if !is_cut(log) {
            continue;
        }
        let changes = whole_log(job, walk, home, &key)?;
        log["startAt"] = 0.into();
        log["maxResults"] = changes.len().into();
        log["total"] = changes.len().into();
        log["histories"] = Value::Array(changes);
        is_changed = true;
    }
    Ok(is_changed)
}

fn is_cut(log: &Value) -> bool {
    let given = json::count(log, "histories").unwrap_or(0) as u64;
    let number = |name: &str| log.get(name).and_then(Value::as_u64);
    match number("total") {
        Some(total) => total > given,
        // Without a total, a log as long as it may be is taken for a cut one.
        None => number("maxResults").is_some_and(|most| given > 0 && given >= most),
    }
}

fn whole_log(job: &Job<'_>, walk: &Walk<'_>, home: &Url, key: &str) -> Result<Vec<Value>> {
    let mut changes: Vec<Value> = Vec::new();
    loop {
        let mut url = below(home, &format!("rest/api/3/issue/{key}/changelog"));
        set_parameter(&mut url, "maxResults", &CHANGES_PER_PAGE.to_string());
        set_parameter(&mut url, "startAt", &changes.len().to_string());
        let mut body = walk.look_up(&url)?;
        let total = body.get("total").and_then(Value::as_u64);
        let is_last = body.get("isLast").and_then(Value::as_bool) == Some(true);
        let Some(Value::Array(values)) = body.get_mut("values").map(Value::take) else {
            return Err(job
                .error(&format!("expected `values` at `{url}`, found none"))
                .hint("check `deployment`: cloud and server have different interfaces"));
        };
        let is_empty = values.is_empty();
        changes.extend(values);
        if is_empty || is_last || total.is_some_and(|total| changes.len() as u64 >= total) {
            return Ok(changes);
        }
    }
}

fn circle(job: &Job<'_>, url: &Url) -> Error {
    job.error(&format!(
        "expected another page behind `{url}`, found one that was there before"
    ))
    .hint("try again later")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_cut_change_log_is_told_from_a_whole_one() {
        let log = |total: Value, most: u64, given: usize| json!({"total": total, "maxResults": most, "histories": vec![0; given]});
        assert!(is_cut(&log(101.into(), 100, 100)));
        assert!(!is_cut(&log(100.into(), 100, 100)));
        assert!(!is_cut(&log(3.into(), 3, 3)));
        assert!(is_cut(&log(Value::Null, 100, 100)));
        assert!(!is_cut(&log(Value::Null, 100, 3)));
        assert!(!is_cut(&json!({})));
    }

    #[test]
    fn atlassians_hosts_are_cloud() {
        for (url, expected) in [
            ("https://company.atlassian.net", Deployment::Cloud),
            ("https://api.atlassian.com/ex/jira/1", Deployment::Cloud),
            ("https://jira.company.example", Deployment::Server),
        ] {
            let url = Url::parse(url).expect("an address");
            assert_eq!(deployment_of(&url), expected, "{url}");
        }
    }
}

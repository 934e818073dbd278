//! GitHub's REST interface, played by a server with its documented behaviour.

use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, Utc};
use serde_json::json;

use super::Project;
use super::server::{Asked, Reply, Server};

const DELTA: &str = "load = \"delta\"";

fn github(server: &Server, what: &str, more: &str) -> String {
    let url = server.url("");
    format!(
        "kind = \"github\"\nurl = \"{url}\"\nrepository = \"org/name\"\nwhat = \"{what}\"\n{more}"
    )
}

/// Two pages of issues that lead on by `Link`.
fn issues(asked: &Asked, _: usize) -> Reply {
    assert_eq!(asked.path, "/repos/org/name/issues");
    if asked.number("page") == 2 {
        return Reply::json("[{\"number\":2}]");
    }
    let next = format!(
        "</repos/org/name/issues?page=2&since={}>; rel=\"next\"",
        asked.parameter("since")
    );
    Reply::json("[{\"number\":1}]").with("Link", &next)
}

#[test]
fn issues_are_walked_by_link_and_asked_for_by_their_changes() {
    let server = Server::start(issues);
    let project = Project::new().with_variable("GITHUB_TOKEN", "geheim-123");
    let keys = github(&server, "issues", "token = \"${GITHUB_TOKEN}\"");
    let landing = project.pull(DELTA, &keys).expect("everything");
    assert_eq!(landing.files.len(), 2);
    let asked = server.take_asked();
    assert_eq!(asked[0].parameter("state"), "all");
    assert_eq!(asked[0].parameter("per_page"), "100");
    assert_eq!(asked[0].header("authorization"), "Bearer geheim-123");
    assert_eq!(asked[0].header("accept"), "application/vnd.github+json");
    assert_eq!(asked[0].header("x-github-api-version"), "2022-11-28");
    project.pull(DELTA, &keys).expect("changes");
    assert_eq!(server.asked()[0].parameter("since"), "2026-07-06T11:00:00Z");
}

#[test]
fn releases_and_deployments_are_always_whole() {
    for what in ["releases", "deployments"] {
        let server = Server::script(vec![Reply::json("[{\"id\":1}]").with("ETag", "\"1\"")]);
        let keys = github(&server, what, "");
        Project::new().pull("", &keys).expect("it lands");
        let asked = server.asked();
        assert_eq!(asked[0].path, format!("/repos/org/name/{what}"));
        assert_eq!(asked[0].header("authorization"), "");
    }
}

/// 2,500 runs, one an hour from the start of 2026, as a search shows them: at most
/// 1,000, and here a thousand a page.
fn runs(asked: &Asked, _: usize) -> Reply {
    const FIRST: i64 = 1_767_225_600;
    let second = |text: &str| -> i64 {
        let time: DateTime<Utc> = text.parse().expect("an instant");
        time.timestamp()
    };
    let created = asked.parameter("created");
    let (from, to) = match created.split_once("..") {
        Some((from, to)) => (second(from), second(to)),
        None => (created.strip_prefix(">=").map_or(0, second), i64::MAX),
    };
    let found: Vec<i64> = (0..2_500)
        .map(|hour| FIRST + hour * 3_600)
        .filter(|at| (from..=to).contains(at))
        .collect();
    let shown: Vec<_> = found
        .iter()
        .take(1_000)
        .map(|at| json!({"id": at}))
        .collect();
    let body = json!({"total_count": found.len(), "workflow_runs": shown});
    Reply::json(&body.to_string()).with("ETag", "\"1\"")
}

fn ids(project: &Project, landing: &plimsoll::pull::Landing) -> Vec<i64> {
    let mut ids = Vec::new();
    for body in project.bodies(landing) {
        let body: serde_json::Value = serde_json::from_str(&body).expect("it is JSON");
        let runs = body["workflow_runs"].as_array().expect("runs");
        ids.extend(runs.iter().filter_map(|run| run["id"].as_i64()));
    }
    ids
}

#[test]
fn more_runs_than_a_search_gives_are_split_by_time() {
    let server = Server::start(runs);
    let project = Project::new();
    let keys = github(&server, "runs", "");
    let landing = project.pull(DELTA, &keys).expect("it lands");
    let found = ids(&project, &landing);
    assert_eq!(found.len(), 2_500, "each run once");
    assert!(found.is_sorted());
    assert!(server.take_asked().len() < 40);
    // Three days before the server's clock.
    let changes = project.pull(DELTA, &keys).expect("changes");
    let asked = server.take_asked();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].parameter("created"), ">=2026-07-03T12:00:00Z");
    assert_eq!(changes.files, landing.files, "no run since then");
}

fn seconds_from_now(seconds: u64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    (now.expect("after 1970").as_secs() + seconds).to_string()
}

fn spent(reset_in: u64) -> Reply {
    Reply::new(403, "{\"message\":\"API rate limit exceeded\"}")
        .with("x-ratelimit-remaining", "0")
        .with("x-ratelimit-reset", &seconds_from_now(reset_in))
}

#[test]
fn a_limit_that_ends_soon_is_waited_for() {
    let server = Server::script(vec![spent(0), Reply::json("[{\"id\":1}]")]);
    let keys = github(&server, "releases", "");
    Project::new().pull("", &keys).expect("after a second");
    assert_eq!(server.asked().len(), 2);
}

#[test]
fn a_limit_that_ends_late_is_told() {
    let server = Server::script(vec![spent(3 * 3_600)]);
    let keys = github(&server, "releases", "");
    let message = Project::new()
        .pull("", &keys)
        .expect_err("three hours")
        .to_string();
    assert_eq!(server.asked().len(), 1);
    assert!(message.contains("a limit of requests"), "{message}");
    assert!(
        message.contains("minutes; run again after that"),
        "{message}"
    );
}

#[test]
fn a_token_that_may_not_is_told() {
    let server = Server::script(vec![Reply::new(
        403,
        "{\"message\":\"Resource not accessible\"}",
    )]);
    let message = Project::new()
        .pull("", &github(&server, "issues", ""))
        .expect_err("it may not")
        .to_string();
    assert_eq!(server.asked().len(), 1);
    assert!(message.contains("hint: check that the token"), "{message}");
}

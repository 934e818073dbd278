//! Jira's search, played by a server with its documented behaviour.

use serde_json::{Value, json};

use super::Project;
use super::server::{Asked, Reply, Server};

const DELTA: &str = "load = \"delta\"";

fn jira(server: &Server, more: &str) -> String {
    let url = server.url("/jira");
    format!(
        "kind = \"jira\"\nurl = \"{url}\"\njql = \"project = ABC order by updated\"\nretries = 0\n{more}"
    )
}

fn project() -> Project {
    Project::new().with_variable("JIRA_TOKEN", "geheim-123")
}

fn issue(number: usize, given: usize, total: usize) -> Value {
    json!({
        "key": format!("ABC-{number}"),
        "changelog": {"startAt": 0, "maxResults": 100, "total": total, "histories": changes(0, given)},
        "fields": {"summary": "s"},
    })
}

fn changes(from: usize, to: usize) -> Vec<Value> {
    (from..to).map(|id| json!({"id": id.to_string()})).collect()
}

/// Cloud: two pages, token by token; the third issue's change log is cut.
fn cloud(asked: &Asked, _: usize) -> Reply {
    if asked.path == "/jira/rest/api/3/issue/ABC-3/changelog" {
        let from = asked.number("startAt");
        let to = (from + asked.number("maxResults").min(100)).min(250);
        let body = json!({"values": changes(from, to), "total": 250, "isLast": to == 250});
        return Reply::json(&body.to_string());
    }
    assert_eq!(asked.path, "/jira/rest/api/3/search/jql");
    let body = match asked.parameter("nextPageToken") {
        "" => json!({"issues": [issue(1, 2, 2), issue(2, 0, 0)], "nextPageToken": "t2"}),
        "t2" => json!({"issues": [issue(3, 100, 250)], "isLast": true}),
        other => panic!("no such token: {other}"),
    };
    Reply::json(&body.to_string())
}

#[test]
fn cloud_is_walked_by_tokens_and_cut_change_logs_are_completed() {
    let server = Server::start(cloud);
    let project = project();
    let keys = jira(
        &server,
        "deployment = \"cloud\"\nuser = \"me@x.example\"\ntoken = \"${JIRA_TOKEN}\"",
    );
    let landing = project.pull("", &keys).expect("it lands");
    let bodies = project.bodies(&landing);
    assert_eq!(bodies.len(), 2);
    let first = json!({"issues": [issue(1, 2, 2), issue(2, 0, 0)], "nextPageToken": "t2"});
    assert_eq!(bodies[0], first.to_string(), "a whole page is as it came");
    let second: Value = serde_json::from_str(&bodies[1]).expect("it is JSON");
    let log = &second["issues"][0]["changelog"];
    assert_eq!(log["total"], 250);
    assert_eq!(log["histories"], Value::Array(changes(0, 250)));
    let asked = server.asked();
    assert_eq!(
        asked[0].parameter("jql"),
        "project = ABC ORDER BY created ASC, key ASC"
    );
    assert_eq!(asked[0].parameter("fields"), "*all");
    assert_eq!(asked[0].parameter("expand"), "changelog");
    assert!(asked[0].header("authorization").starts_with("Basic "));
    assert_eq!(asked.len(), 2 + 3);
}

#[test]
fn a_server_is_walked_by_counting_and_asked_for_changes() {
    let server = Server::start(|asked, _| {
        assert_eq!(asked.path, "/jira/rest/api/2/search");
        let from = asked.number("startAt");
        // An administrator's limit: two a page.
        let issues: Vec<Value> = (from..(from + 2).min(3)).map(|n| issue(n, 0, 0)).collect();
        let body = json!({"startAt": from, "maxResults": 2, "total": 3, "issues": issues});
        Reply::json(&body.to_string())
    });
    let project = project();
    let keys = jira(&server, "token = \"${JIRA_TOKEN}\"");
    let landing = project.pull(DELTA, &keys).expect("everything");
    assert_eq!(landing.files.len(), 2);
    project.pull(DELTA, &keys).expect("changes");
    let asked = server.asked();
    assert_eq!(asked[0].header("authorization"), "Bearer geheim-123");
    // The server's clock, less 26 hours.
    assert_eq!(
        asked[2].parameter("jql"),
        "(project = ABC) AND updated >= \"2026-07-05 10:00\" ORDER BY created ASC, key ASC"
    );
}

#[test]
fn a_delta_without_an_issue_adds_no_file() {
    let server = Server::start(|asked, _| {
        let issues = if asked.parameter("jql").contains("updated") {
            vec![]
        } else {
            vec![issue(1, 0, 0)]
        };
        let body = json!({"startAt": 0, "total": issues.len(), "issues": issues});
        Reply::json(&body.to_string())
    });
    let project = project();
    let keys = jira(&server, "token = \"${JIRA_TOKEN}\"");
    project.pull(DELTA, &keys).expect("everything");
    let landing = project.pull(DELTA, &keys).expect("nothing new");
    assert_eq!(landing.files.len(), 1);
}

#[test]
fn the_wrong_interface_is_told() {
    let server = Server::script(vec![Reply::json("{\"errorMessages\":[]}")]);
    let message = project()
        .pull("", &jira(&server, ""))
        .expect_err("no issues")
        .to_string();
    assert!(message.contains("expected `issues` at"), "{message}");
    assert!(
        message.contains("hint: check `url` and `deployment`"),
        "{message}"
    );
}

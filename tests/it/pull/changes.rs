//! Pulls that add to those before: what was changed since, and what comes anew.

use super::Project;
use super::server::{Reply, Server};

const DELTA: &str = "load = \"delta\"";

fn http(server: &Server, more: &str) -> String {
    let url = server.url("/items");
    format!("kind = \"http\"\nurl = \"{url}\"\nretries = 0\n{more}")
}

fn since(server: &Server, more: &str) -> String {
    let since =
        "since = { parameter = \"after\", format = \"%Y-%m-%dT%H:%M:%SZ\", overlap_minutes = 60 }";
    http(server, &format!("{since}\n{more}"))
}

#[test]
fn changes_are_asked_for_by_the_servers_clock_and_put_behind() {
    let server = Server::start(|asked, before| match asked.parameter("after") {
        "" => Reply::json("[\"everything\"]").with("ETag", "\"1\""),
        _ if before == 2 => Reply::json("[]"),
        after => Reply::json(&format!("[\"{before} after {after}\"]")),
    });
    let project = Project::new();
    let keys = since(&server, "");
    let first = project.pull(DELTA, &keys).expect("everything");
    assert_eq!(project.bodies(&first), ["[\"everything\"]"]);
    let watermark = first.sources["tracker"].watermark.expect("it has one");
    assert_eq!(watermark.to_rfc3339(), "2026-07-06T11:00:00+00:00");
    let second = project.pull(DELTA, &keys).expect("changes");
    let changes = "[\"1 after 2026-07-06T11:00:00Z\"]";
    assert_eq!(project.bodies(&second), ["[\"everything\"]", changes]);
    // No record at all: the state moves on, the files stay.
    let third = project.pull(DELTA, &keys).expect("nothing new");
    assert_eq!(third.files, second.files);
}

#[test]
fn everything_is_pulled_again_every_so_many_days() {
    let server = Server::start(|asked, before| {
        let kind = if asked.parameter("after").is_empty() {
            "all"
        } else {
            "changes"
        };
        Reply::json(&format!("[\"{kind} {before}\"]"))
    });
    let project = Project::new();
    let keys = since(&server, "full_every_days = 3");
    project.pull(DELTA, &keys).expect("everything");
    let second = project.pull(DELTA, &keys).expect("changes");
    assert_eq!(project.bodies(&second), ["[\"all 0\"]", "[\"changes 1\"]"]);
    project.change_manifest(|manifest| {
        let state = &mut manifest["sources"]["tracker"];
        state["last_full"] = "2020-01-01T00:00:00Z".into();
    });
    let third = project.pull(DELTA, &keys).expect("everything again");
    assert_eq!(project.bodies(&third), ["[\"all 2\"]"]);
    let never = since(&server, "full_every_days = 0");
    project
        .pull(DELTA, &never)
        .expect("another question: everything");
    project.change_manifest(|manifest| {
        let state = &mut manifest["sources"]["tracker"];
        state["last_full"] = "2020-01-01T00:00:00Z".into();
    });
    let last = project.pull(DELTA, &never).expect("changes");
    assert_eq!(project.bodies(&last), ["[\"all 3\"]", "[\"changes 4\"]"]);
}

#[test]
fn another_question_and_a_lost_file_start_again() {
    let server = Server::start(|asked, before| {
        Reply::json(&format!("[\"{before}{}\"]", asked.parameter("after")))
    });
    let project = Project::new();
    let first = project
        .pull(DELTA, &since(&server, ""))
        .expect("everything");
    let path = project.path("landing").join(&first.files[0].file);
    std::fs::remove_file(path).expect("it is there");
    let second = project
        .pull(DELTA, &since(&server, ""))
        .expect("everything");
    assert_eq!(project.bodies(&second), ["[\"1\"]"]);
    let other = since(&server, "query = { team = \"a\" }");
    let third = project.pull(DELTA, &other).expect("everything");
    assert_eq!(project.bodies(&third), ["[\"2\"]"]);
}

#[test]
fn answers_without_since_are_put_behind_where_they_are_new() {
    let bodies = ["[1]", "[1]", "[2]", "[1]", "[]"];
    let replies = bodies.iter().map(|body| Reply::json(body)).collect();
    let server = Server::script(replies);
    let project = Project::new();
    let keys = http(&server, "");
    let mut landing = project.pull(DELTA, &keys).expect("the first");
    for place in 1..5 {
        // Pulls within one second are one pull to the manifest.
        let day = format!("2026-07-0{place}T00:00:00Z");
        project.change_manifest(|manifest| {
            let files = manifest["files"].as_array_mut().expect("a list");
            let last = files.last_mut().expect("a file");
            last["pulled_at"] = day.as_str().into();
        });
        landing = project.pull(DELTA, &keys).expect("the next");
    }
    assert_eq!(project.bodies(&landing), ["[1]", "[2]", "[1]"]);
}

#[test]
fn a_failing_delta_leaves_the_watermark_where_it_was() {
    let server = Server::start(|_, before| match before {
        0 => Reply::json("[1]"),
        _ => Reply::new(500, ""),
    });
    let project = Project::new();
    let keys = since(&server, "");
    project.pull(DELTA, &keys).expect("everything");
    let manifest = project.manifest();
    project.pull(DELTA, &keys).expect_err("the server is down");
    assert_eq!(project.manifest(), manifest);
}

//! What servers do wrong, and what is made of it.

use std::time::Duration;

use super::server::{Reply, Server};
use super::{Project, source};

fn http(server: &Server, more: &str) -> String {
    let url = server.url("/api/items");
    format!("kind = \"http\"\nurl = \"{url}\"\n{more}")
}

fn refusal(server: &Server, more: &str) -> String {
    let project = Project::new().with_variable("TOKEN", "geheim-123");
    let error = project.pull("", &http(server, more));
    assert!(!project.path("landing/manifest.json").exists());
    error.expect_err("it fails").to_string()
}

/// Pulls through these answers and returns how often the server was asked.
fn pulled_after(replies: Vec<Reply>, more: &str) -> usize {
    let server = Server::script(replies);
    let project = Project::new();
    let landing = project.pull("", &http(&server, more)).expect("it passes");
    assert_eq!(project.bodies(&landing), ["[{\"id\":1}]"]);
    server.asked().len()
}

fn good() -> Reply {
    Reply::json("[{\"id\":1}]")
}

#[test]
fn a_server_error_that_passes_is_asked_again() {
    assert_eq!(pulled_after(vec![Reply::new(500, "x"), good()], ""), 2);
}

#[test]
fn a_server_that_is_busy_says_when_to_come_again() {
    let busy = Reply::new(429, "slow down").with("Retry-After", "0");
    assert_eq!(
        pulled_after(vec![busy.clone(), busy, good()], "retries = 2"),
        3
    );
}

#[test]
fn a_body_that_is_cut_off_is_asked_for_again() {
    assert_eq!(pulled_after(vec![good().cut_after(4), good()], ""), 2);
}

#[test]
fn headers_that_do_not_come_are_waited_for_no_longer_than_said() {
    let slow = good().delayed(Duration::from_millis(2_500));
    assert_eq!(pulled_after(vec![slow, good()], "timeout_seconds = 1"), 2);
}

#[test]
fn what_stays_broken_is_told_and_leaves_nothing() {
    let server = Server::script(vec![good().cut_after(4)]);
    let message = refusal(&server, "retries = 1");
    assert_eq!(server.asked().len(), 2);
    assert!(message.contains("expected the whole body of"), "{message}");
    assert!(message.contains("hint: try again later"), "{message}");
}

#[test]
fn nothing_is_left_of_a_body_that_broke_off() {
    let server = Server::script(vec![good().cut_after(4)]);
    let project = Project::new();
    assert!(project.pull("", &http(&server, "retries = 0")).is_err());
    let left = std::fs::read_dir(project.path("landing")).expect("the folder");
    assert_eq!(left.count(), 0);
}

#[test]
fn a_wait_that_is_too_long_is_told_at_once() {
    let busy = Reply::new(429, "").with("Retry-After", "90000");
    let server = Server::script(vec![busy]);
    let message = refusal(&server, "");
    assert_eq!(server.asked().len(), 1);
    assert!(message.contains("1500 minutes"), "{message}");
}

#[test]
fn a_refusal_is_told_with_its_status_its_words_and_one_hint() {
    let body = format!("no\n  entry {} end", "x".repeat(300));
    let server = Server::script(vec![Reply::new(401, &body)]);
    let message = refusal(&server, "token = \"${TOKEN}\"");
    assert_eq!(server.asked().len(), 1, "it is not asked again");
    assert!(
        message.starts_with("cannot pull source `tracker` (`plimsoll.toml` line 4): expected an answer from `http://127.0.0.1:"),
        "{message}"
    );
    assert!(
        message.contains("found status 401 Unauthorized with `no entry xxx"),
        "{message}"
    );
    assert!(!message.contains("end"), "200 characters are told");
    assert!(
        message.ends_with("hint: check that the token is valid and may read this"),
        "{message}"
    );
    let server = Server::script(vec![Reply::new(404, "")]);
    let message = refusal(&server, "");
    assert!(message.contains("status 404"), "{message}");
    assert!(message.contains("hint: check the path"), "{message}");
}

#[test]
fn a_page_to_log_in_is_no_export() {
    let page = Reply::new(200, "\n<!DOCTYPE html><html><form>Log in</form></html>");
    let server = Server::script(vec![page.with("Content-Type", "text/html")]);
    let message = refusal(&server, "");
    assert!(
        message.contains("found a page for people, as servers show one to log in"),
        "{message}"
    );
}

#[test]
fn a_server_that_is_not_there_is_told() {
    let url = Server::script(vec![good()]).url("/x");
    let keys = format!("kind = \"http\"\nurl = \"{url}\"\nretries = 0");
    let message = Project::new()
        .pull("", &keys)
        .expect_err("gone")
        .to_string();
    assert!(message.contains("found no connection"), "{message}");
    assert!(message.contains("caused by: "), "{message}");
}

#[test]
fn a_redirect_is_followed_and_takes_no_secret_to_another_server() {
    let other = Server::script(vec![good()]);
    let target = other.url("/signed?signature=abc");
    let home = Server::start(move |asked, _| match asked.path.as_str() {
        "/api/items" => Reply::new(302, "").with("Location", "/moved"),
        _ => Reply::new(307, "").with("Location", &target),
    });
    let project = Project::new().with_variable("TOKEN", "geheim-123");
    let more = "headers = { \"X-Api-Key\" = \"${TOKEN}\", Accept = \"application/json\" }";
    let landing = project
        .pull("", &http(&home, more))
        .expect("it is followed");
    assert_eq!(project.bodies(&landing), ["[{\"id\":1}]"]);
    assert_eq!(landing.files[0].origin, home.url("/api/items"));
    for asked in home.asked() {
        assert_eq!(asked.header("x-api-key"), "geheim-123");
    }
    let asked = other.asked();
    assert_eq!(asked[0].header("x-api-key"), "");
    assert_eq!(asked[0].header("accept"), "application/json");
    assert!(!project.manifest().contains("signature"));
}

#[test]
fn redirects_in_a_circle_end() {
    let server = Server::script(vec![Reply::new(302, "").with("Location", "/api/items")]);
    assert!(refusal(&server, "").contains("more than 10 redirects"));
}

#[test]
fn a_variable_that_is_not_set_is_named_with_its_source() {
    let server = Server::script(vec![good()]);
    let message = refusal(&server, "token = \"${OTHER_TOKEN}\"");
    assert!(message.contains("source `tracker`"), "{message}");
    assert!(message.contains("`OTHER_TOKEN`"), "{message}");
    assert!(server.asked().is_empty());
}

#[test]
fn all_sources_are_tried_and_all_problems_told() {
    let broken = Server::script(vec![Reply::new(403, "")]);
    let whole = Server::script(vec![good()]);
    let project = Project::new();
    let keys = http(&whole, "");
    project.pull("", &keys).expect("it is whole");
    let before = project.manifest();
    let sources = [
        source("a", "", &http(&broken, "")),
        source("b", "", &keys),
        source("c", "", &http(&broken, "")),
    ];
    let message = project
        .pull_all(&sources.concat())
        .expect_err("two fail")
        .to_string();
    assert!(message.contains("cannot pull: 2 problems"), "{message}");
    assert!(message.contains("source `a`"), "{message}");
    assert!(message.contains("source `c`"), "{message}");
    assert_eq!(whole.asked().len(), 2);
    assert_eq!(project.manifest(), before, "the former list stands");
}

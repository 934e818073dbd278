//! What `[sources.pull]` accepts, and how it refuses.

use std::path::PathBuf;

use super::super::{Config, parse_config};
use super::*;
use crate::error::Result;

fn parse(source: &str, pull: &str) -> Result<Config> {
    let text = format!(
        "[project]\nname = \"x\"\n\n[[sources]]\nname = \"a\"\ntable = \"incidents\"\n{source}\n[sources.pull]\n{pull}\n"
    );
    parse_config(&text, PathBuf::from("."))
}

fn read(source: &str, pull: &str) -> Pull {
    let config = parse(source, pull).expect("it is complete");
    config.sources[0].pull.clone().expect("it has a pull")
}

fn refused(source: &str, pull: &str) -> String {
    parse(source, pull).expect_err("it is wrong").to_string()
}

#[test]
fn an_http_pull_has_sensible_defaults() {
    let Pull::Http(http) = read("", "kind = \"http\"\nurl = \"https://x.example/a\"") else {
        panic!("expected http");
    };
    assert_eq!(http.paging, Paging::None);
    assert_eq!(http.login, Login::Anonymous);
    assert_eq!(http.patience.retries, 5);
    assert_eq!(http.patience.timeout_seconds, 60);
    assert_eq!(http.full_every_days, 7);
}

#[test]
fn every_kind_of_paging_is_read() {
    for paging in [
        "kind = \"link\"",
        "kind = \"next_url\", from = \"links.next\"",
        "kind = \"cursor\", from = \"next\", parameter = \"token\"",
        "kind = \"page\", parameter = \"page\", size = 100",
        "kind = \"offset\", parameter = \"startAt\", size_parameter = \"max\", size = 50, records = \"issues\", total = \"total\"",
    ] {
        let pull = format!("kind = \"http\"\nurl = \"https://x.example\"\npaging = {{ {paging} }}");
        let Pull::Http(http) = read("", &pull) else {
            panic!("expected http");
        };
        assert_ne!(http.paging, Paging::None, "{paging}");
    }
}

#[test]
fn a_secret_in_the_open_is_refused_with_its_line_and_never_repeated() {
    let secret = "s3cr3t-value";
    for (pull, line) in [
        (
            format!(
                "kind = \"jira\"\nurl = \"https://x.atlassian.net\"\njql = \"project = A\"\ntoken = \"{secret}\""
            ),
            12,
        ),
        (
            format!(
                "kind = \"http\"\nurl = \"https://x\"\nheaders = {{ Authorization = \"Bearer {secret}\" }}"
            ),
            11,
        ),
        (
            format!(
                "kind = \"http\"\nurl = \"https://x\"\nheaders = {{ \"X-Api-Key\" = \"{secret}\" }}"
            ),
            11,
        ),
        (
            format!("kind = \"http\"\nurl = \"https://x\"\nquery = {{ api_key = \"{secret}\" }}"),
            11,
        ),
        (
            format!("kind = \"http\"\nurl = \"https://x?access_token={secret}\""),
            10,
        ),
        (
            format!("kind = \"http\"\nurl = \"https://user:{secret}@x\""),
            10,
        ),
        (
            format!(
                "kind = \"postgres\"\nsql = \"select 1\"\nconnection = \"postgres://u:{secret}@h/d\""
            ),
            11,
        ),
        (
            format!(
                "kind = \"servicenow\"\nurl = \"https://x\"\nrecord = \"incident\"\nuser = \"u\"\npassword = \"{secret}\""
            ),
            13,
        ),
        (
            format!(
                "kind = \"github\"\nrepository = \"a/b\"\nwhat = \"issues\"\ntoken = [\"{secret}\"]"
            ),
            12,
        ),
        (
            format!(
                "kind = \"http\"\nurl = \"https://x\"\nheaders = {{ Cookie = [\"{secret}\"] }}"
            ),
            11,
        ),
    ] {
        let message = refused("", &pull);
        assert!(message.contains(&format!("line {line}")), "{message}");
        assert!(!message.contains(secret), "{message}");
    }
    let message = refused(
        "",
        "kind = \"jira\"\nurl = \"https://x\"\njql = \"a\"\ntoken = \"abc\"",
    );
    assert!(
        message.contains("name an environment variable: `${JIRA_TOKEN}`"),
        "{message}"
    );
}

#[test]
fn an_unknown_key_is_named_with_its_line() {
    let message = refused("", "kind = \"http\"\nurl = \"https://x\"\ntimeout = 5");
    assert!(
        message.contains("line 11: expected a known key of [pull], found `timeout`"),
        "{message}"
    );
    let message = refused("", "kind = \"ftp\"");
    assert!(message.contains("found `ftp`"), "{message}");
}

#[test]
fn since_needs_a_delta_load() {
    let pull = "kind = \"http\"\nurl = \"https://x\"\nsince = { parameter = \"after\" }";
    assert!(refused("", pull).contains("load = \"delta\""));
    let Pull::Http(http) = read("load = \"delta\"", pull) else {
        panic!("expected http");
    };
    let since = http.since.expect("it is there");
    assert_eq!(since.format, "%Y-%m-%dT%H:%M:%SZ");
    assert_eq!(since.overlap_minutes, 60);
    let pull = "kind = \"http\"\nurl = \"https://x\"\nfull_every_days = 3";
    assert!(refused("load = \"delta\"", pull).contains("full_every_days"));
}

#[test]
fn a_path_beside_a_pull_is_refused() {
    let message = refused(
        "path = \"a.csv\"",
        "kind = \"http\"\nurl = \"https://x.example/a\"",
    );
    assert!(
        message.contains("expected one of `path` and `[sources.pull]`, found both"),
        "{message}"
    );
}

#[test]
fn what_is_printed_has_names_and_no_values() {
    let pull = read(
        "",
        "kind = \"postgres\"\nconnection = \"${DATABASE_URL}\"\nsql = \"select 1\"",
    );
    assert!(format!("{pull:?}").contains("`${DATABASE_URL}`"));
}

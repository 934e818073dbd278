//! What lies in `landing/` after a pull by HTTP, and what a second pull leaves.

use super::server::{Asked, Reply, Server};
use super::{Project, source};

fn http(server: &Server, path: &str, more: &str) -> String {
    let url = server.url(path);
    format!("kind = \"http\"\nurl = \"{url}\"\n{more}")
}

#[test]
fn a_body_lies_there_as_it_came_under_its_hash() {
    let body = "[ {\"id\" : 1} ]\r\n";
    let server = Server::script(vec![Reply::json(body)]);
    let project = Project::new();
    let more = "query = { state = \"all\" }\nheaders = { Accept-Encoding = \"gzip\" }";
    let sources = source("Tracker/ü", "", &http(&server, "/x?a=1", more));
    let landing = project.pull_all(&sources).expect("it lands");
    let file = &landing.files[0];
    assert_eq!(project.bodies(&landing), [body]);
    assert_eq!(
        file.file,
        format!("{}-Tracker---1.json", &file.sha256[..16])
    );
    assert_eq!(file.bytes, body.len() as u64);
    assert_eq!(file.origin, server.url("/x?a=1&state=all"));
    let asked = server.asked();
    assert_eq!(asked[0].header("accept-encoding"), "identity");
    assert!(asked[0].header("user-agent").starts_with("plimsoll/"));
}

#[test]
fn the_ending_is_told_by_the_type_then_the_configuration_then_the_address() {
    for (content_type, more, path, ending) in [
        ("text/csv", "ending = \"json\"", "/a.json", "csv"),
        ("application/x-ndjson", "", "/a", "ndjson"),
        ("application/octet-stream", "ending = \"csv\"", "/a", "csv"),
        ("text/plain", "", "/a.csv.gz", "csv.gz"),
        ("text/plain", "", "/a", "data"),
    ] {
        let server = Server::script(vec![
            Reply::new(200, "a\n1\n").with("Content-Type", content_type),
        ]);
        let project = Project::new();
        let landing = project.pull("", &http(&server, path, more));
        let landing = landing.expect("it lands");
        let file = &landing.files[0].file;
        assert!(file.ends_with(&format!("-1.{ending}")), "{file}");
    }
}

#[test]
fn what_a_server_packs_all_the_same_stays_packed() {
    let packed = Reply::new(200, "")
        .with("Content-Type", "text/csv")
        .with("Content-Encoding", "gzip")
        .with_bytes(&[0x1f, 0x8b, 8, 0]);
    let server = Server::script(vec![packed]);
    let project = Project::new();
    let landing = project
        .pull("", &http(&server, "/a", ""))
        .expect("it lands");
    assert!(landing.files[0].file.ends_with(".csv.gz"));
    assert_eq!(landing.files[0].bytes, 4);
}

/// Says "as it was" to whoever has version `"v1"`.
fn versioned(asked: &Asked, body: &str, next: Option<String>) -> Reply {
    if asked.header("if-none-match") == "\"v1\"" {
        return Reply::new(304, "").with("ETag", "\"v1\"");
    }
    let reply = Reply::json(body).with("ETag", "\"v1\"");
    match next {
        Some(next) => reply.with("Link", &format!("<{next}>; rel=\"next\"")),
        None => reply,
    }
}

#[test]
fn what_is_as_it_was_is_not_sent_again_and_leaves_the_list_as_it_was() {
    let server = Server::start(|asked, _| versioned(asked, "[1]", None));
    let project = Project::new();
    let keys = http(&server, "/x", "");
    let first = project.pull("", &keys).expect("it lands");
    let manifest = project.manifest();
    let second = project.pull("", &keys).expect("it stands");
    assert_eq!(first, second);
    assert_eq!(project.manifest(), manifest);
    assert_eq!(server.asked()[1].header("if-none-match"), "\"v1\"");
}

#[test]
fn pages_are_turned_through_those_that_are_as_they_were() {
    let server = Server::start(|asked, _| match asked.number("page") {
        // The second page changes each time; the others never do.
        2 => Reply::json(&format!("[{:?}]", asked.header("if-none-match")))
            .with("Link", "</x?page=3&key=geheim-123>; rel=\"next\""),
        3 => versioned(asked, "[3]", None),
        _ => versioned(asked, "[1]", Some("/x?page=2".to_owned())),
    });
    let project = Project::new().with_variable("KEY", "geheim-123");
    let more = "paging = { kind = \"link\" }\nquery = { key = \"${KEY}\" }";
    let keys = http(&server, "/x", more);
    let first = project.pull("", &keys).expect("it lands");
    assert_eq!(project.bodies(&first), ["[1]", "[\"\"]", "[3]"]);
    server.take_asked();
    let second = project.pull("", &keys).expect("it stands");
    assert_eq!(project.bodies(&second), ["[1]", "[\"\"]", "[3]"]);
    let asked = server.take_asked();
    let versions: Vec<&str> = asked.iter().map(|a| a.header("if-none-match")).collect();
    assert_eq!(versions, ["\"v1\"", "", "\"v1\""]);
    for asked in asked {
        assert_eq!(asked.parameter("key"), "geheim-123");
    }
    assert!(
        !project.everything().contains("geheim"),
        "the key is hidden"
    );
}

#[test]
fn a_landed_file_that_was_taken_away_is_pulled_again() {
    let server = Server::start(|asked, _| versioned(asked, "[1]", None));
    let project = Project::new();
    let keys = http(&server, "/x", "");
    let first = project.pull("", &keys).expect("it lands");
    let path = project.path("landing").join(&first.files[0].file);
    std::fs::remove_file(path).expect("it is there");
    let second = project.pull("", &keys).expect("it lands again");
    assert_eq!(project.bodies(&second), ["[1]"]);
    assert_eq!(server.asked()[1].header("if-none-match"), "");
}

#[test]
fn the_same_bytes_keep_the_instant_of_their_first_pull() {
    let server = Server::script(vec![Reply::json("[1]")]);
    let project = Project::new();
    let keys = http(&server, "/x", "");
    project.pull("", &keys).expect("it lands");
    project.change_manifest(|manifest| {
        manifest["files"][0]["pulled_at"] = "2020-01-01T00:00:00Z".into();
    });
    let second = project.pull("", &keys).expect("it lands");
    assert_eq!(
        second.files[0].pulled_at.to_rfc3339(),
        "2020-01-01T00:00:00+00:00"
    );
}

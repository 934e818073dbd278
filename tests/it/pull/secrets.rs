//! No secret is anywhere: not after a pull that succeeds, and not after one that
//! fails on a server that says everything it was told.

use super::server::{Asked, Reply, Server};
use super::{Project, server_setting};

/// Every letter of it is spelled another way in an address.
const SECRET: &str = "g&h=i m+ü/%\"123456789";

/// Parts of the secret as it is, in addresses, in JSON and in base64 (alone, and
/// behind `me:`).
const TRACES: [&str; 7] = [
    "g&h=i",
    "g%26h",
    "i+m%2B",
    "i%20m",
    "123456789",
    "ZyZoPWkgbSs",
    "bWU6ZyZoPWkg",
];

fn project() -> Project {
    Project::new().with_variable("SECRET", SECRET)
}

/// The configuration of every kind that speaks HTTP.
fn every_kind(server: &Server) -> Vec<String> {
    let url = server.url("");
    let login = "user = \"me\"\npassword = \"${SECRET}\"";
    let token = "token = \"${SECRET}\"";
    vec![
        format!(
            "kind = \"http\"\nurl = \"{url}/x?key=${{SECRET}}\"\n{token}\npaging = {{ kind = \"link\" }}"
        ),
        format!(
            "kind = \"http\"\nurl = \"{url}/x\"\nheaders = {{ \"X-Api-Key\" = \"k ${{SECRET}}\" }}\nquery = {{ key = \"${{SECRET}}\" }}\npaging = {{ kind = \"link\" }}"
        ),
        format!("kind = \"http\"\nurl = \"{url}/x\"\n{login}"),
        format!(
            "kind = \"jira\"\nurl = \"{url}\"\ndeployment = \"cloud\"\njql = \"a = '${{SECRET}}'\"\nuser = \"me\"\n{token}"
        ),
        format!("kind = \"jira\"\nurl = \"{url}\"\njql = \"a = 1\"\n{token}"),
        format!(
            "kind = \"github\"\nurl = \"{url}\"\nrepository = \"a/b\"\nwhat = \"runs\"\n{token}"
        ),
        format!(
            "kind = \"servicenow\"\nurl = \"{url}\"\nrecord = \"incident\"\nquery = \"a=${{SECRET}}\"\n{login}"
        ),
        format!("kind = \"objects\"\nurl = \"s3://bucket/*.csv\"\nendpoint = \"{url}\""),
    ]
}

fn objects_project() -> Project {
    project()
        .with_variable("AWS_ACCESS_KEY_ID", "me")
        .with_variable("AWS_SECRET_ACCESS_KEY", SECRET)
        .with_variable("AWS_SESSION_TOKEN", "123456789-token")
}

/// An answer that every kind takes, with addresses that repeat the secret.
fn good(asked: &Asked, _: usize) -> Reply {
    if asked.path == "/bucket" {
        return Reply::new(
            200,
            "<ListBucketResult><Contents><Key>a.csv</Key><LastModified>2026-07-06T12:00:00.000Z</LastModified><ETag>\"1\"</ETag><Size>4</Size></Contents></ListBucketResult>",
        );
    }
    if asked.path.ends_with(".csv") {
        return Reply::new(200, "body")
            .with("Last-Modified", "Mon, 06 Jul 2026 12:00:00 GMT")
            .with("ETag", "\"1\"");
    }
    let reply = Reply::json("{\"issues\":[{\"key\":\"A-1\"}],\"total\":1,\"isLast\":true,\"total_count\":1,\"workflow_runs\":[1],\"result\":[1]}")
        .with("ETag", "\"1\"");
    if asked.path != "/x" || asked.number("page") == 2 {
        return reply;
    }
    let mut next = reqwest::Url::parse("http://x/x?page=2").expect("an address");
    next.query_pairs_mut().append_pair("key", SECRET);
    let next = format!("<{}>; rel=\"next\"", &next.as_str()["http://x".len()..]);
    reply.with("Link", &next)
}

/// Says everything that it was told, in the words and in the headers.
fn echo(asked: &Asked, before: usize) -> Reply {
    if before.is_multiple_of(3) {
        let mut target = reqwest::Url::parse("http://x/moved").expect("an address");
        let told = [("key", SECRET), ("login", asked.header("authorization"))];
        target.query_pairs_mut().extend_pairs(told);
        let target = target.as_str()["http://x".len()..].to_owned();
        return Reply::new(302, "").with("Location", &target);
    }
    let words = format!(
        "you said {:?} {} {SECRET} {}",
        asked.query,
        asked.header("authorization"),
        serde_json::Value::from(SECRET)
    );
    let status = if before.is_multiple_of(2) { 403 } else { 500 };
    Reply::new(status, &words)
}

fn assert_hidden(text: &str, what: &str) {
    for trace in TRACES {
        assert!(!text.contains(trace), "{what}: `{trace}` in\n{text}");
    }
}

#[test]
fn a_pull_that_succeeds_leaves_no_secret() {
    let server = Server::start(good);
    for keys in every_kind(&server) {
        for load in ["", "load = \"delta\""] {
            let project = objects_project();
            for _ in 0..3 {
                let landing = project.pull(load, &keys);
                let landing = landing.unwrap_or_else(|error| panic!("{keys}:\n{error}"));
                assert!(!landing.files.is_empty());
                assert_hidden(&format!("{landing:?}"), &keys);
            }
            assert_hidden(&project.everything(), &keys);
        }
    }
}

#[test]
fn a_pull_that_fails_tells_no_secret() {
    let server = Server::start(echo);
    for keys in every_kind(&server) {
        let project = objects_project();
        for _ in 0..3 {
            let error = project.pull("", &format!("{keys}\nretries = 0"));
            let error = error.expect_err("it fails");
            assert_hidden(&error.to_string(), &keys);
            assert_hidden(&format!("{error:?}"), &keys);
        }
        assert_hidden(&project.everything(), &keys);
    }
}

#[test]
fn a_server_that_is_not_there_gets_no_secret_told() {
    let server = Server::start(good);
    let every_kind = every_kind(&server);
    drop(server);
    for keys in every_kind {
        let keys = format!("{keys}\nretries = 0\ntimeout_seconds = 2");
        let error = objects_project().pull("", &keys).expect_err("it is gone");
        assert_hidden(&error.to_string(), &keys);
    }
}

#[test]
fn what_a_variable_holds_is_not_told_where_it_makes_no_sense() {
    for keys in [
        "kind = \"http\"\nurl = \"${SECRET}\"".to_owned(),
        "kind = \"jira\"\nurl = \"${SECRET}\"\njql = \"a\"".to_owned(),
        "kind = \"postgres\"\nconnection = \"${SECRET}\"\nsql = \"select 1\"".to_owned(),
        "kind = \"postgres\"\nconnection = \"postgresql://me:${SECRET}@127.0.0.1:1/x\"\nsql = \"select 1\"".to_owned(),
        "kind = \"http\"\nurl = \"http://127.0.0.1:1\"\nheaders = { Cookie = \"${LINES}\" }".to_owned(),
    ] {
        let project = project().with_variable("LINES", "g&h=i\n123456789");
        let error = project.pull("", &format!("{keys}\ntimeout_seconds = 2"));
        assert_hidden(&error.expect_err("it makes no sense").to_string(), &keys);
    }
}

#[test]
fn a_database_leaves_no_secret_either() {
    let Some(connection) = server_setting("PLIMSOLL_TEST_POSTGRES") else {
        return;
    };
    let url = reqwest::Url::parse(&connection).expect("an address");
    let password = url.password().expect("it has one").to_owned();
    let project = Project::new().with_variable("DATABASE_URL", &connection);
    let keys = |sql: &str| {
        format!("kind = \"postgres\"\nconnection = \"${{DATABASE_URL}}\"\nsql = \"{sql}\"")
    };
    project
        .pull("", &keys("select 1 as one"))
        .expect("it lands");
    let error = project
        .pull("", &keys(&format!("select '{password}' + 'x'")))
        .expect_err("no number")
        .to_string();
    let everything = project.everything();
    assert!(!everything.contains(&password), "{everything}");
    assert!(!error.contains(&password), "{error}");
}

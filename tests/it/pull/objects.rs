//! Object stores: one that is played here, and a real one, where
//! `PLIMSOLL_TEST_S3` names it.

use reqwest::blocking::Client;

use super::server::{Asked, Reply, Server};
use super::{Project, server_setting};

fn objects(endpoint: &str, url: &str) -> String {
    format!("kind = \"objects\"\nurl = \"{url}\"\nendpoint = \"{endpoint}\"\nretries = 0")
}

fn project() -> Project {
    Project::new()
        .with_variable("AWS_ACCESS_KEY_ID", "reader")
        .with_variable("AWS_SECRET_ACCESS_KEY", "geheim-123")
        .with_variable("AWS_REGION", "eu-central-1")
}

/// A store with three objects, of which a listing shows version and size.
fn store(asked: &Asked, before: usize) -> Reply {
    if asked.path != "/bucket" {
        let name = asked.path.rsplit('/').next().unwrap_or_default();
        return Reply::new(200, &format!("body of {name}"))
            .with("Last-Modified", "Mon, 06 Jul 2026 12:00:00 GMT")
            .with("ETag", "\"1\"");
    }
    assert_eq!(asked.parameter("prefix"), "exports/");
    let entry = |key: &str, version: usize| {
        format!(
            "<Contents><Key>exports/{key}</Key><LastModified>2026-07-06T12:00:00.000Z</LastModified><ETag>\"{version}\"</ETag><Size>{}</Size></Contents>",
            "body of ".len() + key.rsplit('/').next().unwrap_or_default().len()
        )
    };
    // At the third pull, one object is another.
    let version = if before >= 4 { 2 } else { 1 };
    Reply::new(
        200,
        &format!(
            "<?xml version=\"1.0\"?><ListBucketResult><IsTruncated>false</IsTruncated>{}{}{}</ListBucketResult>",
            entry("b.csv", version),
            entry("a.csv.gz", 1),
            entry("deeper/c.csv", 1)
        ),
    )
}

#[test]
fn objects_that_are_as_they_were_are_not_fetched_again() {
    let server = Server::start(store);
    let project = project();
    let keys = objects(&server.url(""), "s3://bucket/exports/*.csv*");
    let first = project.pull("", &keys).expect("it lands");
    assert_eq!(
        project.bodies(&first),
        ["body of a.csv.gz", "body of b.csv"]
    );
    let origins: Vec<&str> = first.files.iter().map(|f| f.origin.as_str()).collect();
    assert_eq!(
        origins,
        ["s3://bucket/exports/a.csv.gz", "s3://bucket/exports/b.csv"]
    );
    assert!(first.files[0].file.ends_with("-tracker-1.csv.gz"));
    let manifest = project.manifest();
    assert_eq!(server.asked().len(), 3);
    project.pull("", &keys).expect("it stands");
    assert_eq!(server.asked().len(), 4, "only the listing");
    assert_eq!(project.manifest(), manifest);
    project.pull("", &keys).expect("one is another");
    let asked = server.asked();
    assert_eq!(asked.len(), 6);
    assert_eq!(asked[5].path, "/bucket/exports/b.csv");
}

#[test]
fn a_request_is_signed_unless_the_bucket_is_public() {
    let server = Server::start(store);
    let keys = objects(&server.url(""), "s3://bucket/exports/*.csv");
    project().pull("", &keys).expect("it lands");
    let signed = server.take_asked();
    assert!(
        signed[0]
            .header("authorization")
            .starts_with("AWS4-HMAC-SHA256 Credential=reader/")
    );
    assert!(signed[0].header("authorization").contains("/eu-central-1/"));
    let keys = format!("{keys}\nanonymous = true");
    Project::new().pull("", &keys).expect("it lands");
    assert_eq!(server.asked()[0].header("authorization"), "");
}

#[test]
fn a_refusal_of_the_store_is_told_without_its_secret() {
    let body = "<Error><Code>AccessDenied</Code><Message>geheim-123 may not</Message></Error>";
    let server = Server::script(vec![Reply::new(403, body)]);
    let keys = objects(&server.url(""), "s3://bucket/exports/*.csv");
    let message = project()
        .pull("", &keys)
        .expect_err("it may not")
        .to_string();
    assert!(
        message.contains("expected objects at `s3://bucket/exports/*.csv`, found a refusal"),
        "{message}"
    );
    assert!(
        message.contains("${AWS_SECRET_ACCESS_KEY} may not"),
        "{message}"
    );
    assert!(!message.contains("geheim"), "{message}");
}

#[test]
fn google_and_azure_are_asked_in_their_own_ways() {
    let google = Server::start(|asked, _| {
        if asked.path == "/bucket" {
            return Reply::new(
                200,
                "<ListBucketResult><Contents><Key>a.csv</Key><LastModified>2026-07-06T12:00:00.000Z</LastModified><ETag>\"1\"</ETag><Size>4</Size></Contents></ListBucketResult>",
            );
        }
        Reply::new(200, "body")
            .with("Last-Modified", "Mon, 06 Jul 2026 12:00:00 GMT")
            .with("ETag", "\"1\"")
    });
    let keys = format!(
        "{}\nanonymous = true",
        objects(&google.url(""), "gs://bucket/*.csv")
    );
    let project = Project::new();
    let landing = project.pull("", &keys).expect("it lands");
    assert_eq!(project.bodies(&landing), ["body"]);
    assert_eq!(landing.files[0].origin, "gs://bucket/a.csv");

    let azure = Server::start(|asked, _| {
        if asked.parameter("comp") == "list" {
            return Reply::new(
                200,
                "<?xml version=\"1.0\"?><EnumerationResults><Blobs><Blob><Name>a.csv</Name><Properties><Last-Modified>Mon, 06 Jul 2026 12:00:00 GMT</Last-Modified><Content-Length>4</Content-Length><Content-Type>text/csv</Content-Type><Etag>1</Etag></Properties></Blob></Blobs><NextMarker /></EnumerationResults>",
            );
        }
        Reply::new(200, "body")
            .with("Last-Modified", "Mon, 06 Jul 2026 12:00:00 GMT")
            .with("ETag", "1")
    });
    let keys = objects(&azure.url("/account"), "az://container/*.csv");
    let project = Project::new()
        .with_variable("AZURE_STORAGE_ACCOUNT_NAME", "account")
        .with_variable("AZURE_STORAGE_ACCOUNT_KEY", "Z2VoZWltLTEyMw==");
    let landing = project.pull("", &keys).expect("it lands");
    assert_eq!(landing.files[0].origin, "az://container/a.csv");
    assert!(
        azure.asked()[0]
            .header("authorization")
            .starts_with("SharedKey account:")
    );
    assert!(!project.everything().contains("Z2VoZWltLTEyMw"));
}

/// A bucket of the real store, named for the test that fills it.
struct Bucket {
    endpoint: String,
    name: String,
}

impl Bucket {
    fn make(name: &str) -> Option<Self> {
        let endpoint = server_setting("PLIMSOLL_TEST_S3")?;
        // Of this run: the store may have those of the run before.
        let name = format!("{name}-{}", std::process::id());
        let bucket = Self { endpoint, name };
        bucket.put("", "");
        Some(bucket)
    }

    fn put(&self, key: &str, body: &str) {
        let url = format!("{}/{}/{key}", self.endpoint, self.name);
        let url = url.trim_end_matches('/').to_owned();
        // The store lets everybody write who signs, whatever the signature.
        let signed = "AWS4-HMAC-SHA256 Credential=writer/20260706/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";
        let request = Client::new().put(url).header("Authorization", signed);
        let answer = request.body(body.to_owned()).send();
        let answer = answer.expect("the store answers");
        let status = answer.status();
        let words = answer.text().unwrap_or_default();
        assert!(status.is_success(), "{status}: {words}");
    }

    fn keys(&self, key: &str) -> String {
        objects(&self.endpoint, &format!("s3://{}/{key}", self.name))
    }
}

#[test]
fn a_real_store_gives_what_a_glob_matches() {
    let Some(bucket) = Bucket::make("globs") else {
        return;
    };
    let long = "x".repeat(3 << 20);
    for (key, body) in [
        ("exports/2026/b.csv", "b"),
        ("exports/2026/a.csv", long.as_str()),
        ("exports/2026/more/c.csv", "c"),
        ("exports/2026/d.json", "d"),
        ("other/e.csv", "e"),
    ] {
        bucket.put(key, body);
    }
    let project = project();
    let landing = project
        .pull("", &bucket.keys("exports/*/*.csv"))
        .expect("two");
    assert_eq!(project.bodies(&landing), [long.as_str(), "b"]);
    let landing = project
        .pull("", &bucket.keys("exports/**/*.csv"))
        .expect("three");
    assert_eq!(landing.files.len(), 3);
    let one = bucket.keys("other/e.csv");
    let landing = project.pull("", &one).expect("one");
    assert_eq!(project.bodies(&landing), ["e"]);
    let manifest = project.manifest();
    project.pull("", &one).expect("as it was");
    assert_eq!(project.manifest(), manifest);
}

#[test]
fn a_real_store_adds_what_is_new_to_a_delta() {
    let Some(bucket) = Bucket::make("delta") else {
        return;
    };
    let project = project();
    let keys = bucket.keys("*.csv");
    bucket.put("b.csv", "b");
    project.pull("load = \"delta\"", &keys).expect("one");
    bucket.put("a.csv", "a");
    bucket.put("b.csv", "b, corrected");
    let landing = project.pull("load = \"delta\"", &keys).expect("three");
    assert_eq!(project.bodies(&landing), ["b", "a", "b, corrected"]);
    let manifest = project.manifest();
    project.pull("load = \"delta\"", &keys).expect("as it was");
    assert_eq!(project.manifest(), manifest);
}

#[test]
fn what_a_real_store_does_not_have_is_told() {
    let Some(bucket) = Bucket::make("none") else {
        return;
    };
    for key in ["a.csv", "*.csv"] {
        let message = project()
            .pull("", &bucket.keys(key))
            .expect_err("it is not there")
            .to_string();
        assert!(message.contains("found none"), "{message}");
    }
    let keys = objects(&bucket.endpoint, "s3://no-such-bucket-here/*.csv");
    let message = project()
        .pull("", &keys)
        .expect_err("no bucket")
        .to_string();
    assert!(
        message.contains("check the bucket and the key"),
        "{message}"
    );
}

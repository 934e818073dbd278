//! Every way to turn pages, over the same seven records.

use super::Project;
use super::server::{Reply, Server};

/// Returns records `from` up to `to`, of seven, as an array.
fn records(from: usize, to: usize) -> String {
    let records: Vec<String> = (from..to.min(7))
        .map(|n| format!("{{\"id\":{n}}}"))
        .collect();
    format!("[{}]", records.join(","))
}

/// Pulls with a way of paging and returns the landed pages.
fn pages(server: &Server, paging: &str) -> Vec<String> {
    let project = Project::new();
    let keys = keys(server, paging);
    let landing = project.pull("", &keys).expect("it lands");
    project.bodies(&landing)
}

fn keys(server: &Server, paging: &str) -> String {
    let url = server.url("/items?state=all");
    format!("kind = \"http\"\nurl = \"{url}\"\nretries = 0\npaging = {{ {paging} }}")
}

fn three() -> [String; 3] {
    [records(0, 3), records(3, 6), records(6, 9)]
}

#[test]
fn links_lead_on() {
    let server = Server::start(|asked, _| {
        let from = asked.number("from");
        let reply = Reply::json(&records(from, from + 3));
        let next = from + 3;
        if next >= 7 {
            return reply.with("Link", "</items>; rel=\"first\"");
        }
        reply.with(
            "Link",
            &format!("</items>; rel=\"first\", </items?from={next}>; rel=\"next\""),
        )
    });
    assert_eq!(pages(&server, "kind = \"link\""), three());
}

#[test]
fn addresses_in_the_body_lead_on() {
    let server = Server::start(|asked, _| {
        let from = asked.number("from");
        let next = match from + 3 {
            next if next < 7 => format!("\"?from={next}\""),
            _ => "null".to_owned(),
        };
        Reply::json(&format!(
            "{{\"data\":{},\"links\":{{\"next\":{next}}}}}",
            records(from, from + 3)
        ))
    });
    let pages = pages(&server, "kind = \"next_url\", from = \"links.next\"");
    assert_eq!(pages.len(), 3);
    assert!(pages[2].contains("\"id\":6"), "{pages:?}");
}

#[test]
fn tokens_in_the_body_lead_on() {
    let server = Server::start(|asked, _| {
        let from = asked.number("pageToken");
        let next = if from < 6 {
            format!("\"{}\"", from + 3)
        } else {
            "\"\"".to_owned()
        };
        assert_eq!(asked.parameter("state"), "all");
        Reply::json(&format!(
            "{{\"items\":{},\"nextPageToken\":{next}}}",
            records(from, from + 3)
        ))
    });
    let paging = "kind = \"cursor\", from = \"nextPageToken\", parameter = \"pageToken\"";
    assert_eq!(pages(&server, paging).len(), 3);
}

#[test]
fn pages_are_counted_until_one_is_not_full() {
    let server = Server::start(|asked, _| {
        let from = (asked.number("page") - 1) * asked.number("per_page");
        Reply::json(&records(from, from + 3))
    });
    let paging =
        "kind = \"page\", parameter = \"page\", first = 1, size_parameter = \"per_page\", size = 3";
    assert_eq!(pages(&server, paging), three());
    assert_eq!(server.asked().len(), 3);
}

#[test]
fn records_are_counted_until_there_are_no_more() {
    // A server that gives two at a time, however many are asked for.
    let server = Server::start(|asked, _| {
        let from = asked.number("startAt");
        Reply::json(&format!(
            "{{\"issues\":{},\"total\":7}}",
            records(from, from + 2)
        ))
    });
    let paging = "kind = \"offset\", parameter = \"startAt\", size_parameter = \"maxResults\", size = 3, records = \"issues\", total = \"total\"";
    assert_eq!(pages(&server, paging).len(), 4);
    assert_eq!(server.asked()[0].parameter("maxResults"), "3");
}

#[test]
fn a_last_page_without_records_is_not_kept_and_an_empty_export_is() {
    let server = Server::start(|asked, _| {
        let from = asked.number("offset");
        Reply::json(if from == 0 { "[1,2]" } else { "[]" })
    });
    let paging = "kind = \"offset\", parameter = \"offset\", size = 2";
    assert_eq!(pages(&server, paging), ["[1,2]"]);
    let server = Server::script(vec![Reply::json("[]")]);
    assert_eq!(pages(&server, paging), ["[]"]);
}

#[test]
fn a_server_that_goes_round_in_a_circle_is_told() {
    for (paging, body, link) in [
        ("kind = \"link\"", "[1]", "</items?state=all>; rel=\"next\""),
        (
            "kind = \"next_url\", from = \"next\"",
            "{\"next\":\"?state=all\"}",
            "",
        ),
        (
            "kind = \"cursor\", from = \"next\", parameter = \"token\"",
            "{\"next\":\"a\"}",
            "",
        ),
        ("kind = \"page\", parameter = \"page\", size = 1", "[1]", ""),
        (
            "kind = \"offset\", parameter = \"from\", size = 1",
            "[1]",
            "",
        ),
    ] {
        let server = Server::script(vec![Reply::json(body).with("Link", link)]);
        let message = Project::new()
            .pull("", &keys(&server, paging))
            .expect_err("it goes round")
            .to_string();
        assert!(
            message.contains("found one that was there before"),
            "{paging}: {message}"
        );
        assert!(server.asked().len() <= 2, "{paging}");
    }
}

#[test]
fn a_next_page_on_another_server_is_refused() {
    let reply = Reply::json("[1]").with("Link", "<http://other.example/x>; rel=\"next\"");
    let server = Server::script(vec![reply]);
    let message = Project::new()
        .pull("", &keys(&server, "kind = \"link\""))
        .expect_err("it is another server")
        .to_string();
    assert!(
        message.contains("on the same server, found another one"),
        "{message}"
    );
}

#[test]
fn a_body_that_paging_cannot_look_into_is_told() {
    let paging = "kind = \"page\", parameter = \"page\", size = 2, records = \"items\"";
    for (body, expected) in [
        ("[1", "expected JSON, to find the next page,"),
        ("{\"data\":[]}", "expected an array of records at `items`"),
    ] {
        let server = Server::script(vec![Reply::json(body)]);
        let message = Project::new()
            .pull("", &keys(&server, paging))
            .expect_err("it is not as said")
            .to_string();
        assert!(message.contains(expected), "{message}");
    }
}

//! ServiceNow's Table interface, played by a server with its documented behaviour.

use serde_json::json;

use super::Project;
use super::server::{Asked, Reply, Server};

const DELTA: &str = "load = \"delta\"";

fn servicenow(server: &Server) -> String {
    let url = server.url("");
    format!(
        "kind = \"servicenow\"\nurl = \"{url}\"\nrecord = \"change_request\"\nquery = \"active=true\"\nuser = \"reader\"\npassword = \"${{SERVICENOW_PASSWORD}}\"\nretries = 0"
    )
}

/// 2,300 records, of which rules of access take five out of the first page.
fn records(asked: &Asked, _: usize) -> Reply {
    assert_eq!(asked.path, "/api/now/table/change_request");
    let from = asked.number("sysparm_offset");
    let to = (from + asked.number("sysparm_limit")).min(2_300);
    let hidden = if from == 0 { 5 } else { 0 };
    let records: Vec<_> = (from + hidden..to).map(|n| json!({"sys_id": n})).collect();
    Reply::json(&json!({"result": records}).to_string()).with("X-Total-Count", "2300")
}

#[test]
fn records_are_walked_by_what_the_server_counts() {
    let server = Server::start(records);
    let project = Project::new().with_variable("SERVICENOW_PASSWORD", "geheim-123");
    let keys = servicenow(&server);
    let landing = project.pull(DELTA, &keys).expect("everything");
    assert_eq!(landing.files.len(), 3);
    let asked = server.take_asked();
    let order = "ORDERBYsys_created_on^ORDERBYsys_id";
    assert_eq!(
        asked[0].parameter("sysparm_query"),
        format!("active=true^{order}")
    );
    assert_eq!(asked[0].parameter("sysparm_display_value"), "false");
    assert_eq!(asked[0].parameter("sysparm_exclude_reference_link"), "true");
    assert!(asked[0].header("authorization").starts_with("Basic "));
    project.pull(DELTA, &keys).expect("changes");
    assert_eq!(
        server.asked()[0].parameter("sysparm_query"),
        format!("active=true^sys_updated_on>=2026-07-06 11:00:00^{order}")
    );
}

#[test]
fn a_server_that_does_not_count_leads_on_by_link_or_a_full_page() {
    let server = Server::start(|asked, _| match asked.number("sysparm_offset") {
        0 => Reply::json("{\"result\":[1]}").with("Link", "<http://x/>; rel=\"next\""),
        _ => Reply::json("{\"result\":[2]}"),
    });
    let project = Project::new().with_variable("SERVICENOW_PASSWORD", "geheim-123");
    let landing = project.pull("", &servicenow(&server)).expect("it lands");
    assert_eq!(landing.files.len(), 2);
}

#[test]
fn a_table_that_is_not_there_is_told() {
    let body = "{\"error\":{\"message\":\"Invalid table change_request\"},\"status\":\"failure\"}";
    let server = Server::script(vec![Reply::new(400, body)]);
    let message = Project::new()
        .with_variable("SERVICENOW_PASSWORD", "geheim-123")
        .pull("", &servicenow(&server))
        .expect_err("no such table")
        .to_string();
    assert!(message.contains("Invalid table"), "{message}");
}

//! A real PostgreSQL server, where `PLIMSOLL_TEST_POSTGRES` names one.

use postgres::{Client, NoTls};

use super::{Project, server_setting};

/// Returns the server's address, and a project that knows it.
fn server() -> Option<Project> {
    let connection = server_setting("PLIMSOLL_TEST_POSTGRES")?;
    Some(Project::new().with_variable("DATABASE_URL", &connection))
}

fn postgres(more: &str) -> String {
    format!("kind = \"postgres\"\nconnection = \"${{DATABASE_URL}}\"\n{more}")
}

fn rows(project: &Project, more: &str) -> String {
    let landing = project.pull("", &postgres(more)).expect("it lands");
    project.bodies(&landing).concat()
}

fn refusal(project: &Project, more: &str) -> String {
    let refused = project.pull("", &postgres(more));
    refused.expect_err("it is refused").to_string()
}

#[test]
fn values_are_spelled_the_same_whatever_the_server_likes() {
    let Some(project) = server() else { return };
    let sql = "select timestamptz '2026-07-06 14:00+02' as at, date '2026-07-06' as day, interval '1 day 2 hours' as span, '\\x00ff'::bytea as bytes, 'a,\"b\"' as words, null as nothing, '' as empty, true as yes, 0.1::float8 as number, 'Zürich' as place";
    let landing = project.pull("", &postgres(&format!("sql = '''{sql}'''")));
    let landing = landing.expect("it lands");
    assert_eq!(
        project.bodies(&landing),
        [
            "at,day,span,bytes,words,nothing,empty,yes,number,place\n2026-07-06 12:00:00+00,2026-07-06,P1DT2H,\\x00ff,\"a,\"\"b\"\"\",,\"\",t,0.1,Zürich\n"
        ]
    );
    assert!(landing.files[0].file.ends_with("-tracker-1.csv"));
    assert_eq!(landing.files[0].origin, "${DATABASE_URL}");
}

#[test]
fn a_statement_may_lie_in_a_file_and_end_as_people_write_it() {
    let Some(project) = server() else { return };
    project.write("issues.sql", "select 1 as one; -- the only one\n");
    assert!(refusal(&project, "sql_file = \"issues.sql\"").contains("caused by: "));
    project.write("issues.sql", "select 1 as one -- the only one\n;\n");
    assert_eq!(rows(&project, "sql_file = \"issues.sql\""), "one\n1\n");
}

#[test]
fn many_rows_arrive_whole_and_the_same_rows_leave_the_list_as_it_was() {
    let Some(project) = server() else { return };
    let sql = "sql = \"select n, repeat('x', 100) as words from generate_series(1, 100000) n order by n\"";
    let text = rows(&project, sql);
    assert_eq!(text.lines().count(), 100_001);
    assert!(text.contains("\n100000,xxx"));
    let manifest = project.manifest();
    rows(&project, sql);
    assert_eq!(project.manifest(), manifest);
}

#[test]
fn nothing_is_written_on_the_server() {
    let Some(project) = server() else { return };
    let message = refusal(&project, "sql = \"select nextval('none')\"");
    assert!(message.contains("hint: correct `sql`"), "{message}");
    let connection = server_setting("PLIMSOLL_TEST_POSTGRES").expect("it is there");
    let mut client = Client::connect(&connection, NoTls).expect("a connection");
    let table = format!("written_{}", std::process::id());
    let made = client.batch_execute(&format!("create table {table} (n int)"));
    made.expect("a table");
    let sql =
        format!("with made as (insert into {table} values (1) returning n) select n from made");
    let message = refusal(&project, &format!("sql = \"{sql}\""));
    let dropped = client.batch_execute(&format!("drop table {table}"));
    dropped.expect("it is there");
    assert!(message.contains("read-only transaction"), "{message}");
    assert!(!project.path("landing/manifest.json").exists());
}

#[test]
fn a_statement_that_takes_too_long_is_stopped() {
    let Some(project) = server() else { return };
    let message = refusal(
        &project,
        "sql = \"select pg_sleep(20)\"\ntimeout_seconds = 1",
    );
    assert!(
        message.contains("hint: give `timeout_seconds` more"),
        "{message}"
    );
}

#[test]
fn tls_is_by_sslmode() {
    let Some(connection) = server_setting("PLIMSOLL_TEST_POSTGRES") else {
        return;
    };
    let with = |mode: &str| {
        let address = format!("{connection}?sslmode={mode}");
        Project::new().with_variable("DATABASE_URL", &address)
    };
    let sql = "sql = \"select ssl from pg_stat_ssl where pid = pg_backend_pid()\"";
    assert_eq!(rows(&with("prefer"), sql), "ssl\nt\n");
    assert_eq!(rows(&with("disable"), sql), "ssl\nf\n");
    for mode in ["require", "verify-full"] {
        let message = refusal(&with(mode), sql);
        assert!(message.contains("certificate"), "{message}");
    }
}

#[test]
fn a_password_may_stand_apart_and_a_wrong_one_is_not_told() {
    let Some(connection) = server_setting("PLIMSOLL_TEST_POSTGRES") else {
        return;
    };
    let url = reqwest::Url::parse(&connection).expect("an address");
    let password = url.password().expect("it has one");
    let open = format!(
        "host={} port={} user={} dbname=postgres",
        url.host_str().unwrap_or_default(),
        url.port().unwrap_or_default(),
        url.username()
    );
    let keys = format!(
        "kind = \"postgres\"\nconnection = \"{open}\"\npassword = \"${{PGPASSWORD}}\"\nsql = \"select 1 as one\""
    );
    let project = Project::new().with_variable("PGPASSWORD", password);
    let landing = project.pull("", &keys).expect("it lands");
    assert_eq!(landing.files[0].origin, open);
    let project = Project::new().with_variable("PGPASSWORD", "geheim-123");
    let message = project.pull("", &keys).expect_err("wrong").to_string();
    assert!(
        message.contains("password authentication failed"),
        "{message}"
    );
    assert!(!message.contains("geheim"), "{message}");
}

#[test]
fn rows_of_a_delta_are_put_behind_where_they_are_new() {
    let Some(project) = server() else { return };
    let keys = |number: u8| postgres(&format!("sql = \"select {number} as n\""));
    let pull = |number| project.pull("load = \"delta\"", &keys(number));
    pull(1).expect("the first");
    pull(1).expect("the same");
    let landing = pull(2).expect("another");
    assert_eq!(project.bodies(&landing), ["n\n1\n", "n\n2\n"]);
}

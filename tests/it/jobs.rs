//! Runs that nobody starts by hand: jobs, backfills, the ledger, and who holds a
//! project.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{Project, read_text, repository};

/// A project whose run takes a moment, with a weekly job in a zone of its own.
fn project() -> Project {
    let project = Project::copy_of(&repository(
        "tests/golden/success_without_incident_feed/input",
    ));
    let mut text = read_text(&project.path("plimsoll.toml"));
    text.push_str(
        "\n[[jobs]]\nname = \"weekly\"\ncron = \"0 7 * * MON\"\ntime_zone = \"Europe/London\"\n",
    );
    project.write("plimsoll.toml", text);
    project
}

fn runs(project: &Project) -> Vec<Value> {
    let finished = project.plimsoll(&["runs", "--format", "json", "--limit", "0"]);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let list: Value = serde_json::from_str(&finished.stdout).expect("it is JSON");
    list.as_array().expect("it is a list").clone()
}

fn wait_for(what: &str, mut is_there: impl FnMut() -> bool) {
    let watch = Instant::now();
    while !is_there() {
        assert!(watch.elapsed() < Duration::from_secs(120), "no {what} came");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_new_project_runs_as_it_stands() {
    let project = Project::empty();
    let finished = project.plimsoll(&["init", "releases"]);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let config = ["--config", "releases/plimsoll.toml"];
    for command in ["check", "run"] {
        let finished = project.plimsoll(&[command, config[0], config[1]]);
        assert_eq!(finished.code, Some(0), "{command}: {}", finished.stderr);
        assert!(!finished.stderr.contains("warning"), "{}", finished.stderr);
    }
    assert!(project.path("releases/site/index.html").is_file());
    let again = project.plimsoll(&["init", "releases"]);
    assert_eq!(again.code, Some(2));
    assert!(
        again
            .stderr
            .contains("expected none of its files, found `plimsoll.toml`"),
        "{}",
        again.stderr
    );
}

#[test]
fn the_ledger_says_what_ran_and_how_it_ended() {
    let project = project();
    assert_eq!(project.batch().code, Some(0));
    project.write("exports/deployments.csv", "nothing,here\n");
    let failed = project.batch();
    let runs = runs(&project);
    assert_eq!(runs.len(), 2, "{runs:?}");
    assert_eq!(runs[1]["outcome"], "published");
    assert_eq!(runs[0]["outcome"], "failed");
    let message = runs[0]["message"].as_str().expect("a failure has a reason");
    assert!(failed.stderr.contains(message), "{message}");
    let id = runs[1]["run_id"].as_str().expect("a run has a name");
    let record = read_text(&project.path(&format!("runs/{id}.json")));
    let record: Value = serde_json::from_str(&record).expect("it is JSON");
    let stages = record["stages"].as_array().expect("there are stages");
    let names: Vec<&str> = stages
        .iter()
        .filter_map(|it| it["stage"].as_str())
        .collect();
    assert_eq!(
        names,
        ["check", "pull", "ingest", "compute", "render", "publish"]
    );
    let health = read_text(&project.path("runs/health.json"));
    let health: Value = serde_json::from_str(&health).expect("it is JSON");
    assert_eq!(health["status"], "failing");
    assert_eq!(health["failures"], 1);
}

#[test]
fn a_second_run_says_who_holds_the_project_and_waits_if_it_is_told_to() {
    let project = project();
    project.write("lake/lock", "");
    let lock = File::options().write(true).open(project.path("lake/lock"));
    let mut lock = lock.expect("it is there");
    lock.lock().expect("nobody has it");
    lock.write_all(b"`plimsoll run`, process 4711, since 2026-04-06T00:00:00Z")
        .expect("it can be written");
    let refused = project.plimsoll(&["run", "--wait", "1"]);
    assert_eq!(refused.code, Some(2));
    let words = "found `plimsoll run`, process 4711, since 2026-04-06T00:00:00Z that holds";
    assert!(refused.stderr.contains(words), "{}", refused.stderr);
    let mut waiting = project
        .command(&["run", "--wait", "60"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it can be started");
    std::thread::sleep(Duration::from_millis(600));
    assert!(
        waiting.try_wait().expect("it can be asked").is_none(),
        "it waits"
    );
    drop(lock);
    assert!(waiting.wait().expect("it ends").success());
}

#[test]
fn a_job_runs_what_it_owes_once() {
    let project = project();
    let first = project.plimsoll(&["run", "--job", "weekly"]);
    assert_eq!(first.code, Some(0), "{}", first.stderr);
    let again = project.plimsoll(&["run", "--job", "weekly"]);
    assert_eq!(again.code, Some(0), "{}", again.stderr);
    assert!(
        again.stderr.contains("job `weekly` owes no run"),
        "{}",
        again.stderr
    );
    assert_eq!(first.stdout, again.stdout, "both name the site");
    let runs = runs(&project);
    assert_eq!(runs.len(), 1, "{runs:?}");
    assert_eq!(runs[0]["scheduled_for"], runs[0]["as_of"]);
    let unknown = project.plimsoll(&["run", "--job", "weakly"]);
    assert_eq!(unknown.code, Some(2));
    assert!(
        unknown.stderr.contains("did you mean `weekly`?"),
        "{}",
        unknown.stderr
    );
}

#[test]
fn a_backfill_that_is_killed_goes_on_where_it_stopped() {
    let project = project();
    let arguments = [
        "backfill",
        "--from",
        "2026-02-02",
        "--to",
        "2026-03-03",
        "--job",
        "weekly",
    ];
    let published = |project: &Project| -> Vec<String> {
        let mut instants: Vec<String> = runs(project)
            .iter()
            .filter(|run| run["outcome"] == "published")
            .filter_map(|run| run["scheduled_for"].as_str().map(str::to_owned))
            .collect();
        instants.sort();
        instants
    };
    // Killed once the second period is at work.
    let count_records = || std::fs::read_dir(project.path("runs")).map_or(0, Iterator::count);
    let ended = project.watch(&arguments, &mut || count_records() >= 3);
    assert!(!ended, "it was killed in the middle");
    let before = published(&project);
    assert!(!before.is_empty() && before.len() < 5, "{before:?}");
    let finished = project.plimsoll(&arguments);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let expected =
        ["02-02", "02-09", "02-16", "02-23", "03-02"].map(|day| format!("2026-{day}T07:00:00Z"));
    assert_eq!(published(&project), expected, "each period once");
    for week in 5..=9 {
        let page = format!("site/weekly/2026-W{week:02}.html");
        assert!(project.path(&page).is_file(), "no `{page}`");
    }
    let nothing = project.plimsoll(&["backfill", "--from", "2026-02-03", "--to", "2026-02-04"]);
    assert_eq!(nothing.code, Some(2));
    assert!(nothing.stderr.contains("found none"), "{}", nothing.stderr);
}

#[cfg(unix)]
#[test]
fn a_scheduler_runs_what_is_due_and_stops_when_it_is_told_to() {
    let project = project();
    // Watched since before the last Monday: that one is owed.
    let watched = "{\"weekly\": {\"line\": \"0 7 * * MON\", \"time_zone\": \"Europe/London\", \"since\": \"SINCE\"}}";
    let since = chrono::Utc::now() - chrono::TimeDelta::days(7);
    project.write(
        "runs/watched",
        watched.replace("SINCE", &since.to_rfc3339()),
    );
    let mut scheduler = project
        .command(&["schedule"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it can be started");
    wait_for("site", || project.path("site/index.html").is_file());
    wait_for("record", || {
        runs(&project)
            .iter()
            .any(|run| run["outcome"] == "published")
    });
    let id = scheduler.id().to_string();
    let told = std::process::Command::new("kill")
        .args(["-TERM", &id])
        .status();
    assert!(told.expect("there is `kill`").success());
    let mut said = String::new();
    let mut stderr = scheduler.stderr.take().expect("it is piped");
    stderr.read_to_string(&mut said).expect("it can be read");
    assert!(scheduler.wait().expect("it ends").success(), "{said}");
    assert!(
        said.contains("published") && said.contains("stopped"),
        "{said}"
    );
    let owed = runs(&project);
    assert_eq!(owed.len(), 1, "{owed:?}");
    assert_eq!(owed[0]["job"], "weekly");
}

#[test]
fn a_site_is_shown_on_this_machine() {
    let project = project();
    let missing = project.plimsoll(&["serve", "--port", "0"]);
    assert_eq!(missing.code, Some(2), "there is no site yet");
    assert_eq!(project.batch().code, Some(0));
    let mut server = project
        .command(&["serve", "--port", "0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it can be started");
    let mut line = String::new();
    let stdout = server.stdout.take().expect("it is piped");
    BufReader::new(stdout)
        .read_line(&mut line)
        .expect("it tells its address");
    let address = line
        .trim()
        .trim_start_matches("http://")
        .trim_end_matches('/');
    let get = |path: &str| -> String {
        let mut stream = TcpStream::connect(address).expect("it listens");
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        stream
            .write_all(request.as_bytes())
            .expect("it can be asked");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        answer
    };
    let page = get("/");
    assert!(
        page.starts_with("HTTP/1.1 200") && page.contains("</html>"),
        "{page}"
    );
    assert!(get("/../lake/current/manifest.json").starts_with("HTTP/1.1 404"));
    assert!(get("/no-such-page").starts_with("HTTP/1.1 404"));
    server.kill().expect("it can be ended");
    server.wait().expect("it ends");
}

#[test]
fn what_is_wrong_with_a_job_is_told_at_once() {
    let project = project();
    let text = read_text(&project.path("plimsoll.toml"));
    let jobs = "\n[[jobs]]\nname = \"a b\"\ncron = \"0 7 * *\"\nsources = [\"incidence\"]\ncatch_up = \"some\"\ntimout_seconds = 5\n\n[[jobs]]\nname = \"weekly\"\ncron = \"@weekly\"\n";
    project.write("plimsoll.toml", format!("{text}{jobs}"));
    let finished = project.plimsoll(&["check"]);
    assert_eq!(finished.code, Some(2));
    for words in [
        "expected letters, digits, `-` and `_`, found `a b`",
        "`cron`: expected minute, hour",
        "did you mean `incidents`?",
        "expected all, latest or never, found `some`",
        "`timout_seconds`",
        "expected each job once, found `weekly` again",
    ] {
        assert!(
            finished.stderr.contains(words),
            "{words}\n{}",
            finished.stderr
        );
    }
}

//! Every case of `tests/golden/`: numbers that were derived by hand.
//!
//! A case's project is copied, run by the real binary and compared both ways: every
//! row of each expected mart, in the columns that the case names. `GOLDEN=<case>`
//! runs one case; `BLESS=1` rewrites what is expected and is refused under `CI`.

use crate::support::Project;
use crate::support::golden::{Case, differences, show_staging, staging_path};

/// What readers saw before a run that fails.
const EARLIER: [(&str, &str); 4] = [
    ("site/index.html", "<p>earlier</p>\n"),
    ("site/style.css", "p { color: inherit }\n"),
    ("lake/current", "earlier\n"),
    ("lake/marts/manifest.json", "{}\n"),
];

#[test]
fn every_case_gives_the_numbers_that_were_derived_by_hand() {
    let is_blessed = std::env::var_os("BLESS").is_some();
    assert!(
        !(is_blessed && std::env::var_os("CI").is_some()),
        "BLESS is refused where CI is set: no number is blessed that nobody read"
    );
    let mut problems = Vec::new();
    for case in Case::wanted() {
        case.forget_actual();
        let found = run_case(&case, is_blessed);
        problems.extend(
            found
                .into_iter()
                .map(|line| format!("{}: {line}", case.name)),
        );
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn every_case_says_how_its_numbers_are_derived_and_expects_something() {
    for case in Case::all() {
        let readme = format!("tests/golden/{}/README.md", case.name);
        let text = crate::support::read_text(&crate::support::repository(&readme));
        assert!(text.starts_with("# "), "`{readme}` opens with its claim");
        let is_failing = case.name.starts_with("fails_");
        assert_eq!(case.exit_code() != 0, is_failing, "{}", case.name);
        let expects = if is_failing {
            !case.stderr_texts().is_empty()
        } else {
            !case.marts().is_empty()
        };
        assert!(expects, "{} expects nothing", case.name);
    }
}

/// Runs one case and returns how it differs from what is expected.
fn run_case(case: &Case, is_blessed: bool) -> Vec<String> {
    let project = case.project();
    let marts: Vec<(String, String)> = case
        .marts()
        .into_iter()
        .map(|name| match staging_path(&name).exists() {
            true => (show_staging(&project, &name), name),
            false => (name.clone(), name),
        })
        .collect();
    if case.exit_code() != 0 {
        return run_failing_case(case, &project);
    }
    let finished = project.batch();
    if finished.code != Some(0) {
        case.keep_actual("stderr", &finished.stderr);
        return vec![format!(
            "exit code {:?}\n{}",
            finished.code, finished.stderr
        )];
    }
    let compare =
        |(mart, name): &(String, String)| compare_mart(case, &project, mart, name, is_blessed);
    marts.iter().flat_map(compare).collect()
}

/// A run that fails says why and leaves what readers see as it was.
fn run_failing_case(case: &Case, project: &Project) -> Vec<String> {
    for (name, text) in EARLIER {
        project.write(name, text);
    }
    let finished = project.batch();
    let mut problems = Vec::new();
    if finished.code != Some(case.exit_code()) {
        problems.push(format!("exit code {:?}", finished.code));
    }
    let missing = case
        .stderr_texts()
        .into_iter()
        .filter(|text| !finished.stderr.contains(text))
        .map(|text| format!("stderr does not say {text}"));
    problems.extend(missing);
    problems.extend(published(project));
    if !problems.is_empty() {
        case.keep_actual("stderr", &finished.stderr);
        problems.push(finished.stderr);
    }
    problems
}

/// Returns the published files that are not what they were.
fn published(project: &Project) -> Vec<String> {
    let mut found = project.tree("site");
    found.extend(project.tree("lake"));
    let mut problems = Vec::new();
    for (name, text) in EARLIER {
        if found.remove(std::path::Path::new(name)).as_deref() != Some(text.as_bytes()) {
            problems.push(format!("`{name}` is not what it was"));
        }
    }
    let new = found
        .keys()
        .filter(|path| !is_unfinished(path))
        .map(|path| format!("`{}` is new", path.display()));
    problems.extend(new);
    problems
}

/// What a run prepares beside the published, the parts that it keeps for the next one,
/// and the lock it holds, are seen by no reader.
fn is_unfinished(path: &std::path::Path) -> bool {
    let mut parts = path.iter().map(|part| part.to_string_lossy());
    path.starts_with("lake/parts")
        || path.starts_with("lake/joined")
        || parts.any(|part| part.ends_with(".unfinished") || part == "lock")
}

fn compare_mart(
    case: &Case,
    project: &Project,
    mart: &str,
    name: &str,
    is_blessed: bool,
) -> Vec<String> {
    let expected = case.expected(name);
    let columns = expected.columns.join(", ");
    let found = project
        .query(&format!("select {columns} from {mart}"))
        .sorted();
    let lines = differences(&expected, &found);
    if !lines.is_empty() && is_blessed {
        case.bless(name, &found);
        return Vec::new();
    }
    if !lines.is_empty() {
        case.keep_actual(&format!("marts/{name}.csv"), &found.to_csv());
    }
    let label = |line: String| format!("{name}: {line}");
    lines.into_iter().map(label).collect()
}

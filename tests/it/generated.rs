//! Generated projects: their causes of waiting overlap, touch and tie as those of
//! a hand-written case do not.

use crate::support::Project;

/// Seeds of which the projects of 1000 items hold causes of one identical span.
const SEEDS: [&str; 4] = ["1", "2", "3", "7"];

/// Generates a project of 1000 items.
fn generated_project(seed: &str) -> Project {
    let project = Project::empty();
    let generate = ["generate", "--items", "1000", "--seed", seed, "--to", "."];
    let finished = project.plimsoll(&generate);
    assert_eq!(finished.code, Some(0), "seed {seed}: {}", finished.stderr);
    project
}

#[test]
fn a_generated_project_runs_through_whatever_its_seed() {
    for seed in SEEDS {
        let finished = generated_project(seed).plimsoll(&["run"]);
        assert_eq!(finished.code, Some(0), "seed {seed}: {}", finished.stderr);
    }
}

#[test]
fn a_second_approval_of_the_same_span_changes_no_clock() {
    let once = generated_project("1").computed();
    let twice = generated_project("1");
    let approvals = crate::support::read_text(&twice.path("exports/governance/approvals.csv"));
    let (header, rows) = approvals.split_once('\n').expect("there is a header");
    assert!(header.starts_with("approval_id,"), "{header}");
    let copies: String = rows.lines().map(|row| format!("X-{row}\n")).collect();
    twice.write(
        "exports/governance/approvals.csv",
        format!("{approvals}{copies}"),
    );
    let twice = twice.computed();
    for sql in [
        "select item_id, approval_days from cycle_time",
        "select item_id, approval_days, active_days, waiting_days from cycle_time_parts",
    ] {
        let (left, right) = (once.query(sql), twice.query(sql));
        assert!(left.rows.len() > 100, "only {} rows", left.rows.len());
        let differences = crate::support::golden::differences(&left, &right);
        assert!(differences.is_empty(), "{}", differences.join("\n"));
    }
}

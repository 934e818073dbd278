//! The verdict of the gates, for a pipeline that asks before it ships: as text, JSON
//! or JUnit XML, and as the exit code.

use std::process::ExitCode;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use serde_json::json;

use super::{CheckReleaseArguments, Common, VerdictFormat, commands, print_bytes};
use crate::config::{self, Config};
use crate::error::{Error, ErrorKind, Result};
use crate::pipeline;
use crate::report::format;
use crate::report::{Finding, Gate, State, Verdict};

/// The exit code of a release that must not ship.
const NO_GO: u8 = 1;

/// Judges a release and says so on stdout; the exit code is 0 for go, else 1: a gate is
/// open, no gate had anything to check, or the release was called off.
pub(super) fn check_release(common: &Common, wanted: &CheckReleaseArguments) -> Result<ExitCode> {
    let config = config::load_config(&common.config)?;
    let as_of = commands::instant(&config, wanted.as_of.as_deref())?;
    let verdict = pipeline::judge_release(&config, &wanted.release, as_of)?;
    let bytes = match wanted.format {
        VerdictFormat::Table => write_text(&verdict, &config, as_of).into_bytes(),
        VerdictFormat::Json => write_json(&verdict, as_of)?,
        VerdictFormat::Junit => write_junit(&verdict)?,
    };
    print_bytes(&bytes)?;
    Ok(match verdict.is_go {
        true => ExitCode::SUCCESS,
        false => ExitCode::from(NO_GO),
    })
}

fn write_text(verdict: &Verdict, config: &Config, as_of: DateTime<Utc>) -> String {
    let zone = config.project.time_zone;
    let mut text = format!(
        "{} ({}): {}\nas of {} ({})\n",
        verdict.release_name,
        verdict.release_id,
        verdict.headline(),
        format::instant(as_of, zone),
        zone.name()
    );
    let looked = verdict
        .gates
        .iter()
        .filter(|gate| gate.state != State::NotApplicable);
    for gate in looked {
        text += &gate_line(gate);
        if gate.state != State::Pass {
            let open = gate.findings.iter().filter(|one| one.state != State::Pass);
            let lines: Vec<String> = open.map(|one| finding_line(one, zone)).collect();
            for alike in lines.chunk_by(|a, b| a == b) {
                text += &counted(&alike[0], alike.len());
            }
        }
    }
    let idle: Vec<&str> = verdict
        .gates
        .iter()
        .filter(|gate| gate.state == State::NotApplicable)
        .map(|gate| gate.title.as_str())
        .collect();
    if !idle.is_empty() {
        text += &format!("\nnothing to check: {}\n", idle.join(", "));
    }
    text
}

fn gate_line(gate: &Gate) -> String {
    let limits = gate
        .limits
        .as_ref()
        .map_or_else(String::new, |limits| format!("; {limits}"));
    format!(
        "\n{:<8} {} (guards {}; {} checked{limits})\n",
        gate.state.as_str().to_lowercase(),
        gate.title,
        gate.guards,
        format::integer(gate.subject_count)
    )
}

fn finding_line(finding: &Finding, zone: Tz) -> String {
    let due = finding.due_at.map_or_else(String::new, |due| {
        format!("; due {}", format::instant(due, zone))
    });
    format!(
        "  {:<8} {}{due}",
        finding.state.as_str().to_lowercase(),
        finding.reason
    )
}

/// Ends a line, and says how many subjects it stands for: where a table is missing, all
/// say the same.
fn counted(line: &str, count: usize) -> String {
    match count {
        1 => format!("{line}\n"),
        _ => format!("{line} ({} alike)\n", format::integer(count)),
    }
}

fn write_json(verdict: &Verdict, as_of: DateTime<Utc>) -> Result<Vec<u8>> {
    let whole = json!({
        "verdict": verdict.word(),
        "headline": verdict.headline(),
        "as_of": as_of,
        "release": verdict,
    });
    let mut bytes = serde_json::to_vec_pretty(&whole).map_err(|e| {
        Error::new(ErrorKind::Internal, "cannot write the verdict as JSON").caused_by(e)
    })?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Writes one suite per gate and one case per subject: what is open has failed, what
/// had nothing to check was skipped, and so was what a waiver let through, with its
/// rationale, so that no pipeline shows it as simply passed.
fn write_junit(verdict: &Verdict) -> Result<Vec<u8>> {
    let mut report = Report::new(format!(
        "Gates of {} ({})",
        verdict.release_name, verdict.release_id
    ));
    for gate in &verdict.gates {
        let mut suite = TestSuite::new(gate.title.as_str());
        if gate.findings.is_empty() {
            suite.add_test_case(TestCase::new(gate.gate.as_str(), TestCaseStatus::skipped()));
        }
        for finding in &gate.findings {
            let mut status = match finding.state {
                State::Fail => TestCaseStatus::non_success(NonSuccessKind::Failure),
                State::Unknown => TestCaseStatus::non_success(NonSuccessKind::Error),
                State::Waived => TestCaseStatus::skipped(),
                _ => TestCaseStatus::success(),
            };
            if finding.state != State::Pass {
                status.set_message(finding.reason.as_str());
            }
            let name = format!("{} {}", finding.subject_type, finding.subject_id);
            let mut case = TestCase::new(name, status);
            case.set_classname(gate.gate.as_str());
            case.set_system_out(finding.reason.as_str());
            suite.add_test_case(case);
        }
        report.add_test_suite(suite);
    }
    let text = report.to_string().map_err(|e| {
        Error::new(ErrorKind::Internal, "cannot write the verdict as JUnit XML").caused_by(e)
    })?;
    Ok(text.into_bytes())
}

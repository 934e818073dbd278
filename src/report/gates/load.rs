//! Reads the gates of releases from their three marts, wherever these lie.

use std::collections::BTreeMap;

use super::model::{Finding, Gate, State, Verdict};
use crate::error::Result;
use crate::lake::Rows;

/// The marts that are read.
pub const GATE_MARTS: [&str; 3] = ["release_verdicts", "release_gates", "gate_results"];

/// Returns the verdict on each release, by its id.
///
/// # Errors
/// `Internal` where a mart has other columns; what `rows` says.
pub(super) fn read_verdicts(rows: &dyn Fn(&str) -> Result<Rows>) -> Result<Vec<Verdict>> {
    let [verdicts, gates, results] = GATE_MARTS.map(rows);
    let (verdicts, gates, results) = (verdicts?, gates?, results?);
    let mut findings = BTreeMap::new();
    for row in results.indices() {
        if let Some(release) = results.text("release_id", row)? {
            let key = (release.to_owned(), results.owned_text("gate", row)?);
            let of_gate: &mut Vec<Finding> = findings.entry(key).or_default();
            of_gate.push(read_finding(&results, row)?);
        }
    }
    let mut of_release: BTreeMap<String, Vec<Gate>> = BTreeMap::new();
    for row in gates.indices() {
        let key = (
            gates.owned_text("release_id", row)?,
            gates.owned_text("gate", row)?,
        );
        let mut found = findings.remove(&key).unwrap_or_default();
        found.sort_by(|a, b| {
            let order = |finding: &Finding| (finding.state, finding.due_at);
            let by_name = a.subject_id.cmp(&b.subject_id);
            order(a).cmp(&order(b)).then(by_name)
        });
        let (release, name) = key;
        let gate = read_gate(&gates, row, name, found)?;
        of_release.entry(release).or_default().push(gate);
    }
    let read = |row| {
        let id = verdicts.owned_text("release_id", row)?;
        let mut gates = of_release.remove(&id).unwrap_or_default();
        gates.sort_by(|a, b| a.state.cmp(&b.state).then_with(|| a.title.cmp(&b.title)));
        read_verdict(&verdicts, row, id, gates)
    };
    verdicts.indices().map(read).collect()
}

fn read_verdict(rows: &Rows, row: usize, id: String, gates: Vec<Gate>) -> Result<Verdict> {
    let count = |column: &str| Ok(rows.integer(column, row)?.unwrap_or(0));
    Ok(Verdict {
        release_id: id,
        release_name: rows.owned_text("release_name", row)?,
        version: rows.maybe_owned_text("version", row)?,
        is_go: rows.text("verdict", row)? == Some("go"),
        is_cancelled: rows.text("status", row)? == Some("cancelled"),
        gate_count: count("gate_count")?,
        open_count: count("open_count")?,
        waived_count: count("waived_count")?,
        shipped_at: rows.instant("shipped_at", row)?,
        ship_due_at: rows.instant("ship_due_at", row)?,
        gates,
    })
}

fn read_gate(rows: &Rows, row: usize, gate: String, findings: Vec<Finding>) -> Result<Gate> {
    Ok(Gate {
        gate,
        title: rows.owned_text("title", row)?,
        group: rows.owned_text("gate_group", row)?,
        guards: rows.owned_text("guards", row)?,
        limits: rows.maybe_owned_text("limit_words", row)?,
        state: State::parse(&rows.owned_text("verdict", row)?),
        subject_count: rows.integer("subject_count", row)?.unwrap_or(0),
        reason: rows.maybe_owned_text("reason", row)?,
        due_at: rows.instant("due_at", row)?,
        findings,
    })
}

fn read_finding(rows: &Rows, row: usize) -> Result<Finding> {
    Ok(Finding {
        subject_type: rows.owned_text("subject_type", row)?,
        subject_id: rows.owned_text("subject_id", row)?,
        team: rows.maybe_owned_text("team", row)?,
        state: State::parse(&rows.owned_text("verdict", row)?),
        reason: rows.owned_text("reason", row)?,
        evidence_id: rows.maybe_owned_text("evidence_id", row)?,
        evidence_at: rows.instant("evidence_at", row)?,
        evidence_url: rows.maybe_owned_text("evidence_url", row)?,
        decided_by: rows.maybe_owned_text("decided_by", row)?,
        due_at: rows.instant("due_at", row)?,
        waiver_id: rows.maybe_owned_text("waiver_id", row)?,
        waiver_by: rows.maybe_owned_text("waiver_by", row)?,
        waiver_rationale: rows.maybe_owned_text("waiver_rationale", row)?,
        waiver_at: rows.instant("waiver_at", row)?,
    })
}

//! What other pages say of gates: the verdict on a release in a cell, the gates that
//! come due, the exceptions of a release, and how a quarter's releases shipped.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::Verdicts;
use super::model::{Gate, State, Verdict};
use crate::report::format;
use crate::report::page::{Cell, DataTable};

/// The address of a release's page of gates, from that of its own page.
pub(super) fn page_beside(release_page: &str) -> Option<String> {
    let folder = release_page.strip_suffix(".html")?;
    Some(format!("{folder}/gates.html"))
}

/// The verdict on a release, which leads to its page of gates.
pub(in crate::report) fn verdict_cell(
    verdicts: &Verdicts,
    release: &str,
    release_page: Option<&str>,
) -> Cell {
    match verdicts.of(release) {
        Some(verdict) => {
            Cell::text(verdict.headline()).within_if(release_page.and_then(page_beside))
        }
        None => Cell::maybe(None),
    }
}

/// Gates that are open and come due between two instants, together where they are of
/// one release and moment: the moment, the words and the release.
pub(in crate::report) fn due_rows(
    verdicts: &Verdicts,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Vec<(DateTime<Utc>, String, &Verdict)> {
    let mut rows = Vec::new();
    for verdict in verdicts.living().filter(|one| one.shipped_at.is_none()) {
        let open = verdict.gates.iter().filter(|gate| gate.state.is_open());
        let mut due: Vec<(DateTime<Utc>, &Gate)> = open
            .filter_map(|gate| Some((gate.due_at?, gate)))
            .filter(|(at, _)| (from..=to).contains(at))
            .collect();
        due.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.title.cmp(&b.1.title)));
        for moment in due.chunk_by(|a, b| a.0 == b.0) {
            let titles: Vec<&str> = moment.iter().map(|(_, gate)| gate.title.as_str()).collect();
            let count = format::count(titles.len(), "open gate due", "open gates due");
            rows.push((
                moment[0].0,
                format!("{count}: {}", titles.join(", ")),
                verdict,
            ));
        }
    }
    rows
}

/// What did not simply pass in a release: gates that failed or that nobody can judge,
/// and what a waiver let through, with its reason.
pub(in crate::report) fn exception_table(
    verdict: &Verdict,
    zone: Tz,
    as_of: DateTime<Utc>,
) -> DataTable {
    let mut rows = Vec::new();
    for gate in &verdict.gates {
        let not_passed = gate.findings.iter().filter(|one| one.state != State::Pass);
        for finding in not_passed {
            let due = finding.due_at.map(|at| format::instant(at, zone));
            rows.push(vec![
                Cell::text(&gate.title)
                    .within(&format!("gates.html#{}", super::tables::anchor(gate))),
                Cell::text(finding.state.words(finding.due_at, as_of)),
                Cell::text(&finding.reason),
                Cell::maybe(finding.team.as_deref()),
                Cell::maybe(due.as_deref()),
            ]);
        }
    }
    DataTable::new(
        "What the gates of this release did not simply pass",
        &["Gate", "Result", "Why", "Team", "Due"],
        rows,
        MOST_EXCEPTIONS,
    )
    .without_empty_columns()
}

/// How many exceptions a retrospective shows; its JSON has all.
const MOST_EXCEPTIONS: usize = 30;

/// Says how many of the releases that shipped between two local days did so with a gate
/// open, and by how many waivers; `None` where none shipped.
pub(in crate::report) fn quarter_words(
    verdicts: &Verdicts,
    zone: Tz,
    (first, last): (NaiveDate, NaiveDate),
) -> Option<String> {
    let is_within = |verdict: &&Verdict| {
        let day = verdict
            .shipped_at
            .map(|at| at.with_timezone(&zone).date_naive());
        day.is_some_and(|day| (first..=last).contains(&day))
    };
    let shipped: Vec<&Verdict> = verdicts.living().filter(is_within).collect();
    if shipped.is_empty() {
        return None;
    }
    let open = shipped.iter().filter(|verdict| !verdict.is_go).count();
    let findings = shipped
        .iter()
        .flat_map(|verdict| &verdict.gates)
        .flat_map(|gate| &gate.findings);
    let waived = findings.filter(|one| one.state == State::Waived).count();
    Some(format!(
        "Gates: {} of {} shipped with a gate open; {}.",
        format::integer(open),
        format::count(shipped.len(), "release", "releases"),
        format::count(waived, "waiver held", "waivers held"),
    ))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::TimeDelta;

    use super::*;
    use crate::report::gates::Finding;

    fn finding(state: State) -> Finding {
        Finding {
            subject_type: "item".into(),
            subject_id: "A".into(),
            team: None,
            state,
            reason: "A: reason".into(),
            evidence_id: None,
            evidence_at: None,
            evidence_url: None,
            decided_by: None,
            due_at: None,
            waiver_id: None,
            waiver_by: None,
            waiver_rationale: None,
            waiver_at: None,
        }
    }

    fn gate(title: &str, state: State, due_at: Option<DateTime<Utc>>) -> Gate {
        Gate {
            gate: title.to_lowercase(),
            title: title.into(),
            group: "g".into(),
            guards: "shipping".into(),
            limits: None,
            state,
            subject_count: 1,
            reason: None,
            due_at,
            findings: vec![finding(state)],
        }
    }

    fn verdict(id: &str, gates: Vec<Gate>, shipped_at: Option<DateTime<Utc>>) -> Verdict {
        let open = gates.iter().filter(|gate| gate.state.is_open()).count();
        Verdict {
            release_id: id.into(),
            release_name: id.into(),
            version: None,
            is_go: open == 0,
            is_cancelled: false,
            gate_count: i64::try_from(gates.len()).unwrap_or(0),
            open_count: i64::try_from(open).unwrap_or(0),
            waived_count: 0,
            shipped_at,
            ship_due_at: None,
            gates,
        }
    }

    fn verdicts(all: Vec<Verdict>) -> Verdicts {
        let by_id = all.into_iter().map(|one| (one.release_id.clone(), one));
        Verdicts(by_id.collect::<BTreeMap<_, _>>())
    }

    #[test]
    fn gates_of_one_moment_come_due_together_and_passed_ones_do_not() {
        let now = DateTime::UNIX_EPOCH;
        let at = |days| Some(now + TimeDelta::days(days));
        let gates = vec![
            gate("B", State::Fail, at(3)),
            gate("A", State::Unknown, at(3)),
            gate("C", State::Pass, at(3)),
            gate("D", State::Fail, at(20)),
        ];
        let all = verdicts(vec![verdict("R", gates, None)]);
        let rows = due_rows(&all, now, now + TimeDelta::days(14));
        let words: Vec<&str> = rows.iter().map(|(_, words, _)| words.as_str()).collect();
        assert_eq!(words, ["2 open gates due: A, B"]);
    }

    #[test]
    fn a_quarter_counts_what_shipped_in_it() {
        let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap_or_default();
        let at = |month, date| {
            let noon = day(month, date).and_hms_opt(12, 0, 0);
            noon.map(|noon| noon.and_utc())
        };
        let all = verdicts(vec![
            verdict("R1", vec![gate("A", State::Fail, None)], at(4, 1)),
            verdict("R2", vec![gate("A", State::Waived, None)], at(6, 30)),
            verdict("R3", vec![gate("A", State::Fail, None)], at(7, 1)),
            verdict("R4", vec![gate("A", State::Fail, None)], None),
        ]);
        let words = quarter_words(&all, Tz::UTC, (day(4, 1), day(6, 30)));
        assert_eq!(
            words.as_deref(),
            Some("Gates: 1 of 2 releases shipped with a gate open; 1 waiver held.")
        );
        assert_eq!(quarter_words(&all, Tz::UTC, (day(1, 1), day(3, 31))), None);
    }

    #[test]
    fn exceptions_are_all_that_did_not_pass() {
        let gates = vec![
            gate("A", State::Waived, None),
            gate("B", State::Pass, None),
            gate("C", State::Fail, None),
        ];
        let table = exception_table(&verdict("R", gates, None), Tz::UTC, DateTime::UNIX_EPOCH);
        let names: Vec<&str> = table.rows.iter().map(|row| row[0].text.as_str()).collect();
        assert_eq!(names, ["A", "C"]);
    }
}

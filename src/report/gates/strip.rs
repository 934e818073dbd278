//! What other pages say of gates: the verdict on a release in a cell, the gates that
//! come due, the exceptions of a release, and how a quarter's releases shipped.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use super::Verdicts;
use super::model::{Finding, Gate, State, Verdict};
use crate::report::format;
use crate::report::page::{Cell, DataTable};
use crate::report::quarter::Quarter;

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

/// Counts the open gates of a release that are due by a local day, or at no known moment.
pub(in crate::report) fn open_by(
    verdicts: &Verdicts,
    release: &str,
    day: NaiveDate,
    zone: Tz,
) -> usize {
    let gates = verdicts.of(release).map_or(&[][..], |one| &one.gates);
    let open = gates.iter().filter(|gate| gate.state.is_open());
    let is_due = |gate: &&Gate| {
        let due = gate.due_at.map(|at| at.with_timezone(&zone).date_naive());
        due.is_none_or(|due| due <= day)
    };
    open.filter(is_due).count()
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

/// How the releases of a quarter shipped by their gates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(in crate::report) struct QuarterGates {
    /// How many shipped with a gate open.
    pub(in crate::report) shipped: String,
    /// What waivers let through.
    pub(in crate::report) waived: String,
    /// The place of just these on the page of governance, where there are any.
    pub(in crate::report) waived_anchor: Option<String>,
}

/// Says how many of the releases that shipped in a quarter did so with a gate open, and
/// what waivers let through in them; `None` where none shipped.
pub(in crate::report) fn quarter_words(
    verdicts: &Verdicts,
    zone: Tz,
    quarter: &Quarter,
) -> Option<QuarterGates> {
    let is_within = |verdict: &&Verdict| shipped_in(verdict, zone).as_ref() == Some(quarter);
    let shipped: Vec<&Verdict> = verdicts.living().filter(is_within).collect();
    if shipped.is_empty() {
        return None;
    }
    let open = shipped.iter().filter(|one| one.open_count > 0).count();
    let findings = shipped
        .iter()
        .flat_map(|verdict| &verdict.gates)
        .flat_map(|gate| &gate.findings);
    let waived: Vec<&Finding> = findings.filter(|one| one.state == State::Waived).collect();
    Some(QuarterGates {
        shipped: format!(
            "Gates: {} of {} shipped with a gate open;",
            format::integer(open),
            format::count(shipped.len(), "release", "releases"),
        ),
        waived: format!("{}.", waiver_words(&waived)),
        waived_anchor: (!waived.is_empty()).then(|| waiver_anchor(Some(quarter))),
    })
}

/// The local quarter in which a release shipped.
pub(super) fn shipped_in(verdict: &Verdict, zone: Tz) -> Option<Quarter> {
    let at = verdict.shipped_at?;
    Some(Quarter::of(at.with_timezone(&zone).date_naive()))
}

/// Says how many waivers let how much through: one waiver of a release can be behind
/// several checks.
pub(super) fn waiver_words(waived: &[&Finding]) -> String {
    if waived.is_empty() {
        return "no waiver let anything through".to_owned();
    }
    let waivers: BTreeSet<_> = waived.iter().map(|one| &one.waiver_id).collect();
    format!(
        "{} let {} through",
        format::count(waivers.len(), "waiver", "waivers"),
        format::count(waived.len(), "check", "checks"),
    )
}

/// Where the waivers of the releases that shipped in a quarter stand on the page of
/// governance; without one, of those that have not shipped.
pub(super) fn waiver_anchor(quarter: Option<&Quarter>) -> String {
    let name = quarter.map_or("coming", |quarter| quarter.name.as_str());
    format!("waivers-{name}")
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
        let day = now.date_naive();
        let by = |days| open_by(&all, "R", day + TimeDelta::days(days), Tz::UTC);
        assert_eq!([by(2), by(3), by(20)], [0, 2, 3]);
        assert_eq!(open_by(&all, "another", day, Tz::UTC), 0);
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
        let quarter = |month| Quarter::of(day(month, 15));
        let words = quarter_words(&all, Tz::UTC, &quarter(5)).map(|words| words.shipped);
        assert_eq!(
            words.as_deref(),
            Some("Gates: 1 of 2 releases shipped with a gate open;")
        );
        assert_eq!(quarter_words(&all, Tz::UTC, &quarter(2)), None);
    }

    #[test]
    fn a_waiver_of_several_checks_is_one_waiver() {
        let noon = NaiveDate::from_ymd_opt(2026, 5, 4).and_then(|day| day.and_hms_opt(12, 0, 0));
        let waived = |title: &str, waiver: &str| {
            let mut gate = gate(title, State::Waived, None);
            gate.findings[0].waiver_id = Some(waiver.into());
            gate
        };
        let gates = vec![waived("A", "W1"), waived("B", "W1"), waived("C", "W2")];
        let all = verdicts(vec![verdict("R", gates, noon.map(|noon| noon.and_utc()))]);
        let quarter = Quarter::of(NaiveDate::from_ymd_opt(2026, 4, 1).unwrap_or_default());
        let words = quarter_words(&all, Tz::UTC, &quarter);
        let said = words.map(|words| (words.waived, words.waived_anchor));
        let expected = (
            "2 waivers let 3 checks through.".to_owned(),
            Some("waivers-2026-Q2".to_owned()),
        );
        assert_eq!(said, Some(expected));
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

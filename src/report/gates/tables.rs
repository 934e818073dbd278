//! The tables of gates.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::model::{Finding, Gate, State, Verdict};
use crate::report::format;
use crate::report::page::{Cell, DataTable};

/// How many rows of a gate a page shows.
const MOST_ROWS: usize = 100;

/// What tables of gates are written with.
pub(super) struct Setting<'a> {
    /// The zone of dates.
    pub(super) zone: Tz,
    /// The instant of the run.
    pub(super) as_of: DateTime<Utc>,
    /// An item's address in its tracker.
    pub(super) item: &'a dyn Fn(&str) -> Option<String>,
}

/// Returns one row per gate that had something to look at, the open ones first.
pub(super) fn gate_table(verdict: &Verdict, setting: &Setting<'_>) -> DataTable {
    let looked = verdict
        .gates
        .iter()
        .filter(|gate| gate.state != State::NotApplicable);
    let rows = looked.map(|gate| {
        vec![
            Cell::text(&gate.title).within(&format!("#{}", anchor(gate))),
            Cell::text(gate.state.words(gate.due_at, setting.as_of)),
            Cell::text(capital(&gate.guards)),
            Cell::maybe(gate.limits.as_deref()),
            Cell::maybe(gate.reason.as_deref()),
            date(gate.due_at, setting.zone),
            Cell::integer(gate.subject_count).within(&format!("#{}", anchor(gate))),
        ]
    });
    DataTable::new(
        "Every gate that had something to check, the open ones first",
        &[
            "Gate", "Result", "Guards", "Limit", "Why", "Due", "#Checked",
        ],
        rows.collect(),
        usize::MAX,
    )
}

/// Returns what one gate looked at, the worst first.
pub(super) fn finding_table(gate: &Gate, setting: &Setting<'_>) -> DataTable {
    let has_waiver = gate
        .findings
        .iter()
        .any(|finding| finding.waiver_id.is_some());
    let row = |finding: &Finding| {
        let mut cells = vec![
            subject(finding, setting),
            Cell::text(finding.state.words(finding.due_at, setting.as_of)),
            Cell::text(&finding.reason),
            Cell::maybe(finding.team.as_deref()),
            evidence(finding, setting.zone),
            Cell::maybe(finding.decided_by.as_deref()),
            date(finding.due_at, setting.zone),
        ];
        if has_waiver {
            cells.push(waiver(finding, setting.zone));
        }
        cells
    };
    let mut columns = vec![
        "Checked",
        "Result",
        "Why",
        "Team",
        "Evidence",
        "Decided by",
        "Due",
    ];
    if has_waiver {
        columns.push("Waiver");
    }
    let count = format::count(gate.findings.len(), "row", "rows");
    DataTable::new(
        format!("{}: {count}, the worst first", gate.title),
        &columns,
        gate.findings.iter().map(row).collect(),
        MOST_ROWS,
    )
}

/// Returns where the findings of a gate stand on its page.
pub(super) fn anchor(gate: &Gate) -> String {
    format!("gate-{}", gate.gate.replace('_', "-"))
}

fn subject(finding: &Finding, setting: &Setting<'_>) -> Cell {
    let cell = Cell::text(&finding.subject_id);
    match finding.subject_type.as_str() {
        "item" => cell.link((setting.item)(&finding.subject_id).as_deref()),
        kind => cell.noted(Some(&kind.replace('_', " "))),
    }
}

fn evidence(finding: &Finding, zone: Tz) -> Cell {
    let cell = Cell::maybe(finding.evidence_id.as_deref()).link(finding.evidence_url.as_deref());
    let dated = finding.evidence_at.map(|at| format::instant(at, zone));
    cell.noted(dated.as_deref())
}

fn waiver(finding: &Finding, zone: Tz) -> Cell {
    let Some(id) = &finding.waiver_id else {
        return Cell::maybe(None);
    };
    let reason = finding.waiver_rationale.as_deref();
    let by = finding.waiver_by.as_ref().map(|by| format!(" by {by}"));
    let at = finding
        .waiver_at
        .map(|at| format!(" on {}", format::instant(at, zone)));
    let note = format!(
        "{}{}: {}",
        by.unwrap_or_default(),
        at.unwrap_or_default(),
        reason.unwrap_or("no rationale")
    );
    Cell::text(id).noted(Some(note.trim_start()))
}

fn date(at: Option<DateTime<Utc>>, zone: Tz) -> Cell {
    match at {
        Some(at) => Cell::text(format::instant(at, zone)),
        None => Cell::maybe(None),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_uppercase().to_string());
    format!("{}{}", first.unwrap_or_default(), letters.as_str())
}

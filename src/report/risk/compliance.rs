//! Sign-offs by regulation, and the audit sheets of regulated systems.

use std::collections::BTreeSet;

use chrono_tz::Tz;

use super::MOST_ROWS;
use crate::error::Result;
use crate::lake::Rows;
use crate::report::format;
use crate::report::marts::Marts;
use crate::report::page::{Cell, DataTable};
use crate::report::part::Part;

/// How each regulation's sign-offs were kept, and which failed.
pub(super) fn regulations(marts: &Marts) -> Result<Part> {
    let rows = marts.rows("compliance_by_regulation")?;
    let signoffs = marts.rows("regulation_signoffs")?;
    let finding = match (marts.missing(&["items", "approvals"]), rows.is_empty()) {
        (Some(missing), _) => missing,
        (None, true) => "No item names a regulation.".to_owned(),
        (None, false) => finding(&signoffs)?,
    };
    Ok(Part {
        id: "compliance",
        title: "Sign-offs by regulation",
        finding,
        about: "A regulated item needs the sign-offs of each of its regulations before its release ships; [gates.regulatory_signoff] says which. An item under two regulations is a check of each, judged by itself; the gate on the page of governance is one check an item, which fails where one of them does.".to_owned(),
        figures: Vec::new(),
        tables: vec![regulation_table(&rows)?, missing_signoffs(&signoffs)?],
        definitions: Part::defined_by(&[
            "compliance_by_regulation",
            "regulation_signoffs",
            "regulatory_signoff",
        ]),
    })
}

/// Says how many checks are open, and on how many items.
fn finding(signoffs: &Rows) -> Result<String> {
    let (mut open, mut items, mut open_items) = (0, BTreeSet::new(), BTreeSet::new());
    for row in signoffs.indices() {
        let item = signoffs.owned_text("item_id", row)?;
        if is_open(signoffs, row)? {
            open += 1;
            open_items.insert(item.clone());
        }
        items.insert(item);
    }
    let checks = signoffs.indices().count();
    if checks == 0 {
        return Ok("No regulated item is in a release.".to_owned());
    }
    Ok(format!(
        "{} of {} have no sign-off that counts, on {} of {}.",
        format::integer(open),
        format::count(
            checks,
            "check of regulated items",
            "checks of regulated items"
        ),
        format::integer(open_items.len()),
        format::count(items.len(), "item", "items"),
    ))
}

/// Returns whether a sign-off is missing, or nobody knows.
fn is_open(signoffs: &Rows, row: usize) -> Result<bool> {
    let verdict = signoffs.text("verdict", row)?;
    Ok(matches!(verdict, Some("fail" | "unknown")))
}

fn regulation_table(rows: &Rows) -> Result<DataTable> {
    let mut cells = Vec::new();
    for row in rows.indices() {
        let mut line = vec![Cell::maybe(rows.text("regulation", row)?)];
        for column in [
            "item_count",
            "unplanned_count",
            "check_count",
            "pass_count",
            "waived_count",
            "unknown_count",
            "fail_count",
        ] {
            let count = rows.integer(column, row)?.unwrap_or(0);
            let is_listed =
                count > 0 && ["waived_count", "unknown_count", "fail_count"].contains(&column);
            let list = is_listed.then(|| "#compliance-2".to_owned());
            line.push(Cell::integer(count).within_if(list));
        }
        cells.push(line);
    }
    Ok(DataTable::new(
        "Sign-offs by regulation",
        &[
            "Regulation",
            "#Items",
            "#In no release",
            "#Checks",
            "#Passed",
            "#Waived",
            "#Unknown",
            "#Failed",
        ],
        cells,
        MOST_ROWS,
    ))
}

/// What did not simply pass, one row a check, so that the rows of a regulation are its
/// counts.
fn missing_signoffs(signoffs: &Rows) -> Result<DataTable> {
    let mut rows = Vec::new();
    for row in signoffs.indices() {
        if signoffs.text("verdict", row)? == Some("pass") {
            continue;
        }
        let due = signoffs.instant("due_at", row)?;
        rows.push((
            due,
            vec![
                Cell::maybe(signoffs.text("item_id", row)?),
                Cell::maybe(signoffs.text("regulation", row)?),
                Cell::maybe(signoffs.text("verdict", row)?),
                Cell::maybe(signoffs.text("reason", row)?),
                Cell::maybe(signoffs.text("release_id", row)?),
                Cell::maybe(signoffs.text("team", row)?),
            ],
        ));
    }
    rows.sort_by_key(|(due, _)| std::cmp::Reverse(*due));
    Ok(DataTable::new(
        "Regulated items without all sign-offs of a regulation, the latest release first",
        &["Item", "Regulation", "Verdict", "Why", "Release", "Team"],
        rows.into_iter().map(|(_, cells)| cells).collect(),
        MOST_ROWS,
    ))
}

/// One audit sheet per regulated system.
pub(super) fn audits(marts: &Marts, zone: Tz) -> Result<Part> {
    let rows = marts.rows("configuration_audits")?;
    let (mut cells, mut overdue) = (Vec::new(), 0);
    for row in rows.indices() {
        let text = |column| -> Result<Cell> { Ok(Cell::maybe(rows.text(column, row)?)) };
        let count = |column| -> Result<Cell> {
            Ok(match rows.integer(column, row)? {
                Some(count) => Cell::integer(count),
                None => Cell::maybe(None),
            })
        };
        let is_overdue = rows.boolean("is_overdue", row)? == Some(true);
        overdue += usize::from(is_overdue);
        let regulated = match rows.boolean("is_regulated", row)? {
            Some(true) => None,
            _ => Some("perhaps regulated"),
        };
        let at = rows.instant("audited_at", row)?;
        let at = at.map(|at| format::date(at.with_timezone(&zone).date_naive()));
        cells.push(vec![
            text("system")?.noted(regulated),
            text("team")?,
            text("audit_result")?.noted(is_overdue.then_some("overdue")),
            Cell::maybe(at.as_deref()),
            count("ci_count")?,
            count("uncontrolled_count")?,
            count("bare_count")?,
            count("deployment_count")?,
            count("undocumented_count")?,
        ]);
    }
    let finding = match (marts.missing(&["config_items"]), cells.len()) {
        (Some(missing), _) => missing,
        (None, 0) => "No system is regulated.".to_owned(),
        (None, all) => format!(
            "{} of {} not audited in time.",
            format::integer(overdue),
            format::count(all, "regulated system is", "regulated systems are")
        ),
    };
    Ok(Part {
        id: "audits",
        title: "Audit sheets",
        finding,
        about: "A sheet per regulated system: its last audit, what its configuration items lack, and what went to production since that audit, or ever where there was none.".to_owned(),
        figures: Vec::new(),
        tables: vec![DataTable::new(
            "Regulated systems",
            &[
                "System",
                "Owner",
                "Last audit",
                "On",
                "#CIs",
                "#Not version-controlled",
                "#Without a baseline",
                "#Deployments since",
                "#Without a known RFC",
            ],
            cells,
            MOST_ROWS,
        )],
        definitions: Part::defined_by(&["configuration_audits", "configuration_audit"]),
    })
}

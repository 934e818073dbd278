//! Sign-offs by regulation, and the audit sheets of regulated systems.

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
    let (mut cells, mut checks, mut failed) = (Vec::new(), 0, 0);
    for row in rows.indices() {
        let count = |column| -> Result<i64> { Ok(rows.integer(column, row)?.unwrap_or(0)) };
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
            line.push(Cell::integer(count(column)?));
        }
        checks += count("check_count")?;
        failed += count("fail_count")? + count("unknown_count")?;
        cells.push(line);
    }
    let finding = match (marts.missing(&["items", "approvals"]), rows.is_empty()) {
        (Some(missing), _) => missing,
        (None, true) => "No item names a regulation.".to_owned(),
        (None, false) => format!(
            "{} of {} have no sign-off that counts.",
            format::integer(failed),
            format::count(
                checks,
                "check of regulated items",
                "checks of regulated items"
            )
        ),
    };
    Ok(Part {
        id: "compliance",
        title: "Sign-offs by regulation",
        finding,
        about: "A regulated item needs the sign-offs of each of its regulations before its release ships; [gates.regulatory_signoff] says which. An item under two regulations counts under each.".to_owned(),
        figures: Vec::new(),
        tables: vec![
            DataTable::new(
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
            ),
            missing_signoffs(&marts.rows("gate_results")?)?,
        ],
        definitions: Part::defined_by(&["compliance_by_regulation", "regulatory_signoff"]),
    })
}

fn missing_signoffs(results: &Rows) -> Result<DataTable> {
    let mut rows = Vec::new();
    for row in results.indices() {
        let is_signoff = results.text("gate", row)? == Some("regulatory_signoff");
        if !is_signoff || results.text("verdict", row)? == Some("pass") {
            continue;
        }
        let due = results.instant("due_at", row)?;
        rows.push((
            due,
            vec![
                Cell::maybe(results.text("subject_id", row)?),
                Cell::maybe(results.text("verdict", row)?),
                Cell::maybe(results.text("reason", row)?),
                Cell::maybe(results.text("release_id", row)?),
                Cell::maybe(results.text("team", row)?),
            ],
        ));
    }
    rows.sort_by_key(|(due, _)| std::cmp::Reverse(*due));
    Ok(DataTable::new(
        "Regulated items without all sign-offs, the latest release first",
        &["Item", "Verdict", "Why", "Release", "Team"],
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

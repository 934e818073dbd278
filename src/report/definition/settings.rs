//! The settings that a definition depends on, as they were in the last run: read from
//! what the run wrote beside its marts, not from the configuration of today.

use std::collections::BTreeSet;

use serde::Serialize;

use super::super::marts::Marts;
use crate::error::Result;

/// A setting and its value.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub struct Setting {
    /// The table that holds it, and its column.
    pub name: String,
    /// Its value, in words.
    pub value: String,
}

/// Returns the settings of those of `tables` that are settings.
pub(super) fn settings_in_force(marts: &Marts, tables: &BTreeSet<&str>) -> Result<Vec<Setting>> {
    let mut settings = Vec::new();
    for table in [
        "params",
        "planning_limits",
        "forecast_settings",
        "rule_limits",
        "feedback_limits",
    ] {
        if !tables.contains(table) {
            continue;
        }
        let values = marts.settings(table)?;
        for column in values.columns() {
            settings.push(Setting {
                value: values.words(&column, 0)?.unwrap_or_default(),
                name: format!("{table}.{column}"),
            });
        }
    }
    if tables.contains("scoring") {
        settings.push(scoring(marts)?);
    }
    if tables.contains("severity_weights") {
        settings.push(severities(marts)?);
    }
    if tables.contains("workflow") {
        settings.extend(stages(marts)?);
    }
    if tables.contains("production_environments") {
        let environments = marts.settings("production_environments")?;
        let mut names = Vec::new();
        for row in environments.indices() {
            names.extend(environments.text("environment", row)?);
        }
        settings.push(Setting {
            name: "production_environments".to_owned(),
            value: names.join(", "),
        });
    }
    if tables.contains("calendar") {
        settings.extend(calendar(marts)?);
    }
    Ok(settings)
}

/// The formula of scores, its weights, and what they are divided by.
fn scoring(marts: &Marts) -> Result<Setting> {
    let parts = marts.settings("scoring")?;
    let mut words = Vec::new();
    for row in parts.indices() {
        if row == 0 {
            words.push(parts.owned_text("preset", row)?);
            let size = parts.text("size", row)?.unwrap_or_default();
            words.push(format!("divided by {size}"));
        }
        let part = parts.text("part", row)?.unwrap_or_default();
        let weight = parts.words("weight", row)?.unwrap_or_default();
        words.push(format!("{part} {weight}"));
    }
    Ok(Setting {
        name: "scoring".to_owned(),
        value: words.join(", "),
    })
}

/// What an hour of an incident weighs, by severity.
fn severities(marts: &Marts) -> Result<Setting> {
    let weights = marts.settings("severity_weights")?;
    let mut words = Vec::new();
    for row in weights.indices() {
        let severity = weights.words("severity", row)?;
        let severity = severity.as_deref().unwrap_or("unknown");
        let weight = weights.words("weight", row)?.unwrap_or_default();
        words.push(format!("{severity}: {weight}"));
    }
    Ok(Setting {
        name: "severity_weights".to_owned(),
        value: words.join(", "),
    })
}

/// Each stage with its kind and the statuses that mean it, in the order of the work.
fn stages(marts: &Marts) -> Result<Vec<Setting>> {
    let workflow = marts.settings("workflow")?;
    let mut stages: Vec<Setting> = Vec::new();
    for row in workflow.indices() {
        let status = workflow.text("status", row)?.unwrap_or_default();
        let stage = workflow.text("stage", row)?.unwrap_or_default();
        let name = format!("workflow: {stage}");
        if let Some(last) = stages.last_mut().filter(|last| last.name == name) {
            last.value = format!("{}, {status}", last.value);
            continue;
        }
        let kind = workflow.text("kind", row)?.unwrap_or_default();
        let commits = match workflow.boolean("is_commitment", row)? {
            Some(true) => ", commitment",
            _ => "",
        };
        stages.push(Setting {
            name,
            value: format!("{kind}{commits}; statuses {status}"),
        });
    }
    Ok(stages)
}

/// From which day to which the calendar reaches, and how many days are worked.
fn calendar(marts: &Marts) -> Result<Option<Setting>> {
    let days = marts.settings("calendar")?;
    let Some(last) = days.len().checked_sub(1) else {
        return Ok(None);
    };
    let mut worked = 0;
    for row in days.indices() {
        worked += usize::from(days.boolean("is_working_day", row)?.unwrap_or(false));
    }
    let day = |row| -> Result<String> { Ok(days.words("day", row)?.unwrap_or_default()) };
    Ok(Some(Setting {
        name: "calendar".to_owned(),
        value: format!("{} to {}, {worked} days worked", day(0)?, day(last)?),
    }))
}

//! Reads the releases from the marts, each mart once.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::model::{
    Counts, Deployment, Effort, Event, Item, Move, Release, Scope, Span, Stage, State, Time,
};
use crate::error::Result;
use crate::lake::Rows;
use crate::report::escape::is_invisible;
use crate::report::marts::Marts;

/// Returns all releases, the latest first: by the day they went out or are planned
/// to, those without a date last.
pub(super) fn load_releases(marts: &Marts) -> Result<Vec<Release>> {
    let summary = marts.rows("release_summary")?;
    let scope = marts.rows("scope_volatility")?;
    let mut scope_rows = BTreeMap::new();
    for row in scope.indices() {
        scope_rows.insert(scope.owned_text("release_id", row)?, row);
    }
    let mut parts = Parts::load(marts)?;
    let mut releases = Vec::new();
    for row in summary.indices() {
        let id = summary.owned_text("release_id", row)?;
        let Some(scope_row) = scope_rows.get(&id) else {
            continue;
        };
        let mut release = read_release(&summary, row, &scope, *scope_row)?;
        parts.give(&mut release);
        releases.push(release);
    }
    let date = |release: &Release| release.released_at.or(release.planned_at);
    releases.sort_by(|a, b| date(b).cmp(&date(a)).then_with(|| a.id.cmp(&b.id)));
    Ok(releases)
}

/// The rows behind the releases' figures, by release.
struct Parts {
    items: BTreeMap<String, Vec<Item>>,
    moves: BTreeMap<String, Vec<Move>>,
    deployments: BTreeMap<String, Vec<Deployment>>,
    events: BTreeMap<String, Vec<Event>>,
    stages: BTreeMap<String, Vec<Stage>>,
    spans: BTreeMap<String, Vec<Span>>,
}

impl Parts {
    fn load(marts: &Marts) -> Result<Self> {
        let mut parts = Self {
            items: grouped(&marts.rows("release_items")?, "release_id", read_item)?,
            moves: grouped(&marts.rows("release_scope_moves")?, "release_id", read_move)?,
            deployments: grouped(&marts.rows("success_rate")?, "release_id", read_deployment)?,
            events: grouped(&marts.rows("release_incidents")?, "release_id", read_event)?,
            stages: grouped(
                &marts.rows("release_stage_times")?,
                "release_id",
                read_stage,
            )?,
            spans: grouped(&marts.rows("release_item_spans")?, "item_id", read_span)?,
        };
        for moves in parts.moves.values_mut() {
            moves.sort_by_key(|one| one.changed_at);
        }
        for deployments in parts.deployments.values_mut() {
            deployments.sort_by_key(|deployment| deployment.finished_at);
        }
        for events in parts.events.values_mut() {
            events.sort_by_key(|event| event.happened_at);
        }
        Ok(parts)
    }

    fn give(&mut self, release: &mut Release) {
        let id = &release.id;
        release.items = self.items.remove(id).unwrap_or_default();
        release.moves = self.moves.remove(id).unwrap_or_default();
        release.deployments = self.deployments.remove(id).unwrap_or_default();
        release.events = self.events.remove(id).unwrap_or_default();
        release.stages = self.stages.remove(id).unwrap_or_default();
        for item in release.items.iter_mut().filter(|item| item.is_in_at_end) {
            item.spans = self.spans.get(&item.id).cloned().unwrap_or_default();
        }
    }
}

/// Returns the rows of a mart by the text of a column; rows without it are left out.
fn grouped<T>(
    rows: &Rows,
    column: &str,
    read: fn(&Rows, usize) -> Result<T>,
) -> Result<BTreeMap<String, Vec<T>>> {
    let mut groups: BTreeMap<String, Vec<T>> = BTreeMap::new();
    for row in rows.indices() {
        let Some(group) = rows.text(column, row)? else {
            continue;
        };
        let entry = read(rows, row)?;
        match groups.get_mut(group) {
            Some(entries) => entries.push(entry),
            None => {
                groups.insert(group.to_owned(), vec![entry]);
            }
        }
    }
    Ok(groups)
}

fn count(rows: &Rows, column: &str, row: usize) -> Result<u64> {
    let count = rows.integer(column, row)?.unwrap_or(0);
    Ok(u64::try_from(count).unwrap_or(0))
}

fn flag(rows: &Rows, column: &str, row: usize) -> Result<bool> {
    Ok(rows.boolean(column, row)?.unwrap_or(false))
}

fn instant(rows: &Rows, column: &str, row: usize) -> Result<DateTime<Utc>> {
    Ok(rows.instant(column, row)?.unwrap_or_default())
}

fn read_release(rows: &Rows, row: usize, scope: &Rows, scope_row: usize) -> Result<Release> {
    let id = rows.owned_text("release_id", row)?;
    let name = rows.owned_text("release_name", row)?;
    let is_named = !is_invisible(&name);
    Ok(Release {
        name: if is_named { name } else { id.clone() },
        id,
        version: rows.maybe_owned_text("version", row)?,
        system: rows.maybe_owned_text("system", row)?,
        criticality: rows.maybe_owned_text("criticality", row)?,
        summary: rows.maybe_owned_text("summary", row)?,
        state: State::of(rows.text("state", row)?.unwrap_or_default()),
        planned_at: scope.instant("planned_at", scope_row)?,
        baseline_at: scope.instant("baseline_at", scope_row)?,
        baseline_basis: scope.maybe_owned_text("baseline_basis", scope_row)?,
        freeze_at: scope.instant("freeze_at", scope_row)?,
        released_at: scope.instant("released_at", scope_row)?,
        slip_days: rows.number("slip_days", row)?,
        scope: read_scope(scope, scope_row)?,
        counts: read_counts(rows, row)?,
        time: Time {
            delivered_median_days: rows.number("delivered_days_median", row)?,
            age_median_days: rows.number("age_days_median", row)?,
            active_days: rows.number("active_days", row)?,
            waiting_days: rows.number("waiting_days", row)?,
            blocked_days: rows.number("blocked_days", row)?,
        },
        effort: Effort {
            estimate_hours: rows.number("estimate_hours", row)?,
            actual_hours: rows.number("actual_hours", row)?,
            ratio: rows.number("effort_ratio", row)?,
        },
        items: Vec::new(),
        moves: Vec::new(),
        deployments: Vec::new(),
        events: Vec::new(),
        stages: Vec::new(),
    })
}

fn read_scope(rows: &Rows, row: usize) -> Result<Scope> {
    Ok(Scope {
        planned: count(rows, "planned_count", row)?,
        added: count(rows, "added_count", row)?,
        removed: count(rows, "removed_count", row)?,
        readded: count(rows, "readded_count", row)?,
        after_freeze: count(rows, "after_freeze_count", row)?,
        changes: count(rows, "change_count", row)?,
        delivered: count(rows, "delivered_count", row)?,
        gross_ratio: rows.number("gross_ratio", row)?,
        net_ratio: rows.number("net_ratio", row)?,
        churn_ratio: rows.number("resize_churn_ratio", row)?,
        exclusion: rows.maybe_owned_text("exclusion", row)?,
    })
}

fn read_counts(rows: &Rows, row: usize) -> Result<Counts> {
    Ok(Counts {
        deployments: count(rows, "deployment_count", row)?,
        judged: count(rows, "judged_count", row)?,
        failed: count(rows, "failed_count", row)?,
        failed_explicit: count(rows, "failed_explicit_count", row)?,
        provisional: count(rows, "provisional_count", row)?,
        incidents: count(rows, "incident_count", row)?,
        repairs: count(rows, "repair_count", row)?,
        items: count(rows, "item_count", row)?,
        at_end: count(rows, "end_count", row)?,
        delivered_at_end: count(rows, "end_delivered_count", row)?,
        deployed_only: count(rows, "deployed_only_count", row)?,
        unknown_items: count(rows, "unknown_item_count", row)?,
        timed: count(rows, "timed_count", row)?,
        timed_delivered: count(rows, "timed_delivered_count", row)?,
        divided: count(rows, "divided_count", row)?,
        compared: count(rows, "compared_count", row)?,
    })
}

fn read_item(rows: &Rows, row: usize) -> Result<Item> {
    let incidents = rows.integer("incident_count", row)?;
    Ok(Item {
        id: rows.owned_text("item_id", row)?,
        title: rows.maybe_owned_text("title", row)?,
        team: rows.maybe_owned_text("team", row)?,
        item_type: rows.maybe_owned_text("item_type", row)?,
        source_url: rows.maybe_owned_text("source_url", row)?,
        scope_part: rows.owned_text("scope_part", row)?,
        cycle_exclusion: rows.maybe_owned_text("cycle_exclusion", row)?,
        estimate_exclusion: rows.maybe_owned_text("estimate_exclusion", row)?,
        added: count(rows, "added_count", row)?,
        removed: count(rows, "removed_count", row)?,
        after_freeze: count(rows, "after_freeze_count", row)?,
        incidents: incidents.and_then(|count| u64::try_from(count).ok()),
        cycle_days: rows.number("cycle_days", row)?,
        active_days: rows.number("cycle_active_days", row)?,
        waiting_days: rows.number("cycle_waiting_days", row)?,
        blocked_days: rows.number("cycle_blocked_days", row)?,
        estimate_hours: rows.number("estimate_hours", row)?,
        actual_hours: rows.number("actual_hours", row)?,
        is_planned: flag(rows, "is_planned", row)?,
        is_in_at_end: flag(rows, "is_in_at_end", row)?,
        is_delivered: flag(rows, "is_delivered", row)?,
        is_planned_delivery: flag(rows, "is_planned_delivery", row)?,
        committed_at: rows.instant("committed_at", row)?,
        delivered_at: rows.instant("delivered_at", row)?,
        spans: Vec::new(),
    })
}

fn read_span(rows: &Rows, row: usize) -> Result<Span> {
    Ok(Span {
        activity: rows.maybe_owned_text("activity", row)?,
        stage: rows.maybe_owned_text("stage", row)?,
        stage_position: rows.integer("stage_position", row)?,
        started_at: instant(rows, "started_at", row)?,
        ended_at: instant(rows, "ended_at", row)?,
    })
}

fn read_move(rows: &Rows, row: usize) -> Result<Move> {
    Ok(Move {
        item_id: rows.owned_text("item_id", row)?,
        is_addition: rows.text("action", row)? == Some("added"),
        reason: rows.maybe_owned_text("reason", row)?,
        approval_id: rows.maybe_owned_text("approval_id", row)?,
        is_emergency: rows.boolean("is_emergency", row)?,
        is_counted: flag(rows, "is_counted", row)?,
        is_readded: flag(rows, "is_readded", row)?,
        is_after_freeze: rows.boolean("is_after_freeze", row)?,
        changed_at: instant(rows, "changed_at", row)?,
    })
}

fn read_deployment(rows: &Rows, row: usize) -> Result<Deployment> {
    Ok(Deployment {
        id: rows.owned_text("deployment_id", row)?,
        system: rows.maybe_owned_text("system", row)?,
        result: rows.owned_text("result", row)?,
        finished_at: instant(rows, "finished_at", row)?,
        is_failed: rows.boolean("is_failed", row)?,
        is_failed_explicit: rows.boolean("is_failed_explicit", row)?,
        is_provisional: flag(rows, "is_window_open", row)?,
        causes: crate::report::figures::failure_causes(rows, row)?,
        incidents: count(rows, "incident_count", row)?,
        recovery_hours: rows.number("recovery_hours", row)?,
    })
}

fn read_event(rows: &Rows, row: usize) -> Result<Event> {
    Ok(Event {
        deployment_id: rows.owned_text("deployment_id", row)?,
        kind: rows.owned_text("event_kind", row)?,
        id: rows.owned_text("event_id", row)?,
        method: rows.owned_text("method", row)?,
        summary: rows.maybe_owned_text("summary", row)?,
        answered_by: rows.maybe_owned_text("answered_by", row)?,
        severity: rows.integer("severity", row)?,
        confidence: rows.number("confidence", row)?,
        hours_after: rows.number("hours_after", row)?,
        is_counted: flag(rows, "is_counted", row)?,
        happened_at: instant(rows, "happened_at", row)?,
    })
}

fn read_stage(rows: &Rows, row: usize) -> Result<Stage> {
    Ok(Stage {
        name: rows.maybe_owned_text("stage", row)?,
        items: count(rows, "item_count", row)?,
        sent_back: count(rows, "sent_back_count", row)?,
        days: rows.number("days", row)?.unwrap_or(0.0),
        active_days: rows.number("active_days", row)?,
        waiting_days: rows.number("waiting_days", row)?,
        blocked_days: rows.number("blocked_days", row)?,
    })
}

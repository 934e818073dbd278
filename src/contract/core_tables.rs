//! The eight tables that the six core metrics need.

use super::ColumnType::{Boolean, Date, Float, Hours, Instant, Integer, List, Minutes, Text, Word};
use super::{Column, Table, optional, required};

pub(super) const TABLES: &[Table] = &[
    Table {
        name: "items",
        key: &["item_id"],
        columns: ITEMS,
    },
    Table {
        name: "item_events",
        key: &["item_id", "changed_at", "field", "old_value", "new_value"],
        columns: ITEM_EVENTS,
    },
    Table {
        name: "releases",
        key: &["release_id"],
        columns: RELEASES,
    },
    Table {
        name: "deployments",
        key: &["deployment_id"],
        columns: DEPLOYMENTS,
    },
    Table {
        name: "deployment_items",
        key: &["deployment_id", "item_id"],
        columns: DEPLOYMENT_ITEMS,
    },
    Table {
        name: "incidents",
        key: &["incident_id"],
        columns: INCIDENTS,
    },
    Table {
        name: "effort",
        key: &["item_id", "worked_on", "person", "activity"],
        columns: EFFORT,
    },
    Table {
        name: "pipeline_runs",
        key: &["run_id"],
        columns: PIPELINE_RUNS,
    },
];

const ITEMS: &[Column] = &[
    required("item_id", Text),
    optional("title", Text),
    optional(
        "item_type",
        Word(&[
            "feature",
            "defect",
            "hotfix",
            "infrastructure",
            "compliance",
            "debt",
        ]),
    ),
    optional("status", Text),
    optional("team", Text),
    optional("domain", Text),
    optional("system", Text),
    optional("components", List),
    optional("owner", Text),
    optional("business_owner", Text),
    optional("release_id", Text),
    optional("theme_id", Text),
    optional("investment_category", Text),
    optional("priority", Float),
    optional("business_value", Float),
    optional("risk_exposure", Float),
    optional("regulatory_impact", Float),
    optional("time_criticality", Float),
    optional("estimate_hours", Hours),
    optional("story_points", Float),
    optional("created_at", Instant),
    optional("updated_at", Instant),
    optional("refined_at", Instant),
    optional("committed_at", Instant),
    optional("resolved_at", Instant),
    optional("feasibility", Word(&["feasible", "infeasible", "unknown"])),
    optional("constraints", Text),
    optional(
        "data_sensitivity",
        Word(&["none", "internal", "personal", "special"]),
    ),
    optional("user_impact", Word(&["low", "medium", "high"])),
    optional("regulatory_scope", List),
    optional("touches", List),
    optional("customer_facing", Boolean),
    optional("public_note", Text),
    optional("known_limitations", Text),
    optional("rollback_criteria", Text),
    optional("success_indicator", Text),
    optional("failure_threshold", Text),
    optional("downtime_minutes", Minutes),
    optional("source_url", Text),
];

const ITEM_EVENTS: &[Column] = &[
    required("item_id", Text),
    required("changed_at", Instant),
    required("field", Text),
    optional("old_value", Text),
    optional("new_value", Text),
    optional("actor", Text),
    optional("reason", Text),
    optional("approval_id", Text),
];

const RELEASES: &[Column] = &[
    required("release_id", Text),
    required("name", Text),
    optional("version", Text),
    optional("system", Text),
    optional("criticality", Word(&["low", "medium", "high", "critical"])),
    optional("planned_at", Instant),
    optional("freeze_at", Instant),
    optional("released_at", Instant),
    optional(
        "status",
        Word(&["planned", "in_progress", "released", "cancelled"]),
    ),
    optional("is_public", Boolean),
    optional("summary", Text),
];

const DEPLOYMENTS: &[Column] = &[
    required("deployment_id", Text),
    optional("release_id", Text),
    optional("system", Text),
    required("environment", Text),
    optional("started_at", Instant),
    required("finished_at", Instant),
    required(
        "result",
        Word(&["success", "failure", "rolled_back", "cancelled"]),
    ),
    optional("rollback_of", Text),
    optional("hotfix_of", Text),
    optional("pipeline_run_id", Text),
    optional("change_id", Text),
    optional("baseline_id", Text),
    optional("commit_sha", Text),
    optional(
        "strategy",
        Word(&["canary", "blue_green", "rolling", "all_at_once"]),
    ),
    optional("traffic_percent", Float),
];

const DEPLOYMENT_ITEMS: &[Column] = &[required("deployment_id", Text), required("item_id", Text)];

const INCIDENTS: &[Column] = &[
    required("incident_id", Text),
    required("opened_at", Instant),
    optional("detected_at", Instant),
    optional("resolved_at", Instant),
    optional("severity", Integer),
    optional("system", Text),
    optional("ci_id", Text),
    optional("kind", Word(&["incident", "problem", "user_report"])),
    optional("category", Text),
    optional("summary", Text),
    optional("deployment_id", Text),
    optional("change_id", Text),
    optional("item_id", Text),
];

const EFFORT: &[Column] = &[
    required("item_id", Text),
    required("hours", Hours),
    optional("worked_on", Date),
    optional("person", Text),
    optional("team", Text),
    optional("activity", Text),
];

const PIPELINE_RUNS: &[Column] = &[
    required("run_id", Text),
    required("pipeline", Text),
    required("stage", Text),
    optional("team", Text),
    optional("item_id", Text),
    optional("release_id", Text),
    optional("environment", Text),
    optional("commit_sha", Text),
    optional("queued_at", Instant),
    required("started_at", Instant),
    optional("finished_at", Instant),
    required(
        "result",
        Word(&["success", "failure", "cancelled", "running"]),
    ),
    optional("attempt", Integer),
];

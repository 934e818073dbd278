//! The tables of which each switches on the reports that need it.

use super::ColumnType::{Boolean, Date, Float, Hours, Instant, Integer, Text, Word};
use super::{Column, Table, optional, required};

pub(super) const TABLES: &[Table] = &[
    Table {
        name: "scope_changes",
        key: &["release_id", "item_id", "changed_at"],
        columns: SCOPE_CHANGES,
    },
    Table {
        name: "dependencies",
        key: &["item_id", "depends_on"],
        columns: DEPENDENCIES,
    },
    Table {
        name: "approvals",
        key: &["approval_id"],
        columns: APPROVALS,
    },
    Table {
        name: "changes",
        key: &["change_id"],
        columns: CHANGES,
    },
    Table {
        name: "config_items",
        key: &["ci_id"],
        columns: CONFIG_ITEMS,
    },
    Table {
        name: "ci_relations",
        key: &["parent_ci_id", "child_ci_id", "relation"],
        columns: CI_RELATIONS,
    },
    Table {
        name: "environment_windows",
        key: &["environment", "starts_at", "kind"],
        columns: ENVIRONMENT_WINDOWS,
    },
    Table {
        name: "evidence",
        key: &["evidence_id"],
        columns: EVIDENCE,
    },
    Table {
        name: "risks",
        key: &["risk_id"],
        columns: RISKS,
    },
    Table {
        name: "themes",
        key: &["theme_id"],
        columns: THEMES,
    },
    Table {
        name: "portfolio",
        key: &["quarter", "investment_category", "team"],
        columns: PORTFOLIO,
    },
    Table {
        name: "commitments",
        key: &["commitment_id"],
        columns: COMMITMENTS,
    },
    Table {
        name: "decisions",
        key: &["decision_id"],
        columns: DECISIONS,
    },
    Table {
        name: "feedback",
        key: &["feedback_id"],
        columns: FEEDBACK,
    },
];

const SCOPE_CHANGES: &[Column] = &[
    required("release_id", Text),
    required("item_id", Text),
    required("changed_at", Instant),
    required("action", Word(&["added", "removed"])),
    optional("reason", Text),
    optional("approval_id", Text),
    optional("is_emergency", Boolean),
];

const DEPENDENCIES: &[Column] = &[
    required("item_id", Text),
    required("depends_on", Text),
    required(
        "kind",
        Word(&["item", "service", "data_platform", "vendor"]),
    ),
    optional("upstream_team", Text),
    optional("raised_at", Instant),
    optional("needed_at", Instant),
    optional("resolved_at", Instant),
];

const APPROVALS: &[Column] = &[
    required("approval_id", Text),
    required(
        "subject_type",
        Word(&["item", "release", "change", "deployment"]),
    ),
    required("subject_id", Text),
    required("kind", Text),
    required("decision", Word(&["approved", "rejected", "pending"])),
    optional("requested_at", Instant),
    optional("decided_by", Text),
    optional("decided_at", Instant),
    optional("rationale", Text),
    optional("conditions", Text),
    optional("gate", Text),
    optional("evidence_url", Text),
];

const CHANGES: &[Column] = &[
    required("change_id", Text),
    optional("release_id", Text),
    required("state", Text),
    optional("risk", Word(&["low", "medium", "high"])),
    optional(
        "implementation_plan",
        Word(&["missing", "draft", "approved"]),
    ),
    optional("backout_plan", Word(&["missing", "draft", "approved"])),
    optional("window_start_at", Instant),
    optional("window_end_at", Instant),
    optional("requested_at", Instant),
    optional("approved_at", Instant),
    optional("closed_at", Instant),
];

const CONFIG_ITEMS: &[Column] = &[
    required("ci_id", Text),
    required("name", Text),
    optional("ci_class", Text),
    optional("system", Text),
    optional("environment", Text),
    optional("owner_team", Text),
    optional("is_regulated", Boolean),
    optional("version", Text),
    optional("baseline_id", Text),
    optional("is_version_controlled", Boolean),
];

const CI_RELATIONS: &[Column] = &[
    required("parent_ci_id", Text),
    required("child_ci_id", Text),
    required("relation", Text),
];

const ENVIRONMENT_WINDOWS: &[Column] = &[
    required("environment", Text),
    required("kind", Word(&["available", "booked", "outage"])),
    optional("release_id", Text),
    required("starts_at", Instant),
    required("ends_at", Instant),
];

const EVIDENCE: &[Column] = &[
    required("evidence_id", Text),
    required("subject_type", Text),
    required("subject_id", Text),
    required("kind", Text),
    optional("environment", Text),
    optional("value", Float),
    optional("threshold", Float),
    required("result", Word(&["pass", "fail"])),
    required("checked_at", Instant),
    optional("evidence_url", Text),
];

const RISKS: &[Column] = &[
    required("risk_id", Text),
    optional("item_id", Text),
    optional("release_id", Text),
    required("description", Text),
    optional("likelihood", Integer),
    optional("impact", Integer),
    optional("vulnerability", Text),
    optional("mitigation", Text),
    optional("owner", Text),
    required(
        "status",
        Word(&["open", "mitigating", "accepted", "closed"]),
    ),
    optional("due_on", Date),
    optional("raised_at", Instant),
];

const THEMES: &[Column] = &[
    required("theme_id", Text),
    required("name", Text),
    required("quarter", Text),
    optional("goal", Text),
    optional("driver", Text),
    optional("owner", Text),
    optional("target_share", Float),
];

const PORTFOLIO: &[Column] = &[
    required("quarter", Text),
    required("investment_category", Text),
    optional("team", Text),
    optional("target_hours", Hours),
    optional("target_share", Float),
];

const COMMITMENTS: &[Column] = &[
    required("commitment_id", Text),
    required("customer", Text),
    optional("item_id", Text),
    optional("release_id", Text),
    required("due_on", Date),
    optional("clause", Text),
    optional("account_manager", Text),
    optional("legal_contact", Text),
];

const DECISIONS: &[Column] = &[
    required("decision_id", Text),
    required(
        "kind",
        Word(&["deferral", "acceleration", "exception", "trade_off"]),
    ),
    optional("item_id", Text),
    optional("release_id", Text),
    required("decided_at", Instant),
    optional("decided_by", Text),
    optional("rationale", Text),
    optional("alternatives", Text),
    optional("gate", Text),
];

const FEEDBACK: &[Column] = &[
    required("feedback_id", Text),
    required("given_at", Instant),
    optional("release_id", Text),
    optional("item_id", Text),
    optional("audience", Text),
    optional("score", Integer),
    optional("comment", Text),
];

//! What the rows of each measure's list are called, and how they count.

use crate::report::format;

/// The words of a measure's list.
pub(super) struct Wording {
    pub(super) subject: &'static str,
    pub(super) one: &'static str,
    pub(super) many: &'static str,
    pub(super) when: &'static str,
    pub(super) value: &'static str,
    pub(super) write: fn(f64) -> String,
    pub(super) counted: &'static str,
    pub(super) other: &'static str,
    pub(super) provisional: &'static str,
    pub(super) is_share: bool,
}

impl Wording {
    pub(super) fn of(measure: &str) -> Self {
        let plain = |subject, one, many, when| Self {
            subject,
            one,
            many,
            when,
            value: "#Value",
            write: format::number,
            counted: "counted",
            other: "not counted",
            provisional: "provisional",
            is_share: false,
        };
        let item = || plain("Item", "item", "items", "Delivered");
        let deployment = || plain("Deployment", "deployment", "deployments", "Finished");
        match measure {
            "cycle_time_p85" => Self {
                value: "#Days",
                ..item()
            },
            "items_delivered" => item(),
            "estimation_error" => Self {
                value: "#Error",
                write: format::percent,
                ..item()
            },
            "aging_past_p85" => Self {
                when: "As of",
                value: "#Age, days",
                write: format::whole_days,
                counted: "past the 85% pace",
                other: "within the 85% pace",
                is_share: true,
                ..item()
            },
            "deployment_days" => plain("Day", "day", "days", "First deployment"),
            "success_rate" => Self {
                counted: "succeeded",
                other: "failed",
                is_share: true,
                ..deployment()
            },
            "rework_rate" => Self {
                counted: "rework",
                other: "no rework",
                is_share: true,
                ..deployment()
            },
            "recovery_hours" => Self {
                value: "#Hours",
                other: "no restoration recorded",
                provisional: "not restored yet",
                ..deployment()
            },
            "scope_after_freeze" => Self {
                one: "change",
                many: "changes",
                when: "Changed",
                counted: "after the freeze",
                other: "before the freeze",
                is_share: true,
                ..item()
            },
            "pipeline_failure_rate" => Self {
                counted: "failed",
                other: "succeeded",
                is_share: true,
                ..plain("Run", "completed run", "completed runs", "Started")
            },
            _ => deployment(),
        }
    }
}

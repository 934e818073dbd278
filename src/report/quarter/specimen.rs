//! The quarter's pages made up of placeholders, to try templates on.

use chrono::NaiveDate;

use super::decisions::{Decision, Decisions};
use super::measures::QuarterMeasure;
use super::{Head, Quarter, QuarterPage};
use crate::report::gates::QuarterGates;
use crate::report::measures::DEFINITIONS;
use crate::report::page::{Link, Tag};
use crate::report::specimen::{figure, list, table, text};

/// What every page of a quarter has.
pub(super) fn head() -> Head {
    Head {
        schema_version: 1,
        contract_version: 1,
        engine_version: "0.0.0",
        project: text(),
        quarter: Quarter::of(NaiveDate::default()),
        time_zone: text(),
        as_of: text(),
        as_of_text: text(),
        snapshot: text(),
    }
}

/// The quarter's page, full or bare.
pub(in crate::report) fn quarter(is_full: bool) -> QuarterPage {
    let link = || Link {
        href: "#content".to_owned(),
        text: text(),
    };
    QuarterPage {
        head: head(),
        previous: is_full.then(link),
        next: is_full.then(link),
        answer: list(is_full, text),
        banner: text(),
        is_warning: is_full,
        decisions: Decisions {
            shown: list(is_full, || Decision {
                by: NaiveDate::default(),
                tag: Tag::new("none", text()),
                text: text(),
                evidence: link(),
            }),
            more: is_full.then(text),
            beyond: Vec::new(),
        },
        rule: text(),
        remarks: list(is_full, text),
        forecasts: is_full.then(text),
        gates: is_full.then(|| QuarterGates {
            shipped: text(),
            waived: text(),
            waived_anchor: Some("specimen".to_owned()),
        }),
        measures: list(is_full, measure),
        last_label: text(),
        year_label: text(),
        definition_links: [("fig-specimen".to_owned(), list(is_full, link))].into(),
        figures: vec![figure(is_full)],
        capacity: table(is_full),
        capacity_empty: text(),
        contracts: table(is_full),
        contracts_empty: text(),
    }
}

pub(super) fn measure() -> QuarterMeasure {
    QuarterMeasure {
        measure: "success_rate",
        mart: "success_rate",
        label: text(),
        now_rows: "#content".to_owned(),
        last_quarter_rows: "#content".to_owned(),
        year_ago_rows: "#content".to_owned(),
        now: text(),
        last_quarter: text(),
        year_ago: text(),
        now_basis: text(),
        last_quarter_basis: text(),
        year_ago_basis: text(),
        now_at_most: None,
        now_is_few: true,
        last_quarter_is_few: true,
        year_ago_is_few: false,
        interval: Some((0.0, 1.0)),
        interval_text: text(),
        is_grey: true,
        variation: Tag::new("none", text()),
        variation_note: text(),
        is_signal: true,
        is_judged: true,
        target: Some(1.0),
        target_text: text(),
        assurance: text(),
        assurance_note: text(),
        is_failing: true,
        series: Vec::new(),
        definition: &DEFINITIONS[0],
    }
}

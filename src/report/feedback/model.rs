//! The patterns and their reports, as the parts of the page read them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::error::Result;
use crate::lake::Rows;
use crate::report::format;
use crate::report::marts::Marts;
use crate::report::page::{Cell, Tag};
use crate::statistics::{Verdict, compare_counts};

/// Below how many reports no trend is named.
const FEWEST: i64 = 5;

/// A recurring pattern.
pub(super) struct Pattern {
    pub(super) id: String,
    pub(super) rank: i64,
    pub(super) label: String,
    pub(super) example: Option<String>,
    pub(super) answer: String,
    pub(super) reports: i64,
    pub(super) incidents: i64,
    pub(super) problems: i64,
    pub(super) user_reports: i64,
    pub(super) feedback: i64,
    pub(super) open: i64,
    pub(super) weeks: i64,
    /// Reports of the last 13 weeks and of those before, where both are known.
    pub(super) recent: Option<(i64, i64)>,
    pub(super) outage_hours: Option<f64>,
    pub(super) pain: f64,
    pub(super) first_at: Option<DateTime<Utc>>,
    pub(super) last_at: Option<DateTime<Utc>>,
    /// Places of its reports in `reports`, in the order of their time.
    pub(super) members: Vec<usize>,
}

/// All patterns, the most painful first, and all reports.
pub(super) struct Patterns {
    pub(super) all: Vec<Pattern>,
    /// The mart `pattern_reports`.
    pub(super) reports: Rows,
    /// Places in `reports` of what is in no pattern, the latest first.
    pub(super) single: Vec<usize>,
}

impl Patterns {
    pub(super) fn load(marts: &Marts) -> Result<Self> {
        let reports = marts.rows("pattern_reports")?;
        let mut order: Vec<(Option<DateTime<Utc>>, usize)> = Vec::new();
        for row in reports.indices() {
            order.push((reports.instant("reported_at", row)?, row));
        }
        order.sort_unstable();
        let mut members: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut single = Vec::new();
        for (_, row) in order {
            match reports.text("pattern_id", row)? {
                Some(pattern) => members.entry(pattern.to_owned()).or_default().push(row),
                None => single.push(row),
            }
        }
        single.reverse();
        let rows = marts.rows("feedback_patterns")?;
        let mut all = Vec::new();
        for row in rows.indices() {
            let mut pattern = read_pattern(&rows, row)?;
            pattern.members = members.remove(&pattern.id).unwrap_or_default();
            all.push(pattern);
        }
        all.sort_by_key(|pattern| pattern.rank);
        Ok(Self {
            all,
            reports,
            single,
        })
    }
}

fn read_pattern(rows: &Rows, row: usize) -> Result<Pattern> {
    let count = |column| -> Result<i64> { Ok(rows.integer(column, row)?.unwrap_or(0)) };
    let recent = rows.integer("recent_count", row)?;
    Ok(Pattern {
        id: rows.owned_text("pattern_id", row)?,
        rank: count("pain_rank")?,
        label: rows.owned_text("label", row)?,
        example: rows.maybe_owned_text("example", row)?,
        answer: rows.owned_text("answer", row)?,
        reports: count("report_count")?,
        incidents: count("incident_count")?,
        problems: count("problem_count")?,
        user_reports: count("user_report_count")?,
        feedback: count("feedback_count")?,
        open: count("open_count")?,
        weeks: count("week_count")?,
        recent: recent.zip(rows.integer("earlier_count", row)?),
        outage_hours: rows.number("outage_hours", row)?,
        pain: rows.number("pain", row)?.unwrap_or(0.0),
        first_at: rows.instant("first_at", row)?,
        last_at: rows.instant("last_at", row)?,
        members: Vec::new(),
    })
}

impl Pattern {
    /// Returns the anchor of its row; the same in every run that knows its first report.
    pub(super) fn anchor(&self) -> String {
        crate::report::releases::anchor("pattern", &self.id)
    }

    /// Returns "5 incidents, 1 problem", of the kinds that it has.
    pub(super) fn kinds(&self) -> String {
        let kinds = [
            (self.incidents, "incident", "incidents"),
            (self.problems, "problem", "problems"),
            (self.user_reports, "user report", "user reports"),
            (self.feedback, "of feedback", "of feedback"),
        ];
        let kinds = kinds.into_iter().filter(|(count, ..)| *count > 0);
        let kinds = kinds.map(|(count, one, many)| format::count(count, one, many));
        kinds.collect::<Vec<_>>().join(", ")
    }

    /// Returns "12 after 5", with what may be said of the change.
    pub(super) fn trend(&self) -> Cell {
        let Some((recent, earlier)) = self.recent else {
            return Cell::maybe(None);
        };
        let before = format!("after {}", format::integer(earlier));
        let mut cell = Cell::integer(recent).noted(Some(&before));
        if recent + earlier < FEWEST {
            return cell;
        }
        let count = |count: i64| u64::try_from(count).unwrap_or(0);
        cell.tag = match compare_counts(count(earlier), count(recent)) {
            Some(Verdict::Higher) => Some(Tag::new("bad", "rising")),
            Some(Verdict::Lower) => Some(Tag::new("good", "falling")),
            Some(Verdict::NotDistinct) | None => None,
        };
        cell
    }
}

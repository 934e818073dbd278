//! A release's page of gates: the verdict, every gate, and what each looked at.

use serde::Serialize;

use super::model::{State, Verdict};
use super::tables::{Setting, anchor, finding_table, gate_table};
use crate::report::format;
use crate::report::page::{Cell, DataTable, Tag};
use crate::report::specimen;

/// What a release's page of gates has beside what all pages of a release have.
#[derive(Debug, Clone, Serialize)]
pub(in crate::report) struct GatePage {
    /// The verdict in words.
    pub(in crate::report) headline: String,
    /// The verdict as a tag.
    tag: Tag,
    /// When it shipped, or is due to.
    moment: String,
    gates: DataTable,
    /// What each gate looked at.
    sections: Vec<Findings>,
    /// The gates that had nothing to check, by title.
    idle: Vec<String>,
    /// The gates that are off.
    off: Vec<String>,
}

#[derive(Debug, Clone, Serialize)]
struct Findings {
    anchor: String,
    title: String,
    tag: Tag,
    /// What it guards and by which limits.
    about: String,
    rows: DataTable,
}

/// Builds the page.
pub(in crate::report) fn gate_page(
    verdict: &Verdict,
    off: &[String],
    zone: chrono_tz::Tz,
    as_of: chrono::DateTime<chrono::Utc>,
    item: &dyn Fn(&str) -> Option<String>,
) -> GatePage {
    let setting = Setting { zone, as_of, item };
    let (idle, busy): (Vec<_>, Vec<_>) = verdict
        .gates
        .iter()
        .partition(|gate| gate.state == State::NotApplicable);
    let moment = match (verdict.shipped_at, verdict.ship_due_at) {
        (None, _) if verdict.is_cancelled => "cancelled".to_owned(),
        (Some(at), _) => format!("first production start {}", format::instant(at, zone)),
        (None, Some(at)) if at <= as_of => "not shipped, and past its planned date".to_owned(),
        (None, Some(at)) => format!("due {}", format::instant(at, zone)),
        (None, None) => "without a planned date".to_owned(),
    };
    let sections = busy.iter().map(|gate| {
        let limits = gate.limits.as_ref().map(|limits| format!(" {limits}."));
        Findings {
            anchor: anchor(gate),
            title: gate.title.clone(),
            tag: tag(gate.state, &gate.state.words(gate.due_at, as_of)),
            about: format!("Guards {}.{}", gate.guards, limits.unwrap_or_default()),
            rows: finding_table(gate, &setting),
        }
    });
    GatePage {
        headline: verdict.headline(),
        tag: verdict.tag(),
        moment,
        gates: gate_table(verdict, &setting),
        sections: sections.collect(),
        idle: idle.iter().map(|gate| gate.title.clone()).collect(),
        off: off.to_vec(),
    }
}

fn tag(state: State, words: &str) -> Tag {
    let class = match state {
        State::Fail => "bad",
        State::Unknown | State::Waived => "warn",
        State::Pass => "good",
        State::NotApplicable => "none",
    };
    Tag::new(class, words)
}

/// Returns a page of placeholders, to try templates on.
pub(in crate::report) fn specimen(is_full: bool) -> GatePage {
    let text = specimen::text;
    GatePage {
        headline: text(),
        tag: Tag::new("none", text()),
        moment: text(),
        gates: specimen::table(is_full),
        sections: specimen::list(is_full, || Findings {
            anchor: "specimen".to_owned(),
            title: text(),
            tag: Tag::new("none", text()),
            about: text(),
            rows: DataTable::new(text(), &["Specimen"], vec![vec![Cell::text(text())]], 1),
        }),
        idle: specimen::list(is_full, text),
        off: specimen::list(is_full, text),
    }
}

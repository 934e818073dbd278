//! The overview of governance: which releases the gates hold back, what was let
//! through and why, and how gates were kept by team and over time.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, NaiveDate, Utc};
use minijinja::Value;
use serde::Serialize;

use super::kept::{gate_table, history, team_table};
use super::model::{Finding, Gate, State, Verdict};
use super::strip::{page_beside, shipped_in, waiver_anchor, waiver_words};
use super::{Verdicts, gates_off};
use crate::config::Config;
use crate::error::Result;
use crate::report::format;
use crate::report::full_list::FullLists;
use crate::report::head::Head;
use crate::report::marts::Marts;
use crate::report::page::{Cell, DataTable, Figure, Link};
use crate::report::quarter::Quarter;
use crate::report::specimen;
use crate::report::template::Templates;
use crate::report::weekly::WeeklyPage;

/// How many rows a table of the page shows.
pub(super) const MOST_ROWS: usize = 60;

/// The page.
#[derive(Debug, Serialize)]
pub(in crate::report) struct GovernancePage<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    /// How many releases are held back, in words.
    answer: String,
    coming: DataTable,
    coming_empty: String,
    shipped: DataTable,
    shipped_empty: String,
    /// What waivers let through, by the quarter in which it shipped, the latest first.
    waivers: Vec<Waivers>,
    figures: Vec<Figure>,
    teams: DataTable,
    gates: DataTable,
    /// The gates that are off, by title.
    off: Vec<String>,
}

/// What waivers let through in the releases of one quarter.
#[derive(Debug, Serialize)]
struct Waivers {
    anchor: String,
    table: DataTable,
}

/// What the page is made from.
pub(in crate::report) struct Sources<'a> {
    pub(in crate::report) config: &'a Config,
    pub(in crate::report) marts: &'a Marts,
    pub(in crate::report) verdicts: &'a Verdicts,
    /// The addresses of the releases' pages from the site's root, by release id.
    pub(in crate::report) releases: &'a BTreeMap<String, String>,
}

/// Writes the page and its JSON.
pub(in crate::report) fn write_governance(
    templates: &Templates,
    sources: &Sources<'_>,
    latest: &WeeklyPage,
    staging: &Path,
) -> Result<()> {
    let marts = sources.marts;
    let zone = sources.config.project.time_zone;
    let (mut shipped, mut coming): (Vec<_>, Vec<_>) = sources
        .verdicts
        .living()
        .partition(|verdict| verdict.shipped_at.is_some());
    coming.sort_by_key(|verdict| (verdict.ship_due_at.is_none(), verdict.ship_due_at));
    shipped.sort_by_key(|verdict| std::cmp::Reverse(verdict.shipped_at));
    let mut page = GovernancePage {
        head: Head::of(latest),
        answer: answer(&coming, marts.as_of),
        coming: sources.release_table(
            "Releases that have not shipped, the next first",
            "Ships",
            &coming,
        ),
        coming_empty: sources.empty("No release is planned or under way."),
        shipped: sources.release_table(
            "Releases that shipped, the latest first",
            "First production start",
            &shipped,
        ),
        shipped_empty: sources.empty("No release has shipped."),
        waivers: sources.waivers(),
        figures: vec![history(
            &marts.rows("gate_history")?,
            &Quarter::of(marts.as_of.with_timezone(&zone).date_naive()),
        )?],
        teams: team_table(&marts.rows("gate_teams")?)?,
        gates: gate_table(marts)?,
        off: gates_off(marts)?,
    };
    page.write_lists(templates, latest, staging)?;
    let drawings = page.figures.iter().map(|figure| {
        let drawing = Value::from_safe_string(figure.svg.clone());
        (figure.id.clone(), drawing)
    });
    let drawings = Value::from_pairs(drawings);
    let place = (staging, "governance");
    templates.write("governance.html", &page, &drawings, 0, place)
}

impl GovernancePage<'_> {
    /// Writes the lists whole of which the page has the first rows.
    fn write_lists(
        &mut self,
        templates: &Templates,
        latest: &WeeklyPage,
        staging: &Path,
    ) -> Result<()> {
        let back = Link {
            href: "../governance.html".to_owned(),
            text: "Governance".to_owned(),
        };
        let named = ("governance", "governance");
        let lists = FullLists::new(templates, latest, named, &back, staging)?;
        lists.write("coming", &mut self.coming)?;
        lists.write("shipped", &mut self.shipped)?;
        for waivers in &mut self.waivers {
            lists.write(&waivers.anchor, &mut waivers.table)?;
        }
        Ok(())
    }
}

/// Says how many releases are held back by what should have been there by now; a gate
/// that is due later holds nothing back yet.
fn answer(coming: &[&Verdict], as_of: DateTime<Utc>) -> String {
    let all = coming.len();
    if all == 0 {
        return "No release is on the way".to_owned();
    }
    let past = coming.iter().filter(|one| one.past_due(as_of).count() > 0);
    let past = past.count();
    let later = coming.iter().filter(|one| !one.is_go).count() - past;
    let blocked = format!(
        "{} of {} on the way {} blocked by gates past their moment",
        format::integer(past),
        format::count(all, "release", "releases"),
        if past == 1 { "is" } else { "are" }
    );
    match (past, later) {
        (0, 0) => format!(
            "No gate is open in the {} on the way",
            format::count(all, "release", "releases")
        ),
        (0, later) => format!(
            "No release on the way is blocked; {} of {} {} gates open that are not due yet",
            format::integer(later),
            format::integer(all),
            if later == 1 { "has" } else { "have" }
        ),
        (_, 0) => blocked,
        (_, later) => format!(
            "{blocked}, {} more {} only gates open that are not due yet",
            format::integer(later),
            if later == 1 { "has" } else { "have" }
        ),
    }
}

impl Sources<'_> {
    fn empty(&self, otherwise: &str) -> String {
        let missing = self.marts.missing(&["releases"]);
        missing.unwrap_or_else(|| otherwise.to_owned())
    }

    /// The address of a release's page of gates.
    fn gates_of(&self, release: &str) -> Option<String> {
        self.releases
            .get(release)
            .and_then(|page| page_beside(page))
    }

    fn release_table(&self, caption: &str, moment: &str, verdicts: &[&Verdict]) -> DataTable {
        let zone = self.config.project.time_zone;
        let date = |at: Option<DateTime<Utc>>| match at {
            Some(at) => Cell::text(format::instant(at, zone)),
            None => Cell::maybe(None),
        };
        let titles = |gates: Vec<&Gate>| {
            let titles: Vec<&str> = gates.iter().map(|gate| gate.title.as_str()).collect();
            Cell::maybe((!titles.is_empty()).then(|| titles.join(", ")).as_deref())
        };
        let rows = verdicts.iter().map(|verdict| {
            let page = self.gates_of(&verdict.release_id);
            let past: Vec<&Gate> = verdict.past_due(self.marts.as_of).collect();
            let later: Vec<&Gate> = verdict.not_due_yet(self.marts.as_of).collect();
            vec![
                Cell::text(&verdict.release_name).within_if(page.clone()),
                date(verdict.ship_due_at),
                Cell::integer(past.len()).within_if(page.clone()),
                Cell::integer(later.len()).within_if(page.clone()),
                Cell::integer(verdict.gate_count).within_if(page),
                titles(past),
                titles(later),
            ]
        });
        DataTable::new(
            caption,
            &[
                "Release",
                moment,
                "#Open, past due",
                "#Open, not due yet",
                "#Of gates",
                "Past due",
                "Not due yet",
            ],
            rows.collect(),
            MOST_ROWS,
        )
        .without_empty_columns()
    }

    /// Every waiver that let something through, by the quarter in which the release
    /// shipped, the latest first: an override is never hidden.
    fn waivers(&self) -> Vec<Waivers> {
        let zone = self.config.project.time_zone;
        let mut quarters: BTreeMap<Option<NaiveDate>, Vec<&Verdict>> = BTreeMap::new();
        for verdict in self.verdicts.living() {
            let quarter = shipped_in(verdict, zone).map(|quarter| quarter.start_on);
            quarters.entry(quarter).or_default().push(verdict);
        }
        let coming = quarters.remove(&None).map(|verdicts| (None, verdicts));
        let shipped = quarters.into_iter().rev();
        let quarters = coming.into_iter().chain(shipped);
        quarters
            .filter_map(|(start_on, verdicts)| {
                self.waivers_of(start_on.map(Quarter::of).as_ref(), &verdicts)
            })
            .collect()
    }

    /// What was let through in releases of one quarter; `None` where nothing was.
    fn waivers_of(&self, quarter: Option<&Quarter>, verdicts: &[&Verdict]) -> Option<Waivers> {
        let mut rows = Vec::new();
        let mut all: Vec<&Finding> = Vec::new();
        for verdict in verdicts {
            for gate in &verdict.gates {
                let findings = gate.findings.iter();
                for finding in findings.filter(|one| one.state == State::Waived) {
                    all.push(finding);
                    rows.push((finding.waiver_at, self.waiver_row(verdict, gate, finding)));
                }
            }
        }
        if all.is_empty() {
            return None;
        }
        rows.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        let of = quarter.map_or_else(
            || "in releases that have not shipped".to_owned(),
            |quarter| format!("in releases that shipped in {}", quarter.label),
        );
        Some(Waivers {
            anchor: waiver_anchor(quarter),
            table: DataTable::new(
                format!("{} {of}, the latest first", waiver_words(&all)),
                &["Waiver", "Gate", "For", "Release", "By", "On", "Reason"],
                rows.into_iter().map(|(_, cells)| cells).collect(),
                MOST_ROWS,
            ),
        })
    }

    fn waiver_row(&self, verdict: &Verdict, gate: &Gate, finding: &Finding) -> Vec<Cell> {
        let zone = self.config.project.time_zone;
        let when = finding.waiver_at.map(|at| format::instant(at, zone));
        let kind = finding.subject_type.replace('_', " ");
        vec![
            Cell::maybe(finding.waiver_id.as_deref()),
            Cell::text(&gate.title),
            Cell::text(&finding.subject_id).noted(Some(&kind)),
            Cell::text(&verdict.release_name).within_if(self.gates_of(&verdict.release_id)),
            Cell::maybe(finding.waiver_by.as_deref()),
            Cell::maybe(when.as_deref()),
            Cell::maybe(finding.waiver_rationale.as_deref()),
        ]
    }
}

/// Returns a page of placeholders, to try templates on.
pub(in crate::report) fn governance_specimen(
    latest: &WeeklyPage,
    is_full: bool,
) -> GovernancePage<'_> {
    GovernancePage {
        head: Head::of(latest),
        answer: specimen::text(),
        coming: specimen::table(is_full),
        coming_empty: specimen::text(),
        shipped: specimen::table(is_full),
        shipped_empty: specimen::text(),
        waivers: specimen::list(is_full, || Waivers {
            anchor: "specimen".to_owned(),
            table: specimen::table(is_full),
        }),
        figures: specimen::list(is_full, || specimen::figure(is_full)),
        teams: specimen::table(is_full),
        gates: specimen::table(is_full),
        off: specimen::list(is_full, specimen::text),
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn verdict(due: &[i64]) -> Verdict {
        let gate = |days: &i64| Gate {
            gate: "g".into(),
            title: "G".into(),
            group: "g".into(),
            guards: "shipping".into(),
            limits: None,
            state: State::Fail,
            subject_count: 1,
            reason: None,
            due_at: Some(DateTime::UNIX_EPOCH + TimeDelta::days(*days)),
            findings: Vec::new(),
        };
        Verdict {
            release_id: "R".into(),
            release_name: "R".into(),
            version: None,
            is_go: due.is_empty(),
            is_cancelled: false,
            gate_count: 3,
            open_count: i64::try_from(due.len()).unwrap_or(0),
            waived_count: 0,
            shipped_at: None,
            ship_due_at: None,
            gates: due.iter().map(gate).collect(),
        }
    }

    #[test]
    fn what_is_due_later_blocks_nothing_yet() {
        let (past, later, both, none) = (
            verdict(&[0]),
            verdict(&[1]),
            verdict(&[-3, 9]),
            verdict(&[]),
        );
        let say = |verdicts: &[&Verdict]| answer(verdicts, DateTime::UNIX_EPOCH);
        assert_eq!(
            say(&[&past, &both, &later, &none]),
            "2 of 4 releases on the way are blocked by gates past their moment, 1 more has only gates open that are not due yet"
        );
        assert_eq!(
            say(&[&later, &none]),
            "No release on the way is blocked; 1 of 2 has gates open that are not due yet"
        );
        assert_eq!(say(&[&none]), "No gate is open in the 1 release on the way");
        assert_eq!(say(&[]), "No release is on the way");
    }
}

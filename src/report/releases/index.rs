//! The list of all releases, the latest first.

use serde::Serialize;

use super::model::Release;
use super::page::{Builder, Common};
use super::paragraph::failed_words;
use crate::error::Result;
use crate::report::banner::coverage_table;
use crate::report::format;
use crate::report::page::{Cell, DataTable};

/// The list of all releases.
#[derive(Debug, Serialize)]
pub(super) struct ReleaseIndex<'a> {
    #[serde(flatten)]
    pub(super) common: &'a Common,
    pub(super) releases: DataTable,
    /// What is said where there is none.
    pub(super) empty: String,
    /// What no release's page shows.
    pub(super) notes: Vec<String>,
    /// Rows in, used and left out, of all releases together.
    pub(super) coverage: DataTable,
}

/// How many releases the list shows; its JSON has all.
const MOST_RELEASES: usize = 400;

impl Builder<'_> {
    /// Builds the list, the latest first.
    pub(super) fn index_page(
        &self,
        releases: &[Release],
        slugs: &[String],
        notes: Vec<String>,
    ) -> Result<ReleaseIndex<'_>> {
        let entries = releases.iter().zip(slugs);
        let rows = entries.map(|(release, slug)| self.index_row(release, slug));
        let is_of_releases =
            |metric: &str| metric.starts_with("release_") || metric == "scope_volatility";
        Ok(ReleaseIndex {
            common: self.common,
            releases: DataTable::new(
                "All releases, the latest first. Failed: production deployments, from those that failed by what the sources say alone to all. Planned, added, removed, delivered: items; late: changes after the freeze",
                &[
                    "Release",
                    "State",
                    "Planned for",
                    "Released",
                    "#Failed",
                    "#Planned",
                    "#Added",
                    "#Removed",
                    "#Late",
                    "#Delivered",
                ],
                rows.collect(),
                MOST_RELEASES,
            ),
            empty: self.empty(&["releases"], "The exports hold no release."),
            notes,
            coverage: coverage_table(self.marts, is_of_releases)?,
        })
    }

    fn index_row(&self, release: &Release, slug: &str) -> Vec<Cell> {
        let zone = self.config.project.time_zone;
        let (scope, counts) = (&release.scope, &release.counts);
        let page = |anchor: &str| format!("{slug}.html#{anchor}");
        let is_measured = !matches!(
            scope.exclusion.as_deref(),
            Some("no_baseline" | "baseline_ahead")
        );
        let count = |count: u64, anchor: &str, is_known: bool| match (is_known, count) {
            (false, _) => Cell::maybe(None),
            (true, 0) => Cell::integer(0),
            (true, count) => Cell::integer(count).within(&page(anchor)),
        };
        let stale_scope = self.stale_source(release, "scope_after_freeze");
        let count = |number, anchor: &str, is_known| match &stale_scope {
            Some(tag) => Cell::withheld(tag.clone()),
            None => count(number, anchor, is_known),
        };
        let stale_success = self.stale_source(release, "success_rate");
        let failed = match (stale_success, counts.judged, counts.failed) {
            (Some(tag), ..) => Cell::withheld(tag),
            (None, 0, _) => Cell::maybe(None),
            (None, _, failed) => {
                let text = failed_words(counts);
                let anchor = if failed > 0 { "failed" } else { "judged" };
                Cell::text(text).within(&page(anchor))
            }
        };
        vec![
            Cell::text(&release.name)
                .within(&format!("{slug}.html"))
                .noted(release.system.as_deref()),
            Cell::text(release.state.tag().text).noted(lateness(release).as_deref()),
            Cell::day(release.planned_at, zone),
            Cell::day(release.released_at, zone),
            failed,
            count(scope.planned, "planned", is_measured),
            count(scope.added, "added", is_measured),
            count(scope.removed, "removed", is_measured),
            count(
                scope.after_freeze,
                "after-freeze",
                is_measured && release.freeze_at.is_some(),
            ),
            count(scope.delivered, "delivered", is_measured),
        ]
    }
}

/// "3 days late" or "2 days early": nothing where it is on its day, or nothing is known.
fn lateness(release: &Release) -> Option<String> {
    let days = release.slip_days.filter(|days| *days != 0.0)?;
    let side = if days > 0.0 { "late" } else { "early" };
    Some(format!("{} {side}", format::days(days.abs())))
}

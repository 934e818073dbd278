//! The charts of a retrospective: lifelines, where the time went, the scope against
//! its freeze, planned against actual effort.

mod effort;
mod lifelines;
mod scope;
mod time;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use chrono_tz::Tz;

use super::model::{Item, Release};
use crate::report::format;
use crate::report::page::Figure;

/// How many rows of a figure's numbers the page shows; its JSON has all.
const MOST_ROWS: usize = 100;

/// What the figures are made from.
pub(super) struct Context<'a> {
    pub(super) release: &'a Release,
    pub(super) zone: Tz,
    pub(super) as_of: DateTime<Utc>,
    /// "No data: feed TABLE." for the first table that nobody feeds.
    pub(super) missing: &'a dyn Fn(&[&str]) -> Option<String>,
}

impl Context<'_> {
    fn local(&self, at: DateTime<Utc>) -> NaiveDateTime {
        at.with_timezone(&self.zone).naive_local()
    }

    fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        self.local(at).date()
    }

    /// What an empty chart says.
    fn empty(&self, tables: &[&str], otherwise: &str) -> String {
        (self.missing)(tables).unwrap_or_else(|| otherwise.to_owned())
    }
}

/// Returns the marts that a figure is drawn from, by its anchor.
pub(super) fn marts_behind(figure: &str) -> &'static [&'static str] {
    match figure {
        "fig-lifelines" => &["release_item_spans", "release_items"],
        "fig-time" => &["release_stage_times"],
        "fig-scope" => &["release_scope_moves", "scope_volatility"],
        "fig-effort" => &["release_items", "estimation_accuracy"],
        _ => &[],
    }
}

/// How many left-out items a subtitle names.
const MOST_NAMED: usize = 3;

/// Returns the items in the release at its end of which the way is known.
fn known_items(release: &Release) -> Vec<&Item> {
    let items = release.items_at_end();
    items.filter(|item| !item.spans.is_empty()).collect()
}

/// "; 1 item is left out: CUS-316 (no log of its status)", or nothing.
fn left_out(release: &Release) -> String {
    let items = release.items_at_end().filter(|item| item.spans.is_empty());
    let items: Vec<&Item> = items.collect();
    if items.is_empty() {
        return String::new();
    }
    let name = |item: &&Item| {
        let why = match item.cycle_exclusion.as_deref() {
            Some(why) => why.replace('_', " "),
            None if item.cycle_days.is_some() => "no log of its status".to_owned(),
            None => "no commitment".to_owned(),
        };
        format!("{} ({why})", item.id)
    };
    let mut named: Vec<String> = items.iter().take(MOST_NAMED).map(name).collect();
    if items.len() > MOST_NAMED {
        named.push(format!(
            "{} more",
            format::integer(items.len() - MOST_NAMED)
        ));
    }
    let count = format::count(items.len(), "item is", "items are");
    format!("; {count} left out: {}", named.join(", "))
}

/// Builds the figures in the order of the page.
pub(super) fn build_figures(context: &Context<'_>) -> Vec<Figure> {
    vec![
        lifelines::figure(context),
        time::figure(context),
        scope::figure(context),
        effort::figure(context),
    ]
}

/// Builds the figure of the scope alone.
pub(super) fn scope_figure(context: &Context<'_>) -> Figure {
    scope::figure(context)
}

//! A team or a domain as `volatility_coaching` has it: its counts, what stands out, and
//! the verdict.

use crate::error::Result;
use crate::lake::Rows;
use crate::report::full_list::list_name;

/// What levels are levels of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Dimension {
    Team,
    Domain,
}

impl Dimension {
    /// Its name in the marts.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Team => "team",
            Self::Domain => "domain",
        }
    }

    /// What an item without one counts for, as the marts have it.
    pub(super) fn none(self) -> &'static str {
        match self {
            Self::Team => "(no team)",
            Self::Domain => "(no domain)",
        }
    }

    pub(super) fn plural(self) -> &'static str {
        match self {
            Self::Team => "teams",
            Self::Domain => "domains",
        }
    }
}

/// Whether to talk to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Listed,
    NotListed,
    /// Fewer than five finished releases.
    TooFew,
    /// There is nobody to talk to.
    Unnamed,
}

/// A share: how many, of how many, and of all levels together.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Share {
    pub(super) counted: u64,
    pub(super) of: u64,
    /// Among all levels of its dimension.
    pub(super) all: Option<f64>,
    /// It lies above the limit that chance explains.
    pub(super) is_above: bool,
}

/// How many charts of one dimension the page has.
pub(super) const MOST_CHARTS: usize = 12;

/// A signal: its release and the rule that fired.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LastSignal {
    pub(super) release_id: String,
    pub(super) release_name: String,
    pub(super) rule: String,
}

/// A team or a domain.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Level {
    pub(super) dimension: Dimension,
    pub(super) name: String,
    pub(super) verdict: Verdict,
    pub(super) position: Option<i64>,
    /// It has a finished release, and is among the first that the page has room for.
    pub(super) is_charted: bool,
    /// Signals above the mean among the last releases.
    pub(super) signals: u64,
    /// The latest of them.
    pub(super) last_signal: Option<LastSignal>,
    pub(super) releases: u64,
    pub(super) unplanned: u64,
    pub(super) open: u64,
    pub(super) cancelled: u64,
    pub(super) planned: u64,
    pub(super) changes: u64,
    pub(super) gross: Option<f64>,
    pub(super) median_gross: Option<f64>,
    pub(super) moved: Share,
    pub(super) late: Share,
    pub(super) readded: Share,
}

impl Level {
    /// The anchor of its chart.
    pub(super) fn anchor(&self) -> String {
        list_name("fig", &[self.dimension.name(), &self.name])
    }

    /// What leads to its chart; none where it has none.
    pub(super) fn chart_address(&self) -> Option<String> {
        self.is_charted.then(|| format!("#{}", self.anchor()))
    }
}

/// Reads every level, those that are listed first, then those whose scope moves most.
pub(super) fn load(mart: &Rows) -> Result<Vec<Level>> {
    let mut levels = mart
        .indices()
        .map(|row| read(mart, row))
        .collect::<Result<Vec<_>>>()?;
    levels.sort_by(|a, b| {
        let rank = |level: &Level| (level.dimension, level.position.unwrap_or(i64::MAX));
        let gross = |level: &Level| level.gross.unwrap_or(-1.0);
        let by_gross = gross(b).total_cmp(&gross(a));
        rank(a)
            .cmp(&rank(b))
            .then(by_gross)
            .then(a.name.cmp(&b.name))
    });
    for dimension in [Dimension::Team, Dimension::Domain] {
        let found = levels.iter_mut().filter(|it| it.dimension == dimension);
        for level in found.filter(|level| level.releases > 0).take(MOST_CHARTS) {
            level.is_charted = true;
        }
    }
    Ok(levels)
}

fn read(mart: &Rows, row: usize) -> Result<Level> {
    let count = |column: &str| -> Result<u64> {
        Ok(u64::try_from(mart.integer(column, row)?.unwrap_or(0)).unwrap_or(0))
    };
    let share = |counted: &str, of: &str, all: &str, is_above: &str| -> Result<Share> {
        Ok(Share {
            counted: count(counted)?,
            of: count(of)?,
            all: mart.number(all, row)?,
            is_above: mart.boolean(is_above, row)? == Some(true),
        })
    };
    let last_signal = match mart.maybe_owned_text("signal_release_id", row)? {
        Some(release_id) => Some(LastSignal {
            release_id,
            release_name: mart.owned_text("signal_release_name", row)?,
            rule: mart.owned_text("signal_rule", row)?,
        }),
        None => None,
    };
    Ok(Level {
        dimension: match mart.text("dimension", row)? {
            Some("domain") => Dimension::Domain,
            _ => Dimension::Team,
        },
        name: mart.owned_text("level", row)?,
        verdict: match mart.text("verdict", row)? {
            Some("listed") => Verdict::Listed,
            Some("too_few") => Verdict::TooFew,
            Some("unnamed") => Verdict::Unnamed,
            _ => Verdict::NotListed,
        },
        position: mart.integer("list_position", row)?,
        is_charted: false,
        signals: count("signal_count")?,
        last_signal,
        releases: count("release_count")?,
        unplanned: count("unplanned_count")?,
        open: count("open_count")?,
        cancelled: count("cancelled_count")?,
        planned: count("planned_count")?,
        changes: count("change_count")?,
        gross: mart.number("gross_ratio", row)?,
        median_gross: mart.number("median_gross_ratio", row)?,
        moved: share(
            "moved_item_count",
            "scope_item_count",
            "all_moved_ratio",
            "is_moved_above",
        )?,
        late: share(
            "after_freeze_count",
            "frozen_change_count",
            "all_late_ratio",
            "is_late_above",
        )?,
        readded: share(
            "readded_count",
            "added_count",
            "all_readded_ratio",
            "is_readded_above",
        )?,
    })
}

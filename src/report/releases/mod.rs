//! The pages of releases: a list of all, one page each with the lists behind its
//! figures, and a retrospective of each that has something to look back on.
//!
//! Every page of the snapshot's releases is written anew in each run; pages of earlier
//! runs are carried over (`carry`).

mod carry;
mod facts;
mod figures;
mod gates;
mod index;
mod lists;
mod load;
mod model;
mod page;
mod paragraph;
mod questions;
#[cfg(test)]
mod samples;
mod slug;
pub(super) use slug::slug;
mod specimen;
mod tables;

pub(super) use specimen::try_pages;

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use minijinja::Value;
use serde::Serialize;

use super::banner::Banner;
use super::feedback::release_patterns;
use super::forecasts::load_forecasts;
use super::format;
use super::freshness::Freshness;
use super::gates::Verdicts;
use super::marts::Marts;
use super::page::{Figure, Link};
use super::rules::ReleaseRules;
use super::template::Templates;
use crate::config::Config;
use crate::error::Result;
use model::Release;
use page::{Builder, Common, Identity};

pub(super) use slug::anchor;

/// The releases of a run, the latest first, each with the name of its page.
pub(super) struct Releases {
    releases: Vec<Release>,
    slugs: Vec<String>,
}

impl Releases {
    /// Loads the releases.
    pub(super) fn load(marts: &Marts) -> Result<Self> {
        let releases = load::load_releases(marts)?;
        let slugs = slug::slugs(&releases);
        Ok(Self { releases, slugs })
    }

    /// Returns links, from the site's root, to the release that went out last and to
    /// the one that is planned next, with what is said beside each.
    pub(super) fn nearest(&self, as_of: DateTime<Utc>, zone: Tz) -> Vec<(Link, String)> {
        let pairs = || self.releases.iter().zip(&self.slugs);
        let day = |at: DateTime<Utc>| format::date(at.with_timezone(&zone).date_naive());
        let link = |release: &Release, slug: &str| Link {
            href: format!("releases/{slug}.html"),
            text: release.name.clone(),
        };
        let last = pairs()
            .filter_map(|(release, slug)| Some((release.released_at?, release, slug)))
            .max_by_key(|(at, ..)| *at);
        let is_ahead = |release: &Release| !release.state.is_over();
        let next = pairs()
            .filter(|(release, _)| is_ahead(release))
            .filter_map(|(release, slug)| Some((release.planned_at?, release, slug)))
            .filter(|(at, ..)| *at >= as_of)
            .min_by_key(|(at, ..)| *at);
        let last = last.map(|(at, release, slug)| {
            (link(release, slug), format!("shipped last, on {}", day(at)))
        });
        let next = next.map(|(at, release, slug)| {
            (
                link(release, slug),
                format!("planned next, for {}", day(at)),
            )
        });
        last.into_iter().chain(next).collect()
    }

    /// Returns the addresses of the releases' pages by release id, as a page that lies
    /// `depth` folders below the site's root links to them.
    pub(super) fn addresses(&self, depth: usize) -> BTreeMap<String, String> {
        let root = "../".repeat(depth);
        let pairs = self.releases.iter().zip(&self.slugs);
        pairs
            .map(|(release, slug)| (release.id.clone(), format!("{root}releases/{slug}.html")))
            .collect()
    }
}

/// Where pages are read from and written to.
pub(super) struct Places<'a> {
    /// The site that readers see.
    pub(super) site: &'a Path,
    /// The one that is being written.
    pub(super) staging: &'a Path,
}

/// What pages of releases repeat of other pages.
pub(super) struct Told<'a> {
    /// The state of the data.
    pub(super) banner: &'a Banner,
    /// What the gates say.
    pub(super) verdicts: &'a Verdicts,
    /// What recommended rules say.
    pub(super) rules: &'a ReleaseRules,
}

/// Writes the pages of releases.
pub(super) fn write_releases(
    templates: &Templates,
    config: &Config,
    marts: &Marts,
    told: &Told<'_>,
    Releases { releases, slugs }: &Releases,
    places: &Places<'_>,
) -> Result<()> {
    let common = Common::new(config, marts, told.banner.clone());
    let freshness = Freshness::load(marts, config)?;
    let forecasts = load_forecasts(marts)?;
    let patterns = release_patterns(marts)?;
    let builder = Builder {
        config,
        marts,
        freshness: &freshness,
        common: &common,
        verdicts: told.verdicts,
        forecasts: &forecasts,
        patterns: &patterns,
        rules: told.rules,
    };
    let gates = gates::GatePages::load(&builder)?;
    let writer = Writer {
        templates,
        folder: &places.staging.join("releases"),
    };
    let index = builder.index_page(releases, slugs, notes(marts, releases)?)?;
    writer.write("release_index.html", "index", &index, &[], 1)?;
    let mut current = BTreeMap::new();
    for (place, (release, slug)) in releases.iter().zip(slugs).enumerate() {
        let neighbour = |place: Option<usize>| {
            let place = place.filter(|place| *place < releases.len())?;
            Some(Link {
                href: format!("{}.html", slugs[place]),
                text: releases[place].name.clone(),
            })
        };
        let neighbours = [neighbour(Some(place + 1)), neighbour(place.checked_sub(1))];
        let page = builder.release_page(release, slug, neighbours);
        writer.write("release.html", slug, &page, &page.figures, 1)?;
        if release.state.has_retrospective() {
            let page = builder.retrospective_page(release, slug);
            let name = format!("{slug}/retro");
            writer.write("retrospective.html", &name, &page, &page.figures, 2)?;
        }
        gates.write(&writer, release, slug)?;
        current.insert(release.id.clone(), Identity::of(release, slug));
    }
    let published = places.site.join("releases");
    carry::carry_over(&builder, &writer, &published, &current)
}

struct Writer<'a> {
    templates: &'a Templates,
    folder: &'a Path,
}

impl Writer<'_> {
    /// Writes a page and its JSON.
    fn write(
        &self,
        template: &str,
        name: &str,
        page: &impl Serialize,
        figures: &[Figure],
        depth: usize,
    ) -> Result<()> {
        let drawings = drawings(figures);
        let place = (self.folder, name);
        self.templates
            .write(template, page, &drawings, depth, place)
    }
}

/// Returns the drawings by the name under which a template places them.
fn drawings(figures: &[Figure]) -> Value {
    Value::from_pairs(figures.iter().map(|figure| {
        let drawing = Value::from_safe_string(figure.svg.clone());
        (figure.id.clone(), drawing)
    }))
}

/// Says what belongs to no release of the exports, and so to no page.
fn notes(marts: &Marts, releases: &[Release]) -> Result<Vec<String>> {
    let deployments = marts.rows("success_rate")?;
    let shown: usize = releases.iter().map(|one| one.deployments.len()).sum();
    let homeless = deployments.len() - shown.min(deployments.len());
    if homeless == 0 {
        return Ok(Vec::new());
    }
    let text = format!(
        "{} of {} belong to no release of the exports, and are on no page of a release.",
        format::integer(homeless),
        format::count(
            deployments.len(),
            "completed production deployment",
            "completed production deployments"
        )
    );
    Ok(vec![text])
}

//! The pages of releases: a list of all, one page each with the lists behind its
//! figures, and a retrospective of each that has something to look back on.
//!
//! Every page of the snapshot's releases is written anew in each run. A page of a
//! release that has left the exports, or that has another name now, stays as it was.

mod facts;
mod figures;
mod lists;
mod load;
mod model;
mod page;
mod paragraph;
mod questions;
#[cfg(test)]
mod samples;
mod slug;
mod tables;

use std::path::Path;

use minijinja::Value;
use serde::Serialize;

use super::banner::Banner;
use super::format;
use super::marts::Marts;
use super::page::{Figure, Link};
use super::template::Templates;
use crate::config::Config;
use crate::error::{Error, ErrorKind, Result};
use crate::fs;
use model::Release;
use page::{Builder, Common};

/// Writes the pages of releases into `staging`; returns how many files.
pub(super) fn write_releases(
    templates: &Templates,
    config: &Config,
    marts: &Marts,
    banner: &Banner,
    staging: &Path,
) -> Result<usize> {
    let folder = staging.join("releases");
    let releases = load::load_releases(marts)?;
    let slugs = slug::slugs(&releases);
    let common = Common::new(config, marts, banner.clone());
    let builder = Builder {
        config,
        marts,
        common: &common,
    };
    let writer = Writer {
        templates,
        folder: &folder,
    };
    let index = builder.index_page(&releases, &slugs, notes(marts, &releases)?);
    let mut files = writer.write("release_index.html", "index", &index, &[], 1)?;
    for (place, (release, slug)) in releases.iter().zip(&slugs).enumerate() {
        let neighbour = |place: Option<usize>| {
            let place = place.filter(|place| *place < releases.len())?;
            Some(Link {
                href: format!("{}.html", slugs[place]),
                text: releases[place].name.clone(),
            })
        };
        let neighbours = [neighbour(Some(place + 1)), neighbour(place.checked_sub(1))];
        let page = builder.release_page(release, slug, neighbours);
        files += writer.write("release.html", slug, &page, &page.figures, 1)?;
        if release.state.has_retrospective() {
            let page = builder.retrospective_page(release, slug);
            let name = format!("{slug}/retro");
            files += writer.write("retrospective.html", &name, &page, &page.figures, 2)?;
        }
    }
    Ok(files)
}

struct Writer<'a> {
    templates: &'a Templates,
    folder: &'a Path,
}

impl Writer<'_> {
    /// Writes a page and its JSON; returns that these are two files.
    fn write(
        &self,
        template: &str,
        name: &str,
        page: &impl Serialize,
        figures: &[Figure],
        depth: usize,
    ) -> Result<usize> {
        let drawings = Value::from_pairs(figures.iter().map(|figure| {
            let drawing = Value::from_safe_string(figure.svg.clone());
            (figure.id.clone(), drawing)
        }));
        let html = self.templates.render(template, page, &drawings, depth)?;
        fs::write(&self.folder.join(format!("{name}.html")), html.as_bytes())?;
        let json = serde_json::to_vec(page).map_err(|e| {
            Error::new(ErrorKind::Internal, "cannot write a page as JSON").caused_by(e)
        })?;
        fs::write(&self.folder.join(format!("{name}.json")), &json)?;
        Ok(2)
    }
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

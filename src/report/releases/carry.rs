//! Pages that earlier runs published: a permalink, once published, stays.
//!
//! Where the release has another name now, its old page says so and leads to the new
//! one; where it has left the exports, its last page stays as it was.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;
use serde_json::Value;

use super::page::{Common, Identity};
use super::{Builder, Writer};
use crate::error::Result;
use crate::fs;
use crate::report::page::Link;

/// What a page becomes when its release has another name.
#[derive(Debug, Serialize)]
pub(super) struct MovedPage<'a> {
    #[serde(flatten)]
    pub(super) common: &'a Common,
    pub(super) release: &'a Identity,
    /// The release's page now.
    pub(super) target: Link,
}

/// Carries over what `published` has and this run did not write. `current` has the
/// releases of this run by id.
pub(super) fn carry_over(
    builder: &Builder<'_>,
    writer: &Writer<'_>,
    published: &Path,
    current: &BTreeMap<String, Identity>,
) -> Result<()> {
    for path in fs::list(published)? {
        let is_json = path.extension().is_some_and(|ending| ending == "json");
        let (Some(slug), true) = (path.file_stem().and_then(|stem| stem.to_str()), is_json) else {
            continue;
        };
        if writer.folder.join(format!("{slug}.json")).exists() {
            continue;
        }
        let retro = format!("{slug}/retro");
        let gates = format!("{slug}/gates");
        let names = [(slug.to_owned(), 1), (retro, 2), (gates, 2)];
        let moved = release_id(&path)?.and_then(|id| current.get(&id));
        for (name, depth) in names {
            if !published.join(format!("{name}.json")).exists() {
                continue;
            }
            match moved {
                Some(release) => {
                    let page = MovedPage {
                        common: builder.common,
                        release,
                        target: Link {
                            href: format!("{}{}.html", "../".repeat(depth - 1), release.slug),
                            text: release.name.clone(),
                        },
                    };
                    writer.write("release_moved.html", &name, &page, &[], depth)?;
                }
                None => keep(published, writer.folder, &name)?,
            }
        }
    }
    Ok(())
}

/// Returns the release that a published page is about.
fn release_id(path: &Path) -> Result<Option<String>> {
    let page: Option<Value> = serde_json::from_slice(&fs::read(path)?).ok();
    let id = page.and_then(|page| page["release"]["release_id"].as_str().map(str::to_owned));
    Ok(id)
}

fn keep(published: &Path, folder: &Path, name: &str) -> Result<()> {
    for ending in ["html", "json"] {
        let file = format!("{name}.{ending}");
        let from = published.join(&file);
        if from.exists() {
            fs::write(&folder.join(&file), &fs::read(&from)?)?;
        }
    }
    Ok(())
}

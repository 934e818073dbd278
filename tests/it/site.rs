//! The site as a whole: every page leads on, and no link leads nowhere.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use crate::sample::sample_project;
use crate::support::{Project, read_text};

/// Returns what stands between `open` and the next quotation mark, each time.
pub(crate) fn attributes<'t>(html: &'t str, open: &str) -> Vec<&'t str> {
    let values = html.split(open).skip(1);
    values.filter_map(|rest| rest.split('"').next()).collect()
}

/// Returns the pages of a project's site, by their path from its root.
pub(crate) fn pages(project: &Project) -> BTreeMap<PathBuf, String> {
    let files = project
        .tree("site")
        .into_iter()
        .filter_map(|(path, bytes)| {
            let name = path.strip_prefix("site").ok()?.to_owned();
            let is_page = name.extension().is_some_and(|ending| ending == "html");
            is_page.then(|| (name, String::from_utf8(bytes).expect("a page is UTF-8")))
        });
    files.collect()
}

/// Returns the path that a relative address means on a page.
fn resolve(page: &Path, address: &str) -> PathBuf {
    if address.is_empty() {
        return page.to_owned();
    }
    let mut path = page.parent().map_or_else(PathBuf::new, Path::to_owned);
    for part in Path::new(address).components() {
        match part {
            Component::ParentDir => assert!(path.pop(), "`{address}` leaves the site"),
            Component::Normal(name) => path.push(name),
            _ => {}
        }
    }
    path
}

/// Returns the links of a site that lead to no file or to no such place in it.
pub(crate) fn broken_links(project: &Project) -> Vec<String> {
    let pages = pages(project);
    let files: BTreeSet<PathBuf> = project.tree("site").into_keys().collect();
    let anchors: BTreeMap<&PathBuf, BTreeSet<&str>> = pages
        .iter()
        .map(|(name, html)| (name, attributes(html, " id=\"").into_iter().collect()))
        .collect();
    let mut broken = Vec::new();
    for (name, html) in &pages {
        for address in attributes(html, " href=\"") {
            let address = address.replace("&#x2f;", "/");
            if address.contains(':') {
                continue;
            }
            let (path, fragment) = address.split_once('#').unwrap_or((&address, ""));
            let target = resolve(name, path);
            let is_there = files.contains(&Path::new("site").join(&target));
            let has_anchor = fragment.is_empty()
                || anchors
                    .get(&target)
                    .is_some_and(|ids| ids.contains(fragment));
            if !is_there || !has_anchor {
                broken.push(format!("{}: {address}", name.display()));
            }
        }
    }
    broken
}

#[test]
fn no_link_of_the_site_leads_nowhere() {
    let project = sample_project();
    let finished = project.plimsoll(&["run", "--quiet"]);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let broken = broken_links(&project);
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    std::fs::remove_file(project.path("site/data-quality.html")).expect("it is there");
    assert!(!broken_links(&project).is_empty(), "the check sees nothing");
}

#[test]
fn every_page_has_the_same_navigation_and_marks_where_it_is() {
    let project = sample_project();
    let finished = project.plimsoll(&["run", "--quiet"]);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let pages = pages(&project);
    let front = read_text(&project.path("site/index.html"));
    let navigation = |html: &str| -> (Vec<String>, usize) {
        let rest = html
            .split_once("<nav aria-label=\"Site\">")
            .expect("there is one")
            .1;
        let inside = rest.split_once("</nav>").expect("it ends").0;
        let names = inside
            .split("</a>")
            .filter_map(|link| link.rsplit_once('>'));
        let names = names.map(|(_, name)| name.trim().to_owned());
        let names = names.filter(|name| !name.is_empty()).collect();
        (names, inside.matches("aria-current=\"").count())
    };
    let (expected, _) = navigation(&front);
    assert!(expected.len() > 2, "{expected:?}");
    for (name, html) in &pages {
        let (names, marked) = navigation(html);
        assert_eq!(names, expected, "{}", name.display());
        assert_eq!(marked, 1, "{} marks no section", name.display());
    }
}

//! Pages of releases made up of placeholders, to try templates on.

use std::collections::BTreeMap;

use super::carry::MovedPage;
use super::gates::ReleaseGatePage;
use super::index::ReleaseIndex;
use super::lists::List;
use super::page::{Common, Identity, ReleasePage, RetrospectivePage};
use super::paragraph::Phrase;
use super::questions::{Question, Questions};
use crate::error::Result;
use crate::report::gates;
use crate::report::page::{Cell, Link, Tag};
use crate::report::specimen::{figure, list, table, text, weekly};
use crate::report::template::Templates;

/// Renders each page of releases, full or bare.
pub(in crate::report) fn try_pages(templates: &Templates, is_full: bool) -> Vec<Result<String>> {
    let common = Common::specimen(weekly(is_full));
    let figures = vec![figure(is_full)];
    let links = figures
        .iter()
        .map(|one| (one.id.clone(), list(is_full, link)));
    let links: BTreeMap<_, _> = links.collect();
    let drawings = crate::report::releases::drawings(&figures);
    let release = ReleasePage {
        common: &common,
        release: Identity::specimen(is_full),
        earlier: is_full.then(link),
        later: is_full.then(link),
        paragraph: phrases(),
        gates: is_full.then(|| Tag::new("none", text())),
        forecast: is_full.then(link),
        facts: table(is_full),
        figures: figures.clone(),
        definition_links: links.clone(),
        deployments: table(is_full),
        deployments_empty: text(),
        events: table(is_full),
        events_empty: text(),
        items: table(is_full),
        items_empty: text(),
        moves: table(is_full),
        lists: list(is_full, || {
            List::new("specimen", "specimen", vec![Cell::text(text())])
        }),
    };
    let retrospective = RetrospectivePage {
        common: &common,
        release: Identity::specimen(is_full),
        is_over: is_full,
        paragraph: phrases(),
        questions: questions(is_full),
        exceptions: is_full.then(|| table(is_full)),
        figures,
        definition_links: links,
        events: table(is_full),
        events_empty: text(),
        patterns: table(is_full),
        patterns_empty: text(),
        rules: is_full.then(|| table(is_full)),
    };
    let index = ReleaseIndex {
        common: &common,
        releases: table(is_full),
        empty: text(),
        notes: list(is_full, text),
        coverage: table(is_full),
    };
    let identity = Identity::specimen(is_full);
    let gates = ReleaseGatePage {
        common: &common,
        release: Identity::specimen(is_full),
        gates: gates::specimen(is_full),
    };
    let moved = MovedPage {
        common: &common,
        release: &identity,
        target: link(),
    };
    vec![
        templates.render("release.html", &release, &drawings, 1),
        templates.render("retrospective.html", &retrospective, &drawings, 2),
        templates.render("release_index.html", &index, &drawings, 1),
        templates.render("gates.html", &gates, &drawings, 2),
        templates.render("release_moved.html", &moved, &drawings, 1),
    ]
}

fn link() -> Link {
    Link {
        href: "#content".to_owned(),
        text: text(),
    }
}

/// One with a link and one without.
fn phrases() -> Vec<Phrase> {
    let phrase = |href| Phrase { text: text(), href };
    vec![phrase(Some("#content".to_owned())), phrase(None)]
}

fn questions(is_full: bool) -> Questions {
    Questions {
        asked: list(is_full, || Question {
            text: text(),
            evidence: link(),
        }),
        remark: (!is_full).then(text),
        untried: list(is_full, text),
    }
}

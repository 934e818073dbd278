//! The sections of the site that every page leads to, in the order of its navigation.
//!
//! A section is listed only where this program writes its front page in every run, so
//! that no page leads nowhere. Its name is what a template gives to the macro of
//! `_navigation.html` to have it marked.

use serde::Serialize;

/// A section of the site.
#[derive(Debug, Serialize)]
pub(super) struct Section {
    /// What templates call it.
    pub(super) name: &'static str,
    /// Its front page, from the root of the site.
    pub(super) href: &'static str,
    /// What readers see.
    pub(super) text: &'static str,
}

const fn section(name: &'static str, href: &'static str, text: &'static str) -> Section {
    Section { name, href, text }
}

/// The sections, in the order of the navigation.
pub(super) const SECTIONS: &[Section] = &[
    section("index", "index.html", "Index"),
    section("weekly", "weekly/index.html", "Weekly"),
    section("releases", "releases/index.html", "Releases"),
    section("calendar", "calendar.html", "Calendar"),
    section("quarters", "quarters/index.html", "Quarters"),
    section("portfolio", "portfolio.html", "Portfolio"),
    section("volatility", "volatility.html", "Scope"),
    section("governance", "governance.html", "Governance"),
    section("dependencies", "dependencies.html", "Dependencies"),
    section("environments", "environments.html", "Environments"),
    section("risk", "risk.html", "Risk"),
    section("forecasts", "forecasts.html", "Forecasts"),
    section("feedback", "feedback.html", "Feedback"),
    section("rules", "rules.html", "Rules"),
    section("definitions", "definitions.html", "Definitions"),
    section("data-quality", "data-quality.html", "Data quality"),
];

//! The page of risk and compliance: the register with its heat map, the tiers with what
//! each must have, sign-offs by regulation, and the audit sheets of regulated systems.

mod compliance;
mod heat;
mod register;

use std::path::Path;

use minijinja::Value;
use serde::Serialize;

use super::full_list::FullLists;
use super::marts::Marts;
use super::page::Link;
use super::part::{PartsPage, write_lists};
use super::template::Templates;
use super::weekly::WeeklyPage;
use crate::config::Config;
use crate::error::Result;
use heat::HeatMap;

/// How many rows a table of the page shows.
const MOST_ROWS: usize = 60;

/// The page.
#[derive(Debug, Serialize)]
pub(super) struct RiskPage<'a> {
    #[serde(flatten)]
    page: PartsPage<'a>,
    heat: HeatMap,
}

/// Writes the page and its JSON.
pub(super) fn write_risk(
    templates: &Templates,
    config: &Config,
    marts: &Marts,
    latest: &WeeklyPage,
    staging: &Path,
) -> Result<()> {
    let zone = config.project.time_zone;
    let register = register::part(marts, zone)?;
    let answer = register.finding.trim_end_matches('.').to_owned();
    let mut parts = vec![
        register,
        register::tiers(marts)?,
        compliance::regulations(marts)?,
        compliance::audits(marts, zone)?,
    ];
    let back = Link {
        href: "../risk.html".to_owned(),
        text: "Risk".to_owned(),
    };
    let pages = FullLists::new(templates, latest, ("risk", "risk"), &back, staging)?;
    write_lists(&mut parts, &pages)?;
    let page = RiskPage {
        page: PartsPage::new(latest, answer, parts),
        heat: heat::build(&marts.rows("risk_heat_map")?)?,
    };
    templates.write("risk.html", &page, &Value::UNDEFINED, 0, (staging, "risk"))
}

/// Returns a page of placeholders, to try templates on.
pub(super) fn specimen(latest: &WeeklyPage, is_full: bool) -> RiskPage<'_> {
    RiskPage {
        page: PartsPage::specimen(latest, is_full),
        heat: heat::specimen(is_full),
    }
}

//! Themes and the portfolio, quarter by quarter.

use std::path::Path;

use super::{Form, Sheet, World, WrittenFile};
use crate::error::Result;
use crate::generate::dice::{Concern, Dice};

const THEMES: Form = Form::plain(
    "exports/planning/themes.csv",
    &[
        "theme_id",
        "name",
        "quarter",
        "goal",
        "driver",
        "owner",
        "target_share",
    ],
);
const PORTFOLIO: Form = Form::plain(
    "exports/planning/portfolio.csv",
    &[
        "quarter",
        "investment_category",
        "team",
        "target_hours",
        "target_share",
    ],
);
const NAMES: [&str; 8] = [
    "Paperless gate",
    "One login",
    "Faster refunds",
    "Swiss market",
    "Calm nights",
    "支払い in Japan",
    "Trusted data",
    "Self-service",
];
const DRIVERS: [&str; 4] = ["revenue", "compliance", "market_expansion", "stability"];
const CATEGORIES: [(&str, &str); 4] = [
    ("growth", "0.45"),
    ("run", "0.25"),
    ("platform", "0.2"),
    ("compliance", "0.1"),
];

/// Writes themes and portfolio.
pub(super) fn write_planning(folder: &Path, world: &World) -> Result<Vec<WrittenFile>> {
    let mut dice = Dice::at(world.company.seed, Concern::Portfolio, 0);
    let mut themes = Sheet::create(folder, THEMES)?;
    let mut portfolio = Sheet::create(folder, PORTFOLIO)?;
    for number in 0..10 {
        let quarter = format!("{}-Q{}", 2024 + (number + 2) / 4, (number + 2) % 4 + 1);
        for theme in 1..=4 {
            themes.row(&[
                format!("TH-{quarter}-{theme}").as_str(),
                dice.pick(&NAMES),
                &quarter,
                "",
                dice.pick(&DRIVERS),
                dice.pick(&["Margaret Hale", "Tomás Ribeiro", "Wei Chen"]),
                dice.pick(&["0.15", "0.2", "0.25", "0.3"]),
            ])?;
        }
        for team in &world.company.teams {
            for (category, share) in CATEGORIES {
                let target = (dice.between(2, 12) * 20).to_string();
                portfolio.row(&[&quarter, category, &team.name, &target, share])?;
            }
        }
    }
    Ok(vec![themes.finish()?, portfolio.finish()?])
}

//! The forecast of a release as pages, the command line and JSON tell it.

use chrono::NaiveDate;
use serde::Serialize;

use crate::error::Result;
use crate::lake::Rows;
use crate::report::format;

/// The percentiles, as they are written.
pub const PERCENTILES: [&str; 3] = ["50 %", "85 %", "95 %"];

/// The forecast of one open release.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ReleaseForecast {
    /// The release.
    pub release_id: String,
    /// Its present name.
    pub release_name: String,
    /// `forecast`, or why there is none.
    pub state: String,
    /// The same in words; also what lies past the horizon.
    pub state_words: Option<String>,
    /// What the dates go by: work, plan or later.
    pub basis: Option<String>,
    /// Open items.
    pub remaining_count: i64,
    /// Items that its teams delivered in the basis.
    pub delivered_count: Option<i64>,
    /// Whole weeks that are drawn from.
    pub basis_weeks: Option<i64>,
    /// Releases whose forecasts correct this one.
    pub corrected_by: Option<i64>,
    /// Open items in cycles of dependencies.
    pub knotted_count: Option<i64>,
    /// What its items wait for that is not in the forecast.
    pub outside: Option<String>,
    /// Trials.
    pub trials: i64,
    /// Seed of the dice.
    pub seed: i64,
    /// Day of the forecast.
    pub made_on: Option<NaiveDate>,
    /// The days of [`PERCENTILES`].
    pub days: [Option<NaiveDate>; 3],
    /// Those of the work alone, without a plan.
    pub work_days: [Option<NaiveDate>; 3],
    /// Planned day.
    pub planned_on: Option<NaiveDate>,
    /// Chance that it is done by then.
    pub planned_chance: Option<f64>,
}

impl ReleaseForecast {
    /// Reads a row of `release_forecasts`.
    ///
    /// # Errors
    /// `Template` where the mart has other columns.
    pub(in crate::report) fn read(rows: &Rows, row: usize) -> Result<Self> {
        let days = |prefix: &str| -> Result<[Option<NaiveDate>; 3]> {
            let day = |name: &str| rows.date(&format!("{prefix}{name}_on"), row);
            Ok([day("p50")?, day("p85")?, day("p95")?])
        };
        Ok(Self {
            release_id: rows.owned_text("release_id", row)?,
            release_name: rows.owned_text("release_name", row)?,
            state: rows.owned_text("state", row)?,
            state_words: rows.maybe_owned_text("state_words", row)?,
            basis: rows.maybe_owned_text("basis", row)?,
            remaining_count: rows.integer("remaining_count", row)?.unwrap_or(0),
            delivered_count: rows.integer("delivered_count", row)?,
            basis_weeks: rows.integer("basis_weeks", row)?,
            corrected_by: rows.integer("corrected_by", row)?,
            knotted_count: rows.integer("knotted_count", row)?,
            outside: rows.maybe_owned_text("outside", row)?,
            trials: rows.integer("trials", row)?.unwrap_or(0),
            seed: rows.integer("seed", row)?.unwrap_or(0),
            made_on: rows.date("made_on", row)?,
            days: days("")?,
            work_days: days("work_")?,
            planned_on: rows.date("planned_on", row)?,
            planned_chance: rows.number("planned_chance", row)?,
        })
    }

    /// Returns whether there is a forecast.
    pub fn is_made(&self) -> bool {
        self.state == "forecast"
    }

    /// Says in one line when it is done: "85 %: by 12 Mar 2026; planned 5 Mar 2026".
    pub fn line(&self) -> String {
        let planned = match self.planned_on {
            Some(planned) => format!("planned {}", format::date(planned)),
            None => "no planned day".to_owned(),
        };
        match (self.is_made(), self.days[1]) {
            (true, Some(day)) => format!("85 %: by {}; {planned}", format::date(day)),
            _ => format!("{}; {planned}", self.why()),
        }
    }

    /// Says why there is no forecast, or no 85 % day.
    pub fn why(&self) -> String {
        self.state_words
            .clone()
            .unwrap_or_else(|| format::MISSING.to_owned())
    }

    /// Says what the dates go by.
    pub fn basis_words(&self) -> &'static str {
        match self.basis.as_deref() {
            Some("plan") => "plan, as earlier ones kept it",
            Some("later") => "the later of plan and work",
            Some(_) => "open work",
            None => format::MISSING,
        }
    }

    /// Says what is not in the forecast, or how it is to be taken.
    pub(in crate::report) fn remark(&self) -> Option<String> {
        let mut words: Vec<String> = self.state_words.iter().cloned().collect();
        if let Some(outside) = &self.outside {
            words.push(format!("not in the forecast: {outside}"));
        }
        if let Some(count) = self.knotted_count.filter(|count| *count > 0) {
            let items = format::count(count, "item", "items");
            words.push(format!("{items} of a cycle taken as one piece"));
        }
        (!words.is_empty()).then(|| words.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forecast() -> ReleaseForecast {
        let day = |day| NaiveDate::from_ymd_opt(2026, 3, day);
        ReleaseForecast {
            state: "forecast".to_owned(),
            days: [day(8), day(12), None],
            planned_on: day(5),
            ..ReleaseForecast::default()
        }
    }

    #[test]
    fn the_line_names_the_85_percent_day_and_the_plan() {
        assert_eq!(
            forecast().line(),
            "85 %: by 12 Mar 2026; planned 5 Mar 2026"
        );
    }

    #[test]
    fn without_a_forecast_the_line_says_why() {
        let forecast = ReleaseForecast {
            state: "too_few_weeks".to_owned(),
            state_words: Some("too few active weeks: 3 of 5".to_owned()),
            days: [None; 3],
            planned_on: None,
            ..forecast()
        };
        assert_eq!(
            forecast.line(),
            "too few active weeks: 3 of 5; no planned day"
        );
    }
}

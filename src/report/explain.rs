//! Explains a figure: its definition, and the rows behind it.
//!
//! The rows of a headline measure are those of `measure_rows`, of which its value is
//! made; where a measure has none there, and for any other mart, they are the rows of
//! the mart. The select is told with them, so that anybody can repeat it.

mod period;

use chrono::NaiveDate;
use serde::Serialize;

use super::definition::{Definition, load_definitions};
use super::marts::Marts;
use super::measures::{self, MeasureName, Point};
use crate::calendar;
use crate::config::Config;
use crate::engine::{Engine, Outcome, quoted};
use crate::error::{Error, ErrorKind, Result, nearest};
use crate::lake::Rows;
use period::Period;

/// The mart of the rows behind every headline measure.
const ROWS: &str = "measure_rows";

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Question<'q> {
    /// A mart, a table that marts read, or a headline measure.
    pub metric: &'q str,
    /// Of which period or release.
    pub scope: Scope<'q>,
    /// How many rows at most; `None` for all.
    pub most_rows: Option<u64>,
}

/// Of which period or release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope<'q> {
    /// The reported week of a measure, all rows of a mart.
    Default,
    /// An ISO week such as `2026-W27`.
    Week(&'q str),
    /// A quarter such as `2026-Q2`.
    Quarter(&'q str),
    /// A release: its id, its name or its version.
    Release(&'q str),
}

/// The answer.
#[derive(Debug)]
pub struct Explanation {
    /// What the figure is.
    pub definition: Definition,
    /// The figure itself, where a measure was asked for and has one in this scope.
    pub figure: Option<FigureBehind>,
    /// The rows; none for what no run keeps.
    pub rows: Option<RowsBehind>,
}

/// A headline figure.
#[derive(Debug, Clone, Serialize)]
pub struct FigureBehind {
    /// The measure.
    pub measure: MeasureName,
    /// Such as `week 2026-W27`.
    pub scope: String,
    /// The mart that has the value.
    pub mart: &'static str,
    /// As pages write it.
    pub text: String,
    /// The value; null where nothing can be said.
    pub value: Option<f64>,
    /// Count above the line; null for a quantile.
    pub numerator: Option<i64>,
    /// What the value rests on.
    pub denominator: i64,
    /// Of these, how many may still turn out otherwise.
    pub provisional_count: i64,
}

/// The rows behind a figure.
#[derive(Debug)]
pub struct RowsBehind {
    /// What they are, in words.
    pub about: String,
    /// The select that gives all of them.
    pub sql: String,
    /// How many there are.
    pub total: u64,
    /// The first of them.
    pub shown: Outcome,
}

/// Explains a figure of the last run, whose tables `engine` has.
///
/// # Errors
/// `Usage` where there is no such metric, period or release; `Project` where nothing
/// was computed yet; `Query` where a definition does not parse.
pub fn explain(config: &Config, engine: &Engine, question: &Question<'_>) -> Result<Explanation> {
    let marts = Marts::load(config)?;
    let definitions = load_definitions(config, &marts)?;
    let measure = measures::measure_names().find(|known| known.measure == question.metric);
    let name = measure.as_ref().map_or(question.metric, |known| known.mart);
    let Some(definition) = definitions.iter().find(|known| known.name == name) else {
        return Err(unknown(question.metric, &definitions));
    };
    let source = Source {
        marts: &marts,
        engine,
    };
    let (figure, rows) = match &measure {
        Some(measure) if source.has_rows_of(measure)? => {
            let period = source.period(question.scope)?;
            let figure = source.figure(measure, &period)?;
            (
                figure,
                Some(source.rows_of_measure(measure, &period, question)?),
            )
        }
        Some(_) => (None, source.rows_of_mart(definition, question, true)?),
        None => (None, source.rows_of_mart(definition, question, false)?),
    };
    Ok(Explanation {
        definition: definition.clone(),
        figure,
        rows,
    })
}

fn unknown(metric: &str, definitions: &[Definition]) -> Error {
    let message =
        format!("cannot explain `{metric}`: expected a mart or a measure, found none of that name");
    let measures: Vec<_> = measures::measure_names()
        .map(|known| known.measure)
        .collect();
    let marts = definitions.iter().filter(|known| known.folder == "metrics");
    let marts: Vec<&str> = marts.map(|known| known.name.as_str()).collect();
    let all = definitions.iter().map(|known| known.name.as_str());
    let error = Error::new(ErrorKind::Usage, message);
    error.hint(match nearest(metric, all.chain(measures.iter().copied())) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!(
            "measures: {}; marts: {}",
            measures.join(", "),
            marts.join(", ")
        ),
    })
}

/// What answers are made from.
struct Source<'a> {
    marts: &'a Marts,
    engine: &'a Engine,
}

impl Source<'_> {
    /// Returns whether `measure_rows` lists a measure.
    fn has_rows_of(&self, measure: &MeasureName) -> Result<bool> {
        if !self.marts.has(ROWS) {
            return Ok(false);
        }
        let name = quoted(measure.measure);
        Ok(self.count(&format!(
            "select 1 as one from {ROWS} where measure = {name}"
        ))? > 0)
    }

    fn count(&self, sql: &str) -> Result<u64> {
        let counted = format!("select count(*) as row_count from ({sql})");
        let rows = self.select("row_count", &counted)?;
        Ok(rows.integer("row_count", 0)?.map_or(0, i64::unsigned_abs))
    }

    fn select(&self, name: &str, sql: &str) -> Result<Rows> {
        self.engine.select(sql)?.into_rows(name)
    }

    /// Returns the period that is meant; the reported week where none is named.
    fn period(&self, scope: Scope<'_>) -> Result<Period> {
        Ok(match scope {
            Scope::Default => Period::week(self.marts.week_start),
            Scope::Week(text) => Period::week(period::parse_week(text)?),
            Scope::Quarter(text) => Period::quarter(period::parse_quarter(text)?),
            Scope::Release(text) => Period::release(self.release_id(text)?),
        })
    }

    /// Returns the id of the release that has this id, name or version.
    fn release_id(&self, text: &str) -> Result<String> {
        let sql = "select release_id, name, version from releases order by release_id";
        let releases = self.select("releases", sql)?;
        let mut known = Vec::new();
        for row in releases.indices() {
            for column in ["release_id", "name", "version"] {
                if let Some(found) = releases.text(column, row)? {
                    let id = releases.text("release_id", row)?.unwrap_or_default();
                    known.push((found.to_owned(), id.to_owned()));
                }
            }
        }
        if let Some((_, id)) = known.iter().find(|(found, _)| found == text) {
            return Ok(id.clone());
        }
        let message = format!(
            "cannot explain release `{text}`: expected the id, name or version of a release, found none"
        );
        let error = Error::new(ErrorKind::Usage, message);
        Err(error.hint(
            match nearest(text, known.iter().map(|(found, _)| found.as_str())) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`plimsoll query \"select release_id, name from releases\"` lists them"
                    .to_owned(),
            },
        ))
    }

    /// Reads the figure of a measure from the mart of its kind of period.
    fn figure(&self, measure: &MeasureName, period: &Period) -> Result<Option<FigureBehind>> {
        let (mart, column) = period.mart();
        if !self.marts.has(mart) {
            return Ok(None);
        }
        let sql = format!(
            "select value, numerator, denominator, provisional_count from {mart} where measure = {} and {column} = {}",
            quoted(measure.measure),
            quoted(&period.name)
        );
        let rows = self.select(mart, &sql)?;
        // A release without rows of a measure has no figure; a week always has one.
        if rows.is_empty() && period.kind == "release" {
            return Ok(None);
        }
        if rows.is_empty() {
            return Err(self.no_such_period(measure, period, mart, column)?);
        }
        let point = Point {
            week_start: period.monday.unwrap_or_default(),
            value: rows.number("value", 0)?,
            numerator: rows.integer("numerator", 0)?,
            denominator: rows.integer("denominator", 0)?.unwrap_or(0),
            provisional: rows.integer("provisional_count", 0)?.unwrap_or(0),
        };
        Ok(Some(FigureBehind {
            measure: measure.clone(),
            scope: format!("{} {}", period.kind, period.name),
            mart,
            text: measures::write_point(measure.measure, &point),
            value: point.value,
            numerator: point.numerator,
            denominator: point.denominator,
            provisional_count: point.provisional,
        }))
    }

    fn no_such_period(
        &self,
        measure: &MeasureName,
        period: &Period,
        mart: &str,
        column: &str,
    ) -> Result<Error> {
        let sql = format!(
            "select min({column}) as first_one, max({column}) as last_one from {mart} where measure = {}",
            quoted(measure.measure)
        );
        let ends = self.select(mart, &sql)?;
        let end = |name| -> Result<String> { Ok(ends.text(name, 0)?.unwrap_or("none").to_owned()) };
        let message = format!(
            "cannot explain `{}`: expected a {} that `{mart}` has, {} to {}, found `{}`",
            measure.measure,
            period.kind,
            end("first_one")?,
            end("last_one")?,
            period.name
        );
        let hint = "`plimsoll compute --as-of` moves the series to another instant";
        Ok(Error::new(ErrorKind::Usage, message).hint(hint))
    }

    /// Returns the rows that a measure was made of in a period.
    fn rows_of_measure(
        &self,
        measure: &MeasureName,
        period: &Period,
        question: &Question<'_>,
    ) -> Result<RowsBehind> {
        let sql = format!(
            "select subject_type, subject_id, item_id, release_id, team, value, is_counted, is_denominator, \
             is_provisional, occurred_at from {ROWS} where measure = {} and period_kind = '{}' and period = {} \
             order by subject_id",
            quoted(measure.measure),
            period.kind,
            quoted(&period.name)
        );
        let about = format!(
            "rows behind {} in {} {}; is_counted: above the line, is_denominator: below it",
            measure.measure, period.kind, period.name
        );
        self.rows(about, sql, question.most_rows)
    }

    /// Returns the rows of a mart, of a period or release where one is asked for; of
    /// the reported week for a measure of a mart that has weeks.
    fn rows_of_mart(
        &self,
        definition: &Definition,
        question: &Question<'_>,
        is_measure: bool,
    ) -> Result<Option<RowsBehind>> {
        let name = &definition.name;
        if !self.marts.has(name) {
            return Ok(None);
        }
        let has = |wanted: &str| {
            definition
                .columns
                .iter()
                .any(|column| column.name == wanted)
        };
        let week_column = definition
            .columns
            .iter()
            .find(|column| column.name.ends_with("week_start"));
        let lacking = |what: &str| {
            let message = format!(
                "cannot explain `{name}` by {what}: expected a column for it, found none in the mart"
            );
            Error::new(ErrorKind::Usage, message).hint("leave the option out, or ask for a measure")
        };
        let (condition, about) = match (question.scope, week_column) {
            (Scope::Default, Some(column)) if is_measure => {
                week_condition(&column.name, self.marts.week_start)
            }
            (Scope::Default, _) => (None, String::new()),
            (Scope::Week(text), Some(column)) => {
                week_condition(&column.name, period::parse_week(text)?)
            }
            (Scope::Week(_), None) => return Err(lacking("week")),
            (Scope::Quarter(text), _) if has("quarter") => {
                let quarter = period::parse_quarter(text)?;
                (
                    Some(format!("quarter = {}", quoted(&quarter))),
                    format!(" in quarter {quarter}"),
                )
            }
            (Scope::Quarter(_), _) => return Err(lacking("quarter")),
            (Scope::Release(text), _) if has("release_id") => {
                let id = self.release_id(text)?;
                (
                    Some(format!("release_id = {}", quoted(&id))),
                    format!(" of release {id}"),
                )
            }
            (Scope::Release(_), _) => return Err(lacking("release")),
        };
        let condition = condition.map_or_else(String::new, |text| format!(" where {text}"));
        let order = definition.key.join(", ");
        let sql = format!("select * from {name}{condition} order by {order}");
        let about = format!("rows of {name}{about}");
        self.rows(about, sql, question.most_rows).map(Some)
    }

    fn rows(&self, about: String, sql: String, most_rows: Option<u64>) -> Result<RowsBehind> {
        let shown = match most_rows {
            Some(most) => self.engine.select(&format!("{sql} limit {most}"))?,
            None => self.engine.select(&sql)?,
        };
        Ok(RowsBehind {
            total: self.count(&sql)?,
            about,
            sql,
            shown,
        })
    }
}

fn week_condition(column: &str, monday: NaiveDate) -> (Option<String>, String) {
    let week = calendar::iso_week(monday);
    (
        Some(format!("{column} = date '{monday}'")),
        format!(" in week {week}"),
    )
}

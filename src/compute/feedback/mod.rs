//! Reports from operations in groups of what is alike, made between the queries that
//! list reports and open items (`operation_reports`, `answer_candidates`) and those that
//! say which groups are patterns. Words are no business of SQL, so this is a step.
//!
//! Also the settings of it, as tables: limits and weights.

mod groups;
mod settings;

use arrow::array::RecordBatch;

use super::settings::{batch, numbers, optional_texts, texts};
use super::steps::Step;
use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result};
use crate::lake::Rows;
use crate::wording::Language;
use groups::{Candidate, Grouping, Limits, Report, group};

pub(super) use settings::{limits_table, weights_table};

/// Of the reports and what may answer them, the groups.
pub(super) const STEP: Step = Step {
    names: &["report_groups", "group_words", "group_answers"],
    inputs: &INPUTS,
    make,
    make_empty: || tables(&[], &[], &Grouping::default()),
};

const INPUTS: [&str; 2] = ["operation_reports", "answer_candidates"];

fn make(engine: &Engine) -> Result<Vec<RecordBatch>> {
    let read = |name: &str, sql: &str| engine.select(sql)?.into_rows(name);
    let limits = read("feedback_limits", "select * from feedback_limits")?;
    let reports = read(
        INPUTS[0],
        "select report_id, system, component, category, text from operation_reports \
         where exclusion is null \
         order by reported_at, report_id",
    )?;
    let candidates = read(
        INPUTS[1],
        "select item_id, title from answer_candidates order by item_id",
    )?;
    let reports = read_reports(&reports)?;
    let candidates = read_candidates(&candidates)?;
    let grouping = group(&reports, &candidates, &read_limits(&limits)?);
    tables(&reports, &candidates, &grouping)
}

fn read_reports(rows: &Rows) -> Result<Vec<Report>> {
    let report = |row| {
        Ok(Report {
            id: rows.owned_text("report_id", row)?,
            system: rows.maybe_owned_text("system", row)?,
            component: rows.maybe_owned_text("component", row)?,
            category: rows.maybe_owned_text("category", row)?,
            text: rows.maybe_owned_text("text", row)?,
        })
    };
    rows.indices().map(report).collect()
}

fn read_candidates(rows: &Rows) -> Result<Vec<Candidate>> {
    let candidate = |row| {
        Ok(Candidate {
            id: rows.owned_text("item_id", row)?,
            title: rows.owned_text("title", row)?,
        })
    };
    rows.indices().map(candidate).collect()
}

fn read_limits(rows: &Rows) -> Result<Limits> {
    let lacking = |what: &str| {
        let message = format!("cannot compare reports: the settings have no `{what}`");
        Error::new(ErrorKind::Internal, message)
    };
    let number = |what| rows.number(what, 0)?.ok_or_else(|| lacking(what));
    let whole = |what| -> Result<usize> {
        let value = rows.integer(what, 0)?.ok_or_else(|| lacking(what))?;
        usize::try_from(value).map_err(|_| lacking(what))
    };
    let language = rows.owned_text("language", 0)?;
    Ok(Limits {
        min_reports: whole("min_reports")?,
        max_compared: whole("max_compared")?,
        max_distance: number("max_distance")?,
        min_similarity: number("min_similarity")?,
        words_weight: number("words_weight")?,
        component_weight: number("component_weight")?,
        category_weight: number("category_weight")?,
        language: Language::find(&language).ok_or_else(|| lacking("language"))?,
    })
}

fn tables(
    reports: &[Report],
    candidates: &[Candidate],
    grouping: &Grouping,
) -> Result<Vec<RecordBatch>> {
    let id = |place: usize| reports[place].id.as_str();
    let places = || grouping.places.iter();
    let report_groups = batch(vec![
        (
            "report_id",
            texts(reports.iter().map(|report| report.id.as_str())),
        ),
        ("group_id", texts(places().map(|place| id(place.first)))),
        (
            "compared_within",
            texts(places().map(|place| place.within.as_str())),
        ),
    ])?;
    let groups = || grouping.groups.iter();
    let words = |words: &str| (!words.is_empty()).then(|| words.to_owned());
    let words: Vec<Option<String>> = groups()
        .map(|group| words(&group.words.join(", ")))
        .collect();
    let group_words = batch(vec![
        ("group_id", texts(groups().map(|group| id(group.first)))),
        ("example_id", texts(groups().map(|group| id(group.example)))),
        ("words", optional_texts(words.iter().map(Option::as_deref))),
    ])?;
    let answers: Vec<(usize, usize, f64)> = groups()
        .flat_map(|group| {
            let answers = group.answers.iter();
            answers.map(|(candidate, similarity)| (group.first, *candidate, *similarity))
        })
        .collect();
    let answers = || answers.iter().copied();
    let group_answers = batch(vec![
        ("group_id", texts(answers().map(|(first, ..)| id(first)))),
        (
            "item_id",
            texts(answers().map(|(_, candidate, _)| candidates[candidate].id.as_str())),
        ),
        (
            "similarity",
            numbers(answers().map(|(.., similarity)| Some(similarity))),
        ),
    ])?;
    Ok(vec![report_groups, group_words, group_answers])
}

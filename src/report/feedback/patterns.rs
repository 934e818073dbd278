//! The patterns ranked by pain, and the items that answer them.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::lists::Behind;
use super::model::Pattern;
use super::{MOST_ROWS, Sources, figure, half_missing, missing};
use crate::error::Result;
use crate::lake::Rows;
use crate::report::format;
use crate::report::marts::Marts;
use crate::report::page::{Cell, DataTable};
use crate::report::part::Part;

/// The table of patterns, with their pain as a chart.
pub(super) fn part(sources: &Sources<'_>, behind: &Behind) -> Result<Part> {
    let patterns = &sources.patterns.all;
    let answers = open_answers(&sources.marts.rows("pattern_items")?)?;
    let cells = patterns.iter();
    let cells = cells.map(|pattern| cells_of(pattern, behind, &answers, sources.zone));
    let finding = match missing(sources.marts) {
        Some(missing) => missing,
        None => finding(patterns),
    };
    let table = DataTable::new(
        "Recurring patterns, the most pain first",
        &[
            "Pattern",
            "#Rank",
            "#Pain, weighed hours",
            "#Reports",
            "Kinds",
            "#Weeks",
            "#Outage, hours",
            "#Last 13 weeks",
            "First and last",
            "Answered by",
        ],
        cells.collect(),
        MOST_ROWS,
    );
    let mut about = about(sources.marts)?;
    if let Some(missing) = half_missing(sources.marts) {
        about = format!("{about} {missing}");
    }
    Ok(Part {
        id: "patterns",
        title: "What recurs",
        finding,
        about,
        figures: figure::pain(sources.patterns, behind)?
            .into_iter()
            .collect(),
        tables: vec![table.without_empty_columns()],
        definitions: Part::defined_by(&["feedback_patterns", "pattern_reports"]),
    })
}

fn finding(patterns: &[Pattern]) -> String {
    let Some(worst) = patterns.first() else {
        return "Nothing recurs: no reports that are alike came often enough.".to_owned();
    };
    let unanswered = patterns.iter().filter(|one| one.answer == "none").count();
    format!(
        "{} in operations, {} without an open item that would answer it; the most painful, “{}”: {}, {} weighed hours.",
        format::count(patterns.len(), "pattern recurs", "patterns recur"),
        format::integer(unanswered),
        worst.label,
        format::count(worst.reports, "report", "reports"),
        format::number(worst.pain),
    )
}

/// How pain is weighed, by the settings of the run.
fn about(marts: &Marts) -> Result<String> {
    let limits = marts.settings("feedback_limits")?;
    let weights = marts.settings("severity_weights")?;
    let mut words = Vec::new();
    for row in weights.indices() {
        let severity = match weights.integer("severity", row)? {
            Some(severity) => format::integer(severity),
            None => "unknown".to_owned(),
        };
        let weight = weights.number("weight", row)?.unwrap_or(0.0);
        words.push(format!("{severity}: {}", format::number(weight)));
    }
    let number =
        |column| -> Result<String> { Ok(format::number(limits.number(column, 0)?.unwrap_or(0.0))) };
    let whole = |column| -> Result<i64> { Ok(limits.integer(column, 0)?.unwrap_or(0)) };
    Ok(format!(
        "A pattern is {} or more that are alike in words, component and category, in {} or more. Pain is the sum, over its incidents, of the weight of the severity ({}) × hours open, at most {} of one incident, and {} for each other report. “3 after 1” is the reports of the last 13 whole weeks after those of the 13 before; a trend is named where chance alone would part the two so far in less than one of twenty patterns.",
        format::count(whole("min_reports")?, "report", "reports"),
        format::count(whole("min_weeks")?, "week", "weeks"),
        words.join(", "),
        number("max_hours")?,
        number("report_hours")?,
    ))
}

/// An open item that answers a pattern, and by what.
struct Answer {
    cell: Cell,
    is_explicit: bool,
}

/// Returns the open items that answer each pattern, those that reports name first.
fn open_answers(rows: &Rows) -> Result<BTreeMap<String, Vec<Answer>>> {
    let mut answers: BTreeMap<String, Vec<Answer>> = BTreeMap::new();
    for row in rows.indices() {
        if rows.boolean("is_open", row)? != Some(true) {
            continue;
        }
        let answer = Answer {
            cell: Cell::item(rows, row)?,
            is_explicit: rows.text("basis", row)? == Some("explicit"),
        };
        let pattern = rows.owned_text("pattern_id", row)?;
        answers.entry(pattern).or_default().push(answer);
    }
    for found in answers.values_mut() {
        found.sort_by_key(|answer| !answer.is_explicit);
    }
    Ok(answers)
}

fn cells_of(
    pattern: &Pattern,
    behind: &Behind,
    answers: &BTreeMap<String, Vec<Answer>>,
    zone: Tz,
) -> Vec<Cell> {
    let open = (pattern.open > 0).then(|| format!("{} still open", format::integer(pattern.open)));
    let last = format!("to {}", Cell::day(pattern.last_at, zone).text);
    let answered = match answers.get(&pattern.id).map(Vec::as_slice) {
        None | Some([]) => Cell::text("nothing open")
            .within("#drafts")
            .noted(Some("drafted")),
        Some([answer]) => answer.cell.clone(),
        Some([answer, more @ ..]) => {
            let more = format!("and {}", format::count(more.len(), "other", "others"));
            answer.cell.clone().noted(Some(&more))
        }
    };
    vec![
        Cell::text(&pattern.label)
            .noted(pattern.example.as_deref())
            .anchored(pattern.anchor()),
        Cell::integer(pattern.rank),
        Cell::number(Some(pattern.pain), format::number),
        Cell::integer(pattern.reports).within_if(behind.of(&pattern.id)),
        Cell::text(pattern.kinds()).noted(open.as_deref()),
        Cell::integer(pattern.weeks),
        Cell::number(pattern.outage_hours, format::number),
        pattern.trend(),
        Cell::day(pattern.first_at, zone).noted(Some(&last)),
        answered,
    ]
}

/// Every item that answers a pattern, and closed ones that it came back in spite of.
pub(super) fn answers(sources: &Sources<'_>) -> Result<Part> {
    let rows = sources.marts.rows("pattern_items")?;
    let mut by_pattern: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for row in rows.indices() {
        let pattern = rows.owned_text("pattern_id", row)?;
        by_pattern.entry(pattern).or_default().push(row);
    }
    let (mut open, mut closed) = (Vec::new(), Vec::new());
    for pattern in &sources.patterns.all {
        for row in by_pattern.remove(&pattern.id).unwrap_or_default() {
            let basis = match rows.text("basis", row)? {
                Some("explicit") => "named by reports",
                _ => "says the same",
            };
            let cells = vec![
                Cell::text(&pattern.label).within(&format!("#{}", pattern.anchor())),
                Cell::item(&rows, row)?,
                Cell::text(basis),
                Cell::integer(rows.integer("report_count", row)?.unwrap_or(0)),
                Cell::number(rows.number("similarity", row)?, format::percent),
                Cell::maybe(rows.text("status", row)?),
                Cell::maybe(rows.text("team", row)?),
                Cell::maybe(rows.text("release_id", row)?),
            ];
            match rows.boolean("is_open", row)? {
                Some(true) => open.push(cells),
                _ => closed.push(cells),
            }
        }
    }
    let answered = sources
        .patterns
        .all
        .iter()
        .filter(|one| one.answer != "none");
    let finding = match (missing(sources.marts), sources.patterns.all.len()) {
        (Some(missing), _) => missing,
        (None, 0) => "No pattern, so nothing to answer.".to_owned(),
        (None, all) => format!(
            "{} of {} would be answered by an open item.",
            format::integer(answered.count()),
            format::count(all, "pattern", "patterns")
        ),
    };
    let columns = [
        "Pattern",
        "Item",
        "Why",
        "#Reports that name it",
        "#Likeness",
        "Status",
        "Team",
        "Release",
    ];
    Ok(Part {
        id: "answers",
        title: "What would answer it",
        finding,
        about: "An item answers a pattern where a report names it, or where its title is like the words of the reports and its system or component is among theirs. A closed item that reports name answers nothing any more: the pattern stayed or came back.".to_owned(),
        figures: Vec::new(),
        tables: vec![
            DataTable::new("Open items that would answer a pattern", &columns, open, MOST_ROWS)
                .without_empty_columns(),
            DataTable::new("Closed items that reports of a pattern name", &columns, closed, MOST_ROWS)
                .without_empty_columns(),
        ],
        definitions: Part::defined_by(&["pattern_items"]),
    })
}

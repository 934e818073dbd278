//! A calendar as CSV: `date, name, working_from, working_to`.
//!
//! A day without hours is not worked; one with hours is worked from then to then,
//! whatever day of the week it is: half days, and days that are made up for.

use csv::{ReaderBuilder, StringRecord, Trim};

use super::rules::{LineProblem, SpecialDay, WorkingHours};

const COLUMNS: [&str; 4] = ["date", "name", "working_from", "working_to"];
const HINT: &str =
    "the columns are date, name, working_from, working_to; a day without hours is not worked";

/// Parses the text of a calendar file.
///
/// # Errors
/// Every line that is none of a calendar.
pub fn parse_day_file(text: &str) -> Result<Vec<SpecialDay>, Vec<LineProblem>> {
    // The reader counts the line of a CRLF late.
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let mut reader = ReaderBuilder::new()
        .trim(Trim::All)
        .from_reader(text.as_bytes());
    let header = reader.headers().cloned().unwrap_or_default();
    let unknown = header.iter().find(|name| !COLUMNS.contains(name));
    if !header.iter().any(|name| name == COLUMNS[0]) || unknown.is_some() {
        let found = header.iter().collect::<Vec<_>>().join(", ");
        let what = format!(
            "expected the columns {}, found `{found}`",
            COLUMNS.join(", ")
        );
        return Err(vec![problem(1, what)]);
    }
    let mut days = Vec::new();
    let mut problems = Vec::new();
    for record in reader.records() {
        match record {
            Ok(record) => match parse_day(&header, &record) {
                Ok(day) => days.push(day),
                Err(problem) => problems.push(problem),
            },
            Err(error) => {
                let line = error.position().map_or(1, csv::Position::line);
                let what = format!("expected as many cells as columns, found {error}");
                problems.push(problem(whole(line), what));
            }
        }
    }
    if problems.is_empty() {
        return Ok(days);
    }
    Err(problems)
}

fn parse_day(header: &StringRecord, record: &StringRecord) -> Result<SpecialDay, LineProblem> {
    let line = whole(record.position().map_or(1, csv::Position::line));
    let cell = |name: &str| {
        let place = header.iter().position(|column| column == name);
        place
            .and_then(|place| record.get(place))
            .unwrap_or_default()
    };
    let [date, name, from, to] = COLUMNS.map(cell);
    let day = super::parse_date(date).ok_or_else(|| {
        let what = format!("column `date`: expected a date such as 2026-12-25, found `{date}`");
        problem(line, what)
    })?;
    let hours = match (from, to) {
        ("", "") => None,
        _ => Some(WorkingHours::parse(from, to).ok_or_else(|| {
            let what = format!(
                "columns `working_from` and `working_to`: expected a start and a later end such as 09:00 and 13:00, or neither, found `{from}` and `{to}`"
            );
            problem(line, what)
        })?),
    };
    Ok(SpecialDay {
        day,
        name: name.to_owned(),
        hours,
        line,
    })
}

fn problem(line: usize, what: String) -> LineProblem {
    LineProblem {
        line,
        what,
        hint: HINT,
    }
}

fn whole(line: u64) -> usize {
    usize::try_from(line).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_with_and_without_hours() {
        let text = "\u{feff}date,name,working_from,working_to\r\n2026-12-25,Christmas Day,,\r\n2026-12-24,\"Eve, by half\",09:00,13:00\r\n";
        let days = parse_day_file(text).expect("it is a calendar");
        let found: Vec<_> = days
            .iter()
            .map(|day| (day.line, day.name.as_str()))
            .collect();
        assert_eq!(found, [(2, "Christmas Day"), (3, "Eve, by half")]);
        assert_eq!(days[0].hours, None);
        assert_eq!(days[1].hours, WorkingHours::parse("09:00", "13:00"));
    }

    #[test]
    fn hours_and_names_may_be_left_out_of_the_header() {
        let days = parse_day_file("date\n2026-12-25\n").expect("it is a calendar");
        assert_eq!((days.len(), days[0].hours), (1, None));
    }

    #[test]
    fn every_line_that_is_wrong_is_told() {
        let text = "date,name,working_from,working_to\n25/12/2026,a,,\n2026-12-26,b,09:00,\n2026-12-27,c,13:00,09:00\n2026-12-28,d\n";
        let problems = parse_day_file(text).expect_err("four lines are wrong");
        let lines: Vec<_> = problems.iter().map(|problem| problem.line).collect();
        assert_eq!(lines, [2, 3, 4, 5], "{problems:?}");
        assert!(
            problems[0].what.contains("found `25/12/2026`"),
            "{problems:?}"
        );
    }

    #[test]
    fn a_table_of_other_columns_is_none() {
        for text in ["", "day,name\n2026-12-25,a\n", "date,hours\n2026-12-25,8\n"] {
            let problems = parse_day_file(text).expect_err(text);
            assert_eq!(problems[0].line, 1, "{problems:?}");
        }
    }
}

//! What was promised: capacity by theme against its plan, and the dates of contracts.

use chrono::NaiveDate;

use super::period::Quarter;
use crate::error::Result;
use crate::lake::Rows;
use crate::report::format;
use crate::report::page::{Cell, DataTable};

/// How many themes and contracts the page shows; the JSON has all.
const MOST_ROWS: usize = 5;

/// How many characters of a name the sheet has room for.
const MOST_OF_NAME: usize = 60;

/// How many characters of a contract's clause the sheet has room for.
const MOST_OF_CLAUSE: usize = 90;

/// Returns a name as the sheet shows it.
pub(super) fn name(text: &str) -> String {
    format::shorten(text, MOST_OF_NAME)
}

/// One commitment, with what the page says of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Promise {
    pub(super) id: String,
    pub(super) customer: String,
    pub(super) clause: Option<String>,
    /// The release that is to bring it, else the item.
    pub(super) carrier: Option<String>,
    pub(super) state: String,
    pub(super) days_late: Option<i64>,
    pub(super) move_count: i64,
    pub(super) due_on: NaiveDate,
    pub(super) planned_on: Option<NaiveDate>,
    pub(super) delivered_on: Option<NaiveDate>,
}

/// The states of a commitment, the worst first, in words.
const STATES: [(&str, &str); 8] = [
    ("overdue", "Overdue"),
    ("planned_late", "Planned too late"),
    ("plan_passed", "Planned day passed"),
    ("unplanned", "In no open release"),
    ("unknown", "Item and release unknown"),
    ("delivered_late", "Delivered late"),
    ("on_plan", "On plan"),
    ("met", "Met"),
];

impl Promise {
    fn rank(&self) -> usize {
        let place = STATES.iter().position(|(state, _)| *state == self.state);
        place.unwrap_or(STATES.len())
    }

    fn words(&self) -> &str {
        let known = STATES.iter().find(|(state, _)| *state == self.state);
        known.map_or(self.state.as_str(), |(_, words)| words)
    }

    /// Returns whether it is not delivered and will not be in time as things stand.
    pub(super) fn is_at_risk(&self) -> bool {
        self.rank() < 4
    }

    /// Returns whether the quarter's reader is to hear of it: not settled yet, or
    /// due or delivered in the quarter.
    fn is_of(&self, quarter: &Quarter) -> bool {
        let within = |day: NaiveDate| day >= quarter.start_on && day <= quarter.end_on;
        self.delivered_on.is_none() || within(self.due_on) || self.delivered_on.is_some_and(within)
    }
}

/// Reads the commitments, late ones first, then by due date.
pub(super) fn read_promises(rows: &Rows) -> Result<Vec<Promise>> {
    let mut promises = Vec::new();
    for row in rows.indices() {
        let text =
            |column| -> Result<Option<String>> { Ok(rows.text(column, row)?.map(str::to_owned)) };
        promises.push(Promise {
            id: name(&text("commitment_id")?.unwrap_or_default()),
            customer: name(&text("customer")?.unwrap_or_default()),
            clause: text("clause")?.map(|clause| format::shorten(&clause, MOST_OF_CLAUSE)),
            carrier: text("release_name")?
                .or(text("item_id")?)
                .map(|carrier| name(&carrier)),
            state: text("state")?.unwrap_or_default(),
            days_late: rows.integer("days_late", row)?,
            move_count: rows.integer("move_count", row)?.unwrap_or(0),
            due_on: rows.date("due_on", row)?.unwrap_or_default(),
            planned_on: rows.date("planned_on", row)?,
            delivered_on: rows.date("delivered_on", row)?,
        });
    }
    promises.sort_by(|a, b| {
        let late = b.days_late.cmp(&a.days_late);
        (a.rank().cmp(&b.rank()))
            .then(late)
            .then(a.due_on.cmp(&b.due_on))
            .then(a.id.cmp(&b.id))
    });
    Ok(promises)
}

/// The contract dates that the quarter's reader is to hear of.
pub(super) fn promise_table(promises: &[Promise], quarter: &Quarter) -> DataTable {
    let rows = promises
        .iter()
        .filter(|promise| promise.is_of(quarter))
        .map(|promise| {
            vec![
                Cell::text(&promise.customer)
                    .noted(Some(promise.clause.as_deref().unwrap_or(&promise.id))),
                Cell::maybe(promise.carrier.as_deref()).noted(expected(promise).as_deref()),
                Cell::text(format::date(promise.due_on)),
                Cell::text(promise.words()).noted(lateness(promise).as_deref()),
            ]
        });
    DataTable::new(
        format!(
            "Not settled yet, or due or delivered in {}; most overdue first",
            quarter.label
        ),
        &["Customer", "Brought by", "Due", "State"],
        rows.collect(),
        MOST_ROWS,
    )
}

/// "delivered 3 Jul 2026" or "planned 4 Aug 2026".
fn expected(promise: &Promise) -> Option<String> {
    let delivered = promise.delivered_on.map(|day| ("delivered", day));
    let (what, day) = delivered.or(promise.planned_on.map(|day| ("planned", day)))?;
    Some(format!("{what} {}", format::date(day)))
}

/// "3 days late, moved twice": what stands behind the state.
fn lateness(promise: &Promise) -> Option<String> {
    let mut parts = Vec::new();
    match promise.days_late {
        Some(days) if days > 0 => {
            parts.push(format!("{} late", format::count(days, "day", "days")))
        }
        Some(days) if days < 0 => {
            parts.push(format!("{} early", format::count(-days, "day", "days")));
        }
        _ => {}
    }
    if promise.move_count > 0 {
        let moves = format::count(promise.move_count, "time", "times");
        parts.push(format!("moved {moves}"));
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Hours by theme in the quarter against the target, the largest target first.
pub(super) fn capacity_table(rows: &Rows, quarter: &Quarter) -> Result<DataTable> {
    let mut themes = Vec::new();
    for row in rows.indices() {
        if rows.text("quarter", row)? != Some(quarter.name.as_str()) {
            continue;
        }
        let target = rows.number("target_share", row)?;
        let actual = rows.number("actual_share", row)?;
        let id = rows.text("theme_id", row)?.unwrap_or_default();
        let other = rows
            .text("target_quarter", row)?
            .filter(|planned| *planned != quarter.name)
            .map(|planned| format!("of {planned}"));
        let theme = rows.text("theme_name", row)?;
        // Two themes may share a name; the id tells them apart.
        let note = theme.map(|_| match &other {
            Some(other) => format!("{}, {other}", name(id)),
            None => name(id),
        });
        themes.push(Theme {
            name: name(theme.unwrap_or(id)),
            id: id.to_owned(),
            note,
            target,
            actual,
            hours: rows.number("actual_hours", row)?,
        });
    }
    let larger = |a: Option<f64>, b: Option<f64>| b.unwrap_or(-1.0).total_cmp(&a.unwrap_or(-1.0));
    themes.sort_by(|a, b| {
        let by_target = larger(a.target, b.target);
        by_target
            .then(larger(a.actual, b.actual))
            .then(a.id.cmp(&b.id))
    });
    Ok(theme_table(&themes, quarter))
}

/// A theme's hours in the quarter.
struct Theme {
    name: String,
    id: String,
    note: Option<String>,
    target: Option<f64>,
    actual: Option<f64>,
    hours: Option<f64>,
}

impl Theme {
    fn cells(&self) -> Vec<Cell> {
        let difference = self.target.zip(self.actual).map(|(plan, real)| real - plan);
        vec![
            Cell::text(&self.name).noted(self.note.as_deref()),
            Cell::number(self.target, format::percent),
            Cell::number(self.actual, format::percent),
            Cell::number(difference, points),
            Cell::number(self.hours, format::number),
        ]
    }
}

/// The first themes, and all others in one row, so that a printed page has all hours.
fn theme_table(themes: &[Theme], quarter: &Quarter) -> DataTable {
    let sum = |of: fn(&Theme) -> Option<f64>, themes: &[Theme]| {
        let known: Vec<f64> = themes.iter().filter_map(of).collect();
        (!known.is_empty()).then(|| known.iter().sum::<f64>())
    };
    let (first, others) = match themes.len() > MOST_ROWS + 1 {
        true => themes.split_at(MOST_ROWS),
        false => (themes, &[][..]),
    };
    let mut table = DataTable::new(
        format!(
            "Share of the hours worked in {}, by theme of the item{}",
            quarter.label,
            planned_remark(sum(|theme| theme.target, themes))
        ),
        &["Theme", "#Planned", "#Actual", "#Difference", "#Hours"],
        first.iter().map(Theme::cells).collect(),
        usize::MAX,
    );
    if !others.is_empty() {
        let rest = Theme {
            name: format::count(others.len(), "other theme", "other themes"),
            id: String::new(),
            note: Some("each in the JSON".to_owned()),
            target: sum(|theme| theme.target, others),
            actual: sum(|theme| theme.actual, others),
            hours: sum(|theme| theme.hours, others),
        };
        table.rows.push(rest.cells());
        table.rows_beyond = others.iter().map(Theme::cells).collect();
    }
    table
}

/// Says so where the planned shares are not the whole.
fn planned_remark(planned: Option<f64>) -> String {
    match planned {
        Some(planned) if (planned - 1.0).abs() > 0.000_5 => {
            format!(
                "; the planned shares add up to {}, as the export states them",
                format::percent(planned)
            )
        }
        _ => String::new(),
    }
}

fn points(difference: f64) -> String {
    format!("{} pts", format::signed(difference * 100.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn promise(state: &str, due_on: &str, delivered_on: Option<&str>) -> Promise {
        let day = |text: &str| text.parse().expect("a date");
        Promise {
            id: "C-1".into(),
            customer: "Hanjin".into(),
            clause: None,
            carrier: None,
            state: state.into(),
            days_late: None,
            move_count: 0,
            due_on: day(due_on),
            planned_on: None,
            delivered_on: delivered_on.map(day),
        }
    }

    #[test]
    fn what_is_settled_in_another_quarter_is_not_told_again() {
        let quarter = Quarter::parse("2026-Q2").expect("it is one");
        for (promise, expected) in [
            (promise("overdue", "2025-01-01", None), true),
            (promise("on_plan", "2027-01-01", None), true),
            (promise("met", "2026-06-30", Some("2026-03-01")), true),
            (
                promise("delivered_late", "2026-03-31", Some("2026-04-01")),
                true,
            ),
            (promise("met", "2026-03-31", Some("2026-03-31")), false),
        ] {
            assert_eq!(promise.is_of(&quarter), expected, "{promise:?}");
        }
    }

    #[test]
    fn only_what_may_still_be_changed_is_at_risk() {
        let at_risk: Vec<&str> = STATES
            .iter()
            .filter(|(state, _)| promise(state, "2026-06-30", None).is_at_risk())
            .map(|(state, _)| *state)
            .collect();
        assert_eq!(
            at_risk,
            ["overdue", "planned_late", "plan_passed", "unplanned"]
        );
    }

    fn theme(name: &str, id: &str, target: Option<f64>, actual: f64) -> Theme {
        Theme {
            name: name.to_owned(),
            id: id.to_owned(),
            note: Some(id.to_owned()),
            target,
            actual: Some(actual),
            hours: Some(100.0 * actual),
        }
    }

    #[test]
    fn themes_that_do_not_fit_the_sheet_are_one_row_and_the_shares_are_all_there() {
        // Planned 0.6 + 0.45 = 105 %; worked 5 x 0.125 + 0.25 + 0.125 = 1.
        let mut themes = vec![
            theme("Paperless gate", "T-1", Some(0.6), 0.125),
            theme("Paperless gate", "T-2", Some(0.45), 0.125),
        ];
        themes.extend((3..6).map(|n| theme("Old", &format!("T-{n}"), None, 0.125)));
        themes.push(theme("Old", "T-6", None, 0.25));
        themes.push(theme("Old", "T-7", None, 0.125));
        let quarter = Quarter::parse("2026-Q2").expect("it is one");
        let table = theme_table(&themes, &quarter);
        assert!(
            table
                .caption
                .ends_with("the planned shares add up to 105%, as the export states them")
        );
        assert_eq!((table.rows.len(), table.rows_beyond.len()), (6, 2));
        let last = &table.rows[5];
        let texts: Vec<&str> = last.iter().map(|cell| cell.text.as_str()).collect();
        assert_eq!(texts, ["2 other themes", "—", "38%", "—", "38"]);
        let notes: Vec<Option<&str>> = table.rows[..2]
            .iter()
            .map(|row| row[0].note.as_deref())
            .collect();
        assert_eq!(notes, [Some("T-1"), Some("T-2")]);
        let few = theme_table(&themes[..2], &quarter);
        assert!(few.rows_beyond.is_empty());
    }

    #[test]
    fn lateness_is_told_in_days_and_moves() {
        let with = |days_late, move_count| {
            lateness(&Promise {
                days_late,
                move_count,
                ..promise("overdue", "2026-06-30", None)
            })
        };
        assert_eq!(with(Some(1), 0).as_deref(), Some("1 day late"));
        assert_eq!(
            with(Some(-5), 1).as_deref(),
            Some("5 days early, moved 1 time")
        );
        assert_eq!(with(Some(0), 0), None);
    }
}

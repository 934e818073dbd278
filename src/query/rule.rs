//! The one form of all templates of rules: what a file in `queries/rules/` says of
//! itself, and the columns that each has.
//!
//! A template is a query like any other: one row per item and release that it is
//! about, with what was known of it when the decision would have been taken. Its
//! header says what to do about those that it matches, and which thresholds and
//! outcomes to try; each of them together is a candidate for a rule.

use super::gate::parse_needs;
use super::header::{Header, parse_columns};
use super::{Origin, Query, QueryColumn, problem};
use crate::error::{Error, Result, nearest};

/// The folder of templates.
pub const RULES: &str = "rules";

/// The table that holds the rows of all templates.
pub(super) const RULE_SUBJECTS: &str = "rule_subjects";

/// The form as a header writes columns.
const FORM: &str = " columns:
   template    string      The template's name, as its file is called.
   item_id     string      The item.
   release_id  string      The release that carries it.
   team        string?     The team of the item.
   known_at    timestamp?  When the decision would be taken.
   value       double?     What thresholds are held against; null if unknown.
   category    string?     What is compared for equality; null if unknown.";

/// The key of every template.
const KEY: [&str; 3] = ["template", "item_id", "release_id"];

/// The text that puts the rows of all templates together.
const SUBJECTS_SQL: &str = "-- name: rule_subjects

-- One part per file in queries/rules/. What is known of a delivered item since a time
-- after its delivery was not known: null. Without a time, the template is believed.

with said as (
<parts>
),

delivered_items as (
    select
        item_id,
        delivered_at
    from deliveries
),

timely as (
    select
        said.template,
        said.item_id,
        said.release_id,
        said.team,
        said.known_at,
        said.value,
        said.category,
        coalesce(said.known_at <= delivered_items.delivered_at, true)
            as is_in_time
    from said
    left join delivered_items
        on said.item_id = delivered_items.item_id
)

select
    template,
    item_id,
    release_id,
    team,
    known_at,
    case when is_in_time then value end as value,
    case when is_in_time then category end as category
from timely
order by <key>
";

/// What there is to judge a rule by: a column of `rule_outcomes`, in each of which
/// more is worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleOutcome {
    /// Whether a production deployment of the item failed.
    FailedDeployment,
    /// Whether incidents followed its delivery.
    Incident,
    /// ln(actual / estimate).
    Overrun,
    /// Days past the planned date.
    Delay,
    /// Days from commitment to delivery.
    Age,
}

impl RuleOutcome {
    /// All of them, in the order of their columns.
    pub const ALL: [Self; 5] = [
        Self::FailedDeployment,
        Self::Incident,
        Self::Overrun,
        Self::Delay,
        Self::Age,
    ];

    /// Returns the name of its column, which headers use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FailedDeployment => "failed_deployment",
            Self::Incident => "incident",
            Self::Overrun => "overrun",
            Self::Delay => "delay",
            Self::Age => "age",
        }
    }

    /// Reads the word that headers use; `None` for any other.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|outcome| outcome.as_str() == text)
    }

    /// Returns whether it is 0 or 1, so that shares are compared; else medians are.
    pub fn is_share(self) -> bool {
        matches!(self, Self::FailedDeployment | Self::Incident)
    }
}

/// What a rule may ask for, by its first word.
const ACTIONS: [&str; 5] = ["raise", "lower", "hold", "require", "weight"];

/// What a template's header says beside what every query's does.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleHeader {
    /// What to call a rule of it; may hold `{threshold}` or `{category}`.
    pub title: String,
    /// What to do about what it matches, such as `hold` or `require canary`.
    pub action: String,
    /// How values are held against what is tried.
    pub compares: Comparison,
    /// Which thresholds are tried.
    pub thresholds: Thresholds,
    /// The outcomes that it is judged by, in the order of [`RuleOutcome::ALL`].
    pub outcomes: Vec<RuleOutcome>,
    /// The tables that it cannot do without; of each inner list, one will do.
    pub needs: Vec<Vec<String>>,
}

/// How a row is held against a threshold or a category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// The value is the threshold or more.
    AtLeast,
    /// The value is the threshold or less.
    AtMost,
    /// The category is this one.
    Equals,
}

impl Comparison {
    const ALL: [(&'static str, Self); 3] = [
        ("at_least", Self::AtLeast),
        ("at_most", Self::AtMost),
        ("equals", Self::Equals),
    ];

    /// Returns the word that headers use.
    pub fn as_str(self) -> &'static str {
        let found = Self::ALL.iter().find(|(_, kind)| *kind == self);
        found.map_or("", |(name, _)| name)
    }

    /// Reads the word that headers use; `None` for any other.
    pub fn parse(text: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(name, _)| *name == text);
        found.map(|(_, kind)| *kind)
    }
}

/// The thresholds that a template tries.
#[derive(Debug, Clone, PartialEq)]
pub enum Thresholds {
    /// These numbers.
    Numbers(Vec<f64>),
    /// The quartiles of the earlier releases.
    Quartiles,
    /// Every category.
    Categories,
}

/// Reads a template from its header.
///
/// # Errors
/// `Query` where a field is missing or says nothing that can be used.
pub(super) fn parse_rule(header: &Header<'_>, origin: Origin, sql: String) -> Result<Query> {
    for spare in ["columns", "key", "grain"] {
        if header.has(spare) {
            let what = format!("expected no `{spare}:`, as all rules have one form, found one");
            return Err(problem(header.file, header.line_of(spare), &what));
        }
    }
    let compares = parse_comparison(header)?;
    let rule = RuleHeader {
        title: header.field("title")?,
        action: parse_action(header)?,
        compares,
        thresholds: parse_thresholds(header, compares)?,
        outcomes: parse_outcomes(header)?,
        needs: parse_needs(&header.field("needs")?),
    };
    Ok(Query {
        name: header.stem.to_owned(),
        folder: RULES.to_owned(),
        file: header.file.to_owned(),
        origin,
        about: header.field("about")?,
        grain: "one row per item and release".to_owned(),
        key: KEY.map(str::to_owned).to_vec(),
        reads: header.words("reads")?,
        columns: form()?,
        gate: None,
        rule: Some(rule),
        sql,
    })
}

/// Returns the columns that every template has.
fn form() -> Result<Vec<QueryColumn>> {
    let lines: Vec<&str> = FORM.lines().collect();
    parse_columns(RULES, &lines)
}

fn parse_comparison(header: &Header<'_>) -> Result<Comparison> {
    let word = header.field("compares")?;
    let known = || Comparison::ALL.iter().map(|(name, _)| *name);
    Comparison::parse(&word).ok_or_else(|| unknown_word(header, "compares", &word, known()))
}

fn parse_action(header: &Header<'_>) -> Result<String> {
    let action = header.field("action")?;
    let words: Vec<&str> = action.split_whitespace().collect();
    let what = match words[..] {
        ["raise" | "lower" | "hold"] | ["require", _, ..] => return Ok(action),
        ["weight", _, factor] => match factor.parse::<f64>() {
            Ok(factor) if factor > 0.0 && factor.is_finite() => return Ok(action),
            _ => format!("expected `weight <part> <factor above zero>`, found `{action}`"),
        },
        ["weight", ..] => format!("expected `weight <part> <factor>`, found `{action}`"),
        ["require"] => "expected `require <what>`, found `require`".to_owned(),
        [known, ..] if ACTIONS.contains(&known) => {
            format!("expected `{known}` alone, found `{action}`")
        }
        _ => return Err(unknown_word(header, "action", &action, ACTIONS.into_iter())),
    };
    Err(problem(header.file, header.line_of("action"), &what))
}

fn parse_thresholds(header: &Header<'_>, compares: Comparison) -> Result<Thresholds> {
    if compares == Comparison::Equals {
        if header.has("thresholds") {
            let what =
                "expected no `thresholds:`, as `equals` tries every category, found one".to_owned();
            return Err(problem(header.file, header.line_of("thresholds"), &what));
        }
        return Ok(Thresholds::Categories);
    }
    let words = header.words("thresholds")?;
    if words == ["quartiles"] {
        return Ok(Thresholds::Quartiles);
    }
    let mut numbers = Vec::new();
    for word in &words {
        match word.parse::<f64>() {
            Ok(number) if number.is_finite() => numbers.push(number),
            _ => {
                let what = format!("expected numbers or `quartiles`, found `{word}`");
                return Err(problem(header.file, header.line_of("thresholds"), &what));
            }
        }
    }
    numbers.sort_by(f64::total_cmp);
    numbers.dedup();
    Ok(Thresholds::Numbers(numbers))
}

fn parse_outcomes(header: &Header<'_>) -> Result<Vec<RuleOutcome>> {
    let words = header.words("outcomes")?;
    if let Some(word) = words.iter().find(|word| RuleOutcome::parse(word).is_none()) {
        let known = RuleOutcome::ALL.iter().map(|outcome| outcome.as_str());
        return Err(unknown_word(header, "outcomes", word, known));
    }
    let is_named = |outcome: &RuleOutcome| words.iter().any(|word| word == outcome.as_str());
    Ok(RuleOutcome::ALL.into_iter().filter(is_named).collect())
}

fn unknown_word<'a>(
    header: &Header<'_>,
    field: &str,
    found: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Error {
    let list = known.clone().collect::<Vec<_>>().join(", ");
    let what = format!("expected in `{field}:` one of {list}, found `{found}`");
    let error = problem(header.file, header.line_of(field), &what);
    match nearest(found, known) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error,
    }
}

/// Makes the query that puts the rows of all templates together.
///
/// # Errors
/// Never, as a test holds.
pub(super) fn gather_subjects(queries: &[Query]) -> Result<Query> {
    let rules = || queries.iter().filter(|query| query.rule.is_some());
    let columns = form()?;
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let names = names.join(", ");
    let parts: Vec<String> = rules()
        .map(|rule| format!("    select {names} from {}", rule.name))
        .collect();
    let mut reads: Vec<String> = rules().map(|rule| rule.name.clone()).collect();
    reads.push("deliveries".to_owned());
    Ok(Query {
        name: RULE_SUBJECTS.to_owned(),
        folder: "staging".to_owned(),
        file: format!("queries/{RULES}/*.sql"),
        origin: Origin::BuiltIn,
        about: "What all templates of rules say of items in releases.".to_owned(),
        grain: "one row per template, item and release".to_owned(),
        key: KEY.map(str::to_owned).to_vec(),
        reads,
        columns,
        gate: None,
        rule: None,
        sql: SUBJECTS_SQL
            .replace("<parts>", &parts.join("\n    union all\n"))
            .replace("<key>", &KEY.join(", ")),
    })
}

#[cfg(test)]
mod tests;

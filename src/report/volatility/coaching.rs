//! Whom to talk to about moving scope: the answer, the list with its evidence, and what
//! every team and domain was judged by.

use super::MOST_ROWS;
use super::level::{Dimension, Level, Share, Verdict};
use super::lists::{Kind, Lists};
use crate::report::figures::{Context, FEWEST, few, share_cell};
use crate::report::format;
use crate::report::page::{Cell, DataTable, Tag};
use crate::report::part::Part;

/// Says how many there are to talk to.
pub(super) fn answer(levels: &[Level]) -> String {
    let listed = |dimension: Dimension| {
        let found = levels.iter().filter(|level| level.dimension == dimension);
        found
            .filter(|level| level.verdict == Verdict::Listed)
            .count()
    };
    let (teams, domains) = (listed(Dimension::Team), listed(Dimension::Domain));
    if teams + domains == 0 {
        return "No team or domain moves its scope more than usual, or than chance explains"
            .to_owned();
    }
    let mut said = Vec::new();
    if teams > 0 {
        said.push(format::count(teams, "team", "teams"));
    }
    if domains > 0 {
        said.push(format::count(domains, "domain", "domains"));
    }
    format!("{} to talk to about moving scope", said.join(" and "))
}

pub(super) fn part(
    context: &Context<'_>,
    levels: &[Level],
    lists: &Lists,
    missing: Option<&str>,
) -> Part {
    let listed: Vec<&Level> = levels
        .iter()
        .filter(|level| level.verdict == Verdict::Listed)
        .collect();
    let mut reasons = Vec::new();
    for level in &listed {
        reasons.extend(reason_rows(level, lists, context));
    }
    Part {
        id: "coaching",
        title: "Whom to talk to",
        finding: missing.map_or_else(|| finding(levels), str::to_owned),
        about: "A team or a domain is on the list where a release of its last eight is a signal above the mean of its chart, or where more of its items moved, of its changes came after the freeze or of its additions had been taken out before than chance explains: a share above the 99.8% limit of a funnel around that of all, from five on. Items of a release may move together, so that the limits are rather too narrow: a reason to ask, no judgement. Releases that are not over and cancelled ones are left out, and counted in the second table.".to_owned(),
        figures: Vec::new(),
        tables: vec![
            DataTable::new(
                "Whom to talk to and why, a signal first, then by the number of reasons",
                &["Who", "Team or domain", "Why", "Evidence", "All"],
                reasons,
                MOST_ROWS,
            ),
            DataTable::new(
                "What every team and domain was judged by, over its finished releases",
                &[
                    "Who", "Team or domain", "Verdict", "#Releases", "#Planned", "#Changes", "#Gross",
                    "#Median by release", "#Items moved", "#After freeze", "#Came back", "#Not over",
                    "#Cancelled", "#Nothing planned",
                ],
                levels.iter().map(|level| judged_row(level, lists)).collect(),
                MOST_ROWS,
            ),
        ],
        definitions: Part::defined_by(&[
            "volatility_coaching",
            "volatility_levels",
            "scope_volatility_by_group",
            "scope_items",
        ]),
    }
}

/// Names those on the list, or says that there is nobody, and how many were judged.
fn finding(levels: &[Level]) -> String {
    let listed: Vec<&str> = levels
        .iter()
        .filter(|level| level.verdict == Verdict::Listed)
        .map(|level| level.name.as_str())
        .collect();
    let of = |verdict: Verdict| {
        levels
            .iter()
            .filter(|level| level.verdict == verdict)
            .count()
    };
    let few = match of(Verdict::TooFew) {
        0 => String::new(),
        few => format!(
            " {} fewer than five finished releases, and no verdict.",
            format::count(few, "team or domain has", "teams and domains have")
        ),
    };
    let judged = of(Verdict::Listed) + of(Verdict::NotListed);
    match listed.as_slice() {
        [] => format!(
            "Nobody is on the list, of {} with five finished releases.{few}",
            format::count(judged, "team or domain", "teams and domains")
        ),
        listed => format!("{}.{few}", listed.join(", ")),
    }
}

/// One row per reason.
fn reason_rows(level: &Level, lists: &Lists, context: &Context<'_>) -> Vec<Vec<Cell>> {
    let who = || Cell::text(&level.name).within_if(level.chart_address());
    let kind = || Cell::text(level.dimension.name());
    let mut rows = Vec::new();
    if let Some(signal) = &level.last_signal {
        let signals = format::count(level.signals, "release", "releases");
        let evidence = Cell::text(format!(
            "{}: {}",
            signal.release_name,
            rule_words(&signal.rule)
        ))
        .within_if(context.releases.get(&signal.release_id).cloned());
        rows.push(vec![
            who(),
            kind(),
            Cell::text("above its usual range"),
            evidence.noted(Some(&format!("{signals} of the last 8"))),
            Cell::maybe(None),
        ]);
    }
    for (share, list, why, noun) in [
        (level.moved, Kind::Moved, "many of its items moved", "items"),
        (
            level.late,
            Kind::Late,
            "many changes after the freeze",
            "changes",
        ),
        (
            level.readded,
            Kind::Readded,
            "many items put back",
            "additions",
        ),
    ] {
        if !share.is_above {
            continue;
        }
        let evidence = Cell::text(format!(
            "{} of {} {noun}",
            format::integer(share.counted),
            format::integer(share.of)
        ));
        let all = share.all.map(|all| {
            format!(
                "{} of all {}",
                format::percent(all),
                level.dimension.plural()
            )
        });
        rows.push(vec![
            who(),
            kind(),
            Cell::text(why),
            evidence.within_if(lists.address(level, list)),
            Cell::maybe(all.as_deref()),
        ]);
    }
    rows
}

/// A rule of the chart in words.
pub(super) fn rule_words(rule: &str) -> &'static str {
    match rule {
        "beyond_limit" => "beyond a limit",
        "two_of_three" => "two of three releases beyond two sigma",
        "four_of_five" => "four of five releases beyond one sigma",
        _ => "eight releases on one side of the mean",
    }
}

/// What a level was judged by; of fewer than five releases without shares.
fn judged_row(level: &Level, lists: &Lists) -> Vec<Cell> {
    let is_few = level.releases < FEWEST;
    let number = |count: u64, kind: Kind| match count {
        0 => Cell::integer(0),
        _ => Cell::integer(count).within_if(lists.address(level, kind)),
    };
    let ratio = |value: Option<f64>| Cell::number(value.filter(|_| !is_few), format::percent);
    let share = |share: Share, kind: Kind| {
        let of = format!("of {}", format::integer(share.of));
        number(share.counted, kind).noted(Some(&of))
    };
    let ratio_of = |it: Share| share_cell(it.counted, it.of).text;
    let beside = |it: Share, kind: Kind| {
        let mut cell = share(it, kind);
        if !is_few && it.of >= FEWEST {
            cell = cell.noted(Some(&format!(
                "of {}, {}",
                format::integer(it.of),
                ratio_of(it)
            )));
        }
        cell
    };
    let mut verdict = Cell::text("");
    match level.verdict {
        Verdict::Listed => verdict.tag = Some(Tag::new("warn", "talk to")),
        Verdict::NotListed => verdict = Cell::text("not listed"),
        Verdict::TooFew => verdict.tag = Some(Tag::new("none", "too few")),
        Verdict::Unnamed => verdict = Cell::text("nobody to talk to"),
    }
    vec![
        Cell::text(&level.name)
            .within_if(level.chart_address())
            .noted(few(level.releases)),
        Cell::text(level.dimension.name()),
        verdict,
        Cell::integer(level.releases),
        number(level.planned, Kind::Planned),
        number(level.changes, Kind::Changes),
        ratio(level.gross),
        ratio(level.median_gross),
        beside(level.moved, Kind::Moved),
        beside(level.late, Kind::Late),
        beside(level.readded, Kind::Readded),
        Cell::integer(level.open),
        Cell::integer(level.cancelled),
        Cell::integer(level.unplanned),
    ]
}

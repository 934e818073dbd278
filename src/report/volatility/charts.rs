//! A control chart of gross volatility for every team and every domain, small enough
//! that three stand side by side, each with its releases as a table.

use std::collections::BTreeMap;

use super::coaching::rule_words;
use super::level::{Dimension, Level, MOST_CHARTS};
use super::lists::{Kind, Lists};
use crate::chart::{
    Frame, MULTIPLE_HEIGHT, MULTIPLE_WIDTH, Multiple, MultipleQuarter, Unit, multiple,
};
use crate::error::Result;
use crate::lake::Rows;
use crate::report::figures::{Context, FEWEST, count_of, gross_cell};
use crate::report::format;
use crate::report::page::{Cell, DataTable, Figure, Tag};
use crate::report::part::Part;

/// How many releases a chart shows; its limits come from all.
const MOST_POINTS: usize = 40;

const COLUMNS: [&str; 10] = [
    "Release",
    "Baseline",
    "#Planned",
    "#Added",
    "#Removed",
    "#Re-added",
    "#After freeze",
    "#Gross",
    "#Net",
    "Reading",
];

/// A finished release of a level, as its chart has it.
struct Point {
    release_id: String,
    name: String,
    planned: u64,
    changes: u64,
    gross: f64,
    /// The rule that fired, and whether above the mean.
    signal: Option<(String, bool)>,
}

/// The chart of a level.
#[derive(Default)]
struct Control {
    /// In order of the baselines.
    points: Vec<Point>,
    /// Mean, lower and upper limit; none where there are too few releases.
    limits: Option<(f64, Option<f64>, f64)>,
}

pub(super) fn part(
    context: &Context<'_>,
    dimension: Dimension,
    levels: &[Level],
    lists: &Lists,
) -> Result<Part> {
    let controls = load(&context.marts.rows("volatility_points")?, dimension)?;
    let mart = context.marts.rows("scope_volatility_by_group")?;
    let charted: Vec<&Level> = levels
        .iter()
        .filter(|level| level.dimension == dimension && level.releases > 0)
        .collect();
    let mut figures = Vec::new();
    for level in charted.iter().filter(|level| level.is_charted) {
        let Some(control) = controls.get(&level.name) else {
            continue;
        };
        figures.push(figure(context, level, control, &mart, lists)?);
    }
    let (id, title) = match dimension {
        Dimension::Team => ("teams", "By team"),
        Dimension::Domain => ("domains", "By domain"),
    };
    Ok(Part {
        id,
        title,
        finding: finding(dimension, &charted, &controls),
        about: format!(
            "Added and removed over planned, release by release in order of their baselines; those listed stand first, then those whose scope moves most. An item counts for the {} that it had at the baseline, or when it came in. Of more than {MOST_CHARTS} the others are in the table above.",
            dimension.name()
        ),
        figures,
        tables: Vec::new(),
        definitions: Part::defined_by(&["volatility_points", "scope_volatility_by_group"]),
    })
}

fn load(mart: &Rows, dimension: Dimension) -> Result<BTreeMap<String, Control>> {
    let mut numbered: BTreeMap<String, Vec<(i64, Point)>> = BTreeMap::new();
    let mut controls: BTreeMap<String, Control> = BTreeMap::new();
    for row in mart.indices() {
        if mart.text("dimension", row)? != Some(dimension.name()) {
            continue;
        }
        let level = mart.owned_text("level", row)?;
        let (centre, upper) = (
            mart.number("centre", row)?,
            mart.number("upper_limit", row)?,
        );
        let lower = mart.number("lower_limit", row)?;
        let control = controls.entry(level.clone()).or_default();
        control.limits = centre
            .zip(upper)
            .map(|(centre, upper)| (centre, lower, upper));
        let is_above = mart.boolean("is_above", row)?;
        let point = Point {
            release_id: mart.owned_text("release_id", row)?,
            name: mart.owned_text("release_name", row)?,
            planned: count_of(mart, "planned_count", row)?,
            changes: count_of(mart, "change_count", row)?,
            gross: mart.number("gross_ratio", row)?.unwrap_or(f64::NAN),
            signal: mart.maybe_owned_text("signal", row)?.zip(is_above),
        };
        let number = mart.integer("point_number", row)?.unwrap_or(0);
        numbered.entry(level).or_default().push((number, point));
    }
    for (level, mut points) in numbered {
        points.sort_by_key(|(number, _)| *number);
        let control = controls.entry(level).or_default();
        control.points = points.into_iter().map(|(_, point)| point).collect();
    }
    Ok(controls)
}

fn finding(
    dimension: Dimension,
    charted: &[&Level],
    controls: &BTreeMap<String, Control>,
) -> String {
    if charted.is_empty() {
        return format!(
            "No release with planned items of a {} is out.",
            dimension.name()
        );
    }
    let with_limits = controls.values().filter(|control| control.limits.is_some());
    let signalling = charted.iter().filter(|level| level.signals > 0).count();
    format!(
        "{} of {} releases enough for limits; {} above the usual range in the last eight releases.",
        format::integer(with_limits.count()),
        match dimension {
            Dimension::Team => format::count(charted.len(), "team has", "teams have"),
            Dimension::Domain => format::count(charted.len(), "domain has", "domains have"),
        },
        match signalling {
            0 => "none was".to_owned(),
            1 => "1 was".to_owned(),
            more => format!("{} were", format::integer(more)),
        }
    )
}

fn figure(
    context: &Context<'_>,
    level: &Level,
    control: &Control,
    mart: &Rows,
    lists: &Lists,
) -> Result<Figure> {
    let id = level.anchor();
    let title = headline(level, control);
    let subtitle = subtitle(level, control);
    let frame = Frame::new(&id, &title, &subtitle).sized(MULTIPLE_WIDTH, MULTIPLE_HEIGHT);
    let shown = control.points.len().saturating_sub(MOST_POINTS);
    let drawing = Multiple {
        quarters: control.points[shown..]
            .iter()
            .map(|point| MultipleQuarter {
                name: point.name.clone(),
                value: Some(point.gross),
                is_signal: point.signal.is_some(),
                is_partial: false,
                is_few: point.planned < FEWEST,
                href: context.releases.get(&point.release_id).cloned(),
            })
            .collect(),
        usual_range: control
            .limits
            .map(|(_, lower, upper)| (lower.unwrap_or(0.0), upper)),
        target: None,
        latest: control.points.last().map(latest).unwrap_or_default(),
        caption: "(added + removed) / planned".into(),
        unit: Unit::Percent,
    };
    Ok(Figure {
        svg: multiple(&frame, &drawing),
        id,
        title,
        subtitle,
        how_to_read: "A point is a release, in order of the baselines; grey ones have fewer than 5 planned items, of which one is much. The band is the usual range: mean ± 2.66 × mean moving range of all finished releases but the last. A diamond is a signal: beyond a limit with 5 planned items or more, two of three beyond two sigma, four of five beyond one, or eight on one side of the mean.".into(),
        table: DataTable::new(
            format!("Scope of {} since the baselines, the latest release first", level.name),
            &COLUMNS,
            rows(context, level, control, mart, lists)?,
            usize::MAX,
        ),
    })
}

/// Says whether the level is in its usual range.
fn headline(level: &Level, control: &Control) -> String {
    let name = &level.name;
    if level.releases < FEWEST {
        return format!(
            "{name}: {}",
            format::count(level.releases, "release", "releases")
        );
    }
    match (control.limits, &level.last_signal) {
        (None, _) => format!("{name}: too few releases for limits"),
        (Some(_), Some(signal)) => {
            format!("{name} above its usual range in {}", signal.release_name)
        }
        (Some(_), None) => format!("{name} within its usual range"),
    }
}

fn subtitle(level: &Level, control: &Control) -> String {
    let few = control
        .points
        .iter()
        .filter(|point| point.planned < FEWEST)
        .count();
    let mut said = vec![format::count(control.points.len(), "release", "releases")];
    if control.points.len() > MOST_POINTS {
        said.push(format!("the last {MOST_POINTS} drawn"));
    }
    if few > 0 {
        said.push(format!(
            "{} with fewer than 5 planned items",
            format::integer(few)
        ));
    }
    match control.limits {
        Some((centre, _, upper)) => said.push(format!(
            "mean {}, upper limit {}",
            format::percent(centre),
            format::percent(upper)
        )),
        None if level.releases < FEWEST => said.push("no reading below five".to_owned()),
        None => said.push("limits take 14 releases before the last".to_owned()),
    }
    said.join(", ")
}

/// The latest value: of few planned items as counts.
fn latest(point: &Point) -> String {
    match point.planned < FEWEST {
        true => format!(
            "{} / {}",
            format::integer(point.changes),
            format::integer(point.planned)
        ),
        false => format::percent(point.gross),
    }
}

/// One row per release of the level, also those that are no point of the chart.
fn rows(
    context: &Context<'_>,
    level: &Level,
    control: &Control,
    mart: &Rows,
    lists: &Lists,
) -> Result<Vec<Vec<Cell>>> {
    let points: BTreeMap<&str, &Point> = control
        .points
        .iter()
        .map(|point| (point.release_id.as_str(), point))
        .collect();
    let mut found = Vec::new();
    for row in mart.indices() {
        let is_meant = mart.text("dimension", row)? == Some(level.dimension.name())
            && mart.text("level", row)? == Some(level.name.as_str());
        if !is_meant {
            continue;
        }
        let id = mart.text("release_id", row)?.unwrap_or_default();
        let baseline = mart.instant("baseline_at", row)?;
        let is_frozen = mart.instant("freeze_at", row)?.is_some();
        let count = |column: &str, kind: Kind| -> Result<Cell> {
            let count = count_of(mart, column, row)?;
            let address = lists.address_in(level, kind, id).filter(|_| count > 0);
            Ok(Cell::integer(count).within_if(address))
        };
        let planned = count_of(mart, "planned_count", row)?;
        let net = mart.number("net_ratio", row)?.filter(|_| planned >= FEWEST);
        let baseline_on = baseline.map(|at| format::date(context.local(at).date()));
        let cells = vec![
            Cell::maybe(mart.text("release_name", row)?)
                .within_if(context.releases.get(id).cloned()),
            Cell::maybe(baseline_on.as_deref()),
            count("planned_count", Kind::Planned)?,
            count("added_count", Kind::Changes)?,
            count("removed_count", Kind::Changes)?,
            count("readded_count", Kind::Readded)?,
            match is_frozen {
                true => count("after_freeze_count", Kind::Late)?,
                false => Cell::maybe(None),
            },
            gross_cell(mart, row)?,
            Cell::number(net, format::percent),
            reading(mart.text("exclusion", row)?, points.get(id).copied()),
        ];
        found.push((baseline, id.to_owned(), cells));
    }
    found.sort_by(|a, b| (b.0, &b.1).cmp(&(a.0, &a.1)));
    Ok(found.into_iter().map(|(.., cells)| cells).collect())
}

fn reading(exclusion: Option<&str>, point: Option<&Point>) -> Cell {
    match exclusion {
        Some("cancelled") => return Cell::text("cancelled, no point"),
        Some("not_over") => return Cell::text("not over, no point"),
        Some(_) => return Cell::text("nothing planned, no point"),
        None => {}
    }
    let signal = point.and_then(|point| point.signal.as_ref());
    let Some((rule, is_above)) = signal else {
        return Cell::maybe(None);
    };
    let (class, side) = match is_above {
        true => ("bad", "above"),
        false => ("good", "below"),
    };
    let mut cell = Cell::text("").noted(Some(rule_words(rule)));
    cell.tag = Some(Tag::new(class, side));
    cell
}

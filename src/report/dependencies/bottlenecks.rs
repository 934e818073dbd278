//! Who holds up release after release.

use crate::error::Result;
use crate::lake::Rows;
use crate::report::figures::Context;
use crate::report::format;
use crate::report::page::{Cell, DataTable};
use crate::report::sections::waits::kind_text;

/// How many rows a table of the page shows.
const MOST_ROWS: usize = 30;

/// Returns how many of the last releases the windows of the last run hold.
///
/// # Errors
/// `Io`.
pub(super) fn window(context: &Context<'_>) -> Result<i64> {
    let limits = context.marts.settings("planning_limits")?;
    Ok(limits.integer("bottleneck_releases", 0)?.unwrap_or(0))
}

/// Says who held up the last releases most, and how often.
pub(super) fn sentence(mart: &Rows, window: i64) -> Result<String> {
    for row in mart.indices() {
        let count = |column: &str| Ok(mart.integer(column, row)?.unwrap_or(0));
        if mart.integer("position", row)? != Some(1) {
            continue;
        }
        let releases: i64 = count("recent_release_count")?;
        let hits: i64 = count("recent_hit_count")?;
        let days = mart.number("recent_days", row)?.unwrap_or(0.0);
        let upstream = Cell::text(mart.text("upstream", row)?.unwrap_or_default()).text;
        let last = match releases {
            1 => "the last planned release".to_owned(),
            more => format!("the last {} planned releases", format::integer(more)),
        };
        if hits == 0 {
            return Ok(format!(
                "None of {last} waited on anybody before it shipped."
            ));
        }
        let few = match releases < window {
            true => " There are too few releases to compare.",
            false => "",
        };
        return Ok(format!(
            "{upstream} cost {last} most: {} of waiting, in {} of {}.{few}",
            format::count(days.round() as i64, "item-day", "item-days"),
            format::integer(hits),
            format::integer(releases),
        ));
    }
    Ok("No shipped release waited on anybody before it shipped, as far as is known.".to_owned())
}

/// Returns every upstream that held up a release, the worst of the last ones first.
pub(super) fn table(mart: &Rows, window: i64) -> Result<DataTable> {
    let mut rows = Vec::new();
    for row in mart.indices() {
        let count = |column: &str| -> Result<i64> { Ok(mart.integer(column, row)?.unwrap_or(0)) };
        let of = |hits: &str, all: &str| -> Result<Cell> {
            let all = format!("of {}", format::integer(count(all)?));
            Ok(Cell::integer(count(hits)?).noted(Some(&all)))
        };
        let change = mart.number("change_days", row)?;
        let cells = vec![
            Cell::text(mart.text("upstream", row)?.unwrap_or_default())
                .noted(kind_text(mart.text("upstream_kind", row)?.unwrap_or_default()).as_deref()),
            Cell::number(mart.number("recent_days", row)?, format::number),
            of("recent_hit_count", "recent_release_count")?,
            Cell::integer(count("recent_top_count")?),
            Cell::integer(count("recent_item_count")?),
            Cell::number(mart.number("former_days", row)?, format::number),
            Cell::number(change, format::signed).noted(change.and_then(change_words)),
            of("hit_count", "release_count")?,
            Cell::integer(count("return_count")?),
            Cell::integer(count("run_count")?),
        ];
        rows.push((mart.integer("position", row)?, cells));
    }
    rows.sort_by_key(|(position, _)| *position);
    let releases = format::count(window, "release", "releases");
    let (recent, former) = (
        format!("#Days, last {releases}"),
        format!("#Days, the {} before", format::integer(window)),
    );
    Ok(DataTable::new(
        format!(
            "Whom planned releases waited on, most item-days in the last {releases} that shipped first; releases of hotfixes alone are left out"
        ),
        &[
            "Upstream",
            &recent,
            "#Releases hit",
            "#Among the worst 3",
            "#Items",
            &former,
            "#Change",
            "#All releases hit",
            "#Came back",
            "#In a row",
        ],
        rows.into_iter().map(|(_, cells)| cells).collect(),
        MOST_ROWS,
    ))
}

/// Says which way a change of waiting goes: fewer days are the better ones, yet two
/// windows of four releases are no trend.
fn change_words(days: f64) -> Option<&'static str> {
    match days {
        days if days > 0.0 => Some("more waiting"),
        days if days < 0.0 => Some("less waiting"),
        _ => None,
    }
}

/// Returns the rows behind it: each release with each upstream it waited on, the
/// latest first.
pub(super) fn release_table(context: &Context<'_>) -> Result<DataTable> {
    let mart = context.marts.rows("release_bottlenecks")?;
    let mut rows = Vec::new();
    for row in mart.indices() {
        let count = |column: &str| -> Result<i64> { Ok(mart.integer(column, row)?.unwrap_or(0)) };
        let shipped = mart.instant("shipped_at", row)?;
        let shipped = shipped.map(|at| format::date(context.local(at).date()));
        let order = (count("release_position")?, count("place")?);
        let cells = vec![
            Cell::text(mart.text("release_name", row)?.unwrap_or_default()),
            Cell::maybe(shipped.as_deref()),
            Cell::text(mart.text("upstream", row)?.unwrap_or_default())
                .noted(kind_text(mart.text("upstream_kind", row)?.unwrap_or_default()).as_deref()),
            Cell::integer(count("place")?),
            Cell::number(mart.number("blocked_days", row)?, format::number),
            Cell::integer(count("item_count")?),
        ];
        rows.push((order, cells));
    }
    rows.sort_by_key(|(order, _)| *order);
    Ok(DataTable::new(
        "Each shipped release and whom it waited on, the latest first",
        &[
            "Release",
            "Shipped",
            "Upstream",
            "#Place",
            "#Item-days",
            "#Items",
        ],
        rows.into_iter().map(|(_, cells)| cells).collect(),
        MOST_ROWS,
    ))
}

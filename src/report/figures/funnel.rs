//! Teams' pipelines on a funnel plot: which fail beyond what chance explains.

use super::{Context, MOST_ROWS, count_of, few, interval_cells, share_cell};
use crate::chart::{self, Frame, Funnel, FunnelPoint};
use crate::error::Result;
use crate::lake::Rows;
use crate::report::format;
use crate::report::page::{Cell, DataTable, Figure};
use crate::statistics::{
    FunnelStanding, Rate, funnel_grid, funnel_limits, funnel_standing, wilson,
};

/// The tables without which there is nothing to draw.
const FED_BY: &[&str] = &["pipeline_runs"];

pub(super) fn figure(context: &Context<'_>) -> Result<Figure> {
    let mart = context.marts.rows("pipeline_failures_by_team")?;
    let teams = teams(&mart)?;
    let total = |get: fn(&Rate) -> u64| teams.iter().map(|team| get(&team.rate)).sum();
    let overall = wilson(total(|rate| rate.successes), total(|rate| rate.trials));
    let centre = overall.map_or(0.0, |rate| rate.share);
    let title = headline(&teams, centre);
    let title = context.title("Pipelines of the teams", FED_BY, title);
    let rate = overall.map_or_else(String::new, |rate| {
        format!("; all teams together {}", format::percent(rate.share))
    });
    let subtitle = format!(
        "Failed of completed pipeline runs by source team, {}{rate}{}",
        context.period(),
        flaky(&mart)?
    );
    let missing = context.marts.missing(FED_BY);
    let frame = Frame::new("fig-funnel", &title, &subtitle).empty(
        missing
            .as_deref()
            .unwrap_or("No completed pipeline run in these 26 weeks."),
    );
    Ok(Figure {
        id: "fig-funnel".into(),
        svg: chart::funnel(&frame, &drawing(&teams, centre)),
        title,
        subtitle,
        how_to_read: "A point is a team: its rate against the number of its runs. The limits say how far chance alone moves a team of that size from the rate of all teams (exact binomial, 95% and 99.8%). Of teams that are all alike, one in twenty lies beyond the inner limits and one in five hundred beyond the outer ones; only those outside are named. Places within the limits are no ranking. In the table, by stage: flaky failures passed on a retry of the same commit; they are part of the failed, and lasting failures are the rest.".into(),
        table: DataTable::new(
            "Pipeline runs by team and stage, with 95% intervals",
            &["Team", "Stage", "#Failed", "#Completed", "#Rate", "#From", "#To", "#Flaky", "#Of the failed", "#Lasting rate", "#Cancelled", "#Running"],
            table_rows(&mart)?,
            MOST_ROWS,
        ),
    })
}

/// A team with its completed runs in all stages.
struct Team {
    name: String,
    rate: Rate,
}

fn teams(mart: &Rows) -> Result<Vec<Team>> {
    let mut teams = Vec::new();
    for row in mart.indices() {
        if !mart.boolean("is_total", row)?.unwrap_or(false) {
            continue;
        }
        let failed = count_of(mart, "failed_count", row)?;
        let completed = count_of(mart, "completed_count", row)?;
        if let Some(rate) = wilson(failed, completed) {
            let name = mart.owned_text("team", row)?;
            teams.push(Team { name, rate });
        }
    }
    Ok(teams)
}

fn named(team: &Team) -> String {
    let share = format::percent(team.rate.share);
    format!("{} ({share} in these 26 weeks)", team.name)
}

/// Says which teams chance does not explain: those beyond the outer limits. One
/// beyond the inner limits alone is named, but of so many teams one is expected there.
fn headline(teams: &[Team], centre: f64) -> String {
    let beyond = |wanted: FunnelStanding| {
        let mut found: Vec<&Team> = teams
            .iter()
            .filter(|team| funnel_standing(centre, &team.rate) == Some(wanted))
            .collect();
        found.sort_by(|a, b| b.rate.share.total_cmp(&a.rate.share));
        found
    };
    let (outer, inner) = (
        beyond(FunnelStanding::Beyond998),
        beyond(FunnelStanding::Beyond95),
    );
    match (outer.as_slice(), inner.as_slice()) {
        ([], []) if teams.is_empty() => "No pipeline run was completed in this period".to_owned(),
        ([], []) => "No team's pipelines fail more or less than chance explains".to_owned(),
        ([], [team, more @ ..]) => format!(
            "No team lies beyond the 99.8% limits; {}{} beyond the 95% ones, as one of twenty does by chance",
            named(team),
            match more.len() {
                0 => " lies".to_owned(),
                more => format!(" and {} lie", format::count(more, "other", "others")),
            }
        ),
        ([team, more @ ..], _) => {
            let side = if team.rate.share > centre {
                "more"
            } else {
                "less"
            };
            let others = match more.len() {
                0 => String::new(),
                more => format!(
                    "; {} too",
                    format::count(more, "other lies outside", "others lie outside")
                ),
            };
            format!(
                "{} fails {side} than chance explains, beyond the 99.8% limit{others}",
                named(team)
            )
        }
    }
}

/// Says how many failures passed on a retry.
fn flaky(mart: &Rows) -> Result<String> {
    let (mut failed, mut flaky) = (0, 0);
    for row in mart.indices() {
        if mart.boolean("is_total", row)?.unwrap_or(false) {
            failed += count_of(mart, "failed_count", row)?;
            flaky += count_of(mart, "flaky_count", row)?;
        }
    }
    Ok(if failed == 0 {
        String::new()
    } else {
        format!(
            "; {} of {} passed on a retry",
            format::integer(flaky),
            format::count(failed, "failure", "failures")
        )
    })
}

fn drawing(teams: &[Team], centre: f64) -> Funnel {
    let standing = |rate: &Rate| match funnel_standing(centre, rate) {
        Some(FunnelStanding::Beyond998) => chart::FunnelStanding::Beyond998,
        Some(FunnelStanding::Beyond95) => chart::FunnelStanding::Beyond95,
        Some(FunnelStanding::Inside) | None => chart::FunnelStanding::Inside,
    };
    let points = teams.iter().map(|team| FunnelPoint {
        name: team.name.clone(),
        ratio: team.rate.share,
        numerator: team.rate.successes,
        denominator: team.rate.trials,
        standing: standing(&team.rate),
        href: None,
    });
    let most = teams.iter().map(|team| team.rate.trials).max().unwrap_or(0);
    let limits = funnel_grid(most).into_iter().filter_map(|trials| {
        let limits = funnel_limits(centre, trials)?;
        Some(chart::FunnelLimits {
            trials,
            inner: (limits.inner.lower, limits.inner.upper),
            outer: (limits.outer.lower, limits.outer.upper),
        })
    });
    Funnel {
        points: points.collect(),
        centre,
        limits: limits.collect(),
        caption: "Share of completed runs that failed".into(),
        trials_caption: "Completed runs".into(),
    }
}

/// One row per team and stage, a team's total before its stages.
fn table_rows(mart: &Rows) -> Result<Vec<Vec<Cell>>> {
    let mut rows = Vec::new();
    for row in mart.indices() {
        let team = mart.text("team", row)?.unwrap_or_default();
        let stage = mart.text("stage", row)?.unwrap_or_default();
        let is_total = mart.boolean("is_total", row)?.unwrap_or(false);
        let count = |column| count_of(mart, column, row);
        let (failed, completed) = (count("failed_count")?, count("completed_count")?);
        let [from, to] = interval_cells(wilson(failed, completed).as_ref());
        let cells = vec![
            Cell::text(team).noted(few(completed)),
            Cell::text(stage),
            Cell::integer(failed),
            Cell::integer(completed),
            share_cell(failed, completed),
            from,
            to,
            Cell::integer(count("flaky_count")?),
            share_cell(count("flaky_count")?, failed),
            share_cell(count("lasting_count")?, completed),
            Cell::integer(count("cancelled_count")?),
            Cell::integer(count("running_count")?),
        ];
        rows.push((team.to_owned(), !is_total, stage.to_owned(), cells));
    }
    rows.sort_by(|a, b| (&a.0, a.1, &a.2).cmp(&(&b.0, b.1, &b.2)));
    Ok(rows.into_iter().map(|row| row.3).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn team(name: &str, failed: u64, completed: u64) -> Team {
        Team {
            name: name.to_owned(),
            rate: wilson(failed, completed).expect("some were completed"),
        }
    }

    #[test]
    fn one_team_beyond_the_inner_limits_is_no_finding() {
        // Of 188 runs at 12 %, 34 failures have a chance of about 1 in 100.
        let teams = [team("Checkout", 34, 188), team("Payments", 9, 100)];
        assert_eq!(
            headline(&teams, 0.12),
            "No team lies beyond the 99.8% limits; Checkout (18% in these 26 weeks) lies beyond the 95% ones, as one of twenty does by chance"
        );
        let teams = [team("Checkout", 60, 188), team("Payments", 9, 100)];
        assert_eq!(
            headline(&teams, 0.12),
            "Checkout (32% in these 26 weeks) fails more than chance explains, beyond the 99.8% limit"
        );
        let teams = [team("Checkout", 23, 188), team("Payments", 12, 100)];
        assert_eq!(
            headline(&teams, 0.12),
            "No team's pipelines fail more or less than chance explains"
        );
    }
}

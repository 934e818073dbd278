-- name: team_pipeline_failures
-- title: Items of a team of whose pipeline runs a share of {threshold} or more
--   had failed
-- about: The share of failed runs of the team in the 28 days before the
--   commitment.
-- action: require test_report
-- compares: at_least
-- thresholds: 0.1, 0.2, 0.3
-- outcomes: failed_deployment, incident, delay, age
-- needs: items, pipeline_runs
-- reads: rule_items, pipeline_runs_as_of

-- Definition, Pipeline failures: failed / (failed + succeeded), of the runs
-- that ended on the 28 days (UTC) before the day of the commitment. Fewer
-- than five runs say nothing.

with item_rows as (
    select
        item_id,
        release_id,
        team,
        known_at
    from rule_items
),

runs_by_day as (
    select
        team,
        cast(finished_at as date) as day,
        count(*) filter (where result = 'failure') as failed_count,
        count(*) as run_count
    from pipeline_runs_as_of
    where result in ('failure', 'success') and finished_at is not null
    group by team, cast(finished_at as date)
),

known_days as (
    select distinct
        team,
        cast(known_at as date) as known_day
    from item_rows
    where team is not null and known_at is not null
),

shares as (
    select
        known_days.team,
        known_days.known_day,
        sum(runs_by_day.failed_count) * 1e0
        / nullif(sum(runs_by_day.run_count), 0) as failed_share
    from known_days
    inner join runs_by_day
        on known_days.team = runs_by_day.team
        and runs_by_day.day >= known_days.known_day - 28
        and runs_by_day.day < known_days.known_day
    group by known_days.team, known_days.known_day
    having sum(runs_by_day.run_count) >= 5
),

judged_items as (
    select
        item_rows.item_id,
        item_rows.release_id,
        item_rows.team,
        item_rows.known_at,
        shares.failed_share
    from item_rows
    left join shares
        on item_rows.team = shares.team
        and cast(item_rows.known_at as date) = shares.known_day
)

select
    'team_pipeline_failures' as template,
    item_id,
    release_id,
    team,
    known_at,
    failed_share as value,
    cast(null as string) as category
from judged_items
order by template, item_id, release_id

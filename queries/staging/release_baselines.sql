-- name: release_baselines
-- about: The instant at which each release's planned scope is read off.
-- grain: one row per release
-- key: release_id
-- reads: params, calendar, releases_as_of, release_memberships,
--   item_commitments
-- columns:
--   release_id      string      Release.
--   baseline_at     timestamp?  Baseline instant; may lie after the as-of.
--   baseline_basis  string?     freeze or first_commitment.
--   freeze_at       timestamp?  Scope freeze.
--   closed_at       timestamp   Release, or the as-of: changes count up to it.

-- Definition, Scope volatility: "Baseline: the items in the release at its
-- baseline instant (the freeze minus the declared planning window, or the
-- first commitment date when there is none)." The planning window is counted
-- in local days, so that the day the clocks change does not shift it. The
-- first commitment is that of an item that was in the release at the time.

with settings as (
    select
        as_of,
        planning_window_days
    from params
),

days as (
    select
        day,
        start_at,
        end_at
    from calendar
),

release_rows as (
    select
        release_id,
        freeze_at,
        released_at
    from releases_as_of
),

memberships as (
    select
        release_id,
        item_id,
        joined_at,
        left_at
    from release_memberships
),

committed_items as (
    select
        item_id,
        committed_at
    from item_commitments
),

freeze_days as (
    select
        release_rows.release_id,
        release_rows.freeze_at,
        days.day - cast(settings.planning_window_days as int) as baseline_day,
        seconds_between(days.start_at, release_rows.freeze_at) as day_seconds
    from release_rows
    cross join settings
    inner join days
        on release_rows.freeze_at >= days.start_at
        and release_rows.freeze_at < days.end_at
),

local_baselines as (
    select
        freeze_days.release_id,
        plus_seconds(days.start_at, freeze_days.day_seconds) as baseline_at
    from freeze_days
    inner join days
        on freeze_days.baseline_day = days.day
),

first_commitments as (
    select
        memberships.release_id,
        min(committed_items.committed_at) as committed_at
    from memberships
    inner join committed_items
        on memberships.item_id = committed_items.item_id
        and committed_items.committed_at >= memberships.joined_at
        and (
            memberships.left_at is null
            or committed_items.committed_at < memberships.left_at
        )
    group by memberships.release_id
),

-- A freeze outside the calendar falls back to days of 24 hours.
baselines as (
    select
        release_rows.release_id,
        case
            when release_rows.freeze_at is null
                then first_commitments.committed_at
            else coalesce(
                local_baselines.baseline_at,
                plus_seconds(
                    release_rows.freeze_at,
                    -86400e0 * settings.planning_window_days
                )
            )
        end as baseline_at,
        case
            when release_rows.freeze_at is not null then 'freeze'
            when first_commitments.committed_at is not null
                then 'first_commitment'
        end as baseline_basis,
        release_rows.freeze_at,
        coalesce(release_rows.released_at, settings.as_of) as closed_at
    from release_rows
    cross join settings
    left join local_baselines
        on release_rows.release_id = local_baselines.release_id
    left join first_commitments
        on release_rows.release_id = first_commitments.release_id
)

select
    release_id,
    baseline_at,
    baseline_basis,
    freeze_at,
    closed_at
from baselines
order by release_id

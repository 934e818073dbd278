-- name: theme_capacity__hours_add_up
-- about: Every hour up to the as-of is in one row; shares of a quarter make 1.
-- grain: one row that breaks the claim
-- key: quarter
-- reads: params, calendar, effort, theme_capacity
-- columns:
--   quarter  string?  Quarter; null for the sum over all of them.

-- Effort on days that the calendar does not have (before 1970, after 2100) is
-- in no quarter, and in neither sum.

with instant as (
    select as_of
    from params
),

days as (
    select
        day,
        start_at
    from calendar
),

effort_rows as (
    select
        worked_on,
        cast(round(hours * 3600e0) as bigint) as seconds
    from effort
),

capacity as (
    select
        quarter,
        actual_share,
        cast(round(actual_hours * 3600e0) as bigint) as seconds
    from theme_capacity
),

spent as (
    select
        cast(coalesce(sum(effort_rows.seconds), 0) as bigint) as seconds
    from effort_rows
    cross join instant
    left join days
        on effort_rows.worked_on = days.day
    where
        effort_rows.worked_on is null
        or days.start_at < instant.as_of
),

shown as (
    select cast(coalesce(sum(seconds), 0) as bigint) as seconds
    from capacity
),

share_sums as (
    select
        quarter,
        sum(actual_share) as share_sum
    from capacity
    group by quarter
),

broken as (
    select quarter
    from share_sums
    where abs(share_sum - 1e0) > 1e-9
    union all
    select cast(null as string) as quarter
    from spent
    cross join shown
    where spent.seconds <> shown.seconds
)

select quarter
from broken
order by quarter

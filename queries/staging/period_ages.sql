-- name: period_ages
-- about: Open committed items at each period's end, and those grown too old.
-- grain: one row per period and open committed item that could be judged
-- key: period_kind, period, item_id
-- reads: report_periods, item_stages, item_commitments, deliveries,
--   stage_paces
-- columns:
--   period_kind  string   week or quarter.
--   period       string   For example 2026-W27 or 2026-Q2.
--   item_id      string   Tracker key.
--   stage        string   Stage it was in at the end of the period.
--   pace_days    double   Age since commitment at the end of the period.
--   p85_days     double   85th percentile of finished items in that stage.
--   is_past_p85  boolean  Older than that.

-- Definition, Aging, read back period by period. An item can be judged where it is
-- known since when it was in its stage, and where at least 5 items had left
-- the stage and been delivered by the end of the period (as in aging_bands).
-- In a stage before the commitment a committed item was sent back, and no age
-- compares with its own: it is not judged there.

with periods as (
    select
        period_kind,
        period,
        end_at
    from report_periods
),

stays as (
    select
        item_id,
        stage,
        kind,
        entered_at,
        left_at
    from item_stages
),

commitments_made as (
    select
        item_id,
        committed_at
    from item_commitments
),

paces as (
    select
        stage,
        pace_days,
        delivered_at
    from stage_paces
    where is_stage_clock and pace_clock = 'commitment'
),

-- "Judged by history up to that instant": only items delivered by the end of
-- the period make its bands.
period_bands as (
    select
        periods.period_kind,
        periods.period,
        paces.stage,
        percentile_cont(0.85) within group (
            order by paces.pace_days
        ) as p85_days
    from periods
    inner join paces
        on paces.delivered_at <= periods.end_at
    group by periods.period_kind, periods.period, paces.stage
    having count(*) >= 5
),

reopenings as (
    select
        item_id,
        min(left_at) as reopened_at
    from stays
    where kind = 'done' and left_at is not null
    group by item_id
),

open_stays as (
    select
        stays.item_id,
        stays.stage,
        stays.entered_at,
        stays.left_at,
        commitments_made.committed_at,
        deliveries.delivered_at,
        reopenings.reopened_at
    from stays
    inner join commitments_made
        on stays.item_id = commitments_made.item_id
    left join deliveries
        on stays.item_id = deliveries.item_id
    left join reopenings
        on stays.item_id = reopenings.item_id
    where stays.stage is not null and stays.kind <> 'done'
),

period_end_ages as (
    select
        periods.period_kind,
        periods.period,
        open_stays.item_id,
        open_stays.stage,
        seconds_between(
            open_stays.committed_at, periods.end_at
        ) / 86400e0 as pace_days
    from periods
    inner join open_stays
        on open_stays.entered_at <= periods.end_at
        and coalesce(
            open_stays.left_at, cast('9999-12-31 00:00:00' as timestamp)
        ) > periods.end_at
    where
        open_stays.committed_at <= periods.end_at
        and (
            open_stays.delivered_at is null
            or open_stays.delivered_at > periods.end_at
            or open_stays.reopened_at <= periods.end_at
        )
),

judged_items as (
    select
        period_end_ages.period_kind,
        period_end_ages.period,
        period_end_ages.item_id,
        period_end_ages.stage,
        period_end_ages.pace_days,
        period_bands.p85_days,
        period_end_ages.pace_days > period_bands.p85_days as is_past_p85
    from period_end_ages
    inner join period_bands
        on period_end_ages.period_kind = period_bands.period_kind
        and period_end_ages.period = period_bands.period
        and period_end_ages.stage = period_bands.stage
)

select
    period_kind,
    period,
    item_id,
    stage,
    pace_days,
    p85_days,
    is_past_p85
from judged_items
order by period_kind, period, item_id

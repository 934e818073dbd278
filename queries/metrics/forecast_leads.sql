-- name: forecast_leads
-- about: Of each finished release, the forecast at each lead, and what it hit.
-- grain: one row per lead and finished release that had a forecast then
-- key: lead, release_id
-- reads: forecast_history
-- columns:
--   lead            string   half_time, weeks_2, weeks_4, weeks_8, weeks_12.
--   lead_position   bigint   Their order.
--   release_id      string   Release.
--   release_name    string   Its present name.
--   basis           string   What the dates went by.
--   is_hit_50       boolean  Done by the 50 % day.
--   is_hit_85       boolean  Done by the 85 % day.
--   is_hit_95       boolean  Done by the 95 % day.
--   corrected_by    bigint   Releases whose forecasts corrected it.
--   made_on         date     Day of the forecast.
--   p50_on          date?    Null past the horizon, which no release that is
--                            done by it exceeds.
--   p85_on          date?    Likewise.
--   p95_on          date?    Likewise.
--   planned_on      date?    Planned day.
--   actual_on       date     Day on which it was done.

-- Definition, Forecast: "the hit rate of each percentile is published". The
-- forecasts of one release are not independent, so each release counts once at
-- a lead: the last Monday so many weeks before its end, or before the middle
-- between its first forecast and its end, where one could be made then.

with made as (
    select
        release_id,
        release_name,
        state,
        basis,
        corrected_by,
        made_on,
        p50_on,
        p85_on,
        p95_on,
        planned_on,
        actual_on
    from forecast_history
    where not is_present and actual_on is not null
),

leads as (
    select 'half_time' as lead, 1 as lead_position, 0 as weeks
    union all
    select 'weeks_2' as lead, 2 as lead_position, 2 as weeks
    union all
    select 'weeks_4' as lead, 3 as lead_position, 4 as weeks
    union all
    select 'weeks_8' as lead, 4 as lead_position, 8 as weeks
    union all
    select 'weeks_12' as lead, 5 as lead_position, 12 as weeks
),

lives as (
    select
        release_id,
        count(distinct made_on) as monday_count,
        min(made_on) as first_on
    from made
    group by release_id
),

numbered as (
    select
        made.release_id,
        made.release_name,
        made.state,
        made.basis,
        made.corrected_by,
        made.made_on,
        made.p50_on,
        made.p85_on,
        made.p95_on,
        made.planned_on,
        made.actual_on,
        row_number() over (
            partition by made.release_id
            order by made.made_on
        ) as monday_number
    from made
),

placed as (
    select
        leads.lead,
        leads.lead_position,
        numbered.release_id,
        numbered.release_name,
        numbered.state,
        numbered.basis,
        numbered.corrected_by,
        numbered.made_on,
        numbered.p50_on,
        numbered.p85_on,
        numbered.p95_on,
        numbered.planned_on,
        numbered.actual_on
    from numbered
    cross join leads
    inner join lives
        on numbered.release_id = lives.release_id
    where
        (
            leads.weeks = 0
            and 2 * numbered.monday_number in (
                lives.monday_count + 1, lives.monday_count
            )
        )
        or (
            leads.weeks > 0
            and numbered.made_on <= numbered.actual_on - 7 * leads.weeks
            and numbered.made_on > numbered.actual_on - 7 * leads.weeks - 7
        )
)

select
    lead,
    cast(lead_position as bigint) as lead_position,
    release_id,
    release_name,
    basis,
    coalesce(actual_on <= p50_on, true) as is_hit_50,
    coalesce(actual_on <= p85_on, true) as is_hit_85,
    coalesce(actual_on <= p95_on, true) as is_hit_95,
    corrected_by,
    made_on,
    p50_on,
    p85_on,
    p95_on,
    planned_on,
    actual_on
from placed
where state = 'forecast'
order by lead, release_id

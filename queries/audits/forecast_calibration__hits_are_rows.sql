-- name: forecast_calibration__hits_are_rows
-- about: Hits are counted from rows, and a higher percentile has no fewer.
-- grain: one row per lead and percentile that breaks the claim
-- key: lead, percentile
-- reads: forecast_calibration, forecast_leads
-- columns:
--   lead        string  Lead.
--   percentile  bigint  50, 85 or 95.

with counted as (
    select
        lead,
        percentile,
        release_count,
        hit_count,
        lag(hit_count) over (
            partition by lead
            order by percentile
        ) as lower_count
    from forecast_calibration
),

rows_by_lead as (
    select
        lead,
        count(*) as row_count,
        count(*) filter (where is_hit_50) as hits_50,
        count(*) filter (where is_hit_85) as hits_85,
        count(*) filter (where is_hit_95) as hits_95
    from forecast_leads
    group by lead
),

broken as (
    select
        counted.lead,
        counted.percentile
    from counted
    left join rows_by_lead
        on counted.lead = rows_by_lead.lead
    where
        counted.release_count is distinct from rows_by_lead.row_count
        or counted.hit_count is distinct from (
            case counted.percentile
                when 50 then rows_by_lead.hits_50
                when 85 then rows_by_lead.hits_85
                else rows_by_lead.hits_95
            end
        )
        or counted.lower_count > counted.hit_count
)

select
    lead,
    percentile
from broken
order by lead, percentile

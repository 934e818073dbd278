-- name: forecast_calibration
-- about: How often each percentile of past forecasts came true, by lead.
-- grain: one row per lead and percentile
-- key: lead, percentile
-- reads: forecast_leads
-- columns:
--   lead             string   half_time, weeks_2, weeks_4, weeks_8, weeks_12.
--   lead_position    bigint   Their order.
--   percentile       bigint   50, 85 or 95.
--   release_count    bigint   Finished releases with a forecast at this lead.
--   hit_count        bigint   Of these, done by the day of the percentile.
--   corrected_count  bigint   Of these, forecasts that were corrected.
--   hit_share        double?  hit_count / release_count.

-- Rows are forecast_leads; the interval of a share is Wilson's, on the page.

with leads as (
    select
        lead,
        lead_position,
        is_hit_50,
        is_hit_85,
        is_hit_95,
        corrected_by
    from forecast_leads
),

hits as (
    select lead, lead_position, 50 as percentile, is_hit_50 as is_hit,
        corrected_by
    from leads
    union all
    select lead, lead_position, 85 as percentile, is_hit_85 as is_hit,
        corrected_by
    from leads
    union all
    select lead, lead_position, 95 as percentile, is_hit_95 as is_hit,
        corrected_by
    from leads
),

counted as (
    select
        lead,
        lead_position,
        percentile,
        count(*) as release_count,
        count(*) filter (where is_hit) as hit_count,
        count(*) filter (where corrected_by > 0) as corrected_count
    from hits
    group by lead, lead_position, percentile
)

select
    lead,
    lead_position,
    cast(percentile as bigint) as percentile,
    release_count,
    hit_count,
    corrected_count,
    hit_count * 1e0 / nullif(release_count, 0) as hit_share
from counted
order by lead, percentile

-- name: attribution_methods
-- about: How the incidents of each week were laid to deployments.
-- grain: one row per week and method
-- key: week_start, method
-- reads: calendar, local_days, incident_attribution
-- columns:
--   week_start      date    Monday of the local week they were opened in.
--   method          string  deployment, change, ci, system or unattributed.
--   incident_count  bigint  Incidents opened in the week and laid so.

-- Definition, Success: "the rest is unattributed, shown as a share". Rows of
-- kind incident (or of none given) opened by the as-of, as in success_rate, but
-- whether or not they came within the window. Every week from the first
-- incident's to the last one's has every method, be it 0.

with weeks as (
    select distinct week_start
    from calendar
),

days as (
    select
        utc_date,
        week_start,
        start_at,
        end_at
    from local_days
),

incidents_laid as (
    select
        method,
        opened_at
    from incident_attribution
    where kind = 'incident'
),

methods as (
    select method
    from (
        values ('deployment'), ('change'), ('ci'), ('system'), ('unattributed')
    ) as known_methods (method)
),

dated_incidents as (
    select
        incidents_laid.method,
        days.week_start
    from incidents_laid
    inner join days
        on cast(incidents_laid.opened_at as date) = days.utc_date
        and incidents_laid.opened_at >= days.start_at
        and incidents_laid.opened_at < days.end_at
),

edges as (
    select
        min(week_start) as first_week_start,
        max(week_start) as last_week_start
    from dated_incidents
),

counted_methods as (
    select
        weeks.week_start,
        methods.method,
        count(dated_incidents.method) as incident_count
    from weeks
    inner join edges
        on weeks.week_start >= edges.first_week_start
        and weeks.week_start <= edges.last_week_start
    cross join methods
    left join dated_incidents
        on weeks.week_start = dated_incidents.week_start
        and methods.method = dated_incidents.method
    group by weeks.week_start, methods.method
)

select
    week_start,
    method,
    incident_count
from counted_methods
order by week_start, method

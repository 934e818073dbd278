-- name: risk_heat_map
-- about: How many risks have which likelihood and impact, of each release and
--   of all.
-- grain: one row per release and cell
-- key: release_id, cell
-- reads: risks_as_of, risk_releases
-- columns:
--   release_id         string   Release, "(no release)" or "(all releases)".
--   cell               string   likelihood × impact such as 3x4, or unknown.
--   likelihood         bigint?  1 to 5.
--   impact             bigint?  1 to 5.
--   score              bigint?  Their product.
--   risk_count         bigint   Risks.
--   open_count         bigint   Of these, open.
--   mitigating_count   bigint   Of these, being mitigated.
--   accepted_count     bigint   Of these, accepted.
--   closed_count       bigint   Of these, closed.
--   unmitigated_count  bigint   Of the open ones and those that are being
--                               mitigated, without mitigation.

-- coverage.md, 6.3. "(all releases)" counts every risk once, also where it lies
-- in several releases or in none. A cell without a risk has no row.

with risk_rows as (
    select
        risk_id,
        likelihood,
        impact,
        score,
        mitigation,
        status
    from risks_as_of
),

places as (
    select
        risk_id,
        release_id
    from risk_releases
),

placed_risks as (
    select
        risk_rows.risk_id,
        coalesce(places.release_id, '(no release)') as release_id
    from risk_rows
    left join places
        on risk_rows.risk_id = places.risk_id
    union all
    select
        risk_id,
        '(all releases)' as release_id
    from risk_rows
),

cells as (
    select
        placed_risks.release_id,
        case
            when risk_rows.score is null then 'unknown'
            else cast(risk_rows.likelihood as string) || 'x'
                || cast(risk_rows.impact as string)
        end as cell,
        case when risk_rows.score is not null then risk_rows.likelihood end
            as likelihood,
        case when risk_rows.score is not null then risk_rows.impact end
            as impact,
        risk_rows.score,
        risk_rows.mitigation,
        risk_rows.status
    from placed_risks
    inner join risk_rows
        on placed_risks.risk_id = risk_rows.risk_id
)

select
    release_id,
    cell,
    likelihood,
    impact,
    score,
    cast(count(*) as bigint) as risk_count,
    cast(count(*) filter (where status = 'open') as bigint) as open_count,
    cast(count(*) filter (where status = 'mitigating') as bigint)
        as mitigating_count,
    cast(count(*) filter (where status = 'accepted') as bigint)
        as accepted_count,
    cast(count(*) filter (where status = 'closed') as bigint) as closed_count,
    cast(count(*) filter (
        where status in ('open', 'mitigating') and mitigation is null
    ) as bigint) as unmitigated_count
from cells
group by release_id, cell, likelihood, impact, score
order by release_id, cell

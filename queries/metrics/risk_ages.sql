-- name: risk_ages
-- about: Every risk: where it lies, how high and how old it is, and whether it
--   shipped.
-- grain: one row per risk and release
-- key: risk_id, release_id
-- reads: params, local_days, items_as_of, risks_as_of, risk_releases
-- columns:
--   risk_id        string      Risk.
--   release_id     string      Release, or "(no release)".
--   item_id        string?     The item it is of.
--   team           string?     Team of the item.
--   description    string      What may happen.
--   vulnerability  string?     What makes it possible.
--   mitigation     string?     What is done about it.
--   status         string      open, mitigating, accepted or closed.
--   score          bigint?     likelihood × impact.
--   age_days       double?     Days since it was raised; null where it is
--                              closed, or where nobody says since when.
--   overdue_days   bigint?     Local days past its due date, below zero before
--                              it; null where it is closed or has no date.
--   is_open        boolean     Open or mitigating.
--   is_shipped     boolean     Not closed, and the release shipped with it.
--   due_on         date?       When it is to be dealt with.
--   raised_at      timestamp?  When it was raised.

-- coverage.md, 6.3: "heat map, age, those that shipped". A risk that is not
-- closed and not accepted is open. A risk that was raised once the release had
-- shipped did not ship with it.

with instant as (
    select as_of
    from params
),

today as (
    select local_days.day
    from instant
    inner join local_days
        on cast(instant.as_of as date) = local_days.utc_date
    where instant.as_of >= local_days.start_at
        and instant.as_of < local_days.end_at
),

teams as (
    select
        item_id,
        team
    from items_as_of
),

places as (
    select
        risk_id,
        release_id,
        is_raised_after,
        shipped_at
    from risk_releases
)

select
    risks_as_of.risk_id,
    coalesce(places.release_id, '(no release)') as release_id,
    risks_as_of.item_id,
    teams.team,
    risks_as_of.description,
    risks_as_of.vulnerability,
    risks_as_of.mitigation,
    risks_as_of.status,
    risks_as_of.score,
    case
        when risks_as_of.status <> 'closed' then seconds_between(
            risks_as_of.raised_at, instant.as_of
        ) / 86400e0
    end as age_days,
    case
        when risks_as_of.status <> 'closed'
            then cast(today.day - risks_as_of.due_on as bigint)
    end as overdue_days,
    risks_as_of.status in ('open', 'mitigating') as is_open,
    places.shipped_at is not null
    and not places.is_raised_after
    and risks_as_of.status <> 'closed' as is_shipped,
    risks_as_of.due_on,
    risks_as_of.raised_at
from risks_as_of
cross join instant
left join today
    on true
left join teams
    on risks_as_of.item_id = teams.item_id
left join places
    on risks_as_of.risk_id = places.risk_id
order by risk_id, release_id

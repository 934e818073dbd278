-- name: risk_releases
-- about: The releases that each risk lies in.
-- grain: one row per risk and release
-- key: risk_id, release_id
-- reads: risks_as_of, release_moments, release_scope
-- columns:
--   risk_id      string      Risk.
--   release_id   string      Release.
--   ship_due_at  timestamp?  Its shipping; before that, when it is due.
--   shipped_at   timestamp?  Its shipping.

-- A risk lies in the release that it names; one that names none lies in every
-- release that carries its item.

with risk_rows as (
    select
        risk_id,
        item_id,
        release_id
    from risks_as_of
),

moments as (
    select
        release_id,
        ship_due_at,
        shipped_at
    from release_moments
),

scope as (
    select
        release_id,
        item_id
    from release_scope
),

places as (
    select
        risk_id,
        release_id
    from risk_rows
    where release_id is not null
    union all
    select
        risk_rows.risk_id,
        scope.release_id
    from risk_rows
    inner join scope
        on risk_rows.item_id = scope.item_id
    where risk_rows.release_id is null
)

select
    places.risk_id,
    places.release_id,
    moments.ship_due_at,
    moments.shipped_at
from places
inner join moments
    on places.release_id = moments.release_id
order by risk_id, release_id

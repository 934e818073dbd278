-- name: risk_releases
-- about: The releases that each risk lies in.
-- grain: one row per risk and release
-- key: risk_id, release_id
-- reads: risks_as_of, release_names, release_moments, release_scope
-- columns:
--   risk_id           string      Risk.
--   release_id        string      Release.
--   is_raised_after   boolean     Raised once the release had shipped.
--   ship_since_at     timestamp?  Before this instant it had not shipped; null
--                                 where nobody knows since when it has.
--   ship_due_at       timestamp?  Its shipping; before that, when it is due.
--   shipped_at        timestamp?  Its shipping.

-- A risk lies in the release that it names, by id or by name, and in every
-- release that carries its item. One that was raised once a release had shipped
-- was not there to be decided on: no gate of that release asks about it.

with risk_rows as (
    select
        risks_as_of.risk_id,
        risks_as_of.item_id,
        risks_as_of.raised_at,
        coalesce(release_names.release_id, risks_as_of.release_id)
            as release_id
    from risks_as_of
    left join release_names
        on risks_as_of.release_id = release_names.release_name
),

moments as (
    select
        release_id,
        ship_since_at,
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

listed_places as (
    select
        risk_id,
        release_id,
        raised_at
    from risk_rows
    where release_id is not null
    union all
    select
        risk_rows.risk_id,
        scope.release_id,
        risk_rows.raised_at
    from risk_rows
    inner join scope
        on risk_rows.item_id = scope.item_id
),

places as (
    select distinct
        risk_id,
        release_id,
        raised_at
    from listed_places
)

select
    places.risk_id,
    places.release_id,
    coalesce(places.raised_at >= moments.shipped_at, false)
        as is_raised_after,
    moments.ship_since_at,
    moments.ship_due_at,
    moments.shipped_at
from places
inner join moments
    on places.release_id = moments.release_id
order by risk_id, release_id

-- name: risk_ages__agrees_with_the_heat_map
-- about: A release has as many risks in the list as on its heat map.
-- grain: one row per release that breaks the claim
-- key: release_id
-- reads: risk_ages, risk_heat_map
-- columns:
--   release_id    string   Release, or what stands for one.
--   listed_count  bigint?  Risks in the list.
--   mapped_count  bigint?  Risks on the map.

with listed as (
    select
        release_id,
        count(*) as risk_count
    from risk_ages
    group by release_id
),

mapped as (
    select
        release_id,
        cast(sum(risk_count) as bigint) as risk_count
    from risk_heat_map
    where release_id <> '(all releases)'
    group by release_id
)

select
    coalesce(listed.release_id, mapped.release_id) as release_id,
    listed.risk_count as listed_count,
    mapped.risk_count as mapped_count
from listed
full join mapped
    on listed.release_id = mapped.release_id
where listed.risk_count is distinct from mapped.risk_count
order by release_id

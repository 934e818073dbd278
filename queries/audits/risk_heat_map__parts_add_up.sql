-- name: risk_heat_map__parts_add_up
-- about: Of each cell every risk has one status, and over all releases every
--   risk is counted once.
-- grain: one row per cell that breaks the claim
-- key: release_id, cell
-- reads: risk_heat_map, risks_as_of
-- columns:
--   release_id  string  Release, or what stands for one.
--   cell        string  Cell.
--   risk_count  bigint  Risks in it.

with wholes as (
    select cast(sum(risk_count) as bigint) as risk_count
    from risk_heat_map
    where release_id = '(all releases)'
),

risks_known as (
    select count(*) as risk_count
    from risks_as_of
)

select
    risk_heat_map.release_id,
    risk_heat_map.cell,
    risk_heat_map.risk_count
from risk_heat_map
cross join wholes
cross join risks_known
where
    risk_heat_map.risk_count <> risk_heat_map.open_count
        + risk_heat_map.mitigating_count + risk_heat_map.accepted_count
        + risk_heat_map.closed_count
    or risk_heat_map.unmitigated_count
    > risk_heat_map.open_count + risk_heat_map.mitigating_count
    or wholes.risk_count <> risks_known.risk_count
order by release_id, cell

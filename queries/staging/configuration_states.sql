-- name: configuration_states
-- about: Each system of the CMDB: whether it is regulated, and what its
--   configuration items (CI) lack.
-- grain: one row per system
-- key: system
-- reads: config_items
-- columns:
--   system              string    System.
--   is_regulated        boolean?  One of its CIs is; null where none is and one
--                                 may be.
--   team                string?   Owner of its CIs, the first by name.
--   ci_count            bigint    Its CIs.
--   uncontrolled_count  bigint    Of these, not version-controlled.
--   unstated_count      bigint    Of these, nobody says whether they are.
--   bare_count          bigint?   Of these, without a baseline; null where no
--                                 CI of the feed has one.
--   baseline_count      bigint    Baselines that its CIs have.
--   first_uncontrolled  string?   The first CI not version-controlled.
--   first_bare          string?   The first CI without a baseline.

-- The CMDB carries no dates: it is taken as it stands. A CI without a baseline
-- has none, unless no CI of the feed has one.

with ci_rows as (
    select
        ci_id,
        system,
        owner_team,
        is_regulated,
        baseline_id,
        is_version_controlled
    from config_items
),

feed as (
    select count(baseline_id) > 0 as has_baselines
    from ci_rows
)

select
    ci_rows.system,
    case
        when bool_or(ci_rows.is_regulated) then true
        when count(ci_rows.is_regulated) = count(*) then false
    end as is_regulated,
    min(ci_rows.owner_team) as team,
    cast(count(*) as bigint) as ci_count,
    cast(count(*) filter (
        where not ci_rows.is_version_controlled
    ) as bigint) as uncontrolled_count,
    cast(count(*) filter (
        where ci_rows.is_version_controlled is null
    ) as bigint) as unstated_count,
    case
        when bool_or(feed.has_baselines) then cast(count(*) filter (
            where ci_rows.baseline_id is null
        ) as bigint)
    end as bare_count,
    cast(count(distinct ci_rows.baseline_id) as bigint) as baseline_count,
    min(ci_rows.ci_id) filter (
        where not ci_rows.is_version_controlled
    ) as first_uncontrolled,
    min(ci_rows.ci_id) filter (
        where ci_rows.baseline_id is null
    ) as first_bare
from ci_rows
cross join feed
where ci_rows.system is not null
group by ci_rows.system
order by system

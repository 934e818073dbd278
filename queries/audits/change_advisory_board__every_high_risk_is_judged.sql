-- name: change_advisory_board__every_high_risk_is_judged
-- about: Every release that may ship with an item of the high risk tier or an
--   open risk has a row, and none passes with an open risk that has no
--   mitigation.
-- grain: one row per release that breaks the claim
-- key: release_id
-- reads: release_moments, release_scope, release_risks,
--   change_advisory_board
-- columns:
--   release_id  string  Release.

with ways_of_risk as (
    select
        release_id,
        false as is_bare
    from release_scope
    where risk_tier = 'high'
    union all
    select
        release_id,
        not is_mitigated as is_bare
    from release_risks
    where is_open
),

risky_releases as (
    select
        release_id,
        bool_or(is_bare) as is_bare
    from ways_of_risk
    group by release_id
)

select risky_releases.release_id
from risky_releases
inner join release_moments
    on risky_releases.release_id = release_moments.release_id
left join change_advisory_board
    on risky_releases.release_id = change_advisory_board.release_id
where
    not release_moments.is_called_off
    and (
        change_advisory_board.release_id is null
        or (risky_releases.is_bare and change_advisory_board.verdict <> 'fail')
    )
order by release_id

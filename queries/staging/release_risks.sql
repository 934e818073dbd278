-- name: release_risks
-- about: The risks that lie in each release, as the change advisory board
--   asks of them.
-- grain: one row per release and risk
-- key: release_id, risk_id
-- reads: risks_as_of, risk_releases, release_scope
-- columns:
--   release_id    string   Release.
--   risk_id       string   Risk.
--   item_id       string?  The item that it is of, where the release carries it.
--   status        string   open, mitigating, accepted or closed.
--   is_open       boolean  Open, or being mitigated.
--   is_mitigated  boolean  Says what is done about it.
--   least_score   bigint   Likelihood times impact at least.
--   most_score    bigint   The same at most; more where one is unknown.

-- A risk that was raised once the release had shipped is none that the board
-- could have asked about.

with risk_rows as (
    select
        risk_id,
        item_id,
        status,
        status in ('open', 'mitigating') as is_open,
        mitigation is not null as is_mitigated,
        least_score,
        most_score
    from risks_as_of
),

scope as (
    select
        release_id,
        item_id
    from release_scope
)

select
    risk_releases.release_id,
    risk_rows.risk_id,
    scope.item_id,
    risk_rows.status,
    risk_rows.is_open,
    risk_rows.is_mitigated,
    risk_rows.least_score,
    risk_rows.most_score
from risk_releases
inner join risk_rows
    on risk_releases.risk_id = risk_rows.risk_id
left join scope
    on risk_releases.release_id = scope.release_id
    and risk_rows.item_id = scope.item_id
where not risk_releases.is_raised_after
order by release_id, risk_id

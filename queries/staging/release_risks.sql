-- name: release_risks
-- about: The risks of each release: those that name it, and those of the items
--   that it carries.
-- grain: one row per release and risk
-- key: release_id, risk_id
-- reads: risks, release_names, release_moments, release_scope
-- columns:
--   release_id     string   Release.
--   risk_id        string   Risk.
--   item_id        string?  The item that it is about, where the release
--                           carries it.
--   status         string   open, mitigating, accepted or closed.
--   is_open        boolean  Open, or being mitigated.
--   is_mitigated   boolean  Has a mitigation, or is being mitigated.
--   score          bigint?  Likelihood times impact; null where one is unknown.

-- The register keeps no dates of its own: risks are taken as they stand, so
-- that one raised after the as-of is seen, and one closed since is not.

with risk_rows as (
    select
        risks.risk_id,
        risks.item_id,
        coalesce(release_names.release_id, risks.release_id) as release_id,
        risks.status,
        risks.status in ('open', 'mitigating') as is_open,
        risks.status = 'mitigating'
        or nullif(trim(risks.mitigation), '') is not null as is_mitigated,
        cast(risks.likelihood as bigint) * cast(risks.impact as bigint)
            as score
    from risks
    left join release_names
        on risks.release_id = release_names.release_name
),

release_rows as (
    select release_id
    from release_moments
),

scope as (
    select
        release_id,
        item_id
    from release_scope
),

links as (
    select
        release_rows.release_id,
        risk_rows.risk_id
    from risk_rows
    inner join release_rows
        on risk_rows.release_id = release_rows.release_id
    union
    select
        scope.release_id,
        risk_rows.risk_id
    from risk_rows
    inner join scope
        on risk_rows.item_id = scope.item_id
)

select
    links.release_id,
    links.risk_id,
    scope.item_id,
    risk_rows.status,
    risk_rows.is_open,
    risk_rows.is_mitigated,
    risk_rows.score
from links
inner join risk_rows
    on links.risk_id = risk_rows.risk_id
left join scope
    on links.release_id = scope.release_id
    and risk_rows.item_id = scope.item_id
order by release_id, risk_id

-- name: risks_as_of
-- about: Risks that had been raised by the as-of, with their scores.
-- grain: one row per risk
-- key: risk_id
-- reads: params, risks
-- columns:
--   risk_id        string      Risk.
--   item_id        string?     The item it is of.
--   release_id     string?     The release that it names.
--   description    string      What may happen.
--   likelihood     bigint?     1 to 5.
--   impact         bigint?     1 to 5.
--   score          bigint?     likelihood × impact; null where one is unknown.
--   least_score    bigint      The score at least, whatever is unknown.
--   most_score     bigint      The score at most, whatever is unknown.
--   vulnerability  string?     What makes it possible; null where blank.
--   mitigation     string?     What is done about it; null where blank.
--   status         string      open, mitigating, accepted or closed.
--   due_on         date?       When it is to be dealt with.
--   raised_at      timestamp?  When it was raised.

-- A risk that was raised after the as-of did not exist at it. The rest has no
-- dates and is taken as it stands. Likelihood and impact go from 1 to 5, which
-- bounds the score where one of them is unknown.

with instant as (
    select as_of
    from params
),

risk_rows as (
    select
        risks.risk_id,
        risks.item_id,
        risks.release_id,
        risks.description,
        cast(risks.likelihood as bigint) as likelihood,
        cast(risks.impact as bigint) as impact,
        nullif(trim(risks.vulnerability), '') as vulnerability,
        nullif(trim(risks.mitigation), '') as mitigation,
        risks.status,
        risks.due_on,
        risks.raised_at
    from risks
    cross join instant
    where risks.raised_at is null or risks.raised_at <= instant.as_of
)

select
    risk_id,
    item_id,
    release_id,
    description,
    likelihood,
    impact,
    likelihood * impact as score,
    coalesce(likelihood, 1) * coalesce(impact, 1) as least_score,
    coalesce(likelihood, 5) * coalesce(impact, 5) as most_score,
    vulnerability,
    mitigation,
    status,
    due_on,
    raised_at
from risk_rows
order by risk_id

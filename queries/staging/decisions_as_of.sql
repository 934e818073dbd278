-- name: decisions_as_of
-- about: Decisions that had been taken by the as-of.
-- grain: one row per decision
-- key: decision_id
-- reads: params, decisions
-- columns:
--   decision_id   string     Decision.
--   kind          string     deferral, acceleration, exception or trade_off.
--   item_id       string?    The item it is about.
--   release_id    string?    The release it is about.
--   gate          string?    The gate that an exception is from.
--   decided_by    string?    Who decided.
--   rationale     string?    Why; null where it is blank.
--   alternatives  string?    What else was weighed.
--   decided_at    timestamp  When.

with instant as (
    select as_of
    from params
),

decision_rows as (
    select
        decisions.decision_id,
        decisions.kind,
        decisions.item_id,
        decisions.release_id,
        decisions.gate,
        decisions.decided_by,
        nullif(trim(decisions.rationale), '') as rationale,
        decisions.alternatives,
        decisions.decided_at
    from decisions
    inner join instant
        on decisions.decided_at <= instant.as_of
)

select
    decision_id,
    kind,
    item_id,
    release_id,
    gate,
    decided_by,
    rationale,
    alternatives,
    decided_at
from decision_rows
order by decision_id

-- name: changes_as_of
-- about: Requests for change (RFC) as they stood at the as-of.
-- grain: one row per change
-- key: change_id
-- reads: params, changes
-- columns:
--   change_id            string      Change.
--   release_id           string?     Release it is for.
--   state                string      The source's own word, in lower case.
--   risk                 string?     low, medium or high.
--   implementation_plan  string?     missing, draft or approved.
--   backout_plan         string?     missing, draft or approved.
--   window_start_at      timestamp?  Start of its window; may lie ahead.
--   window_end_at        timestamp?  End of its window; may lie ahead.
--   requested_at         timestamp?  Request.
--   approved_at          timestamp?  Approval.
--   closed_at            timestamp?  Closing.

-- A change approved after the as-of was requested at it, one closed after it
-- was approved. Plans, risk and windows carry no dates: they are taken as they
-- stand.

with instant as (
    select as_of
    from params
),

change_rows as (
    select
        changes.change_id,
        changes.release_id,
        case
            when changes.approved_at > instant.as_of then 'requested'
            when changes.closed_at > instant.as_of
                and changes.approved_at is not null then 'approved'
            else lower(trim(changes.state))
        end as state,
        changes.risk,
        changes.implementation_plan,
        changes.backout_plan,
        changes.window_start_at,
        changes.window_end_at,
        changes.requested_at,
        case
            when changes.approved_at <= instant.as_of
                then changes.approved_at
        end as approved_at,
        case
            when changes.closed_at <= instant.as_of then changes.closed_at
        end as closed_at
    from changes
    cross join instant
    where changes.requested_at is null
        or changes.requested_at <= instant.as_of
)

select
    change_id,
    release_id,
    state,
    risk,
    implementation_plan,
    backout_plan,
    window_start_at,
    window_end_at,
    requested_at,
    approved_at,
    closed_at
from change_rows
order by change_id

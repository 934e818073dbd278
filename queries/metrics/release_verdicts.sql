-- name: release_verdicts
-- about: Go or no-go for each release, by its gates.
-- grain: one row per release
-- key: release_id
-- reads: release_moments, release_gates
-- columns:
--   release_id     string      Release.
--   release_name   string      Its present name.
--   version        string?     Version.
--   status         string?     planned, in_progress, released or cancelled.
--   verdict        string      go; no_go where a gate is open; nothing_checked
--                              where none had anything to look at; cancelled
--                              where it was called off before it shipped.
--   gate_count     bigint      Gates that had something to look at.
--   open_count     bigint      Of these, open.
--   fail_count     bigint      Of the open ones, failed.
--   unknown_count  bigint      Of the open ones, unknown.
--   waived_count   bigint      Gates that a waiver let through.
--   pass_count     bigint      Gates passed.
--   baseline_at    timestamp?  Its scope's baseline.
--   freeze_at      timestamp?  Scope freeze.
--   ship_due_at    timestamp?  Shipping; before that, when it is due.
--   shipped_at     timestamp?  Shipping.

with release_rows as (
    select
        release_id,
        release_name,
        version,
        status,
        is_called_off,
        baseline_at,
        freeze_at,
        ship_due_at,
        shipped_at
    from release_moments
),

counts as (
    select
        release_id,
        count(*) filter (where verdict <> 'not_applicable') as gate_count,
        count(*) filter (where is_open) as open_count,
        count(*) filter (where verdict = 'fail') as fail_count,
        count(*) filter (where verdict = 'unknown') as unknown_count,
        count(*) filter (where verdict = 'waived') as waived_count,
        count(*) filter (where verdict = 'pass') as pass_count
    from release_gates
    group by release_id
)

select
    release_rows.release_id,
    release_rows.release_name,
    release_rows.version,
    release_rows.status,
    case
        when release_rows.is_called_off then 'cancelled'
        when coalesce(counts.open_count, 0) > 0 then 'no_go'
        when coalesce(counts.gate_count, 0) = 0 then 'nothing_checked'
        else 'go'
    end as verdict,
    cast(coalesce(counts.gate_count, 0) as bigint) as gate_count,
    cast(coalesce(counts.open_count, 0) as bigint) as open_count,
    cast(coalesce(counts.fail_count, 0) as bigint) as fail_count,
    cast(coalesce(counts.unknown_count, 0) as bigint) as unknown_count,
    cast(coalesce(counts.waived_count, 0) as bigint) as waived_count,
    cast(coalesce(counts.pass_count, 0) as bigint) as pass_count,
    release_rows.baseline_at,
    release_rows.freeze_at,
    release_rows.ship_due_at,
    release_rows.shipped_at
from release_rows
left join counts
    on release_rows.release_id = counts.release_id
order by release_id

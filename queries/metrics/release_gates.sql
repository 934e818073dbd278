-- name: release_gates
-- about: Each gate of each release: its verdict, and how many of its rows said
--   what.
-- grain: one row per release and gate that is on
-- key: release_id, gate
-- reads: gates, release_moments, gate_results
-- columns:
--   release_id     string      Release.
--   gate           string      The gate's name.
--   title          string      What to call it.
--   gate_group     string      What it belongs to.
--   guards         string      The moment it guards, in words.
--   limit_words    string?     The limits that it used.
--   verdict        string      fail, unknown, waived, pass, or not_applicable
--                              where it had nothing to look at.
--   is_open        boolean     It stands in the way: fail or unknown.
--   subject_count  bigint      What was looked at.
--   fail_count     bigint      Of these, failed.
--   unknown_count  bigint      Of these, unknown.
--   waived_count   bigint      Of these, waived.
--   pass_count     bigint      Of these, passed.
--   reason         string?     Why it is what it is: that of its worst row,
--                              and how many more there are.
--   due_at         timestamp?  The earliest moment of its worst rows.

-- The worst row decides: fail, then unknown, then waived, then pass.

with gate_list as (
    select
        gate,
        title,
        gate_group,
        guards,
        nullif(limit_words, '') as limit_words
    from gates
    where is_on
),

release_rows as (
    select release_id
    from release_moments
),

results as (
    select
        gate,
        release_id,
        subject_type,
        subject_id,
        verdict,
        reason,
        due_at,
        case verdict
            when 'fail' then 0
            when 'unknown' then 1
            when 'waived' then 2
            else 3
        end as verdict_rank
    from gate_results
    where release_id is not null
),

ranked_results as (
    select
        gate,
        release_id,
        verdict,
        reason,
        due_at,
        verdict_rank,
        row_number() over (
            partition by gate, release_id
            order by verdict_rank, due_at nulls last, subject_type, subject_id
        ) as place,
        min(verdict_rank) over (partition by gate, release_id) as worst_rank
    from results
),

counts as (
    select
        gate,
        release_id,
        count(*) as subject_count,
        count(*) filter (where verdict = 'fail') as fail_count,
        count(*) filter (where verdict = 'unknown') as unknown_count,
        count(*) filter (where verdict = 'waived') as waived_count,
        count(*) filter (where verdict = 'pass') as pass_count,
        count(*) filter (where verdict_rank = worst_rank) as worst_count,
        min(due_at) filter (where verdict_rank = worst_rank) as due_at
    from ranked_results
    group by gate, release_id
),

worst as (
    select
        gate,
        release_id,
        verdict,
        reason
    from ranked_results
    where place = 1
)

select
    release_rows.release_id,
    gate_list.gate,
    gate_list.title,
    gate_list.gate_group,
    gate_list.guards,
    gate_list.limit_words,
    coalesce(worst.verdict, 'not_applicable') as verdict,
    coalesce(worst.verdict in ('fail', 'unknown'), false) as is_open,
    cast(coalesce(counts.subject_count, 0) as bigint) as subject_count,
    cast(coalesce(counts.fail_count, 0) as bigint) as fail_count,
    cast(coalesce(counts.unknown_count, 0) as bigint) as unknown_count,
    cast(coalesce(counts.waived_count, 0) as bigint) as waived_count,
    cast(coalesce(counts.pass_count, 0) as bigint) as pass_count,
    case
        when counts.worst_count > 1 then
            worst.reason || ' (and '
            || cast(counts.worst_count - 1 as string) || ' more)'
        else worst.reason
    end as reason,
    counts.due_at
from release_rows
cross join gate_list
left join counts
    on release_rows.release_id = counts.release_id
    and gate_list.gate = counts.gate
left join worst
    on release_rows.release_id = worst.release_id
    and gate_list.gate = worst.gate
order by release_id, gate

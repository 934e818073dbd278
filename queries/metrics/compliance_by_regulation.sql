-- name: compliance_by_regulation
-- about: How the sign-offs of each regulation were kept.
-- grain: one row per regulation
-- key: regulation
-- reads: item_regulations, gate_results
-- columns:
--   regulation       string  GDPR, HIPAA, SOX, ..., in upper case.
--   item_count       bigint  Items in its scope.
--   unplanned_count  bigint  Of these, in no release, so not judged yet.
--   check_count      bigint  Judged: items in releases.
--   pass_count       bigint  Of the checks, passed.
--   waived_count     bigint  Of the checks, waived.
--   unknown_count    bigint  Of the checks, unknown.
--   fail_count       bigint  Of the checks, failed.

-- coverage.md, 6.2. The gate regulatory_signoff judges an item once for all
-- its regulations, so an item in the scope of two counts under each: where one
-- sign-off lacks, the item may not ship under either.

with regulations as (
    select
        item_id,
        regulation
    from item_regulations
),

signoffs as (
    select
        subject_id as item_id,
        verdict
    from gate_results
    where gate = 'regulatory_signoff' and subject_type = 'item'
),

judged_items as (
    select
        item_id,
        count(*) as check_count,
        count(*) filter (where verdict = 'pass') as pass_count,
        count(*) filter (where verdict = 'waived') as waived_count,
        count(*) filter (where verdict = 'unknown') as unknown_count,
        count(*) filter (where verdict = 'fail') as fail_count
    from signoffs
    group by item_id
)

select
    regulations.regulation,
    count(*) as item_count,
    count(*) filter (where judged_items.item_id is null) as unplanned_count,
    cast(coalesce(sum(judged_items.check_count), 0) as bigint) as check_count,
    cast(coalesce(sum(judged_items.pass_count), 0) as bigint) as pass_count,
    cast(coalesce(sum(judged_items.waived_count), 0) as bigint)
        as waived_count,
    cast(coalesce(sum(judged_items.unknown_count), 0) as bigint)
        as unknown_count,
    cast(coalesce(sum(judged_items.fail_count), 0) as bigint) as fail_count
from regulations
left join judged_items
    on regulations.item_id = judged_items.item_id
group by regulations.regulation
order by regulation

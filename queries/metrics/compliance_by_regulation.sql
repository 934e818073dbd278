-- name: compliance_by_regulation
-- about: How the sign-offs of each regulation were kept.
-- grain: one row per regulation
-- key: regulation
-- reads: item_regulations, regulation_signoffs
-- columns:
--   regulation       string  GDPR, HIPAA, SOX, ..., in upper case.
--   item_count       bigint  Items in its scope.
--   unplanned_count  bigint  Of these, in no release, so not judged yet.
--   check_count      bigint  Judged: items in releases, once a release.
--   pass_count       bigint  Of the checks, passed.
--   waived_count     bigint  Of the checks, waived.
--   unknown_count    bigint  Of the checks, unknown.
--   fail_count       bigint  Of the checks, failed.

-- coverage.md, 6.2. Each regulation by itself: an item that has the sign-offs
-- of one and lacks those of another passes under the one and fails under the
-- other, where the gate regulatory_signoff fails it once.

with regulations as (
    select
        item_id,
        regulation
    from item_regulations
),

judged_items as (
    select
        item_id,
        regulation,
        count(*) as check_count,
        count(*) filter (where verdict = 'pass') as pass_count,
        count(*) filter (where verdict = 'waived') as waived_count,
        count(*) filter (where verdict = 'unknown') as unknown_count,
        count(*) filter (where verdict = 'fail') as fail_count
    from regulation_signoffs
    group by item_id, regulation
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
    and regulations.regulation = judged_items.regulation
group by regulations.regulation
order by regulation

-- about: Releases, those still planned, those without a deadline or with a note, and
--   versions that end in a zero, which a number would lose.
-- expected: expected.json
-- compare: release_count = /releases
-- compare: planned_count = /planned
-- compare: no_deadline_count = /patches_without_deadline
-- compare: noted_count = /noted
-- compare: ends_in_zero_count = /ends_in_zero
select
    count(*) as release_count,
    count(*) filter (where status = 'planned' and released_at is null)
        as planned_count,
    count(*) filter (where freeze_at is null and system <> 'minor releases')
        as no_deadline_count,
    count(summary) as noted_count,
    count(*) filter (where version like '%0') as ends_in_zero_count
from releases

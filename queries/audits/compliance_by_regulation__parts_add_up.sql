-- name: compliance_by_regulation__parts_add_up
-- about: The verdicts of a regulation add up to its checks, and no more items
--   are unplanned than there are.
-- grain: one row per regulation that breaks the claim
-- key: regulation
-- reads: compliance_by_regulation
-- columns:
--   regulation  string  Regulation.

select regulation
from compliance_by_regulation
where
    check_count
    <> pass_count + waived_count + unknown_count + fail_count
    or unplanned_count > item_count
order by regulation

-- name: commitment_dates__lateness_fits_the_state
-- about: Every commitment is there once, and late only where it is called so.
-- grain: one row per commitment that breaks the claim
-- key: commitment_id
-- reads: commitments, commitment_dates
-- columns:
--   commitment_id  string  Commitment.

with promised as (
    select commitment_id
    from commitments
),

judged as (
    select
        commitment_id,
        state,
        days_late
    from commitment_dates
),

missing as (
    select promised.commitment_id
    from promised
    left join judged
        on promised.commitment_id = judged.commitment_id
    where judged.commitment_id is null
),

misjudged as (
    select commitment_id
    from judged
    where
        (
            state in ('overdue', 'planned_late', 'delivered_late')
            and (days_late is null or days_late <= 0)
        )
        or (
            state in ('met', 'on_plan', 'plan_passed')
            and (days_late is null or days_late > 0)
        )
        or (state in ('unplanned', 'unknown') and days_late is not null)
),

broken as (
    select commitment_id
    from missing
    union all
    select commitment_id
    from misjudged
)

select commitment_id
from broken
order by commitment_id

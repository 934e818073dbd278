-- name: environment_conflicts__proposals_are_free
-- about: A proposed window is as long as the booking, not before it, and free.
-- grain: one row that breaks the claim
-- key: environment, starts_at
-- reads: environment_windows, environment_conflicts
-- columns:
--   environment  string     Environment.
--   starts_at    timestamp  Start of the booking.

with proposals as (
    select distinct
        environment,
        starts_at,
        ends_at,
        proposed_starts_at,
        proposed_ends_at
    from environment_conflicts
    where proposed_starts_at is not null
),

blockers as (
    select
        environment,
        kind,
        starts_at,
        ends_at
    from environment_windows
    where kind in ('booked', 'outage') and ends_at > starts_at
),

broken as (
    select
        environment,
        starts_at
    from proposals
    where
        proposed_starts_at < starts_at
        or seconds_between(starts_at, ends_at)
        <> seconds_between(proposed_starts_at, proposed_ends_at)
    union
    select
        proposals.environment,
        proposals.starts_at
    from proposals
    inner join blockers
        on proposals.environment = blockers.environment
        and blockers.starts_at < proposals.proposed_ends_at
        and blockers.ends_at > proposals.proposed_starts_at
    where
        blockers.kind = 'outage'
        or blockers.starts_at <> proposals.starts_at
)

select
    environment,
    starts_at
from broken
order by environment, starts_at

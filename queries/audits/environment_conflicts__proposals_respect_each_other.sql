-- name: environment_conflicts__proposals_respect_each_other
-- about: Of two proposed windows of one environment that overlap, at least one
--   is said to be taken.
-- grain: one row per booking that breaks the claim
-- key: environment, starts_at
-- reads: environment_conflicts
-- columns:
--   environment  string     Environment.
--   starts_at    timestamp  Start of the booking.

with proposals as (
    select distinct
        environment,
        starts_at,
        proposed_starts_at,
        proposed_ends_at
    from environment_conflicts
    where proposed_starts_at is not null and not is_taken
)

select distinct
    proposals.environment,
    proposals.starts_at
from proposals
inner join proposals as others
    on proposals.environment = others.environment
    and proposals.starts_at <> others.starts_at
    and others.proposed_starts_at < proposals.proposed_ends_at
    and others.proposed_ends_at > proposals.proposed_starts_at
order by environment, starts_at

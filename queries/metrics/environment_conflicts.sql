-- name: environment_conflicts
-- about: Bookings that have to move, what is in their way, when they would fit.
-- grain: one row per booking and what is in its way
-- key: environment, starts_at, blocker_kind, blocker_starts_at
-- reads: params, environment_windows, releases_as_of
-- columns:
--   environment           string      Environment.
--   starts_at             timestamp   Start of the booking that has to move.
--   ends_at               timestamp   Its end.
--   release_id            string?     The release that it is for.
--   release_name          string?     Name of that release.
--   blocker_kind          string      booked or outage.
--   blocker_starts_at     timestamp   Start of what is in its way.
--   blocker_ends_at       timestamp   Its end.
--   blocker_release_id    string?     The release that it is for.
--   blocker_release_name  string?     Name of that release.
--   waited_days           double      From its start, or the blocker's if
--                                     later, to the blocker's end.
--   is_ahead              boolean     It ends after the as-of.
--   proposed_starts_at    timestamp?  Next start at which it would fit.
--   proposed_ends_at      timestamp?  The end that goes with it.
--   moved_days            double?     From its start to the proposed one.
--   has_availability      boolean     Available windows are fed for it.
--   has_begun             boolean     It began by the as-of.
--   planned_at            timestamp?  When its release is planned.
--   is_after_plan         boolean?    The proposal ends after that; null without
--                                     a proposal or a planned date.
--   is_taken              boolean     An earlier booking that has to move too is
--                                     proposed a time that overlaps this one.
--   overlap_seconds       double      How long the two overlap.

-- coverage.md 5.1. Of two bookings that overlap, the one that starts later has to
-- move; a booking within an outage has to move too. Windows that only touch do
-- not overlap, and a release is not in its own way. A proposal is as long as the
-- booking, starts at or after its start and the as-of, overlaps no other booking
-- and no outage as they stand, and lies within one unbroken availability where
-- any is fed for the environment. Each proposal is made as if the others stayed
-- where they are booked. Of those that overlap one another the booking that
-- starts first has it; the proposal of a later one is taken. What has begun
-- cannot move and gets no proposal. Windows that end
-- before they start are no windows.

with instant as (
    select as_of
    from params
),

release_rows as (
    select
        release_id,
        release_name,
        planned_at
    from releases_as_of
),

windows as (
    select
        environment,
        kind,
        release_id,
        starts_at,
        ends_at
    from environment_windows
    where ends_at > starts_at
),

bookings as (
    select
        environment,
        release_id,
        starts_at,
        ends_at
    from windows
    where kind = 'booked'
),

blockers as (
    select
        environment,
        kind,
        release_id,
        starts_at,
        ends_at
    from windows
    where kind in ('booked', 'outage')
),

conflicts as (
    select
        bookings.environment,
        bookings.starts_at,
        bookings.ends_at,
        bookings.release_id,
        blockers.kind as blocker_kind,
        blockers.starts_at as blocker_starts_at,
        blockers.ends_at as blocker_ends_at,
        blockers.release_id as blocker_release_id
    from bookings
    inner join blockers
        on bookings.environment = blockers.environment
        and blockers.starts_at < bookings.ends_at
        and blockers.ends_at > bookings.starts_at
    where
        blockers.kind = 'outage'
        or (
            blockers.starts_at < bookings.starts_at
            and (
                bookings.release_id is null
                or blockers.release_id is null
                or bookings.release_id <> blockers.release_id
            )
        )
),

movable as (
    select distinct
        conflicts.environment,
        conflicts.starts_at,
        conflicts.ends_at,
        conflicts.release_id,
        seconds_between(conflicts.starts_at, conflicts.ends_at) as seconds,
        greatest(conflicts.starts_at, instant.as_of) as earliest_at
    from conflicts
    inner join instant
        on conflicts.starts_at > instant.as_of
),

-- Availability, with windows that touch or overlap made one.
ordered_availability as (
    select
        environment,
        starts_at,
        ends_at,
        max(ends_at) over (
            partition by environment
            order by starts_at
            rows between unbounded preceding and 1 preceding
        ) as covered_until
    from windows
    where kind = 'available'
),

numbered_availability as (
    select
        environment,
        starts_at,
        ends_at,
        sum(
            case
                when covered_until >= starts_at then 0
                else 1
            end
        ) over (
            partition by environment
            order by starts_at
            rows between unbounded preceding and current row
        ) as stretch
    from ordered_availability
),

availability as (
    select
        environment,
        min(starts_at) as starts_at,
        max(ends_at) as ends_at
    from numbered_availability
    group by environment, stretch
),

available_environments as (
    select distinct environment
    from availability
),

-- A first fit starts at once, with an availability or where something ends.
candidates as (
    select environment, starts_at, seconds, earliest_at as candidate_at
    from movable
    union
    select
        movable.environment,
        movable.starts_at,
        movable.seconds,
        blockers.ends_at as candidate_at
    from movable
    inner join blockers
        on movable.environment = blockers.environment
        and blockers.ends_at > movable.earliest_at
    union
    select
        movable.environment,
        movable.starts_at,
        movable.seconds,
        availability.starts_at as candidate_at
    from movable
    inner join availability
        on movable.environment = availability.environment
        and availability.starts_at > movable.earliest_at
),

timed_candidates as (
    select
        candidates.environment,
        candidates.starts_at,
        candidates.candidate_at,
        plus_seconds(candidates.candidate_at, candidates.seconds)
            as candidate_ends_at
    from candidates
    left join available_environments
        on candidates.environment = available_environments.environment
    left join availability
        on candidates.environment = availability.environment
        and candidates.candidate_at >= availability.starts_at
        and plus_seconds(candidates.candidate_at, candidates.seconds)
        <= availability.ends_at
    where
        available_environments.environment is null
        or availability.environment is not null
),

taken_candidates as (
    select distinct
        timed_candidates.environment,
        timed_candidates.starts_at,
        timed_candidates.candidate_at
    from timed_candidates
    inner join blockers
        on timed_candidates.environment = blockers.environment
        and blockers.starts_at < timed_candidates.candidate_ends_at
        and blockers.ends_at > timed_candidates.candidate_at
    where
        blockers.kind = 'outage'
        or blockers.starts_at <> timed_candidates.starts_at
),

proposals as (
    select
        timed_candidates.environment,
        timed_candidates.starts_at,
        min(timed_candidates.candidate_at) as proposed_starts_at,
        min(timed_candidates.candidate_ends_at) as proposed_ends_at
    from timed_candidates
    left join taken_candidates
        on timed_candidates.environment = taken_candidates.environment
        and timed_candidates.starts_at = taken_candidates.starts_at
        and timed_candidates.candidate_at = taken_candidates.candidate_at
    where taken_candidates.environment is null
    group by timed_candidates.environment, timed_candidates.starts_at
),

taken_proposals as (
    select distinct
        proposals.environment,
        proposals.starts_at
    from proposals
    inner join proposals as earlier_proposals
        on proposals.environment = earlier_proposals.environment
        and earlier_proposals.starts_at < proposals.starts_at
        and earlier_proposals.proposed_starts_at < proposals.proposed_ends_at
        and earlier_proposals.proposed_ends_at > proposals.proposed_starts_at
)

select
    conflicts.environment,
    conflicts.starts_at,
    conflicts.ends_at,
    conflicts.release_id,
    own_releases.release_name,
    conflicts.blocker_kind,
    conflicts.blocker_starts_at,
    conflicts.blocker_ends_at,
    conflicts.blocker_release_id,
    other_releases.release_name as blocker_release_name,
    seconds_between(
        greatest(conflicts.starts_at, conflicts.blocker_starts_at),
        conflicts.blocker_ends_at
    ) / 86400e0 as waited_days,
    conflicts.ends_at > instant.as_of as is_ahead,
    proposals.proposed_starts_at,
    proposals.proposed_ends_at,
    seconds_between(conflicts.starts_at, proposals.proposed_starts_at)
    / 86400e0 as moved_days,
    available_environments.environment is not null as has_availability,
    conflicts.starts_at <= instant.as_of as has_begun,
    own_releases.planned_at,
    proposals.proposed_ends_at > own_releases.planned_at as is_after_plan,
    taken_proposals.environment is not null as is_taken,
    seconds_between(
        greatest(conflicts.starts_at, conflicts.blocker_starts_at),
        least(conflicts.ends_at, conflicts.blocker_ends_at)
    ) as overlap_seconds
from conflicts
cross join instant
left join release_rows as own_releases
    on conflicts.release_id = own_releases.release_id
left join release_rows as other_releases
    on conflicts.blocker_release_id = other_releases.release_id
left join proposals
    on conflicts.environment = proposals.environment
    and conflicts.starts_at = proposals.starts_at
left join taken_proposals
    on conflicts.environment = taken_proposals.environment
    and conflicts.starts_at = taken_proposals.starts_at
left join available_environments
    on conflicts.environment = available_environments.environment
order by environment, starts_at, blocker_kind, blocker_starts_at

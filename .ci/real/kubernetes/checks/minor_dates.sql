-- about: Days from the first patch of a minor release to the date that the minor
--   release itself has; the two are one event, so a difference is a mistake of the
--   source.
-- expected: expected.json
-- keys: minor = /days_apart
-- compare: days = /days_apart/{minor}
select
    minors.version as minor,
    seconds_between(patches.released_at, minors.released_at) / 86400e0 as days
from releases as minors
inner join releases as patches on patches.version = minors.version || '.0'
where minors.system = 'minor releases'
order by minor

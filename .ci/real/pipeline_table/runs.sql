-- One row a row of the table; a row of it starts with a number. The end of a run is
-- its start and its duration. An instant or a duration in another form is passed on as
-- it is, so that the row is set aside with it.
with cells as (
    select
        string_split(text, '|') as cell,
        source_line
    from raw
    where regexp_matches(text, '^\|\s*\d')
),

texts as (
    select
        trim(cell[2]) as run_id,
        trim(cell[3]) as commit_sha,
        trim(cell[5]) as conclusion,
        trim(cell[6]) as is_deployed,
        trim(cell[7]) as created,
        trim(cell[8]) as duration,
        trim(cell[9]) as event,
        source_line
    from cells
),

instants as (
    select
        *,
        try_strptime(created, '%d %B %Y, %H:%M:%S UTC') as started,
        to_minutes(
            cast(nullif(regexp_extract(duration, '^(\d+)m \d+s$', 1), '') as integer)
        ) + to_seconds(
            cast(nullif(regexp_extract(duration, '^\d+m (\d+)s$', 1), '') as integer)
        ) as length
    from texts
)

select
    run_id,
    commit_sha,
    conclusion,
    is_deployed,
    event,
    coalesce(strftime(started, '%Y-%m-%dT%H:%M:%SZ'), created) as started_at,
    coalesce(strftime(started + length, '%Y-%m-%dT%H:%M:%SZ'), duration)
        as finished_at,
    source_line
from instants
order by source_line

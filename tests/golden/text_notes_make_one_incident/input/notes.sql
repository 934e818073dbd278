-- One row an incident: its discovery, and its resolution where there is one.
with notes as (
    select
        split_part(file, '/', 1) as incident_id,
        split_part(file, '/', 2) as note,
        regexp_extract(text, '^at: ([^\n]*)', 1) as typed,
        regexp_extract(text, '\n\n([^\n]*)', 1) as summary,
        source_file,
        source_line
    from raw
),

instants as (
    select
        *,
        coalesce(
            strftime(
                try_strptime(typed, '%a %b %d %H:%M:%S PST %Y'),
                '%Y-%m-%dT%H:%M:%S-08:00'
            ),
            typed
        ) as noted_at
    from notes
)

select
    discoveries.incident_id,
    discoveries.noted_at as opened_at,
    resolutions.noted_at as resolved_at,
    discoveries.summary,
    discoveries.source_file,
    discoveries.source_line
from instants as discoveries
left join instants as resolutions
    on discoveries.incident_id = resolutions.incident_id
    and resolutions.note = 'resolution.txt'
where discoveries.note = 'discovery.txt'
order by discoveries.incident_id

-- One row a note, with the resolution beside the discovery. Instants were typed by
-- hand: a weekday that may be wrong, months in full or short, the year before or
-- behind the time, seconds that are missing or followed by `:00` of nothing. A zone's
-- abbreviation means what it means where these people are; another one, or another
-- way to write an instant, is passed on as it is, so that the row is set aside with it.
with notes as (
    select
        regexp_extract(file, '^([^/]+)/', 1) as incident_id,
        regexp_extract(file, '/(discovery|resolution|update)', 1) as note,
        trim(regexp_extract(text, '^when:([^\n]*)', 1)) as typed,
        trim(regexp_replace(text, '^[^\n]*\n', '')) as summary,
        source_file,
        source_line
    from raw
),

pieces as (
    select
        *,
        regexp_extract(
            typed, '(?i)\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)', 1
        ) as month,
        regexp_extract(typed, '\b(\d{1,2})\b[^:]*\b\d{1,2}:\d{2}', 1)
            as month_day,
        regexp_extract(typed, '\b((?:19|20)\d{2})\b', 1) as year,
        regexp_extract(typed, '\b(\d{1,2}:\d{2})', 1) as hour_minute,
        coalesce(
            nullif(regexp_extract(typed, '\b\d{1,2}:\d{2}:(\d{2})', 1), ''), '00'
        ) as second,
        case regexp_extract(typed, '\b(GMT|UTC|[PM][SD]T)\b', 1)
            when 'GMT' then '+00:00'
            when 'UTC' then '+00:00'
            when 'MST' then '-07:00'
            when 'MDT' then '-06:00'
            when 'PST' then '-08:00'
            when 'PDT' then '-07:00'
        end as zone
    from notes
),

instants as (
    select
        incident_id,
        note,
        summary,
        source_file,
        source_line,
        coalesce(
            strftime(
                try_strptime(
                    year || ' ' || month || ' ' || month_day || ' '
                    || hour_minute || ':' || second,
                    '%Y %b %d %H:%M:%S'
                ),
                '%Y-%m-%dT%H:%M:%S'
            ) || zone,
            typed
        ) as noted_at
    from pieces
)

select
    notes.incident_id,
    notes.note,
    notes.noted_at,
    resolutions.noted_at as resolved_at,
    notes.summary,
    notes.source_file,
    notes.source_line
from instants as notes
left join instants as resolutions
    on notes.incident_id = resolutions.incident_id
    and notes.note = 'discovery'
    and resolutions.note = 'resolution'
order by notes.source_file

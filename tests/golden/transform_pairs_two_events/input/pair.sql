-- One row a run: the first event of it and the last.
select
    record ->> '$.run' as run_id,
    min(record ->> '$.at') filter (where record ->> '$.kind' = 'start') as started_at,
    max(record ->> '$.at') filter (where record ->> '$.kind' = 'end') as finished_at,
    max(record ->> '$.outcome') as outcome,
    min(source_line) as source_line,
from raw
group by 1
order by 1 desc;

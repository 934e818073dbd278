-- about: Runs by the tool's own word for how they ended.
-- expected: exports/expected/ukma.json
-- keys: conclusion = /conclusion
-- compare: run_count = /conclusion/{conclusion}
with words as (
    select
        case when stage = 'startup' then 'startup_failure' else result end
            as conclusion
    from pipeline_runs
)

select
    conclusion,
    count(*) as run_count
from words
group by conclusion
order by conclusion

-- about: GitLab's pipelines out of single answers, and in how many of them outcome,
--   start and end are what the tool's own table has.
-- expected: expected.json
-- compare: run_count = /gitlab_pipelines/n
-- compare: equal_count = /gitlab_pipelines/n
-- compare: failed_count = /gitlab_pipelines/failed
-- compare: minutes = /gitlab_pipelines/minutes +- 0.0005
select
    count(*) as run_count,
    count(*) filter (
        where
            raw_runs.result = runs.result
            and raw_runs.started_at = runs.started_at
            and raw_runs.finished_at = runs.finished_at
    ) as equal_count,
    count(*) filter (where raw_runs.result = 'failure') as failed_count,
    avg(seconds_between(raw_runs.started_at, raw_runs.finished_at) / 60e0)
        as minutes
from pipeline_runs as raw_runs
left join pipeline_runs as runs
    on runs.run_id like '%:' || raw_runs.run_id
    and runs.source_file like '%/snapshot_tables/cicd_pipelines.csv'
where raw_runs.source_file like '%/_raw_gitlab_api_pipeline_details.csv'

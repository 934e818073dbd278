-- about: GitLab's list of pipelines by outcome: what has not ended runs and has no
--   end, what was skipped never ran.
-- expected: expected.json
-- keys: result = /gitlab_pipeline_list
-- compare: run_count = /gitlab_pipeline_list/{result}/n
-- compare: ended_count = /gitlab_pipeline_list/{result}/ended
select
    result,
    count(*) as run_count,
    count(finished_at) as ended_count
from pipeline_runs
where source_file like '%/_raw_gitlab_api_pipeline.csv'
group by result
order by result

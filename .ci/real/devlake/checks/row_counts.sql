-- about: Rows of the tables that are in the folder; none is lost on the way.
-- expected: exports/expected/devlake.json
-- compare: pipeline_count = /row_counts/jenkins~1e2e~1snapshot_tables~1cicd_pipelines.csv
-- compare: task_count = /row_counts/jenkins~1e2e~1snapshot_tables~1cicd_tasks.csv
-- compare: deployment_count = /row_counts/gitlab~1e2e~1snapshot_tables~1cicd_deployments.csv
-- compare: pull_request_count = /row_counts/dora~1e2e~1change_lead_time~1project_pr_metrics.csv
with pull_requests as (
    select count(*) as pull_request_count
    from items
    where source_file like '%/project_pr_metrics.csv'
)

select
    count(*) filter (
        where source_file like '%/jenkins/e2e/snapshot_tables/cicd_pipelines.csv'
    ) as pipeline_count,
    count(*) filter (
        where source_file like '%/jenkins/e2e/snapshot_tables/cicd_tasks.csv'
    ) as task_count,
    count(*) filter (
        where
            source_file like '%/gitlab/e2e/snapshot_tables/cicd_deployments.csv'
    ) as deployment_count,
    max(pull_requests.pull_request_count) as pull_request_count
from pipeline_runs
cross join pull_requests

-- about: Jenkins' builds by outcome; those that are still building run, whatever
--   result they name already.
-- expected: expected.json
-- keys: result = /jenkins_builds
-- compare: run_count = /jenkins_builds/{result}
select
    result,
    count(*) as run_count
from pipeline_runs
where source_file like '%/_raw_jenkins_api_builds.csv'
group by result
order by result

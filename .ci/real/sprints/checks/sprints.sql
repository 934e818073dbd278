-- about: Sprints by organisation, the names with a comma (which only the reading by
--   line can tell), and the issues in them.
-- expected: expected.json
-- keys: organisation = /sprints
-- compare: sprint_count = /sprints/{organisation}/n
-- compare: by_line_count = /sprints/{organisation}/with_comma
-- compare: comma_count = /sprints/{organisation}/with_comma
-- compare: filled_count = /sprints/{organisation}/with_issues
with filled as (
    select distinct release_id
    from items
)

select
    split_part(releases.release_id, ':', 1) as organisation,
    count(*) as sprint_count,
    count(*) filter (where releases.source_file like '%jboss_iteration_80.csv')
        as by_line_count,
    count(*) filter (where releases.name like '%,%') as comma_count,
    count(filled.release_id) as filled_count
from releases
left join filled using (release_id)
group by split_part(releases.release_id, ':', 1)
order by organisation

-- The members of an issue that the preset reads.
select
    data ->> '$.references.full' as "references.full",
    data ->> '$.title' as "title",
    data ->> '$.state' as "state",
    data ->> '$.assignee.name' as "assignee.name",
    data ->> '$.milestone.title' as "milestone.title",
    data ->> '$.weight' as "weight",
    data ->> '$.time_stats.time_estimate' as "time_stats.time_estimate",
    data ->> '$.created_at' as "created_at",
    data ->> '$.updated_at' as "updated_at",
    data ->> '$.closed_at' as "closed_at",
    data ->> '$.web_url' as "web_url",
    replace(replace(replace(data ->> '$.labels', '","', ';'), '["', ''), '"]', '')
        as labels,
    data ->> '$.assignees[0].name' as "assignees[0].name",
    source_line
from raw
order by source_line

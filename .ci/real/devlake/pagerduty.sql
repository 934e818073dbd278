-- The members of an incident that the preset reads.
select
    data ->> '$.id' as "id",
    data ->> '$.title' as "title",
    data ->> '$.status' as "status",
    data ->> '$.created_at' as "created_at",
    data ->> '$.resolved_at' as "resolved_at",
    data ->> '$.last_status_change_at' as "last_status_change_at",
    data ->> '$.priority.summary' as "priority.summary",
    data ->> '$.service.summary' as "service.summary",
    source_line
from raw
order by source_line

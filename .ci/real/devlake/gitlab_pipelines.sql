-- The members of a pipeline that the preset reads; a list has no start and no end.
select
    data ->> '$.id' as "id",
    data ->> '$.project_id' as "project_id",
    data ->> '$.sha' as "sha",
    data ->> '$.status' as "status",
    data ->> '$.source' as "source",
    data ->> '$.name' as "name",
    data ->> '$.created_at' as "created_at",
    data ->> '$.updated_at' as "updated_at",
    data ->> '$.started_at' as "started_at",
    data ->> '$.finished_at' as "finished_at",
    source_line
from raw
order by source_line

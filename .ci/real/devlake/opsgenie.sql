-- The members of an incident that the preset reads.
select
    data ->> '$.id' as "id",
    data ->> '$.message' as "message",
    data ->> '$.priority' as "priority",
    data ->> '$.createdAt' as "createdAt",
    data ->> '$.impactStartDate' as "impactStartDate",
    data ->> '$.impactEndDate' as "impactEndDate",
    data ->> '$.updatedAt' as "updatedAt",
    data ->> '$.status' as "status",
    data ->> '$.impactedServices[0]' as "impactedServices[0]",
    source_line
from raw
order by source_line

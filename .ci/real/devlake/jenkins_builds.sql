-- The members of a build that the preset reads; the job is in the parameters of the call.
select
    params ->> '$.FullName' as job,
    data ->> '$.number' as "number",
    data ->> '$.result' as "result",
    data ->> '$.building' as "building",
    data ->> '$.timestamp' as "timestamp",
    data ->> '$.duration' as "duration",
    source_line
from raw
order by source_line

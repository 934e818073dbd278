-- The rows as they are, each with the number of its line, for want of a key.
select
    *,
    cast(source_line as text) as number
from raw
order by source_line

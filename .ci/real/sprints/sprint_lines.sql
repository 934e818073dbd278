-- A sprint out of its line: two numbers, a name that may have commas, 16 numbers.
-- A line of another shape has no ids and is set aside.
select
    regexp_extract(text, '^(\d+),\d+,.*(?:,-?\d+){16}$', 1) as boardid,
    regexp_extract(text, '^\d+,(\d+),.*(?:,-?\d+){16}$', 1) as sprintid,
    regexp_extract(text, '^\d+,\d+,(.*?)(?:,-?\d+){16}$', 1) as name,
    source_line
from raw
order by source_line

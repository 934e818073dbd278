-- The prelude for DuckDB: what cannot be one text on both engines.
-- Each function here has a twin of the same name in spark.sql.

-- Seconds from a to b; negative when b is earlier; null when either is null.
create or replace macro seconds_between(a, b) as
    (epoch_us(b) - epoch_us(a)) / 1e6;

-- The instant a number of seconds (to the microsecond) after t.
create or replace macro plus_seconds(t, s) as
    t + to_microseconds(cast(round(s * 1e6) as bigint));

-- Number of elements of a list; null for a null list.
create or replace macro list_length(elements) as
    cast(len(elements) as bigint);

-- Element of a list, counted from 1; null beyond its end.
create or replace macro list_element_at(elements, ordinal) as
    list_extract(elements, ordinal);

-- The prelude for Spark (session time zone UTC, TIMESTAMP_NTZ, ANSI mode).
-- Each function here has a twin of the same name in duckdb.sql.

-- Seconds from a to b; negative when b is earlier; null when either is null.
create or replace temporary function seconds_between(
    a timestamp_ntz, b timestamp_ntz
) returns double
return timestampdiff(microsecond, a, b) / 1e6;

-- The instant a number of seconds (to the microsecond) after t.
create or replace temporary function plus_seconds(
    t timestamp_ntz, s double
) returns timestamp_ntz
return timestampadd(microsecond, cast(round(s * 1e6) as bigint), t);

-- Number of elements of a list; null for a null list.
create or replace temporary function list_length(
    elements array<string>
) returns bigint
return case when elements is not null then cast(size(elements) as bigint) end;

-- Element of a list, counted from 1; null beyond its end.
create or replace temporary function list_element_at(
    elements array<string>, ordinal bigint
) returns string
return get(elements, cast(ordinal - 1 as int));

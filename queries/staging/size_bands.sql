-- name: size_bands
-- about: The bands of size by which estimates are compared.
-- grain: one row per band
-- key: size_band
-- reads: params
-- columns:
--   size_band      string   <4 h, 4-8 h, 8-16 h, 16-40 h or >=40 h.
--   band_position  bigint   1 for the smallest.
--   from_seconds   bigint   Least estimate of the band.
--   until_seconds  bigint?  Least estimate of the next; null for the last.

-- Definition, Estimation: "By team, type and size band". Half a day, a day,
-- two days and a week of eight hours a day. An estimate of 0 has no size.

with one_row as (
    select as_of
    from params
),

bands as (
    select
        listed_bands.size_band,
        listed_bands.band_position,
        listed_bands.from_seconds,
        listed_bands.until_seconds
    from one_row
    cross join (
        values
        ('<4 h', 1, 1, 14400),
        ('4-8 h', 2, 14400, 28800),
        ('8-16 h', 3, 28800, 57600),
        ('16-40 h', 4, 57600, 144000),
        ('>=40 h', 5, 144000, cast(null as int))
    ) as listed_bands (size_band, band_position, from_seconds, until_seconds)
)

select
    size_band,
    cast(band_position as bigint) as band_position,
    cast(from_seconds as bigint) as from_seconds,
    cast(until_seconds as bigint) as until_seconds
from bands
order by size_band

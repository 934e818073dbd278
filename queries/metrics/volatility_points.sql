-- name: volatility_points
-- about: The control chart of each team's and each domain's scope volatility.
-- grain: one row per team or domain and finished release with planned items
-- key: dimension, level, release_id
-- reads: scope_volatility_by_group, volatility_limits, volatility_signals
-- columns:
--   dimension       string     team or domain.
--   level           string     Its name.
--   release_id      string     Release.
--   release_name    string     Its present name.
--   point_number    bigint     1 for the release with the earliest baseline.
--   recent_number   bigint     1 for the latest.
--   planned_count   bigint     Items in the release at its baseline.
--   change_count    bigint     Additions and removals since.
--   gross_ratio     double     Changes / planned.
--   centre          double?    Mean of the baseline; null where it is too few.
--   lower_limit     double?    Null where it would lie at or below zero.
--   upper_limit     double?    Upper natural process limit.
--   baseline_count  bigint     Releases that the limits come from.
--   signal          string?    The first rule that fired, above or below the
--                              mean: beyond_limit, two_of_three, four_of_five
--                              or eight_on_one_side.
--   is_above        boolean?   The signal lies above the mean.
--   is_few          boolean    Fewer than 5 planned items: drawn grey.
--   baseline_at     timestamp  When planned scope is read off.

-- Definition, XmR: "centre +- 2.66 x mean moving range; signals: a point
-- beyond a limit, 2 of 3 beyond two sigma, 4 of 5 beyond one, 8 on one side
-- ... The baseline has at least 14 points". It is all releases but the last,
-- so that the last is not measured against itself. Limits and signals are made
-- by the program, as those of every control chart are. A release with fewer
-- than 5 planned items is no signal alone: one item is 100 % of it. The other
-- rules rest on several releases.

with level_releases as (
    select
        dimension,
        level,
        release_id,
        release_name,
        planned_count,
        change_count,
        gross_ratio,
        baseline_at
    from scope_volatility_by_group
    where exclusion is null
),

limits as (
    select
        dimension,
        level,
        baseline_count,
        centre,
        lower_limit,
        upper_limit
    from volatility_limits
),

signals as (
    select
        dimension,
        level,
        release_id,
        rule,
        is_above,
        signal_number
    from volatility_signals
),

first_signals as (
    select
        signals.dimension,
        signals.level,
        signals.release_id,
        signals.rule,
        signals.is_above
    from signals
    inner join level_releases
        on signals.dimension = level_releases.dimension
        and signals.level = level_releases.level
        and signals.release_id = level_releases.release_id
    where
        signals.rule <> 'beyond_limit'
        or level_releases.planned_count >= 5
    qualify row_number() over (
        partition by signals.dimension, signals.level, signals.release_id
        order by signals.signal_number
    ) = 1
),

points as (
    select
        level_releases.dimension,
        level_releases.level,
        level_releases.release_id,
        level_releases.release_name,
        row_number() over (
            partition by level_releases.dimension, level_releases.level
            order by level_releases.baseline_at, level_releases.release_id
        ) as point_number,
        row_number() over (
            partition by level_releases.dimension, level_releases.level
            order by
                level_releases.baseline_at desc, level_releases.release_id desc
        ) as recent_number,
        level_releases.planned_count,
        level_releases.change_count,
        level_releases.gross_ratio,
        limits.centre,
        limits.lower_limit,
        limits.upper_limit,
        limits.baseline_count,
        first_signals.rule as signal,
        first_signals.is_above,
        level_releases.planned_count < 5 as is_few,
        level_releases.baseline_at
    from level_releases
    inner join limits
        on level_releases.dimension = limits.dimension
        and level_releases.level = limits.level
    left join first_signals
        on level_releases.dimension = first_signals.dimension
        and level_releases.level = first_signals.level
        and level_releases.release_id = first_signals.release_id
)

select
    dimension,
    level,
    release_id,
    release_name,
    cast(point_number as bigint) as point_number,
    cast(recent_number as bigint) as recent_number,
    planned_count,
    change_count,
    gross_ratio,
    centre,
    lower_limit,
    upper_limit,
    baseline_count,
    signal,
    is_above,
    is_few,
    baseline_at
from points
order by dimension, level, release_id

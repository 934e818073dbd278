-- name: volatility_coaching
-- about: Which teams and domains to talk to about moving scope, and why.
-- grain: one row per team or domain
-- key: dimension, level
-- reads: volatility_levels, volatility_points, volatility_standings
-- columns:
--   dimension             string   team or domain.
--   level                 string   Its name, "(no team)" or "(no domain)".
--   verdict               string   listed, not_listed, too_few or unnamed.
--   list_position         bigint?  1 for the first to talk to; null where it
--                                  is not listed.
--   reason_count          bigint   How many of the four reasons hold.
--   signal_count          bigint   Signals above the mean among the last 8
--                                  points of its chart.
--   signal_release_id     string?  The latest release of these.
--   signal_release_name   string?  Its name.
--   signal_rule           string?  The rule that fired there.
--   is_moved_above        boolean  More of its items moved than chance
--                                  explains.
--   is_late_above         boolean  More of its changes came after the freeze.
--   is_readded_above      boolean  More of its additions were items that had
--                                  been taken out.
--   release_count         bigint   Finished releases with planned items of it.
--   unplanned_count       bigint   Finished releases without.
--   open_count            bigint   Releases that are not over: left out.
--   cancelled_count       bigint   Releases that were cancelled: left out.
--   planned_count         bigint   Planned items of its finished releases.
--   change_count          bigint   Additions and removals since.
--   added_count           bigint   Additions.
--   readded_count         bigint   Of these, items that came back.
--   frozen_change_count   bigint   Changes to releases with a freeze.
--   after_freeze_count    bigint   Of these, those after it.
--   scope_item_count      bigint   Items that were planned or have moved.
--   moved_item_count      bigint   Of these, those that have moved.
--   gross_ratio           double?  Changes / planned, all releases together.
--   median_gross_ratio    double?  Median over its releases.
--   moved_ratio           double?  Moved / planned or moved items.
--   after_freeze_ratio    double?  After the freeze / changes.
--   readded_ratio         double?  Came back / additions.
--   all_moved_ratio       double?  The same over all levels.
--   all_late_ratio        double?  The same over all levels.
--   all_readded_ratio     double?  The same over all levels.

-- A level is listed for a signal above the mean on its control chart that is
-- not older than the longest rule looks back (8 releases), or for a share
-- above the 99.8 % limit of the funnel around that of all levels together; a
-- funnel is asked from 5 of whatever it counts on. Items of a release may move
-- together, so that the funnel is rather too narrow: a reason to ask, no
-- judgement. Below 5 releases there is no verdict, and without a name nobody to
-- talk to. Signals come first, then more reasons, then the larger gross
-- volatility.

with levels as (
    select
        dimension,
        level,
        is_named,
        release_count,
        unplanned_count,
        open_count,
        cancelled_count,
        planned_count,
        added_count,
        readded_count,
        change_count,
        frozen_change_count,
        after_freeze_count,
        scope_item_count,
        moved_item_count,
        gross_ratio,
        median_gross_ratio
    from volatility_levels
),

points as (
    select
        dimension,
        level,
        release_id,
        release_name,
        recent_number,
        signal
    from volatility_points
    where recent_number <= 8 and signal is not null and is_above
),

standings as (
    select
        dimension,
        level,
        measure,
        all_ratio,
        is_above
    from volatility_standings
),

level_signals as (
    select
        dimension,
        level,
        count(*) as signal_count,
        max_by(release_id, -recent_number) as signal_release_id,
        max_by(release_name, -recent_number) as signal_release_name,
        max_by(signal, -recent_number) as signal_rule
    from points
    group by dimension, level
),

level_standings as (
    select
        dimension,
        level,
        bool_or(measure = 'moved' and is_above) as is_moved_above,
        bool_or(measure = 'after_freeze' and is_above) as is_late_above,
        bool_or(measure = 'readded' and is_above) as is_readded_above,
        max(all_ratio) filter (where measure = 'moved') as all_moved_ratio,
        max(all_ratio) filter (
            where measure = 'after_freeze'
        ) as all_late_ratio,
        max(all_ratio) filter (where measure = 'readded') as all_readded_ratio
    from standings
    group by dimension, level
),

reasons as (
    select
        levels.dimension,
        levels.level,
        coalesce(level_signals.signal_count, 0) as signal_count,
        level_signals.signal_release_id,
        level_signals.signal_release_name,
        level_signals.signal_rule,
        coalesce(level_standings.is_moved_above, false) as is_moved_above,
        coalesce(level_standings.is_late_above, false) as is_late_above,
        coalesce(level_standings.is_readded_above, false) as is_readded_above,
        level_standings.all_moved_ratio,
        level_standings.all_late_ratio,
        level_standings.all_readded_ratio
    from levels
    left join level_signals
        on levels.dimension = level_signals.dimension
        and levels.level = level_signals.level
    left join level_standings
        on levels.dimension = level_standings.dimension
        and levels.level = level_standings.level
),

reason_counts as (
    select
        dimension,
        level,
        case when signal_count > 0 then 1 else 0 end
        + case when is_moved_above then 1 else 0 end
        + case when is_late_above then 1 else 0 end
        + case when is_readded_above then 1 else 0 end as reason_count
    from reasons
),

verdicts as (
    select
        levels.dimension,
        levels.level,
        reason_counts.reason_count,
        case
            when not levels.is_named then 'unnamed'
            when levels.release_count < 5 then 'too_few'
            when reason_counts.reason_count > 0 then 'listed'
            else 'not_listed'
        end as verdict
    from levels
    inner join reason_counts
        on levels.dimension = reason_counts.dimension
        and levels.level = reason_counts.level
)

select
    levels.dimension,
    levels.level,
    verdicts.verdict,
    case
        when verdicts.verdict = 'listed'
            then cast(row_number() over (
                partition by levels.dimension, verdicts.verdict
                order by
                    case when reasons.signal_count > 0 then 0 else 1 end,
                    verdicts.reason_count desc,
                    levels.gross_ratio desc nulls last,
                    levels.level
            ) as bigint)
    end as list_position,
    cast(verdicts.reason_count as bigint) as reason_count,
    reasons.signal_count,
    reasons.signal_release_id,
    reasons.signal_release_name,
    reasons.signal_rule,
    reasons.is_moved_above,
    reasons.is_late_above,
    reasons.is_readded_above,
    levels.release_count,
    levels.unplanned_count,
    levels.open_count,
    levels.cancelled_count,
    levels.planned_count,
    levels.change_count,
    levels.added_count,
    levels.readded_count,
    levels.frozen_change_count,
    levels.after_freeze_count,
    levels.scope_item_count,
    levels.moved_item_count,
    levels.gross_ratio,
    levels.median_gross_ratio,
    1e0 * levels.moved_item_count
    / nullif(levels.scope_item_count, 0) as moved_ratio,
    1e0 * levels.after_freeze_count
    / nullif(levels.frozen_change_count, 0) as after_freeze_ratio,
    1e0 * levels.readded_count
    / nullif(levels.added_count, 0) as readded_ratio,
    reasons.all_moved_ratio,
    reasons.all_late_ratio,
    reasons.all_readded_ratio
from levels
inner join reasons
    on levels.dimension = reasons.dimension
    and levels.level = reasons.level
inner join verdicts
    on levels.dimension = verdicts.dimension
    and levels.level = verdicts.level
order by dimension, level

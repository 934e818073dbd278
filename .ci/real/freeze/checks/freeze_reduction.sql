-- about: Mean days of freeze before and from a release on, and by how much less, at
--   each release from which the freeze may be said to have become shorter.
-- expected: exports/expected/laukkanen.json
-- keys: cut = /freeze_reduction_by_cut[mean_before,mean_after,reduction]
-- compare: before_days = /freeze_reduction_by_cut[mean_before,mean_after,reduction]/{cut}/0 +- 0.005
-- compare: after_days = /freeze_reduction_by_cut[mean_before,mean_after,reduction]/{cut}/1 +- 0.005
-- compare: reduction = /freeze_reduction_by_cut[mean_before,mean_after,reduction]/{cut}/2 +- 0.0005
with spans as (
    select
        release_id,
        released_at,
        seconds_between(freeze_at, released_at) / 86400e0 as days
    from releases
),

means as (
    select
        cuts.release_id,
        avg(spans.days) filter (where spans.released_at < cuts.released_at)
            as before_days,
        avg(spans.days) filter (where spans.released_at >= cuts.released_at)
            as after_days
    from spans as cuts
    cross join spans
    where cuts.release_id in ('14.4', '14.5', '15.1', '15.2', '15.3', '15.4')
    group by cuts.release_id
)

select
    'before<' || release_id as cut,
    before_days,
    after_days,
    1 - after_days / before_days as reduction
from means
order by cut

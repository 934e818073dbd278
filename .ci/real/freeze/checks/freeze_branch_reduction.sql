-- about: By how much fewer commits came to the freeze branch during a freeze, in the
--   mean of the releases from a cut on against those before it.
-- expected: exports/expected/laukkanen.json
-- keys: cut = /freeze_branch_commit_reduction_by_cut
-- compare: reduction = /freeze_branch_commit_reduction_by_cut/{cut} +- 0.0005
with counts as (
    select
        releases.release_id,
        releases.released_at,
        count(*) as commit_count
    from releases
    inner join item_events
        on item_events.changed_at >= releases.freeze_at
        and item_events.changed_at < releases.released_at
    where item_events.field = 'commit on freeze'
    group by releases.release_id, releases.released_at
),

means as (
    select
        cuts.release_id as cut,
        avg(counts.commit_count)
            filter (where counts.released_at < cuts.released_at)
            as before_mean,
        avg(counts.commit_count)
            filter (where counts.released_at >= cuts.released_at)
            as after_mean
    from counts as cuts
    cross join counts
    where cuts.release_id in ('14.4', '14.5', '15.1', '15.2', '15.3', '15.4')
    group by cuts.release_id
)

select
    cut,
    1 - after_mean / before_mean as reduction
from means
order by cut

-- about: Each release: its days, the issues resolved since the one before, production
--   issues resolved within 30 days after, and commits in the release and its freeze.
--   A window starts with its first instant and ends before its last; the first
--   release has none before it.
-- expected: exports/expected/laukkanen.json
-- compare: release_id = /releases/{position}/release
-- compare: freeze_days = /releases/{position}/freeze_days
-- compare: cycle_days = /releases/{position}/cycle_days
-- compare: at_count = /releases/{position}/issues_resolved_in_window/AT
-- compare: dev_count = /releases/{position}/issues_resolved_in_window/DEV
-- compare: ps_count = /releases/{position}/issues_resolved_in_window/PS
-- compare: ps_after_count = /releases/{position}/PS_resolved_within_30d_after_deploy
-- compare: commit_count = /releases/{position}/commits_in_release_window
-- compare: frozen_commit_count = /releases/{position}/commits_in_freeze_window
-- compare: branch_commit_count = /releases/{position}/freeze_branch_commits_in_window
-- compare: dev_branch_commit_count = /releases/{position}/DEV_commits_in_freeze_on_freeze_branch
with windows as (
    select
        release_id,
        freeze_at,
        released_at,
        lag(released_at) over (order by released_at) as previous_at,
        row_number() over (order by released_at) - 1 as position
    from releases
),

issues as (
    select
        windows.release_id,
        items.investment_category as issue_type,
        items.resolved_at >= windows.previous_at
        and items.resolved_at < windows.released_at as is_within,
        items.resolved_at >= windows.released_at
        and seconds_between(windows.released_at, items.resolved_at)
        < 30 * 86400 as is_after
    from windows
    cross join items
),

issue_counts as (
    select
        release_id,
        count(*) filter (where is_within and issue_type = 'AT') as at_count,
        count(*) filter (where is_within and issue_type = 'DEV') as dev_count,
        count(*) filter (where is_within and issue_type = 'PS') as ps_count,
        count(*) filter (where is_after and issue_type = 'PS')
            as ps_after_count
    from issues
    group by release_id
),

commits as (
    select
        windows.release_id,
        item_events.field = 'commit on freeze' as is_on_branch,
        item_events.old_value as issue_type,
        item_events.changed_at >= windows.previous_at as is_since_previous,
        item_events.changed_at >= windows.freeze_at as is_frozen
    from windows
    inner join item_events on item_events.changed_at < windows.released_at
),

commit_counts as (
    select
        release_id,
        count(*) filter (where is_since_previous) as commit_count,
        count(*) filter (where is_frozen) as frozen_commit_count,
        count(*) filter (where is_frozen and is_on_branch)
            as branch_commit_count,
        count(*) filter (
            where is_frozen and is_on_branch and issue_type = 'DEV'
        ) as dev_branch_commit_count
    from commits
    group by release_id
)

select
    windows.position,
    windows.release_id,
    seconds_between(windows.freeze_at, windows.released_at) / 86400e0
        as freeze_days,
    seconds_between(windows.previous_at, windows.released_at) / 86400e0
        as cycle_days,
    issue_counts.at_count,
    issue_counts.dev_count,
    issue_counts.ps_count,
    issue_counts.ps_after_count,
    commit_counts.commit_count,
    commit_counts.frozen_commit_count,
    commit_counts.branch_commit_count,
    commit_counts.dev_branch_commit_count
from windows
inner join issue_counts using (release_id)
inner join commit_counts using (release_id)
order by windows.position

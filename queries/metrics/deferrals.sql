-- name: deferrals
-- about: Decisions to defer or to bring forward, those without a reason first.
-- grain: one row per decision
-- key: decision_id
-- reads: decisions_as_of, items_as_of, releases_as_of
-- columns:
--   decision_id    string     Decision.
--   kind           string     deferral or acceleration.
--   list_position  bigint     1 for the first of the list; see below.
--   item_id        string?    The item it is about.
--   title          string?    Its title.
--   team           string?    Its team.
--   item_type      string?    feature, defect, hotfix, ...
--   release_id     string?    The release it is about.
--   release_name   string?    Name of that release.
--   decided_by     string?    Who decided.
--   rationale      string?    Why; null where it is blank.
--   alternatives   string?    What else was weighed.
--   has_rationale  boolean    A reason is given.
--   decided_at     timestamp  When.
--   source_url     string?    The item in its tracker.

-- coverage.md 1.4: "deferrals and accelerations, those without rationale
-- first"; of both, the latest first.

with decision_rows as (
    select
        decision_id,
        kind,
        item_id,
        release_id,
        decided_by,
        rationale,
        nullif(trim(alternatives), '') as alternatives,
        decided_at
    from decisions_as_of
    where kind in ('deferral', 'acceleration')
),

item_rows as (
    select
        item_id,
        title,
        team,
        item_type,
        source_url
    from items_as_of
),

release_rows as (
    select
        release_id,
        release_name
    from releases_as_of
)

select
    decision_rows.decision_id,
    decision_rows.kind,
    row_number() over (
        order by
            case when decision_rows.rationale is null then 0 else 1 end,
            decision_rows.decided_at desc,
            decision_rows.decision_id
    ) as list_position,
    decision_rows.item_id,
    item_rows.title,
    item_rows.team,
    item_rows.item_type,
    decision_rows.release_id,
    release_rows.release_name,
    decision_rows.decided_by,
    decision_rows.rationale,
    decision_rows.alternatives,
    decision_rows.rationale is not null as has_rationale,
    decision_rows.decided_at,
    item_rows.source_url
from decision_rows
left join item_rows
    on decision_rows.item_id = item_rows.item_id
left join release_rows
    on decision_rows.release_id = release_rows.release_id
order by decision_id

-- name: item_rule_points
-- about: What accepted rules add to the score of each open item, or take from
--   it.
-- grain: one row per open item and accepted rule that raises or lowers
-- key: item_id, rule_id
-- reads: aging, rule_hits, release_moments
-- columns:
--   item_id      string    Tracker key.
--   rule_id      string    Rule, as rules.toml calls it.
--   action_kind  string    raise or lower.
--   found_words  string?   What the item has; null where nobody knows.
--   points       double    What it adds: 0 where the item is not known to match.
--   is_matched   boolean?  Whether the item is one; null where nobody knows.

-- Definition, Rules: an accepted rule takes part in the score. An item has a row
-- for each rule that speaks of it in a release that is not out. Of several such
-- releases, one in which it matches counts, and the rule counts once.

with open_items as (
    select item_id
    from aging
),

open_releases as (
    select release_id
    from release_moments
    where shipped_at is null
        and coalesce(status, 'planned') not in ('released', 'cancelled')
),

hits as (
    select
        rule_hits.item_id,
        rule_hits.rule_id,
        rule_hits.action_kind,
        rule_hits.found_words,
        rule_hits.points,
        rule_hits.is_matched
    from rule_hits
    inner join open_items
        on rule_hits.item_id = open_items.item_id
    inner join open_releases
        on rule_hits.release_id = open_releases.release_id
    where rule_hits.points is not null
    qualify row_number() over (
        partition by rule_hits.item_id, rule_hits.rule_id
        order by
            case
                when rule_hits.is_matched then 0
                when rule_hits.is_matched is null then 1
                else 2
            end,
            rule_hits.release_id
    ) = 1
)

select
    item_id,
    rule_id,
    action_kind,
    found_words,
    case when is_matched then points else 0e0 end as points,
    is_matched
from hits
order by item_id, rule_id

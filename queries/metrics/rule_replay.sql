-- name: rule_replay
-- about: The last releases as they would have been with each rule, beside holding
--   nothing and beside the present scoring.
-- grain: one row per rule, release and alternative
-- key: rule_id, release_id, alternative
-- reads: rule_limits, rule_matches, present_scores
-- columns:
--   rule_id              string   Rule.
--   release_id           string   Release.
--   alternative          string   rule, nothing or present_score.
--   delayed_value        double?  Business value of what was held although it
--                                 turned out well; null where none of it is known.
--   item_count           bigint   Items with a known outcome.
--   held_count           bigint   Of these, picked by the alternative.
--   caught_count         bigint   Picked, and turned out badly.
--   held_wrongly_count   bigint   Picked, and turned out well.
--   missed_count         bigint   Not picked, and turned out badly.
--   unknown_value_count  bigint   Held wrongly, with a value that nobody knows.
--   release_position     bigint   1 for the release that shipped first.

-- Definition, Rules: "The replay says what the rule would have cost and saved on
-- the last N releases": the last ones with a known outcome of the rule's kind. An
-- item of which nobody knows whether the rule matches is not picked.
-- present_score  picks as many, of all items of the release with a known outcome:
--                those that the present weights put last. An item without a score
--                comes after all others; of equals, the first by its key.

with settings as (
    select replay_releases
    from rule_limits
),

matches as (
    select
        rule_id,
        item_id,
        release_id,
        release_position,
        coalesce(is_matched, false) as is_picked,
        is_bad
    from rule_matches
    where is_bad is not null
),

last_matches as (
    select
        rule_id,
        item_id,
        release_id,
        release_position,
        is_picked,
        is_bad,
        dense_rank() over (
            partition by rule_id
            order by release_position desc
        ) as releases_back
    from matches
),

scores as (
    select
        item_id,
        business_value,
        score
    from present_scores
),

ranked_items as (
    select
        last_matches.rule_id,
        last_matches.item_id,
        last_matches.release_id,
        last_matches.release_position,
        last_matches.is_picked,
        last_matches.is_bad,
        scores.business_value,
        row_number() over (
            partition by last_matches.rule_id, last_matches.release_id
            order by scores.score nulls last, last_matches.item_id
        ) as place_from_last,
        count(*) filter (where last_matches.is_picked) over (
            partition by last_matches.rule_id, last_matches.release_id
        ) as picked_count
    from last_matches
    cross join settings
    left join scores
        on last_matches.item_id = scores.item_id
    where last_matches.releases_back <= settings.replay_releases
),

alternatives as (
    select
        rule_id,
        item_id,
        release_id,
        release_position,
        'rule' as alternative,
        business_value,
        is_picked,
        is_bad
    from ranked_items
    union all
    select
        rule_id,
        item_id,
        release_id,
        release_position,
        'nothing' as alternative,
        business_value,
        false as is_picked,
        is_bad
    from ranked_items
    union all
    select
        rule_id,
        item_id,
        release_id,
        release_position,
        'present_score' as alternative,
        business_value,
        place_from_last <= picked_count as is_picked,
        is_bad
    from ranked_items
),

sums as (
    select
        rule_id,
        release_id,
        alternative,
        release_position,
        sum(business_value) filter (where is_picked and not is_bad)
            as known_value,
        count(*) as item_count,
        count(*) filter (where is_picked) as held_count,
        count(*) filter (where is_picked and is_bad) as caught_count,
        count(*) filter (where is_picked and not is_bad) as held_wrongly_count,
        count(*) filter (where not is_picked and is_bad) as missed_count,
        count(*) filter (
            where is_picked and not is_bad and business_value is null
        ) as unknown_value_count
    from alternatives
    group by rule_id, release_id, alternative, release_position
)

select
    rule_id,
    release_id,
    alternative,
    case
        when held_wrongly_count = 0 then 0e0
        else known_value
    end as delayed_value,
    item_count,
    held_count,
    caught_count,
    held_wrongly_count,
    missed_count,
    unknown_value_count,
    release_position
from sums
order by rule_id, release_id, alternative

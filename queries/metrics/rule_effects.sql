-- name: rule_effects
-- about: How the items of each release fared, matched and unmatched, before and
--   since a rule was accepted.
-- grain: one row per rule that was ever accepted and release that went out
-- key: rule_id, release_id
-- reads: decided_rules, rule_matches, release_moments
-- columns:
--   rule_id            string     Rule.
--   release_id         string     Release.
--   release_name       string     Its present name.
--   period             string     before, since or after: before the acceptance,
--                                 since it, after the retirement.
--   outcome            string     What the rule is judged on.
--   outcome_kind       string     share or median.
--   release_position   bigint     Its place among the rule's releases in time.
--   matched_count      bigint     Matched items with a known outcome.
--   unmatched_count    bigint     Unmatched ones.
--   matched_bad        bigint?    Of the matched, bad ones; null for a median.
--   unmatched_bad      bigint?    Of the unmatched, bad ones.
--   matched_outcome    double?    Share of bad ones, or median outcome.
--   unmatched_outcome  double?    The same of the unmatched.
--   all_outcome        double     The same of both together.
--   shipped_at         timestamp  When it went out.

-- Definition, Rules: the effect of an accepted rule since acceptance is tracked.
-- A release belongs to the time when it went out. Items of which nobody knows
-- whether they match, or how they fared, count on neither side.

with accepted as (
    select
        rule_id,
        outcome,
        case
            when outcome in ('failed_deployment', 'incident') then 'share'
            else 'median'
        end as outcome_kind,
        accepted_at,
        case when state = 'retired' then decided_at end as retired_at
    from decided_rules
    where accepted_at is not null
),

moments as (
    select
        release_id,
        release_name,
        shipped_at
    from release_moments
    where shipped_at is not null
),

matches as (
    select
        rule_id,
        item_id,
        release_id,
        is_matched,
        is_bad,
        value
    from rule_matches
    where is_matched is not null
),

outcomes as (
    select
        accepted.rule_id,
        accepted.outcome,
        accepted.outcome_kind,
        accepted.accepted_at,
        accepted.retired_at,
        moments.release_id,
        moments.release_name,
        moments.shipped_at,
        matches.is_matched,
        matches.is_bad,
        case
            when accepted.outcome_kind = 'median' then matches.value
            when matches.is_bad then 1e0
            when matches.is_bad is not null then 0e0
        end as outcome_value
    from accepted
    inner join matches
        on accepted.rule_id = matches.rule_id
    inner join moments
        on matches.release_id = moments.release_id
),

sums as (
    select
        rule_id,
        release_id,
        release_name,
        shipped_at,
        outcome,
        outcome_kind,
        accepted_at,
        retired_at,
        count(*) filter (where is_matched) as matched_count,
        count(*) filter (where not is_matched) as unmatched_count,
        count(*) filter (where is_matched and is_bad) as matched_bad,
        count(*) filter (where not is_matched and is_bad) as unmatched_bad,
        avg(outcome_value) filter (where is_matched) as matched_mean,
        avg(outcome_value) filter (where not is_matched) as unmatched_mean,
        avg(outcome_value) as all_mean,
        median(outcome_value) filter (where is_matched) as matched_median,
        median(outcome_value) filter (where not is_matched)
            as unmatched_median,
        median(outcome_value) as all_median
    from outcomes
    where outcome_value is not null
    group by
        rule_id,
        release_id,
        release_name,
        shipped_at,
        outcome,
        outcome_kind,
        accepted_at,
        retired_at
)

select
    rule_id,
    release_id,
    release_name,
    case
        when shipped_at <= accepted_at then 'before'
        when shipped_at > retired_at then 'after'
        else 'since'
    end as period,
    outcome,
    outcome_kind,
    row_number() over (
        partition by rule_id
        order by shipped_at, release_id
    ) as release_position,
    matched_count,
    unmatched_count,
    case when outcome_kind = 'share' then matched_bad end as matched_bad,
    case when outcome_kind = 'share' then unmatched_bad end as unmatched_bad,
    case
        when outcome_kind = 'share' then matched_mean
        else matched_median
    end as matched_outcome,
    case
        when outcome_kind = 'share' then unmatched_mean
        else unmatched_median
    end as unmatched_outcome,
    case
        when outcome_kind = 'share' then all_mean
        else all_median
    end as all_outcome,
    shipped_at
from sums
order by rule_id, release_id

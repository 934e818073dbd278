-- name: rule_candidates__counts_are_rows
-- about: The counts of what is recommended are the rows behind it.
-- grain: one row per rule that breaks the claim
-- key: rule_id
-- reads: rule_candidates, rule_matches
-- columns:
--   rule_id  string  Rule.

-- The counts and shares of a recommended rule are those of its items, counted
-- again from the list.

with recounted as (
    select
        rule_id,
        count(*) filter (where part = 'earlier' and is_matched)
            as fit_matched_count,
        count(*) filter (where part = 'earlier' and not is_matched)
            as fit_unmatched_count,
        count(*) filter (where part = 'later' and is_matched)
            as judge_matched_count,
        count(*) filter (where part = 'later' and not is_matched)
            as judge_unmatched_count,
        count(*) filter (where part = 'later' and is_matched and is_bad)
            as judge_matched_bad,
        count(*) filter (where part = 'later' and not is_matched and is_bad)
            as judge_unmatched_bad,
        count(distinct case when part = 'later' then release_id end)
            as judge_release_count
    from rule_matches
    where value is not null and is_matched is not null
    group by rule_id
),

recommended as (
    select
        rule_id,
        outcome_kind,
        fit_matched_count,
        fit_unmatched_count,
        judge_release_count,
        judge_matched_count,
        judge_unmatched_count,
        judge_matched_bad,
        judge_unmatched_bad
    from rule_candidates
    where verdict = 'recommended'
)

select recommended.rule_id
from recommended
left join recounted
    on recommended.rule_id = recounted.rule_id
where recounted.rule_id is null
    or recommended.fit_matched_count <> recounted.fit_matched_count
    or recommended.fit_unmatched_count <> recounted.fit_unmatched_count
    or recommended.judge_release_count <> recounted.judge_release_count
    or recommended.judge_matched_count <> recounted.judge_matched_count
    or recommended.judge_unmatched_count <> recounted.judge_unmatched_count
    or (
        recommended.outcome_kind = 'share'
        and (
            recommended.judge_matched_bad <> recounted.judge_matched_bad
            or recommended.judge_unmatched_bad
            <> recounted.judge_unmatched_bad
        )
    )
order by rule_id

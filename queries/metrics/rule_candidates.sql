-- name: rule_candidates
-- about: Every candidate for a rule that was tried, with what the past says of it.
-- grain: one row per candidate
-- key: rule_id
-- reads: rule_trials, rule_templates
-- columns:
--   rule_id                  string   Template, condition and outcome.
--   rule_text                string   The condition in words.
--   template                 string   File in queries/rules/.
--   action                   string   raise, lower, hold, require <what> or
--                                     weight <part> <factor>.
--   outcome                  string   failed_deployment, incident, overrun, delay
--                                     or age.
--   outcome_kind             string   share or median: what is compared.
--   unit                     string   share, days, or ln of actual by estimate.
--   category                 string?  Category that it asks for.
--   verdict                  string   recommended, covered, not_enough, no_effect
--                                     or contradicted; see below.
--   threshold                double?  Threshold that it asks for.
--   fit_matched_outcome      double?  Earlier releases: share of bad ones among
--                                     matched items, or their median.
--   fit_unmatched_outcome    double?  The same of the others.
--   fit_effect               double?  The first less the second.
--   judge_matched_outcome    double?  Later releases: the same.
--   judge_unmatched_outcome  double?  The same of the others.
--   judge_effect             double?  The first less the second.
--   judge_lower              double?  Lower end of its 95 % interval; null where
--                                     it is not chosen, or cannot be said.
--   judge_upper              double?  Upper end.
--   p_value                  double?  One-sided, of the later releases; null
--                                     where they are too few: counted as 1.
--   p_limit                  double   The p-value up to which it is a discovery.
--   fit_release_count        bigint   Earlier releases with known items.
--   fit_matched_count        bigint   Their matched items.
--   fit_unmatched_count      bigint   Their other items.
--   judge_release_count      bigint   Later releases with known items.
--   judge_matched_count      bigint   Their matched items.
--   judge_unmatched_count    bigint   Their other items.
--   judge_matched_bad        bigint?  Of the matched, bad ones; null of a median.
--   judge_unmatched_bad      bigint?  Of the others, bad ones.
--   tried_count              bigint   Candidates tried in this run.
--   enough_release_count     bigint?  Releases, earlier and later together, that
--                                     would be enough.
--   enough_matched_count     bigint?  Matched items of the later ones, likewise.
--   is_discovery             boolean  Among the discoveries of this run.
--   is_chosen                boolean  The earlier releases chose it among those
--                                     of its template and outcome.

-- Definition, Rules: "Candidates come from declared templates ... each is judged
-- on what really happened ... False discoveries are held at 10 %
-- (Benjamini-Hochberg) over all candidates tried." The step between rule_subjects
-- and rule_trials does it: fitted on the earlier releases, judged on the later
-- ones, whole releases counted as one.
-- recommended   chosen by the earlier releases, found on the later ones among
--               all tried, and its interval leaves out zero.
-- covered       found too, but another candidate of its template was chosen.
-- not_enough    not enough to say; enough_... is what would be, were the effect
--               as large as in the earlier releases.
-- no_effect     there was enough to see it, or the earlier releases do not
--               speak for it.
-- contradicted  the later releases say the opposite.

with trials as (
    select
        rule_id,
        template,
        outcome,
        outcome_kind,
        threshold,
        category,
        fit_release_count,
        fit_matched_count,
        fit_unmatched_count,
        fit_matched_outcome,
        fit_unmatched_outcome,
        fit_effect,
        judge_release_count,
        judge_matched_count,
        judge_unmatched_count,
        judge_matched_bad,
        judge_unmatched_bad,
        judge_matched_outcome,
        judge_unmatched_outcome,
        judge_effect,
        judge_lower,
        judge_upper,
        p_value,
        p_limit,
        tried_count,
        is_discovery,
        is_chosen,
        verdict,
        enough_release_count,
        enough_matched_count
    from rule_trials
),

templates as (
    select
        template,
        title,
        action
    from rule_templates
)

select
    trials.rule_id,
    replace(
        replace(
            templates.title,
            '{threshold}',
            coalesce(
                regexp_replace(
                    cast(trials.threshold as string), '[.]0$', ''
                ),
                ''
            )
        ),
        '{category}',
        coalesce(trials.category, '')
    ) as rule_text,
    trials.template,
    templates.action,
    trials.outcome,
    trials.outcome_kind,
    case
        when trials.outcome_kind = 'share' then 'share'
        when trials.outcome = 'overrun' then 'ln of actual by estimate'
        else 'days'
    end as unit,
    trials.category,
    trials.verdict,
    trials.threshold,
    trials.fit_matched_outcome,
    trials.fit_unmatched_outcome,
    trials.fit_effect,
    trials.judge_matched_outcome,
    trials.judge_unmatched_outcome,
    trials.judge_effect,
    trials.judge_lower,
    trials.judge_upper,
    trials.p_value,
    trials.p_limit,
    trials.fit_release_count,
    trials.fit_matched_count,
    trials.fit_unmatched_count,
    trials.judge_release_count,
    trials.judge_matched_count,
    trials.judge_unmatched_count,
    trials.judge_matched_bad,
    trials.judge_unmatched_bad,
    trials.tried_count,
    trials.enough_release_count,
    trials.enough_matched_count,
    trials.is_discovery,
    trials.is_chosen
from trials
inner join templates
    on trials.template = templates.template
order by rule_id

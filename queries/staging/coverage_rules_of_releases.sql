-- name: coverage_rules_of_releases
-- about: The rules of the coverage ledger, for the marts of releases.
-- grain: one row per metric and rule
-- key: metric, rule
-- reads: params
-- columns:
--   metric       string  Mart whose rows are accounted for.
--   rule         string  rows_in, used, or the rule that leaves rows out.
--   kind         string  in, used or dropped.
--   explanation  string  What the rule means.

-- As coverage_rules, which has the core metrics and the marts in depth. What
-- a release's page counts comes from one of these seven ledgers.

with one_row as (
    select as_of
    from params
),

rules as (
    select
        listed_rules.metric,
        listed_rules.rule,
        listed_rules.kind,
        listed_rules.explanation
    from one_row
    cross join (
        values
        (
            'release_items', 'rows_in', 'in',
            'pairs of a release and an item that was in it or deployed with it'
        ),
        (
            'release_items', 'used', 'used',
            'items that ever belonged to a release'
        ),
        (
            'release_items', 'unknown_release', 'dropped',
            'no export has the release'
        ),
        (
            'release_items', 'unknown_item', 'dropped',
            'deployed, and no export has the item'
        ),
        (
            'release_items', 'only_failed', 'dropped',
            'never in it, and no successful deployment holds the item'
        ),
        (
            'release_scope_moves', 'rows_in', 'in',
            'stated scope changes, and moves that follow from the items'
        ),
        (
            'release_scope_moves', 'used', 'used',
            'scope changes: after the baseline, by the end'
        ),
        (
            'release_scope_moves', 'after_as_of', 'dropped',
            'stated for after the as-of'
        ),
        (
            'release_scope_moves', 'unknown_item', 'dropped',
            'stated of an item that no export has'
        ),
        (
            'release_scope_moves', 'no_move', 'dropped',
            'states what held already'
        ),
        (
            'release_scope_moves', 'unknown_release', 'dropped',
            'no export has the release'
        ),
        (
            'release_scope_moves', 'no_baseline', 'dropped',
            'the release has no baseline, or it lies ahead'
        ),
        (
            'release_scope_moves', 'before_baseline', 'dropped',
            'planning: up to the baseline'
        ),
        (
            'release_scope_moves', 'after_end', 'dropped',
            'tidying: once the release was out'
        ),
        (
            'release_incidents', 'rows_in', 'in',
            'incidents in the lake, and answers to production deployments'
        ),
        (
            'release_incidents', 'used', 'used',
            'incidents, rollbacks and hotfixes that count against a release'
        ),
        (
            'release_incidents', 'after_as_of', 'dropped',
            'opened after the as-of'
        ),
        (
            'release_incidents', 'not_incident', 'dropped',
            'a problem or a user report'
        ),
        (
            'release_incidents', 'unattributed', 'dropped',
            'laid to no deployment'
        ),
        (
            'release_incidents', 'not_production', 'dropped',
            'laid to a deployment that did not complete in production'
        ),
        (
            'release_incidents', 'no_release', 'dropped',
            'the deployment belongs to no release'
        ),
        (
            'release_incidents', 'no_incident_feed', 'dropped',
            'no incidents are recorded for the system'
        ),
        (
            'release_incidents', 'outside_window', 'dropped',
            'opened after the incident window'
        ),
        ('release_summary', 'rows_in', 'in', 'deployments in the lake'),
        (
            'release_summary', 'used', 'used',
            'completed production deployments of a release'
        ),
        (
            'release_summary', 'after_as_of', 'dropped',
            'finished after the as-of'
        ),
        (
            'release_summary', 'not_production', 'dropped',
            'went to another environment than production'
        ),
        (
            'release_summary', 'cancelled', 'dropped',
            'cancelled, so not completed'
        ),
        ('release_summary', 'no_release', 'dropped', 'belong to no release'),
        (
            'release_summary', 'unknown_release', 'dropped',
            'no export has the release'
        ),
        (
            'release_measures', 'rows_in', 'in',
            'rows behind the headline measures, each once'
        ),
        (
            'release_measures', 'used', 'used',
            'rows that a measure of a release rests on'
        ),
        (
            'release_measures', 'no_release', 'dropped',
            'belong to no release; days never do'
        ),
        (
            'release_measures', 'no_value', 'dropped',
            'failed deployments without a known restoration'
        ),
        (
            'release_stage_times', 'rows_in', 'in',
            'items in a release at its end, by each stage they have been in'
        ),
        (
            'release_stage_times', 'used', 'used',
            'of these, those with time on the clock of the item'
        ),
        (
            'release_stage_times', 'no_clock', 'dropped',
            'cycle_time leaves the item out'
        ),
        (
            'release_stage_times', 'entry_unknown', 'dropped',
            'nobody knows since when the item was in the stage'
        ),
        (
            'release_stage_times', 'outside_clock', 'dropped',
            'before the commitment, or after the delivery'
        ),
        (
            'release_item_spans', 'rows_in', 'in',
            'items in some release at its end'
        ),
        (
            'release_item_spans', 'used', 'used',
            'items of which some time on the clock is known'
        ),
        (
            'release_item_spans', 'no_clock', 'dropped',
            'cycle_time leaves the item out'
        ),
        (
            'release_item_spans', 'entry_unknown', 'dropped',
            'no stay of it on its clock is dated'
        )
    ) as listed_rules (metric, rule, kind, explanation)
)

select
    metric,
    rule,
    kind,
    explanation
from rules
order by metric, rule

-- name: coverage_rules
-- about: The rules of the coverage ledger, for each metric.
-- grain: one row per metric and rule
-- key: metric, rule
-- reads: params
-- columns:
--   metric       string  Mart whose rows are accounted for.
--   rule         string  rows_in, used, or the rule that leaves rows out.
--   kind         string  in, used or dropped.
--   explanation  string  What the rule means.

-- Definition, Coverage ledger. Every rule is listed here, so that the ledger
-- has its row even where it left nothing out.

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
        ('cycle_time', 'rows_in', 'in', 'items in the lake'),
        (
            'cycle_time', 'used', 'used',
            'items with a commitment, delivered or open'
        ),
        ('cycle_time', 'after_as_of', 'dropped', 'created after the as-of'),
        (
            'cycle_time', 'no_commitment', 'dropped',
            'straight to done, without commitment'
        ),
        (
            'cycle_time', 'negative_span', 'dropped',
            'delivered before it was committed to'
        ),
        ('cycle_time', 'not_started', 'dropped', 'open and not committed to'),
        (
            'cycle_time', 'closed_undelivered', 'dropped',
            'committed to and moved to a done stage, but not delivered'
        ),
        (
            'cycle_time', 'delivery_unknown', 'dropped',
            'done, and nothing says since when'
        ),
        ('success_rate', 'rows_in', 'in', 'deployments in the lake'),
        (
            'success_rate', 'used', 'used',
            'completed production deployments where incidents are recorded'
        ),
        ('success_rate', 'after_as_of', 'dropped', 'finished after the as-of'),
        (
            'success_rate', 'not_production', 'dropped',
            'went to another environment than production'
        ),
        (
            'success_rate', 'cancelled', 'dropped',
            'cancelled, so not completed'
        ),
        (
            'success_rate', 'no_incident_feed', 'dropped',
            'no incidents are recorded for its system'
        ),
        (
            'attribution_methods', 'rows_in', 'in',
            'rows of incidents in the lake'
        ),
        (
            'attribution_methods', 'used', 'used',
            'of kind incident, or of none given'
        ),
        (
            'attribution_methods', 'after_as_of', 'dropped',
            'opened after the as-of'
        ),
        (
            'attribution_methods', 'problem', 'dropped',
            'a problem, the cause behind incidents: fails no deployment'
        ),
        (
            'attribution_methods', 'user_report', 'dropped',
            'a report of a user, no incident yet: fails no deployment'
        ),
        (
            'attribution_methods', 'outside_calendar', 'dropped',
            'opened outside the calendar'
        ),
        ('aging', 'rows_in', 'in', 'items in the lake'),
        ('aging', 'used', 'used', 'items open at the as-of'),
        ('aging', 'after_as_of', 'dropped', 'created after the as-of'),
        ('aging', 'closed', 'dropped', 'delivered, or in a done stage'),
        ('scope_volatility', 'rows_in', 'in', 'releases in the lake'),
        (
            'scope_volatility', 'used', 'used',
            'releases with planned items at their baseline'
        ),
        (
            'scope_volatility', 'no_baseline', 'dropped',
            'neither a freeze nor a committed item'
        ),
        (
            'scope_volatility', 'baseline_ahead', 'dropped',
            'the baseline lies after the as-of'
        ),
        (
            'scope_volatility', 'no_planned_items', 'dropped',
            'no item was in it at its baseline'
        ),
        ('estimation_accuracy', 'rows_in', 'in', 'items in the lake'),
        (
            'estimation_accuracy', 'used', 'used',
            'delivered items with an estimate and effort'
        ),
        (
            'estimation_accuracy', 'after_as_of', 'dropped',
            'created after the as-of'
        ),
        (
            'estimation_accuracy', 'not_delivered', 'dropped',
            'not delivered by the as-of'
        ),
        (
            'estimation_accuracy', 'delivery_unknown', 'dropped',
            'done, and nothing says since when'
        ),
        (
            'estimation_accuracy', 'no_estimate', 'dropped',
            'no estimate when work began'
        ),
        (
            'estimation_accuracy', 'no_effort', 'dropped',
            'no effort recorded'
        ),
        (
            'estimation_accuracy', 'zero_estimate', 'dropped',
            'an estimate of 0'
        ),
        ('estimation_accuracy', 'zero_effort', 'dropped', 'effort of 0'),
        ('pipeline_failure_rate', 'rows_in', 'in', 'pipeline runs in the lake'),
        (
            'pipeline_failure_rate', 'used', 'used',
            'runs that failed or succeeded'
        ),
        (
            'pipeline_failure_rate', 'after_as_of', 'dropped',
            'started after the as-of'
        ),
        (
            'pipeline_failure_rate', 'cancelled', 'dropped',
            'cancelled, so neither failed nor succeeded'
        ),
        (
            'pipeline_failure_rate', 'running', 'dropped',
            'under way at the as-of'
        ),
        (
            'pipeline_failure_rate', 'outside_calendar', 'dropped',
            'started outside the calendar'
        ),
        ('estimation_summary', 'rows_in', 'in', 'items in the lake'),
        (
            'estimation_summary', 'used', 'used',
            'items delivered in the report weeks, with an estimate and effort'
        ),
        (
            'estimation_summary', 'after_as_of', 'dropped',
            'created after the as-of'
        ),
        (
            'estimation_summary', 'not_delivered', 'dropped',
            'not delivered by the as-of'
        ),
        (
            'estimation_summary', 'delivery_unknown', 'dropped',
            'done, and nothing says since when'
        ),
        (
            'estimation_summary', 'no_estimate', 'dropped',
            'no estimate when work began'
        ),
        ('estimation_summary', 'no_effort', 'dropped', 'no effort recorded'),
        ('estimation_summary', 'zero_estimate', 'dropped', 'an estimate of 0'),
        ('estimation_summary', 'zero_effort', 'dropped', 'effort of 0'),
        (
            'estimation_summary', 'outside_weeks', 'dropped',
            'delivered before the report weeks, or after'
        ),
        ('estimation_calibration', 'rows_in', 'in', 'items in the lake'),
        (
            'estimation_calibration', 'used', 'used',
            'delivered items with an estimate and effort'
        ),
        (
            'estimation_calibration', 'after_as_of', 'dropped',
            'created after the as-of'
        ),
        (
            'estimation_calibration', 'not_delivered', 'dropped',
            'not delivered by the as-of'
        ),
        (
            'estimation_calibration', 'delivery_unknown', 'dropped',
            'done, and nothing says since when'
        ),
        (
            'estimation_calibration', 'no_estimate', 'dropped',
            'no estimate when work began'
        ),
        (
            'estimation_calibration', 'no_effort', 'dropped',
            'no effort recorded'
        ),
        (
            'estimation_calibration', 'zero_estimate', 'dropped',
            'an estimate of 0'
        ),
        ('estimation_calibration', 'zero_effort', 'dropped', 'effort of 0'),
        ('corrected_estimates', 'rows_in', 'in', 'items in the lake'),
        (
            'corrected_estimates', 'used', 'used',
            'open items of a size that a factor is offered for'
        ),
        (
            'corrected_estimates', 'after_as_of', 'dropped',
            'created after the as-of'
        ),
        (
            'corrected_estimates', 'closed', 'dropped',
            'delivered, or in a done stage'
        ),
        ('corrected_estimates', 'no_estimate', 'dropped', 'no estimate'),
        ('corrected_estimates', 'zero_estimate', 'dropped', 'an estimate of 0'),
        (
            'corrected_estimates', 'too_few_to_fit', 'dropped',
            'too few past items of the size to fit a factor'
        ),
        (
            'corrected_estimates', 'too_few_to_score', 'dropped',
            'too few later items to score the factor'
        ),
        (
            'corrected_estimates', 'not_better', 'dropped',
            'the factor made later errors no smaller'
        ),
        (
            'corrected_estimates', 'by_chance', 'dropped',
            'the factor helped no more later items than chance would'
        ),
        (
            'pipeline_failures_by_team', 'rows_in', 'in',
            'pipeline runs in the lake'
        ),
        (
            'pipeline_failures_by_team', 'used', 'used',
            'runs of the report weeks that failed or succeeded'
        ),
        (
            'pipeline_failures_by_team', 'after_as_of', 'dropped',
            'started after the as-of'
        ),
        (
            'pipeline_failures_by_team', 'cancelled', 'dropped',
            'cancelled, so neither failed nor succeeded'
        ),
        (
            'pipeline_failures_by_team', 'running', 'dropped',
            'under way at the as-of'
        ),
        (
            'pipeline_failures_by_team', 'outside_weeks', 'dropped',
            'started before the report weeks, or after'
        ),
        ('dependency_waits', 'rows_in', 'in', 'dependencies in the lake'),
        (
            'dependency_waits', 'used', 'used',
            'dependencies in force since the first report week'
        ),
        (
            'dependency_waits', 'after_as_of', 'dropped',
            'raised after the as-of'
        ),
        (
            'dependency_waits', 'unknown_item', 'dropped',
            'no export has the item that waits'
        ),
        (
            'dependency_waits', 'end_unknown', 'dropped',
            'the item is closed, and nothing says since when'
        ),
        (
            'dependency_waits', 'ended_before', 'dropped',
            'the waiting ended before the report weeks'
        ),
        ('item_outcomes', 'rows_in', 'in', 'items in the lake'),
        (
            'item_outcomes', 'used', 'used',
            'items delivered by a deployment whose incidents are known'
        ),
        ('item_outcomes', 'after_as_of', 'dropped', 'created after the as-of'),
        (
            'item_outcomes', 'not_delivered', 'dropped',
            'not delivered by the as-of'
        ),
        (
            'item_outcomes', 'delivery_unknown', 'dropped',
            'done, and nothing says since when'
        ),
        (
            'item_outcomes', 'no_deployment', 'dropped',
            'delivered by its status, without a deployment'
        ),
        (
            'item_outcomes', 'no_incident_feed', 'dropped',
            'no incidents are recorded for its system'
        ),
        ('cycle_time_parts', 'rows_in', 'in', 'items in the lake'),
        (
            'cycle_time_parts', 'used', 'used',
            'items whose clocks and status log are known'
        ),
        (
            'cycle_time_parts', 'after_as_of', 'dropped',
            'created after the as-of'
        ),
        (
            'cycle_time_parts', 'no_commitment', 'dropped',
            'straight to done, without commitment'
        ),
        (
            'cycle_time_parts', 'negative_span', 'dropped',
            'delivered before it was committed to'
        ),
        (
            'cycle_time_parts', 'not_started', 'dropped',
            'open and not committed to'
        ),
        (
            'cycle_time_parts', 'closed_undelivered', 'dropped',
            'committed to and moved to a done stage, but not delivered'
        ),
        (
            'cycle_time_parts', 'delivery_unknown', 'dropped',
            'done, and nothing says since when'
        ),
        (
            'cycle_time_parts', 'no_status_log', 'dropped',
            'no log says when it was in which stage'
        ),
        ('backlog_ages', 'rows_in', 'in', 'items in the lake'),
        (
            'backlog_ages', 'used', 'used',
            'open items that nobody is committed to'
        ),
        ('backlog_ages', 'after_as_of', 'dropped', 'created after the as-of'),
        ('backlog_ages', 'closed', 'dropped', 'delivered, or in a done stage'),
        ('backlog_ages', 'committed', 'dropped', 'committed to'),
        (
            'backlog_ages', 'unknown_age', 'dropped',
            'no creation: under "unknown", in no other bucket'
        ),
        ('stage_entries', 'rows_in', 'in', 'stays of items in stages'),
        (
            'stage_entries', 'used', 'used',
            'stays that began in the report weeks or since'
        ),
        (
            'stage_entries', 'no_stage', 'dropped',
            'in a status that no stage lists'
        ),
        ('stage_entries', 'done_stage', 'dropped', 'in a done stage'),
        (
            'stage_entries', 'entry_unknown', 'dropped',
            'nobody knows since when'
        ),
        (
            'stage_entries', 'before_weeks', 'dropped',
            'began before the report weeks'
        ),
        (
            'stage_entries', 'after_delivery', 'dropped',
            'began when the item had been delivered'
        ),
        (
            'feedback_patterns', 'rows_in', 'in',
            'rows of incidents and of feedback in the lake'
        ),
        (
            'feedback_patterns', 'used', 'used',
            'reports in a recurring pattern'
        ),
        (
            'feedback_patterns', 'after_as_of', 'dropped',
            'opened or given after the as-of'
        ),
        (
            'feedback_patterns', 'outside_calendar', 'dropped',
            'dated outside the calendar'
        ),
        (
            'feedback_patterns', 'satisfied', 'dropped',
            'feedback with a score above max_score: no trouble'
        ),
        (
            'feedback_patterns', 'too_few', 'dropped',
            'fewer reports are alike than a pattern has'
        ),
        (
            'feedback_patterns', 'one_week', 'dropped',
            'enough reports are alike, in too few weeks'
        ),
        (
            'feedback_patterns', 'nothing_to_compare', 'dropped',
            'no words, and no category or no component'
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

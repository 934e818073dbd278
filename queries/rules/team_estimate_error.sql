-- name: team_estimate_error
-- title: Items of a team that had taken {threshold} (ln of actual by estimate)
--   too long or more
-- about: By how much the items that a team had finished had overrun their
--   estimates.
-- action: require second_estimate
-- compares: at_least
-- thresholds: 0.1, 0.25, 0.5
-- outcomes: overrun, delay, age
-- needs: items, effort
-- reads: rule_items, estimation_accuracy

-- Definition, Estimation: bias = mean ln(A/E), of the items that the team had
-- finished before the commitment, five at least. Rounded to the sixth digit,
-- so that the order of addition decides no threshold.

with item_rows as (
    select
        item_id,
        release_id,
        team,
        known_at
    from rule_items
),

finished_items as (
    select
        team,
        log_ratio,
        finished_at
    from estimation_accuracy
    where exclusion is null and team is not null
),

biases as (
    select
        item_rows.item_id,
        item_rows.release_id,
        round(avg(finished_items.log_ratio), 6) as bias
    from item_rows
    inner join finished_items
        on item_rows.team = finished_items.team
        and finished_items.finished_at < item_rows.known_at
    group by item_rows.item_id, item_rows.release_id
    having count(*) >= 5
),

judged_items as (
    select
        item_rows.item_id,
        item_rows.release_id,
        item_rows.team,
        item_rows.known_at,
        biases.bias
    from item_rows
    left join biases
        on item_rows.item_id = biases.item_id
        and item_rows.release_id = biases.release_id
)

select
    'team_estimate_error' as template,
    item_id,
    release_id,
    team,
    known_at,
    bias as value,
    cast(null as string) as category
from judged_items
order by template, item_id, release_id

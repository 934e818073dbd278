-- name: unread_words
-- about: Words of the exports that the configuration gives no meaning.
-- grain: one row per subject and word
-- key: subject, word
-- reads: params, workflow, items_as_of, item_events, deployments_as_of
-- columns:
--   subject      string  status, field or environment.
--   word         string  The source's own word.
--   row_count    bigint  Rows that carry it.
--   word_number  bigint  1 for the word with most rows.

-- Definition, Coverage ledger: nothing is left out in silence.
-- status       items whose status at the as-of belongs to no stage.
-- field        changes of a field of which no query keeps a history.
-- environment  deployments to an environment that is no production one.

with instant as (
    select as_of
    from params
),

stages as (
    select distinct status
    from workflow
),

item_rows as (
    select status
    from items_as_of
    where status is not null
),

events as (
    select
        field,
        changed_at
    from item_events
),

elsewhere as (
    select environment
    from deployments_as_of
    where not is_production
),

unread_rows as (
    select 'status' as subject, item_rows.status as word
    from item_rows
    left join stages
        on item_rows.status = stages.status
    where stages.status is null
    union all
    select 'field' as subject, events.field as word
    from events
    inner join instant
        on events.changed_at <= instant.as_of
    where
        events.field not in (
            'status', 'release', 'estimate_hours', 'story_points', 'priority',
            'team', 'owner', 'theme', 'blocked'
        )
    union all
    select 'environment' as subject, environment as word
    from elsewhere
),

counted_words as (
    select
        subject,
        word,
        count(*) as row_count
    from unread_rows
    group by subject, word
),

numbered_words as (
    select
        subject,
        word,
        row_count,
        row_number() over (
            partition by subject
            order by row_count desc, word
        ) as word_number
    from counted_words
)

select
    subject,
    word,
    row_count,
    cast(word_number as bigint) as word_number
from numbered_words
order by subject, word

-- name: coverage_notes
-- about: What a row of the coverage ledger must say besides its rule.
-- grain: one row per metric and rule that has a note
-- key: metric, rule
-- reads: items_as_of, unread_words, aging
-- columns:
--   metric  string  Metric of the ledger's row.
--   rule    string  Its rule.
--   note    string  Goes on from its explanation.

-- What is left out row by row has a rule of its own in the ledger. This is the
-- rest: items without a change log, words of the exports that nobody gave a
-- meaning, the three that most rows carry by name, and committed items whose
-- age says nothing about their pace.

with known_item_counts as (
    select count(*) filter (where not is_rewindable) as standing_count
    from items_as_of
),

committed_item_counts as (
    select
        count(*) filter (
            where pace_percentile is null and stage_entered_at is not null
        ) as paceless_count,
        count(*) filter (where stage_entered_at is null) as undated_count
    from aging
    where is_committed
),

words as (
    select
        subject,
        word,
        row_count,
        word_number
    from unread_words
),

-- For example: 'In Test (12), Parked (3), New (1), ...'.
word_lists as (
    select
        subject,
        cast(sum(row_count) as bigint) as row_count,
        max(word || ' (' || cast(row_count as string) || ')') filter (
            where word_number = 1
        )
        || coalesce(
            ', ' || max(word || ' (' || cast(row_count as string) || ')')
                filter (where word_number = 2),
            ''
        )
        || coalesce(
            ', ' || max(word || ' (' || cast(row_count as string) || ')')
                filter (where word_number = 3),
            ''
        )
        || case when max(word_number) > 3 then ', ...' else '' end as list
    from words
    group by subject
),

notes as (
    select
        'cycle_time' as metric,
        'used' as rule,
        1 as note_number,
        '; without a change log, so not rewindable: '
        || cast(standing_count as string) || ' of all items' as note
    from known_item_counts
    union all
    select
        'cycle_time' as metric,
        'used' as rule,
        2 as note_number,
        '; in a status without a stage: ' || cast(row_count as string)
        || ' of all items: ' || list as note
    from word_lists
    where subject = 'status'
    union all
    select
        'cycle_time' as metric,
        'used' as rule,
        3 as note_number,
        '; changes of fields that nothing reads: '
        || cast(row_count as string) || ': ' || list as note
    from word_lists
    where subject = 'field'
    union all
    select
        'aging' as metric,
        'used' as rule,
        1 as note_number,
        '; in a status without a stage: ' || cast(row_count as string)
        || ' of all items: ' || list as note
    from word_lists
    where subject = 'status'
    union all
    select
        'aging' as metric,
        'used' as rule,
        2 as note_number,
        '; committed, and sent back or in a stage that too few have left, so'
        || ' without a pace: ' || cast(paceless_count as string) as note
    from committed_item_counts
    where paceless_count > 0
    union all
    select
        'aging' as metric,
        'used' as rule,
        3 as note_number,
        '; committed, in its stage nobody knows since when, so in no figure of'
        || ' a week: ' || cast(undated_count as string) as note
    from committed_item_counts
    where undated_count > 0
    union all
    select
        'success_rate' as metric,
        'not_production' as rule,
        1 as note_number,
        ': ' || list as note
    from word_lists
    where subject = 'environment'
),

joined_notes as (
    select
        metric,
        rule,
        coalesce(max(note) filter (where note_number = 1), '')
        || coalesce(max(note) filter (where note_number = 2), '')
        || coalesce(max(note) filter (where note_number = 3), '') as note
    from notes
    group by metric, rule
)

select
    metric,
    rule,
    note
from joined_notes
order by metric, rule

-- name: pattern_items
-- about: The items that answer a recurring pattern, or that once did.
-- grain: one row per pattern and item
-- key: pattern_id, item_id
-- reads: pattern_reports, group_answers, item_directory, aging,
--   item_components, config_items
-- columns:
--   pattern_id    string   Pattern.
--   item_id       string   Item.
--   basis         string   explicit or words.
--   title         string?  Title.
--   status        string?  The source's own word.
--   team          string?  Team.
--   release_id    string?  Release it is planned for.
--   source_url    string?  The item in its tracker.
--   similarity    double?  How like the reports its title is, 0 to 1; null where
--                          only reports name it.
--   report_count  bigint   Reports of the pattern that name it.
--   is_open       boolean  Open: it would answer the pattern.

-- basis  explicit  a report names it as the item that answers it.
--        words     an open item whose title is like the words of the pattern
--                  by min_similarity, and whose system or one of whose
--                  components is among those of the pattern's reports.
-- A closed item that reports name is kept: the pattern came back or stayed in
-- spite of it. It does not answer the pattern any more.

with reports as (
    select
        pattern_id,
        report_id,
        system,
        component,
        item_id
    from pattern_reports
    where pattern_id is not null
),

items as (
    select
        item_directory.item_id,
        item_directory.title,
        item_directory.status,
        item_directory.team,
        item_directory.system,
        item_directory.release_id,
        item_directory.source_url,
        aging.item_id is not null as is_open
    from item_directory
    left join aging
        on item_directory.item_id = aging.item_id
),

components as (
    select
        item_components.item_id,
        coalesce(config_items.name, item_components.component) as component
    from item_components
    left join config_items
        on item_components.component = config_items.ci_id
),

named as (
    select
        reports.pattern_id,
        reports.item_id,
        count(*) as report_count
    from reports
    inner join items
        on reports.item_id = items.item_id
    group by reports.pattern_id, reports.item_id
),

pattern_places as (
    select distinct pattern_id, 'system' as place_kind, system as place
    from reports
    where system is not null
    union all
    select distinct pattern_id, 'component' as place_kind, component as place
    from reports
    where component is not null
),

item_places as (
    select distinct item_id, 'system' as place_kind, system as place
    from items
    where system is not null
    union all
    select distinct item_id, 'component' as place_kind, component as place
    from components
),

alike as (
    select
        group_answers.group_id as pattern_id,
        group_answers.item_id,
        group_answers.similarity
    from group_answers
    where exists (
        select 1
        from pattern_places
        inner join item_places
            on pattern_places.place_kind = item_places.place_kind
            and pattern_places.place = item_places.place
        where pattern_places.pattern_id = group_answers.group_id
            and item_places.item_id = group_answers.item_id
    )
),

answers as (
    select
        coalesce(named.pattern_id, alike.pattern_id) as pattern_id,
        coalesce(named.item_id, alike.item_id) as item_id,
        case
            when named.item_id is not null then 'explicit' else 'words'
        end as basis,
        alike.similarity,
        coalesce(named.report_count, 0) as report_count
    from named
    full join alike
        on named.pattern_id = alike.pattern_id
        and named.item_id = alike.item_id
)

select
    answers.pattern_id,
    answers.item_id,
    answers.basis,
    items.title,
    items.status,
    items.team,
    items.release_id,
    items.source_url,
    answers.similarity,
    answers.report_count,
    items.is_open
from answers
inner join items
    on answers.item_id = items.item_id
order by pattern_id, item_id

-- What a template says of a delivered item was known by its delivery.

with said as (
    select
        template,
        item_id,
        release_id,
        known_at
    from rule_subjects
    where value is not null or category is not null
)

select
    said.template,
    said.item_id,
    said.release_id
from said
inner join deliveries
    on said.item_id = deliveries.item_id
where said.known_at > deliveries.delivered_at
order by template, item_id, release_id

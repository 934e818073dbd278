-- name: rule_subjects__nothing_after_the_delivery
-- about: No template knows anything of an item after its delivery.
-- grain: one row per subject that breaks the claim
-- key: template, item_id, release_id
-- reads: rule_subjects, deliveries
-- columns:
--   template    string  Template.
--   item_id     string  Tracker key.
--   release_id  string  Release.

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

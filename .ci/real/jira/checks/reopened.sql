-- about: Issues that left the last stage for an earlier one.
-- expected: expected.json
-- compare: reopened_count = /items_reopened_after_done
select count(distinct item_events.item_id) as reopened_count
from item_events
inner join workflow as left_stage
    on item_events.old_value = left_stage.status
inner join workflow as entered_stage
    on item_events.new_value = entered_stage.status
where
    item_events.field = 'status'
    and left_stage.kind = 'done'
    and entered_stage.stage_position < left_stage.stage_position

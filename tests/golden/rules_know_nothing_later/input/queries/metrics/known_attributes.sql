-- name: known_attributes
-- about: What some templates of rules say, to be looked at.
-- grain: one row per template, item and release
-- key: template, item_id, release_id
-- reads: rule_subjects
-- columns:
--   template    string      Template.
--   item_id     string      Tracker key.
--   release_id  string      Release.
--   category    string?     Word.
--   value       double?     Number.
--   known_at    timestamp?  When the decision would be taken.

select
    template,
    item_id,
    release_id,
    category,
    value,
    known_at
from rule_subjects
where template in (
    'large_estimate', 'late_addition', 'open_dependencies', 'release_size',
    'team', 'unestimated'
)
order by template, item_id, release_id

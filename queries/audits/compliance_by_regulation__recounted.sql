-- name: compliance_by_regulation__recounted
-- about: The checks that a regulation passed are those for which the last
--   decision in time on every sign-off that it asks was an approval, but for
--   what is unknown or waived.
-- grain: one row per regulation that breaks the claim
-- key: regulation
-- reads: compliance_by_regulation, gates, regulatory_demands, approvals_as_of
-- columns:
--   regulation  string  Regulation.

-- Another way than the mart: from the approvals themselves, by their number.

with signoff_gate as (
    select gate
    from gates
    where gate = 'regulatory_signoff' and is_on and missing_words is null
),

decisions_in_time as (
    select
        regulatory_demands.release_id,
        regulatory_demands.item_id,
        regulatory_demands.regulation,
        regulatory_demands.kind,
        approvals_as_of.decision as last_decision
    from regulatory_demands
    left join approvals_as_of
        on approvals_as_of.subject_type = 'item'
        and regulatory_demands.item_id = approvals_as_of.subject_id
        and regulatory_demands.kind = approvals_as_of.kind
        and approvals_as_of.decision <> 'pending'
        and (
            approvals_as_of.decided_at < regulatory_demands.ship_due_at
            or regulatory_demands.ship_due_at is null
        )
    qualify row_number() over (
        partition by
            regulatory_demands.release_id,
            regulatory_demands.item_id,
            regulatory_demands.regulation,
            regulatory_demands.kind
        order by
            approvals_as_of.decided_at desc nulls last,
            case approvals_as_of.decision when 'approved' then 1 else 0 end,
            approvals_as_of.approval_id
    ) = 1
),

checks as (
    select
        release_id,
        item_id,
        regulation,
        count(*) = count(*) filter (where last_decision = 'approved')
            as is_signed_off
    from decisions_in_time
    group by release_id, item_id, regulation
),

recounts as (
    select
        checks.regulation,
        count(*) as check_count,
        count(*) filter (where checks.is_signed_off) as pass_count
    from checks
    cross join signoff_gate
    group by checks.regulation
)

select compliance_by_regulation.regulation
from compliance_by_regulation
inner join recounts
    on compliance_by_regulation.regulation = recounts.regulation
where
    compliance_by_regulation.check_count <> recounts.check_count
    or compliance_by_regulation.pass_count > recounts.pass_count
    or compliance_by_regulation.pass_count
    + compliance_by_regulation.unknown_count
    + compliance_by_regulation.waived_count < recounts.pass_count
order by regulation

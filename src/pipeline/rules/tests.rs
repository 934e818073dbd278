//! Which decisions are taken and which are refused, over every pair of states.

use chrono::TimeZone;

use super::*;

fn at(day: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 6, day, 9, 0, 0)
        .single()
        .expect("it is a day")
}

fn standing(verdict: Option<&str>, decided: Option<RuleState>) -> Standing {
    let candidate = verdict.map(|verdict| Candidate {
        rule_id: "size.40.overrun".to_owned(),
        rule_text: "The estimate is 40 hours or more".to_owned(),
        template: "size".to_owned(),
        outcome: "overrun".to_owned(),
        threshold: Some(40.0),
        category: None,
        action: "hold".to_owned(),
        evidence: Evidence {
            verdict: Some(verdict.to_owned()),
            effect: Some(0.5),
            ..Evidence::default()
        },
    });
    let decision = decided.map(|state| Decision {
        rule_id: "size.40.overrun".to_owned(),
        state,
        template: "size".to_owned(),
        outcome: "overrun".to_owned(),
        threshold: Some(40.0),
        category: None,
        action: RuleAction::Raise,
        decided_at: at(5),
        decided_by: None,
        why: "It was so.".to_owned(),
        is_forced: false,
        evidence: None,
    });
    Standing {
        candidate,
        decision,
        is_template_gone: false,
    }
}

fn wish(state: RuleState) -> Wish<'static> {
    Wish {
        rule_id: "size.40.overrun",
        state,
        why: "It helps.",
        by: Some("Ada"),
        at: at(9),
        is_forced: false,
    }
}

fn refusal(standing: Standing, wish: &Wish<'_>) -> String {
    make_decision(&[standing], wish)
        .expect_err("it is refused")
        .to_string()
}

#[test]
fn what_is_recommended_is_accepted_with_its_figures() {
    let wanted = wish(RuleState::Accepted);
    let made = make_decision(&[standing(Some("recommended"), None)], &wanted);
    let made = made.expect("it is recommended");
    assert_eq!(made.action, RuleAction::Hold);
    assert_eq!(made.evidence.and_then(|it| it.effect), Some(0.5));
    assert_eq!((made.decided_at, made.is_forced), (at(9), false));
}

#[test]
fn what_is_not_recommended_is_accepted_by_force_alone_and_the_file_says_so() {
    for (verdict, words) in [
        ("not_enough", "not enough is known"),
        ("covered", "covered by another of its template"),
        ("no_effect", "without an effect"),
        ("contradicted", "later releases contradict"),
    ] {
        let mut wanted = wish(RuleState::Accepted);
        let told = refusal(standing(Some(verdict), None), &wanted);
        assert!(told.contains(words) && told.contains("--force"), "{told}");
        wanted.is_forced = true;
        let made = make_decision(&[standing(Some(verdict), None)], &wanted);
        assert!(made.expect("it is forced").is_forced);
    }
}

#[test]
fn each_state_leads_to_the_others_as_it_should() {
    use RuleState::{Accepted, Rejected, Retired};
    for (before, wanted, forced, is_taken) in [
        (None, Accepted, false, true),
        (None, Rejected, false, true),
        (Some(Accepted), Accepted, true, false),
        (Some(Accepted), Rejected, true, false),
        (Some(Accepted), Retired, false, true),
        (Some(Rejected), Accepted, false, false),
        (Some(Rejected), Accepted, true, true),
        (Some(Rejected), Rejected, true, false),
        (Some(Rejected), Retired, true, false),
        (Some(Retired), Accepted, false, false),
        (Some(Retired), Accepted, true, true),
        (Some(Retired), Rejected, true, false),
        (Some(Retired), Retired, true, false),
    ] {
        let mut wanted = wish(wanted);
        wanted.is_forced = forced;
        let made = make_decision(&[standing(Some("recommended"), before)], &wanted);
        assert_eq!(made.is_ok(), is_taken, "{before:?} {wanted:?}");
    }
}

#[test]
fn what_is_retired_is_what_was_accepted_although_its_template_is_gone() {
    let wanted = wish(RuleState::Retired);
    let made = make_decision(&[standing(None, Some(RuleState::Accepted))], &wanted);
    let made = made.expect("it is in force");
    assert_eq!((made.action, made.evidence), (RuleAction::Raise, None));
}

#[test]
fn what_no_run_tries_any_more_is_accepted_anew_as_it_was_decided_on() {
    let mut wanted = wish(RuleState::Accepted);
    wanted.is_forced = true;
    let made = make_decision(&[standing(None, Some(RuleState::Rejected))], &wanted);
    let made = made.expect("it is forced");
    assert_eq!(
        (made.action, made.threshold),
        (RuleAction::Raise, Some(40.0))
    );
}

#[test]
fn a_rule_that_was_never_accepted_is_not_retired() {
    let told = refusal(
        standing(Some("recommended"), None),
        &wish(RuleState::Retired),
    );
    assert!(told.contains("expected a rule that is accepted"), "{told}");
}

#[test]
fn a_refusal_says_what_was_found_and_what_to_do() {
    let mut wanted = wish(RuleState::Accepted);
    wanted.why = "  ";
    let told = refusal(standing(Some("recommended"), None), &wanted);
    assert!(told.contains("expected a reason, found a blank"), "{told}");
    wanted.why = "x";
    wanted.rule_id = "size.41.overrun";
    let told = refusal(standing(Some("recommended"), None), &wanted);
    assert!(told.contains("did you mean `size.40.overrun`?"), "{told}");
    let mut early = wish(RuleState::Retired);
    early.at = at(5);
    let told = refusal(standing(None, Some(RuleState::Accepted)), &early);
    assert!(told.contains("after the last decision"), "{told}");
    let told = refusal(
        standing(None, Some(RuleState::Rejected)),
        &wish(RuleState::Accepted),
    );
    assert!(
        told.contains("since 2026-06-05T09:00:00Z: It was so."),
        "{told}"
    );
}

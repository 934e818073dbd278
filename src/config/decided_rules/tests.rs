//! What `rules.toml` accepts, how it refuses, and what writing leaves alone.

use std::path::PathBuf;

use chrono::TimeZone;

use super::read::parse;
use super::*;

const ENTRY: &str = "[[rule]]\nid = \"size.40.overrun\"\nstate = \"accepted\"\ntemplate = \"size\"\noutcome = \"overrun\"\nthreshold = 40\naction = \"hold\"\ndecided_at = 2026-05-04T09:00:00Z\nwhy = \"Large items overran.\"\n";

fn at(day: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 6, day, 9, 0, 0)
        .single()
        .expect("it is a day")
}

fn decision(rule_id: &str, day: u32) -> Decision {
    Decision {
        rule_id: rule_id.to_owned(),
        state: RuleState::Accepted,
        template: "size".to_owned(),
        outcome: "overrun".to_owned(),
        threshold: Some(40.0),
        category: None,
        action: RuleAction::Require("endorsement".to_owned()),
        decided_at: at(day),
        decided_by: Some("Ada".to_owned()),
        why: "It \"helps\".".to_owned(),
        is_forced: true,
        evidence: Some(Evidence {
            verdict: Some("not_enough".to_owned()),
            effect: Some(0.25),
            lower: Some(-0.5),
            upper: Some(1.0),
            matched_count: Some(12),
            as_of: Some(at(1)),
            ..Evidence::default()
        }),
    }
}

fn problems(text: &str) -> String {
    let found = parse(text).expect_err("something is wrong");
    let texts: Vec<String> = found.iter().map(ToString::to_string).collect();
    texts.join("\n")
}

#[test]
fn a_decision_written_by_hand_is_read() {
    let found = parse(ENTRY).expect("it is whole");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].rule_id, "size.40.overrun");
    assert_eq!(found[0].threshold, Some(40.0));
    assert_eq!(found[0].action, RuleAction::Hold);
    assert_eq!(found[0].evidence, None);
}

#[test]
fn what_is_written_is_read_as_the_same_decision() {
    let all = [
        decision("size.40.overrun", 2),
        decision("size.40.overrun", 9),
    ];
    let mut text = String::new();
    for one in &all {
        text = add_decision(&text, one).expect("it is TOML");
    }
    assert_eq!(parse(&text).expect("it is whole"), all, "{text}");
    assert!(text.starts_with("# Decisions on rules"), "{text}");
}

#[test]
fn writing_keeps_comments_order_and_hand_edits_byte_for_byte() {
    let before = format!(
        "# ours\n\n# the big ones\n{ENTRY}# ask again in autumn\nevidence = {{ effect = 0.5 }} # by hand\n\n# the last\n{}\n# the end\n",
        ENTRY.replace("size.40", "size.60").replace("= 40", "= 60")
    );
    let after = add_decision(&before, &decision("size.50.overrun", 3)).expect("it is TOML");
    let found = parse(&after).expect("it is whole");
    let ids: Vec<&str> = found.iter().map(|one| one.rule_id.as_str()).collect();
    assert_eq!(
        ids,
        ["size.40.overrun", "size.50.overrun", "size.60.overrun"]
    );
    let new_from = after
        .find("\n[[rule]]\nid = \"size.50")
        .expect("it is there");
    let new_to = after.find("\n# the last").expect("it is there");
    let without = format!("{}{}", &after[..new_from], &after[new_to..]);
    assert_eq!(without, before);
}

#[test]
fn figures_in_a_table_of_their_own_stay_with_their_rule() {
    let first = format!("{ENTRY}[rule.evidence]\neffect = 0.25\n\n");
    let second = first.replace("size.40", "size.60").replace("0.25", "0.75");
    let before = format!("{first}{second}");
    let after = add_decision(&before, &decision("size.50.overrun", 3)).expect("it is TOML");
    let found = parse(&after).expect("it is whole");
    let effects: Vec<Option<f64>> = found
        .iter()
        .map(|one| one.evidence.as_ref().and_then(|it| it.effect))
        .collect();
    assert_eq!(effects, [Some(0.25), Some(0.25), Some(0.75)], "{after}");
    assert!(found[1].rule_id.contains("50") && found[1].is_forced);
}

#[test]
fn every_problem_is_told_with_its_line_and_the_nearest_word() {
    let text = ENTRY
        .replace("\"accepted\"", "\"acepted\"")
        .replace("\"hold\"", "\"holds\"")
        .replace("why =", "wy =");
    let told = problems(&text);
    for expected in [
        "line 3: `state` in [[rule]] size.40.overrun: expected accepted, rejected or retired, found `acepted`",
        "did you mean `accepted`?",
        "line 7: `action` in [[rule]] size.40.overrun",
        "did you mean `hold`?",
        "[[rule]] size.40.overrun has no `why`",
        "found `wy`",
        "did you mean `why`?",
    ] {
        assert!(told.contains(expected), "{expected} in {told}");
    }
}

#[test]
fn what_does_not_belong_together_is_refused() {
    let blank = ENTRY.replace("Large items overran.", " ");
    assert!(problems(&blank).contains("expected a reason, found a blank"));
    let both = format!("{ENTRY}category = \"Anchor\"\n");
    assert!(problems(&both).contains("found both"));
    let neither = ENTRY.replace("threshold = 40\n", "");
    assert!(problems(&neither).contains("found neither"));
    let other = ENTRY.replace("template = \"size\"", "template = \"age\"");
    assert!(problems(&other).contains("expected `age.<threshold or category>.overrun`"));
    let local = ENTRY.replace("09:00:00Z", "09:00:00");
    assert!(problems(&local).contains("expected an instant with its offset"));
    let twice = format!("{ENTRY}{ENTRY}");
    assert!(problems(&twice).contains("found a second"));
    let top = format!("rules = 1\n{ENTRY}");
    assert!(
        problems(&top).contains("did you mean"),
        "{}",
        problems(&top)
    );
    assert!(problems("x = ").contains("line 1: expected TOML"));
}

#[test]
fn the_last_decision_by_an_instant_holds_then() {
    let mut retired = decision("size.40.overrun", 9);
    retired.state = RuleState::Retired;
    let all = [decision("size.40.overrun", 2), retired];
    let state_at = |day: u32| {
        let found = decisions_in_force(&all, at(day));
        found.first().map(|one| one.state)
    };
    assert_eq!(state_at(1), None);
    assert_eq!(state_at(2), Some(RuleState::Accepted));
    assert_eq!(state_at(8), Some(RuleState::Accepted));
    assert_eq!(state_at(9), Some(RuleState::Retired));
}

#[test]
fn actions_are_read_and_written_alike() {
    for text in [
        "raise",
        "lower",
        "hold",
        "require risk acceptance",
        "weight risk_exposure 1.5",
    ] {
        let action = RuleAction::parse(text).expect("it is an action");
        assert_eq!(action.to_string(), text);
    }
    for text in [
        "",
        "require",
        "weight risk_exposure 0",
        "weight risk_exposure x",
        "raise it",
    ] {
        assert!(RuleAction::parse(text).is_err(), "{text}");
    }
}

#[test]
fn decisions_are_part_of_the_configuration_and_of_its_hash() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let root = PathBuf::from(folder.path());
    let minimal = "[project]\nname = \"x\"\n\n[[sources]]\nname = \"a\"\ntable = \"incidents\"\npath = \"a.csv\"\n";
    let load = || crate::config::parse_config(minimal, root.clone());
    let without = load().expect("it is complete");
    assert!(without.decisions.is_empty());
    crate::fs::write(&root.join(RULES_FILE), ENTRY.as_bytes()).expect("it can be written");
    let with = load().expect("it is complete");
    assert_eq!(with.decisions.len(), 1);
    assert_ne!(with.hash, without.hash);
    let broken = ENTRY.replace("\"hold\"", "\"holds\"");
    crate::fs::write(&root.join(RULES_FILE), broken.as_bytes()).expect("it can be written");
    let error = load().expect_err("the action is none");
    assert!(
        error
            .to_string()
            .contains("cannot read `rules.toml` line 7")
    );
}

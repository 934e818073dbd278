//! The form of templates of rules, and what breaks it.

use super::super::header::parse_query;
use super::*;

const TEXT: &str = "-- name: r\n-- title: Items of {threshold} h\n-- about: It is large.\n-- action: require canary\n-- compares: at_least\n-- thresholds: 40, 8\n-- outcomes: age, failed_deployment\n-- needs: items, effort\n-- reads: rule_items\nselect 1\n";

fn parse(text: &str) -> Result<Query> {
    parse_query(RULES, "r", Origin::Added, text.to_owned())
}

#[track_caller]
fn refusal(from: &str, to: &str) -> String {
    assert!(TEXT.contains(from), "{from}");
    let error = parse(&TEXT.replace(from, to)).expect_err("it says nothing that can be used");
    error.to_string()
}

#[test]
fn a_template_says_what_it_compares_and_what_it_asks_for() {
    let query = parse(TEXT).expect("it is well formed");
    assert_eq!(query.columns.len(), 7);
    assert_eq!(query.key, KEY);
    let rule = query.rule.expect("it is a template");
    assert_eq!(rule.thresholds, Thresholds::Numbers(vec![8.0, 40.0]));
    assert_eq!(
        rule.outcomes,
        [RuleOutcome::FailedDeployment, RuleOutcome::Age]
    );
    assert_eq!(rule.compares, Comparison::AtLeast);
    assert_eq!(rule.action, "require canary");
}

#[test]
fn decisions_name_the_outcomes_that_templates_name() {
    let names = RuleOutcome::ALL.map(RuleOutcome::as_str);
    assert_eq!(names, crate::config::RULE_OUTCOMES);
}

#[test]
fn a_template_for_equality_has_no_thresholds() {
    let equal = TEXT.replace("at_least", "equals");
    let error = parse(&equal).expect_err("it has thresholds");
    assert!(error.to_string().contains("no `thresholds:`"), "{error}");
    let bare = equal.replace("-- thresholds: 40, 8\n", "");
    let rule = parse(&bare).expect("it is well formed").rule;
    assert_eq!(
        rule.map(|rule| rule.thresholds),
        Some(Thresholds::Categories)
    );
}

#[test]
fn what_cannot_be_used_is_refused_with_its_line() {
    for (from, to, said) in [
        (
            "at_least",
            "at_leest",
            "line 5: expected in `compares:` one of",
        ),
        (
            "40, 8",
            "many",
            "line 6: expected numbers or `quartiles`, found `many`",
        ),
        ("age,", "ages,", "line 7: expected in `outcomes:` one of"),
        (
            "require canary",
            "require",
            "line 4: expected `require <what>`",
        ),
        ("require canary", "hold it", "line 4: expected `hold` alone"),
        (
            "require canary",
            "weight risk_exposure x",
            "<factor above zero>",
        ),
        (
            "require canary",
            "stop",
            "line 4: expected in `action:` one of",
        ),
        ("-- thresholds: 40, 8\n", "", "expected `-- thresholds:`"),
        (
            "-- needs:",
            "-- columns:\n-- needs:",
            "expected no `columns:`",
        ),
    ] {
        let found = refusal(from, to);
        assert!(found.contains(said), "{from} as {to}: {found}");
    }
}

#[test]
fn rows_of_all_templates_lie_in_one_table() {
    let rules = vec![parse(TEXT).expect("it is well formed")];
    let all = gather_subjects(&rules).expect("the form is well formed");
    assert_eq!(all.reads, ["r", "deliveries"]);
    assert!(
        all.sql.contains("known_at, value, category from r\n"),
        "{}",
        all.sql
    );
}

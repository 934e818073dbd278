//! Every rule of the questions, on both sides of its threshold.

use super::super::model::Stage;
use super::super::samples::release;
use super::*;
use crate::report::page::Tag;

fn asked(release: &Release, fed: &[&str]) -> Questions {
    let setting = Setting {
        zone: chrono_tz::UTC,
        is_fed: &|table| fed.contains(&table),
        stale: &|_| None,
        lists: "../x.html",
    };
    ask(release, &setting)
}

const ALL: [&str; 3] = ["deployments", "incidents", "effort"];

/// A release of which everything is known and nothing stands out.
fn calm() -> Release {
    let mut calm = release();
    calm.freeze_at = chrono::DateTime::from_timestamp(0, 0);
    calm.slip_days = Some(0.0);
    calm.counts.judged = 5;
    calm.counts.compared = 5;
    calm.counts.divided = 5;
    calm.scope.planned = 5;
    calm.scope.delivered = 5;
    calm.scope.gross_ratio = Some(0.2);
    calm.scope.changes = 1;
    calm.effort.ratio = Some(1.1);
    calm.time.active_days = Some(6.0);
    calm.time.waiting_days = Some(3.0);
    calm.time.blocked_days = Some(1.0);
    calm.stages = vec![stage("Build", 1), stage("Staging", 0)];
    calm
}

fn stage(name: &str, sent_back: u64) -> Stage {
    Stage {
        name: Some(name.to_owned()),
        items: 5,
        sent_back,
        days: 5.0,
        active_days: Some(0.0),
        waiting_days: Some(if name == "Staging" { 4.0 } else { 1.0 }),
        blocked_days: Some(0.0),
    }
}

fn texts(questions: &Questions) -> Vec<&str> {
    questions
        .asked
        .iter()
        .map(|one| one.text.as_str())
        .collect()
}

#[test]
fn a_release_in_which_nothing_stands_out_raises_no_question() {
    let found = asked(&calm(), &ALL);
    assert_eq!(found.asked, []);
    assert!(found.untried.is_empty(), "{:?}", found.untried);
    let remark = found.remark.expect("silence is explained");
    assert_eq!(remark, "Nothing stands out in what could be looked at.");
}

/// Changes the calm release so that one rule holds, and the words that it asks with.
type OneRule = (fn(&mut Release), &'static str, &'static str);

#[test]
fn each_rule_asks_its_question_and_leads_to_its_evidence() {
    let rules: [OneRule; 10] = [
        (
            |r| r.counts.failed = 2,
            "2 of 5 production deployments failed.",
            "../x.html#failed",
        ),
        (
            |r| {
                r.scope.after_freeze = 1;
            },
            "1 of 1 scope change came after the freeze.",
            "../x.html#after-freeze",
        ),
        (
            |r| r.scope.delivered = 3,
            "2 of 5 planned items were not delivered with it.",
            "../x.html#missed",
        ),
        (
            |r| r.effort.ratio = Some(1.25),
            "5 items took 25% more effort than planned.",
            "#fig-effort",
        ),
        (
            |r| r.effort.ratio = Some(0.8),
            "5 items took 20% less effort than planned.",
            "#fig-effort",
        ),
        (
            |r| r.time.active_days = Some(4.0),
            "Items spent 50% of their days waiting or blocked, most of it in Staging.",
            "#fig-time",
        ),
        (
            |r| r.slip_days = Some(1.0),
            "It shipped 1 day after its planned date.",
            "../x.html#figures",
        ),
        (
            |r| {
                r.state = State::Late;
                r.slip_days = Some(12.0);
            },
            "Its planned date passed 12 days ago.",
            "../x.html#figures",
        ),
        (
            |r| {
                r.scope.gross_ratio = Some(0.4);
                r.scope.changes = 2;
            },
            "2 changes came to 5 planned items since the baseline (40%).",
            "../x.html#changes",
        ),
        (
            |r| r.stages[0].sent_back = 2,
            "Work went back to an earlier stage 2 times, most often to Build.",
            "#fig-time",
        ),
    ];
    for (change, words, href) in rules {
        let mut changed = calm();
        change(&mut changed);
        let found = asked(&changed, &ALL);
        assert_eq!(found.asked.len(), 1, "{:?}", texts(&found));
        assert!(
            found.asked[0].text.starts_with(words),
            "{:?}",
            texts(&found)
        );
        assert!(found.asked[0].text.ends_with('?'), "{:?}", texts(&found));
        assert_eq!(found.asked[0].evidence.href, href, "{words}");
        let remark = found.remark.expect("fewer than three are explained");
        assert_eq!(
            remark,
            "Nothing else stands out in what could be looked at."
        );
    }
}

#[test]
fn of_more_than_three_the_first_by_the_order_of_the_rules_are_asked() {
    let mut loud = calm();
    loud.counts.failed = 1;
    loud.scope.after_freeze = 1;
    loud.scope.delivered = 4;
    loud.slip_days = Some(9.0);
    loud.effort.ratio = Some(2.0);
    let found = asked(&loud, &ALL);
    assert_eq!(found.asked.len(), 3);
    assert_eq!(found.remark, None);
    assert!(texts(&found)[0].contains("failed"), "{:?}", texts(&found));
    assert!(texts(&found)[1].contains("freeze"), "{:?}", texts(&found));
    assert!(
        texts(&found)[2].contains("not delivered"),
        "{:?}",
        texts(&found)
    );
}

#[test]
fn a_rule_without_its_data_is_named_and_not_taken_for_calm() {
    let mut bare = release();
    bare.state = State::InProgress;
    let found = asked(&bare, &[]);
    assert_eq!(found.asked, []);
    assert_eq!(found.untried.len(), RULES.len(), "{:?}", found.untried);
    assert!(found.untried[0].contains("no data: feed `deployments`"));
    assert_eq!(
        found.remark.as_deref(),
        Some("Nothing could be looked at: see below.")
    );
}

#[test]
fn fewer_than_five_are_not_judged_by_a_share() {
    let mut few = calm();
    few.counts.compared = 4;
    few.counts.divided = 4;
    few.scope.planned = 4;
    few.scope.delivered = 4;
    few.effort.ratio = Some(3.0);
    few.time.active_days = Some(0.0);
    few.scope.gross_ratio = Some(2.0);
    let found = asked(&few, &ALL);
    assert_eq!(found.asked, []);
    assert_eq!(found.untried.len(), 3, "{:?}", found.untried);
}

#[test]
fn a_rule_whose_source_has_stopped_asks_nothing() {
    let mut loud = calm();
    loud.counts.failed = 2;
    let setting = Setting {
        zone: chrono_tz::UTC,
        is_fed: &|_| true,
        stale: &|measure| {
            (measure == "success_rate").then(|| Tag::new("warn", "Source stale: deployments"))
        },
        lists: "",
    };
    let found = ask(&loud, &setting);
    assert_eq!(found.asked, []);
    assert_eq!(
        found.untried,
        ["Failed deployments: Source stale: deployments."]
    );
}

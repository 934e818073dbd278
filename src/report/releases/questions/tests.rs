//! Every rule of the questions, on both sides of its threshold.

use super::super::model::{Item, Move, Stage};
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
            |r| {
                r.counts.failed = 2;
                r.counts.failed_explicit = 2;
            },
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
            "5 items together took 25% more effort than planned.",
            "#fig-effort",
        ),
        (
            |r| r.effort.ratio = Some(0.8),
            "5 items together took 20% less effort than planned.",
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

#[test]
fn failures_that_rest_on_attribution_are_asked_about_as_a_range() {
    let mut doubtful = calm();
    doubtful.counts.failed = 2;
    doubtful.counts.failed_explicit = 1;
    let found = asked(&doubtful, &ALL);
    assert_eq!(
        found.asked[0].text,
        "1 to 2 of 5 production deployments failed. What would have shown it before production? Which of the attributed incidents are its own?"
    );
}

fn late_move(is_addition: bool, reason: Option<&str>) -> Move {
    Move {
        item_id: "I-1".to_owned(),
        is_addition,
        reason: reason.map(str::to_owned),
        approval_id: None,
        is_emergency: None,
        is_counted: true,
        is_readded: false,
        is_after_freeze: Some(true),
        changed_at: chrono::DateTime::<chrono::Utc>::UNIX_EPOCH,
    }
}

#[test]
fn what_went_after_the_freeze_is_not_asked_about_as_if_it_had_come() {
    let mut release = calm();
    release.scope.changes = 2;
    release.scope.after_freeze = 1;
    release.moves = vec![late_move(false, Some("unclear, sent back"))];
    assert_eq!(
        asked(&release, &ALL).asked[0].text,
        "1 of 2 scope changes came after the freeze, and took 1 item out (unclear, sent back). What was seen only then, and could it have been seen before the freeze?"
    );
    release.scope.after_freeze = 2;
    release.moves.push(late_move(true, None));
    let both = asked(&release, &ALL);
    let start = "2 of 2 scope changes came after the freeze: 1 in and 1 out (unclear, sent back). What made the additions urgent";
    assert!(both.asked[0].text.starts_with(start), "{:?}", texts(&both));
}

#[test]
fn the_item_that_makes_most_of_an_overrun_is_named() {
    // +108 and +19 hours are +127 together; 108 / 127 is 85%.
    let item = |id: &str, planned: f64, actual: f64| Item {
        id: id.to_owned(),
        is_in_at_end: true,
        estimate_hours: Some(planned),
        actual_hours: Some(actual),
        ..Item::default()
    };
    let mut over = calm();
    over.effort.ratio = Some(2.02);
    over.items = vec![item("IDN-217", 20.0, 128.0), item("IDN-1", 30.0, 49.0)];
    let words = "5 items together took 102% more effort than planned, 85% of it IDN-217 (+108 of +127 hours).";
    let found = asked(&over, &ALL);
    assert!(
        found.asked[0].text.starts_with(words),
        "{:?}",
        texts(&found)
    );
    // +10 and -5 are +5: one item took more than all of it.
    over.items = vec![item("A", 10.0, 20.0), item("B", 10.0, 5.0)];
    let words = "5 items together took 102% more effort than planned, more than all of it A (+10 of +5 hours).";
    let found = asked(&over, &ALL);
    assert!(
        found.asked[0].text.starts_with(words),
        "{:?}",
        texts(&found)
    );
    // Three alike: none makes half of it.
    over.items = vec![
        item("A", 1.0, 2.0),
        item("B", 1.0, 2.0),
        item("C", 1.0, 2.0),
    ];
    let words = "5 items together took 102% more effort than planned. Which";
    let found = asked(&over, &ALL);
    assert!(
        found.asked[0].text.starts_with(words),
        "{:?}",
        texts(&found)
    );
}

#[test]
fn what_was_not_delivered_made_room_only_where_something_came_in() {
    let mut release = calm();
    release.scope.delivered = 3;
    let ask_of = |release: &Release| asked(release, &ALL).asked[0].text.clone();
    release.scope.added = 1;
    assert_eq!(
        ask_of(&release),
        "2 of 5 planned items were not delivered with it. What did they make room for?"
    );
    release.scope.added = 0;
    release.moves = Vec::new();
    assert_eq!(
        ask_of(&release),
        "2 of 5 planned items were not delivered with it. What kept them from it?"
    );
    release.moves = vec![late_move(false, Some("not ready at the freeze"))];
    assert_eq!(
        ask_of(&release),
        "2 of 5 planned items were not delivered with it. The reason given: not ready at the freeze. Why was that?"
    );
}

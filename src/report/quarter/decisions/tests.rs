//! Which decisions are asked, by when, and in which order.

use super::*;

static NOWHERE: BTreeMap<&'static str, String> = BTreeMap::new();

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn promise(state: &str, due_on: &str, days_late: Option<i64>) -> Promise {
    Promise {
        id: "C-1".into(),
        customer: "Hanjin".into(),
        clause: Some("§ 9.2".into()),
        carrier: Some("Lantern 2026.8".into()),
        state: state.into(),
        days_late,
        move_count: 0,
        due_on: day(due_on),
        planned_on: None,
        delivered_on: None,
    }
}

fn found<'a>(
    promises: &'a [Promise],
    releases: &'a [LateRelease],
    stale: &'a [StaleSource],
) -> Found<'a> {
    Found {
        today: day("2026-07-06"),
        promises,
        releases,
        measures: &[],
        stale,
        places: &NOWHERE,
        releases_href: "../weekly/2026-W27.html#fig-releases".into(),
    }
}

#[test]
fn where_nothing_is_wrong_nothing_is_asked() {
    let promises = [
        promise("met", "2026-06-01", Some(0)),
        promise("on_plan", "2026-08-01", Some(-1)),
    ];
    assert_eq!(ask(&found(&promises, &[], &[])), Decisions::default());
}

#[test]
fn each_state_of_a_contract_date_asks_in_its_own_words() {
    for (state, late, due_on, tag, text) in [
        (
            "overdue",
            Some(3),
            "2026-07-03",
            "Since 3 Jul 2026",
            "the date of § 9.2 is 3 days overdue (Lantern 2026.8).",
        ),
        (
            "planned_late",
            Some(1),
            "2026-08-03",
            "By 3 Aug 2026",
            "the date of § 9.2 is planned 1 day after it (Lantern 2026.8).",
        ),
        (
            "plan_passed",
            Some(-2),
            "2026-07-08",
            "By 8 Jul 2026",
            "the date of § 9.2 is near, and Lantern 2026.8 has passed its planned day.",
        ),
        (
            "unplanned",
            None,
            "2026-07-08",
            "By 8 Jul 2026",
            "the date of § 9.2 is near, and no open release brings it.",
        ),
    ] {
        let promises = [promise(state, due_on, late)];
        let asked = ask(&found(&promises, &[], &[]));
        assert_eq!(asked.shown.len(), 1, "{state}");
        assert_eq!(asked.shown[0].tag.text, tag);
        let whole = format!("Agree a new date with Hanjin, or bring it forward: {text}");
        assert_eq!(asked.shown[0].text, whole);
        assert_eq!(asked.shown[0].evidence.href, "#contracts");
    }
}

#[test]
fn a_contract_date_far_ahead_is_not_asked_about_yet() {
    // 90 days after 6 July is 4 October.
    let near = [promise("unplanned", "2026-10-04", None)];
    assert_eq!(ask(&found(&near, &[], &[])).shown.len(), 1);
    let far = [promise("unplanned", "2026-10-05", None)];
    assert_eq!(ask(&found(&far, &[], &[])).shown.len(), 0);
}

#[test]
fn the_most_pressing_come_first_and_the_others_are_counted() {
    let releases: Vec<LateRelease> = (1..=4)
        .map(|number| LateRelease {
            name: format!("R{number}"),
            planned_on: day(&format!("2026-06-0{number}")),
        })
        .collect();
    let stale = [StaleSource {
        table: "incidents".into(),
        last_on: day("2026-05-01"),
    }];
    let promises = [promise("unplanned", "2026-07-08", None)];
    let asked = ask(&found(&promises, &releases, &stale));
    let first = &asked.shown[0];
    assert_eq!(
        first.text,
        "Have the export of incidents mended: it has brought nothing since."
    );
    assert_eq!(first.tag.text, "Since 1 May 2026");
    assert_eq!(
        asked.shown[1].text,
        "Give R1 a new date or stop it: its planned day is over and it is not out."
    );
    assert_eq!(asked.shown.len(), MOST_DECISIONS);
    assert_eq!(asked.beyond.len(), 2);
    assert_eq!(
        asked.more.as_deref(),
        Some("2 decisions are left to the JSON of this page; the most pressing are here.")
    );
    assert_eq!(asked.beyond[1].by, day("2026-07-08"));
}

#[test]
fn a_target_that_is_missed_asks_who_changes_what_and_says_why() {
    let measures = [QuarterMeasure {
        definition: &crate::report::measures::DEFINITIONS[3],
        label: "Deployment success rate".into(),
        now: "76%".into(),
        now_basis: "25 of 33 (to 82%)".into(),
        interval_text: "59–87%".into(),
        target_text: "95%".into(),
        assurance_note: "met in 0 of 8".into(),
        ..super::super::specimen::measure()
    }];
    let place = "2 of the 8 deployments against it are of Anchor 2026.4".to_owned();
    let asked = ask(&Found {
        measures: &measures,
        places: &[("success_rate", place)].into(),
        ..found(&[], &[], &[])
    });
    assert_eq!(asked.shown[0].tag.text, "By 30 Sep 2026");
    assert_eq!(
        asked.shown[0].text,
        "Decide who will raise deployment success rate and how, or set another target: it was 76%, 25 of 33 (to 82%), 95% interval 59–87%, and its target of 95% was met in 0 of 8 quarters; 2 of the 8 deployments against it are of Anchor 2026.4. It is reviewed in the Q3 2026 report."
    );
}

//! What the first paragraph says, case by case.

use super::super::samples::release;
use super::*;
use chrono::TimeZone;

fn at(month: u32, day: u32) -> Option<DateTime<Utc>> {
    Utc.with_ymd_and_hms(2026, month, day, 10, 0, 0).single()
}

fn text(release: &Release, fed: &[&str]) -> String {
    let setting = Setting {
        zone: chrono_tz::UTC,
        is_fed: &|table| fed.contains(&table),
        stale: &|_| None,
        lists: "",
    };
    let phrases = describe(release, &setting);
    phrases.into_iter().map(|phrase| phrase.text).collect()
}

#[test]
fn a_release_is_told_against_its_plan_whatever_its_state() {
    let mut told = release();
    told.planned_at = at(3, 20);
    for (state, released, slip, words) in [
        (
            State::Released,
            at(3, 23),
            Some(3.0),
            "2.0 shipped on 23 Mar 2026, 3 days after its planned date, 20 Mar 2026.",
        ),
        (
            State::Released,
            at(3, 19),
            Some(-1.0),
            "2.0 shipped on 19 Mar 2026, 1 day before its planned date",
        ),
        (
            State::Released,
            at(3, 20),
            Some(0.0),
            "2.0 shipped on 20 Mar 2026, on its planned date.",
        ),
        (
            State::Released,
            None,
            None,
            "2.0 is released; when is not in the export.",
        ),
        (
            State::Late,
            None,
            Some(12.0),
            "2.0 has not shipped; it was planned for 20 Mar 2026, 12 days ago.",
        ),
        (
            State::InProgress,
            None,
            None,
            "2.0 is planned for 20 Mar 2026.",
        ),
        (
            State::Cancelled,
            None,
            None,
            "2.0 was cancelled; it had been planned for 20 Mar 2026.",
        ),
    ] {
        told.state = state;
        told.released_at = released;
        told.slip_days = slip;
        let found = text(&told, &[]);
        assert!(found.starts_with(words), "{found}");
    }
}

#[test]
fn what_nobody_feeds_is_missing_and_not_nothing() {
    let found = text(&release(), &[]);
    assert!(
        found.contains("Success: no data: feed `deployments`."),
        "{found}"
    );
    assert!(found.contains("Effort: no data: feed `effort`."), "{found}");
    let mut unjudged = release();
    unjudged.counts.deployments = 2;
    let found = text(&unjudged, &["deployments", "effort"]);
    assert!(
        found.contains("whether they held is unknown: no data: feed `incidents`"),
        "{found}"
    );
    assert!(!found.contains('%'), "{found}");
}

#[test]
fn fewer_than_five_have_no_percentage() {
    let mut small = release();
    small.counts.deployments = 4;
    small.counts.judged = 4;
    small.counts.failed = 1;
    small.counts.failed_explicit = 1;
    small.counts.compared = 2;
    small.effort.estimate_hours = Some(18.0);
    small.effort.actual_hours = Some(22.0);
    small.effort.ratio = Some(22.0 / 18.0);
    let fed = ["deployments", "incidents", "effort"];
    let found = text(&small, &fed);
    assert!(
        found.contains("1 of 4 production deployments failed;"),
        "{found}"
    );
    assert!(
        found.contains("18 hours were planned and 22 spent."),
        "{found}"
    );
    small.counts.deployments = 5;
    small.counts.judged = 5;
    small.counts.compared = 5;
    let found = text(&small, &fed);
    // Wilson for 1 of 5: 3.6 % to 62.4 %.
    assert!(
        found.contains("failed (20%, 95% interval 3.6%–62%)"),
        "{found}"
    );
    assert!(found.contains("22 spent (+22%)."), "{found}");
}

#[test]
fn a_failure_by_attribution_alone_makes_the_count_a_range() {
    let mut doubtful = release();
    doubtful.counts.deployments = 3;
    doubtful.counts.judged = 3;
    doubtful.counts.failed = 2;
    doubtful.counts.failed_explicit = 1;
    let fed = ["deployments", "incidents", "effort"];
    let found = text(&doubtful, &fed);
    let words =
        "1 to 2 of 3 production deployments failed (1 by an incident that is attributed alone);";
    assert!(found.contains(words), "{found}");
    doubtful.counts.deployments = 5;
    doubtful.counts.judged = 5;
    let found = text(&doubtful, &fed);
    // Wilson for 2 of 5: 12 % to 77 %.
    let words = "(1 by an incident that is attributed alone; all: 40%, 95% interval 12%–77%)";
    assert!(found.contains(words), "{found}");
}

#[test]
fn a_number_leads_to_its_list_and_nothing_leads_nowhere() {
    let mut told = release();
    told.baseline_at = at(3, 6);
    told.freeze_at = at(3, 16);
    told.scope.planned = 3;
    told.scope.added = 2;
    let setting = Setting {
        zone: chrono_tz::UTC,
        is_fed: &|_| true,
        stale: &|_| None,
        lists: "../x.html",
    };
    let phrases = describe(&told, &setting);
    let link = |text: &str| {
        let found = phrases.iter().find(|phrase| phrase.text == text);
        found.map(|phrase| phrase.href.as_deref())
    };
    assert_eq!(link("2 added"), Some(Some("../x.html#added")));
    assert_eq!(link("0 removed"), Some(None));
    assert_eq!(link("3 items"), Some(Some("../x.html#planned")));
}

#[test]
fn what_a_stopped_source_dates_is_withheld_and_named() {
    let mut told = release();
    told.counts.deployments = 7;
    told.counts.judged = 7;
    told.scope.planned = 3;
    told.baseline_at = at(3, 6);
    let setting = Setting {
        zone: chrono_tz::UTC,
        is_fed: &|_| true,
        stale: &|measure| {
            let table = match measure {
                "success_rate" => "deployments",
                "scope_after_freeze" => "item_events",
                _ => return None,
            };
            Some(Tag::new("warn", format!("Source stale: {table}")))
        },
        lists: "",
    };
    let phrases = describe(&told, &setting);
    let found: String = phrases.into_iter().map(|phrase| phrase.text).collect();
    assert!(
        found.contains("Success: — (Source stale: deployments). "),
        "{found}"
    );
    assert!(
        found.contains("Scope: — (Source stale: item_events). "),
        "{found}"
    );
    assert!(!found.contains('7') && !found.contains('3'), "{found}");
}

//! Recovery on two clocks, with what is still open.

use super::*;

fn seen(duration: f64, is_ended: bool) -> Option<Observation> {
    Some(Observation { duration, is_ended })
}

fn failure(since_deployed: Option<Observation>, since_detected: Option<Observation>) -> Failure {
    Failure {
        deployment: "D-1".into(),
        release: None,
        system: None,
        finished_at: DateTime::UNIX_EPOCH,
        restored_at: None,
        since_deployed,
        since_detected,
    }
}

fn texts(table: &DataTable, row: usize) -> Vec<&str> {
    table.rows[row]
        .iter()
        .map(|cell| cell.text.as_str())
        .collect()
}

#[test]
fn the_plain_median_forgets_what_is_open_and_the_other_does_not() {
    // Restored after 1, 3 and 5 hours, two open since 4 and 10: the plain median is 3.
    // Kaplan–Meier: 4/5 after 1, 3/5 after 3, then 4 is censored, 3/5 x 1/2 = 0.3
    // after 5, so half are over after 5 hours.
    let all = [
        failure(seen(1.0, true), seen(0.5, true)),
        failure(seen(3.0, true), None),
        failure(seen(5.0, true), None),
        failure(seen(4.0, false), None),
        failure(seen(10.0, false), None),
    ];
    let failures: Vec<&Failure> = all.iter().collect();
    let table = recovery_table(&[("Q2 2026", &failures)]);
    assert_eq!(
        texts(&table, 0)[..8],
        [
            "Q2 2026",
            "From its end",
            "5",
            "3",
            "2",
            "0",
            "3 hours",
            "5 hours"
        ]
    );
    // Of detection, one was timed and four were not.
    assert_eq!(texts(&table, 1)[2..7], ["5", "1", "0", "4", "0.5 hours"]);
}

#[test]
fn where_most_are_open_the_median_is_not_known() {
    let all = [
        failure(seen(1.0, true), None),
        failure(seen(2.0, false), None),
        failure(seen(2.0, false), None),
    ];
    let failures: Vec<&Failure> = all.iter().collect();
    let table = recovery_table(&[("Q2 2026", &failures)]);
    assert_eq!(texts(&table, 0)[6..8], ["1 hour", "—"]);
    let figure = recovery_figure(&failures);
    assert_eq!(
        figure.title,
        "3 failures are timed: too few to say how long half of them take"
    );
}

#[test]
fn without_open_ones_both_medians_are_the_same_also_at_an_even_number() {
    // Over after 2, 4, 12, 14, 20 and 30: half lie within 12, the median is 13.
    let hours = [2.0, 4.0, 12.0, 14.0, 20.0, 30.0];
    let mut all: Vec<Failure> = hours.map(|hours| failure(seen(hours, true), None)).into();
    all.extend([failure(None, None), failure(None, None)]);
    let failures: Vec<&Failure> = all.iter().collect();
    let table = recovery_table(&[("Q2 2026", &failures)]);
    assert_eq!(
        texts(&table, 0)[2..8],
        ["8", "6", "0", "2", "13 hours", "13 hours"]
    );
    let figure = recovery_figure(&failures);
    assert_eq!(
        figure.title,
        "Half of the 6 timed of 8 failures were over within 13 hours"
    );
    assert!(
        figure
            .subtitle
            .ends_with("2 failures without a recorded restoration or an incident left out")
    );
}

#[test]
fn without_failures_there_is_nothing_to_time() {
    let none = Vec::new();
    assert!(recovery_table(&[("Q2 2026", &none)]).rows.is_empty());
    assert_eq!(recovery_figure(&[]).title, "No deployment failed");
}

//! How often parts are joined, and which.

use super::*;

fn part(id: &str, rows: u64) -> Part {
    let account = serde_json::json!({
        "table": "incidents", "source": "s", "origin": "o", "sha256": "", "bytes": 0,
        "rows_read": rows + 3, "kept": 0, "repeated": 0, "superseded": 0,
        "filtered": 2, "set_aside": 1,
    });
    Part {
        id: id.to_owned(),
        account: serde_json::from_value(account).expect("it is an account"),
        runs: Vec::new(),
        first_reject: None,
        joined: None,
    }
}

fn joined(rows: u64, current: &[u64], former: &[u64]) -> Unit {
    let parts = |rows: &[u64]| rows.iter().map(|rows| part("p", *rows)).collect::<Vec<_>>();
    Unit {
        joined: Some("j".to_owned()),
        parts: parts(current).into_iter().enumerate().collect(),
        former: parts(former),
        rows,
    }
}

#[test]
fn as_many_as_are_allowed_stay_as_they_are() {
    assert_eq!(count_to_join(&[]), 0);
    assert_eq!(count_to_join(&[5; MOST_FILES]), 0);
    assert_eq!(
        count_to_join(&[5; MOST_FILES + 1]),
        MOST_FILES + 1,
        "all are small"
    );
}

#[test]
fn what_is_far_larger_than_the_small_ones_together_stays_as_it_is() {
    // 33 parts: at least 18 are joined, so that 15 and the new one stay. The 30 of one
    // row are 30 together; the next has 60, which is twice that, the one after 181,
    // which is more than twice 90.
    let mut rows = vec![1; 30];
    rows.extend([60, 181, 100_000]);
    assert_eq!(count_to_join(&rows), 31);
}

#[test]
fn of_many_large_ones_only_as_many_are_joined_as_must_be() {
    // Each is more than twice as large as all before it.
    let rows: Vec<u64> = (0..33).map(|power| 4_u64.pow(power.min(30))).collect();
    assert_eq!(count_to_join(&rows), 18);
}

#[test]
fn a_row_is_written_again_seldom_however_long_the_chain_is() {
    // 5,000 exports of one row each, one a run.
    let mut files: Vec<u64> = Vec::new();
    let mut written = 0;
    for _ in 0..5_000 {
        files.push(1);
        files.sort_unstable();
        let count = count_to_join(&files);
        let rows: u64 = files.drain(..count).sum();
        if count > 0 {
            files.push(rows);
            written += rows;
        }
        assert!(files.len() <= MOST_FILES);
    }
    assert_eq!(files.iter().sum::<u64>(), 5_000);
    // A row first lies in a file of 18 rows or more, which about doubles each time it
    // is written again: 1 + log2(5,000 / 18) = 9 times.
    assert!(written < 9 * 5_000, "{written} rows were written");
}

#[test]
fn a_joined_file_is_written_anew_when_most_of_it_is_of_no_use() {
    assert!(!joined(100, &[20, 30], &[]).is_wasteful(), "half is of use");
    assert!(joined(100, &[20, 29], &[]).is_wasteful());
    assert!(
        !joined(100, &[20, 29], &[1]).is_wasteful(),
        "what an earlier snapshot names is of use"
    );
    let alone = Unit {
        joined: None,
        ..joined(100, &[10], &[])
    };
    assert!(!alone.is_wasteful(), "a part of its own is all of use");
    let chosen = choose(vec![joined(100, &[60], &[]), joined(7, &[1], &[])]);
    assert_eq!(chosen.len(), 1, "the other stays");
    assert_eq!(chosen[0].rows, 7);
}

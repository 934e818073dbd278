//! A seeded shuffle of an export's rows, so that a failure can be repeated.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Shuffles rows (Fisher and Yates); the same seed gives the same order.
fn shuffle<T>(rows: &mut [T], seed: u64) {
    let mut stream = ChaCha8Rng::seed_from_u64(seed);
    for place in (1..rows.len()).rev() {
        let bound = place as u64 + 1;
        let other = usize::try_from(stream.next_u64() % bound).expect("it is at most `place`");
        rows.swap(place, other);
    }
}

/// Shuffles lines.
pub(crate) fn shuffle_lines(text: &str, seed: u64) -> String {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    shuffle(&mut lines, seed);
    lines.concat()
}

/// Shuffles the records of CSV below the header.
pub(crate) fn shuffle_csv(text: &str, seed: u64) -> String {
    let mut records = csv_records(text);
    shuffle(&mut records[1..], seed);
    records.concat()
}

/// Splits CSV into records with their line ends; a quoted field may hold some.
fn csv_records(text: &str) -> Vec<String> {
    let mut records = Vec::new();
    let mut record = String::new();
    let mut is_quoted = false;
    for character in text.chars() {
        is_quoted ^= character == '"';
        record.push(character);
        if character == '\n' && !is_quoted {
            records.push(std::mem::take(&mut record));
        }
    }
    if !record.is_empty() {
        records.push(format!("{record}\n"));
    }
    records
}

#[test]
fn a_shuffle_keeps_the_header_and_every_record_and_comes_again() {
    let text = "a,b\n1,\"x\ny\"\n2,z\n3,w\n4,v\n5,u";
    let shuffled = shuffle_csv(text, 203);
    assert_eq!(shuffled, shuffle_csv(text, 203));
    assert_ne!(shuffled, format!("{text}\n"));
    let (mut left, mut right) = (csv_records(&shuffled), csv_records(text));
    assert_eq!(left[0], "a,b\n");
    left.sort();
    right.sort();
    assert_eq!(left, right);
}

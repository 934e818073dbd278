//! Exports with broken bytes: refused or read, never a panic, never a row lost.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;

use crate::support::{Project, files_below, read_text};

/// How many broken exports are tried.
const CASES: u32 = 64;

const CSV: &str = "incident_id,opened_at,detected_at,severity,system,summary\n\
    I1,2026-03-02T10:00:00Z,2026-03-02 11:00,1,shop,\"Basket, \"\"empty\"\"\"\n\
    I2,2026-03-03T10:00:00+01:00,,2,shop,Größe fehlt\n\
    I3,2026-03-04T10:00:00Z,,,ledger,\"two\nlines\"\n\
    I3,2026-03-04T10:00:00Z,,,ledger,\"two\nlines\"\n\
    I4,soon,,9,,\n";

const NDJSON: &str = r#"{"incident_id":"I1","opened_at":"2026-03-02T10:00:00Z","severity":1,"system":"shop"}
{"incident_id":"I2","opened_at":"2026-03-03T10:00:00+01:00","detected_at":null,"summary":"Gr\u00f6\u00dfe"}
{"incident_id":"I3","opened_at":1772618400,"severity":"2","summary":["a","b"]}
{"incident_id":"I3","opened_at":"2026-03-04T10:00:00Z","system":{"name":"ledger"}}
"#;

/// One change of the bytes.
#[derive(Debug, Clone)]
enum Change {
    Replace(prop::sample::Index, u8),
    Insert(prop::sample::Index, Vec<u8>),
    Remove(prop::sample::Index, usize),
    Repeat(prop::sample::Index, usize),
    Cut(prop::sample::Index),
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        let end = |start: usize, length: usize| (start + length).min(bytes.len());
        match self {
            Self::Replace(at, byte) => {
                let place = at.index(bytes.len());
                bytes[place] = *byte;
            }
            Self::Insert(at, more) => {
                let place = at.index(bytes.len());
                bytes.splice(place..place, more.iter().copied());
            }
            Self::Remove(at, length) => {
                let place = at.index(bytes.len());
                bytes.drain(place..end(place, *length));
            }
            Self::Repeat(at, length) => {
                let place = at.index(bytes.len());
                let part = bytes[place..end(place, *length)].to_vec();
                bytes.splice(place..place, part);
            }
            Self::Cut(at) => bytes.truncate(at.index(bytes.len())),
        }
    }
}

fn change() -> impl Strategy<Value = Change> {
    let at = any::<prop::sample::Index>;
    let telling = prop::sample::select(b"\",;{}[]:\\\n\r\t \0\xef\xff09eZ-".to_vec());
    let byte = prop_oneof![telling.boxed(), any::<u8>().boxed()];
    prop_oneof![
        4 => (at(), byte.clone()).prop_map(|(at, byte)| Change::Replace(at, byte)),
        3 => (at(), vec(byte, 1..6)).prop_map(|(at, more)| Change::Insert(at, more)),
        3 => (at(), 1_usize..12).prop_map(|(at, length)| Change::Remove(at, length)),
        2 => (at(), 1_usize..40).prop_map(|(at, length)| Change::Repeat(at, length)),
        1 => at().prop_map(Change::Cut),
    ]
}

/// The generator of a run: the seed is fixed, so that a failure comes again.
fn runner() -> (TestRunner, u64) {
    let given = std::env::var("PLIMSOLL_SEED").ok();
    let seed: u64 = given.map_or(203, |text| text.parse().expect("a seed is a number"));
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config {
        cases: CASES,
        failure_persistence: None,
        max_shrink_iters: 200,
        ..Config::default()
    };
    let generator = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    (TestRunner::new_with_rng(config, generator), seed)
}

#[test]
fn broken_bytes_are_refused_or_read_and_every_row_is_accounted_for() {
    let (mut runner, seed) = runner();
    let exports = prop_oneof![Just(("csv", CSV)), Just(("ndjson", NDJSON))];
    let limits = prop_oneof![Just("0.01"), Just("1.0")];
    let inputs = (exports, limits, vec(change(), 1..8));
    let read_count = std::cell::Cell::new(0);
    let outcome = runner.run(&inputs, |((ending, text), limit, changes)| {
        let mut bytes = text.as_bytes().to_vec();
        changes.iter().for_each(|change| change.apply(&mut bytes));
        let is_read = read_export(ending, limit, &bytes)?;
        read_count.set(read_count.get() + u32::from(is_read));
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("seed {seed} (set PLIMSOLL_SEED to repeat it): {error}");
    }
    let read_count = read_count.get();
    let is_mixed = (CASES / 8..CASES).contains(&read_count);
    assert!(
        is_mixed,
        "{read_count} of {CASES} were read: the draw shows little"
    );
}

/// Runs the batch over one broken export; returns whether it was read.
fn read_export(ending: &str, limit: &str, bytes: &[u8]) -> Result<bool, TestCaseError> {
    let project = Project::empty();
    let configuration = format!(
        "[project]\nname = \"Broken bytes\"\ntime_zone = \"UTC\"\nas_of = \"2026-04-01T00:00:00Z\"\n\n\
         [ingest]\nmax_reject_share = {limit}\n\n\
         [[sources]]\nname = \"incidents\"\ntable = \"incidents\"\npath = \"incidents.{ending}\"\n"
    );
    project.write("plimsoll.toml", configuration);
    project.write(&format!("incidents.{ending}"), bytes);
    let finished = project.compute();
    let shown = format!("{}\n{}", String::from_utf8_lossy(bytes), finished.stderr);
    prop_assert!(
        matches!(finished.code, Some(0..=2)),
        "{:?}\n{shown}",
        finished.code
    );
    prop_assert!(!finished.stderr.contains("panicked"), "{shown}");
    let is_read = finished.code == Some(0);
    if is_read {
        prop_assert!(
            manifests_balance(&project),
            "the account does not balance\n{shown}"
        );
    } else {
        prop_assert!(finished.stderr.contains("error: cannot "), "{shown}");
    }
    Ok(is_read)
}

/// Returns whether every row that was read is kept, repeated, superseded, filtered
/// or set aside, and what is kept is what the tables have.
fn manifests_balance(project: &Project) -> bool {
    let files = files_below(&project.path("lake/snapshots"));
    let mut manifests = files.iter().filter(|path| path.ends_with("manifest.json"));
    manifests.all(|path| {
        let manifest: Value = serde_json::from_str(&read_text(path)).expect("it is JSON");
        crate::sample::account_balances(&manifest)
    })
}

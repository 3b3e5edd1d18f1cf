//! A state or journal that was cut, flipped, shuffled, put back or mixed up: always an error that names the place, or
//! the very same state. Never an empty one, and never one with something missing.

use proptest::{prelude::*, test_runner::Config};
use tenon_state::{Error, FaultDisk, File, Identity, Outcome, StateView, StateWrite, Store, inspect};

use crate::support::{call, holder, intent, open, record};

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

/// A disk with a snapshot of some records and a journal with entries after it, as a crash leaves it.
async fn crashed() -> FaultDisk {
    let disk = FaultDisk::new();
    let store = open(File::on(disk.process())).await.unwrap();
    for n in 0..4 {
        call(&store, n).await.unwrap();
    }
    store.checkpoint().await.unwrap();
    for n in 4..8 {
        call(&store, n).await.unwrap();
    }
    store.begin(intent(8)).await.unwrap();
    disk.kill();
    drop(store);
    disk
}

async fn view(disk: &FaultDisk) -> Result<Option<StateView>, Error> {
    inspect(&File::on(disk.process())).await
}

/// Both ways in must agree: an error, or the state as it was.
async fn same_or_error(disk: &FaultDisk, expected: &StateView, what: &str) -> Option<Error> {
    let disk = disk.copy();
    let seen = view(&disk).await;
    let opened = open(File::on(disk.process())).await;
    match (seen, opened) {
        (Ok(Some(seen)), Ok(store)) => {
            assert_eq!(seen.state, expected.state, "{what}: another state was read");
            assert_eq!(*store.state(), expected.state, "{what}: another state was opened");
            assert_eq!(
                store.open_intents(),
                expected.open_intents,
                "{what}: other intents are open"
            );
            None
        }
        (Err(error), Err(_)) => {
            let text = error.to_string();
            assert!(
                text.contains("/fault/state.json"),
                "{what}: no location in {text:?}"
            );
            // Programs choose their advice by these: an error outside of them would leave the user without any.
            let refused = matches!(
                error,
                Error::Foreign { .. } | Error::Newer { .. } | Error::OtherStack { .. }
            );
            assert!(
                error.is_damage() || refused,
                "{what}: neither damaged nor another state: {text:?}"
            );
            Some(error)
        }
        (Ok(None), _) => panic!("{what}: taken for a state that never was"),
        (seen, opened) => panic!("{what}: read {seen:?}, opened {}", opened.is_ok()),
    }
}

#[test]
fn cut_at_every_byte() {
    runtime().block_on(async {
        let disk = crashed().await;
        let expected = view(&disk).await.unwrap().unwrap();
        for name in ["state.json", "journal"] {
            let bytes = disk.get(name).unwrap();
            let text = bytes.iter().rposition(|b| *b != 0).unwrap() + 600;
            for length in 0..bytes.len().min(text) {
                disk.put(name, &bytes[..length]);
                let error = same_or_error(&disk, &expected, &format!("{name} cut to {length}")).await;
                // The last byte of a state is a line end, which carries nothing.
                assert!(
                    error.is_some() || (name == "state.json" && length + 1 == bytes.len()),
                    "{name} {length}"
                );
            }
            disk.put(name, &bytes);
        }
    });
}

#[test]
fn ten_thousand_flipped_bits() {
    runtime().block_on(async {
        let disk = crashed().await;
        let expected = view(&disk).await.unwrap().unwrap();
        let mut random = 1_u64;
        let mut unnoticed = 0;
        for case in 0..10_000 {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let name = if case % 2 == 0 { "state.json" } else { "journal" };
            let bytes = disk.get(name).unwrap();
            // In the journal's text and a little of the room after it, where nothing can be lost.
            let text = bytes.iter().rposition(|b| *b != 0).unwrap() + 100;
            let bit = usize::try_from(random >> 20).unwrap() % (text.min(bytes.len()) * 8);
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            disk.put(name, &flipped);
            unnoticed += u32::from(
                same_or_error(&disk, &expected, &format!("{name}, bit {bit}"))
                    .await
                    .is_none(),
            );
            disk.put(name, &bytes);
        }
        assert!(
            unnoticed < 1000,
            "{unnoticed} flips were in bytes that carry nothing"
        );
    });
}

#[test]
fn every_bit_of_the_last_frame() {
    runtime().block_on(async {
        let disk = crashed().await;
        let expected = view(&disk).await.unwrap().unwrap();
        let bytes = disk.get("journal").unwrap();
        let end = bytes.iter().rposition(|b| *b != 0).unwrap() + 1;
        let start = bytes[..end - 1].iter().rposition(|b| *b == b'\n').unwrap() + 1;
        for bit in start * 8..end * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            disk.put("journal", &flipped);
            // It was acknowledged, so that leaving it out as unfinished would lose it.
            let error = same_or_error(&disk, &expected, &format!("bit {bit}")).await;
            assert!(
                matches!(error, Some(Error::JournalDamaged { .. })),
                "bit {bit}: {error:?}"
            );
        }
    });
}

/// The journal's lines, without the room after them.
fn lines(journal: &[u8]) -> Vec<Vec<u8>> {
    let end = journal.iter().rposition(|b| *b != 0).unwrap() + 1;
    journal[..end]
        .split_inclusive(|b| *b == b'\n')
        .map(<[u8]>::to_vec)
        .collect()
}

/// The lines in a file of the same length.
fn joined(lines: &[Vec<u8>], length: usize) -> Vec<u8> {
    let mut bytes = lines.concat();
    bytes.resize(length, 0);
    bytes
}

#[test]
fn swapped_duplicated_and_missing_frames() {
    runtime().block_on(async {
        let disk = crashed().await;
        let expected = view(&disk).await.unwrap().unwrap();
        let bytes = disk.get("journal").unwrap();
        let frames = lines(&bytes);
        assert!(frames.len() > 8);
        let mut changed = Vec::new();
        for a in 0..frames.len() {
            for b in a + 1..frames.len() {
                let mut swapped = frames.clone();
                swapped.swap(a, b);
                changed.push((format!("{a} and {b} swapped"), swapped));
            }
            let mut twice = frames.clone();
            twice.insert(a, frames[a].clone());
            changed.push((format!("{a} twice"), twice));
            if a + 1 < frames.len() {
                let mut without = frames.clone();
                without.remove(a);
                changed.push((format!("{a} missing"), without));
            }
        }
        for (what, frames) in changed {
            disk.put("journal", &joined(&frames, bytes.len()));
            let error = same_or_error(&disk, &expected, &what).await;
            assert!(
                matches!(error, Some(Error::JournalDamaged { .. })),
                "{what}: {error:?}"
            );
        }
    });
}

#[test]
fn missing_and_empty_files() {
    runtime().block_on(async {
        let disk = crashed().await;
        let expected = view(&disk).await.unwrap().unwrap();
        let check = async |change: &dyn Fn(&FaultDisk), what: &str| {
            let disk = disk.copy();
            change(&disk);
            same_or_error(&disk, &expected, what).await.unwrap()
        };
        let missing = check(&|disk| disk.delete("state.json"), "no state").await;
        assert!(matches!(missing, Error::Missing { .. }), "{missing}");
        let missing = check(&|disk| disk.delete("journal"), "no journal").await;
        assert!(matches!(missing, Error::JournalMissing { .. }), "{missing}");
        let both = |disk: &FaultDisk| {
            for name in ["state.json", "journal"] {
                disk.delete(name);
            }
        };
        let missing = check(&both, "neither").await;
        assert!(matches!(missing, Error::Missing { serial: 1, .. }), "{missing}");
        for bytes in [&b""[..], b"\0\0\0\0", b"\n"] {
            let empty = check(&|disk| disk.put("state.json", bytes), "empty").await;
            assert!(matches!(empty, Error::Empty { .. }), "{empty}");
            let empty = check(&|disk| disk.put("journal", bytes), "empty journal").await;
            assert!(matches!(empty, Error::JournalDamaged { .. }), "{empty}");
        }
        let length = disk.get("journal").unwrap().len();
        let zeros = check(&|disk| disk.put("journal", &vec![0; length]), "journal of NUL").await;
        assert!(matches!(zeros, Error::JournalDamaged { .. }), "{zeros}");
    });
}

#[test]
fn foreign_newer_and_edited_states() {
    runtime().block_on(async {
        let disk = crashed().await;
        let expected = view(&disk).await.unwrap().unwrap();
        let text = String::from_utf8(disk.get("state.json").unwrap()).unwrap();
        let check = async |text: String, what: &str| {
            let disk = disk.copy();
            disk.put("state.json", text.as_bytes());
            same_or_error(&disk, &expected, what).await.unwrap()
        };
        let newer = check(text.replacen("\"version\":1", "\"version\":2", 1), "newer").await;
        assert!(
            matches!(
                newer,
                Error::Newer {
                    found: 2,
                    supported: 1,
                    ..
                }
            ),
            "{newer}"
        );
        let terraform =
            r#"{"version":4,"terraform_version":"1.11.4","serial":1,"lineage":"x","resources":[]}"#;
        let foreign = check(terraform.to_owned(), "terraform").await;
        assert!(
            matches!(foreign, Error::Foreign { .. }) && foreign.to_string().contains("Terraform"),
            "{foreign}"
        );
        for other in [
            "{}",
            "[]",
            "null",
            "hello",
            "<html></html>",
            "{\"format\":\"other\"}",
        ] {
            let foreign = check(other.to_owned(), other).await;
            assert!(matches!(foreign, Error::Foreign { .. }), "{other}: {foreign}");
        }
        let edited = check(text.replacen("subnet-1", "subnet-9", 1), "edited").await;
        assert!(matches!(edited, Error::Damaged { .. }), "{edited}");
        let crlf = check(text.replace('\n', "\r\n"), "CRLF").await;
        assert!(matches!(crlf, Error::Damaged { .. }), "{crlf}");
        let padded = check(format!("{text}\0\0\0\0"), "NUL at the end").await;
        assert!(matches!(padded, Error::Damaged { .. }), "{padded}");
        let nested = "[".repeat(1_000_000);
        let nested = check(
            format!("{{\"format\":\"tenon-state\",\"version\":{nested}"),
            "nested",
        )
        .await;
        assert!(
            matches!(nested, Error::Damaged { .. } | Error::Truncated { .. }),
            "{nested}"
        );
    });
}

#[test]
fn older_files_put_back() {
    runtime().block_on(async {
        let old = crashed().await;
        let new = old.copy();
        let store = open(File::on(new.process())).await.unwrap();
        call(&store, 20).await.unwrap();
        store.close().await.unwrap();
        let expected = view(&new).await.unwrap().unwrap();
        let put_back = async |names: &[&str]| {
            let disk = new.copy();
            for name in names {
                disk.put(name, &old.get(name).unwrap());
            }
            same_or_error(&disk, &expected, &format!("{names:?} put back"))
                .await
                .unwrap()
        };
        let error = put_back(&["state.json"]).await;
        assert!(
            matches!(
                error,
                Error::RolledBack {
                    found: 1,
                    expected: 2,
                    ..
                }
            ),
            "{error}"
        );
        let error = put_back(&["journal"]).await;
        assert!(matches!(error, Error::JournalDamaged { .. }), "{error}");
        let error = put_back(&["state.json", "journal"]).await;
        assert!(
            matches!(
                error,
                Error::RolledBack {
                    found: 1,
                    expected: 2,
                    ..
                }
            ),
            "{error}"
        );
    });
}

#[test]
fn files_of_another_stack() {
    runtime().block_on(async {
        let ours = crashed().await;
        let other = crashed().await;
        let expected = view(&ours).await.unwrap().unwrap();
        let mixed = async |names: &[&str]| {
            let disk = ours.copy();
            for name in names {
                disk.put(name, &other.get(name).unwrap());
            }
            same_or_error(&disk, &expected, &format!("{names:?} of another stack"))
                .await
                .unwrap()
        };
        assert!(matches!(mixed(&["journal"]).await, Error::JournalForeign { .. }));
        assert!(matches!(mixed(&["state.json"]).await, Error::Replaced { .. }));
        assert!(matches!(
            mixed(&["state.json", "journal"]).await,
            Error::Replaced { .. }
        ));

        let who = Identity {
            stack: "shop".into(),
            env: "production".into(),
        };
        let backend = std::sync::Arc::new(File::on(ours.process()));
        let error = Store::open(backend, holder(), who).await.err().unwrap();
        assert!(matches!(error, Error::OtherStack { .. }), "{error}");
        // The refusal leaves nothing locked.
        open(File::on(ours.process())).await.unwrap();
    });
}

#[test]
fn what_cannot_be_read_again_is_not_written() {
    runtime().block_on(async {
        let disk = FaultDisk::new();
        let store = open(File::on(disk.process())).await.unwrap();
        let mut deep = record(1);
        for _ in 0..1000 {
            deep.inputs = serde_json::json!([deep.inputs]);
        }
        assert!(matches!(
            store.record(vec![StateWrite::Put(deep)]).await,
            Err(Error::Invalid { .. })
        ));
        let mut almost = record(2);
        for _ in 0..tenon_state::MAX_JSON_DEPTH - 3 {
            almost.inputs = serde_json::json!([almost.inputs]);
        }
        store
            .begin_with(intent(2), vec![StateWrite::Put(almost.clone())])
            .await
            .unwrap();
        drop(store);
        let store = open(File::on(disk.process())).await.unwrap();
        store.end(&intent(2).op, Outcome::Done, vec![]).await.unwrap();
        store.close().await.unwrap();
        let seen = view(&disk).await.unwrap().unwrap();
        assert_eq!(seen.state.records.values().next().map(|r| &**r), Some(&almost));
    });
}

proptest! {
    #![proptest_config(Config { cases: 2000, failure_persistence: None, ..Config::default() })]

    #[test]
    fn any_bytes_are_an_error_and_never_a_panic(
        state in proptest::collection::vec(any::<u8>(), 0..300),
        journal in proptest::collection::vec(any::<u8>(), 0..300),
    ) {
        runtime().block_on(async {
            let disk = FaultDisk::new();
            disk.put("state.json", &state);
            disk.put("journal", &journal);
            assert!(open(File::on(disk.process())).await.is_err());
            assert_eq!(disk.get("state.json").unwrap(), state);
        });
    }
}

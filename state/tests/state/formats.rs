//! Files that released versions wrote must be read for ever. One folder per version of the format under
//! `tests/formats`; the journals there are without the NUL bytes after their last frame, which a test adds again.
//!
//! A new version gets a folder of its own; these are never written again.

use tenon_state::{FORMAT_VERSION, FaultDisk, File, Phase, inspect};

use crate::support::{intent, open, record};

/// The disk as that version left it.
fn disk(state: &[u8], journal: &[u8], capacity: usize) -> FaultDisk {
    let mut journal = journal.to_vec();
    journal.resize(capacity, 0);
    let disk = FaultDisk::new();
    disk.put("state.json", state);
    disk.put("journal", &journal);
    disk
}

#[tokio::test]
async fn version_1() {
    let disk = disk(
        include_bytes!("../formats/v1/state.json"),
        include_bytes!("../formats/v1/journal"),
        65536,
    );
    let view = inspect(&File::on(disk.process())).await.unwrap().unwrap();
    let state = &view.state;
    assert_eq!(
        (state.version, state.serial, state.lineage.as_str()),
        (1, 1, "5e1f0c2ab7d94e6f8a3b1c0d9e7f6a54")
    );
    assert_eq!((state.stack.as_str(), state.env.as_str()), ("shop", "test"));
    assert_eq!(
        (state.account.as_str(), state.region.as_str()),
        ("111122223333", "eu-west-1")
    );
    assert_eq!(state.outputs["url"], "https://shop.example.com");
    assert_eq!(
        state.at("network/subnet-1").cloned().collect::<Vec<_>>(),
        [record(1)]
    );
    let phases: Vec<Phase> = state.at("network/subnet-2").map(|record| record.phase).collect();
    assert_eq!(phases, [Phase::Deposed, Phase::Creating]);
    assert_eq!(state.current("network/subnet-2").unwrap().generation, 1);
    assert_eq!(view.open_intents, [intent(3), intent(4)]);
    let store = open(File::on(disk.process())).await.unwrap();
    store
        .end(&intent(3).op, tenon_state::Outcome::Done, vec![])
        .await
        .unwrap();
    store.close().await.unwrap();
}

#[test]
fn every_version_has_a_folder() {
    let folders = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/formats")).unwrap();
    assert_eq!(folders.count(), usize::try_from(FORMAT_VERSION).unwrap());
}

// Long: every kind of entry of the format, once.
/// Writes the folder of a new version; run once, by name, when the format changes.
#[tokio::test]
#[ignore = "writes files: run it by name when there is a new version of the format"]
async fn write_the_newest() {
    use tenon_state::{Identity, Outcome, Record, State, StateWrite, Store};
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state");
    let identity = Identity {
        stack: "shop".into(),
        env: "test".into(),
    };
    let state = State::new(&identity, "5e1f0c2ab7d94e6f8a3b1c0d9e7f6a54".into());
    let backend = std::sync::Arc::new(File::new(&path));
    let holder = tenon_state::Holder {
        token: "0".repeat(32),
        who: "ada@example".into(),
        pid: 1,
        command: "apply".into(),
        since_ms: 1_790_000_000_000,
    };
    let (store, _) = Store::replace(backend, holder, state, vec![], tenon_state::Settings::default())
        .await
        .unwrap();
    let target = StateWrite::Target {
        account: "111122223333".into(),
        region: "eu-west-1".into(),
    };
    store
        .record(vec![target, StateWrite::Put(record(1))])
        .await
        .unwrap();
    let deposed = Record {
        phase: Phase::Deposed,
        ..record(2)
    };
    let creating = Record {
        phase: Phase::Creating,
        generation: 1,
        id: None,
        ..record(2)
    };
    store
        .begin_with(
            intent(3),
            vec![StateWrite::Put(deposed), StateWrite::Put(creating)],
        )
        .await
        .unwrap();
    store
        .end(
            &intent(3).op,
            Outcome::Unknown {
                reason: "connection reset".into(),
            },
            vec![],
        )
        .await
        .unwrap();
    let refused = Outcome::Refused {
        code: "VpcLimitExceeded".into(),
        message: "no".into(),
    };
    store.begin(intent(5)).await.unwrap();
    store.end(&intent(5).op, refused, vec![]).await.unwrap();
    store.begin(intent(4)).await.unwrap();
    store
        .record(vec![StateWrite::Outputs(
            [("url".to_owned(), "https://shop.example.com".into())].into(),
        )])
        .await
        .unwrap();
    drop(store);
    let to = format!("{}/tests/formats/v{FORMAT_VERSION}", env!("CARGO_MANIFEST_DIR"));
    std::fs::create_dir_all(&to).unwrap();
    for name in ["state.json", "journal"] {
        let bytes = std::fs::read(path.join(name)).unwrap();
        let end = bytes.iter().rposition(|b| *b != 0).unwrap() + 1;
        std::fs::write(format!("{to}/{name}"), &bytes[..end]).unwrap();
    }
}

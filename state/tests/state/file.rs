//! The file backend from its public side: what a run leaves behind is there for the next.

use std::{os::unix::fs::PermissionsExt as _, path::Path};

use tenon_state::{Error, File, Outcome, RecordKey, StateWrite, Store, inspect, read};

use crate::support::{self, intent, record};

async fn open(folder: &Path) -> Result<Store, Error> {
    support::open(File::new(folder)).await
}

#[tokio::test]
async fn what_was_written_is_there_again() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("state");
    assert!(read(&File::new(&folder)).await.unwrap().is_none());
    let store = open(&folder).await.unwrap();
    store.reserve([0; 2]).await.unwrap();
    store.begin(intent(1)).await.unwrap();
    store
        .end(&intent(1).op, Outcome::Done, vec![StateWrite::Put(record(1))])
        .await
        .unwrap();
    store.begin(intent(2)).await.unwrap();
    // No close: this is a crash.
    drop(store);

    let store = open(&folder).await.unwrap();
    assert_eq!(store.open_intents(), [intent(2)]);
    assert_eq!(
        store.get(&RecordKey::new("network/subnet-1", 0)).as_deref(),
        Some(&record(1))
    );
    let unknown = Outcome::Unknown {
        reason: "connection reset".into(),
    };
    store.end(&intent(2).op, unknown, vec![]).await.unwrap();
    store.close().await.unwrap();

    let view = inspect(&File::new(&folder)).await.unwrap().unwrap();
    assert_eq!(view.state.serial, 1);
    assert_eq!(view.open_intents, [intent(2)]);
    assert_eq!(view.state.records.len(), 1);
    assert!(view.held.is_none());
}

#[tokio::test]
async fn a_second_store_is_refused_and_told_by_whom() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(folder.path()).await.unwrap();
    let Err(Error::Locked { held, .. }) = open(folder.path()).await else {
        panic!("opened twice")
    };
    assert_eq!(held.holder.pid, std::process::id());
    assert!(
        inspect(&File::new(folder.path()))
            .await
            .unwrap()
            .unwrap()
            .held
            .is_some()
    );
    first.close().await.unwrap();
    open(folder.path()).await.unwrap().close().await.unwrap();
}

#[tokio::test]
async fn a_lock_file_that_is_removed_or_a_folder_that_is_moved_ends_the_lease() {
    for moved in [false, true] {
        let above = tempfile::tempdir().unwrap();
        let folder = above.path().join("state");
        let first = open(&folder).await.unwrap();
        first.begin(intent(1)).await.unwrap();
        if moved {
            std::fs::rename(&folder, above.path().join("old")).unwrap();
        } else {
            std::fs::remove_file(folder.join("lock")).unwrap();
        }
        let second = open(&folder).await.unwrap();
        let Err(Error::LeaseLost { .. }) = first.begin(intent(2)).await else {
            panic!("two writers")
        };
        let Err(Error::LeaseLost { .. }) = first.checkpoint().await else {
            panic!("two writers")
        };
        second.begin(intent(3)).await.unwrap();
        second.close().await.unwrap();
    }
}

#[tokio::test]
async fn stale_or_unreadable_lock_information_keeps_nobody_out() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await.unwrap();
    store.begin(intent(1)).await.unwrap();
    let fence = store.fence();
    drop(store);
    std::fs::write(folder.path().join("lock"), b"\0\xff nonsense").unwrap();
    let store = open(folder.path()).await.unwrap();
    assert!(store.fence() > fence, "fencing numbers only grow");
    store.end(&intent(1).op, Outcome::Done, vec![]).await.unwrap();
    store.close().await.unwrap();
}

#[tokio::test]
async fn links_are_refused_wherever_they_are_put() {
    for name in ["state.json", "journal", "lock", "state.json.new", "journal.new"] {
        for hard in [false, true] {
            let above = tempfile::tempdir().unwrap();
            let folder = above.path().join("state");
            let store = open(&folder).await.unwrap();
            support::call(&store, 1).await.unwrap();
            store.close().await.unwrap();
            let victim = above.path().join("victim");
            let original = folder.join(name);
            if original.exists() {
                std::fs::rename(&original, &victim).unwrap();
            } else {
                std::fs::write(&victim, "precious").unwrap();
            }
            let before = std::fs::read(&victim).unwrap();
            if hard {
                std::fs::hard_link(&victim, &original).unwrap();
            } else {
                std::os::unix::fs::symlink(&victim, &original).unwrap();
            }
            let outcome = async {
                let store = open(&folder).await?;
                support::call(&store, 2).await?;
                store.close().await
            };
            let outcome = outcome.await;
            assert!(
                matches!(outcome, Err(Error::Unsafe { .. })),
                "{name}, hard {hard}: {outcome:?}"
            );
            assert_eq!(std::fs::read(&victim).unwrap(), before, "{name}, hard {hard}");
            let text = outcome.unwrap_err().to_string();
            assert!(text.contains(name) && text.contains("link"), "{text}");
        }
    }
}

#[tokio::test]
async fn a_linked_folder_a_pipe_and_a_folder_in_place_of_a_file_are_refused() {
    let above = tempfile::tempdir().unwrap();
    std::fs::create_dir(above.path().join("real")).unwrap();
    std::os::unix::fs::symlink(above.path().join("real"), above.path().join("link")).unwrap();
    assert!(open(&above.path().join("link")).await.is_err());
    assert_eq!(std::fs::read_dir(above.path().join("real")).unwrap().count(), 0);

    for name in ["lock", "journal", "state.json"] {
        let folder = above.path().join(format!("pipe-{name}"));
        std::fs::create_dir(&folder).unwrap();
        let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
        rustix::fs::mknodat(
            rustix::fs::CWD,
            folder.join(name),
            rustix::fs::FileType::Fifo,
            mode,
            0,
        )
        .unwrap();
        // It fails, and it does not wait for somebody at the other end.
        let opened = tokio::time::timeout(std::time::Duration::from_secs(5), open(&folder))
            .await
            .unwrap();
        assert!(matches!(opened, Err(Error::Unsafe { .. })), "{name}");

        let folder = above.path().join(format!("folder-{name}"));
        std::fs::create_dir_all(folder.join(name)).unwrap();
        assert!(open(&folder).await.is_err(), "{name}");
    }
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_named() {
    let above = tempfile::tempdir().unwrap();
    std::fs::write(above.path().join("file"), "").unwrap();
    let error = open(&above.path().join("file/state")).await.err().unwrap();
    assert!(error.to_string().contains("file/state"), "{error}");
    assert!(std::fs::metadata(above.path()).unwrap().permissions().mode() & 0o777 != 0);
}

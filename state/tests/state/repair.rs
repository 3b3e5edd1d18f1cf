//! A state that cannot be opened: what is saved of it, and that what was there is never deleted.

use std::sync::Arc;

use tenon_state::{
    Error, Fault, FaultDisk, File, Identity, Record, Salvage, Settings, State, Store, read, salvage,
};

use crate::support::{call, holder, identity, intent, open, record};

/// A disk with a snapshot of two records, two more in the journal, and an open intent.
async fn crashed() -> FaultDisk {
    let disk = FaultDisk::new();
    let store = open(File::on(disk.process())).await.unwrap();
    call(&store, 0).await.unwrap();
    call(&store, 1).await.unwrap();
    store.checkpoint().await.unwrap();
    call(&store, 2).await.unwrap();
    call(&store, 3).await.unwrap();
    store.begin(intent(4)).await.unwrap();
    disk.kill();
    drop(store);
    disk
}

async fn salvaged(disk: &FaultDisk) -> Salvage {
    salvage(&File::on(disk.process())).await
}

async fn replace(disk: &FaultDisk, salvage: Salvage) -> Store {
    let backend = Arc::new(File::on(disk.process()));
    let state = salvage.state.unwrap();
    let replaced = Store::replace(
        backend,
        holder(),
        state,
        salvage.open_intents,
        Settings::default(),
    )
    .await;
    let (store, aside) = replaced.unwrap();
    assert!(!aside.locations.is_empty());
    for place in aside.locations {
        let name = place.rsplit('/').next().unwrap();
        assert!(disk.get(name).is_some(), "{name} is not where it is said to be");
    }
    store
}

#[tokio::test]
async fn a_state_in_order_is_salvaged_whole() {
    let disk = crashed().await;
    let salvage = salvaged(&disk).await;
    assert!(salvage.problems.is_empty());
    assert_eq!(salvage.state, read(&File::on(disk.process())).await.unwrap());
    assert_eq!(salvage.open_intents, [intent(4)]);
    let nothing = salvaged(&FaultDisk::new()).await;
    assert!(nothing.state.is_none() && nothing.problems.is_empty());
}

#[tokio::test]
async fn a_journal_that_is_damaged_in_the_middle() {
    let disk = crashed().await;
    let serial = read(&File::on(disk.process())).await.unwrap().unwrap().serial;
    let mut journal = disk.get("journal").unwrap();
    let ends: Vec<usize> = (0..journal.len()).filter(|at| journal[*at] == b'\n').collect();
    // Header, begin and end of the third call, begin of the fourth: the damage is in its end.
    journal[ends[3] + 40] ^= 1;
    disk.put("journal", &journal);
    assert!(open(File::on(disk.process())).await.is_err());
    let salvage = salvaged(&disk).await;
    assert!(
        matches!(salvage.problems.as_slice(), [Error::JournalDamaged { .. }]),
        "{:?}",
        salvage.problems
    );
    let state = salvage.state.as_ref().unwrap();
    assert_eq!(
        state
            .records
            .values()
            .map(|r| Record::clone(r))
            .collect::<Vec<_>>(),
        [record(0), record(1), record(2)]
    );
    // Its call may have been made, so it is open and will be settled.
    assert_eq!(salvage.open_intents, [intent(3)]);
    let store = replace(&disk, salvage).await;
    assert_eq!(store.open_intents(), [intent(3)]);
    assert_eq!(store.state().serial, serial + 1);
    call(&store, 9).await.unwrap();
    store.close().await.unwrap();
    assert_eq!(
        read(&File::on(disk.process()))
            .await
            .unwrap()
            .unwrap()
            .records
            .len(),
        4
    );
}

#[tokio::test]
async fn an_older_state_that_was_put_back_can_be_accepted() {
    let disk = crashed().await;
    let old = disk.get("state.json").unwrap();
    let store = open(File::on(disk.process())).await.unwrap();
    store.close().await.unwrap();
    disk.put("state.json", &old);
    assert!(matches!(
        open(File::on(disk.process())).await,
        Err(Error::RolledBack { .. })
    ));
    let salvage = salvaged(&disk).await;
    assert!(matches!(
        salvage.problems.as_slice(),
        [Error::RolledBack {
            found: 1,
            expected: 2,
            ..
        }]
    ));
    let store = replace(&disk, salvage).await;
    assert_eq!(store.state().serial, 3, "newer than all that was there");
    store.close().await.unwrap();
}

#[tokio::test]
async fn a_lost_state_is_rebuilt_from_elsewhere() {
    for lost in [&["state.json"][..], &["journal"], &["state.json", "journal"]] {
        let disk = crashed().await;
        for name in lost {
            disk.delete(name);
        }
        let salvage = salvaged(&disk).await;
        assert_eq!(salvage.state.is_none(), lost.contains(&"state.json"));
        if lost == ["state.json"] {
            assert_eq!(
                salvage.open_intents,
                [intent(4)],
                "the journal alone says what may have been made"
            );
        }
        let mut state = State::new(&identity(), String::new());
        state.insert(record(7));
        let backend = Arc::new(File::on(disk.process()));
        let (store, _) = Store::replace(backend, holder(), state, vec![], Settings::default())
            .await
            .unwrap();
        assert_eq!(store.state().serial, 2);
        assert_eq!(store.state().lineage.len(), 32);
        store.close().await.unwrap();
        let store = open(File::on(disk.process())).await.unwrap();
        assert_eq!(store.state().records.len(), 1);
    }
}

#[tokio::test]
async fn replacing_waits_for_nobody_and_can_be_cut_off_anywhere() {
    let disk = crashed().await;
    let store = open(File::on(disk.process())).await.unwrap();
    let state = State::clone(&store.state());
    let backend = || Arc::new(File::on(disk.process()));
    let locked = Store::replace(backend(), holder(), state.clone(), vec![], Settings::default()).await;
    assert!(matches!(locked, Err(Error::Locked { .. })));
    store.close().await.unwrap();

    let rehearsal = disk.copy();
    let before = rehearsal.operations();
    let backend = Arc::new(File::on(rehearsal.process()));
    Store::replace(backend, holder(), state.clone(), vec![], Settings::default())
        .await
        .unwrap();
    for at in 0..rehearsal.operations() - before {
        for seed in 0..3 {
            let disk = disk.copy();
            disk.fail_at(disk.operations() + at, Fault::KillWithin);
            let backend = Arc::new(File::on(disk.process()));
            let _ = Store::replace(backend, holder(), state.clone(), vec![], Settings::default()).await;
            disk.power_loss(seed);
            // The old one, the new one, or an error: never an empty one.
            match read(&File::on(disk.process())).await {
                Ok(Some(read)) => assert_eq!(read.records, state.records, "cut at {at}"),
                Ok(None) => panic!("cut at {at}: taken for a state that never was"),
                Err(_) => {
                    let salvage = salvaged(&disk).await;
                    assert!(!salvage.problems.is_empty());
                    let backend = Arc::new(File::on(disk.process()));
                    let again =
                        Store::replace(backend, holder(), state.clone(), vec![], Settings::default()).await;
                    assert_eq!(again.unwrap().0.state().records, state.records);
                }
            }
        }
    }
}

#[tokio::test]
async fn another_stack_s_state_is_still_refused_afterwards() {
    let disk = crashed().await;
    let other = Identity {
        stack: "other".into(),
        env: "test".into(),
    };
    let backend = Arc::new(File::on(disk.process()));
    let state = State::new(&other, String::new());
    drop(
        Store::replace(backend, holder(), state, vec![], Settings::default())
            .await
            .unwrap(),
    );
    assert!(matches!(
        open(File::on(disk.process())).await,
        Err(Error::OtherStack { .. })
    ));
}

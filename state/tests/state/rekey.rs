//! States that get another key: from none to a key, to another, and back; what is refused; and that a death at any
//! operation leaves all of the state under one of the two.

use std::sync::Arc;

use tenon_state::{
    AgeKey, Backend, Encrypted, Error, Fault, FaultDisk, File, Rekeyed, Settings, State, StateHandle, Store,
    read, rekey,
};

use crate::support::{call, holder, identity, intent};

/// A key, or none.
type Key = Option<AgeKey>;

/// The state as a new process opens it with `key`.
fn side(disk: &FaultDisk, key: &Key) -> StateHandle {
    let raw: Arc<dyn Backend> = Arc::new(File::on(disk.process()));
    match key {
        None => StateHandle::unencrypted(raw),
        Some(key) => StateHandle {
            encrypted: Arc::new(Encrypted::new(Arc::clone(&raw), key.clone())),
            raw,
        },
    }
}

async fn change(disk: &FaultDisk, from: &Key, to: &Key) -> Result<Rekeyed, Error> {
    let from = side(disk, from);
    let to: Arc<dyn Backend> = match to {
        None => Arc::clone(&from.raw),
        Some(key) => Arc::new(Encrypted::with_new_key(Arc::clone(&from.raw), key.clone()).await?),
    };
    rekey(from, to, holder(), identity(), Settings::default()).await
}

async fn read_with(disk: &FaultDisk, key: &Key) -> Result<Option<State>, Error> {
    read(&*side(disk, key).encrypted).await
}

/// Three records, the last of them in the journal of a process that died.
async fn used(key: &Key) -> FaultDisk {
    let disk = FaultDisk::new();
    let store = Store::open(side(&disk, key).encrypted, holder(), identity())
        .await
        .unwrap();
    call(&store, 0).await.unwrap();
    call(&store, 1).await.unwrap();
    store.checkpoint().await.unwrap();
    call(&store, 2).await.unwrap();
    disk.kill();
    disk
}

fn keys() -> [Key; 3] {
    [None, Some(AgeKey::generate()), Some(AgeKey::generate())]
}

#[tokio::test]
async fn a_state_goes_from_any_key_to_any_other_and_only_the_new_one_opens_it() {
    let [none, one, two] = keys();
    for (from, to) in [(&none, &one), (&one, &two), (&two, &none)] {
        let disk = used(from).await;
        let before = read_with(&disk, from).await.unwrap().unwrap();
        let Rekeyed::Done(state) = change(&disk, from, to).await.unwrap() else {
            panic!("it was not there before")
        };
        assert_eq!((state.records.len(), &state.lineage), (3, &before.lineage));
        assert_eq!(read_with(&disk, to).await.unwrap().unwrap(), *state);
        for other in [&none, &one, &two] {
            let opens = read_with(&disk, other).await.is_ok();
            assert_eq!(
                opens,
                other.is_some() == to.is_some() && std::ptr::eq(other, to),
                "{from:?} {to:?}"
            );
        }
        for name in ["state.json", "journal"] {
            let text = String::from_utf8_lossy(&disk.get(name).unwrap()).into_owned();
            assert_eq!(
                text.contains("subnet"),
                to.is_none() && name == "state.json",
                "{name}"
            );
        }
        // Again, it is done; and life goes on.
        assert!(matches!(
            change(&disk, from, to).await,
            Ok(Rekeyed::AlreadyDone(_))
        ));
        let store = Store::open(side(&disk, to).encrypted, holder(), identity())
            .await
            .unwrap();
        call(&store, 4).await.unwrap();
        store.close().await.unwrap();
        assert_eq!(read_with(&disk, to).await.unwrap().unwrap().records.len(), 4);
    }
}

#[tokio::test]
async fn the_data_key_is_a_new_one() {
    let [_, one, two] = keys();
    let disk = used(&one).await;
    let old = (disk.get("state.json").unwrap(), disk.get("journal").unwrap());
    change(&disk, &one, &two).await.unwrap();
    let store = Store::open(side(&disk, &two).encrypted, holder(), identity())
        .await
        .unwrap();
    call(&store, 4).await.unwrap();
    drop(store);
    // The old snapshot, which the old key opens, in front of what was written since.
    disk.put("state.json", &old.0);
    let error = read_with(&disk, &one).await.unwrap_err();
    assert!(matches!(error, Error::JournalDamaged { .. }), "{error}");
    // The same key again is a new data key, too.
    disk.put("journal", &old.1);
    let disk = used(&one).await;
    let document = |disk: &FaultDisk| {
        let text: serde_json::Value = serde_json::from_slice(&disk.get("state.json").unwrap()).unwrap();
        text["key"].as_str().unwrap().to_owned()
    };
    let before = document(&disk);
    change(&disk, &one, &one).await.unwrap();
    assert_ne!(document(&disk), before);
    assert_eq!(read_with(&disk, &one).await.unwrap().unwrap().records.len(), 3);
}

#[tokio::test]
async fn what_is_open_absent_in_use_or_under_an_unknown_key_is_left_as_it_is() {
    let [none, one, two] = keys();
    assert!(matches!(
        change(&FaultDisk::new(), &none, &one).await,
        Err(Error::Absent { .. })
    ));
    let disk = used(&one).await;
    assert!(matches!(
        change(&disk, &two, &none).await,
        Err(Error::Encrypted { .. })
    ));
    assert!(matches!(
        change(&disk, &none, &two).await,
        Err(Error::Encrypted { .. })
    ));
    let store = Store::open(side(&disk, &one).encrypted, holder(), identity())
        .await
        .unwrap();
    assert!(matches!(
        change(&disk, &one, &two).await,
        Err(Error::Locked { .. })
    ));
    store.begin(intent(7)).await.unwrap();
    drop(store);
    let unsettled = change(&disk, &one, &two).await.unwrap_err();
    assert!(matches!(unsettled, Error::Unsettled { .. }), "{unsettled}");
    assert_eq!(read_with(&disk, &one).await.unwrap().unwrap().records.len(), 3);
}

#[tokio::test]
async fn a_change_of_key_can_be_cut_off_anywhere() {
    let [none, one, two] = keys();
    for (from, to) in [(&none, &one), (&one, &two), (&two, &none)] {
        let disk = used(from).await;
        let before = read_with(&disk, from).await.unwrap().unwrap();
        let rehearsal = disk.copy();
        let first = rehearsal.operations();
        change(&rehearsal, from, to).await.unwrap();
        let count = rehearsal.operations() - first;
        assert!(count > 40, "{count}");
        for at in 0..count {
            for fault in [Fault::KillBefore, Fault::KillWithin, Fault::KillAfter] {
                let cut = disk.copy();
                cut.fail_at(cut.operations() + at, fault);
                let _ = change(&cut, from, to).await;
                cut.mend();
                cut.kill();
                for seed in 0..3 {
                    let what = format!("{from:?} to {to:?}, {fault:?} at {at} ({seed})");
                    let disk = cut.copy();
                    if seed > 0 {
                        disk.power_loss((seed - 1) * (at + 1));
                    }
                    let whole = |found: Result<Option<State>, Error>| {
                        matches!(found, Ok(Some(state)) if state.records == before.records
                            && state.lineage == before.lineage)
                    };
                    let (old, new) = (read_with(&disk, from).await, read_with(&disk, to).await);
                    assert!(whole(old) != whole(new), "{what}: under neither, or both");
                    change(&disk, from, to)
                        .await
                        .unwrap_or_else(|e| panic!("{what}: again: {e}"));
                    assert!(whole(read_with(&disk, to).await), "{what}: again");
                    assert!(read_with(&disk, from).await.is_err(), "{what}: again");
                }
            }
        }
    }
}

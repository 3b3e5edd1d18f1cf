//! What every backend promises, tested on each of them.

use std::{sync::Arc, time::Duration};

use tenon_state::{
    Backend, Error, FaultDisk, File, Intent, LeaseConfig, Memory, Outcome, RecordKey, Settings, SnapshotRef,
    State, StateWrite, Store, SystemClock, inspect, read, salvage,
};

use crate::support::{call, holder, identity, intent, op, record};

/// Opens the same place anew each time, as another process would.
pub(crate) trait Location {
    fn backend(&self) -> Arc<dyn Backend>;
    /// Whether a lease outlives a holder that just vanishes.
    fn outlives(&self) -> bool;
}

fn quick() -> LeaseConfig {
    LeaseConfig {
        ttl: Duration::from_secs(3),
        renew_every: Duration::from_millis(500),
        call_timeout: Duration::from_secs(1),
        wait: Duration::ZERO,
    }
}

async fn open(location: &impl Location) -> Result<Store, Error> {
    let settings = tenon_state::Settings {
        terms: quick(),
        ..Default::default()
    };
    Store::open_with(location.backend(), holder(), identity(), settings).await
}

/// Opens as soon as the lease of a vanished holder allows.
async fn reopen(location: &impl Location) -> Store {
    let terms = LeaseConfig {
        wait: Duration::from_secs(if location.outlives() { 20 } else { 0 }),
        ..quick()
    };
    let settings = tenon_state::Settings {
        terms,
        ..Default::default()
    };
    Store::open_with(location.backend(), holder(), identity(), settings)
        .await
        .unwrap()
}

/// The whole suite.
pub(crate) async fn suite(location: impl Location) {
    nothing_is_there_at_first(&location).await;
    a_life(&location).await;
    many_at_once(&location).await;
    a_crash(&location).await;
    one_writer(&location).await;
    taking_the_lease_away(&location).await;
    saves_compare(&location).await;
    frames_are_numbered(&location).await;
    a_large_state(&location).await;
    another_in_its_place(&location).await;
}

async fn nothing_is_there_at_first(location: &impl Location) {
    assert!(read(&*location.backend()).await.unwrap().is_none());
    assert_eq!(
        location.backend().lease_status().await.unwrap(),
        tenon_state::LeaseStatus::default()
    );
    assert!(location.backend().unlock().await.unwrap().is_none());
}

// Long: one life of a state, from its first write to its end.
async fn a_life(location: &impl Location) {
    let store = open(location).await.unwrap();
    let lineage = store.state().lineage.clone();
    assert_eq!((store.state().serial, lineage.len()), (0, 32));
    store.reserve([0; 10]).await.unwrap();
    let target = StateWrite::Target {
        account: "111122223333".into(),
        region: "eu-west-1".into(),
    };
    store.record(vec![target]).await.unwrap();
    call(&store, 1).await.unwrap();
    store.begin(intent(2)).await.unwrap();
    store
        .end(
            &op(2),
            Outcome::Refused {
                code: "VpcLimitExceeded".into(),
                message: "no".into(),
            },
            vec![],
        )
        .await
        .unwrap();
    store.begin(intent(3)).await.unwrap();
    store
        .end(
            &op(3),
            Outcome::Unknown {
                reason: "reset".into(),
            },
            vec![],
        )
        .await
        .unwrap();
    assert!(matches!(
        store.end(&op(2), Outcome::Done, vec![]).await,
        Err(Error::Invalid { .. })
    ));
    let other = Intent {
        digest: "1".repeat(64),
        ..intent(3)
    };
    assert!(matches!(store.begin(other).await, Err(Error::Invalid { .. })));
    store.begin(intent(3)).await.unwrap();
    let elsewhere = StateWrite::Target {
        account: "444455556666".into(),
        region: "eu-west-1".into(),
    };
    assert!(matches!(
        store.record(vec![elsewhere]).await,
        Err(Error::OtherTarget { .. })
    ));

    let view = inspect(&*location.backend()).await.unwrap().unwrap();
    assert_eq!(view.state, *store.state());
    assert_eq!(view.open_intents, [intent(3)]);
    assert_eq!(view.held.unwrap().fence, store.fence());

    store.checkpoint().await.unwrap();
    assert_eq!(store.state().serial, 1);
    store.checkpoint().await.unwrap();
    assert_eq!(store.state().serial, 1, "nothing changed, so nothing is written");
    let fence = store.fence();
    store.close().await.unwrap();

    let store = open(location).await.unwrap();
    assert_eq!(store.state().lineage, lineage);
    assert!(store.fence() > fence);
    assert_eq!(store.open_intents(), [intent(3)]);
    store
        .end(&op(3), Outcome::Done, vec![StateWrite::Put(record(3))])
        .await
        .unwrap();
    let key = RecordKey::new("network/subnet-1", 0);
    assert_eq!(store.get(&key).as_deref(), Some(&record(1)));
    store
        .record(vec![StateWrite::Remove {
            address: key.address.clone(),
            generation: 0,
        }])
        .await
        .unwrap();
    assert_eq!(store.get(&key), None);
    store.close().await.unwrap();
    let view = inspect(&*location.backend()).await.unwrap().unwrap();
    assert_eq!(
        (view.state.serial, view.state.records.len(), view.held),
        (2, 1, None)
    );
    assert_eq!(view.state.account, "111122223333");
}

async fn many_at_once(location: &impl Location) {
    let store = open(location).await.unwrap();
    let calls = (1000..1100).map(|n| {
        let store = store.clone();
        tokio::spawn(async move { call(&store, n).await })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap().unwrap();
    }
    let state = store.state();
    assert!((1000..1100).all(|n| state.records.values().any(|r| **r == record(n))));
    assert_eq!(store.open_intents(), []);
    store.close().await.unwrap();
    assert_eq!(
        read(&*location.backend()).await.unwrap().unwrap().records,
        state.records
    );
}

async fn a_crash(location: &impl Location) {
    let store = open(location).await.unwrap();
    call(&store, 4).await.unwrap();
    store.begin(intent(5)).await.unwrap();
    let before = store.state();
    drop(store);
    let store = reopen(location).await;
    assert_eq!(store.state(), before);
    assert_eq!(store.open_intents(), [intent(5)]);
    // Again, so that the journal has frames of several holders.
    call(&store, 6).await.unwrap();
    drop(store);
    let store = reopen(location).await;
    store
        .end(&op(5), Outcome::Done, vec![StateWrite::Put(record(5))])
        .await
        .unwrap();
    store.close().await.unwrap();
    let state = read(&*location.backend()).await.unwrap().unwrap();
    assert!(
        [4, 5, 6]
            .iter()
            .all(|n| state.records.values().any(|r| **r == record(*n)))
    );
}

async fn one_writer(location: &impl Location) {
    let first = open(location).await.unwrap();
    let Err(Error::Locked { held, .. }) = open(location).await else {
        panic!("two writers")
    };
    assert_eq!(held.holder.pid, std::process::id());
    first.close().await.unwrap();
    // Of many that try at once one gets it.
    let mut opened = Vec::new();
    for tried in futures::future::join_all((0..8).map(|_| open(location))).await {
        match tried {
            Ok(store) => opened.push(store),
            Err(Error::Locked { .. }) => {}
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(opened.len(), 1);
    opened.pop().unwrap().close().await.unwrap();
}

async fn taking_the_lease_away(location: &impl Location) {
    let first = open(location).await.unwrap();
    first.begin(intent(7)).await.unwrap();
    if !location.outlives() {
        first.end(&op(7), Outcome::Done, vec![]).await.unwrap();
        return first.close().await.unwrap();
    }
    let held = location.backend().unlock().await.unwrap().unwrap();
    assert_eq!(held.fence, first.fence());
    let second = open(location).await.unwrap();
    assert!(second.fence() > first.fence());
    for n in [8, 9] {
        let Err(Error::LeaseLost { .. }) = first.begin(intent(n)).await else {
            panic!("two writers")
        };
    }
    let Err(Error::LeaseLost { .. }) = first.checkpoint().await else {
        panic!("two writers")
    };
    second.end(&op(7), Outcome::Done, vec![]).await.unwrap();
    assert!(matches!(first.close().await, Err(Error::LeaseLost { .. })));
    second.begin(intent(10)).await.unwrap();
    second.end(&op(10), Outcome::Done, vec![]).await.unwrap();
    second.close().await.unwrap();
}

async fn saves_compare(location: &impl Location) {
    let backend = location.backend();
    let lease = backend.acquire(&holder(), &quick()).await.unwrap();
    let stored = backend.load().await.unwrap().unwrap();
    for wrong in [None, Some("another")] {
        let saved = backend.save(&lease, b"another".to_vec(), wrong).await;
        assert!(matches!(saved, Err(Error::Conflict { .. })), "{saved:?}");
    }
    let tag = backend
        .save(&lease, stored.bytes.clone(), Some(&stored.tag))
        .await
        .unwrap();
    assert_eq!(backend.load().await.unwrap().unwrap().tag, tag);
    backend.release(&lease).await.unwrap();
    let late = backend.save(&lease, stored.bytes, Some(&tag)).await;
    assert!(matches!(late, Err(Error::LeaseLost { .. })), "{late:?}");
    let late = backend.renew(&lease, &quick()).await;
    assert!(matches!(late, Err(Error::LeaseLost { .. })), "{late:?}");
}

async fn frames_are_numbered(location: &impl Location) {
    let backend = location.backend();
    let mut lease = backend.acquire(&holder(), &quick()).await.unwrap();
    let before = backend.read_journal().await.unwrap().unwrap();
    let snapshot = before.snapshot_ref.unwrap();
    let next = snapshot.sequence + before.frames.len() as u64 + 1;
    backend.append(&lease, next, "one").await.unwrap();
    backend.append(&lease, next + 1, "two").await.unwrap();
    let there = backend.read_journal().await.unwrap().unwrap().frames;
    assert_eq!(there[there.len() - 2..], ["one", "two"]);
    let snapshot_ref = SnapshotRef {
        sequence: next + 1,
        ..snapshot.clone()
    };
    backend.reset_journal(&lease, &snapshot_ref).await.unwrap();
    let after = backend.read_journal().await.unwrap().unwrap();
    assert_eq!(
        (after.snapshot_ref.unwrap(), after.frames.len()),
        (snapshot_ref.clone(), 0)
    );
    // Back to where the snapshot is.
    backend.reset_journal(&lease, &snapshot).await.unwrap();
    lease.snapshot_ref = Some(snapshot);
    backend.release(&lease).await.unwrap();
}

async fn a_large_state(location: &impl Location) {
    let store = open(location).await.unwrap();
    let changes: Vec<StateWrite> = (2000..4000).map(|n| StateWrite::Put(record(n))).collect();
    store.record(changes).await.unwrap();
    assert!(read(&*location.backend()).await.unwrap().unwrap().records.len() > 2000);
    store.close().await.unwrap();
    assert!(read(&*location.backend()).await.unwrap().unwrap().records.len() > 2000);
}

async fn another_in_its_place(location: &impl Location) {
    let before = read(&*location.backend()).await.unwrap().unwrap();
    assert!(salvage(&*location.backend()).await.problems.is_empty());
    let mut state = State::new(&identity(), before.lineage.clone());
    state.insert(record(1));
    let settings = Settings {
        terms: quick(),
        ..Settings::default()
    };
    let replaced = Store::replace(
        location.backend(),
        holder(),
        state.clone(),
        vec![intent(2)],
        settings,
    )
    .await;
    let (store, aside) = replaced.unwrap();
    assert!(!aside.locations.is_empty());
    assert_eq!(store.state().serial, before.serial + 1);
    assert_eq!(store.open_intents(), [intent(2)]);
    call(&store, 3).await.unwrap();
    drop(store);
    let store = reopen(location).await;
    assert_eq!(store.state().records.len(), 2);
    store.close().await.unwrap();
}

struct InFolder(tempfile::TempDir);

impl Location for InFolder {
    fn backend(&self) -> Arc<dyn Backend> {
        Arc::new(File::new(self.0.path().join("state")))
    }

    fn outlives(&self) -> bool {
        false
    }
}

struct OnDisk(FaultDisk);

impl Location for OnDisk {
    fn backend(&self) -> Arc<dyn Backend> {
        Arc::new(File::on(self.0.process()))
    }

    fn outlives(&self) -> bool {
        false
    }
}

struct InMemory(Arc<Memory>, bool);

impl Location for InMemory {
    fn backend(&self) -> Arc<dyn Backend> {
        Arc::clone(&self.0) as Arc<dyn Backend>
    }

    fn outlives(&self) -> bool {
        self.1
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_as_the_queue_runs_empty_is_served() {
    let store = Store::open(Arc::new(Memory::new()), holder(), identity())
        .await
        .unwrap();
    // One caller, on a thread of its own, whose next entry comes just as the task that wrote the last one ends.
    for n in 0..4_000 {
        call(&store, n).await.unwrap();
    }
    store.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn file() {
    suite(InFolder(tempfile::tempdir().unwrap())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn file_on_a_disk_that_forgets() {
    suite(OnDisk(FaultDisk::new())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn memory() {
    suite(InMemory(Arc::new(Memory::new()), false)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_with_a_lease() {
    suite(InMemory(Arc::new(Memory::leased(Arc::new(SystemClock))), true)).await;
}

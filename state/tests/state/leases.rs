//! One writer at a time: leases that run out, holders that were stopped, writes that come too late.
//!
//! Time is a clock that the test turns.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use tenon_state::{Backend, Clock, Error, LeaseConfig, Memory, Outcome, Settings, StateWrite, Store};

use crate::support::{holder, identity, intent, record};

/// A clock that stands still until it is turned.
#[derive(Debug, Default)]
pub(crate) struct Turned(AtomicU64, tokio::sync::Notify);

impl Turned {
    pub(crate) fn turn(&self, by: Duration) {
        self.0
            .fetch_add(u64::try_from(by.as_millis()).unwrap(), Ordering::SeqCst);
        self.1.notify_waiters();
    }
}

#[async_trait]
impl Clock for Turned {
    fn wall_ms(&self) -> u64 {
        1_790_000_000_000 + self.0.load(Ordering::SeqCst)
    }

    fn elapsed(&self) -> Duration {
        Duration::from_millis(self.0.load(Ordering::SeqCst))
    }

    async fn sleep(&self, time: Duration) {
        let until = self.elapsed() + time;
        loop {
            let turned = self.1.notified();
            if self.elapsed() >= until {
                return;
            }
            turned.await;
        }
    }
}

/// The holder's own clock may stand still while the world's goes on: that is what being stopped means.
struct Scene {
    world: Arc<Turned>,
    backend: Arc<Memory>,
    terms: LeaseConfig,
}

impl Scene {
    fn new() -> Self {
        let world = Arc::new(Turned::default());
        let backend = Arc::new(Memory::leased(Arc::clone(&world) as Arc<dyn Clock>));
        Self {
            world,
            backend,
            terms: LeaseConfig::default(),
        }
    }

    async fn open(&self, clock: &Arc<Turned>) -> Result<Store, Error> {
        let clock = Arc::clone(clock) as Arc<dyn Clock>;
        let settings = Settings {
            clock,
            terms: self.terms,
        };
        Store::open_with(
            Arc::clone(&self.backend) as Arc<dyn Backend>,
            holder(),
            identity(),
            settings,
        )
        .await
    }
}

async fn settle() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_lease_is_renewed_while_the_holder_lives() {
    let scene = Scene::new();
    let store = scene.open(&scene.world).await.unwrap();
    settle().await;
    for n in 0..30 {
        scene.world.turn(Duration::from_secs(20));
        settle().await;
        store.begin(intent(n)).await.unwrap();
    }
    assert!(matches!(
        scene.open(&scene.world).await,
        Err(Error::Locked { .. })
    ));
    store.close().await.unwrap();
    scene.open(&scene.world).await.unwrap();
}

#[tokio::test]
async fn a_stale_lease_expires_by_itself() {
    let scene = Scene::new();
    let store = scene.open(&scene.world).await.unwrap();
    store.begin(intent(1)).await.unwrap();
    drop(store);
    let Err(Error::Locked { held, .. }) = scene.open(&scene.world).await else {
        panic!("not held")
    };
    assert_eq!(held.left, Some(scene.terms.ttl));
    scene.world.turn(scene.terms.ttl);
    let store = scene.open(&scene.world).await.unwrap();
    assert_eq!(store.open_intents(), [intent(1)]);
    assert_eq!(store.fence(), 2);
}

#[tokio::test]
async fn a_lease_that_does_not_outlast_a_call_begins_none() {
    let scene = Scene::new();
    // The heartbeat's clock is the store's own, which is turned without letting the heartbeat run.
    let store = scene.open(&scene.world).await.unwrap();
    store.begin(intent(1)).await.unwrap();
    let nearly = scene.terms.ttl.checked_sub(scene.terms.call_timeout).unwrap();
    scene.world.turn(nearly + Duration::from_millis(1));
    let Err(Error::LeaseShort { .. }) = store.begin(intent(2)).await else {
        panic!("begun")
    };
    // What was sent may still be recorded.
    store
        .end(&intent(1).op, Outcome::Done, vec![StateWrite::Put(record(1))])
        .await
        .unwrap();
}

#[tokio::test]
async fn a_holder_that_was_stopped_past_its_lease_sends_nothing_more() {
    for stopped_for in [0, 1, 60, 86_400] {
        let scene = Scene::new();
        let own = Arc::new(Turned::default());
        let first = scene.open(&own).await.unwrap();
        first.begin(intent(1)).await.unwrap();
        // Stopped: the world goes on, and so does the machine's clock that the holder looks at when it wakes.
        let gone = scene.terms.ttl + Duration::from_secs(stopped_for);
        scene.world.turn(gone);
        let second = scene.open(&scene.world).await.unwrap();
        second.begin(intent(2)).await.unwrap();
        own.turn(gone);
        let Err(Error::LeaseLost { .. }) = first.begin(intent(3)).await else {
            panic!("begun")
        };
        let Err(Error::LeaseLost { .. }) = first.end(&intent(1).op, Outcome::Done, vec![]).await else {
            panic!("written")
        };
        let Err(Error::LeaseLost { .. }) = first.checkpoint().await else {
            panic!("written")
        };
        settle().await;
        assert_eq!(second.open_intents().len(), 2);
        second.close().await.unwrap();
        assert!(first.close().await.is_err());
    }
}

#[tokio::test]
async fn even_with_a_clock_that_stood_still_a_late_write_is_refused() {
    let scene = Scene::new();
    let own = Arc::new(Turned::default());
    let first = scene.open(&own).await.unwrap();
    first.begin(intent(1)).await.unwrap();
    scene.world.turn(scene.terms.ttl);
    let second = scene.open(&scene.world).await.unwrap();
    // The first holder believes in its lease; the backend knows better.
    let Err(Error::LeaseLost { .. }) = first.begin(intent(2)).await else {
        panic!("begun")
    };
    let Err(Error::LeaseLost { .. }) = first.begin(intent(3)).await else {
        panic!("begun")
    };
    second.begin(intent(4)).await.unwrap();
    assert_eq!(second.open_intents().len(), 2);
}

#[tokio::test]
async fn unlock_takes_the_lease_away_and_says_from_whom() {
    let scene = Scene::new();
    let first = scene.open(&scene.world).await.unwrap();
    let held = scene.backend.unlock().await.unwrap().unwrap();
    assert_eq!(held.holder.pid, std::process::id());
    let Err(Error::LeaseLost { .. }) = first.begin(intent(1)).await else {
        panic!("begun")
    };
    scene.open(&scene.world).await.unwrap();
}

#[tokio::test]
async fn after_close_every_clone_is_refused() {
    let scene = Scene::new();
    let store = scene.open(&scene.world).await.unwrap();
    let clone = store.clone();
    store.close().await.unwrap();
    assert!(matches!(clone.begin(intent(1)).await, Err(Error::Closed { .. })));
    assert!(matches!(
        clone.record(vec![StateWrite::Put(record(1))]).await,
        Err(Error::Closed { .. })
    ));
}

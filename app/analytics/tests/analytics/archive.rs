//! The archive: dying anywhere loses nothing, and an erased person is in no file.

use crate::mongo;
use crate::sample::event;
use analytics::archive::{Archivist, Files, read, restore};
use analytics::event::{Event, Id, UserKey};
use analytics::query::{Feed, SiteState, begin_erasure};
use analytics::settings::Work;
use analytics::store::Store;
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

const HOUR: i64 = 3_600_000;

/// The first hour of the tests.
const FIRST: i64 = 497_000;

const WORK: Work = Work {
    in_flight: 1,
    hot_days: 18,
    archive_months: 25,
    seal: Duration::from_secs(900),
};

/// A future that is dropped after so many polls: a process that dies there.
struct Dying<F> {
    future: Pin<Box<F>>,
    left: u32,
}

impl<F: Future> Future for Dying<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        self.left -= 1;
        self.future.as_mut().poll(context).map(Some)
    }
}

/// A hot store, a folder as archive, and what was ever stored.
struct World {
    store: Store,
    folder: tempfile::TempDir,
    random: fastrand::Rng,
    stored: BTreeMap<Id, Event>,
}

impl World {
    async fn new(seed: u64) -> Self {
        Self {
            store: mongo::store().await,
            folder: tempfile::tempdir().unwrap(),
            random: fastrand::Rng::with_seed(seed),
            stored: BTreeMap::new(),
        }
    }

    fn files(&self) -> Files {
        Files::open(self.folder.path().to_str().unwrap(), None).unwrap()
    }

    fn archivist(&self) -> Archivist {
        Archivist::new(self.store.clone(), self.files(), vec!["shop".to_owned()], WORK)
    }

    /// Steps until nothing is left to be done.
    async fn settle(&self, now: i64) {
        let mut archivist = self.archivist();
        self.leave_lease(&mut archivist, now).await;
        for _ in 0..3 {
            archivist.step(now).await.unwrap();
        }
    }

    /// Waits until the lease of an archivist that died has run out, which the store is told.
    async fn leave_lease(&self, archivist: &mut Archivist, now: i64) {
        while archivist.step(now).await.unwrap().is_none() {
            self.store.release("archive").await.unwrap();
        }
    }

    /// Stores `count` events in an hour.
    async fn store_in(&mut self, hour: i64, count: usize) -> Vec<Event> {
        let mut events = Vec::new();
        for _ in 0..count {
            let mut event = event(&mut self.random);
            event.stored = hour * HOUR + self.random.i64(0..HOUR);
            event.extra = Some(r#"{"a":1}"#.into());
            if let Some(user) = event.user {
                self.store.identify("shop", user, event.visitor).await.unwrap();
            }
            self.stored.insert(event.id, event.clone());
            events.push(event);
        }
        self.store.restore(&events).await.unwrap();
        events
    }

    fn paths(&self) -> Vec<PathBuf> {
        fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
            for entry in std::fs::read_dir(folder).unwrap().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    walk(&path, found);
                } else {
                    found.push(path);
                }
            }
        }
        let mut found = Vec::new();
        walk(self.folder.path(), &mut found);
        found.sort();
        found
    }

    /// The rows of every file there is, listed or not.
    fn in_files(&self) -> Vec<Event> {
        let mut events = Vec::new();
        for path in self.paths() {
            let bytes = std::fs::read(&path).unwrap();
            read(bytes.into(), |event| events.push(event)).unwrap();
        }
        events
    }

    /// The identifiers in the listed files, and in the hot store.
    async fn kept(&self) -> (BTreeSet<Id>, BTreeSet<Id>) {
        let mut listed = BTreeSet::new();
        for segment in self.store.segments("shop", 0).await.unwrap() {
            let bytes = std::fs::read(self.folder.path().join(&segment.key)).unwrap();
            read(bytes.into(), |event| {
                assert!(listed.insert(event.id), "a row is in two listed files");
            })
            .unwrap();
        }
        let hot = self.store.identifiers("shop").await.unwrap();
        (listed, hot.into_iter().collect())
    }

    /// Everything that was stored is in a listed file or hot, except the persons.
    async fn assert_kept(&self, persons: &BTreeSet<UserKey>, what: &str) {
        let (listed, hot) = self.kept().await;
        let visitors = self.visitors(persons);
        for event in self.stored.values() {
            let theirs =
                visitors.contains(&event.visitor) || event.user.is_some_and(|u| persons.contains(&u));
            let kept = listed.contains(&event.id) || hot.contains(&event.id);
            assert!(kept || theirs, "{what}: a row is lost: {event:?}");
        }
    }

    fn visitors(&self, persons: &BTreeSet<UserKey>) -> BTreeSet<Id> {
        let theirs = |event: &&Event| event.user.is_some_and(|user| persons.contains(&user));
        self.stored
            .values()
            .filter(theirs)
            .map(|event| event.visitor)
            .collect()
    }

    /// No file, the hot store or a list of names has anything of the persons.
    async fn assert_erased(&self, persons: &BTreeSet<UserKey>, what: &str) {
        let visitors = self.visitors(persons);
        for event in self.in_files() {
            assert!(
                !visitors.contains(&event.visitor),
                "{what}: a file has a row of theirs"
            );
            assert!(event.user.is_none_or(|user| !persons.contains(&user)), "{what}");
        }
        let hot = self.store.identifiers("shop").await.unwrap();
        for id in hot {
            assert!(
                !visitors.contains(&self.stored[&id].visitor),
                "{what}: the hot store has a row of theirs"
            );
        }
    }
}

fn person(event: &Event) -> BTreeSet<UserKey> {
    event.user.into_iter().collect()
}

/// A person who has rows among `events`.
fn somebody(events: &[Event]) -> BTreeSet<UserKey> {
    events
        .iter()
        .find(|event| event.user.is_some())
        .map(person)
        .unwrap()
}

async fn erase(world: &World, persons: &BTreeSet<UserKey>) {
    for user in persons {
        begin_erasure(&world.store, "shop", *user).await.unwrap();
    }
}

#[tokio::test]
async fn an_older_version_of_an_hour_keeps_no_erased_person() {
    let mut world = World::new(1).await;
    let events = world.store_in(FIRST, 200).await;
    let now = (FIRST + 2) * HOUR;
    let mut archivist = world.archivist();
    archivist.step(now).await.unwrap();
    // A late row makes another version; nobody has looked at the folder since.
    world.store_in(FIRST, 1).await;
    archivist.step(now).await.unwrap();
    let persons = somebody(&events);
    erase(&world, &persons).await;
    archivist.step(now).await.unwrap();
    world.assert_erased(&persons, "two versions").await;
    world.assert_kept(&persons, "two versions").await;
    assert_eq!(world.paths().len(), 1);
}

#[tokio::test]
async fn a_file_that_no_run_has_listed_keeps_no_erased_person() {
    let mut world = World::new(2).await;
    let events = world.store_in(FIRST, 100).await;
    let persons = somebody(&events);
    let now = (FIRST + 2) * HOUR;
    world.settle(now).await;
    // Of runs that died: a later version, and the only one of an hour.
    let listed = world.paths().remove(0);
    let name = listed.to_str().unwrap();
    std::fs::copy(&listed, name.replace("-v1-", "-v2-")).unwrap();
    let hour = name.split("hour=").nth(1).unwrap().split('-').next().unwrap();
    std::fs::copy(&listed, name.replace(&format!("hour={hour}"), "hour=23")).unwrap();
    erase(&world, &persons).await;
    world.settle(now).await;
    world.assert_erased(&persons, "unlisted").await;
    world.assert_kept(&persons, "unlisted").await;
}

#[tokio::test]
async fn an_hour_that_differs_keeps_no_other_hour_from_its_turn() {
    let mut world = World::new(3).await;
    for hour in 0..4 {
        world.store_in(FIRST + hour, 100).await;
    }
    world.settle((FIRST + 5) * HOUR).await;
    // The first hour has a row that nobody saw within two days; the second one's file is lost, the third one's damaged.
    world.store_in(FIRST, 1).await;
    let paths = world.paths();
    std::fs::remove_file(&paths[1]).unwrap();
    let mut bytes = std::fs::read(&paths[2]).unwrap();
    bytes[100] ^= 255;
    std::fs::write(&paths[2], bytes).unwrap();
    world.settle((FIRST + 25 * 24) * HOUR).await;
    let hot = world.store.identifiers("shop").await.unwrap();
    assert!(hot.is_empty(), "every hour is deleted from the hot store");
    world.assert_kept(&BTreeSet::new(), "hours that differ").await;
}

#[tokio::test]
async fn an_erasure_goes_on_around_a_file_that_cannot_be_read() {
    let mut world = World::new(10).await;
    let events = world.store_in(FIRST, 100).await;
    world.store_in(FIRST + 1, 100).await;
    world.store_in(FIRST + 2, 100).await;
    let now = (FIRST + 5) * HOUR;
    world.settle(now).await;
    let damaged = world.paths().remove(1);
    std::fs::write(&damaged, b"PAR1").unwrap();
    let persons = somebody(&events);
    erase(&world, &persons).await;
    let mut archivist = world.archivist();
    world.leave_lease(&mut archivist, now).await;
    let report = archivist.step(now).await.unwrap().unwrap();
    assert!(report.failed > 0, "{report:?}");
    let pending = world.store.erasures(i64::MAX).await.unwrap();
    assert_eq!(
        pending.len(),
        1,
        "an erasure is not done while a file may have rows of theirs"
    );
    std::fs::remove_file(&damaged).unwrap();
    world.assert_erased(&persons, "the other files").await;
}

#[tokio::test]
async fn a_hot_hour_whose_file_cannot_be_read_is_never_deleted() {
    let mut world = World::new(4).await;
    let events = world.store_in(FIRST, 100).await;
    world.store_in(FIRST + 1, 50).await;
    world.settle((FIRST + 3) * HOUR).await;
    // The hot store has lost a row, and the file is damaged: neither has all.
    world
        .store
        .delete_visitors("shop", &[events[0].visitor])
        .await
        .unwrap();
    let path = world.paths().remove(0);
    std::fs::write(&path, b"PAR1").unwrap();
    let mut archivist = world.archivist();
    world.leave_lease(&mut archivist, (FIRST + 25 * 24) * HOUR).await;
    let report = archivist.step((FIRST + 25 * 24) * HOUR).await.unwrap().unwrap();
    assert!(report.failed > 0, "{report:?}");
    let hot = world.store.identifiers("shop").await.unwrap().len();
    let theirs = events
        .iter()
        .filter(|event| event.visitor == events[0].visitor)
        .count();
    assert_eq!(
        hot,
        100 - theirs,
        "the damaged hour stays hot, the other one is deleted"
    );
}

#[tokio::test]
async fn a_version_never_loses_rows_that_the_hot_store_has_lost() {
    let mut world = World::new(5).await;
    let events = world.store_in(FIRST, 100).await;
    let now = (FIRST + 2) * HOUR;
    world.settle(now).await;
    world
        .store
        .delete_visitors("shop", &[events[0].visitor, events[1].visitor])
        .await
        .unwrap();
    world.store_in(FIRST, 1).await;
    world.settle(now).await;
    world
        .assert_kept(&BTreeSet::new(), "a hot store that lost rows")
        .await;
    assert_eq!(world.in_files().len(), 101);
}

#[tokio::test]
async fn who_has_lost_the_lease_writes_nothing() {
    let mut world = World::new(6).await;
    world.store_in(FIRST, 10).await;
    let now = (FIRST + 2) * HOUR;
    // The first one stops in the middle of its work; the second one takes over.
    for polls in 1..60 {
        let mut first = world.archivist();
        world.leave_lease(&mut first, 0).await;
        let mut step = pin!(first.step(now));
        let ended = Dying {
            future: Box::pin(step.as_mut()),
            left: polls,
        }
        .await
        .is_some();
        world.store.release("archive").await.unwrap();
        let mut second = world.archivist();
        second.step(now).await.unwrap();
        let before = world.store.segments("shop", 0).await.unwrap();
        if !ended {
            // It wakes up: it may finish what it has begun to say, and must not change what is listed.
            let _ = step.await;
        }
        assert_eq!(
            world.store.segments("shop", 0).await.unwrap(),
            before,
            "after {polls} polls"
        );
        world.settle(now).await;
        world.assert_kept(&BTreeSet::new(), "two leaders").await;
        world.store_in(FIRST, 1).await;
    }
}

/// Everything at once, and deaths anywhere.
// Long: one story.
async fn life(seed: u64) {
    let mut world = World::new(seed).await;
    let mut hour = FIRST;
    let mut persons = BTreeSet::new();
    let mut archivist = world.archivist();
    for _ in 0..14 {
        let now = (hour + 2) * HOUR;
        match world.random.u8(..6) {
            0 => {
                let count = world.random.usize(1..30);
                world.store_in(hour, count).await;
            }
            1 => {
                let late = hour - world.random.i64(0..30);
                // Nothing is stored in an hour that is cold already: its time of storing has passed long ago.
                if late > hour - 17 * 24 {
                    world.store_in(late, 2).await;
                }
            }
            2 => hour += world.random.i64(1..300),
            3 => {
                let user = UserKey::of_text("shop", &world.random.u8(..4).to_string());
                persons.insert(user);
                begin_erasure(&world.store, "shop", user).await.unwrap();
            }
            4 => {
                let left = world.random.u32(1..200);
                let step = archivist.step(now);
                let died = Dying {
                    future: Box::pin(step),
                    left,
                }
                .await
                .is_none();
                if died {
                    archivist = world.archivist();
                    world.store.release("archive").await.unwrap();
                }
            }
            _ => drop(archivist.step(now).await.unwrap()),
        }
        world.assert_kept(&persons, &format!("seed {seed}")).await;
    }
    // Rows of theirs that came after the last request are a new request's.
    erase(&world, &persons).await;
    world.settle((hour + 2) * HOUR).await;
    world
        .assert_kept(&persons, &format!("seed {seed}, settled"))
        .await;
    world
        .assert_erased(&persons, &format!("seed {seed}, settled"))
        .await;
    let listed = world.store.segments("shop", 0).await.unwrap();
    let keys: BTreeSet<PathBuf> = listed
        .iter()
        .map(|segment| world.folder.path().join(&segment.key))
        .collect();
    assert_eq!(
        world.paths().into_iter().collect::<BTreeSet<_>>(),
        keys,
        "seed {seed}: files that are not listed"
    );
}

#[tokio::test]
async fn dying_anywhere_loses_no_row_and_keeps_no_erased_person() {
    let lives = std::env::var("ANALYTICS_LIVES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(25);
    for seed in 0..lives {
        life(seed).await;
    }
}

#[tokio::test]
async fn a_lost_hot_store_is_restored_from_the_archive() {
    let mut world = World::new(7).await;
    world.store_in(FIRST, 50).await;
    world.store_in(FIRST + 20 * 24, 70).await;
    let now = (FIRST + 20 * 24 + 2) * HOUR;
    world.settle(now).await;
    let (listed, hot) = world.kept().await;
    assert_eq!((listed.len(), hot.len()), (120, 70));
    let lost = std::mem::replace(&mut world.store, mongo::store().await);
    let restored = restore(&world.store, &world.files(), "shop", WORK.hot_days, now)
        .await
        .unwrap();
    assert_eq!((restored.hours, restored.rows, restored.stored), (2, 120, 70));
    assert_eq!(world.kept().await, (listed, hot));
    assert_eq!(
        world.store.segments("shop", 0).await.unwrap(),
        lost.segments("shop", 0).await.unwrap()
    );
    for event in world.stored.values() {
        if let Some(user) = event.user {
            assert!(
                world
                    .store
                    .visitors("shop", user)
                    .await
                    .unwrap()
                    .contains(&event.visitor)
            );
        }
    }
    let again = restore(&world.store, &world.files(), "shop", WORK.hot_days, now)
        .await
        .unwrap();
    assert_eq!(again.stored, 0, "a second time changes nothing");
    world.settle(now).await;
    world.assert_kept(&BTreeSet::new(), "restored").await;
}

fn feed(world: &World, days: u32) -> (std::sync::Arc<SiteState>, Feed) {
    let state = SiteState::new("shop");
    let feed = Feed::new(
        std::sync::Arc::clone(&state),
        world.store.clone(),
        world.files(),
        days,
    );
    (state, feed)
}

fn counted(state: &SiteState) -> u64 {
    state.columns.read().unwrap().events()
}

#[tokio::test]
async fn columns_that_follow_are_those_of_a_restart() {
    let mut world = World::new(8).await;
    world.store_in(FIRST, 100).await;
    let now = (FIRST + 2) * HOUR;
    let mut archivist = world.archivist();
    archivist.step(now).await.unwrap();
    let (state, mut following) = feed(&world, 400);
    following.step_at(now).await.unwrap();
    assert_eq!(counted(&state), 100);
    // Two versions while it looked away, and the file that it knows is gone.
    world.store_in(FIRST, 3).await;
    archivist.step(now).await.unwrap();
    world.store_in(FIRST, 2).await;
    archivist.step(now).await.unwrap();
    archivist.step(now).await.unwrap();
    following.step_at(now + 1000).await.unwrap();
    assert_eq!(counted(&state), 105);
    // An hour that is hot and not sealed, though a later one is.
    world.store_in(FIRST + 30, 10).await;
    archivist.step((FIRST + 32) * HOUR).await.unwrap();
    world.store_in(FIRST + 20, 7).await;
    let (restarted, mut fresh) = feed(&world, 400);
    fresh.step_at((FIRST + 32) * HOUR).await.unwrap();
    assert_eq!(counted(&restarted), 122);
}

#[tokio::test]
async fn days_beyond_those_that_are_kept_leave_the_memory() {
    let mut world = World::new(9).await;
    world.store_in(FIRST, 100).await;
    world.store_in(FIRST + 5 * 24, 50).await;
    let now = (FIRST + 5 * 24 + 2) * HOUR;
    world.settle(now).await;
    let (state, mut following) = feed(&world, 10);
    following.step_at(now).await.unwrap();
    assert_eq!(counted(&state), 150);
    following.step_at(now + 7 * 24 * HOUR).await.unwrap();
    assert_eq!(counted(&state), 50);
    let (restarted, mut fresh) = feed(&world, 10);
    fresh.step_at(now + 7 * 24 * HOUR).await.unwrap();
    assert_eq!(counted(&restarted), 50);
}

//! States that move, and states that get another key: what is refused, what is kept, and that a death at any operation
//! leaves the whole state in one place, from where the same command finishes.

use std::{io, path::PathBuf, sync::Arc};

use tenon_state::{
    Access, Backend, Error, Fault, FaultDisk, File, FileId, Folder, Memory, Moved, OpenFile, Settings, State,
    StateHandle, StateWrite, Store, Transfer, copy_sidecar, read, salvage,
};

use crate::support::{call, holder, identity, intent, open, record};

/// A folder within the one folder of a disk, so that one process has two on it and dies in both at once.
struct Within(Arc<dyn Folder>, &'static str);

impl Within {
    fn name(&self, name: &str) -> String {
        format!("{}-{name}", self.1)
    }
}

impl Folder for Within {
    fn path(&self, name: &str) -> PathBuf {
        PathBuf::from("/fault").join(self.1).join(name)
    }

    fn make(&self) -> io::Result<()> {
        self.0.make()
    }

    fn open(&self, name: &str, access: Access) -> io::Result<Option<Arc<dyn OpenFile>>> {
        self.0.open(&self.name(name), access)
    }

    fn create(&self, name: &str) -> io::Result<Arc<dyn OpenFile>> {
        self.0.create(&self.name(name))
    }

    fn id(&self, name: &str) -> io::Result<Option<FileId>> {
        self.0.id(&self.name(name))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.0.rename(&self.name(from), &self.name(to))
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.0.remove(&self.name(name))
    }

    fn sync(&self) -> io::Result<()> {
        self.0.sync()
    }
}

fn file(disk: &FaultDisk, name: &'static str) -> Arc<File> {
    Arc::new(File::on(Arc::new(Within(disk.process(), name))))
}

/// Two locations as one new process sees them.
fn locations(disk: &FaultDisk) -> [StateHandle; 2] {
    let process = disk.process();
    ["old", "new"].map(|name| {
        StateHandle::unencrypted(Arc::new(File::on(Arc::new(Within(Arc::clone(&process), name)))))
    })
}

/// A state of four records at the old place: two in the snapshot, two in the journal of a process that died.
async fn used() -> (FaultDisk, State) {
    let disk = FaultDisk::new();
    let store = Store::open(file(&disk, "old"), holder(), identity())
        .await
        .unwrap();
    let (account, region) = ("111122223333".into(), "eu-west-1".into());
    store
        .record(vec![StateWrite::Target { account, region }])
        .await
        .unwrap();
    call(&store, 0).await.unwrap();
    call(&store, 1).await.unwrap();
    store.checkpoint().await.unwrap();
    call(&store, 2).await.unwrap();
    call(&store, 3).await.unwrap();
    let state = State::clone(&store.state());
    disk.kill();
    (disk, state)
}

async fn transfer([from, to]: [StateHandle; 2]) -> Result<Moved, Error> {
    let transfer = Transfer::begin(from, to, holder(), identity(), Settings::default()).await?;
    transfer.finish().await
}

async fn moved(disk: &FaultDisk) -> Result<Moved, Error> {
    transfer(locations(disk)).await
}

/// The same but for the serial, which counts snapshots.
fn same(found: &State, expected: &State) -> bool {
    let serial = expected.serial;
    State {
        serial,
        ..found.clone()
    } == *expected
        && found.serial >= serial
}

#[tokio::test]
async fn a_state_moves_with_all_that_it_has_and_what_was_there_is_kept() {
    let (disk, before) = used().await;
    let Moved { state, backup } = moved(&disk).await.unwrap();
    assert!(
        same(&state, &before) && state.serial == before.serial + 1,
        "{state:?}"
    );
    assert_eq!(backup.locations.len(), 2);
    for place in backup.locations {
        let name = place.rsplit('/').next().unwrap();
        assert!(disk.get(&format!("old-{name}")).is_some(), "{place}");
    }
    assert_eq!(read(&*file(&disk, "new")).await.unwrap().unwrap(), *state);
    // The old place says where it is, to whoever reads, writes or mends.
    let old = read(&*file(&disk, "old")).await.unwrap_err();
    assert!(
        matches!(&old, Error::Moved { to, .. } if to == "/fault/new/state.json") && !old.is_damage(),
        "{old}"
    );
    let old = Store::open(file(&disk, "old"), holder(), identity()).await;
    assert!(matches!(old, Err(Error::Moved { .. })));
    assert!(matches!(
        &salvage(&*file(&disk, "old")).await.problems[..],
        [Error::Moved { .. }, ..]
    ));
    // Again, it is done.
    assert!(moved(&disk).await.unwrap().backup.locations.is_empty());

    // And back, after it was used.
    let store = Store::open(file(&disk, "new"), holder(), identity())
        .await
        .unwrap();
    call(&store, 9).await.unwrap();
    store.close().await.unwrap();
    let [old, new] = locations(&disk);
    let Moved { state, .. } = transfer([new, old]).await.unwrap();
    assert_eq!(state.records.len(), 5);
    assert_eq!(
        (state.account.as_str(), state.region.as_str()),
        ("111122223333", "eu-west-1")
    );
    let store = Store::open(file(&disk, "old"), holder(), identity())
        .await
        .unwrap();
    call(&store, 10).await.unwrap();
    store.close().await.unwrap();
    assert_eq!(
        read(&*file(&disk, "old")).await.unwrap().unwrap().records.len(),
        6
    );
}

#[tokio::test]
async fn what_is_open_absent_occupied_or_in_use_is_not_moved() {
    let (disk, _) = used().await;
    let store = Store::open(file(&disk, "old"), holder(), identity())
        .await
        .unwrap();
    assert!(matches!(moved(&disk).await, Err(Error::Locked { .. })));
    store.begin(intent(7)).await.unwrap();
    drop(store);
    let unsettled = moved(&disk).await.unwrap_err();
    assert!(
        unsettled
            .to_string()
            .contains("ec2:CreateSubnet of network/subnet-7"),
        "{unsettled}"
    );
    assert!(read(&*file(&disk, "new")).await.unwrap().is_none());

    let disk = FaultDisk::new();
    assert!(matches!(moved(&disk).await, Err(Error::Absent { .. })));
    assert!(
        read(&*file(&disk, "old")).await.unwrap().is_none(),
        "none is made of it"
    );

    let (disk, before) = used().await;
    let [old, _] = locations(&disk);
    assert!(matches!(
        transfer([old.clone(), old]).await,
        Err(Error::Invalid { .. })
    ));
    let store = Store::open(file(&disk, "new"), holder(), identity())
        .await
        .unwrap();
    assert!(matches!(moved(&disk).await, Err(Error::Locked { .. })));
    call(&store, 8).await.unwrap();
    store.close().await.unwrap();
    let occupied = moved(&disk).await.unwrap_err();
    assert!(
        matches!(occupied, Error::Occupied { records: 1, .. }),
        "{occupied}"
    );
    assert!(same(&read(&*file(&disk, "old")).await.unwrap().unwrap(), &before));
    assert_eq!(
        read(&*file(&disk, "new")).await.unwrap().unwrap().records.len(),
        1
    );
}

#[tokio::test]
async fn a_copy_that_was_used_meanwhile_is_not_written_over() {
    let (disk, _) = used().await;
    let [from, to] = locations(&disk);
    let begun = Transfer::begin(from, to, holder(), identity(), Settings::default())
        .await
        .unwrap();
    begun.give_up().await;
    for name in ["old", "new"] {
        let store = Store::open(file(&disk, name), holder(), identity())
            .await
            .unwrap();
        call(&store, 20).await.unwrap();
        store.close().await.unwrap();
    }
    let store = Store::open(file(&disk, "old"), holder(), identity())
        .await
        .unwrap();
    call(&store, 21).await.unwrap();
    store.close().await.unwrap();
    assert!(matches!(
        moved(&disk).await,
        Err(Error::Occupied { records: 5, .. })
    ));
    assert_eq!(
        read(&*file(&disk, "old")).await.unwrap().unwrap().records.len(),
        6
    );
}

#[tokio::test]
async fn a_place_that_lost_its_state_is_not_taken_for_one_that_was_moved() {
    let (disk, _) = used().await;
    moved(&disk).await.unwrap();
    // As if somebody had copied a state by hand, and lost what was done after that: its journal is all there is.
    let (other, _) = used().await;
    for name in ["new-state.json", "new-journal", "new-lock"] {
        other.put(name, &disk.get(name).unwrap());
    }
    other.delete("old-state.json");
    assert!(matches!(moved(&other).await, Err(Error::Missing { .. })));
    assert!(other.get("old-journal").is_some());
}

#[tokio::test]
async fn any_kind_of_place_takes_a_state_from_any_other() {
    let (disk, before) = used().await;
    let memory: Arc<dyn Backend> = Arc::new(Memory::new());
    let [old, new] = locations(&disk);
    transfer([old, StateHandle::unencrypted(Arc::clone(&memory))])
        .await
        .unwrap();
    assert!(matches!(
        read(&*file(&disk, "old")).await,
        Err(Error::Moved { .. })
    ));
    transfer([StateHandle::unencrypted(memory), new]).await.unwrap();
    assert!(same(&read(&*file(&disk, "new")).await.unwrap().unwrap(), &before));
}

/// That the whole state is in one of the two locations, and is the one that is in use; and that the same move finishes.
async fn check(disk: &FaultDisk, before: &State, back: bool, what: &str) {
    let turned = |mut locations: [StateHandle; 2]| {
        if back {
            locations.reverse();
        }
        locations
    };
    let [from, to] = turned(locations(disk));
    let (old, new) = (read(&*from.encrypted).await, read(&*to.encrypted).await);
    let whole =
        |found: &Result<Option<State>, Error>| matches!(found, Ok(Some(state)) if same(state, before));
    assert!(
        whole(&old) || whole(&new),
        "{what}: in neither place: {old:?}, {new:?}"
    );
    assert!(
        !matches!(old, Ok(None)),
        "{what}: the old place looks as if nothing ever was there"
    );
    let done = transfer(turned(locations(disk)))
        .await
        .unwrap_or_else(|error| panic!("{what}: again: {error}"));
    assert!(same(&done.state, before), "{what}: {:?}", done.state);
    let [from, to] = turned(locations(disk));
    assert!(
        matches!(read(&*from.encrypted).await, Err(Error::Moved { .. })),
        "{what}"
    );
    let store = Store::open(to.encrypted, holder(), identity()).await.unwrap();
    call(&store, 30)
        .await
        .unwrap_or_else(|error| panic!("{what}: go on: {error}"));
    store.close().await.unwrap();
    let state = read(&*turned(locations(disk))[1].encrypted)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(state.records.len(), before.records.len() + 1, "{what}");
}

/// Dies at every operation of a move, in each way, with and without the loss of power.
async fn sweep(disk: &FaultDisk, before: &State, back: bool) {
    let rehearsal = disk.copy();
    let first = rehearsal.operations();
    let turned = |disk: &FaultDisk| {
        let mut locations = locations(disk);
        if back {
            locations.reverse();
        }
        locations
    };
    transfer(turned(&rehearsal)).await.unwrap();
    let count = rehearsal.operations() - first;
    assert!(count > 50, "{count}");
    for at in 0..count {
        for fault in [Fault::KillBefore, Fault::KillWithin, Fault::KillAfter] {
            let cut = disk.copy();
            cut.fail_at(cut.operations() + at, fault);
            let _ = transfer(turned(&cut)).await;
            cut.mend();
            cut.kill();
            for seed in 0..3 {
                let lost = cut.copy();
                lost.power_loss(seed * (at + 1));
                check(
                    &lost,
                    before,
                    back,
                    &format!("{fault:?} at {at}, power lost ({seed})"),
                )
                .await;
            }
            check(&cut, before, back, &format!("{fault:?} at {at}")).await;
        }
    }
}

#[tokio::test]
async fn a_move_can_be_cut_off_anywhere() {
    let (disk, before) = used().await;
    sweep(&disk, &before, false).await;
}

#[tokio::test]
async fn a_move_back_can_be_cut_off_anywhere() {
    let (disk, _) = used().await;
    moved(&disk).await.unwrap();
    let store = Store::open(file(&disk, "new"), holder(), identity())
        .await
        .unwrap();
    store.record(vec![StateWrite::Put(record(5))]).await.unwrap();
    let before = State::clone(&store.state());
    disk.kill();
    drop(store);
    sweep(&disk, &before, true).await;
}

#[tokio::test]
async fn a_failing_disk_leaves_the_state_where_it_was() {
    let (disk, before) = used().await;
    disk.set_room(100);
    assert!(moved(&disk).await.is_err());
    disk.mend();
    check(&disk, &before, false, "a full disk").await;
    let store = open(File::on(Arc::new(Within(disk.process(), "new"))))
        .await
        .unwrap();
    assert_eq!(store.state().lineage, before.lineage);
}

#[test]
fn what_stands_beside_a_state_is_carried_along() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder = tempfile::tempdir().unwrap();
    let [from, to] = ["from", "to"].map(|name| folder.path().join(name));
    assert!(!copy_sidecar("key", &from, &to).unwrap() && !to.exists());
    std::fs::create_dir(&from).unwrap();
    std::fs::write(from.join("key"), "one").unwrap();
    assert!(copy_sidecar("key", &from, &to).unwrap());
    assert!(!copy_sidecar("key", &from, &to).unwrap(), "it is there already");
    let mode = std::fs::metadata(to.join("key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    std::fs::write(from.join("key"), "two").unwrap();
    assert!(copy_sidecar("key", &from, &to).unwrap());
    assert_eq!(std::fs::read_to_string(to.join("key")).unwrap(), "two");
    let mut texts: Vec<_> = std::fs::read_dir(&to)
        .unwrap()
        .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
        .collect();
    texts.sort();
    assert_eq!(texts, ["one", "two"], "what was there is kept");
    symlink("/dev/null", to.join("link")).unwrap();
    std::fs::write(from.join("link"), "three").unwrap();
    assert!(copy_sidecar("link", &from, &to).is_err());
}

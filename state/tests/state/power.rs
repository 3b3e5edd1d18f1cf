//! Power loss, kills and failing file operations at every point of a run, and again at every point of the run that
//! follows. What was acknowledged is there afterwards; what was not may be there or not; nothing else is.

use std::{cell::RefCell, collections::BTreeSet};

use rustix::io::Errno;
use tenon_state::{Error, Fault, FaultDisk, File, Outcome, StateWrite, Store, read};

use crate::support::{call, intent, op, open, record};

/// What an executor was told.
#[derive(Clone, Debug, Default)]
struct Ledger {
    begin_tried: BTreeSet<u32>,
    begin_acknowledged: BTreeSet<u32>,
    end_tried: BTreeSet<u32>,
    end_acknowledged: BTreeSet<u32>,
    unknown: BTreeSet<u32>,
}

async fn one(store: &Store, n: u32, ledger: &RefCell<Ledger>) {
    ledger.borrow_mut().begin_tried.insert(n);
    if store.begin(intent(n)).await.is_err() {
        return;
    }
    ledger.borrow_mut().begin_acknowledged.insert(n);
    if n % 5 == 4 {
        ledger.borrow_mut().unknown.insert(n);
        let _ = store
            .end(
                &op(n),
                Outcome::Unknown {
                    reason: "reset".into(),
                },
                vec![],
            )
            .await;
        return;
    }
    ledger.borrow_mut().end_tried.insert(n);
    if store
        .end(&op(n), Outcome::Done, vec![StateWrite::Put(record(n))])
        .await
        .is_ok()
    {
        ledger.borrow_mut().end_acknowledged.insert(n);
    }
}

/// An apply: space set aside, calls in waves of three, a checkpoint in the middle, a close.
async fn apply(disk: &FaultDisk, from: u32, ledger: &RefCell<Ledger>) -> Result<(), Error> {
    let store = open(File::on(disk.process())).await?;
    if let Err(error) = store.reserve([0; 9]).await {
        let _ = store.close().await;
        return Err(error);
    }
    for wave in 0..3 {
        let n = from + wave * 3;
        tokio::join!(
            one(&store, n, ledger),
            one(&store, n + 1, ledger),
            one(&store, n + 2, ledger)
        );
        if wave == 1 {
            let _ = store.checkpoint().await;
        }
    }
    store.close().await
}

async fn check(disk: &FaultDisk, ledger: &Ledger, what: &str) {
    let seen = read(&File::on(disk.process()))
        .await
        .unwrap_or_else(|error| panic!("{what}: read: {error}"));
    let store = open(File::on(disk.process()))
        .await
        .unwrap_or_else(|error| panic!("{what}: open: {error}"));
    let state = store.state();
    if let Some(seen) = seen {
        assert_eq!(seen, *state, "{what}: reading and opening differ");
    }
    let open: BTreeSet<String> = store.open_intents().into_iter().map(|intent| intent.op).collect();
    for n in 0..32 {
        let is_open = open.contains(&op(n));
        let is_recorded = state.records.values().any(|r| **r == record(n));
        let in_flight = ledger.begin_acknowledged.contains(&n) && !ledger.end_tried.contains(&n);
        if in_flight || ledger.unknown.contains(&n) {
            assert!(is_open, "{what}: intent {n} was acknowledged and is lost");
        }
        if ledger.end_acknowledged.contains(&n) {
            assert!(
                is_recorded && !is_open,
                "{what}: outcome {n} was acknowledged and is lost"
            );
        }
        if ledger.begin_acknowledged.contains(&n) {
            assert!(
                is_open != is_recorded,
                "{what}: call {n} is neither open nor done, or both"
            );
        }
        assert!(
            !is_open || ledger.begin_tried.contains(&n),
            "{what}: intent {n} came from nowhere"
        );
        assert!(
            !is_recorded || ledger.end_tried.contains(&n),
            "{what}: record {n} came from nowhere"
        );
    }
    // And life goes on from there.
    call(&store, 100)
        .await
        .unwrap_or_else(|error| panic!("{what}: go on: {error}"));
    store
        .close()
        .await
        .unwrap_or_else(|error| panic!("{what}: close: {error}"));
    let after = read(&File::on(disk.process())).await.unwrap().unwrap();
    assert!(
        after.records.values().any(|r| **r == record(100)),
        "{what}: what came after is lost"
    );
}

fn faults() -> Vec<Fault> {
    let mut faults = vec![Fault::KillBefore, Fault::KillWithin, Fault::KillAfter];
    for errno in [
        Errno::NOSPC,
        Errno::IO,
        Errno::ROFS,
        Errno::DQUOT,
        Errno::ACCESS,
        Errno::MFILE,
        Errno::NOMEM,
    ] {
        faults.push(Fault::Errno(errno.raw_os_error()));
    }
    faults.push(Fault::Half(Errno::NOSPC.raw_os_error()));
    faults.push(Fault::Half(Errno::IO.raw_os_error()));
    faults
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

/// How many operations an undisturbed run takes, on a disk with an earlier run's state.
async fn prepared() -> (FaultDisk, Ledger, u64) {
    let disk = FaultDisk::new();
    let ledger = RefCell::default();
    apply(&disk, 0, &ledger).await.unwrap();
    let before = disk.operations();
    let rehearsal = disk.copy();
    apply(&rehearsal, 10, &RefCell::default()).await.unwrap();
    let log = rehearsal.log();
    for expected in [
        "write journal",
        "sync journal",
        "rename state.json",
        "sync folder",
        "rename journal",
        "write lock",
    ] {
        assert!(
            log.iter().any(|done| done == expected),
            "a run does not {expected}: {log:?}"
        );
    }
    let count = rehearsal.operations() - before;
    (disk, ledger.into_inner(), count)
}

/// Every fault at every operation of a run, each followed by a kill and by power losses.
fn sweep(fresh: bool) {
    let mut cases = 0;
    runtime().block_on(async {
        let (disk, ledger, count) = prepared().await;
        let (disk, ledger) = if fresh {
            (FaultDisk::new(), Ledger::default())
        } else {
            (disk, ledger)
        };
        for at in 0..count + 10 {
            for fault in faults() {
                let disk = disk.copy();
                let ledger = RefCell::new(ledger.clone());
                disk.fail_at(disk.operations() + at, fault);
                let _ = apply(&disk, 10, &ledger).await;
                disk.mend();
                disk.kill();
                let ledger = ledger.into_inner();
                check(&disk.copy(), &ledger, &format!("{fault:?} at {at}, killed")).await;
                for seed in 0..3 {
                    let disk = disk.copy();
                    disk.power_loss(seed * (at + 1));
                    check(&disk, &ledger, &format!("{fault:?} at {at}, power lost ({seed})")).await;
                }
                cases += 4;
            }
        }
    });
    assert!(cases > 4000, "only {cases} cases");
}

#[test]
fn nothing_acknowledged_is_lost_whatever_fails_in_a_first_run() {
    sweep(true);
}

#[test]
fn nothing_acknowledged_is_lost_whatever_fails_in_a_later_run() {
    sweep(false);
}

#[test]
fn a_second_crash_while_recovering_loses_nothing_either() {
    runtime().block_on(async {
        let (disk, ledger, count) = prepared().await;
        for at in (0..count).step_by(3) {
            let disk = disk.copy();
            let first = RefCell::new(ledger.clone());
            disk.fail_at(disk.operations() + at, Fault::KillWithin);
            let _ = apply(&disk, 10, &first).await;
            disk.power_loss(at);
            for again in (0..count).step_by(5) {
                let disk = disk.copy();
                let ledger = RefCell::new(first.borrow().clone());
                disk.fail_at(disk.operations() + again, Fault::KillAfter);
                let _ = apply(&disk, 20, &ledger).await;
                disk.power_loss(again);
                check(
                    &disk,
                    &ledger.into_inner(),
                    &format!("crash at {at}, then at {again}"),
                )
                .await;
            }
        }
    });
}

#[test]
fn on_a_full_disk_nothing_is_begun() {
    runtime().block_on(async {
        for room in (0..300_000).step_by(997) {
            let disk = FaultDisk::new();
            disk.set_room(room);
            let ledger = RefCell::default();
            let outcome = apply(&disk, 0, &ledger).await;
            let ledger = ledger.into_inner();
            // Either all calls fit or none is begun: the room is set aside before the first.
            assert!(
                ledger.begin_acknowledged.is_empty() || ledger.begin_acknowledged.len() == 9,
                "{room} bytes: {:?} begun, {outcome:?}",
                ledger.begin_acknowledged
            );
            disk.mend();
            disk.power_loss(room as u64);
            check(&disk, &ledger, &format!("{room} bytes of room")).await;
        }
    });
}

#[test]
fn short_writes_are_completed() {
    runtime().block_on(async {
        for longest in [1, 7, 511, 512, 513] {
            let disk = FaultDisk::new();
            disk.set_longest_write(longest);
            let ledger = RefCell::default();
            apply(&disk, 0, &ledger).await.unwrap();
            disk.power_loss(0);
            check(&disk, &ledger.into_inner(), &format!("writes of {longest} bytes")).await;
        }
    });
}

#[test]
fn after_a_failed_write_nothing_more_is_begun_but_answers_are_kept() {
    runtime().block_on(async {
        for what in ["write", "sync"] {
            let disk = FaultDisk::new();
            let store = open(File::on(disk.process())).await.unwrap();
            store.reserve([0; 9]).await.unwrap();
            store.begin(intent(1)).await.unwrap();
            let next = disk.operations();
            // The next append is: look at the lock, write, sync.
            let offset = if what == "write" { 1 } else { 2 };
            disk.fail_at(next + offset, Fault::Errno(Errno::IO.raw_os_error()));
            let Err(Error::Stopped { source, .. }) = store.begin(intent(2)).await else {
                panic!("begun")
            };
            assert!(disk.log().last().unwrap().starts_with(what));
            assert!(matches!(*source, Error::File { .. }));
            assert!(matches!(store.begin(intent(3)).await, Err(Error::Stopped { .. })));
            store
                .end(&op(1), Outcome::Done, vec![StateWrite::Put(record(1))])
                .await
                .unwrap();
            disk.power_loss(0);
            drop(store);
            let store = open(File::on(disk.process())).await.unwrap();
            assert_eq!(store.open_intents(), []);
            assert_eq!(store.state().records.len(), 1);
        }
    });
}

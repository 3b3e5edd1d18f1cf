//! The cost of the journal: microseconds and syncs per call (an intent and an outcome with its record), for callers that
//! wait for each other and callers that come together; once with the disk's syncs and once without, which leaves this
//! program's own share.
//!
//! ```sh
//! cargo bench -p tenon-state --bench journal            # in the system's temporary folder
//! JOURNAL_BENCH_DIR=/data cargo bench -p tenon-state --bench journal
//! ```
#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]
#![expect(clippy::print_stdout, reason = "it is the benchmark's output")]

use std::{
    io,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::json;
use tenon_state::{
    Access, File, FileId, Folder, Holder, Identity, Intent, OpenFile, Outcome, Phase, RealFolder, Record,
    StateWrite, Store,
};

/// Counts syncs, and can leave them out.
struct Counting {
    folder: RealFolder,
    syncs: Arc<AtomicU64>,
    real: bool,
}

struct CountingFile {
    file: Arc<dyn OpenFile>,
    syncs: Arc<AtomicU64>,
    real: bool,
}

impl Counting {
    fn file(&self, file: Arc<dyn OpenFile>) -> Arc<dyn OpenFile> {
        Arc::new(CountingFile {
            file,
            syncs: Arc::clone(&self.syncs),
            real: self.real,
        })
    }
}

impl Folder for Counting {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path(name)
    }
    fn make(&self) -> io::Result<()> {
        self.folder.make()
    }
    fn open(&self, name: &str, access: Access) -> io::Result<Option<Arc<dyn OpenFile>>> {
        Ok(self.folder.open(name, access)?.map(|file| self.file(file)))
    }
    fn create(&self, name: &str) -> io::Result<Arc<dyn OpenFile>> {
        Ok(self.file(self.folder.create(name)?))
    }
    fn id(&self, name: &str) -> io::Result<Option<FileId>> {
        self.folder.id(name)
    }
    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.folder.rename(from, to)
    }
    fn remove(&self, name: &str) -> io::Result<()> {
        self.folder.remove(name)
    }
    fn sync(&self) -> io::Result<()> {
        self.syncs.fetch_add(1, Ordering::Relaxed);
        if self.real { self.folder.sync() } else { Ok(()) }
    }
}

impl OpenFile for CountingFile {
    fn read(&self) -> io::Result<Vec<u8>> {
        self.file.read()
    }
    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<usize> {
        self.file.write_at(offset, bytes)
    }
    fn allocate(&self, length: u64) -> io::Result<()> {
        self.file.allocate(length)
    }
    fn truncate(&self, length: u64) -> io::Result<()> {
        self.file.truncate(length)
    }
    fn sync(&self) -> io::Result<()> {
        self.syncs.fetch_add(1, Ordering::Relaxed);
        if self.real { self.file.sync() } else { Ok(()) }
    }
    fn try_lock(&self, shared: bool) -> io::Result<bool> {
        self.file.try_lock(shared)
    }
    fn id(&self) -> io::Result<FileId> {
        self.file.id()
    }
}

fn intent(n: u64) -> Intent {
    Intent {
        op: format!("{n:032x}"),
        address: format!("network/subnet-{n}"),
        generation: 0,
        kind: "ec2.subnet".into(),
        service: "ec2".into(),
        operation: "CreateSubnet".into(),
        effect: "create".into(),
        digest: "0".repeat(64),
        key: None,
        at_ms: 1_790_000_000_000,
    }
}

/// About 700 bytes of JSON, as a subnet or a security group rule has.
fn record(n: u64) -> Record {
    let tags = json!({ "Name": format!("subnet-{n}"), "tenon:stack": "shop", "tenon:env": "test", "tenon:address": "x" });
    Record {
        address: format!("network/subnet-{n}"),
        kind: "ec2.subnet".into(),
        generation: 0,
        id: Some(format!("subnet-{n:017x}")),
        inputs: json!({ "vpc_id": { "$ref": "network/vpc.id" }, "cidr_block": "10.0.1.0/24", "tags": tags,
            "availability_zone": "eu-west-1a", "map_public_ip_on_launch": false }),
        outputs: json!({ "arn": format!("arn:aws:ec2:eu-west-1:111122223333:subnet/subnet-{n:017x}"),
            "owner_id": "111122223333", "state": "available", "available_ip_address_count": 251 }),
        dependencies: vec!["network/vpc".into()],
        phase: Phase::Ready,
        declared: Some("main.rs:38".into()),
        unmarked: false,
        options: serde_json::Value::Null,
        place: serde_json::Value::Null,
    }
}

async fn run(callers: u64, calls: u64, real: bool) -> (Duration, u64, Duration, Duration) {
    let above = std::env::var_os("JOURNAL_BENCH_DIR").map_or_else(std::env::temp_dir, PathBuf::from);
    let folder = tempfile::tempdir_in(above).unwrap();
    let syncs = Arc::new(AtomicU64::new(0));
    let path = folder.path().join("state");
    let counting = Counting {
        folder: RealFolder::at(&path),
        syncs: Arc::clone(&syncs),
        real,
    };
    let identity = Identity {
        stack: "shop".into(),
        env: "test".into(),
    };
    let backend = Arc::new(File::on(Arc::new(counting)));
    let store = Store::open(backend, Holder::here("bench").unwrap(), identity.clone())
        .await
        .unwrap();
    store
        .reserve(std::iter::repeat_n(0, usize::try_from(calls).unwrap()))
        .await
        .unwrap();
    syncs.store(0, Ordering::Relaxed);
    let started = Instant::now();
    let callers = (0..callers).map(|caller| {
        let store = store.clone();
        tokio::spawn(async move {
            for n in (caller..calls).step_by(usize::try_from(callers).unwrap()) {
                let intent = intent(n);
                let op = intent.op.clone();
                store.begin(intent).await.unwrap();
                store
                    .end(&op, Outcome::Done, vec![StateWrite::Put(record(n))])
                    .await
                    .unwrap();
            }
        })
    });
    for caller in callers.collect::<Vec<_>>() {
        caller.await.unwrap();
    }
    let journal = started.elapsed();
    let synced = syncs.load(Ordering::Relaxed);
    let started = Instant::now();
    drop(store);
    let replayed = Store::open(
        Arc::new(File::new(&path)),
        Holder::here("bench").unwrap(),
        identity,
    )
    .await
    .unwrap();
    assert_eq!(replayed.state().records.len() as u64, calls);
    let replay = started.elapsed();
    let started = Instant::now();
    replayed.close().await.unwrap();
    (journal, synced, replay, started.elapsed())
}

#[tokio::main]
async fn main() {
    println!(
        "{:>7} {:>7} {:>6}  {:>12} {:>11}  {:>10} {:>10}",
        "callers", "calls", "disk", "us per call", "syncs/call", "replay ms", "fold ms"
    );
    for real in [true, false] {
        for (callers, calls) in [(1, 1_000), (10, 10_000), (100, 10_000)] {
            let (journal, syncs, replay, fold) = run(callers, calls, real).await;
            let per = |amount: f64| amount / f64::from(u32::try_from(calls).unwrap());
            println!(
                "{callers:>7} {calls:>7} {:>6}  {:>12.1} {:>11.3}  {:>10.1} {:>10.1}",
                if real { "synced" } else { "none" },
                per(journal.as_secs_f64() * 1e6),
                per(f64::from(u32::try_from(syncs).unwrap())),
                replay.as_secs_f64() * 1e3,
                fold.as_secs_f64() * 1e3,
            );
        }
    }
}

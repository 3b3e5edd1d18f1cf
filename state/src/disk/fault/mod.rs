//! A file system in memory that fails on demand and forgets what was not synced. For tests of this crate and
//! of whatever is built on it.
//!
//! The model is one folder. A *kill* ends the process: its locks are freed and everything it wrote stays. A *power
//! loss* also forgets: of each file every 512-byte sector that was not synced may be the old or the new one, and of
//! the names changed since the folder was last synced only the first few changes remain. A seed decides which.

mod process;

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use self::process::Process;
use super::folder::{FileId, FileKind, Folder};

const SECTOR: usize = 512;

/// Failure to inject at an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The operation fails with this error code and has no effect.
    Errno(i32),
    /// A write writes only the first half of its bytes and then fails with this error code; anything else just fails.
    Half(i32),
    /// The process ends just before it.
    KillBefore,
    /// The process ends within it: a write writes half of its bytes.
    KillWithin,
    /// The process ends just after it.
    KillAfter,
}

/// A disk with one folder, shared by the processes that work on it.
#[derive(Clone, Debug, Default)]
pub struct FaultDisk(Arc<Mutex<Model>>);

#[derive(Clone, Debug, Default)]
struct Model {
    inodes: Vec<Inode>,
    /// The folder as processes see it.
    names: BTreeMap<String, usize>,
    /// The folder as it was last synced, and what was done to it since.
    synced: BTreeMap<String, usize>,
    since: Vec<Renaming>,
    /// Counts operations that can fail.
    operations: u64,
    faults: BTreeMap<u64, Fault>,
    log: Vec<String>,
    room: Option<usize>,
    longest_write: Option<usize>,
    /// Processes from before this number are dead.
    alive: u64,
    processes: u64,
    handles: u64,
}

#[derive(Clone, Debug, Default)]
struct Inode {
    bytes: Vec<u8>,
    synced: Vec<u8>,
    /// Sectors that a failed sync gave up on: the system counts them as clean, so that only writing them again saves
    /// them.
    given_up: BTreeSet<usize>,
    /// The handles that have it locked, and whether they share it.
    locks: BTreeSet<u64>,
    shared: bool,
}

#[derive(Clone, Debug)]
enum Renaming {
    Create(String, usize),
    Rename(String, String),
    Remove(String),
}

fn apply(names: &mut BTreeMap<String, usize>, renaming: &Renaming) {
    match renaming {
        Renaming::Create(name, inode) => {
            names.insert(name.clone(), *inode);
        }
        Renaming::Rename(from, to) => {
            if let Some(inode) = names.remove(from) {
                names.insert(to.clone(), inode);
            }
        }
        Renaming::Remove(name) => {
            names.remove(name);
        }
    }
}

impl FaultDisk {
    /// An empty disk that works.
    pub fn new() -> Self {
        Self::default()
    }

    fn model(&self) -> MutexGuard<'_, Model> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The folder as a new process sees it.
    pub fn process(&self) -> Arc<dyn Folder> {
        let mut model = self.model();
        model.processes += 1;
        Arc::new(Process::new(self.clone(), model.processes))
    }

    /// A disk of its own with the same contents and an empty log.
    #[must_use]
    pub fn copy(&self) -> Self {
        let mut model = self.model();
        // Files that have lost their last name cannot come back; no need to copy their bytes.
        let created = model.since.iter().filter_map(|done| match done {
            Renaming::Create(_, inode) => Some(inode),
            _ => None,
        });
        let named: BTreeSet<usize> = model
            .names
            .values()
            .chain(model.synced.values())
            .chain(created)
            .copied()
            .collect();
        for (index, inode) in model.inodes.iter_mut().enumerate() {
            if !named.contains(&index) && inode.locks.is_empty() {
                *inode = Inode::default();
            }
        }
        let log = std::mem::take(&mut model.log);
        let copy = model.clone();
        model.log = log;
        Self(Arc::new(Mutex::new(copy)))
    }

    /// Number of operations so far that can fail.
    pub fn operations(&self) -> u64 {
        self.model().operations
    }

    /// The operations so far, such as `write journal`.
    pub fn log(&self) -> Vec<String> {
        self.model().log.clone()
    }

    /// Injects `fault` at the operation with this number, counted from 0.
    pub fn fail_at(&self, operation: u64, fault: Fault) {
        self.model().faults.insert(operation, fault);
    }

    /// Forgets all faults, the limits of room and of the length of a write among them.
    pub fn mend(&self) {
        let mut model = self.model();
        model.faults.clear();
        model.room = None;
        model.longest_write = None;
    }

    /// Limits what all files together can hold, in bytes.
    pub fn set_room(&self, bytes: usize) {
        self.model().room = Some(bytes);
    }

    /// Lets every write write at most so many bytes.
    pub fn set_longest_write(&self, bytes: usize) {
        self.model().longest_write = Some(bytes);
    }

    /// Ends all processes: their locks are freed and their operations fail from now on.
    pub fn kill(&self) {
        self.model().kill();
    }

    /// Ends all processes and forgets what was not synced, as `seed` says; seed 0 forgets all of it.
    pub fn power_loss(&self, seed: u64) {
        let mut model = self.model();
        model.kill();
        let mut random = seed;
        let mut next = move || {
            // SplitMix64; 0 stays the seed that keeps nothing.
            random = random.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = random;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            if seed == 0 { 0 } else { z ^ (z >> 31) }
        };
        let since = std::mem::take(&mut model.since);
        let kept = usize::try_from(next()).unwrap_or_default() % (since.len() + 1);
        let mut names = std::mem::take(&mut model.synced);
        for renaming in &since[..kept] {
            apply(&mut names, renaming);
        }
        model.synced.clone_from(&names);
        model.names = names;
        for inode in &mut model.inodes {
            let mut bytes = inode.synced.clone();
            if next() % 2 == 1 {
                bytes.resize(inode.bytes.len(), 0);
            }
            for (index, sector) in bytes.chunks_mut(SECTOR).enumerate() {
                let new = inode.bytes.get(index * SECTOR..).unwrap_or_default();
                let length = sector.len().min(new.len());
                if sector[..length] != new[..length] && next() % 2 == 1 {
                    sector[..length].copy_from_slice(&new[..length]);
                }
            }
            inode.bytes.clone_from(&bytes);
            inode.synced = bytes;
        }
    }

    /// The bytes of a file, if it is there.
    pub fn get(&self, name: &str) -> Option<Vec<u8>> {
        let model = self.model();
        model
            .names
            .get(name)
            .map(|inode| model.inodes[*inode].bytes.clone())
    }

    /// Looks at what a power loss at this moment could not take from a file: its synced bytes under its synced name.
    pub fn durable<T>(&self, name: &str, look: impl FnOnce(&[u8]) -> T) -> Option<T> {
        let model = self.model();
        let inode = model.synced.get(name)?;
        Some(look(&model.inodes[*inode].synced))
    }

    /// Puts a file there, durably.
    pub fn put(&self, name: &str, bytes: &[u8]) {
        let mut model = self.model();
        let inode = model.inodes.len();
        model.inodes.push(Inode {
            bytes: bytes.to_vec(),
            synced: bytes.to_vec(),
            ..Inode::default()
        });
        model.names.insert(name.to_owned(), inode);
        model.synced.insert(name.to_owned(), inode);
    }

    /// Removes a file, durably.
    pub fn delete(&self, name: &str) {
        let mut model = self.model();
        model.names.remove(name);
        model.synced.remove(name);
    }
}

impl Model {
    fn kill(&mut self) {
        self.alive = self.processes + 1;
        for inode in &mut self.inodes {
            inode.locks.clear();
        }
    }

    /// Counts an operation and says how it goes wrong, if it does.
    fn enter(&mut self, process: u64, what: &str, name: &str) -> io::Result<Option<Fault>> {
        if process < self.alive {
            return Err(io::Error::other("the process has ended"));
        }
        let fault = self.faults.get(&self.operations).copied();
        self.operations += 1;
        self.log.push(format!("{what} {name}"));
        match fault {
            Some(Fault::Errno(code)) => Err(io::Error::from_raw_os_error(code)),
            Some(Fault::Half(code)) if what != "write" => Err(io::Error::from_raw_os_error(code)),
            Some(Fault::KillBefore) => {
                self.kill();
                Err(io::Error::other("the process has ended"))
            }
            Some(Fault::KillWithin) if what != "write" => {
                self.kill();
                Err(io::Error::other("the process has ended"))
            }
            other => Ok(other),
        }
    }

    /// Ends an operation that had its effect.
    fn leave(&mut self, fault: Option<Fault>) -> io::Result<()> {
        match fault {
            Some(Fault::KillAfter | Fault::KillWithin) => {
                self.kill();
                Err(io::Error::other("the process has ended"))
            }
            Some(Fault::Half(code)) => Err(io::Error::from_raw_os_error(code)),
            _ => Ok(()),
        }
    }

    fn id(&self, inode: usize) -> FileId {
        let links = self.names.values().filter(|named| **named == inode).count() as u64;
        FileId {
            device: 1,
            inode: inode as u64,
            links,
            kind: FileKind::Regular,
        }
    }

    fn used(&self) -> usize {
        let named: BTreeSet<usize> = self.names.values().copied().collect();
        named
            .into_iter()
            .map(|inode| self.inodes[inode].bytes.len())
            .sum()
    }

    fn renamed(&mut self, renaming: Renaming) {
        apply(&mut self.names, &renaming);
        self.since.push(renaming);
    }
}

//! A file system in memory that fails where it is told to and forgets what was not synced. For tests of this crate and
//! of whatever is built on it.
//!
//! It models one folder. A *kill* ends the process: its locks are freed and everything it wrote stays. A *power loss*
//! also forgets: of each file every 512-byte sector that was not synced may be the old or the new one, and of the names
//! changed since the folder was last synced only the first few changes remain. A seed decides which.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use rustix::io::Errno;

use super::{Access, FileId, FileKind, Folder, OpenFile};

const SECTOR: usize = 512;

/// What happens at an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It fails with this error code and has no effect.
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
        Arc::new(Process {
            disk: self.clone(),
            number: model.processes,
        })
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

    /// How many operations that can fail there were.
    pub fn operations(&self) -> u64 {
        self.model().operations
    }

    /// The operations so far, such as `write journal`.
    pub fn log(&self) -> Vec<String> {
        self.model().log.clone()
    }

    /// Lets the operation with this number, counted from 0, go wrong.
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

    /// Ends an operation that took place.
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

/// One process's view of the folder.
struct Process {
    disk: FaultDisk,
    number: u64,
}

impl Process {
    fn handle(&self, model: &mut Model, name: &str, inode: usize) -> Arc<dyn OpenFile> {
        model.handles += 1;
        let (disk, process, number) = (self.disk.clone(), self.number, model.handles);
        Arc::new(Handle {
            disk,
            process,
            number,
            inode,
            name: name.to_owned(),
        })
    }
}

impl Folder for Process {
    fn path(&self, name: &str) -> PathBuf {
        PathBuf::from("/fault").join(name)
    }

    fn make(&self) -> io::Result<()> {
        let mut model = self.disk.model();
        let fault = model.enter(self.number, "make", "folder")?;
        model.leave(fault)
    }

    fn open(&self, name: &str, _access: Access) -> io::Result<Option<Arc<dyn OpenFile>>> {
        let mut model = self.disk.model();
        let fault = model.enter(self.number, "open", name)?;
        model.leave(fault)?;
        let inode = model.names.get(name).copied();
        Ok(inode.map(|inode| self.handle(&mut model, name, inode)))
    }

    fn create(&self, name: &str) -> io::Result<Arc<dyn OpenFile>> {
        let mut model = self.disk.model();
        let fault = model.enter(self.number, "create", name)?;
        if model.names.contains_key(name) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let inode = model.inodes.len();
        model.inodes.push(Inode::default());
        model.renamed(Renaming::Create(name.to_owned(), inode));
        model.leave(fault)?;
        Ok(self.handle(&mut model, name, inode))
    }

    fn id(&self, name: &str) -> io::Result<Option<FileId>> {
        let mut model = self.disk.model();
        let fault = model.enter(self.number, "look at", name)?;
        model.leave(fault)?;
        Ok(model.names.get(name).map(|inode| model.id(*inode)))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let mut model = self.disk.model();
        let fault = model.enter(self.number, "rename", to)?;
        if !model.names.contains_key(from) {
            return Err(io::ErrorKind::NotFound.into());
        }
        model.renamed(Renaming::Rename(from.to_owned(), to.to_owned()));
        model.leave(fault)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        let mut model = self.disk.model();
        let fault = model.enter(self.number, "remove", name)?;
        if !model.names.contains_key(name) {
            return Err(io::ErrorKind::NotFound.into());
        }
        model.renamed(Renaming::Remove(name.to_owned()));
        model.leave(fault)
    }

    fn sync(&self) -> io::Result<()> {
        let mut model = self.disk.model();
        let fault = model.enter(self.number, "sync", "folder")?;
        model.synced = model.names.clone();
        model.since.clear();
        model.leave(fault)
    }
}

/// An open file of one process.
struct Handle {
    disk: FaultDisk,
    process: u64,
    number: u64,
    inode: usize,
    name: String,
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.disk.model().inodes[self.inode].locks.remove(&self.number);
    }
}

impl OpenFile for Handle {
    fn read(&self) -> io::Result<Vec<u8>> {
        let mut model = self.disk.model();
        let fault = model.enter(self.process, "read", &self.name)?;
        model.leave(fault)?;
        Ok(model.inodes[self.inode].bytes.clone())
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<usize> {
        let mut model = self.disk.model();
        let fault = model.enter(self.process, "write", &self.name)?;
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        let end = model.inodes[self.inode].bytes.len();
        let room = model
            .room
            .map_or(usize::MAX, |room| room.saturating_sub(model.used()));
        let limit = end.saturating_sub(offset).saturating_add(room);
        let whole = bytes.len().min(model.longest_write.unwrap_or(usize::MAX));
        let half = matches!(fault, Some(Fault::Half(_) | Fault::KillWithin));
        let length = (if half { whole / 2 } else { whole }).min(limit);
        if length == 0 && whole > 0 && limit == 0 {
            return Err(Errno::NOSPC.into());
        }
        let file = &mut model.inodes[self.inode].bytes;
        if file.len() < offset + length {
            file.resize(offset + length, 0);
        }
        file[offset..offset + length].copy_from_slice(&bytes[..length]);
        let written = offset / SECTOR..(offset + length).div_ceil(SECTOR);
        model.inodes[self.inode]
            .given_up
            .retain(|sector| !written.contains(sector));
        model.leave(fault)?;
        Ok(length)
    }

    fn allocate(&self, length: u64) -> io::Result<()> {
        let mut model = self.disk.model();
        let fault = model.enter(self.process, "allocate", &self.name)?;
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let grown = length.saturating_sub(model.inodes[self.inode].bytes.len());
        if model.room.is_some_and(|room| model.used() + grown > room) {
            return Err(Errno::NOSPC.into());
        }
        if grown > 0 {
            model.inodes[self.inode].bytes.resize(length, 0);
        }
        model.leave(fault)
    }

    fn truncate(&self, length: u64) -> io::Result<()> {
        let mut model = self.disk.model();
        let fault = model.enter(self.process, "truncate", &self.name)?;
        model.inodes[self.inode]
            .bytes
            .truncate(usize::try_from(length).unwrap_or(usize::MAX));
        model.leave(fault)
    }

    fn sync(&self) -> io::Result<()> {
        let mut model = self.disk.model();
        let entered = model.enter(self.process, "sync", &self.name);
        let Inode {
            bytes,
            synced,
            given_up,
            ..
        } = &mut model.inodes[self.inode];
        if entered.is_err() {
            let dirty = |sector: &usize| {
                let at = sector * SECTOR;
                synced.get(at..).map(|s| &s[..s.len().min(SECTOR)])
                    != bytes.get(at..).map(|b| &b[..b.len().min(SECTOR)])
            };
            given_up.extend((0..bytes.len().div_ceil(SECTOR)).filter(dirty));
        }
        let fault = entered?;
        let mut new = bytes.clone();
        for sector in given_up.iter() {
            let (at, end) = (sector * SECTOR, (sector * SECTOR + SECTOR).min(new.len()));
            let old = synced.get(at..end.min(synced.len())).unwrap_or_default();
            if at < end {
                new[at..end].fill(0);
                new[at..at + old.len()].copy_from_slice(old);
            }
        }
        *synced = new;
        model.leave(fault)
    }

    fn try_lock(&self, shared: bool) -> io::Result<bool> {
        let mut model = self.disk.model();
        let fault = model.enter(self.process, "lock", &self.name)?;
        model.leave(fault)?;
        let inode = &mut model.inodes[self.inode];
        let free = inode.locks.is_empty() || (shared && inode.shared);
        if free {
            inode.locks.insert(self.number);
            inode.shared = shared;
        }
        Ok(free)
    }

    fn id(&self) -> io::Result<FileId> {
        let mut model = self.disk.model();
        let fault = model.enter(self.process, "look at", &self.name)?;
        model.leave(fault)?;
        Ok(model.id(self.inode))
    }
}

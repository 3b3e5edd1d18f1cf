//! A process that works on a [`FaultDisk`]: the folder and the files as that process sees them.
//!
//! Each operation enters the model, which counts it and may fail it, changes the model, and leaves it, which may end
//! the process after the change.

use std::{io, path::PathBuf, sync::Arc};

use rustix::io::Errno;

use super::{Fault, FaultDisk, Inode, Model, Renaming, SECTOR};
use crate::disk::folder::{Access, FileId, Folder, OpenFile};

/// The folder as one process sees it.
pub(super) struct Process {
    disk: FaultDisk,
    number: u64,
}

impl Process {
    pub(super) fn new(disk: FaultDisk, number: u64) -> Self {
        Self { disk, number }
    }

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

//! Files of a state in its folder: safe opening, and replacing the snapshot.

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use sha2::{Digest, Sha256};

use super::{journal::OpenJournal, lock::Lock};
use crate::{
    backend::{Backup, Stored},
    disk::{Access, FileId, FileKind, Folder, OpenFile, write_all},
    error::Error,
};

pub(super) const STATE: &str = "state.json";
pub(super) const STATE_NEW: &str = "state.json.new";
pub(super) const JOURNAL: &str = "journal";
pub(super) const JOURNAL_NEW: &str = "journal.new";
pub(super) const LOCK: &str = "lock";

pub(super) struct Inner {
    pub(super) folder: Arc<dyn Folder>,
    pub(super) held: Mutex<Option<Lock>>,
    pub(super) journal: Mutex<Option<OpenJournal>>,
    /// The version of a snapshot whose save failed after it had got its name.
    pub(super) unconfirmed: Mutex<Option<String>>,
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Inner {
    pub(super) fn location(&self) -> String {
        self.folder.path(STATE).display().to_string()
    }

    /// Turns what the system said about `name` into an error with its path.
    pub(super) fn failed(&self, name: &str, doing: &'static str) -> impl Fn(io::Error) -> Error {
        let path = self.folder.path(name);
        move |source| match source.raw_os_error() {
            Some(code) if code == rustix::io::Errno::LOOP.raw_os_error() => Error::Unsafe {
                path: path.clone(),
                found: "a symbolic link".to_owned(),
            },
            _ => Error::File {
                path: path.clone(),
                doing,
                source,
            },
        }
    }

    /// Opens an existing file and makes sure that it is a regular file with one name.
    pub(super) fn open(&self, name: &str, access: Access) -> Result<Option<Arc<dyn OpenFile>>, Error> {
        let Some(file) = self
            .folder
            .open(name, access)
            .map_err(self.failed(name, "open"))?
        else {
            return Ok(None);
        };
        self.check(name, file.id().map_err(self.failed(name, "look at"))?)?;
        Ok(Some(file))
    }

    fn check(&self, name: &str, id: FileId) -> Result<(), Error> {
        let found = match id {
            id if id.kind == FileKind::Link => "a symbolic link".to_owned(),
            id if id.kind != FileKind::Regular => "not a regular file".to_owned(),
            id if id.links > 1 => format!("a file with {} names (hard links)", id.links),
            _ => return Ok(()),
        };
        Err(Error::Unsafe {
            path: self.folder.path(name),
            found,
        })
    }

    /// Creates a file under a temporary name, and first removes one that a crash left behind.
    pub(super) fn create(&self, name: &str) -> Result<Arc<dyn OpenFile>, Error> {
        if let Some(id) = self.folder.id(name).map_err(self.failed(name, "look at"))? {
            self.check(name, id)?;
            self.folder.remove(name).map_err(self.failed(name, "remove"))?;
        }
        self.folder.create(name).map_err(self.failed(name, "create"))
    }

    /// Checks that the lock held by this process is still the one that other processes find.
    pub(super) fn check_held(&self) -> Result<(), Error> {
        let held = lock(&self.held);
        let lost = |why: &str| Error::LeaseLost {
            location: self.location(),
            why: why.to_owned(),
        };
        let Some(held) = &*held else {
            return Err(lost("it was given back"));
        };
        let there = self.folder.id(LOCK).map_err(self.failed(LOCK, "look at"))?;
        match there {
            Some(there) if held.is(there) => Ok(()),
            Some(_) => Err(lost("its lock file was replaced")),
            None => Err(lost("its lock file was removed")),
        }
    }

    pub(super) fn move_to_backup(&self, suffix: &str) -> Result<Backup, Error> {
        self.check_held()?;
        *lock(&self.journal) = None;
        let mut backup = Backup::default();
        for name in [STATE, JOURNAL] {
            let to = format!("{name}.{suffix}");
            if self
                .folder
                .id(name)
                .map_err(self.failed(name, "look at"))?
                .is_some()
            {
                self.folder
                    .rename(name, &to)
                    .map_err(self.failed(name, "move to a backup"))?;
                backup.locations.push(self.folder.path(&to).display().to_string());
            }
        }
        self.folder
            .sync()
            .map_err(self.failed(STATE, "sync the folder of"))?;
        Ok(backup)
    }

    pub(super) fn load(&self) -> Result<Option<Stored>, Error> {
        let Some(file) = self.open(STATE, Access::Read)? else {
            return Ok(None);
        };
        let bytes = file.read().map_err(self.failed(STATE, "read"))?;
        Ok(Some(Stored {
            tag: tag(&bytes),
            bytes,
        }))
    }

    pub(super) fn save(&self, bytes: &[u8], expected: Option<&str>) -> Result<String, Error> {
        self.check_held()?;
        let found = self.load()?.map(|stored| stored.tag);
        // A save that failed after its rename may be durable or not: finding it is no conflict.
        let unconfirmed = lock(&self.unconfirmed).clone();
        if found.as_deref() != expected && (found.is_none() || found != unconfirmed) {
            return Err(Error::Conflict {
                location: self.location(),
            });
        }
        let file = self.create(STATE_NEW)?;
        let written = write_all(&*file, 0, bytes).and_then(|()| file.sync());
        if let Err(error) = written {
            // Room for others; a file that stays behind is removed by the next save.
            let _ = self.folder.remove(STATE_NEW);
            return Err(self.failed(STATE_NEW, "write")(error));
        }
        let tag = tag(bytes);
        *lock(&self.unconfirmed) = Some(tag.clone());
        self.folder
            .rename(STATE_NEW, STATE)
            .map_err(self.failed(STATE, "rename the new file to"))?;
        self.folder
            .sync()
            .map_err(self.failed(STATE, "sync the folder of"))?;
        Ok(tag)
    }
}

fn tag(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

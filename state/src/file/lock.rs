//! The lock file: the kernel's lock is the lease; the contents name the holder and the last saved snapshot.

use std::{io, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{
    folder::{Inner, LOCK, lock},
    lines,
};
use crate::{
    backend::LeaseStatus,
    disk::{Access, FileId, OpenFile, write_all},
    error::Error,
    lease::{Held, Holder, Lease, SnapshotRef},
};

/// A lock held by this process.
pub(super) struct Lock {
    file: Arc<dyn OpenFile>,
    id: FileId,
    info: Info,
}

/// Contents of the lock file. Never decides who holds the lock, so that unreadable or stale contents keep nobody out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Info {
    holder: Option<Holder>,
    fence: u64,
    #[serde(rename = "mark")]
    pub(super) snapshot_ref: Option<SnapshotRef>,
}

impl Lock {
    pub(super) fn is(&self, there: FileId) -> bool {
        (self.id.device, self.id.inode) == (there.device, there.inode)
    }
}

impl Info {
    fn read(file: &dyn OpenFile) -> io::Result<Self> {
        let bytes = file.read()?;
        let line = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
        Ok(lines::text(line)
            .and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default())
    }

    fn write(&self, file: &dyn OpenFile) -> io::Result<()> {
        let line = lines::line(&serde_json::to_string(self)?);
        write_all(file, 0, &line)?;
        file.truncate(line.len() as u64)?;
        file.sync()
    }

    fn held(self) -> Held {
        let holder = self.holder.unwrap_or_else(|| Holder {
            token: String::new(),
            who: "somebody who did not say who".to_owned(),
            pid: 0,
            command: "unknown".to_owned(),
            since_ms: 0,
        });
        Held {
            holder,
            fence: self.fence,
            left: None,
        }
    }
}

impl Inner {
    // Long: each step is taken only while what the one before it saw still holds.
    pub(super) fn acquire(&self, holder: &Holder) -> Result<Lease, Error> {
        self.folder
            .make()
            .map_err(self.failed(LOCK, "make the folder of"))?;
        if let Some(kind) = self
            .folder
            .unlockable()
            .map_err(self.failed(LOCK, "look at the folder of"))?
        {
            let found = format!("on {kind}, where locks do not hold between machines");
            return Err(Error::Unsafe {
                path: self.folder.path(LOCK),
                found,
            });
        }
        if let Some(held) = &*lock(&self.held) {
            return Err(Error::Locked {
                location: self.location(),
                held: Box::new(held.info.clone().held()),
            });
        }
        loop {
            let file = match self.open(LOCK, Access::Write)? {
                Some(file) => file,
                None => match self.folder.create(LOCK) {
                    Ok(file) => file,
                    // Somebody else was faster; or the name is a link that leads nowhere, which opening then tells.
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                    Err(error) => return Err(self.failed(LOCK, "create")(error)),
                },
            };
            let looking = self.failed(LOCK, "look at");
            if !file.try_lock(false).map_err(self.failed(LOCK, "lock"))? {
                let held = Info::read(&*file).map_err(looking)?.held();
                return Err(Error::Locked {
                    location: self.location(),
                    held: Box::new(held),
                });
            }
            let id = file.id().map_err(&looking)?;
            // Locked, but perhaps after somebody removed or replaced it: then it is not the one that others will see.
            let there = self.folder.id(LOCK).map_err(&looking)?;
            if there.map(|there| (there.device, there.inode)) != Some((id.device, id.inode)) {
                continue;
            }
            let Info {
                fence, snapshot_ref, ..
            } = Info::read(&*file).map_err(looking)?;
            let info = Info {
                holder: Some(holder.clone()),
                fence: fence + 1,
                snapshot_ref,
            };
            info.write(&*file).map_err(self.failed(LOCK, "write"))?;
            let lease = Lease {
                holder: holder.clone(),
                fence: info.fence,
                ttl: None,
                snapshot_ref: info.snapshot_ref.clone(),
                tag: String::new(),
            };
            *lock(&self.held) = Some(Lock { file, id, info });
            return Ok(lease);
        }
    }

    /// Changes what is written in the lock file that we hold.
    pub(super) fn write_info(
        &self,
        lease: Option<&Lease>,
        change: impl FnOnce(&mut Info),
    ) -> Result<(), Error> {
        let mut held = lock(&self.held);
        let lost = || Error::LeaseLost {
            location: self.location(),
            why: "it was given back".to_owned(),
        };
        let held = held.as_mut().ok_or_else(lost)?;
        if let Some(lease) = lease {
            held.info.fence = lease.fence;
            held.info.snapshot_ref.clone_from(&lease.snapshot_ref);
        }
        let before = held.info.clone();
        change(&mut held.info);
        if lease.is_some() || before != held.info {
            held.info.write(&*held.file).map_err(self.failed(LOCK, "write"))?;
        }
        Ok(())
    }

    pub(super) fn renew(&self, lease: &Lease) -> Result<Lease, Error> {
        self.check_held()?;
        self.write_info(Some(lease), |_| {})?;
        Ok(lease.clone())
    }

    pub(super) fn release(&self, lease: &Lease) -> Result<(), Error> {
        let written = self.write_info(Some(lease), |info| info.holder = None);
        self.abandon();
        written
    }

    pub(super) fn abandon(&self) {
        *lock(&self.held) = None;
        *lock(&self.journal) = None;
    }

    pub(super) fn lease_status(&self) -> Result<LeaseStatus, Error> {
        let Some(file) = self.open(LOCK, Access::Read)? else {
            return Ok(LeaseStatus::default());
        };
        let free = file.try_lock(true).map_err(self.failed(LOCK, "lock"))?;
        let info = Info::read(&*file).map_err(self.failed(LOCK, "read"))?;
        Ok(LeaseStatus {
            snapshot_ref: info.snapshot_ref.clone(),
            held: (!free).then(|| info.held()),
        })
    }
}

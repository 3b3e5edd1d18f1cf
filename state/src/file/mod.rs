//! A state in a folder: `state.json`, `journal` and `lock`.
//!
//! The lease is a lock on `lock`, which the kernel ends with the process, however it ends; what is written in that file
//! is for people, and for the next holder to notice that a state was lost or put back. It never keeps anyone out.
//! Snapshots and journals are made under another name, synced, renamed, and the folder synced. Frames are appended to
//! a journal whose room was set aside.
//!
//! Not for a folder on NFS or SMB, where such a lock does not hold between machines: those are refused.

mod lines;
mod lock;

use std::{
    io,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use sha2::{Digest, Sha256};

use self::{lines::Header, lock::Lock};
use crate::{
    backend::{Backend, Backup, Journal, LeaseStatus, Stored},
    disk::{Access, FileKind, Folder, OpenFile, RealFolder, write_all},
    error::Error,
    lease::{Held, Holder, Lease, LeaseConfig, SnapshotRef},
};

const STATE: &str = "state.json";
const STATE_NEW: &str = "state.json.new";
const JOURNAL: &str = "journal";
const JOURNAL_NEW: &str = "journal.new";
const LOCK: &str = "lock";

/// How long a new journal is, in bytes, when no more was asked for.
const JOURNAL_LENGTH: u64 = 64 << 10;

/// A state in a folder of this machine.
#[derive(Clone)]
pub struct File(Arc<Inner>);

struct Inner {
    folder: Arc<dyn Folder>,
    held: Mutex<Option<Lock>>,
    journal: Mutex<Option<OpenJournal>>,
    /// The version of a snapshot whose save failed after it had got its name.
    unconfirmed: Mutex<Option<String>>,
}

/// The journal that frames are appended to.
struct OpenJournal {
    file: Arc<dyn OpenFile>,
    header: Header,
    /// Where the next frame goes.
    end: u64,
    /// Whether there may be anything after `end`, or the file's name may not be durable: the next frame then goes to
    /// a new file.
    doubtful: bool,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl File {
    /// The state in the folder at `path`, which need not exist yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self::on(Arc::new(RealFolder::at(path)))
    }

    /// The state in `folder`.
    pub fn on(folder: Arc<dyn Folder>) -> Self {
        Self(Arc::new(Inner {
            folder,
            held: Mutex::default(),
            journal: Mutex::default(),
            unconfirmed: Mutex::default(),
        }))
    }

    /// Runs file operations where they may block.
    async fn run<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&Inner) -> Result<T, Error> + Send + 'static,
    {
        let inner = Arc::clone(&self.0);
        match tokio::task::spawn_blocking(move || work(&inner)).await {
            Ok(done) => done,
            Err(stopped) => {
                let source = io::Error::other(stopped);
                Err(Error::File {
                    path: self.0.folder.path(STATE),
                    doing: "finish working on",
                    source,
                })
            }
        }
    }
}

impl Inner {
    fn location(&self) -> String {
        self.folder.path(STATE).display().to_string()
    }

    /// Turns what the system said about `name` into an error with its path.
    fn failed(&self, name: &str, doing: &'static str) -> impl Fn(io::Error) -> Error {
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
    fn open(&self, name: &str, access: Access) -> Result<Option<Arc<dyn OpenFile>>, Error> {
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

    fn check(&self, name: &str, id: crate::disk::FileId) -> Result<(), Error> {
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

    /// Makes a new file under a temporary name, in place of one that a crash left behind.
    fn create(&self, name: &str) -> Result<Arc<dyn OpenFile>, Error> {
        if let Some(id) = self.folder.id(name).map_err(self.failed(name, "look at"))? {
            self.check(name, id)?;
            self.folder.remove(name).map_err(self.failed(name, "remove"))?;
        }
        self.folder.create(name).map_err(self.failed(name, "create"))
    }

    /// Whether the lock that we hold is still the one that others see.
    fn check_held(&self) -> Result<(), Error> {
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

    fn read_journal(&self) -> Result<Option<Journal>, Error> {
        let ours = lock(&self.held).is_some();
        let access = if ours { Access::Write } else { Access::Read };
        let Some(file) = self.open(JOURNAL, access)? else {
            return Ok(None);
        };
        let bytes = file.read().map_err(self.failed(JOURNAL, "read"))?;
        let parsed = self.parse(&bytes)?;
        let snapshot_ref = Some(parsed.header.snapshot_ref.clone());
        if ours {
            *lock(&self.journal) = Some(OpenJournal {
                file,
                header: parsed.header,
                end: parsed.end as u64,
                doubtful: parsed.torn.is_some(),
            });
        }
        Ok(Some(Journal {
            snapshot_ref,
            frames: parsed.frames,
            torn: parsed.torn,
        }))
    }

    fn parse(&self, bytes: &[u8]) -> Result<lines::Parsed, Error> {
        lines::parse(bytes).map_err(|damage| Error::JournalDamaged {
            location: self.location(),
            at: format!("byte {}", damage.at),
            why: damage.why,
        })
    }

    /// The frames before the first damage.
    fn salvage_journal(&self) -> Result<(Option<Journal>, Option<Error>), Error> {
        let problem = match self.read_journal() {
            Ok(journal) => return Ok((journal, None)),
            Err(error @ Error::JournalDamaged { .. }) => error,
            Err(error) => return Ok((None, Some(error))),
        };
        let Some(file) = self.open(JOURNAL, Access::Read)? else {
            return Ok((None, Some(problem)));
        };
        let bytes = file.read().map_err(self.failed(JOURNAL, "read"))?;
        let mut texts = bytes.split(|b| *b == b'\n').map_while(lines::text);
        let snapshot_ref = texts
            .next()
            .and_then(|header| serde_json::from_str::<Header>(header).ok());
        let Some(Header { snapshot_ref, .. }) = snapshot_ref else {
            return Ok((None, Some(problem)));
        };
        let frames = texts.map(str::to_owned).collect();
        Ok((
            Some(Journal {
                snapshot_ref: Some(snapshot_ref),
                frames,
                torn: None,
            }),
            Some(problem),
        ))
    }

    fn set_aside(&self, suffix: &str) -> Result<Backup, Error> {
        self.check_held()?;
        *lock(&self.journal) = None;
        let mut aside = Backup::default();
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
                    .map_err(self.failed(name, "move aside"))?;
                aside.locations.push(self.folder.path(&to).display().to_string());
            }
        }
        self.folder
            .sync()
            .map_err(self.failed(STATE, "sync the folder of"))?;
        Ok(aside)
    }

    fn load(&self) -> Result<Option<Stored>, Error> {
        let Some(file) = self.open(STATE, Access::Read)? else {
            return Ok(None);
        };
        let bytes = file.read().map_err(self.failed(STATE, "read"))?;
        Ok(Some(Stored {
            tag: tag(&bytes),
            bytes,
        }))
    }

    fn save(&self, bytes: &[u8], expected: Option<&str>) -> Result<String, Error> {
        self.check_held()?;
        let found = self.load()?.map(|stored| stored.tag);
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

    fn append(&self, frame: &str) -> Result<(), Error> {
        self.check_held()?;
        let mut journal = lock(&self.journal);
        let Some(open) = &mut *journal else {
            return Err(self.failed(JOURNAL, "find")(io::ErrorKind::NotFound.into()));
        };
        let line = lines::line(frame);
        let end = open.end + line.len() as u64;
        if open.doubtful || end > open.header.capacity {
            let room = (end * 2).max(open.header.capacity);
            return self.rewrite(open, &line, room);
        }
        let written = write_all(&*open.file, open.end, &line).and_then(|()| open.file.sync());
        match written {
            Ok(()) => {
                open.end = end;
                Ok(())
            }
            Err(error) => {
                open.doubtful = true;
                Err(self.failed(JOURNAL, "write to")(error))
            }
        }
    }

    /// Copies the journal into a new file of at least `room` bytes, with `line` added.
    fn rewrite(&self, open: &mut OpenJournal, line: &[u8], room: u64) -> Result<(), Error> {
        let mut bytes = open.file.read().map_err(self.failed(JOURNAL, "read"))?;
        // What follows the last acknowledged frame is of no account, whatever it is.
        let end = usize::try_from(open.end).unwrap_or(usize::MAX).min(bytes.len());
        bytes[end..].fill(0);
        let parsed = self.parse(&bytes)?;
        if parsed.end as u64 != open.end {
            let (at, why) = (
                format!("byte {}", parsed.end),
                "it changed while it was open".to_owned(),
            );
            return Err(Error::JournalDamaged {
                location: self.location(),
                at,
                why,
            });
        }
        let frames = &bytes[parsed.start..parsed.end];
        let mut new = self.new_journal(&open.header.snapshot_ref, frames, line, room)?;
        new.end -= line.len() as u64;
        *open = new;
        self.folder
            .sync()
            .map_err(self.failed(JOURNAL, "sync the folder of"))?;
        open.end += line.len() as u64;
        open.doubtful = false;
        Ok(())
    }

    /// Makes a journal file and gives it its name. The name is durable, and the journal not doubtful, only once the
    /// folder is synced.
    fn new_journal(
        &self,
        snapshot_ref: &SnapshotRef,
        frames: &[u8],
        line: &[u8],
        room: u64,
    ) -> Result<OpenJournal, Error> {
        let capacity = room.max(JOURNAL_LENGTH).next_multiple_of(4096);
        let header = Header {
            capacity,
            snapshot_ref: snapshot_ref.clone(),
        };
        let text = serde_json::to_string(&header).map_err(|source| Error::Json {
            what: "journal header",
            source,
        })?;
        let first = lines::line(&text);
        let bytes = [first.as_slice(), frames, line].concat();
        let file = self.create(JOURNAL_NEW)?;
        let written = file
            .allocate(capacity)
            .and_then(|()| write_all(&*file, 0, &bytes))
            .and_then(|()| file.sync());
        if let Err(error) = written {
            let _ = self.folder.remove(JOURNAL_NEW);
            return Err(self.failed(JOURNAL_NEW, "set room aside for")(error));
        }
        self.folder
            .rename(JOURNAL_NEW, JOURNAL)
            .map_err(self.failed(JOURNAL, "rename the new file to"))?;
        let end = bytes.len() as u64;
        Ok(OpenJournal {
            file,
            header,
            end,
            doubtful: true,
        })
    }

    fn reserve(&self, bytes: u64) -> Result<(), Error> {
        self.check_held()?;
        let mut journal = lock(&self.journal);
        let Some(open) = &mut *journal else {
            return Err(self.failed(JOURNAL, "find")(io::ErrorKind::NotFound.into()));
        };
        let room = open.end.saturating_add(bytes);
        if room <= open.header.capacity && !open.doubtful {
            return Ok(());
        }
        self.rewrite(open, &[], room)
    }

    fn reset_journal(&self, snapshot_ref: &SnapshotRef) -> Result<(), Error> {
        self.check_held()?;
        let mut journal = lock(&self.journal);
        let new = self.new_journal(snapshot_ref, &[], &[], JOURNAL_LENGTH)?;
        let open = journal.insert(new);
        self.folder
            .sync()
            .map_err(self.failed(JOURNAL, "sync the folder of"))?;
        open.doubtful = false;
        drop(journal);
        self.write_info(None, |info| info.snapshot_ref = Some(snapshot_ref.clone()))
    }
}

fn tag(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

#[async_trait]
impl Backend for File {
    fn location(&self) -> String {
        self.0.location()
    }

    async fn acquire(&self, holder: &Holder, _terms: &LeaseConfig) -> Result<Lease, Error> {
        // Who merely looks at the lock has it for an instant; that is no reason to fail.
        let patience = Duration::from_millis(100);
        let asked = Instant::now();
        loop {
            let who = holder.clone();
            match self.run(move |inner| inner.acquire(&who)).await {
                Err(Error::Locked { .. }) if asked.elapsed() < patience => {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                other => return other,
            }
        }
    }

    async fn renew(&self, lease: &Lease, _terms: &LeaseConfig) -> Result<Lease, Error> {
        let lease = lease.clone();
        self.run(move |inner| inner.renew(&lease)).await
    }

    async fn release(&self, lease: &Lease) -> Result<(), Error> {
        let lease = lease.clone();
        self.run(move |inner| inner.release(&lease)).await
    }

    fn abandon(&self, _lease: &Lease) {
        self.0.abandon();
    }

    async fn lease_status(&self) -> Result<LeaseStatus, Error> {
        self.run(Inner::lease_status).await
    }

    async fn unlock(&self) -> Result<Option<Held>, Error> {
        match self.lease_status().await?.held {
            None => Ok(None),
            // The kernel frees the lock with the process, so whoever holds it is alive and has to be ended first.
            Some(held) => Err(Error::Locked {
                location: self.0.location(),
                held: Box::new(held),
            }),
        }
    }

    async fn read_journal(&self) -> Result<Option<Journal>, Error> {
        self.run(Inner::read_journal).await
    }

    async fn load(&self) -> Result<Option<Stored>, Error> {
        self.run(Inner::load).await
    }

    async fn save(&self, _lease: &Lease, bytes: Vec<u8>, expected: Option<&str>) -> Result<String, Error> {
        let expected = expected.map(str::to_owned);
        self.run(move |inner| inner.save(&bytes, expected.as_deref()))
            .await
    }

    async fn reserve(&self, _lease: &Lease, bytes: u64) -> Result<(), Error> {
        self.run(move |inner| inner.reserve(bytes)).await
    }

    async fn append(&self, _lease: &Lease, _sequence: u64, frame: &str) -> Result<(), Error> {
        let frame = frame.to_owned();
        self.run(move |inner| inner.append(&frame)).await
    }

    async fn reset_journal(&self, _lease: &Lease, snapshot_ref: &SnapshotRef) -> Result<(), Error> {
        let snapshot_ref = snapshot_ref.clone();
        self.run(move |inner| inner.reset_journal(&snapshot_ref)).await
    }

    async fn salvage_journal(&self) -> Result<(Option<Journal>, Option<Error>), Error> {
        self.run(Inner::salvage_journal).await
    }

    async fn set_aside(&self, _lease: &Lease, suffix: &str) -> Result<Backup, Error> {
        let suffix = suffix.to_owned();
        self.run(move |inner| inner.set_aside(&suffix)).await
    }
}

//! The journal file that is open for appending.
//!
//! The position of the next frame (`end`) only ever follows a frame that is durable. After any failure the bytes behind
//! `end` are unknown, so the journal counts as doubtful and the next write copies what is known into a new file.

use std::{io, sync::Arc};

use super::{
    folder::{Inner, JOURNAL, JOURNAL_NEW, lock},
    lines::{self, Header},
};
use crate::{
    backend::Journal,
    disk::{Access, OpenFile, write_all},
    error::Error,
    lease::SnapshotRef,
};

/// Length of a new journal in bytes, unless more is reserved.
const JOURNAL_LENGTH: u64 = 64 << 10;

/// The journal that frames are appended to.
pub(super) struct OpenJournal {
    pub(super) file: Arc<dyn OpenFile>,
    pub(super) header: Header,
    /// Offset of the next frame.
    pub(super) end: u64,
    /// Set while the bytes after `end` are unknown or the file's name may not be durable: the next frame then goes to
    /// a new file.
    pub(super) doubtful: bool,
}

impl Inner {
    pub(super) fn read_journal(&self) -> Result<Option<Journal>, Error> {
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
    pub(super) fn salvage_journal(&self) -> Result<(Option<Journal>, Option<Error>), Error> {
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

    pub(super) fn append(&self, frame: &str) -> Result<(), Error> {
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
            return Err(self.failed(JOURNAL_NEW, "allocate space for")(error));
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

    pub(super) fn reserve(&self, bytes: u64) -> Result<(), Error> {
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

    pub(super) fn reset_journal(&self, snapshot_ref: &SnapshotRef) -> Result<(), Error> {
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

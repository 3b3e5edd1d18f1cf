//! The log: an append-only file, and the thread that alone writes it.
//!
//! All records that wait are written together and synchronised once; then they are applied, and only then answered. When
//! three quarters of the file are of no use any more, what is left moves to a new file.

use super::record::Record;
use super::state::State;
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use tokio::sync::oneshot;

/// Files below this many bytes are not compacted.
const SMALL: u64 = 64 * 1024 * 1024;

/// The queues, and the way to change them.
#[derive(Clone)]
pub(super) struct Log {
    state: Arc<Mutex<State>>,
    writer: mpsc::Sender<Append>,
}

struct Append {
    records: Vec<Record>,
    done: Option<oneshot::Sender<io::Result<()>>>,
}

impl Log {
    /// Opens the log in `folder`. A record that a crash cut off is removed: it was never answered.
    ///
    /// # Errors
    /// An error of the file system.
    pub(super) fn open(folder: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let path = folder.join("queue.log");
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)?;
        file.try_lock().map_err(|_| {
            let text = format!("{} is in use by another process", path.display());
            io::Error::new(io::ErrorKind::WouldBlock, text)
        })?;
        File::open(folder)?.sync_all()?;
        let file = Arc::new(file);
        let mut state = State::new(Arc::clone(&file));
        let mut source = BufReader::with_capacity(1 << 20, &*file);
        let mut end = 0;
        while let Some((record, length)) = Record::read(&mut source)? {
            let length = length as u64;
            state.apply(record, end, length);
            end += length;
        }
        file.set_len(end)?;
        file.sync_all()?;
        let state = Arc::new(Mutex::new(state));
        let (writer, waiting) = mpsc::channel();
        let thread = Writer {
            state: Arc::clone(&state),
            path,
            file,
            end,
        };
        std::thread::Builder::new()
            .name("queue-log".to_owned())
            .spawn(move || thread.run(&waiting))?;
        Ok(Self { state, writer })
    }

    /// The queues.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes records and waits until they are on the disk and applied.
    ///
    /// # Errors
    /// An error of writing.
    pub(super) async fn append(&self, records: Vec<Record>) -> io::Result<()> {
        let (done, wait) = oneshot::channel();
        let stopped = || io::Error::other("the log's thread has stopped");
        let append = Append {
            records,
            done: Some(done),
        };
        self.writer.send(append).map_err(|_| stopped())?;
        wait.await.map_err(|_| stopped())?
    }

    /// Writes records that are applied already; they may be lost in a crash.
    pub(super) fn note(&self, records: Vec<Record>) {
        if !records.is_empty() {
            // The thread stops with the process alone.
            let _ = self.writer.send(Append { records, done: None });
        }
    }
}

struct Writer {
    state: Arc<Mutex<State>>,
    path: PathBuf,
    file: Arc<File>,
    end: u64,
}

impl Writer {
    fn run(mut self, waiting: &mpsc::Receiver<Append>) {
        while let Ok(first) = waiting.recv() {
            let mut group = vec![first];
            group.extend(waiting.try_iter().take(4096));
            let outcome = self.write(&mut group);
            if let Err(error) = &outcome {
                tracing::error!(%error, "the queue's log cannot be written");
                // What was written of the group must not be read back after the next group.
                let _ = self.file.set_len(self.end);
            }
            for append in group {
                if let Some(done) = append.done {
                    let outcome = outcome
                        .as_ref()
                        .map_err(|error| io::Error::new(error.kind(), error.to_string()));
                    // Whoever asked may have gone.
                    let _ = done.send(outcome.copied());
                }
            }
            if let Err(error) = self.compact() {
                tracing::error!(%error, "the queue's log cannot be compacted");
            }
        }
    }

    fn write(&mut self, group: &mut [Append]) -> io::Result<()> {
        let mut bytes = Vec::new();
        let mut applied = Vec::new();
        let mut sync = false;
        for append in group {
            let durable = append.done.is_some();
            sync |= durable;
            for record in append.records.drain(..) {
                let begin = bytes.len();
                record.encode(&mut bytes);
                if durable {
                    applied.push((record, self.end + begin as u64, (bytes.len() - begin) as u64));
                }
            }
        }
        self.file.write_all_at(&bytes, self.end)?;
        if sync {
            self.file.sync_data()?;
        }
        self.end += bytes.len() as u64;
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        for (record, offset, length) in applied {
            state.apply(record, offset, length);
        }
        Ok(())
    }

    /// Moves what is of use to a new file.
    fn compact(&mut self) -> io::Result<()> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if self.end < SMALL || state.alive * 4 > self.end {
            return Ok(());
        }
        let path = self.path.with_extension("new");
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(&path)?;
        file.lock()?;
        let mut target = io::BufWriter::with_capacity(1 << 20, &file);
        let mut bytes = Vec::new();
        for (id, queue) in &state.queues {
            let record = Record::Queue {
                id: *id,
                name: queue.name.clone(),
                attributes: queue.attributes.clone(),
            };
            record.encode(&mut bytes);
        }
        target.write_all(&bytes)?;
        let mut end = bytes.len() as u64;
        let mut places = Vec::new();
        for (id, message) in &state.messages {
            bytes.resize(usize::try_from(message.length).unwrap_or(0), 0);
            self.file.read_exact_at(&mut bytes, message.offset)?;
            target.write_all(&bytes)?;
            places.push((*id, end));
            end += message.length;
            bytes.clear();
            let (id, queue) = (*id, message.queue);
            Record::Move { id, queue }.encode(&mut bytes);
            let (count, first) = (message.count, message.first);
            Record::Received { id, count, first }.encode(&mut bytes);
            target.write_all(&bytes)?;
            end += bytes.len() as u64;
        }
        target.flush()?;
        drop(target);
        file.sync_all()?;
        std::fs::rename(&path, &self.path)?;
        if let Some(folder) = self.path.parent() {
            File::open(folder)?.sync_all()?;
        }
        self.file = Arc::new(file);
        self.end = end;
        state.file = Arc::clone(&self.file);
        for (id, offset) in places {
            if let Some(message) = state.messages.get_mut(&id) {
                message.offset = offset;
            }
        }
        Ok(())
    }
}

//! Group commit: entries that are ready together become one frame and share one durable write.
//!
//! No thread and no timer: the first caller that finds the queue idle starts a task that writes until the queue is
//! empty; callers that arrive during a write join the next frame.
//!
//! Three things must not be assumed here:
//!
//! - that a failed write wrote nothing: the frame may be durable although the reply was lost. Nothing is therefore
//!   begun after a failure, and the intents of the failed frame count as unknown to the next run;
//! - that the lease is still held when a write returns: the caller of `Store::begin` checks again before it sends;
//! - that a caller still waits: its task may have been dropped, and the entry is applied all the same.

use std::{collections::VecDeque, sync::Arc};

use tokio::sync::oneshot::Sender;

use super::inner::Inner;
use crate::{
    error::Error,
    fold::Step,
    frame::{Entry, Frame},
};

/// The most text that one frame takes, unless a single entry is larger.
const FRAME_LIMIT: usize = 1 << 20;

/// An entry that waits to be written.
pub(super) struct Submission {
    pub(super) entry: Entry,
    pub(super) text: String,
    pub(super) step: Option<(String, Step)>,
    pub(super) sender: Sender<Result<(), Error>>,
}

#[derive(Default)]
pub(super) struct Queue {
    waiting: VecDeque<Submission>,
    draining: bool,
}

impl Queue {
    /// Adds a submission. Returns `true` if the caller must start a task that drains the queue.
    pub(super) fn push(&mut self, submission: Submission) -> bool {
        self.waiting.push_back(submission);
        !std::mem::replace(&mut self.draining, true)
    }
}

/// The right to write, which only one task has at a time.
pub(super) struct Writer {
    /// The version of the stored snapshot.
    pub(super) tag: String,
    /// Set once the journal names the current holder.
    pub(super) introduced: bool,
}

/// Writes until the queue is empty.
pub(super) async fn drain(inner: Arc<Inner>) {
    let mut stop = StopOnUnwind {
        inner: &inner,
        armed: true,
    };
    loop {
        // Let every task that is ready now add its entry first: those that the last write woke up, too.
        tokio::task::yield_now().await;
        let mut writer = inner.writer.lock().await;
        let batch = {
            let mut shared = inner.shared();
            let batch = shared.queue.take();
            if batch.is_empty() {
                // From here on somebody else may drain it, whose queue is none of ours.
                stop.armed = false;
                shared.queue.draining = false;
                return;
            }
            batch
        };
        inner.commit(&mut writer, batch).await;
    }
}

/// Answers all waiting callers if writing panics, so that none waits for ever.
struct StopOnUnwind<'a> {
    inner: &'a Inner,
    armed: bool,
}

impl Drop for StopOnUnwind<'_> {
    fn drop(&mut self) {
        if self.armed {
            let mut shared = self.inner.shared();
            let error = Arc::new(Error::Closed {
                location: self.inner.location.clone(),
            });
            shared.stopped.get_or_insert(error);
            shared.queue = Queue::default();
        }
    }
}

impl Queue {
    fn take(&mut self) -> Vec<Submission> {
        let mut bytes = 0;
        let fits = self.waiting.iter().take_while(|next| {
            bytes += next.text.len();
            bytes <= FRAME_LIMIT
        });
        let count = fits.count().max(1).min(self.waiting.len());
        self.waiting.drain(..count).collect()
    }
}

impl Inner {
    pub(super) fn take(&self) -> Option<Vec<Submission>> {
        Some(self.shared().queue.take()).filter(|batch| !batch.is_empty())
    }

    /// Writes one batch, folds it in, and answers its callers.
    pub(super) async fn commit(&self, writer: &mut Writer, mut batch: Vec<Submission>) {
        let Err(error) = self.write(writer, &batch).await else {
            return self.acknowledge(batch);
        };
        // After a lost lease another process may write: no second try. Otherwise only intents are refused.
        let lost = matches!(error, Error::LeaseLost { .. });
        if let Error::LeaseLost { why, .. } = &error {
            self.lose(why);
        }
        let error = Arc::new(error);
        let begins = |submission: &Submission| matches!(submission.entry, Entry::Begin { .. });
        self.shared().stopped.get_or_insert_with(|| Arc::clone(&error));
        // No call is begun any more, but outcomes of calls that were sent are worth a second try: if they are not
        // recorded, the next run has to find out what became of these calls.
        self.refuse(
            batch
                .extract_if(.., |submission| lost || begins(submission))
                .collect(),
            &error,
        );
        if batch.is_empty() {
            return;
        }
        match self.write(writer, &batch).await {
            Ok(()) => self.acknowledge(batch),
            Err(error) => self.refuse(batch, &Arc::new(error)),
        }
    }

    async fn write(&self, writer: &mut Writer, batch: &[Submission]) -> Result<(), Error> {
        let lease = self.lease();
        let opened = Entry::Opened {
            holder: lease.holder.clone(),
        };
        let opened = if writer.introduced {
            None
        } else {
            Some(opened.encode()?)
        };
        let (lineage, sequence) = {
            let fold = &self.shared().fold;
            (fold.state.lineage.clone(), fold.sequence + 1)
        };
        let texts = opened
            .as_deref()
            .into_iter()
            .chain(batch.iter().map(|submission| submission.text.as_str()));
        let frame = Frame::encode(&lineage, lease.fence, sequence, texts);
        self.backend.append(&lease, sequence, &frame).await?;
        // Only now: after an error the same number is used again, and the backend refuses it if the frame is there
        // after all.
        writer.introduced = true;
        let mut shared = self.shared();
        shared.fold.sequence = sequence;
        shared.fold.fence = lease.fence;
        shared.fold.holder = Some(lease.holder);
        Ok(())
    }

    fn acknowledge(&self, batch: Vec<Submission>) {
        let mut answers = Vec::with_capacity(batch.len());
        let mut shared = self.shared();
        for Submission {
            entry, step, sender, ..
        } in batch
        {
            if let Some((op, _)) = step {
                shared.pending.remove(&op);
            }
            // Applied under the same lock that removes the pending step, so that no caller sees neither of the two.
            let applied = shared.fold.apply(entry);
            answers.push((sender, applied));
        }
        drop(shared);
        for (sender, applied) in answers {
            let answer = applied.map_err(|why| Error::Invalid {
                what: "journal entry".to_owned(),
                why,
            });
            // A caller that went away does not need the answer.
            let _ = sender.send(answer);
        }
    }

    fn refuse(&self, batch: Vec<Submission>, error: &Arc<Error>) {
        for Submission { step, sender, .. } in batch {
            if let Some((op, _)) = step {
                self.shared().pending.remove(&op);
            }
            let location = self.location.clone();
            let _ = sender.send(Err(match &**error {
                Error::LeaseLost { why, .. } => Error::LeaseLost {
                    location,
                    why: why.clone(),
                },
                _ => Error::Stopped {
                    location,
                    source: Arc::clone(error),
                },
            }));
        }
    }
}

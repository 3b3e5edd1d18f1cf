//! Group commit: posts that arrive while messages are on their way share the next message.

use crate::event::Packer;
use crate::queue::Queue;
use crate::settings::Batch;
use service::trace::Context;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Notify, oneshot};

/// The most bytes of lines in one message; packed and in base64 they stay below its limit, whatever they are.
const LINES: usize = 180 * 1024;

/// The reason why a post is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    /// Too many bytes wait for the queue.
    Buffer,
    /// The queue did not take the message.
    Queue,
}

struct Waiting {
    line: Vec<u8>,
    events: usize,
    trace: Option<Context>,
    done: oneshot::Sender<bool>,
}

/// The posts that wait for the queue.
#[derive(Clone)]
pub struct Batcher {
    shared: Arc<Shared>,
}

struct Shared {
    waiting: Mutex<Vec<Waiting>>,
    bytes: AtomicUsize,
    arrived: Notify,
    settings: Batch,
}

impl Batcher {
    /// Starts the hands that send to `queue`.
    pub fn start(queue: &Queue, settings: Batch) -> Self {
        let shared = Arc::new(Shared {
            waiting: Mutex::default(),
            bytes: AtomicUsize::new(0),
            arrived: Notify::new(),
            settings,
        });
        for _ in 0..settings.hands {
            let (shared, queue) = (Arc::clone(&shared), queue.clone());
            tokio::spawn(async move { hand(&shared, &queue).await });
        }
        Self { shared }
    }

    /// The bytes that wait.
    pub fn bytes(&self) -> usize {
        self.shared.bytes.load(Ordering::Relaxed)
    }

    /// Sends a line, a JSON text that ends with a line break, and waits until the queue has it. A message has the trace of
    /// its first line that has one.
    ///
    /// # Errors
    /// [`Full`]; then the queue may or may not have it, and the sender sends it again.
    pub async fn send(&self, line: Vec<u8>, events: usize, trace: Option<Context>) -> Result<(), Full> {
        let shared = &self.shared;
        let length = line.len();
        if shared.bytes.fetch_add(length, Ordering::Relaxed) + length > shared.settings.buffer {
            shared.bytes.fetch_sub(length, Ordering::Relaxed);
            return Err(Full::Buffer);
        }
        let (done, wait) = oneshot::channel();
        shared.lock().push(Waiting {
            line,
            events,
            trace,
            done,
        });
        shared.arrived.notify_one();
        let outcome = wait.await;
        if outcome == Ok(true) {
            Ok(())
        } else {
            Err(Full::Queue)
        }
    }
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The posts of the next message. Its size is a guess: lines shrink to about a quarter, base64 included.
    fn next(&self) -> Vec<Waiting> {
        let most = (self.settings.bytes * 4).min(LINES);
        let mut waiting = self.lock();
        let mut bytes = 0;
        let mut count = 0;
        for post in waiting.iter() {
            if count > 0 && bytes + post.line.len() > most {
                break;
            }
            bytes += post.line.len();
            count += 1;
        }
        let rest = waiting.split_off(count);
        std::mem::replace(&mut *waiting, rest)
    }
}

async fn hand(shared: &Shared, queue: &Queue) {
    let mut packer = match Packer::new() {
        Ok(packer) => packer,
        Err(error) => {
            tracing::error!(%error, "no memory to pack messages");
            return;
        }
    };
    let mut lines = Vec::new();
    loop {
        let posts = shared.next();
        if posts.is_empty() {
            shared.arrived.notified().await;
            continue;
        }
        if !shared.lock().is_empty() {
            shared.arrived.notify_one();
        }
        lines.clear();
        posts.iter().for_each(|post| lines.extend(&post.line));
        let events = posts.iter().map(|post| post.events).sum();
        let trace = posts.iter().find_map(|post| post.trace);
        let sent = match packer.pack(&lines, events) {
            Ok(packed) => queue
                .send(&packed, trace)
                .await
                .map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        if let Err(error) = &sent {
            tracing::warn!(%error, posts = posts.len(), "a message was not taken");
        }
        shared.bytes.fetch_sub(lines.len(), Ordering::Relaxed);
        for post in posts {
            // Whoever sent it may have gone.
            let _ = post.done.send(sent.is_ok());
        }
    }
}

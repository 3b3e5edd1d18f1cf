//! The queues in memory: which messages there are, and which of them can be received.

use super::record::{Record, body_offset};
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::fs::File;
use std::sync::Arc;
use tokio::sync::Notify;

/// A message; its body is in the log.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) queue: u64,
    pub(super) sent: i64,
    /// Its record's place and length in the log.
    pub(super) offset: u64,
    pub(super) length: u64,
    /// Its body's place in the record, and length.
    body: (u64, usize),
    pub(super) attributes: String,
    pub(super) count: u32,
    pub(super) first: i64,
    /// The receipt of the last time that it was received; 0 when it can be received.
    receipt: u64,
    /// When it can be received again.
    hidden_until: i64,
}

/// A queue.
#[derive(Debug, Default)]
pub(super) struct Queue {
    pub(super) name: String,
    pub(super) attributes: BTreeMap<String, String>,
    ready: VecDeque<u64>,
    /// The messages that cannot be received yet, by when they can.
    hidden: BTreeSet<(i64, u64)>,
    pub(super) arrived: Arc<Notify>,
}

/// All queues.
#[derive(Debug)]
pub(super) struct State {
    pub(super) queues: BTreeMap<u64, Queue>,
    pub(super) messages: HashMap<u64, Message>,
    pub(super) file: Arc<File>,
    /// The bytes of records that are of use.
    pub(super) alive: u64,
    next: u64,
}

/// A message as it is received.
#[derive(Debug)]
pub(super) struct Received {
    pub(super) id: u64,
    pub(super) receipt: u64,
    pub(super) message: Message,
    pub(super) file: Arc<File>,
}

impl Received {
    /// Reads the body from the log.
    pub(super) fn body(&self) -> std::io::Result<String> {
        use std::os::unix::fs::FileExt;
        let (offset, length) = self.message.body;
        let mut bytes = vec![0; length];
        self.file
            .read_exact_at(&mut bytes, self.message.offset + offset)?;
        String::from_utf8(bytes).map_err(|error| std::io::Error::new(std::io::ErrorKind::InvalidData, error))
    }
}

impl Queue {
    /// The number in an attribute.
    pub(super) fn number(&self, name: &str, default: i64) -> i64 {
        self.attributes
            .get(name)
            .and_then(|text| text.parse().ok())
            .unwrap_or(default)
    }

    /// The name of the dead-letter queue, and the number of receives after which a message goes there.
    fn redrive(&self) -> Option<(String, u32)> {
        let policy: serde_json::Value = serde_json::from_str(self.attributes.get("RedrivePolicy")?).ok()?;
        let most = &policy["maxReceiveCount"];
        let most = most.as_u64().or_else(|| most.as_str()?.parse().ok())?;
        let name = policy["deadLetterTargetArn"].as_str()?.rsplit(':').next()?;
        Some((name.to_owned(), u32::try_from(most).ok()?))
    }

    /// The numbers of messages that can be received, that are being worked on, and that are delayed.
    pub(super) fn depth(&self, messages: &HashMap<u64, Message>) -> (usize, usize, usize) {
        let taken = |(_, id): &&(i64, u64)| messages.get(id).is_some_and(|message| message.receipt != 0);
        let in_flight = self.hidden.iter().filter(taken).count();
        (self.ready.len(), in_flight, self.hidden.len() - in_flight)
    }
}

impl State {
    pub(super) fn new(file: Arc<File>) -> Self {
        Self {
            queues: BTreeMap::new(),
            messages: HashMap::new(),
            file,
            alive: 0,
            next: 1,
        }
    }

    /// A number that no queue, message or receipt has.
    pub(super) fn next(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    pub(super) fn named(&self, name: &str) -> Option<u64> {
        let found = self.queues.iter().find(|(_, queue)| queue.name == name);
        found.map(|(id, _)| *id)
    }

    /// Applies a record that is in the log at `offset`.
    pub(super) fn apply(&mut self, record: Record, offset: u64, length: u64) {
        match record {
            Record::Queue { id, name, attributes } => {
                self.next = self.next.max(id);
                let queue = self.queues.entry(id).or_default();
                (queue.name, queue.attributes) = (name, attributes);
            }
            Record::Send {
                id,
                queue,
                sent,
                delay,
                attributes,
                body,
            } => {
                self.next = self.next.max(id);
                self.alive += length;
                let message = Message {
                    queue,
                    sent,
                    offset,
                    length,
                    body: (body_offset(&attributes), body.len()),
                    attributes,
                    count: 0,
                    first: 0,
                    receipt: 0,
                    hidden_until: 0,
                };
                self.messages.insert(id, message);
                self.hide(
                    id,
                    0,
                    if delay == 0 {
                        0
                    } else {
                        sent + i64::from(delay) * 1000
                    },
                );
            }
            Record::Delete { id } => self.remove(id),
            Record::Received { id, count, first } => {
                if let Some(message) = self.messages.get_mut(&id) {
                    (message.count, message.first) = (count.max(message.count), first);
                }
            }
            Record::Move { id, queue } => self.put(id, queue),
            Record::Purge { queue } => {
                let of = |(id, message): (&u64, &Message)| (message.queue == queue).then_some(*id);
                let ids: Vec<u64> = self.messages.iter().filter_map(of).collect();
                ids.into_iter().for_each(|id| self.remove(id));
            }
        }
    }

    /// Makes a message receivable from `until` on; at once for 0.
    fn hide(&mut self, id: u64, receipt: u64, until: i64) {
        let Some(message) = self.messages.get_mut(&id) else {
            return;
        };
        let Some(queue) = self.queues.get_mut(&message.queue) else {
            return;
        };
        queue.hidden.remove(&(message.hidden_until, id));
        (message.receipt, message.hidden_until) = (receipt, until);
        if until == 0 {
            queue.ready.push_back(id);
            queue.arrived.notify_one();
        } else {
            queue.hidden.insert((until, id));
        }
    }

    fn remove(&mut self, id: u64) {
        let Some(message) = self.messages.remove(&id) else {
            return;
        };
        self.alive = self.alive.saturating_sub(message.length);
        if let Some(queue) = self.queues.get_mut(&message.queue)
            && !queue.hidden.remove(&(message.hidden_until, id))
        {
            queue.ready.retain(|ready| *ready != id);
        }
    }

    fn put(&mut self, id: u64, to: u64) {
        let Some(message) = self.messages.get_mut(&id) else {
            return;
        };
        if let Some(queue) = self.queues.get_mut(&message.queue)
            && !queue.hidden.remove(&(message.hidden_until, id))
        {
            queue.ready.retain(|ready| *ready != id);
        }
        (message.queue, message.count, message.first, message.hidden_until) = (to, 0, 0, 0);
        self.hide(id, 0, 0);
    }

    /// Takes up to `most` messages that can be received. The records that say so come with them; they need not be in the log
    /// before the answer.
    // Long: the rules of one action, in the order in which they apply.
    pub(super) fn receive(
        &mut self,
        from: u64,
        most: usize,
        now: i64,
        hidden: Option<i64>,
    ) -> (Vec<Received>, Vec<Record>) {
        let (mut taken, mut records) = (Vec::new(), Vec::new());
        let Some(queue) = self.queues.get_mut(&from) else {
            return (taken, records);
        };
        while let Some((until, id)) = queue.hidden.first().copied().filter(|(until, _)| *until <= now) {
            queue.hidden.remove(&(until, id));
            if let Some(message) = self.messages.get_mut(&id) {
                (message.receipt, message.hidden_until) = (0, 0);
            }
            queue.ready.push_back(id);
        }
        let redrive = queue.redrive();
        let kept = queue.number("MessageRetentionPeriod", 345_600) * 1000;
        let hidden = hidden.unwrap_or_else(|| queue.number("VisibilityTimeout", 30));
        let dead = redrive.and_then(|(name, most)| Some((self.named(&name)?, most)));
        while taken.len() < most {
            let ready = self
                .queues
                .get_mut(&from)
                .and_then(|queue| queue.ready.pop_front());
            let Some(id) = ready else { break };
            let receipt = self.next();
            let Some(message) = self.messages.get_mut(&id) else {
                continue;
            };
            if now - message.sent > kept {
                self.remove(id);
                records.push(Record::Delete { id });
                continue;
            }
            if let Some((queue, most)) = dead
                && message.count >= most
            {
                self.put(id, queue);
                records.push(Record::Move { id, queue });
                continue;
            }
            message.count += 1;
            if message.first == 0 {
                message.first = now;
            }
            let (count, first) = (message.count, message.first);
            records.push(Record::Received { id, count, first });
            self.hide(id, receipt, (now + hidden * 1000).max(1));
            let message = self.messages[&id].clone();
            let file = Arc::clone(&self.file);
            taken.push(Received {
                id,
                receipt,
                message,
                file,
            });
        }
        if let Some(queue) = self.queues.get(&from)
            && !queue.ready.is_empty()
        {
            queue.arrived.notify_one();
        }
        (taken, records)
    }

    /// The message of a receipt, while the receipt is its last one.
    pub(super) fn holds(&self, queue: u64, id: u64, receipt: u64) -> bool {
        let held = self
            .messages
            .get(&id)
            .map(|message| (message.queue, message.receipt));
        held == Some((queue, receipt))
    }

    /// Hides a message that is being worked on for `seconds` from now.
    pub(super) fn extend(&mut self, id: u64, receipt: u64, now: i64, seconds: i64) {
        let until = if seconds == 0 { 0 } else { now + seconds * 1000 };
        self.hide(id, if seconds == 0 { 0 } else { receipt }, until);
    }

    /// The milliseconds until a hidden message of the queue can be received.
    pub(super) fn next_arrival(&self, queue: u64, now: i64) -> Option<i64> {
        let (until, _) = self.queues.get(&queue)?.hidden.first()?;
        Some((until - now).max(1))
    }
}
